#!/bin/bash
# make check: all that finds mistakes without a reader. Every part runs, whatever fails before it: check.sh MAKE...
# Parts can be chosen: CHECK="lint tidy" make check
set -u
cd "$(dirname "$0")/.." || exit 1
make=("$@")
build=${PAYRUN_BUILD:?run by make check}
build=${build%/*}/check
jobs=$(nproc 2>/dev/null || echo 1)
parts=${CHECK:-lint gcc clang asan tsan valgrind tidy cppcheck fuzz}
log=$build/log
failed=()
mkdir -p "$log"

# These crash and fork thousands of times, or take a minute as they are: too long under valgrind and the thread sanitizer.
slow=${SLOW_TESTS:-}

sources() { find lib formats cmd -name '*.c' -not -path 'lib/values/tables/*' 2>/dev/null | sort; }
flags="-std=c17 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE -Ilib -I. -isystem /usr/include/libxml2 -I$build/gcc/release/generated"

part_lint() { tests/lint/lint.sh; }
part_gcc() { "${make[@]}" BUILD="$build/gcc" FLAVOUR=release CC=gcc WERROR=-Werror all lib-only unit-tests; }
part_clang() { "${make[@]}" BUILD="$build/clang" FLAVOUR=release CC=clang WERROR=-Werror all lib-only unit-tests; }

part_asan() {
	export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1
	export UBSAN_OPTIONS=print_stacktrace=1
	"${make[@]}" BUILD="$build/asan" FLAVOUR=asan CC=gcc run-unit-tests
}

# Where addresses are too random for it, the thread sanitizer of gcc 12 ends at once.
part_tsan() {
	local steady=""
	setarch "$(uname -m)" -R true 2>/dev/null && steady="setarch $(uname -m) -R"
	TSAN_OPTIONS=halt_on_error=1 RUN_UNDER=$steady \
		"${make[@]}" BUILD="$build/tsan" FLAVOUR=tsan CC=gcc SKIP="$slow" run-unit-tests
}

part_valgrind() {
	RUN_UNDER="valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
		--child-silent-after-fork=yes --trace-children=no" \
		"${make[@]}" BUILD="$build/gcc" FLAVOUR=release CC=gcc WERROR=-Werror SKIP="$slow" run-unit-tests
}

# What is left out: easily-swappable-parameters and the like complain about every (text, text); reserved names are
# those of cmocka and libc; insecureAPI wants memcpy_s, which no libc here has; valist of clang 14
# takes every va_list that is handed on for an uninitialised one.
tidy_checks="-*,bugprone-*,clang-analyzer-*,performance-*,cert-err34-c,cert-flp30-c,cert-fio38-c,misc-redundant-expression,\
misc-misplaced-const,misc-static-assert,readability-misleading-indentation,readability-redundant-declaration,\
readability-non-const-parameter,\
-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-narrowing-conversions,\
-bugprone-implicit-widening-of-multiplication-result,-bugprone-assignment-in-if-condition,\
-bugprone-multi-level-implicit-pointer-conversion,-bugprone-branch-clone,-bugprone-suspicious-include,\
-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling,\
-clang-analyzer-valist.Uninitialized,-clang-analyzer-optin.performance.Padding,-performance-no-int-to-ptr"

# What the sources include besides files of the project.
make_tables() { "${make[@]}" BUILD="$build/gcc" FLAVOUR=release CC=gcc WERROR=-Werror tables; }

part_tidy() {
	make_tables || return 1
	export flags tidy_checks
	# shellcheck disable=SC2016
	sources | xargs -r -n 4 -P "$jobs" bash -c 'clang-tidy --quiet --checks="$tidy_checks" --warnings-as-errors="*" \
		--header-filter=".*/(lib/[a-z]+|formats|cmd/[a-z]+)/[a-z0-9_]+\.h\$" "$@" -- $flags -include lib/base/banned.h' tidy
}

part_cppcheck() {
	make_tables || return 1
	# shellcheck disable=SC2046,SC2086
	cppcheck --quiet -j "$jobs" --std=c11 --platform=unix64 --enable=warning,performance,portability \
		--inline-suppr --error-exitcode=1 --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
		-D_POSIX_C_SOURCE=200809L -Ilib -I. -isystem /usr/include/libxml2 -I"$build/gcc/release/generated" $(sources)
}

# A smoke; `make fuzz TIME=...` goes on for longer.
part_fuzz() { "${make[@]}" BUILD="$build/fuzz" FLAVOUR=fuzz CC=clang WERROR=-Werror run-fuzzers; }

for part in $parts; do
	begin=$(date +%s)
	if "part_$part" >"$log/$part" 2>&1; then
		result=ok
	else
		result=FAILED
		failed+=("$part")
	fi
	printf '%-7s %-9s %4d s' "$result" "$part" $(($(date +%s) - begin))
	case $part in
	asan | tsan | valgrind) echo "   $(grep -E '^unit test programs:' "$log/$part" | tail -n 1)" ;;
	lint) echo "   $(tail -n 1 "$log/$part")" ;;
	*) echo ;;
	esac
	[ $result = ok ] || grep -E ': (error|warning|fatal error): ' "$log/$part" | sort -u | head -n 40 | sed 's/^/    ==  /'
	[ $result = ok ] || grep -vE '^(\[ RUN|\[  *OK|ok |[0-9]+ warnings? generated)' "$log/$part" | tail -n 60 | sed 's/^/        /'
done
echo "check: $(wc -w <<<"$parts") parts, ${#failed[@]} failed${failed[0]+ (${failed[*]})}"
[ ${#failed[@]} -eq 0 ]
