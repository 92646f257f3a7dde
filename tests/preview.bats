# The preview that ends check: what the file would pay, where, to whom for the first time, and who has to approve it.
load helpers/sandbox
load helpers/payrun

setup() {
	new_sandbox_home
}

teardown() {
	stop_sandbox || true
}

rows() {
	echo reference,channel,amount,currency,wallet_address
	echo "A-1,calypso,1.25,USDT_TRX,$SANDBOX_TRON"
	echo "A-2,calypso,2.25,USDT_TRX,$SANDBOX_TRON"
}

@test "check counts beneficiaries that were never paid before, by the journal, and touches nothing" {
	rows >a.csv
	run payrun check a.csv
	[ "$status" -eq 0 ]
	has "new beneficiaries 1"
	payrun -q submit a.csv >/dev/null
	rows | sed 's/A-/B-/; s/\.25/.5/' >b.csv
	echo "B-3,calypso,3.5,USDT,$SANDBOX_EVM" >>b.csv
	before=$(sha256sum payrun.db)
	run payrun check b.csv
	[ "$status" -eq 0 ]
	has "new beneficiaries 1"
	payrun --json check b.csv >doc
	[ "$(jq '.batches[0].new_beneficiaries' doc)" -eq 1 ]
	[ "$(sha256sum payrun.db)" = "$before" ]
	try 0 verify
}

@test "without a journal, or with one that can't be read, nobody can tell who is new, and check goes on" {
	rows >a.csv
	rm payrun.db*
	run payrun check a.csv
	[ "$status" -eq 0 ]
	hasnt "new beneficiaries"
	echo "no journal at all" >payrun.db
	payrun --json check a.csv >doc
	[ "$(jq '.batches[0].new_beneficiaries' doc)" = null ]
}

@test "the preview of check has sums, host, largest and what would be held, in words and in --json" {
	{
		rows
		for i in 3 4 5 6 7; do echo "A-$i,calypso,$i.75,USDT,$SANDBOX_EVM"; done
		echo 'A-8,calypso,x,USDT,0x1'
	} >a.csv
	sed -i 's/^approve = .*/approve = above:USDT_TRX 100/' payrun.conf
	grep -q '^approve' payrun.conf || sed -i '/^\[payrun\]/a approve = above:USDT_TRX 100' payrun.conf
	run payrun check --on-error skip a.csv
	[ "$status" -eq 1 ]
	has "8 rows, 7 good, 1 with errors"
	has "SANDBOX"
	has "7.75"
	has "needs approval"
	[ "$(grep -c ' row [0-9]' <<<"$(grep -A4 '^largest' <<<"$output")")" -eq 5 ]
	has "of them held"
	payrun --json check --on-error skip a.csv >doc || true
	jq -e '.batches[0] | .hosts[0].sandbox and (.largest | length) == 5 and .largest[0].amount == "7.75" and
		.largest[0].reference == "A-7" and .approval and .rows == 8 and .by_state.rejected == 1' doc >/dev/null
}
