/*
 * Destinations in the loop of submit: prepared once, before any payout names them, by the rules of a payout (PROTOCOL
 * section 6), against fakes in memory. Rows with an even amount (100 + their number) want one.
 */

#include "tests/fake_network.h"

#include "base/bounds.h"

static void prepares(int rows, int64_t banks, int workers)
{
	fake_channel("c", FAKE_PREPARES, 0, workers);
	fake.banks_wanted = banks;
	add_rows(rows, 1);
}

/* Every account was created once, and those that want one name one. */
static void assert_banks(int count)
{
	int64_t named = 0;
	assert_int_equal(fake.bank_count, count);
	for (int i = 0; i < fake.bank_count; i++) {
		named += fake.banks[i].named;
		for (int k = 0; k < i; k++)
			assert_memory_not_equal(&fake.banks[i].key, &fake.banks[k].key, sizeof(struct key));
	}
	assert_int_equal(named, fake.ledger_count / 2);
}

static void one_is_prepared_for_all_rows_that_share_it(void **state)
{
	(void)state;
	prepares(200, 3, 8);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 200);
	assert_int_equal(fake.prepares, 3);
	assert_banks(3);
	assert_int_equal(run.result.progress.sent, 200);
	assert_int_equal(fake_journal.durable_destinations[0].state, DESTINATION_USABLE);
	assert_int_equal(fake_journal.durable_destinations[0].open_since, 0);
	/* the next run finds them */
	add_rows(20, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.prepares, 3);
}

static void each_row_may_have_its_own(void **state)
{
	(void)state;
	prepares(100, 1000, 8);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 100);
	assert_banks(50);
}

static int64_t reasons_seen;

static void look_at_reasons(void)
{
	for (int i = 0; i < fake_journal.count; i++) {
		const struct attempt *row = &fake_journal.durable[i];
		if (text_is(row->reason_code, "DESTINATION_PENDING") && row->state == PAYOUT_READY)
			reasons_seen++;
	}
}

static void rows_wait_while_it_is_pending_and_others_go_on(void **state)
{
	(void)state;
	prepares(40, 2, 4);
	reasons_seen = 0;
	fake.bank_pending_ms = 3 * MINUTE;
	fake.turn = look_at_reasons;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 40);
	assert_banks(2);
	assert_true(reasons_seen > 0);
	assert_true(fake.now.mono_ms - begun >= 3 * MINUTE);
	assert_true(fake.now.mono_ms - begun < 5 * MINUTE);
	assert_in_range(fake.asked_banks, 4, 60); /* with back-off, once for all that share one */
	for (int i = 0; i < 40; i++) {
		assert_int_equal(fake_journal.durable[i].sends, 1);
		assert_int_equal(fake_journal.durable[i].reason_code.len, 0);
	}
}

static enum fate banks_are_refused(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_PREPARE ? FATE_REFUSED : FATE_TAKEN;
}

static void rows_that_share_one_go_as_soon_as_it_is_usable(void **state)
{
	(void)state;
	prepares(100, 1, 8);
	fake.bank_pending_ms = 100;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 100);
	assert_true(fake.now.mono_ms - begun < 5 * SECOND);
}

static void rows_of_a_refused_one_wait_for_a_person(void **state)
{
	(void)state;
	prepares(20, 2, 4);
	fake.fate = banks_are_refused;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 10);
	assert_int_equal(fake_count(PAYOUT_READY), 10);
	assert_int_equal(run.result.unknown_past, 10);
	assert_int_equal(fake.prepares, 2);
	assert_non_null(notice_of("DESTINATION_REFUSED", "c"));
	for (int i = 0; i < 20; i++)
		if (fake_journal.durable[i].state == PAYOUT_READY)
			assert_true(text_is(fake_journal.durable[i].reason_code, "DESTINATION_REFUSED"));
	/* Another run by itself asks nothing; by name it is asked for anew, under another key. */
	fake.fate = NULL;
	fake_pass(MINUTE);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.prepares, 2);
	run.options.release_hold = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 20);
	assert_int_equal(fake_journal.durable_destinations[2].number, 2);
	assert_banks(2);
}

static void one_that_fails_later_is_refused(void **state)
{
	(void)state;
	prepares(2, 1, 4);
	fake.bank_pending_ms = 10 * SECOND;
	fake.banks_fail = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1);
	assert_int_equal(run.result.unknown_past, 1);
	assert_int_equal(fake_journal.durable_destinations[0].state, DESTINATION_REFUSED);
}

static enum fate first_bank_is_lost(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_PREPARE && number == 1 ? FATE_LOST_AFTER : FATE_TAKEN;
}

static void a_lost_answer_is_asked_for_again_with_the_same_key(void **state)
{
	(void)state;
	prepares(10, 1, 4);
	fake.fate = first_bank_is_lost;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 10);
	assert_int_equal(fake.prepares, 2);
	assert_banks(1);
	assert_int_equal(fake_journal.durable_destinations[0].sends, 2);
}

static enum fate banks_are_lost(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_PREPARE ? FATE_LOST_AFTER : FATE_TAKEN;
}

static void after_the_window_a_person_decides(void **state)
{
	(void)state;
	prepares(4, 1, 4);
	fake.fate = banks_are_lost;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake_journal.durable_destinations[0].state, DESTINATION_UNKNOWN);
	assert_true(fake_journal.durable_destinations[0].open_since > 0);
	fake_pass(FAKE_WINDOW_MS);
	fake.fate = NULL;
	int64_t prepared = fake.prepares;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.prepares, prepared);
	assert_int_equal(run.result.unknown_past, 2);
	assert_non_null(notice_of("DESTINATION_UNKNOWN", "c"));
	run.options.release_hold = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 4);
}

static enum fate first_does_not_connect(const struct fake_call *call, int64_t number)
{
	static int64_t tries;
	(void)number;
	return call->operation == OPERATION_PREPARE && ++tries == 1 ? FATE_NOT_SENT : FATE_TAKEN;
}

static void one_that_never_left_counts_no_send(void **state)
{
	(void)state;
	prepares(2, 1, 4);
	fake.fate = first_does_not_connect;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
	assert_int_equal(fake_journal.durable_destinations[0].sends, 1);
}

static enum fate banks_stop(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_PREPARE ? FATE_STOP : FATE_TAKEN;
}

static void a_stop_on_a_creation_stops_the_channel(void **state)
{
	(void)state;
	prepares(40, 1, 1);
	fake.fate = banks_stop;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.prepares, 1);
	assert_true(fake_count(PAYOUT_READY) >= 20);
	assert_int_equal(fake_journal.durable_destinations[0].state, DESTINATION_UNKNOWN);
	assert_int_equal(fake_journal.durable_destinations[0].open_since, 0);
	assert_non_null(notice_of("CHANNEL_AUTH", "c"));
}

static void a_claim_of_a_creation_grows_stale_as_any(void **state)
{
	(void)state;
	prepares(2, 1, 1);
	fake.connect_ms = BOUND_CLAIM_AGE_MS;
	run.options.wait_limit_ms = 30 * SECOND;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.prepares, 0);
	assert_int_equal(fake_journal.durable_destinations[0].state, DESTINATION_UNKNOWN);
	assert_int_equal(fake_journal.durable_destinations[0].sends, 0);
}

static enum fate first_row_has_no_funds(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_CREATE && call->reference == 101 ? FATE_NO_FUNDS : FATE_TAKEN;
}

static void a_key_that_goes_on_giving_its_refusal_is_spent(void **state)
{
	(void)state;
	prepares(1, 0, 1);
	fake.fate = first_row_has_no_funds;
	run.options.cured = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_READY);
	assert_int_equal(fake.creates, BOUND_BALANCE_REFUSALS); /* within one run nothing was cured */
	fake_pass(MINUTE);
	run.options.cured = false;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_READY); /* a later run alone is no cure */
	fake_pass(MINUTE);
	run.options.cured = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_FAILED);
	assert_true(text_is(fake_journal.durable[0].reason_code, "KEY_SPENT"));
}

/* The row wants 1.01. */
static void funds_that_suffice_show_that_a_key_is_spent(void **state)
{
	static const struct {
		const char *funds;
		enum payout_state state;
		int64_t creates; /* of the second run */
	} table[] = {
		{"1.00", PAYOUT_READY, 0}, /* it is not even sent */
		{"0.00", PAYOUT_READY, 0},
		{"nonsense", PAYOUT_READY, BOUND_BALANCE_REFUSALS}, /* nobody knows: refused again, and no end */
		{"1.01", PAYOUT_FAILED, 1},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		close_run(state);
		run_open();
		prepares(1, 0, 1);
		fake.fate = first_row_has_no_funds;
		assert_int_equal(run_submit(), SUBMIT_DONE);
		int64_t creates = fake.creates;
		fake_pass(MINUTE);
		fake.funds = table[i].funds;
		assert_int_equal(run_submit(), SUBMIT_DONE);
		assert_true(fake.funds_asked > 0);
		assert_int_equal(fake.creates - creates, table[i].creates);
		assert_int_equal(fake_journal.durable[0].state, table[i].state);
		assert_int_equal(
			text_is(fake_journal.durable[0].reason_code, "KEY_SPENT"), table[i].state == PAYOUT_FAILED);
		assert_true(
			table[i].state == PAYOUT_FAILED || notice_of("CHANNEL_BALANCE", run.channels[0].name) != NULL);
	}
}

static void a_key_that_funds_set_free_pays(void **state)
{
	(void)state;
	prepares(1, 0, 1);
	fake.fate = first_row_has_no_funds;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	fake_pass(MINUTE);
	fake.funds = "5.00";
	fake.fate = NULL;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_ACCEPTED);
}

static enum fate some_are_lost(const struct fake_call *call, int64_t number)
{
	(void)call;
	return number % 3 == 1 ? FATE_LOST_AFTER : number % 3 == 2 ? FATE_LOST_BEFORE : FATE_TAKEN;
}

/* Whatever call of the journal the process dies at: one account for each body, one payout for each row. */
static void a_crash_anywhere_creates_none_twice(void **state)
{
	(void)state;
	for (int64_t at = 1;; at++) {
		close_run(state);
		run_open();
		prepares(6, 2, 2);
		fake.fate = at % 2 == 1 ? some_are_lost : NULL;
		fake.bank_pending_ms = at % 3 == 1 ? SECOND : 0;
		fake_journal.die_at = at;
		bool died = run_submit() == SUBMIT_FAILED;
		if (died) {
			fake_journal_recover();
			fake.dead = false;
			assert_int_equal(run_submit(), SUBMIT_DONE);
		}
		assert_int_equal(fake_count(PAYOUT_ACCEPTED), 6);
		assert_int_equal(fake.ledger_count, 6);
		assert_int_equal(fake.bank_count, 2);
		if (!died)
			return;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(one_is_prepared_for_all_rows_that_share_it),
		T(each_row_may_have_its_own),
		T(rows_wait_while_it_is_pending_and_others_go_on),
		T(rows_that_share_one_go_as_soon_as_it_is_usable),
		T(rows_of_a_refused_one_wait_for_a_person),
		T(one_that_fails_later_is_refused),
		T(a_lost_answer_is_asked_for_again_with_the_same_key),
		T(after_the_window_a_person_decides),
		T(one_that_never_left_counts_no_send),
		T(a_stop_on_a_creation_stops_the_channel),
		T(a_claim_of_a_creation_grows_stale_as_any),
		T(a_key_that_goes_on_giving_its_refusal_is_spent),
		T(funds_that_suffice_show_that_a_key_is_spent),
		T(a_key_that_funds_set_free_pays),
		T(a_crash_anywhere_creates_none_twice),
	};
	return cmocka_run_group_tests_name("submit_destination", tests, NULL, NULL);
}
