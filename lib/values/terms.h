/*
 * The terms of a channel: what its provider and mode demand of a row. Floor 1. Each adapter exports the fixed part
 * as data; the channel adds its own.
 */
#ifndef VALUES_TERMS_H
#define VALUES_TERMS_H

#include <stdbool.h>

#include "values/channel.h"
#include "values/column.h"

struct terms {
	const struct channel *channel;
	column_set required;    /* FIELD_REQUIRED when empty */
	column_set carried;     /* what reaches the provider (or payrun itself); a filled one outside: FIELD_NOT_SENT */
	bool carries_recipient; /* recipient.X */
	bool pays_to_chain;     /* `address` is wallet_address; the address is checked against the currency's asset */
	bool own_assets;        /* currency is the provider's own code (asset table); else ISO 4217 */
	bool provider_schedules; /* a future execution_date goes along instead of holding the row */
};

#endif
