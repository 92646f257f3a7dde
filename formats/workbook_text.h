/*
 * Text as the cells of a workbook hold it (ISO 29500, ST_Xstring): what XML can't carry is written _xHHHH_, and what
 * looks like that in the text itself is written so that it is not taken for it. Floor 2. Pure.
 */
#ifndef FORMATS_WORKBOOK_TEXT_H
#define FORMATS_WORKBOOK_TEXT_H

#include "base/buf.h"
#include "base/text.h"

#define WORKBOOK_TEXT_UNITS 32767 /* UTF-16 units of a cell: a spreadsheet refuses a file with a longer one */

/* Adds the text; "<" and "&" stay as they are. A byte that is not UTF-8, U+FFFE and U+FFFF become U+FFFD; a text that
 * is too long for a cell is cut and ends with "...". */
void workbook_text(struct buf *out, struct text text);
/* Adds it as XML has it between two tags, or between double quotes. */
void workbook_text_xml(struct buf *out, struct text text);

#endif
