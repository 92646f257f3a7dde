# The way of a file through the commands: check, submit, resume, poll, and what people decide.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

ledger_count() {
	sandbox_ledger length
}

@test "a good file is received, sent, reported; poll finds it paid" {
	payouts p.csv 1 5
	try 0 submit p.csv
	[[ ${lines[1]} =~ ^batch\ [0-9]{8}-[0-9a-f]{6}$ ]]
	has "accepted            5"
	has "the sums agree"
	batch=${lines[1]#batch }
	[ -s "reports/$batch/payouts.csv" ]
	jq -e '.balanced == true and (.payouts | length == 5)' "reports/$batch/report.json" >/dev/null
	sleep 0.4
	try 0 poll
	has "5 paid"
	[ "$(ledger_count)" -eq 5 ]
	try 0 verify
}

@test "--wait final goes on until every payout is final" {
	payouts p.csv 1 3
	try 0 submit --wait final p.csv
	has "paid                3"
	payouts bad.csv 10 10 7.91
	try 1 submit --wait final bad.csv
	has failed
}

@test "the batch id is printed before anything is sent" {
	payouts p.csv 1 3
	stop_sandbox
	try 4 submit --wait-limit 1s p.csv
	[[ ${lines[1]} == batch\ * ]]
}

@test "the same bytes again are the same batch, and nothing is sent twice" {
	payouts p.csv 1 4
	payrun -q submit p.csv >/dev/null
	try 0 submit p.csv
	[[ ${lines[0]} == "Already received $(date -u +%F) as "*": 4 accepted." ]]
	cp p.csv renamed.csv
	try 0 submit renamed.csv
	has "Already received"
	[ "$(ledger_count)" -eq 4 ]
}

@test "the same bytes with another --channel are refused" {
	payouts p.csv 1 2
	payrun -q submit p.csv >/dev/null
	try 3 submit --channel calypso p.csv
}

@test "the same bytes with another --profile are refused" {
	printf '[profile %s]\ncolumn.description = Text\n' a b >>payrun.conf
	payouts p.csv 1 2
	sed -i '1s/description/Text/' p.csv
	try 0 submit --profile a p.csv
	try 3 submit --profile b p.csv
	has BATCH_OPTIONS
	try 3 submit p.csv
	has BATCH_OPTIONS
	try 0 submit --profile a p.csv
	has "Already received"
	[ "$(ledger_count)" -eq 2 ]
	try 2 submit --profile c p.csv
}

@test "a batch id that is known with other bytes is refused" {
	payouts p.csv 1 1
	payouts q.csv 2 2
	payrun -q submit --batch-id B-1 p.csv >/dev/null
	try 3 submit --batch-id B-1 q.csv
	has BATCH_ID_TAKEN
	[ "$(ledger_count)" -eq 1 ]
}

@test "rows of a changed file that are live stay what they are" {
	payouts p.csv 1 3
	payrun -q submit p.csv >/dev/null
	payouts q.csv 1 4
	try 0 submit q.csv
	has "3 duplicate"
	[ "$(ledger_count)" -eq 4 ]
	sed 's/1\.25/9.99/' q.csv >r.csv
	try 3 submit r.csv
	has REFERENCE_CONFLICT
	[ "$(ledger_count)" -eq 4 ]
}

@test "a reference that failed is FAILED_BEFORE in a changed file" {
	payouts p.csv 1 1 3.91
	payrun -q submit --wait final p.csv >/dev/null || true
	payouts q.csv 1 1 4.00
	try 3 submit q.csv
	has FAILED_BEFORE
}

@test "a file with a bad row is refused as a whole, and its error file says why" {
	payouts p.csv 1 3
	sed -i 's/2\.25/abc/' p.csv
	try 3 check p.csv
	has AMOUNT_SYNTAX
	[ -s p.errors.csv ]
	[ "$(stat -c %a p.errors.csv)" = 600 ]
	rm p.errors.csv
	try 3 submit p.csv
	has AMOUNT_SYNTAX
	has "error file p.errors.csv"
	[ -s p.errors.csv ]
	grep -q payrun_code p.errors.csv
	try 0 status
	has "no batches yet"
	[ "$(ledger_count)" -eq 0 ]
}

@test "--errors names the error file" {
	payouts p.csv 1 2
	sed -i 's/2\.25/abc/' p.csv
	try 3 check --errors wrong.csv p.csv
	[ -s wrong.csv ] && [ ! -e p.errors.csv ]
}

@test "--on-error skip pays the good rows, max:PERCENT up to a share" {
	payouts p.csv 1 4
	sed -i 's/2\.25/abc/' p.csv
	try 1 check --on-error skip p.csv
	try 3 submit --on-error max:20 p.csv
	try 1 submit --on-error max:25 p.csv
	has "rejected            1"
	[ "$(ledger_count)" -eq 3 ]
	payouts q.csv 11 14
	sed -i 's/12\.25/abc/' q.csv
	try 1 submit --on-error skip q.csv
	[ "$(ledger_count)" -eq 6 ]
}

@test "control totals that differ refuse the file" {
	payouts p.csv 1 2
	try 0 check --expect-count 2 --expect-total USDT_TRX=3.50 p.csv
	try 3 check --expect-count 3 p.csv
	has CONTROL_COUNT
	try 3 submit --expect-total USDT_TRX=3.51 p.csv
	has CONTROL_TOTAL
	try 0 submit --expect-count 2 --expect-total USDT_TRX=3.5 p.csv
}

@test "several files: one refused means none is sent" {
	payouts a.csv 1 2
	payouts b.csv 3 4
	sed -i 's/4\.25/abc/' b.csv
	try 3 submit a.csv b.csv
	[ "$(ledger_count)" -eq 0 ]
	try 0 status
	has "no batches yet"
	try 3 submit a.csv b.csv --on-error max:10
	try 1 submit a.csv b.csv --on-error skip
	[ "$(ledger_count)" -eq 3 ]
}

@test "several files: a file refused as a whole is left out with --on-error skip" {
	payouts a.csv 1 2
	: >empty.csv
	try 3 submit a.csv empty.csv
	[ "$(ledger_count)" -eq 0 ]
	try 1 submit --on-error skip a.csv empty.csv
	complains "empty.csv: refused and left out"
	[ "$(ledger_count)" -eq 2 ]
	try 3 submit --on-error skip empty.csv
}

@test "several files: a reference that repeats across them refuses both" {
	payouts a.csv 1 2
	payouts b.csv 2 3
	try 3 check a.csv b.csv
	has REFERENCE_REPEATED
	try 3 submit a.csv b.csv
	has REFERENCE_REPEATED
	[ "$(ledger_count)" -eq 0 ]
}

@test "several good files are batches of one command" {
	payouts a.csv 1 2
	payouts b.csv 3 5
	try 0 submit a.csv b.csv
	[ "$(grep -c '^batch ' <<<"$output")" -eq 2 ]
	[ "$(ledger_count)" -eq 5 ]
	try 2 submit --batch-id X a.csv b.csv
	complains "one FILE"
	try 2 submit a.csv a.csv
	complains twice
}

@test "several files: one that can't be opened is exit 2, and none is received" {
	payouts a.csv 1 2
	try 2 submit a.csv nowhere.csv
	try 2 check a.csv nowhere.csv
	try 0 status
	has "no batches yet"
}

@test "--report-dir says where the reports go, and an older report is kept" {
	payouts p.csv 1 2
	try 0 submit --batch-id B-1 --report-dir elsewhere p.csv
	[ -s elsewhere/B-1/payouts.csv ] && [ -s elsewhere/B-1/report.json ]
	[ ! -e reports ]
	try 0 submit --report-dir elsewhere p.csv
	[ "$(find elsewhere/B-1 -name 'payouts*.csv' | wc -l)" -eq 2 ]
}

@test "--until claims nothing from then on" {
	payouts p.csv 1 2
	try 0 submit --until "$(date -u -d '+2 hours' +%H:%M) UTC" p.csv
	[ "$(ledger_count)" -eq 2 ]
}

@test "standard input is a file named -" {
	payouts p.csv 1 2
	run --separate-stderr payrun_input submit --batch-id in - <p.csv
	[ "$status" -eq 0 ]
	[ "$(ledger_count)" -eq 2 ]
	run --separate-stderr payrun_input check - < <(cat p.csv)
	[ "$status" -eq 0 ]
	payouts q.csv 11 12
	run --separate-stderr payrun_input submit - q.csv < <(cat p.csv)
	[ "$status" -eq 2 ]
	complains "only once"
	payouts r.csv 21 22
	run --separate-stderr payrun_input submit - q.csv <r.csv
	[ "$status" -eq 0 ]
	[ "$(ledger_count)" -eq 6 ]
}

@test "--hold receives only; resume by name sends" {
	payouts p.csv 1 3
	try 0 submit --hold p.csv
	has "held                3"
	[ "$(ledger_count)" -eq 0 ]
	try 0 submit --hold p.csv
	has "3 held"
	try 4 submit p.csv
	[ "$(ledger_count)" -eq 0 ]
	try 4 resume
	[ "$(ledger_count)" -eq 0 ]
	try 0 resume last
	[ "$(ledger_count)" -eq 3 ]
	payouts q.csv 11 12
	sed -i 's/12\.25/abc/' q.csv
	try 1 submit --hold --on-error skip q.csv
}

@test "--dry-run checks against the journal and keeps nothing" {
	payouts p.csv 1 3
	try 0 submit --dry-run p.csv
	has "dry run"
	has SANDBOX
	has "new beneficiaries 1"
	try 0 status
	has "no batches yet"
	payrun -q submit p.csv >/dev/null
	payouts n.csv 21 23
	sed -i "3s/$SANDBOX_TRON/TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t/" n.csv
	try 0 submit --dry-run n.csv
	has "new beneficiaries 1"
	payouts q.csv 1 3 8.00
	try 3 submit --dry-run q.csv
	has REFERENCE_CONFLICT
}

@test "a future execution_date holds its row until then" {
	{
		echo reference,channel,amount,currency,wallet_address,execution_date
		echo "D-1,calypso,1.25,USDT_TRX,$SANDBOX_TRON,$(date -u -d '+3 days' +%F)"
		echo "D-2,calypso,2.25,USDT_TRX,$SANDBOX_TRON,"
	} >p.csv
	try 4 submit p.csv
	[ "$(ledger_count)" -eq 1 ]
	[ "$(state_of D-1)" = held ]
	try 4 resume
	[ "$(ledger_count)" -eq 1 ]
}

@test "--limit sends so many, resume the rest" {
	payouts p.csv 1 5
	try 4 submit --limit 2 p.csv
	[ "$(ledger_count)" -eq 2 ]
	try 0 resume
	[ "$(ledger_count)" -eq 5 ]
}

@test "--rate is kept" {
	payouts p.csv 1 4
	start=$(date +%s%3N)
	try 0 submit --rate 2/s p.csv
	took=$(($(date +%s%3N) - start))
	[ "$took" -ge 1400 ]
}

@test "an empty balance stops the channel and a person must act; others stay ready" {
	stop_sandbox
	start_sandbox --balance calypso:USDT_TRX=1.00
	point_at "$SANDBOX_URL"
	payouts p.csv 1 3
	try 8 submit --json p.csv
	json '.errors[] | select(.code == "CHANNEL_BALANCE") | .channel == "calypso"'
}

@test "wrong credentials stop the channel: 8, and resume goes on once they are right" {
	payouts p.csv 1 3
	sed -i 's/^secret = .*/secret = wrong/' payrun.conf
	try 8 submit p.csv
	[ "$(ledger_count)" -eq 0 ]
	[ "$(state_of P-1)" = ready ]
	sed -i 's/^secret = .*/secret = sandbox-calypso-secret/' payrun.conf
	try 0 resume
	[ "$(ledger_count)" -eq 3 ]
}

@test "suspected duplicates wait for approval, and go on when it is given" {
	payouts p.csv 1 6
	payrun -q submit p.csv >/dev/null
	payouts q.csv 11 16
	echo "X-1,calypso,3.25,USDT_TRX,$SANDBOX_TRON,again" >>q.csv
	try 5 submit q.csv
	has DUPLICATE_SUSPECTED
	[ "$(ledger_count)" -eq 12 ]
	[ "$(state_of X-1)" = held ]
	try 2 approve last --reference P-11
	try 0 approve last --reference X-1
	has "1 payouts approved"
	try 0 resume
	[ "$(ledger_count)" -eq 13 ]
}

@test "reject closes a batch for good" {
	payouts p.csv 1 6
	payrun -q submit p.csv >/dev/null
	payouts q.csv 11 16
	echo "X-1,calypso,3.25,USDT_TRX,$SANDBOX_TRON,again" >>q.csv
	payrun -q submit q.csv >/dev/null || true
	try 2 reject last
	try 0 reject last --why "paid already"
	[ "$(state_of X-1)" = canceled ]
	try 1 resume last
	try 0 retry last
	has "0 payouts"
	try 2 retry last --reference X-1
	complains "rejected for good"
	[ "$(ledger_count)" -eq 12 ]
}

@test "suspected_duplicates = warn pays, = error refuses" {
	sed -i 's/^;suspected_duplicates = hold/suspected_duplicates = warn/' payrun.conf
	payouts p.csv 1 6
	payrun -q submit p.csv >/dev/null
	payouts q.csv 11 16
	echo "X-1,calypso,3.25,USDT_TRX,$SANDBOX_TRON,again" >>q.csv
	try 0 submit q.csv
	has DUPLICATE_SUSPECTED
	sed -i 's/^suspected_duplicates = warn/suspected_duplicates = error/' payrun.conf
	payouts r.csv 21 26
	echo "X-2,calypso,4.25,USDT_TRX,$SANDBOX_TRON,again" >>r.csv
	try 3 submit r.csv
	has DUPLICATE_SUSPECTED
}

@test "cancel calls off what was not sent" {
	payouts p.csv 1 3
	payrun -q submit --hold p.csv >/dev/null
	try 2 cancel last --reference P-9
	complains "not in this batch"
	try 0 cancel last --reference P-1
	[ "$(state_of P-1)" = canceled ]
	try 0 cancel last
	has "2 payouts canceled"
	try 1 resume last
	[ "$(ledger_count)" -eq 0 ]
}

@test "retry is a new attempt with a new key, of what failed alone" {
	payouts p.csv 1 2
	payouts f.csv 3 3 5.91
	tail -1 f.csv >>p.csv
	try 1 submit --wait final p.csv
	first=$(key_of P-3)
	try 2 retry last --reference P-1
	complains "it is paid"
	try 0 retry last --why "account was closed"
	has "1 payouts tried again"
	[ "$(key_of P-3)" != "$first" ]
	[ "$(key_of P-3)" = "$(payrun -q key --channel calypso --reference P-3 --attempt 2 | head -1)" ]
	[ "$(state_of P-3)" = ready ]
	try 1 resume --wait final
	[ "$(ledger_count)" -eq 4 ]
	try 0 verify
}

# A payout whose answer was lost, while the provider doesn't answer look-ups.
lose_answer() {
	payouts p.csv 1 1
	sandbox_fault close ',"nth":1,"after_commit":true,"path":"payout/create"'
	sandbox_fault 500 ',"rate":1,"path":"api/v1/payout"'
	payrun -q submit --wait-limit 1s p.csv >/dev/null && return 1
	[ "$(state_of P-1)" = unknown ]
}

@test "an answer that was lost is found again by its key" {
	lose_answer
	sandbox_fault none ''
	try 0 resume
	[ "$(state_of P-1)" = accepted ] || [ "$(state_of P-1)" = paid ]
	[ "$(ledger_count)" -eq 1 ]
	[ "$(sandbox_count /calypso/api/v1/payout/create close)" -eq 1 ]
}

@test "resolve --as accepted wants the provider's agreement" {
	lose_answer
	sandbox_fault none ''
	id=$(sandbox_ledger '.[0].id')
	try 2 resolve P-1 --as accepted
	try 0 resolve P-1
	has "asked by key"
	try 2 resolve P-1 --provider-id x
	try 8 resolve P-1 --as accepted --provider-id 999999
	[ "$(state_of P-1)" = unknown ]
	try 0 resolve P-1 --as accepted --provider-id "$id"
	[[ $(state_of P-1) == @(accepted|paid) ]]
	try 2 resolve P-1 --as accepted --provider-id "$id"
	complains "not unknown"
	try 0 verify
}

@test "resolve --as paid is refused while the provider says otherwise" {
	stop_sandbox
	start_sandbox --settle-after 60000
	point_at "$SANDBOX_URL"
	lose_answer
	sandbox_fault none ''
	id=$(sandbox_ledger '.[0].id')
	try 8 resolve P-1 --as paid --provider-id "$id"
	complains "is accepted"
	[ "$(state_of P-1)" = unknown ]
	sandbox_advance 61000
	try 0 resolve P-1 --as paid --provider-id "$id"
	[ "$(state_of P-1)" = paid ]
}

@test "resolve --as failed is refused while the payout lives at the provider" {
	lose_answer
	sandbox_fault none ''
	id=$(sandbox_ledger '.[0].id')
	try 2 resolve P-1 --as failed --provider-id "$id"
	complains --why
	try 8 resolve P-1 --as failed --provider-id "$id" --why "they say so"
	[ "$(state_of P-1)" = unknown ]
	try 8 resolve P-1 --as failed --provider-id "nobody-knows" --why "support ticket 12"
	[ "$(state_of P-1)" = unknown ]
}

@test "resolve --as not-sent wants fifteen minutes and a provider that can't be asked" {
	lose_answer
	try 4 resolve P-1 --as not-sent
	complains "15 minutes"
	sqlite3 payrun.db "UPDATE attempts SET last_sent = last_sent - 1000000"
	sandbox_fault none ''
	try 2 resolve P-1 --as not-sent
	complains "can still be asked"
	stop_sandbox
	try 0 resolve P-1 --as not-sent
	[ "$(state_of P-1)" = ready ]
}
