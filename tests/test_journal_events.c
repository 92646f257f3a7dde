#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "tests/support/journal_box.h"

/* --- reading lines ----------------------------------------------------------------------------------------------- */

struct seen {
	int64_t count;
	int64_t first, last;
	char previous[65];
	char lines[8][1200];
};

/* The hash of a line, made without the library. */
static void independent_hash(struct text line, char hex[65])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	assert_int_equal(EVP_Digest(line.ptr, line.len, digest, &len, EVP_sha256(), NULL), 1);
	assert_int_equal(len, 32);
	for (unsigned i = 0; i < len; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

static bool see(void *context, const struct journal_event *event)
{
	struct seen *seen = context;
	char hash[65];

	independent_hash(event->line, hash);
	assert_string_equal(hash, event->hash);
	if (seen->count == 0)
		seen->first = event->seq;
	snprintf(seen->lines[seen->count % 8], sizeof(seen->lines[0]), "%.*s", (int)event->line.len, event->line.ptr);
	seen->last = event->seq;
	seen->count++;
	return true;
}

static struct seen see_all(struct journal_box *box, int64_t from, int64_t batch, int64_t row)
{
	struct seen seen = {0};

	assert_true(journal_event_each(box->journal, from, batch, row, see, &seen, &box->fault));
	return seen;
}

static int fields_of(const char *line)
{
	int fields = 1;

	for (; *line != '\0'; line++)
		fields += *line == '\t';
	return fields;
}

static void each_line_has_the_fields_and_hash_of_the_contract(void **state)
{
	static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
	struct journal_box box;
	struct seen seen;
	char head[65], wanted[400];
	int64_t seq;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2);
	seen = see_all(&box, 1, 0, 0);
	assert_int_equal(seen.count, 3); /* journal, channel, receive */
	snprintf(wanted, sizeof(wanted),
		"1\t2026-11-18T11:06:40.000Z\tjournal\t\t\t\t\t\t\t{\"id\":\"%s\",\"namespace\":\"acme\"}\tanna\tdesk\t"
		"payrun test\t\t%s",
		journal_id(box.journal), zeros);
	assert_string_equal(seen.lines[0], wanted);
	for (int i = 0; i < 3; i++)
		assert_int_equal(fields_of(seen.lines[i]), 15);
	assert_non_null(strstr(seen.lines[2], "\treceive\tb1\t\t\t\t\t\t{\"control\":false,\"digest\":\""));
	assert_non_null(strstr(seen.lines[2],
		"\"totals\":[{\"amount\":\"25.00\",\"count\":2,\"currency\":\"USDT_TRX\",\"state\":\"ready\"}]}\t"));
	journal_head(box.journal, &seq, head);
	assert_int_equal(seq, 3);
	independent_hash(text_of(seen.lines[2]), wanted);
	assert_string_equal(head, wanted);
	box_close(&box);
}

static void a_move_shows_what_it_changed_sorted_and_merged(void **state)
{
	struct journal_box box;
	struct attempt before, after;
	enum move_result result;
	struct seen seen;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	before = box_claim(&box, box_payout(&box, "INV-1"));
	seen = see_all(&box, 4, 0, 0);
	assert_non_null(strstr(seen.lines[0],
		"\tmove\tb1\t2\t1\t2\tready\tsending\t{\"last_sent\":1795000000000,\"open_boot\":\"boot-one\","
		"\"open_boot_ms\":5000,\"open_since\":1795000000000,\"payload_sha256\":\"b8a5fa3e"));
	assert_non_null(strstr(seen.lines[0], "\",\"sends\":1,\"submitted_at\":1795000000000}\tanna\t"));
	after = before;
	after.state = PAYOUT_UNKNOWN;
	after.not_before = 7;
	after.provider_status = TEXT("S");
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_move(box.journal, &before, &after,
		TEXT("\"a\":{\"x\":[1,\"},\"]},\"open_since\":9,\"p\":\"q\\\"\",\"zz\":true"), &result, &box.fault));
	assert_true(journal_commit(box.journal, &box.fault));
	seen = see_all(&box, 5, 0, 0);
	/* A column's name is the journal's own; the backslash of the JSON text is escaped in the line. */
	assert_non_null(strstr(seen.lines[0], "\tmove\tb1\t2\t1\t3\tsending\tunknown\t{\"a\":{\"x\":[1,\"},\"]},"
					      "\"not_before\":7,\"p\":\"q\\\\\"\","
					      "\"provider_status\":\"S\",\"zz\":true}\tanna\t"));
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void tabs_newlines_and_backslashes_are_escaped(void **state)
{
	struct journal_box box;
	struct seen seen;

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	snprintf(box.who.user, sizeof(box.who.user), "a\tb\\c\nd");
	box.journal = journal_open(&box.options, &box.fault);
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_event_add(
		box.journal, "notice", 0, 0, 0, TEXT("{\"k\":\"\\t\"}"), TEXT("x\t\n\\y"), &box.fault));
	assert_true(journal_commit(box.journal, &box.fault));
	seen = see_all(&box, 3, 0, 0);
	assert_int_equal(fields_of(seen.lines[0]), 15);
	assert_non_null(
		strstr(seen.lines[0], "\t{\"k\":\"\\\\t\"}\ta\\tb\\\\c\\nd\tdesk\tpayrun test\tx\\t\\n\\\\y\t"));
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void the_events_of_a_row_are_found_without_the_others(void **state)
{
	struct journal_box box;
	struct journal_batch batch;
	struct attempt attempt, after;
	struct seen seen;

	(void)state;
	box_open(&box);
	batch = box_receive(&box, "b1", "A", 50);
	box_receive(&box, "b2", "B", 3);
	for (int i = 10; i < 20; i++) {
		char reference[16];

		snprintf(reference, sizeof(reference), "A-%d", i);
		attempt = box_claim(&box, box_payout(&box, reference));
		after = attempt;
		after.state = PAYOUT_UNKNOWN;
		assert_int_equal(box_move(&box, &attempt, &after), MOVE_DONE);
	}
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_event_add(box.journal, "notice", batch.id, 13, 1, TEXT(""), TEXT("row"), &box.fault));
	assert_true(journal_event_add(box.journal, "approve", batch.id, 0, 0, TEXT(""), TEXT("all"), &box.fault));
	assert_true(journal_commit(box.journal, &box.fault));
	seen = see_all(&box, 1, batch.id, 13); /* row 13 is A-12 */
	assert_int_equal(seen.count, 5);       /* receive, claim, unknown, notice, approve */
	assert_non_null(strstr(seen.lines[1], "\tmove\tb1\t13\t1\t2\tready\tsending\t"));
	assert_non_null(strstr(seen.lines[3], "\tnotice\tb1\t13\t1\t"));
	seen = see_all(&box, 1, batch.id, 0);
	assert_int_equal(seen.count, 1 + 20 + 2);
	seen = see_all(&box, seen.last, batch.id, 13);
	assert_int_equal(seen.count, 1);
	seen = see_all(&box, 1, batch.id, 9999);
	assert_int_equal(seen.count, 2); /* only what concerns the whole batch */
	box_close(&box);
}

static void the_newest_time_never_goes_back(void **state)
{
	struct journal_box box;
	int64_t newest;

	(void)state;
	box_open(&box);
	newest = journal_newest_event_ms(box.journal);
	assert_int_equal(newest, box.now.utc_ms);
	box.now.utc_ms -= 3600000; /* the wall clock is set back */
	box_receive(&box, "b1", "INV", 1);
	assert_int_equal(journal_newest_event_ms(box.journal), newest);
	box.now.utc_ms += 7200000;
	box_receive(&box, "b2", "INW", 1);
	assert_int_equal(journal_newest_event_ms(box.journal), box.now.utc_ms);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

/* --- append-only ------------------------------------------------------------------------------------------------- */

#define COPY "seq, hash, newest_ms, batch, row, attempt, previous, 'forged' FROM events WHERE seq = "

static const char *const forgeries[] = {
	"UPDATE events SET line = 'forged'",
	"UPDATE events SET line = 'forged' WHERE seq = 2",
	"UPDATE OR REPLACE events SET seq = 2 WHERE seq = 3",
	"DELETE FROM events",
	"DELETE FROM events WHERE seq = 3",
	"INSERT INTO events SELECT " COPY "2",
	"INSERT OR REPLACE INTO events SELECT " COPY "2",
	"REPLACE INTO events SELECT " COPY "2",
	"INSERT OR IGNORE INTO events SELECT " COPY "2",
	"INSERT INTO events SELECT " COPY "2 ON CONFLICT DO UPDATE SET line = 'forged'",
	"INSERT INTO events SELECT " COPY "2 ON CONFLICT (seq) DO UPDATE SET line = excluded.line",
	"INSERT INTO events SELECT seq + 9, hash, newest_ms, batch, row, attempt, previous, line FROM events WHERE seq "
	"= 3",
	"INSERT INTO events SELECT 0, hash, newest_ms, batch, row, attempt, previous, line FROM events WHERE seq = 3",
	"INSERT INTO events SELECT -1, hash, newest_ms, batch, row, attempt, previous, line FROM events WHERE seq = 3",
	"INSERT INTO events SELECT NULL, hash, newest_ms, batch, row, attempt, previous, line FROM events WHERE seq = "
	"3",
	"INSERT INTO events (rowid, hash, newest_ms, batch, row, attempt, previous, line) "
	"SELECT 1, hash, newest_ms, batch, row, attempt, previous, line FROM events WHERE seq = 3",
	/* and everything else that never changes */
	"UPDATE meta SET value = 'x'",
	"DELETE FROM meta",
	"INSERT OR REPLACE INTO meta VALUES ('id', 'x')",
	"UPDATE lease SET fence = 0",
	"DELETE FROM lease",
	"UPDATE payouts SET amount_minor = 1",
	"UPDATE payouts SET state = 1",
	"DELETE FROM payouts",
	"INSERT OR REPLACE INTO payouts SELECT * FROM payouts",
	"UPDATE batches SET rows = 7",
	"DELETE FROM batches",
	"UPDATE batch_totals SET minor = 1",
	"DELETE FROM batch_totals",
	"DELETE FROM refs",
	"UPDATE refs SET payout = 9",
	"INSERT INTO refs VALUES ('INV-1', 9)",
	"DELETE FROM keys",
	"UPDATE keys SET attempt = 9",
	"INSERT INTO keys SELECT key, 9 FROM keys",
	"DELETE FROM attempts",
	"UPDATE attempts SET key = x'00'",
	"UPDATE attempts SET state = 1",
	"UPDATE attempts SET state = 5",
	"UPDATE attempts SET sends = -1",
	"UPDATE attempts SET state = 'ready'",
	"UPDATE channels SET identity = 'x'",
	"UPDATE payouts SET note = 7",
};

static void nothing_that_was_written_can_be_changed(void **state)
{
	struct journal_box box;
	struct seen before, after;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2);
	before = see_all(&box, 1, 0, 0);
	for (size_t i = 0; i < sizeof(forgeries) / sizeof(forgeries[0]); i++) {
		bool done = box_sql(&box, forgeries[i]);

		if (done)
			print_error("passed: %s\n", forgeries[i]);
		assert_false(done);
	}
	after = see_all(&box, 1, 0, 0);
	assert_int_equal(before.count, after.count);
	assert_string_equal(before.lines[2], after.lines[2]);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_has_the_fields_and_hash_of_the_contract),
		cmocka_unit_test(a_move_shows_what_it_changed_sorted_and_merged),
		cmocka_unit_test(tabs_newlines_and_backslashes_are_escaped),
		cmocka_unit_test(the_events_of_a_row_are_found_without_the_others),
		cmocka_unit_test(the_newest_time_never_goes_back),
		cmocka_unit_test(nothing_that_was_written_can_be_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
