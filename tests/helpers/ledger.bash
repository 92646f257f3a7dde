# The sandbox's ledger and payrun's JSON report in the same words, a line a payout, sorted: provider, key, amount,
# currency, id, state. For bats files and the demo.

# ledger_lines <LEDGER
ledger_lines() {
	jq -r '{"complete": "paid", "completed": "paid", "failed": "failed", "canceled": "canceled"} as $states |
		.payouts[] | [.provider, .key, .amount, .currency, .id, $states[.state | ascii_downcase] // .state] | @tsv' |
		LC_ALL=C sort
}

# journal_lines <REPORT: amounts as the ledger writes them, without zeros at the end.
journal_lines() {
	jq -r '.payouts[] | [.provider, .idempotency_key,
		(.amount | if test("[.]") then sub("0+$"; "") | sub("[.]$"; "") else . end),
		.currency, .provider_id, .state] | @tsv' | LC_ALL=C sort
}
