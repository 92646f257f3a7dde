/* Payouts: create, get, list, and the list of returns (providers/circle.md, A3, A7, A13). */
#include "cmd/sandbox/circle.h"

static struct list *list_of(const struct circle_call *call)
{
	return call->legacy ? &call->state->payouts : &call->state->business;
}

static void detail_keep(struct ledger *ledger, struct circle_detail *detail)
{
	struct text *const texts[] = {&detail->wallet, &detail->destination_name, &detail->to_amount,
		&detail->to_currency, &detail->purpose, &detail->identities, &detail->chain};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		*texts[i] = ledger_text(ledger, *texts[i]);
}

/* The payout comes to be: money taken, in the ledger, its key bound. */
static const struct payout *order_commit(struct circle_call *call, struct circle_order *order)
{
	struct ledger *ledger = &call->sandbox->ledger;
	struct balance *balance = circle_balance(call->sandbox, order->detail.wallet, order->payout.currency);
	struct circle_detail *detail = arena_alloc(&ledger->memory, sizeof(*detail));
	const struct payout *payout;
	int64_t credit_ms;

	/* They hold that much: the order was read. A fee does not come back. */
	balance_take(balance, order->amount);
	balance_take(circle_balance(call->sandbox, TEXT(CIRCLE_MASTER_WALLET), TEXT("USD")), order->detail.fee);
	*detail = order->detail;
	detail_keep(ledger, detail);
	detail->index = list_of(call)->count;
	order->payout.detail = detail;
	payout = ledger_add(ledger, &order->payout);
	list_add(list_of(call), payout);
	circle_key_bind(call, payout);
	if (circle_payout_credit_ms(payout, &credit_ms))
		circle_credit_add(call->state, balance, order->amount, credit_ms);
	circle_notice_plan_payout(call, payout);
	return payout;
}

void circle_payout_create(struct circle_call *call)
{
	struct circle_order order;

	memset(&order, 0, sizeof(order));
	if (!circle_order_read(call, &order))
		goto out;
	uuid_new(order.id);
	order.payout.id = text_of(order.id);
	order.payout.detail = &order.detail;
	order.payout.created_utc_ms = sandbox_real_ms(call->sandbox);
	order.payout.start_ms = sandbox_now_ms(call->sandbox);
	order.payout.due_ms = order.payout.start_ms + call->sandbox->options->settle_after_ms;
	circle_payout_created(call, call->request->dry ? &order.payout : order_commit(call, &order));
out:
	circle_order_release(&order);
}

/* NULL: there is none of that name in the product's list. */
static const struct payout *payout_find(const struct circle_call *call, struct text id)
{
	char key[UUID_LEN];
	const struct payout *payout;

	if (!uuid_parse(id, key))
		return NULL;
	payout = ledger_by_id(&call->sandbox->ledger, PROVIDER_CIRCLE, (struct text){key, UUID_LEN});
	if (payout == NULL)
		return NULL;
	return (((const struct circle_detail *)payout->detail)->product == CIRCLE_BUSINESS) != call->legacy ? payout
													    : NULL;
}

void circle_payout_get(struct circle_call *call)
{
	const struct payout *payout = payout_find(call, call->id);
	const char *identities = request_argument(call->request, "returnIdentities");
	bool asked = identities != NULL && strcmp(identities, "true") == 0;

	if (payout == NULL) {
		circle_refuse(call, CIRCLE_PAYOUT_UNKNOWN, "The payout does not exist.");
		return;
	}
	circle_payout_write(circle_data(call, 200), payout, asked ? CIRCLE_VIEW_IDENTITIES : CIRCLE_VIEW_WHOLE,
		sandbox_now_ms(call->sandbox), call->request->wrong);
	circle_data_end(call);
}

static bool list_find(const struct circle_call *call, struct text id, size_t *index)
{
	const struct payout *payout = payout_find(call, id);

	if (payout != NULL)
		*index = ((const struct circle_detail *)payout->detail)->index;
	return payout != NULL;
}

static bool list_match(const struct circle_call *call, const void *item, const void *filter)
{
	const struct request *request = call->request;
	const struct payout *payout = item;
	const struct circle_detail *detail = payout->detail;
	struct text to_currency = detail->to_currency.ptr == NULL ? payout->currency : detail->to_currency;
	const char *type = detail->product == CIRCLE_BOOK ? "address_book" : "wire";

	(void)filter;
	if (!circle_argument_allows(request, "destination", payout->destination) ||
		!circle_argument_allows(request, "type", text_of(type)) ||
		!circle_argument_allows(
			request, "status", text_of(circle_payout_state(payout, sandbox_now_ms(call->sandbox)))))
		return false;
	if (!call->legacy)
		return circle_argument_allows(request, "sourceWalletId", detail->wallet);
	return circle_argument_allows(request, "source", detail->wallet) &&
	       circle_argument_allows(request, "sourceCurrency", payout->currency) &&
	       circle_argument_allows(request, "destinationCurrency", to_currency) &&
	       circle_argument_allows(request, "chain", detail->chain);
}

static int64_t list_created_ms(const void *item)
{
	return ((const struct payout *)item)->created_utc_ms;
}

static void list_id(const void *item, char out[UUID_SIZE])
{
	snprintf(out, UUID_SIZE, "%.*s", UUID_LEN, ((const struct payout *)item)->id.ptr);
}

static void list_write(const struct circle_call *call, struct buf *body, const void *item)
{
	circle_payout_write(body, item, CIRCLE_VIEW_LISTED, sandbox_now_ms(call->sandbox), call->request->wrong);
}

/* Every value of a filter must be one of these. */
static void filter_check(struct circle_call *call, const char *name, const char *const *words, size_t count)
{
	const struct request *request = call->request;
	size_t i;
	size_t j;

	for (i = 0; i < request->argument_count; i++) {
		if (strcmp(request->arguments[i].name, name) != 0)
			continue;
		for (j = 0; j < count && strcmp(request->arguments[i].value, words[j]) != 0; j++)
			;
		if (j == count)
			circle_wrong(call, "invalid_value", name, NULL, NULL, "%s is not one of the values", name);
	}
}

static bool argument_is(const struct request *request, const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < request->argument_count; i++)
		if (strcmp(request->arguments[i].name, name) == 0 && strcmp(request->arguments[i].value, value) == 0)
			return true;
	return false;
}

/* False after the refusal. */
static bool filters_check(struct circle_call *call)
{
	static const char *const states[] = {"pending", "complete", "failed"};
	static const char *const types[] = {"wire", "cubix", "pix", "sepa", "sepa_instant"};
	static const char *const legacy_types[] = {"address_book", "wire", "ach", "sepa"};
	const struct request *request = call->request;
	const char *source = request_argument(request, "source");

	filter_check(call, "status", states, sizeof(states) / sizeof(states[0]));
	if (call->legacy)
		filter_check(call, "type", legacy_types, sizeof(legacy_types) / sizeof(legacy_types[0]));
	else
		filter_check(call, "type", types, sizeof(types) / sizeof(types[0]));
	if (!circle_checked(call))
		return false;
	if (!call->legacy)
		return true;
	if (argument_is(request, "type", "address_book") &&
		(argument_is(request, "type", "wire") || argument_is(request, "type", "ach") ||
			argument_is(request, "type", "sepa")))
		return circle_refuse(
			call, CIRCLE_SEARCH_MIXED, "Stablecoin and fiat payouts can't be searched together.");
	return source == NULL || circle_digits(text_of(source), 1, 36) ||
	       circle_refuse(call, CIRCLE_SEARCH_WALLET, "The source wallet of a search must be numeric.");
}

void circle_payout_list(struct circle_call *call)
{
	const struct circle_query query = {
		.list = list_of(call),
		.find = list_find,
		.match = list_match,
		.created_ms = list_created_ms,
		.id = list_id,
		.write = list_write,
	};

	if (filters_check(call))
		circle_list_answer(call, &query);
}

static void return_id(const void *item, char out[UUID_SIZE])
{
	uuid_of("return", ((const struct payout *)item)->id, out);
}

static bool return_match(const struct circle_call *call, const void *item, const void *filter)
{
	(void)filter;
	return circle_return_shown(item, sandbox_now_ms(call->sandbox));
}

static bool return_find(const struct circle_call *call, struct text id, size_t *index)
{
	const struct list *list = list_of(call);
	char own[UUID_SIZE];

	for (*index = 0; *index < list->count; (*index)++) {
		if (!return_match(call, list->items[*index], NULL))
			continue;
		return_id(list->items[*index], own);
		if (text_is(id, own))
			return true;
	}
	return false;
}

static void return_write(const struct circle_call *call, struct buf *body, const void *item)
{
	circle_return_write(body, item, sandbox_now_ms(call->sandbox));
}

/* Of the legacy product (A7); in the order of the payouts, by whose dates they are filtered (assumed). */
void circle_return_list(struct circle_call *call)
{
	const struct circle_query query = {
		.list = list_of(call),
		.find = return_find,
		.match = return_match,
		.created_ms = list_created_ms,
		.id = return_id,
		.write = return_write,
	};

	circle_list_answer(call, &query);
}
