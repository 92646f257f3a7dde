/*
 * The terms of a channel: what its provider and mode demand of a row. Floor 1. Each adapter exports the fixed part
 * as data; the channel adds its own.
 */
#ifndef VALUES_TERMS_H
#define VALUES_TERMS_H

#include <stdbool.h>

#include "values/bank_form.h"
#include "values/channel.h"
#include "values/column.h"
#include "values/purpose.h"

/* How many code points a column may have; 0: no such limit. */
struct column_limit {
	enum column column;
	unsigned min;
	unsigned max;
};

struct terms {
	const struct channel *channel;
	column_set required;    /* FIELD_REQUIRED when empty */
	column_set carried;     /* what reaches the provider (or payrun itself); a filled one outside: FIELD_NOT_SENT */
	bool carries_recipient; /* recipient.X */
	bool pays_to_chain;     /* `address` is wallet_address; the address is checked against the currency's asset */
	bool own_assets;        /* currency is the provider's own code (asset table); else ISO 4217 */
	bool provider_schedules; /* a future execution_date goes along instead of holding the row */

	struct text currencies; /* "USD EUR": what can be paid; empty: any of ISO 4217 */
	struct text exchanges;  /* "USD/BRL": where currencies is given, which other target_currency each may have */
	const struct bank_terms *bank; /* either beneficiary_id or bank details; NULL: `required` says it all */
	struct text bank_countries;    /* "CY CZ": paid to besides those of bank */
	bool uuid_destination;         /* beneficiary_id is a UUID */
	bool purpose_required;         /* PURPOSE_REQUIRED when empty */
	enum purpose_list purposes;
	const struct column_limit *limits;
	size_t limit_count;
	struct text default_currency; /* of a row that names none, whether ISO 4217 has it or not; empty: required */
	unsigned amount_decimals;     /* with default_currency: its decimals, and the most that another one may have */
	bool pays_from_balance;       /* the row names the balance that pays; `balance` where it names none */
	struct text balance;
	bool has_all, allows_all; /* ALL is an amount of the provider; the channel takes it */
	bool lacks_originator; /* the travel rule asks who pays from originator_from on, and the channel does not say */
	int64_t originator_from; /* whole units of the currency */
	bool recipient_table;    /* recipient fields are judged by tables/pontis_recipient.csv */
};

#endif
