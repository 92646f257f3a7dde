/* The body of a creation (providers/mollie.md, B2, B4, B6, B7): one error at a time, with its field. */
#include "cmd/sandbox/mollie.h"

/* A member that is neither missing nor null. */
static const json_t *member(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);

	return json_is_null(value) ? NULL : value;
}

/* Members the call does not have are refused (assumed), so that a misspelt one is seen. */
static bool members_check(struct mollie_call *call)
{
	static const char *const known[] = {"balanceId", "amount", "description", "testmode"};
	json_t *root = call->sandbox->document.root;
	void *at;

	for (at = json_object_iter(root); at != NULL; at = json_object_iter_next(root, at)) {
		const char *name = json_object_iter_key(at);
		size_t i;

		for (i = 0; i < sizeof(known) / sizeof(known[0]) && strcmp(known[i], name) != 0; i++)
			;
		if (i == sizeof(known) / sizeof(known[0]))
			return mollie_refuse(call->response, 422, name, "Non-existent body parameter.");
	}
	return true;
}

/* Digits, a point and exactly two digits (B6); at most 15 before the point (assumed). */
static bool value_parse(struct text value, struct decimal *amount)
{
	size_t i;

	if (value.len < 4 || value.len > 18 || value.ptr[value.len - 3] != '.')
		return false;
	for (i = 0; i < value.len; i++)
		if (i != value.len - 3 && (value.ptr[i] < '0' || value.ptr[i] > '9'))
			return false;
	return decimal_parse(value, amount);
}

/* False after the refusal; *given tells an amount from everything there is. */
static bool amount_read(struct mollie_call *call, struct mollie_order *order, bool *given)
{
	const json_t *amount = member(call->root, "amount");
	struct text currency = document_string(json_object_get(amount, "currency"));
	struct text value = document_string(json_object_get(amount, "value"));

	*given = amount != NULL;
	if (!*given)
		return true;
	if (!json_is_object(amount))
		return mollie_refuse(call->response, 422, "amount", "The amount must be an object.");
	if (!mollie_currency_known(currency))
		return mollie_refuse(call->response, 422, "amount.currency", "The amount contains an invalid currency");
	/* Nothing is not an amount (assumed; no least one is documented). */
	if (!value_parse(value, &order->payout.amount) || decimal_is_zero(order->payout.amount))
		return mollie_refuse(call->response, 422, "amount.value", "The amount contains an invalid value");
	order->entry.currency = currency;
	return true;
}

static bool description_read(struct mollie_call *call, struct mollie_order *order)
{
	const json_t *description = member(call->root, "description");

	if (description == NULL)
		return true;
	order->payout.description = document_string(description);
	if (!json_is_string(description))
		return mollie_refuse(call->response, 422, "description", "The description must be a string.");
	if (text_points(order->payout.description) > MOLLIE_DESCRIPTION_MAX)
		return mollie_refuse(call->response, 422, "description",
			"The description is longer than %d characters.", MOLLIE_DESCRIPTION_MAX);
	return true;
}

static bool balance_read(struct mollie_call *call, struct mollie_order *order)
{
	struct text id = document_string(json_object_get(call->root, "balanceId"));
	struct mollie_balance *balance;

	if (id.len <= 4 || !text_starts(id, TEXT("bal_")))
		return mollie_refuse(call->response, 422, "balanceId", "The balance id is missing or invalid.");
	balance = mollie_balance_find(call, id, order->entry.currency);
	if (balance == NULL)
		return mollie_refuse(
			call->response, 422, "balanceId", "No balance exists with token '%.*s'.", (int)id.len, id.ptr);
	order->payout.balance = balance;
	order->entry.destination = balance->id;
	/* Assumed: a balance pays in its own currency alone (B6). */
	if (order->entry.currency.len > 0 && !text_is(order->entry.currency, balance->currency))
		return mollie_refuse(call->response, 422, "amount.currency",
			"The currency differs from the currency of the balance.");
	order->entry.currency = text_of(balance->currency);
	return true;
}

/* One payout of a balance may wait at a time (B1). The business day of the documentation ends here, on the clock that
 * settles, when the payout leaves `requested`: then the balance is free for the next one. */
static bool free_check(struct mollie_call *call, const struct mollie_balance *balance)
{
	const struct mollie_payout *last = mollie_balance_last(balance);

	if (last == NULL || mollie_status(last, sandbox_now_ms(call->sandbox)) != MOLLIE_REQUESTED)
		return true;
	return mollie_refuse(call->response, 422, "balanceId",
		"A payout is already scheduled for the next business day on this balance.");
}

static bool funds_check(struct mollie_call *call, struct mollie_order *order, bool given)
{
	const struct balance *money = order->payout.balance->money;

	mollie_money_settle(call);
	if (!given)
		order->payout.amount = money->held;
	if (decimal_is_zero(order->payout.amount) || decimal_compare(money->held, order->payout.amount) < 0)
		return mollie_refuse(call->response, 422, "amount", "The balance has insufficient funds.");
	return true;
}

bool mollie_order_read(struct mollie_call *call, struct mollie_order *order)
{
	bool given;

	if (call->root == NULL)
		return mollie_refuse(call->response, 422, "balanceId", "The balance id is missing or invalid.");
	if (!members_check(call) || !amount_read(call, order, &given) || !description_read(call, order) ||
		!balance_read(call, order))
		return false;
	if (mollie_refusal_staged(call, order->payout.description))
		return false;
	if (!free_check(call, order->payout.balance) || !funds_check(call, order, given))
		return false;
	order->payout.course = mollie_course_of(order->payout.amount, order->payout.description);
	return true;
}
