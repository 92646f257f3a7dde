/*
 * A payout: one checked row. Floor 1. It never changes afterwards; a function that takes a const struct payout * can't
 * be handed unchecked text. Slices live in the row's arena.
 */
#ifndef VALUES_PAYOUT_H
#define VALUES_PAYOUT_H

#include <stdint.h>

#include "base/text.h"
#include "values/column.h"
#include "values/currency.h"
#include "values/key.h"
#include "values/row.h"
#include "values/terms.h"

struct payout {
	int64_t row;
	int64_t line;
	const struct terms *terms; /* of the channel it is paid through */
	struct text reference;     /* trimmed, NFC; empty until a file without references got its BATCHID/F/N */
	int64_t amount_minor;      /* 0 of ALL: */
	bool all;                  /* the amount is what the balance has when it is claimed */
	unsigned decimals;
	char currency[CURRENCY_SIZE];
	char target_currency[CURRENCY_SIZE]; /* "" where it does not differ */
	struct text cells[COLUMN_COUNT];     /* trimmed, NFC, in canonical form; amount as minor units' digits */
	struct row_recipient recipient[ROW_RECIPIENT_MAX]; /* in byte order of name */
	size_t recipient_count;
	struct text destination; /* what identifies where the money goes, canonical: address, IBAN, account, id */
	struct text content;     /* content.h */
	uint8_t content_digest[SHA256_SIZE]; /* without the date where the row came in a message */
	struct key key;                      /* of attempt 1; zero while the reference is empty */
	int64_t release_at_utc_ms;           /* execution_date's midnight when in the future and held by us; else 0 */
};

#endif
