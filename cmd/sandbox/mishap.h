/*
 * A mishap: a fault staged through /_/faults (contract, section 9), and when it strikes. Floor 5, sandbox.
 * (In this project a struct fault is an operation that failed for us; hence another word.)
 */
#ifndef SANDBOX_MISHAP_H
#define SANDBOX_MISHAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "cmd/sandbox/document.h"
#include "cmd/sandbox/provider.h"

#define MISHAPS_MAX 64

enum mishap_kind {
	MISHAP_NONE = 0, /* clears those of the provider */
	MISHAP_RESET,
	MISHAP_CLOSE,
	MISHAP_TIMEOUT,
	MISHAP_SLOW,
	MISHAP_TRUNCATE,
	MISHAP_GARBAGE,
	MISHAP_429,
	MISHAP_500,
	MISHAP_502,
	MISHAP_503,
	MISHAP_401,
	MISHAP_EXPIRE_SESSION,
	MISHAP_REDIRECT,
	MISHAP_CLOSE_AFTER,
	MISHAP_WRONG,
	MISHAP_DATE,
	MISHAP_DUPLICATE_WEBHOOK,
	MISHAP_OUT_OF_ORDER_WEBHOOK,
	MISHAP_KINDS
};

struct mishap {
	enum mishap_kind kind;
	enum provider_id provider;
	char path[96];         /* the end of the paths it is for; "" is all */
	int64_t countdown;     /* nth: matching requests until it strikes, 1 is the next; 0: it goes by rate */
	uint64_t rate_atto;    /* probability in 10^-18 */
	bool after_commit;     /* the payout exists when it strikes */
	int64_t delay_ms;      /* slow */
	int64_t retry_after_s; /* 429 */
	int64_t skew_ms;       /* date; may be negative */
	char field[16];        /* wrong: which field */
};

/* Zero-initialise it, then mishaps_clear_all. */
struct mishaps {
	struct mishap list[MISHAPS_MAX];
	size_t count;
	uint64_t random; /* state of the generator */
};

const char *mishap_name(enum mishap_kind kind);

/* Takes in one document of POST /_/faults. False, with what is wrong and the choices in error: nothing has changed. */
bool mishap_parse(const struct document *document, struct mishap *mishap, struct buf *error);
/* Adds it, or clears for MISHAP_NONE. False: there are MISHAPS_MAX already. */
bool mishaps_add(struct mishaps *mishaps, const struct mishap *mishap);
/* {"faults":[...]}: those that may still strike. */
void mishaps_write(struct buf *buf, const struct mishaps *mishaps);

/* True, with a copy of it, when one strikes this request. Each staged nth counts every matching request; the earliest
 * staged one strikes, and one that would have struck as well strikes the next matching request. */
bool mishaps_strike(struct mishaps *mishaps, enum provider_id provider, const char *path, struct mishap *struck);
/* The same for a webhook about to be sent; path is the end of the event's type. */
bool mishaps_strike_event(struct mishaps *mishaps, enum provider_id provider, const char *type, struct mishap *struck);
/* By how much the provider's Date header is off, milliseconds; 0: it isn't. */
int64_t mishaps_skew(const struct mishaps *mishaps, enum provider_id provider);

/* Forgets all and starts the generator anew. */
void mishaps_clear_all(struct mishaps *mishaps, uint64_t seed);

#endif
