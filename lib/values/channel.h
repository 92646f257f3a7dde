/*
 * A channel: one configured connection to a provider, as plain data. Floor 1. config/ fills it; strings and settings
 * live as long as the configuration. Secrets are in `settings` and nowhere else.
 */
#ifndef VALUES_CHANNEL_H
#define VALUES_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "values/asset.h"
#include "values/limit.h"
#include "values/provider.h"

#define CHANNEL_NAME_SIZE 64

struct setting_value {
	const char *name;  /* "api_key", "currency.USDT_TRX", ... */
	struct text value; /* a secret's own bytes, trimmed of the line end of its file */
	bool secret;
};

/* What a channel may pay at most (CONTRACT, section 8). */
enum channel_limit {
	CHANNEL_LIMIT_PAYOUT = 0,
	CHANNEL_LIMIT_BATCH,
	CHANNEL_LIMIT_DAY,
	CHANNEL_LIMIT_BENEFICIARY_DAY,
	CHANNEL_LIMITS,
};
/* "limit_per_payout", ...: the settings' names. */
const char *channel_limit_name(enum channel_limit limit);

struct channel {
	char name[CHANNEL_NAME_SIZE];
	enum provider_id provider;
	const char *mode;     /* circle: wire, legacy, address_book; else "" */
	const char *base_url; /* without a slash at the end */
	const char *host;     /* of base_url; with the port except on loopback */
	bool sandbox;         /* loopback, a documented test host or testmode */
	bool testmode;
	int64_t rate_count; /* rate_count requests in rate_period_ms; 0 is no limit */
	int64_t rate_period_ms;
	int64_t burst;
	const char *rate_group; /* channels of one group share a limiter; own name by default */
	int workers;
	int64_t timeout_ms;
	struct setting_value *settings; /* of this provider: api_key, key, secret, account, ... */
	size_t setting_count;
	struct asset_table assets; /* currency.CODE of the channel */
	struct limit limits[CHANNEL_LIMITS];
	const char *ca_file; /* further trusted certificates (PEM), or NULL */
};

/* The value of a setting, or the empty text. */
struct text channel_setting(const struct channel *channel, const char *name);

#endif
