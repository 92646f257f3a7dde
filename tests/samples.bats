#!/usr/bin/env bats
# The samples: the good file is good, the bad one has the findings written beside it, and the generator makes good rows.

bats_require_minimum_version 1.5.0

setup() {
	samples=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}/samples
	payrun=${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}
	generate=${PAYRUN_GENERATE:-$BATS_TEST_DIRNAME/../build/generate-payouts}
	cd "$BATS_TEST_TMPDIR"
	install -m 600 "$samples/payrun.conf" payrun.conf
	export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
	unset PAYRUN_CONF
}

# The findings of a --json document as the expected ones are written.
findings() {
	jq -r '.findings[] | [.row, .field, .code, .severity] | @tsv'
}

@test "the good sample has no finding" {
	run --separate-stderr "$payrun" --json check "$samples/payouts.csv"
	[ "$status" -eq 0 ]
	[ "$(jq '.findings | length' <<<"$output")" -eq 0 ]
	[ "$(jq '.batches[0].rows' <<<"$output")" -eq 25 ]
}

@test "the good sample is the same in JSON and NDJSON" {
	"$payrun" --json check "$samples/payouts.csv" >csv
	for format in json ndjson; do
		run --separate-stderr "$payrun" --json check "$samples/payouts.$format"
		[ "$status" -eq 0 ]
		[ "$(jq '.findings | length' <<<"$output")" -eq 0 ]
		diff <(jq '.batches[0] | del(.file, .sha256, .largest[]?.row)' csv) \
			<(jq '.batches[0] | del(.file, .sha256, .largest[]?.row)' <<<"$output")
	done
}

@test "the bad sample has exactly the findings beside it" {
	cp "$samples/payouts-bad.csv" .
	run --separate-stderr "$payrun" --json check payouts-bad.csv
	[ "$status" -eq 3 ]
	findings <<<"$output" >found
	diff -u <(sed 1d "$samples/payouts-bad.expected" | sort) <(sort found)
}

@test "the bad sample's error file has every row and is only its owner's" {
	cp "$samples/payouts-bad.csv" .
	run "$payrun" check payouts-bad.csv
	[ "$status" -eq 3 ]
	[ "$(wc -l <payouts-bad.errors.csv)" -eq "$(wc -l <payouts-bad.csv)" ]
	[ "$(stat -c %a payouts-bad.errors.csv)" = 600 ]
}

@test "generated rows have no finding, and an address each" {
	"$generate" --rows 3000 --outcomes >good.csv
	run --separate-stderr "$payrun" --json check good.csv
	[ "$status" -eq 0 ]
	[ "$(jq '.findings | length' <<<"$output")" -eq 0 ]
	[ "$(sed 1d good.csv | cut -d, -f3 | sort -u | wc -l)" -eq 3000 ]
}

@test "each spoilt row of the generator is one error" {
	"$generate" --rows 700 --bad 100 >bad.csv
	run --separate-stderr "$payrun" --json check bad.csv
	[ "$status" -eq 3 ]
	[ "$(findings <<<"$output" | wc -l)" -eq 700 ]
	[ "$(findings <<<"$output" | cut -f1 | sort -u | wc -l)" -eq 700 ]
	[ "$(findings <<<"$output" | cut -f4 | sort -u)" = error ]
	[ "$(findings <<<"$output" | cut -f3 | sort -u | tr '\n' ' ')" = "$(echo ADDRESS_CHECKSUM ADDRESS_SYNTAX \
		AMOUNT_AMBIGUOUS AMOUNT_DECIMALS AMOUNT_NOT_POSITIVE AMOUNT_SYNTAX CURRENCY_UNKNOWN FIELD_REQUIRED) " ]
}

@test "the generator repeats itself by seed and start, and counts on" {
	"$generate" --rows 200 --seed 5 >one
	"$generate" --rows 200 --seed 5 >two
	cmp one two
	"$generate" --rows 200 --seed 6 >other
	! cmp -s one other
	"$generate" --rows 200 --seed 5 --start 201 >next
	[ "$(sed 1d next | head -n 1 | cut -d, -f1)" = INV-2026-00000201 ]
	[ "$(sed -s 1d one next | cut -d, -f3 | sort -u | wc -l)" -eq 400 ]
}

@test "the generator refuses what it does not know with 2" {
	for options in "--rows x" "--rows" "--rows -1" "--bad 101" "--channel a,b" "--what 1"; do
		# shellcheck disable=SC2086 # an option and its value
		run "$generate" $options
		[ "$status" -eq 2 ]
		[[ $output == usage:* ]]
	done
}
