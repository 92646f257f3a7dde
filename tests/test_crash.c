/*
 * Crash at every tick, and a second time (PROTOCOL, section 9): whatever happens, each payout is in the provider's
 * ledger once or not at all, the journal agrees with it, and no create was sent blindly.
 *
 * PAYRUN_CRASH=full dies at every tick of every story and at every pair of ticks of the first one; without it the first
 * story is exhaustive and the others take every ninth tick.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/world.h"

#define ENDED (STATE_SET(PAYOUT_PAID) | STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_CANCELED))
#define TICKS_MAX 2000

static const char payouts[] = "reference,channel,amount,currency,wallet_address,description\n"
			      "R-1,calypso,12.50,USDT_TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,first\n"
			      "R-2,calypso,0.00000001,BTC,bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4,second\n"
			      "R-3,calypso,7.91,USDT_TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,fails later\n"
			      "R-4,calypso,8.92,USDT_TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,is canceled\n"
			      "\xc3\x9c-5,calypso,1000000,USDC,0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed,\n";

/* What goes wrong besides the crash. extra: create requests that reach the provider without making a payout. */
static const struct story {
	const char *name;
	const char *fault;
	int64_t extra;
} stories[] = {
	{"nothing else goes wrong", NULL, 0},
	{"closed after the commit",
		"{\"provider\":\"calypso\",\"kind\":\"close\",\"nth\":2,\"path\":\"/payout/create\","
		"\"after_commit\":true}",
		0},
	{"reset before the commit",
		"{\"provider\":\"calypso\",\"kind\":\"reset\",\"nth\":2,\"path\":\"/payout/create\"}", 1},
	{"torn after the commit",
		"{\"provider\":\"calypso\",\"kind\":\"truncate\",\"nth\":3,\"path\":\"/payout/create\","
		"\"after_commit\":true}",
		0},
	{"garbage after the commit",
		"{\"provider\":\"calypso\",\"kind\":\"garbage\",\"nth\":1,\"path\":\"/payout/create\","
		"\"after_commit\":true}",
		0},
	{"500 before the commit", "{\"provider\":\"calypso\",\"kind\":\"500\",\"nth\":4,\"path\":\"/payout/create\"}",
		1},
	{"500 after the commit",
		"{\"provider\":\"calypso\",\"kind\":\"500\",\"nth\":4,\"path\":\"/payout/create\","
		"\"after_commit\":true}",
		0},
	{"429", "{\"provider\":\"calypso\",\"kind\":\"429\",\"nth\":2,\"path\":\"/payout/create\",\"retry_after\":0}",
		1},
	{"a look-up is lost", "{\"provider\":\"calypso\",\"kind\":\"close\",\"nth\":1,\"path\":\"/api/v1/payout\"}", 0},
};

static struct world world;

static bool full(void)
{
	const char *wish = getenv("PAYRUN_CRASH");
	return wish != NULL && strcmp(wish, "full") == 0;
}

static void begin(const struct story *story)
{
	world_renew(&world);
	if (story->fault != NULL)
		world_post(&world, "/_/faults", story->fault);
}

static void count_it(const struct story *story, int64_t first, int64_t second)
{
	char what[300];
	snprintf(what, sizeof what, "%s, died at tick %lld, then %lld", story->name, (long long)first,
		(long long)second);
	world_count(&world, ENDED, what);
	int64_t creates = world_requests(&world, "/payout/create");
	int64_t ledger = world_ledger_count(&world);
	assert_int_equal(ledger, 5);
	if (creates > ledger + story->extra)
		fail_msg("%s: %lld creates for %lld payouts: one was sent blindly", what, (long long)creates,
			(long long)ledger);
}

/* Dies at tick n, lives on to the end. Returns false when there was no tick n. */
static bool dies_once(const struct story *story, int64_t n)
{
	begin(story);
	bool whole = world_life(&world, n, true);
	if (!whole)
		assert_true(world_life(&world, 0, true));
	count_it(story, n, 0);
	return !whole;
}

static void each_payout_is_paid_once_whatever_tick_the_process_dies_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		int64_t step = i == 0 || full() ? 1 : 9;
		int64_t n = 1 + (int64_t)i % step;
		while (n < TICKS_MAX && dies_once(&stories[i], n))
			n += step;
		assert_in_range(n, 20, TICKS_MAX - 1);
	}
}

static void each_payout_is_paid_once_when_the_process_dies_twice(void **state)
{
	(void)state;
	const struct story *story = &stories[0];
	for (int64_t n = 3; n < TICKS_MAX; n += full() ? 1 : 11) {
		bool died = false;
		for (int64_t m = 1 + n % 7; m < TICKS_MAX; m += full() ? 1 : 29) {
			begin(story);
			died = !world_life(&world, n, true);
			bool again = died && !world_life(&world, m, true);
			if (again)
				assert_true(world_life(&world, 0, true));
			count_it(story, n, m);
			if (!again)
				break;
		}
		if (!died)
			break;
	}
}

/* Adds the tick names of a source folder to a list of lines. */
static void list_ticks(const char *folder, struct buf *names)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		size_t len = strlen(entry->d_name);
		char path[1000];
		struct buf source = {0};
		struct fault fault = {0};
		if (len < 3 || strcmp(entry->d_name + len - 2, ".c") != 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		assert_true(file_read(path, 1 << 20, &source, NULL, &fault));
		for (const char *at = strstr(buf_str(&source), "tick(\""); at != NULL; at = strstr(at + 1, "tick(\"")) {
			const char *end = strchr(at + 6, '"');
			buf_add(names, at + 6, (size_t)(end - at - 6));
			buf_addc(names, '\n');
		}
		buf_release(&source);
	}
	closedir(dir);
}

/* Points that no run of submit passes: they belong to other commands, and their own tests pass them. */
static const char *const elsewhere[] = {NULL};

static bool is_elsewhere(const char *name)
{
	for (size_t i = 0; elsewhere[i] != NULL; i++)
		if (strcmp(elsewhere[i], name) == 0)
			return true;
	return false;
}

static void the_ticks_reached_are_the_ticks_in_the_source(void **state)
{
	(void)state;
	static const char *const folders[] = {"lib/base", "lib/journal", "lib/stages", "lib/run", "formats"};
	char path[1000];
	struct buf written = {0}, reached = {0};
	struct fault fault = {0};
	snprintf(path, sizeof path, "%s/ticks", world.folder);
	setenv("WORLD_TICKS", path, 1);
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		begin(&stories[i]);
		world_life(&world, 0, true);
		begin(&stories[i]);
		world_life(&world, 60, true);
		world_life(&world, 0, true);
	}
	unsetenv("WORLD_TICKS");
	assert_true(file_read(path, 1 << 24, &reached, NULL, &fault));
	remove(path);
	const char *source = getenv("PAYRUN_SOURCE");
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", source != NULL ? source : ".", folders[i]);
		list_ticks(path, &written);
	}
	int missing = 0;
	char *rest = NULL;
	for (char *name = strtok_r(written.data, "\n", &rest); name != NULL; name = strtok_r(NULL, "\n", &rest)) {
		char line[200];
		snprintf(line, sizeof line, "%s\n", name);
		if (strstr(buf_str(&reached), line) == NULL && !is_elsewhere(name)) {
			print_error("not reached: %s\n", name);
			missing++;
		}
	}
	assert_int_equal(missing, 0);
	buf_release(&written);
	buf_release(&reached);
}

static int open_world(void **state)
{
	(void)state;
	world_open(&world, "");
	world_write(&world, payouts);
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
		cmocka_unit_test(each_payout_is_paid_once_whatever_tick_the_process_dies_at),
		cmocka_unit_test(each_payout_is_paid_once_when_the_process_dies_twice),
		cmocka_unit_test(the_ticks_reached_are_the_ticks_in_the_source),
	};
	return cmocka_run_group_tests_name("crash", tests, open_world, close_world);
}
