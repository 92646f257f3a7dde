#!/bin/bash
# make demo: the whole way of two files that pay through all providers, against the sandbox, each step as the command a
# user would type. In the middle of the second file payrun is killed. The last line compares the sandbox's ledger with
# the journal, payout by payout.
# Exits 1 when anything differs or ends otherwise than it should.
set -u
# shellcheck source=tests/helpers/ledger.bash
source "$(dirname "$0")/helpers/ledger.bash"
here=$(cd "$(dirname "$0")/.." && pwd)
program=${PAYRUN:-$here/build/payrun}
sandbox=${PAYRUN_SANDBOX:-$here/build/payrun-sandbox}
generate=${PAYRUN_GENERATE:-$here/build/generate-payouts}
rows=10000
small=29 # rows of payouts-mixed.csv
export LC_ALL=C.UTF-8
sandbox_pid='' run_pid=''

work=$(mktemp -d "${TMPDIR:-/tmp}/payrun-demo.XXXXXX") || exit 1
# shellcheck disable=SC2317 # called by the trap
clean_up() {
	local pid
	for pid in $run_pid $sandbox_pid; do
		kill -9 "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# Nothing of the user's own set-up is read or written.
unset PAYRUN_CONF
export XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config
mkdir "$work/state" "$work/here" && cd "$work/here" || exit 1

die() {
	echo "demo: $*" >&2
	exit 1
}
say() { printf '\n# %s\n' "$*"; }
payrun() { "$program" "$@"; }
generate-payouts() { "$generate" "$@"; }

# step CODES COMMAND: shows the command, runs it, and ends the demo unless its exit code is one of CODES.
step() {
	local codes=$1 code
	printf '\n$ %s\n' "$2"
	eval "$2"
	code=$?
	[[ " $codes " == *" $code "* ]] || die "exit $code, not $codes: $2"
	[ $code -eq 0 ] || echo "(exit $code)"
}

ledger() { curl -sS --fail --max-time 30 "$url/_/ledger"; }
ledger_count() { ledger | jq '.payouts | length'; }

start_sandbox() {
	local i
	printf '\n$ payrun-sandbox --port 0 &\n'
	: >"$work/sandbox"
	"$sandbox" --port 0 >"$work/sandbox" 2>&1 &
	sandbox_pid=$!
	for ((i = 0; i < 500; i++)); do
		url=$(sed -n '1s/^listening //p' "$work/sandbox")
		[ -z "$url" ] || break
		sleep 0.02
	done
	[ -n "$url" ] || die "the sandbox does not start: $(cat "$work/sandbox")"
	cat "$work/sandbox"
}

# Starts the run, and kills it as soon as the sandbox has some thousand of its payouts.
kill_in_the_middle() {
	local before at=0
	before=$(ledger_count)
	# shellcheck disable=SC2016
	printf '\n$ %s &\n' "payrun submit --yes --rate 2500/s payouts-$rows.csv"
	"$program" submit --yes --rate 2500/s "payouts-$rows.csv" &
	run_pid=$!
	while ((at < 3000)); do
		kill -0 "$run_pid" 2>/dev/null || die "the run ended before it could be killed, at $at payouts"
		at=$(($(ledger_count) - before))
	done
	# shellcheck disable=SC2016
	printf '\n$ kill -9 $!\n'
	kill -9 "$run_pid"
	wait "$run_pid" 2>/dev/null
	[ $? -eq 137 ] || die "the run ended before it was killed"
	run_pid=
	at=$(($(ledger_count) - before))
	((at < rows)) || die "the run was killed too late, at $at payouts"
	echo "(the sandbox has $at of the $rows payouts)"
}

# Each key of which the two sides do not say the very same, once each, is a payout that differs.
compare() {
	local differ count
	ledger | ledger_lines >ledger.txt || die "the ledger can't be read"
	payrun report --format json | journal_lines >journal.txt || die "the journal's report can't be read"
	LC_ALL=C comm -3 ledger.txt journal.txt | sed 's/^\t//' >differ.txt
	differ=$(cut -f2 differ.txt | sort -u | wc -l)
	head -n 10 differ.txt
	count=$(wc -l <ledger.txt)
	echo "demo: $count payouts in the sandbox's ledger, $(wc -l <journal.txt) in the journal, $differ differ"
	[ "$differ" -eq 0 ] && [ "$count" -eq $((small + rows)) ] && [ "$(wc -l <journal.txt)" -eq $((small + rows)) ]
}

cp "$here/samples/payouts-mixed.csv" "$here/samples/payouts-bad.csv" . || exit 1

say "The four providers, simulated on this machine; a configuration and a journal."
start_sandbox
step 0 "payrun init --sandbox"
step 0 "sed -i 's/:8400/:${url##*:}/' payrun.conf"
say "No secret stays in the configuration: each goes to a file of its own."
secret='^(api_key|key|secret|password|encryption_secret|hmac_secret) = '
step 0 "umask 077; mkdir secrets; awk '/$secret/ {file = \"secrets/\" ++n; printf \"%s\", \$3 >file; \$3 = \"file:\" file} 1' payrun.conf > new.conf; mv new.conf payrun.conf"
step 0 "payrun channels --ping | cut -c 1-120"

say "A bad file is refused as a whole; the error file is the same file with the reasons beside each row."
step 3 "payrun check payouts-bad.csv > findings.txt"
step 0 "head -n 10 findings.txt; tail -n 2 findings.txt"
step 0 "grep -oE '[^,]*,[0-9]+,error,.*' payouts-bad.errors.csv | sed -n '16,19p; 35,38p'"

say "A good one pays through all four providers, in five ways: is there enough for it?"
step 0 "payrun funds payouts-mixed.csv"
step 0 "payrun submit --yes payouts-mixed.csv"

say "A larger one, and in its middle payrun is killed."
step 0 "generate-payouts --mixed --rows $rows --outcomes > payouts-$rows.csv"
step 0 "payrun check payouts-$rows.csv"
kill_in_the_middle
step 0 "payrun status"
step 0 "payrun resume last"

say "Once more the same file: nothing is paid twice."
step 0 "payrun submit --yes payouts-$rows.csv > again.txt; head -n 2 again.txt"

say "What became of them: some amounts are those that the sandbox fails or cancels."
step 1 "payrun poll --wait final"
step 0 "payrun status"
step 0 "payrun report -o report.csv"
step 0 "cut -d, -f 1-3,7-9,13-15 report.csv | sed -n '1p; 40~2000p'"
step 0 "cut -d, -f 4,14 report.csv | sort | uniq -c | sort -k 2"
step 0 "payrun verify --report report.csv"
echo
compare
