#!/usr/bin/env bash
# Breaks one rule at a time in a copy of the source and runs the tests that must notice. make mutate
#
# usage: tests/mutations/run.sh [WORD]: only mutations whose name contains WORD.
set -u
source=$(cd "$(dirname "$0")/../.." && pwd)
word=${1:-}
copy=$(mktemp -d "${TMPDIR:-/tmp}/mutations.XXXXXX")
trap 'rm -rf "$copy"' EXIT
mkdir "$copy/tree"
(cd "$source" && git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf -) | tar -xf - -C "$copy/tree"
cd "$copy/tree" || exit 2

caught=0 missed=0

build() { # build TEST...: the programs a test needs
	local targets=("$copy/build/payrun-sandbox") name
	for name in "$@"; do
		targets+=("$copy/build/release/ticks/tests/test_$name")
	done
	make --no-print-directory -j2 BUILD="$copy/build" "${targets[@]}" >"$copy/log" 2>&1
}

notices() { # notices TEST: true when the test fails
	! (
		mkdir -p "$copy/tmp"
		export TMPDIR=$copy/tmp PAYRUN_SANDBOX=$copy/build/payrun-sandbox PAYRUN_SOURCE=$copy/tree
		timeout 300 "$copy/build/release/ticks/tests/test_$1" >"$copy/log" 2>&1
	)
}

trim() { sed 's/^ *//; s/ *$//'; }

while IFS= read -r line; do
	[[ -z $line || $line == \#* ]] && continue
	# The expression may hold a bar of its own, written \|.
	plain=${line//\\|/$'\x01'}
	name=$(cut -d'|' -f1 <<<"$plain" | trim)
	file=$(cut -d'|' -f2 <<<"$plain" | trim)
	expression=$(cut -d'|' -f3 <<<"$plain" | trim)
	tests=$(cut -d'|' -f4 <<<"$plain" | trim)
	expression=${expression//$'\x01'/\\|}
	[[ $name == *"$word"* ]] || continue
	cp "$file" "$copy/original"
	perl -0pi -e "$expression" "$file"
	if cmp -s "$file" "$copy/original"; then
		echo "not applied: $name ($file)"
		missed=$((missed + 1))
		continue
	fi
	for test in $tests; do
		if ! build "$test"; then
			echo "does not build: $name"
			sed 's/^/    /' "$copy/log" | grep -E 'error|warning' | head -5
			missed=$((missed + 1))
		elif notices "$test"; then
			echo "caught by test_$test: $name"
			caught=$((caught + 1))
		else
			echo "NOT CAUGHT by test_$test: $name"
			missed=$((missed + 1))
		fi
	done
	cp "$copy/original" "$file"
done <"$source/tests/mutations/list"
echo "mutations: $caught passed, $missed failed"
[[ $missed -eq 0 && $caught -gt 0 ]]
