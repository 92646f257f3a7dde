/*
 * What is known of blockchains besides their addresses: the names of networks, and addresses that are no one's: a
 * token's own contract. Floor 1, pure.
 */
#ifndef VALUES_CHAIN_H
#define VALUES_CHAIN_H

#include "base/text.h"

/* The chain of a network's name as people write it ("TRC-20", "erc20", "BNB Smart Chain"): "tron"; NULL: not known. */
const char *chain_of_network(struct text name);

/* "USDT" when a valid address is the contract of that token; *chain: where. NULL when it is none. */
const char *chain_token_contract(struct text address, const char **chain);

#endif
