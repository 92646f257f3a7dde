# After a restored journal: nothing is sent until the providers were asked what it forgot (PROTOCOL, 3.5).
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

back_up() {
	cp payrun.db kept.db
}

restore() {
	rm -f payrun.db-wal payrun.db-shm
	cp kept.db payrun.db
}

ledger_count() {
	sandbox_ledger length
}

@test "what a forgotten run sent is found by its key; the rest is sent once" {
	payouts p.csv 1 4
	payrun -q submit --hold p.csv >/dev/null
	back_up
	payrun -q resume last --limit 3 >/dev/null || true
	[ "$(ledger_count)" -eq 3 ]
	restore
	try 6 resume last
	complains "payrun recover"
	try 6 submit p.csv
	try 6 cancel --yes last
	complains "payrun recover"
	[ "$(ledger_count)" -eq 3 ]
	try 0 recover
	has "3 are at the provider"
	has "1 are not"
	[ "$(state_of P-4)" = held ]
	[[ $(state_of P-1) == @(accepted|paid) ]]
	try 0 resume last
	[ "$(ledger_count)" -eq 4 ]
	[ "$(sandbox_ledger '[.[].reference] | unique | length')" -eq 4 ]
	try 0 verify
}

@test "payouts that were ready at the backup are looked up too" {
	payouts p.csv 1 4
	payrun -q submit --limit 1 p.csv >/dev/null || true
	back_up
	payrun -q resume >/dev/null
	[ "$(ledger_count)" -eq 4 ]
	restore
	try 0 recover
	has "3 are at the provider"
	try 0 resume
	[ "$(ledger_count)" -eq 4 ]
	try 0 status
	hasnt ready
}

@test "a batch that the journal forgot is submitted again under the same keys, and not paid again" {
	back_up
	payouts p.csv 1 2
	payrun -q submit p.csv >/dev/null
	restore
	try 6 submit p.csv
	try 0 recover
	try 0 submit p.csv
	has "accepted" || has "paid"
	[ "$(ledger_count)" -eq 2 ]
}

@test "recover is not done while a provider does not answer: nothing is sent yet" {
	payouts p.csv 1 5
	payrun -q submit --hold p.csv >/dev/null
	back_up
	payrun -q resume last >/dev/null
	restore
	port=${SANDBOX_URL##*:}
	sandbox_fault 500 ',"rate":1'
	try 4 recover
	has "not finished"
	try 6 resume last
	sandbox_fault none ''
	try 0 recover
	has "5 are at the provider"
	try 0 resume last
	[ "$(ledger_count)" -eq 5 ]
}

@test "a crash in the middle of recover leaves the journal behind" {
	payouts p.csv 1 30
	payrun -q submit --hold p.csv >/dev/null
	back_up
	payrun -q resume last >/dev/null
	restore
	sed -i 's/^rate = none.*/rate = 10\/s/' payrun.conf
	"$PAYRUN" -q recover >/dev/null 2>&1 3>&- &
	pid=$!
	sleep 1
	kill -9 "$pid"
	wait "$pid" || true
	try 6 resume last
	sed -i 's/^rate = .*/rate = none/' payrun.conf
	try 0 recover
	try 0 resume last
	[ "$(ledger_count)" -eq 30 ]
	try 0 verify
}

@test "a missing or foreign head file is a journal behind; recover writes a new one" {
	payouts p.csv 1 2
	rm state/payrun/*.head
	try 6 submit p.csv
	try 0 recover
	try 0 submit p.csv
	echo nonsense >"$(echo state/payrun/*.head)"
	try 6 resume
	try 0 recover
	try 0 resume
}

@test "a journal that is not behind needs no recovery" {
	try 0 recover
	has "nothing to recover"
}

@test "poll and the commands that only show work on a journal that is behind" {
	payouts p.csv 1 2
	payrun -q submit p.csv >/dev/null
	rm state/payrun/*.head
	try 0 status
	try 0 report last
	try 0 poll
	complains "payrun recover"
	[ "$(ledger_count)" -eq 2 ]
}

# at PROVIDER: its channel alone, in a new configuration and journal.
at() {
	rm -f payrun.conf payrun.db*
	payrun -q init --sandbox --provider "$1" >/dev/null
	sed -i "s#^base_url = .*#base_url = $SANDBOX_URL/$1#" payrun.conf
}

# forgotten PROVIDER OPTIONS CSV-LINE...: the lines were received with these options, and those that were not sent then
# were sent by a run that the journal forgot.
forgotten() {
	local options=$2
	at "$1"
	shift 2
	printf '%s\n' "$@" >p.csv
	# shellcheck disable=SC2086
	payrun -q submit $options p.csv >/dev/null || true
	back_up
	payrun -q resume last >/dev/null
	sent=$(ledger_count)
	restore
	try 6 resume last
}

# same_again: nothing more is in the ledger, and all of it is in the journal.
same_again() {
	[ "$(ledger_count)" -eq "$sent" ]
	[ "$(payrun -q report last --format json | jq '[.payouts[] | select(.state == "accepted" or .state == "paid")] | length')" -eq "$sent" ]
	try 0 verify
}

@test "circle has no look-up: what may be forgotten is unknown, and the same key gets the answer it got" {
	forgotten circle "--limit 1" reference,channel,amount,currency,beneficiary_id \
		"C-0,circle,19.00,USD,6b1e1c2d-0001-4abc-8def-000000000001" \
		"C-1,circle,20.00,USD,6b1e1c2d-0001-4abc-8def-000000000001" \
		"C-2,circle,21.00,USD,6b1e1c2d-0001-4abc-8def-000000000001"
	try 4 recover
	has "2 are unknown now"
	has "young enough"
	try 0 resume
	same_again
}

@test "pontis likewise, through its login" {
	forgotten pontis "--limit 1" \
		reference,channel,amount,currency,beneficiary_name,account_number,country,target_currency,payment_method \
		"P-0,pontis,39.00,USDT,Juan dela Cruz,123456,PH,PHP,bank_local" \
		"P-1,pontis,40.00,USDT,Juan dela Cruz,123456,PH,PHP,bank_local"
	try 4 recover
	try 0 resume
	same_again
}

@test "mollie is asked by its list" {
	forgotten mollie --hold reference,channel,amount,currency,balance_id \
		"M-1,mollie,10.00,EUR,bal_one" "M-2,mollie,11.00,EUR,bal_two"
	[ "$sent" -eq 2 ]
	try 0 recover
	has "2 are at the provider"
	try 0 resume
	same_again
}

@test "a mollie file that the journal forgot is found in the list when it is submitted again, hours later" {
	at mollie
	printf 'reference,channel,amount,currency,balance_id\nM-1,mollie,10.00,EUR,bal_one\n' >p.csv
	back_up
	payrun -q submit p.csv >/dev/null
	sandbox_advance 7200000 # mollie's memory of keys is over
	restore
	try 0 recover
	try 0 submit p.csv
	[[ $(state_of M-1) == @(accepted|paid) ]]
	[ "$(ledger_count)" -eq 1 ]
	try 0 verify
}

# A journal of circle that is behind, without a forgotten send of what is in it.
behind_at_circle() {
	at circle
	sed -i "/^namespace = /a$1" payrun.conf
	{
		echo reference,channel,amount,currency,beneficiary_id,execution_date
		echo "C-1,circle,20.00,USD,6b1e1c2d-0001-4abc-8def-000000000001,${3-}"
	} >p.csv
	# shellcheck disable=SC2086
	payrun -q submit $2 p.csv >/dev/null || true
	back_up
	rm state/payrun/*.head
	try 6 resume
}

@test "what was held is not sent after recover, for nobody may have approved or released it: it is for a person" {
	for what in 'approve = always|' 'approve = never|--hold'; do
		behind_at_circle "${what%|*}" "${what#*|}"
		try 8 recover
		has "1 are unknown now"
		hasnt "young enough"
		try 8 resume
		try 8 resume last
		[ "$(state_of C-1)" = unknown ]
		[ "$(ledger_count)" -eq 0 ]
		try 0 verify
	done
}

@test "what waits for a date that has not come stays held: no run has sent it" {
	behind_at_circle 'approve = never' '' "$(date -u -d '3 days' +%F)"
	try 0 recover
	[ "$(state_of C-1)" = held ]
	try 4 resume
	[ "$(ledger_count)" -eq 0 ]
}
