/*
 * Cancel: what was not sent is called off in the journal, and what the provider has and may still call off there
 * (PROTOCOL, section 7; CONTRACT, section 1). Floor 4.
 *
 * A cancel that was asked for and not recorded, because the process died meanwhile, is told by the next poll.
 */
#ifndef RUN_CANCEL_H
#define RUN_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "run/people.h"

struct canceled {
	struct decided local; /* not sent: held and ready ones */
	int64_t at_provider;  /* accepted ones that the provider called off */
	int64_t late;         /* it would not: they are too far */
	int64_t unanswered;   /* nobody knows: run it again, or poll */
	bool stopped;         /* by a signal */
	char error[256];      /* why the last one was not answered, or "" */
};

/* How many accepted payouts of the scope a provider may be asked to call off: 0: no lease is needed. */
MUST_CHECK bool cancel_count(
	struct session *session, const struct decide *decide, int64_t *at_provider, struct fault *fault);

/* decide->decision is DECIDE_CANCEL. The session has the lease where cancel_count() gave any. A reference that is not
 * in the batch or whose payout can't be called off is FAULT_USAGE, and nothing was changed. */
MUST_CHECK bool cancel_run(
	struct session *session, const struct decide *decide, struct canceled *canceled, struct fault *fault);

#endif
