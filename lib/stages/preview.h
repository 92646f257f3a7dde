/*
 * Preview: the sums of the good rows per currency and channel, and the largest of them. Floor 3.
 */
#ifndef STAGES_PREVIEW_H
#define STAGES_PREVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "stages/marks.h"
#include "stages/receive.h"
#include "values/payout.h"

/* More than are shown: some of them may turn out to be duplicates or repeats at the end. */
#define PREVIEW_LARGE_MAX 32

struct preview {
	struct receive_sum sums[RECEIVE_SUMS_MAX];
	int sum_count;
	int last;
	bool full;                                     /* more sums than there is room for */
	struct receive_large large[PREVIEW_LARGE_MAX]; /* falling */
	int64_t large_index[PREVIEW_LARGE_MAX];
	int large_count;
};

/* Counts a good row; index: of the row in the file. Gives the sum that it is part of; MARK_NO_SUM when there are too
 * many sums. */
uint16_t preview_add(struct preview *preview, const struct payout *payout, int64_t index);
/* A row that was counted, with its state so far, will wait. */
void preview_hold(struct preview *preview, const struct mark *mark);
/* A row that was counted is not good after all. */
void preview_drop(struct preview *preview, const struct mark *mark);
/* Fills sums and largest of the result with what is left. */
MUST_CHECK bool preview_tell(
	const struct preview *preview, const struct marks *marks, struct receive_result *result, struct fault *fault);

#endif
