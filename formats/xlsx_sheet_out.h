/*
 * A sheet of a workbook written again with some of its cells changed. Floor 2. It is read and written at the same time,
 * into a scratch file; memory is that of one row. Everything else of the sheet stays, but for the hints of how large
 * the table is.
 */
#ifndef FORMATS_XLSX_SHEET_OUT_H
#define FORMATS_XLSX_SHEET_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/fault.h"
#include "base/scratch.h"
#include "base/text.h"
#include "formats/xlsx_book.h"
#include "formats/xlsx_copy.h"
#include "formats/xlsx_marks.h"
#include "formats/xlsx_zip.h"

#define XLSX_OWN_COLUMNS 6

/* What a look at the sheet finds, before it is written. */
struct xlsx_sheet_look {
	size_t columns;    /* up to the last one with a cell that holds something */
	char drawing[256]; /* r:id of its old drawings; "": it has none */
};

/* Cells change in the order of their columns. */
struct xlsx_change {
	size_t column;
	enum xlsx_mark mark; /* the cell stays and is marked; one that is missing is added, empty */
	struct text text;    /* NONE: a cell of payrun's own with this text; empty: no cell */
};

struct xlsx_sheet_out {
	struct scratch out;
	/* private */
	struct xlsx_zip *zip;
	const struct xlsx_book *book;
	struct xlsx_marks *marks;
	size_t own[XLSX_OWN_COLUMNS];
	bool own_there;
	const struct xlsx_change *names; /* of payrun's columns, for the header */
	struct xlsx_xml xml;
	struct xlsx_copy copy;
	struct buf pending, prefix; /* of the sheet's own elements, with its colon */
	enum { XLSX_OUT_BEFORE = 0, XLSX_OUT_INSIDE, XLSX_OUT_AFTER } place; /* of the table of cells */
	int64_t row;
	size_t column; /* next one of the row */
	int row_style; /* of cells that are missing in the row; -1: of their columns */
	int column_styles[BOUND_COLUMNS];
	size_t widths_to; /* columns that have a width of the sheet's */
	bool has_widths;
	bool in_widths, wants_drawing;
	int skip; /* depth of an element that is left out; -1: none */
};

/* False: the archive's refusal, or the fault. own: payrun's columns in the sheet, SIZE_MAX for one that
 * it has not. */
MUST_CHECK bool xlsx_sheet_look(struct xlsx_sheet_look *look, struct xlsx_zip *zip, const struct xlsx_book *book,
	const size_t *own, struct fault *fault);

/* own: where payrun's columns go, in ascending order; there: the sheet has them already, and their cells give way.
 * names: six changes, what the header gets. All is kept. folder: of the scratch file. Released either way. */
MUST_CHECK bool xlsx_sheet_out_begin(struct xlsx_sheet_out *sheet, struct xlsx_zip *zip, const struct xlsx_book *book,
	struct xlsx_marks *marks, const size_t own[XLSX_OWN_COLUMNS], bool there, const struct xlsx_change *names,
	const char *folder, struct fault *fault);
void xlsx_sheet_out_release(struct xlsx_sheet_out *sheet);

/* Writes what stands before a row and the row, which must be there, with its changes. */
MUST_CHECK bool xlsx_sheet_out_row(struct xlsx_sheet_out *sheet, int64_t row, const struct xlsx_change *changes,
	size_t count, struct fault *fault);
/* Writes the rest. drawing: the sheet gets old drawings, with XLSX_DRAWING_ID. */
MUST_CHECK bool xlsx_sheet_out_end(struct xlsx_sheet_out *sheet, bool drawing, struct fault *fault);

#define XLSX_DRAWING_ID "rIdPayrunShapes"

#endif
