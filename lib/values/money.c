#include "values/money.h"

#include <assert.h>

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Digits from *at on; moves *at behind them. */
static size_t skip_digits(struct text text, size_t *at)
{
	size_t from = *at;

	while (*at < text.len && is_digit(text.ptr[*at]))
		(*at)++;
	return *at - from;
}

static bool only_zeros(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] >= '1' && text.ptr[i] <= '9')
			return false;
	return true;
}

static bool add_digit(int64_t *units, int digit)
{
	return !__builtin_mul_overflow(*units, 10, units) && !__builtin_add_overflow(*units, digit, units);
}

/* Text of digits, at most one mark among them, to units: the only place where an amount gets its value. */
static enum money_verdict units_of(struct text text, unsigned decimals, size_t fraction, int64_t *minor)
{
	int64_t units = 0;

	for (size_t i = 0; i < text.len; i++)
		if (is_digit(text.ptr[i]) && !add_digit(&units, text.ptr[i] - '0'))
			return MONEY_BAD_TOO_LARGE;
	for (; fraction < decimals; fraction++)
		if (!add_digit(&units, 0))
			return MONEY_BAD_TOO_LARGE;
	*minor = units;
	return MONEY_VALID;
}

/*
 * Whether the other mark groups thousands as well as it could be a decimal mark: one of it, one to three digits before
 * that don't begin with a zero, three behind. 1,234,567 and 1,234.5 have one reading only, which is not ours: syntax.
 */
static bool is_ambiguous(struct text text, char mark)
{
	char other = mark == '.' ? ',' : '.';
	size_t at = 0;
	size_t before = skip_digits(text, &at);

	if (before < 1 || before > 3 || text.ptr[0] == '0' || at == text.len || text.ptr[at] != other)
		return false;
	at++;
	return skip_digits(text, &at) == 3 && at == text.len;
}

/* '-' and U+2212, which spreadsheets write for it. */
static size_t minus_len(struct text text)
{
	if (text.len > 0 && text.ptr[0] == '-')
		return 1;
	return text_starts(text, TEXT("\xE2\x88\x92")) ? 3 : 0;
}

static enum money_verdict parse_unsigned(struct text text, unsigned decimals, char mark, int64_t *minor)
{
	size_t at = 0, fraction = 0;

	if (skip_digits(text, &at) == 0)
		return MONEY_BAD_SYNTAX;
	if (at < text.len && text.ptr[at] == mark) {
		at++;
		fraction = skip_digits(text, &at);
		if (fraction == 0)
			return MONEY_BAD_SYNTAX;
	}
	if (at < text.len)
		return is_ambiguous(text, mark) ? MONEY_BAD_AMBIGUOUS : MONEY_BAD_SYNTAX;
	if (only_zeros(text))
		return MONEY_BAD_NOT_POSITIVE;
	if (fraction > decimals)
		return MONEY_BAD_DECIMALS;
	return units_of(text, decimals, fraction, minor);
}

enum money_verdict money_parse(struct text text, unsigned decimals, char mark, int64_t *minor)
{
	size_t minus = minus_len(text);
	enum money_verdict verdict;
	int64_t units = 0;

	assert(decimals <= MONEY_DECIMALS_MAX && (mark == '.' || mark == ','));
	text.ptr += minus;
	text.len -= minus;
	verdict = parse_unsigned(text, decimals, mark, &units);
	if (minus > 0 && verdict == MONEY_VALID)
		verdict = MONEY_BAD_NOT_POSITIVE;
	if (verdict == MONEY_VALID)
		*minor = units;
	return verdict;
}

bool money_add(int64_t *sum, int64_t minor)
{
	int64_t added;

	if (__builtin_add_overflow(*sum, minor, &added))
		return false;
	*sum = added;
	return true;
}

#define DIGITS_MAX 24 /* of an int64, with zeros up to one before MONEY_DECIMALS_MAX decimals */

/* Digits of minor, at least decimals + 1 of them, at the end of out; returns where they start. */
static size_t write_digits(char out[DIGITS_MAX], int64_t minor, unsigned decimals)
{
	uint64_t left = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
	size_t at = DIGITS_MAX;

	assert(decimals <= MONEY_DECIMALS_MAX);
	while (left > 0 || DIGITS_MAX - at <= decimals) {
		out[--at] = (char)('0' + left % 10);
		left /= 10;
	}
	return at;
}

static void add_amount(struct buf *buf, int64_t minor, unsigned decimals, bool drop_zeros)
{
	char digits[DIGITS_MAX] = {0};
	size_t from = write_digits(digits, minor, decimals);
	size_t mark = DIGITS_MAX - decimals, end = DIGITS_MAX;

	while (drop_zeros && end > mark && digits[end - 1] == '0')
		end--;
	if (minor < 0)
		buf_addc(buf, '-');
	buf_add(buf, digits + from, mark - from);
	if (end > mark) {
		buf_addc(buf, '.');
		buf_add(buf, digits + mark, end - mark);
	}
}

void money_text(struct buf *buf, int64_t minor, unsigned decimals)
{
	add_amount(buf, minor, decimals, false);
}

void money_text_short(struct buf *buf, int64_t minor, unsigned decimals)
{
	add_amount(buf, minor, decimals, true);
}
