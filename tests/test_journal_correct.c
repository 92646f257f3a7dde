/* Corrections, and which attempt a payout's state is of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "journal/sqlite.h"
#include "tests/support/journal_box.h"

static struct attempt step(struct journal_box *box, int64_t payout, enum payout_state to)
{
	struct attempt before = box_attempt(box, payout), after = before;

	after.state = to;
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = TEXT("");
	after.payload = TEXT("");
	if (to == PAYOUT_ACCEPTED)
		after.provider_id = TEXT("p-1");
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	return after;
}

static struct attempt refused(struct journal_box *box, int64_t payout)
{
	box_claim(box, payout);
	return step(box, payout, PAYOUT_FAILED);
}

static void cancel(struct journal_box *box, const struct attempt *before)
{
	struct attempt after = *before;

	after.state = PAYOUT_CANCELED;
	after.reason_code = TEXT(REASON_EARLIER_ALIVE);
	assert_int_equal(box_move(box, before, &after), MOVE_DONE);
}

/* An attempt that was recorded as failed turns out to be alive. */
static void revive(struct journal_box *box, const struct attempt *failed, const char *provider_id)
{
	struct attempt after = *failed;

	after.state = PAYOUT_ACCEPTED;
	after.provider_id = text_of(provider_id);
	after.payload = TEXT("");
	assert_int_equal(box_move(box, failed, &after), MOVE_DONE);
}

static struct attempt again(struct journal_box *box, const struct attempt *ended)
{
	struct sha256 *sha = sha256_new();
	struct journal_payout payout;
	struct attempt added = {.id = 0};
	enum move_result result = MOVE_LOST;
	int64_t number = 0;
	bool found = false;

	assert_true(journal_payout_get(box->journal, ended->payout, &box->arena, &payout, &found, &box->fault));
	assert_true(journal_begin(box->journal, &box->fault));
	assert_true(journal_attempt_next(box->journal, ended->payout, &number, &box->fault));
	struct key key = key_derive(sha, TEXT("acme"), PROVIDER_CALYPSO, payout.reference, number);
	assert_true(
		journal_attempt_add(box->journal, ended, &key, PAYOUT_READY, TEXT(""), &added, &result, &box->fault));
	assert_int_equal(result, MOVE_DONE);
	assert_true(journal_commit(box->journal, &box->fault));
	sha256_free(sha);
	return added;
}

static bool correct_it(void *context, const struct journal_clash *clash, struct fault *fault)
{
	struct journal_box *box = context;

	return journal_payout_correct(box->journal, clash->payout, clash->other, fault);
}

/* A batch of one row that corrects a reference, in a state; rejected: after it was noted as a correction. */
static struct journal_batch correct_as(
	struct journal_box *box, const char *name, const char *reference, enum payout_state state)
{
	struct journal_batch batch = box_begin_batch(box, name);
	struct journal_payout row = box_row(box, 7, reference);

	row.state = state == PAYOUT_REJECTED ? PAYOUT_READY : state;
	assert_true(journal_payout_add(box->journal, &row, &box->fault));
	assert_true(journal_clash_each(box->journal, batch.id, correct_it, box, &box->fault));
	if (state == PAYOUT_REJECTED)
		assert_true(journal_payout_restate(box->journal, row.id, state, TEXT("DUPLICATE_SUSPECTED"),
			TEXT("looks like another"), 0, &box->fault));
	assert_true(journal_batch_seal(box->journal, &batch, &box->fault));
	assert_true(journal_commit(box->journal, &box->fault));
	return batch;
}

static int64_t current(struct journal_box *box, int64_t payout)
{
	int64_t row = 0;

	assert_true(journal_payout_current(box->journal, payout, &row, &box->fault));
	return row;
}

static void expect_sums(struct journal_box *box, int64_t batch, enum payout_state state, int64_t count)
{
	struct journal_sums sums;

	assert_true(journal_sums(box->journal, batch, &box->arena, &sums, &box->fault));
	assert_true(sums.balanced);
	for (int i = 0; i < sums.by_state_count; i++)
		if (sums.by_state[i].state == state) {
			assert_int_equal(sums.by_state[i].count, count);
			return;
		}
	assert_int_equal(count, 0);
}

static void a_correction_is_the_next_attempt_with_content_of_its_own(void **state)
{
	static const enum payout_state states[] = {PAYOUT_READY, PAYOUT_HELD};

	(void)state;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		struct journal_box box;
		struct attempt attempt;
		bool found = false;

		box_open(&box);
		int64_t first_batch = box_receive(&box, "b1", "INV", 2).id, first = box_payout(&box, "INV-1");
		refused(&box, first);
		struct journal_batch batch = correct_as(&box, "b2", "INV-1", states[i]);
		int64_t row = box_payout(&box, "INV-1");

		assert_int_equal(row, batch.first_payout);
		assert_int_equal(current(&box, first), row);
		attempt = box_attempt(&box, row);
		assert_int_equal(attempt.number, 2);
		assert_int_equal(attempt.state, states[i]);
		assert_int_equal(attempt.batch, batch.id);
		assert_int_equal(attempt.row, 7);
		/* Each row finds all attempts of the payout. */
		assert_true(journal_attempt_number(box.journal, row, 1, &box.arena, &attempt, &found, &box.fault));
		assert_true(found && attempt.payout == first && attempt.state == PAYOUT_FAILED);
		assert_true(journal_attempt_number(box.journal, first, 2, &box.arena, &attempt, &found, &box.fault));
		assert_true(found && attempt.payout == row);
		assert_true(journal_attempt_number(box.journal, first, 3, &box.arena, &attempt, &found, &box.fault));
		assert_false(found);
		expect_sums(&box, first_batch, PAYOUT_FAILED, 1);
		expect_sums(&box, batch.id, states[i], 1);
		assert_string_equal(box_verify(&box, ""), "");
		box_close(&box);
	}
}

static void what_is_rejected_after_all_corrects_nothing(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	int64_t first = box_payout(&box, "INV-1");
	refused(&box, first);
	correct_as(&box, "b2", "INV-1", PAYOUT_REJECTED);
	assert_int_equal(box_payout(&box, "INV-1"), first);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void an_earlier_attempt_that_is_alive_takes_the_place_of_the_new_one(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	int64_t batch = box_receive(&box, "b1", "INV", 2).id, payout = box_payout(&box, "INV-1");
	struct attempt first = refused(&box, payout), second = again(&box, &first);

	assert_int_equal(box_attempt(&box, payout).number, 2);
	revive(&box, &first, "p-1");
	cancel(&box, &second);
	assert_int_equal(box_attempt(&box, payout).number, 1);
	expect_sums(&box, batch, PAYOUT_ACCEPTED, 1);
	expect_sums(&box, batch, PAYOUT_CANCELED, 0);
	assert_string_equal(box_verify(&box, ""), "");
	/* When nothing came of it after all, the next number is one that was never used. */
	first = step(&box, payout, PAYOUT_FAILED);
	assert_int_equal(again(&box, &first).number, 3);
	assert_int_equal(box_attempt(&box, payout).number, 3);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_person_who_cancels_gives_no_place_away(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	int64_t payout = box_payout(&box, "INV-1");
	struct attempt first = refused(&box, payout);
	again(&box, &first);
	step(&box, payout, PAYOUT_CANCELED);
	assert_int_equal(box_attempt(&box, payout).number, 2);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_correction_that_gave_way_leaves_the_payout_to_the_row_before(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	int64_t payout = box_payout(&box, "INV-1");
	struct attempt first = refused(&box, payout);
	int64_t second = correct_as(&box, "b2", "INV-1", PAYOUT_READY).first_payout;
	struct attempt gave = box_attempt(&box, second);

	revive(&box, &first, "p-1");
	cancel(&box, &gave);
	assert_int_equal(box_attempt(&box, second).state, PAYOUT_CANCELED);
	assert_int_equal(box_payout(&box, "INV-1"), payout);
	first = step(&box, payout, PAYOUT_FAILED);
	/* Attempt 2 is the other row's: this one goes on with 3, and a correction of it with 4. */
	assert_int_equal(again(&box, &first).number, 3);
	refused(&box, payout);
	assert_string_equal(box_verify(&box, ""), "");
	int64_t third = correct_as(&box, "b3", "INV-1", PAYOUT_READY).first_payout;
	assert_int_equal(box_attempt(&box, third).number, 4);
	assert_int_equal(current(&box, payout), third);
	assert_int_equal(current(&box, second), third);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_row_that_was_corrected_gets_no_further_attempt(void **state)
{
	struct journal_box box;
	struct attempt added;
	enum move_result result = MOVE_DONE;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	struct attempt first = refused(&box, box_payout(&box, "INV-1"));
	correct_as(&box, "b2", "INV-1", PAYOUT_READY);
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_attempt_add(
		box.journal, &first, &first.key, PAYOUT_READY, TEXT(""), &added, &result, &box.fault));
	assert_int_equal(result, MOVE_LOST);
	journal_rollback(box.journal);
	box_close(&box);
}

static void verify_notices_another_attempt_or_row_in_place(void **state)
{
	static const struct {
		const char *sql, *codes;
	} table[] = {
		{"UPDATE retries SET number = 2 WHERE payout = 1", "JOURNAL_STATE"},
		{"DROP TRIGGER corrections_delete; DELETE FROM corrections",
			"JOURNAL_REFERENCE JOURNAL_STATE JOURNAL_STATE"},
		{"DROP TRIGGER corrections_update; UPDATE corrections SET corrects = 3",
			"JOURNAL_REFERENCE JOURNAL_STATE"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct journal_box box;

		box_open(&box);
		box_receive(&box, "b1", "INV", 3);
		struct attempt first = refused(&box, box_payout(&box, "INV-1")), second = again(&box, &first);
		revive(&box, &first, "p-1");
		cancel(&box, &second);
		refused(&box, box_payout(&box, "INV-2"));
		correct_as(&box, "b2", "INV-2", PAYOUT_READY);
		assert_string_equal(box_verify(&box, ""), "");
		assert_true(box_sql(&box, table[i].sql));
		assert_string_equal(box_verify(&box, ""), table[i].codes);
		box_close(&box);
	}
}

static int64_t ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	int64_t answer = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return answer;
}

static void an_older_journal_keeps_its_attempts(void **state)
{
	size_t count;
	const struct sqlite_migration *known = sqlite_migrations(&count);
	struct fault fault = {0};
	sqlite3 *db = NULL;

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	assert_true(sqlite_migrate(db, "memory", known, 2, &fault));
	assert_int_equal(
		sqlite3_exec(db, "INSERT INTO retries (payout, number) VALUES (5, 3)", NULL, NULL, NULL), SQLITE_OK);
	assert_true(sqlite_migrate(db, "memory", known, count, &fault));
	assert_int_equal(ask(db, "SELECT number * 10 + last FROM retries WHERE payout = 5"), 33);
	assert_int_not_equal(sqlite3_exec(db, "UPDATE retries SET last = 2, number = 2", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_correction_is_the_next_attempt_with_content_of_its_own),
		cmocka_unit_test(what_is_rejected_after_all_corrects_nothing),
		cmocka_unit_test(an_earlier_attempt_that_is_alive_takes_the_place_of_the_new_one),
		cmocka_unit_test(a_person_who_cancels_gives_no_place_away),
		cmocka_unit_test(a_correction_that_gave_way_leaves_the_payout_to_the_row_before),
		cmocka_unit_test(a_row_that_was_corrected_gets_no_further_attempt),
		cmocka_unit_test(verify_notices_another_attempt_or_row_in_place),
		cmocka_unit_test(an_older_journal_keeps_its_attempts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
