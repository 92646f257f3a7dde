/*
 * ISO 4217 currencies, and the withdrawn ones for better messages. Floor 1, pure; tables from lib/values/tables.
 */
#ifndef VALUES_CURRENCY_H
#define VALUES_CURRENCY_H

#include <stdbool.h>

#include "base/text.h"

#define CURRENCY_SIZE 16 /* bytes of a currency or asset code with its NUL; the longest known is USDT_MATIC */

struct currency {
	char code[4];
	int decimals; /* ISO minor units; -1 where ISO has none (XAU, XXX): not payable */
	const char *name;
};

/* Upper-case three-letter code; NULL when it is not a current one. */
const struct currency *currency_find(struct text code);
/* Month of withdrawal ("2023-01") when it is a withdrawn code, and its name; NULL when it is not. */
const char *currency_withdrawn(struct text code, const char **name);
/* The code of the currency that took its place, where there is a single one that is still valid; else NULL. */
const char *currency_successor(struct text code);

#endif
