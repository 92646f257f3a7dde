/*
 * What people decide about payouts: approve, reject, cancel, retry, resolve (PROTOCOL, section 8). Floor 4.
 * Each is compare-and-set beside a run: a payout that somebody moved first is left as it is and counted as lost.
 * Cancel and reject call nothing off in a journal that is behind its head: JOURNAL_BEHIND.
 */
#ifndef RUN_PEOPLE_H
#define RUN_PEOPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "run/session.h"

enum decision { DECIDE_APPROVE = 0, DECIDE_REJECT, DECIDE_CANCEL, DECIDE_RETRY };

#define REASON_CANCELED "CANCELED_BY_PERSON" /* reason code of what `cancel` called off */

struct decide {
	enum decision decision;
	int64_t batch;
	const char *const *references; /* of the batch; count 0: all that it can be done with */
	int reference_count;
	const char *why; /* "" where none is needed */
	bool try_only;   /* count, change nothing: for the question */
};

struct decided {
	int64_t done;
	int64_t lost;  /* moved by somebody else meanwhile */
	int64_t other; /* named, or in the batch, but in a state that does not allow it */
	int64_t own;   /* of those: attempts that this person asked for, and can't approve (four_eyes) */
	bool approval; /* of retry: the new attempts wait for approval */
};

/* A reference that is not in the batch, or whose payout can't be decided on so, is FAULT_USAGE: nothing was changed. */
MUST_CHECK bool people_decide(
	struct session *session, const struct decide *decide, struct decided *decided, struct fault *fault);

/* The current attempt of an unknown payout by reference, key or provider id; anything else is FAULT_USAGE. */
MUST_CHECK bool people_find_unknown(
	struct session *session, const char *name, struct arena *arena, struct attempt *attempt, struct fault *fault);

enum resolution { RESOLVE_ACCEPTED = 0, RESOLVE_PAID, RESOLVE_FAILED, RESOLVE_NOT_SENT };
/* "not-sent": its word for --as and in the event. False: no such word. */
const char *resolution_name(enum resolution resolution);
bool resolution_parse(const char *name, enum resolution *resolution);

struct resolve {
	const char *name; /* reference, key or provider id */
	enum resolution as;
	const char *provider_id; /* NULL: not given */
	const char *why;         /* "" : not given */
};

struct resolved {
	int64_t payout;
	enum payout_state state;
};

/* Settles an unknown payout by a person's word, checked with the provider as PROTOCOL section 8 wants. A refusal is
 * FAULT_USAGE, FAULT_STOPPED (too early: later) or FAULT_PERSON (the provider says otherwise). */
MUST_CHECK bool people_resolve(
	struct session *session, const struct resolve *resolve, struct resolved *resolved, struct fault *fault);

#endif
