#include "values/purpose.h"

#include <stddef.h>

#define TABLES_WANT_PURPOSE_CIRCLE
#define TABLES_WANT_PURPOSE_ISO20022
#define TABLES_WANT_PURPOSE_COUNTRY
#include "values/tables.inc"

enum { CELL_CODE, CELL_MEANING, CELL_PAYOUTS };
enum { COUNTRY_ALPHA2, COUNTRY_CODE, COUNTRY_MEANING };

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

static const struct purpose_near nothing = {"", ""};

/* The number that a text ends in, behind PMT, O for a zero, and what people put between; -1 when it is no such text. */
static int circle_number(struct text text)
{
	int number = -1;

	if (text.len >= 3 && text_equal_nocase((struct text){text.ptr, 3}, TEXT("PMT")))
		text = (struct text){text.ptr + 3, text.len - 3};
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.ptr[i] == 'O' || text.ptr[i] == 'o' ? '0' : text.ptr[i];

		if (number < 0 && (byte == '-' || byte == '_' || byte == ' '))
			continue;
		if (byte < '0' || byte > '9' || number > 99)
			return -1;
		number = (number < 0 ? 0 : number * 10) + (byte - '0');
	}
	return number;
}

struct purpose_near purpose_meant(enum purpose_list list, struct text text)
{
	int number = circle_number(text);
	const char *code, *meaning;

	for (size_t at = 0; purpose_next(list, &at, &code, &meaning);)
		if (circle_number(text_of(code)) == number || text_equal_nocase(text, text_of(meaning)))
			return (struct purpose_near){code, meaning};
	return nothing;
}

const char *purpose_iso(struct text code)
{
	for (size_t i = 0; i < tables_purpose_iso20022_count; i++)
		if (text_is(code, tables_purpose_iso20022[i][CELL_CODE]))
			return tables_purpose_iso20022[i][CELL_MEANING];
	return NULL;
}

/* '#' of the table is any digit. */
static bool has_form(struct text text, const char *form)
{
	for (size_t i = 0; i < text.len; i++)
		if (form[i] == '\0' ||
			(form[i] == '#' ? text.ptr[i] < '0' || text.ptr[i] > '9' : text.ptr[i] != form[i]))
			return false;
	return form[text.len] == '\0';
}

static bool is_capital(char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

/* Four capitals, as ISO 20022 has them; where a country has codes of its own, digits and two to four capitals too. */
static bool is_code(struct text text, bool country)
{
	size_t digits = 0;

	for (size_t i = 0; i < text.len; i++) {
		digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
		if (!is_capital(text.ptr[i]) && (text.ptr[i] < '0' || text.ptr[i] > '9'))
			return false;
	}
	if (!country)
		return text.len == 4 && digits == 0;
	return text.len >= 2 && text.len <= 8 && (digits > 0 || text.len <= 4);
}

static void take_nearer(struct text text, const char *code, const char *meaning, struct purpose_near *near)
{
	if (near->code[0] == '\0' && text_distance(text, text_of(code), 1) == 1)
		*near = (struct purpose_near){code, meaning};
}

bool purpose_likely(struct text country, struct text text, struct purpose_near *near)
{
	bool listed = false;

	*near = nothing;
	for (size_t i = 0; i < tables_purpose_country_count; i++) {
		if (!text_is(country, tables_purpose_country[i][COUNTRY_ALPHA2]))
			continue;
		listed = true;
		if (has_form(text, tables_purpose_country[i][COUNTRY_CODE]))
			return true;
	}
	if (!is_code(text, listed) || purpose_iso(text) != NULL)
		return true;
	for (size_t i = 0; i < tables_purpose_country_count; i++)
		if (text_is(country, tables_purpose_country[i][COUNTRY_ALPHA2]))
			take_nearer(text, tables_purpose_country[i][COUNTRY_CODE],
				tables_purpose_country[i][COUNTRY_MEANING], near);
	for (size_t i = 0; i < tables_purpose_iso20022_count; i++)
		take_nearer(
			text, tables_purpose_iso20022[i][CELL_CODE], tables_purpose_iso20022[i][CELL_MEANING], near);
	return false;
}
