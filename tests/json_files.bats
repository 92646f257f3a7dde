#!/usr/bin/env bats
# The way of JSON and NDJSON files through the commands.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# element REFERENCE AMOUNT: with a comma before it from the second on, where the caller wants one.
element() {
	printf '{"reference":"%s","channel":"calypso","amount":%s,"currency":"USDT_TRX","wallet_address":"%s"}' \
		"$1" "$2" "$SANDBOX_TRON"
}

# References, keys, states and amounts of a batch.
facts() {
	payrun report "$1" --format json |
		jq -r '.payouts[] | [.reference, .idempotency_key, .state, .amount, .currency] | @tsv'
}

# to_json FILE.csv: an object a line; no cell of the file may be quoted.
to_json() {
	jq -cRn '(input | split(",")) as $names | inputs | split(",") | [$names, .] | transpose
		| map({key: .[0], value: .[1]}) | from_entries' "$1"
}

@test "a JSON document is a batch: received, sent, known again" {
	echo "{\"batch_id\":\"OCT\",\"control\":{\"count\":2,\"totals\":{\"USDT_TRX\":\"4.50\"}}," \
		"\"payouts\":[$(element J-1 1.50),$(element J-2 '"3"')]}" >p.json
	try 0 submit p.json
	[ "${lines[1]}" = "batch OCT" ]
	has "accepted            2"
	jq -e '.batch.control == true and .balanced == true' reports/OCT/report.json
	cp p.json other.json
	try 0 submit other.json
	[[ ${lines[0]} == "Already received "*" as OCT: 2 accepted." ]]
	[ "$(sandbox_ledger length)" -eq 2 ]
	try 0 verify
}

@test "the same payouts have the same keys in CSV, JSON and NDJSON" {
	payouts p.csv 1 5 2.50
	to_json p.csv >p.ndjson
	jq -s '{payouts: .}' p.ndjson >p.json
	for format in csv json ndjson; do
		rm -rf "$format" && mkdir "$format"
		sed 's/payrun\.db/'"$format"'.db/' payrun.conf >"$format.conf" && chmod 600 "$format.conf"
		PAYRUN_CONF=$PWD/$format.conf XDG_STATE_HOME=$PWD/$format payrun -q init >/dev/null
		PAYRUN_CONF=$PWD/$format.conf XDG_STATE_HOME=$PWD/$format payrun -q submit --hold --yes --batch-id B \
			"p.$format" >/dev/null
		PAYRUN_CONF=$PWD/$format.conf XDG_STATE_HOME=$PWD/$format facts B >"$format.facts"
	done
	[ "$(wc -l <csv.facts)" -eq 5 ]
	diff csv.facts json.facts
	diff csv.facts ndjson.facts
}

@test "the same payouts in another format are duplicates, not new ones" {
	payouts p.csv 1 2
	payouts more.csv 2 3
	payrun -q submit p.csv >/dev/null
	to_json more.csv >q.ndjson
	try 0 submit q.ndjson
	[ "$(sandbox_ledger length)" -eq 3 ]
	has "duplicate"
}

@test "correct it and submit it again: only what was wrong is new" {
	echo "[$(element C-1 1),$(element C-2 -2),$(element C-3 3)]" >p.json
	try 1 submit --on-error skip p.json
	[ "$(sandbox_ledger length)" -eq 2 ]
	[ "$(jq -r '.[0].pointer' p.errors.json)" = /1/amount ]
	[ "$(stat -c %a p.errors.json)" = 600 ]
	# what the pointer leads to
	[ "$(jq '.[1].amount' p.json)" = -2 ]
	sed -i 's/"amount":-2/"amount":2/' p.json
	try 0 submit p.json
	[ "$(sandbox_ledger length)" -eq 3 ]
	has "duplicate           2"
}

@test "standard input is known by its content, too" {
	element S-1 1 | { run payrun_input submit --yes - && [ "$status" -eq 0 ] && has "1 rows"; }
	echo "[$(element S-2 2)]" | { run payrun_input submit --yes - && [ "$status" -eq 0 ] && has "1 rows"; }
	echo "[$(element S-3 -2)]" | { run payrun_input check - && [ "$status" -eq 3 ]; }
	[ "$(jq -r '.[0].pointer' reports/stdin.errors.json)" = /0/amount ]
}

@test "a document that is cut anywhere is refused as a whole" {
	echo "[$(element T-1 1),$(element T-2 2)]" >whole.json
	size=$(($(wc -c <whole.json) - 1))
	for ((cut = 1; cut < size; cut += 23)); do
		head -c "$cut" whole.json >cut.json
		try 3 submit --on-error skip --format json cut.json
	done
	[ "$(sandbox_ledger length)" -eq 0 ]
}

@test "--format says what a file is, and a wrong one says so in words" {
	echo "[$(element F-1 1)]" >p.json
	try 3 check --format csv p.json
	has "looks like JSON"
	has "leave --format out" || has "Leave --format out"
	try 3 check --format ndjson p.json
	has "--format json"
	try 2 check --format xml p.json
	[[ $stderr == *"csv, json, ndjson, xlsx and pain.001"* ]]
	try 2 check --encoding latin1 p.json
}

@test "rows without references take them from the document's batch id" {
	echo "{\"batch_id\":\"RENT\",\"channel\":\"calypso\",\"payouts\":[{\"amount\":\"5\",\"currency\":\"USDT_TRX\"," \
		"\"wallet_address\":\"$SANDBOX_TRON\"}]}" >p.json
	try 0 submit p.json
	[[ $(payrun report RENT --format csv | sed -n 2p | cut -d, -f3) =~ ^RENT/[0-9a-f]{16}/1$ ]]
	sed 's/"batch_id":"RENT",//' p.json >q.json
	try 3 check q.json
	has FIELD_REQUIRED
}
