/*
 * What an answer makes of a payout, and of its channel: the rules of PROTOCOL section 4 as pure functions. Floor 3.
 *
 * Each takes the attempt as it stands and fills `after` with it as it shall stand; texts of the receipt are not copied.
 * UNIQUE(channel identity, provider id) and compare-and-set are the journal's.
 */
#ifndef STAGES_OUTCOME_H
#define STAGES_OUTCOME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "journal/journal.h"
#include "net/http.h"
#include "providers/adapter.h"

/* What happens to the channel. The order is by weight. */
enum channel_effect {
	EFFECT_NONE = 0,
	EFFECT_EXECUTED,   /* the provider worked: counts of failures in a row start anew */
	EFFECT_SESSION,    /* the session has ended: log in again */
	EFFECT_NO_FUNDS,   /* three in a row stop it */
	EFFECT_BACK_OFF,   /* the network or the provider is away: wait a little longer each time */
	EFFECT_THROTTLED,  /* too many requests: wait, longer each time, or as long as the provider said */
	EFFECT_STOP_ONE,   /* nothing is sent any more for what `stops` names */
	EFFECT_STOP_SENDS, /* nothing is sent any more; questions go on */
	EFFECT_STOP,       /* nothing at all goes over it any more */
};

struct outcome {
	bool moved; /* `after` is a move to be written */
	struct attempt after;
	bool later; /* a second move in the same commit: from after.state to later_state */
	enum payout_state later_state;
	bool resend;       /* look-up found nothing: claim and create under the same key now */
	bool early;        /* look-up found nothing, which proves nothing yet: inside its window the key may go again */
	bool not_sent;     /* proven: nothing left this machine */
	bool at_queue_end; /* try again after the rest of the channel's rows */
	int64_t wait_ms;   /* try again then; -1: nobody said */
	bool person;       /* no automatic step is left for this row */
	bool accepted;     /* the provider took or has it, whatever became of it since */
	bool taken;        /* set by the caller: the provider's id belongs to another payout */
	struct text refusal; /* code of a create's definite refusal: equal ones in a row are counted; "" for none, and
				where the same payout was refused so before */
	enum channel_effect effect;
	struct text stops; /* of EFFECT_STOP_ONE */
	const char *code;  /* of the notice for a stop, or "" */
	const char *cure;
	struct text why; /* the provider's words or the network error, for the notice */
};

/* Raises the wait to a back-off where nobody said how long or said less; a throttled payout's not_before with it. */
void outcome_wait(struct outcome *outcome, const struct moment *now, int64_t backoff_ms);

/* A question that is about no payout ended: what that does to the channel. True: the receipt is accepted. */
bool outcome_asked(const struct http_answer *answer, const struct receipt *receipt, struct outcome *outcome);
/* A login ended: what that does to the channel. True: the receipt has a session. */
bool outcome_session(const struct http_answer *answer, const struct receipt *receipt, struct outcome *outcome);

/* An exchange that creates ended. sending: as claimed (state sending); before: as it stood before the claim. */
void outcome_create(const struct adapter *adapter, const struct attempt *before, const struct attempt *sending,
	const struct http_answer *answer, const struct receipt *receipt, const struct moment *now,
	struct outcome *outcome);

/* The second of two moves in one commit: after as accepted, on to a later state with its time stamps. */
void outcome_later(struct attempt *after, enum payout_state state, int64_t now_utc_ms);

/* A claimed row whose bytes were never handed to the network goes back to where it was. */
void outcome_unclaim(const struct attempt *before, const struct attempt *sending, struct outcome *outcome);

/* A look-up by key of an unknown attempt ended. receipt is NULL unless the answer is whole. */
void outcome_lookup(const struct adapter *adapter, const struct attempt *unknown, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now, struct outcome *outcome);

/* A status call of an accepted attempt ended. */
void outcome_status(const struct attempt *accepted, const struct http_answer *answer, const struct receipt *receipt,
	const struct moment *now, struct outcome *outcome);

/* What the provider says of an earlier attempt before a new one is sent. */
enum earlier {
	EARLIER_UNCERTAIN = 0, /* ask again, or a person must (outcome->person) */
	EARLIER_DEAD,          /* refused, never there, canceled or returned: the new attempt may go */
	EARLIER_ALIVE,         /* in progress or paid: it takes the new attempt's place; outcome has its move */
};
enum earlier outcome_earlier(const struct attempt *earlier, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now, struct outcome *outcome);

#endif
