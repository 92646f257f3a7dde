/*
 * Crash over Mollie's own rules: one live payout for each balance, look-ups in the list, keys in flight, amounts that
 * are what a balance has. The process dies at some ticks (at every tick with PAYRUN_CRASH=full); the ledger has each
 * payout once, and the journal agrees with it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/world.h"

#define TICKS_MAX 3000
#define MINUTE INT64_C(60000)
#define HEAD "reference,channel,amount,currency,balance_id,description\n"
#define FAULT(kind, more) "{\"provider\":\"mollie\",\"kind\":\"" kind "\",\"path\":\"/v2/payouts\"," more "}"

/* Two of one balance and one of another; behind them what is all of a third. */
static const char shared[] = HEAD "M-1,mollie,10.00,EUR,bal_a,Rent\nM-2,mollie,11.00,EUR,bal_a,\nM-3,mollie,12.00,EUR,"
				  "bal_b,R\xC3\xA4nt\xC3\xA4\n";
static const char all[] = HEAD "A-1,mollie-all,ALL,EUR,bal_x,\nA-2,mollie-all,7.00,EUR,bal_y,\n";
static const char one[] = HEAD "M-1,mollie,10.00,EUR,bal_a,Rent\n";

static struct world world;

static struct moment shifted_now(const struct clock *clock)
{
	struct clock real;
	clock_system(&real);
	struct moment now = clock_now(&real);
	now.utc_ms += *(const int64_t *)clock->context;
	return now;
}

/* Lives from now on have a clock that is off by so much. */
static void shift_clock(int64_t ms)
{
	static int64_t shift_ms;
	shift_ms = ms;
	clock_system(&world.clock);
	if (ms == 0)
		return;
	world.clock.read = shifted_now;
	world.clock.context = &shift_ms;
}

static void begin(const char *csv, const char *fault)
{
	shift_clock(0);
	world_write(&world, csv);
	world_renew(&world);
	if (fault != NULL)
		world_post(&world, "/_/faults", fault);
}

static const struct story {
	const char *name;
	const char *csv;
	unsigned acts;
	int64_t payouts;
	const char *fault;
	int64_t step; /* of the ticks to die at; a life behind a taken balance has to wait */
} stories[] = {
	{"nothing else goes wrong", shared, ACT_SUBMIT, 3, NULL, 41},
	{"an answer is lost after the commit", shared, ACT_SUBMIT, 3, FAULT("close", "\"nth\":3,\"after_commit\":true"),
		83},
	{"a request is lost before it", shared, ACT_SUBMIT, 3, FAULT("reset", "\"nth\":3,\"after_commit\":false"), 83},
	{"an answer is torn", shared, ACT_SUBMIT, 3, FAULT("truncate", "\"nth\":3,\"after_commit\":true"), 83},
	{"an amount is all of a balance", all, ACT_SUBMIT | ACT_APPROVE, 2, NULL, 41},
	{"an amount is all, and its answer is lost", all, ACT_SUBMIT | ACT_APPROVE, 2,
		FAULT("close", "\"nth\":4,\"after_commit\":true"), 83},
};

static bool dies_once(const struct story *story, int64_t n)
{
	char what[200];
	begin(story->csv, story->fault);
	bool whole = world_life(&world, n, story->acts);
	if (!whole)
		assert_true(world_life(&world, 0, story->acts));
	snprintf(what, sizeof what, "%s, died at tick %lld", story->name, (long long)n);
	world_count(&world, STATE_SET(PAYOUT_PAID), what);
	assert_int_equal(world_ledger_count(&world), story->payouts);
	return !whole;
}

static void each_payout_is_made_once_whatever_tick_the_process_dies_at(void **state)
{
	const char *wish = getenv("PAYRUN_CRASH");
	bool full = wish != NULL && strcmp(wish, "full") == 0;
	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		int64_t step = full ? 1 : stories[i].step;
		int64_t n = 1 + 7 * (int64_t)i % step;
		while (n < TICKS_MAX && dies_once(&stories[i], n))
			n += step;
		assert_in_range(n, 20, TICKS_MAX - 1);
	}
}

/* The clock is doubted, so no window is open: what was lost can only be looked up. */
static void a_payout_whose_answer_was_lost_is_found_in_the_list_by_its_tag(void **state)
{
	(void)state;
	begin(one, FAULT("close", "\"nth\":2,\"after_commit\":true"));
	shift_clock(2 * MINUTE);
	assert_true(world_life(&world, 0, ACT_SUBMIT));
	world_count(&world, STATE_SET(PAYOUT_PAID), "found by its tag");
	assert_int_equal(world_ledger_count(&world), 1);
	/* The look-up before the first send, the create, the look-up after it, and no second create. */
	assert_int_equal(world_requests(&world, "/v2/payouts"), 3);
}

/* Mollie has forgotten the key, and would pay again. */
static void a_key_that_is_forgotten_is_never_sent_again(void **state)
{
	(void)state;
	int64_t died = 1;
	do { /* dies later and later, until the payout was made */
		begin(one, NULL);
		assert_false(world_life(&world, died += 3, ACT_SUBMIT));
	} while (world_ledger_count(&world) == 0);
	world_post(&world, "/_/clock", "{\"advance_ms\":3700000}");
	shift_clock(62 * MINUTE);
	assert_true(world_life(&world, 0, ACT_SUBMIT));
	world_count(&world, STATE_SET(PAYOUT_PAID), "after the key was forgotten");
	assert_int_equal(world_ledger_count(&world), 1);
}

static void what_is_not_in_the_list_is_not_sent_again_before_it_proves(void **state)
{
	(void)state;
	begin(one, FAULT("reset", "\"nth\":2,\"after_commit\":false"));
	shift_clock(2 * MINUTE);
	assert_true(world_life(&world, 0, ACT_SUBMIT | ACT_GIVE_UP));
	world_count(&world, STATE_SET(PAYOUT_UNKNOWN), "not in the list");
	assert_int_equal(world_ledger_count(&world), 0);
}

static void what_another_journal_paid_is_not_paid_again(void **state)
{
	(void)state;
	begin(one, NULL);
	assert_true(world_life(&world, 0, ACT_SUBMIT));
	world_lose_journal(&world);
	assert_true(world_life(&world, 0, ACT_SUBMIT | ACT_GIVE_UP));
	assert_int_equal(world_ledger_count(&world), 1);
}

static int open_world(void **state)
{
	(void)state;
	world_open(&world, "");
	return 0;
}

static int close_world(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payout_whose_answer_was_lost_is_found_in_the_list_by_its_tag),
		cmocka_unit_test(a_key_that_is_forgotten_is_never_sent_again),
		cmocka_unit_test(what_is_not_in_the_list_is_not_sent_again_before_it_proves),
		cmocka_unit_test(what_another_journal_paid_is_not_paid_again),
		cmocka_unit_test(each_payout_is_made_once_whatever_tick_the_process_dies_at),
	};
	return cmocka_run_group_tests_name("crash over mollie", tests, open_world, close_world);
}
