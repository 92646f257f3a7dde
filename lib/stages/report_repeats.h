/*
 * What the duplicates of a batch repeat, as it stands now. Floor 3, inside the report alone.
 */
#ifndef STAGES_REPORT_REPEATS_H
#define STAGES_REPORT_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "journal/journal.h"
#include "values/report_line.h"

/* Zero-initialise it, set journal, release it at the end. */
struct report_repeats {
	struct journal *journal;
	int64_t counts[PAYOUT_STATES]; /* of duplicates, by the state of what they repeat; unknown originals as
					  duplicate */
	struct report_repeat repeat;   /* of the line */
	struct arena arena;
	struct fault fault;
};

/* Counts them; a batch whose totals have no duplicates is not looked through. */
MUST_CHECK bool report_repeats_count(
	struct report_repeats *repeats, int64_t batch, const struct report_totals *totals, struct fault *fault);
/* Fills repeats of a duplicate's line, until the next call. False: see report_repeats_told(). */
MUST_CHECK bool report_repeats_fill(
	struct report_repeats *repeats, const struct journal_line *line, struct report_line *to);
/* False with the fault that ended it early. */
MUST_CHECK bool report_repeats_told(struct report_repeats *repeats, struct fault *fault);
void report_repeats_release(struct report_repeats *repeats);

#endif
