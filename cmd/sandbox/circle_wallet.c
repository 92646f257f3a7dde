/* Wallets: ping, configuration, balances and mocked deposits (providers/circle.md, A2, A14, A16). */
#include "cmd/sandbox/circle.h"

static const char *const fiat[] = {"USD", "EUR", "MXN", "SGD", "BRL"};
#define FIAT (sizeof(fiat) / sizeof(fiat[0]))

/* Money on its way to a balance. */
struct credit {
	struct balance *balance;
	struct decimal amount;
};

bool circle_currency_fiat(struct text currency)
{
	size_t i;

	for (i = 0; i < FIAT; i++)
		if (text_is(currency, fiat[i]))
			return true;
	return false;
}

/* "USD" of the master wallet, or "212000/USD". */
bool circle_balance_known(struct text name)
{
	const char *slash = name.len > 0 ? memchr(name.ptr, '/', name.len) : NULL;
	struct text wallet = {name.ptr, slash == NULL ? 0 : (size_t)(slash - name.ptr)};

	if (slash == NULL)
		return circle_currency_fiat(name);
	return circle_digits(wallet, 1, 36) && !text_is(wallet, CIRCLE_MASTER_WALLET) &&
	       circle_currency_fiat((struct text){slash + 1, name.len - wallet.len - 1});
}

struct balance *circle_balance(struct sandbox *sandbox, struct text wallet, struct text currency)
{
	struct buf name = {NULL, 0, 0};
	struct balance *balance;

	/* Any numeric wallet is there (contract, section 9); ids have up to 36 characters (A2). */
	if (!circle_digits(wallet, 1, 36))
		return NULL;
	if (!text_is(wallet, CIRCLE_MASTER_WALLET)) {
		buf_addt(&name, wallet);
		buf_addc(&name, '/');
	}
	buf_addt(&name, currency);
	balance = balance_of(&sandbox->balances, PROVIDER_CIRCLE, buf_text(&name));
	buf_release(&name);
	return balance;
}

void circle_credit_add(struct circle_state *state, struct balance *balance, struct decimal amount, int64_t at_ms)
{
	struct credit *credit = arena_alloc(&state->memory, sizeof(*credit));

	*credit = (struct credit){balance, amount};
	due_add(&state->credits, at_ms, credit);
}

void circle_credits_settle(struct circle_call *call)
{
	int64_t now_ms = sandbox_now_ms(call->sandbox);
	const struct credit *credit;

	while ((credit = due_take(&call->state->credits, now_ms)) != NULL)
		balance_give(credit->balance, credit->amount);
}

bool circle_fee_known(struct text name)
{
	return text_is(name, "USD");
}

void circle_ping(struct circle_call *call)
{
	response_json(call->response, 200);
	buf_addz(&call->response->body, "{\"message\":\"pong\"}");
}

void circle_configuration(struct circle_call *call)
{
	buf_addz(circle_data(call, 200), "{\"payments\":{\"masterWalletId\":\"" CIRCLE_MASTER_WALLET "\"}}");
	circle_data_end(call);
}

/* Nothing is ever unsettled here (assumed), so that what is available is all there is. */
void circle_balances(struct circle_call *call)
{
	const char *given = request_argument(call->request, "walletId");
	struct text wallet = given == NULL ? TEXT(CIRCLE_MASTER_WALLET) : text_of(given);
	struct buf amount = {NULL, 0, 0};
	struct buf *body;
	size_t i;

	circle_credits_settle(call);
	if (!circle_digits(wallet, 1, 36)) {
		circle_refuse(call, CIRCLE_WALLET_UNKNOWN, "The wallet does not exist.");
		return;
	}
	body = circle_data(call, 200);
	buf_addz(body, "{\"available\":[");
	for (i = 0; i < FIAT; i++) {
		buf_reset(&amount);
		decimal_write(&amount, circle_balance(call->sandbox, wallet, text_of(fiat[i]))->held);
		if (i > 0)
			buf_addc(body, ',');
		circle_money(body, buf_text(&amount), text_of(fiat[i]));
	}
	buf_addz(body, "],\"unsettled\":[]}");
	circle_data_end(call);
	buf_release(&amount);
}

/* The deposit is in the master wallet when it would be settled (assumed; A16 speaks of batches). */
void circle_mock_wire(struct circle_call *call)
{
	static const struct circle_field reference = {"trackingRef", true, 64};
	static const struct circle_field amount_field = {"amount", true, 32};
	static const struct circle_field currency_field = {"currency", true, 3};
	static const struct circle_field account_field = {"accountNumber", true, 35};
	const json_t *money = circle_object(call, call->root, "", "amount", true);
	const json_t *bank = circle_object(call, call->root, "", "beneficiaryBank", true);
	struct text tracking = circle_string(call, call->root, "", &reference);
	struct text amount = circle_string(call, money, "amount.", &amount_field);
	struct text currency = circle_string(call, money, "amount.", &currency_field);
	struct text account = circle_string(call, bank, "beneficiaryBank.", &account_field);
	struct decimal decimal;
	bool negative = false;
	struct buf *body;

	if (amount.ptr != NULL && (!circle_amount_parse(amount, &decimal, &negative) || negative))
		circle_wrong(call, "pattern_mismatch", "amount.amount", json_object_get(money, "amount"), NULL,
			"amount.amount must be an amount");
	if (!circle_checked(call))
		return;
	if (!text_is(currency, "USD")) {
		circle_refuse(call, CIRCLE_CURRENCY_UNSUPPORTED, "The currency is not supported.");
		return;
	}
	if (!call->request->dry)
		circle_credit_add(call->state, circle_balance(call->sandbox, TEXT(CIRCLE_MASTER_WALLET), currency),
			decimal, sandbox_now_ms(call->sandbox) + call->sandbox->options->settle_after_ms);
	body = circle_data(call, 201);
	buf_addz(body, "{\"status\":\"pending\"");
	circle_member(body, "trackingRef", tracking);
	buf_addz(body, ",\"amount\":");
	circle_money(body, amount, currency);
	buf_addz(body, ",\"beneficiaryBank\":{\"accountNumber\":");
	buf_add_json(body, account);
	buf_addz(body, "}}");
	circle_data_end(call);
}
