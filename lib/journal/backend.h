/*
 * What a database must do for the journal: store, find, and keep a transaction. Floor 2, inside lib/journal only.
 *
 * The front end owns every rule; a backend owns its SQL (statement.h names what each statement takes and gives) and the
 * constraints of PROTOCOL section 1. One struct of functions per backend; tests/test_journal_backend.c runs over them.
 *
 * Arguments are cells in the order statement.h lists them. Text given to run() and append() is not copied: it stays
 * valid during the call. Cells that come out live until the next next() or done() of their cursor.
 *
 * Faults: DISK_FULL, JOURNAL_CORRUPT, JOURNAL_LOCKED (no writer's turn within BOUND_BUSY_MS): FAULT_OPERATION or as
 * the contract, section 2, has it; what could not be opened is FAULT_USAGE.
 */
#ifndef JOURNAL_BACKEND_H
#define JOURNAL_BACKEND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"
#include "journal/statement.h"

enum cell_kind { CELL_NULL = 0, CELL_NUMBER, CELL_TEXT, CELL_BYTES };

struct cell {
	enum cell_kind kind;
	int64_t number;   /* CELL_NUMBER */
	struct text text; /* CELL_TEXT (UTF-8), CELL_BYTES; empty otherwise */
};

static inline struct cell cell_number(int64_t number)
{
	return (struct cell){.kind = CELL_NUMBER, .number = number};
}

static inline struct cell cell_text(struct text text)
{
	return (struct cell){.kind = CELL_TEXT, .text = text};
}

static inline struct cell cell_bytes(const void *bytes, size_t len)
{
	return (struct cell){.kind = CELL_BYTES, .text = {bytes, len}};
}

#define CELLS(...)                                                                                                     \
	((const struct cell[]){__VA_ARGS__}), (sizeof((const struct cell[]){__VA_ARGS__}) / sizeof(struct cell))
#define NO_CELLS NULL, 0

struct store;        /* an open database */
struct store_cursor; /* a running query */

/* Rows that append() takes one after another: next() fills the cells, which stay valid until the next next(). */
struct store_source {
	bool (*next)(struct store_source *source, bool *row, struct fault *fault);
	const struct cell *cells; /* as many as the statement has arguments */
};

struct backend {
	const char *name; /* "sqlite", as in the journal's URL */

	/* Makes a database that is not there yet (0600, and what lies beside it), with its schema. */
	bool (*create)(const char *path, struct fault *fault);
	/* Brings an older schema up to date, unless read_only. NULL on failure. */
	struct store *(*open)(const char *path, bool read_only, struct fault *fault);
	void (*close)(struct store *store);

	/* All queries until rollback() see what the first of them sees. */
	bool (*read_begin)(struct store *store, struct fault *fault);
	/* A writer's transaction: begin() waits for its turn, commit() is durable. A failed commit leaves it open. */
	bool (*begin)(struct store *store, struct fault *fault);
	bool (*commit)(struct store *store, struct fault *fault);
	void (*rollback)(struct store *store);

	/* Runs a statement that gives no rows; *changed (may be NULL): rows it touched. */
	bool (*run)(struct store *store, enum statement statement, const struct cell *args, size_t count,
		int64_t *changed, struct fault *fault);
	/* The same for many rows at once: args are the source's columns. */
	bool (*append)(struct store *store, enum statement statement, struct store_source *source, int64_t *changed,
		struct fault *fault);

	/* Any number of queries may run at a time, the same one too. NULL on failure. */
	struct store_cursor *(*query)(struct store *store, enum statement statement, const struct cell *args,
		size_t count, struct fault *fault);
	/* The next row's cells, as many as the statement gives; NULL in *row after the last. */
	bool (*next)(struct store_cursor *cursor, const struct cell **row, struct fault *fault);
	void (*done)(struct store_cursor *cursor); /* NULL is fine */

	/* The database's own check of itself: each damage is told. */
	bool (*check)(struct store *store, void (*each)(void *context, const char *message), void *context,
		struct fault *fault);
};

/* The embedded default. */
const struct backend *backend_sqlite(void);

#endif
