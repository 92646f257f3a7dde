/*
 * The dialect of a CSV file: what stands between its fields, and what it is written in. Floor 2. Pure.
 * Nothing is guessed: a header that can be cut in two ways is refused until --delimiter says which (CONTRACT, section
 * 3).
 */
#ifndef FORMATS_DIALECT_H
#define FORMATS_DIALECT_H

#include <stdbool.h>

#include "base/text.h"
#include "formats/encoding.h"

struct dialect {
	char delimiter;                  /* , ; TAB | */
	const struct encoding *encoding; /* NULL: UTF-8 */
	struct text preface; /* what stands before the header, in UTF-8: the line sep= with its end, or "" */
};

/* What a spreadsheet is told of the delimiter by a first line "sep=;", quoted or not, which is no row. */
enum dialect_line {
	DIALECT_NO_LINE = 0, /* it is another line */
	DIALECT_LINE,        /* *delimiter is what it names */
	DIALECT_BAD_LINE,    /* it names none of the four */
};
enum dialect_line dialect_line_read(struct text line, char *delimiter);

/* The delimiter of a header, which may span lines: of those that stand outside quotes, the one that cuts it into cells
 * of which knows() knows any. Comma where it is one cell, or where no cell is known whatever is tried: such a header is
 * refused for that. 0: two of them are as good. */
char dialect_delimiter(struct text header, bool (*knows)(const void *context, struct text cell), const void *context);

/* "comma", as --delimiter calls it. */
const char *dialect_delimiter_name(char delimiter);

#endif
