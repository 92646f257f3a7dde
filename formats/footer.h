/*
 * The footer of a table: lines at its end that its profile says are no rows. Floor 2, pure. A file that has fewer of
 * them than its profile says would lose its last payouts without a word: a line that is filled like a row is told.
 */
#ifndef FORMATS_FOOTER_H
#define FORMATS_FOOTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bounds.h"
#include "base/text.h"

/* Which cells of a row hold something. */
struct footer_shape {
	bool filled[BOUND_COLUMNS];
	size_t count; /* of its cells; 0: there was no row */
};

void footer_shape_take(struct footer_shape *shape, const struct text *fields, size_t count);
/* Has one of the lines as many cells as the row, and all those filled that the row has? */
bool footer_has_row(const struct footer_shape *shape, struct text lines, char delimiter);

#endif
