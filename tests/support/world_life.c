#include "tests/support/world_inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/tick.h"
#include "run/people.h"
#include "run/recover.h"
#include "run/run.h"
#include "run/session.h"

#define LIFE_ENDED 77 /* exit status of a life that a tick ended */

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
	files.options[0].corrects = acts == ACT_CORRECT ? 1 : 0;
	files.options[0].allow_duplicates = acts == ACT_CHANGED;
	files.options[0].why = "known";
	files.options[0].allow_duplicates = acts == ACT_CHANGED;
	files.options[0].why = acts == ACT_CHANGED ? "seen" : NULL;
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

static bool approve(struct session *session, struct fault *fault)
{
	struct decide decide = {.decision = DECIDE_APPROVE, .batch = 1, .why = "seen"};
	struct decided decided;
	return people_decide(session, &decide, &decided, fault) && release(session, fault);
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
	struct session_options options = world_options(world);
	enum session_need need = acts & ACT_RECOVER ? SESSION_LEASE : SESSION_SEND;
	bool done = session_open(&session, &options, need, fault);
	if (done && (acts & ACT_RECOVER))
		done = recover(&session, fault);
	if (done && (acts & ACT_RESOLVE))
		done = resolve(&session, world, fault);
	if (done && (acts & (ACT_SUBMIT | ACT_HOLD)))
		done = send_files(&session, world->csv_path, acts, RUN_ENDED, fault);
	if (done && (acts & ACT_APPROVE))
		done = approve(&session, fault);
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
	if (done && (acts & ACT_CORRECT))
		done = send_files(&session, world->corrected_path, ACT_CORRECT, RUN_ENDED, fault);
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
	bool done = acts & ACT_CREATE ? world_create(world, &fault) : act(world, acts, &fault);
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
