/*
 * What the loop of submit does before a request leaves, against providers, a network, a journal and a clock in memory:
 * claims, windows, look-ups (PROTOCOL sections 3 and 5), one rule a test.
 */
#include "tests/fake_network.h"

#include "base/bounds.h"

/* --- before the wire --------------------------------------------------------------------------------------------- */

static void each_row_is_paid_once_and_its_claim_is_durable_first(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 8);
	add_rows(500, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 500);
	assert_int_equal(fake.ledger_count, 500);
	assert_int_equal(run.result.progress.done, 500);
	assert_int_equal(run.result.progress.total, 500);
	/* A commit has outcomes and claims of a whole turn. */
	assert_true(fake_journal.commits < 500 / 4);
}

static void claims_at_most_twice_the_workers(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 3);
	add_rows(50, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.most_sending, 6);
	assert_int_equal(fake.ledger_count, 50);
}

static void claims_no_more_than_the_limiter_grants_within_a_second(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 2, 8);
	add_rows(20, 1);
	int64_t begun = fake.now.mono_ms;
	fake.answer_ms = 1;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_true(fake_journal.most_sending <= 3); /* two, and one whose answer comes */
	/* And it never idles while there is a grant. */
	assert_in_range(fake.now.mono_ms - begun, 9 * SECOND, 10 * SECOND + 300);
}

static void lanes_of_a_rate_group_share_grants_and_all_get_on(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 4, 8)->rate_group = "g";
	fake_channel("b", FAKE_ASKS, 4, 8)->rate_group = "g";
	add_rows(20, 1);
	add_rows(20, 2);
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.ledger_count, 40);
	assert_true(fake_journal.most_sending <= 5);
	assert_int_equal(fake.refused_admits, 0);
	assert_in_range(fake.now.mono_ms - begun, 9 * SECOND, 10 * SECOND + 300);
}

static void a_claim_older_than_ten_seconds_is_not_sent(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(1, 1);
	fake.connect_ms = BOUND_CLAIM_AGE_MS;
	run.options.wait_limit_ms = 30 * SECOND;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 0);
	assert_true(fake.refused_admits > 0);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_READY);
	assert_int_equal(fake_journal.durable[0].sends, 0);
	assert_int_equal(fake_journal.durable[0].open_since, 0);
}

static void rows_behind_slow_answers_go_back_before_they_are_stale(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 2);
	add_rows(12, 1);
	fake.answer_ms = 14 * SECOND;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.ledger_count, 12);
	assert_int_equal(fake.refused_admits, 0);
}

static void lose_lease(void)
{
	if (fake.creates == 3)
		fake_journal.leased = false;
}

static void nothing_is_sent_once_the_lock_file_is_another(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(10, 1);
	fake.turn = lose_lease;
	assert_int_equal(run_submit(), SUBMIT_FAILED);
	assert_string_equal(run.fault.code, "JOURNAL_LOCKED");
	assert_int_equal(fake.creates, 3);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_int_equal(fake_count(PAYOUT_READY), 7);
	assert_true(fake.refused_admits <= 2);
}

static void move_fifth_row(struct journal *journal)
{
	struct attempt *row = &journal->rows[4];
	if (row->version != 1 || fake.creates == 0)
		return;
	row->version = 2;
	fake_keep(row);
}

static void a_row_moved_beside_the_run_is_read_again(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(5, 1);
	run.options.workers = 1;
	fake_journal.beside = move_fifth_row;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 5);
	assert_int_equal(fake.creates, 5);
}

/* --- windows, without a look-up ---------------------------------------------------------------------------------- */

static enum fate first_is_lost_after(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_CREATE && number == 1 ? FATE_LOST_AFTER : FATE_TAKEN;
}

static void a_lost_answer_is_asked_for_again_with_the_same_key_inside_the_window(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 4);
	add_rows(3, 1);
	fake.fate = first_is_lost_after;
	fake.clock_ticks = true; /* events of a turn are younger than its beginning */
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 3);
	assert_int_equal(fake.ledger_count, 3);
	assert_int_equal(fake.creates, 4);
	assert_int_equal(run.result.unknown_past, 0);
}

static void a_closed_window_leaves_the_row_to_a_person(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 4);
	add_unknown(1, FAKE_WINDOW_MS - 30 * SECOND - BOUND_WINDOW_MARGIN_MS);
	add_rows(2, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(run.result.unknown_past, 1);
	assert_int_equal(fake.creates, 2);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_UNKNOWN);
}

static void a_window_that_closes_while_the_connection_is_made_stays_closed(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 4);
	add_unknown(1, FAKE_WINDOW_MS - 30 * SECOND - BOUND_WINDOW_MARGIN_MS - 2 * SECOND);
	fake.connect_ms = 3 * SECOND;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake.refused_admits, 1);
	assert_int_equal(run.result.unknown_past, 1);
	assert_int_equal(fake_journal.durable[0].sends, 1);
}

static void windows_are_closed_while_the_wall_clock_stands_before_the_newest_event(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 4);
	add_unknown(1, 10 * MINUTE);
	fake_journal.newest_ms = fake.now.utc_ms + 1;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(run.result.unknown_past, 1);
}

static void set_clock_back(void)
{
	static const int64_t by = 5 * MINUTE;
	if (fake.runs == 1)
		fake.now.utc_ms -= by;
}

static void a_clock_set_back_between_claim_and_send_closes_the_window(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 4);
	add_unknown(1, 20 * MINUTE);
	fake.turn = set_clock_back;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(run.result.unknown_past, 1);
}

static enum fate all_lost_after(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_CREATE ? FATE_LOST_AFTER : FATE_TAKEN;
}

static enum fate second_row_is_lost(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->reference == 102 ? FATE_LOST_BEFORE : FATE_TAKEN;
}

static void a_provider_whose_clock_is_off_closes_windows_until_it_says_otherwise(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 1);
	add_rows(2, 1);
	fake.date_off_ms = BOUND_CLOCK_SKEW_MS + SECOND;
	fake.fate = second_row_is_lost; /* an answer without a Date says nothing about the clock */
	run.options.wait_limit_ms = 5 * MINUTE;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 2);
	assert_int_equal(run.result.unknown_past, 1);
}

/* --- look-ups ---------------------------------------------------------------------------------------------------- */

static void what_was_lost_is_looked_up_and_never_sent_blindly(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(5, 1);
	fake.fate = all_lost_after;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 5);
	assert_int_equal(fake.creates, 5);
	assert_int_equal(fake.lookups, 5);
}

static void what_never_arrived_is_sent_again_under_its_key_and_bytes(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(3, 1);
	for (int i = 0; i < 20; i++)
		add_unknown(1, MINUTE);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 23);
	assert_int_equal(fake.lookups, 20);
	assert_int_equal(fake_journal.durable[3].sends, 2);
	assert_true(text_is(fake_journal.durable[3].payload, "{\"amount\":101}"));
}

/* Questions must not take the grants that what was asked about needs: nothing would ever be sent. */
static void many_unknown_rows_are_all_sent_however_rare_grants_are(void **state)
{
	(void)state;
	struct channel *channel = fake_channel("a", FAKE_ASKS, 3, 8);
	channel->rate_period_ms = 60 * SECOND;
	for (int i = 0; i < 30; i++)
		add_unknown(1, MINUTE);
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 30);
	assert_in_range(fake.lookups, 30, 34);
	assert_true(fake.now.mono_ms - begun < 65 * 20 * SECOND);
}

static void a_key_that_is_known_is_only_looked_up(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(1, 1);
	struct fake_call elsewhere = {.provider = FAKE_ASKS, .key = fake_journal.rows[0].key, .reference = 1};
	ledger_add(&elsewhere);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1);
	assert_int_equal(fake.creates, 1);
	assert_int_equal(fake.ledger_count, 1);
}

static enum fate questions_are_throttled(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_LOOKUP && number <= 3 ? FATE_THROTTLED : FATE_TAKEN;
}

static void a_look_up_that_is_throttled_is_asked_again_later(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_unknown(1, MINUTE);
	fake.fate = questions_are_throttled;
	fake.retry_after_ms = 2 * SECOND;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1);
	assert_int_equal(fake.lookups, 4);
	assert_true(fake.now.mono_ms - begun >= 6 * SECOND);
}

static enum fate look_ups_mismatch(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_LOOKUP ? FATE_MISMATCH : FATE_TAKEN;
}

static void a_mismatch_on_a_look_up_stops_sending_and_is_not_asked_again(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_unknown(1, MINUTE);
	add_rows(20, 1);
	fake.fate = look_ups_mismatch;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.lookups, 1);
	assert_true(fake.creates <= 1);
	assert_non_null(notice_of("ANSWER_MISMATCH", "a"));
	assert_int_equal(run.result.unknown_past, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(each_row_is_paid_once_and_its_claim_is_durable_first),
		T(claims_at_most_twice_the_workers),
		T(claims_no_more_than_the_limiter_grants_within_a_second),
		T(lanes_of_a_rate_group_share_grants_and_all_get_on),
		T(a_claim_older_than_ten_seconds_is_not_sent),
		T(rows_behind_slow_answers_go_back_before_they_are_stale),
		T(nothing_is_sent_once_the_lock_file_is_another),
		T(a_row_moved_beside_the_run_is_read_again),
		T(a_lost_answer_is_asked_for_again_with_the_same_key_inside_the_window),
		T(a_closed_window_leaves_the_row_to_a_person),
		T(a_window_that_closes_while_the_connection_is_made_stays_closed),
		T(windows_are_closed_while_the_wall_clock_stands_before_the_newest_event),
		T(a_clock_set_back_between_claim_and_send_closes_the_window),
		T(a_provider_whose_clock_is_off_closes_windows_until_it_says_otherwise),
		T(what_was_lost_is_looked_up_and_never_sent_blindly),
		T(what_never_arrived_is_sent_again_under_its_key_and_bytes),
		T(many_unknown_rows_are_all_sent_however_rare_grants_are),
		T(a_key_that_is_known_is_only_looked_up),
		T(a_look_up_that_is_throttled_is_asked_again_later),
		T(a_mismatch_on_a_look_up_stops_sending_and_is_not_asked_again),
	};
	return cmocka_run_group_tests_name("submit", tests, NULL, NULL);
}
