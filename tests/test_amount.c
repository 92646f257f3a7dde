#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "values/amount.h"

/* TEXT() is no constant for file scope. */
#define CONST(literal)                                                                                                 \
	{                                                                                                              \
		"" literal, sizeof(literal) - 1                                                                        \
	}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define EURO "\xE2\x82\xAC"
#define NBSP "\xC2\xA0"
#define NARROW "\xE2\x80\xAF"
#define MINUS "\xE2\x88\x92"
#define QUOTE "\xE2\x80\x99"

static const struct amount_sign signs[] = {
	{CONST("EUR"), CONST("EUR")},
	{CONST(EURO), CONST("EUR")},
	{CONST("$"), CONST("USD")},
	{CONST("$"), CONST("CAD")},
	{CONST("US$"), CONST("USD")},
	{CONST("kr."), CONST("DKK")},
};

/* The styles of the tables below. */
static const struct amount_style german = {.decimal_mark = ',', .grouping = '.'};
static const struct amount_style american = {.decimal_mark = '.', .grouping = ','};
static const struct amount_style french = {.decimal_mark = ',', .grouping = ' '};
static const struct amount_style swiss = {.decimal_mark = '.', .grouping = '\''};
static const struct amount_style indian = {.decimal_mark = '.', .grouping = ',', .indian = true};
static const struct amount_style bare = {.decimal_mark = '.'};
static const struct amount_style comma = {.decimal_mark = ','};
static const struct amount_style debit = {.decimal_mark = '.', .debit = true};
static const struct amount_style minor = {.decimal_mark = '.', .minor = true};
static const struct amount_style minor_german = {.decimal_mark = ',', .grouping = '.', .minor = true};
static const struct amount_style signed_ = {.decimal_mark = '.', .signs = signs, .sign_count = COUNT(signs)};
static const struct amount_style ledger = {
	.decimal_mark = ',', .grouping = '.', .debit = true, .signs = signs, .sign_count = COUNT(signs)};

static const struct {
	const struct amount_style *style;
	const char *text;
	int64_t minor; /* with two decimals */
} good[] = {
	{&german, "1.234,56", 123456},
	{&german, "1.234", 123400},
	{&german, "12.345.678,9", 1234567890},
	{&german, "1234,56", 123456},
	{&american, "1,234.56", 123456},
	{&american, "1,234", 123400},
	{&swiss, "1'234'567.05", 123456705},
	{&swiss, "1" QUOTE "234.50", 123450},
	{&french, "1 234,56", 123456},
	{&french, "1" NBSP "234" NARROW "567,5", 123456750},
	{&indian, "12,34,567.89", 123456789},
	{&indian, "1,234", 123400},
	{&indian, "12,345.60", 1234560},
	{&indian, "567.89", 56789},
	{&debit, "-12.50", 1250},
	{&debit, "12.50-", 1250},
	{&debit, "(12.50)", 1250},
	{&debit, MINUS "12.50", 1250},
	{&debit, "12.50" MINUS, 1250},
	{&minor, "1250", 1250},
	{&minor, "1", 1},
	{&minor_german, "1.250", 1250},
	{&signed_, "$12.50", 1250},
	{&signed_, "12.50 US$", 1250},
	{&signed_, "US$" NBSP "12.50", 1250},
	{&signed_, "12.50", 1250},
	{&ledger, "1.234,56-", 123456},
	{&ledger, "-1.234,56 " EURO, 123456},
	{&ledger, EURO " -1.234,56", 123456},
	{&ledger, EURO "-1.234,56", 123456},
	{&ledger, "(" EURO "1.234,56)", 123456},
	{&ledger, "EUR 1.234,56-", 123456},
	{&ledger, "1.234,56-EUR", 123456},
	{&ledger, "(1.234,56) kr.", 123456},
};

static void reads_what_a_profile_says_exactly(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct amount amount = amount_read(good[i].style, text_of(good[i].text), 2, TEXT("EUR"));

		if (amount.verdict != MONEY_VALID || amount.minor != good[i].minor)
			fail_msg("%s: %d, %lld", good[i].text, (int)amount.verdict, (long long)amount.minor);
	}
}

static const struct {
	const struct amount_style *style;
	const char *text;
	enum money_verdict verdict;
} bad[] = {
	/* no exact groups */
	{&german, "1.23,45", MONEY_BAD_SYNTAX},
	{&german, "1234.567", MONEY_BAD_SYNTAX},
	{&german, "1.2345,6", MONEY_BAD_SYNTAX},
	{&german, "1..234", MONEY_BAD_SYNTAX},
	{&german, ".234", MONEY_BAD_SYNTAX},
	{&german, "1.", MONEY_BAD_SYNTAX},
	{&german, "0.123,45", MONEY_BAD_SYNTAX},
	{&german, "1.234,", MONEY_BAD_SYNTAX},
	{&german, "1.234,5x", MONEY_BAD_SYNTAX},
	{&german, "1.234,5,6", MONEY_BAD_SYNTAX},
	{&german, "1.234-", MONEY_BAD_SYNTAX},
	{&german, "12,34,567.89", MONEY_BAD_SYNTAX},
	{&german, "", MONEY_BAD_SYNTAX},
	{&american, "12,34,567.89", MONEY_BAD_SYNTAX},
	{&american, "1.234,56", MONEY_BAD_SYNTAX},
	{&indian, "1,234,567.89", MONEY_BAD_SYNTAX},
	{&indian, "1,2,345", MONEY_BAD_SYNTAX},
	{&swiss, "1,234", MONEY_BAD_AMBIGUOUS},
	{&french, "1.234,56", MONEY_BAD_SYNTAX},
	{&french, "1  234", MONEY_BAD_SYNTAX},
	{&german, "1.234.567.890.123.456.789.012.345.678.901.234.567", MONEY_BAD_SYNTAX},
	{&german, "................................................", MONEY_BAD_SYNTAX},
	{&german, "1.234,567", MONEY_BAD_DECIMALS},
	{&german, "-1.234,56", MONEY_BAD_NOT_POSITIVE},
	/* what nobody said */
	{&bare, "1,234.56", MONEY_BAD_SYNTAX},
	{&bare, "1,234", MONEY_BAD_AMBIGUOUS},
	{&bare, "1.234", MONEY_BAD_DECIMALS},
	{&bare, "12.50-", MONEY_BAD_SYNTAX},
	{&bare, "(12.50)", MONEY_BAD_SYNTAX},
	{&bare, "-12.50", MONEY_BAD_NOT_POSITIVE},
	{&bare, "$12.50", MONEY_BAD_SYNTAX},
	{&comma, "1.234", MONEY_BAD_AMBIGUOUS},
	/* the minus */
	{&debit, "12.50", MONEY_BAD_NOT_POSITIVE},
	{&debit, "-0.00", MONEY_BAD_NOT_POSITIVE},
	{&debit, "-(12.50)", MONEY_BAD_SYNTAX},
	{&debit, "(-12.50)", MONEY_BAD_SYNTAX},
	{&debit, "--12.50", MONEY_BAD_SYNTAX},
	{&debit, "-12.50-", MONEY_BAD_SYNTAX},
	{&debit, "- 12.50", MONEY_BAD_SYNTAX},
	{&debit, "(12.50", MONEY_BAD_SYNTAX},
	{&debit, "()", MONEY_BAD_SYNTAX},
	{&debit, "-", MONEY_BAD_SYNTAX},
	{&debit, "-$12.50", MONEY_BAD_SYNTAX},
	/* the smallest unit */
	{&minor, "12.50", MONEY_BAD_DECIMALS},
	{&minor, "1250.0", MONEY_BAD_DECIMALS},
	{&minor, "1,250", MONEY_BAD_SYNTAX},
	{&minor, "0", MONEY_BAD_NOT_POSITIVE},
	{&minor, "-5", MONEY_BAD_NOT_POSITIVE},
	{&minor, "9223372036854775808", MONEY_BAD_TOO_LARGE},
	{&minor_german, "1250,00", MONEY_BAD_DECIMALS},
	/* the sign */
	{&signed_, "$ $12.50", MONEY_BAD_SYNTAX},
	{&signed_, "$12.50$", MONEY_BAD_SYNTAX},
	{&signed_, "12$50", MONEY_BAD_SYNTAX},
	{&signed_, "$", MONEY_BAD_SYNTAX},
	{&signed_, "USD 12.50", MONEY_BAD_SYNTAX},
	{&signed_, "-$12.50", MONEY_BAD_NOT_POSITIVE},
	{&signed_, "$-12.50", MONEY_BAD_NOT_POSITIVE},
};

static void refuses_each_other_amount_with_its_own_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct amount amount = amount_read(bad[i].style, text_of(bad[i].text), 2, TEXT("EUR"));

		if (amount.verdict != bad[i].verdict || amount.minor != 0)
			fail_msg("%s: %d", bad[i].text, (int)amount.verdict);
	}
}

static const struct {
	const char *text, *currency;
	bool fits;
} told_signs[] = {
	{"$5", "USD", true},
	{"$5", "CAD", true},
	{"$5", "EUR", false},
	{"US$5", "USD", true},
	{"US$5", "CAD", false},
	{"5", "CHF", true},
	{EURO "5", "", false},
	{"5 kr.", "DKK", true},
};

static void a_currency_sign_stands_for_its_own_currencies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(told_signs); i++) {
		struct amount amount =
			amount_read(&signed_, text_of(told_signs[i].text), 2, text_of(told_signs[i].currency));

		if (amount.verdict != MONEY_VALID || amount.sign_fits != told_signs[i].fits)
			fail_msg("%s %s", told_signs[i].text, told_signs[i].currency);
	}
}

static const struct {
	const char *text;
	struct amount_look look;
} looks[] = {
	{"1.234,56-", {.readable = true,
			      .minus = AMOUNT_MINUS_BEHIND,
			      .groups = AMOUNT_THREES,
			      .grouping = '.',
			      .mark = ','}},
	{"(12,5)", {.readable = true, .minus = AMOUNT_BRACKETS, .mark = ','}},
	{"+5", {.readable = true, .plus = true}},
	{"+5 EUR", {.readable = true, .plus = true, .sign = CONST("EUR")}},
	{"1,234", {.readable = true, .groups = AMOUNT_THREES, .grouping = ','}},
	{"0,234", {.readable = true, .mark = ','}},
	{"1234.567", {.readable = true, .mark = '.'}},
	{"1'234", {.readable = true, .groups = AMOUNT_THREES, .grouping = '\''}},
	{"1" NBSP "234,5", {.readable = true, .groups = AMOUNT_THREES, .grouping = ' ', .mark = ','}},
	{"12,34,567.89", {.readable = true, .groups = AMOUNT_INDIAN, .grouping = ',', .mark = '.'}},
	{"1.23,45", {.readable = true, .groups = AMOUNT_UNEVEN, .grouping = '.', .mark = ','}},
	{"1 2", {.readable = true, .groups = AMOUNT_UNEVEN, .grouping = ' '}},
	{EURO " 5", {.readable = true, .sign = CONST(EURO)}},
	{"5kr", {.readable = true, .sign = CONST("kr")}},
	{MINUS "0", {.readable = true, .minus = AMOUNT_MINUS_BEFORE, .zero = true}},
	{"1e5", {.exponent = true}},
	{"1.23457E+15", {.exponent = true}},
	{"\xD9\xA1\xD9\xA2", {.other_digits = true}},         /* Arabic-Indic */
	{"\xEF\xBC\x91\xEF\xBC\x92", {.other_digits = true}}, /* full-width */
	{"x", {0}},
	{"--5", {.minus = AMOUNT_MINUS_BEFORE}},
	{"5.", {.mark = '\0'}},
	{"1.2,3.4", {.grouping = '.'}},
	{"0x10", {0}},
	{"", {0}},
	{"-", {.minus = AMOUNT_MINUS_BEFORE}},
};

static void sees_the_parts_of_what_a_person_would_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(looks); i++) {
		const struct amount_look *expected = &looks[i].look;
		struct amount_look look = amount_look(text_of(looks[i].text));
		bool same = look.readable == expected->readable && look.minus == expected->minus &&
			    look.exponent == expected->exponent && look.other_digits == expected->other_digits;

		if (same && look.readable)
			same = look.plus == expected->plus && text_equal(look.sign, expected->sign) &&
			       look.groups == expected->groups && look.grouping == expected->grouping &&
			       look.mark == expected->mark && look.zero == expected->zero;
		if (!same)
			fail_msg("%s: %d %d %d %d %c %c", looks[i].text, look.readable, (int)look.minus, look.plus,
				(int)look.groups, look.grouping, look.mark);
	}
}

/* xorshift: the same numbers in each run. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Whatever is read has the digits of its text, and its look never reads past its end: sanitizers see to that. */
static void random_texts_are_read_to_their_digits_or_not_at_all(void **state)
{
	static const char *const pieces[] = {"1", "2", "0", "9", "34", "567", "000", ".", ",", "'", " ", NBSP, NARROW,
		QUOTE, "-", MINUS, "(", ")", "+", "e", "E", EURO, "EUR", "$", "US$", "kr.", "x", "\xD9\xA1"};
	static const struct amount_style *const styles[] = {
		&german, &american, &french, &swiss, &indian, &bare, &debit, &minor, &signed_, &ledger};
	uint64_t seed = 88172645463325252;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		size_t count = next_random(&seed) % 9, len = 0;
		const struct amount_style *style = styles[next_random(&seed) % COUNT(styles)];
		char text[64], *exact;
		int64_t digits = 0;
		struct amount amount;

		for (size_t i = 0; i < count; i++) {
			const char *piece = pieces[next_random(&seed) % COUNT(pieces)];

			memcpy(text + len, piece, strlen(piece));
			len += strlen(piece);
		}
		exact = malloc(len > 0 ? len : 1);
		memcpy(exact, text, len);
		for (size_t i = 0; i < len; i++)
			digits = text[i] >= '0' && text[i] <= '9' ? digits * 10 + text[i] - '0' : digits;
		amount = amount_read(style, (struct text){exact, len}, 0, TEXT("EUR"));
		(void)amount_look((struct text){exact, len});
		if (amount.verdict == MONEY_VALID && amount.minor != digits)
			fail_msg("%.*s: %lld", (int)len, exact, (long long)amount.minor);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_a_profile_says_exactly),
		cmocka_unit_test(refuses_each_other_amount_with_its_own_verdict),
		cmocka_unit_test(a_currency_sign_stands_for_its_own_currencies),
		cmocka_unit_test(sees_the_parts_of_what_a_person_would_read),
		cmocka_unit_test(random_texts_are_read_to_their_digits_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
