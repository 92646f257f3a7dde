/* A request for a payout, read and checked (providers/pontis.md, section 1.4). */
#include "cmd/sandbox/pontis.h"

#define NAME_WORD "sandbox "

/* What a recipient needs beside a name, per country and method; nothing more is known (assumed: nothing is needed
 * elsewhere). Members that are not listed pass. */
static const struct recipient_row {
	const char *country;
	const char *method;
	const char *fields[3];
} recipients[] = {
	{"PH", "bank_local", {"account_number"}},
	{"IN", "bank_local", {"account_number", "ifsc"}},
	{"IN", "imps", {"account_number", "ifsc"}},
};
#define RECIPIENTS (sizeof(recipients) / sizeof(recipients[0]))

struct text pontis_name_word(struct text name)
{
	size_t len = sizeof(NAME_WORD) - 1;

	if (name.len <= len || !text_equal_nocase((struct text){name.ptr, len}, TEXT(NAME_WORD)))
		return (struct text){NULL, 0};
	return (struct text){name.ptr + len, name.len - len};
}

static bool upper(struct text text, size_t len)
{
	size_t i;

	for (i = 0; i < text.len; i++)
		if (text.ptr[i] < 'A' || text.ptr[i] > 'Z')
			return false;
	return text.len == len;
}

/* Four letters, a zero, six letters or digits (assumed to be checked, and in upper case). */
static bool ifsc_known(struct text text)
{
	size_t i;

	if (text.len != 11 || !upper((struct text){text.ptr, 4}, 4) || text.ptr[4] != '0')
		return false;
	for (i = 5; i < 11; i++)
		if (!(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') && !(text.ptr[i] >= '0' && text.ptr[i] <= '9'))
			return false;
	return true;
}

/* UUID v4, as the documentation says; whether the real one insists on the version is unknown (assumed). */
static bool key_read(struct pontis_call *call, struct pontis_order *order)
{
	struct text key;

	if (!pontis_string(call, call->payload, "idempotency_key", &key))
		return false;
	if (!uuid_parse(key, order->key) || order->key[14] != '4' || strchr("89ab", order->key[19]) == NULL)
		return pontis_refuse(call->response, PONTIS_VALIDATION, "idempotency_key must be a UUID v4");
	order->payout.key = (struct text){order->key, UUID_LEN};
	return true;
}

/* Exactly two decimals (assumed), and more than nothing. */
static bool amount_read(struct pontis_call *call, struct pontis_order *order)
{
	struct text amount;

	if (!pontis_string(call, call->payload, "source_amount", &amount))
		return false;
	if (amount.len < 4 || amount.ptr[amount.len - 3] != '.' || !decimal_parse(amount, &order->amount) ||
		decimal_is_zero(order->amount))
		return pontis_refuse(call->response, PONTIS_VALIDATION,
			"source_amount must match ^\\d+\\.\\d{2}$ and be more than zero");
	decimal_write(&order->digits, order->amount);
	order->payout.amount = buf_text(&order->digits);
	order->course = pontis_course(amount, order->name);
	return true;
}

static bool optional_check(struct pontis_call *call)
{
	static const char *const names[] = {
		"payment_network", "source_currency", "purpose_of_payment", "source_of_funds"};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *value = json_object_get(call->payload, names[i]);

		if (value != NULL && !json_is_string(value))
			return pontis_refuse(call->response, PONTIS_VALIDATION, "%s must be a string", names[i]);
	}
	return true;
}

static bool currency_read(struct pontis_call *call, struct pontis_order *order)
{
	const json_t *value = json_object_get(call->payload, "source_currency");

	order->payout.currency = value == NULL ? TEXT("USDT") : document_string(value);
	if (!provider_pontis.balance_known(order->payout.currency))
		return pontis_refuse(call->response, PONTIS_VALIDATION, "source_currency is not supported");
	return true;
}

static bool recipient_read(
	struct pontis_call *call, struct pontis_order *order, const json_t *recipient, const struct recipient_row *row)
{
	struct text text;
	size_t i;

	for (i = 0; row != NULL && row->fields[i] != NULL; i++) {
		if (!pontis_string(call, recipient, row->fields[i], &text))
			return false;
		if (strcmp(row->fields[i], "ifsc") == 0 && !ifsc_known(text))
			return pontis_refuse(call->response, PONTIS_VALIDATION, "ifsc is not an IFSC");
	}
	order->payout.destination = document_string(json_object_get(recipient, "account_number"));
	if (order->payout.destination.len == 0)
		order->payout.destination = order->name;
	return true;
}

static const struct recipient_row *recipient_row(struct text country, struct text method)
{
	size_t i;

	for (i = 0; i < RECIPIENTS; i++)
		if (text_is(country, recipients[i].country) && text_is(method, recipients[i].method))
			return &recipients[i];
	return NULL;
}

bool pontis_order_read(struct pontis_call *call, struct pontis_order *order)
{
	const json_t *recipient = json_object_get(call->payload, "recipient_details");
	struct text country;
	struct text currency;
	struct text method;

	order->payout.provider = PROVIDER_PONTIS;
	if (!key_read(call, order) || !pontis_string(call, call->payload, "country_code", &country) ||
		!pontis_string(call, call->payload, "currency_code", &currency) ||
		!pontis_string(call, call->payload, "payment_method", &method) || !optional_check(call))
		return false;
	if (!upper(country, 2))
		return pontis_refuse(call->response, PONTIS_VALIDATION, "country_code must be two letters");
	if (!upper(currency, 3))
		return pontis_refuse(call->response, PONTIS_VALIDATION, "currency_code must be three letters");
	if (!json_is_object(recipient))
		return pontis_refuse(call->response, PONTIS_VALIDATION, "recipient_details must be an object");
	return pontis_string(call, recipient, "name", &order->name) && amount_read(call, order) &&
	       currency_read(call, order) && recipient_read(call, order, recipient, recipient_row(country, method));
}
