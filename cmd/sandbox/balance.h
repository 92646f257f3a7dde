/*
 * What each provider's balances hold. Floor 5, sandbox. A balance is named as its provider names it (calypso: the
 * currency) and holds BALANCE_DEFAULT unless --balance said otherwise. Zero-initialise the set.
 */
#ifndef SANDBOX_BALANCE_H
#define SANDBOX_BALANCE_H

#include "cmd/sandbox/decimal.h"
#include "cmd/sandbox/map.h"
#include "cmd/sandbox/provider.h"

#define BALANCE_DEFAULT ((struct decimal){UINT64_C(1000000000), 0})

struct balance {
	char *name;
	struct decimal first; /* what a reset brings back */
	struct decimal held;
};

struct balances {
	struct map by_name[PROVIDER_COUNT];
	struct balance **list;
	size_t count;
};

/* NULL: nobody has looked at it yet, nor did --balance name it. */
struct balance *balance_find(const struct balances *balances, enum provider_id provider, struct text name);
/* Made at the first look. Stays where it is. */
struct balance *balance_of(struct balances *balances, enum provider_id provider, struct text name);
void balance_set(struct balances *balances, enum provider_id provider, struct text name, struct decimal amount);
/* False, and nothing taken: it holds less. */
bool balance_take(struct balance *balance, struct decimal amount);
void balance_give(struct balance *balance, struct decimal amount);
/* Every balance as it was at the start. */
void balances_reset(struct balances *balances);
void balances_release(struct balances *balances);

#endif
