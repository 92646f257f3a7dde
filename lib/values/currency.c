#include "values/currency.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define TABLES_WANT_ISO4217_WITHDRAWN
#define TABLES_WANT_ISO4217_SUCCESSOR
#include "values/tables.inc"

#define ROW(code, numeric, minor_units, name, kind, cldr_digits, note) {code, minor_units, name},
static const struct currency currencies[] = {TABLES_ISO4217_ROWS(ROW)};
#undef ROW
#define CURRENCIES (sizeof(currencies) / sizeof(currencies[0]))

static uint32_t order(const char *code)
{
	return (uint32_t)(unsigned char)code[0] << 16 | (uint32_t)(unsigned char)code[1] << 8 | (unsigned char)code[2];
}

/* A search without branches that guess: it runs once a row. The table is sorted by the build. */
const struct currency *currency_find(struct text code)
{
	size_t first = 0, count = CURRENCIES;
	uint32_t wanted;

	if (code.len != 3)
		return NULL;
	wanted = order(code.ptr);
	while (count > 1) {
		size_t half = count / 2;

		first = order(currencies[first + half].code) <= wanted ? first + half : first;
		count -= half;
	}
	return order(currencies[first].code) == wanted ? &currencies[first] : NULL;
}

const char *currency_withdrawn(struct text code, const char **name)
{
	enum { CELL_CODE, CELL_NUMERIC, CELL_NAME, CELL_MONTH };

	for (size_t i = 0; i < tables_iso4217_withdrawn_count; i++) {
		if (!text_is(code, tables_iso4217_withdrawn[i][CELL_CODE]))
			continue;
		*name = tables_iso4217_withdrawn[i][CELL_NAME];
		return tables_iso4217_withdrawn[i][CELL_MONTH];
	}
	return NULL;
}

const char *currency_successor(struct text code)
{
	for (size_t i = 0; i < tables_iso4217_successor_count; i++)
		if (text_is(code, tables_iso4217_successor[i][0]))
			return tables_iso4217_successor[i][1];
	return NULL;
}
