# Approval: which batches need one, who may give it, what stands in the journal of it.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

# setting LINE: added to [payrun].
setting() {
	sed -i "/^namespace = /a$1" payrun.conf
}

me() {
	payrun --json status last | jq -r '.batches[0].received_by | split(" ")[0]'
}

batch() {
	payrun --json status last | jq -r '.batches[0].id'
}

# events KIND: the lines of the last batch's events of this kind.
events() {
	sqlite3 payrun.db "SELECT line FROM events WHERE line LIKE '%' || char(9) || '$1' || char(9) || '%' ORDER BY seq"
}

@test "approve = always: a batch waits, exit 5 with the command that approves; then it is sent" {
	setting 'approve = always'
	payouts p.csv 1 3
	try 5 submit p.csv
	has "held                3"
	has "the sums agree"
	complains "3 payouts wait for approval"
	complains "payrun approve $(batch)"
	try 0 status last
	complains "payrun approve $(batch)"
	[ "$(sandbox_ledger length)" -eq 0 ]
	try 5 resume
	complains "payrun status"
	try 5 resume "$(batch)"
	try 5 submit p.csv
	[ "$(sandbox_ledger length)" -eq 0 ]
	try 0 approve last --why 'seen and agreed'
	has "3 payouts approved"
	try 0 resume
	[ "$(sandbox_ledger length)" -eq 3 ]
	try 0 verify
}

@test "approve = above: the sum per currency of the valid rows decides, and a currency that is not named needs approval" {
	setting 'approve = above:USDT_TRX 10.50'
	setting 'suspected_duplicates = warn'
	payouts even.csv 1 2 5.25
	try 0 submit even.csv
	payouts over.csv 11 12 5.26
	try 5 submit over.csv
	has "held                2"
	payouts bad.csv 21 22 5.25
	echo "P-23,calypso,1000.25,USDT_TRX,nowhere,bad row" >>bad.csv
	try 1 submit --on-error skip bad.csv
	sed -i 's/^approve = .*/approve = above:USD 1000000/' payrun.conf
	payouts other.csv 31 31
	try 5 submit other.csv
	try 0 verify
}

@test "what was approved, by whom and why stands in the events and in the report" {
	setting 'approve = always'
	payouts p.csv 1 2 5.25
	try 5 submit p.csv
	try 0 approve last --why 'seen'
	try 0 resume
	who=$(payrun --json status last | jq -r '.batches[0].received_by')
	line=$(events approve)
	[ "$(cut -f11 <<<"$line")" = "$who" ]
	[ "$(cut -f14 <<<"$line")" = seen ]
	jq -e --arg sha "$(sha256sum p.csv | cut -d' ' -f1)" '.count == 2 and .file_sha256 == $sha and
		(.totals | length == 1) and .totals[0].currency == "USDT_TRX" and .totals[0].count == 2 and
		(.totals[0].amount | tonumber) == 10.5' <<<"$(cut -f10 <<<"$line")"
	try 0 report last --format csv
	[ "$(cut -d, -f31 <<<"${lines[1]}")" = "$who" ]
}

@test "whoever submitted can't approve under four_eyes, and nobody who is no approver" {
	setting 'approve = always'
	setting 'four_eyes = yes'
	payouts p.csv 1 2
	try 5 submit p.csv
	complains "not by whoever submitted"
	try 8 approve last
	complains "whoever submitted can't approve (four_eyes)"
	has_none=$(payrun --json status last | jq '.batches[0].by_state.held')
	[ "$has_none" -eq 2 ]
	[ -z "$(events approve)" ]
	try 8 approve last --reference P-1
	sed -i 's/^four_eyes = .*/four_eyes = no/' payrun.conf
	setting 'approvers = somebody-else,ben'
	try 8 approve last
	complains "somebody-else or ben may"
	try 8 reject last --why no
	complains "may not reject"
	sed -i "s/^approvers = .*/approvers = ben, $(me)/" payrun.conf
	try 0 approve last
	try 0 resume
	try 0 verify
}

@test "approve --reference releases what it names, and the others wait on" {
	setting 'approve = always'
	payouts p.csv 1 3
	try 5 submit p.csv
	try 0 approve last --reference P-1 --reference P-3
	try 5 resume
	has "1 held"
	[ "$(sandbox_ledger length)" -eq 2 ]
	[ "$(sandbox_ledger 'map(select(.reference == "P-2")) | length')" -eq 0 ]
}

@test "a rejected batch is closed for good" {
	setting 'approve = always'
	payouts p.csv 1 2
	try 5 submit p.csv
	try 0 reject last --why 'not ours'
	try 1 submit p.csv
	has "2 canceled"
	try 0 retry last
	has "0 payouts tried again"
	try 2 approve last --reference P-1
	[ "$(sandbox_ledger length)" -eq 0 ]
	try 0 verify
}

@test "what failed in a batch that was rejected later is closed with it" {
	setting 'approve = always'
	setting 'suspected_duplicates = warn'
	payouts p.csv 1 2 7.91
	try 5 submit p.csv
	try 0 approve last --reference P-1
	try 5 resume --wait final
	try 0 reject last --why 'the provider refuses it'
	try 2 retry last --reference P-1
	complains "rejected for good"
	payouts q.csv 1 1 7.00
	try 3 submit --corrects last q.csv
	has "rejected for good"
}

@test "a new attempt needs approval as its batch did" {
	setting 'approve = above:USDT_TRX 10'
	setting 'suspected_duplicates = warn'
	payouts p.csv 1 2 7.91
	try 5 submit p.csv
	try 0 approve last
	try 1 resume --wait final
	try 5 retry last --reference P-1
	has "They wait for approval: \`payrun approve"
	try 5 resume last
	try 0 approve last
	has "1 payouts approved"
	payouts small.csv 11 11 7.91
	try 1 submit --wait final small.csv
	try 0 retry last
	try 0 verify
}

@test "a correction needs approval as any file" {
	setting 'approve = above:USDT_TRX 5'
	setting 'suspected_duplicates = warn'
	payouts p.csv 1 1 7.91
	try 5 submit --batch-id B-1 p.csv
	try 0 approve B-1
	try 1 resume --wait final
	payouts q.csv 1 1 6.00
	try 5 submit --corrects B-1 --batch-id B-2 q.csv
	has "held                1"
	[ "$(sandbox_ledger length)" -eq 1 ]
	try 0 approve B-2
	has "1 payouts approved"
	try 0 resume --wait final B-2
	[ "$(sandbox_ledger length)" -eq 2 ]
	try 0 verify
}

@test "cancel and retry are no way round: what looked alike waits again, and a date holds" {
	payouts p.csv 1 1
	try 0 submit p.csv
	sed 's/^P-/Q-/' p.csv >q.csv
	try 5 submit q.csv
	try 0 cancel last
	try 5 retry last
	has "They wait for approval"
	try 5 resume last
	[ "$(sandbox_ledger length)" -eq 1 ]
	try 0 approve last
	try 0 resume
	[ "$(sandbox_ledger length)" -eq 2 ]
	payouts d.csv 11 11
	sed -i "1s/$/,execution_date/; 2,\$s/$/,$(date -u -d '+20 days' +%F)/" d.csv
	try 4 submit d.csv
	try 0 cancel last
	try 0 retry last
	try 4 resume last
	[ "$(sandbox_ledger length)" -eq 2 ]
	try 0 verify
}

@test "a date and --hold release nothing that was not approved" {
	setting 'approve = always'
	payouts p.csv 1 2
	sed -i "1s/$/,execution_date/; 2,\$s/$/,$(date -u -d '+20 days' +%F)/" p.csv
	try 5 submit p.csv
	try 0 approve last
	try 4 resume
	[ "$(sandbox_ledger length)" -eq 0 ]
	payouts held.csv 11 12
	try 0 submit --hold held.csv
	try 5 resume last
	[ "$(sandbox_ledger length)" -eq 0 ]
	try 0 verify
}

@test "a file that was paid before under other references is held as a whole, and told in one line" {
	payouts p.csv 1 6
	try 0 submit p.csv
	sed 's/^P-/Q-/' p.csv >q.csv
	try 5 submit q.csv
	[ "$(grep -c SUSPECTED <<<"$output")" -eq 1 ]
	has "warning BATCH_SUSPECTED: the whole file, 6 rows, looks like payouts that exist already (row 2: looks like row 2 of batch"
	has "payrun reject BATCH --why TEXT"
	has "held                6"
	[ "$(sandbox_ledger length)" -eq 6 ]
	try 0 reject last --why 'paid before'
	setting 'suspected_duplicates = error'
	sed 's/^P-/R-/' p.csv >r.csv
	payouts new.csv 11 20
	tail -n +2 new.csv >>r.csv
	try 3 submit --on-error skip r.csv
	has "error BATCH_SUSPECTED: 6 of 16 rows"
	[ "$(sandbox_ledger length)" -eq 6 ]
	try 0 verify
}

@test "--allow-duplicates pays what looks alike, with its reason in the events" {
	payouts p.csv 1 3
	try 0 submit p.csv
	sed 's/^P-/Q-/' p.csv >q.csv
	try 2 submit --allow-duplicates q.csv
	complains "wants --why"
	try 2 submit --why 'only so' q.csv
	try 0 submit --allow-duplicates --why 'the same rent for two flats' q.csv
	has "BATCH_SUSPECTED"
	[ "$(sandbox_ledger length)" -eq 6 ]
	line=$(events notice)
	[ "$(cut -f14 <<<"$line")" = 'the same rent for two flats' ]
	[ "$(cut -f10 <<<"$line")" = '{"allow_duplicates":true,"suspected":3}' ]
	sed -i 's/,1.25,/,1.26,/' q.csv
	try 3 submit --allow-duplicates --why 'no' q.csv
	has REFERENCE_CONFLICT
	try 0 verify
}

@test "--allow-duplicates is no way round approval" {
	payouts p.csv 1 2
	try 0 submit p.csv
	sed 's/^P-/Q-/' p.csv >q.csv
	setting 'approvers = somebody-else'
	try 8 submit --allow-duplicates --why x q.csv
	complains "may not approve"
	sed -i 's/^approvers = .*/four_eyes = yes/' payrun.conf
	try 8 submit --allow-duplicates --why x q.csv
	sed -i 's/^four_eyes = .*/approve = always/' payrun.conf
	try 5 submit --allow-duplicates --why x q.csv
	[ "$(sandbox_ledger length)" -eq 2 ]
}

@test "what looks alike is found across channels" {
	payouts p.csv 1 1
	try 0 submit p.csv
	sed 's/^\[channel calypso\]/[channel second]/; /^\[payrun\]/,/^$/d' payrun.conf >second
	sed -n '/^\[channel second\]/,/^$/p' second >>payrun.conf
	echo 'Q-1,second,1.25,USDT_TRX,'"$SANDBOX_TRON"',other' >rows
	head -n 1 p.csv | cat - rows >q.csv
	try 5 submit q.csv
	has "DUPLICATE_SUSPECTED: looks like row 2 of batch"
}

@test "check and --dry-run say what approval and which limits a file meets" {
	setting 'approve = above:USDT_TRX 2'
	setting 'approvers = ann, ben'
	setting 'four_eyes = yes'
	sed -i '/^provider = calypso/alimit_per_day = USDT_TRX 10\nlimit_per_batch = USDT_TRX 9' payrun.conf
	payouts p.csv 1 2
	try 0 check p.csv
	has "limit_per_batch of channel calypso  9 USDT_TRX: this file 3.5"
	has "limit_per_day of channel calypso  10 USDT_TRX: this file 3.5"
	has "needs approval (approve = above:USDT_TRX 2), by ann or ben, not by whoever submits: it is received and held"
	payouts one.csv 11 11 1.50
	try 0 submit one.csv
	try 0 submit --dry-run p.csv
	has "limit_per_day of channel calypso  10 USDT_TRX: this file 3.5, today so far 1.5, left 8.5"
	try 0 --json submit --dry-run p.csv
	json '.batches[0] | .approval and .by_state.held == 2 and (.limits | map(select(.limit == "limit_per_day"))[0] |
		.amount == "10" and .file == "3.5" and .spent == "1.5" and .left == "8.5" and .channel == "calypso")'
	try 5 --json submit p.csv
	json '.approval | .waiting == 2 and .approvers == ["ann", "ben"] and .four_eyes and .batch != "BATCH"'
}
