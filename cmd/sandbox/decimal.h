/*
 * An exact decimal that is not negative: below 10^18, down to 10^-18. Floor 5, sandbox. A value; no memory.
 * Amounts come as number tokens of a body and go out as digits; no double is ever between.
 */
#ifndef SANDBOX_DECIMAL_H
#define SANDBOX_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

#define DECIMAL_ONE UINT64_C(1000000000000000000) /* 10^18: the atto in one */

struct decimal {
	uint64_t whole; /* below 10^18 */
	uint64_t atto;  /* 10^-18, below 10^18 */
};

/* Reads the number grammar of JSON (RFC 8259, section 6) without a sign, leading zeros allowed; an exponent is worked
 * out exactly. False: not a number, negative, too large, or finer than 10^-18. */
bool decimal_parse(struct text text, struct decimal *decimal);

/* The normal form: no exponent, no needless zeros: 12.50 is 12.5, 3.0 is 3. */
void decimal_write(struct buf *buf, struct decimal decimal);

/* As the normal form, with at least two decimals: 12.5 is 12.50, 3 is 3.00, 0.125 stays. */
void decimal_write_money(struct buf *buf, struct decimal decimal);

/* Digits after the point in the normal form. */
unsigned decimal_places(struct decimal decimal);

bool decimal_is_zero(struct decimal decimal);
int decimal_compare(struct decimal a, struct decimal b);

/* a + b; a sum of 10^18 or more dies: balances stay far below. */
struct decimal decimal_add(struct decimal a, struct decimal b);
/* a - b; b is at most a. */
struct decimal decimal_subtract(struct decimal a, struct decimal b);

#endif
