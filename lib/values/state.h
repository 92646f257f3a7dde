/*
 * The states of a payout and the only moves between them (PROTOCOL, section 2). Floor 1, pure.
 * Rejected and duplicate belong to a row without attempt. The numbers stand in journals: they never change.
 */
#ifndef VALUES_STATE_H
#define VALUES_STATE_H

#include <stdbool.h>

#include "base/text.h"

enum payout_state {
	PAYOUT_UNKNOWN = 0, /* a request was sent and its outcome is not known: the cautious zero */
	PAYOUT_REJECTED = 1,
	PAYOUT_DUPLICATE = 2,
	PAYOUT_HELD = 3,
	PAYOUT_READY = 4,
	PAYOUT_SENDING = 5,
	PAYOUT_ACCEPTED = 6,
	PAYOUT_PAID = 7,
	PAYOUT_FAILED = 8,
	PAYOUT_RETURNED = 9,
	PAYOUT_CANCELED = 10,
	PAYOUT_STATES = 11,
};

typedef unsigned state_set; /* bit 1u << state */
#define STATE_SET(state) (1u << (unsigned)(state))

const char *state_name(enum payout_state state); /* "unknown", ... */
bool state_parse(struct text name, enum payout_state *state);
/* True when the table of PROTOCOL section 2 has this move of one attempt. */
bool state_move_allowed(enum payout_state from, enum payout_state to);
/* Live: held, ready, sending, unknown, accepted, paid: the reference is taken by it. */
bool state_live(enum payout_state state);
/* Final: rejected, duplicate, paid, failed, returned, canceled. */
bool state_final(enum payout_state state);

#endif
