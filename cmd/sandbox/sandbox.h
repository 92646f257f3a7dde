/*
 * The whole state of a running sandbox. Floor 5, sandbox. One thread uses it.
 * Two clocks: real time stamps and checks requests; the sandbox's own runs with it but can be moved on, and decides
 * settling and key expiry alone.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "base/clock.h"
#include "cmd/sandbox/balance.h"
#include "cmd/sandbox/courier.h"
#include "cmd/sandbox/ledger.h"
#include "cmd/sandbox/mishap.h"
#include "cmd/sandbox/options.h"
#include "cmd/sandbox/tally.h"

struct sandbox {
	const struct options *options;
	struct clock clock;
	int64_t advanced_ms;
	struct ledger ledger;
	struct balances balances;
	struct mishaps mishaps;
	struct courier courier;
	struct tally tally;
	struct document document; /* of the request at hand */
	void *states[PROVIDER_COUNT];
};

/* options must outlive it. */
void sandbox_init(struct sandbox *sandbox, const struct options *options);
/* As it was after sandbox_init, except that ids already given are not given again. */
void sandbox_reset(struct sandbox *sandbox);
void sandbox_release(struct sandbox *sandbox);

/* UTC milliseconds: real, and the sandbox's own. */
int64_t sandbox_real_ms(const struct sandbox *sandbox);
int64_t sandbox_now_ms(const struct sandbox *sandbox);
/* Moves the sandbox's clock on; it never goes back. */
void sandbox_advance(struct sandbox *sandbox, int64_t ms);

#endif
