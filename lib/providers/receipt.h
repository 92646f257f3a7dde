/*
 * What all adapters do alike to a receipt. Floor 2.
 */
#ifndef PROVIDERS_RECEIPT_H
#define PROVIDERS_RECEIPT_H

#include "providers/adapter.h"

#define RECEIPT_ID_MAX 128        /* bytes of an id; the longest documented is a UUID */
#define RECEIPT_WORD_POINTS 64    /* of a status or an error code */
#define RECEIPT_REASON_POINTS 300 /* of a message; a provider's own is a sentence */

/* Text of a provider as a person and a report may see it: control characters escaped, cut, and whatever is a secret of
 * the channel or the token of its session replaced by stars. In the arena. */
struct text receipt_show(const struct call *call, struct arena *arena, struct text text, size_t points);

/* Sets verdict, code, cure and reason from the HTTP status of an answer without the provider's envelope (PROTOCOL,
 * section 4). Never accepted, refused or not found: only the provider's own words can say that. */
void receipt_from_status(
	struct receipt *receipt, enum operation operation, const struct http_answer *answer, struct arena *arena);

/* Makes it VERDICT_MISMATCH with ANSWER_MISMATCH and its cure. */
void receipt_mismatch(struct receipt *receipt, struct text reason);

/* An id that can be kept and asked for again: 1 to RECEIPT_ID_MAX bytes of visible ASCII. */
bool receipt_id_valid(struct text id);

#endif
