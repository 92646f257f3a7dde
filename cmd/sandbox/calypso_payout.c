/* Payouts: create, find, and what becomes of them (providers/calypso.md, sections 2.3, 2.4, 2.11). */
#include "cmd/sandbox/calypso.h"

#include "base/arena.h"
#include "base/clock.h"

#define ATTO_PER_HUNDREDTH (DECIMAL_ONE / 100)

/* How a payout will end; known when it is made, shown when it is due. */
enum outcome { OUTCOME_COMPLETED = 0, OUTCOME_FAILED, OUTCOME_CANCELED, OUTCOME_NO_FUNDS };

/* What the ledger has no column for. Texts live in the ledger's memory; a NULL ptr means null. */
struct detail {
	enum outcome outcome;
	struct decimal amount;
	struct decimal fee; /* on top of it */
	bool fee_short;     /* the balance had the amount, and not its fee */
	struct text comment;
	struct text execution_date;
};

/* A create request as it was read; texts live in the document or here. */
struct order {
	struct payout payout;
	struct detail detail;
	const struct calypso_currency *currency;
	char key[UUID_LEN];
	char id[24];
	struct buf amount;
};

/* Test amounts (contract, section 9): decimals that are exactly .91 or .92 in the normal form; .910 is .91, .911 is
 * not. */
static enum outcome outcome_of(struct decimal amount)
{
	if (amount.atto == 91 * ATTO_PER_HUNDREDTH)
		return OUTCOME_FAILED;
	if (amount.atto == 92 * ATTO_PER_HUNDREDTH)
		return OUTCOME_CANCELED;
	return OUTCOME_COMPLETED;
}

/* The flow of section 2.4; a payout spends half its time CREATED, half on its way. One without funds never sets out
 * (assumed: it waits as CREATED and then fails); a canceled one waits for a confirmation that is declined. */
const char *calypso_payout_state(const struct payout *payout, int64_t now_ms)
{
	static const char *const last[] = {
		[OUTCOME_COMPLETED] = "COMPLETED",
		[OUTCOME_FAILED] = "FAILED",
		[OUTCOME_CANCELED] = "CANCELED",
		[OUTCOME_NO_FUNDS] = "FAILED",
	};
	static const char *const under_way[] = {
		[OUTCOME_COMPLETED] = "IN_PROGRESS",
		[OUTCOME_FAILED] = "IN_PROGRESS",
		[OUTCOME_CANCELED] = "PENDING_CONFIRMATION",
		[OUTCOME_NO_FUNDS] = "CREATED",
	};
	const struct detail *detail = payout->detail;

	if (now_ms >= payout->due_ms)
		return last[detail->outcome];
	if (now_ms >= payout->start_ms + (payout->due_ms - payout->start_ms) / 2)
		return under_way[detail->outcome];
	return "CREATED";
}

void calypso_giveback(struct sandbox *sandbox, struct calypso_state *state)
{
	int64_t now_ms = sandbox_now_ms(sandbox);
	const struct payout *payout;

	while ((payout = due_take(&state->giveback, now_ms)) != NULL) {
		const struct detail *detail = payout->detail;

		balance_give(balance_of(&sandbox->balances, PROVIDER_CALYPSO, payout->currency),
			decimal_add(detail->amount, detail->fee));
	}
}

static void member_text(struct buf *body, const char *name, struct text text)
{
	buf_addf(body, ",\"%s\":", name);
	if (text.ptr == NULL)
		buf_addz(body, "null");
	else
		buf_add_json(body, text);
}

/* 64 hex digits, as chains have them; the same at every look. */
void calypso_hash_write(struct buf *body, const struct payout *payout, const char *state)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (strcmp(state, "IN_PROGRESS") != 0 && strcmp(state, "COMPLETED") != 0) {
		buf_addz(body, "null");
		return;
	}
	EVP_Q_digest(NULL, "SHA256", NULL, payout->id.ptr, payout->id.len, digest, NULL);
	buf_addz(body, text_starts(payout->destination, TEXT("0x")) ? "\"0x" : "\"");
	buf_add_hex(body, digest, 32);
	buf_addc(body, '"');
}

bool calypso_payout_short(const struct payout *payout)
{
	return ((const struct detail *)payout->detail)->outcome == OUTCOME_NO_FUNDS;
}

static void errors_write(struct buf *body, const struct payout *payout, const struct detail *detail)
{
	if (detail->outcome != OUTCOME_NO_FUNDS) {
		buf_addz(body, ",\"errors\":null");
		return;
	}
	buf_addz(body, ",\"errors\":{\"withdrawalErrors\":[{\"withdrawalId\":");
	buf_addt(body, payout->id);
	buf_addf(body,
		",\"errors\":[{\"id\":1,\"status\":\"NOT_ENOUGH_FUNDS%s\",\"errorResolved\":false,"
		"\"errorMessage\":\"Not enough funds\"}]}]}",
		detail->fee_short ? "_FOR_COMMISSION" : "");
}

static void payout_write(struct buf *body, const struct payout *payout, int64_t now_ms)
{
	const struct detail *detail = payout->detail;
	const char *state = calypso_payout_state(payout, now_ms);
	char created[CLOCK_ISO_SIZE];

	clock_iso_ms(payout->created_utc_ms, created);
	buf_addz(body, "{\"id\":");
	buf_add_json(body, payout->id);
	buf_addz(body, ",\"account\":\"" CALYPSO_ACCOUNT "\"");
	member_text(body, "depositAddress", payout->destination);
	buf_addz(body, ",\"amount\":");
	buf_addt(body, payout->amount);
	member_text(body, "currency", payout->currency);
	buf_addz(body, ",\"fee\":");
	decimal_write(body, detail->fee);
	buf_addf(body, ",\"feePercentage\":0,\"state\":\"%s\",\"createdDate\":\"%s\"", state, created);
	buf_addz(body, ",\"transactionHash\":");
	calypso_hash_write(body, payout, state);
	member_text(body, "comment", detail->comment);
	member_text(body, "executionDate", detail->execution_date);
	member_text(body, "idempotencyKey", payout->key);
	errors_write(body, payout, detail);
	if (strcmp(state, "CANCELED") == 0)
		buf_addz(body, ",\"cancellation\":{\"canceledByUserId\":\"1\",\"canceledByFirstname\":\"Sand\","
			       "\"canceledByLastname\":\"Box\",\"cancelMessage\":\"Declined\"}");
	else
		buf_addz(body, ",\"cancellation\":null");
	buf_addz(body, ",\"belongingType\":\"EXTERNAL\"");
	member_text(body, "externalId", payout->reference);
	buf_addc(body, '}');
}

static void payout_answer(struct calypso_call *call, const struct payout *payout)
{
	struct payout_other other;

	response_json(call->response, 200);
	payout_write(&call->response->body, payout_shown(payout, call->request->wrong, &other),
		sandbox_now_ms(call->sandbox));
}

/* A string member that may be missing or null: then *text has no bytes and no pointer. */
static bool optional_text(struct calypso_call *call, const char *name, struct text *text)
{
	const json_t *value = json_object_get(call->payload, name);

	*text = document_string(value);
	if (value != NULL && !json_is_null(value) && !json_is_string(value))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "%s must be a string", name);
	return true;
}

static bool amount_read(struct calypso_call *call, struct order *order)
{
	const json_t *value = json_object_get(call->payload, "amount");
	struct decimal *amount = &order->detail.amount;

	if (!json_is_integer(value)) /* any number: document.h */
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "amount must be a number");
	if (!decimal_parse(document_number(&call->sandbox->document, value), amount) || decimal_is_zero(*amount))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST,
			"amount must be greater than 0 and below 10^18, with at most 18 decimals");
	if (decimal_places(*amount) > order->currency->places)
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "amount has more than %u decimals",
			order->currency->places);
	order->detail.fee = options_fee(call->sandbox->options, PROVIDER_CALYPSO, order->payout.currency);
	decimal_write(&order->amount, *amount);
	order->payout.amount = buf_text(&order->amount);
	order->detail.outcome = outcome_of(*amount);
	return true;
}

static bool destination_read(struct calypso_call *call, struct order *order)
{
	struct text address = document_string(json_object_get(call->payload, "depositAddress"));

	switch (calypso_address_fit(order->currency, address)) {
	case CALYPSO_FITS:
		order->payout.destination = address;
		return true;
	case CALYPSO_OTHER_NETWORK:
		return calypso_refuse(call->response, CALYPSO_BLOCKCHAIN, "Currency does not match blockchain");
	case CALYPSO_NO_ADDRESS:
		break;
	}
	return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "depositAddress is not an address");
}

static bool key_read(struct calypso_call *call, struct order *order)
{
	struct text key;

	if (!optional_text(call, "idempotencyKey", &key))
		return false;
	if (key.ptr == NULL)
		return true;
	if (!uuid_parse(key, order->key))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "idempotencyKey must be a UUID");
	order->payout.key = (struct text){order->key, UUID_LEN};
	return true;
}

/* A future executionDate is when it sets out; one in the past is now (assumed). */
static bool times_read(struct calypso_call *call, struct order *order)
{
	struct text *date = &order->detail.execution_date;
	int64_t execution_ms;

	order->payout.created_utc_ms = sandbox_real_ms(call->sandbox);
	order->payout.start_ms = sandbox_now_ms(call->sandbox);
	if (!optional_text(call, "executionDate", date))
		return false;
	if (date->ptr != NULL) {
		if (date->len != sizeof("2026-01-01T00:00:00.000Z") - 1 || !clock_iso_parse(*date, &execution_ms))
			return calypso_refuse(call->response, CALYPSO_BAD_REQUEST,
				"executionDate must be ISO 8601 in UTC with milliseconds and Z");
		if (execution_ms > order->payout.start_ms)
			order->payout.start_ms = execution_ms;
	}
	order->payout.due_ms = order->payout.start_ms + call->sandbox->options->settle_after_ms;
	return true;
}

static bool order_read(struct calypso_call *call, struct order *order)
{
	struct text currency = document_string(json_object_get(call->payload, "currency"));

	order->payout.provider = PROVIDER_CALYPSO;
	order->currency = calypso_currency_find(currency);
	if (order->currency == NULL)
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "currency is not supported");
	order->payout.currency = text_of(order->currency->code);
	return amount_read(call, order) && destination_read(call, order) && key_read(call, order) &&
	       times_read(call, order) && optional_text(call, "comment", &order->detail.comment) &&
	       optional_text(call, "externalId", &order->payout.reference);
}

/* The payout comes to be: money taken, in the ledger, its key spent for ever. */
static const struct payout *order_commit(struct calypso_call *call, struct order *order)
{
	struct ledger *ledger = &call->sandbox->ledger;
	struct balance *balance = balance_of(&call->sandbox->balances, PROVIDER_CALYPSO, order->payout.currency);
	struct detail *detail = arena_alloc(&ledger->memory, sizeof(*detail));
	const struct payout *payout;

	/* The sum is made only of amounts that a balance can hold. */
	order->detail.fee_short = decimal_compare(balance->held, order->detail.amount) >= 0;
	if (!order->detail.fee_short || !balance_take(balance, decimal_add(order->detail.amount, order->detail.fee)))
		order->detail.outcome = OUTCOME_NO_FUNDS;
	*detail = order->detail;
	detail->comment = ledger_text(ledger, detail->comment);
	detail->execution_date = ledger_text(ledger, detail->execution_date);
	order->payout.detail = detail;
	payout = ledger_add(ledger, &order->payout);
	if (detail->outcome == OUTCOME_FAILED || detail->outcome == OUTCOME_CANCELED)
		due_add(&call->state->giveback, payout->due_ms, payout);
	calypso_webhook_plan(call, payout);
	return payout;
}

void calypso_create(struct calypso_call *call)
{
	struct order order;

	memset(&order, 0, sizeof(order));
	if (!order_read(call, &order))
		goto out;
	if (ledger_by_key(&call->sandbox->ledger, PROVIDER_CALYPSO, order.payout.key) != NULL) {
		calypso_refuse(call->response, CALYPSO_KEY_EXISTS, "idempotencyKey already exists");
		goto out;
	}
	calypso_giveback(call->sandbox, call->state);
	snprintf(order.id, sizeof(order.id), "%lld", (long long)++call->state->last_id);
	order.payout.id = text_of(order.id);
	order.payout.detail = &order.detail;
	payout_answer(call, call->request->dry ? &order.payout : order_commit(call, &order));
out:
	buf_release(&order.amount);
}

void calypso_find(struct calypso_call *call)
{
	const struct payout *payout;
	char key[UUID_LEN];
	struct text id_text;
	struct text key_text;

	if (!optional_text(call, "id", &id_text) || !optional_text(call, "idempotencyKey", &key_text))
		return;
	if (id_text.ptr == NULL && key_text.ptr == NULL) {
		calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "id or idempotencyKey is required");
		return;
	}
	if (key_text.ptr != NULL && !uuid_parse(key_text, key)) {
		calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "idempotencyKey must be a UUID");
		return;
	}
	if (id_text.ptr != NULL)
		payout = ledger_by_id(&call->sandbox->ledger, PROVIDER_CALYPSO, id_text);
	else
		payout = ledger_by_key(&call->sandbox->ledger, PROVIDER_CALYPSO, (struct text){key, UUID_LEN});
	/* Both given: both must lead to it (assumed). */
	if (payout != NULL && key_text.ptr != NULL && !text_equal(payout->key, (struct text){key, UUID_LEN}))
		payout = NULL;
	if (payout == NULL) {
		calypso_refuse(call->response, CALYPSO_NOT_FOUND, "Object not found");
		return;
	}
	payout_answer(call, payout);
}
