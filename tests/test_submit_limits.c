/*
 * Limits of a channel at the claim: what the day has room for is sent, the rest stays ready. With providers, network,
 * journal and clock in memory; payout N is worth 100 + N, to a beneficiary of its own.
 */
#include "tests/fake_network.h"

#include "stages/allowance.h"

#define DAY (24 * 60 * MINUTE)

/* hundredths of the one currency that the rows have */
static void limit_to(struct channel *channel, enum channel_limit limit, int64_t hundredths)
{
	channel->limits[limit] =
		(struct limit){.amounts = {{.whole = hundredths / 100, .fraction = hundredths % 100 * 1000000}},
			.count = 1,
			.given = true};
}

static int64_t today(void)
{
	return allowance_today(&(struct allowance_day){0}, NULL, fake.now.utc_ms);
}

static void what_the_day_has_no_room_for_stays_ready_until_one_that_has(void **state)
{
	(void)state;
	limit_to(fake_channel("a", FAKE_ASKS, 0, 4), CHANNEL_LIMIT_DAY, 310);
	add_rows(5, 1); /* 101, 102, 103 are 306 */
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_int_equal(fake_count(PAYOUT_READY), 2);
	assert_int_equal(fake_journal.durable[0].claim_day, today());
	assert_int_equal(fake_journal.durable[4].claim_day, 0);
	const struct notice *notice = notice_of("LIMIT_PER_DAY", "a");
	assert_non_null(notice);
	assert_false(notice->person);
	assert_non_null(strstr(notice->message, "3.06 of it is spent today"));
	assert_non_null(strstr(notice->message, "one of 1.04 is the first"));
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	fake.now.utc_ms += DAY;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 5);
	assert_int_equal(fake.ledger_count, 5);
}

static void exactly_as_much_as_the_limit_passes(void **state)
{
	(void)state;
	limit_to(fake_channel("a", FAKE_ASKS, 0, 1), CHANNEL_LIMIT_DAY, 306);
	add_rows(3, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
}

static enum fate refuse_first(const struct fake_call *call, int64_t number)
{
	(void)call;
	return number == 1 ? FATE_REFUSED : FATE_TAKEN;
}

static void what_failed_gives_its_amount_back(void **state)
{
	(void)state;
	limit_to(fake_channel("a", FAKE_ASKS, 0, 1), CHANNEL_LIMIT_DAY, 310);
	add_rows(4, 1);
	fake.fate = refuse_first;
	run_submit();
	run_submit(); /* 102 + 103 + 104 are 309 */
	assert_int_equal(fake_count(PAYOUT_FAILED), 1);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
}

/* Its money may be gone already: nothing is won by keeping it back. */
static void a_resend_needs_no_room(void **state)
{
	(void)state;
	limit_to(fake_channel("a", FAKE_ASKS, 0, 1), CHANNEL_LIMIT_DAY, 101);
	struct attempt *row = add_unknown(1, MINUTE);
	row->claim_day = today();
	fake_keep(row);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1);
	assert_null(notice_of("LIMIT_PER_DAY", "a"));
}

static void a_resend_stays_on_the_day_of_its_claim(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	struct attempt *row = add_unknown(1, MINUTE);
	row->claim_day = 20260101;
	fake_keep(row);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1);
	assert_int_equal(fake_journal.durable[0].claim_day, 20260101);
}

static void each_channel_has_limits_of_its_own(void **state)
{
	(void)state;
	limit_to(fake_channel("a", FAKE_ASKS, 0, 4), CHANNEL_LIMIT_DAY, 110);
	fake_channel("b", FAKE_ASKS, 0, 4);
	add_rows(2, 1);
	add_rows(2, 2);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_null(notice_of("LIMIT_PER_DAY", "b"));
}

/* A limit was lowered since these were received, or takes another currency now. */
static void what_no_day_would_have_room_for_is_for_a_person(void **state)
{
	static const struct {
		enum channel_limit limit;
		const char *code;
	} table[] = {
		{CHANNEL_LIMIT_PAYOUT, "LIMIT_PER_PAYOUT"},
		{CHANNEL_LIMIT_BATCH, "LIMIT_PER_BATCH"},
		{CHANNEL_LIMIT_DAY, "LIMIT_PER_DAY"},
		{CHANNEL_LIMIT_BENEFICIARY_DAY, "LIMIT_PER_BENEFICIARY_DAY"},
	};

	(void)state;
	for (int i = 0; i < 2 * (int)(sizeof table / sizeof *table); i++) {
		run_open();
		struct channel *channel = fake_channel("a", FAKE_ASKS, 0, 4);
		limit_to(channel, table[i / 2].limit, 100);
		if (i % 2 == 1)
			snprintf(channel->limits[table[i / 2].limit].amounts[0].currency, CURRENCY_SIZE, "USD");
		add_rows(1, 1);
		assert_int_equal(run_submit(), SUBMIT_DONE);
		assert_int_equal(fake_count(PAYOUT_READY), 1);
		assert_int_equal(fake.creates, 0);
		const struct notice *notice = notice_of(table[i / 2].code, "a");
		assert_true(notice != NULL && notice->person);
		fake_journal_close();
	}
	run_open();
}

/* What was on its way while its batch was rejected, and came back unsent. What was never moved was called off then. */
static void what_comes_back_to_a_rejected_batch_is_called_off(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(3, 1);
	fake_journal.rows[1].version = 3;
	fake_keep(&fake_journal.rows[1]);
	fake_journal.rows[2].version = 3;
	fake_journal.rows[2].batch = 2;
	fake_keep(&fake_journal.rows[2]);
	fake_journal.rejected = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_CANCELED);
	assert_true(text_is(fake_journal.durable[1].reason_code, "REFUSED_BY_PERSON"));
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
}

/* The day is asked for once a minute: midnight is not missed by more. */
static void a_day_is_one_of_the_zone(void **state)
{
	struct allowance_day kept = {0};
	const int64_t before = 1793231999000; /* 23:59:59 UTC */

	(void)state;
	assert_int_equal(
		allowance_today(&kept, "UTC", before), allowance_today(&(struct allowance_day){0}, NULL, before));
	assert_int_equal(allowance_today(&kept, "UTC", before + 1000),
		allowance_today(&(struct allowance_day){0}, "UTC", before + 1000));
	assert_true(allowance_today(&(struct allowance_day){0}, "Pacific/Kiritimati", before) >
		    allowance_today(&(struct allowance_day){0}, "Pacific/Pago_Pago", before));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(what_the_day_has_no_room_for_stays_ready_until_one_that_has),
		T(exactly_as_much_as_the_limit_passes),
		T(what_failed_gives_its_amount_back),
		T(a_resend_needs_no_room),
		T(a_resend_stays_on_the_day_of_its_claim),
		T(each_channel_has_limits_of_its_own),
		T(what_no_day_would_have_room_for_is_for_a_person),
		T(what_comes_back_to_a_rejected_batch_is_called_off),
		T(a_day_is_one_of_the_zone),
	};
	return cmocka_run_group_tests_name("submit_limits", tests, NULL, NULL);
}
