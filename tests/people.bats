# What people decide about payouts: corrections, retries, cancels, resolutions.
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

# failed NAME: a batch NAME of three rows, the second of which fails (.91 does so at Calypso).
failed() {
	payouts p.csv 1 3
	sed -i 's/2\.25/2.91/' p.csv
	try 1 submit --wait final --batch-id "$1" p.csv
	has "failed              1"
}

@test "--corrects pays what failed with the file's new content, and nothing else again" {
	failed B-1
	payouts q.csv 1 3
	sed -i 's/2\.25/2.50/' q.csv
	try 3 submit q.csv
	has FAILED_BEFORE
	has "--corrects B-1"
	try 0 submit --wait final --corrects B-1 q.csv
	has "2 duplicate"
	[ "$(ledger_count)" -eq 4 ]
	try 0 show P-2
	has "amount           2.5"
	has "attempt 1"
	has "attempt 2"
	[ "$(payrun --json show P-2 | jq -r '[.payout.attempts[].state] | join(" ")')" = "failed paid" ]
	[ "$(payrun key --channel calypso --reference P-2 --attempt 2 --json | jq -r .key)" = \
		"$(payrun --json show P-2 | jq -r '.payout.attempts[1].key')" ]
	# Found by its first key, it is the row of the first batch; which attempt counts is the same.
	first=$(payrun --json show P-2 | jq -r '.payout.attempts[0].key')
	payrun --json show "$first" | jq -e '.payout.batch == "B-1" and ([.payout.attempts[].current] == [false, true])' >/dev/null
	try 0 show --events P-2
	has '"corrects":"B-1/3"'
	has "$(printf 'B-1\t3\t1')"
	try 0 verify
	# The same bytes again are the same batch.
	try 0 submit --corrects B-1 q.csv
	has "Already received"
	[ "$(ledger_count)" -eq 4 ]
}

@test "both batches keep their own sums after a correction" {
	failed B-1
	payouts q.csv 2 2 7.00
	try 0 submit --wait final --batch-id B-1 --corrects B-1 q.csv
	has "batch B-1.2"
	try 0 status B-1
	has "failed              1"
	try 0 status B-1.2
	has "paid                1"
	# What bears its id in the file keeps it, however often it is corrected.
	payouts again.csv 5 5 9.91
	try 1 submit --wait final --batch-id M-7 again.csv
	payouts again.csv 5 5 8.91
	try 1 submit --wait final --batch-id M-7 --corrects M-7 again.csv
	payouts again.csv 5 5 8.00
	try 0 submit --wait final --batch-id M-7 --corrects M-7.2 again.csv
	has "batch M-7.3"
	try 0 report --format csv --raw B-1.2
	[[ $output == *,2,paid,* || $output == *,2,accepted,* ]]
	try 0 verify
}

@test "a live payout is never corrected" {
	failed B-1
	payouts q.csv 1 3
	sed -i 's/1\.25/9.99/; s/2\.25/2.50/' q.csv
	try 3 submit --corrects B-1 q.csv
	has REFERENCE_CONFLICT
	[ "$(ledger_count)" -eq 3 ]
	try 1 submit --on-error skip --wait final --corrects B-1 q.csv
	[ "$(ledger_count)" -eq 4 ]
	# What was corrected is live now, under its new content.
	payouts r.csv 2 2 2.60
	try 3 submit --corrects B-1 r.csv
	has REFERENCE_CONFLICT
}

@test "--corrects reaches the batch that it names and no other" {
	failed B-1
	payouts other.csv 11 11
	try 0 submit --batch-id B-9 other.csv
	payouts q.csv 2 2 2.50
	try 3 submit --corrects B-9 q.csv
	has FAILED_BEFORE
	try 2 submit --corrects nothing q.csv
	try 3 submit --corrects B-1 p.csv
	has CORRECTS_SAME
	try 3 submit --batch-id B-9 --corrects B-1 q.csv
	has BATCH_ID_TAKEN
}

@test "what a correction replaced is not tried again, and the correction is" {
	failed B-1
	payouts q.csv 2 2 8.91
	try 1 submit --wait final --batch-id B-2 --corrects B-1 q.csv
	try 2 retry B-1 --reference P-2
	complains "in another batch"
	try 0 retry -y B-1
	has "0 payouts tried again"
	try 0 retry -y B-2
	has "1 payouts tried again"
	try 1 resume --wait final B-2
	[ "$(payrun --json show P-2 | jq -r '[.payout.attempts[].attempt] | join(" ")')" = "1 2 3" ]
	[ "$(ledger_count)" -eq 5 ]
	# And a correction of the correction.
	payouts r.csv 2 2 2.75
	try 3 submit --corrects B-1 r.csv
	try 0 submit --wait final --corrects B-2 r.csv
	[ "$(payrun --json show P-2 | jq -r '[.payout.attempts[].state] | join(" ")')" = "failed failed failed paid" ]
	try 0 verify
}

@test "what was rejected by a person is not corrected" {
	payouts p.csv 1 1
	try 0 submit --hold --batch-id B-1 p.csv
	try 0 reject B-1 --why "wrong year"
	payouts q.csv 1 1 7.00
	try 3 submit --corrects B-1 q.csv
	has "rejected for good"
}

@test "a dry run with --corrects keeps nothing, and --hold holds the new attempt" {
	failed B-1
	payouts q.csv 2 2 2.50
	try 0 submit --dry-run --corrects B-1 q.csv
	try 0 submit --hold --batch-id B-2 --corrects B-1 q.csv
	has "held                1"
	[ "$(ledger_count)" -eq 3 ]
	try 0 resume --wait final B-2
	[ "$(ledger_count)" -eq 4 ]
	try 0 verify
}

# circle_unknown: C-1 reached Circle, and every answer to its creation was lost.
circle_unknown() {
	rm -f payrun.conf payrun.db*
	payrun -q init --sandbox --provider circle >/dev/null
	sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/circle#" payrun.conf
	printf '%s\n' reference,channel,amount,currency,beneficiary_id \
		"C-1,circle,20.00,USD,6b1e1c2d-0001-4abc-8def-000000000001" \
		"C-2,circle,21.00,USD,6b1e1c2d-0001-4abc-8def-000000000001" >c.csv
	SANDBOX_PROVIDER=circle sandbox_fault close ',"rate":1,"after_commit":true,"path":"/v1/payouts"'
	try 4 submit --wait-limit 1s c.csv
	SANDBOX_PROVIDER=circle sandbox_fault none ''
	[ "$(state_of C-1)" = unknown ]
}

@test "resolve shows what Circle's list has of the amount, and settles what the person says and Circle confirms" {
	circle_unknown
	[ "$(ledger_count)" -eq 2 ]
	try 0 resolve C-1
	has "of its amount"
	id=$(payrun -q --json resolve C-1 | jq -r '.candidates | if length == 1 then .[0].provider_id else "?" end')
	other=$(payrun -q --json resolve C-2 | jq -r '.candidates[0].provider_id')
	[ "$(state_of C-1)" = unknown ]
	try 8 resolve C-1 --as accepted --provider-id "$other"
	complains "another payout"
	try 8 resolve C-1 --as failed --why "the bank says so" --provider-id 11111111-1111-4111-8111-111111111111
	complains "not confirmed"
	try 4 resolve C-1 --as not-sent
	try 0 resolve C-1 --as accepted --provider-id "$id"
	try 2 resolve C-1
	complains "not unknown"
	try 0 resume
	[ "$(ledger_count)" -eq 2 ]
	try 0 verify
}

@test "resolve says where a provider has no list, and where it is asked by key" {
	rm -f payrun.conf payrun.db*
	payrun -q init --sandbox --provider pontis >/dev/null
	sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/pontis#" payrun.conf
	printf '%s\n' reference,channel,amount,currency,beneficiary_name,account_number,country,target_currency,payment_method \
		"P-1,pontis,40.00,USDT,Juan dela Cruz,123456,PH,PHP,bank_local" >p.csv
	SANDBOX_PROVIDER=pontis sandbox_fault close ',"rate":1,"after_commit":true,"path":"/sendPayoutRequest"'
	try 4 submit --wait-limit 1s p.csv
	SANDBOX_PROVIDER=pontis sandbox_fault none ''
	try 0 resolve P-1
	has "has no list"
	id=$(sandbox_ledger '.[0].id')
	try 0 resolve P-1 --as accepted --provider-id "$id"
	[ "$(ledger_count)" -eq 1 ]
}

# is_held: another run holds the journal.
is_held() {
	local code=0
	payrun -q resume >/dev/null 2>&1 || code=$?
	[ "$code" -eq 7 ]
}

# mollie: three payouts, each from a balance of its own, slow enough to be called off.
mollie() {
	stop_sandbox
	start_sandbox --settle-after 600000
	rm -f payrun.conf payrun.db*
	payrun -q init --sandbox --provider mollie >/dev/null
	sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/mollie#" payrun.conf
	printf '%s\n' reference,channel,amount,currency,balance_id >m.csv
	local i
	for i in 1 2 3; do
		echo "M-$i,mollie,1$i.00,EUR,bal_$i" >>m.csv
	done
	sed -i 's/13.00/15.00/' m.csv
	try 0 submit m.csv
	[ "$(ledger_count)" -eq 3 ]
}

@test "cancel asks Mollie to call off what it has not begun to pay" {
	mollie
	try 0 cancel last --reference M-1 --why "wrong month"
	has "1 payouts called off at their provider"
	[ "$(state_of M-1)" = canceled ]
	try 0 show M-1
	has "wrong month"
	has CANCELED_BY_PERSON
	try 2 cancel last --reference M-1
	sandbox_advance 400000
	try 1 cancel -y last
	has "too far to be called off"
	payrun --json cancel -y last | jq -e '.too_late == 2 and .errors[0].code == "CANCEL_TOO_LATE" and .exit == 1' >/dev/null
	[ "$(sandbox_ledger '[.[] | select(.state == "canceled")] | length')" -eq 1 ]
	try 0 retry last --reference M-1
	try 0 verify
}

@test "a cancel whose answer is lost is found by poll, and one beside a run is exit 7" {
	mollie
	SANDBOX_PROVIDER=mollie sandbox_fault close ',"nth":1,"after_commit":true'
	try 4 cancel last --reference M-1
	has "without an answer"
	[ "$(state_of M-1)" = accepted ]
	try 1 poll
	[ "$(state_of M-1)" = canceled ]
	payrun -q resume --wait final --lock-wait 20 >/dev/null 2>&1 &
	holder=$!
	wait_until is_held
	try 7 cancel last --reference M-2
	kill "$holder"
	wait "$holder" || true
	[ "$(state_of M-2)" = accepted ]
}

@test "money on its way back is shown, blocks a new attempt, and is followed by poll" {
	stop_sandbox
	start_sandbox --settle-after 600000
	rm -f payrun.conf payrun.db*
	payrun -q init --sandbox --provider circle >/dev/null
	sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/circle#" payrun.conf
	local bank="Ann Smith,123456789,021000021,Chase,New York,US,1 Main St,Boston,MA,02201,US"
	printf '%s\n' reference,channel,amount,currency,beneficiary_name,account_number,routing_number,bank_name,bank_city,bank_country,line1,city,district,postal_code,country \
		"W-1,circle-wire,6.37,USD,$bank" "W-2,circle-wire,6.21,USD,$bank" >w.csv
	payrun -q submit --wait-limit 2s w.csv >/dev/null || true
	sandbox_advance 610000
	try 0 resume
	sandbox_advance 950000
	try 0 poll
	has "return pending        2"
	[ "$(state_of W-1)" = accepted ]
	[ "$(state_of W-2)" = paid ]
	try 0 show W-2
	has "no new attempt before the money is back"
	try 2 retry last --reference W-1
	try 2 retry last --reference W-2
	try 0 report last
	has "a return is under way"
	sandbox_advance 600000
	try 1 poll
	hasnt "return pending"
	[ "$(state_of W-1) $(state_of W-2)" = "returned returned" ]
	try 0 retry -y last
	has "2 payouts tried again"
	try 0 verify
}

@test "a correction wants approval again, as a new attempt does" {
	failed B-1
	sed -i '/^\[payrun\]/a approve = always\nfour_eyes = no' payrun.conf
	payouts q.csv 2 2 2.50
	try 5 submit --batch-id B-2 --corrects B-1 q.csv
	has "held                1"
	try 5 resume B-2
	[ "$(ledger_count)" -eq 3 ]
	try 0 approve B-2
	try 0 resume --wait final
	[ "$(ledger_count)" -eq 4 ]
	[ "$(payrun --json show P-2 | jq -r '[.payout.attempts[].state] | join(" ")')" = "failed paid" ]
	try 0 verify
	payouts r.csv 21 21 3.91
	try 5 submit --batch-id B-3 r.csv
	try 0 approve B-3
	try 1 resume --wait final
	try 5 retry -y B-3
	[ "$(state_of P-21)" = held ]
}

@test "show names the bank account that was prepared, and marks the attempt that counts" {
	rm -f payrun.conf payrun.db*
	payrun -q init --sandbox --provider circle >/dev/null
	sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/circle#" payrun.conf
	printf '%s\n' reference,channel,amount,currency,beneficiary_name,account_number,routing_number,bank_name,bank_city,bank_country,line1,city,district,postal_code,country \
		"W-1,circle-wire,30.00,USD,Ann Smith,123456789,021000021,Chase,New York,US,1 Main St,Boston,MA,02201,US" >w.csv
	try 0 submit w.csv
	try 0 show W-1
	has "destination at the provider"
	has usable
	payrun --json show W-1 | jq -e '.payout.prepared.state == "usable" and .payout.prepared.provider_id != "" and .payout.attempts[0].current' >/dev/null
}

@test "--until and --limit hold for resume as for submit" {
	payouts p.csv 1 5
	try 0 submit --hold --batch-id B-1 p.csv
	try 4 resume B-1 --limit 2
	[ "$(ledger_count)" -eq 2 ]
	try 4 resume B-1 --until "$(date -u -d '+1 minute' +%H:%M) UTC" --limit 1
	[ "$(ledger_count)" -eq 3 ]
	try 2 resume --until "25:00 UTC"
	try 2 resume --until "18:00 Europe/Nowhere"
	try 0 resume
	[ "$(ledger_count)" -eq 5 ]
}

@test "--on-error max takes decimals" {
	payouts p.csv 1 200
	sed -i 's/^P-7,calypso,7\.25/P-7,calypso,abc/' p.csv
	try 3 check --on-error max:0.4 p.csv
	try 1 check --on-error max:0.5 p.csv
	try 1 check --on-error max:0.5000% p.csv
	try 2 check --on-error max:0.00001 p.csv
	try 2 check --on-error max:100.1 p.csv
}

@test "channels says what is wrong with a setting, as submit would" {
	sed -i 's/^account = .*/account = 0x12/' payrun.conf
	try 2 channels
	complains "account"
	try 2 channels --ping
}

# only PROVIDER: a new configuration and journal with its channels.
only() {
	rm -rf payrun.conf payrun.db* reports
	payrun -q init --sandbox --provider "$1" >/dev/null
	sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/$1#" payrun.conf
}

# asked_first PATH: what failed is tried again; before that the provider was asked at PATH about the attempt before.
asked_first() {
	try 1 submit --wait final f.csv
	before=$(sandbox_requests "$1")
	try 0 retry -y last
	try 1 resume --wait final
	[ "$(payrun --json show F-1 | jq -r '[.payout.attempts[].state] | join(" ")')" = "failed failed" ]
	# once before the new attempt, and at least once after it
	[ "$(sandbox_requests "$1")" -ge $((before + 2)) ]
	try 0 verify
}

sandbox_requests() {
	sandbox_get /_/requests | jq "[.requests | to_entries[] | select(.key | test(\"$1\")) | .value[]] | add // 0"
}

@test "a new attempt is preceded by a question about the one before, at every provider" {
	only circle
	printf '%s\n' reference,channel,amount,currency,beneficiary_name,account_number,routing_number,bank_name,bank_city,bank_country,line1,city,district,postal_code,country \
		"F-1,circle-wire,6.53,USD,Ann Smith,123456789,021000021,Chase,New York,US,1 Main St,Boston,MA,02201,US" >f.csv
	asked_first "businessAccount/payouts/"
	only pontis
	printf '%s\n' reference,channel,amount,currency,beneficiary_name,account_number,country,target_currency,payment_method \
		"F-1,pontis,40.02,USDT,Juan dela Cruz,123456,PH,PHP,bank_local" >f.csv
	asked_first getPayoutStatus
	only mollie
	printf '%s\n' reference,channel,amount,currency,balance_id "F-1,mollie,13.00,EUR,bal_1" >f.csv
	asked_first "v2/payouts/"
	only calypso
	payouts f.csv 1 1 3.91
	sed -i 's/P-1/F-1/' f.csv
	asked_first "/api/v1/payout$"
}

@test "an overnight resume without a top-up ends nothing: what was refused for want of funds stays ready" {
	stop_sandbox
	start_sandbox --balance circle:USD=15
	only circle
	printf '%s\n' reference,channel,amount,currency,beneficiary_id \
		"C-1,circle,20.00,USD,6b1e1c2d-0001-4abc-8def-000000000001" >c.csv
	try 8 submit c.csv
	[ "$(state_of C-1)" = ready ]
	creates=$(sandbox_requests "/circle/v1/payouts$")
	for _ in 1 2; do
		try 8 resume
		complains "top up"
		[ "$(state_of C-1)" = ready ]
	done
	# The balance is asked for, the payout is not even sent.
	[ "$(sandbox_requests "/circle/v1/payouts$")" -eq "$creates" ]
	# A person's word is taken: the key that goes on giving its refusal is spent.
	try 1 resume --cured
	[ "$(state_of C-1)" = failed ]
	try 0 show C-1
	has KEY_SPENT
	try 0 retry -y last
}

@test "what was refused for want of funds and called off is tried again under a new key" {
	stop_sandbox
	start_sandbox --balance circle:USD=15
	only circle
	printf '%s\n' reference,channel,amount,currency,beneficiary_id \
		"C-1,circle,20.00,USD,6b1e1c2d-0001-4abc-8def-000000000001" >c.csv
	try 8 submit --batch-id B-1 c.csv
	try 0 cancel -y B-1
	# With less it would have gone; here a correction says so.
	sed -i 's/20.00/12.00/' c.csv
	try 0 submit --corrects B-1 c.csv
	[ "$(ledger_count)" -eq 1 ]
	[ "$(payrun --json show C-1 | jq -r '[.payout.attempts[].state] | join(" ")')" = "canceled accepted" ]
	try 0 verify
}
