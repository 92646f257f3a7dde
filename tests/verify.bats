# payrun verify: a whole journal, a journal that was changed behind its back, and reports that say something else.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
	payouts p.csv 1 3
	payrun -q submit --wait final --batch-id B-1 p.csv >/dev/null
}

teardown() {
	stop_sandbox || true
}

@test "a whole journal is whole, also under an older head" {
	head=$(payrun -q --json status | jq -r .head)
	payouts q.csv 11 12
	payrun -q submit q.csv >/dev/null
	try 0 verify
	has "the journal is whole"
	try 0 verify --head "$head"
	try 6 verify --head "$(head -c 32 /dev/zero | sha256sum | cut -d' ' -f1)"
	try 2 verify --head 123
}

@test "a payout that was changed in the database is a break" {
	sqlite3 payrun.db "UPDATE attempts SET state = 8 WHERE row = 2"
	try 6 verify --json
	json '.breaks | length > 0'
	json '.exit == 6'
}

@test "an event can't be changed, deleted or replaced" {
	run sqlite3 payrun.db "UPDATE events SET line = 'x' WHERE seq = 2"
	[ "$status" -ne 0 ]
	run sqlite3 payrun.db "DELETE FROM events WHERE seq = 2"
	[ "$status" -ne 0 ]
	try 0 verify
}

@test "a report agrees with the journal it came from" {
	try 0 verify --report reports/B-1/payouts.csv
	has "3 rows agree, 0 differ"
	payrun -q report last --format csv --unmask -o whole.csv >/dev/null
	try 0 verify --report whole.csv
	has "3 rows agree"
	payrun -q report --format csv --raw -o raw.csv >/dev/null
	try 0 verify --report raw.csv
}

@test "each changed cell of a report is a break" {
	cp reports/B-1/payouts.csv kept.csv
	for change in 's/,2\.25,/,9.25,/' 's/,paid,/,failed,/' 's/P-2/P-7/' 's/,USDT_TRX,/,USDT,/' '2d' \
		's/^B-1,3,/B-1,9,/'; do
		sed "$change" kept.csv >changed.csv
		if [ "$change" = 2d ]; then
			sed '2p' kept.csv >changed.csv
		fi
		try 6 verify --report changed.csv --json
		json '[.breaks[] | select(.code == "REPORT_DIFFERS")] | length > 0'
	done
}

@test "a report from before a payout moved on is no break; a state it never had is" {
	payouts f.csv 21 21
	payrun -q submit --batch-id B-2 f.csv >/dev/null
	cp reports/B-2/payouts.csv early.csv
	grep -q ,accepted, early.csv
	sleep 0.4
	payrun -q poll >/dev/null
	try 0 verify --report early.csv
	has "1 have moved on"
	sed 's/,accepted,/,returned,/' early.csv >never.csv
	try 6 verify --report never.csv
}

@test "a filtered report is compared row by row, what is no report is refused" {
	payouts q.csv 31 33 4.91
	payrun -q submit --wait final --batch-id B-3 q.csv >/dev/null || true
	payrun -q report --format csv --state paid -o some.csv >/dev/null
	try 0 verify --report some.csv
	try 2 verify --report p.csv
	complains "no CSV report"
	try 2 verify --report nowhere.csv
	: >empty.csv
	try 2 verify --report empty.csv
}
