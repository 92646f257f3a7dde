#include "journal/sqlite.h"

#include <stdlib.h>

#include "base/arena.h"

/*
 * A table-valued source: `INSERT ... SELECT c0, c1 FROM source` runs one statement over many rows, which takes half the
 * time of binding and stepping once a row.
 */

struct table {
	sqlite3_vtab base;
	struct sqlite_source *owner;
};

struct cursor {
	sqlite3_vtab_cursor base;
	struct store_source *source;
	struct fault *fault;
	bool row;
	sqlite3_int64 number;
};

static const char declaration[] = "CREATE TABLE source (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, "
				  "c14, c15, c16, c17, c18, c19)";

static int connect_table(
	sqlite3 *db, void *context, int count, const char *const *args, sqlite3_vtab **made, char **why)
{
	struct table *table;
	int result = sqlite3_declare_vtab(db, declaration);

	(void)count;
	(void)args;
	(void)why;
	if (result != SQLITE_OK)
		return result;
	table = memory_new(sizeof(*table));
	table->owner = context;
	*made = &table->base;
	return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *table)
{
	free((struct table *)table);
	return SQLITE_OK;
}

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = 1; /* it can only be read from its start to its end: let it drive every join */
	info->estimatedRows = 1000000;
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **made)
{
	const struct sqlite_source *owner = ((struct table *)table)->owner;
	struct cursor *cursor = memory_new(sizeof(*cursor));

	cursor->source = owner->source;
	cursor->fault = owner->fault;
	*made = &cursor->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
	free((struct cursor *)cursor);
	return SQLITE_OK;
}

static int next_row(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = (struct cursor *)base;

	cursor->row = false;
	cursor->number++;
	if (cursor->source == NULL)
		return SQLITE_MISUSE;
	return cursor->source->next(cursor->source, &cursor->row, cursor->fault) ? SQLITE_OK : SQLITE_ERROR;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text, int count, sqlite3_value **values)
{
	(void)number;
	(void)text;
	(void)count;
	(void)values;
	return next_row(base);
}

static int at_end(sqlite3_vtab_cursor *cursor)
{
	return !((struct cursor *)cursor)->row;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number)
{
	const struct cell *cell = &((struct cursor *)base)->source->cells[number];

	switch (cell->kind) {
	case CELL_NULL:
		break;
	case CELL_NUMBER:
		sqlite3_result_int64(context, cell->number);
		break;
	case CELL_TEXT:
		sqlite3_result_text(
			context, cell->text.len > 0 ? cell->text.ptr : "", (int)cell->text.len, SQLITE_STATIC);
		break;
	case CELL_BYTES:
		sqlite3_result_blob(
			context, cell->text.len > 0 ? cell->text.ptr : "", (int)cell->text.len, SQLITE_STATIC);
		break;
	}
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *cursor, sqlite3_int64 *number)
{
	*number = ((struct cursor *)cursor)->number;
	return SQLITE_OK;
}

static const sqlite3_module module = {
	.xConnect = connect_table,
	.xDisconnect = disconnect_table,
	.xBestIndex = best_index,
	.xOpen = open_cursor,
	.xClose = close_cursor,
	.xFilter = filter,
	.xNext = next_row,
	.xEof = at_end,
	.xColumn = column,
	.xRowid = row_number,
};

bool sqlite_source_register(sqlite3 *db, struct sqlite_source *source)
{
	return sqlite3_create_module(db, "source", &module, source) == SQLITE_OK;
}
