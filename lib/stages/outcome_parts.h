/*
 * What outcomes of creates and of questions share. Floor 3, inside outcome*.c only.
 */
#ifndef STAGES_OUTCOME_PARTS_H
#define STAGES_OUTCOME_PARTS_H

#include "stages/outcome.h"

/* Nothing happened yet: after is the attempt as it stands, without its payload, which is written once. */
void outcome_begin(struct outcome *outcome, const struct attempt *attempt);
/* No send is open any more. */
void outcome_close_open(struct attempt *after);
/* What was said replaces what was known; an empty text replaces nothing. */
void outcome_take(struct text *to, struct text from);
void outcome_take_receipt(struct attempt *after, const struct receipt *receipt);
/* Whether a receipt proves that the provider has the payout: its word, and an id to ask about it by. */
bool outcome_proves(const struct receipt *receipt, const struct attempt *attempt);
/* The provider has it: accepted, and on to a later state in the same commit; what can't follow counts as in progress.
 */
void outcome_accept(struct outcome *outcome, const struct receipt *receipt, const struct moment *now);
/* There is no answer; what that says of the channel. */
void outcome_not_answered(struct outcome *outcome, const struct http_answer *answer);
/* The receipt's code stops the channel; fallback where it has none. */
void outcome_stop_with(
	struct outcome *outcome, enum channel_effect effect, const struct receipt *receipt, const char *fallback);

#endif
