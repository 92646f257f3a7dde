/*
 * A raw row: untrusted text as a reader found it, by column. Floor 1. Slices belong to the reader and live until its
 * next call.
 */
#ifndef VALUES_ROW_H
#define VALUES_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "values/column.h"
#include "values/origin.h"

#define ROW_RECIPIENT_MAX 64

struct row_recipient {
	struct text name; /* X of recipient.X */
	struct text value;
};

struct row {
	int64_t number; /* as a spreadsheet numbers it: header 1, blank rows counted; JSON: the element from 1 */
	int64_t line;   /* physical line on which it starts, from 1 */
	struct text cells[COLUMN_CELLS]; /* empty where the file has no such column or the cell is empty */
	struct row_recipient recipient[ROW_RECIPIENT_MAX];
	size_t recipient_count;
	struct text own_reference; /* payrun_reference of an error file handed back, or empty */
	struct origin origin;      /* of a message; payment 0: of none */
	column_set refused;        /* columns whose values the reader found unreadable, and said so */
	bool broken;               /* the reader could not make out its fields, and said so: no rule is run on it */
};

#endif
