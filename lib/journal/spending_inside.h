/*
 * What the files of spending share. Floor 2, inside lib/journal only.
 */
#ifndef JOURNAL_SPENDING_INSIDE_H
#define JOURNAL_SPENDING_INSIDE_H

#include "journal/inside.h"
#include "journal/spending.h"

#define BENEFICIARY_BYTES 8 /* two that share a digest share a limit: seen once in 2^32 beneficiaries of a day */

#define SPENDING_STATES                                                                                                \
	(STATE_SET(PAYOUT_SENDING) | STATE_SET(PAYOUT_UNKNOWN) | STATE_SET(PAYOUT_ACCEPTED) | STATE_SET(PAYOUT_PAID) | \
		STATE_SET(PAYOUT_RETURNED))

/* What one payout spends, and on whom. Texts live as long as the row they were taken from. */
struct spent {
	struct text currency;
	int64_t decimals, minor;
	uint8_t beneficiary[BENEFICIARY_BYTES];
};

/* The claims of a day that spend, as rows for spent_take(); NULL on failure. */
struct store_cursor *spent_claims(struct journal *journal, int64_t channel, int64_t day, struct fault *fault);
void spent_take(const struct journal *journal, const struct cell *row, struct spent *spent);

static inline struct cell beneficiary_cell(const uint8_t *beneficiary)
{
	return cell_bytes(beneficiary, BENEFICIARY_BYTES);
}

/* In a beneficiary's place: the channel as a whole. */
static inline struct cell nobody(void)
{
	return cell_bytes("", 0);
}

#endif
