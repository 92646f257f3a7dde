/*
 * A reboot between a send and its resend (PROTOCOL, 3.3): the wall clock alone is left to tell the age, and it may have
 * been set back. Nothing is sent again before the provider's own Date vouches for it.
 */
#include "tests/fake_network.h"

#include "base/bounds.h"

/* Unknown rows of a provider without look-up, sent so long ago by this clock, before a reboot. */
static void rebooted(int rows, int64_t sent_ago_ms)
{
	fake_channel("c", FAKE_PREPARES, 0, 4);
	fake.funds = "1000.00"; /* it has funds to be asked for */
	for (int i = 0; i < rows; i++) {
		struct attempt *row = add_unknown(1, sent_ago_ms);
		row->open_boot = TEXT("boot-before");
		fake_keep(row);
	}
}

static void the_date_of_an_answer_opens_the_window_or_keeps_it_closed(void **state)
{
	static const struct {
		int64_t off_ms; /* of the provider's clock; INT64_MIN: it tells no date */
		int64_t ago_ms;
		int creates, asked;
	} table[] = {
		{0, MINUTE, 3, 1}, {BOUND_CLOCK_SKEW_MS, MINUTE, 3, 1}, {BOUND_CLOCK_SKEW_MS + SECOND, MINUTE, 0, 1},
		{2 * 60 * MINUTE, MINUTE, 0,
			1}, /* the clock was set back by two hours: they are older than they look */
		{INT64_MIN, MINUTE, 0, 1}, {0, 2 * 60 * MINUTE, 0, 0}, /* too old whatever the date */
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		close_run(state);
		run_open();
		rebooted(3, table[i].ago_ms);
		fake.date_off_ms = table[i].off_ms;
		assert_int_equal(run_submit(), SUBMIT_DONE);
		if (fake.creates != table[i].creates || fake.funds_asked != table[i].asked)
			fail_msg("row %zu: %lld creates, %lld questions", i, (long long)fake.creates,
				(long long)fake.funds_asked);
		assert_int_equal(fake_count(PAYOUT_ACCEPTED), table[i].creates);
		assert_int_equal(fake_count(PAYOUT_UNKNOWN), 3 - table[i].creates);
		assert_int_equal(run.result.unknown_past, 3 - table[i].creates);
	}
}

static void without_a_reboot_nothing_is_asked_for_its_date(void **state)
{
	(void)state;
	fake_channel("c", FAKE_PREPARES, 0, 4);
	fake.funds = "1000.00";
	add_unknown(1, MINUTE);
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.funds_asked, 0);
	assert_int_equal(fake.creates, 1);
}

static void the_answer_to_a_login_has_a_date_as_well(void **state)
{
	static const struct {
		int64_t off_ms;
		int creates;
	} table[] = {{0, 1}, {BOUND_CLOCK_SKEW_MS + SECOND, 0}, {INT64_MIN, 0}};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		close_run(state);
		run_open();
		fake.sessions = true;
		fake_channel("p", FAKE_REPEATS, 0, 4);
		struct attempt *row = add_unknown(1, MINUTE);
		row->open_boot = TEXT("boot-before");
		fake_keep(row);
		fake.date_off_ms = table[i].off_ms;
		assert_int_equal(run_submit(), SUBMIT_DONE);
		assert_int_equal(fake.creates, table[i].creates);
	}
}

static void a_provider_with_nothing_to_ask_leaves_it_to_a_person(void **state)
{
	(void)state;
	fake_channel("r", FAKE_REPEATS, 0, 4);
	struct attempt *row = add_unknown(1, MINUTE);
	row->open_boot = TEXT("boot-before");
	fake_keep(row);
	fake.date_off_ms = 0;
	assert_int_equal(run_submit(), SUBMIT_DONE);
	assert_int_equal(fake.creates, 0);
	assert_int_equal(run.result.unknown_past, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, open_run, close_run)
		T(the_date_of_an_answer_opens_the_window_or_keeps_it_closed),
		T(without_a_reboot_nothing_is_asked_for_its_date),
		T(the_answer_to_a_login_has_a_date_as_well),
		T(a_provider_with_nothing_to_ask_leaves_it_to_a_person),
	};
	return cmocka_run_group_tests_name("submit_reboot", tests, NULL, NULL);
}
