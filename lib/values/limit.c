#include "values/limit.h"

#include <string.h>

#include "values/money.h"

#define FRACTION_DECIMALS MONEY_DECIMALS_MAX

static const char shape[] =
	"amounts like USD 50000 or USD 50000,EUR 40000, each currency once, and *:none for all others";

static bool is_code(struct text code)
{
	for (size_t i = 0; i < code.len; i++) {
		char byte = code.ptr[i];

		if (!(byte >= 'A' && byte <= 'Z') && !(byte >= 'a' && byte <= 'z') && !(byte >= '0' && byte <= '9') &&
			byte != '_' && byte != '-' && byte != '.')
			return false;
	}
	return code.len > 0 && code.len < CURRENCY_SIZE;
}

static bool amount_parse(struct text text, struct limit_amount *amount)
{
	const char *point = memchr(text.ptr, '.', text.len);
	struct text whole = {text.ptr, point != NULL ? (size_t)(point - text.ptr) : text.len};
	struct text fraction = {whole.ptr + whole.len, text.len - whole.len};
	char digits[FRACTION_DECIMALS + 1] = "00000000";

	if (!text_number(whole, INT64_MAX, &amount->whole))
		return false;
	if (point == NULL)
		return amount->whole > 0;
	if (fraction.len < 2 || fraction.len > FRACTION_DECIMALS + 1)
		return false;
	memcpy(digits, fraction.ptr + 1, fraction.len - 1);
	return text_number((struct text){digits, FRACTION_DECIMALS}, INT64_MAX, &amount->fraction) &&
	       (amount->whole > 0 || amount->fraction > 0);
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

/* "USD 50000" */
static bool entry_parse(struct text entry, struct limit *limit)
{
	struct limit_amount *amount = &limit->amounts[limit->count];
	struct text code = entry, rest;
	int64_t known;

	for (code.len = 0; code.len < entry.len && !is_blank(entry.ptr[code.len]);)
		code.len++;
	rest = text_trim((struct text){entry.ptr + code.len, entry.len - code.len});
	if (limit->count == LIMIT_CURRENCIES_MAX || !is_code(code) ||
		limit_of(limit, code, 0, &known) == LIMIT_AMOUNT || !amount_parse(rest, amount))
		return false;
	memcpy(amount->currency, code.ptr, code.len);
	limit->count++;
	return true;
}

const char *limit_parse(struct text text, struct limit *limit)
{
	*limit = (struct limit){.given = true};
	while (text.len > 0) {
		const char *comma = memchr(text.ptr, ',', text.len);
		struct text entry = {text.ptr, comma != NULL ? (size_t)(comma - text.ptr) : text.len};

		text.ptr += entry.len + (comma != NULL);
		text.len -= entry.len + (comma != NULL);
		entry = text_trim(entry);
		if (text_is(entry, "*:none") && !limit->others_free)
			limit->others_free = true;
		else if (!entry_parse(entry, limit))
			return shape;
		if (comma != NULL && text.len == 0)
			return shape;
	}
	return limit->count > 0 || limit->others_free ? NULL : shape;
}

static int64_t to_minor(const struct limit_amount *amount, unsigned decimals)
{
	int64_t minor = amount->whole, fraction = amount->fraction;

	for (unsigned i = 0; i < decimals; i++)
		if (__builtin_mul_overflow(minor, 10, &minor))
			return INT64_MAX;
	for (unsigned i = decimals; i < FRACTION_DECIMALS; i++)
		fraction /= 10;
	return money_add(&minor, fraction) ? minor : INT64_MAX;
}

enum limit_verdict limit_of(const struct limit *limit, struct text currency, unsigned decimals, int64_t *minor)
{
	if (!limit->given)
		return LIMIT_NONE;
	for (int i = 0; i < limit->count; i++)
		if (text_is(currency, limit->amounts[i].currency)) {
			*minor = to_minor(&limit->amounts[i], decimals);
			return LIMIT_AMOUNT;
		}
	return limit->others_free ? LIMIT_NONE : LIMIT_UNNAMED;
}
