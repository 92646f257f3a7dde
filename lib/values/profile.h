/*
 * A profile: how another tool's file reads, as [profile NAME] of the configuration says (CONTRACT, section 8). Floor 1.
 * Pure. The configuration owns all of it; it does not change.
 */
#ifndef VALUES_PROFILE_H
#define VALUES_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

struct profile {
	const char *name;
	char delimiter;              /* 0: not said */
	struct amount_style amounts; /* its decimal_mark 0: not said */
	const char *encoding;        /* NULL: not said */
	const char *date_format;     /* DD, MM, YYYY and what stands between them; NULL: ISO 8601 */
	const char *sheet;           /* of a workbook; NULL: the first that shows */
	column_set numbers;          /* identifiers whose cells may be numbers; COLUMN_RECIPIENT: all of recipient.X */
	int64_t preamble;            /* lines before the header that are no rows */
	bool headerless;             /* there is no header: columns are mapped by their place */
	struct profile_column *columns, *constants;
	size_t column_count, constant_count;
	struct profile_purpose *purposes;
	size_t purpose_count;
};

/* All of these take NULL, which says nothing. The column that a header of the file is mapped to; NULL: none. */
const struct profile_column *profile_column(const struct profile *profile, struct text header);
/* Is the column mapped from a header (or constant)? recipient as above. */
const struct profile_column *profile_maps(const struct profile *profile, enum column column, struct text recipient);
const struct profile_column *profile_constant(const struct profile *profile, enum column column, struct text recipient);
/* The column at a place, from 1, of a file without a header; NULL: none. */
const struct profile_column *profile_place(const struct profile *profile, size_t position);

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
