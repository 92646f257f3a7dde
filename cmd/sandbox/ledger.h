/*
 * The ledger: every payout that was really created, in order, found by id or key in constant time. Floor 5, sandbox.
 * It owns its payouts; texts are copied in. Entries never move and never change until ledger_clear.
 */
#ifndef SANDBOX_LEDGER_H
#define SANDBOX_LEDGER_H

#include "base/arena.h"
#include "cmd/sandbox/map.h"
#include "cmd/sandbox/provider.h"

struct payout {
	enum provider_id provider;
	struct text id;        /* the provider's name for it */
	struct text key;       /* idempotency key as the provider keeps it, or empty */
	struct text reference; /* the sender's own name for it, or empty */
	struct text amount;    /* decimal digits in normal form (decimal.h) */
	struct text currency;
	struct text destination;
	int64_t created_utc_ms; /* real time */
	int64_t start_ms;       /* sandbox clock: when it sets out */
	int64_t due_ms;         /* sandbox clock: when it settles */
	const void *detail;     /* the provider's own, in ledger->memory */
};

struct ledger {
	struct arena memory;
	struct payout **payouts;
	size_t count;
	size_t cap;
	struct map by_id[PROVIDER_COUNT];
	struct map by_key[PROVIDER_COUNT];
	unsigned clears; /* how often it was cleared: a reader of many pieces can tell */
};

/* A copy in the ledger's memory; a text without a pointer stays one (members that were null). */
struct text ledger_text(struct ledger *ledger, struct text text);

/* Adds a copy and returns it. The id must be new to this provider; a key that is not (mollie forgets them) goes on
 * leading to the first payout that had it. */
const struct payout *ledger_add(struct ledger *ledger, const struct payout *payout);

/* NULL: not there. */
const struct payout *ledger_by_id(const struct ledger *ledger, enum provider_id provider, struct text id);
const struct payout *ledger_by_key(const struct ledger *ledger, enum provider_id provider, struct text key);

/* One element of GET /_/ledger (contract, section 9), without a comma. */
void ledger_write(struct buf *buf, const struct payout *payout, int64_t now_ms);

void ledger_clear(struct ledger *ledger);
void ledger_release(struct ledger *ledger);

/* A payout as a wrong answer shows it: the named field (id, key, reference, amount, currency, destination or all) is
 * another's. field NULL: the payout itself. The result lives as long as both arguments. */
struct payout_other {
	struct payout payout;
	char text[6][160]; /* the changed fields, in the order above; longer ones are cut */
};
const struct payout *payout_shown(const struct payout *payout, const char *field, struct payout_other *other);
/* True for a field that payout_shown knows. */
bool payout_field_known(struct text field);

#endif
