/*
 * What the files receive*.c share. Floor 3; for them alone.
 */
#ifndef STAGES_RECEIVE_PARTS_H
#define STAGES_RECEIVE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "stages/intake.h"

/* A file on its way into the journal; the transaction is open. */
struct receiving {
	struct stage *stage;
	const struct receive_options *options;
	struct intake intake;
	struct intake_digests digests;
	struct fingerprint likeness; /* likeness.h */
	struct journal_batch batch;
	int64_t channels[BOUND_CHANNELS]; /* ids by place in the configuration; 0: not bound yet */
	int64_t first_payout;             /* id of the file's first row; the others follow */
	int64_t original;                 /* what the row being restated repeats; 0 */
};

/* What a fault means for the file: refused, stopped, or failed. */
enum receive_verdict receive_failed(const struct fault *fault);
/* A fault that refuses the file becomes a finding of it, and true: the next steps can be taken. */
bool receive_went_on(struct intake *intake, bool fine, struct fault *fault);
/* Opens and reads a file without a journal. Takes the source; the intake is closed by the caller. */
MUST_CHECK bool receive_check_source(struct intake *intake, struct stage *stage, const struct receive_options *options,
	struct source *source, const struct intake_digests *digests, struct receive_result *result,
	struct fault *fault);

/* Puts a row into the journal (receive_row.c); a taker's row() with struct receiving as context. */
MUST_CHECK bool receive_row(void *context, const struct intake_row *row, struct fault *fault);
MUST_CHECK bool receive_restate(void *context, int64_t index, enum payout_state state, const char *code,
	const char *message, struct fault *fault);

/* Rows whose reference the journal has already, and rows that look like another payout (receive_clash.c). */
MUST_CHECK bool receive_clashes(struct receiving *receiving, struct fault *fault);
MUST_CHECK bool receive_suspects(struct receiving *receiving, struct fault *fault);

#endif
