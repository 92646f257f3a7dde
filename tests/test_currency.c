#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/currency.h"

#define TABLES_WANT_ISO4217
#define TABLES_WANT_ISO4217_SUCCESSOR
#define TABLES_WANT_ISO4217_WITHDRAWN
#include "values/tables.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void knows_the_decimals_of_currencies(void **state)
{
	static const struct {
		const char *code;
		int decimals;
	} cases[] = {{"AED", 2}, {"EUR", 2}, {"USD", 2}, {"JPY", 0}, {"KWD", 3}, {"CLF", 4}, {"XCG", 2}, {"ZWG", 2},
		{"ZMW", 2}, {"XAU", -1}, {"XTS", -1}, {"XXX", -1}};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct currency *currency = currency_find(text_of(cases[i].code));

		assert_non_null(currency);
		assert_string_equal(currency->code, cases[i].code);
		assert_int_equal(currency->decimals, cases[i].decimals);
	}
}

static void finds_each_row_of_its_table(void **state)
{
	(void)state;
	assert_true(tables_iso4217_count > 170);
	for (size_t i = 0; i < tables_iso4217_count; i++) {
		const struct currency *currency = currency_find(text_of(tables_iso4217[i][0]));
		const char *decimals = tables_iso4217[i][2];

		assert_non_null(currency);
		assert_string_equal(currency->code, tables_iso4217[i][0]);
		assert_string_equal(currency->name, tables_iso4217[i][3]);
		assert_int_equal(currency->decimals, decimals[0] == '\0' ? -1 : decimals[0] - '0');
	}
}

static void finds_no_other_code(void **state)
{
	static const char *const codes[] = {
		"", "E", "EU", "EURO", "eur", "Usd", "AAA", "ZZZ", "BGN", "HRK", "USDT", "\xC3\xA9R"};

	(void)state;
	for (size_t i = 0; i < COUNT(codes); i++)
		assert_null(currency_find(text_of(codes[i])));
}

static void tells_since_when_a_currency_is_no_more(void **state)
{
	const char *name = NULL;

	(void)state;
	assert_string_equal(currency_withdrawn(TEXT("HRK"), &name), "2023-01");
	assert_string_equal(name, "Kuna");
	assert_string_equal(currency_successor(TEXT("HRK")), "EUR");
	assert_string_equal(currency_withdrawn(TEXT("BGN"), &name), "2026-01");
	assert_non_null(currency_withdrawn(TEXT("ESB"), &name)); /* quotes in a quoted cell */
	assert_string_equal(name, "\"A\" Account (convertible Peseta Account)");
	assert_null(currency_withdrawn(TEXT("EUR"), &name));
	assert_null(currency_withdrawn(TEXT("hrk"), &name));
	assert_null(currency_successor(TEXT("EUR")));
}

static void every_successor_is_a_current_currency_of_a_withdrawn_one(void **state)
{
	const char *name;

	(void)state;
	for (size_t i = 0; i < tables_iso4217_successor_count; i++) {
		assert_non_null(currency_withdrawn(text_of(tables_iso4217_successor[i][0]), &name));
		assert_non_null(currency_find(text_of(tables_iso4217_successor[i][1])));
	}
}

static void no_withdrawn_currency_is_current(void **state)
{
	(void)state;
	for (size_t i = 0; i < tables_iso4217_withdrawn_count; i++)
		assert_null(currency_find(text_of(tables_iso4217_withdrawn[i][0])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_decimals_of_currencies),
		cmocka_unit_test(finds_each_row_of_its_table),
		cmocka_unit_test(finds_no_other_code),
		cmocka_unit_test(tells_since_when_a_currency_is_no_more),
		cmocka_unit_test(every_successor_is_a_current_currency_of_a_withdrawn_one),
		cmocka_unit_test(no_withdrawn_currency_is_current),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
