/*
 * Spending: what the claims of a day on a channel add up to, as a whole and per beneficiary, for the limits of a day.
 * Floor 2. Part of the journal's interface.
 *
 * An attempt spends its amount on the day of its claim (attempt.claim_day) for as long as its money may be on the way
 * or has gone: sending, unknown, accepted, paid, returned. Any other state gives it back to the same day; a late
 * success takes it again. The sums are kept by journal_move() in the transaction of the move, for those days of a
 * channel that are counted; they follow from the attempts, and journal_verify() makes them again from those.
 *
 * Days are YYYYMMDD as numbers, in the zone of whoever claims. Beneficiaries are their destinations; the sums keep a
 * digest of them alone.
 */
#ifndef JOURNAL_SPENDING_H
#define JOURNAL_SPENDING_H

#include "journal/journal.h"

/* Counts the day on the channel from now on, what was claimed on it before included; with beneficiaries also what each
 * got. Nothing to do where that is so already. Needs a transaction. */
MUST_CHECK bool journal_spending_count(
	struct journal *journal, int64_t channel, int64_t day, bool beneficiaries, struct fault *fault);

/* What the claims of the day spent so far in the currency over the channel as a whole. Where the day is not counted it
 * is added up anew, which takes as long as the day has claims. */
MUST_CHECK bool journal_spent(struct journal *journal, int64_t channel, int64_t day, struct text currency,
	unsigned decimals, int64_t *minor, struct fault *fault);
/* The same of all that goes to the beneficiary of this attempt, in its currency, over its channel. The day is counted
 * with beneficiaries. */
MUST_CHECK bool journal_spent_on(
	struct journal *journal, const struct attempt *attempt, int64_t day, int64_t *minor, struct fault *fault);

#endif
