#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/approver.h"
#include "stages/approval.h"
#include "tests/support/journal_box.h"

/* --- which batches need it ---------------------------------------------------------------------------------------- */

static struct config config_of(enum approve approve, const char *above)
{
	static char name[] = "acme";
	struct config config = {.namespace_text = name, .approve = approve};

	if (above != NULL)
		assert_null(limit_parse(text_of(above), &config.approve_above));
	return config;
}

static void the_sum_of_each_currency_decides(void **state)
{
	static const struct {
		enum approve approve;
		const char *above;
		struct journal_total sums[3];
		int count;
		bool wanted;
	} table[] = {
		{APPROVE_NEVER, NULL, {{"USD", 2, 0, 9, INT64_MAX}}, 1, false},
		{APPROVE_ALWAYS, NULL, {{"USD", 2, 0, 1, 1}}, 1, true},
		{APPROVE_ALWAYS, NULL, {{"USD", 2, 0, 0, 0}}, 1, false}, /* nothing to pay */
		{APPROVE_ALWAYS, NULL, {{"", 0, 0, 0, 0}}, 0, false},
		{APPROVE_ABOVE, "USD 100", {{"USD", 2, 0, 3, 10000}}, 1, false},
		{APPROVE_ABOVE, "USD 100", {{"USD", 2, 0, 3, 10001}}, 1, true},
		{APPROVE_ABOVE, "USD 100", {{"EUR", 2, 0, 1, 1}}, 1, true},
		{APPROVE_ABOVE, "USD 100,EUR 50", {{"USD", 2, 0, 1, 10000}, {"EUR", 2, 0, 1, 5000}}, 2, false},
		{APPROVE_ABOVE, "USD 100,EUR 50", {{"USD", 2, 0, 1, 1}, {"EUR", 2, 0, 1, 5001}}, 2, true},
		/* over several channels, which may count with other decimals */
		{APPROVE_ABOVE, "USD 100", {{"USD", 2, 0, 1, 6000}, {"USD", 2, 0, 1, 4001}}, 2, true},
		{APPROVE_ABOVE, "BTC 1", {{"BTC", 8, 0, 1, 60000000}, {"BTC", 6, 0, 1, 400000}}, 2, false},
		{APPROVE_ABOVE, "BTC 1", {{"BTC", 8, 0, 1, 60000001}, {"BTC", 6, 0, 1, 400000}}, 2, true},
		{APPROVE_ABOVE, "USD 100", {{"USD", 2, 0, 1, INT64_MAX}, {"USD", 2, 0, 1, 1}}, 2, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct config config = config_of(table[i].approve, table[i].above);

		if (approval_wanted(&config, table[i].sums, table[i].count) != table[i].wanted)
			fail_msg("line %zu", i);
	}
}

static void says_what_the_configuration_says(void **state)
{
	static const char *const settings[] = {"USD 10000,EUR 9000", "USD 0.5", "BTC 1.00000001"};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct config config = config_of(APPROVE_ABOVE, settings[i]);
		char expected[100];

		buf_reset(&buf);
		approval_setting(&config, &buf);
		snprintf(expected, sizeof(expected), "approve = above:%s", settings[i]);
		assert_string_equal(buf_str(&buf), expected);
	}
	buf_release(&buf);
}

/* --- who may ------------------------------------------------------------------------------------------------------ */

struct office {
	struct journal_box box;
	struct config config;
	struct session session;
	struct fault fault;
	int64_t batch;
};

static void acts(struct office *office, const char *user)
{
	snprintf(office->session.who.user, sizeof(office->session.who.user), "%s", user);
	snprintf(office->box.who.user, sizeof(office->box.who.user), "%s", user);
	box_reopen(&office->box);
	office->session.journal = office->box.journal;
	office->fault = (struct fault){0};
}

/* A batch of two payouts that wait for approval, submitted by `submitter`. */
static void office_open(struct office *office, const char *submitter)
{
	struct journal_batch batch;

	memset(office, 0, sizeof(*office));
	box_open(&office->box);
	office->config = config_of(APPROVE_ALWAYS, NULL);
	office->session.config = &office->config;
	office->session.stage.clock = &office->box.clock;
	acts(office, submitter);
	batch = box_begin_batch(&office->box, "b1");
	for (int i = 1; i <= 2; i++) {
		char reference[16];
		struct journal_payout payout;

		snprintf(reference, sizeof(reference), "INV-%d", i);
		payout = box_row(&office->box, i + 1, reference);
		assert_true(journal_payout_add(office->box.journal, &payout, &office->fault));
	}
	assert_true(
		journal_batch_hold(office->box.journal, batch.id, TEXT(APPROVAL_CODE), TEXT("waits"), &office->fault));
	assert_true(journal_batch_seal(office->box.journal, &batch, &office->fault));
	assert_true(journal_commit(office->box.journal, &office->fault));
	office->batch = batch.id;
}

static bool decides(struct office *office, enum decision decision, struct decided *decided)
{
	struct decide decide = {.decision = decision, .batch = office->batch, .why = "seen"};

	office->fault = (struct fault){0};
	return people_decide(&office->session, &decide, decided, &office->fault);
}

static struct attempt attempt_of(struct office *office, const char *reference)
{
	return box_attempt(&office->box, box_payout(&office->box, reference));
}

static void only_who_may_approves(void **state)
{
	static const char *ben[] = {"ben", "carl"};
	static const struct {
		const char *submitter, *approver;
		bool four_eyes, named;
		bool may;
	} table[] = {
		{"anna", "anna", false, false, true},
		{"anna", "anna", true, false, false},
		{"anna", "ben", true, false, true},
		{"anna", "anna as root", true, false, false}, /* sudo changes nobody */
		{"anna as root", "anna", true, false, false},
		{"anna as root", "ben as root", true, false, true},
		{"anna", "annabel", true, false, true},
		{"anna", "anna", false, true, false},
		{"anna", "ben", false, true, true},
		{"anna", "ben as root", true, true, true},
		{"anna", "root", false, true, false},
		{"ben", "ben", true, true, false},
		{"ben", "carl", true, true, true},
		{"anna", "be", false, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct office office;
		struct decided decided;

		office_open(&office, table[i].submitter);
		office.config.four_eyes = table[i].four_eyes;
		office.config.approvers = ben;
		office.config.approver_count = table[i].named ? 2 : 0;
		acts(&office, table[i].approver);
		if (decides(&office, DECIDE_APPROVE, &decided) != table[i].may)
			fail_msg("line %zu: %s", i, office.fault.message);
		assert_int_equal(attempt_of(&office, "INV-1").state, table[i].may ? PAYOUT_READY : PAYOUT_HELD);
		if (!table[i].may)
			assert_int_equal(office.fault.kind, FAULT_PERSON);
		box_close(&office.box);
	}
}

static void rejecting_is_for_approvers_and_for_whoever_submitted(void **state)
{
	static const char *ben[] = {"ben"};
	struct office office;
	struct decided decided;

	(void)state;
	office_open(&office, "anna");
	office.config.four_eyes = true;
	office.config.approvers = ben;
	office.config.approver_count = 1;
	assert_false(decides(&office, DECIDE_REJECT, &decided));
	assert_non_null(strstr(office.fault.message, "anna may not reject"));
	office.config.approver_count = 0;
	assert_true(decides(&office, DECIDE_REJECT, &decided));
	assert_int_equal(decided.done, 2);
	box_close(&office.box);
}

static bool find_approve(void *context, const struct journal_event *event)
{
	if (!text_is(event_field(event->line, EVENT_KIND), "approve"))
		return true;
	buf_addt(context, event->line);
	return false;
}

static void what_was_approved_stands_in_the_event_and_who_with_the_attempt(void **state)
{
	struct office office;
	struct decided decided;
	struct buf line = {0};

	(void)state;
	office_open(&office, "anna");
	acts(&office, "ben as root");
	assert_true(decides(&office, DECIDE_APPROVE, &decided));
	assert_int_equal(decided.done, 2);
	assert_true(text_is(attempt_of(&office, "INV-2").approved_by, "ben as root"));
	assert_true(journal_event_each(
		office.box.journal, 1, office.batch, JOURNAL_NO_ROW, find_approve, &line, &office.fault));
	assert_true(text_is(event_field(buf_text(&line), EVENT_WHO), "ben as root"));
	assert_non_null(strstr(buf_str(&line), "{\"count\":2,\"file_sha256\":\""));
	assert_non_null(
		strstr(buf_str(&line), "\"totals\":[{\"amount\":\"25.00\",\"count\":2,\"currency\":\"USDT_TRX\"}]}"));
	assert_string_equal(box_verify(&office.box, ""), "");
	buf_release(&line);
	box_close(&office.box);
}

static struct attempt fails(struct office *office, const char *reference)
{
	struct attempt before = box_claim(&office->box, box_payout(&office->box, reference)), after = before;

	after.state = PAYOUT_FAILED;
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = after.payload = TEXT("");
	assert_int_equal(box_move(&office->box, &before, &after), MOVE_DONE);
	return after;
}

/* The new attempt is asked for by ben, who could approve anna's batch. */
static void a_new_attempt_waits_and_not_for_whoever_asked_for_it(void **state)
{
	struct office office;
	struct decided decided;

	(void)state;
	office_open(&office, "anna");
	office.config.four_eyes = true;
	acts(&office, "ben");
	assert_true(decides(&office, DECIDE_APPROVE, &decided));
	fails(&office, "INV-1");
	acts(&office, "ben");
	assert_true(decides(&office, DECIDE_RETRY, &decided));
	assert_int_equal(decided.done, 1);
	assert_true(decided.approval);
	assert_int_equal(attempt_of(&office, "INV-1").state, PAYOUT_HELD);
	assert_true(decides(&office, DECIDE_APPROVE, &decided));
	assert_int_equal(decided.done, 0);
	assert_int_equal(decided.own, 1);
	acts(&office, "carl");
	assert_true(decides(&office, DECIDE_APPROVE, &decided));
	assert_int_equal(decided.done, 1);
	assert_int_equal(attempt_of(&office, "INV-1").number, 2);
	assert_int_equal(attempt_of(&office, "INV-1").state, PAYOUT_READY);
	assert_string_equal(box_verify(&office.box, ""), "");
	box_close(&office.box);
}

static void without_a_rule_a_new_attempt_is_ready(void **state)
{
	struct office office;
	struct decided decided;

	(void)state;
	office_open(&office, "anna");
	assert_true(decides(&office, DECIDE_APPROVE, &decided));
	fails(&office, "INV-1");
	office.config.approve = APPROVE_NEVER;
	assert_true(decides(&office, DECIDE_RETRY, &decided));
	assert_false(decided.approval);
	assert_int_equal(attempt_of(&office, "INV-1").state, PAYOUT_READY);
	box_close(&office.box);
}

/* Neither what it was held for nor its date is lost by calling it off and trying it again. */
static void cancel_and_retry_are_no_way_round(void **state)
{
	static const struct {
		const char *reason_code;
		int64_t not_before;
		enum payout_state again;
	} table[] = {
		{"DUPLICATE_SUSPECTED", 0, PAYOUT_HELD}, {"HOLD", 0, PAYOUT_READY},
		{"EXECUTION_DATE", INT64_C(1895000000000), PAYOUT_READY},
		{APPROVAL_CODE, 0, PAYOUT_READY}, /* of a rule that is no longer in force */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct office office;
		struct decided decided;
		struct journal_batch batch;
		struct journal_payout payout;

		office_open(&office, "anna");
		office.config.approve = APPROVE_NEVER;
		batch = box_begin_batch(&office.box, "b2");
		payout = box_row(&office.box, 2, "S-1");
		payout.state = PAYOUT_HELD;
		payout.reason_code = text_of(table[i].reason_code);
		payout.not_before = table[i].not_before;
		assert_true(journal_payout_add(office.box.journal, &payout, &office.fault));
		assert_true(journal_batch_seal(office.box.journal, &batch, &office.fault));
		assert_true(journal_commit(office.box.journal, &office.fault));
		office.batch = batch.id;
		assert_true(decides(&office, DECIDE_CANCEL, &decided));
		assert_true(decides(&office, DECIDE_RETRY, &decided));
		assert_int_equal(decided.done, 1);
		assert_int_equal(decided.approval, table[i].again == PAYOUT_HELD);
		assert_int_equal(attempt_of(&office, "S-1").state, table[i].again);
		assert_int_equal(attempt_of(&office, "S-1").not_before, table[i].not_before);
		assert_string_equal(box_verify(&office.box, ""), "");
		box_close(&office.box);
	}
}

static void what_failed_in_a_rejected_batch_is_not_tried_again(void **state)
{
	struct office office;
	struct decided decided;

	(void)state;
	office_open(&office, "anna");
	assert_true(decides(&office, DECIDE_APPROVE, &decided));
	fails(&office, "INV-1");
	assert_true(decides(&office, DECIDE_REJECT, &decided));
	assert_int_equal(decided.done, 1); /* INV-2 */
	assert_true(decides(&office, DECIDE_RETRY, &decided));
	assert_int_equal(decided.done, 0);
	assert_int_equal(attempt_of(&office, "INV-1").number, 1);
	box_close(&office.box);
}

static void whoever_could_not_approve_may_not_allow_duplicates(void **state)
{
	static const char *ben[] = {"ben"};
	struct office office;

	(void)state;
	office_open(&office, "anna");
	assert_true(approver_check_submit(&office.session, &office.fault));
	office.config.approvers = ben;
	office.config.approver_count = 1;
	assert_false(approver_check_submit(&office.session, &office.fault));
	acts(&office, "ben");
	assert_true(approver_check_submit(&office.session, &office.fault));
	office.config.four_eyes = true;
	assert_false(approver_check_submit(&office.session, &office.fault));
	box_close(&office.box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sum_of_each_currency_decides),
		cmocka_unit_test(says_what_the_configuration_says),
		cmocka_unit_test(only_who_may_approves),
		cmocka_unit_test(rejecting_is_for_approvers_and_for_whoever_submitted),
		cmocka_unit_test(what_was_approved_stands_in_the_event_and_who_with_the_attempt),
		cmocka_unit_test(a_new_attempt_waits_and_not_for_whoever_asked_for_it),
		cmocka_unit_test(without_a_rule_a_new_attempt_is_ready),
		cmocka_unit_test(cancel_and_retry_are_no_way_round),
		cmocka_unit_test(what_failed_in_a_rejected_batch_is_not_tried_again),
		cmocka_unit_test(whoever_could_not_approve_may_not_allow_duplicates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
