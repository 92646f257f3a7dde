# On a terminal: the preview, the question, the progress line, and text that would take the terminal over.
load helpers/sandbox
load helpers/payrun

setup() {
	command -v script >/dev/null || skip "no script(1) here"
	script -qefc true /dev/null </dev/null >/dev/null 2>&1 || skip "no pseudo-terminal can be opened here"
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# on_terminal ANSWER COMMAND...: payrun on a terminal of its own; the answer is typed, or, where it is a signal's name such
# as SIGTERM, that signal is sent to payrun; its screen is $output. Signals are as a login shell has them: whoever runs the
# tests may ignore SIGINT, and payrun would too.
on_terminal() {
	local answer=$1 words
	shift
	printf -v words '%q ' sh -c 'echo $$ >pid; exec "$@"' sh "$PAYRUN" "$@"
	rm -f screen pid
	status=0
	# The answer is given when the question stands there; script ends with the program, whatever is typed after.
	(
		for ((i = 0; i < 600; i++)); do
			grep -qa 'y/N' screen 2>/dev/null && break
			[ -n "$answer" ] || break
			sleep 0.05
		done
		case $answer in
		SIG*) kill -s "${answer#SIG}" "$(cat pid)" ;;
		*) printf '%b' "$answer" ;;
		esac
		case $answer in
		SIG* | '\003') # the end of input would be an answer of its own
			for ((i = 0; i < 200; i++)); do
				kill -0 "$(cat pid)" 2>/dev/null || break
				sleep 0.05
			done
			;;
		*) sleep 0.2 ;;
		esac
	) | env --default-signal=INT,QUIT,TERM,HUP script -qefc "$words" screen >/dev/null 2>&1 3>&- || status=$?
	output=$(tr -d '\r' <screen)
}

# Whether ^C typed here becomes SIGINT at all; on some terminals it is a character like others.
interrupt_key_works() {
	local ended=0
	(
		sleep 1
		printf '\003'
		sleep 1
	) | env --default-signal=INT script -qefc "sh -c 'trap \"exit 9\" INT; read -r line; exit 5'" /dev/null \
		>/dev/null 2>&1 3>&- || ended=$?
	[ "$ended" -eq 9 ]
}

# ended STATUS: the program on the terminal did; otherwise the screen is shown.
ended() {
	if [ "$status" -ne "$1" ]; then
		printf 'expected exit %s, got %s; the screen:\n%s\n' "$1" "$status" "$output" >&2
		return 1
	fi
}

@test "submit shows the preview and asks; yes sends" {
	payouts p.csv 1 3
	on_terminal 'y\n' submit p.csv
	ended 0
	has "SANDBOX"
	has "127.0.0.1"
	has "6.75 USDT_TRX"
	has "largest"
	has "Send these payouts? [y/N]"
	[ "$(sandbox_ledger length)" -eq 3 ]
}

@test "no, an empty line and the end of input receive nothing: exit 3" {
	payouts p.csv 1 3
	for answer in 'n\n' '\n' '\004' 'yes please\n'; do
		on_terminal "$answer" submit p.csv
		ended 3
		has "nothing was received"
	done
	try 0 status
	has "no batches yet"
	[ "$(sandbox_ledger length)" -eq 0 ]
}

@test "a signal at the question leaves nothing: exit 4" {
	payouts p.csv 1 3
	for signal in SIGTERM SIGINT SIGHUP; do
		on_terminal "$signal" submit p.csv
		ended 4
	done
	try 0 status
	has "no batches yet"
}

@test "^C at the question leaves nothing: exit 4" {
	interrupt_key_works || skip "^C is no signal on this terminal"
	payouts p.csv 1 3
	on_terminal '\003' submit p.csv
	ended 4
	try 0 status
	has "no batches yet"
}

@test "--yes and -y do not ask" {
	payouts p.csv 1 3
	on_terminal '' submit -y p.csv
	ended 0
	hasnt "y/N"
	[ "$(sandbox_ledger length)" -eq 3 ]
}

@test "without a terminal nothing is asked" {
	payouts p.csv 1 3
	try 0 submit p.csv
	[[ $stderr != *y/N* ]]
}

@test "a file that is refused is not asked about" {
	payouts p.csv 1 3
	sed -i 's/2\.25/abc/' p.csv
	on_terminal '' submit p.csv
	ended 3
	hasnt "y/N"
}

@test "cancel and retry ask for a whole batch, not for named references" {
	payouts p.csv 1 3
	payrun -q submit --hold p.csv >/dev/null
	on_terminal 'n\n' cancel last
	ended 3
	has "Cancel 3 payouts?"
	[ "$(state_of P-1)" = held ]
	on_terminal '' cancel last --reference P-1
	ended 0
	hasnt "y/N"
	on_terminal 'y\n' cancel last
	ended 0
	[ "$(state_of P-3)" = canceled ]
}

@test "progress is a line that is rewritten, with rate and time left; -q shows none" {
	payouts p.csv 1 20
	on_terminal '' submit -y --rate 20/s p.csv
	ended 0
	has " of 20 payouts"
	has "/s"
	has " left"
	payouts q.csv 31 40
	on_terminal '' submit -y -q --rate 20/s q.csv
	hasnt " of 10 payouts"
}

@test "text of a file can't take the terminal over, and nothing is coloured" {
	{
		echo reference,channel,amount,currency,wallet_address
		printf '\x1b[2J\x1b]0;owned\x07X,calypso,1.25,USDT_TRX,%s\n' "$SANDBOX_TRON"
		printf 'ok\xe2\x80\xaeX,calypso,\x1b[31m5,USDT_TRX,%s\n' "$SANDBOX_TRON"
	} >p.csv
	NO_COLOR=1 on_terminal '' check p.csv
	ended 3
	run grep -c $'\x1b\\[2J\|\x1b\\]0\|\x1b\\[31m\|\xe2\x80\xae' screen
	[ "$output" -eq 0 ]
	on_terminal '' check $'evil\x1b[2Jname.csv'
	ended 2
	run grep -c $'\x1b\\[2J' screen
	[ "$output" -eq 0 ]
}
