# Payouts through Mollie, end to end: balances, states, lost answers, look-ups in the list, refusals, ALL.
load helpers/sandbox
load helpers/payrun
load helpers/mollie

SANDBOX_PROVIDER=mollie

# new_mollie_home [OPTION]...: a sandbox with these options, and a channel of it.
new_mollie_home() {
	new_home && start_sandbox "$@" && payrun -q init --sandbox --provider mollie >/dev/null &&
		sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/mollie#" payrun.conf
}

teardown() {
	stop_sandbox || true
}

# rows FILE ROW...: each REFERENCE,AMOUNT,BALANCE[,DESCRIPTION]
rows() {
	local file=$1
	shift
	{
		echo reference,channel,amount,currency,balance_id,description
		local row
		for row in "$@"; do
			IFS=, read -r reference amount balance description <<<"$row"
			echo "$reference,mollie,$amount,EUR,$balance,$description"
		done
	} >"$file"
}

# set NAME VALUE: in the section of the channel, which is the last one.
set_setting() {
	sed -i "/^$1 = /d" payrun.conf
	echo "$1 = $2" >>payrun.conf
}

sends_of() {
	payrun -q --json show "$1" | jq '[.payout.attempts[].sends] | add'
}

ledger_count() {
	sandbox_ledger length
}

@test "payouts are followed to their end: paid, failed, and come back" {
	new_mollie_home --settle-after 600000
	rows p.csv M-1,10.00,bal_a,Rent M-2,13.00,bal_b M-3,14.00,bal_c
	try 0 submit p.csv
	sandbox_advance 1200000 # so long that 14.00 has come back
	try 1 poll --wait final
	try 0 status last
	has "the sums agree"
	[ "$(state_of M-1)" = paid ]
	[ "$(state_of M-2)" = failed ]
	[ "$(state_of M-3)" = returned ]
	[ "$(ledger_count)" -eq 3 ]
	[ "$(sandbox_ledger '.[0].reference')" = "Rent [$(key_of M-1 | tr -d - | cut -c1-12)]" ]
	try 0 verify
}

@test "submit ends when all are accepted, poll asks how far they are" {
	new_mollie_home --settle-after 600000
	rows p.csv M-1,10.00,bal_a M-2,11.00,bal_b
	try 0 submit p.csv
	[ "$(state_of M-1)" = accepted ]
	try 0 poll
	[ "$(state_of M-1)" = accepted ]
	sandbox_advance 600000
	try 0 poll
	[ "$(state_of M-1)" = paid ] && [ "$(state_of M-2)" = paid ]
	try 0 status --final
}

@test "money that comes back after it was paid is seen when the batch is polled by name" {
	new_mollie_home --settle-after 600000
	rows p.csv M-1,10.00,bal_a M-2,14.00,bal_b
	try 0 submit p.csv
	sandbox_advance 600000
	try 0 poll
	[ "$(state_of M-2)" = paid ]
	sandbox_advance 1200000
	try 0 poll
	[ "$(state_of M-2)" = paid ]
	try 1 poll last
	[ "$(state_of M-1)" = paid ] && [ "$(state_of M-2)" = returned ]
	try 1 poll last --wait final
	try 0 verify
}

@test "one payout of a balance lives at a time, and none is refused for another" {
	new_mollie_home --settle-after 600000
	rows p.csv M-1,10.00,bal_a M-2,11.00,bal_a M-3,12.00,bal_b
	try 4 submit --wait-limit 2s p.csv
	[ "$(ledger_count)" -eq 2 ]
	[ "$(state_of M-2)" = ready ]
	try 4 resume --wait-limit 1s
	[ "$(ledger_count)" -eq 2 ]
	sandbox_advance 300000
	try 0 resume
	[ "$(ledger_count)" -eq 3 ]
	[ "$(sandbox_count /mollie/v2/payouts 422)" -eq 0 ]
	try 0 verify
}

@test "a long description is cut, never the tag that identifies the payout" {
	new_mollie_home
	rows p.csv "M-1,10.00,bal_a,$(printf 'Ä%.0s' {1..300})"
	try 0 submit p.csv
	[ "$(sandbox_ledger '.[0].reference | length')" -eq 255 ]
	[ "$(sandbox_ledger '.[0].reference[-14:]')" = "[$(key_of M-1 | tr -d - | cut -c1-12)]" ]
}

@test "an answer that is lost is looked for in the list before anything is sent again" {
	new_mollie_home
	rows p.csv M-1,10.00,bal_a M-2,11.00,bal_b
	sandbox_fault close ',"path":"/payouts","nth":3,"after_commit":true' # behind two look-ups on the new channel
	try 0 submit p.csv
	[ "$(ledger_count)" -eq 2 ]
	[ $(($(sends_of M-1) + $(sends_of M-2))) -eq 2 ] # found in the list, not sent again
	try 0 verify
}

@test "a key that the provider forgot before payrun's window closed pays nothing twice" {
	new_mollie_home
	sed -i 's/^\[channel mollie\]/&\ntimeout = 2s/' payrun.conf
	rows p.csv M-1,10.00,bal_a
	sandbox_fault timeout ',"path":"/payouts","nth":2,"after_commit":true' # behind the look-up on the new channel
	try 4 submit --wait-limit 1s p.csv
	[ "$(state_of M-1)" = unknown ]
	sandbox_advance 4000000
	try 0 resume --wait accepted
	[ "$(ledger_count)" -eq 1 ]
}

fault_struck() {
	[ "$(sandbox_get /_/faults | jq '.faults | length')" -eq 0 ]
}

@test "a key that is still in flight is asked for again later" {
	new_mollie_home
	local key
	key=$(payrun --json key --channel mollie --reference M-1 | jq -r .key)
	sandbox_fault slow ',"path":"/payouts","nth":1,"after_commit":false,"delay_ms":3000'
	mollie_pay bal_a 10.00 "$key" "[$(tr -d - <<<"$key" | cut -c1-12)]" >/dev/null 3>&- &
	wait_until fault_struck
	rows p.csv M-1,10.00,bal_a
	try 0 submit p.csv
	wait $!
	[ "$(sandbox_count /mollie/v2/payouts 409)" -ge 1 ]
	[ "$(ledger_count)" -eq 1 ]
	[ "$(sends_of M-1)" -ge 2 ]
}

@test "what another journal paid is found on the new channel, and not paid again" {
	new_mollie_home
	rows p.csv M-1,10.00,bal_a
	try 0 submit p.csv
	rm payrun.db* state/payrun/*.head
	payrun -q init --sandbox >/dev/null
	try 8 submit p.csv
	complains "another journal"
	[ "$(state_of M-1)" = ready ]
	[ "$(ledger_count)" -eq 1 ]
}

@test "a refusal that is the balance's stops that balance alone, and says what to do" {
	new_mollie_home
	rows p.csv M-1,10.00,bal_a,sandbox\ 422-refunds M-2,11.00,bal_b M-3,12.00,bal_a M-4,13.50,bal_c
	try 8 submit p.csv
	complains "bal_a stopped"
	complains "payrun resume"
	[ "$(state_of M-1)" = ready ] && [ "$(state_of M-3)" = ready ]
	[[ $(state_of M-2) == @(paid|accepted) ]]
	[ "$(ledger_count)" -eq 2 ]
	try 4 resume --wait-limit 2s # the refused one rests, its balance is free
	[ "$(ledger_count)" -eq 3 ]
	[ "$(state_of M-1)" = ready ]
}

@test "a missing balance and an empty one stop themselves; a wrong field fails the row" {
	new_mollie_home --balance mollie:bal_poor/EUR=5.00
	rows p.csv M-1,10.00,bal_missing1 M-2,10.00,bal_poor M-3,10.00,bal_b
	try 8 submit p.csv
	complains "top up"
	[ "$(ledger_count)" -eq 1 ]
	[ "$(state_of M-1)" = ready ] && [ "$(state_of M-2)" = ready ]
}

@test "a key that was used for something else stops the channel; a suspected double call is unknown" {
	new_mollie_home
	rows p.csv "M-1,10.00,bal_a,sandbox 400"
	try 8 submit p.csv
	[ "$(state_of M-1)" = unknown ]
	complains "another request"
	rows q.csv "N-1,10.00,bal_b,sandbox 409"
	try 4 submit --wait-limit 2s q.csv
	[ "$(state_of N-1)" = unknown ]
	[ "$(ledger_count)" -eq 0 ]
}

@test "cancel calls off at Mollie what is requested, and says what is too late" {
	new_mollie_home --settle-after 600000
	rows p.csv M-1,10.00,bal_a M-2,11.00,bal_b
	try 0 submit p.csv
	try 0 cancel last --reference M-1
	has "1 payouts called off at their provider"
	[ "$(state_of M-1)" = canceled ]
	[ "$(sandbox_ledger '.[0].state')" = canceled ]
	sandbox_advance 300000
	run -0 payrun poll
	run --separate-stderr payrun cancel last --reference M-2
	[ "$status" -ne 0 ]
	[ "$(state_of M-2)" = accepted ]
	try 0 verify
}

@test "ALL waits for approval, pays what the balance has, and the sums show it" {
	new_mollie_home --balance mollie:bal_x/EUR=812.34
	set_setting api_key access_sandbox_mollie
	set_setting testmode yes
	set_setting allow_all yes
	rows p.csv M-1,ALL,bal_x M-2,10.00,bal_y
	try 5 submit p.csv
	[ "$(state_of M-1)" = held ]
	[ "$(ledger_count)" -eq 1 ]
	[ "$(payrun -q report last --format csv | grep ,M-1, | cut -d, -f8)" = ALL ]
	try 0 approve last
	try 0 resume
	[ "$(sandbox_ledger '[.[].amount] | sort | join(" ")')" = "10 812.34" ]
	[ "$(payrun -q report last --format csv | grep ,M-1, | cut -d, -f8)" = 812.34 ]
	try 0 status last
	has 822.34
	has "the sums agree"
	[ "$(payrun -q --json show M-1 | jq -r '.payout.attempts[0].amount')" = 812.34 ]
	try 0 verify
}

@test "a new attempt of ALL waits for approval again, and pays what the balance has then" {
	new_mollie_home --balance mollie:bal_x/EUR=13.00 --settle-after 600000
	set_setting api_key access_sandbox_mollie
	set_setting testmode yes
	set_setting allow_all yes
	rows p.csv M-1,ALL,bal_x
	try 5 submit p.csv
	payrun -q approve last >/dev/null
	try 0 resume
	sandbox_advance 600000
	try 1 poll
	[ "$(state_of M-1)" = failed ]
	try 5 retry last --reference M-1
	has "wait for approval"
	[ "$(state_of M-1)" = held ]
	try 0 status last
	has "the sums agree"
	try 0 verify
}

@test "ALL is refused where the channel does not take it, and needs a token" {
	new_mollie_home
	rows p.csv M-1,ALL,bal_x
	try 3 submit p.csv
	has "allow_all = yes"
	set_setting allow_all yes
	try 2 submit p.csv
	complains "access token"
	[ "$(ledger_count)" -eq 0 ]
}

@test "a token pays in test mode where the channel says so" {
	new_mollie_home
	set_setting api_key access_sandbox_mollie
	set_setting testmode yes
	rows p.csv M-1,10.00,bal_a
	try 0 submit --wait final p.csv
	[ "$(state_of M-1)" = paid ]
	try 0 channels --ping
	sed -i '/^testmode/d' payrun.conf # another channel for the journal: it would be live
	try 2 resume
}

@test "without another word a restored journal has to wait until the list can prove" {
	new_mollie_home
	rows p.csv M-1,10.00,bal_a M-2,11.00,bal_b
	try 0 submit --hold p.csv
	cp payrun.db kept.db
	try 4 resume last --limit 1
	rm -f payrun.db-wal payrun.db-shm
	cp kept.db payrun.db
	try 6 resume last
	try 4 recover
	has "1 are at the provider"
	has "proves nothing before"
	try 6 resume last
	[ "$(ledger_count)" -eq 1 ]
	payrun --json -q recover >recover.json || true
	jq -e '.early == 1 and .again_at != null and .recovered == false' recover.json
}
