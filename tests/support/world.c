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
#include "run/people.h"
#include "run/recover.h"
#include "run/run.h"
#include "run/session.h"
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
	snprintf(world->changed_path, sizeof world->changed_path, "%s/changed.csv", world->folder);
	snprintf(world->refused_path, sizeof world->refused_path, "%s/refused.csv", world->folder);
	snprintf(path, sizeof path, "%s/head", world->folder);
	assert_int_equal(mkdir(path, 0700), 0);
	clock_system(&world->clock);
	log_init(&world->log, -1, LOG_ERROR_LEVEL);
	world->stop.wake_fd = -1;
	start_sandbox(world);
	write_config(world, channel);
}

/* Removes the journal and what it wrote; with all, everything. Nothing here has folders within folders within folders.
 */
static void remove_files(const struct world *world, bool all)
{
	char command[1300];
	snprintf(command, sizeof command, "rm -rf '%s'/payrun.db* '%s'/head/* '%s'/reports '%s'/*.errors.csv",
		world->folder, world->folder, world->folder, world->folder);
	if (all)
		snprintf(command, sizeof command, "rm -rf '%s'", world->folder);
	assert_int_equal(system(command), 0);
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

static struct session_options options_of(struct world *world)
{
	return (struct session_options){
		.config_path = world->config_path,
		.lock_wait_ms = 5000,
		.clock = &world->clock,
		.log = &world->log,
		.stop = &world->stop,
		.program = "payrun test",
		.user_agent = "payrun-test",
	};
}

void world_forget(struct world *world)
{
	remove_files(world, false);
	world_post(world, "/_/reset", "{}");
}

bool world_has_journal(const struct world *world)
{
	char path[400];
	snprintf(path, sizeof path, "%s/payrun.db", world->folder);
	return access(path, F_OK) == 0;
}

static bool create(struct world *world, struct fault *fault)
{
	struct session session;
	struct session_options options = options_of(world);
	if (!session_open(&session, &options, SESSION_CONFIG, fault))
		return false;
	struct journal_options journal = {
		.path = session.config->journal_path,
		.namespace_text = session.config->namespace_text,
		.head_file = session.config->head_file,
		.clock = &world->clock,
		.who = &session.who,
	};
	bool done = access(journal.path, F_OK) == 0 || journal_create(&journal, fault);
	session_close(&session);
	return done;
}

void world_renew(struct world *world)
{
	struct fault fault = {0};
	world_forget(world);
	must(create(world, &fault), &fault);
}

void world_write(struct world *world, const char *csv)
{
	struct buf changed = {0};
	write_file(world->csv_path, csv);
	buf_addz(&changed, csv);
	buf_addz(&changed, "N-9,calypso,3,TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,new\n");
	write_file(world->changed_path, buf_str(&changed));
	buf_addz(&changed, "N-10,calypso,-3,TRX,TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t,refused\n");
	write_file(world->refused_path, buf_str(&changed));
	buf_release(&changed);
}

static void copy_file(const char *from, const char *to)
{
	struct buf bytes = {0};
	struct fault fault = {0};
	must(file_read(from, 1 << 26, &bytes, NULL, &fault) && file_replace(to, buf_text(&bytes), false, &fault),
		&fault);
	buf_release(&bytes);
}

/* The last process that closed the journal has put everything into its one file. */
void world_backup(struct world *world)
{
	char journal[400], copy[400];
	snprintf(journal, sizeof journal, "%s/payrun.db", world->folder);
	snprintf(copy, sizeof copy, "%s/copy.db", world->folder);
	copy_file(journal, copy);
}

void world_restore(struct world *world)
{
	char journal[400], copy[400];
	snprintf(journal, sizeof journal, "%s/payrun.db", world->folder);
	snprintf(copy, sizeof copy, "%s/copy.db", world->folder);
	remove(journal);
	copy_file(copy, journal);
}

/* --- a life ------------------------------------------------------------------------------------------------------- */

static bool send_files(
	struct session *session, const char *path, unsigned acts, enum run_end expected, struct fault *fault)
{
	static const struct run_teller nobody = {NULL, NULL, NULL};
	struct run_files files;
	struct run_result result = {0};
	run_files_init(&files, 1);
	files.options[0].path = path;
	files.options[0].decimal_mark = '.';
	files.options[0].keep = true;
	files.options[0].on_error = acts == ACT_CHANGED ? ON_ERROR_SKIP : ON_ERROR_REFUSE;
	struct run_submit submit = {
		.files = &files,
		.teller = &nobody,
		.hold = (acts & ACT_HOLD) != 0,
		.loop = {.send = true, .wait_final = true, .wait_limit_ms = 20000, .rate_count = -1},
	};
	if (acts & ACT_GIVE_UP)
		submit.loop.wait_limit_ms = 1000;
	enum run_end end = run_submit(&session->stage, &submit, &result, fault);
	bool done = end == expected;
	if (end == RUN_ENDED && result.sent && !(acts & ACT_GIVE_UP))
		done = done && result.loop.end == SUBMIT_DONE;
	char paths[2][512];
	for (int i = 0; done && end == RUN_ENDED && i < result.batch_count; i++)
		done = run_reports(&session->stage, result.batches[i], NULL, paths, fault);
	if (!done)
		fprintf(stderr, "  %s: ended with %d, loop %d\n", path, (int)end, (int)result.loop.end);
	free(result.batches);
	run_files_release(&files);
	return done;
}

static bool retry(struct session *session, struct fault *fault)
{
	static const char *const failed[] = {"R-3"};
	struct arena arena = {0};
	enum journal_find found = JOURNAL_FIND_NONE;
	int64_t payout = 0;
	struct attempt latest;
	bool known = false;
	struct decide decide = {.decision = DECIDE_RETRY, .references = failed, .reference_count = 1, .why = ""};
	struct decided decided;
	struct submit_options options = {.send = true, .wait_final = true, .wait_limit_ms = 20000, .rate_count = -1};
	struct submit_result result;
	bool done = journal_payout_find(session->journal, text_of("R-3"), &payout, &found, fault) &&
		    journal_attempt_of(session->journal, payout, &arena, &latest, &known, fault);
	decide.batch = done && known ? latest.batch : 0;
	if (done && known && latest.number == 1)
		done = people_decide(session, &decide, &decided, fault);
	arena_release(&arena);
	return done && submit_run(&session->stage, &options, &result, fault) == SUBMIT_DONE;
}

static bool release(struct session *session, struct fault *fault)
{
	struct submit_options options = {
		.send = true, .release_hold = true, .wait_final = true, .wait_limit_ms = 20000, .rate_count = -1};
	struct submit_result result;
	return submit_run(&session->stage, &options, &result, fault) == SUBMIT_DONE;
}

static bool recover(struct session *session, struct fault *fault)
{
	struct recover_options options = {.wait_limit_ms = 20000};
	struct recover_result result;
	return run_recover(&session->stage, &options, &result, fault) && (!result.behind || result.accepted);
}

static bool resolve(struct session *session, const struct world *world, struct fault *fault)
{
	struct resolve resolve = {.name = "R-1", .as = RESOLVE_ACCEPTED, .provider_id = world->resolve_id, .why = ""};
	struct resolved resolved;
	struct fault settled = {0};
	bool done = people_resolve(session, &resolve, &resolved, &settled);
	(void)fault;
	return done || settled.kind == FAULT_USAGE; /* it was settled in an earlier life */
}

static bool act(struct world *world, unsigned acts, struct fault *fault)
{
	struct session session;
	struct session_options options = options_of(world);
	enum session_need need = acts & ACT_RECOVER ? SESSION_LEASE : SESSION_SEND;
	bool done = session_open(&session, &options, need, fault);
	if (done && (acts & ACT_RECOVER))
		done = recover(&session, fault);
	if (done && (acts & ACT_RESOLVE))
		done = resolve(&session, world, fault);
	if (done && (acts & (ACT_SUBMIT | ACT_HOLD)))
		done = send_files(&session, world->csv_path, acts, RUN_ENDED, fault);
	if (done && (acts & ACT_RECOVER))
		done = release(&session, fault);
	if (done && (acts & ACT_RELEASE))
		done = release(&session, fault);
	struct fault refused = {0};
	if (done && (acts & ACT_REFUSE))
		done = send_files(&session, world->refused_path, acts, RUN_REFUSED, &refused);
	if (done && (acts & ACT_RETRY))
		done = retry(&session, fault);
	if (done && (acts & ACT_CHANGED))
		done = send_files(&session, world->changed_path, ACT_CHANGED, RUN_ENDED, fault);
	for (int i = 0; !done && i < session.stage.notice_count; i++)
		fprintf(stderr, "  %s %s\n", session.stage.notices[i].code, session.stage.notices[i].message);
	session_close(&session);
	return done;
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

static void live(struct world *world, int64_t die_at, unsigned acts)
{
	struct fault fault = {0};
	const char *names = getenv("WORLD_TICKS");
	if (names != NULL)
		tick_names = fopen(names, "a");
	ticks_left = die_at;
	tick_hook = count_tick;
	bool done = acts & ACT_CREATE ? create(world, &fault) : act(world, acts, &fault);
	if (tick_names != NULL)
		fclose(tick_names);
	if (!done)
		fprintf(stderr, "a life ended badly: %s %s\n", fault.code, fault.message);
	_exit(done ? 0 : 1);
}

bool world_life(struct world *world, int64_t die_at, unsigned acts)
{
	int status = 0;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		live(world, die_at, acts);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && WEXITSTATUS(status) != LIFE_ENDED))
		fail_msg("a life that should end at tick %lld ended with status %#x", (long long)die_at,
			(unsigned)status);
	return WEXITSTATUS(status) == 0;
}

/* --- the money ---------------------------------------------------------------------------------------------------- */

struct counting {
	json_t *ledger; /* the sandbox's payouts by key */
	state_set states;
	const char *what;
	size_t matched;
};

static void same(const struct counting *counting, json_t *entry, const char *member, const char *expected)
{
	const char *text = json_string_value(json_object_get(entry, member));
	if (text == NULL || strcmp(text, expected) != 0)
		fail_msg("%s: %s is %s in the ledger, %s in the journal", counting->what, member, text, expected);
}

static void same_text(const struct counting *counting, json_t *entry, const char *member, struct text expected)
{
	struct buf text = {0};
	buf_addt(&text, expected);
	same(counting, entry, member, buf_str(&text));
	buf_release(&text);
}

static void count_attempt(struct counting *counting, const struct attempt *attempt, const struct journal_payout *payout)
{
	char key[KEY_TEXT_SIZE];
	struct buf amount = {0};
	key_text(&attempt->key, key);
	json_t *entry = json_object_get(counting->ledger, key);
	bool taken = attempt->provider_id.len > 0;
	if (taken != (entry != NULL))
		fail_msg("%s: row %lld attempt %lld (%s) is %s the ledger", counting->what, (long long)attempt->row,
			(long long)attempt->number, state_name(attempt->state), entry != NULL ? "in" : "not in");
	if (!taken)
		return;
	money_text_short(&amount, payout->amount_minor, payout->decimals);
	same(counting, entry, "amount", buf_str(&amount));
	buf_release(&amount);
	same_text(counting, entry, "id", attempt->provider_id);
	same_text(counting, entry, "reference", payout->reference);
	counting->matched++;
}

static bool check_line(void *context, const struct journal_line *line)
{
	const struct counting *counting = context;
	if ((counting->states & STATE_SET(line->state)) == 0)
		fail_msg("%s: row %lld is %s", counting->what, (long long)line->payout.row, state_name(line->state));
	return true;
}

/* The ledger by key. A reference may be there again only when what was there was called off. */
static json_t *ledger_by_key(struct world *world, const char *what)
{
	json_t *root = json_loads(world_get(world, "/_/ledger"), 0, NULL);
	json_t *by_key = json_object(), *alive = json_object();
	size_t index;
	json_t *entry;
	assert_non_null(root);
	json_array_foreach(json_object_get(root, "payouts"), index, entry)
	{
		const char *key = json_string_value(json_object_get(entry, "key"));
		const char *reference = json_string_value(json_object_get(entry, "reference"));
		const char *state = json_string_value(json_object_get(entry, "state"));
		if (json_object_get(by_key, key) != NULL)
			fail_msg("%s: key %s is in the ledger twice", what, key);
		json_object_set(by_key, key, entry);
		if (strcmp(state, "FAILED") == 0 || strcmp(state, "CANCELED") == 0)
			continue;
		if (json_object_get(alive, reference) != NULL)
			fail_msg("%s: %s was paid twice", what, reference);
		json_object_set(alive, reference, entry);
	}
	json_decref(alive);
	json_decref(root);
	return by_key;
}

static void count_attempts(struct journal *journal, struct counting *counting)
{
	struct fault fault = {0};
	struct arena arena = {0};
	struct attempt attempts[64];
	struct attempt_filter filter = {0};
	int count = 0;
	must(journal_attempt_list(journal, &filter, &arena, attempts, 64, &count, &fault), &fault);
	assert_true(count < 64);
	for (int i = 0; i < count; i++) {
		struct journal_payout payout;
		bool found = false;
		must(journal_payout_get(journal, attempts[i].payout, &arena, &payout, &found, &fault), &fault);
		assert_true(found);
		count_attempt(counting, &attempts[i], &payout);
	}
	arena_release(&arena);
}

static void tell_break(void *context, const char *code, const char *message)
{
	fail_msg("%s: %s %s", (const char *)context, code, message);
}

void world_count(struct world *world, state_set states, const char *what)
{
	struct fault fault = {0};
	struct session session;
	struct session_options options = options_of(world);
	struct counting counting = {.states = states, .what = what};
	struct arena arena = {0};
	struct journal_sums sums;
	int64_t breaks = 0;
	char name[300];
	must(session_open(&session, &options, SESSION_READ, &fault), &fault);
	counting.ledger = ledger_by_key(world, what);
	must(journal_line_each(session.journal, 0, check_line, &counting, &fault), &fault);
	count_attempts(session.journal, &counting);
	if (counting.matched != json_object_size(counting.ledger))
		fail_msg("%s: %zu payouts in the ledger, %zu in the journal", what, json_object_size(counting.ledger),
			counting.matched);
	must(journal_sums(session.journal, 0, &arena, &sums, &fault), &fault);
	assert_true(sums.balanced);
	snprintf(name, sizeof name, "%s", what);
	if (getenv("NOVERIFY") == NULL)
		must(journal_verify(session.journal, text_of(""), tell_break, name, &breaks, &fault), &fault);
	assert_int_equal(breaks, 0);
	arena_release(&arena);
	json_decref(counting.ledger);
	session_close(&session);
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
