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
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/world.h"

#define ENDED (STATE_SET(PAYOUT_PAID) | STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_CANCELED))
#define AGAIN (STATE_SET(PAYOUT_DUPLICATE) | STATE_SET(PAYOUT_REJECTED))
#define TICKS_MAX 2000

static const char payouts[] = "reference,channel,amount,currency,wallet_address,description\n"
			      "R-1,calypso,12.50,USDT_TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,first\n"
			      "R-2,calypso,0.00000001,BTC,bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4,second\n"
			      "R-3,calypso,7.91,USDT_TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,fails later\n"
			      "R-4,calypso,8.92,USDT_TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,is canceled\n"
			      "\xc3\x9c-5,calypso,1000000,USDC,0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed,\n";

/* As much as the file pays, so that anything that counted twice would have no room left; or all, counted as well. */
#define EXACT                                                                                                          \
	"limit_per_day = USDT_TRX 29.33,BTC 0.00000001,USDC 1000000\n"                                                 \
	"limit_per_beneficiary_day = USDT_TRX 29.33,*:none\n"
#define COUNTED "limit_per_day = *:none\nlimit_per_beneficiary_day = *:none\n"

#define FAULT(kind, more) "{\"provider\":\"calypso\",\"kind\":\"" kind "\",\"path\":\"/payout/create\"," more "}"

/* What a day brings besides the crash. extra: create requests that reach the provider without making a payout. */
static const struct story {
	const char *name;
	unsigned before; /* acts of a life before the one that dies */
	unsigned acts;
	const char *fault;
	const char *second_fault;
	int64_t ledger; /* payouts at the end */
	int64_t extra;
} stories[] = {
	{"nothing else goes wrong", 0, ACT_SUBMIT, NULL, NULL, 5, 0},
	{"a long day", ACT_SUBMIT, ACT_REFUSE | ACT_RETRY | ACT_CHANGED | ACT_CORRECT, NULL, NULL, 8, 0},
	{"a person settles what is unknown", ACT_SUBMIT | ACT_GIVE_UP, ACT_RESOLVE | ACT_SUBMIT,
		FAULT("close", "\"rate\":1,\"after_commit\":true"),
		"{\"provider\":\"calypso\",\"kind\":\"500\",\"rate\":1,\"path\":\"/api/v1/payout\"}", 5, 0},
	{"the batch waits for approval", 0, ACT_SUBMIT | ACT_APPROVE, NULL, NULL, 5, 0},
	{"a restored journal", ACT_HOLD, ACT_RECOVER | ACT_SUBMIT, NULL, NULL, 5, 0},
	{"closed after the commit", 0, ACT_SUBMIT, FAULT("close", "\"nth\":2,\"after_commit\":true"), NULL, 5, 0},
	{"reset before the commit", 0, ACT_SUBMIT, FAULT("reset", "\"nth\":2"), NULL, 5, 1},
	{"torn after the commit", 0, ACT_SUBMIT, FAULT("truncate", "\"nth\":3,\"after_commit\":true"), NULL, 5, 0},
	{"garbage after the commit", 0, ACT_SUBMIT, FAULT("garbage", "\"nth\":1,\"after_commit\":true"), NULL, 5, 0},
	{"500 before the commit", 0, ACT_SUBMIT, FAULT("500", "\"nth\":4"), NULL, 5, 1},
	{"500 after the commit", 0, ACT_SUBMIT, FAULT("500", "\"nth\":4,\"after_commit\":true"), NULL, 5, 0},
	{"429", 0, ACT_SUBMIT, FAULT("429", "\"nth\":2,\"retry_after\":0"), NULL, 5, 1},
	{"a look-up is lost", 0, ACT_SUBMIT,
		"{\"provider\":\"calypso\",\"kind\":\"close\",\"nth\":1,\"path\":\"/api/v1/payout\"}", NULL, 5, 0},
};
#define STORIES (sizeof(stories) / sizeof(*stories))

static struct world world;

static bool full(void)
{
	const char *wish = getenv("PAYRUN_CRASH");
	return wish != NULL && strcmp(wish, "full") == 0;
}

/* The id that the sandbox gave the first payout, for the person who settles it. */
static void find_id(void)
{
	json_t *root = json_loads(world_get(&world, "/_/ledger"), 0, NULL);
	size_t index;
	json_t *entry;
	json_array_foreach(json_object_get(root, "payouts"), index, entry)
	{
		if (strcmp(json_string_value(json_object_get(entry, "reference")), "R-1") == 0)
			snprintf(world.resolve_id, sizeof world.resolve_id, "%s",
				json_string_value(json_object_get(entry, "id")));
	}
	json_decref(root);
}

/* Everything up to the life that may die. */
static void begin(const struct story *story)
{
	world_configure(&world, story->acts & ACT_APPROVE ? "approve = always\n" : "",
		story->acts & ACT_CHANGED ? COUNTED : EXACT);
	world_renew(&world);
	if (story->fault != NULL)
		world_post(&world, "/_/faults", story->fault);
	if (story->second_fault != NULL)
		world_post(&world, "/_/faults", story->second_fault);
	if (story->before != 0)
		assert_true(world_life(&world, 0, story->before));
	if (story->acts & ACT_RESOLVE) {
		world_post(&world, "/_/faults", "{\"provider\":\"calypso\",\"kind\":\"none\"}");
		find_id();
	}
	if (story->acts & ACT_RECOVER) {
		world_backup(&world);
		assert_true(world_life(&world, 0, ACT_RELEASE));
		world_restore(&world);
	}
}

static void count_it(const struct story *story, int64_t first, int64_t second)
{
	char what[300];
	snprintf(what, sizeof what, "%s, died at tick %lld, then %lld", story->name, (long long)first,
		(long long)second);
	world_count(&world, ENDED | (story->acts & ACT_CHANGED ? AGAIN : 0), what);
	int64_t creates = world_requests(&world, "/payout/create");
	int64_t ledger = world_ledger_count(&world);
	assert_int_equal(ledger, story->ledger);
	if (creates > ledger + story->extra)
		fail_msg("%s: %lld creates for %lld payouts: one was sent blindly", what, (long long)creates,
			(long long)ledger);
}

/* Dies at tick n, lives on to the end. Returns false when there was no tick n. */
static bool dies_once(const struct story *story, int64_t n)
{
	begin(story);
	bool whole = world_life(&world, n, story->acts);
	if (!whole)
		assert_true(world_life(&world, 0, story->acts));
	count_it(story, n, 0);
	return !whole;
}

static void each_payout_is_paid_once_whatever_tick_the_process_dies_at(void **state)
{
	(void)state;
	for (size_t i = 0; i < STORIES; i++) {
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
			died = !world_life(&world, n, story->acts);
			bool again = died && !world_life(&world, m, story->acts);
			if (again)
				assert_true(world_life(&world, 0, story->acts));
			count_it(story, n, m);
			if (!again)
				break;
		}
		if (!died)
			break;
	}
}

static void a_journal_is_made_whole_or_not_at_all(void **state)
{
	(void)state;
	for (int64_t n = 1; n < 100; n++) {
		world_forget(&world);
		bool whole = world_life(&world, n, ACT_CREATE);
		if (!whole && !world_has_journal(&world))
			world_forget(&world); /* a head file without its journal is for a person to remove */
		assert_true(whole || world_life(&world, 0, ACT_CREATE));
		world_count(&world, 0, "a new journal");
		if (whole) {
			assert_in_range(n, 2, 99);
			return;
		}
	}
	fail();
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
		assert_true(snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path);
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

/* Making a journal, and calling off at a provider, are no part of a life: tests of their own die there. */
static const char *const elsewhere[] = {"create.before_link", "create.link", "cancel.before_note", "cancel.asked",
	"cancel.begun", "cancel.before_commit", NULL};

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
	for (size_t i = 0; i < STORIES; i++) {
		begin(&stories[i]);
		world_life(&world, 60, stories[i].acts);
		world_life(&world, 0, stories[i].acts);
	}
	world_write(&world, world_every_provider);
	begin(&stories[0]);
	world_configure(&world, "", COUNTED);
	world_life(&world, 100, ACT_SUBMIT);
	world_life(&world, 0, ACT_SUBMIT);
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
		cmocka_unit_test(a_journal_is_made_whole_or_not_at_all),
		cmocka_unit_test(the_ticks_reached_are_the_ticks_in_the_source),
	};
	return cmocka_run_group_tests_name("crash", tests, open_world, close_world);
}
