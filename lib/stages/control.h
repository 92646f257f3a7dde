/*
 * Control totals: --expect-count, --expect-total and those of the file itself, against all rows of the file, rejected
 * ones included (CONTRACT, section 1). Floor 3. Exact: int64 units of the currency, compared as decimal text.
 */
#ifndef STAGES_CONTROL_H
#define STAGES_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "formats/reader.h"
#include "stages/receive.h"
#include "values/finding.h"

#define CONTROL_SUMS_MAX 512 /* every ISO currency and asset, with room */

struct control_sum {
	char currency[CURRENCY_SIZE];
	unsigned decimals; /* channels may count one code differently: a sum for each */
	int64_t count;
	int64_t minor;
	bool overflow;
};

struct control {
	struct control_sum sums[CONTROL_SUMS_MAX];
	int count;
	int last;           /* found last */
	int64_t rows;       /* all rows */
	int64_t unreadable; /* rows whose amount or currency can't be read */
	bool full;          /* more currencies than CONTROL_SUMS_MAX */
};

/* Checks the options: an expected total that is no decimal number is exit 2. */
MUST_CHECK bool control_options_check(const struct receive_options *options, struct fault *fault);
/* Counts a row. currency "": unreadable. */
void control_add(struct control *control, const char *currency, unsigned decimals, int64_t minor);
/* Are totals given, by the options or the file? */
bool control_asked(const struct receive_options *options, const struct reader_batch *batch);
/* Adds CONTROL_COUNT, CONTROL_TOTAL, and AMOUNT_TOO_LARGE for a sum beyond int64. batch: what the file says of itself,
 * whose totals are decimal numbers; or NULL. True when totals were given, by the options or the file, and all agree. */
bool control_check(const struct control *control, const struct receive_options *options,
	const struct reader_batch *batch, struct findings *findings);

#endif
