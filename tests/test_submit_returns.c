/* Returns that are not complete: kept on the attempt, asked about although the payout is paid (PROTOCOL, section 8). */
#include "tests/fake_network.h"

#include "stages/outcome.h"

/* A paid payout at the provider that says this of it now. */
static struct attempt *add_paid(bool returning, enum payout_state said)
{
	struct attempt *row = fake_row(PAYOUT_PAID, 1, 1);
	struct fake_call call = {.provider = run.channels[0].provider, .key = row->key, .reference = 100 + row->payout};
	struct fake_payout *payout = ledger_add(&call);
	payout->state = said;
	row->provider_id = text_of(fake.ids[payout->id]);
	row->return_pending = returning;
	fake_keep(row);
	return row;
}

static void poll_follows_money_on_its_way_back_and_no_other_that_is_paid(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_paid(true, PAYOUT_RETURNED);
	add_paid(false, PAYOUT_RETURNED);
	add_paid(true, PAYOUT_PAID);
	run.options.send = false;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.statuses, 2);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_RETURNED);
	assert_int_equal(fake_journal.durable[0].return_pending, 0);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_PAID);
	assert_int_equal(fake_journal.durable[2].state, PAYOUT_PAID);
	assert_int_equal(fake_journal.durable[2].return_pending, 0); /* as the provider says now */
}

static void a_status_call_keeps_what_it_says_of_a_return(void **state)
{
	(void)state;
	static const struct {
		enum payout_state was, said;
		bool before, told;
		bool moved;
		const char *reason;
	} table[] = {
		{PAYOUT_ACCEPTED, PAYOUT_ACCEPTED, false, true, true, "a return is under way"},
		{PAYOUT_ACCEPTED, PAYOUT_ACCEPTED, true, true, false, ""},
		{PAYOUT_ACCEPTED, PAYOUT_PAID, false, true, true, "a return is under way"},
		{PAYOUT_PAID, PAYOUT_PAID, true, false, true, "a return is under way"},
		{PAYOUT_PAID, PAYOUT_RETURNED, true, false, true, "a return is under way"},
	};
	const struct moment now = {.utc_ms = INT64_C(1800000000000)};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attempt before = {.id = 7,
			.state = table[i].was,
			.provider_id = TEXT("p-1"),
			.provider_status = TEXT("complete"),
			.return_pending = table[i].before};
		struct http_answer answer = {.outcome = HTTP_ANSWERED, .code = "", .retry_after_ms = -1};
		struct receipt receipt = {.verdict = VERDICT_ACCEPTED,
			.provider_id = TEXT("p-1"),
			.provider_status = TEXT("complete"),
			.state = table[i].said,
			.reason = TEXT("a return is under way"),
			.code = "",
			.reason_code = "",
			.return_pending = table[i].told};
		struct outcome outcome;
		outcome_status(&before, &answer, &receipt, &now, &outcome);
		if (outcome.moved != table[i].moved)
			fail_msg("row %zu: moved %d", i, outcome.moved);
		assert_int_equal(outcome.after.return_pending, table[i].told);
		assert_int_equal(outcome.after.state, table[i].said);
		assert_true(text_is(outcome.after.reason, table[i].reason));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(poll_follows_money_on_its_way_back_and_no_other_that_is_paid),
		T(a_status_call_keeps_what_it_says_of_a_return),
	};
	return cmocka_run_group_tests_name("submit_returns", tests, NULL, NULL);
}
