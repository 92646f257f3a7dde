/*
 * The header of a table: which column of a payout each of its cells names (CONTRACT, section 3). Floor 2.
 * It owns copies of its names; after header_read() it only is read.
 */
#ifndef FORMATS_HEADER_H
#define FORMATS_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "base/buf.h"
#include "base/text.h"
#include "values/column.h"
#include "values/finding.h"
#include "values/profile.h"
#include "values/row.h"

struct header_cell {
	struct text name;                      /* as the file writes it, trimmed */
	enum column column;                    /* as column_find() says */
	const char *near_name;                 /* of COLUMN_MISSPELT */
	struct text recipient;                 /* of COLUMN_RECIPIENT: X, in lower case */
	const struct profile_require *require; /* what it must hold; NULL: nothing */
	bool used;                             /* by the profile, besides what its column is */
};

struct header {
	struct arena names;
	struct header_cell cells[BOUND_COLUMNS];
	size_t count;
	int64_t line;                  /* where it starts */
	char date[PROFILE_DATE_SIZE];  /* of the row filled last */
	size_t join[PROFILE_JOIN_MAX]; /* cells that make the reference, from 1; 0: not there */
	struct buf joined;             /* reference of the row filled last */
	const struct profile *profile; /* NULL: names mean what they say; the caller's */
};

/* What one name means; it is copied to the arena, trimmed. */
void header_cell_read(struct header_cell *cell, struct arena *names, struct text name);
/* The name of its column for the field of a finding; "" where it leads to none. */
const char *header_cell_field(const struct header_cell *cell);
/* Do two cells lead to one column? */
bool header_cell_same(const struct header_cell *a, const struct header_cell *b);

/* Takes the cells of a header; at most BOUND_COLUMNS. Zero-initialised before but for the profile, header_release()
 * after. A header that the profile maps is of the column that it says there; another one of that name is unknown. */
void header_read(struct header *header, const struct text *cells, size_t count, int64_t line);
/* The same for a file without one, whose rows have count fields: the columns are where the profile places them. */
void header_place(struct header *header, size_t count, int64_t line);
void header_release(struct header *header);

bool header_has(const struct header *header, enum column column);

/* HEADER_DUPLICATE, HEADER_UNKNOWN, HEADER_MEANING, HEADER_MISSING: findings of the file (row 0) on the header's line.
 * missing_cure: what to do when it names no amount, or NULL for the common words. */
void header_check(const struct header *header, struct findings *findings, const char *missing_cure);

/* The cell of a profile among those of the header, from 1; 0: there is none. */
size_t header_find(const struct header *header, const struct profile_cell *cell);
/* FIELD_CONFLICT where a column does not hold what the profile says that it must. */
void header_require(const struct header *header, const struct text *fields, size_t count, struct findings *findings);

/* Puts the fields of a row where their header cells say, trimmed, and the profile's constants; purposes translated.
 * Fields beyond the header are left out. */
void header_fill(struct header *header, const struct text *fields, size_t count, struct row *row);

#endif
