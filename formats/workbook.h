/*
 * A new Excel workbook: sheets of text and exact numbers. Floor 2. Rows stream into scratch files (unlinked, 0600);
 * memory does not grow with them. A cell is text or a number, never a formula. Numbers are written as the digits they
 * are, never through a floating point number. The same cells give the same bytes.
 *
 * The first fault is kept and told by workbook_end(); whoever writes need not look before.
 */
#ifndef FORMATS_WORKBOOK_H
#define FORMATS_WORKBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/scratch.h"
#include "base/text.h"

#define WORKBOOK_SHEETS 64    /* a report of 60 million lines */
#define WORKBOOK_NAME_SIZE 32 /* of a sheet, with its NUL: a spreadsheet takes no longer one */
#define WORKBOOK_ROWS 1048576 /* of a sheet */
#define WORKBOOK_DIGITS 15    /* a spreadsheet keeps no more of a number */

enum workbook_style {
	WORKBOOK_TEXT = 0,      /* text, also what is typed there later */
	WORKBOOK_HEAD,          /* of a column */
	WORKBOOK_HEAD_REQUIRED, /* the same, marked */
	WORKBOOK_WRAPPED,       /* text on several lines */
	WORKBOOK_STYLES,
};

struct workbook_column {
	const char *title;
	unsigned width; /* in characters */
	enum workbook_style head, cells;
};

struct workbook_sheet {
	char name[WORKBOOK_NAME_SIZE];
	struct scratch xml;
	struct buf lists; /* of the columns that have one */
	size_t list_count;
	int64_t rows;  /* begun so far */
	size_t column; /* of the next cell */
	struct buf pending;
};

struct workbook {
	const char *folder;
	struct workbook_sheet sheets[WORKBOOK_SHEETS];
	size_t count;
	struct fault fault;
};

/* folder: of the scratch files; the caller's string. */
void workbook_begin(struct workbook *workbook, const char *folder);
/* A sheet whose first row are the titles of the columns, which stays in sight. name: letters and digits. */
struct workbook_sheet *workbook_add(
	struct workbook *workbook, const char *name, const struct workbook_column *columns, size_t count);

/* Cells go from left to right; an empty text leaves the cell out. At most WORKBOOK_ROWS with the titles. */
void workbook_row(struct workbook *workbook, struct workbook_sheet *sheet);
void workbook_cell(
	struct workbook *workbook, struct workbook_sheet *sheet, struct text text, enum workbook_style style);
/* Decimal text ("-12.50"): a number of that many decimals, or text where a spreadsheet would not keep all its digits or
 * where it is none. */
void workbook_number(struct workbook *workbook, struct workbook_sheet *sheet, struct text text);
/* Whoever fills the column is offered the cells first to last (rows from 1) of a column (from 0) of another sheet, and
 * is warned of others. */
void workbook_offer(
	struct workbook_sheet *sheet, size_t column, const char *from, size_t from_column, size_t first, size_t last);

/* Either ends it. */
MUST_CHECK bool workbook_end(struct workbook *workbook, struct file_out *out, struct fault *fault);
void workbook_abandon(struct workbook *workbook);

#endif
