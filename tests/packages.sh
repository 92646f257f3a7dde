#!/bin/bash
# Installs what is missing on Debian and Ubuntu; does nothing when all is there.
#   tests/packages.sh          what building and testing need
#   tests/packages.sh check    and what make check needs
#   tests/packages.sh bench    and what make bench compares with
#   tests/packages.sh chaos    and the clock of make chaos
set -u
build="gcc libc6-dev make pkg-config libcsv-dev libcurl4-openssl-dev libjansson-dev libsqlite3-dev libssl-dev
	libmicrohttpd-dev libinih-dev libutf8proc-dev libxml2-dev libzip-dev libxlsxwriter-dev tzdata ca-certificates"
tests="libcmocka-dev bats sqlite3 nginx-light jq openssl curl python3 libxml2-utils"
wanted="$build $tests"
case ${1:-} in
"") ;;
check) wanted="$wanted clang clang-tidy clang-format cppcheck valgrind" ;;
bench) wanted="$wanted wrk" ;;
chaos) wanted="$wanted faketime" ;;
*)
	echo "usage: tests/packages.sh [check|bench|chaos]" >&2
	exit 2
	;;
esac

# Elsewhere than on Debian: the headers and commands themselves.
missing_elsewhere() {
	local header command
	for header in csv.h curl/curl.h jansson.h sqlite3.h openssl/evp.h microhttpd.h ini.h utf8proc.h \
		libxml2/libxml/xmlreader.h zip.h xlsxwriter.h; do
		echo "#include <$header>" | "${CC:-cc}" -E -xc - >/dev/null 2>&1 || echo "$header"
	done
	for command in bats sqlite3 nginx jq openssl curl python3 xmllint; do
		PATH=$PATH:/usr/sbin:/sbin command -v "$command" >/dev/null || echo "$command"
	done
	[ -e /usr/share/zoneinfo/Europe/Berlin ] || echo tzdata
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	missing=$(missing_elsewhere | tr '\n' ' ')
	[ -z "$missing" ] && exit 0
	echo "packages.sh: no apt-get here, and these are missing: $missing" >&2
	echo "packages.sh: install them; on Debian they come with: $(echo $wanted)" >&2
	exit 1
fi

installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p')
missing=()
for package in $wanted; do
	grep -qx -- "$package" <<<"$installed" || missing+=("$package")
done
# The run-time of clang's sanitizers has clang's version in its name.
if [ "${1:-}" = check ]; then
	version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p' | head -n 1)
	grep -q '^libclang-rt-.*-dev$' <<<"$installed" || missing+=("libclang-rt-${version:-14}-dev")
fi
[ ${#missing[@]} -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "packages.sh: these packages are missing and there is no sudo; as root, run" >&2
		echo "  apt-get install ${missing[*]}" >&2
		exit 1
	fi
	root=(sudo)
	[ -t 0 ] || root=(sudo -n)
fi
as_root() { "${root[@]+"${root[@]}"}" "$@"; }

# A test wants the program nginx, not a server on port 80: nothing is started while packages are set up.
policy=/usr/sbin/policy-rc.d
made_policy=no
drop_policy() { [ $made_policy = yes ] && as_root rm -f $policy; }
trap drop_policy EXIT
if [ ! -e $policy ] && printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null; then
	made_policy=yes
	as_root chmod 755 $policy
fi

echo "packages.sh: installing ${missing[*]}"
as_root apt-get -qq update || echo "packages.sh: apt-get update failed; trying with the lists at hand" >&2
if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
	-o DPkg::Lock::Timeout=300 install "${missing[@]}" </dev/null >/dev/null; then
	echo "packages.sh: could not install: ${missing[*]}" >&2
	echo "packages.sh: install them by hand, then run the same command again" >&2
	exit 1
fi
