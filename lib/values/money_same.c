/* The part of money.h that compares what a provider echoes with what it was sent. */
#include "values/money.h"

#define EXPONENT_MAX 1000000000000000 /* no number of an answer comes near; beyond it nothing is called equal */

/* A number by its digits: 0.DIGITS x 10^exponent, the first of the digits and the last not zero; no digits: zero. */
struct number {
	bool negative;
	struct text digits; /* a mark may stand among them */
	int64_t exponent;
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t skip_digits(struct text text, size_t *at)
{
	size_t from = *at;

	while (*at < text.len && is_digit(text.ptr[*at]))
		(*at)++;
	return *at - from;
}

/* E, a sign or none, digits, and then the end. */
static bool read_exponent(struct text text, size_t at, int64_t *exponent)
{
	bool negative = false;
	size_t from;

	if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
		negative = text.ptr[at++] == '-';
	from = at;
	if (skip_digits(text, &at) == 0 || at < text.len)
		return false;
	for (; from < text.len; from++)
		if (*exponent <= EXPONENT_MAX)
			*exponent = *exponent * 10 + (text.ptr[from] - '0');
	if (negative)
		*exponent = -*exponent;
	return true;
}

/* Takes the zeros off both ends, which say nothing but the exponent. */
static void strip_zeros(struct number *number)
{
	struct text *digits = &number->digits;

	while (digits->len > 0 && (digits->ptr[0] == '0' || digits->ptr[0] == '.')) {
		number->exponent -= digits->ptr[0] == '0';
		digits->ptr++;
		digits->len--;
	}
	while (digits->len > 0 && (digits->ptr[digits->len - 1] == '0' || digits->ptr[digits->len - 1] == '.'))
		digits->len--;
	if (digits->len == 0)
		*number = (struct number){.negative = false}; /* -0 is 0 */
}

static bool read_number(struct text text, struct number *number)
{
	size_t at = 0, whole;
	int64_t exponent = 0;

	*number = (struct number){.negative = text.len > 0 && text.ptr[0] == '-'};
	at = number->negative;
	number->digits.ptr = text.ptr + at;
	whole = skip_digits(text, &at);
	if (whole == 0)
		return false;
	if (at < text.len && text.ptr[at] == '.') {
		at++;
		if (skip_digits(text, &at) == 0)
			return false;
	}
	number->digits.len = at - number->negative;
	if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
		if (!read_exponent(text, at + 1, &exponent))
			return false;
	} else if (at < text.len) {
		return false;
	}
	number->exponent = (int64_t)whole + exponent;
	strip_zeros(number);
	return true;
}

/* The next digit at *at, or -1 at the end; a mark is passed over. */
static int next_digit(struct text digits, size_t *at)
{
	if (*at < digits.len && digits.ptr[*at] == '.')
		(*at)++;
	return *at < digits.len ? digits.ptr[(*at)++] : -1;
}

static bool in_range(const struct number *number)
{
	return number->exponent > -EXPONENT_MAX && number->exponent < EXPONENT_MAX;
}

bool money_same_text(struct text a, struct text b)
{
	struct number left, right;
	size_t left_at = 0, right_at = 0;
	int digit;

	if (!read_number(a, &left) || !read_number(b, &right))
		return false;
	if (left.negative != right.negative || left.exponent != right.exponent || !in_range(&left))
		return false;
	do {
		digit = next_digit(left.digits, &left_at);
		if (digit != next_digit(right.digits, &right_at))
			return false;
	} while (digit >= 0);
	return true;
}
