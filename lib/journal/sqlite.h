/*
 * The pieces of the SQLite backend. Floor 2, inside the backend only.
 */
#ifndef JOURNAL_SQLITE_H
#define JOURNAL_SQLITE_H

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

#include "base/fault.h"
#include "journal/backend.h"

#define SQLITE_APPLICATION_ID 1346459986 /* "PAYR": a journal of payrun, in the header of the file */

/* The text of a statement: all SQL that runs after the schema stands in one array there. */
const char *sqlite_sql(enum statement statement);

/* One step of the schema: from version - 1 to version. */
struct sqlite_migration {
	int version;
	const char *const *steps; /* SQL, ended by NULL */
};
const struct sqlite_migration *sqlite_migrations(size_t *count);

/* Brings a database from its version up to the last of the list, whole or not at all. */
MUST_CHECK bool sqlite_migrate(
	sqlite3 *db, const char *path, const struct sqlite_migration *list, size_t count, struct fault *fault);

/* Temporary tables of receiving, one set a connection. */
extern const char sqlite_temporary[];

/* Sets the fault that a result code means; errno is asked where the code leaves the cause open. Returns false. */
bool sqlite_fault(sqlite3 *db, int result, const char *path, const char *what, struct fault *fault);

/* The table `source` that append() reads from: rows of a struct store_source. */
struct sqlite_source {
	struct store_source *source; /* of the append that runs, else NULL */
	struct fault *fault;
};
MUST_CHECK bool sqlite_source_register(sqlite3 *db, struct sqlite_source *source);

#endif
