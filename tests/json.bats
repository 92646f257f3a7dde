# --json: one document on standard output for every command, failures included (CONTRACT, section 7).
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# The envelope: its members, the command's name, the exit code that came.
envelope() { # CODE COMMAND...
	local code=$1
	try "$@" --json
	[ "$(jq -s length <<<"$output")" -eq 1 ]
	jq -e --arg command "$2" --argjson code "$code" '
		.schema == 1 and (.version | type == "string") and .command == $command and .exit == $code and
		(.batches | type == "array") and (.findings | type == "array") and (.errors | type == "array") and
		all(.errors[]; has("code") and has("channel") and has("message") and has("cure"))' <<<"$output" >/dev/null || {
		echo "$output" >&2
		return 1
	}
}

@test "every command gives one document" {
	payouts p.csv 1 3
	envelope 0 check p.csv
	json '.batches[0].rows == 3 and .batches[0].by_state.ready == 3'
	json '.batches[0].totals == [{"currency": "USDT_TRX", "state": "ready", "count": 3, "amount": "6.75"}]'
	payouts held.csv 7 8 5.50
	envelope 0 check held.csv
	json '.batches[0].by_state == {"held": 2}'
	json '.batches[0].totals == [{"currency": "USDT_TRX", "state": "held", "count": 2, "amount": "11"}]'
	envelope 0 submit p.csv
	json '.batches[0] | .new and .rows == 3 and .by_state.accepted == 3 and (.reports | length == 2)
		and (.sha256 | length == 64) and (.id | length > 0) and .file == "p.csv"'
	json '.batches[0].totals[0] == {"currency": "USDT_TRX", "state": "accepted", "count": 3, "amount": "6.75"}'
	json '.head | length == 64'
	envelope 0 submit p.csv
	json '.batches[0].new == false'
	envelope 0 status
	json '.batches | length == 1'
	json '.batches[0] | .totals[0].count == 3 and .reports == [] and .balanced'
	envelope 0 status last
	envelope 0 resume
	json '.batches | length == 1'
	envelope 0 poll
	json '.batches[0].by_state.accepted == 3 or .batches[0].by_state.paid == 3'
	envelope 0 report
	json '.report.payouts | length == 3'
	envelope 0 report -o out.csv
	json '.path == "out.csv"'
	envelope 0 show P-1 --events
	json '.payout.attempts[0].key | length == 36'
	json '.payout.events | length >= 2'
	json '.payout.events[0] | has("line") and has("hash")'
	envelope 0 key --channel calypso --reference P-1
	json '.key | length == 36'
	envelope 0 channels --ping
	json '.channels[0] | .answers and .sandbox and (.balances | length > 3)'
	envelope 0 verify
	json '.breaks == []'
	envelope 0 help
	envelope 0 retry last
	json '.changed == 0'
	envelope 0 cancel last
	envelope 0 approve last
	envelope 0 reject last --why x
	envelope 0 recover
	json '.behind == false'
}

@test "failures are documents too" {
	envelope 2 submit missing.csv
	json '.errors[0].message | contains("missing.csv")'
	envelope 2 status --nonsense
	envelope 2 submit
	envelope 2 init
	envelope 2 template --channel x
	envelope 2 show nobody
	envelope 2 resolve nobody --as not-sent
	envelope 2 status nothing
	envelope 2 report --format xlsx
	try 2 --json nonsense
	json '.exit == 2'
	try 2 --json
	json '.exit == 2'
	rm payrun.db*
	envelope 2 status
	json '.errors[0].code == "JOURNAL_MISSING"'
}

@test "findings carry row, line, field, code, severity, message and cure" {
	payouts p.csv 1 3
	sed -i 's/2\.25/abc/' p.csv
	envelope 3 check p.csv
	json '.findings | length == 1'
	json '.findings[0] | .row == 3 and .line == 3 and .field == "amount" and .code == "AMOUNT_SYNTAX" and
		.severity == "error" and (.message | length > 0) and (.cure | length > 0)'
	envelope 3 submit p.csv
	json '.findings[0].code == "AMOUNT_SYNTAX"'
	json '.batches[0].refused'
}

@test "findings of several files say of which file they are" {
	payouts p.csv 1 2
	payouts q.csv 2 3
	sed -i 's/,3.25,/,-3.25,/' q.csv
	run payrun -q --json check p.csv q.csv
	[ "$status" -eq 3 ]
	jq -e '[.findings[] | select(.code == "REFERENCE_REPEATED") | [.file, .row]] | sort == [["p.csv", 3], ["q.csv", 2]]' <<<"$output"
	jq -e '[.findings[] | select(.code == "AMOUNT_NOT_POSITIVE") | .file] == ["q.csv"]' <<<"$output"
}

@test "all findings are in the document, however many; a terminal gets the first fifty" {
	{
		echo reference,channel,amount,currency,wallet_address
		for ((i = 1; i <= 300; i++)); do
			echo "R-$i,calypso,$i.25,USDT_TRX,$SANDBOX_TRON"
			echo "B-$i,calypso,abc$i,USDT_TRX,$SANDBOX_TRON"
			echo "S-$i,calypso,$i.75,USDT_TRX,$SANDBOX_TRON"
		done
	} >p.csv
	envelope 3 check p.csv
	json '[.findings[] | select(.code == "AMOUNT_SYNTAX")] | length == 300'
	try 3 check p.csv
	[ "$(grep -c 'error AMOUNT_SYNTAX' <<<"$output")" -eq 50 ]
	has "and 250 more findings"
	has "error file p.errors.csv"
}

@test "what stops a channel is an error with its code, channel and cure" {
	payouts p.csv 1 2
	sed -i 's/^secret = .*/secret = wrong/' payrun.conf
	envelope 8 submit p.csv
	json '.errors[0] | .channel == "calypso" and (.code | startswith("CHANNEL_")) and (.cure | length > 0)'
	json '.batches[0].by_state.ready == 2'
}

@test "text that is no UTF-8 or holds control characters is still a document" {
	printf 'reference,channel,amount,currency,wallet_address\n\x1b[31mX,calypso,1.00,USDT_TRX,%s\n' "$SANDBOX_TRON" >p.csv
	envelope 3 check p.csv
	printf 'reference,amount\n\xff\xfe,1\n' >q.csv
	envelope 3 check q.csv
	envelope 2 check $'no\xffsuch.csv'
}

@test "nothing but the document goes to standard output" {
	payouts p.csv 1 2
	try 0 submit --json p.csv
	[ "${#lines[@]}" -eq 1 ]
	try 0 --json report
	jq -e . <<<"$output" >/dev/null
}
