#include "values/bank.h"

#include <stddef.h>

#include "values/country.h"

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_capital(char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool are_capitals(const char *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_capital(at[i]))
			return false;
	return true;
}

static bool are_capitals_or_digits(const char *at, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_capital(at[i]) && !is_digit(at[i]))
			return false;
	return true;
}

enum bic_verdict bic_check(struct text bic)
{
	const char *name, *hint;

	if ((bic.len != 8 && bic.len != 11) || !are_capitals_or_digits(bic.ptr, bic.len) ||
		!are_capitals(bic.ptr + 4, 2))
		return BIC_BAD_SYNTAX;
	if (bic.len == 11 && bic.ptr[8] == 'X' && (bic.ptr[9] != 'X' || bic.ptr[10] != 'X'))
		return BIC_BAD_SYNTAX;
	return country_check(bic_country(bic), &name, &hint) == COUNTRY_VALID ? BIC_VALID : BIC_BAD_COUNTRY;
}

struct text bic_country(struct text bic)
{
	return (struct text){bic.ptr + 4, 2};
}

/* Where routing numbers begin: the Federal Reserve districts, thrift institutions, electronic ones, traveller's
 * cheques. */
static bool routing_prefix_given(int prefix)
{
	return prefix <= 12 || (prefix >= 21 && prefix <= 32) || (prefix >= 61 && prefix <= 72) || prefix == 80;
}

enum routing_verdict routing_check(struct text aba)
{
	static const int weights[9] = {3, 7, 1, 3, 7, 1, 3, 7, 1};
	int sum = 0;

	if (aba.len != 9)
		return ROUTING_BAD_LENGTH;
	for (size_t i = 0; i < 9; i++) {
		if (!is_digit(aba.ptr[i]))
			return ROUTING_BAD_LENGTH;
		sum += weights[i] * (aba.ptr[i] - '0');
	}
	/* nine zeros add up to zero, and are no bank */
	if (sum == 0 || sum % 10 != 0 || !routing_prefix_given(10 * (aba.ptr[0] - '0') + (aba.ptr[1] - '0')))
		return ROUTING_BAD_CHECKSUM;
	return ROUTING_VALID;
}

bool ifsc_valid(struct text ifsc)
{
	return ifsc.len == 11 && are_capitals(ifsc.ptr, 4) && ifsc.ptr[4] == '0' &&
	       are_capitals_or_digits(ifsc.ptr + 5, 6);
}
