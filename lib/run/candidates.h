/*
 * Candidates: what a provider's own list has that an unknown payout might be (PROTOCOL, section 5: shown to the person,
 * never adopted by itself). Floor 4. Changes nothing.
 */
#ifndef RUN_CANDIDATES_H
#define RUN_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "providers/adapter.h"
#include "run/session.h"

#define CANDIDATES_MAX 50

struct candidates {
	struct journal_payout payout; /* what is looked for; texts in the arena */
	const char *channel, *provider;
	bool lists;                         /* the provider has a list; else nothing was asked */
	bool looks_up;                      /* `resume` asks by key: no list is needed */
	bool whole;                         /* the list was read to its end */
	struct listed list[CANDIDATES_MAX]; /* of its amount and currency, made since its first send, and no other's */
	size_t count;
};

/* name: reference, key or provider id of an unknown payout, else FAULT_USAGE. No answer: FAULT_STOPPED. */
MUST_CHECK bool candidates_find(struct session *session, const char *name, struct arena *arena,
	struct candidates *candidates, struct fault *fault);

#endif
