/*
 * The codes that a channel takes in the columns of its template, where it is known which: for lists to choose from.
 * Floor 1, pure.
 */
#ifndef VALUES_TEMPLATE_CODES_H
#define VALUES_TEMPLATE_CODES_H

#include <stddef.h>

#include "base/text.h"
#include "values/column.h"
#include "values/terms.h"

#define TEMPLATE_CODES_MAX 1024 /* of all columns: two lists of countries are half of it */

struct template_code {
	enum column column;
	struct text code;
	struct text meaning; /* may be empty */
};

/* Codes of one column follow one another; columns stand in their own order. */
struct template_codes {
	struct template_code list[TEMPLATE_CODES_MAX];
	size_t count;
};

/* Texts are constant or those of the terms. A column without an entry takes what its rules allow. */
void template_codes_make(const struct terms *terms, struct template_codes *codes);

#endif
