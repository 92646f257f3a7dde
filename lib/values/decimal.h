/*
 * Exact decimals of any sign, for what providers tell: balances and fees may have more decimals than payrun counts in.
 * Floor 1, pure. 18 decimals and whole numbers up to those of int64; more is refused, never rounded.
 */
#ifndef VALUES_DECIMAL_H
#define VALUES_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

struct decimal {
	int64_t whole;     /* towards minus infinity: -0.25 is -1 and 0.75 */
	uint64_t fraction; /* of 10^-18, below 10^18 */
};

/* 12.50, -3, .5 is none; an exponent as JSON has it (1E-7) counts. False where it is no number or can't be held. */
bool decimal_parse(struct text text, struct decimal *decimal);
/* Of an amount in units of 10^-decimals (at most 18). */
struct decimal decimal_of(int64_t minor, unsigned decimals);

/* Both leave *sum as it was where the result can't be held. */
bool decimal_add(struct decimal *sum, struct decimal other);
bool decimal_subtract(struct decimal *sum, struct decimal other);
/* sum += other * count, count not negative. */
bool decimal_add_times(struct decimal *sum, struct decimal other, int64_t count);

/* Below, equal, above: -1, 0, 1. */
int decimal_compare(struct decimal a, struct decimal b);

/* At least so many decimals, further ones as far as they are not zero: 12.50, -0.25. */
void decimal_text(struct buf *buf, struct decimal decimal, unsigned decimals);

#endif
