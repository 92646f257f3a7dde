#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "journal/spending.h"
#include "tests/support/journal_box.h"

#define TODAY 20261120
#define TOMORROW 20261121

static void count(struct journal_box *box, int64_t day, bool beneficiaries)
{
	assert_true(journal_begin(box->journal, &box->fault));
	assert_true(journal_spending_count(box->journal, box->channel, day, beneficiaries, &box->fault));
	assert_true(journal_commit(box->journal, &box->fault));
}

static int64_t spent(struct journal_box *box, int64_t day)
{
	int64_t minor = -1;

	assert_true(journal_spent(box->journal, box->channel, day, TEXT("USDT_TRX"), 2, &minor, &box->fault));
	return minor;
}

static int64_t spent_on(struct journal_box *box, int64_t day, const char *reference)
{
	struct attempt attempt = box_attempt(box, box_payout(box, reference));
	int64_t minor = -1;

	assert_true(journal_spent_on(box->journal, &attempt, day, &minor, &box->fault));
	return minor;
}

/* A move with everything that a claim needs; day 0 keeps what stands. */
static struct attempt step(struct journal_box *box, struct attempt before, enum payout_state to, int64_t day)
{
	struct attempt after = before;

	after.state = to;
	if (day != 0)
		after.claim_day = day;
	if (to == PAYOUT_SENDING) {
		after.sends++;
		after.open_since = box->now.utc_ms;
	}
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	return after;
}

/* A box whose payouts are received and whose lease is held. */
static void begin(struct journal_box *box)
{
	int64_t recovered = 0;

	box_open(box);
	box_receive(box, "b1", "INV", 4);
	assert_true(journal_lease_take(box->journal, 0, NULL, NULL, &recovered, &box->fault));
}

static struct attempt payout(struct journal_box *box, const char *reference)
{
	return box_attempt(box, box_payout(box, reference));
}

static const struct way {
	const char *name;
	int count;
	enum payout_state states[4];
	int64_t days[4];
	int64_t today, tomorrow;
} ways[] = {
	{"a claim counts", 1, {PAYOUT_SENDING}, {TODAY}, 1250, 0},
	{"a resend counts once, on the day of the claim", 3, {PAYOUT_SENDING, PAYOUT_UNKNOWN, PAYOUT_SENDING}, {TODAY},
		1250, 0},
	{"accepted and paid stay", 3, {PAYOUT_SENDING, PAYOUT_ACCEPTED, PAYOUT_PAID}, {TODAY}, 1250, 0},
	{"returned money had left that day", 4, {PAYOUT_SENDING, PAYOUT_ACCEPTED, PAYOUT_PAID, PAYOUT_RETURNED},
		{TODAY}, 1250, 0},
	{"failed gives back", 2, {PAYOUT_SENDING, PAYOUT_FAILED}, {TODAY}, 0, 0},
	{"failed later gives back", 3, {PAYOUT_SENDING, PAYOUT_ACCEPTED, PAYOUT_FAILED}, {TODAY}, 0, 0},
	{"a late success takes again", 3, {PAYOUT_SENDING, PAYOUT_FAILED, PAYOUT_ACCEPTED}, {TODAY}, 1250, 0},
	{"canceled gives back", 3, {PAYOUT_SENDING, PAYOUT_ACCEPTED, PAYOUT_CANCELED}, {TODAY}, 0, 0},
	{"put back gives back", 2, {PAYOUT_SENDING, PAYOUT_READY}, {TODAY}, 0, 0},
	{"claimed anew it counts on the new day", 3, {PAYOUT_SENDING, PAYOUT_READY, PAYOUT_SENDING},
		{TODAY, 0, TOMORROW}, 0, 1250},
	{"what was never claimed spends nothing", 1, {PAYOUT_CANCELED}, {0}, 0, 0},
};

static void an_attempt_spends_while_its_money_may_be_gone(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const struct way *way = &ways[i];
		struct journal_box box;
		struct attempt at;
		int64_t today, tomorrow;

		begin(&box);
		count(&box, TODAY, true);
		count(&box, TOMORROW, true);
		at = payout(&box, "INV-1");
		for (int k = 0; k < way->count; k++)
			at = step(&box, at, way->states[k], way->days[k]);
		today = spent(&box, TODAY);
		tomorrow = spent(&box, TOMORROW);
		if (today != way->today || tomorrow != way->tomorrow)
			fail_msg("%s: %lld and %lld", way->name, (long long)today, (long long)tomorrow);
		assert_int_equal(spent_on(&box, TODAY, "INV-1"), way->today);
		assert_string_equal(box_verify(&box, ""), "");
		box_close(&box);
	}
}

static void beneficiaries_are_told_apart_and_the_channel_has_all(void **state)
{
	struct journal_box box;

	(void)state;
	begin(&box);
	count(&box, TODAY, true);
	step(&box, payout(&box, "INV-1"), PAYOUT_SENDING, TODAY);
	step(&box, payout(&box, "INV-2"), PAYOUT_SENDING, TODAY);
	assert_int_equal(spent(&box, TODAY), 2500);
	assert_int_equal(spent_on(&box, TODAY, "INV-1"), 1250);
	assert_int_equal(spent_on(&box, TODAY, "INV-3"), 0);
	box_reopen(&box);
	assert_int_equal(spent_on(&box, TODAY, "INV-2"), 1250);
	box_close(&box);
}

/* Another channel or currency has its own sum. */
static void other_currencies_are_not_mixed_in(void **state)
{
	struct journal_box box;
	int64_t minor = -1;

	(void)state;
	begin(&box);
	count(&box, TODAY, false);
	step(&box, payout(&box, "INV-1"), PAYOUT_SENDING, TODAY);
	assert_true(journal_spent(box.journal, box.channel, TODAY, TEXT("USDC_ETH"), 2, &minor, &box.fault));
	assert_int_equal(minor, 0);
	assert_true(journal_spent(box.journal, box.channel + 1, TODAY, TEXT("USDT_TRX"), 2, &minor, &box.fault));
	assert_int_equal(minor, 0);
	box_close(&box);
}

/* A limit that is configured at noon counts the morning. */
static void counting_begins_with_what_was_claimed_before(void **state)
{
	struct journal_box box;

	(void)state;
	begin(&box);
	step(&box, payout(&box, "INV-1"), PAYOUT_SENDING, TODAY);
	step(&box, step(&box, payout(&box, "INV-2"), PAYOUT_SENDING, TODAY), PAYOUT_FAILED, 0);
	assert_int_equal(spent(&box, TODAY), 1250); /* added up where nothing is counted */
	count(&box, TODAY, false);
	assert_int_equal(spent(&box, TODAY), 1250);
	step(&box, payout(&box, "INV-3"), PAYOUT_SENDING, TODAY);
	count(&box, TODAY, true); /* and now each beneficiary too */
	assert_int_equal(spent(&box, TODAY), 2500);
	assert_int_equal(spent_on(&box, TODAY, "INV-1"), 1250);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_claim_that_is_rolled_back_spends_nothing(void **state)
{
	struct journal_box box;
	struct attempt before, after;
	enum move_result result;

	(void)state;
	begin(&box);
	count(&box, TODAY, true);
	before = after = payout(&box, "INV-1");
	after.state = PAYOUT_SENDING;
	after.sends = 1;
	after.open_since = box.now.utc_ms;
	after.claim_day = TODAY;
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_move(box.journal, &before, &after, TEXT(""), &result, &box.fault));
	assert_int_equal(spent(&box, TODAY), 1250);
	journal_rollback(box.journal);
	assert_int_equal(spent(&box, TODAY), 0);
	box_close(&box);
}

static void verify_finds_sums_and_days_that_do_not_follow_from_the_events(void **state)
{
	static const struct {
		const char *sql, *codes;
	} damages[] = {
		{"UPDATE spent SET minor = minor - 1 WHERE length(beneficiary) = 0", "JOURNAL_LIMITS"},
		{"UPDATE spent SET minor = minor + 1 WHERE length(beneficiary) > 0", "JOURNAL_LIMITS"},
		{"DELETE FROM spent", "JOURNAL_LIMITS"},
		{"INSERT INTO spent VALUES (1, 20261120, x'0102030405060708', 'USD', 2, 5)", "JOURNAL_LIMITS"},
		{"UPDATE attempts SET claim_day = 20261119 WHERE id = 1", "JOURNAL_STATE JOURNAL_LIMITS"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct journal_box box;

		begin(&box);
		count(&box, TODAY, true);
		step(&box, payout(&box, "INV-1"), PAYOUT_SENDING, TODAY);
		assert_string_equal(box_verify(&box, ""), "");
		assert_true(box_sql(&box, damages[i].sql));
		assert_string_equal(box_verify(&box, ""), damages[i].codes);
		box_close(&box);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_attempt_spends_while_its_money_may_be_gone),
		cmocka_unit_test(beneficiaries_are_told_apart_and_the_channel_has_all),
		cmocka_unit_test(other_currencies_are_not_mixed_in),
		cmocka_unit_test(counting_begins_with_what_was_claimed_before),
		cmocka_unit_test(a_claim_that_is_rolled_back_spends_nothing),
		cmocka_unit_test(verify_finds_sums_and_days_that_do_not_follow_from_the_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
