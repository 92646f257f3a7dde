/*
 * The header lines of an answer: what payrun reads of them, and nothing else. Floor 2. Pure. Lines are untrusted bytes.
 */
#ifndef NET_HEADER_H
#define NET_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define HEADER_RETRY_MAX_MS INT64_C(86400000) /* a longer Retry-After is a day: a person looks before that */

/* Zero-initialise it. A further status line (100 Continue before the answer) begins it anew. */
struct header {
	size_t bytes;          /* seen in all, of every status line */
	bool ended;            /* the empty line came; what follows are trailers, which nobody asked for */
	int64_t retry_seconds; /* of the largest Retry-After, -1: none */
	int64_t retry_date_ms; /* UTC of a Retry-After that is a date, 0: none */
	int64_t date_ms;       /* UTC, 0: none */
	bool is_json;
	bool replayed;
	char location[256]; /* printable ASCII without query and fragment, cut */
};

/* Takes one line, with or without its line end. */
void header_line(struct header *header, struct text line);

/* The delay that Retry-After asks for, -1: none. A date counts from the answer's own Date, so that a clock that is off
 * on either side changes nothing; without one from now. */
int64_t header_retry_ms(const struct header *header, int64_t now_utc_ms);

/* True for a name that may stand before a colon (RFC 9110 token) and a value without control characters. */
bool header_name_valid(const char *name);
bool header_value_valid(const char *value);

#endif
