/*
 * The encodings that a table may be written in, as --encoding names them. Floor 2.
 * Each of them gives back the very bytes it was read from: that is what the error file is made of, and why those with
 * several spellings of one character (Shift-JIS, GB 18030) are not among them.
 */
#ifndef FORMATS_ENCODING_H
#define FORMATS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/text.h"

struct encoding {
	const char *name;  /* "windows-1252" */
	const char *iconv; /* as iconv knows it */
	size_t unit;       /* bytes of its smallest piece: 1, or 2 for UTF-16 */
};

extern const struct encoding encoding_utf16le, encoding_utf16be;

/* NULL, UTF-8 and ASCII: *encoding is NULL. "utf-16" is either of the two, as the file's mark says: *by_mark. An
 * unknown name: FAULT_USAGE (exit 2). */
MUST_CHECK bool encoding_find(const char *name, const struct encoding **encoding, bool *by_mark, struct fault *fault);
/* For JSON, which knows no other one than UTF-8: FAULT_USAGE where name is not that. */
MUST_CHECK bool encoding_check(const char *name, struct fault *fault);
/* The encoding whose byte order mark a file begins with: UTF-16 of either order; NULL for anything else. */
const struct encoding *encoding_marked(struct text head);
/* All that can be named, but UTF-8: for tests and lists. */
const struct encoding *encoding_list(size_t *count);

#endif
