/*
 * What names a bank: the BIC (ISO 9362), the ABA routing number of the US, India's IFSC. Floor 1, pure.
 */
#ifndef VALUES_BANK_H
#define VALUES_BANK_H

#include <stdbool.h>

#include "base/text.h"

enum bic_verdict {
	BIC_BAD_SYNTAX = 0,
	BIC_BAD_COUNTRY, /* its fifth and sixth letter are no country */
	BIC_VALID,
};
/* 8 or 11 capitals and digits: 4 of the bank, 2 letters of its country, 2, and 3 of a branch, which begins with X only
 * in XXX. */
enum bic_verdict bic_check(struct text bic);
/* The two letters of the country of a BIC that bic_check found valid. */
struct text bic_country(struct text bic);

enum routing_verdict {
	ROUTING_BAD_LENGTH = 0, /* not nine digits */
	ROUTING_BAD_CHECKSUM,   /* weights 3, 7, 1; also a beginning that is never given */
	ROUTING_VALID,
};
enum routing_verdict routing_check(struct text aba);

/* Four capitals, a zero, six capitals or digits; it has no check digit. */
bool ifsc_valid(struct text ifsc);

#endif
