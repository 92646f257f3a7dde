/*
 * The command line of payrun-sandbox (contract, section 9). Floor 5, sandbox.
 */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "cmd/sandbox/decimal.h"
#include "cmd/sandbox/provider.h"

/* What --balance or --fee says. */
struct options_money {
	enum provider_id provider;
	struct text name; /* in argv */
	struct decimal amount;
};

struct options {
	uint16_t port; /* 0: a free one */
	int64_t settle_after_ms;
	uint64_t seed;
	bool help;
	bool version;
	struct options_money *balances;
	size_t balance_count;
	struct options_money *fees;
	size_t fee_count;
};

/* Fills in defaults, then argv. False: a fault of usage with its cure. */
MUST_CHECK bool options_parse(struct options *options, int argc, char **argv, struct fault *fault);
/* What a payout costs; 0 unless --fee said otherwise. */
struct decimal options_fee(const struct options *options, enum provider_id provider, struct text name);
void options_release(struct options *options);

/* The text of --help. */
extern const char options_help[];

#endif
