#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/file.h"
#include "tests/support/journal_box.h"

/* --- life -------------------------------------------------------------------------------------------------------- */

static void is_private_even_under_a_loose_umask(void **state)
{
	const char *const endings[] = {"", "-wal", "-shm"};
	struct journal_box box;
	struct stat status;
	char path[700];
	mode_t before = umask(0);

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 3);
	umask(before);
	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", box.path, endings[i]);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 0777, 0600);
	}
	box_close(&box);
}

static void is_created_once_and_overwrites_nothing(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	assert_false(journal_create(&box.options, &box.fault));
	assert_int_equal(box.fault.kind, FAULT_USAGE);
	box.fault = (struct fault){0};
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_head_file_of_another_journal_is_not_overwritten(void **state)
{
	struct journal_box box;
	struct buf before = {0}, after = {0};
	char path[700];

	(void)state;
	box_open(&box);
	assert_true(file_read(box.head, 1000, &before, NULL, &box.fault));
	snprintf(path, sizeof(path), "%s/second.db", box.folder);
	box.options.path = path;
	assert_false(journal_create(&box.options, &box.fault));
	assert_int_equal(box.fault.kind, FAULT_USAGE);
	assert_int_not_equal(access(path, F_OK), 0);
	box.fault = (struct fault){0};
	assert_true(file_read(box.head, 1000, &after, NULL, &box.fault));
	assert_string_equal(buf_str(&before), buf_str(&after));
	buf_release(&before);
	buf_release(&after);
	box_close(&box);
}

struct refusal {
	const char *what, *prepare; /* SQL, or a shell command when it starts with '!' */
	enum fault_kind kind;
	const char *code;
};

static const struct refusal refusals[] = {
	{"missing", "!rm \"$J\"", FAULT_USAGE, "JOURNAL_MISSING"},
	{"in a folder that is not there", "!rm -r \"$D\"", FAULT_USAGE, "JOURNAL_MISSING"},
	{"a folder", "!rm \"$J\"; mkdir \"$J\"", FAULT_USAGE, "JOURNAL_MISSING"},
	{"newer", "PRAGMA user_version = 99", FAULT_USAGE, "JOURNAL_VERSION"},
	{"another program's database", "PRAGMA application_id = 7", FAULT_USAGE, "JOURNAL_VERSION"},
	{"an empty file", "!: > \"$J\"", FAULT_USAGE, "JOURNAL_VERSION"},
	{"no database", "!head -c 100000 /dev/urandom > \"$J\"", FAULT_OPERATION, "JOURNAL_CORRUPT"},
	{"cut short", "!truncate -s 8192 \"$J\"", FAULT_OPERATION, "JOURNAL_CORRUPT"},
	{"writable by everybody", "!chmod o+w \"$J\"", FAULT_USAGE, ""},
	{"without its id", "DROP TRIGGER meta_delete; DELETE FROM meta WHERE name = 'id'", FAULT_OPERATION,
		"JOURNAL_CORRUPT"},
};

static void a_journal_that_cannot_be_opened_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *refusal = &refusals[i];
		struct journal_box box;

		print_message("          %s\n", refusal->what);
		box_open(&box);
		journal_close(box.journal);
		setenv("J", box.path, 1);
		setenv("D", box.folder, 1);
		if (refusal->prepare[0] == '!')
			assert_int_equal(system(refusal->prepare + 1), 0);
		else
			assert_true(box_sql(&box, refusal->prepare));
		box.journal = journal_open(&box.options, &box.fault);
		assert_null(box.journal);
		assert_int_equal(box.fault.kind, refusal->kind);
		assert_string_equal(box.fault.code, refusal->code);
		assert_true(box.fault.message[0] != '\0' && box.fault.cure[0] != '\0');
		box_close(&box);
	}
}

static void another_namespace_is_refused(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	box.options.namespace_text = "other";
	box.journal = journal_open(&box.options, &box.fault);
	assert_null(box.journal);
	assert_int_equal(box.fault.kind, FAULT_USAGE);
	assert_non_null(strstr(box.fault.message, "acme"));
	box_close(&box);
}

static void a_reader_needs_no_writer(void **state)
{
	struct journal_box box;
	struct journal *reader;
	struct journal_options options;
	struct journal_sums sums;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 3);
	options = box.options;
	options.read_only = true;
	reader = journal_open(&options, &box.fault);
	assert_non_null(reader);
	assert_true(journal_sums(reader, 0, &box.arena, &sums, &box.fault));
	assert_true(sums.balanced);
	assert_int_equal(sums.in[0].count, 3);
	journal_close(reader);
	box_close(&box);
}

/* --- channels ---------------------------------------------------------------------------------------------------- */

static void a_channel_keeps_its_identity(void **state)
{
	struct journal_box box;
	const struct journal_channel known = {.name = "main",
		.provider = "calypso",
		.mode = "",
		.host = "127.0.0.1",
		.sandbox = true,
		.identity = "0xaa"};
	struct journal_channel changed[6];

	(void)state;
	box_open(&box);
	for (int i = 0; i < 6; i++)
		changed[i] = known;
	changed[0].provider = "circle";
	changed[1].mode = "wire";
	changed[2].host = "api.example.com";
	changed[3].testmode = true;
	changed[4].identity = "0xbb";
	changed[5].name = "second"; /* live beside sandbox */
	changed[5].sandbox = false;
	for (int i = 0; i < 6; i++) {
		assert_true(journal_begin(box.journal, &box.fault));
		assert_false(journal_channel_bind(box.journal, &changed[i], &box.fault));
		assert_int_equal(box.fault.kind, FAULT_USAGE);
		assert_string_equal(box.fault.channel, changed[i].name);
		assert_true(box.fault.cure[0] != '\0');
		box.fault = (struct fault){0};
		journal_rollback(box.journal);
		/* Asked beforehand, one that is not known may still come. */
		assert_int_equal(journal_channel_same(box.journal, &changed[i], &box.fault), i == 5);
		assert_int_equal(box.fault.set, i != 5);
		box.fault = (struct fault){0};
	}
	assert_true(journal_channel_same(box.journal, &known, &box.fault));
	changed[0] = known;
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_channel_bind(box.journal, &changed[0], &box.fault));
	assert_true(journal_commit(box.journal, &box.fault));
	assert_int_equal(changed[0].id, box.channel);
	box_close(&box);
}

/* --- batches ----------------------------------------------------------------------------------------------------- */

static void a_batch_is_found_by_name_prefix_and_content(void **state)
{
	const struct {
		const char *name;
		enum journal_find found;
		const char *batch;
	} cases[] = {
		{"20261120-aaaaaa", JOURNAL_FIND_ONE, "20261120-aaaaaa"},
		{"20261120-a", JOURNAL_FIND_ONE, "20261120-aaaaaa"},
		{"20261120", JOURNAL_FIND_MANY, NULL},
		{"20261121", JOURNAL_FIND_NONE, NULL},
		{"pay", JOURNAL_FIND_ONE, "pay"},
		{"pay.", JOURNAL_FIND_ONE, "pay.2"},
		{"last", JOURNAL_FIND_ONE, "pay.2"},
		{"", JOURNAL_FIND_NONE, NULL},
		{"a-name-that-is-longer-than-any-batch-id-may-be", JOURNAL_FIND_NONE, NULL},
	};
	const char *const names[] = {"20261120-aaaaaa", "20261120-bbbbbb", "pay", "pay.2"};
	struct journal_box box;
	struct journal_batch batch, wanted;
	enum journal_find found;

	(void)state;
	box_open(&box);
	for (size_t i = 0; i < 4; i++)
		wanted = box_receive(&box, names[i], names[i], 2);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(journal_batch_find(
			box.journal, text_of(cases[i].name), &box.arena, &batch, &found, &box.fault));
		assert_int_equal(found, cases[i].found);
		if (cases[i].batch != NULL)
			assert_string_equal(batch.name, cases[i].batch);
	}
	assert_true(journal_batch_find_sha256(box.journal, wanted.sha256, &box.arena, &batch, &found, &box.fault));
	assert_int_equal(found, JOURNAL_FIND_ONE);
	assert_string_equal(batch.name, "pay.2");
	assert_int_equal(batch.rows, 2);
	assert_true(text_is(batch.received_by, "anna"));
	box_close(&box);
}

static void a_batch_name_is_used_once(void **state)
{
	struct journal_box box;
	struct journal_batch batch = {.name = "b1", .file = TEXT("x"), .format = TEXT("csv")};
	bool taken = false;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 1);
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_batch_add(box.journal, &batch, &taken, &box.fault));
	assert_true(taken);
	journal_rollback(box.journal);
	box_close(&box);
}

static void what_is_rolled_back_leaves_nothing(void **state)
{
	struct journal_box box;
	struct journal_batch batch;
	struct journal_payout payout;
	int64_t seq_before, seq_after;
	char before[65], after[65];
	enum journal_find found;

	(void)state;
	box_open(&box);
	journal_head(box.journal, &seq_before, before);
	batch = box_begin_batch(&box, "b1");
	for (int64_t i = 0; i < 1000; i++) {
		payout = box_row(&box, i, "INV-1");
		payout.state = i == 0 ? PAYOUT_READY : PAYOUT_DUPLICATE;
		assert_true(journal_payout_add(box.journal, &payout, &box.fault));
	}
	assert_true(journal_batch_seal(box.journal, &batch, &box.fault));
	journal_rollback(box.journal);
	journal_head(box.journal, &seq_after, after);
	assert_int_equal(seq_before, seq_after);
	assert_string_equal(before, after);
	assert_true(journal_batch_find(box.journal, TEXT("b1"), &box.arena, &batch, &found, &box.fault));
	assert_int_equal(found, JOURNAL_FIND_NONE);
	box_receive(&box, "b1", "INV", 3);
	box_close(&box);
}

struct listed {
	int64_t count, minor;
	struct journal_box *box;
};

static bool see_line(void *context, const struct journal_line *line)
{
	struct listed *listed = context;
	char reference[64];

	listed->count++;
	listed->minor += line->payout.amount_minor;
	snprintf(reference, sizeof(reference), "INV-%lld", (long long)listed->count);
	assert_true(text_is(line->payout.reference, reference));
	assert_int_equal(line->payout.row, listed->count + 1);
	assert_int_equal(line->attempt.number, 1);
	assert_int_equal(line->state, PAYOUT_READY);
	assert_string_equal(line->channel->name, "main");
	assert_string_equal(line->batch->name, "b1");
	snprintf(reference, sizeof(reference), "TINV-%lld", (long long)listed->count);
	assert_true(text_is(line->payout.destination, reference));
	snprintf(reference, sizeof(reference), "Mr INV-%lld", (long long)listed->count);
	assert_true(text_is(line->payout.beneficiary_name, reference));
	assert_true(text_equal(content_get(line->payout.content, "beneficiary_name"), line->payout.beneficiary_name));
	return listed->count < 900;
}

static void lines_come_in_file_order_with_all_they_have(void **state)
{
	struct journal_box box;
	struct listed listed = {0};
	struct journal_batch batch;

	(void)state;
	box_open(&box);
	batch = box_receive(&box, "b1", "INV", 1000);
	assert_true(journal_line_each(box.journal, batch.id, see_line, &listed, &box.fault));
	assert_int_equal(listed.count, 900); /* it stopped when asked to */
	box_close(&box);
}

static void a_payout_is_found_by_reference_key_and_provider_id(void **state)
{
	struct journal_box box;
	struct attempt before, after;
	struct journal_payout payout;
	char key[KEY_TEXT_SIZE];
	int64_t id, found_id;
	enum journal_find found;
	bool known;

	(void)state;
	box_open(&box);
	box_receive(&box, "b1", "INV", 5);
	id = box_payout(&box, "INV-3");
	assert_true(journal_payout_get(box.journal, id, &box.arena, &payout, &known, &box.fault));
	assert_true(known && text_is(payout.reference, "INV-3") && payout.row == 4);
	before = box_claim(&box, id);
	key_text(&before.key, key);
	assert_int_equal(box_payout(&box, key), id);
	after = before;
	after.state = PAYOUT_ACCEPTED;
	after.provider_id = TEXT("prov-77");
	assert_int_equal(box_move(&box, &before, &after), MOVE_DONE);
	assert_int_equal(box_payout(&box, "prov-77"), id);
	assert_true(journal_payout_find(box.journal, TEXT("nobody"), &found_id, &found, &box.fault));
	assert_int_equal(found, JOURNAL_FIND_NONE);
	box_close(&box);
}

static void sums_balance_and_refuse_to_overflow(void **state)
{
	struct journal_box box;
	struct journal_batch batch;
	struct journal_payout payout;
	struct journal_sums sums;
	int64_t counts[PAYOUT_STATES];

	(void)state;
	box_open(&box);
	batch = box_begin_batch(&box, "b1");
	for (int64_t i = 1; i <= 4; i++) {
		char reference[32];

		snprintf(reference, sizeof(reference), "R%lld", (long long)i);
		payout = box_row(&box, i, reference);
		payout.amount_minor = i * 100;
		if (i == 4) { /* a rejected row without a readable currency */
			payout.state = PAYOUT_REJECTED;
			payout.currency = TEXT("");
			payout.decimals = 0;
			payout.amount_minor = 0;
		}
		assert_true(journal_payout_add(box.journal, &payout, &box.fault));
	}
	assert_true(journal_batch_seal(box.journal, &batch, &box.fault));
	assert_true(journal_commit(box.journal, &box.fault));
	assert_true(journal_sums(box.journal, batch.id, &box.arena, &sums, &box.fault));
	assert_true(sums.balanced);
	assert_int_equal(sums.in_count, 2);
	assert_string_equal(sums.in[0].currency, "");
	assert_int_equal(sums.in[0].count, 1);
	assert_int_equal(sums.in[1].minor, 600);
	assert_int_equal(sums.by_state_count, 2);
	assert_true(journal_counts(box.journal, 0, counts, &box.fault));
	assert_int_equal(counts[PAYOUT_READY], 3);
	assert_int_equal(counts[PAYOUT_REJECTED], 1);

	batch = box_begin_batch(&box, "b2");
	payout = box_row(&box, 1, "BIG-1");
	payout.amount_minor = INT64_MAX;
	assert_true(journal_payout_add(box.journal, &payout, &box.fault));
	payout = box_row(&box, 2, "BIG-2");
	assert_false(journal_payout_add(box.journal, &payout, &box.fault));
	assert_string_equal(box.fault.code, "AMOUNT_TOO_LARGE");
	assert_int_equal(box.fault.kind, FAULT_REFUSED);
	journal_rollback(box.journal);
	box_close(&box);
}

static void sums_of_the_whole_journal_refuse_to_overflow(void **state)
{
	struct journal_box box;
	struct journal_sums sums;

	(void)state;
	box_open(&box);
	for (int i = 0; i < 2; i++) {
		struct journal_batch batch = box_begin_batch(&box, i == 0 ? "b1" : "b2");
		struct journal_payout payout = box_row(&box, 1, i == 0 ? "BIG-1" : "BIG-2");

		payout.amount_minor = INT64_MAX - 5;
		assert_true(journal_payout_add(box.journal, &payout, &box.fault));
		assert_true(journal_batch_seal(box.journal, &batch, &box.fault));
		assert_true(journal_commit(box.journal, &box.fault));
		assert_true(journal_sums(box.journal, batch.id, &box.arena, &sums, &box.fault));
	}
	assert_false(journal_sums(box.journal, 0, &box.arena, &sums, &box.fault));
	assert_string_equal(box.fault.code, "AMOUNT_TOO_LARGE");
	box_close(&box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_private_even_under_a_loose_umask),
		cmocka_unit_test(is_created_once_and_overwrites_nothing),
		cmocka_unit_test(a_head_file_of_another_journal_is_not_overwritten),
		cmocka_unit_test(a_journal_that_cannot_be_opened_says_why),
		cmocka_unit_test(another_namespace_is_refused),
		cmocka_unit_test(a_reader_needs_no_writer),
		cmocka_unit_test(a_channel_keeps_its_identity),
		cmocka_unit_test(a_batch_is_found_by_name_prefix_and_content),
		cmocka_unit_test(a_batch_name_is_used_once),
		cmocka_unit_test(what_is_rolled_back_leaves_nothing),
		cmocka_unit_test(lines_come_in_file_order_with_all_they_have),
		cmocka_unit_test(a_payout_is_found_by_reference_key_and_provider_id),
		cmocka_unit_test(sums_balance_and_refuse_to_overflow),
		cmocka_unit_test(sums_of_the_whole_journal_refuse_to_overflow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
