#include "tests/support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <curl/curl.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/tick.h"
#include "providers/catalog.h"
#include "stages/receive.h"
#include "values/money.h"

#define LIFE_ENDED 77 /* exit status of a life that a tick ended */

static struct buf answer;

static void must(bool done, const struct fault *fault)
{
	if (!done)
		fail_msg("%s %s (%s)", fault->code, fault->message, fault->cure);
}

static void write_file(const char *path, const char *content)
{
	struct fault fault = {0};
	must(file_replace(path, text_of(content), false, &fault), &fault);
}

static void start_sandbox(struct world *world)
{
	const char *program = getenv("PAYRUN_SANDBOX");
	int out[2];
	char line[128] = "";
	assert_non_null(program);
	assert_int_equal(pipe(out), 0);
	world->sandbox = fork();
	if (world->sandbox == 0) {
		dup2(out[1], 1);
		close(out[0]);
		close(out[1]);
		execl(program, program, "--port", "0", "--settle-after", "0", (char *)NULL);
		_exit(127);
	}
	close(out[1]);
	FILE *first = fdopen(out[0], "r");
	assert_non_null(fgets(line, sizeof line, first));
	fclose(first);
	assert_int_equal(sscanf(line, "listening %63s", world->url), 1);
}

static void write_config(struct world *world, const char *channel)
{
	struct buf text = {0};
	buf_addf(&text,
		"[payrun]\nnamespace = crash\njournal = sqlite:payrun.db\nhead_file = %s/head/head\n"
		"suspected_duplicates = warn\n"
		"[channel calypso]\nprovider = calypso\nbase_url = %s/calypso\n"
		"account = 0x00000000000000000000000000000000000000aa\nkey = sandbox-calypso\n"
		"secret = sandbox-calypso-secret\nrate = none\n%s",
		world->folder, world->url, channel);
	write_file(world->config_path, buf_str(&text));
	buf_release(&text);
}

void world_open(struct world *world, const char *channel)
{
	const char *tmp = getenv("TMPDIR");
	char path[600];
	memset(world, 0, sizeof *world);
	snprintf(world->folder, sizeof world->folder, "%s/world.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(world->folder));
	snprintf(world->config_path, sizeof world->config_path, "%s/payrun.conf", world->folder);
	snprintf(world->csv_path, sizeof world->csv_path, "%s/payouts.csv", world->folder);
	snprintf(path, sizeof path, "%s/head", world->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	clock_system(&world->clock);
	log_init(&world->log, -1, LOG_ERROR_LEVEL);
	world->who = (struct journal_who){"tester", "here", "payrun test"};
	world->stop.wake_fd = -1;
	start_sandbox(world);
	write_config(world, channel);
}

static void remove_files(const struct world *world, bool all)
{
	static const char *const names[] = {"payrun.db", "payrun.db-wal", "payrun.db-shm", "payrun.db.lock",
		"head/head", "payouts.csv", "payrun.conf", "head"};
	for (size_t i = 0; i < (all ? sizeof names / sizeof *names : 5); i++) {
		char path[600];
		snprintf(path, sizeof path, "%s/%s", world->folder, names[i]);
		remove(path);
	}
	if (all)
		remove(world->folder);
}

void world_close(struct world *world)
{
	int status = 0;
	kill(world->sandbox, SIGTERM);
	waitpid(world->sandbox, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	remove_files(world, true);
	buf_release(&answer);
}

static size_t keep(char *bytes, size_t size, size_t count, void *context)
{
	(void)context;
	buf_add(&answer, bytes, size * count);
	return size * count;
}

static const char *call(struct world *world, const char *path, const char *json)
{
	char url[256];
	long status = 0;
	CURL *curl = curl_easy_init();
	snprintf(url, sizeof url, "%s%s", world->url, path);
	buf_reset(&answer);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, keep);
	if (json != NULL)
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, json);
	assert_int_equal(curl_easy_perform(curl), CURLE_OK);
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	if (status != 200)
		fail_msg("%s %s: %ld %s", path, json != NULL ? json : "", status, buf_str(&answer));
	return buf_str(&answer);
}

const char *world_get(struct world *world, const char *path)
{
	return call(world, path, NULL);
}

const char *world_post(struct world *world, const char *path, const char *json)
{
	return call(world, path, json);
}

/* What a life needs, opened from the files alone. */
struct opened {
	struct config *config;
	struct journal_options journal;
	struct stage stage;
};

static bool open_config(struct world *world, struct opened *opened, struct fault *fault)
{
	struct config_options options = {.path = world->config_path};
	memset(opened, 0, sizeof *opened);
	options.providers = catalog_settings(&options.provider_count);
	opened->config = config_load(&options, fault);
	if (opened->config == NULL)
		return false;
	opened->journal = (struct journal_options){
		.path = opened->config->journal_path,
		.namespace_text = opened->config->namespace_text,
		.head_file = opened->config->head_file,
		.clock = &world->clock,
		.who = &world->who,
	};
	return true;
}

void world_renew(struct world *world)
{
	struct fault fault = {0};
	struct opened opened;
	remove_files(world, false);
	must(open_config(world, &opened, &fault), &fault);
	must(journal_create(&opened.journal, &fault), &fault);
	config_free(opened.config);
	world_post(world, "/_/reset", "{}");
}

void world_write(struct world *world, const char *csv)
{
	write_file(world->csv_path, csv);
}

static void ignore(void *context, const struct finding *finding)
{
	(void)context;
	(void)finding;
}

static enum submit_end run(
	struct world *world, struct opened *opened, bool wait_final, struct submit_result *result, struct fault *fault)
{
	struct stage *stage = &opened->stage;
	struct receive_result received;
	struct finding_sink sink = {ignore, NULL};
	struct receive_options receive = {
		.path = world->csv_path, .decimal_mark = '.', .expect_count = -1, .keep = true};
	struct submit_options submit = {
		.send = true, .wait_final = wait_final, .wait_limit_ms = 20000, .rate_count = -1};
	bool same_folder = false;
	int64_t recovered = 0;
	stage->config = opened->config;
	stage->clock = &world->clock;
	stage->log = &world->log;
	stage->stop = &world->stop;
	stage->user_agent = "payrun-test";
	stage->journal = journal_open(&opened->journal, fault);
	if (stage->journal == NULL || !journal_lease_take(stage->journal, 5000, NULL, NULL, &recovered, fault) ||
		!journal_head_check(stage->journal, &same_folder, fault))
		return SUBMIT_FAILED;
	enum receive_verdict verdict = receive_file(stage, &receive, &sink, &received, fault);
	if (verdict != RECEIVE_NEW && verdict != RECEIVE_KNOWN)
		return SUBMIT_FAILED;
	return submit_run(stage, &submit, result, fault);
}

enum submit_end world_run(struct world *world, bool wait_final, struct submit_result *result, struct stage *stage)
{
	struct fault fault = {0};
	struct opened opened;
	must(open_config(world, &opened, &fault), &fault);
	enum submit_end end = run(world, &opened, wait_final, result, &fault);
	if (end == SUBMIT_FAILED)
		fail_msg("%s: %s", fault.code, fault.message);
	if (stage != NULL)
		*stage = opened.stage;
	journal_lease_drop(opened.stage.journal);
	journal_close(opened.stage.journal);
	config_free(opened.config);
	return end;
}

static int64_t ticks_left;
static FILE *tick_names;

static void count_tick(const char *name)
{
	if (tick_names != NULL)
		fprintf(tick_names, "%s\n", name);
	if (ticks_left > 0 && --ticks_left == 0) {
		if (tick_names != NULL)
			fflush(tick_names);
		_exit(LIFE_ENDED);
	}
}

static void live(struct world *world, int64_t die_at, bool wait_final)
{
	struct fault fault = {0};
	struct opened opened;
	struct submit_result result;
	const char *names = getenv("WORLD_TICKS");
	if (names != NULL)
		tick_names = fopen(names, "a");
	ticks_left = die_at;
	tick_hook = count_tick;
	enum submit_end end = SUBMIT_FAILED;
	if (open_config(world, &opened, &fault))
		end = run(world, &opened, wait_final, &result, &fault);
	if (tick_names != NULL)
		fclose(tick_names);
	if (end != SUBMIT_DONE)
		fprintf(stderr, "a life ended with %d: %s %s\n", (int)end, fault.code, fault.message);
	for (int i = 0; end != SUBMIT_DONE && i < opened.stage.notice_count; i++)
		fprintf(stderr, "  %s %s\n", opened.stage.notices[i].code, opened.stage.notices[i].message);
	_exit(end == SUBMIT_DONE ? 0 : 1);
}

bool world_life(struct world *world, int64_t die_at, bool wait_final)
{
	int status = 0;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		live(world, die_at, wait_final);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != LIFE_ENDED))
		fail_msg("a life that should end at tick %lld ended with status %#x", (long long)die_at, status);
	return WEXITSTATUS(status) == 0;
}

struct counting {
	json_t *ledger; /* the sandbox's payouts by reference */
	state_set states;
	const char *what;
	int64_t matched;
};

static void same(const struct counting *counting, json_t *entry, const char *member, const char *expected)
{
	const char *text = json_string_value(json_object_get(entry, member));
	if (text == NULL || strcmp(text, expected) != 0)
		fail_msg("%s: %s is %s in the ledger, %s in the journal", counting->what, member, text, expected);
}

static bool count_line(void *context, const struct journal_line *line)
{
	struct counting *counting = context;
	char reference[300];
	snprintf(reference, sizeof reference, "%.*s", (int)line->payout.reference.len, line->payout.reference.ptr);
	if ((counting->states & STATE_SET(line->state)) == 0)
		fail_msg("%s: %s is %s", counting->what, reference, state_name(line->state));
	json_t *entry = json_object_get(counting->ledger, reference);
	bool taken = line->attempt.provider_id.len > 0;
	if (taken != (entry != NULL))
		fail_msg("%s: %s (%s) is %s the ledger", counting->what, reference, state_name(line->state),
			entry != NULL ? "in" : "not in");
	if (!taken)
		return true;
	struct buf text = {0};
	money_text_short(&text, line->payout.amount_minor, line->payout.decimals);
	same(counting, entry, "amount", buf_str(&text));
	buf_reset(&text);
	buf_addt(&text, line->attempt.provider_id);
	same(counting, entry, "id", buf_str(&text));
	buf_release(&text);
	counting->matched++;
	return true;
}

static json_t *ledger_by_reference(struct world *world, const char *what)
{
	json_t *root = json_loads(world_get(world, "/_/ledger"), 0, NULL);
	json_t *by_reference = json_object();
	size_t index;
	json_t *entry;
	assert_non_null(root);
	json_array_foreach(json_object_get(root, "payouts"), index, entry)
	{
		const char *reference = json_string_value(json_object_get(entry, "reference"));
		if (json_object_get(by_reference, reference) != NULL)
			fail_msg("%s: %s was paid twice", what, reference);
		json_object_set(by_reference, reference, entry);
	}
	json_decref(root);
	return by_reference;
}

static void tell_break(void *context, const char *code, const char *message)
{
	fail_msg("%s: %s %s", (const char *)context, code, message);
}

void world_count(struct world *world, state_set states, const char *what)
{
	struct fault fault = {0};
	struct opened opened;
	struct counting counting = {.states = states, .what = what};
	struct arena arena = {0};
	struct journal_sums sums;
	int64_t breaks = 0;
	char name[256];
	must(open_config(world, &opened, &fault), &fault);
	struct journal *journal = journal_open(&opened.journal, &fault);
	must(journal != NULL, &fault);
	counting.ledger = ledger_by_reference(world, what);
	must(journal_line_each(journal, 0, count_line, &counting, &fault), &fault);
	if (counting.matched != (int64_t)json_object_size(counting.ledger))
		fail_msg("%s: %zu payouts in the ledger, %lld in the journal", what, json_object_size(counting.ledger),
			(long long)counting.matched);
	must(journal_sums(journal, 0, &arena, &sums, &fault), &fault);
	assert_true(sums.balanced);
	snprintf(name, sizeof name, "%s", what);
	must(journal_verify(journal, text_of(""), tell_break, name, &breaks, &fault), &fault);
	assert_int_equal(breaks, 0);
	arena_release(&arena);
	json_decref(counting.ledger);
	journal_close(journal);
	config_free(opened.config);
}

int64_t world_requests(struct world *world, const char *path_end)
{
	json_t *root = json_loads(world_get(world, "/_/requests"), 0, NULL);
	const char *path;
	json_t *counts;
	int64_t sum = 0;
	json_object_foreach(json_object_get(root, "requests"), path, counts)
	{
		size_t len = strlen(path), end = strlen(path_end);
		const char *status;
		json_t *count;
		if (len < end || strcmp(path + len - end, path_end) != 0)
			continue;
		json_object_foreach(counts, status, count)
		{
			sum += json_integer_value(count);
		}
	}
	json_decref(root);
	return sum;
}

int64_t world_ledger_count(struct world *world)
{
	json_t *root = json_loads(world_get(world, "/_/ledger"), 0, NULL);
	int64_t count = (int64_t)json_array_size(json_object_get(root, "payouts"));
	json_decref(root);
	return count;
}
