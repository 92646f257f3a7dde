/*
 * A small part of a workbook as a tree, to be changed and written again. Floor 2. What has a document type, is not
 * well-formed or larger than XLSX_TREE_BYTES is not taken.
 */
#ifndef FORMATS_XLSX_TREE_H
#define FORMATS_XLSX_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include <libxml/tree.h>

#include "base/buf.h"
#include "base/fault.h"
#include "formats/xlsx_zip.h"

#define XLSX_TREE_BYTES (16 << 20)

/* NULL: it can't be taken; fault is set only where the source could not be read. The caller frees it (xmlFreeDoc). */
xmlDoc *xlsx_tree_read(struct xlsx_zip *zip, const char *part, struct fault *fault);
/* Adds the document as UTF-8. */
void xlsx_tree_write(xmlDoc *doc, struct buf *out);

/* The first element of that local name among a node's children, or after a node among its siblings; NULL: none. */
xmlNode *xlsx_tree_child(const xmlNode *node, const char *name);
xmlNode *xlsx_tree_next(const xmlNode *node, const char *name);
size_t xlsx_tree_count(const xmlNode *node, const char *name);
/* An attribute as a whole number; -1: it has none. */
int64_t xlsx_tree_number(const xmlNode *node, const char *name);
void xlsx_tree_set_number(xmlNode *node, const char *name, int64_t number);
/* True when the attribute has this value. */
bool xlsx_tree_is(const xmlNode *node, const char *name, const char *value);
/* A new last child of the node's own namespace, without children. */
xmlNode *xlsx_tree_add(xmlNode *node, const char *name);

#endif
