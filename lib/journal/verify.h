/*
 * What the parts of verify share. Floor 2, inside lib/journal only.
 */
#ifndef JOURNAL_VERIFY_H
#define JOURNAL_VERIFY_H

#include "journal/inside.h"

struct verify {
	struct journal *journal;
	void (*each)(void *context, const char *code, const char *message);
	void *context;
	int64_t breaks;
	struct text expected_head; /* hex, "" for none */
	bool head_seen;
	int64_t moves;                                 /* events found from their attempts */
	int64_t destination_events, destination_moves; /* of kind destination; found from their destinations */
	struct arena arena;
	struct buf scratch;
};

/* Tells a break. Codes: JOURNAL_CORRUPT JOURNAL_CHAIN JOURNAL_BEHIND JOURNAL_HEAD JOURNAL_SUMS JOURNAL_CONTENT
 * JOURNAL_REFERENCE JOURNAL_KEY JOURNAL_STATE JOURNAL_PROVIDER_ID JOURNAL_LIMITS. */
void verify_break(struct verify *verify, const char *code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The fields of an event's line (CONTRACT, section 10), still escaped. */
enum event_field {
	FIELD_SEQ = 0,
	FIELD_TIME,
	FIELD_KIND,
	FIELD_BATCH,
	FIELD_ROW,
	FIELD_ATTEMPT,
	FIELD_VERSION,
	FIELD_FROM,
	FIELD_TO,
	FIELD_EVIDENCE,
	FIELD_WHO,
	FIELD_HOST,
	FIELD_PROGRAM,
	FIELD_REASON,
	FIELD_PREVIOUS,
	EVENT_FIELDS,
};
/* False when it has another number of fields. */
bool event_split(struct text line, struct text fields[EVENT_FIELDS]);
/* A field as it was before it was escaped, in the buffer. */
struct text event_unescape(struct text field, struct buf *buf);
/* A number field; "" is 0, anything else that is no number -1. */
int64_t event_number(struct text field);

/* Every event: numbers without a gap, hashes, and columns that say what the line says. */
MUST_CHECK bool verify_chain(struct verify *verify, struct fault *fault);
/* Every batch and its rows against the event that received it. */
MUST_CHECK bool verify_batches(struct verify *verify, struct fault *fault);
/* Every attempt against the events that moved it. */
MUST_CHECK bool verify_attempts(struct verify *verify, struct fault *fault);

/* The sums of days against the attempts claimed on them. */
MUST_CHECK bool verify_spending(struct verify *verify, struct fault *fault);

/* Every destination against the events that moved it. */
MUST_CHECK bool verify_destinations(struct verify *verify, struct fault *fault);

#endif
