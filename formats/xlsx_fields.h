/*
 * From the cells of a row to the texts of its fields. Floor 2. What a spreadsheet may have changed on its way - a
 * number where an identifier belongs, a date where none does, a formula without its result - is FIELD_DAMAGED with the
 * name of the cell, and no text.
 */
#ifndef FORMATS_XLSX_FIELDS_H
#define FORMATS_XLSX_FIELDS_H

#include <stdbool.h>

#include "base/arena.h"
#include "formats/header.h"
#include "formats/xlsx_rows.h"
#include "values/finding.h"

struct xlsx_fields {
	const struct header *header;
	char decimal_mark;                /* as the rules read amounts */
	struct text texts[BOUND_COLUMNS]; /* by column of the header; until the next fill */
	column_set refused;               /* columns whose cell was damaged */

	/* private */
	struct arena arena;
	struct buf number;
};

/* Fills texts[0 .. header->count - 1] from the row, which has no cell beyond them. */
void xlsx_fields_fill(struct xlsx_fields *fields, const struct xlsx_rows *rows, struct findings *findings);
/* The row for who knows texts alone, by column: its numbers as texts of the sheet are written, in the arena; what is
 * neither is empty. texts: BOUND_COLUMNS of them. */
void xlsx_fields_texts(
	const struct xlsx_fields *fields, const struct xlsx_rows *rows, struct arena *arena, struct text *texts);
void xlsx_fields_release(struct xlsx_fields *fields);

#endif
