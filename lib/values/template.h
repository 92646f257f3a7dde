/*
 * A template: the columns of a channel's file, required ones first, and example rows to be replaced. Floor 1, pure.
 * One example for each way to say where money goes. Left in, every one of them is EXAMPLE_ROW, and nothing else.
 */
#ifndef VALUES_TEMPLATE_H
#define VALUES_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "values/row.h"
#include "values/terms.h"

#define TEMPLATE_ROWS_MAX 16

struct template
{
	enum column columns[COLUMN_COUNT];
	size_t column_count;
	size_t required_count;                    /* of the first columns: no row can do without them */
	struct text recipient[ROW_RECIPIENT_MAX]; /* X of recipient.X, after the columns */
	size_t recipient_count;
	struct row rows[TEMPLATE_ROWS_MAX]; /* raw, as a reader would find them */
	size_t row_count;
};

/* Texts are constant, of the terms, or in the arena. */
void template_make(const struct terms *terms, struct arena *arena, struct template *template);

/* The value of recipient.X in an example; empty where it has none. */
struct text template_recipient(const struct row *row, struct text name);

#endif
