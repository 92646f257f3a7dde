#include "values/purpose.h"

#include <stddef.h>

#define TABLES_WANT_PURPOSE_CIRCLE
#include "values/tables.inc"

enum { CELL_CODE, CELL_MEANING, CELL_PAYOUTS };

static enum purpose_verdict check_circle(struct text code, const char **meaning)
{
	for (size_t i = 0; i < tables_purpose_circle_count; i++) {
		if (!text_is(code, tables_purpose_circle[i][CELL_CODE]))
			continue;
		*meaning = tables_purpose_circle[i][CELL_MEANING];
		return text_is(TEXT("yes"), tables_purpose_circle[i][CELL_PAYOUTS]) ? PURPOSE_VALID
										    : PURPOSE_BAD_UNSUPPORTED;
	}
	return PURPOSE_BAD_UNKNOWN;
}

enum purpose_verdict purpose_check(enum purpose_list list, struct text code, const char **meaning)
{
	*meaning = "";
	return list == PURPOSE_CIRCLE ? check_circle(code, meaning) : PURPOSE_VALID;
}

bool purpose_next(enum purpose_list list, size_t *at, const char **code, const char **meaning)
{
	while (list == PURPOSE_CIRCLE && *at < tables_purpose_circle_count) {
		size_t i = (*at)++;

		if (!text_is(TEXT("yes"), tables_purpose_circle[i][CELL_PAYOUTS]))
			continue;
		*code = tables_purpose_circle[i][CELL_CODE];
		*meaning = tables_purpose_circle[i][CELL_MEANING];
		return true;
	}
	return false;
}
