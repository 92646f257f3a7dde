/*
 * Destinations that a provider prepares before it pays to them (PROTOCOL, section 6): one for each distinct creation
 * body within a channel's identity, shared by all rows that name it. Floor 2. Part of the journal's interface.
 *
 * A creation is claimed before the wire exactly as a payout is: durable, counted, with its window. Every change is an
 * event of kind `destination`, which has the hash of the body and no more of it.
 */
#ifndef JOURNAL_DESTINATION_H
#define JOURNAL_DESTINATION_H

#include "journal/journal.h"

enum destination_state {
	DESTINATION_UNKNOWN = 0, /* nothing is open: not created yet; else a creation whose outcome is not known */
	DESTINATION_SENDING,     /* claim is durable; a request may be on the wire */
	DESTINATION_PENDING,     /* the provider has it, and does not pay to it yet */
	DESTINATION_USABLE,
	DESTINATION_REFUSED, /* definitely; with nothing open */
	DESTINATION_STATES,
};

struct destination { /* texts in the arena it was read with */
	int64_t id;
	int64_t channel; /* over which it was first wanted; its identity is that channel's */
	uint8_t body_sha256[SHA256_SIZE];
	int64_t number; /* attempt: 1, 2, ... */
	struct key key;
	enum destination_state state;
	int64_t version;
	int64_t sends;
	int64_t open_since; /* UTC ms of the earliest creation whose outcome is not proven; 0: none */
	int64_t open_boot_ms;
	struct text open_boot;
	int64_t last_sent;
	int64_t not_before;
	struct text provider_id, provider_status, provider_code, reason_code, reason;
	int64_t last_event; /* the journal's own */
};

const char *destination_state_name(enum destination_state state);

/* The newest attempt at the destination with this body, among the channels with the same identity. */
MUST_CHECK bool journal_destination_find(struct journal *journal, int64_t channel,
	const uint8_t body_sha256[SHA256_SIZE], struct arena *arena, struct destination *destination, bool *found,
	struct fault *fault);

/* Begins the next attempt (1 where there is none), unknown with nothing open; its key is derived here. Needs a
 * transaction. */
MUST_CHECK bool journal_destination_add(struct journal *journal, int64_t channel,
	const uint8_t body_sha256[SHA256_SIZE], struct arena *arena, struct destination *destination,
	struct fault *fault);

/* Compare-and-set on (id, version), with its event: after is a copy of before with its changes, version excepted, which
 * is raised on MOVE_DONE. A move to sending needs the lease and sends + 1. Needs a transaction. */
MUST_CHECK bool journal_destination_move(struct journal *journal, const struct destination *before,
	struct destination *after, enum move_result *result, struct fault *fault);

#endif
