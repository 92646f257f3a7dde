/*
 * The columns of a payout file: canonical names, aliases, and what a header cell means (CONTRACT, section 3). Floor 1.
 */
#ifndef VALUES_COLUMN_H
#define VALUES_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "values/provider.h"

enum column {
	COLUMN_REFERENCE = 0,
	COLUMN_CHANNEL,
	COLUMN_AMOUNT,
	COLUMN_CURRENCY,
	COLUMN_TARGET_CURRENCY,
	COLUMN_COUNTRY,
	COLUMN_BENEFICIARY_NAME,
	COLUMN_BENEFICIARY_ID,
	COLUMN_IBAN,
	COLUMN_ACCOUNT_NUMBER,
	COLUMN_ROUTING_NUMBER,
	COLUMN_BIC,
	COLUMN_IFSC,
	COLUMN_BANK_NAME,
	COLUMN_BANK_CITY,
	COLUMN_BANK_COUNTRY,
	COLUMN_WALLET_ADDRESS,
	COLUMN_LINE1,
	COLUMN_LINE2,
	COLUMN_CITY,
	COLUMN_DISTRICT,
	COLUMN_POSTAL_CODE,
	COLUMN_EMAIL,
	COLUMN_PURPOSE,
	COLUMN_DESCRIPTION,
	COLUMN_EXECUTION_DATE,
	COLUMN_SOURCE_OF_FUNDS,
	COLUMN_SOURCE_WALLET,
	COLUMN_PAYMENT_METHOD,
	COLUMN_PAYMENT_NETWORK,
	COLUMN_BALANCE_ID,
	COLUMN_COUNT, /* canonical columns end here */
	/* Headers whose canonical column depends on the row's provider; resolved by column_resolve(). */
	COLUMN_ADDRESS = COLUMN_COUNT, /* wallet_address on rows paid to a chain, else line1 */
	COLUMN_SOURCE_CURRENCY,        /* currency, on pontis rows only */
	COLUMN_CURRENCY_CODE,          /* target_currency, on pontis rows only */
	COLUMN_CELLS,                  /* cells of a raw row end here */
	/* What a header may be besides a column of a payout. */
	COLUMN_RECIPIENT, /* recipient.X: X is kept as the file writes it, lower case */
	COLUMN_OWN,       /* payrun_*: ignored on input, but payrun_reference is read */
	COLUMN_OWN_REFERENCE,
	COLUMN_UNKNOWN,   /* kept for the error file, named in a warning (HEADER_UNKNOWN) */
	COLUMN_MISSPELT,  /* near a known name: HEADER_UNKNOWN as an error, with *near_name */
	COLUMN_AMBIGUOUS, /* HEADER_MEANING */
};

typedef uint64_t column_set; /* bit 1 << column, canonical columns only */
#define COLUMN_SET(column) (UINT64_C(1) << (unsigned)(column))
/* iban, account_number, routing_number, bic, ifsc, bank_*: what names a bank account. */
#define COLUMN_SET_BANK                                                                                                \
	(COLUMN_SET(COLUMN_IBAN) | COLUMN_SET(COLUMN_ACCOUNT_NUMBER) | COLUMN_SET(COLUMN_ROUTING_NUMBER) |             \
		COLUMN_SET(COLUMN_BIC) | COLUMN_SET(COLUMN_IFSC) | COLUMN_SET(COLUMN_BANK_NAME) |                      \
		COLUMN_SET(COLUMN_BANK_CITY) | COLUMN_SET(COLUMN_BANK_COUNTRY))

const char *column_name(enum column column); /* canonical name; "address", "source_currency", "currency_code" too */
struct text column_text(enum column column); /* the same */
/* What stands in a canonical column, in a few words for people. */
const char *column_meaning(enum column column);

/* The names that a header may have, one after the other from index 0: canonical ones first, then what is also accepted.
 * False at the end. COLUMN_AMBIGUOUS: a name that means different things. */
bool column_known(size_t index, struct text *name, enum column *column);

/* What a header cell means; compared without regard to case, spaces, '_' and '-'. near_name: the known name that a
 * misspelt one is near to (may be NULL). One edit for names of 5 to 7 letters, two from 8. */
enum column column_find(struct text header, const char **near_name);

/* Names of other things than columns, compared in the same way: true where they are the same, or near. */
bool column_name_is(struct text name, const char *other);
bool column_name_near(struct text name, const char *other);

/* The canonical column of one whose meaning depends on the provider; others stay. A column that this provider's rows
 * do not know (source_currency elsewhere than pontis) is COLUMN_UNKNOWN. */
enum column column_resolve(enum column column, enum provider_id provider);

#endif
