/*
 * What the loop of submit makes of an answer, or of none, against providers, a network, a journal and a clock in
 * memory: PROTOCOL section 4, one rule a test.
 */
#include "tests/fake_network.h"

#include "base/bounds.h"

/* --- after the wire ---------------------------------------------------------------------------------------------- */

static enum fate all_throttled(const struct fake_call *call, int64_t number)
{
	(void)call;
	return number <= 6 ? FATE_THROTTLED : FATE_TAKEN;
}

static void a_throttled_row_waits_as_long_as_the_provider_says(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(2, 1);
	fake.fate = all_throttled;
	fake.retry_after_ms = 10 * SECOND;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 8);
	assert_true(fake.now.mono_ms - begun >= 6 * 10 * SECOND);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
}

static void a_retry_after_of_nothing_is_no_reason_to_hurry(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(1, 1);
	fake.fate = all_throttled;
	fake.retry_after_ms = 0;
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 7);
	assert_true(fake.now.mono_ms - begun > 500);
	assert_int_equal(fake_journal.durable[0].sends, 7);
}

static void no_row_is_sending_for_long(void)
{
	if (fake.now.mono_ms > 1000000 + 2 * SECOND)
		assert_int_equal(fake_count(PAYOUT_SENDING), 0);
}

static void throttled_rows_are_not_sending_while_they_wait(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 4);
	add_rows(20, 1);
	fake.fate = all_throttled;
	fake.retry_after_ms = 20 * MINUTE;
	fake.turn = no_row_is_sending_for_long;
	run.options.wait_limit_ms = 5 * MINUTE;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake_count(PAYOUT_SENDING), 0);
	assert_int_equal(fake_count(PAYOUT_READY), 20);
	assert_true(fake.creates <= 4);
	assert_true(fake_journal.durable[0].not_before > fake.now.utc_ms);
}

static enum fate always_away(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_CREATE ? FATE_AWAY : FATE_TAKEN;
}

static void a_provider_that_is_away_with_a_retry_after_of_nothing_is_not_hammered(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 2);
	add_rows(4, 1);
	fake.fate = always_away;
	fake.retry_after_ms = 0;
	run.options.wait_limit_ms = 2 * MINUTE;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_true(fake.creates < 150);
}

static enum fate never_connects(const struct fake_call *call, int64_t number)
{
	(void)call, (void)number;
	return FATE_NOT_SENT;
}

static bool network_is_back;

static enum fate connects_later(const struct fake_call *call, int64_t number)
{
	(void)call, (void)number;
	return network_is_back ? FATE_TAKEN : FATE_NOT_SENT;
}

static void network_comes_back(void)
{
	network_is_back = fake.now.mono_ms >= 1000000 + 20 * SECOND;
}

static void what_never_left_goes_back_as_it_was_and_the_lane_waits(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 8);
	add_rows(30, 1);
	fake.fate = never_connects;
	run.options.wait_limit_ms = MINUTE;
	assert_int_equal(run_submit(), SUBMIT_LIMITED);
	assert_int_equal(fake_count(PAYOUT_READY), 30);
	for (int i = 0; i < 30; i++)
		assert_int_equal(fake_journal.durable[i].sends, 0);
	assert_non_null(notice_of("NETWORK_CONNECT", "a"));
	assert_true(fake.runs < 3000);
}

/* What failed together is one failure: the first pause is short. */
static void the_lane_goes_on_soon_after_the_network_is_back(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 8);
	add_rows(30, 1);
	fake.fate = connects_later;
	fake.turn = network_comes_back;
	network_is_back = false;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 30);
	assert_true(fake.now.mono_ms < 1000000 + 20 * SECOND + 35 * SECOND);
}

/* Random bits with which each back-off is the longest of its span. */
#define LONGEST_RANDOM 479999

static void what_failed_together_is_one_failure_to_the_lane(void **state)
{
	(void)state;
	struct lane lane = {.channel = fake_channel("a", FAKE_ASKS, 0, 8), .workers = 8};
	struct outcome outcome = {.effect = EFFECT_BACK_OFF, .not_sent = true, .code = "", .cure = ""};
	int64_t paused_ms[3];
	for (int i = 0; i < 3; i++) {
		for (int together = 0; together < 8; together++)
			lane_effect(&lane, &run.stage, &outcome, -1, &fake.now, LONGEST_RANDOM);
		paused_ms[i] = lane.blocked_until_ms - fake.now.mono_ms;
		fake_pass(paused_ms[i]);
	}
	assert_int_equal(paused_ms[0], BOUND_BACKOFF_FIRST_MS);
	assert_int_equal(paused_ms[1], 2 * BOUND_BACKOFF_FIRST_MS);
	assert_int_equal(paused_ms[2], 4 * BOUND_BACKOFF_FIRST_MS);
	outcome.effect = EFFECT_EXECUTED;
	lane_effect(&lane, &run.stage, &outcome, -1, &fake.now, LONGEST_RANDOM);
	outcome.effect = EFFECT_THROTTLED;
	lane_effect(&lane, &run.stage, &outcome, 0, &fake.now, LONGEST_RANDOM);
	assert_int_equal(lane.blocked_until_ms - fake.now.mono_ms, BOUND_BACKOFF_FIRST_MS);
}

static enum fate untrusted_on_a(const struct fake_call *call, int64_t number)
{
	(void)number;
	return strcmp(call->channel, "a") == 0 ? FATE_UNTRUSTED : FATE_TAKEN;
}

static void an_untrusted_certificate_stops_its_channel_and_no_other(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 2);
	fake_channel("b", FAKE_ASKS, 0, 2);
	add_rows(20, 1);
	add_rows(20, 2);
	fake.fate = untrusted_on_a;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 20);
	assert_int_equal(fake_count(PAYOUT_READY), 20);
	assert_int_equal(run.result.stopped_channels, 1);
	assert_true(notice_of("NETWORK_TLS", "a")->person);
}

static enum fate third_on_a_stops(const struct fake_call *call, int64_t number)
{
	return number >= 3 && strcmp(call->channel, "a") == 0 ? FATE_STOP : FATE_TAKEN;
}

static void a_stopped_channel_leaves_its_rows_and_the_others_go_on(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 2);
	fake_channel("b", FAKE_REPEATS, 0, 2);
	add_rows(50, 1);
	add_rows(50, 2);
	fake.fate = third_on_a_stops;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_READY) + fake_count(PAYOUT_ACCEPTED), 100);
	assert_true(fake_count(PAYOUT_READY) >= 46);
	assert_int_equal(run.result.stopped_channels, 1);
	assert_true(notice_of("CHANNEL_AUTH", "a")->person);
	assert_null(notice_of("CHANNEL_AUTH", "b"));
	assert_int_equal(fake.ledger_count, fake_count(PAYOUT_ACCEPTED));
}

static int64_t accept_at;

static enum fate refused_but_one(const struct fake_call *call, int64_t number)
{
	(void)call;
	return number == accept_at ? FATE_TAKEN : FATE_REFUSED;
}

static void more_than_twenty_equal_refusals_in_a_row_stop_the_channel(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(60, 1);
	accept_at = 0;
	fake.fate = refused_but_one;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_FAILED), BOUND_EQUAL_REFUSALS + 1);
	assert_non_null(notice_of("CHANNEL_ANSWER", "a"));
}

static void an_acceptance_between_them_begins_the_count_anew_paid_or_not(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(60, 1);
	accept_at = 15;
	fake.settles = PAYOUT_PAID;
	fake.fate = refused_but_one;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_FAILED), 14 + BOUND_EQUAL_REFUSALS + 1);
	assert_int_equal(fake_count(PAYOUT_PAID), 1);
}

static enum fate lost_then_refused(const struct fake_call *call, int64_t number)
{
	if (call->operation != OPERATION_CREATE)
		return FATE_TAKEN;
	return number == 1 ? FATE_LOST_BEFORE : FATE_REFUSED;
}

static void a_resend_that_is_refused_is_failed_once_a_look_up_found_nothing(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(1, 1);
	fake.fate = lost_then_refused;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 2);
	assert_int_equal(fake.lookups, 2);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_FAILED);
}

static int64_t references[1000]; /* as they left */

static enum fate no_funds_for_second(const struct fake_call *call, int64_t number)
{
	if (call->operation != OPERATION_CREATE)
		return FATE_TAKEN;
	references[number] = call->reference;
	return call->reference == 102 ? FATE_NO_FUNDS : FATE_TAKEN;
}

static void a_row_that_the_balance_can_not_pay_goes_to_the_end_and_the_third_time_in_a_row_stops(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(200, 1);
	fake.fate = no_funds_for_second;
	fake.answer_ms = 100; /* the others take longer than any back-off of the one */
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 199);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_READY);
	assert_int_equal(fake.creates, 199 + 1 + BOUND_BALANCE_REFUSALS);
	assert_int_equal(references[2], 102);
	for (int i = 3; i <= 200; i++)
		assert_true(references[i] != 102);
	assert_true(notice_of("CHANNEL_BALANCE", "a")->person);
}

static void a_row_refused_for_the_balance_while_an_earlier_send_is_open_is_not_called_failed(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(1, 1);
	struct attempt *row = add_unknown(1, MINUTE);
	fake.fate = no_funds_for_second;
	assert_int_equal(row->id, 2);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_UNKNOWN);
	assert_true(fake_journal.durable[1].open_since != 0);
}

static enum fate second_has_id_of_first(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_CREATE && number == 2 ? FATE_SAME_ID : FATE_TAKEN;
}

static void an_id_that_belongs_to_another_payout_stops_sending(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(5, 1);
	fake.fate = second_has_id_of_first;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 2);
	assert_int_equal(fake_journal.durable[1].state, PAYOUT_UNKNOWN);
	assert_int_equal(fake_count(PAYOUT_READY), 3);
	assert_true(notice_of("ANSWER_MISMATCH", "a")->person);
	assert_int_equal(run.result.unknown_past, 1);
}

static enum fate first_has_no_id(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_CREATE && number == 1 ? FATE_NO_ID : FATE_TAKEN;
}

static void an_acceptance_without_an_id_is_looked_up(void **state)
{
	(void)state;
	fake_channel("a", FAKE_ASKS, 0, 1);
	add_rows(2, 1);
	fake.fate = first_has_no_id;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 2);
	assert_int_equal(fake.lookups, 1);
}

static void they_are_paid_at_once(void)
{
	for (int i = 0; i < fake.ledger_count; i++)
		fake.ledger[i].state = PAYOUT_PAID;
}

/* A frozen wallet pays nothing more; what it paid can still be asked about. Wrong credentials answer nothing at all. */
static void a_blocked_channel_goes_on_asking(void **state)
{
	static const struct {
		const char *code;
		int paid;
	} table[] = {{"CHANNEL_BLOCKED", 2}, {"CHANNEL_LIMIT", 2}, {"CHANNEL_AUTH", 0}};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		close_run(state);
		run_open();
		fake_channel("a", FAKE_ASKS, 0, 1);
		add_rows(4, 1);
		fake.fate = third_on_a_stops;
		fake.stop_code = table[i].code;
		fake.turn = they_are_paid_at_once;
		run.options.wait_final = true;
		assert_int_equal(run_submit(), SUBMIT_DONE);
		assert_int_equal(fake_count(PAYOUT_PAID), table[i].paid);
		assert_int_equal(fake_count(PAYOUT_READY), 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(a_throttled_row_waits_as_long_as_the_provider_says),
		T(a_retry_after_of_nothing_is_no_reason_to_hurry),
		T(throttled_rows_are_not_sending_while_they_wait),
		T(a_provider_that_is_away_with_a_retry_after_of_nothing_is_not_hammered),
		T(what_never_left_goes_back_as_it_was_and_the_lane_waits),
		T(what_failed_together_is_one_failure_to_the_lane),
		T(the_lane_goes_on_soon_after_the_network_is_back),
		T(an_untrusted_certificate_stops_its_channel_and_no_other),
		T(a_stopped_channel_leaves_its_rows_and_the_others_go_on),
		T(a_blocked_channel_goes_on_asking),
		T(more_than_twenty_equal_refusals_in_a_row_stop_the_channel),
		T(an_acceptance_between_them_begins_the_count_anew_paid_or_not),
		T(a_resend_that_is_refused_is_failed_once_a_look_up_found_nothing),
		T(a_row_that_the_balance_can_not_pay_goes_to_the_end_and_the_third_time_in_a_row_stops),
		T(a_row_refused_for_the_balance_while_an_earlier_send_is_open_is_not_called_failed),
		T(an_id_that_belongs_to_another_payout_stops_sending),
		T(an_acceptance_without_an_id_is_looked_up),
	};
	return cmocka_run_group_tests_name("submit_after", tests, NULL, NULL);
}
