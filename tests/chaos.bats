# A few seconds of make chaos with a fixed seed: random deeds, faults and kills, and then the money is counted.

@test "chaos: whatever is done, no payout is paid twice, none is lost, and the journal is true" {
	command -v python3 >/dev/null || skip "SKIPPED: no python3 here"
	CHAOS_SEED=7 CHAOS_ROUNDS=1 CHAOS_STEPS=8 CHAOS_KEEP=$BATS_TEST_TMPDIR \
		run python3 "$BATS_TEST_DIRNAME/chaos/chaos.py" 3>&-
	[ "$status" -eq 0 ] || printf '%s\n' "$output" >&2
	[ "$status" -eq 0 ]
	[[ $output == *"violations: 0"* ]]
	[[ $output != *", 0 payouts in the ledgers"* ]]
}

@test "chaos: its count of the money finds a payout that was made twice" {
	command -v python3 >/dev/null || skip "SKIPPED: no python3 here"
	CHAOS_SEED=7 CHAOS_ROUNDS=1 CHAOS_STEPS=4 CHAOS_KEEP=$BATS_TEST_TMPDIR CHAOS_PROVE=1 \
		run python3 "$BATS_TEST_DIRNAME/chaos/chaos.py" 3>&-
	[ "$status" -eq 1 ]
	[[ $output == *"PAID TWICE"* ]]
	[[ $output == *"LOST"* ]]
}
