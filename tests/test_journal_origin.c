/* Batches that came as ISO 20022 messages: what the message said is kept beside the rows, proven, and never changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "journal/sqlite.h"
#include "tests/support/journal_box.h"

#define TEXT_INIT(literal)                                                                                             \
	{                                                                                                              \
		literal, sizeof(literal) - 1                                                                           \
	}

static const struct origin_message message = {TEXT_INIT("pain.001.001.09"), TEXT_INIT("MSG-1"),
	TEXT_INIT("2026-11-20T10:00:00"), TEXT_INIT("4"), TEXT_INIT("50.00")};

static const struct origin places[] = {
	{1, TEXT_INIT("PAY-1"), TEXT_INIT("2"), TEXT_INIT("25"), TEXT_INIT("I-1"), TEXT_INIT("INV-1"), TEXT_INIT(""),
		TEXT_INIT("<RgltryRptg/>")},
	{1, TEXT_INIT("PAY-1"), TEXT_INIT("2"), TEXT_INIT("25"), TEXT_INIT(""), TEXT_INIT("NOTPROVIDED"),
		TEXT_INIT("b4c1a2f0-52ad-4d4c-8c0d-1f8a0a5f8a11"), TEXT_INIT("")},
	{2, TEXT_INIT(""), TEXT_INIT(""), TEXT_INIT(""), TEXT_INIT("I-3"), TEXT_INIT("INV-3"), TEXT_INIT(""),
		TEXT_INIT("")},
};
#define PLACES (sizeof(places) / sizeof(places[0]))

static void must(struct journal_box *box, bool done)
{
	if (!done)
		fail_msg("%s %s", box->fault.code, box->fault.message);
}

static struct journal_batch begin(struct journal_box *box, const char *name)
{
	struct journal_batch batch = {.file = TEXT("file.xml"), .size = 10, .message = &message};
	bool taken = true;

	snprintf(batch.name, sizeof(batch.name), "%s", name);
	memset(batch.sha256, 7, sizeof(batch.sha256));
	must(box, journal_begin(box->journal, &box->fault));
	must(box, journal_batch_add(box->journal, &batch, &taken, &box->fault));
	assert_false(taken);
	return batch;
}

/* Three rows, of which the second is rejected. */
static struct journal_batch receive(struct journal_box *box)
{
	struct journal_batch batch = begin(box, "MSG-1");

	for (size_t i = 0; i < PLACES; i++) {
		char reference[16];
		struct journal_payout row;

		snprintf(reference, sizeof(reference), "INV-%zu", i + 1);
		row = box_row(box, (int64_t)i + 1, reference);
		row.origin = &places[i];
		if (i == 1) {
			row.state = PAYOUT_REJECTED;
			row.reason_code = TEXT("AMOUNT_SYNTAX");
		}
		must(box, journal_payout_add(box->journal, &row, &box->fault));
	}
	must(box, journal_batch_seal(box->journal, &batch, &box->fault));
	must(box, journal_commit(box->journal, &box->fault));
	return batch;
}

static void expect_origin(const struct origin *got, const struct origin *wanted)
{
	const struct text *const have[] = ORIGIN_EACH(got), *const want[] = ORIGIN_EACH(wanted);

	assert_int_equal(got->payment, wanted->payment);
	for (size_t i = 0; i < ORIGIN_TEXTS; i++)
		if (!text_equal(*have[i], *want[i]))
			fail_msg("text %zu is \"%.*s\"", i, (int)have[i]->len, have[i]->ptr);
}

static bool see_line(void *context, const struct journal_line *line)
{
	size_t *seen = context;

	assert_non_null(line->message);
	assert_true(text_equal(line->message->name, message.name));
	assert_true(text_equal(line->message->id, message.id));
	assert_true(text_equal(line->message->created, message.created));
	assert_true(text_equal(line->message->count, message.count));
	assert_true(text_equal(line->message->total, message.total));
	assert_non_null(line->origin);
	expect_origin(line->origin, &places[(*seen)++]);
	return true;
}

static bool see_no_message(void *context, const struct journal_line *line)
{
	(void)context;
	assert_null(line->message);
	assert_null(line->origin);
	return true;
}

static void what_a_message_says_comes_back_with_every_line(void **state)
{
	struct journal_box box;
	struct journal_batch batch, plain;
	struct journal_payout payout = {.id = 0};
	struct origin_message said;
	struct origin origin;
	bool found;
	size_t seen = 0;

	(void)state;
	box_open(&box);
	plain = box_receive(&box, "b1", "PLAIN", 3);
	batch = receive(&box);
	must(&box, journal_line_each(box.journal, batch.id, see_line, &seen, &box.fault));
	assert_int_equal(seen, PLACES);
	must(&box, journal_line_each(box.journal, plain.id, see_no_message, NULL, &box.fault));
	must(&box, journal_message_get(box.journal, batch.id, &box.arena, &said, &found, &box.fault));
	assert_true(found && text_equal(said.id, message.id));
	must(&box, journal_message_get(box.journal, plain.id, &box.arena, &said, &found, &box.fault));
	assert_false(found);
	payout.id = batch.first_payout + 2;
	payout.batch = batch.id;
	must(&box, journal_origin_get(box.journal, &payout, &box.arena, &origin, &found, &box.fault));
	assert_true(found);
	expect_origin(&origin, &places[2]);
	payout.id = plain.first_payout;
	payout.batch = plain.id;
	must(&box, journal_origin_get(box.journal, &payout, &box.arena, &origin, &found, &box.fault));
	assert_false(found);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static bool forget_state(void *context, const struct journal_line *line)
{
	(void)context;
	return line->origin != NULL;
}

static void many_rows_keep_theirs(void **state)
{
	enum { ROWS = 700 }; /* more than are written together */
	struct journal_box box;
	struct journal_batch batch;

	(void)state;
	box_open(&box);
	batch = begin(&box, "MSG-1");
	for (int64_t i = 1; i <= ROWS; i++) {
		char reference[16];
		struct journal_payout row;
		struct origin origin = {.payment = 1 + i / 300, .end_to_end_id = TEXT("x")};

		snprintf(reference, sizeof(reference), "INV-%lld", (long long)i);
		row = box_row(&box, i, reference);
		row.origin = &origin;
		must(&box, journal_payout_add(box.journal, &row, &box.fault));
	}
	must(&box, journal_batch_seal(box.journal, &batch, &box.fault));
	must(&box, journal_commit(box.journal, &box.fault));
	must(&box, journal_line_each(box.journal, batch.id, forget_state, NULL, &box.fault));
	assert_string_equal(box_verify(&box, ""), "");
	assert_true(box_sql(&box, "CREATE TABLE seen AS SELECT 1 / (count(*) = 700) AS x FROM origins"));
	assert_true(
		box_sql(&box, "DROP TABLE seen; CREATE TABLE seen AS SELECT 1 / (count(*) = 3) FROM message_payments"));
	box_close(&box);
}

static void what_a_message_said_never_changes(void **state)
{
	static const char *const refused[] = {
		"UPDATE messages SET id = 'other'",
		"DELETE FROM messages",
		"UPDATE message_payments SET id = 'other'",
		"DELETE FROM message_payments",
		"UPDATE origins SET end_to_end_id = 'other'",
		"UPDATE origins SET payment = 2",
		"DELETE FROM origins",
	};
	struct journal_box box;

	(void)state;
	box_open(&box);
	receive(&box);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (box_sql(&box, refused[i]))
			fail_msg("not refused: %s", refused[i]);
	assert_true(box_sql(&box, "UPDATE origins SET instruction_id = '', end_to_end_id = '', uetr = '', "
				  "regulatory = ''")); /* purged */
	box_close(&box);
}

static void tampering_is_noticed(void **state)
{
	static const char *const changes[] = {
		"DROP TRIGGER messages_update; UPDATE messages SET total = '51.00'",
		"DROP TRIGGER message_payments_update; UPDATE message_payments SET id = 'PAY-7' WHERE number = 1",
		"DROP TRIGGER origins_update; UPDATE origins SET end_to_end_id = 'INV-9' WHERE payment = 2",
		"DROP TRIGGER origins_update; UPDATE origins SET regulatory = '' WHERE payment = 1",
		"DROP TRIGGER origins_delete; DELETE FROM origins WHERE payment = 2",
		"DROP TRIGGER messages_delete; PRAGMA foreign_keys = OFF; DELETE FROM messages",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct journal_box box;

		box_open(&box);
		receive(&box);
		assert_string_equal(box_verify(&box, ""), "");
		assert_true(box_sql(&box, changes[i]));
		if (strstr(box_verify(&box, ""), "JOURNAL_CONTENT") == NULL)
			fail_msg("not noticed: %s", changes[i]);
		box_close(&box);
	}
}

/* Takes a journal back to what version N wrote; each stands on those before it. */
static const char *const back_to[] = {
	[4] = "DROP TABLE origins; DROP TABLE message_payments; DROP TABLE messages; PRAGMA user_version = 4",
	[3] = "DROP TRIGGER attempts_fixed; ALTER TABLE attempts DROP COLUMN fixed_minor; DROP INDEX attempts_sending; "
	      "PRAGMA user_version = 3",
	[2] = "ALTER TABLE attempts DROP COLUMN approved_by; DROP INDEX attempts_claim_day; ALTER TABLE attempts DROP "
	      "COLUMN claim_day; DROP TABLE spent_days; DROP TABLE spent; DROP TABLE corrections; DROP INDEX "
	      "answers_returning; ALTER TABLE answers DROP COLUMN return_pending; DROP TABLE retries; CREATE TABLE "
	      "retries (payout INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT; PRAGMA user_version = 2",
	[1] = "DROP TABLE destinations; PRAGMA user_version = 1",
};

static void older_journals_take_messages_too(void **state)
{
	(void)state;
	for (int version = 4; version >= 1; version--) {
		struct journal_box box;
		struct journal_batch batch, plain;
		size_t seen = 0;

		box_open(&box);
		plain = box_receive(&box, "b1", "PLAIN", 3);
		journal_close(box.journal);
		for (int step = 4; step >= version; step--)
			assert_true(box_sql(&box, back_to[step]));
		box.journal = journal_open(&box.options, &box.fault);
		must(&box, box.journal != NULL);
		assert_string_equal(box_verify(&box, ""), "");
		batch = receive(&box);
		must(&box, journal_line_each(box.journal, batch.id, see_line, &seen, &box.fault));
		assert_int_equal(seen, PLACES);
		must(&box, journal_line_each(box.journal, plain.id, see_no_message, NULL, &box.fault));
		assert_string_equal(box_verify(&box, ""), "");
		box_close(&box);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_message_says_comes_back_with_every_line),
		cmocka_unit_test(many_rows_keep_theirs),
		cmocka_unit_test(what_a_message_said_never_changes),
		cmocka_unit_test(tampering_is_noticed),
		cmocka_unit_test(older_journals_take_messages_too),
	};

	return cmocka_run_group_tests_name("journal_origin", tests, NULL, NULL);
}
