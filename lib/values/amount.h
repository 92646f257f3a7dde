/*
 * How a file writes its amounts, and what an amount that is written otherwise looks like. Floor 1, pure.
 * Plain digits with a decimal mark are money.h's; marks for thousands, signs and minor units are read only where a
 * profile says that the whole file has them (CONTRACT, section 8). Nothing is guessed.
 */
#ifndef VALUES_AMOUNT_H
#define VALUES_AMOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "values/money.h"

/* A text that may stand before or behind an amount, and the currency that it stands for: EUR and its sign. */
struct amount_sign {
	struct text sign, currency;
};

struct amount_style {
	char decimal_mark; /* . or , */
	char grouping;     /* . , ' or a blank (NBSP and its narrow forms too); 0: none */
	bool indian;       /* groups of two before the last one of three: 12,34,567.89 */
	bool debit;        /* what is to be paid is negative: a minus before or behind it, or brackets */
	bool minor;        /* in the currency's smallest unit: 1250 is 12.50 */
	const struct amount_sign *signs;
	size_t sign_count;
};

struct amount {
	enum money_verdict verdict;
	int64_t minor;    /* of MONEY_VALID */
	struct text sign; /* the currency sign that it has; empty: none */
	bool sign_fits;   /* it stands for the row's currency */
};

/* Reads a cell, already trimmed. currency: the row's, or empty. In minor units decimals say nothing and a decimal mark
 * is MONEY_BAD_DECIMALS; an amount without a minus where debit is said is MONEY_BAD_NOT_POSITIVE. */
struct amount amount_read(const struct amount_style *style, struct text text, unsigned decimals, struct text currency);

#define AMOUNT_PLAIN_SIZE 64
/* A total that is written as the amounts are, as plain decimal text with a point in out, zero too; where debit is said
 * its minus may be missing. It is in minor units where the amounts are. False: it is none, or its sign does not stand
 * for the currency (empty: any). */
bool amount_plain(const struct amount_style *style, struct text text, struct text currency, char out[AMOUNT_PLAIN_SIZE],
	struct text *plain);

/* --- what else it looks like -------------------------------------------------------------------------------------- */

enum amount_minus { AMOUNT_NO_MINUS = 0, AMOUNT_MINUS_BEFORE, AMOUNT_MINUS_BEHIND, AMOUNT_BRACKETS };

enum amount_groups {
	AMOUNT_NO_GROUPS = 0,
	AMOUNT_THREES,
	AMOUNT_INDIAN,
	AMOUNT_UNEVEN, /* marks between digits that are no such groups */
};

/* The parts of a text that a person would take for an amount. */
struct amount_look {
	bool readable; /* these parts and digits are all there is */
	enum amount_minus minus;
	bool plus;
	bool exponent;
	bool other_digits; /* of another script than ASCII's; nothing else is looked at then */
	struct text sign;  /* what stands before or behind the number: a currency, or any letters */
	enum amount_groups groups;
	char grouping; /* . , ' or a blank */
	char mark;     /* before the decimals; 0: there are none */
	bool zero;     /* no digit is another than 0 */
};

struct amount_look amount_look(struct text text);

#endif
