#include "cmd/sandbox/sandbox.h"

void sandbox_init(struct sandbox *sandbox, const struct options *options)
{
	size_t i;

	memset(sandbox, 0, sizeof(*sandbox));
	sandbox->options = options;
	clock_system(&sandbox->clock);
	mishaps_clear_all(&sandbox->mishaps, options->seed);
	for (i = 0; i < options->balance_count; i++)
		balance_set(&sandbox->balances, options->balances[i].provider, options->balances[i].name,
			options->balances[i].amount);
	for (i = 0; i < PROVIDER_COUNT; i++)
		if (providers[i] != NULL)
			sandbox->states[i] = providers[i]->open();
}

void sandbox_reset(struct sandbox *sandbox)
{
	size_t i;

	for (i = 0; i < PROVIDER_COUNT; i++)
		if (providers[i] != NULL)
			providers[i]->reset(sandbox->states[i]);
	courier_clear(&sandbox->courier);
	ledger_clear(&sandbox->ledger);
	balances_reset(&sandbox->balances);
	mishaps_clear_all(&sandbox->mishaps, sandbox->options->seed);
	tally_release(&sandbox->tally);
	sandbox->advanced_ms = 0;
}

void sandbox_release(struct sandbox *sandbox)
{
	size_t i;

	for (i = 0; i < PROVIDER_COUNT; i++)
		if (providers[i] != NULL)
			providers[i]->close(sandbox->states[i]);
	courier_release(&sandbox->courier);
	ledger_release(&sandbox->ledger);
	balances_release(&sandbox->balances);
	tally_release(&sandbox->tally);
	document_release(&sandbox->document);
}

int64_t sandbox_real_ms(const struct sandbox *sandbox)
{
	return clock_now(&sandbox->clock).utc_ms;
}

int64_t sandbox_now_ms(const struct sandbox *sandbox)
{
	return sandbox_real_ms(sandbox) + sandbox->advanced_ms;
}

void sandbox_advance(struct sandbox *sandbox, int64_t ms)
{
	sandbox->advanced_ms += ms;
}
