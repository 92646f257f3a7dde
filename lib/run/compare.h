/*
 * A CSV report against the journal: every row of it must say what the journal says, or what it said when the report was
 * written. Floor 4. Both are read once, in file order; memory is that of a row.
 */
#ifndef RUN_COMPARE_H
#define RUN_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "stages/stage.h"

struct compare {
	const char *path;
	void (*each)(void *context, const char *code, const char *message); /* every difference: REPORT_DIFFERS */
	void *context;
};

struct compare_result {
	int64_t agree;
	int64_t moved; /* as it stood then; the payout has moved since, and its events show the state it had */
	int64_t differ;
	int64_t absent; /* payouts of its batches that are not in it: a filtered report */
};

/* No such file, no CSV report, an unknown batch: FAULT_USAGE. */
MUST_CHECK bool compare_report_file(
	struct stage *stage, const struct compare *compare, struct compare_result *result, struct fault *fault);

#endif
