/*
 * How the loop of submit ends, and what it leaves: signals, --limit, --until, --wait-limit, poll, new attempts, a
 * journal or a network that fails. With providers, network, journal and clock in memory.
 */
#include <unistd.h>

#include "tests/fake_network.h"

#include "base/bounds.h"

/* --- stops ------------------------------------------------------------------------------------------------------- */

static int64_t creates_at_stop;

static void stop_at_five(void)
{
	if (fake.creates < 5 || run.stop.count > 0)
		return;
	run.stop.count = 1;
	creates_at_stop = fake.creates;
}

static void a_signal_lets_requests_finish_and_puts_claimed_rows_back_as_they_were(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(30, 1);
	fake.turn = stop_at_five;
	assert_int_equal(run_submit(), SUBMIT_STOPPED);
	assert_int_equal(fake_count(PAYOUT_SENDING), 0);
	assert_int_equal(fake_count(PAYOUT_UNKNOWN), 0);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), fake.ledger_count);
	assert_true(fake.creates <= creates_at_stop + 4); /* those that had a worker */
	for (int i = 0; i < 30; i++) {
		const struct attempt *row = &fake_journal.durable[i];
		assert_int_equal(row->sends, row->state == PAYOUT_READY ? 0 : 1);
		assert_true(row->state != PAYOUT_READY || (row->submitted_at == 0 && row->last_sent == 0));
	}
}

static void a_signal_before_anything_sends_nothing(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(3, 1);
	add_unknown(1, MINUTE);
	run.stop.count = 1;
	assert_int_equal(run_submit(), SUBMIT_STOPPED);
	assert_int_equal(fake.creates + fake.lookups, 0);
}

static void a_signal_while_a_lane_waits_ends_the_run(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	fake_row(PAYOUT_READY, 1, 1)->not_before = fake.now.utc_ms + 10 * MINUTE;
	fake.turn = NULL;
	run.stop.count = 0;
	run.options.wait_limit_ms = 60 * MINUTE;
	run.options.until_utc_ms = fake.now.utc_ms + 3 * SECOND;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_true(fake.now.mono_ms - 1000000 < 4 * SECOND);
}

static void nothing_is_claimed_from_until_on(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 10, 4);
	add_rows(100, 1);
	run.options.until_utc_ms = fake.now.utc_ms + 2 * SECOND;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_in_range(fake.creates, 15, 24);
	assert_int_equal(fake_count(PAYOUT_READY), 100 - fake.creates);
}

static enum fate lost_for_ever(const struct fake_call *call, int64_t number)
{
	(void)call, (void)number;
	return FATE_LOST_BEFORE;
}

static void the_wait_limit_ends_a_run_that_gets_nowhere(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(10, 1);
	fake.fate = lost_for_ever;
	run.options.wait_limit_ms = 3 * MINUTE;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_in_range(fake.now.mono_ms - begun, 2 * MINUTE, 3 * MINUTE + SECOND);
	assert_true(fake.runs < 5000);
}

static void a_run_does_not_sit_out_the_wait_limit_for_what_comes_later(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(2, 1);
	struct attempt *row = fake_row(PAYOUT_READY, 1, 1);
	row->not_before = fake.now.utc_ms + 20 * MINUTE;
	fake_keep(row);
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 2);
	assert_true(fake.now.mono_ms - begun < SECOND);
}

static void what_comes_later_gets_its_turn_while_others_get_on(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 1, 4)->rate_period_ms = MINUTE;
	struct attempt *row = fake_row(PAYOUT_READY, 1, 1);
	row->not_before = fake.now.utc_ms + 20 * MINUTE;
	fake_keep(row);
	add_rows(25, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 26);
}

/* --- limit ------------------------------------------------------------------------------------------------------- */

static void no_more_payouts_are_sent_than_the_limit_says(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	fake_channel("b", FAKE_ASKS, 0, 4);
	add_rows(1000, 1);
	add_rows(1000, 2);
	run.options.limit = 7;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 7);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 7);
}

static enum fate first_three_do_not_connect(const struct fake_call *call, int64_t number)
{
	static int tries;
	(void)call, (void)number;
	return ++tries <= 3 ? FATE_NOT_SENT : FATE_TAKEN;
}

static void what_never_left_does_not_count_for_the_limit(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 2);
	add_rows(20, 1);
	fake.fate = first_three_do_not_connect;
	run.options.limit = 2;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 2);
}

static void what_is_sent_again_counts_once_and_what_an_earlier_run_sent_counts_too(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	for (int i = 0; i < 5; i++)
		add_unknown(1, MINUTE);
	add_rows(5, 1);
	run.options.limit = 3;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 3);
}

/* --- poll -------------------------------------------------------------------------------------------------------- */

static void add_accepted(int count)
{
	for (int i = 0; i < count; i++) {
		struct attempt *row = fake_row(PAYOUT_ACCEPTED, 1, 1);
		struct fake_call call = {.provider = FAKE_ASKS, .key = row->key, .reference = row->payout};
		const struct fake_payout *payout = ledger_add(&call);
		row->provider_id = text_of(fake.ids[payout->id]);
		fake_keep(row);
	}
}

static void poll_asks_once_about_each_open_payout_and_sends_nothing(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_accepted(20);
	fake.ledger[3].state = PAYOUT_PAID;
	fake.ledger[4].state = PAYOUT_RETURNED;
	add_rows(3, 1);
	add_unknown(1, MINUTE);
	run.options.send = false;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake.lookups, 1);
	assert_int_equal(fake.statuses, 20);
	assert_int_equal(fake_count(PAYOUT_PAID), 1);
	assert_int_equal(fake_count(PAYOUT_RETURNED), 1);
	assert_int_equal(fake_count(PAYOUT_READY), 3);
	assert_int_equal(run.result.progress.total, 21);
	assert_int_equal(run.result.progress.done, 2);
	assert_true(fake.now.mono_ms - begun < 2 * SECOND);
}

static enum fate lost_once(const struct fake_call *call, int64_t number)
{
	(void)call;
	return number == 1 ? FATE_LOST_BEFORE : FATE_TAKEN;
}

static void poll_does_not_wait_for_a_second_try(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_unknown(1, MINUTE);
	fake.fate = lost_once;
	run.options.send = false;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.lookups, 1);
}

static void they_are_paid(void)
{
	if (fake.now.mono_ms >= 1000000 + 5 * SECOND)
		for (int i = 0; i < fake.ledger_count; i++)
			fake.ledger[i].state = PAYOUT_PAID;
}

static void wait_final_asks_until_each_payout_is_final(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(10, 1);
	run.options.wait_final = true;
	fake.turn = they_are_paid;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_PAID), 10);
	assert_int_equal(run.result.progress.done, 10);
	assert_in_range(fake.statuses, 20, 110);
}

/* --- a further attempt ------------------------------------------------------------------------------------------- */

static struct attempt *add_retry(enum payout_state earlier, int64_t channel, bool at_provider, enum payout_state said)
{
	struct attempt *row = fake_row(earlier, channel, 1);
	row->sends = 1;
	if (at_provider) {
		struct fake_call call = {.provider = run.channels[channel - 1].provider,
			.key = row->key,
			.reference = 100 + row->payout};
		struct fake_payout *payout = ledger_add(&call);
		payout->state = said;
		row->provider_id = text_of(fake.ids[payout->id]);
	}
	fake_keep(row);
	return fake_row(PAYOUT_READY, channel, 2);
}

static void a_new_attempt_goes_once_the_provider_said_that_the_earlier_one_is_dead(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_retry(PAYOUT_FAILED, 1, true, PAYOUT_FAILED);
	add_retry(PAYOUT_FAILED, 1, false, PAYOUT_FAILED);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 2);
	assert_int_equal(fake.statuses, 1);
	assert_int_equal(fake.lookups, 1);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_ACCEPTED);
	assert_int_equal(fake_journal.durable[3].state, PAYOUT_ACCEPTED);
}

static void an_earlier_attempt_that_is_alive_takes_the_place_of_the_new_one(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_retry(PAYOUT_FAILED, 1, true, PAYOUT_PAID);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_PAID);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_CANCELED);
	assert_true(text_is(fake_journal.durable[1].reason_code, "EARLIER_ALIVE"));
	assert_false(notice_of("EARLIER_ALIVE", "a")->person);
}

static void an_earlier_attempt_that_is_alive_beside_one_that_was_sent_is_a_break(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	struct attempt *row = add_retry(PAYOUT_FAILED, 1, true, PAYOUT_ACCEPTED);
	row->sends = 1; /* throttled, say */
	fake_keep(row);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_ACCEPTED);
	assert_true(notice_of("PAID_TWICE_SUSPECTED", "a")->broken);
}

static void every_earlier_attempt_is_asked_about(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	struct attempt *second = add_retry(PAYOUT_FAILED, 1, true, PAYOUT_ACCEPTED);
	second->state = PAYOUT_FAILED;
	second->sends = 1;
	fake_keep(second);
	struct attempt *third = fake_row(PAYOUT_READY, 1, 3);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake_journal.durable[third->id - 1].state, PAYOUT_CANCELED);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_ACCEPTED);
}

static void without_a_look_up_an_earlier_attempt_without_an_id_needs_a_person(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 4);
	add_retry(PAYOUT_FAILED, 1, true, PAYOUT_FAILED);
	add_retry(PAYOUT_FAILED, 1, false, PAYOUT_FAILED);
	add_retry(PAYOUT_CANCELED, 1, false, PAYOUT_FAILED);
	fake_journal.rows[4].sends = 0; /* no byte of it ever left */
	fake_keep(&fake_journal.rows[4]);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_ACCEPTED);
	assert_int_equal(fake_journal.durable[3].state, PAYOUT_READY);
	assert_int_equal(fake_journal.durable[5].state, PAYOUT_ACCEPTED);
	assert_int_equal(run.result.unknown_past, 1);
}

static void new_attempts_count_for_the_limit(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	for (int i = 0; i < 6; i++)
		add_retry(PAYOUT_FAILED, 1, false, PAYOUT_FAILED);
	run.options.limit = 2;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake.creates, 2);
}

/* --- what fails -------------------------------------------------------------------------------------------------- */

static void an_outcome_that_can_not_be_recorded_is_told_with_key_and_id(void **state)
{
	(void)state;
	char said[4000] = "", key[KEY_TEXT_SIZE];
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	fake_channel("a", FAKE_ASKS, 0, 2);
	add_rows(10, 1);
	log_init(&run.log, ends[1], LOG_ERROR_LEVEL);
	fake_journal.fail_commit = 4; /* held rows, the channel, claims, then outcomes and claims */
	assert_int_equal(run_submit(), SUBMIT_FAILED);
	assert_string_equal(run.fault.code, "DISK_FULL");
	assert_in_range(fake.creates, 2, 4); /* claimed at once, and no more */
	assert_true(read(ends[0], said, sizeof said - 1) > 0);
	for (int i = 0; i < fake.creates; i++) {
		key_text(&fake_journal.durable[i].key, key);
		assert_non_null(strstr(said, key));
		assert_non_null(strstr(said, fake.ids[i]));
	}
	close(ends[0]);
	close(ends[1]);
	/* And the next run finds them. */
	fake_journal_recover();
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 10);
	assert_int_equal(fake.ledger_count, 10);
}

static void claims_that_are_not_durable_are_not_sent(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 2);
	add_rows(10, 1);
	fake_journal.fail_commit = 3;
	assert_int_equal(run_submit(), SUBMIT_FAILED);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(fake_count(PAYOUT_READY), 10);
}

static void network_fails_after_four(void)
{
	fake.run_fails = fake.creates == 4;
}

static void when_the_network_library_fails_what_was_answered_is_recorded(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(10, 1);
	fake.turn = network_fails_after_four;
	assert_int_equal(run_submit(), SUBMIT_FAILED);
	assert_string_equal(run.fault.message, "the network library failed");
	assert_int_equal(fake.ledger_count, 4);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 4);
}

static void a_channel_over_which_no_request_can_be_made_is_stopped_and_told(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(20, 1);
	add_unknown(1, MINUTE);
	fake.start_fails = true;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_true(fake.now.mono_ms - begun < SECOND);
	assert_int_equal(fake_count(PAYOUT_READY), 20);
	assert_int_equal(fake_journal.durable[0].sends, 0);
	assert_non_null(strstr(notice_of("CHANNEL_ANSWER", "a")->message, "no such certificates"));
}

/* --- many rows, and channels that are gone ----------------------------------------------------------------------- */

static void rows_for_which_the_heap_had_no_room_get_their_turn_and_persons_are_counted_once(void **state)
{
	(void)state;
	enum { ROWS = BOUND_WAITING_ROWS + 700 };
	fake_channel("r", FAKE_REPEATS, 0, 64);
	add_unknown(1, 2 * FAKE_WINDOW_MS);
	for (int i = 0; i < ROWS; i++) {
		struct attempt *row = fake_row(PAYOUT_READY, 1, 1);
		row->not_before = fake.now.utc_ms + MINUTE;
		fake_keep(row);
	}
	add_unknown(1, 2 * FAKE_WINDOW_MS);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), ROWS);
	assert_int_equal(fake.creates, ROWS);
	assert_int_equal(run.result.unknown_past, 2);
}

static void a_channel_that_is_no_longer_configured_matters_while_it_has_open_payouts(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	fake_channel("old", FAKE_ASKS, 0, 4);
	run.config.channel_count = 1;
	add_rows(2, 1);
	fake_row(PAYOUT_PAID, 2, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_null(notice_of("CHANNEL_UNKNOWN", "old"));
	fake_row(PAYOUT_ACCEPTED, 2, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_true(notice_of("CHANNEL_UNKNOWN", "old")->person);
}

static void rows_are_read_from_the_journal_a_few_times_each_and_no_more(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 50, 4);
	add_rows(400, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_true(fake_journal.reads < 400 * 3 / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(a_signal_lets_requests_finish_and_puts_claimed_rows_back_as_they_were),
		T(a_signal_before_anything_sends_nothing),
		T(a_signal_while_a_lane_waits_ends_the_run),
		T(nothing_is_claimed_from_until_on),
		T(the_wait_limit_ends_a_run_that_gets_nowhere),
		T(a_run_does_not_sit_out_the_wait_limit_for_what_comes_later),
		T(what_comes_later_gets_its_turn_while_others_get_on),
		T(no_more_payouts_are_sent_than_the_limit_says),
		T(what_never_left_does_not_count_for_the_limit),
		T(what_is_sent_again_counts_once_and_what_an_earlier_run_sent_counts_too),
		T(poll_asks_once_about_each_open_payout_and_sends_nothing),
		T(poll_does_not_wait_for_a_second_try),
		T(wait_final_asks_until_each_payout_is_final),
		T(a_new_attempt_goes_once_the_provider_said_that_the_earlier_one_is_dead),
		T(an_earlier_attempt_that_is_alive_takes_the_place_of_the_new_one),
		T(an_earlier_attempt_that_is_alive_beside_one_that_was_sent_is_a_break),
		T(every_earlier_attempt_is_asked_about),
		T(without_a_look_up_an_earlier_attempt_without_an_id_needs_a_person),
		T(new_attempts_count_for_the_limit),
		T(an_outcome_that_can_not_be_recorded_is_told_with_key_and_id),
		T(claims_that_are_not_durable_are_not_sent),
		T(when_the_network_library_fails_what_was_answered_is_recorded),
		T(a_channel_over_which_no_request_can_be_made_is_stopped_and_told),
		T(rows_for_which_the_heap_had_no_room_get_their_turn_and_persons_are_counted_once),
		T(a_channel_that_is_no_longer_configured_matters_while_it_has_open_payouts),
		T(rows_are_read_from_the_journal_a_few_times_each_and_no_more),
	};
	return cmocka_run_group_tests_name("submit_end", tests, NULL, NULL);
}
