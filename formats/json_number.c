#include "formats/json_number.h"

#include <stdint.h>
#include <string.h>

#define EXPONENT_MAX 40 /* int64 counts 19 digits, and no asset has more than 18 behind its point */

struct number {
	bool negative;
	char digits[JSON_NUMBER_DIGITS]; /* neither the first nor the last is 0 */
	size_t count;
	int64_t point; /* digits before the point; may be below 0 or above count */
};

static bool is_digit(struct text token, size_t at)
{
	return at < token.len && token.ptr[at] >= '0' && token.ptr[at] <= '9';
}

/* Takes a digit; zeros wait until another digit shows that they count. */
static bool take_digit(struct number *number, char digit, size_t *zeros)
{
	if (digit == '0') {
		*zeros += number->count > 0;
		return true;
	}
	if (*zeros >= JSON_NUMBER_DIGITS - number->count)
		return false;
	memset(number->digits + number->count, '0', *zeros);
	number->count += *zeros;
	*zeros = 0;
	number->digits[number->count++] = digit;
	return true;
}

static bool take_digits(struct text token, size_t *at, bool whole, size_t *zeros, struct number *number)
{
	for (; is_digit(token, *at); ++*at) {
		if (!take_digit(number, token.ptr[*at], zeros))
			return false;
		if (whole && (number->count > 0 || *zeros > 0))
			number->point++;
		else if (!whole && number->count == 0)
			number->point--;
	}
	return true;
}

static bool take_exponent(struct text token, size_t at, struct number *number)
{
	int64_t exponent = 0;
	bool negative = at < token.len && token.ptr[at] == '-';

	at += at < token.len && (token.ptr[at] == '-' || token.ptr[at] == '+');
	if (!is_digit(token, at))
		return false;
	for (; is_digit(token, at); at++)
		if (exponent < INT32_MAX)
			exponent = exponent * 10 + (token.ptr[at] - '0');
	number->point += negative ? -exponent : exponent;
	return at == token.len;
}

static bool read_number(struct text token, struct number *number)
{
	size_t at = 0, zeros = 0;

	number->negative = token.len > 0 && token.ptr[0] == '-';
	at = number->negative;
	if (!is_digit(token, at) || !take_digits(token, &at, true, &zeros, number))
		return false;
	if (at < token.len && token.ptr[at] == '.') {
		at++;
		if (!is_digit(token, at) || !take_digits(token, &at, false, &zeros, number))
			return false;
	}
	if (at < token.len && (token.ptr[at] == 'e' || token.ptr[at] == 'E'))
		return take_exponent(token, at + 1, number);
	return at == token.len;
}

static void add_zeros(struct buf *out, int64_t count)
{
	for (; count > 0; count--)
		buf_addc(out, '0');
}

bool json_number_plain(struct text token, char mark, struct buf *out)
{
	struct number number = {0};
	size_t whole;

	if (!read_number(token, &number))
		return false;
	if (number.count == 0)
		number.point = 0;
	if (number.point > EXPONENT_MAX || number.point < -EXPONENT_MAX)
		return false;
	whole = number.point <= 0 ? 0 : (size_t)number.point < number.count ? (size_t)number.point : number.count;
	if (number.negative)
		buf_addc(out, '-');
	if (number.point <= 0)
		buf_addc(out, '0');
	buf_add(out, number.digits, whole);
	add_zeros(out, number.point - (int64_t)whole);
	if (whole == number.count)
		return true;
	buf_addc(out, mark);
	add_zeros(out, -number.point);
	buf_add(out, number.digits + whole, number.count - whole);
	return true;
}
