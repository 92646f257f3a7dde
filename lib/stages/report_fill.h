/*
 * A line of the journal as a line of a report. Floor 3, inside the report alone. No failures. Cells point into the
 * journal's line and into the fill: both stay until the cells are written.
 */
#ifndef STAGES_REPORT_FILL_H
#define STAGES_REPORT_FILL_H

#include <stdbool.h>

#include "base/sha256.h"
#include "journal/journal.h"
#include "values/report_line.h"

/* Zero-initialise it, set unmask, release line at the end. */
struct report_fill {
	bool unmask; /* destinations as they are */
	struct report_line line;
	int64_t batch; /* whose SHA-256 is in sha256 */
	char sha256[2 * SHA256_SIZE + 1];
};

/* Fills fill->line; what the one before had in it is gone. */
void report_fill(struct report_fill *fill, const struct journal_line *line);

#endif
