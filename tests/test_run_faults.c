/*
 * One file through every provider and mode while each kind of fault that the sandbox can stage (CONTRACT, section 9)
 * strikes all of them at once, before and after the payout exists: a run that gives up soon, then one that goes to the
 * end. The ledgers have each payout once, and the journal agrees with them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "tests/support/world.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FILE_MAX ((size_t)1 << 16)

static struct world world;

static int64_t payouts(void)
{
	int64_t lines = -1; /* the header */

	for (const char *at = world_every_provider; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	return lines;
}

/* Where a fault may strike: two requests of each, from the nth on. */
static const struct place {
	const char *provider, *path;
	int nth;
	bool tells_amount; /* so that an answer of another payout can be seen */
} places[] = {
	{"circle", "/banks/wires", 1, false},
	{"circle", "/payouts", 1, true},
	{"mollie", "/payouts", 3, true}, /* behind the look-ups of a channel that is new */
	{"pontis", "/user/login", 1, false},
	{"pontis", "/sendPayoutRequest", 1, false},
	{"pontis", "/getPayoutStatus", 1, false},
	{"calypso", "/payout/create", 1, true},
	{"calypso", "/v1/payout", 1, true},
};

static void stage(const struct place *place, const char *kind, int nth, const char *more)
{
	char json[256];

	snprintf(json, sizeof(json), "{\"provider\":\"%s\",\"kind\":\"%s\",\"path\":\"%s\",\"nth\":%d%s}",
		place->provider, kind, place->path, nth, more);
	world_post(&world, "/_/faults", json);
}

/* Every kind, with what it takes besides; of those that may strike a payout that exists the second strikes so. */
static const struct kind {
	const char *name;
	const char *more;
	bool commits;
} kinds[] = {
	{"reset", "", true},
	{"close", "", true},
	{"timeout", "", true},
	{"truncate", "", true},
	{"garbage", "", true},
	{"500", "", true},
	{"502", "", true},
	{"503", "", true},
	{"slow", ",\"delay_ms\":50", true},
	{"close_after", "", true},
	{"wrong", ",\"field\":\"amount\"", true},
	{"401", "", false},
	{"429", ",\"retry_after\":0", false},
	{"redirect", "", false},
};

static void stage_everywhere(const struct kind *kind)
{
	for (size_t i = 0; i < COUNT(places); i++) {
		char more[96];

		if (strcmp(kind->name, "wrong") == 0 && !places[i].tells_amount)
			continue;
		snprintf(more, sizeof(more), "%s%s", kind->more, kind->commits ? ",\"after_commit\":true" : "");
		stage(&places[i], kind->name, places[i].nth, kind->more);
		stage(&places[i], kind->name, places[i].nth + 1, more);
	}
}

/* How many of them did not strike: those of requests that were never made. */
static size_t faults_left(void)
{
	const char *at = world_get(&world, "/_/faults");
	size_t count = 0;

	for (; (at = strstr(at, "\"kind\"")) != NULL; at++)
		count++;
	return count;
}

static void clear_faults(void)
{
	for (size_t i = 0; i < COUNT(places); i++) {
		char json[64];

		snprintf(json, sizeof(json), "{\"provider\":\"%s\",\"kind\":\"none\"}", places[i].provider);
		world_post(&world, "/_/faults", json);
	}
}

static void no_fault_pays_twice_or_loses_a_payout(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		size_t staged;

		world_renew(&world);
		stage_everywhere(&kinds[i]);
		staged = faults_left();
		assert_true(world_life(&world, 0, ACT_SUBMIT | ACT_GIVE_UP));
		assert_true(staged - faults_left() >= 3);
		clear_faults();
		assert_true(world_life(&world, 0, ACT_SUBMIT));
		world_count(&world, STATE_SET(PAYOUT_PAID), kinds[i].name);
		assert_int_equal(world_ledger_count(&world), payouts());
	}
}

/* One login and one resend each: a session that ends once more under them stops the channel, and the next run goes on.
 */
static void a_session_that_ends_costs_no_payout(void **state)
{
	static const struct place create = {.provider = "pontis", .path = "/sendPayoutRequest"},
				  status = {.provider = "pontis", .path = "/getPayoutStatus"};

	(void)state;
	world_renew(&world);
	for (int nth = 1; nth <= 3; nth++)
		stage(&create, "expire_session", nth, "");
	stage(&status, "expire_session", 1, "");
	assert_true(world_life(&world, 0, ACT_SUBMIT));
	clear_faults();
	assert_true(world_life(&world, 0, ACT_SUBMIT));
	world_count(&world, STATE_SET(PAYOUT_PAID), "expire_session");
	assert_int_equal(world_ledger_count(&world), payouts());
}

/* A request that is never answered ends by the channel's own timeout. */
static void shorten_timeouts(void)
{
	struct buf text = {0}, changed = {0};
	struct fault fault = {0};

	assert_true(file_read(world.config_path, FILE_MAX, &text, NULL, &fault));
	for (const char *at = buf_str(&text), *end; *at != '\0'; at = end) {
		end = strstr(at, "rate = none\n");
		end = end != NULL ? end + strlen("rate = none\n") : at + strlen(at);
		buf_add(&changed, at, (size_t)(end - at));
		buf_addz(&changed, *end != '\0' || end[-1] == '\n' ? "timeout = 2s\n" : "");
	}
	assert_true(file_replace(world.config_path, buf_text(&changed), false, &fault));
	buf_release(&text);
	buf_release(&changed);
}

static int open_world(void **state)
{
	(void)state;
	world_open(&world, "");
	shorten_timeouts();
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
		cmocka_unit_test(no_fault_pays_twice_or_loses_a_payout),
		cmocka_unit_test(a_session_that_ends_costs_no_payout),
	};

	return cmocka_run_group_tests_name("faults over providers", tests, open_world, close_world);
}
