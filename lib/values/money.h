/*
 * Amounts: int64 counts of a currency's smallest unit, never floating point. Floor 1, pure.
 * minor: count of units of 10^-decimals. decimals: 0 to 8 (an asset with more is counted in 10^-8, DESIGN "The
 * states").
 */
#ifndef VALUES_MONEY_H
#define VALUES_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

#define MONEY_DECIMALS_MAX 8

enum money_verdict {
	MONEY_BAD_SYNTAX = 0,   /* AMOUNT_SYNTAX: a sign, exponent, grouping, currency sign, other digits, nothing */
	MONEY_BAD_AMBIGUOUS,    /* AMOUNT_AMBIGUOUS: 1,234 could be 1234 or 1.234 */
	MONEY_BAD_NOT_POSITIVE, /* AMOUNT_NOT_POSITIVE: zero or a minus sign before a good number */
	MONEY_BAD_DECIMALS,     /* AMOUNT_DECIMALS: more than the currency has; trailing zeros beyond count too */
	MONEY_BAD_TOO_LARGE,    /* AMOUNT_TOO_LARGE: beyond int64 */
	MONEY_VALID,
};

/* Decimal text with the mark ('.' or ','), at most `decimals` digits behind it, to units. text is already trimmed. */
enum money_verdict money_parse(struct text text, unsigned decimals, char mark, int64_t *minor);

/* sum + minor; false on overflow, sum unchanged. */
bool money_add(int64_t *sum, int64_t minor);

/* All decimals of the currency: 12.50, 5 (none at 0 decimals). */
void money_text(struct buf *buf, int64_t minor, unsigned decimals);
/* Without trailing zeros, as asset amounts are written: 12.5, 5. */
void money_text_short(struct buf *buf, int64_t minor, unsigned decimals);

/* Compares two plain decimal texts (digits, optional point, optional minus) by value, exactly, at any length:
 * 12.5 equals 12.500. A number with an exponent is compared by value too. False when one is not a number. */
bool money_same_text(struct text a, struct text b);

#endif
