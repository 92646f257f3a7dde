# One test for each exit code of the contract, section 2, and for which of several wins.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

break_row() { # FILE REFERENCE
	sed -i "/^$2,/s/,[0-9.]*,USDT/,abc,USDT/" "$1"
}

@test "0: accepted; with --wait final paid" {
	payouts p.csv 1 2
	try 0 submit p.csv
	try 0 resume
	try 0 poll --wait final
}

@test "1: done, but rows were rejected or payouts failed" {
	payouts p.csv 1 2
	break_row p.csv P-2
	try 1 submit --on-error skip p.csv
	payouts q.csv 11 11 4.92
	try 1 submit --wait final q.csv
	[ "$(state_of P-11)" = canceled ]
}

@test "1 is not said again of old failures by a command without a BATCH" {
	payouts q.csv 11 11 4.92
	try 1 submit --wait final q.csv
	try 0 resume
	try 0 poll
	try 1 resume last
}

@test "2: could not start" {
	try 2 submit missing.csv
	try 2 submit .
	try 2 status -c missing.conf
	rm payrun.db*
	try 2 status
}

@test "2: a channel that became another one is told before a file is received, though the file pays through a second one" {
	payouts p.csv 1 1
	try 0 submit p.csv
	sed 's/^\[channel calypso\]/[channel other]/' payrun.conf | sed -n '/^\[channel other\]/,$p' >other.conf
	cat other.conf >>payrun.conf
	sed -i '0,/^account = .*/s//account = 0x00000000000000000000000000000000000000bb/' payrun.conf
	payouts q.csv 2 2
	sed -i 's/,calypso,/,other,/' q.csv
	try 2 submit q.csv
	complains "channel calypso"
	[ "$(payrun -q --json status | jq '.batches | length')" = 1 ]
	try 2 resume
	sed -i '0,/^account = .*/s//account = 0x00000000000000000000000000000000000000aa/' payrun.conf
	try 0 submit q.csv
}

@test "3: a file was refused as a whole" {
	payouts p.csv 1 2
	break_row p.csv P-2
	try 3 submit p.csv
	: >empty.csv
	try 3 check empty.csv
}

@test "4: not finished" {
	payouts p.csv 1 2
	stop_sandbox
	try 4 submit --wait-limit 1s p.csv
	start_sandbox
	point_at "$SANDBOX_URL"
	try 0 resume
}

@test "5: waiting for approval" {
	payouts p.csv 1 6
	payrun -q submit p.csv >/dev/null
	payouts q.csv 11 16
	echo "X-1,calypso,3.25,USDT_TRX,$SANDBOX_TRON,again" >>q.csv
	try 5 submit q.csv
	complains "payrun approve"
}

@test "6: a journal behind its head sends nothing" {
	payouts p.csv 1 2
	cp payrun.db kept.db
	payrun -q submit p.csv >/dev/null
	rm -f payrun.db-wal payrun.db-shm
	cp kept.db payrun.db
	payouts q.csv 11 12
	try 6 submit q.csv
	complains "payrun recover"
	try 6 resume
	try 6 verify
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "7: another run holds the journal, and says who; --lock-wait waits" {
	payouts p.csv 1 2
	payouts slow.csv 11 12
	sandbox_fault slow ',"nth":1,"delay_ms":1500'
	payrun -q submit slow.csv >/dev/null &
	other=$!
	wait_until test -e payrun.db-wal
	sleep 0.5
	try 7 submit p.csv
	complains "pid"
	try 7 resume
	try 7 recover
	try 0 poll
	has "under way"
	try 0 poll --json
	has '"under_way":"another run holds'
	try 0 status
	try 0 submit --lock-wait 20 p.csv
	wait "$other"
}

@test "8: a person must act" {
	payouts p.csv 1 2
	sed -i 's/^key = .*/key = wrong/' payrun.conf
	try 8 submit p.csv
	complains "resume"
}

@test "9: an operation failed after the start" {
	payouts p.csv 1 2
	mkdir -p elsewhere
	echo "a file" >reports
	try 9 submit p.csv
	[ "$(sandbox_ledger length)" -eq 2 ]
	try 0 status last
}

@test "9: standard output that takes nothing" {
	run --separate-stderr bash -c '"$PAYRUN" -q status >/dev/full'
	[ "$status" -eq 9 ]
	complains "standard output"
}

@test "a closed standard output is 9, closed input and error do no harm" {
	payouts p.csv 1 2
	run bash -c '"$PAYRUN" -q submit p.csv >&- 2>/dev/null'
	[ "$status" -eq 9 ]
	payouts q.csv 11 12
	run bash -c '"$PAYRUN" submit q.csv <&- 2>&- >out'
	[ "$status" -eq 0 ]
	[ "$(sandbox_ledger length)" -eq 4 ]
	try 0 verify
}

@test "3 goes before 1, 8 before 4" {
	payouts p.csv 1 2
	break_row p.csv P-2
	: >empty.csv
	try 3 check --on-error skip p.csv empty.csv
	try 1 submit --on-error skip p.csv empty.csv
	sed -i 's/^key = .*/key = wrong/' payrun.conf
	payouts q.csv 11 12
	try 8 submit --wait-limit 1s q.csv
	[ "$(state_of P-11)" = ready ]
}

@test "commands that only show exit 0, whatever the payouts are" {
	payouts q.csv 11 11 4.92
	payrun -q submit --wait final q.csv >/dev/null || true
	try 0 status
	try 0 status last
	try 0 report last
	try 0 show P-11
	try 0 channels
}
