#include "values/state.h"

#include <assert.h>

static const char *const names[PAYOUT_STATES] = {
	[PAYOUT_UNKNOWN] = "unknown",
	[PAYOUT_REJECTED] = "rejected",
	[PAYOUT_DUPLICATE] = "duplicate",
	[PAYOUT_HELD] = "held",
	[PAYOUT_READY] = "ready",
	[PAYOUT_SENDING] = "sending",
	[PAYOUT_ACCEPTED] = "accepted",
	[PAYOUT_PAID] = "paid",
	[PAYOUT_FAILED] = "failed",
	[PAYOUT_RETURNED] = "returned",
	[PAYOUT_CANCELED] = "canceled",
};

/* moves[from]: the states that an attempt may go to. A retry is no move: it makes another attempt. */
static const state_set moves[PAYOUT_STATES] = {
	[PAYOUT_HELD] = STATE_SET(PAYOUT_READY) | STATE_SET(PAYOUT_CANCELED),
	[PAYOUT_READY] = STATE_SET(PAYOUT_SENDING) | STATE_SET(PAYOUT_CANCELED),
	[PAYOUT_SENDING] = STATE_SET(PAYOUT_ACCEPTED) | STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_UNKNOWN) |
			   STATE_SET(PAYOUT_READY),
	[PAYOUT_UNKNOWN] = STATE_SET(PAYOUT_SENDING) | STATE_SET(PAYOUT_ACCEPTED) | STATE_SET(PAYOUT_FAILED) |
			   STATE_SET(PAYOUT_READY) | STATE_SET(PAYOUT_PAID),
	[PAYOUT_ACCEPTED] = STATE_SET(PAYOUT_PAID) | STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_RETURNED) |
			    STATE_SET(PAYOUT_CANCELED),
	[PAYOUT_PAID] = STATE_SET(PAYOUT_RETURNED) | STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_CANCELED),
	[PAYOUT_FAILED] = STATE_SET(PAYOUT_ACCEPTED) | STATE_SET(PAYOUT_PAID),
	[PAYOUT_RETURNED] = 0,
	[PAYOUT_CANCELED] = 0,
	[PAYOUT_REJECTED] = 0,
	[PAYOUT_DUPLICATE] = 0,
};

static const state_set live = STATE_SET(PAYOUT_HELD) | STATE_SET(PAYOUT_READY) | STATE_SET(PAYOUT_SENDING) |
			      STATE_SET(PAYOUT_UNKNOWN) | STATE_SET(PAYOUT_ACCEPTED) | STATE_SET(PAYOUT_PAID);

static const state_set final = STATE_SET(PAYOUT_REJECTED) | STATE_SET(PAYOUT_DUPLICATE) | STATE_SET(PAYOUT_PAID) |
			       STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_RETURNED) | STATE_SET(PAYOUT_CANCELED);

const char *state_name(enum payout_state state)
{
	assert(state < PAYOUT_STATES);
	return names[state];
}

bool state_parse(struct text name, enum payout_state *state)
{
	for (enum payout_state i = 0; i < PAYOUT_STATES; i++) {
		if (text_is(name, names[i])) {
			*state = i;
			return true;
		}
	}
	return false;
}

bool state_move_allowed(enum payout_state from, enum payout_state to)
{
	return from < PAYOUT_STATES && to < PAYOUT_STATES && (moves[from] & STATE_SET(to)) != 0;
}

bool state_live(enum payout_state state)
{
	return state < PAYOUT_STATES && (live & STATE_SET(state)) != 0;
}

bool state_final(enum payout_state state)
{
	return state < PAYOUT_STATES && (final & STATE_SET(state)) != 0;
}
