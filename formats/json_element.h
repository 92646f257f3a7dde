/*
 * An element of a JSON or NDJSON file as a raw row: its members by the columns they lead to (CONTRACT, section 3).
 * Floor 2. It owns what the row's slices point to until the next element.
 */
#ifndef FORMATS_JSON_ELEMENT_H
#define FORMATS_JSON_ELEMENT_H

#include <stdint.h>

#include "base/buf.h"
#include "formats/json_names.h"
#include "formats/json_tree.h"
#include "values/finding.h"
#include "values/row.h"

struct json_element {
	char decimal_mark; /* of amounts that are numbers: as the rules read them */
	struct json_names names;

	/* private */
	struct json_tree tree;
	struct buf name;   /* recipient.X */
	struct buf amount; /* that was a number */
};

/* Fills the row; number: of the element, from 1. What is wrong with it is added to findings, which become those of this
 * row. The frame stays until the next one. */
void json_element_read(struct json_element *element, const struct json_frame *frame, int64_t number, struct row *row,
	struct findings *findings);

/* The JSON pointer (RFC 6901), from the element down, of the member that leads to a field of a finding; nothing where
 * there is none. */
void json_element_pointer(struct json_element *element, const char *field, struct buf *out);

void json_element_release(struct json_element *element);

#endif
