/*
 * The destination that a payout's provider prepared for it (PROTOCOL, section 6), found by the body that creates it.
 * Floor 4.
 */
#ifndef RUN_PREPARED_H
#define RUN_PREPARED_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "journal/destination.h"
#include "stages/stage.h"

/* Found false: it needs none, there is none yet, its content was purged, or its channel is not configured any more.
 * Texts in the arena. */
MUST_CHECK bool prepared_find(struct stage *stage, const struct journal_payout *payout, struct arena *arena,
	struct destination *destination, bool *found, struct fault *fault);

#endif
