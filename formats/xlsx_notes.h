/*
 * The notes of a sheet: those that it has, and payrun's beside them. Floor 2. A sheet keeps a note twice: its words in
 * the part of comments, its box in the part of old drawings (VML). Notes of payrun in a file that was handed back give
 * way to the new ones.
 */
#ifndef FORMATS_XLSX_NOTES_H
#define FORMATS_XLSX_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libxml/tree.h>

#include "base/buf.h"
#include "base/fault.h"
#include "formats/xlsx_links.h"
#include "formats/xlsx_zip.h"

#define XLSX_NOTES_MAX 10000 /* of payrun: with more a spreadsheet becomes too slow to use */

struct xlsx_notes_old { /* a note that the sheet has */
	int64_t row;
	size_t column;
	xmlNode *text; /* NULL: nothing can be added to it */
};

struct xlsx_notes {
	bool possible;             /* false: the sheet's parts can't be taken, and there are no new notes */
	const char *comments_part; /* "": the sheet has none yet */
	const char *shapes_part;
	size_t count;  /* of new ones */
	bool left_out; /* there were more than XLSX_NOTES_MAX */
	/* private */
	xmlDoc *comments, *shapes;
	xmlNode *list;
	int64_t author;
	int64_t next_shape;
	struct xlsx_notes_old *old; /* by row and column */
	size_t old_count;
	struct buf added; /* boxes */
	struct buf text;
};

/* links: of the sheet; drawing: the part of its old drawings, "" where it has none. Names are kept. False: the source
 * could not be read. Released either way. */
MUST_CHECK bool xlsx_notes_begin(struct xlsx_notes *notes, struct xlsx_zip *zip, const struct xlsx_links *links,
	const char *drawing, bool strict, struct fault *fault);
void xlsx_notes_release(struct xlsx_notes *notes);

/* A note of a cell, or more words in the one that it has. Row from 1, column from 0. */
void xlsx_notes_add(struct xlsx_notes *notes, int64_t row, size_t column, struct text text);

/* Add the parts as they are now. */
void xlsx_notes_write_comments(const struct xlsx_notes *notes, struct buf *out);
void xlsx_notes_write_shapes(const struct xlsx_notes *notes, struct buf *out);

#endif
