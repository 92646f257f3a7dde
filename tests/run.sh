#!/bin/bash
# Runs unit test programs, then bats files, whatever fails on the way: run.sh PROGRAM... FILE.bats...
# RUN_UNDER is a command to run programs under (valgrind ...), TEST_LIMIT the seconds one program may take.
set -u
programs=() files=() failed=()
for argument in "$@"; do
	case $argument in
	*.bats) files+=("$argument") ;;
	*) programs+=("$argument") ;;
	esac
done
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/payrun-test.XXXXXX") || exit 1
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT

# Without a terminal bats writes TAP, which ends without a count: the line it shows on a terminal is added.
run_bats() {
	local code
	if [ -t 1 ]; then
		bats "${files[@]}" </dev/null
		return
	fi
	bats --formatter tap "${files[@]}" </dev/null | tee "$TMPDIR/tap"
	code=${PIPESTATUS[0]}
	awk '/^(not )?ok / { tests++ } /^not ok / { failures++ } /^ok .* # skip/ { skipped++ }
		END { printf "%d tests, %d failures%s\n", tests, failures, skipped ? ", " skipped " skipped" : "" }' \
		"$TMPDIR/tap"
	return "$code"
}

for program in "${programs[@]+"${programs[@]}"}"; do
	echo "--- ${program##*/}"
	# shellcheck disable=SC2086
	timeout --kill-after=10 "${TEST_LIMIT:-600}" ${RUN_UNDER:-} "$program" </dev/null 2>&1
	code=$?
	if [ $code -ne 0 ]; then
		case $code in
		124 | 137) echo "${program##*/}: ended after ${TEST_LIMIT:-600} s" ;;
		*) echo "${program##*/}: exit $code" ;;
		esac
		failed+=("${program##*/}")
	fi
done
bats_failed=0
if [ ${#files[@]} -gt 0 ]; then
	run_bats || bats_failed=1
fi

echo "unit test programs: ${#programs[@]}, failed: ${#failed[@]}${failed[0]+ (${failed[*]})}"
if [ ${#files[@]} -gt 0 ]; then
	echo "bats files: ${#files[@]}, $([ $bats_failed -eq 0 ] && echo all passed || echo some failed)"
fi
[ ${#failed[@]} -eq 0 ] && [ $bats_failed -eq 0 ]
