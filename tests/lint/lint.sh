#!/bin/bash
# shellcheck disable=SC2046,SC2086 # lists of files are split into words on purpose: no name has a space
# The rules of the house that a compiler does not know. One line a check; the last line counts them.
set -u
cd "$(dirname "$0")/../.." || exit 1
here=tests/lint
compiler=gcc # another one has no -fpreprocessed
checks=0 failed=0

# A check is a function that prints what is wrong, one finding a line, and nothing when all is well.
check() {
	local name=$1 findings
	findings=$("$2" 2>&1)
	checks=$((checks + 1))
	if [ -z "$findings" ]; then
		echo "ok      $name"
	else
		failed=$((failed + 1))
		echo "FAILED  $name"
		sed 's/^/        /' <<<"$findings"
	fi
}

sources=$(find lib formats cmd -name '*.[ch]' 2>/dev/null | sort)
headers=$(grep '\.h$' <<<"$sources")
product=$(grep -v '^lib/values/tables/' <<<"$sources") # without the generator of tables, a tool of the build
tests=$(find tests -name '*.[ch]' | sort)
scripts=$(find tests .ci -type f \( -name '*.sh' -o -name '*.bats' -o -name '*.bash' -o -path '.ci/run' \) | sort)

# The code of a file without comments and without what stands in string literals, with its name and line.
code_of() {
	local file
	for file in "$@"; do
		$compiler -fpreprocessed -dD -E "$file" 2>/dev/null | awk -v file="$file" '
			/^# [0-9]+ "/ { line = $2 - 1; next }
			{ line++; gsub(/"([^"\\]|\\.)*"/, "\"\""); print file ":" line ": " $0 }'
	done
}
product_code=$(code_of $(grep -v '^lib/base/banned\.h$' <<<"$product"))
if [ -n "$product" ] && [ -z "$product_code" ]; then
	echo "lint: $compiler could not read the sources" >&2
	exit 1
fi

# --- floors ----------------------------------------------------------------------------------------------------------

floor_of() {
	case $1 in
	lib/base) echo 0 ;;
	lib/values) echo 1 ;;
	lib/journal | lib/providers | lib/net | lib/config | formats) echo 2 ;;
	lib/stages) echo 3 ;;
	lib/run) echo 4 ;;
	cmd/payrun | cmd/sandbox) echo 5 ;;
	*) echo none ;;
	esac
}

folder_of() { # of a file, or of what an include names
	case $1 in
	lib/*/* | cmd/*/*) cut -d/ -f1,2 <<<"$1" ;;
	formats/*) echo formats ;;
	*) echo "lib/${1%%/*}" ;;
	esac
}

may_include() { # folder, folder included
	[ "$1" = "$2" ] && return 0
	[ "$1" = cmd/sandbox ] && { [ "$2" = lib/base ]; return; }
	[ "$1" = lib/providers ] && [ "$2" = lib/net ] && return 0
	[ "$(floor_of "$2")" != none ] && [ "$(floor_of "$1")" -gt "$(floor_of "$2")" ]
}

lower_floors_only() {
	local file include from to
	while IFS=: read -r file include; do
		from=$(folder_of "$file")
		to=$(folder_of "$include")
		if [ "$(floor_of "$from")" = none ]; then
			echo "$file: $from is on no floor (tests/lint/lint.sh, floor_of)"
		elif [[ $include != */* ]]; then
			echo "$file: \"$include\" needs its folder: \"base/buf.h\", \"formats/reader.h\""
		elif [[ $include != *.inc && ! -e lib/$include && ! -e $include ]]; then
			echo "$file: \"$include\" is no file under lib/ or the project"
		elif ! may_include "$from" "$to"; then
			echo "$file: $from may not include $to (\"$include\")"
		fi
	done < <(grep -HoE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"[^"]+"' $sources /dev/null |
		sed -E 's/:[^"]*"/:/; s/"$//')
}

floor_in_first_comment() {
	local file want
	for file in $headers; do
		want=$(floor_of "$(folder_of "$file")")
		awk '/\/\*/ { on = 1 } on { print } /\*\// { exit }' "$file" | grep -Eqi "\bfloor $want\b" ||
			echo "$file: its first comment does not say \"Floor $want.\""
	done
}

headers_compile_alone() {
	local file
	for file in $headers; do
		$compiler -std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Ilib -I. -isystem /usr/include/libxml2 -include lib/base/banned.h \
			-Wall -Wextra -Wno-unused -fsyntax-only -x c - <<<"#include \"$file\"" >/dev/null 2>&1 ||
			echo "$file: does not compile alone"
	done
}

# C17, POSIX, the C library's own, and the libraries in use: a header of that name hides theirs, sooner or later.
names_of_system_headers=" aio alloca argp argz assert byteswap complex cpio crypt csv ctype curl dirent dlfcn elf endian
	envz err errno error evp execinfo fcntl features fenv float fmtmsg fnmatch fstab fts ftw gconv getopt glob grp
	gshadow iconv ifaddrs ini inttypes iso646 jansson langinfo libgen limits link locale malloc math mcheck memory
	microhttpd mntent monetary mqueue ndbm netdb nl_types nss obstack paths poll printf pthread pty pwd regex regexp
	resolv sched search semaphore setjmp sgtty shadow signal spawn sqlite3 stab stdalign stdarg stdatomic stdbool
	stddef stdint stdio stdlib stdnoreturn string strings stropts syscall sysexits syslog tar termio termios tgmath
	thread_db threads time trace ttyent uchar ucontext ulimit unistd utf8proc utime utmp utmpx values wait wchar
	wctype wordexp xlocale zip zlib "

no_header_of_the_system() {
	local file name
	for file in $headers; do
		name=$(basename "$file" .h)
		grep -qw -- "$name" <<<"$names_of_system_headers" && echo "$file: there is a system header <$name.h>"
	done
}

libraries_stay_in_their_place() {
	local count
	count=$(grep -lE '#[[:space:]]*include[[:space:]]*<curl/' $sources /dev/null | wc -l)
	[ "$count" -le 1 ] || echo "$count files include <curl/curl.h>: one does"
	grep -HnE '#[[:space:]]*include[[:space:]]*<curl/' $sources /dev/null | grep -v '^lib/net/'
	grep -HnE '#[[:space:]]*include[[:space:]]*<sqlite3' $sources /dev/null | grep -v '^lib/journal/'
}

# --- calls and words -------------------------------------------------------------------------------------------------

calls() { # of these names, in the code given on the standard input
	grep -E "(^|[^A-Za-z0-9_.>])($1)[[:space:]]*\\("
}

no_banned_calls() {
	calls 'strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|strtok|tmpnam|mktemp|tempnam|alloca' <<<"$product_code"
	calls 'atoi|atol|atoll|atof|strtod|strtof|strtold|gmtime|localtime|ctime|asctime|rand|srand|system|popen' \
		<<<"$product_code"
}

below() { grep -vE '^cmd/' <<<"$product_code"; }

nothing_below_cmd_prints_or_exits() {
	below | calls 'printf|vprintf|puts|putchar|perror|exit|_exit|_Exit|quick_exit|err|errx|warn|warnx'
	below | grep -E '\b(stdout|stderr)\b'
}

no_floating_point_near_money() {
	grep -E '^(lib/values|lib/journal|lib/providers|lib/stages|lib/run|formats)/' <<<"$product_code" | {
		code=$(cat)
		grep -E '\b(float|double|long double)\b' <<<"$code"
		calls 'json_real|json_real_value|json_number_value|strtod|atof|round|floor|ceil|pow' <<<"$code"
	}
}

no_typedef_of_structs() {
	grep -E '\btypedef[[:space:]]+(struct|union|enum)\b' <<<"$product_code"
}

asserts_stay_on() {
	grep -nE 'NDEBUG' Makefile $sources /dev/null
}

no_open_ends() {
	grep -nwE 'TODO|FIXME|HACK' $sources $tests Makefile /dev/null
		grep -nwE 'TODO|FIXME' $(grep -v "^$here/lint.sh$" <<<"$scripts") /dev/null
}

ticks_are_literal_and_unique() {
	local found names
	found=$(grep -nE '(^|[^A-Za-z0-9_])tick\(' $(grep -v '^lib/base/tick\.[ch]$' <<<"$product") /dev/null)
	[ -z "$found" ] && return
	sed -E 's/\btick\("[a-z0-9_]+\.[a-z0-9_]+"\)//g' <<<"$found" | grep -E '(^|[^A-Za-z0-9_])tick\(' |
		sed 's/$/   <- a tick is named by a literal "file.point"/'
	names=$(grep -oE '\btick\("[^"]*"\)' <<<"$found" | sort | uniq -d)
	[ -z "$names" ] || sed 's/$/   <- used more than once/' <<<"$names"
}

# --- shape -----------------------------------------------------------------------------------------------------------

no_trailing_space() {
	grep -nE '[[:blank:]]+$' $sources $tests $scripts Makefile /dev/null | cut -c 1-120
}

# tests/lint/long-files: a path and the reason, one a line.
files_are_short() {
	local file lines
	for file in $sources $tests; do
		lines=$(wc -l <"$file")
		[ "$lines" -le 500 ] && continue
		grep -qE "^${file}[[:space:]]+[^[:space:]]" $here/long-files || echo "$file: $lines lines, more than 500"
	done
	while read -r file _; do
		[[ -z $file || $file = \#* || -e $file ]] || echo "$here/long-files: $file is gone"
	done <$here/long-files
}

functions_are_short() {
	[ -z "$product" ] && return
	awk 'FNR == 1 { start = 0 }
		/^{/ { start = FNR }
		/^}/ && start { if (FNR - start - 1 > 70) print FILENAME ":" start ": " FNR - start - 1 " lines"; start = 0 }
	' $(grep '\.c$' <<<"$product")
}

formatted() {
	clang-format --dry-run -Werror $sources $tests 2>&1 | grep -E ': (error|warning):' | cut -d: -f1 | sort | uniq -c |
		sed -E 's/ *([0-9]+) (.*)/\2: \1 places differ from clang-format/'
}

scripts_parse() {
	local script
	for script in $scripts; do
		case $script in
		*.bats) continue ;; # bats has a syntax of its own
		esac
		bash -n "$script"
		[[ $script = *.bash || -x $script ]] || echo "$script: not executable"
	done
}

tests_are_registered() { # a test function that no table names never runs
	local file name
	for file in $(grep -E '^tests/test_.*\.c$' <<<"$tests"); do
		for name in $(grep -oE '^static void [a-z0-9_]+\(void \*\*state\)' "$file" | sed -E 's/.* ([a-z0-9_]+)\(.*/\1/'); do
			[ "$(grep -cw -- "$name" "$file")" -ge 2 ] || echo "$file: $name is in no table"
		done
	done
}

# Each rule of the table on a line: id, what it is a rule of, code, severity, fields. Its tests are of no use when they
# are only named: a case of tests/rules fails unless its row breaks the very rule, a golden folder unless its file does.
rules_of_table() {
	awk '/^static const struct rule table/ { on = 1; next } /^};/ { on = 0 } on' lib/values/rules_table.c |
		tr '\n\t' '  ' | sed -E 's#/\*[^*]*(\*+[^*/][^*]*)*\*+/##g; s/}, */}\n/g' |
		sed -nE 's/^ *\{"([^"]*)", *"([^"]*)", *"([^"]*)", *FINDING_([A-Z]*), .*[, ]([A-Za-z_]+)\}$/\1|\5|\3|\L\4\E|\2/p' |
		sed -E 's/^([^|]*)\|(N[U]LL)\|/\1|file|/; s/^([^|]*)\|rules_[a-z0-9_]*\|/\1|row|/'
}

in_a_golden_folder() { # code, severity, fields
	awk -F '\t' -v code="$1" -v severity="$2" -v fields="$3" '
		BEGIN { any = fields == "*" || fields == ""; split(fields, list, ", "); for (i in list) known[list[i]] = 1 }
		$4 == code && $5 == severity && (any || $3 in known) { found = 1 }
		END { exit !found }' tests/golden/*/*/expected
}

# tests/rules/elsewhere: a rule, the file and the test that breaks it; of files that no folder can hold.
in_a_test_elsewhere() { # id, code
	local file name
	read -r _ file name < <(grep -E "^$1 " tests/rules/elsewhere) || return 1
	awk -v name="$name" -v code="\"[^\"]*$2" '
		$0 ~ "^static void " name "\\(void" { on = 1 } on && $0 ~ code { found = 1 } /^}/ { on = 0 }
		END { exit !found }' "$file"
}

every_rule_has_a_test() {
	local id of code severity fields count
	count=$(rules_of_table | wc -l)
	[ "$count" -eq "$(grep -cE '^\s*\{"[a-z0-9-]+",' lib/values/rules_table.c)" ] ||
		echo "lib/values/rules_table.c: $count rules were understood, not all of them"
	while IFS='|' read -r id of code severity fields; do
		if [ "$of" = row ]; then
			cat tests/rules/*.cases | grep -qE "^$id \|" || echo "rule $id: no case breaks it in tests/rules/*.cases"
		elif ! in_a_golden_folder "$code" "$severity" "$fields" && ! in_a_test_elsewhere "$id" "$code"; then
			echo "rule $id: no folder under tests/golden expects $code ($severity)"
		fi
	done < <(rules_of_table)
}

every_code_has_a_rule() { # that a reader or a stage finds
	local code
	for code in $(grep -hoE '"(FILE|CSV|HEADER|JSON|XML|XLSX|SHEET|CONTROL|FIELD|REFERENCE|CORRECTS|FAILED|DUPLICATE|BATCH|BALANCE)_[A-Z_]+"' \
		lib/stages/*.c formats/*.c | tr -d '"' | sort -u); do
		grep -q "\"$code\"" lib/values/rules_table.c || echo "$code: no rule of lib/values/rules_table.c leads to it"
	done
}

check "a file includes lower floors and its own folder" lower_floors_only
check "every header compiles alone" headers_compile_alone
check "every header names its floor" floor_in_first_comment
check "no header bears a system header's name" no_header_of_the_system
check "curl and sqlite3 stay in their folders" libraries_stay_in_their_place
check "no banned calls" no_banned_calls
check "nothing below cmd prints or exits" nothing_below_cmd_prints_or_exits
check "no floating point near money" no_floating_point_near_money
check "no typedef of structs" no_typedef_of_structs
check "asserts stay on" asserts_stay_on
check "no open ends" no_open_ends
check "ticks are literal and unique" ticks_are_literal_and_unique
check "no white space at the end of a line" no_trailing_space
check "no file over 500 lines without a reason" files_are_short
check "no function over 70 lines" functions_are_short
check "scripts parse" scripts_parse
check "every test is in a table" tests_are_registered
check "every rule has a test" every_rule_has_a_test
check "every code has a rule" every_code_has_a_rule
# Another version of it formats in another way.
if clang-format --version 2>/dev/null | grep -q 'version 14\.'; then
	check "formatted as .clang-format says" formatted
else
	echo "SKIPPED formatted as .clang-format says: no clang-format 14 here"
fi
echo "lint: $checks checks, $failed failed"
[ $failed -eq 0 ]
