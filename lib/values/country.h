/*
 * ISO 3166-1 alpha-2 countries and the reserved codes that are refused with a hint (UK: use GB). Floor 1, pure.
 */
#ifndef VALUES_COUNTRY_H
#define VALUES_COUNTRY_H

#include "base/text.h"

enum country_verdict { COUNTRY_BAD_UNKNOWN = 0, COUNTRY_BAD_RESERVED, COUNTRY_VALID };

/* alpha2 in upper case. *name: the country's or reservation's name, "" when unknown; *hint: the code to use instead, or
 * NULL: for UK it is GB, for the three-letter DEU it is DE. */
enum country_verdict country_check(struct text alpha2, const char **name, const char **hint);

#endif
