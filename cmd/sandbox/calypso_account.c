/* Balances and fees (providers/calypso.md, sections 2.2 and 2.5). */
#include "cmd/sandbox/calypso.h"

#define OWNER_ID "7f1b7a52-6c0e-4a8e-9d53-1c4f5e0a2b66"

void calypso_account(struct calypso_call *call)
{
	const struct calypso_currency *currency;
	struct buf *body = &call->response->body;
	size_t i;

	calypso_giveback(call->sandbox, call->state);
	response_json(call->response, 200);
	buf_addz(body, "{\"account\":\"" CALYPSO_ACCOUNT "\",\"name\":\"payrun sandbox\",\"ownerId\":\"" OWNER_ID
		       "\",\"balances\":[");
	for (i = 0; (currency = calypso_currency_at(i)) != NULL; i++) {
		const struct balance *balance =
			balance_of(&call->sandbox->balances, PROVIDER_CALYPSO, text_of(currency->code));

		/* The item's shape is that of the settlement wallet (assumed; section 2.2). */
		buf_addf(body, "%s{\"currency\":\"%s\",\"amount\":", i > 0 ? "," : "", currency->code);
		decimal_write(body, balance->held);
		buf_addf(body, ",\"token\":%s}", strchr(currency->code, '_') != NULL ? "true" : "false");
	}
	buf_addz(body, "]}");
}

/* {"amount":A,"fee":F} */
static void fee_side(struct buf *out, const char *name, struct decimal amount, struct decimal fee)
{
	buf_addf(out, ",\"%s\":{\"amount\":", name);
	decimal_write(out, amount);
	buf_addz(out, ",\"fee\":");
	decimal_write(out, fee);
	buf_addc(out, '}');
}

/* A fee is one amount a payout (assumed), on top of it for the sender and out of it for the receiver. */
static void fee_write(
	struct calypso_call *call, struct buf *out, struct decimal amount, struct text currency, struct text type)
{
	struct decimal fee = options_fee(call->sandbox->options, PROVIDER_CALYPSO, currency);
	struct decimal rest = {0, 0};

	if (decimal_compare(amount, fee) > 0)
		rest = decimal_subtract(amount, fee);
	buf_addz(out, "{\"amount\":");
	decimal_write(out, amount);
	buf_addz(out, ",\"currency\":");
	buf_add_json(out, currency);
	buf_addz(out, ",\"opType\":\"WITHDRAWAL\"");
	fee_side(out, "feeReceiver", rest, fee);
	fee_side(out, "feeSender", amount, fee);
	if (text_is(type, "FIX")) {
		buf_addz(out, ",\"fixedFee\":");
		decimal_write(out, fee);
	}
	if (text_is(type, "PERCENT"))
		buf_addz(out, ",\"percentFee\":0");
	buf_addc(out, '}');
}

/* One item of the request; false after the refusal. */
static bool fee_item(struct calypso_call *call, const json_t *item, struct buf *out)
{
	struct text currency = document_string(json_object_get(item, "currency"));
	struct text operation = document_string(json_object_get(item, "opType"));
	const json_t *type_value = json_object_get(item, "feeType");
	struct text type = document_string(type_value);
	struct decimal amount;

	if (!decimal_parse(document_number(&call->sandbox->document, json_object_get(item, "baseAmount")), &amount))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "baseAmount must be a number, not negative");
	if (calypso_currency_find(currency) == NULL)
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "currency is not supported");
	if (!text_is(operation, "WITHDRAWAL"))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "opType must be WITHDRAWAL");
	if (type_value != NULL && !text_is(type, "SERVICE") && !text_is(type, "FIX") && !text_is(type, "PERCENT"))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "feeType must be SERVICE, FIX or PERCENT");
	fee_write(call, out, amount, currency, type);
	return true;
}

void calypso_fee(struct calypso_call *call)
{
	const json_t *items = json_object_get(call->payload, "items");
	struct buf out = {NULL, 0, 0};
	size_t i;

	if (json_array_size(items) == 0) {
		calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "items needs at least one");
		return;
	}
	for (i = 0; i < json_array_size(items); i++) {
		if (i > 0)
			buf_addc(&out, ',');
		if (!fee_item(call, json_array_get(items, i), &out))
			goto out;
	}
	response_json(call->response, 200);
	buf_addz(&call->response->body, "{\"items\":[");
	buf_addt(&call->response->body, buf_text(&out));
	buf_addz(&call->response->body, "]}");
out:
	buf_release(&out);
}
