/* Balances (providers/mollie.md, B2, B6, B10). Any id there is, but for bal_missing... (contract, section 9). */
#include "cmd/sandbox/mollie.h"

#define CREATED_UTC_MS INT64_C(1704067200000) /* 2024-01-01: before any payout here */

static const char *const currencies[] = {
	"EUR", "GBP", "CHF", "DKK", "NOK", "PLN", "SEK", "USD", "CZK", "HUF", "AUD", "CAD", "RON"};
#define CURRENCIES (sizeof(currencies) / sizeof(currencies[0]))

/* NULL: no balance has it. */
static const char *currency_find(struct text currency)
{
	size_t i;

	for (i = 0; i < CURRENCIES; i++)
		if (text_equal_nocase(currency, text_of(currencies[i])))
			return currencies[i];
	return NULL;
}

bool mollie_currency_known(struct text currency)
{
	const char *known = currency_find(currency);

	return known != NULL && text_is(currency, known);
}

/* Every balance of a currency ("EUR"), or a certain one ("bal_x/EUR"). */
bool mollie_balance_known(struct text name)
{
	if (name.len > 8 && text_starts(name, TEXT("bal_")) && name.ptr[name.len - 4] == '/')
		name = (struct text){name.ptr + name.len - 3, 3};
	return mollie_currency_known(name);
}

/* The currency that --balance gives this balance; NULL: it does not name it. */
static const char *currency_given(const struct options *options, struct text id)
{
	size_t i;

	for (i = 0; i < options->balance_count; i++) {
		struct text name = options->balances[i].name;

		if (options->balances[i].provider == PROVIDER_MOLLIE && name.len == id.len + 4 &&
			text_starts(name, id) && name.ptr[id.len] == '/')
			return currency_find((struct text){name.ptr + id.len + 1, 3});
	}
	return NULL;
}

/* A balance has one currency for good. Nothing here knows it beforehand (assumed): --balance tells it, or the id by its
 * beginning, bal_usd_ and so on, or the first payout from it; else it is EUR. */
static const char *currency_decide(const struct mollie_call *call, struct text id, struct text wanted)
{
	const char *currency = currency_given(call->sandbox->options, id);

	if (currency == NULL && id.len > 8 && id.ptr[7] == '_')
		currency = currency_find((struct text){id.ptr + 4, 3});
	if (currency == NULL)
		currency = currency_find(wanted);
	return currency == NULL ? "EUR" : currency;
}

static struct balance *money_of(struct mollie_call *call, const struct mollie_balance *balance)
{
	struct balances *balances = &call->sandbox->balances;
	struct buf name = {NULL, 0, 0};
	struct balance *money;
	struct decimal first;

	buf_addt(&name, balance->id);
	buf_addf(&name, "/%s", balance->currency);
	money = balance_find(balances, PROVIDER_MOLLIE, buf_text(&name));
	first = money != NULL ? money->first : balance_of(balances, PROVIDER_MOLLIE, text_of(balance->currency))->first;
	if (balance->mode == MOLLIE_LIVE)
		buf_addz(&name, "/live");
	money = balance_find(balances, PROVIDER_MOLLIE, buf_text(&name));
	if (money == NULL) {
		balance_set(balances, PROVIDER_MOLLIE, buf_text(&name), first);
		money = balance_of(balances, PROVIDER_MOLLIE, buf_text(&name));
	}
	buf_release(&name);
	return money;
}

const struct mollie_payout *mollie_balance_last(const struct mollie_balance *balance)
{
	return balance->payouts.count == 0 ? NULL : balance->payouts.items[balance->payouts.count - 1];
}

/* The name of a balance among those of both modes. */
static void name_write(struct buf *name, const struct mollie_call *call, struct text id)
{
	buf_addf(name, "%d", (int)call->mode);
	buf_addt(name, id);
}

struct mollie_balance *mollie_balance_seen(const struct mollie_call *call, struct text id)
{
	struct buf name = {NULL, 0, 0};
	struct mollie_balance *balance;

	name_write(&name, call, id);
	balance = map_get(&call->state->balances, buf_text(&name));
	buf_release(&name);
	return balance;
}

struct mollie_balance *mollie_balance_find(struct mollie_call *call, struct text id, struct text wanted)
{
	struct mollie_state *state = call->state;
	struct mollie_balance *balance = mollie_balance_seen(call, id);
	struct buf name = {NULL, 0, 0};

	if (balance != NULL)
		return balance;
	if (id.len <= 4 || !text_starts(id, TEXT("bal_")) || text_starts(id, TEXT("bal_missing")))
		return NULL;
	balance = arena_alloc(&state->memory, sizeof(*balance));
	balance->id = text_copy(&state->memory, id);
	balance->mode = call->mode;
	balance->currency = currency_decide(call, id, wanted);
	balance->money = money_of(call, balance);
	name_write(&name, call, id);
	map_put(&state->balances, text_copy(&state->memory, buf_text(&name)), balance);
	buf_release(&name);
	list_add(&state->balance_list, balance);
	return balance;
}

/* What the documentation leaves to the merchant's own settings is plain here. */
static void balance_write(const struct mollie_call *call, struct buf *body, const void *item)
{
	const struct mollie_balance *balance = item;
	struct text currency = text_of(balance->currency);

	buf_addz(body, "{\"resource\":\"balance\",\"id\":");
	buf_add_json(body, balance->id);
	buf_addf(body, ",\"mode\":\"%s\",\"createdAt\":", balance->mode == MOLLIE_LIVE ? "live" : "test");
	mollie_date(body, CREATED_UTC_MS);
	buf_addf(body,
		",\"currency\":\"%s\",\"description\":\"Sandbox balance\",\"availableAmount\":", balance->currency);
	mollie_money(body, balance->money->held, currency);
	buf_addz(body, ",\"pendingAmount\":");
	mollie_money(body, (struct decimal){0, 0}, currency);
	/* A payout ends the automatic ones (B1). */
	buf_addf(body, ",\"status\":\"active\",\"transferFrequency\":\"%s\",\"transferThreshold\":",
		balance->payouts.count > 0 ? "never" : "daily");
	mollie_money(body, (struct decimal){5, 0}, currency);
	buf_addz(body, ",\"transferReference\":null,\"transferDestination\":{\"type\":\"bank-account\","
		       "\"bankAccount\":\"NL55INGB0000000000\",\"beneficiaryName\":\"John Doe\"},\"_links\":{");
	mollie_link_self(call, body, "balances", balance->id);
	mollie_link_documentation(body, "get-balance");
	buf_addz(body, "}}");
}

static bool list_match(const struct mollie_call *call, const void *item)
{
	const struct mollie_balance *balance = item;
	const char *currency = request_argument(call->request, "currency");

	return balance->mode == call->mode && (currency == NULL || strcmp(currency, balance->currency) == 0);
}

static struct text list_id(const void *item)
{
	return ((const struct mollie_balance *)item)->id;
}

/* The primary one, those that --balance names, and those somebody asked for: any other there is as well, but a list has
 * an end. */
static void balances_make(struct mollie_call *call)
{
	const struct options *options = call->sandbox->options;
	size_t i;

	mollie_balance_find(call, TEXT(MOLLIE_PRIMARY), TEXT(""));
	for (i = 0; i < options->balance_count; i++) {
		struct text name = options->balances[i].name;

		if (options->balances[i].provider == PROVIDER_MOLLIE && name.len > 3)
			mollie_balance_find(call, (struct text){name.ptr, name.len - 4}, TEXT(""));
	}
}

void mollie_balance_list(struct mollie_call *call)
{
	const char *currency = request_argument(call->request, "currency");
	const struct mollie_query query = {
		.resources = "balances",
		.page = "list-balances",
		.list = &call->state->balance_list,
		.match = list_match,
		.id = list_id,
		.write = balance_write,
	};

	if (currency != NULL && !mollie_currency_known(text_of(currency))) {
		mollie_refuse(call->response, 400, "currency", "The currency is not one of a balance.");
		return;
	}
	mollie_money_settle(call);
	balances_make(call);
	mollie_list_answer(call, &query);
}

void mollie_balance_get(struct mollie_call *call)
{
	struct text id = text_is(call->id, "primary") ? TEXT(MOLLIE_PRIMARY) : call->id;
	const struct mollie_balance *balance;

	mollie_money_settle(call);
	balance = mollie_balance_find(call, id, TEXT(""));
	if (balance == NULL) {
		mollie_refuse(call->response, 404, NULL, "No balance exists with token '%.*s'.", (int)id.len, id.ptr);
		return;
	}
	balance_write(call, mollie_answer(call, 200), balance);
}
