#include "values/iban.h"

#include <stdint.h>
#include <string.h>

#define TABLES_WANT_IBAN_UNOFFICIAL
#include "values/tables.inc"

struct country {
	char alpha2[3];
	int16_t length;
	const char *structure; /* 4!n14!c: so many digits (n), capitals (a), either (c) */
	const char *territories;
	const char *name;
	bool sepa;
};

#define ROW(country, name, length, structure, territories, sepa, example)                                              \
	{country, length, structure, territories, name, sepa},
static const struct country countries[] = {TABLES_IBAN_ROWS(ROW)};
#undef ROW
#define COUNTRIES (sizeof(countries) / sizeof(countries[0]))

static unsigned order(const char *alpha2)
{
	return (unsigned)(unsigned char)alpha2[0] << 8 | (unsigned char)alpha2[1];
}

/* As currency_find: sorted by the build. */
static const struct country *find(struct text text)
{
	size_t first = 0, count = COUNTRIES;
	unsigned wanted;

	if (text.len < 2)
		return NULL;
	wanted = order(text.ptr);
	while (count > 1) {
		size_t half = count / 2;

		first = order(countries[first + half].alpha2) <= wanted ? first + half : first;
		count -= half;
	}
	return order(countries[first].alpha2) == wanted ? &countries[first] : NULL;
}

struct text iban_canonical(struct text iban, char out[IBAN_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < iban.len; i++) {
		char byte = iban.ptr[i];

		if (byte == ' ')
			continue;
		if (len == IBAN_MAX)
			return iban;
		out[len++] = (char)(byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte);
	}
	return (struct text){out, len};
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_capital(char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool fits(char byte, char kind)
{
	return (kind != 'a' && is_digit(byte)) || (kind != 'n' && is_capital(byte));
}

/* The part behind the check digits against the country's structure; its length fits already. */
static bool structure_fits(const char *structure, struct text bban)
{
	size_t at = 0;

	while (*structure != '\0') {
		size_t count = 0;
		char kind;

		for (; is_digit(*structure); structure++)
			count = 10 * count + (size_t)(*structure - '0');
		structure++; /* '!' */
		kind = *structure++;
		for (; count > 0 && at < bban.len; count--, at++)
			if (!fits(bban.ptr[at], kind))
				return false;
	}
	return at == bban.len;
}

/* The number that an IBAN is, with its first four characters moved to the end and A as 10, modulo 97. */
static unsigned modulo_97(struct text iban)
{
	unsigned rest = 0;

	for (size_t i = 0; i < iban.len; i++) {
		char byte = iban.ptr[(i + 4) % iban.len];

		if (is_digit(byte))
			rest = (10 * rest + (unsigned)(byte - '0')) % 97;
		else
			rest = (100 * rest + (unsigned)(byte - 'A') + 10) % 97;
	}
	return rest;
}

/* The list of territories has two letters and a space each. */
static bool has_territory(const struct country *country, struct text territory)
{
	for (const char *at = country->territories; *at != '\0'; at += at[2] == ' ' ? 3 : 2)
		if (order(at) == order(territory.ptr))
			return true;
	return false;
}

/* The country whose IBANs a territory has; NULL when it is none. */
static const struct country *country_of_territory(struct text territory)
{
	for (size_t i = 0; i < COUNTRIES; i++)
		if (has_territory(&countries[i], territory))
			return &countries[i];
	return NULL;
}

/* What is to be said of two letters that are no country of the registry. */
static void look_outside(struct iban_look *look)
{
	const struct country *country;

	if (look->country[0] == '\0')
		return;
	for (size_t i = 0; i < tables_iban_unofficial_count; i++)
		if (strcmp(tables_iban_unofficial[i][0], look->country) == 0)
			look->unofficial = tables_iban_unofficial[i][1];
	country = country_of_territory(text_of(look->country));
	if (country != NULL)
		memcpy(look->uses, country->alpha2, sizeof(look->uses));
}

static void look_at(struct text iban, const struct country *country, struct iban_look *look)
{
	*look = (struct iban_look){.name = "", .unofficial = ""};
	if (iban.len >= 2 && is_capital(iban.ptr[0]) && is_capital(iban.ptr[1]))
		memcpy(look->country, iban.ptr, 2);
	if (country == NULL) {
		look_outside(look);
		return;
	}
	look->name = country->name;
	look->length = country->length;
}

enum iban_verdict iban_check(struct text iban, struct iban_look *look)
{
	const struct country *country = find(iban);
	unsigned digits;

	if (look != NULL)
		look_at(iban, country, look);
	if (country == NULL)
		return IBAN_BAD_COUNTRY;
	if (iban.len != (size_t)country->length)
		return IBAN_BAD_LENGTH;
	if (!is_digit(iban.ptr[2]) || !is_digit(iban.ptr[3]) ||
		!structure_fits(country->structure, (struct text){iban.ptr + 4, iban.len - 4}))
		return IBAN_BAD_STRUCTURE;
	digits = 10 * (unsigned)(iban.ptr[2] - '0') + (unsigned)(iban.ptr[3] - '0');
	if (digits < 2 || digits > 98 || modulo_97(iban) != 1)
		return IBAN_BAD_CHECKSUM;
	return IBAN_VALID;
}

bool iban_covers(struct text iban_country, struct text country)
{
	const struct country *found = find(iban_country);

	if (iban_country.len != 2 || country.len != 2)
		return false;
	if (order(iban_country.ptr) == order(country.ptr))
		return true;
	return found != NULL && has_territory(found, country);
}

bool iban_sepa(struct text country)
{
	const struct country *found = find(country);

	if (found == NULL && country.len == 2)
		found = country_of_territory(country);
	return found != NULL && found->sepa;
}
