#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "values/limit.h"

static void a_setting_gives_each_currency_its_amount(void **state)
{
	static const struct {
		const char *setting, *currency;
		unsigned decimals;
		enum limit_verdict verdict;
		int64_t minor;
	} table[] = {
		{"USD 50000", "USD", 2, LIMIT_AMOUNT, 5000000},
		{"USD 50000", "EUR", 2, LIMIT_UNNAMED, 0},
		{"USD 50000", "usd", 2, LIMIT_UNNAMED, 0},
		{"USD 50000,EUR 40000.50", "EUR", 2, LIMIT_AMOUNT, 4000050},
		{" USD  50000 , EUR\t1 ", "EUR", 2, LIMIT_AMOUNT, 100},
		{"USD 50000,*:none", "EUR", 2, LIMIT_NONE, 0},
		{"*:none,USD 50000", "USD", 2, LIMIT_AMOUNT, 5000000},
		{"*:none", "USD", 2, LIMIT_NONE, 0},
		{"JPY 1000.99", "JPY", 0, LIMIT_AMOUNT, 1000}, /* rounded down */
		{"USDT_TRX 0.00000001", "USDT_TRX", 8, LIMIT_AMOUNT, 1},
		{"IDR 900000000000", "IDR", 2, LIMIT_AMOUNT, 90000000000000},
		{"BTC 9223372036854775807", "BTC", 8, LIMIT_AMOUNT, INT64_MAX},
		{"BTC 92233720368.54775807", "BTC", 8, LIMIT_AMOUNT, INT64_MAX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct limit limit;
		int64_t minor = 0;

		assert_null(limit_parse(text_of(table[i].setting), &limit));
		if (limit_of(&limit, text_of(table[i].currency), table[i].decimals, &minor) != table[i].verdict ||
			minor != table[i].minor)
			fail_msg("%s, %s: %lld", table[i].setting, table[i].currency, (long long)minor);
	}
}

static void without_a_setting_there_is_no_limit(void **state)
{
	struct limit limit = {.count = 0};
	int64_t minor = 0;

	(void)state;
	assert_int_equal(limit_of(&limit, TEXT("USD"), 2, &minor), LIMIT_NONE);
}

static void refuses_what_could_be_misread(void **state)
{
	static const char *const settings[] = {"", "USD", "50000", "50000 USD", "USD 50,000", "USD 50.000,00", "USD -1",
		"USD 0", "USD 0.00", "USD 1e6", "USD 50000,", ",USD 50000", "USD 50000,,EUR 1", "USD 1,USD 2",
		"USD 0.123456789", "USD 1.", "USD .5", "USD 50000 EUR 1", "USD:50000", "USD none", "*:none,*:none",
		"* 5", "USD 99999999999999999999", "AVERYLONGCURRENCY 1", "U$D 1"};

	(void)state;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct limit limit;

		if (limit_parse(text_of(settings[i]), &limit) == NULL)
			fail_msg("took '%s'", settings[i]);
	}
}

static void has_room_for_so_many_currencies_and_no_more(void **state)
{
	char setting[400] = "";
	struct limit limit;

	(void)state;
	for (int i = 0; i < LIMIT_CURRENCIES_MAX; i++)
		snprintf(setting + strlen(setting), sizeof(setting) - strlen(setting), "%sX%d 1", i > 0 ? "," : "", i);
	assert_null(limit_parse(text_of(setting), &limit));
	snprintf(setting + strlen(setting), sizeof(setting) - strlen(setting), ",MORE 1");
	assert_non_null(limit_parse(text_of(setting), &limit));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_setting_gives_each_currency_its_amount),
		cmocka_unit_test(without_a_setting_there_is_no_limit),
		cmocka_unit_test(refuses_what_could_be_misread),
		cmocka_unit_test(has_room_for_so_many_currencies_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
