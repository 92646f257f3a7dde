#!/bin/bash
# Runs fuzzers one after the other: run.sh PROGRAM... ; TIME is the seconds of each (30), FUZZ a word of the names wanted.
# What they learn stays in the build folder; a find is kept there, named, and the exit code is 1. Finds that were mended
# belong into tests/fuzz/found/NAME, which is tried each time. tests/fuzz/corpus/NAME has inputs to begin with, and
# tests/fuzz/dict/NAME words that inputs are made of.
set -u
cd "$(dirname "$0")/../.." || exit 2
seconds=${TIME:-30}
# Buffers that were given back need not be watched for long; they are large, and made for each input.
export ASAN_OPTIONS=quarantine_size_mb=4
failed=()
# Files that are made for each input stay in memory where that can be had.
[ -w /dev/shm ] && export TMPDIR=/dev/shm
scratch=$(mktemp -d "${TMPDIR:-/tmp}/payrun-fuzz.XXXXXX") || exit 2
trap 'rm -rf "$scratch"' EXIT

# Further inputs to begin with: files of the golden folder, answers that providers gave.
seeds_of() {
	case $1 in
	read_*) find tests/golden/files -mindepth 1 -type d ;;
	esac
}

for program in "$@"; do
	name=$(basename "$program")
	name=${name#fuzz_}
	[[ $name == *${FUZZ:-}* ]] || continue
	work=${program%/*}/runs/$name
	mkdir -p "$work/corpus" "$work/seeds"
	folders=("$work/corpus" "$work/seeds")
	for folder in "tests/fuzz/corpus/$name" "tests/fuzz/found/$name"; do
		[ ! -d "$folder" ] || folders+=("$folder")
	done
	mapfile -t -O "${#folders[@]}" folders < <(seeds_of "$name")
	words=()
	[ ! -f "tests/fuzz/dict/$name" ] || words=("-dict=tests/fuzz/dict/$name")
	if TMPDIR=$scratch FUZZ_SEEDS=$work/seeds "$program" -max_total_time="$seconds" -max_len=4096 -timeout=20 \
		-rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix="$work/" "${words[@]}" "${folders[@]}" \
		>"$work/log" 2>&1 </dev/null; then
		result=ok
	else
		result=FOUND
		failed+=("$name")
	fi
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
	printf '%-7s %-14s %12s runs in %s s\n' "$result" "$name" "${runs:-0}" "$seconds"
	[ "$result" = ok ] || tail -n 40 "$work/log"
done
[ ${#failed[@]} -eq 0 ] || { echo "fuzz: finds of ${failed[*]}"; exit 1; }
