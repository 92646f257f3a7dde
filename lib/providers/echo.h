/*
 * What an answer repeats of the request, compared with what was asked (PROTOCOL, section 4). Floor 2.
 * A member that is missing or null proves nothing either way; one of another value or type is a mismatch.
 */
#ifndef PROVIDERS_ECHO_H
#define PROVIDERS_ECHO_H

#include <jansson.h>

#include "providers/adapter.h"

struct echo {
	const char *name;  /* in the answer; "amount.currency" is a member of a member */
	const char *asked; /* its name in the request, where that is another; else NULL */
	bool (*same)(const struct call *call, struct text told, struct text asked);
	bool masked; /* messages show the last four characters alone */
};

bool echo_same_text(const struct call *call, struct text told, struct text asked);
bool echo_same_nocase(const struct call *call, struct text told, struct text asked);  /* ids, ASCII */
bool echo_same_decimal(const struct call *call, struct text told, struct text asked); /* exactly, 5 as 5.00 */

/* Compares one member with what was asked for; on false the receipt is a mismatch whose reason names both. who: the
 * provider as people write it. */
bool echo_fits(const struct call *call, const char *who, const json_t *answer, const struct echo *echo,
	struct text asked, struct arena *arena, struct receipt *receipt);

/* Compares all members of a table with a frozen request; what the request lacks is not compared. The request is our
 * own: that it is JSON is asserted. */
bool echoes_fit(const struct call *call, const char *who, const json_t *answer, const struct echo *echoes, size_t count,
	struct text request, struct arena *arena, struct receipt *receipt);

#endif
