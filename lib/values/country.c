#include "values/country.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TABLES_WANT_ISO3166_RESERVED
#define TABLES_WANT_ISO3166_HINT
#include "values/tables.inc"

struct country {
	char alpha2[3];
	char alpha3[4];
	const char *name;
};

#define ROW(alpha2, alpha3, numeric, name, common_name, status, note) {alpha2, alpha3, name},
static const struct country countries[] = {TABLES_ISO3166_ROWS(ROW)};
#undef ROW
#define COUNTRIES (sizeof(countries) / sizeof(countries[0]))

static unsigned order(const char *alpha2)
{
	return (unsigned)(unsigned char)alpha2[0] << 8 | (unsigned char)alpha2[1];
}

/* As currency_find: once a row, no branches that guess, sorted by the build. */
static const struct country *find(struct text alpha2)
{
	unsigned wanted = order(alpha2.ptr);
	size_t first = 0, count = COUNTRIES;

	while (count > 1) {
		size_t half = count / 2;

		first = order(countries[first + half].alpha2) <= wanted ? first + half : first;
		count -= half;
	}
	return order(countries[first].alpha2) == wanted ? &countries[first] : NULL;
}

/* A row of the table is one code, or a range of them written QM..QZ. */
static bool in_reservation(const char *cell, struct text code)
{
	if (strlen(cell) == 6)
		return order(cell) <= order(code.ptr) && order(code.ptr) <= order(cell + 4);
	return text_is(code, cell);
}

static const char *reservation(struct text code)
{
	for (size_t i = 0; i < tables_iso3166_reserved_count; i++)
		if (in_reservation(tables_iso3166_reserved[i][0], code))
			return tables_iso3166_reserved[i][2];
	return NULL;
}

static const char *instead(struct text code)
{
	for (size_t i = 0; i < tables_iso3166_hint_count; i++)
		if (text_is(code, tables_iso3166_hint[i][0]))
			return tables_iso3166_hint[i][1];
	for (size_t i = 0; i < COUNTRIES; i++)
		if (text_is(code, countries[i].alpha3))
			return countries[i].alpha2;
	return NULL;
}

enum country_verdict country_check(struct text alpha2, const char **name, const char **hint)
{
	const struct country *country = alpha2.len == 2 ? find(alpha2) : NULL;

	*name = "";
	*hint = NULL;
	if (country != NULL) {
		*name = country->name;
		return COUNTRY_VALID;
	}
	*hint = instead(alpha2);
	if (alpha2.len != 2 || reservation(alpha2) == NULL)
		return COUNTRY_BAD_UNKNOWN;
	*name = reservation(alpha2);
	return COUNTRY_BAD_RESERVED;
}
