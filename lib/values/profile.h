/*
 * A profile: how another tool's file reads, as [profile NAME] of the configuration says (CONTRACT, section 8). Floor 1.
 * Pure. The configuration owns all of it; it does not change.
 */
#ifndef VALUES_PROFILE_H
#define VALUES_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"
#include "values/amount.h"
#include "values/column.h"

/* A column of a payout: recipient is X of recipient.X, in lower case, "" for all others. */
struct profile_column {
	enum column column;
	struct text recipient;
	struct text value; /* mapped: the header it has in the file; constant: what every row has */
	size_t position;   /* mapped, in a file without a header: its place, from 1 */
};

struct profile_purpose {
	struct text own, code; /* the file's, the provider's */
};

/* A cell of a line: its place, from 1, or by the header of its column. */
struct profile_cell {
	size_t position;    /* 0: by the header */
	struct text header; /* "": it is not said */
};

/* The line with the file's own count and total. */
struct profile_control {
	bool said, last;    /* there is one: the first line behind the preamble, or the last before the footer */
	struct text marker; /* what stands in its cell: how the line is known */
	struct profile_cell marker_cell, count, total, currency;
};

/* What a column must hold in every row. */
struct profile_require {
	struct profile_cell cell;
	struct text value;
};

#define PROFILE_JOIN_MAX 4 /* columns that make a reference */

struct profile {
	const char *name;
	char delimiter;              /* 0: not said */
	struct amount_style amounts; /* its decimal_mark 0: not said */
	const char *encoding;        /* NULL: not said */
	const char *date_format;     /* DD, MM, YYYY and what stands between them; NULL: ISO 8601 */
	const char *sheet;           /* of a workbook; NULL: the first that shows */
	column_set numbers;          /* identifiers whose cells may be numbers; COLUMN_RECIPIENT: all of recipient.X */
	int64_t preamble;            /* lines before the header that are no rows */
	int64_t footer;              /* lines at the end, blank ones not counted, that are no rows */
	bool headerless;             /* there is no header: columns are mapped by their place */
	struct profile_column *columns, *constants;
	size_t column_count, constant_count;
	struct profile_purpose *purposes;
	size_t purpose_count;
	struct profile_control control;
	struct profile_require *requires;
	size_t require_count;
	struct profile_cell join[PROFILE_JOIN_MAX]; /* columns that make the reference; join_count 0: none do */
	size_t join_count;
	uint8_t digest[8]; /* of all that the section says: another profile of that name has another */
};

/* All of these take NULL, which says nothing. The column that a header of the file is mapped to; NULL: none. */
const struct profile_column *profile_column(const struct profile *profile, struct text header);
/* Is the column mapped from a header (or constant)? recipient as above. */
const struct profile_column *profile_maps(const struct profile *profile, enum column column, struct text recipient);
const struct profile_column *profile_constant(const struct profile *profile, enum column column, struct text recipient);
/* The column at a place, from 1, of a file without a header; NULL: none. */
const struct profile_column *profile_place(const struct profile *profile, size_t position);

/* Is it the cell? position: from 1; header: "" where the file has none. */
bool profile_cell_is(const struct profile_cell *cell, size_t position, struct text header);
/* The reference of its parts in order: a colon between them, ~ before a colon or ~ that is in one of them, so that no
 * two rows with other parts have one reference. Empty where a part is empty. */
void profile_join(struct buf *reference, const struct text *parts, size_t count);

#define PROFILE_DATE_SIZE 11
/* A date of the file as YYYY-MM-DD in out; a text that isn't written as the profile says stays as it is. */
struct text profile_date(const struct profile *profile, struct text date, char out[PROFILE_DATE_SIZE]);
/* How amounts are written: as the profile says, but for what the command says of their decimal mark (0: nothing). */
struct amount_style profile_amounts(const struct profile *profile, char decimal_mark);

/* Does it say how a table is written, and not only what is constant and what purposes mean? */
bool profile_tabular(const struct profile *profile);

/* The formats that a profile may name, ended by NULL. */
extern const char *const profile_date_formats[];

/* The provider's code for one of the file; one that isn't translated stays as it is. */
struct text profile_purpose(const struct profile *profile, struct text own);

#endif
