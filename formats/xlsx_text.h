/*
 * The text of a cell from the XML that holds it: runs of rich text joined, what tells how it is spoken left out, and
 * _xHHHH_ turned into the character that it stands for (ISO 29500-1, 22.9.2.19). Floor 2. Pure.
 */
#ifndef FORMATS_XLSX_TEXT_H
#define FORMATS_XLSX_TEXT_H

#include <stdbool.h>

#include "base/buf.h"
#include "formats/xlsx_xml.h"

/* Where in a string item (si, is) the reading is. */
struct xlsx_text {
	int depth;    /* of the item itself */
	bool spoken;  /* within rPh */
	bool in_text; /* within a t that counts */
	bool cut; /* the text was longer than BOUND_FIELD_BYTES: the rest is left out, but for a byte that shows it */
	struct buf text;
};

/* At the START of the item. */
void xlsx_text_begin(struct xlsx_text *text, int depth);
/* Each node within it. */
void xlsx_text_take(struct xlsx_text *text, const struct xlsx_xml *xml, enum xlsx_node node);
/* At its END: the escapes undone; until the next begin. */
struct text xlsx_text_end(struct xlsx_text *text);
void xlsx_text_release(struct xlsx_text *text);

/* Undoes _xHHHH_ in place; what stands for no character by itself (half of a pair, NUL) stays as it is. */
void xlsx_text_unescape(struct buf *text);

#endif
