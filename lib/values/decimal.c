#include "values/decimal.h"

#include <assert.h>
#include <string.h>

#define PLACES 18
#define ONE UINT64_C(1000000000000000000)

/* A number as it is written: its digits without leading zeros, and how many of them stand before the point. */
struct written {
	char digits[64];
	size_t count;
	int64_t before; /* may be less than 0 or more than count */
	bool negative;
};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool take_digit(struct written *written, char digit, bool behind)
{
	if (written->count == 0 && digit == '0') {
		written->before -= behind;
		return true;
	}
	if (written->count == sizeof(written->digits))
		return digit == '0' && behind; /* zeros at the end say nothing */
	written->digits[written->count++] = digit;
	written->before += !behind;
	return true;
}

static bool take_digits(struct written *written, struct text text, size_t *at, bool behind)
{
	size_t first = *at;

	for (; *at < text.len && is_digit(text.ptr[*at]); (*at)++)
		if (!take_digit(written, text.ptr[*at], behind))
			return false;
	return *at > first;
}

/* e, E, with or without a sign. */
static bool take_exponent(struct written *written, struct text text, size_t at)
{
	bool negative = at < text.len && text.ptr[at] == '-';
	int64_t exponent;

	if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+'))
		at++;
	if (at == text.len || !text_number((struct text){text.ptr + at, text.len - at}, 1000, &exponent))
		return false;
	written->before += negative ? -exponent : exponent;
	return true;
}

static bool read_written(struct text text, struct written *written)
{
	size_t at = 0;

	*written = (struct written){.count = 0};
	if (text.len > 0 && text.ptr[0] == '-') {
		written->negative = true;
		at++;
	}
	if (!take_digits(written, text, &at, false))
		return false;
	if (at < text.len && text.ptr[at] == '.') {
		at++;
		if (!take_digits(written, text, &at, true))
			return false;
	}
	if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E'))
		return take_exponent(written, text, at + 1);
	return at == text.len;
}

/* Never of the least whole number, whose opposite can't be held. */
static struct decimal negated(struct decimal decimal)
{
	assert(decimal.whole > INT64_MIN);
	if (decimal.fraction == 0)
		return (struct decimal){-decimal.whole, 0};
	return (struct decimal){-decimal.whole - 1, ONE - decimal.fraction};
}

/* The digit at a place of the written ones; 0 before and behind them. */
static unsigned digit_at(const struct written *written, int64_t place)
{
	return place < 0 || place >= (int64_t)written->count ? 0 : (unsigned)(written->digits[place] - '0');
}

bool decimal_parse(struct text text, struct decimal *decimal)
{
	struct written written;
	struct decimal result = {0, 0};

	if (!read_written(text, &written))
		return false;
	for (int64_t i = written.before + PLACES; i < (int64_t)written.count; i++)
		if (i < 0 || written.digits[i] != '0')
			return false; /* finer than can be held */
	if (written.count == 0)
		written.before = 0;
	if (written.before > 19)
		return false;
	for (int64_t i = 0; i < written.before; i++)
		if (__builtin_mul_overflow(result.whole, 10, &result.whole) ||
			__builtin_add_overflow(result.whole, (int64_t)digit_at(&written, i), &result.whole))
			return false;
	for (int64_t i = 0; i < PLACES; i++)
		result.fraction = result.fraction * 10 + digit_at(&written, written.before + i);
	if (written.negative && result.whole == INT64_MAX && result.fraction > 0)
		return false; /* its whole would be the least number */
	*decimal = written.negative ? negated(result) : result;
	return true;
}

static uint64_t power(unsigned exponent)
{
	uint64_t result = 1;

	while (exponent-- > 0)
		result *= 10;
	return result;
}

struct decimal decimal_of(int64_t minor, unsigned decimals)
{
	assert(decimals <= PLACES);
	int64_t one = (int64_t)power(decimals);
	int64_t whole = minor / one, rest = minor % one;

	if (rest < 0) {
		whole--;
		rest += one;
	}
	return (struct decimal){whole, (uint64_t)rest * power(PLACES - decimals)};
}

bool decimal_add(struct decimal *sum, struct decimal other)
{
	uint64_t fraction = sum->fraction + other.fraction;
	int64_t whole;

	if (__builtin_add_overflow(sum->whole, other.whole, &whole) ||
		__builtin_add_overflow(whole, (int64_t)(fraction >= ONE), &whole) || whole == INT64_MIN)
		return false;
	*sum = (struct decimal){whole, fraction >= ONE ? fraction - ONE : fraction};
	return true;
}

bool decimal_subtract(struct decimal *sum, struct decimal other)
{
	return decimal_add(sum, negated(other));
}

/* By doubling: count is seldom large, and never more than 63 rounds. */
bool decimal_add_times(struct decimal *sum, struct decimal other, int64_t count)
{
	struct decimal result = *sum;

	assert(count >= 0);
	for (; count > 0; count >>= 1) {
		if ((count & 1) != 0 && !decimal_add(&result, other))
			return false;
		if (count > 1 && !decimal_add(&other, other))
			return false;
	}
	*sum = result;
	return true;
}

int decimal_compare(struct decimal a, struct decimal b)
{
	if (a.whole != b.whole)
		return a.whole < b.whole ? -1 : 1;
	return (a.fraction > b.fraction) - (a.fraction < b.fraction);
}

void decimal_text(struct buf *buf, struct decimal decimal, unsigned decimals)
{
	bool negative = decimal.whole < 0;
	struct decimal size = negative ? negated(decimal) : decimal;
	uint64_t fraction = size.fraction;
	char digits[PLACES];
	size_t len = PLACES;

	for (size_t i = PLACES; i-- > 0; fraction /= 10)
		digits[i] = (char)('0' + fraction % 10);
	while (len > decimals && digits[len - 1] == '0')
		len--;
	buf_addz(buf, negative ? "-" : "");
	buf_addi(buf, size.whole);
	buf_addz(buf, len > 0 ? "." : "");
	buf_add(buf, digits, len);
}
