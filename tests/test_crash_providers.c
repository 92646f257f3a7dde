/*
 * Crash over providers that are not like Calypso: a session that is logged in to, a destination that is made first,
 * keys that may be repeated within a window. One file pays through all of them, and the process dies at some ticks (at
 * every tick with PAYRUN_CRASH=full). The ledgers have each payout once, and the journal agrees with them.
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
#define PAYOUTS 9

#define FAULT(provider, kind, path, more)                                                                              \
	"{\"provider\":\"" provider "\",\"kind\":\"" kind "\",\"path\":\"" path "\"" more "}"
#define COMMITTED ",\"nth\":1,\"after_commit\":true"

static const struct story {
	const char *name;
	const char *fault;
} stories[] = {
	{"nothing else goes wrong", NULL},
	{"circle closes after the commit", FAULT("circle", "close", "/payouts", COMMITTED)},
	{"circle closes after a bank account is made", FAULT("circle", "close", "/banks/wires", COMMITTED)},
	{"circle answers garbage after the commit", FAULT("circle", "garbage", "/payouts", COMMITTED)},
	{"circle throttles", FAULT("circle", "429", "/payouts", ",\"nth\":2,\"retry_after\":0")},
	{"pontis closes after the commit", FAULT("pontis", "close", "/sendPayoutRequest", COMMITTED)},
	{"pontis resets before the commit", FAULT("pontis", "reset", "/sendPayoutRequest", ",\"nth\":2")},
	{"pontis answers 500 after the commit", FAULT("pontis", "500", "/sendPayoutRequest", COMMITTED)},
	{"the login of pontis is lost", FAULT("pontis", "close", "/login", ",\"nth\":1")},
	{"the session of pontis ends", FAULT("pontis", "expire_session", "/sendPayoutRequest", ",\"nth\":2")},
	/* The first two of these are look-ups: the channel is new. */
	{"mollie closes after the commit", FAULT("mollie", "close", "/v2/payouts", ",\"nth\":3,\"after_commit\":true")},
	{"mollie answers 503 after the commit",
		FAULT("mollie", "503", "/v2/payouts", ",\"nth\":4,\"after_commit\":true")},
	{"mollie throttles", FAULT("mollie", "429", "/v2/payouts", ",\"nth\":3,\"retry_after\":0")},
};

static struct world world;

static void begin(const struct story *story)
{
	world_renew(&world);
	if (story->fault != NULL)
		world_post(&world, "/_/faults", story->fault);
}

/* Dies at tick n, lives on to the end. Returns false when there was no tick n. */
static bool dies_once(const struct story *story, int64_t n)
{
	char what[200];
	begin(story);
	bool whole = world_life(&world, n, ACT_SUBMIT);
	if (!whole)
		assert_true(world_life(&world, 0, ACT_SUBMIT));
	snprintf(what, sizeof what, "%s, died at tick %lld", story->name, (long long)n);
	world_count(&world, STATE_SET(PAYOUT_PAID), what);
	assert_int_equal(world_ledger_count(&world), PAYOUTS);
	return !whole;
}

static void each_provider_pays_once_whatever_tick_the_process_dies_at(void **state)
{
	const char *wish = getenv("PAYRUN_CRASH");
	bool full = wish != NULL && strcmp(wish, "full") == 0;
	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		int64_t step = full ? 1 : i == 0 ? 23 : 131;
		int64_t n = 1 + 7 * (int64_t)i % step;
		while (n < TICKS_MAX && dies_once(&stories[i], n))
			n += step;
		assert_in_range(n, 20, TICKS_MAX - 1);
	}
}

static void a_bank_account_is_made_once_for_all_its_payouts(void **state)
{
	(void)state;
	begin(&stories[0]);
	assert_true(world_life(&world, 0, ACT_SUBMIT));
	assert_int_equal(world_requests(&world, "/v1/businessAccount/banks/wires"), 1);
}

static int open_world(void **state)
{
	(void)state;
	world_open(&world, "");
	world_write(&world, world_every_provider);
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
		cmocka_unit_test(each_provider_pays_once_whatever_tick_the_process_dies_at),
		cmocka_unit_test(a_bank_account_is_made_once_for_all_its_payouts),
	};
	return cmocka_run_group_tests_name("crash over providers", tests, open_world, close_world);
}
