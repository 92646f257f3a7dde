#include "values/recipient.h"

#include <assert.h>
#include <string.h>

#include "values/bank.h"
#include "values/tables.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ROW(country, method, currency, field, required, form, source)                                                  \
	{country, method, currency, field, required, form},
static const struct recipient_field fields[] = {TABLES_PONTIS_RECIPIENT_ROWS(ROW)};
#undef ROW

#define MEMBER(literal, column)                                                                                        \
	{                                                                                                              \
		{literal, sizeof(literal) - 1}, column                                                                 \
	}
static const struct recipient_member members[] = {
	MEMBER("name", COLUMN_BENEFICIARY_NAME),
	MEMBER("account_number", COLUMN_ACCOUNT_NUMBER),
	MEMBER("ifsc", COLUMN_IFSC),
};

static const struct {
	const char *name;
	bool (*valid)(struct text value);
} forms[] = {
	{"ifsc", ifsc_valid},
};

const struct recipient_member *recipient_members(size_t *count)
{
	*count = COUNT(members);
	return members;
}

enum column recipient_column(struct text field)
{
	for (size_t i = 0; i < COUNT(members); i++)
		if (text_equal_nocase(field, members[i].field))
			return members[i].column;
	return COLUMN_COUNT;
}

static bool is_any(const char *cell)
{
	return strcmp(cell, "*") == 0;
}

enum recipient_verdict recipient_check(struct text country, struct text method)
{
	enum recipient_verdict verdict = RECIPIENT_BAD_COUNTRY;

	for (size_t i = 0; i < COUNT(fields); i++) {
		if (!text_is(country, fields[i].country))
			continue;
		if (text_is(method, fields[i].method))
			return RECIPIENT_KNOWN;
		verdict = RECIPIENT_BAD_METHOD;
	}
	return verdict;
}

const char *recipient_currency(struct text country)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (fields[i].currency[0] != '\0' && text_is(country, fields[i].country))
			return fields[i].currency;
	return NULL;
}

const struct recipient_field *recipient_next(struct text country, struct text method, size_t *at)
{
	while (*at < COUNT(fields)) {
		const struct recipient_field *field = &fields[(*at)++];

		if ((is_any(field->country) || text_is(country, field->country)) &&
			(is_any(field->method) || text_is(method, field->method)))
			return field;
	}
	return NULL;
}

/* A form that is not known here is a fault of this program: the table is part of it. */
bool recipient_fits(const struct recipient_field *field, struct text value)
{
	size_t i = 0;

	if (field->form[0] == '\0')
		return true;
	while (i < COUNT(forms) && strcmp(forms[i].name, field->form) != 0)
		i++;
	assert(i < COUNT(forms));
	return forms[i].valid(value);
}

static bool is_first_of_method(size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (strcmp(fields[i].country, fields[at].country) == 0 &&
			strcmp(fields[i].method, fields[at].method) == 0)
			return false;
	return true;
}

bool recipient_method(size_t index, const char **country, const char **method)
{
	for (size_t i = 0; i < COUNT(fields); i++) {
		if (is_any(fields[i].country) || is_any(fields[i].method) || !is_first_of_method(i) || index-- > 0)
			continue;
		*country = fields[i].country;
		*method = fields[i].method;
		return true;
	}
	return false;
}

void recipient_methods(struct text country, struct buf *buf)
{
	size_t before = buf->len;

	for (size_t i = 0; i < COUNT(fields); i++)
		if (text_is(country, fields[i].country) && is_first_of_method(i))
			buf_addf(buf, "%s%s", buf->len > before ? ", " : "", fields[i].method);
}
