#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/journal_box.h"

/* A journal with something of everything: two batches, a rejected row, a retry, an accepted and a canceled payout. */
static void fill(struct journal_box *box)
{
	struct journal_batch batch;
	struct journal_payout row;
	struct attempt before, after, added;
	struct sha256 *sha = sha256_new();
	struct key key;
	enum move_result result;

	box_receive(box, "b1", "INV", 5);
	batch = box_begin_batch(box, "b2");
	row = box_row(box, 2, "INW-1");
	assert_true(journal_payout_add(box->journal, &row, &box->fault));
	row = box_row(box, 3, "INW-2");
	row.state = PAYOUT_REJECTED;
	row.content = TEXT("");
	row.reason_code = TEXT("AMOUNT_SYNTAX");
	assert_true(journal_payout_add(box->journal, &row, &box->fault));
	row = box_row(box, 4, "INW-3");
	row.state = PAYOUT_HELD;
	assert_true(journal_payout_add(box->journal, &row, &box->fault));
	assert_true(journal_batch_seal(box->journal, &batch, &box->fault));
	assert_true(journal_commit(box->journal, &box->fault));

	before = box_claim(box, box_payout(box, "INV-1"));
	after = before;
	after.state = PAYOUT_ACCEPTED;
	after.provider_id = TEXT("prov-1");
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = TEXT("");
	after.accepted_at = box->now.utc_ms;
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	before = box_claim(box, box_payout(box, "INV-2"));
	after = before;
	after.state = PAYOUT_FAILED;
	after.reason = TEXT("no such \"account\"");
	after.open_since = after.open_boot_ms = 0;
	after.open_boot = TEXT("");
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	key = key_derive(sha, TEXT("acme"), PROVIDER_CALYPSO, TEXT("INV-2"), 2);
	assert_true(journal_begin(box->journal, &box->fault));
	assert_true(journal_attempt_add(
		box->journal, &after, &key, PAYOUT_READY, TEXT("retry"), &added, &result, &box->fault));
	assert_true(journal_commit(box->journal, &box->fault));
	before = box_attempt(box, box_payout(box, "INV-3"));
	after = before;
	after.state = PAYOUT_CANCELED;
	assert_int_equal(box_move(box, &before, &after), MOVE_DONE);
	box_claim(box, box_payout(box, "INV-4"));
	journal_lease_drop(box->journal);
	sha256_free(sha);
}

static void a_whole_journal_has_no_breaks(void **state)
{
	struct journal_box box;
	char head[65];
	int64_t seq;

	(void)state;
	box_open(&box);
	assert_string_equal(box_verify(&box, ""), "");
	fill(&box);
	journal_head(box.journal, &seq, head);
	assert_string_equal(box_verify(&box, head), "");
	box_receive(&box, "b3", "INX", 1);
	assert_string_equal(box_verify(&box, head), ""); /* an earlier head is still in the chain */
	head[0] = head[0] == '0' ? '1' : '0';
	assert_string_equal(box_verify(&box, head), "JOURNAL_HEAD");
	box_close(&box);
}

/* What somebody with the file in his hands may do once the triggers are gone. */
static const char no_triggers[] =
	"DROP TRIGGER events_update; DROP TRIGGER events_delete; DROP TRIGGER events_insert; DROP TRIGGER "
	"payouts_update; "
	"DROP TRIGGER payouts_restate; DROP TRIGGER payouts_delete; DROP TRIGGER refs_delete; DROP TRIGGER "
	"refs_update; "
	"DROP TRIGGER keys_delete; DROP TRIGGER keys_update; DROP TRIGGER attempts_update; DROP TRIGGER "
	"attempts_delete; "
	"DROP TRIGGER batch_totals_update; DROP TRIGGER batch_totals_delete; DROP TRIGGER batches_update; "
	"DROP TRIGGER payloads_update; DROP TRIGGER provider_ids_delete; DROP TRIGGER provider_ids_update;";

struct tampering {
	const char *what, *sql, *expected; /* expected: a code that must be among those told */
};

static const struct tampering tamperings[] = {
	{"a state flipped", "UPDATE attempts SET state = 7 WHERE id = 1", "JOURNAL_STATE"},
	{"a state flipped back to ready", "UPDATE attempts SET state = 4, version = version + 1 WHERE id = 1",
		"JOURNAL_STATE"},
	{"sends forgotten", "UPDATE attempts SET sends = 0, state = 0 WHERE id = 4", "JOURNAL_STATE"},
	{"the open send forgotten", "UPDATE attempts SET open_since = open_since + 1 WHERE id = 4", "JOURNAL_STATE"},
	{"an answer edited", "UPDATE answers SET provider_status = 'DONE' WHERE attempt = 1", "JOURNAL_STATE"},
	{"a provider id edited", "UPDATE answers SET provider_id = 'prov-9' WHERE attempt = 1", "JOURNAL_PROVIDER_ID"},
	{"a provider id not registered", "DELETE FROM provider_ids", "JOURNAL_PROVIDER_ID"},
	{"a payload edited", "UPDATE payloads SET payload = x'7b7d' WHERE attempt = 1", "JOURNAL_STATE"},
	{"a payload and its digest edited",
		"UPDATE payloads SET payload = x'7b7d', sha256 = "
		"x'44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' WHERE attempt = 1",
		"JOURNAL_STATE"},
	{"an amount edited", "UPDATE payouts SET amount_minor = 9950 WHERE id = 5", "JOURNAL_CONTENT"},
	{"an amount edited, the totals too",
		"UPDATE payouts SET amount_minor = 9950 WHERE id = 5; UPDATE batch_totals SET minor = minor + 8700 "
		"WHERE "
		"batch = 1",
		"JOURNAL_CONTENT"},
	{"two amounts edited so that the sum stays",
		"UPDATE payouts SET amount_minor = 1251 WHERE id = 4; UPDATE payouts SET amount_minor = 1249 WHERE id "
		"= 5",
		"JOURNAL_CONTENT"},
	{"a total edited", "UPDATE batch_totals SET count = count + 1 WHERE batch = 1", "JOURNAL_SUMS"},
	{"a total deleted", "DELETE FROM batch_totals WHERE batch = 2 AND state = 1", "JOURNAL_SUMS"},
	{"a content edited",
		"UPDATE payouts SET body = CAST(substr(body, 1, 40) || x'5a' || substr(body, 42) AS BLOB) WHERE id = 5",
		"JOURNAL_CONTENT"},
	{"contents exchanged", "UPDATE payouts SET body = (SELECT body FROM payouts WHERE id = 4) WHERE id = 5",
		"JOURNAL_CONTENT"},
	{"a reference edited everywhere",
		"UPDATE payouts SET reference = 'INV-55' WHERE id = 5; UPDATE refs SET reference = 'INV-55' WHERE "
		"payout = 5",
		"JOURNAL_KEY"},
	{"a reference unbound", "DELETE FROM refs WHERE payout = 5", "JOURNAL_REFERENCE"},
	{"a reference bound to another payout", "UPDATE refs SET payout = 4 WHERE payout = 5", "JOURNAL_REFERENCE"},
	{"a reference of a rejected row bound", "INSERT INTO refs VALUES ('INW-2', 7)", "JOURNAL_REFERENCE"},
	{"a key edited", "UPDATE attempts SET key = x'00112233445566778899aabbccddeeff' WHERE id = 5", "JOURNAL_KEY"},
	{"a key unregistered", "DELETE FROM keys WHERE attempt = 5", "JOURNAL_KEY"},
	{"a key of nobody", "INSERT INTO keys VALUES (x'00', 99)", "JOURNAL_KEY"},
	{"a rejected row made ready", "UPDATE payouts SET state = 4 WHERE id = 7", "JOURNAL_STATE"},
	{"a held row made ready", "UPDATE payouts SET state = 4 WHERE id = 8", "JOURNAL_STATE"},
	{"a held row made ready everywhere",
		"UPDATE payouts SET state = 4 WHERE id = 8; UPDATE attempts SET state = 4 WHERE id = 8",
		"JOURNAL_CONTENT"},
	{"a row deleted", "DELETE FROM payouts WHERE id = 5", "JOURNAL_CONTENT"},
	{"an attempt deleted", "DELETE FROM attempts WHERE id = 5", "JOURNAL_STATE"},
	{"an attempt with its events' end deleted", "DELETE FROM attempts WHERE id = 1", "JOURNAL_STATE"},
	{"a batch edited", "UPDATE batches SET held_by_option = 1 WHERE id = 1", "JOURNAL_CONTENT"},
	{"another file put under a batch", "UPDATE batches SET sha256 = zeroblob(32) WHERE id = 1", "JOURNAL_CONTENT"},
	{"the last event deleted", "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)", "JOURNAL_STATE"},
	{"a receive event deleted", "DELETE FROM events WHERE seq = 3", "JOURNAL_CHAIN"},
	{"a move deleted", "DELETE FROM events WHERE seq = 6", "JOURNAL_CHAIN"},
	{"an event edited", "UPDATE events SET line = replace(line, 'anna', 'berta') WHERE seq = 5", "JOURNAL_CHAIN"},
	{"two hashes exchanged", "UPDATE events SET hash = (SELECT hash FROM events WHERE seq = 2) WHERE seq = 5",
		"JOURNAL_CHAIN"},
	{"an event under another row", "UPDATE events SET row = 3 WHERE seq = 5", "JOURNAL_CHAIN"},
	{"an event under another batch", "UPDATE events SET batch = 2 WHERE seq = 5", "JOURNAL_CHAIN"},
	{"an event under another attempt", "UPDATE events SET attempt = 3 WHERE seq = 5", "JOURNAL_STATE"},
	{"the newest time edited", "UPDATE events SET newest_ms = newest_ms + 1 WHERE seq = 5", "JOURNAL_CHAIN"},
	{"the links between events edited", "UPDATE events SET previous = 0 WHERE attempt <> 0", "JOURNAL_STATE"},
};

static void every_tampering_is_a_break(void **state)
{
	char sql[4000];

	(void)state;
	for (size_t i = 0; i < sizeof(tamperings) / sizeof(tamperings[0]); i++) {
		const struct tampering *tampering = &tamperings[i];
		struct journal_box box;
		const char *codes;

		print_message("          %s\n", tampering->what);
		box_open(&box);
		fill(&box);
		snprintf(sql, sizeof(sql), "BEGIN; %s %s; COMMIT", no_triggers, tampering->sql);
		assert_true(box_sql(&box, sql));
		codes = box_verify(&box, "");
		if (strstr(codes, tampering->expected) == NULL)
			print_error("%s: told \"%s\"\n", tampering->what, codes);
		assert_non_null(strstr(codes, tampering->expected));
		box_close(&box);
	}
}

/* A chain that was forged to its end is only found by a head kept elsewhere: the head file. */
static void a_shortened_chain_is_found_by_the_head_file(void **state)
{
	struct journal_box box;
	char sql[4000];

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2);
	box_claim(&box, box_payout(&box, "INV-1"));
	journal_lease_drop(box.journal);
	snprintf(sql, sizeof(sql),
		"%s DELETE FROM events WHERE seq = 4; UPDATE attempts SET state = 4, sends = 0, open_since = 0, "
		"open_boot_ms = 0, open_boot = 0, last_sent = 0, submitted_at = 0, version = 1, last_event = 0; "
		"DROP TRIGGER payloads_delete; DELETE FROM payloads",
		no_triggers);
	assert_true(box_sql(&box, sql));
	assert_string_equal(box_verify(&box, ""), "JOURNAL_BEHIND");
	box_close(&box);
}

static void a_purged_row_is_no_break(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	fill(&box);
	assert_true(
		box_sql(&box, "UPDATE payouts SET body = x'', beneficiary_name = '', destination = '' WHERE id = 5"));
	assert_true(box_sql(&box, "UPDATE payloads SET payload = x'' WHERE attempt = 1"));
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void hear_nothing(void *context, const char *code, const char *message)
{
	(void)context;
	(void)code;
	(void)message;
}

static void a_damaged_page_is_told(void **state)
{
	struct journal_box box;
	char command[1000];

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 2000);
	journal_close(box.journal);
	snprintf(command, sizeof(command),
		"dd if=/dev/urandom of='%s' bs=1 seek=200000 count=9000 conv=notrunc 2>/dev/null", box.path);
	assert_int_equal(system(command), 0);
	box.journal = journal_open(&box.options, &box.fault);
	if (box.journal != NULL) {
		int64_t breaks = 0;
		bool whole;

		/* Either the check tells it, or reading meets it: never silence. */
		whole = journal_verify(box.journal, TEXT(""), hear_nothing, NULL, &breaks, &box.fault);
		assert_true(!whole || breaks > 0);
	}
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_whole_journal_has_no_breaks),
		cmocka_unit_test(every_tampering_is_a_break),
		cmocka_unit_test(a_shortened_chain_is_found_by_the_head_file),
		cmocka_unit_test(a_purged_row_is_no_break),
		cmocka_unit_test(a_damaged_page_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
