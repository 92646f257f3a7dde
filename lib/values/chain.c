#include "values/chain.h"

#include <stddef.h>
#include <string.h>

#define TABLES_WANT_NETWORKS
#define TABLES_WANT_TOKEN_CONTRACTS
#include "values/tables.inc"

#define NAME_MAX_LEN 32

const char *chain_of_network(struct text name)
{
	char plain[NAME_MAX_LEN + 1];
	size_t len = 0;

	for (size_t i = 0; i < name.len; i++) {
		char byte = name.ptr[i];

		if (byte >= 'a' && byte <= 'z')
			byte = (char)(byte - 'a' + 'A');
		if ((byte < 'A' || byte > 'Z') && (byte < '0' || byte > '9'))
			continue;
		if (len == NAME_MAX_LEN)
			return NULL;
		plain[len++] = byte;
	}
	plain[len] = '\0';
	for (size_t i = 0; i < tables_networks_count; i++)
		if (strcmp(tables_networks[i][0], plain) == 0)
			return tables_networks[i][1];
	return NULL;
}

/* No address differs from another one by case alone: EVM ones have none, and base58 ones check their bytes. */
const char *chain_token_contract(struct text address, const char **chain)
{
	for (size_t i = 0; i < tables_token_contracts_count; i++)
		if (text_equal_nocase(address, text_of(tables_token_contracts[i][0]))) {
			*chain = tables_token_contracts[i][2];
			return tables_token_contracts[i][1];
		}
	return NULL;
}
