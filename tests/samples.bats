#!/usr/bin/env bats
# The samples: good files are good and are paid in the sandbox, the bad one has the findings written beside it, and the
# generator makes good rows.
load helpers/sandbox
load helpers/payrun
load helpers/ledger

setup() {
	samples=${PAYRUN_SOURCE:-$BATS_TEST_DIRNAME/..}/samples
	payrun=${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}
	generate=${PAYRUN_GENERATE:-$BATS_TEST_DIRNAME/../build/generate-payouts}
	new_home
	install -m 600 "$samples/payrun.conf" payrun.conf
}

teardown() {
	stop_sandbox || true
}

# NAME ROWS of each good file.
good_samples() {
	printf '%s\n' "circle-wire 25" "circle-legacy 25" "circle-address-book 25" "mollie 13" "pontis 25" "calypso 25" \
		"payouts-mixed 29"
}

# The findings of a --json document as the expected ones are written.
findings() {
	jq -r '.findings[] | [.row, .field, .code, .severity] | @tsv'
}

at_sandbox() {
	start_sandbox
	sed -i "s#http://127.0.0.1:8400#$SANDBOX_URL#" payrun.conf
	"$payrun" -q init >/dev/null 3>&-
}

@test "every good sample has its rows and no finding" {
	good_samples | while read -r name rows; do
		try 0 --json check "$samples/$name.csv"
		json ".findings == [] and .batches[0].rows == $rows" >/dev/null
	done
	[ "$(good_samples | wc -l)" -eq $(($(find "$samples" -maxdepth 1 -name '*.csv' | wc -l) - 1)) ]
}

@test "the credit transfer of ISO 20022 is good, and paid through the channel that is named" {
	try 3 --json check "$samples/circle-wire.xml"
	json '[.findings[].code] == ["HEADER_MISSING"]' >/dev/null
	try 0 --json check --channel circle-wire "$samples/circle-wire.xml"
	json '.findings == [] and .batches[0].rows == 12' >/dev/null
	at_sandbox
	try 0 --json submit --wait final --channel circle-wire "$samples/circle-wire.xml"
	json '.batches[0] | .id == "WIRES-2026-10" and .rows == 12 and .by_state.paid == 12' >/dev/null
	try 0 report --format json -o report.json
	sandbox_get /_/ledger | ledger_lines >ledger
	journal_lines <report.json >journal
	diff -u ledger journal
	[ "$(wc -l <ledger)" -eq 12 ]
	try 0 verify
	# The same payouts in another form of the document are known by their references and contents.
	sed 's/MsgId>[^<]*</MsgId>WIRES-2026-10b</; s/<\(\/*\)\([A-Z]\)/<\1p:\2/g; s/xmlns=/xmlns:p=/; s/<!--.*//; s/.*-->//' \
		"$samples/circle-wire.xml" >other.xml
	try 0 --json submit --channel circle-wire other.xml
	json '.batches[0] | .id == "WIRES-2026-10b" and .by_state.duplicate == 12' >/dev/null
	[ "$(sandbox_get /_/ledger | ledger_lines | wc -l)" -eq 12 ]
}

@test "every good sample is paid, and reports and ledger agree payout by payout" {
	at_sandbox
	good_samples | while read -r name rows; do
		# Calypso's has a payout that fails and one that is canceled.
		code=$([ "$name" = calypso ] && echo 1 || echo 0)
		try "$code" --json submit --wait final "$samples/$name.csv"
		json ".batches[0] | .rows == $rows and (.by_state.paid == $rows - 2 * $code)" >/dev/null
		jq -e '.balanced' "$(json '.batches[0].reports[] | select(endswith(".json"))')" >/dev/null
	done
	try 0 report --format json -o report.json
	sandbox_get /_/ledger | ledger_lines >ledger
	journal_lines <report.json >journal
	diff -u ledger journal
	[ "$(wc -l <ledger)" -eq 167 ]
	try 0 verify
}

@test "names in many scripts reach their places unharmed" {
	at_sandbox
	payrun -q submit "$samples/circle-wire.csv" >/dev/null
	try 0 --json report last
	for name in "Müller & Söhne GmbH" "山田 太郎" "محمد الأحمد" "דוד כהן" "राजेश कुमार" "สมชาย ใจดี" "김민준"; do
		json ".report.payouts | any(.[]; .beneficiary_name == \"$name\")" >/dev/null
	done
}

@test "the good Calypso sample is the same in JSON and NDJSON" {
	"$payrun" --json check "$samples/calypso.csv" >csv
	for format in json ndjson; do
		run --separate-stderr "$payrun" --json check "$samples/calypso.$format"
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

@test "generated mixed files have no finding, every channel, and a balance for each row that is paid from one" {
	for options in "--seed 1" "--seed 2 --outcomes" "--seed 3 --start 5000000 --outcomes"; do
		# shellcheck disable=SC2086 # options and their values
		"$generate" --mixed --rows 3000 $options >mixed.csv
		try 0 --json check mixed.csv
		json '.findings == [] and .batches[0].rows == 3000' >/dev/null
	done
	[ "$(sed 1d mixed.csv | cut -d, -f2 | sort -u | tr '\n' ' ')" = "calypso circle circle-wire mollie pontis " ]
	grep -o 'bal_[a-z]*_[0-9]*' mixed.csv >balances
	[ "$(wc -l <balances)" -ge 100 ]
	[ -z "$(sort balances | uniq -d)" ]
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
	for kind in "" --mixed; do
		# shellcheck disable=SC2086 # an option or none
		{
			"$generate" $kind --rows 200 --seed 5 >one
			"$generate" $kind --rows 200 --seed 5 >two
			"$generate" $kind --rows 200 --seed 6 >other
			"$generate" $kind --rows 200 --seed 5 --start 201 >next
		}
		cmp one two
		! cmp -s one other
		[[ $(sed 1d next | head -n 1 | cut -d, -f1) == *-2026-00000201 ]]
		[ "$(sed -s 1d one next | cut -d, -f1 | sort -u | wc -l)" -eq 400 ]
	done
	"$generate" --rows 200 --seed 5 >one
	"$generate" --rows 200 --seed 5 --start 201 >next
	[ "$(sed -s 1d one next | cut -d, -f3 | sort -u | wc -l)" -eq 400 ]
}

@test "the generator refuses what it does not know with 2" {
	for options in "--rows x" "--rows" "--rows -1" "--bad 101" "--channel a,b" "--what 1" "--mixed --bad 1"; do
		# shellcheck disable=SC2086 # an option and its value
		run "$generate" $options
		[ "$status" -eq 2 ]
		[[ $output == usage:* ]]
	done
}
