/*
 * Recover: after a restored journal, the providers are asked what it forgot (PROTOCOL, 3.5). Floor 4.
 *
 * A run that the journal forgot may have sent every payout that was held or ready then. Each is looked up by its key:
 * what the provider has is recorded, what it does not have stays as it is. Where a provider has no look-up the payout
 * becomes unknown, open since its batch was received, and the rules for unknown payouts hold; but what was held is not
 * sent again by itself, for nobody may have released it, and stays held until its date where it has one to come. What
 * was unknown or accepted is asked about as poll does. Where a look-up reads a list, nothing found counts only when the
 * youngest send could be in it: that was before the head file was last put in its place. Only when all were answered
 * the journal is taken as the head; until then nothing is sent.
 */
#ifndef RUN_RECOVER_H
#define RUN_RECOVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "stages/stage.h"
#include "stages/submit.h"

struct recover_result {
	bool behind;   /* it was; else there was nothing to do */
	bool accepted; /* the journal is the head now */
	bool stopped;  /* by a signal */
	int64_t total; /* held and ready payouts at the start */
	int64_t asked;
	int64_t found;        /* the provider has them */
	int64_t absent;       /* it does not: they stay as they are */
	int64_t unclear;      /* not answered: run it again */
	int64_t early;        /* not found, and sent so lately, if at all, that this proves nothing yet: */
	int64_t again_utc_ms; /* run it again then */
	int64_t repeats; /* no look-up at the provider: unknown now; `resume` may send them again under the same key */
	int64_t person;  /* no look-up, and too old for that: unknown now, for a person */
	struct submit_result polled;
};

struct recover_options {
	void (*progress)(void *context, int64_t done, int64_t total);
	void *context;
	int64_t wait_limit_ms;
};

/* The lease is held. Errors of channels are notices of the stage. */
MUST_CHECK bool run_recover(
	struct stage *stage, const struct recover_options *options, struct recover_result *result, struct fault *fault);

#endif
