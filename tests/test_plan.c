/* Back-off, age, windows and the next step: PROTOCOL sections 3 to 5, with a clock that is set back and suspended. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bounds.h"
#include "stages/plan.h"
#include "stages/waiting.h"

#define HOUR INT64_C(3600000)
#define T0 INT64_C(1800000000000)

static const struct adapter asks = {
	.name = "asks", .looks_up = true, .lookup_before_resend = true, .key_known_code = "016"};
static const struct adapter repeats = {.name = "repeats", .repeats_safely = true, .window_ms = HOUR};
static const struct adapter blind = {.name = "blind"};

static struct attempt open_attempt(int64_t age_ms)
{
	return (struct attempt){
		.id = 1,
		.number = 1,
		.state = PAYOUT_UNKNOWN,
		.sends = 1,
		.open_since = T0 - age_ms,
		.open_boot_ms = 500000000 - age_ms,
		.open_boot = TEXT("boot-a"),
		.payload = TEXT("{}"),
	};
}

static const struct moment now = {.utc_ms = T0, .mono_ms = 1000, .boot_ms = 500000000};

static void backs_off_with_full_jitter_up_to_a_minute(void **state)
{
	(void)state;
	assert_int_equal(plan_backoff_ms(0, 0), 1);
	assert_int_equal(plan_backoff_ms(0, 499), 500);
	assert_int_equal(plan_backoff_ms(3, 3999), 4000);
	for (uint64_t random = 1; random < 1000000; random += 997)
		for (int n = 0; n < 40; n++) {
			int64_t wait = plan_backoff_ms(n, random);
			assert_true(wait >= 1 && wait <= BOUND_BACKOFF_MAX_MS);
		}
	assert_int_equal(plan_backoff_ms(39, 59999), 60000);
}

static void age_is_the_larger_of_wall_clock_and_boot_clock(void **state)
{
	(void)state;
	struct attempt attempt = open_attempt(10000);
	assert_int_equal(plan_age_ms(&attempt, &now, "boot-a"), 10000);
	attempt.open_boot_ms -= 50000; /* the machine slept, or the wall clock was set back since */
	assert_int_equal(plan_age_ms(&attempt, &now, "boot-a"), 60000);
	assert_int_equal(plan_age_ms(&attempt, &now, "boot-b"), 10000); /* after a reboot: wall clock alone */
	attempt.open_since = 0;
	assert_int_equal(plan_age_ms(&attempt, &now, "boot-a"), 0);
}

static void window_closes_a_timeout_and_a_minute_early(void **state)
{
	(void)state;
	struct plan_window window = {.window_ms = HOUR, .timeout_ms = 30000};
	struct attempt attempt = open_attempt(HOUR - 90001);
	assert_true(plan_window_open(&window, &attempt, &now, "boot-a"));
	attempt = open_attempt(HOUR - 90000);
	assert_false(plan_window_open(&window, &attempt, &now, "boot-a"));
}

static void window_counts_as_closed_when_the_clock_is_doubted(void **state)
{
	(void)state;
	struct plan_window window = {.window_ms = HOUR, .timeout_ms = 30000, .clock_doubted = true};
	struct attempt attempt = open_attempt(1000);
	assert_false(plan_window_open(&window, &attempt, &now, "boot-a"));
	window.clock_doubted = false;
	assert_true(plan_window_open(&window, &attempt, &now, "boot-a"));
	attempt.open_since = T0 + 5000; /* the wall clock stands before the send */
	assert_false(plan_window_open(&window, &attempt, &now, "boot-b"));
}

/* After a reboot the wall clock is alone, and may have been set back: the provider's Date must have vouched for it. */
static void a_reboot_closes_the_window_until_the_date_was_seen(void **state)
{
	(void)state;
	struct plan_window window = {.window_ms = HOUR, .timeout_ms = 30000};
	struct attempt attempt = open_attempt(1000);
	int64_t due;
	assert_false(plan_window_open(&window, &attempt, &now, "boot-b"));
	assert_int_equal(plan_step(&repeats, &window, &attempt, &now, "boot-b", &due), STEP_DATE);
	assert_int_equal(plan_step(&asks, &window, &attempt, &now, "boot-b", &due), STEP_LOOKUP);
	window.clock_seen = true;
	assert_true(plan_window_open(&window, &attempt, &now, "boot-b"));
	assert_int_equal(plan_step(&repeats, &window, &attempt, &now, "boot-b", &due), STEP_SEND);
	attempt = open_attempt(2 * HOUR);
	window.clock_seen = false;
	assert_int_equal(plan_step(&repeats, &window, &attempt, &now, "boot-b", &due), STEP_PERSON);
	window.clock_doubted = true;
	attempt = open_attempt(1000);
	assert_int_equal(plan_step(&repeats, &window, &attempt, &now, "boot-b", &due), STEP_PERSON);
}

static void next_step_of_each_kind_of_provider(void **state)
{
	(void)state;
	struct attempt ready = {.number = 1, .state = PAYOUT_READY};
	struct attempt second = {.number = 2, .state = PAYOUT_READY};
	struct attempt waits = {.number = 1, .state = PAYOUT_READY, .not_before = T0 + 700};
	struct attempt young = open_attempt(1000), old = open_attempt(2 * HOUR), bare = open_attempt(1000);
	bare.payload = (struct text){0};
	struct {
		const struct adapter *adapter;
		const struct attempt *attempt;
		enum step step;
	} table[] = {
		{&asks, &ready, STEP_SEND},
		{&repeats, &ready, STEP_SEND},
		{&blind, &ready, STEP_SEND},
		{&asks, &second, STEP_EARLIER},
		{&repeats, &second, STEP_EARLIER},
		{&asks, &waits, STEP_WAIT},
		{&asks, &young, STEP_LOOKUP},
		{&asks, &old, STEP_LOOKUP},
		{&repeats, &young, STEP_SEND},
		{&repeats, &old, STEP_PERSON},
		{&repeats, &bare, STEP_PERSON},
		{&blind, &young, STEP_PERSON},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct plan_window window = {.window_ms = table[i].adapter->window_ms, .timeout_ms = 30000};
		int64_t due = -1;
		enum step step = plan_step(table[i].adapter, &window, table[i].attempt, &now, "boot-a", &due);
		if (step != table[i].step)
			fail_msg("row %zu: step %d, not %d", i, (int)step, (int)table[i].step);
		assert_int_equal(due, step == STEP_WAIT ? T0 + 700 : 0);
	}
}

static void an_earlier_attempt_is_asked_about_by_its_id_or_its_key_or_needs_a_person(void **state)
{
	(void)state;
	static const struct {
		const struct adapter *adapter;
		const char *id;
		int64_t sends;
		enum inquiry inquiry;
	} table[] = {
		{&asks, "p-1", 1, INQUIRY_STATUS},
		{&asks, "", 1, INQUIRY_LOOKUP},
		{&asks, "", 0, INQUIRY_LOOKUP},
		{&repeats, "p-1", 1, INQUIRY_STATUS},
		{&repeats, "", 1, INQUIRY_PERSON},
		{&repeats, "", 0, INQUIRY_NONE},
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct attempt earlier = {.number = 1,
			.state = PAYOUT_FAILED,
			.provider_id = text_of(table[i].id),
			.sends = table[i].sends};
		assert_int_equal(plan_inquiry(table[i].adapter, &earlier), table[i].inquiry);
	}
}

static void an_earlier_attempt_that_was_definitely_refused_needs_no_answer(void **state)
{
	(void)state;
	struct attempt refused = {.number = 1,
		.state = PAYOUT_FAILED,
		.sends = 2,
		.last_sent = T0,
		.last_refusal = TEXT("422"),
		.last_refusal_at = T0 + 1};
	struct attempt other;
	assert_int_equal(plan_inquiry(&repeats, &refused), INQUIRY_NONE);
	assert_int_equal(plan_inquiry(&asks, &refused), INQUIRY_LOOKUP); /* who can be asked is asked */
	other = refused;
	other.open_since = T0 - 5;
	assert_int_equal(plan_inquiry(&repeats, &other), INQUIRY_PERSON);
	other = refused;
	other.last_refusal_at = T0 - 1;
	assert_int_equal(plan_inquiry(&repeats, &other), INQUIRY_PERSON);
	/* Refused for the channel's sake, ready then, and called off. */
	other = refused;
	other.state = PAYOUT_CANCELED;
	other.last_refusal = TEXT("");
	assert_int_equal(plan_inquiry(&repeats, &other), INQUIRY_NONE);
	/* Ready because a person said that it was not sent, and called off: nobody but that person knows. */
	other.last_refusal_at = 0;
	assert_int_equal(plan_inquiry(&repeats, &other), INQUIRY_PERSON);
	other.last_refusal_at = T0 - 1;
	assert_int_equal(plan_inquiry(&repeats, &other), INQUIRY_PERSON);
	other = refused;
	other.state = PAYOUT_RETURNED;
	assert_int_equal(plan_inquiry(&repeats, &other), INQUIRY_PERSON);
}

static void a_spent_key_is_looked_up_after_5_s_60_s_and_10_min(void **state)
{
	(void)state;
	assert_int_equal(plan_known_key_due(T0, 0), T0 + 5000);
	assert_int_equal(plan_known_key_due(T0, T0 + 4999), T0 + 5000);
	assert_int_equal(plan_known_key_due(T0, T0 + 5000), T0 + 60000);
	assert_int_equal(plan_known_key_due(T0, T0 + 60001), T0 + 600000);
	assert_int_equal(plan_known_key_due(T0, T0 + 600000), 0);
}

static void rows_wait_in_order_of_their_time_and_no_more_than_there_is_room_for(void **state)
{
	(void)state;
	struct waiting waiting;
	waiting_init(&waiting);
	uint64_t random = 88172645463325252U;
	for (int i = 0; i < BOUND_WAITING_ROWS; i++) {
		random ^= random << 13, random ^= random >> 7, random ^= random << 17;
		struct waiting_row row = {.due_ms = (int64_t)(random % 1000), .attempt = i};
		assert_true(waiting_add(&waiting, row));
	}
	assert_false(waiting_add(&waiting, (struct waiting_row){0}));
	int64_t last = -1;
	for (int i = 0; i < BOUND_WAITING_ROWS; i++) {
		struct waiting_row row;
		assert_int_equal(waiting_first(&waiting)->due_ms >= last, 1);
		waiting_take(&waiting, &row);
		assert_true(row.due_ms >= last);
		last = row.due_ms;
	}
	assert_null(waiting_first(&waiting));
	waiting_release(&waiting);
}

static void rows_that_wait_to_be_sent_can_be_dropped(void **state)
{
	(void)state;
	struct waiting waiting;
	struct waiting_row row;
	waiting_init(&waiting);
	for (int i = 0; i < 100; i++)
		assert_true(waiting_add(
			&waiting, (struct waiting_row){.due_ms = 1000 - i, .attempt = i, .sends = i % 3 != 0}));
	waiting_drop_sends(&waiting);
	assert_int_equal(waiting.count, 34);
	for (int i = 99; i >= 0; i -= 3) {
		waiting_take(&waiting, &row);
		assert_int_equal(row.attempt, i);
	}
	waiting_release(&waiting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backs_off_with_full_jitter_up_to_a_minute),
		cmocka_unit_test(age_is_the_larger_of_wall_clock_and_boot_clock),
		cmocka_unit_test(window_closes_a_timeout_and_a_minute_early),
		cmocka_unit_test(window_counts_as_closed_when_the_clock_is_doubted),
		cmocka_unit_test(a_reboot_closes_the_window_until_the_date_was_seen),
		cmocka_unit_test(next_step_of_each_kind_of_provider),
		cmocka_unit_test(an_earlier_attempt_is_asked_about_by_its_id_or_its_key_or_needs_a_person),
		cmocka_unit_test(an_earlier_attempt_that_was_definitely_refused_needs_no_answer),
		cmocka_unit_test(a_spent_key_is_looked_up_after_5_s_60_s_and_10_min),
		cmocka_unit_test(rows_wait_in_order_of_their_time_and_no_more_than_there_is_room_for),
		cmocka_unit_test(rows_that_wait_to_be_sent_can_be_dropped),
	};
	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
