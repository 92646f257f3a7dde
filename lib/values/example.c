#include "values/example.h"

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct example {
	enum column column;
	const char *value;
};

/* Satisfies the rules of its column, and is nobody's. */
static const struct example destinations[] = {
	{COLUMN_BENEFICIARY_ID, "00000000-0000-4000-8000-000000000000"},
	{COLUMN_IBAN, "DE36000000000000000000"},
	{COLUMN_ACCOUNT_NUMBER, "EXAMPLE-0000"},
	{COLUMN_BALANCE_ID, "bal_EXAMPLE"},
};

static const struct example others[] = {
	{COLUMN_BENEFICIARY_NAME, "Example Ltd"},
	{COLUMN_COUNTRY, "DE"},
	{COLUMN_LINE1, "1 Example Street"},
	{COLUMN_CITY, "Berlin"},
	{COLUMN_POSTAL_CODE, "10115"},
	{COLUMN_ROUTING_NUMBER, "011000015"},
	{COLUMN_BIC, "EXAMINBB"},
	{COLUMN_IFSC, "EXAM0000000"},
	{COLUMN_BANK_NAME, "Example Bank"},
	{COLUMN_BANK_CITY, "Berlin"},
	{COLUMN_BANK_COUNTRY, "DE"},
	{COLUMN_EMAIL, "payee@example.com"},
	{COLUMN_PURPOSE, "PMT001"},
	{COLUMN_DESCRIPTION, "Invoice 4711"},
};

/* Each network's address of twenty zero bytes. */
static const struct {
	enum address_kind kind;
	const char *address;
} addresses[] = {
	{ADDRESS_BITCOIN, "1111111111111111111114oLvT2"},
	{ADDRESS_EVM, "0x0000000000000000000000000000000000000000"},
	{ADDRESS_TRON, "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb"},
	{ADDRESS_DOGECOIN, "D596YFweJQuHY1BbjazZYmAbt8jJPbKehC"},
};

static struct text find(const struct example *list, size_t count, enum column column)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].column == column)
			return text_of(list[i].value);
	return TEXT("");
}

bool example_reference(struct text reference)
{
	const struct text prefix = TEXT(EXAMPLE_PREFIX);

	return reference.len >= prefix.len && text_equal_nocase((struct text){reference.ptr, prefix.len}, prefix);
}

bool example_destination(enum column column, struct text value)
{
	if (value.len == 0)
		return false;
	if (column != COLUMN_WALLET_ADDRESS)
		return text_equal_nocase(value, find(destinations, COUNT(destinations), column));
	for (size_t i = 0; i < COUNT(addresses); i++)
		if (text_equal_nocase(value, text_of(addresses[i].address)))
			return true;
	return false;
}

struct text example_value(enum column column)
{
	struct text value = find(destinations, COUNT(destinations), column);

	return value.len > 0 ? value : find(others, COUNT(others), column);
}

struct text example_address(enum address_kind kind)
{
	for (size_t i = 0; i < COUNT(addresses); i++)
		if (addresses[i].kind == kind)
			return text_of(addresses[i].address);
	return TEXT("");
}
