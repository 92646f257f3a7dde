/* How amounts are written: what is told of each form that is not plain, and which option would read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/rules_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define EURO "\xE2\x82\xAC"

static const struct {
	const char *amount, *code;
	const char *message, *cure; /* substrings */
} plain[] = {
	{"0", "AMOUNT_NOT_POSITIVE", "not more than zero", "take the row off"},
	{"-5", "AMOUNT_NOT_POSITIVE", "not more than zero", "sign = debit-negative"},
	{"\xE2\x88\x92"
	 "5",
		"AMOUNT_NOT_POSITIVE", "not more than zero", "sign = debit-negative"},
	{"5-", "AMOUNT_SYNTAX", "a minus behind it", "sign = debit-negative"},
	{"(12.34)", "AMOUNT_SYNTAX", "brackets", "sign = debit-negative"},
	{"+5", "AMOUNT_SYNTAX", "a plus sign", "write digits alone"},
	{"1e5", "AMOUNT_SYNTAX", "an exponent", "from its source"},
	{"1,23457E+15", "AMOUNT_SYNTAX", "an exponent", "from its source"},
	{"\xD9\xA1\xD9\xA2", "AMOUNT_SYNTAX", "another script", "digits 0 to 9"},
	{"\xEF\xBC\x91\xEF\xBC\x92", "AMOUNT_SYNTAX", "another script", "digits 0 to 9"},
	{"12,50", "AMOUNT_SYNTAX", "a decimal comma", "--decimal comma"},
	{"1,234.50", "AMOUNT_SYNTAX", "marks for thousands", "say grouping = comma in"},
	{"1,234,567", "AMOUNT_SYNTAX", "marks for thousands", "say grouping = comma in"},
	{"12,34,567.89", "AMOUNT_SYNTAX", "marks for thousands", "say grouping = indian in"},
	{"1'234.50", "AMOUNT_SYNTAX", "marks for thousands", "say grouping = apostrophe in"},
	{"1 234.50", "AMOUNT_SYNTAX", "marks for thousands", "say grouping = space in"},
	{"1\xC2\xA0"
	 "234",
		"AMOUNT_SYNTAX", "marks for thousands", "say grouping = space in"},
	{"1\xE2\x80\xAF"
	 "234",
		"AMOUNT_SYNTAX", "marks for thousands", "say grouping = space in"},
	{"1.234.567", "AMOUNT_SYNTAX", "marks for thousands", "say decimal = comma, grouping = point in"},
	{"1.234,56", "AMOUNT_SYNTAX", "a decimal comma, marks for thousands",
		"say decimal = comma, grouping = point in"},
	{"1.23,45", "AMOUNT_SYNTAX", "no groups of three", "write digits alone"},
	{"12'34", "AMOUNT_SYNTAX", "no groups of three", "write digits alone"},
	{"$5", "AMOUNT_SYNTAX", "a currency in its cell", "say currency_sign = CODE $ in"},
	{"5 " EURO, "AMOUNT_SYNTAX", "a currency in its cell", "say currency_sign = CODE " EURO},
	{"5 USD", "AMOUNT_SYNTAX", "a currency in its cell", "say currency_sign = USD in"},
	{"1.234,56- " EURO, "AMOUNT_SYNTAX",
		"a decimal comma, marks for thousands, a currency in its cell, a minus behind it",
		"say decimal = comma, grouping = point, currency_sign = CODE " EURO ", sign = debit-negative in"},
	{"1,234", "AMOUNT_AMBIGUOUS", "could be 1234 or 1.234", "--decimal comma"},
	{"1.234", "AMOUNT_DECIMALS", "more decimals than USD", "say decimal = comma and grouping = point"},
	{"twelve", "AMOUNT_SYNTAX", "not a plain decimal number", "1234.50"},
	{"12.", "AMOUNT_SYNTAX", "not a plain decimal number", "1234.50"},
};

static void check_told(
	struct fixture *fixture, const char *amount, const char *code, const char *message, const char *cure)
{
	const struct finding *finding;

	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_AMOUNT, amount);
	fixture_check(fixture);
	finding = fixture_found(fixture, code, "amount");
	if (fixture->good || finding == NULL)
		fail_msg("%s is not told as %s", amount, code);
	if (strstr(finding->message, message) == NULL || strstr(finding->cure, cure) == NULL)
		fail_msg("%s: %s: %s", amount, finding->message, finding->cure);
}

static void each_form_is_told_by_its_name_with_the_option_that_reads_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(plain); i++)
		check_told(*state, plain[i].amount, plain[i].code, plain[i].message, plain[i].cure);
}

static void a_mark_that_is_told_leaves_nothing_ambiguous(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.decimal_told = true;
	check_told(fixture, "1,234", "AMOUNT_SYNTAX", "marks for thousands", "grouping = comma");
	check_told(fixture, "1.234", "AMOUNT_DECIMALS", "more decimals", "does not round");
	fixture->rules.decimal_mark = ',';
	check_told(fixture, "1.234", "AMOUNT_SYNTAX", "marks for thousands", "grouping = point");
	check_told(fixture, "1,234", "AMOUNT_DECIMALS", "more decimals", "does not round");
	check_told(fixture, "1.5", "AMOUNT_SYNTAX", "a decimal point", "--decimal point");
	fixture->rules.decimal_mark = '.';
	fixture->rules.decimal_told = false;
}

static void check_styled(struct fixture *fixture, const struct amount_style *style, const char *amount, int64_t minor)
{
	fixture->rules.amounts = style;
	fixture->rules.decimal_mark = style->decimal_mark;
	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_AMOUNT, amount);
	fixture_check(fixture);
	if (!fixture->good || fixture->payout.amount_minor != minor)
		fail_msg("%s: %lld", amount, (long long)fixture->payout.amount_minor);
}

static void amounts_are_read_as_the_profile_says(void **state)
{
	const struct amount_sign signs[] = {
		{TEXT("EUR"), TEXT("EUR")}, {TEXT("$"), TEXT("USD")}, {TEXT("$"), TEXT("CAD")}};
	const struct amount_style ledger = {.decimal_mark = ',', .grouping = '.', .debit = true};
	const struct amount_style minor = {.decimal_mark = '.', .minor = true};
	const struct amount_style dollars = {.decimal_mark = '.', .signs = signs, .sign_count = COUNT(signs)};
	struct fixture *fixture = *state;

	check_styled(fixture, &ledger, "1.234,56-", 123456);
	check_told(fixture, "1.234,56", "AMOUNT_NOT_POSITIVE", "has no minus, as the profile says", "take sign out");
	check_told(fixture, "1,234.56-", "AMOUNT_SYNTAX", "a decimal point, marks for thousands", "grouping = comma");
	check_styled(fixture, &minor, "1250", 1250);
	check_told(fixture, "12.50", "AMOUNT_DECIMALS", "in the smallest unit", "take amounts = minor out");
	check_styled(fixture, &dollars, "$ 12.50", 1250);
	check_told(fixture, "EUR 12.50", "FIELD_CONFLICT", "'EUR' stands in the amount, and the currency is USD",
		"correct the one that is wrong");
	check_told(fixture, "$1,234", "AMOUNT_AMBIGUOUS", "could be 1234 or 1.234", "--decimal comma");
	fixture->rules.amounts = NULL;
}

static void the_smallest_unit_of_an_asset_is_not_guessed(void **state)
{
	const struct amount_style minor = {.decimal_mark = '.', .minor = true};
	struct fixture *fixture = *state;

	fixture->rules.amounts = &minor;
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_AMOUNT, "1250");
	fixture_check(fixture);
	assert_non_null(strstr(fixture_found(fixture, "AMOUNT_SYNTAX", "amount")->cure, "take amounts = minor out"));
	fixture_pontis_row(fixture); /* in USDT */
	fixture_set(fixture, COLUMN_AMOUNT, "1250");
	fixture_check(fixture);
	assert_non_null(strstr(fixture_found(fixture, "AMOUNT_SYNTAX", "amount")->message, "smallest unit of USDT"));
	fixture->rules.amounts = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			each_form_is_told_by_its_name_with_the_option_that_reads_it, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			a_mark_that_is_told_leaves_nothing_ambiguous, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			amounts_are_read_as_the_profile_says, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			the_smallest_unit_of_an_asset_is_not_guessed, fixture_set_up, fixture_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
