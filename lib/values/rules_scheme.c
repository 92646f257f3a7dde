/* Rules of what payment schemes and the law add to an amount (tables/amount_facts.csv; the travel rule). */
#include <string.h>

#include "values/provider.h"
#include "values/rules_run.h"
#include "values/tables.inc"

struct fact {
	char currency[4];
	const char *provider; /* "": of any */
	int decimals;         /* -1: nothing is known */
	int most;             /* whole units, the decimals of one more are free; -1: nothing is known */
	const char *source;
};

#define ROW(currency, provider, decimals, most, source) {currency, provider, decimals, most, source},
static const struct fact facts[] = {TABLES_AMOUNT_FACTS_ROWS(ROW)};
#undef ROW

static int64_t power_of_10(unsigned exponent)
{
	int64_t power = 1;

	for (; exponent > 0; exponent--)
		power *= 10;
	return power;
}

/* The fact of the row's currency: the provider's own goes before that of any. NULL: none, or no amount to hold against
 * it. */
static const struct fact *fact_of(const struct rules_run *run)
{
	const struct fact *found = NULL;

	if (run->terms == NULL || run->asset != NULL || !run->amount_judged || run->amount != MONEY_VALID)
		return NULL;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (strcmp(facts[i].currency, run->payout->currency) != 0)
			continue;
		if (strcmp(facts[i].provider, provider_name(run->terms->channel->provider)) == 0)
			return &facts[i];
		if (facts[i].provider[0] == '\0')
			found = &facts[i];
	}
	return found;
}

void rules_amount_fraction(struct rules_run *run, const struct rule *rule)
{
	const struct fact *fact = fact_of(run);
	const struct payout *payout = run->payout;

	if (fact == NULL || fact->decimals < 0 || (int)payout->decimals <= fact->decimals ||
		payout->amount_minor % power_of_10(payout->decimals - (unsigned)fact->decimals) == 0)
		return;
	rules_found(run, rule, "amount", "write a whole amount if the bank takes no other", "%s has decimals: %s",
		rules_show(run, COLUMN_AMOUNT), fact->source);
}

void rules_amount_scheme(struct rules_run *run, const struct rule *rule)
{
	const struct fact *fact = fact_of(run);
	const struct payout *payout = run->payout;

	if (fact == NULL || fact->most < 0 || payout->amount_minor / power_of_10(payout->decimals) <= fact->most)
		return;
	rules_found(run, rule, "amount", "make several payouts of it, or ask the provider how it is paid",
		"%s is more than one payment may have (%s)", rules_show(run, COLUMN_AMOUNT), fact->source);
}

/* Without the originator the provider takes the payout and refuses it afterwards. */
void rules_travel(struct rules_run *run, const struct rule *rule)
{
	const struct terms *terms = run->terms;

	if (terms == NULL || !terms->lacks_originator || !run->amount_judged || run->amount != MONEY_VALID ||
		run->payout->amount_minor / power_of_10(run->payout->decimals) < terms->originator_from)
		return;
	rules_found(run, rule, "channel", "give the channel its originator_... settings (payrun.conf(5))",
		"%s wants to know who pays; channel %s has no originator", provider_name(terms->channel->provider),
		terms->channel->name);
}
