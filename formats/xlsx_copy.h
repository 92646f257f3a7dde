/*
 * The nodes of a part of a workbook as XML again: what is read is written, but for what the caller changes. Floor 2.
 * Comments and instructions are left out; prefixes, their declarations and the order of attributes stay.
 */
#ifndef FORMATS_XLSX_COPY_H
#define FORMATS_XLSX_COPY_H

#include <stdbool.h>

#include "base/buf.h"
#include "formats/xlsx_xml.h"

struct xlsx_copy {
	struct buf *out; /* the caller's */
	bool open;       /* a start tag that has no ">" yet */
};

/* The start tag of an element without its end, so that attributes can be added. without: an attribute to leave out;
 * NULL: none. */
void xlsx_copy_start(struct xlsx_copy *copy, const struct xlsx_xml *xml, const char *without);
/* One more attribute of it. */
void xlsx_copy_attribute(struct xlsx_copy *copy, const char *name, const char *value);
void xlsx_copy_end(struct xlsx_copy *copy, const struct xlsx_xml *xml);
void xlsx_copy_text(struct xlsx_copy *copy, struct text text);
/* Whichever it is. */
void xlsx_copy_node(struct xlsx_copy *copy, const struct xlsx_xml *xml, enum xlsx_node node);
/* Ends a start tag that is open: before the caller adds something of his own. */
void xlsx_copy_close(struct xlsx_copy *copy);
/* The prefix of the element with its colon, or nothing: for elements of the same namespace. */
void xlsx_copy_prefix(struct buf *out, const struct xlsx_xml *xml);

/* Adds text as XML has it between tags or double quotes; nothing else is changed. */
void xlsx_copy_escape(struct buf *out, struct text text);

#endif
