/*
 * What stands against a further attempt of a payout (PROTOCOL, section 8): for retry, and for corrections. Floor 3.
 */
#ifndef STAGES_OBSTACLE_H
#define STAGES_OBSTACLE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "journal/journal.h"

#define REASON_REJECTED "REFUSED_BY_PERSON" /* reason code of what `reject` closed */

/* current: the current attempt of a row. *why: words that follow "it is", or NULL when nothing stands against it. */
MUST_CHECK bool obstacle_find(struct journal *journal, const struct attempt *current, struct arena *arena,
	const char **why, struct fault *fault);

#endif
