# Signals: the first one stops in order, a second one at once; nothing is lost either way (CONTRACT, section 1).
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# Starts payrun in the background as PID, its signals as a shell has them by default.
start() {
	env --default-signal=INT,TERM,HUP,PIPE "$PAYRUN" "$@" >out 2>err 3>&- </dev/null &
	PID=$!
}

# The exit code of PID.
ended() {
	CODE=0
	wait "$PID" || CODE=$?
}

some_sent() {
	[ "$(sandbox_ledger length)" -ge "$1" ]
}

@test "SIGINT, SIGTERM and SIGHUP: finish what is in flight, say what is left, exit 4" {
	payouts p.csv 1 60
	first=1
	for signal in INT TERM HUP; do
		payouts "$signal.csv" "$first" $((first + 30))
		before=$(sandbox_ledger length)
		start submit --rate 20/s "$signal.csv"
		wait_until some_sent $((before + 2))
		kill -"$signal" "$PID"
		ended
		[ "$CODE" -eq 4 ]
		grep -q "payrun resume" err
		grep -q "the sums agree" out
		first=$((first + 100))
	done
	sent=$(sandbox_ledger length)
	[ "$sent" -lt 93 ]
	[ "$(payrun -q --json status | jq '[.batches[].by_state.sending // 0] | add')" -eq 0 ]
	try 0 resume
	[ "$(sandbox_ledger length)" -eq 93 ]
	[ "$(sandbox_ledger '[.[].key] | unique | length')" -eq 93 ]
}

@test "a second signal ends it at once with 128 + its number, and nothing is paid twice" {
	payouts p.csv 1 20
	sandbox_fault slow ',"rate":1,"delay_ms":3000'
	start submit p.csv
	wait_until grep -q ^batch out
	sleep 0.5
	kill -TERM "$PID"
	sleep 0.3
	kill -INT "$PID"
	ended
	[ "$CODE" -eq 130 ]
	sandbox_fault none ''
	sleep 3
	try 0 resume
	[ "$(sandbox_ledger length)" -eq 20 ]
}

@test "kill -9 in the middle: resume pays the rest, each once" {
	payouts p.csv 1 40
	start submit --rate 30/s p.csv
	wait_until some_sent 5
	kill -9 "$PID"
	ended
	[ "$CODE" -eq 137 ]
	try 0 resume
	[ "$(sandbox_ledger length)" -eq 40 ]
	try 0 verify
}

@test "a signal before the receive commit leaves nothing" {
	mkfifo pipe
	start submit pipe
	exec 9>pipe
	payouts p.csv 1 50
	cat p.csv >&9
	sleep 0.3
	kill -TERM "$PID"
	sleep 0.2
	exec 9>&-
	ended
	[ "$CODE" -eq 4 ] || [ "$CODE" -eq 2 ]
	try 0 status
	has "no batches yet"
	[ "$(sandbox_ledger length)" -eq 0 ]
}

@test "a signal ends the wait for the lock" {
	payouts slow.csv 1 2
	payouts p.csv 11 12
	sandbox_fault slow ',"nth":1,"delay_ms":3000'
	payrun -q submit slow.csv >/dev/null &
	other=$!
	sleep 0.7
	start submit --lock-wait 60 p.csv
	sleep 0.5
	kill -TERM "$PID"
	ended
	[ "$CODE" -eq 4 ] || [ "$CODE" -eq 7 ]
	wait "$other"
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "SIGPIPE is ignored: a reader that went away is exit 9" {
	payouts p.csv 1 2
	code=$({ "$PAYRUN" -q submit p.csv 3>&- </dev/null 2>/dev/null; echo $? >code; } | sleep 0; cat code)
	wait_until test -s code
	code=$(cat code)
	[ "$code" -eq 9 ]
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "a signal that was ignored at the start stays ignored (nohup)" {
	payouts p.csv 1 20
	(
		trap '' HUP
		exec "$PAYRUN" submit --rate 10/s p.csv >out 2>err 3>&- </dev/null
	) &
	PID=$!
	wait_until some_sent 2
	kill -HUP "$PID"
	ended
	[ "$CODE" -eq 0 ]
}
