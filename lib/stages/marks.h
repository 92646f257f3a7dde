/*
 * Marks: what the later steps must know of each row of a file to change its state, one small record a row in a scratch
 * file. Floor 3. Rows are counted from 0 in file order.
 */
#ifndef STAGES_MARKS_H
#define STAGES_MARKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "values/state.h"

struct marks;

#define MARK_NO_SUM UINT16_MAX

struct mark {
	int64_t row; /* as a spreadsheet numbers it */
	int64_t line;
	int64_t minor;  /* its amount */
	uint16_t sum;   /* the sum of the preview that it is part of; MARK_NO_SUM: none */
	uint8_t state;  /* enum payout_state: rejected, duplicate, held or ready */
	bool suspected; /* it has its DUPLICATE_SUSPECTED already */
	uint32_t spare;
};

/* folder: of the scratch file, the caller's string. */
struct marks *marks_new(const char *folder);
void marks_free(struct marks *marks);
MUST_CHECK bool marks_add(struct marks *marks, const struct mark *mark, struct fault *fault);
MUST_CHECK bool marks_get(const struct marks *marks, int64_t index, struct mark *mark, struct fault *fault);
MUST_CHECK bool marks_put(struct marks *marks, int64_t index, const struct mark *mark, struct fault *fault);

#endif
