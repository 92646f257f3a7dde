/*
 * Names and kinds of the settings of payrun.conf, as data. Floor 1. Each provider exports the ones of its channels, the
 * configuration has its own; the parser in config/ needs nothing else to know about a provider.
 */
#ifndef VALUES_SETTING_H
#define VALUES_SETTING_H

#include <stdbool.h>

#include "values/provider.h"

enum setting_kind {
	SETTING_TEXT = 0,
	SETTING_SECRET,   /* file:PATH | env:NAME | credential:NAME | the bare secret itself */
	SETTING_CHOICE,   /* one of choices */
	SETTING_DURATION, /* 30s, 5m, 2h */
	SETTING_ASSET,    /* currency.CODE = DECIMALS ADDRESS-KIND */
	SETTING_YES_NO,
};

struct setting {
	const char *name; /* "currency." with a dot at the end: a prefix */
	enum setting_kind kind;
	const char *choices; /* "wire legacy address_book" */
	bool enforced;       /* false: known, but this version does not enforce it: exit 2 when it is set */
	const char *meaning; /* one line for the manual */
};

/* One provider's part of the configuration. */
struct provider_settings {
	enum provider_id provider;
	bool has_adapter; /* false: a channel of it is exit 2 in this version */
	const struct setting *settings;
	int count;
	const char *const *test_hosts; /* documented test hosts (SANDBOX); ended by NULL */
	const char *default_url;
};

#endif
