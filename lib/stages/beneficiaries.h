/*
 * How many destinations of a batch no earlier payout of the journal went to: for the preview. Floor 3.
 * Reads every payout of the journal once, in bounded memory; only asked for when a person is.
 */
#ifndef STAGES_BENEFICIARIES_H
#define STAGES_BENEFICIARIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"
#include "stages/stage.h"

/* The batch may stand in the open transaction. Rejected and duplicate rows count for nothing. folder: of a temporary
 * file, the caller's string. */
MUST_CHECK bool beneficiaries_new(
	struct stage *stage, int64_t batch, const char *folder, int64_t *count, struct fault *fault);

/* The same of rows that are in no batch: those of a check. Rows are added one by one, then compared with all that the
 * stage's journal has. folder as above. */
struct beneficiaries;
struct beneficiaries *beneficiaries_open(const char *folder);
void beneficiaries_close(struct beneficiaries *beneficiaries); /* NULL is none */
/* A failure is kept, and told by the count. */
void beneficiaries_add(struct beneficiaries *beneficiaries, struct text destination);
MUST_CHECK bool beneficiaries_count(
	struct beneficiaries *beneficiaries, struct stage *stage, int64_t *count, struct fault *fault);

#endif
