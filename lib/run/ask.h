/*
 * One question at a time to a provider, outside of the loop of submit: ping, resolve, recover, cancel. Floor 4.
 * The rate of the channel is kept. Nothing here creates a payout or writes the journal.
 */
#ifndef RUN_ASK_H
#define RUN_ASK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "journal/journal.h"
#include "providers/adapter.h"
#include "stages/stage.h"

struct ask;

/* NULL: no network, see fault. The stage outlives it. */
struct ask *ask_open(struct stage *stage, struct fault *fault);
void ask_close(struct ask *ask); /* NULL is fine; sessions are wiped */

enum ask_end {
	ASK_NOTHING = 0, /* no whole answer: answer says why */
	ASK_ANSWERED,    /* receipt is filled */
	ASK_STOPPED,     /* a signal came first */
	ASK_FAULT,       /* nothing could be asked: see fault */
};

struct ask_answer {
	struct receipt receipt; /* texts in the arena */
	char code[32];          /* NETWORK_..., or "" */
	char error[256];        /* why there is no answer */
	int status;             /* HTTP */
	int64_t took_ms;
};

/* OPERATION_CREATE and OPERATION_PREPARE are no questions: asserted. OPERATION_CANCEL wants the lease (cancel.h). Where
 * the provider has sessions one is asked for first; one that ended is renewed once. What the login says instead is the
 * answer then. */
enum ask_end ask_one(struct ask *ask, const struct channel *channel, enum operation operation, struct call *call,
	struct arena *arena, struct ask_answer *answer, struct fault *fault);

/* What an answer that is of no use is as a fault: FAULT_PERSON where the provider refuses the channel, else
 * FAULT_STOPPED. Not for ASK_STOPPED and ASK_FAULT. */
void ask_fault(const struct channel *channel, enum ask_end end, const struct ask_answer *answer, struct fault *fault);

/* The call of a question about an attempt, its payout and its frozen payload. Texts in the arena. */
MUST_CHECK bool ask_fill(struct stage *stage, const struct channel *channel, const struct attempt *attempt,
	struct arena *arena, struct call *call, struct fault *fault);

/* The configured channel of an attempt; NULL and a fault when the configuration lacks it. */
const struct channel *ask_channel(struct stage *stage, int64_t channel, struct fault *fault);

#endif
