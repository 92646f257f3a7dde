#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/rate.h"

#define SECOND INT64_C(1000000000)
#define MS INT64_C(1000000)
#define GRANTS_MAX 400000
#define ARRIVALS 20000

/* A small generator of its own, so that a failing pattern can be run again by its seed. */
static uint64_t draw(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static int64_t draw_below(uint64_t *seed, int64_t bound)
{
	return (int64_t)(draw(seed) % (uint64_t)bound);
}

struct shape {
	int64_t count, period_ms, burst;
};

static const struct shape shapes[] = {
	{5, 1000, 5},
	{5, 1000, 1},
	{5, 1000, 20},
	{1, 1000, 1},
	{3, 1000, 2},
	{7, 1000, 9},
	{300, 60000, 5},
	{1, 60000, 1},
	{100, 1000, 100},
	{100, 1000, 13},
	{100, 1000, 1000},
	{1000, 1000, 1000},
	{2, 1000, 3},
};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Every window of one period [t, t + period) that begins with a grant: at most max(count, burst) in it. */
static void check_windows(const int64_t *grants, size_t count, const struct shape *shape)
{
	int64_t period = shape->period_ms * MS;
	size_t first = 0;

	for (size_t last = 0; last < count; last++) {
		while (grants[last] - grants[first] >= period)
			first++;
		assert_true((int64_t)(last - first + 1) <= larger(shape->count, shape->burst));
	}
}

/* Over any span, burst + what the rate gives: a bound that does not depend on the ring. */
static void check_mean(const int64_t *grants, size_t count, const struct shape *shape, int64_t start)
{
	for (size_t last = 0; last < count; last += 97) {
		int64_t span = grants[last] - start;
		/* it begins empty: the nth grant needs n tokens made by then */
		assert_true((int64_t)(last + 1) <=
			    span / (shape->period_ms * MS) * shape->count +
				    span % (shape->period_ms * MS) * shape->count / (shape->period_ms * MS));
	}
}

/* Arrivals that come in clumps, evenly, after long pauses, all at once. */
static int64_t step_of(uint64_t *seed, const struct shape *shape)
{
	int64_t token = shape->period_ms * MS / shape->count;

	switch (draw(seed) % 8) {
	case 0:
		return 0;
	case 1:
		return draw_below(seed, 1000);
	case 2:
		return draw_below(seed, 40) == 0 ? draw_below(seed, 5 * shape->period_ms * MS) : 0;
	case 3:
		return draw_below(seed, token + 1) * 2;
	default:
		return draw_below(seed, token + 1);
	}
}

static void no_window_of_any_pattern_holds_too_many(void **state)
{
	int64_t *grants = calloc(GRANTS_MAX, sizeof(*grants));

	(void)state;
	assert_non_null(grants);
	for (uint64_t round = 0; round < 10 * SHAPES; round++) {
		const struct shape *shape = &shapes[round % SHAPES];
		uint64_t seed = 0x9e3779b97f4a7c15u + round;
		int64_t start = draw_below(&seed, 1000 * SECOND), now = start;
		struct rate *rate = rate_new(shape->count, shape->period_ms, shape->burst, start);
		size_t count = 0;

		for (int i = 0; i < ARRIVALS; i++) {
			now += step_of(&seed, shape);
			if (draw(&seed) % 4 == 0)
				now = larger(now, rate_next(rate, now));
			while (draw(&seed) % 8 != 0 && rate_take(rate, now))
				grants[count++] = now;
		}
		assert_true(count > 100);
		check_windows(grants, count, shape);
		check_mean(grants, count, shape, start);
		rate_free(rate);
	}
	free(grants);
}

/* Takes whatever is there at each step; returns how many. */
static int64_t drain(struct rate *rate, int64_t from, int64_t to, int64_t step)
{
	int64_t count = 0;

	for (int64_t now = from; now < to; now += step)
		while (rate_take(rate, now))
			count++;
	return count;
}

static void no_window_after_a_spent_burst_holds_more_than_the_rate(void **state)
{
	(void)state;
	for (size_t i = 0; i < SHAPES; i++) {
		const struct shape *shape = &shapes[i];
		int64_t period = shape->period_ms * MS, now = 100 * period, spent;
		struct rate *rate = rate_new(shape->count, shape->period_ms, shape->burst, 0);
		struct shape steady = {shape->count, shape->period_ms, 1};
		int64_t *grants = calloc(GRANTS_MAX, sizeof(*grants));
		size_t count = 0;

		assert_non_null(grants);
		now += larger(2, shape->burst / shape->count + 1) * period;
		for (spent = 0; rate_take(rate, now); spent++)
			;
		assert_int_equal(spent, shape->burst);
		for (int64_t at = now; (at = rate_next(rate, at)) < now + 10 * period; count++) {
			assert_true(rate_take(rate, at));
			grants[count] = at;
		}
		check_windows(grants, count, &steady);
		assert_true((int64_t)count >= 8 * shape->count);
		free(grants);
		rate_free(rate);
	}
}

static void begins_with_an_empty_burst(void **state)
{
	struct rate *rate = rate_new(5, 1000, 5, 42 * SECOND);

	(void)state;
	assert_false(rate_take(rate, 42 * SECOND));
	assert_int_equal(rate_next(rate, 42 * SECOND), 42 * SECOND + 200 * MS);
	assert_false(rate_take(rate, 42 * SECOND + 200 * MS - 1));
	assert_true(rate_take(rate, 42 * SECOND + 200 * MS));
	assert_false(rate_take(rate, 42 * SECOND + 200 * MS));
	rate_free(rate);
}

static void gives_the_whole_rate_when_asked_all_the_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < SHAPES; i++) {
		const struct shape *shape = &shapes[i];
		int64_t period = shape->period_ms * MS;
		struct rate *rate = rate_new(shape->count, shape->period_ms, shape->burst, 0);
		int64_t now = 0, count = 0;

		while ((now = rate_next(rate, now)) < 10 * period) {
			assert_true(rate_take(rate, now)); /* next is never too early */
			count++;
		}
		assert_true(count >= 10 * shape->count - 1);
		assert_true(count <= 10 * shape->count);
		rate_free(rate);
	}
}

static void a_late_loop_loses_nothing_within_the_burst(void **state)
{
	struct rate *rate = rate_new(50000, 1000, 50000, 0);
	int64_t count = drain(rate, 0, 10 * SECOND, 7 * MS);

	(void)state;
	assert_true(count >= 490000);
	assert_true(count <= 500000);
	rate_free(rate);
}

static void available_tells_what_can_be_taken(void **state)
{
	uint64_t seed = 4711;

	(void)state;
	for (size_t round = 0; round < 500; round++) {
		const struct shape *shape = &shapes[round % SHAPES];
		int64_t period = shape->period_ms * MS, now = draw_below(&seed, 3 * period);
		int64_t within = draw_below(&seed, 2 * period), told, taken = 0;
		struct rate *rate = rate_new(shape->count, shape->period_ms, shape->burst, 0);

		drain(rate, 0, now, larger(period / 50, 1));
		told = rate_available(rate, now, within, 100000);
		assert_int_equal(rate_available(rate, now, within, 1), told > 0 ? 1 : 0);
		for (int64_t at = now; (at = rate_next(rate, at)) <= now + within;)
			taken += rate_take(rate, at);
		/* a claim may never be too small for what can be sent; too large is given back */
		assert_true(told >= taken);
		assert_true(told <= taken + larger(shape->count, shape->burst));
		rate_free(rate);
	}
}

static void a_block_holds_and_only_ever_grows(void **state)
{
	struct rate *rate = rate_new(5, 1000, 5, 0);

	(void)state;
	assert_true(rate_take(rate, 10 * SECOND));
	rate_block(rate, 20 * SECOND);
	rate_block(rate, 15 * SECOND);
	assert_false(rate_take(rate, 20 * SECOND - 1));
	assert_int_equal(rate_next(rate, 11 * SECOND), 20 * SECOND);
	assert_int_equal(rate_available(rate, 11 * SECOND, SECOND, 100), 0);
	assert_int_equal(rate_available(rate, 19 * SECOND + 500 * MS, SECOND, 100), 3); /* 1, and 2 made in 500 ms */
	assert_true(rate_take(rate, 20 * SECOND));
	assert_false(rate_take(rate, 20 * SECOND)); /* no burst after it */
	assert_int_equal(rate_next(rate, 20 * SECOND), 20 * SECOND + 200 * MS);
	rate_free(rate);
}

static void no_limit_gives_always_but_is_blocked_too(void **state)
{
	struct rate *rate = rate_new(0, 1000, 1, 0);

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_true(rate_take(rate, 0));
	assert_int_equal(rate_available(rate, 0, SECOND, 512), 512);
	rate_block(rate, 5 * SECOND);
	assert_false(rate_take(rate, SECOND));
	assert_int_equal(rate_available(rate, SECOND, SECOND, 512), 0);
	assert_int_equal(rate_next(rate, SECOND), 5 * SECOND);
	assert_true(rate_take(rate, 5 * SECOND));
	rate_free(rate);
}

static void a_clock_that_stands_or_goes_back_gives_nothing(void **state)
{
	struct rate *rate = rate_new(5, 1000, 5, 0);

	(void)state;
	assert_int_equal(drain(rate, 10 * SECOND, 10 * SECOND + 1, 1), 5);
	assert_false(rate_take(rate, 10 * SECOND));
	assert_false(rate_take(rate, 0));
	assert_false(rate_take(rate, -10 * SECOND));
	assert_true(rate_take(rate, 11 * SECOND));
	rate_free(rate);
}

static void absurd_settings_are_brought_into_bounds(void **state)
{
	struct rate *rate = rate_new(INT64_MAX, INT64_MAX, INT64_MAX, 0);

	(void)state;
	assert_false(rate_take(rate, 0));
	assert_true(rate_take(rate, SECOND));
	assert_true(rate_available(rate, SECOND, INT64_MAX, INT64_MAX) > 0);
	rate_free(rate);
	rate = rate_new(5, 0, -3, 0);
	assert_true(rate_take(rate, SECOND));
	assert_false(rate_take(rate, SECOND)); /* a burst of less than one is one */
	rate_free(rate);
	rate_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_window_of_any_pattern_holds_too_many),
		cmocka_unit_test(no_window_after_a_spent_burst_holds_more_than_the_rate),
		cmocka_unit_test(begins_with_an_empty_burst),
		cmocka_unit_test(gives_the_whole_rate_when_asked_all_the_time),
		cmocka_unit_test(a_late_loop_loses_nothing_within_the_burst),
		cmocka_unit_test(available_tells_what_can_be_taken),
		cmocka_unit_test(a_block_holds_and_only_ever_grows),
		cmocka_unit_test(no_limit_gives_always_but_is_blocked_too),
		cmocka_unit_test(a_clock_that_stands_or_goes_back_gives_nothing),
		cmocka_unit_test(absurd_settings_are_brought_into_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
