#include "cmd/sandbox/balance.h"

#include "base/arena.h"

struct balance *balance_find(const struct balances *balances, enum provider_id provider, struct text name)
{
	return map_get(&balances->by_name[provider], name);
}

struct balance *balance_of(struct balances *balances, enum provider_id provider, struct text name)
{
	struct balance *balance = map_get(&balances->by_name[provider], name);

	if (balance != NULL)
		return balance;
	balance = memory_new(sizeof(*balance));
	balance->name = memory_new(name.len + 1);
	memcpy(balance->name, name.ptr, name.len);
	balance->first = BALANCE_DEFAULT;
	balance->held = BALANCE_DEFAULT;
	map_put(&balances->by_name[provider], (struct text){balance->name, name.len}, balance);
	balances->list = memory_grow(balances->list, (balances->count + 1) * sizeof(struct balance *));
	balances->list[balances->count++] = balance;
	return balance;
}

void balance_set(struct balances *balances, enum provider_id provider, struct text name, struct decimal amount)
{
	struct balance *balance = balance_of(balances, provider, name);

	balance->first = amount;
	balance->held = amount;
}

bool balance_take(struct balance *balance, struct decimal amount)
{
	if (decimal_compare(balance->held, amount) < 0)
		return false;
	balance->held = decimal_subtract(balance->held, amount);
	return true;
}

void balance_give(struct balance *balance, struct decimal amount)
{
	balance->held = decimal_add(balance->held, amount);
}

void balances_reset(struct balances *balances)
{
	size_t i;

	for (i = 0; i < balances->count; i++)
		balances->list[i]->held = balances->list[i]->first;
}

void balances_release(struct balances *balances)
{
	size_t i;

	for (i = 0; i < balances->count; i++) {
		free(balances->list[i]->name);
		free(balances->list[i]);
	}
	free(balances->list);
	for (i = 0; i < PROVIDER_COUNT; i++)
		map_release(&balances->by_name[i]);
	memset(balances, 0, sizeof(*balances));
}
