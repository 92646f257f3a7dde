/*
 * Purpose codes of the providers that have a list of their own. Floor 1, pure.
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

#endif
