/* The calypso half: what stands before every operation (providers/calypso.md, sections 2.0, 2.1, 2.2, 2.8). */
#include "cmd/sandbox/calypso.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <stdarg.h>

#include "base/arena.h"

#define TIMESTAMP_WINDOW_MS (3 * 60 * 1000)
#define TIMESTAMP_MAX INT64_C(9007199254740991)
#define ID_EPOCH_MS INT64_C(1735689600000) /* 2025-01-01: keeps ids below 2^53, since webhooks have them as numbers */

static void calypso_handle(struct sandbox *sandbox, const struct request *request, struct response *response);
static void calypso_unauthorized(struct response *response);
static void *calypso_open(void);
static void calypso_reset(void *state);
static void calypso_close(void *state);
static bool calypso_balance_known(struct text name);

const struct provider provider_calypso = {
	.id = PROVIDER_CALYPSO,
	.name = "calypso",
	.base_path = "/calypso",
	.open = calypso_open,
	.reset = calypso_reset,
	.close = calypso_close,
	.handle = calypso_handle,
	.unauthorized = calypso_unauthorized,
	.announce = calypso_webhook_announce,
	.delivery = &calypso_delivery,
	.state = calypso_payout_state,
	.balance_known = calypso_balance_known,
	.fee_known = calypso_balance_known,
};

static const struct operation {
	const char *method;
	const char *path;
	bool account; /* the envelope has the account (section 2.0: the tariff's has not) */
	bool payload; /* the envelope has a payload */
	void (*run)(struct calypso_call *call);
} operations[] = {
	{"POST", "/calypso/api/v1/account", true, false, calypso_account},
	{"POST", "/calypso/api/v1/payout/create", true, true, calypso_create},
	{"POST", "/calypso/api/v1/payout", true, true, calypso_find},
	{"POST", "/calypso/api/v1/tariff/extended-fee", false, true, calypso_fee},
	{"POST", "/calypso/api/v1/subscription/webhook", true, false, calypso_subscription_list},
	{"POST", "/calypso/api/v1/subscription/webhook/create", true, true, calypso_subscription_create},
	{"DELETE", "/calypso/api/v1/subscription/webhook", true, true, calypso_subscription_delete},
};
#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static const struct {
	const char *code;
	unsigned status;
} errors[] = {
	[CALYPSO_INTERNAL] = {"000", 500},
	[CALYPSO_BAD_REQUEST] = {"001", 400},
	[CALYPSO_INVALID_KEY] = {"002", 400},
	[CALYPSO_WRONG_SIGN] = {"003", 400},
	[CALYPSO_NOT_FOUND] = {"004", 400},
	[CALYPSO_NOT_OWN_WALLET] = {"010", 400},
	[CALYPSO_TIMESTAMP] = {"011", 400},
	[CALYPSO_BLOCKCHAIN] = {"015", 400},
	[CALYPSO_KEY_EXISTS] = {"016", 400},
};

bool calypso_refuse(struct response *response, enum calypso_error error, const char *format, ...)
{
	struct buf message = {NULL, 0, 0};
	va_list list;

	va_start(list, format);
	buf_addv(&message, format, list);
	va_end(list);
	response_json(response, errors[error].status);
	buf_addf(&response->body, "{\"errorCode\":\"%s\",\"message\":", errors[error].code);
	buf_add_json(&response->body, buf_text(&message));
	buf_addc(&response->body, '}');
	buf_release(&message);
	return false;
}

/* A staged 401: the status of the very old edition, the envelope of the current one (assumed; section 2.8). */
static void calypso_unauthorized(struct response *response)
{
	calypso_refuse(response, CALYPSO_INVALID_KEY, "Invalid API key");
	response->status = 401;
}

EVP_MAC_CTX *calypso_mac_new(const char *secret)
{
	char digest[] = "SHA512";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = EVP_MAC_CTX_new(hmac);
	int done = EVP_MAC_init(mac, (const unsigned char *)secret, strlen(secret), params);

	assert(done == 1);
	EVP_MAC_free(hmac);
	return mac;
}

void calypso_sign(EVP_MAC_CTX *mac, struct text bytes, char out[CALYPSO_SIGN_HEX + 1])
{
	unsigned char digest[CALYPSO_SIGN_HEX / 2];
	size_t len = 0;
	bool done;

	/* Without a key it starts again with the one it has. */
	done = EVP_MAC_init(mac, NULL, 0, NULL) == 1 &&
	       EVP_MAC_update(mac, (const unsigned char *)bytes.ptr, bytes.len) == 1 &&
	       EVP_MAC_final(mac, digest, &len, sizeof(digest)) == 1;
	assert(done && len == sizeof(digest));
	text_hex(digest, sizeof(digest), out);
}

static void *calypso_open(void)
{
	struct calypso_state *state = memory_new(sizeof(*state));
	struct clock clock;

	state->mac = calypso_mac_new(CALYPSO_SECRET);
	/* Ids go on rising when the program is started again: a journal that knows earlier ones must not see them
	 * come back as other payouts. A million a tenth of a second is never reached. */
	clock_system(&clock);
	state->last_id = (clock_now(&clock).utc_ms - ID_EPOCH_MS) / 100 * 1000000;
	return state;
}

static void calypso_reset(void *state)
{
	struct calypso_state *calypso = state;

	due_release(&calypso->giveback);
	list_release(&calypso->subscriptions);
	map_clear(&calypso->subscriptions_by_id);
	arena_reset(&calypso->memory);
}

static void calypso_close(void *state)
{
	struct calypso_state *calypso = state;

	EVP_MAC_CTX_free(calypso->mac);
	due_release(&calypso->giveback);
	list_release(&calypso->subscriptions);
	map_release(&calypso->subscriptions_by_id);
	arena_release(&calypso->memory);
	free(calypso);
}

static bool calypso_balance_known(struct text name)
{
	return calypso_currency_find(name) != NULL;
}

/* Key, then Sign over the body as it came, before a byte of it is understood. */
static bool authenticate(struct calypso_call *call)
{
	const char *key = request_header(call->request, "Key");
	const char *sign = request_header(call->request, "Sign");
	char expected[CALYPSO_SIGN_HEX + 1];

	if (key == NULL || strcmp(key, CALYPSO_KEY) != 0)
		return calypso_refuse(call->response, CALYPSO_INVALID_KEY, "Invalid API key");
	calypso_sign(call->state->mac, call->request->body, expected);
	/* Lower case only: the samples are (assumed; section 2.1). */
	if (sign == NULL || strcmp(sign, expected) != 0)
		return calypso_refuse(call->response, CALYPSO_WRONG_SIGN, "Wrong sign");
	if (!request_is_json(call->request))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "Content-Type must be application/json");
	return true;
}

static bool timestamp_check(struct calypso_call *call, const json_t *value)
{
	int64_t now_ms = sandbox_real_ms(call->sandbox);
	int64_t timestamp_ms;

	if (!document_whole(&call->sandbox->document, value, TIMESTAMP_MAX, &timestamp_ms))
		return calypso_refuse(
			call->response, CALYPSO_BAD_REQUEST, "timestamp must be a number of milliseconds");
	if (timestamp_ms < now_ms - TIMESTAMP_WINDOW_MS || timestamp_ms > now_ms + TIMESTAMP_WINDOW_MS)
		return calypso_refuse(call->response, CALYPSO_TIMESTAMP, "Invalid timestamp");
	return true;
}

static bool account_syntax(struct text account)
{
	unsigned char bytes[20];

	return text_starts(account, TEXT("0x")) &&
	       text_unhex((struct text){account.ptr + 2, account.len - 2}, bytes, sizeof(bytes));
}

/* Another company's account is 010 (older edition; assumed to be current). Hex case does not matter. */
static bool account_check(struct calypso_call *call, const json_t *value)
{
	struct text account = document_string(value);

	if (!account_syntax(account))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "account must match ^0x[0-9a-fA-F]{40}$");
	if (!text_equal_nocase(account, text_of(CALYPSO_ACCOUNT)))
		return calypso_refuse(
			call->response, CALYPSO_NOT_OWN_WALLET, "The wallet does not belong to this company");
	return true;
}

static bool envelope_read(struct calypso_call *call, const struct operation *operation)
{
	struct document *document = &call->sandbox->document;

	if (!document_parse(document, call->request->body))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "%s", document->error);
	if (!timestamp_check(call, json_object_get(document->root, "timestamp")))
		return false;
	if (operation->account && !account_check(call, json_object_get(document->root, "account")))
		return false;
	call->payload = json_object_get(document->root, "payload");
	if (operation->payload && !json_is_object(call->payload))
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "payload must be an object");
	return true;
}

/* NULL after having answered. What the real one says to paths and methods it does not have is not documented
 * (assumed). */
static const struct operation *operation_find(const struct request *request, struct response *response)
{
	const struct operation *found = NULL;
	struct buf allowed = {NULL, 0, 0};
	size_t i;

	for (i = 0; i < OPERATIONS && found == NULL; i++) {
		if (strcmp(request->path, operations[i].path) != 0)
			continue;
		if (strcmp(request->method, operations[i].method) == 0)
			found = &operations[i];
		else
			buf_addf(&allowed, "%s%s", allowed.len > 0 ? ", " : "", operations[i].method);
	}
	if (found == NULL && allowed.len == 0) {
		response_error(response, 404, "Not Found");
	} else if (found == NULL) {
		response_error(response, 405, "Method Not Allowed");
		response_header(response, "Allow", buf_str(&allowed));
	}
	buf_release(&allowed);
	return found;
}

static void calypso_handle(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	const struct operation *operation = operation_find(request, response);
	struct calypso_call call = {
		.sandbox = sandbox,
		.state = sandbox->states[PROVIDER_CALYPSO],
		.request = request,
		.response = response,
	};

	if (operation != NULL && authenticate(&call) && envelope_read(&call, operation))
		operation->run(&call);
}
