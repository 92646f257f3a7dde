#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/chain.h"

#define TABLES_WANT_NETWORKS
#define TABLES_WANT_TOKEN_CONTRACTS
#define TABLES_WANT_CALYPSO_CURRENCIES
#include "values/tables.inc"

static void networks_are_known_as_people_write_them(void **state)
{
	static const struct {
		const char *name, *chain;
	} cases[] = {{"TRC-20", "tron"}, {"trc20", "tron"}, {"Erc 20", "ethereum"}, {"BNB Smart Chain", "bsc"},
		{"BEP-20", "bsc"}, {"Polygon (POS)", "polygon"}, {"btc", "bitcoin"}, {"", NULL}, {"swift", NULL},
		{"\xE2\x82\xAC", NULL}, {"a network whose name is longer than any that is known here", NULL}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *chain = chain_of_network(text_of(cases[i].name));

		if ((chain == NULL) != (cases[i].chain == NULL) ||
			(chain != NULL && strcmp(chain, cases[i].chain) != 0))
			fail_msg("'%s': %s", cases[i].name, chain != NULL ? chain : "not known");
	}
}

/* Otherwise a network that is right would be told to contradict. */
static void every_chain_of_an_asset_is_the_chain_of_a_network(void **state)
{
	(void)state;
	for (size_t i = 0; i < tables_calypso_currencies_count; i++) {
		bool found = false;

		for (size_t j = 0; j < tables_networks_count; j++)
			found = found || strcmp(tables_networks[j][1], tables_calypso_currencies[i][2]) == 0;
		if (!found)
			fail_msg("%s", tables_calypso_currencies[i][2]);
	}
}

static void contracts_are_known_in_any_case(void **state)
{
	const char *chain;

	(void)state;
	assert_int_equal(tables_token_contracts_count, 7);
	for (size_t i = 0; i < tables_token_contracts_count; i++)
		assert_string_equal(chain_token_contract(text_of(tables_token_contracts[i][0]), &chain),
			tables_token_contracts[i][1]);
	assert_string_equal(chain_token_contract(TEXT("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"), &chain), "USDC");
	assert_string_equal(chain, "Ethereum");
	assert_null(chain_token_contract(TEXT("0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB47"), &chain));
	assert_null(chain_token_contract(TEXT(""), &chain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(networks_are_known_as_people_write_them),
		cmocka_unit_test(every_chain_of_an_asset_is_the_chain_of_a_network),
		cmocka_unit_test(contracts_are_known_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
