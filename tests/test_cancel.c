/* Calling off: in the journal what was not sent, at the provider what it may (the adapter's word), with the lease. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/tick.h"
#include "run/cancel.h"
#include "tests/fake_ask.h"
#include "tests/support/journal_box.h"

struct scene {
	struct journal_box box;
	struct config config;
	char name[8];
	struct session session;
	int64_t batch;
};

/* Three payouts: C-1 accepted, C-2 accepted, C-3 ready. The lease is held. */
static void scene_open(struct scene *scene, const struct scripted *script)
{
	memset(scene, 0, sizeof *scene);
	memset(&fake_ask, 0, sizeof fake_ask);
	fake_ask.adapter.cancels = true;
	fake_ask.script = script;
	box_open(&scene->box);
	snprintf(scene->name, sizeof scene->name, "acme");
	scene->config.namespace_text = scene->name;
	scene->session.config = &scene->config;
	scene->session.journal = scene->box.journal;
	scene->session.stage.journal = scene->box.journal;
	scene->session.stage.clock = &scene->box.clock;
	scene->session.leased = true;
	scene->batch = box_receive(&scene->box, "b1", "C", 3).id;
	for (int i = 1; i <= 2; i++) {
		char reference[8], id[8];
		snprintf(reference, sizeof reference, "C-%d", i);
		snprintf(id, sizeof id, "p-%d", i);
		struct attempt before = box_claim(&scene->box, box_payout(&scene->box, reference)), after = before;
		after.state = PAYOUT_ACCEPTED;
		after.provider_id = text_of(id);
		after.open_since = after.open_boot_ms = 0;
		after.open_boot = TEXT("");
		after.payload = TEXT("");
		assert_int_equal(box_move(&scene->box, &before, &after), MOVE_DONE);
	}
}

static void scene_close(struct scene *scene)
{
	assert_string_equal(box_verify(&scene->box, ""), "");
	box_close(&scene->box);
}

static struct attempt attempt_of(struct scene *scene, const char *reference)
{
	return box_attempt(&scene->box, box_payout(&scene->box, reference));
}

static struct decide wish(const struct scene *scene, const char *const *references, int count)
{
	return (struct decide){.decision = DECIDE_CANCEL,
		.batch = scene->batch,
		.references = references,
		.reference_count = count,
		.why = "not wanted"};
}

static void what_may_be_called_off_is_and_the_rest_is_told(void **state)
{
	static const struct scripted script[] = {
		SAYS(OPERATION_CANCEL, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_CANCELED, "p-1", "canceled", NULL),
		SAYS(OPERATION_CANCEL, ASK_ANSWERED, VERDICT_REFUSED, PAYOUT_UNKNOWN, NULL, NULL, "too late"),
		SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_PAID, "p-2", "completed", NULL),
	};
	struct scene scene;
	struct canceled canceled;
	struct fault fault = {0};
	int64_t asked = 0;

	(void)state;
	scene_open(&scene, script);
	struct decide decide = wish(&scene, NULL, 0);
	assert_true(cancel_count(&scene.session, &decide, &asked, &fault));
	assert_int_equal(asked, 2);
	assert_int_equal(fake_ask.asked, 0);
	assert_true(cancel_run(&scene.session, &decide, &canceled, &fault));
	assert_int_equal(canceled.local.done, 1);
	assert_int_equal(canceled.at_provider, 1);
	assert_int_equal(canceled.late, 1);
	assert_int_equal(canceled.unanswered, 0);
	assert_int_equal(fake_ask.asked, 3);
	struct attempt first = attempt_of(&scene, "C-1");
	assert_int_equal(first.state, PAYOUT_CANCELED);
	assert_true(text_is(first.reason_code, REASON_CANCELED));
	assert_true(text_is(first.reason, "not wanted"));
	assert_int_equal(attempt_of(&scene, "C-2").state, PAYOUT_PAID);
	assert_int_equal(attempt_of(&scene, "C-3").state, PAYOUT_CANCELED);
	scene_close(&scene);
}

static void no_answer_moves_nothing(void **state)
{
	static const struct scripted scripts[][1] = {
		{SAYS(OPERATION_CANCEL, ASK_NOTHING, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
		{SAYS(OPERATION_CANCEL, ASK_ANSWERED, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, "no such payout")},
		{SAYS(OPERATION_CANCEL, ASK_ANSWERED, VERDICT_THROTTLED, PAYOUT_UNKNOWN, NULL, NULL, "too many")},
	};
	static const char *const named[] = {"C-1"};

	(void)state;
	for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
		struct scene scene;
		struct canceled canceled;
		struct fault fault = {0};
		scene_open(&scene, scripts[i]);
		struct decide decide = wish(&scene, named, 1);
		assert_true(cancel_run(&scene.session, &decide, &canceled, &fault));
		assert_int_equal(canceled.unanswered, 1);
		assert_true(canceled.error[0] != '\0');
		assert_int_equal(attempt_of(&scene, "C-1").state, PAYOUT_ACCEPTED);
		assert_int_equal(attempt_of(&scene, "C-3").state, PAYOUT_READY);
		scene_close(&scene);
	}
}

/* The provider's answer names another payout than the one that was asked about. */
static void an_answer_about_another_payout_cancels_nothing(void **state)
{
	static const struct scripted script[] = {
		SAYS(OPERATION_CANCEL, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_CANCELED, "p-9", "canceled", NULL),
	};
	static const char *const named[] = {"C-1"};
	struct scene scene;
	struct canceled canceled;
	struct fault fault = {0};

	(void)state;
	scene_open(&scene, script);
	struct decide decide = wish(&scene, named, 1);
	assert_true(cancel_run(&scene.session, &decide, &canceled, &fault));
	assert_int_equal(canceled.at_provider, 0);
	assert_int_equal(canceled.unanswered, 1);
	assert_int_equal(attempt_of(&scene, "C-1").state, PAYOUT_ACCEPTED);
	scene_close(&scene);
}

static void where_the_provider_cannot_call_off_nothing_is_asked(void **state)
{
	static const char *const named[] = {"C-3", "C-1"};
	struct scene scene;
	struct canceled canceled;
	struct fault fault = {0};
	int64_t asked = 1;

	(void)state;
	scene_open(&scene, NULL);
	fake_ask.adapter.cancels = false;
	struct decide decide = wish(&scene, named, 2);
	assert_true(cancel_count(&scene.session, &decide, &asked, &fault));
	assert_int_equal(asked, 0);
	assert_false(cancel_run(&scene.session, &decide, &canceled, &fault));
	assert_int_equal(fault.kind, FAULT_USAGE);
	assert_non_null(strstr(fault.message, "can't call it off"));
	assert_int_equal(attempt_of(&scene, "C-3").state, PAYOUT_READY);
	decide = wish(&scene, NULL, 0);
	fault = (struct fault){0};
	assert_true(cancel_run(&scene.session, &decide, &canceled, &fault));
	assert_int_equal(canceled.local.done, 1);
	assert_int_equal(attempt_of(&scene, "C-1").state, PAYOUT_ACCEPTED);
	assert_int_equal(fake_ask.asked, 0);
	scene_close(&scene);
}

static void without_the_lock_file_nothing_is_asked(void **state)
{
	static const char *const named[] = {"C-1"};
	struct scene scene;
	struct canceled canceled;
	struct fault fault = {0};
	char lock[700];

	(void)state;
	scene_open(&scene, NULL);
	snprintf(lock, sizeof lock, "%s.lock", scene.box.path);
	assert_int_equal(unlink(lock), 0);
	struct decide decide = wish(&scene, named, 1);
	assert_false(cancel_run(&scene.session, &decide, &canceled, &fault));
	assert_int_equal(fault.kind, FAULT_LOCKED);
	assert_int_equal(fake_ask.asked, 0);
	scene_close(&scene);
}

static const char *dies_at;

static void die(const char *name)
{
	if (strcmp(name, dies_at) == 0)
		_exit(77);
}

/* Whatever is asked and not recorded: the payout is accepted still, so that poll asks what came of it. */
static void a_cancel_that_is_not_recorded_leaves_the_payout_to_poll(void **state)
{
	static const struct scripted script[] = {
		SAYS(OPERATION_CANCEL, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_CANCELED, "p-1", "canceled", NULL),
	};
	static const char *const ticks[] = {
		"cancel.before_note", "cancel.asked", "cancel.begun", "cancel.before_commit"};
	static const char *const named[] = {"C-1"};

	(void)state;
	for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
		struct scene scene;
		int status = 0;
		scene_open(&scene, script);
		pid_t child = fork();
		if (child == 0) {
			struct canceled canceled;
			struct fault fault = {0};
			struct decide decide = wish(&scene, named, 1);
			dies_at = ticks[i];
			tick_hook = die;
			(void)!cancel_run(&scene.session, &decide, &canceled, &fault);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 77);
		assert_int_equal(attempt_of(&scene, "C-1").state, PAYOUT_ACCEPTED);
		box_reopen(&scene.box);
		scene_close(&scene);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_may_be_called_off_is_and_the_rest_is_told),
		cmocka_unit_test(no_answer_moves_nothing),
		cmocka_unit_test(an_answer_about_another_payout_cancels_nothing),
		cmocka_unit_test(where_the_provider_cannot_call_off_nothing_is_asked),
		cmocka_unit_test(without_the_lock_file_nothing_is_asked),
		cmocka_unit_test(a_cancel_that_is_not_recorded_leaves_the_payout_to_poll),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
