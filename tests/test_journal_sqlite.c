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

#include "journal/sqlite.h"
#include "tests/support/journal_box.h"

/* --- a disk that fails ------------------------------------------------------------------------------------------- */

/* A layer over SQLite's own files: writes and syncs fail once it is told so. */
static sqlite3_vfs layer;
static sqlite3_vfs *below;
static int failing;    /* a result code, or 0 */
static int failing_in; /* so many writes later */

struct layered {
	sqlite3_file base;
	const sqlite3_io_methods *own;
	sqlite3_io_methods methods;
};

static const sqlite3_io_methods *own_methods(sqlite3_file *file)
{
	return ((struct layered *)((char *)file + below->szOsFile))->own;
}

static bool fails(void)
{
	return failing != 0 && failing_in-- <= 0;
}

static int write_or_fail(sqlite3_file *file, const void *bytes, int len, sqlite3_int64 offset)
{
	return fails() ? failing : own_methods(file)->xWrite(file, bytes, len, offset);
}

static int sync_or_fail(sqlite3_file *file, int flags)
{
	return fails() ? failing : own_methods(file)->xSync(file, flags);
}

static int open_layered(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
	struct layered *layered = (struct layered *)((char *)file + below->szOsFile);
	int result = below->xOpen(below, name, file, flags, out);

	(void)vfs;
	if (result != SQLITE_OK || file->pMethods == NULL)
		return result;
	layered->own = file->pMethods;
	layered->methods = *file->pMethods;
	layered->methods.xWrite = write_or_fail;
	layered->methods.xSync = sync_or_fail;
	file->pMethods = &layered->methods;
	return result;
}

static int put_layer(void **state)
{
	(void)state;
	below = sqlite3_vfs_find(NULL);
	layer = *below;
	layer.zName = "failing";
	layer.szOsFile = below->szOsFile + (int)sizeof(struct layered);
	layer.xOpen = open_layered;
	return sqlite3_vfs_register(&layer, 1);
}

static int take_layer(void **state)
{
	(void)state;
	return sqlite3_vfs_unregister(&layer);
}

/* Where the disk fails, what was committed stays, and what was not is not there. */
static void a_full_disk_loses_nothing(void **state)
{
	(void)state;
	for (int after = 0; after < 40; after += 3) {
		struct journal_box box;
		struct attempt before, moved;
		enum move_result result;
		bool done;

		box_open(&box);
		box_receive(&box, "b1", "INV", 3);
		before = box_claim(&box, box_payout(&box, "INV-1"));
		moved = before;
		moved.state = PAYOUT_ACCEPTED;
		moved.provider_id = TEXT("prov-1");
		assert_true(journal_begin(box.journal, &box.fault));
		assert_true(journal_move(box.journal, &before, &moved, TEXT(""), &result, &box.fault));
		failing = SQLITE_FULL;
		failing_in = after;
		done = journal_commit(box.journal, &box.fault);
		failing = 0;
		if (!done) {
			assert_string_equal(box.fault.code, "DISK_FULL");
			assert_int_equal(box.fault.kind, FAULT_OPERATION);
			assert_true(box.fault.cure[0] != '\0');
		}
		journal_rollback(box.journal); /* after a commit, failed or not, there is nothing to undo */
		box.fault = (struct fault){0};
		box_reopen(&box);
		assert_int_equal(box_attempt(&box, before.payout).state, done ? PAYOUT_ACCEPTED : PAYOUT_SENDING);
		assert_string_equal(box_verify(&box, ""), "");
		box_close(&box);
	}
}

static void a_disk_that_fills_while_receiving_leaves_no_batch(void **state)
{
	struct journal_box box;
	struct journal_batch batch;
	struct journal_payout row;
	enum journal_find found;
	bool ok = true;
	char reference[40];

	(void)state;
	box_open(&box);
	batch = box_begin_batch(&box, "b1");
	failing = SQLITE_FULL;
	failing_in = 1000;
	for (int64_t i = 0; ok && i < 100000; i++) {
		snprintf(reference, sizeof(reference), "R-%lld", (long long)i);
		row = box_row(&box, i + 2, reference);
		ok = journal_payout_add(box.journal, &row, &box.fault);
	}
	failing = 0;
	assert_false(ok);
	assert_string_equal(box.fault.code, "DISK_FULL");
	journal_rollback(box.journal);
	box.fault = (struct fault){0};
	assert_true(journal_batch_find(box.journal, TEXT("b1"), &box.arena, &batch, &found, &box.fault));
	assert_int_equal(found, JOURNAL_FIND_NONE);
	box_receive(&box, "b1", "INV", 3);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

static void a_broken_disk_is_no_full_one(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	assert_true(journal_begin(box.journal, &box.fault));
	assert_true(journal_event_add(box.journal, "notice", 0, 0, 0, TEXT(""), TEXT("x"), &box.fault));
	failing = SQLITE_IOERR_FSYNC;
	failing_in = 0;
	assert_false(journal_commit(box.journal, &box.fault));
	failing = 0;
	assert_string_equal(box.fault.code, "");
	assert_int_equal(box.fault.kind, FAULT_OPERATION);
	assert_non_null(strstr(box.fault.message, box.path));
	box.fault = (struct fault){0};
	box_reopen(&box);
	assert_string_equal(box_verify(&box, ""), "");
	box_close(&box);
}

/* --- schema ------------------------------------------------------------------------------------------------------ */

static const char *const step_two[] = {"CREATE TABLE extra (x INTEGER) STRICT", "INSERT INTO extra VALUES (42)", NULL};
static const char *const step_three_bad[] = {
	"CREATE TABLE more (x INTEGER) STRICT", "INSERT INTO nowhere VALUES (1)", NULL};

static int64_t ask(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t answer = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
		answer = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return answer;
}

static void an_older_journal_is_brought_up_to_date_whole_or_not_at_all(void **state)
{
	size_t count;
	const struct sqlite_migration *known = sqlite_migrations(&count);
	struct sqlite_migration list[16];
	struct journal_box box;
	sqlite3 *db = NULL;
	int version = known[count - 1].version;

	(void)state;
	assert_true(count + 2 <= sizeof(list) / sizeof(list[0]));
	memcpy(list, known, count * sizeof(list[0]));
	list[count] = (struct sqlite_migration){version + 1, step_two};
	list[count + 1] = (struct sqlite_migration){version + 2, step_three_bad};
	box_open(&box);
	box_receive(&box, "b1", "INV", 3);
	journal_close(box.journal);
	assert_int_equal(sqlite3_open_v2(box.path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	/* Both steps in one go: the second fails, so neither is done. */
	assert_false(sqlite_migrate(db, box.path, list, count + 2, &box.fault));
	assert_true(box.fault.set);
	box.fault = (struct fault){0};
	assert_int_equal(ask(db, "PRAGMA user_version"), version);
	assert_int_equal(ask(db, "SELECT count(*) FROM sqlite_schema WHERE name IN ('extra', 'more')"), 0);
	assert_true(sqlite_migrate(db, box.path, list, count + 1, &box.fault));
	assert_int_equal(ask(db, "PRAGMA user_version"), version + 1);
	assert_int_equal(ask(db, "SELECT x FROM extra"), 42);
	assert_true(sqlite_migrate(db, box.path, list, count + 1, &box.fault)); /* done is done */
	assert_int_equal(ask(db, "SELECT count(*) FROM extra"), 1);
	sqlite3_close(db);
	box.journal = journal_open(&box.options, &box.fault); /* and is now newer than this program */
	assert_null(box.journal);
	assert_string_equal(box.fault.code, "JOURNAL_VERSION");
	assert_non_null(strstr(box.fault.message, "has version"));
	box_close(&box);
}

static void an_older_journal_is_not_touched_by_a_reader(void **state)
{
	struct journal_box box;

	(void)state;
	box_open(&box);
	journal_close(box.journal);
	assert_true(box_sql(&box, "PRAGMA user_version = 0"));
	box.options.read_only = true;
	box.journal = journal_open(&box.options, &box.fault);
	assert_null(box.journal);
	assert_string_equal(box.fault.code, "JOURNAL_VERSION");
	assert_int_equal(box.fault.kind, FAULT_USAGE);
	box_close(&box);
}

static void the_file_says_what_it_is(void **state)
{
	struct journal_box box;
	sqlite3 *db = NULL;

	(void)state;
	box_open(&box);
	assert_int_equal(sqlite3_open_v2(box.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(ask(db, "PRAGMA application_id"), 0x50415952); /* PAYR */
	assert_int_equal(ask(db, "PRAGMA page_size"), 8192);
	assert_int_equal(ask(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	sqlite3_close(db);
	box_close(&box);
}

static void every_statement_has_its_text(void **state)
{
	(void)state;
	for (int i = 0; i < STATEMENTS; i++)
		assert_true(strlen(sqlite_sql((enum statement)i)) > 10);
}

static void migrations_are_numbered_without_gaps(void **state)
{
	size_t count;
	const struct sqlite_migration *list = sqlite_migrations(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_int_equal(list[i].version, i + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_disk_loses_nothing),
		cmocka_unit_test(a_disk_that_fills_while_receiving_leaves_no_batch),
		cmocka_unit_test(a_broken_disk_is_no_full_one),
		cmocka_unit_test(an_older_journal_is_brought_up_to_date_whole_or_not_at_all),
		cmocka_unit_test(an_older_journal_is_not_touched_by_a_reader),
		cmocka_unit_test(the_file_says_what_it_is),
		cmocka_unit_test(every_statement_has_its_text),
		cmocka_unit_test(migrations_are_numbered_without_gaps),
	};

	return cmocka_run_group_tests(tests, put_layer, take_layer);
}
