/*
 * The formats of cells that are marked: what a cell has of its own, with another fill. Floor 2. They are added behind
 * those of the workbook, so that every other cell keeps what it has.
 */
#ifndef FORMATS_XLSX_MARKS_H
#define FORMATS_XLSX_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxml/tree.h>

#include "base/buf.h"

enum xlsx_mark { XLSX_MARK_NONE = 0, XLSX_MARK_WARNING, XLSX_MARK_ERROR, XLSX_MARKS };

struct xlsx_marks {
	xmlDoc *doc; /* NULL: the workbook has no formats that could be marked, and cells stay as they are */
	/* private */
	xmlNode *fills, *formats;
	struct {
		xmlNode *node;
	} * list;                     /* formats of the workbook, by number */
	size_t count;                 /* of them; the next is that of text, then those added */
	unsigned *marked[XLSX_MARKS]; /* by number: what it became; 0: nothing yet */
	struct {
		unsigned from;
		enum xlsx_mark mark;
	} * added;
	size_t added_count;
	int64_t fill[XLSX_MARKS]; /* those of payrun that are in the workbook already; -1 */
	int64_t fill_count;
};

/* doc: of the part of styles, taken; NULL: there is none. */
void xlsx_marks_begin(struct xlsx_marks *marks, xmlDoc *doc);
void xlsx_marks_release(struct xlsx_marks *marks);

/* The number of a cell's format with a mark; the same number where it can't be marked. NONE: the format of a cell that
 * payrun marked before, without it. */
unsigned xlsx_marks_style(struct xlsx_marks *marks, unsigned style, enum xlsx_mark mark);
/* That of payrun's own cells: text. -1: none. */
int xlsx_marks_text(const struct xlsx_marks *marks);
/* Adds the part as it is now; where doc is NULL nothing. */
void xlsx_marks_write(struct xlsx_marks *marks, struct buf *out);

#endif
