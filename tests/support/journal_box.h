/*
 * A journal in a temporary folder with a settable clock, and batches of plain rows, for tests.
 */
#ifndef SUPPORT_JOURNAL_BOX_H
#define SUPPORT_JOURNAL_BOX_H

#include "journal/journal.h"

struct journal_box {
	char folder[512];
	char path[600];
	char head[600]; /* outside the journal's folder */
	struct clock clock;
	struct moment now;
	struct journal_who who;
	struct journal_options options;
	struct journal *journal;
	struct arena arena;
	struct fault fault;
	int64_t channel;
};

/* Creates and opens a journal with one calypso channel. */
void box_open(struct journal_box *box);
void box_close(struct journal_box *box);
/* Closes the journal and opens it again. */
void box_reopen(struct journal_box *box);

/* A row with this reference: 12.50 USDT_TRX to a wallet of its own, ready. Texts live until the second next call. */
struct journal_payout box_row(struct journal_box *box, int64_t row, const char *reference);
/* Receives count rows named PREFIX-1, ... as one batch, sealed and committed. */
struct journal_batch box_receive(struct journal_box *box, const char *name, const char *prefix, int64_t count);
/* Begins a batch inside a new transaction. */
struct journal_batch box_begin_batch(struct journal_box *box, const char *name);

/* The latest attempt of a payout, in the box's arena. */
struct attempt box_attempt(struct journal_box *box, int64_t payout);
/* The payout bound to a reference. */
int64_t box_payout(struct journal_box *box, const char *reference);
/* Moves an attempt in a transaction of its own. */
enum move_result box_move(struct journal_box *box, const struct attempt *before, struct attempt *after);
/* Takes the lease and moves the attempt through a claim: sending. */
struct attempt box_claim(struct journal_box *box, int64_t payout);
/* Runs SQL on the database behind the journal's back; false when it is refused. */
bool box_sql(struct journal_box *box, const char *sql);
/* Runs verify; the codes found, joined by spaces. */
const char *box_verify(struct journal_box *box, const char *head);

#endif
