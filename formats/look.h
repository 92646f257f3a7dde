/*
 * What the first bytes of a file look like, where they can't be a table of text. Floor 2. Pure.
 */
#ifndef FORMATS_LOOK_H
#define FORMATS_LOOK_H

#include "base/text.h"

#define LOOK_BYTES 64 /* of the head that it wants to see */

struct look {
	const char *what; /* "an Excel workbook or another ZIP archive" */
	const char *cure;
};

/* A binary format or UTF-16 and UTF-32 text; NULL for anything else. */
const struct look *look_binary(struct text head);
/* The same text in another encoding than JSON may have; NULL where it isn't JSON for sure. */
const struct look *look_encoded_json(struct text head);
/* JSON or XML: text, but of another kind than a table; NULL for anything else. */
const struct look *look_text(struct text head);

#endif
