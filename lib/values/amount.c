#include "values/amount.h"

#include <string.h>

#define DIGITS_MAX 48 /* of an amount with groups: more than can be counted */

static const char *const minuses[] = {"-", "\xE2\x88\x92"}; /* U+2212, which spreadsheets write for it */

#define MINUSES (sizeof(minuses) / sizeof(minuses[0]))

static struct text without(struct text text, size_t before, size_t behind)
{
	return (struct text){text.ptr + before, text.len - before - behind};
}

static bool ends_with(struct text text, struct text end)
{
	return text.len >= end.len && text_equal(without(text, text.len - end.len, 0), end);
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static size_t digit_count(struct text rest)
{
	size_t count = 0;

	while (count < rest.len && is_digit(rest.ptr[count]))
		count++;
	return count;
}

/* --- marks for thousands ------------------------------------------------------------------------------------------ */

static const struct {
	char grouping;
	const char *mark;
} marks[] = {
	{'.', "."}, {',', ","}, {'\'', "'"}, {'\'', "\xE2\x80\x99"}, /* U+2019, as Swiss spreadsheets have it */
	{' ', " "}, {' ', "\xC2\xA0"},                               /* NBSP */
	{' ', "\xE2\x80\xAF"},                                       /* its narrow form */
	{' ', "\xE2\x80\x89"},                                       /* a thin blank */
};

/* Bytes of the mark for digits' groups at the start of rest, 0 where there is none; *grouping is which. */
static size_t mark_bytes(struct text rest, char *grouping)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (!text_starts(rest, text_of(marks[i].mark)))
			continue;
		*grouping = marks[i].grouping;
		return strlen(marks[i].mark);
	}
	return 0;
}

/* What groups the sizes make, the first one first; count is at least two. */
static enum amount_groups groups_of(const size_t *sizes, size_t count, bool leading_zero)
{
	bool threes = !leading_zero && sizes[0] >= 1 && sizes[0] <= 3 && sizes[count - 1] == 3;
	bool indian = threes && sizes[0] <= 2 && count > 2;

	for (size_t i = 1; i + 1 < count; i++) {
		threes = threes && sizes[i] == 3;
		indian = indian && sizes[i] == 2;
	}
	if (threes)
		return AMOUNT_THREES;
	return indian ? AMOUNT_INDIAN : AMOUNT_UNEVEN;
}

/* The number without its marks for thousands, in exact groups, in out; any other text stays as it is and is judged as
 * one without groups. */
static struct text ungrouped(const struct amount_style *style, struct text text, char out[DIGITS_MAX])
{
	size_t sizes[DIGITS_MAX + 1], count = 0, len = 0, bytes;
	struct text rest = text;
	enum amount_groups groups;
	char grouping = '\0';

	if (style->grouping == '\0' || text.len == 0 || text.len > DIGITS_MAX)
		return text;
	for (;;) {
		size_t digits = digit_count(rest);

		memcpy(out + len, rest.ptr, digits);
		len += digits;
		sizes[count++] = digits;
		rest = without(rest, digits, 0);
		bytes = mark_bytes(rest, &grouping);
		if (bytes == 0 || grouping != style->grouping)
			break;
		rest = without(rest, bytes, 0);
	}
	if (count == 1)
		return text;
	groups = groups_of(sizes, count, text.ptr[0] == '0');
	/* Up to 99,999 both ways are the same. */
	if (groups == AMOUNT_UNEVEN ||
		(style->indian ? groups == AMOUNT_THREES && (count > 2 || sizes[0] > 2) : groups == AMOUNT_INDIAN))
		return text;
	memcpy(out + len, rest.ptr, rest.len);
	return (struct text){out, len + rest.len};
}

/* --- what stands around the number -------------------------------------------------------------------------------- */

struct peeled {
	struct text rest;
	enum amount_minus minus;
	struct text sign;
};

static bool peel_minus(struct peeled *peeled)
{
	struct text text = peeled->rest;

	if (peeled->minus != AMOUNT_NO_MINUS)
		return false;
	for (size_t i = 0; i < MINUSES; i++) {
		struct text minus = text_of(minuses[i]);

		if (text_starts(text, minus)) {
			peeled->minus = AMOUNT_MINUS_BEFORE;
			peeled->rest = without(text, minus.len, 0);
			return true;
		}
		if (ends_with(text, minus)) {
			peeled->minus = AMOUNT_MINUS_BEHIND;
			peeled->rest = without(text, 0, minus.len);
			return true;
		}
	}
	if (text.len < 2 || text.ptr[0] != '(' || text.ptr[text.len - 1] != ')')
		return false;
	peeled->minus = AMOUNT_BRACKETS;
	peeled->rest = without(text, 1, 1);
	return true;
}

/* Blanks only stand between a number and its sign. */
static struct text trim_blanks(struct text text)
{
	char grouping = '\0';
	size_t bytes;

	while ((bytes = mark_bytes(text, &grouping)) > 0 && grouping == ' ')
		text = without(text, bytes, 0);
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (marks[i].grouping == ' ' && ends_with(text, text_of(marks[i].mark))) {
			text = without(text, 0, strlen(marks[i].mark));
			i = 0;
		}
	return text;
}

/* The longest of the signs that stands there: US$ before $. */
static bool peel_sign(const struct amount_style *style, struct peeled *peeled)
{
	struct text best = {0};
	bool before = false;

	if (peeled->sign.len > 0)
		return false;
	for (size_t i = 0; i < style->sign_count; i++) {
		struct text sign = style->signs[i].sign;
		bool starts = text_starts(peeled->rest, sign);

		if (sign.len <= best.len || (!starts && !ends_with(peeled->rest, sign)))
			continue;
		best = sign;
		before = starts;
	}
	if (best.len == 0)
		return false;
	peeled->sign = best;
	peeled->rest = trim_blanks(without(peeled->rest, before ? best.len : 0, before ? 0 : best.len));
	return true;
}

static struct peeled peel(const struct amount_style *style, struct text text)
{
	struct peeled peeled = {.rest = text};

	while (peel_minus(&peeled) || peel_sign(style, &peeled))
		;
	return peeled;
}

/* --- the amount --------------------------------------------------------------------------------------------------- */

static bool fits(const struct amount_style *style, struct text sign, struct text currency)
{
	for (size_t i = 0; i < style->sign_count; i++)
		if (text_equal(style->signs[i].sign, sign) && text_equal(style->signs[i].currency, currency))
			return true;
	return sign.len == 0;
}

static enum money_verdict read_minor(const struct amount_style *style, struct text text, int64_t *minor)
{
	enum money_verdict verdict = money_parse(text, 0, style->decimal_mark, minor);

	/* 1,234 would be a thousandfold: here it is no number at all. */
	return verdict == MONEY_BAD_AMBIGUOUS ? MONEY_BAD_SYNTAX : verdict;
}

/* What a minus makes of a number that is a good one. */
static enum money_verdict judge_minus(const struct amount_style *style, enum amount_minus minus)
{
	if (style->debit)
		return minus != AMOUNT_NO_MINUS ? MONEY_VALID : MONEY_BAD_NOT_POSITIVE;
	if (minus == AMOUNT_NO_MINUS)
		return MONEY_VALID;
	return minus == AMOUNT_MINUS_BEFORE ? MONEY_BAD_NOT_POSITIVE : MONEY_BAD_SYNTAX;
}

struct amount amount_read(const struct amount_style *style, struct text text, unsigned decimals, struct text currency)
{
	struct peeled peeled = peel(style, text);
	struct amount amount = {.sign = peeled.sign, .sign_fits = fits(style, peeled.sign, currency)};
	char digits[DIGITS_MAX];
	struct text number = ungrouped(style, peeled.rest, digits);
	int64_t minor = 0;

	if (number.len > 0 && !is_digit(number.ptr[0])) /* a second minus, a blank behind it */
		return amount;
	amount.verdict = style->minor ? read_minor(style, number, &minor)
				      : money_parse(number, decimals, style->decimal_mark, &minor);
	if (amount.verdict == MONEY_VALID)
		amount.verdict = judge_minus(style, peeled.minus);
	if (amount.verdict == MONEY_VALID)
		amount.minor = minor;
	return amount;
}

bool amount_plain(const struct amount_style *style, struct text text, struct text currency, char out[AMOUNT_PLAIN_SIZE],
	struct text *plain)
{
	struct peeled peeled = peel(style, text);
	char digits[DIGITS_MAX];
	struct text number = ungrouped(style, peeled.rest, digits);
	size_t whole = digit_count(number);
	bool fine = number.len < AMOUNT_PLAIN_SIZE && whole > 0 && (peeled.minus == AMOUNT_NO_MINUS || style->debit) &&
		    (currency.len == 0 || fits(style, peeled.sign, currency));

	if (fine && whole < number.len)
		fine = !style->minor && number.ptr[whole] == style->decimal_mark && whole + 1 < number.len &&
		       digit_count(without(number, whole + 1, 0)) == number.len - whole - 1;
	if (!fine)
		return false;
	memcpy(out, number.ptr, number.len);
	if (whole < number.len)
		out[whole] = '.';
	*plain = (struct text){out, number.len};
	return true;
}

/* --- what else it looks like -------------------------------------------------------------------------------------- */

static bool has_other_digits(struct text text)
{
	size_t offset = 0;
	int32_t point;

	while ((point = text_next(text, &offset)) >= 0)
		if (text_point_digit(point))
			return true;
	return false;
}

/* 1e5, 1.23457E+15 */
static bool is_exponent(struct text text)
{
	size_t at = digit_count(text);

	if (at == 0)
		return false;
	if (at < text.len && (text.ptr[at] == '.' || text.ptr[at] == ','))
		at += 1 + digit_count(without(text, at + 1, 0));
	if (at == text.len || (text.ptr[at] != 'e' && text.ptr[at] != 'E'))
		return false;
	at++;
	if (at < text.len && (text.ptr[at] == '-' || text.ptr[at] == '+'))
		at++;
	return at < text.len && at + digit_count(without(text, at, 0)) == text.len;
}

/* Whatever is no digit, minus or bracket on one side of the number. */
static bool look_sign(struct peeled *peeled)
{
	struct text rest = peeled->rest;
	size_t before = 0, behind = 0;

	if (peeled->sign.len > 0)
		return false;
	while (before < rest.len && !is_digit(rest.ptr[before]) && rest.ptr[before] != '-' && rest.ptr[before] != '(')
		before++;
	while (behind < rest.len - before && !is_digit(rest.ptr[rest.len - behind - 1]) &&
		rest.ptr[rest.len - behind - 1] != '-' && rest.ptr[rest.len - behind - 1] != ')')
		behind++;
	if ((before > 0) == (behind > 0))
		return false;
	peeled->sign = trim_blanks(
		before > 0 ? (struct text){rest.ptr, before} : (struct text){rest.ptr + rest.len - behind, behind});
	peeled->rest = trim_blanks(without(rest, before, behind));
	return peeled->sign.len > 0;
}

/* True where a currency's sign or letters are all that it is; marks and blanks alone are none. */
static bool is_sign(struct text sign)
{
	size_t offset = 0, points = 0;
	bool named = false;
	int32_t point;

	while ((point = text_next(sign, &offset)) >= 0) {
		bool letter = (point >= 'A' && point <= 'Z') || (point >= 'a' && point <= 'z') || point >= 0xC0;

		if (!letter && point != '.' && !text_point_currency(point))
			return false;
		named = named || letter || text_point_currency(point);
		points++;
	}
	return named && points <= 8;
}

/* Digits and marks: which of them group and which stands before the decimals. False where there is anything else. */
static bool look_number(struct text text, struct amount_look *look)
{
	size_t sizes[DIGITS_MAX], count = 0, bytes;
	char kinds[DIGITS_MAX];
	struct text rest = text;

	look->zero = true;
	for (size_t i = 0; i < text.len; i++)
		look->zero = look->zero && !(text.ptr[i] >= '1' && text.ptr[i] <= '9');
	if (text.len > DIGITS_MAX)
		return digit_count(text) == text.len;
	for (;;) {
		sizes[count] = digit_count(rest);
		rest = without(rest, sizes[count++], 0);
		bytes = mark_bytes(rest, &kinds[count - 1]);
		if (bytes == 0)
			break;
		rest = without(rest, bytes, 0);
		if (count == DIGITS_MAX)
			return false;
	}
	if (rest.len > 0 || sizes[0] == 0 || sizes[count - 1] == 0)
		return false;
	if (count == 1)
		return true;
	/* The last mark is the decimal one where it is another than those before it, or stands alone and groups
	 * nothing. */
	if (count == 2 ? kinds[0] == '.' || kinds[0] == ',' : kinds[count - 2] != kinds[0]) {
		look->mark = kinds[count - 2];
		count--;
	}
	if (count == 1 && (sizes[1] != 3 || sizes[0] > 3 || text.ptr[0] == '0'))
		return true;
	if (count == 1) { /* 1.234: by its form either, and groups where the mark was told to be the other one */
		look->grouping = look->mark;
		look->mark = '\0';
		look->groups = AMOUNT_THREES;
		return true;
	}
	look->grouping = kinds[0];
	for (size_t i = 1; i + 1 < count; i++)
		if (kinds[i] != kinds[0])
			return false;
	look->groups = groups_of(sizes, count, text.ptr[0] == '0');
	return look->mark != ' ' && look->mark != '\'';
}

struct amount_look amount_look(struct text text)
{
	struct amount_look look = {.other_digits = has_other_digits(text)};
	struct peeled peeled = {.rest = text};

	if (look.other_digits)
		return look;
	look.plus = text_starts(text, TEXT("+"));
	peeled.rest = without(text, look.plus ? 1 : 0, 0);
	while (peel_minus(&peeled) || look_sign(&peeled))
		;
	look.minus = peeled.minus;
	look.sign = peeled.sign;
	look.exponent = is_exponent(peeled.rest);
	look.readable = !look.exponent && (look.sign.len == 0 || is_sign(look.sign)) && look_number(peeled.rest, &look);
	return look;
}
