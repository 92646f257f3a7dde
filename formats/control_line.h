/*
 * The control line of a table: the file's own count and total, in a line that its profile describes and that is no
 * row. Floor 2. Texts of what was read are copies in an arena of the reader.
 */
#ifndef FORMATS_CONTROL_LINE_H
#define FORMATS_CONTROL_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "formats/header.h"
#include "formats/reader.h"
#include "formats/refusal.h"

/* Where a line that may be it stands. */
struct control_line {
	const struct header *header; /* its profile has a control line; no cells yet before the header */
	const struct text *fields;
	size_t count;
	int64_t line;
};

/* Is it the control line? Its marker stands where the profile says. */
bool control_line_is(const struct control_line *control);
/* What it says, as the batch's; totals are written as style says. False: CONTROL_LINE in the refusal. */
bool control_line_read(const struct control_line *control, const struct amount_style *style, struct arena *arena,
	struct reader_batch *batch, struct refusal *refusal);
/* It is missing, or not where it has to be: CONTROL_LINE. */
void control_line_refuse(const struct profile *profile, int64_t line, const char *what, struct refusal *refusal);

#endif
