/*
 * A workbook that was written, taken apart by libzip and libxml2 for tests: its parts and its cells.
 */
#ifndef TESTS_SUPPORT_OPENED_H
#define TESTS_SUPPORT_OPENED_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>
#include <zip.h>

#include "base/buf.h"

struct opened {
	zip_t *zip;
	struct buf bytes; /* of the part asked for last */
	struct buf text;  /* of the cell asked for last */
};

/* A file; every part of it that is XML is well-formed, or the test fails. */
void opened_open(struct opened *opened, const char *path);
void opened_close(struct opened *opened);
/* The bytes of a part; NULL: there is none. Until the next call. */
const char *opened_part(struct opened *opened, const char *name);
/* The part as a document, the caller's; the test fails where there is none. */
xmlDoc *opened_doc(struct opened *opened, const char *name);
/* The element of a cell ("B2") in a sheet's document; NULL: none. */
xmlNode *opened_cell(xmlDoc *sheet, const char *name);
/* Its text, inline or shared, with _xHHHH_ taken for what it means; "" where there is no such cell. Until the next
 * call. It fails on a formula. */
const char *opened_text(struct opened *opened, xmlDoc *sheet, const char *name);
/* Its number as the digits that stand there; "" where the cell has none. */
const char *opened_number(struct opened *opened, xmlDoc *sheet, const char *name);
/* The style of a cell: an attribute of its xf ("fillId") as a number; -1: none. */
int opened_style(struct opened *opened, xmlDoc *sheet, const char *name, const char *attribute);
/* The first element of that name, anywhere below a node; NULL: none. */
xmlNode *opened_find(xmlNode *node, const char *name);
/* An attribute as a number; -1: none. */
int opened_attribute(xmlNode *node, const char *name);

#endif
