#include "journal/backend.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "base/buf.h"
#include "base/file.h"
#include "journal/sqlite.h"

struct store_cursor {
	struct store *store;
	sqlite3_stmt *statement;
	bool extra; /* a second one of a statement that runs already: gone when done */
	bool busy;
	int columns;
	struct cell cells[];
};

struct store {
	sqlite3 *db;
	char *path;
	struct sqlite_source source;
	struct store_cursor *prepared[STATEMENTS]; /* filled at first use */
};

/* --- statements -------------------------------------------------------------------------------------------------- */

static struct store_cursor *prepare(struct store *store, enum statement statement, struct fault *fault)
{
	struct store_cursor *cursor = store->prepared[statement];
	sqlite3_stmt *made = NULL;
	int result, columns;

	if (cursor != NULL && !cursor->busy) {
		cursor->busy = true;
		return cursor;
	}
	result = sqlite3_prepare_v3(
		store->db, sqlite_sql(statement), -1, cursor == NULL ? SQLITE_PREPARE_PERSISTENT : 0, &made, NULL);
	if (result != SQLITE_OK) {
		sqlite_fault(store->db, result, store->path, "read the journal", fault);
		return NULL;
	}
	columns = sqlite3_column_count(made);
	cursor = memory_new(sizeof(*cursor) + (size_t)columns * sizeof(cursor->cells[0]));
	cursor->store = store;
	cursor->statement = made;
	cursor->columns = columns;
	cursor->busy = true;
	cursor->extra = store->prepared[statement] != NULL;
	if (!cursor->extra)
		store->prepared[statement] = cursor;
	return cursor;
}

static void done(struct store_cursor *cursor)
{
	if (cursor == NULL)
		return;
	if (cursor->extra) {
		sqlite3_finalize(cursor->statement);
		free(cursor);
		return;
	}
	sqlite3_reset(cursor->statement); /* an error of the last step was told by that step */
	cursor->busy = false;
}

static int bind(sqlite3_stmt *statement, int place, const struct cell *cell, sqlite3_destructor_type keep)
{
	const char *ptr = cell->text.len > 0 ? cell->text.ptr : "";

	assert(cell->text.len <= INT_MAX);
	switch (cell->kind) {
	case CELL_NULL:
		return sqlite3_bind_null(statement, place);
	case CELL_NUMBER:
		return sqlite3_bind_int64(statement, place, cell->number);
	case CELL_TEXT:
		return sqlite3_bind_text(statement, place, ptr, (int)cell->text.len, keep);
	case CELL_BYTES:
		return sqlite3_bind_blob(statement, place, ptr, (int)cell->text.len, keep);
	}
	return SQLITE_MISUSE;
}

static bool bind_all(struct store_cursor *cursor, const struct cell *args, size_t count, sqlite3_destructor_type keep,
	struct fault *fault)
{
	struct store *store = cursor->store;
	int result = SQLITE_OK;

	assert((int)count == sqlite3_bind_parameter_count(cursor->statement));
	for (size_t i = 0; result == SQLITE_OK && i < count; i++)
		result = bind(cursor->statement, (int)i + 1, &args[i], keep);
	return result == SQLITE_OK || sqlite_fault(store->db, result, store->path, "ask the journal", fault);
}

static bool step_to_end(struct store_cursor *cursor, int64_t *changed, struct fault *fault)
{
	struct store *store = cursor->store;
	int result = sqlite3_step(cursor->statement);

	if (result != SQLITE_DONE)
		return sqlite_fault(store->db, result, store->path, "write to the journal", fault);
	if (changed != NULL)
		*changed = sqlite3_changes64(store->db);
	return true;
}

static bool run(struct store *store, enum statement statement, const struct cell *args, size_t count, int64_t *changed,
	struct fault *fault)
{
	struct store_cursor *cursor = prepare(store, statement, fault);
	bool ok = cursor != NULL && bind_all(cursor, args, count, SQLITE_STATIC, fault) &&
		  step_to_end(cursor, changed, fault);

	done(cursor);
	return ok;
}

static bool append(struct store *store, enum statement statement, struct store_source *source, int64_t *changed,
	struct fault *fault)
{
	struct store_cursor *cursor = prepare(store, statement, fault);
	bool ok;

	if (cursor == NULL)
		return false;
	store->source = (struct sqlite_source){source, fault};
	ok = step_to_end(cursor, changed, fault);
	done(cursor);
	store->source = (struct sqlite_source){NULL, NULL};
	return ok;
}

static struct store_cursor *query(
	struct store *store, enum statement statement, const struct cell *args, size_t count, struct fault *fault)
{
	struct store_cursor *cursor = prepare(store, statement, fault);

	if (cursor != NULL && !bind_all(cursor, args, count, SQLITE_TRANSIENT, fault)) {
		done(cursor);
		return NULL;
	}
	return cursor;
}

/* The value is "unprotected": safe on one thread, and half the time of sqlite3_column_type() and its like. */
static void take_cell(sqlite3_value *value, struct cell *cell)
{
	*cell = (struct cell){.kind = CELL_NULL};
	switch (sqlite3_value_type(value)) {
	case SQLITE_INTEGER:
		*cell = cell_number(sqlite3_value_int64(value));
		break;
	case SQLITE_TEXT:
		cell->kind = CELL_TEXT;
		cell->text.ptr = (const char *)sqlite3_value_text(value);
		cell->text.len = (size_t)sqlite3_value_bytes(value);
		break;
	case SQLITE_BLOB:
		cell->kind = CELL_BYTES;
		cell->text.ptr = sqlite3_value_blob(value);
		cell->text.len = (size_t)sqlite3_value_bytes(value);
		break;
	default:
		break;
	}
}

static bool next(struct store_cursor *cursor, const struct cell **row, struct fault *fault)
{
	struct store *store = cursor->store;
	int result = sqlite3_step(cursor->statement);

	*row = NULL;
	if (result == SQLITE_DONE)
		return true;
	if (result != SQLITE_ROW)
		return sqlite_fault(store->db, result, store->path, "read the journal", fault);
	for (int i = 0; i < cursor->columns; i++)
		take_cell(sqlite3_column_value(cursor->statement, i), &cursor->cells[i]);
	*row = cursor->cells;
	return true;
}

/* --- transactions ------------------------------------------------------------------------------------------------ */

static bool plain(struct store *store, const char *sql, const char *what, struct fault *fault)
{
	int result = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return result == SQLITE_OK || sqlite_fault(store->db, result, store->path, what, fault);
}

static bool read_begin(struct store *store, struct fault *fault)
{
	return plain(store, "BEGIN", "read the journal", fault);
}

static bool begin(struct store *store, struct fault *fault)
{
	return plain(store, "BEGIN IMMEDIATE", "write to the journal", fault);
}

static bool commit(struct store *store, struct fault *fault)
{
	return plain(store, "COMMIT", "commit to the journal", fault);
}

static void rollback(struct store *store)
{
	/* A failed write may have ended the transaction already; then there is nothing left to roll back. */
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

/* --- life -------------------------------------------------------------------------------------------------------- */

static const char cure_foreign[] = "name the journal's file in the setting `journal`; `payrun init` creates a new one";

static void close_store(struct store *store)
{
	if (store == NULL)
		return;
	for (int i = 0; i < STATEMENTS; i++) {
		if (store->prepared[i] != NULL)
			sqlite3_finalize(store->prepared[i]->statement);
		free(store->prepared[i]);
	}
	sqlite3_close(store->db);
	free(store->path);
	free(store);
}

static bool pragma_number(struct store *store, const char *sql, int64_t *number, struct fault *fault)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	if (result == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return result == SQLITE_ROW || sqlite_fault(store->db, result, store->path, "open the journal", fault);
}

/* Sorting and spilled temporary tables go beside the journal: as private as it, and on a disk that has room for it. */
static void place_temporary_files(const char *path)
{
	char *folder = file_folder(path);

	setenv("SQLITE_TMPDIR", folder, 1);
	free(folder);
}

static bool set_up(struct store *store, bool read_only, struct fault *fault)
{
	static const char always[] = "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON; "
				     "PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8192;";
	/* The log may grow while a file is received; it is cut again to what sending needs. */
	static const char writing[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
				      "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;";

	if (!plain(store, always, "open the journal", fault))
		return false;
	if (!read_only && (!plain(store, writing, "open the journal", fault) ||
				  !plain(store, sqlite_temporary, "open the journal", fault)))
		return false;
	return sqlite_source_register(store->db, &store->source) ||
	       fault_set(fault, FAULT_OPERATION, "", NULL, "cannot open the journal %s: out of memory", store->path);
}

static struct store *open_file(const char *path, int flags, struct fault *fault)
{
	struct store *store = memory_new(sizeof(*store));
	int result;

	sqlite3_config(
		SQLITE_CONFIG_MEMSTATUS, 0); /* a lock per allocation saved; refused, harmlessly, when too late */
	place_temporary_files(path);
	store->path = memory_string(path);
	result = sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (result == SQLITE_OK) {
		sqlite3_extended_result_codes(store->db, 1);
		sqlite3_busy_timeout(store->db, BOUND_BUSY_MS);
		return store;
	}
	sqlite_fault(store->db, result, path, "open the journal", fault);
	close_store(store);
	return NULL;
}

static bool file_is_fit(const char *path, bool read_only, struct fault *fault)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return errno == ENOENT ? fault_set(fault, FAULT_USAGE, "JOURNAL_MISSING",
						 "create it with `payrun init`, or correct the setting `journal`",
						 "there is no journal at %s", path)
				       : fault_errno(fault, FAULT_USAGE, "JOURNAL_MISSING",
						 "correct the setting `journal`, or the rights of its folder",
						 "cannot reach the journal %s", path);
	if (!S_ISREG(status.st_mode))
		return fault_set(fault, FAULT_USAGE, "JOURNAL_MISSING", cure_foreign, "%s is %s, not a journal", path,
			S_ISDIR(status.st_mode) ? "a folder" : "no regular file");
	if ((status.st_mode & S_IWOTH) != 0)
		return fault_set(fault, FAULT_USAGE, "", "chmod o-w the file, and check who could have changed it",
			"the journal %s can be written by everybody", path);
	if (access(path, read_only ? R_OK : R_OK | W_OK) != 0)
		return fault_errno(fault, FAULT_USAGE, "",
			"run as the user that owns the journal, or correct its rights", "cannot %s the journal %s",
			read_only ? "read" : "write to", path);
	return true;
}

static bool version_is_fit(struct store *store, bool read_only, struct fault *fault)
{
	int64_t application = 0, version = 0, newest;
	size_t count;
	const struct sqlite_migration *list = sqlite_migrations(&count);

	newest = list[count - 1].version;
	if (!pragma_number(store, "PRAGMA application_id", &application, fault) ||
		!pragma_number(store, "PRAGMA user_version", &version, fault))
		return false;
	if (application != SQLITE_APPLICATION_ID)
		return fault_set(fault, FAULT_USAGE, "JOURNAL_VERSION", cure_foreign,
			"%s is a database, but not a journal of payrun", store->path);
	if (version > newest)
		return fault_set(fault, FAULT_USAGE, "JOURNAL_VERSION", "use the newer payrun that wrote it",
			"the journal %s has version %lld; this payrun knows versions up to %lld", store->path,
			(long long)version, (long long)newest);
	if (version < newest && read_only)
		return fault_set(fault, FAULT_USAGE, "JOURNAL_VERSION",
			"run `payrun resume` once: it brings the journal up to date",
			"the journal %s has version %lld, this payrun reads version %lld", store->path,
			(long long)version, (long long)newest);
	return version == newest || sqlite_migrate(store->db, store->path, list, count, fault);
}

static struct store *open_store(const char *path, bool read_only, struct fault *fault)
{
	struct store *store = NULL;

	if (!file_is_fit(path, read_only, fault))
		return NULL;
	store = open_file(path, read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, fault);
	if (store != NULL && version_is_fit(store, read_only, fault) && set_up(store, read_only, fault))
		return store;
	close_store(store);
	return NULL;
}

static bool create(const char *path, struct fault *fault)
{
	char application[64];
	struct store *store = NULL;
	size_t count;
	const struct sqlite_migration *list = sqlite_migrations(&count);
	int file = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok;

	if (file < 0)
		return fault_errno(fault, FAULT_USAGE, "", "choose another place with the setting `journal`",
			"cannot create the journal %s", path);
	close(file); /* -wal and -shm get the mode of the file they belong to */
	/* Pages of this size take a tenth off receiving and cost sending nothing; only the first statement can say it.
	 */
	snprintf(application, sizeof(application), "PRAGMA page_size = 8192; PRAGMA application_id = %d",
		SQLITE_APPLICATION_ID);
	store = open_file(path, SQLITE_OPEN_READWRITE, fault);
	ok = store != NULL && plain(store, application, "create the journal", fault) && set_up(store, false, fault) &&
	     sqlite_migrate(store->db, path, list, count, fault);
	close_store(store);
	if (!ok)
		unlink(path);
	return ok;
}

/* --- the check --------------------------------------------------------------------------------------------------- */

static bool check_with(struct store *store, const char *sql, int column,
	void (*each)(void *context, const char *message), void *context, struct fault *fault)
{
	sqlite3_stmt *statement = NULL;
	int result = sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL);

	if (result == SQLITE_OK)
		result = sqlite3_step(statement);
	for (; result == SQLITE_ROW; result = sqlite3_step(statement)) {
		const char *text = (const char *)sqlite3_column_text(statement, column);

		if (text != NULL && strcmp(text, "ok") != 0)
			each(context, text);
	}
	sqlite3_finalize(statement);
	return result == SQLITE_DONE || sqlite_fault(store->db, result, store->path, "check the journal", fault);
}

static bool check(
	struct store *store, void (*each)(void *context, const char *message), void *context, struct fault *fault)
{
	return check_with(store, "PRAGMA integrity_check", 0, each, context, fault) &&
	       check_with(store, "PRAGMA foreign_key_check", 0, each, context, fault);
}

static const struct backend sqlite = {
	.name = "sqlite",
	.create = create,
	.open = open_store,
	.close = close_store,
	.read_begin = read_begin,
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.run = run,
	.append = append,
	.query = query,
	.next = next,
	.done = done,
	.check = check,
};

const struct backend *backend_sqlite(void)
{
	return &sqlite;
}
