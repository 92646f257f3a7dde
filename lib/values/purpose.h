/*
 * Purpose codes: the lists of providers that have one of their own, ISO 20022's external codes, and what is known of
 * those that countries want. Floor 1, pure.
 */
#ifndef VALUES_PURPOSE_H
#define VALUES_PURPOSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum purpose_list {
	PURPOSE_ANY = 0, /* the provider's codes are not known here: none is refused */
	PURPOSE_CIRCLE,  /* PMT000 to PMT030 */
};

enum purpose_verdict {
	PURPOSE_BAD_UNKNOWN = 0,
	PURPOSE_BAD_UNSUPPORTED, /* a code of the list, but not for payouts (PMT006) */
	PURPOSE_VALID,
};

/* *meaning: what the code stands for, "" where that is not known. */
enum purpose_verdict purpose_check(enum purpose_list list, struct text code, const char **meaning);

/* The codes of a list that payouts may have, one after the other from *at = 0 on, which moves on; false at the end. */
bool purpose_next(enum purpose_list list, size_t *at, const char **code, const char **meaning);

struct purpose_near {
	const char *code, *meaning; /* "" where nothing is near */
};
/* The code of a provider's list that is meant by another spelling: 8, pmt-8, its meaning. */
struct purpose_near purpose_meant(enum purpose_list list, struct text text);

/* ISO 20022: external purpose and category purpose codes. The meaning, or NULL. */
const char *purpose_iso(struct text code);

/* A purpose for a provider without a list, in a country (alpha-2): false when it is written as a code and is none of
 * ISO 20022 or of the country, as far as those are known. Words are free. */
bool purpose_likely(struct text country, struct text text, struct purpose_near *near);

#endif
