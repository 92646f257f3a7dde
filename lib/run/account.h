/*
 * The account of a scope after a run: how many payouts stand where, and what held ones wait for. Floor 4. What the exit
 * code is made of.
 */
#ifndef RUN_ACCOUNT_H
#define RUN_ACCOUNT_H

#include <stdint.h>

#include "base/fault.h"
#include "journal/journal.h"

struct account {
	/* Rows and latest attempts by state; a duplicate counts as its original stands. */
	int64_t counts[PAYOUT_STATES];
	int64_t held_approval; /* batches that need approval, suspected duplicates, new attempts of either */
	int64_t held_date;     /* execution_date */
	int64_t held_option;   /* submit --hold */
};

/* batches: ids; count 0: the whole journal (duplicates are left out then: their originals are in it). */
MUST_CHECK bool account_take(
	struct journal *journal, const int64_t *batches, int count, struct account *account, struct fault *fault);

/* Takes off what was failed, returned, canceled or rejected before: for a command without a BATCH, whose own work alone
 * counts. */
void account_since(struct account *account, const struct account *before);

/* What a held row waits for: its reason says it, of a further attempt that it waits for approval. */
enum hold { HOLD_APPROVAL = 0, HOLD_DATE, HOLD_OPTION };
enum hold account_hold_reason(struct text reason_code);
MUST_CHECK bool account_hold(struct journal *journal, const struct attempt *attempt,
	const struct journal_payout *payout, enum hold *hold, struct fault *fault);

#endif
