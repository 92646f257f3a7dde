/*
 * Sums: counts and amounts per currency and state, added with a check. Floor 2, inside lib/journal only.
 */
#ifndef JOURNAL_SUMS_H
#define JOURNAL_SUMS_H

#include "journal/journal.h"

struct sums { /* of any number of rows; zero-initialise, release */
	struct journal_total *totals;
	size_t count, cap, last;
};

void sums_release(struct sums *sums);
/* Adds rows; false where the amounts go beyond int64. */
MUST_CHECK bool sums_add(struct sums *sums, struct text currency, unsigned decimals, enum payout_state state,
	int64_t count, int64_t minor);
/* By currency, decimals, state. */
void sums_sort(struct sums *sums);
bool sums_equal(const struct sums *a, const struct sums *b); /* both sorted */

#endif
