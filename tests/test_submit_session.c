/*
 * Sessions in the loop of submit: one login for all, before anything else, renewed before it ends, and what becomes of
 * rows whose session ended (PROTOCOL section 5), against fakes in memory.
 */
#include "tests/fake_network.h"

#include "base/bounds.h"

static struct channel *session_channel(const char *name, int workers)
{
	fake.sessions = true;
	return fake_channel(name, FAKE_REPEATS, 0, workers);
}

static void one_login_serves_all_rows_and_goes_before_them(void **state)
{
	(void)state;
	session_channel("p", 8);
	add_rows(100, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 100);
	assert_int_equal(fake.logins, 1);
	assert_int_equal(fake.turned_away, 0);
	assert_int_equal(run.result.progress.asked, 0);
}

static void while_one_is_asked_for_nobody_asks_for_another(void **state)
{
	(void)state;
	session_channel("p", 8);
	fake_channel("a", FAKE_ASKS, 1000, 8); /* keeps the loop awake */
	add_rows(100, 1);
	add_rows(200, 2);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 300);
	assert_int_equal(fake.logins, 1);
}

static void nothing_to_do_needs_no_login(void **state)
{
	(void)state;
	session_channel("p", 8);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.logins, 0);
}

static void channels_with_the_same_credentials_share_a_login(void **state)
{
	(void)state;
	static struct setting_value same[] = {{"password", {"a", 1}, true}}, other[] = {{"password", {"b", 1}, true}};
	struct channel *channels[] = {session_channel("p", 2), session_channel("q", 2), session_channel("r", 2)};
	for (int i = 0; i < 3; i++) {
		channels[i]->base_url = "https://p.example";
		channels[i]->settings = i < 2 ? same : other;
		channels[i]->setting_count = 1;
	}
	add_rows(3, 1);
	add_rows(3, 2);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 6);
	assert_int_equal(fake.logins, 1);
	channels[1]->settings = other;
	add_rows(1, 1);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.logins, 2);
}

static void a_session_is_renewed_before_it_ends(void **state)
{
	(void)state;
	session_channel("p", 1)->rate_count = 1;
	run.channels[0].rate_period_ms = 20 * SECOND;
	run.channels[0].burst = 1;
	fake.session_life_ms = 5 * MINUTE;
	add_rows(60, 1); /* twenty minutes */
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 60);
	assert_int_equal(fake.turned_away, 0);
	assert_in_range(fake.logins, 5, 7);
	assert_int_equal(fake.creates, 60);
}

static void logins_take_grants_of_the_limiter(void **state)
{
	(void)state;
	session_channel("p", 4)->rate_count = 1;
	run.channels[0].burst = 1;
	add_rows(4, 1);
	int64_t begun = fake.now.mono_ms;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_true(fake.now.mono_ms - begun >= 5 * SECOND);
}

static bool ends_sessions;

static enum fate session_ends_after_five(const struct fake_call *call, int64_t number)
{
	if (call->operation == OPERATION_SESSION)
		fake.sessions_end = false;
	else if (number == 5 && ends_sessions) {
		ends_sessions = false;
		fake.sessions_end = true;
	}
	return FATE_TAKEN;
}

static void rows_whose_session_ended_are_sent_again_with_the_next(void **state)
{
	(void)state;
	ends_sessions = true;
	session_channel("p", 4);
	add_rows(40, 1);
	fake.fate = session_ends_after_five;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 40);
	assert_int_equal(fake.ledger_count, 40);
	assert_int_equal(fake.logins, 2);
	assert_in_range(fake.turned_away, 1, 4);
	assert_int_equal(run.result.unknown_past, 0);
}

static void a_resend_whose_session_ended_stays_unknown(void **state)
{
	(void)state;
	session_channel("p", 1);
	add_unknown(1, MINUTE);
	fake.sessions_end = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_journal.durable[0].state, PAYOUT_UNKNOWN);
	assert_int_equal(fake_journal.durable[0].open_since, fake_journal.durable[0].submitted_at);
	assert_int_equal(fake.ledger_count, 0);
}

static void two_sessions_that_end_in_a_row_stop_the_channel(void **state)
{
	(void)state;
	session_channel("p", 4);
	session_channel("q", 4);
	run.channels[0].base_url = run.channels[1].base_url = "https://p.example";
	add_rows(20, 1);
	add_rows(20, 2);
	fake.sessions_end = true;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.logins, 2);
	assert_int_equal(fake.ledger_count, 0);
	assert_int_equal(fake_count(PAYOUT_READY), 40);
	assert_non_null(notice_of("CHANNEL_AUTH", "p"));
	assert_non_null(notice_of("CHANNEL_AUTH", "q"));
	assert_int_equal(run.result.stopped_channels, 2);
}

static void first_session_ends(void)
{
	if (fake.session_good == 1)
		fake.session_good = -1;
}

static void a_question_whose_session_ended_is_asked_once_more(void **state)
{
	(void)state;
	session_channel("p", 1);
	for (int i = 0; i < 3; i++) {
		struct attempt *row = fake_row(PAYOUT_READY, 1, 1);
		struct fake_call call = {.provider = FAKE_REPEATS, .key = row->key, .reference = i};
		ledger_add(&call);
		row->state = PAYOUT_ACCEPTED;
		row->provider_id = text_of(fake.ids[i]);
		fake_keep(row);
		fake.ledger[i].state = PAYOUT_PAID;
	}
	run.options.send = false;
	fake.turn = first_session_ends;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.logins, 2);
	assert_int_equal(fake.turned_away, 1);
	assert_int_equal(fake_count(PAYOUT_PAID), 3);
}

static enum fate logins_fail_twice(const struct fake_call *call, int64_t number)
{
	return call->operation == OPERATION_SESSION && number <= 2 ? FATE_LOST_BEFORE : FATE_TAKEN;
}

static void a_login_that_is_lost_is_made_again_with_back_off(void **state)
{
	(void)state;
	session_channel("p", 4);
	add_rows(5, 1);
	fake.fate = logins_fail_twice;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 5);
	assert_int_equal(fake.logins, 3);
	assert_non_null(notice_of("NETWORK_TIMEOUT", "p"));
}

static enum fate logins_are_refused(const struct fake_call *call, int64_t number)
{
	(void)number;
	return call->operation == OPERATION_SESSION ? FATE_STOP : FATE_TAKEN;
}

static void a_login_that_is_refused_stops_the_channel_and_leaves_rows_ready(void **state)
{
	(void)state;
	session_channel("p", 4);
	add_rows(5, 1);
	fake.fate = logins_are_refused;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.logins, 1);
	assert_int_equal(fake_count(PAYOUT_READY), 5);
	assert_int_equal(fake_journal.durable[0].sends, 0);
	assert_non_null(notice_of("CHANNEL_AUTH", "p"));
}

static void a_longer_repeat_window_of_the_channel_holds(void **state)
{
	(void)state;
	static struct setting_value longer[] = {{"repeat_window", {"86400000", 8}, false}};
	struct channel *channel = fake_channel("r", FAKE_REPEATS, 0, 4);
	add_unknown(1, 5 * FAKE_WINDOW_MS);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	channel->settings = longer;
	channel->setting_count = 1;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 1);
	assert_int_equal(fake_count(PAYOUT_ACCEPTED), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(one_login_serves_all_rows_and_goes_before_them),
		T(while_one_is_asked_for_nobody_asks_for_another),
		T(nothing_to_do_needs_no_login),
		T(channels_with_the_same_credentials_share_a_login),
		T(a_session_is_renewed_before_it_ends),
		T(logins_take_grants_of_the_limiter),
		T(rows_whose_session_ended_are_sent_again_with_the_next),
		T(a_resend_whose_session_ended_stays_unknown),
		T(two_sessions_that_end_in_a_row_stop_the_channel),
		T(a_question_whose_session_ended_is_asked_once_more),
		T(a_login_that_is_lost_is_made_again_with_back_off),
		T(a_login_that_is_refused_stops_the_channel_and_leaves_rows_ready),
		T(a_longer_repeat_window_of_the_channel_holds),
	};
	return cmocka_run_group_tests_name("submit_session", tests, NULL, NULL);
}
