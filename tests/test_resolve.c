/* A person settles an unknown payout: the provider's word goes first wherever it has one (PROTOCOL, section 8). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/candidates.h"
#include "run/people.h"
#include "stages/plan.h"
#include "tests/fake_ask.h"
#include "tests/support/journal_box.h"

#define MINUTE INT64_C(60000)

static void must(bool done, const struct fault *fault)
{
	if (!done)
		fail_msg("%s", fault->message);
}

struct scene {
	struct journal_box box;
	struct config config;
	struct session session;
	struct fault fault;
};

/* U-1 is unknown since a send at the clock's time; U-2 is accepted as p-2. */
static void scene_open(struct scene *scene, const struct scripted *script)
{
	memset(scene, 0, sizeof *scene);
	memset(&fake_ask, 0, sizeof fake_ask);
	fake_ask.script = script;
	fake_ask.adapter.name = "fake";
	snprintf(fake_ask.channel.name, sizeof fake_ask.channel.name, "a");
	fake_ask.channel.timeout_ms = 30000;
	box_open(&scene->box);
	scene->session.config = &scene->config;
	scene->session.journal = scene->box.journal;
	scene->session.stage.journal = scene->box.journal;
	scene->session.stage.clock = &scene->box.clock;
	box_receive(&scene->box, "b1", "U", 2);
	for (int i = 1; i <= 2; i++) {
		char reference[8];
		snprintf(reference, sizeof reference, "U-%d", i);
		struct attempt before = box_claim(&scene->box, box_payout(&scene->box, reference)), after = before;
		after.state = i == 1 ? PAYOUT_UNKNOWN : PAYOUT_ACCEPTED;
		after.payload = TEXT("");
		if (i == 2) {
			after.provider_id = TEXT("p-2");
			after.open_since = after.open_boot_ms = 0;
			after.open_boot = TEXT("");
		}
		assert_int_equal(box_move(&scene->box, &before, &after), MOVE_DONE);
	}
}

static void scene_close(struct scene *scene)
{
	assert_string_equal(box_verify(&scene->box, ""), "");
	box_close(&scene->box);
}

static struct attempt attempt_now(struct scene *scene)
{
	return box_attempt(&scene->box, box_payout(&scene->box, "U-1"));
}

static bool settle(struct scene *scene, enum resolution as, const char *provider_id)
{
	struct resolve resolve = {.name = "U-1",
		.as = as,
		.provider_id = provider_id,
		.why = as == RESOLVE_FAILED ? "the bank says so" : ""};
	struct resolved resolved;

	scene->fault = (struct fault){0};
	return people_resolve(&scene->session, &resolve, &resolved, &scene->fault);
}

/* A row of what may be said and what the provider says to it. */
static void the_word_of_the_provider_goes_first(void **state)
{
	static const struct {
		enum resolution as;
		const char *id;
		struct scripted script[2];
		enum payout_state state;
		enum fault_kind kind; /* where the state stays unknown */
	} table[] = {
		{RESOLVE_ACCEPTED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_ACCEPTED, "p-1", "ok", NULL)},
			PAYOUT_ACCEPTED, FAULT_OPERATION},
		{RESOLVE_ACCEPTED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_PAID, "p-1", "ok", NULL)},
			PAYOUT_PAID, FAULT_OPERATION},
		{RESOLVE_PAID, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_PAID, "p-1", "ok", NULL)},
			PAYOUT_PAID, FAULT_OPERATION},
		{RESOLVE_PAID, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_ACCEPTED, "p-1", "ok", NULL)},
			PAYOUT_UNKNOWN, FAULT_PERSON},
		/* another amount, currency or destination than was asked for */
		{RESOLVE_ACCEPTED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_MISMATCH, PAYOUT_ACCEPTED, "p-1", NULL,
				"amount 9")},
			PAYOUT_UNKNOWN, FAULT_PERSON},
		{RESOLVE_ACCEPTED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_NOT_FOUND, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
			PAYOUT_UNKNOWN, FAULT_PERSON},
		{RESOLVE_ACCEPTED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_NOTHING, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
			PAYOUT_UNKNOWN, FAULT_STOPPED},
		{RESOLVE_ACCEPTED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_CHANNEL_STOP, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
			PAYOUT_UNKNOWN, FAULT_STOPPED},
		/* the id belongs to another payout of the journal */
		{RESOLVE_ACCEPTED, "p-2",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_ACCEPTED, "p-2", "ok", NULL)},
			PAYOUT_UNKNOWN, FAULT_PERSON},
		{RESOLVE_FAILED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_FAILED, "p-1", "no", NULL)},
			PAYOUT_FAILED, FAULT_OPERATION},
		{RESOLVE_FAILED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_NOT_FOUND, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
			PAYOUT_FAILED, FAULT_OPERATION},
		{RESOLVE_FAILED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_PAID, "p-1", "ok", NULL)},
			PAYOUT_UNKNOWN, FAULT_PERSON},
		{RESOLVE_FAILED, "p-1",
			{SAYS(OPERATION_STATUS, ASK_NOTHING, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
			PAYOUT_UNKNOWN, FAULT_STOPPED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct scene scene;
		scene_open(&scene, table[i].script);
		bool done = settle(&scene, table[i].as, table[i].id);
		if (done != (table[i].state != PAYOUT_UNKNOWN) || attempt_now(&scene).state != table[i].state ||
			(!done && scene.fault.kind != table[i].kind))
			fail_msg("row %zu: %s, %s", i, state_name(attempt_now(&scene).state), scene.fault.message);
		assert_string_equal(fake_ask.asked_id, table[i].id);
		assert_true(done == (attempt_now(&scene).open_since == 0));
		scene_close(&scene);
	}
}

/* A mistyped id is not found; what bears the key may be alive all the same. */
static void an_id_that_is_not_found_proves_no_failure_where_the_key_can_be_asked_for(void **state)
{
	static const struct {
		struct scripted script[2];
		enum payout_state state;
	} table[] = {
		{{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_NOT_FOUND, PAYOUT_UNKNOWN, NULL, NULL, NULL),
			 SAYS(OPERATION_LOOKUP, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_PAID, "p-7", "ok", NULL)},
			PAYOUT_UNKNOWN},
		{{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_NOT_FOUND, PAYOUT_UNKNOWN, NULL, NULL, NULL),
			 SAYS(OPERATION_LOOKUP, ASK_ANSWERED, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
			PAYOUT_UNKNOWN},
		{{SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, NULL),
			 SAYS(OPERATION_LOOKUP, ASK_ANSWERED, VERDICT_NOT_FOUND, PAYOUT_UNKNOWN, NULL, NULL, NULL)},
			PAYOUT_FAILED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct scene scene;
		scene_open(&scene, table[i].script);
		fake_ask.adapter.looks_up = true;
		assert_int_equal(settle(&scene, RESOLVE_FAILED, "p-1"), table[i].state == PAYOUT_FAILED);
		assert_int_equal(fake_ask.asked, 2);
		assert_int_equal(attempt_now(&scene).state, table[i].state);
		scene_close(&scene);
	}
}

static void not_sent_wants_time_and_a_provider_that_has_no_word(void **state)
{
	static const struct scripted nobody[] = {
		SAYS(OPERATION_LOOKUP, ASK_NOTHING, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, NULL)};
	static const struct scripted has[] = {
		SAYS(OPERATION_LOOKUP, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_ACCEPTED, "p-1", NULL, NULL)};
	static const struct scripted has_not[] = {
		SAYS(OPERATION_LOOKUP, ASK_ANSWERED, VERDICT_NOT_FOUND, PAYOUT_UNKNOWN, NULL, NULL, NULL)};
	static const struct scripted later[] = {SAYS(
		OPERATION_LOOKUP, ASK_ANSWERED, VERDICT_UNKNOWN, PAYOUT_UNKNOWN, NULL, NULL, NULL, .again_ms = MINUTE)};
	static const struct {
		int64_t minutes; /* since the send */
		bool looks_up;
		int64_t window_minutes; /* 0: no resend without an answer */
		const struct scripted *script;
		bool done;
	} table[] = {
		{14, false, 0, NULL, false},
		{15, false, 0, NULL, true},
		{15, true, 0, has, false},
		{15, true, 0, has_not, false},
		{15, true, 0, later, false},
		{15, true, 0, nobody, true},
		{15, false, 60, NULL, false}, /* the same key still gets the first answer: resume */
		{57, false, 60, NULL, false},
		{59, false, 60, NULL, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct scene scene;
		scene_open(&scene, table[i].script);
		fake_ask.adapter.looks_up = table[i].looks_up;
		fake_ask.adapter.repeats_safely = table[i].window_minutes > 0;
		fake_ask.adapter.window_ms = table[i].window_minutes * MINUTE;
		scene.box.now.utc_ms += table[i].minutes * MINUTE;
		scene.box.now.boot_ms += table[i].minutes * MINUTE;
		if (settle(&scene, RESOLVE_NOT_SENT, NULL) != table[i].done)
			fail_msg("row %zu: %s", i, scene.fault.message);
		struct attempt attempt = attempt_now(&scene);
		assert_int_equal(attempt.state, table[i].done ? PAYOUT_READY : PAYOUT_UNKNOWN);
		assert_int_equal(attempt.open_since == 0, table[i].done);
		assert_int_equal(attempt.number, 1); /* the same key */
		scene_close(&scene);
	}
}

/* As recover leaves what the journal has as held: nobody knows whether it was approved and sent since. */
static int64_t recovered(struct scene *scene, const char *reason_code)
{
	struct journal_batch batch = box_begin_batch(&scene->box, "b2");
	struct journal_payout payout = box_row(&scene->box, 2, "H-1");
	payout.state = PAYOUT_HELD;
	payout.reason_code = text_of(reason_code);
	must(journal_payout_add(scene->box.journal, &payout, &scene->fault), &scene->fault);
	must(journal_batch_seal(scene->box.journal, &batch, &scene->fault), &scene->fault);
	must(journal_commit(scene->box.journal, &scene->fault), &scene->fault);
	struct attempt held = box_attempt(&scene->box, payout.id), after = held;
	after.state = PAYOUT_READY;
	assert_int_equal(box_move(&scene->box, &held, &after), MOVE_DONE);
	struct attempt sending = box_claim(&scene->box, payout.id);
	after = sending;
	after.state = PAYOUT_UNKNOWN;
	after.payload = TEXT("");
	assert_int_equal(box_move(&scene->box, &sending, &after), MOVE_DONE);
	scene->box.now.utc_ms += 20 * MINUTE;
	scene->box.now.boot_ms += 20 * MINUTE;
	return payout.id;
}

static void whoever_lets_go_what_nobody_approved_has_to_be_an_approver(void **state)
{
	static const struct {
		const char *reason_code, *user;
		bool done;
		const char *approved_by;
	} table[] = {
		{"APPROVAL", "carl", false, ""},
		{"APPROVAL", "ben as root", true, "ben as root"},
		{"DUPLICATE_SUSPECTED", "carl", false, ""},
		{"HOLD", "carl", true, ""},
	};

	const char *approvers[] = {"ben"};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct scene scene;
		struct resolved resolved;
		struct resolve resolve = {.name = "H-1", .as = RESOLVE_NOT_SENT, .why = ""};
		scene_open(&scene, NULL);
		int64_t payout = recovered(&scene, table[i].reason_code);
		scene.config.approvers = approvers;
		scene.config.approver_count = 1;
		snprintf(scene.session.who.user, sizeof scene.session.who.user, "%s", table[i].user);
		if (people_resolve(&scene.session, &resolve, &resolved, &scene.fault) != table[i].done)
			fail_msg("row %zu: %s", i, scene.fault.message);
		struct attempt attempt = box_attempt(&scene.box, payout);
		assert_int_equal(attempt.state, table[i].done ? PAYOUT_READY : PAYOUT_UNKNOWN);
		assert_true(text_is(attempt.approved_by, table[i].approved_by));
		scene_close(&scene);
	}
}

/* The last send was refused, an earlier one is open: what a person says of them all is not the provider's word, and a
 * new attempt waits for that. */
static void what_a_person_calls_failed_is_no_refusal_of_the_provider(void **state)
{
	static const struct scripted script[] = {
		SAYS(OPERATION_STATUS, ASK_ANSWERED, VERDICT_NOT_FOUND, PAYOUT_UNKNOWN, NULL, NULL, NULL)};
	struct scene scene;

	(void)state;
	scene_open(&scene, script);
	struct attempt sending = box_claim(&scene.box, box_payout(&scene.box, "U-1")), after = sending;
	after.state = PAYOUT_UNKNOWN;
	after.payload = TEXT("");
	after.last_refusal = TEXT("no_funds");
	after.last_refusal_at = scene.box.now.utc_ms;
	assert_int_equal(box_move(&scene.box, &sending, &after), MOVE_DONE);
	assert_true(settle(&scene, RESOLVE_FAILED, "p-1"));
	struct attempt failed = attempt_now(&scene);
	assert_int_equal(failed.state, PAYOUT_FAILED);
	assert_int_equal(plan_inquiry(&fake_ask.adapter, &failed), INQUIRY_PERSON);
	scene_close(&scene);
}

static const struct listed page_one[] = {
	{.provider_id = {"p-9", sizeof("p-9") - 1},
		.amount = {"12.50", sizeof("12.50") - 1},
		.currency = {"USDT_TRX", sizeof("USDT_TRX") - 1},
		.state = PAYOUT_PAID},
	{.provider_id = {"p-2", sizeof("p-2") - 1},
		.amount = {"12.50", sizeof("12.50") - 1},
		.currency = {"USDT_TRX", sizeof("USDT_TRX") - 1}}, /* another payout's */
	{.provider_id = {"p-3", sizeof("p-3") - 1},
		.amount = {"12.51", sizeof("12.51") - 1},
		.currency = {"USDT_TRX", sizeof("USDT_TRX") - 1}},
};
static const struct listed page_two[] = {
	{.provider_id = {"p-4", sizeof("p-4") - 1},
		.amount = {"12.5", sizeof("12.5") - 1},
		.currency = {"USD", sizeof("USD") - 1}},
	{.provider_id = {"p-5", sizeof("p-5") - 1},
		.amount = {"12.5", sizeof("12.5") - 1},
		.currency = {"USDT_TRX", sizeof("USDT_TRX") - 1}},
};

static void a_list_is_shown_and_nothing_of_it_adopted(void **state)
{
	static const struct scripted script[] = {
		SAYS(OPERATION_LIST, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_ACCEPTED, NULL, NULL, NULL,
			.listed = page_one, .listed_count = 3, .cursor = "next"),
		SAYS(OPERATION_LIST, ASK_ANSWERED, VERDICT_ACCEPTED, PAYOUT_ACCEPTED, NULL, NULL, NULL,
			.listed = page_two, .listed_count = 2),
	};
	struct scene scene;
	struct candidates candidates;

	(void)state;
	scene_open(&scene, script);
	fake_ask.adapter.lists = true;
	int64_t seq, after;
	char hash[65];
	journal_head(scene.box.journal, &seq, hash);
	assert_true(candidates_find(&scene.session, "U-1", &scene.box.arena, &candidates, &scene.fault));
	assert_true(candidates.lists && candidates.whole);
	assert_int_equal(candidates.count, 2);
	assert_true(text_is(candidates.list[0].provider_id, "p-9"));
	assert_true(text_is(candidates.list[1].provider_id, "p-5"));
	assert_int_equal(attempt_now(&scene).state, PAYOUT_UNKNOWN);
	journal_head(scene.box.journal, &after, hash);
	assert_int_equal(seq, after);

	assert_false(candidates_find(&scene.session, "U-2", &scene.box.arena, &candidates, &scene.fault));
	assert_int_equal(scene.fault.kind, FAULT_USAGE);
	scene.fault = (struct fault){0};
	fake_ask.adapter.looks_up = true; /* it is asked by key: no list is needed */
	assert_true(candidates_find(&scene.session, "U-1", &scene.box.arena, &candidates, &scene.fault));
	assert_int_equal(fake_ask.asked, 2);
	scene_close(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_word_of_the_provider_goes_first),
		cmocka_unit_test(an_id_that_is_not_found_proves_no_failure_where_the_key_can_be_asked_for),
		cmocka_unit_test(not_sent_wants_time_and_a_provider_that_has_no_word),
		cmocka_unit_test(what_a_person_calls_failed_is_no_refusal_of_the_provider),
		cmocka_unit_test(whoever_lets_go_what_nobody_approved_has_to_be_an_approver),
		cmocka_unit_test(a_list_is_shown_and_nothing_of_it_adopted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
