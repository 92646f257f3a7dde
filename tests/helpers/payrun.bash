# payrun for bats files: load helpers/payrun (after helpers/sandbox)
# new_home makes an empty folder and goes there; new_sandbox_home also starts a sandbox and sets it up for payrun.
bats_require_minimum_version 1.5.0

payrun() {
	"${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}" "$@" 3>&- </dev/null
}

# The same with the test's own standard input.
payrun_input() {
	"${PAYRUN:-$BATS_TEST_DIRNAME/../build/payrun}" "$@" 3>&-
}

new_home() {
	cd "$(mktemp -d "$BATS_TEST_TMPDIR/home.XXXXXX")" || return 1
	unset PAYRUN_CONF CREDENTIALS_DIRECTORY
	export XDG_STATE_HOME=$PWD/state XDG_CONFIG_HOME=$PWD/nowhere
}

# base_url of every channel.
point_at() {
	sed -i "s#^base_url = .*#base_url = $1/calypso#" payrun.conf
}

new_sandbox_home() {
	new_home && start_sandbox "$@" && payrun -q init --sandbox --provider calypso >/dev/null && point_at "$SANDBOX_URL"
}

# Every channel that `init --sandbox` writes.
new_full_home() {
	new_home && start_sandbox "$@" && payrun -q init --sandbox >/dev/null &&
		sed -i "s#^base_url = http://127.0.0.1:8400#base_url = $SANDBOX_URL#" payrun.conf
}

# payouts FILE FIRST LAST [AMOUNT]: rows with references P-FIRST to P-LAST; amounts FIRST.25 and so on unless one is given.
payouts() {
	local i
	{
		echo reference,channel,amount,currency,wallet_address,description
		for ((i = $2; i <= $3; i++)); do
			echo "P-$i,calypso,${4-$i.25},USDT_TRX,$SANDBOX_TRON,Rent $i"
		done
	} >"$1"
}

# has TEXT, hasnt TEXT: in what `run` caught on standard output (and error).
has() {
	if [[ $output != *"$1"* ]]; then
		printf 'expected on standard output: %s\n' "$1" "got: $output" >&2
		return 1
	fi
}

hasnt() {
	if [[ $output == *"$1"* ]]; then
		printf 'not expected on standard output: %s\n' "$1" "got: $output" >&2
		return 1
	fi
}

# The same for standard error, after run --separate-stderr.
complains() {
	if [[ $stderr != *"$1"* ]]; then
		printf 'expected on standard error: %s\n' "$1" "got: $stderr" >&2
		return 1
	fi
}

# try CODE COMMAND...: payrun with this exit code, its standard error apart.
try() {
	local code=$1
	shift
	run --separate-stderr payrun "$@"
	if [ "$status" -ne "$code" ]; then
		printf 'exit %s, expected %s\n--- out\n%s\n--- err\n%s\n' "$status" "$code" "$output" "$stderr" >&2
		return 1
	fi
}

# json FILTER: of the document on standard output.
json() {
	jq -er "$1" <<<"$output"
}

# state_of REFERENCE, attempt_of REFERENCE: as the journal has it now.
state_of() {
	payrun -q --json show "$1" | jq -r '.payout.attempts[-1].state'
}

key_of() {
	payrun -q --json show "$1" | jq -r '.payout.attempts[-1].key'
}

# wait_until COMMAND...: at most 10 s.
wait_until() {
	local i
	for ((i = 0; i < 200; i++)); do
		"$@" && return 0
		sleep 0.05
	done
	return 1
}
