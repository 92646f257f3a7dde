/*
 * Batches as people and scripts see them: sums per currency and state, that they agree, the chain's head (CONTRACT,
 * sections 6 and 7). Floor 5.
 */
#ifndef PAYRUN_SUMMARY_H
#define PAYRUN_SUMMARY_H

#include <stdbool.h>

#include "cmd/payrun/command.h"
#include "run/account.h"

struct summary {
	bool is_new;          /* received by this command */
	char (*reports)[512]; /* paths written; count 0: none */
	int report_count;
};

/* An amount as reports print it: ISO currencies with all their decimals, assets without trailing zeros. */
void summary_amount(struct buf *buf, const char *currency, int64_t minor, unsigned decimals);
/* "312 paid, 2 failed": the states that have any. */
void summary_counts(struct buf *buf, const int64_t counts[PAYOUT_STATES]);

/* {"paid": 312, "failed": 2} */
void summary_counts_json(struct buf *json, const int64_t counts[PAYOUT_STATES]);

/* Text and element of "batches" of one batch. A fault of the journal is told; sums that do not agree are a break. */
bool summary_batch(struct program *program, int64_t batch, const struct summary *summary);
/* One line a batch, or with --json its whole element. */
bool summary_line(struct program *program, const struct journal_batch *batch);
/* The chain's head, as the last line. */
void summary_head(struct program *program);

/* Notes the exit codes that the account of a scope calls for. final: payouts must be final, not just accepted. past: so
 * many unknown ones wait for a person. held_as_asked: what --hold keeps is as it should be. */
void summary_exit(struct program *program, const struct account *account, bool final, int64_t past, bool held_as_asked);

/* Says how many payouts' money is on its way back, of a batch or (0) of all: no state of its own, and no new attempt
 * meanwhile. A member of json likewise. */
bool summary_returns(struct program *program, int64_t batch, struct buf *json, struct fault *fault);

#endif
