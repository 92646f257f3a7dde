#!/bin/bash
# make bench: every stage against a named alternative in the same run, as ratios of speed: 2 means twice as fast.
#   BENCH_ROWS         rows of a file (1000000); 100000 for a quick look
#   BENCH_SENDS        payouts sent to the sandbox (a fifth of the rows)
#   BENCH_RUNS         runs of each part; their median counts (3)
#   BENCH_CONNECTIONS  to the sandbox (32)
#   BENCH_BIG          rows of a second, bigger file: memory and cost per row against BENCH_ROWS (none; 10000000)
#   BENCH_LIMIT        seconds that one run of one part may take (600)
#   BENCH_DIR          where the files go (TMPDIR or /tmp): a disk, for durable commits to mean something
# Nothing here passes or fails by time; the exit code is 1 only when something could not run.
set -u
here=$(cd "$(dirname "$0")" && pwd)
payrun=${PAYRUN:-$here/../../build/payrun}
sandbox=${PAYRUN_SANDBOX:-$here/../../build/payrun-sandbox}
generate=${PAYRUN_GENERATE:-$here/../../build/generate-payouts}
tools=${PAYRUN_BUILD:-$here/../../build/release}/tests/bench
rows=${BENCH_ROWS:-1000000}
sends=${BENCH_SENDS:-$((rows / 5))}
runs=${BENCH_RUNS:-3}
connections=${BENCH_CONNECTIONS:-32}
big=${BENCH_BIG:-0}
limit=${BENCH_LIMIT:-600}
export LC_ALL=C.UTF-8
failed=0
sandbox_pid=

work=$(mktemp -d "${BENCH_DIR:-${TMPDIR:-/tmp}}/payrun-bench.XXXXXX") || exit 1
clean_up() {
	[ -z "$sandbox_pid" ] || kill "$sandbox_pid" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
export TMPDIR=$work XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/none
mkdir -p "$XDG_STATE_HOME" "$work/results"
cd "$work" || exit 1

note() { [ ! -t 2 ] || printf '\r\033[K%s' "$1" >&2; }

could_not() {
	note ""
	echo "bench: could not run $1; the end of what it said:" >&2
	tail -n 5 "$work/out" >&2
	failed=1
}

# part NAME COMMAND...: measures it; its output goes to $work/out, or to $to where that is set.
part() {
	local name=$1 code wall cpu rss
	shift
	note "$name"
	"$tools/measure" "$work/result" "$limit" "$@" >"${to:-$work/out}" 2>>"$work/out"
	code=$?
	# A resume that leaves failed payouts behind would exit 1: the bench's files have none.
	if [ $code -ne 0 ]; then
		[ $code -ne 124 ] || echo "ended after $limit s" >>"$work/out"
		could_not "$name (exit $code)"
		return 1
	fi
	read -r wall cpu rss _ <"$work/result"
	echo "$wall" >>"$work/results/$name.ms"
	echo "$cpu" >>"$work/results/$name.cpu"
	echo "$rss" >>"$work/results/$name.kib"
}

median() { # of the numbers in a file; nothing without one
	[ ! -s "$1" ] || sort -g "$1" | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'
}
ms() { median "$work/results/$1.ms"; }
most_kib() { sort -n "$work/results/$1.kib" 2>/dev/null | tail -n 1; }

cpu_ms() { median "$work/results/$1.cpu"; }

row() { printf '%-36s %-30s %12s %12s %7s %6s %6s %6s  %s\n' "$@"; }

judge() { # ratio, floor, goal: at the better side of which
	awk -v r="$1" -v f="$2" -v g="$3" 'BEGIN { print (r >= g ? "goal" : r >= f ? "floor" : "below") }'
}

# ratio STAGE PEER OURS THEIRS FLOOR GOAL COUNT: names of parts, COUNT rows a run. cpu is the ratio of CPU time where both
# parts were whole processes that did the same: it is steadier on a busy machine.
ratio() {
	local stage=$1 peer=$2 floor=$5 goal=$6 count=$7 ours theirs value cpu=-
	ours=$(ms "$3") theirs=$(ms "$4")
	if [ -z "$ours" ] || [ -z "$theirs" ]; then
		row "$stage" "$peer" "-" "-" "-" "-" "$floor" "$goal" "COULD NOT RUN"
		return
	fi
	value=$(quotient "$theirs" "$ours")
	case $4 in
	*-sending) [ "$4" != no-journal-sending ] || cpu=$(quotient "$(cpu_ms no-journal)" "$(cpu_ms "$3")") ;;
	*) cpu=$(quotient "$(cpu_ms "$4")" "$(cpu_ms "$3")") ;;
	esac
	row "$stage" "$peer" "$(rate "$count" "$ours")" "$(rate "$count" "$theirs")" "$value" "$cpu" "$floor" "$goal" \
		"$(judge "$value" "$floor" "$goal")"
}
quotient() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / (b > 0 ? b : 1) }'; }
rate() { awk -v n="$1" -v ms="$2" 'BEGIN { printf "%.1f k/s", n / (ms > 0 ? ms : 1) }'; }

# --- what is measured with ------------------------------------------------------------------------------------------

start_sandbox() {
	local i
	: >"$work/sandbox"
	"$sandbox" --port 0 --settle-after 3600000 --balance calypso:USDT_TRX=1000000000000 >"$work/sandbox" 2>&1 &
	sandbox_pid=$!
	for ((i = 0; i < 500; i++)); do
		url=$(sed -n '1s/^listening //p' "$work/sandbox")
		[ -z "$url" ] || return 0
		sleep 0.01
	done
	echo "bench: the sandbox does not start: $(cat "$work/sandbox")" >&2
	exit 1
}

# The node peer's two packages stay in the build folder; without npm, or when they can't be had, it is left out.
install_node_peer() {
	node_peer=${tools%/tests/bench}/node-peer
	node_missing=
	if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		node_missing="no npm here"
	elif [ ! -e "$node_peer/whole" ]; then
		note "npm install undici better-sqlite3"
		mkdir -p "$node_peer" && timeout 240 npm install --no-audit --no-fund --prefix "$node_peer" undici@6 \
			better-sqlite3@11 >"$work/out" 2>&1 </dev/null &&
			(cd "$node_peer" && node -e 'require("undici"); new (require("better-sqlite3"))(":memory:")') \
				>>"$work/out" 2>&1 && : >"$node_peer/whole"
		[ -e "$node_peer/whole" ] || node_missing="npm could not install it"
	fi
}

empty_sandbox() { curl -sS --max-time 60 -X POST "$url/_/reset" >/dev/null; }

write_config() {
	cat >"$work/payrun.conf" <<-END
		[payrun]
		namespace = bench
		journal = sqlite:payrun.db
		reports = reports

		[channel calypso]
		provider = calypso
		base_url = $url/calypso
		account = 0x00000000000000000000000000000000000000aa
		key = sandbox-calypso
		secret = sandbox-calypso-secret
		rate = none
		workers = $connections
	END
	chmod 600 "$work/payrun.conf"
}

new_journal() {
	rm -rf payrun.db* reports state
	mkdir -p "$XDG_STATE_HOME"
	"$payrun" -c payrun.conf init >"$work/out" 2>&1 || could_not "payrun init"
}

# --- the parts ------------------------------------------------------------------------------------------------------

bench_receive() {
	local run n
	for ((run = 0; run < runs; run++)); do
		new_journal
		rm -f import.db
		for n in 1 2 3; do
			part "receive-$n" "$payrun" -c payrun.conf -q submit --hold --yes "payouts-$n.csv" || return
			part "import-$n" sqlite3 import.db ".import --csv $([ $n -eq 1 ] || echo --skip 1) payouts-$n.csv payouts" ||
				return
		done
		rm -f python.db*
		part receive-python python3 "$here/receive.py" payouts-1.csv python.db
	done
}

bench_check() {
	local run
	for ((run = 0; run < runs; run++)); do
		part check "$payrun" -c payrun.conf -q check payouts-1.csv
		part check-python python3 "$here/parse.py" payouts-1.csv
	done
}

# The journal still holds three files; the first one is reported.
bench_report() {
	local run batch
	batch=$("$payrun" -c payrun.conf --json status 2>/dev/null | jq -r '.batches[0].id')
	"$payrun" -c payrun.conf -q report "$batch" --format csv -o flat.csv >"$work/out" 2>&1 || could_not "payrun report"
	rm -f flat.db
	sqlite3 flat.db ".import --csv flat.csv report" >"$work/out" 2>&1 || could_not "sqlite3 .import of the report"
	for ((run = 0; run < runs; run++)); do
		part report "$payrun" -c payrun.conf -q report "$batch" --format csv -o report.csv
		to=$work/report-peer.csv part report-sqlite sqlite3 -csv -header flat.db "SELECT * FROM report"
	done
	rm -f flat.* report*.csv
}

# A peer that prints payouts, accepted ones and ms.
sent() {
	local name=$1
	shift
	to=$work/sent part "$name" "$@" || return
	awk '{ print $3 }' "$work/sent" >"$work/results/$name.one"
	cat "$work/results/$name.one" >>"$work/results/$name-sending.ms"
}

bench_wrk() {
	local per_second refused
	"$tools/no_journal" payrun.conf calypso requests.csv 0 >requests 2>"$work/out" || could_not "the requests for wrk"
	empty_sandbox
	note wrk
	BENCH_REQUESTS=requests timeout "$limit" wrk -t1 -c"$connections" -d5s -s "$here/requests.lua" \
		"$url/calypso/api/v1/payout/create" >"$work/out" 2>&1 || could_not wrk
	per_second=$(sed -n 's/^Requests\/sec: *//p' "$work/out")
	refused=$(sed -n 's/.*Non-2xx or 3xx responses: *//p' "$work/out")
	[ -z "$refused" ] || echo "bench: wrk ran out of requests: $refused were refused" >&2
	[ -z "$per_second" ] ||
		awk -v n="$sends" -v r="$per_second" 'BEGIN { print n / r * 1000 }' >>"$work/results/wrk-sending.ms"
}

bench_submit() {
	local run
	for ((run = 0; run < runs; run++)); do
		new_journal
		empty_sandbox
		# One payout goes at once, the others are ready then.
		"$payrun" -c payrun.conf -q submit --yes --limit 1 sends.csv >"$work/out" 2>&1
		[ $? -eq 4 ] || could_not "payrun submit --limit 1"
		part submit "$payrun" -c payrun.conf -q resume last || return
		empty_sandbox
		sent no-journal "$tools/no_journal" payrun.conf calypso sends.csv "$connections"
		empty_sandbox
		rm -f python.db*
		sent submit-python python3 "$here/submit.py" "$url/calypso" sends.csv python.db "$connections"
		if [ -z "$node_missing" ]; then
			empty_sandbox
			rm -f node.db*
			sent submit-node node "$here/submit.mjs" "$node_peer" "$url/calypso" sends.csv node.db "$connections"
		fi
		bench_wrk
	done
	empty_sandbox
}

bench_big() {
	[ "$big" -gt 0 ] || return 0
	"$generate" --rows "$big" --seed 2 >big.csv
	new_journal
	part check-big "$payrun" -c payrun.conf -q check big.csv
	part receive-big "$payrun" -c payrun.conf -q submit --hold --yes big.csv
	rm -f big.csv
}

# --- what is printed ------------------------------------------------------------------------------------------------

memory() { # stage, name
	local kib
	kib=$(most_kib "$2")
	if [ -z "$kib" ]; then
		row "resident memory, $1" "-" "-" "-" "-" "-" 64 48 "COULD NOT RUN"
		return
	fi
	row "resident memory, $1" "-" "$(awk -v k="$kib" 'BEGIN { printf "%.1f MiB", k / 1024 }')" "-" "-" "-" 64 48 \
		"$(awk -v k="$kib" 'BEGIN { print (k <= 48 * 1024 ? "goal" : k <= 64 * 1024 ? "floor" : "above") }')"
}

cost() { # stage, name: of the big file against the other
	local small large value
	small=$(ms "$2") large=$(ms "${2%-1}-big")
	if [ -z "$small" ] || [ -z "$large" ]; then
		row "cost per row, $1" "$big against $rows rows" "-" "-" "-" "-" 1.3 1.15 "COULD NOT RUN"
		return
	fi
	value=$(awk -v s="$small" -v l="$large" -v n="$rows" -v b="$big" 'BEGIN { printf "%.2f", (l / b) / (s / n) }')
	row "cost per row, $1" "$big against $rows rows" "$(each_us "$large" "$big")" "$(each_us "$small" "$rows")" "$value" \
		"-" 1.3 1.15 "$(awk -v v="$value" 'BEGIN { print (v <= 1.15 ? "goal" : v <= 1.3 ? "floor" : "above") }')"
}
each_us() { awk -v ms="$1" -v n="$2" 'BEGIN { printf "%.2f us", ms * 1000 / n }'; }

print_ratios() {
	local file
	row stage against ours theirs ratio cpu floor goal reached
	for file in 1 2 3; do
		ratio "receive CSV, file $file" "sqlite3 .import" receive-$file import-$file 0.6 0.9 "$rows"
	done
	ratio "receive CSV" "python3 csv, hashlib, sqlite3" receive-1 receive-python 2 3 "$rows"
	ratio "check" "python3 csv, parse only" check check-python 1.2 1.8 "$rows"
	ratio "submit" "wrk, a Lua body a request" submit wrk-sending 0.35 0.45 "$sends"
	ratio "submit" "the same without a journal" submit no-journal-sending 0.6 0.75 "$sends"
	ratio "submit" "python3 with group commit" submit submit-python-sending 2 3 "$sends"
	if [ -n "$node_missing" ]; then
		row "submit" "node undici, better-sqlite3" "-" "-" "-" "-" 1.2 1.6 "SKIPPED: $node_missing"
	else
		ratio "submit" "node undici, better-sqlite3" submit submit-node-sending 1.2 1.6 "$sends"
	fi
	ratio "report CSV" "sqlite3 -csv" report report-sqlite 1.8 2.5 "$rows"
}

print_memory() {
	memory "check" check
	memory "receive" receive-1
	memory "receive, third file" receive-3
	memory "submit" submit
	memory "report" report
	if [ "$big" -gt 0 ]; then
		memory "check, $big rows" check-big
		memory "receive, $big rows" receive-big
		cost check check
		cost receive receive-1
	else
		row "cost per row" "10000000 against $rows rows" "-" "-" "-" "-" 1.3 1.15 "SKIPPED: BENCH_BIG=10000000"
	fi
}

echo "bench: $rows rows, $sends payouts sent, medians of $runs runs, $connections connections, $(nproc) processors," \
	"$(findmnt -n -o FSTYPE -T "$work" 2>/dev/null || echo 'an unknown file system')"
start_sandbox
write_config
install_node_peer
note "files"
for n in 1 2 3; do
	"$generate" --rows "$rows" --start $((1 + (n - 1) * rows)) >"payouts-$n.csv"
done
"$generate" --rows "$sends" >sends.csv
"$generate" --rows $((sends > 400000 ? sends : 400000)) >requests.csv
bench_check
bench_receive
bench_report
bench_submit
bench_big
note ""
print_ratios
print_memory
exit $failed
