#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/asset.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void knows_every_code_of_calypso(void **state)
{
	static const struct {
		const char *code;
		const char *name;
		const char *chain;
		int decimals;
		int chain_decimals;
		enum address_kind kind;
	} cases[] = {
		{"BTC", "BTC", "bitcoin", 8, 8, ADDRESS_BITCOIN},
		{"ETH", "ETH", "ethereum", 8, 18, ADDRESS_EVM},
		{"USDT", "USDT", "ethereum", 6, 6, ADDRESS_EVM},
		{"USDC", "USDC", "ethereum", 6, 6, ADDRESS_EVM},
		{"DAI", "DAI", "ethereum", 8, 18, ADDRESS_EVM},
		{"FRAX", "FRAX", "ethereum", 8, 18, ADDRESS_EVM},
		{"BUSD_ETH", "BUSD", "ethereum", 8, 18, ADDRESS_EVM},
		{"TRX", "TRX", "tron", 6, 6, ADDRESS_TRON},
		{"USDT_TRX", "USDT", "tron", 6, 6, ADDRESS_TRON},
		{"USDC_TRX", "USDC", "tron", 6, 6, ADDRESS_TRON},
		{"BNB", "BNB", "bsc", 8, 18, ADDRESS_EVM},
		{"BUSD", "BUSD", "bsc", 8, 18, ADDRESS_EVM},
		{"USDT_BSC", "USDT", "bsc", 8, 18, ADDRESS_EVM},
		{"MATIC", "MATIC", "polygon", 8, 18, ADDRESS_EVM},
		{"USDT_MATIC", "USDT", "polygon", 6, 6, ADDRESS_EVM},
		{"XDG", "DOGE", "dogecoin", 8, 8, ADDRESS_DOGECOIN},
	};
	struct asset_table table;

	(void)state;
	asset_table_calypso(&table);
	assert_int_equal(table.count, COUNT(cases));
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct asset *asset = asset_find(&table, text_of(cases[i].code));

		assert_non_null(asset);
		assert_string_equal(asset->code, cases[i].code);
		assert_string_equal(asset->name, cases[i].name);
		assert_string_equal(asset->chain, cases[i].chain);
		assert_int_equal(asset->decimals, cases[i].decimals);
		assert_int_equal(asset->chain_decimals, cases[i].chain_decimals);
		assert_int_equal(asset->kind, cases[i].kind);
		assert_false(asset->configured);
	}
}

static void finds_nothing_under_another_spelling(void **state)
{
	const struct text cases[] = {
		TEXT(""),
		TEXT("usdt"),
		TEXT("DOGE"),
		TEXT("USDT_"),
		TEXT("USD"),
		TEXT("USDT_TRX "),
		TEXT(" BTC"),
		TEXT("BTC\0"),
		TEXT("BTC\0\0\0\0\0\0\0\0\0\0\0\0"),
		TEXT("\0"),
		TEXT("B\0C"),
		TEXT("BTC\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
		TEXT("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		{NULL, 0},
	};
	static char big[10240];
	struct asset_table table;

	(void)state;
	asset_table_calypso(&table);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_null(asset_find(&table, cases[i]));
	assert_null(asset_find(&table, (struct text){big, sizeof(big)}));
}

static void suggests_the_code_that_was_meant(void **state)
{
	const struct {
		struct text text;
		const char *code;
	} cases[] = {
		{TEXT("usdt_trx"), "USDT_TRX"},
		{TEXT("btc"), "BTC"},
		{TEXT("doge"), "XDG"},
		{TEXT("usdt"), "USDT"}, /* the code comes before the three others of that name */
		{TEXT("EURC"), NULL},
		{TEXT(""), NULL},
	};
	struct asset_table table;

	(void)state;
	asset_table_calypso(&table);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct asset *asset = asset_suggest(&table, cases[i].text);

		if (cases[i].code == NULL)
			assert_null(asset);
		else
			assert_string_equal(asset->code, cases[i].code);
	}
}

static void a_setting_adds_an_asset(void **state)
{
	struct asset_table table;
	const struct asset *asset;

	(void)state;
	asset_table_calypso(&table);
	assert_int_equal(asset_table_set(&table, TEXT("EURC_ETH"), TEXT("6 evm")), ASSET_SETTING_DONE);
	assert_int_equal(asset_table_set(&table, TEXT("SHIB"), TEXT(" 18 \t evm ")), ASSET_SETTING_DONE);
	asset = asset_find(&table, TEXT("EURC_ETH"));
	assert_non_null(asset);
	assert_string_equal(asset->name, "EURC_ETH");
	assert_string_equal(asset->chain, "");
	assert_int_equal(asset->decimals, 6);
	assert_int_equal(asset->chain_decimals, 6);
	assert_int_equal(asset->kind, ADDRESS_EVM);
	assert_true(asset->configured);
	asset = asset_find(&table, TEXT("SHIB"));
	assert_int_equal(asset->decimals, 8);
	assert_int_equal(asset->chain_decimals, 18);
	assert_int_equal(table.count, 18);
}

static void a_setting_overrides_a_listed_asset(void **state)
{
	struct asset_table table;
	const struct asset *asset;

	(void)state;
	asset_table_calypso(&table);
	assert_int_equal(asset_table_set(&table, TEXT("USDT"), TEXT("2 evm")), ASSET_SETTING_DONE);
	asset = asset_find(&table, TEXT("USDT"));
	assert_int_equal(asset->decimals, 2);
	assert_string_equal(asset->chain, "ethereum");
	assert_true(asset->configured);
	assert_int_equal(asset_table_set(&table, TEXT("USDT"), TEXT("6 tron")), ASSET_SETTING_DONE);
	assert_int_equal(asset->decimals, 6);
	assert_int_equal(asset->kind, ADDRESS_TRON);
	assert_string_equal(asset->chain, "");
	assert_string_equal(asset->name, "USDT");
	assert_int_equal(table.count, 16);
}

static void a_setting_that_is_wrong_changes_nothing(void **state)
{
	const struct {
		struct text code;
		struct text setting;
		enum asset_setting outcome;
	} cases[] = {
		{TEXT(""), TEXT("6 evm"), ASSET_SETTING_BAD_CODE},
		{TEXT("ABCDEFGHIJKLMNOP"), TEXT("6 evm"), ASSET_SETTING_BAD_CODE},
		{TEXT("A B"), TEXT("6 evm"), ASSET_SETTING_BAD_CODE},
		{TEXT("BTC\0"), TEXT("6 evm"), ASSET_SETTING_BAD_CODE},
		{TEXT("BTC"), TEXT(""), ASSET_SETTING_BAD_SYNTAX},
		{TEXT("BTC"), TEXT("6"), ASSET_SETTING_BAD_SYNTAX},
		{TEXT("BTC"), TEXT("evm"), ASSET_SETTING_BAD_SYNTAX},
		{TEXT("BTC"), TEXT("6 evm tron"), ASSET_SETTING_BAD_SYNTAX},
		{TEXT("BTC"), TEXT("-1 evm"), ASSET_SETTING_BAD_DECIMALS},
		{TEXT("BTC"), TEXT("+6 evm"), ASSET_SETTING_BAD_DECIMALS},
		{TEXT("BTC"), TEXT("37 evm"), ASSET_SETTING_BAD_DECIMALS},
		{TEXT("BTC"), TEXT("006 evm"), ASSET_SETTING_BAD_DECIMALS},
		{TEXT("BTC"), TEXT("99999999999999999999 evm"), ASSET_SETTING_BAD_DECIMALS},
		{TEXT("BTC"), TEXT("evm 6"), ASSET_SETTING_BAD_DECIMALS},
		{TEXT("BTC"), TEXT("6 EVM"), ASSET_SETTING_BAD_KIND},
		{TEXT("BTC"), TEXT("6 solana"), ASSET_SETTING_BAD_KIND},
		{TEXT("BTC"), TEXT("6 none"), ASSET_SETTING_BAD_KIND},
		{TEXT("NEW"), TEXT("6 ev\0m"), ASSET_SETTING_BAD_KIND},
	};
	struct asset_table table;
	struct asset_table before;

	(void)state;
	memset(&table, 0, sizeof(table));
	asset_table_calypso(&table);
	memcpy(&before, &table, sizeof(before));
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(asset_table_set(&table, cases[i].code, cases[i].setting), cases[i].outcome);
		assert_string_not_equal(asset_setting_text(cases[i].outcome), "");
		assert_memory_equal(&table, &before, sizeof(before));
	}
	assert_string_equal(asset_setting_text(ASSET_SETTING_DONE), "");
}

static void a_full_table_takes_no_more_but_can_be_overridden(void **state)
{
	struct asset_table table = {.count = 0};
	char code[] = "X00";

	(void)state;
	for (size_t i = 0; i < ASSET_TABLE_MAX; i++) {
		code[1] = (char)('0' + i / 10);
		code[2] = (char)('0' + i % 10);
		assert_int_equal(asset_table_set(&table, text_of(code), TEXT("6 evm")), ASSET_SETTING_DONE);
	}
	assert_int_equal(asset_table_set(&table, TEXT("MORE"), TEXT("6 evm")), ASSET_SETTING_FULL);
	assert_string_not_equal(asset_setting_text(ASSET_SETTING_FULL), "");
	assert_int_equal(asset_table_set(&table, TEXT("X00"), TEXT("8 bitcoin")), ASSET_SETTING_DONE);
	assert_int_equal(table.count, ASSET_TABLE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_every_code_of_calypso),
		cmocka_unit_test(finds_nothing_under_another_spelling),
		cmocka_unit_test(suggests_the_code_that_was_meant),
		cmocka_unit_test(a_setting_adds_an_asset),
		cmocka_unit_test(a_setting_overrides_a_listed_asset),
		cmocka_unit_test(a_setting_that_is_wrong_changes_nothing),
		cmocka_unit_test(a_full_table_takes_no_more_but_can_be_overridden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
