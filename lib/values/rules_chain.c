/* Rules of what is paid to a blockchain, besides the address itself (rules_place.c). */
#include <string.h>

#include "values/chain.h"
#include "values/rules_run.h"

/* One form of address serves ethereum, bsc and polygon: only the currency's code says which of them pays, so that a
 * network beside it must not say otherwise. */
void rules_network_conflict(struct rules_run *run, const struct rule *rule)
{
	const char *chain;

	if (run->asset == NULL || run->asset->chain[0] == '\0' || !run->terms->pays_to_chain ||
		!rules_has(run, COLUMN_PAYMENT_NETWORK))
		return;
	chain = chain_of_network(run->payout->cells[COLUMN_PAYMENT_NETWORK]);
	if (chain != NULL && strcmp(chain, run->asset->chain) != 0)
		rules_found(run, rule, "payment_network", "correct the one that is wrong: the currency's code decides",
			"payment_network says %s (%s), %s is paid on %s", rules_show(run, COLUMN_PAYMENT_NETWORK),
			chain, run->asset->code, run->asset->chain);
}

void rules_address_contract(struct rules_run *run, const struct rule *rule)
{
	const char *token, *chain;

	if (!run->address_judged || run->address != ADDRESS_VALID)
		return;
	token = chain_token_contract(run->payout->cells[COLUMN_WALLET_ADDRESS], &chain);
	if (token != NULL)
		rules_found(run, rule, "wallet_address", "ask the beneficiary for an address of their own",
			"%s is the contract of %s on %s itself: what is paid there is lost",
			rules_show(run, COLUMN_WALLET_ADDRESS), token, chain);
}
