/*
 * Limit: amounts per currency, as a setting names them: "USD 50000,EUR 40000", with "*:none" for the currencies that
 * are not named. Floor 1, pure. It lives in the caller's memory and has no heap.
 */
#ifndef VALUES_LIMIT_H
#define VALUES_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "values/currency.h"

#define LIMIT_CURRENCIES_MAX 16 /* of one setting */

struct limit_amount {
	char currency[CURRENCY_SIZE];
	int64_t whole;
	int64_t fraction; /* of 10^-8 */
};

/* All zero: no limit was given. */
struct limit {
	struct limit_amount amounts[LIMIT_CURRENCIES_MAX];
	int count;
	bool given;
	bool others_free; /* "*:none" */
};

/* Reads a setting; NULL when it could be read, else what it must be, as a part of a sentence. */
const char *limit_parse(struct text text, struct limit *limit);

enum limit_verdict {
	LIMIT_UNNAMED = 0, /* limits were given, and none for this currency: nothing in it may pass */
	LIMIT_NONE,        /* no limit was given, or "*:none" */
	LIMIT_AMOUNT,      /* *minor: the most that may pass, INT64_MAX where it is beyond all that can be counted */
};

/* minor: in units of 10^-decimals of the currency, rounded down. */
enum limit_verdict limit_of(const struct limit *limit, struct text currency, unsigned decimals, int64_t *minor);

#endif
