#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "run/people.h"
#include "tests/support/journal_box.h"

static struct attempt moved(struct journal_box *box, const struct attempt *before, enum payout_state state)
{
	struct attempt after = *before;

	after.state = state;
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = TEXT("");
	after.payload = TEXT("");
	if (state == PAYOUT_ACCEPTED)
		after.provider_id = TEXT("p-1");
	assert_int_equal(box_move(box, before, &after), MOVE_DONE);
	return after;
}

static bool retry(struct session *session, int64_t batch, const char *reference, struct decided *decided)
{
	const char *references[] = {reference};
	struct decide decide = {.decision = DECIDE_RETRY,
		.batch = batch,
		.references = references,
		.reference_count = reference != NULL ? 1 : 0,
		.why = ""};
	struct fault fault = {0};

	return people_decide(session, &decide, decided, &fault);
}

/* The first attempt was recorded as failed, the second was called off when the first turned out to be alive. */
static void what_an_earlier_attempt_has_paid_is_not_tried_again(void **state)
{
	struct journal_box box;
	char name[] = "acme";
	struct config config = {.namespace_text = name};
	struct session session;
	struct decided decided;

	(void)state;
	box_open(&box);
	memset(&session, 0, sizeof session);
	session.config = &config;
	session.journal = box.journal;
	session.stage.clock = &box.clock;
	int64_t batch = box_receive(&box, "b1", "INV", 2).id, payout = box_payout(&box, "INV-1");
	struct attempt claimed = box_claim(&box, payout);
	struct attempt first = moved(&box, &claimed, PAYOUT_FAILED);

	assert_true(retry(&session, batch, "INV-1", &decided));
	assert_int_equal(decided.done, 1);
	struct attempt second = box_attempt(&box, payout);
	assert_int_equal(second.number, 2);
	first = moved(&box, &first, PAYOUT_ACCEPTED);
	moved(&box, &second, PAYOUT_CANCELED);

	assert_false(retry(&session, batch, "INV-1", &decided));
	assert_true(retry(&session, batch, NULL, &decided));
	assert_int_equal(decided.done, 0);
	assert_int_equal(box_attempt(&box, payout).number, 2);

	/* Once the provider says that nothing came of it, a further attempt is a person's to decide again. */
	moved(&box, &first, PAYOUT_FAILED);
	assert_true(retry(&session, batch, "INV-1", &decided));
	assert_int_equal(decided.done, 1);
	assert_int_equal(box_attempt(&box, payout).number, 3);
	box_close(&box);
}

/* Money on its way back may still arrive: nothing is paid again before it is there. */
static void a_return_that_is_pending_blocks_a_retry(void **state)
{
	struct journal_box box;
	char name[] = "acme";
	struct config config = {.namespace_text = name};
	struct session session;
	struct decided decided;

	(void)state;
	box_open(&box);
	memset(&session, 0, sizeof session);
	session.config = &config;
	session.journal = box.journal;
	session.stage.clock = &box.clock;
	int64_t batch = box_receive(&box, "b1", "INV", 1).id, payout = box_payout(&box, "INV-1");
	struct attempt claimed = box_claim(&box, payout), failed = moved(&box, &claimed, PAYOUT_FAILED);
	struct attempt pending = failed;
	pending.return_pending = 1;
	assert_int_equal(box_move(&box, &failed, &pending), MOVE_DONE);

	assert_false(retry(&session, batch, "INV-1", &decided));
	assert_true(retry(&session, batch, NULL, &decided));
	assert_int_equal(decided.done, 0);
	struct attempt done = pending;
	done.return_pending = 0;
	assert_int_equal(box_move(&box, &pending, &done), MOVE_DONE);
	assert_true(retry(&session, batch, "INV-1", &decided));
	assert_int_equal(decided.done, 1);
	box_close(&box);
}

/* The forgotten run may have sent what stands here as never sent: recover asks about it as long as it is not canceled.
 */
static void a_journal_that_is_behind_calls_nothing_off(void **state)
{
	static const enum decision off[] = {DECIDE_CANCEL, DECIDE_REJECT};
	struct journal_box box;
	struct config config = {.four_eyes = false};
	struct session session;
	struct decided decided;
	FILE *head;

	(void)state;
	box_open(&box);
	memset(&session, 0, sizeof session);
	session.config = &config;
	session.journal = box.journal;
	session.stage.clock = &box.clock;
	int64_t batch = box_receive(&box, "b1", "INV", 1).id, payout = box_payout(&box, "INV-1");
	head = fopen(box.head, "w");
	assert_non_null(head);
	(void)fprintf(head, "%s\t99\t%064d\n", journal_id(box.journal), 7);
	assert_int_equal(fclose(head), 0);
	for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
		struct decide decide = {.decision = off[i], .batch = batch, .why = "no"};
		struct fault fault = {0};

		assert_false(people_decide(&session, &decide, &decided, &fault));
		assert_string_equal(fault.code, "JOURNAL_BEHIND");
		assert_int_equal(box_attempt(&box, payout).state, PAYOUT_READY);
	}
	assert_true(journal_head_write(box.journal, &box.fault));
	struct decide decide = {.decision = DECIDE_CANCEL, .batch = batch, .why = ""};
	assert_true(people_decide(&session, &decide, &decided, &box.fault));
	assert_int_equal(box_attempt(&box, payout).state, PAYOUT_CANCELED);
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_earlier_attempt_has_paid_is_not_tried_again),
		cmocka_unit_test(a_return_that_is_pending_blocks_a_retry),
		cmocka_unit_test(a_journal_that_is_behind_calls_nothing_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
