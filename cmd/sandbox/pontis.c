/* The pontis half: what stands before every operation (providers/pontis.md, sections 1.2, 1.3, 1.7). */
#include "cmd/sandbox/pontis.h"

#include <assert.h>
#include <openssl/rand.h>
#include <stdarg.h>
#include <strings.h>

#include "cmd/sandbox/pontis_seal.h"

#define BODY_MAX ((size_t)64 * 1024)
#define TIMESTAMP_WINDOW_S 300
#define TIMESTAMP_MAX INT64_C(99999999999)
#define REQUEST_ID_SIZE 27

static void pontis_handle(struct sandbox *sandbox, const struct request *request, struct response *response);
static void pontis_unauthorized(struct response *response);
static void pontis_throttled(struct response *response);
static void *pontis_start(void);
static void pontis_reset(void *state);
static void pontis_close(void *state);
static void pontis_expire(void *state);
static bool pontis_balance_known(struct text name);

const struct provider provider_pontis = {
	.id = PROVIDER_PONTIS,
	.name = "pontis",
	.base_path = "/pontis",
	.open = pontis_start,
	.reset = pontis_reset,
	.close = pontis_close,
	.handle = pontis_handle,
	.unauthorized = pontis_unauthorized,
	.throttled = pontis_throttled,
	.expire = pontis_expire,
	.state = pontis_payout_state,
	.balance_known = pontis_balance_known,
};

static const struct operation {
	const char *path;
	bool bearer; /* it needs a token */
	void (*run)(struct pontis_call *call);
} operations[] = {
	{"/pontis/api/v1/user/login", false, pontis_login},
	{"/pontis/api/v1/payouts/sendPayoutRequest", true, pontis_create},
	{"/pontis/api/v1/payouts/getPayoutStatus", true, pontis_find},
};
#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static const struct error_row {
	const char *code;
	unsigned status;
	bool named; /* the name of a recipient can ask for it */
} errors[] = {
	[PONTIS_INTERNAL] = {"internal_error", 500, true},
	[PONTIS_VALIDATION] = {"validation_error", 400, true},
	[PONTIS_BAD_REQUEST] = {"bad_request", 400, true},
	[PONTIS_UNAUTHORIZED] = {"unauthorized", 401, false},
	[PONTIS_WRONG_SIGNATURE] = {"invalid_signature", 401, false},
	[PONTIS_TOKEN_EXPIRED] = {"jwt_expired", 401, false},
	[PONTIS_FORBIDDEN] = {"forbidden", 403, true},
	[PONTIS_IP] = {"ip_not_allowed", 403, true},
	[PONTIS_SUSPENDED] = {"account_suspended", 403, true},
	[PONTIS_NOT_FOUND] = {"not_found", 404, true},
	[PONTIS_QUOTE_NOT_FOUND] = {"quote_not_found", 404, true},
	[PONTIS_QUOTE_USED] = {"quote_used", 409, true},
	[PONTIS_WALLET_FROZEN] = {"wallet_frozen", 409, true},
	[PONTIS_TOO_LARGE] = {"bad_request", 413, false},
	[PONTIS_FUNDS] = {"insufficient_funds", 422, true},
	[PONTIS_PAYOUT_LIMIT] = {"per_payout_limit_exceeded", 422, true},
	[PONTIS_DAILY_LIMIT] = {"daily_limit_exceeded", 422, true},
	[PONTIS_MONTHLY_LIMIT] = {"monthly_limit_exceeded", 422, true},
	[PONTIS_QUOTE_EXPIRED] = {"quote_expired", 422, true},
	[PONTIS_QUOTE_SIGNATURE] = {"invalid_signature", 422, true},
	[PONTIS_RATE_MOVED] = {"rate_moved", 422, true},
	[PONTIS_SCREENING] = {"screening_failed", 422, true},
	[PONTIS_RATE_LIMITED] = {"rate_limited", 429, true},
};
#define ERRORS (sizeof(errors) / sizeof(errors[0]))

/* A ULID by its shape: 26 characters of Crockford's base 32, random. */
static void request_id_write(char out[REQUEST_ID_SIZE])
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	unsigned char bytes[REQUEST_ID_SIZE - 1];
	int done = RAND_bytes(bytes, sizeof(bytes));
	size_t i;

	assert(done == 1);
	for (i = 0; i < sizeof(bytes); i++)
		out[i] = digits[bytes[i] % 32];
	/* What the time of these years begins with. */
	memcpy(out, "01K", 3);
	out[REQUEST_ID_SIZE - 1] = '\0';
}

bool pontis_refuse(struct response *response, enum pontis_error error, const char *format, ...)
{
	struct buf message = {NULL, 0, 0};
	char request_id[REQUEST_ID_SIZE];
	va_list list;

	va_start(list, format);
	buf_addv(&message, format, list);
	va_end(list);
	request_id_write(request_id);
	response_json(response, errors[error].status);
	buf_addf(&response->body,
		"{\"ok\":false,\"request_id\":\"%s\",\"error\":{\"code\":\"%s\",\"message\":", request_id,
		errors[error].code);
	buf_add_json(&response->body, buf_text(&message));
	buf_addz(&response->body, "}}");
	buf_release(&message);
	return false;
}

bool pontis_refusal_named(struct text word, enum pontis_error *error)
{
	size_t i;

	for (i = 0; i < ERRORS; i++) {
		if (errors[i].named && text_equal_nocase(word, text_of(errors[i].code))) {
			*error = (enum pontis_error)i;
			return true;
		}
	}
	return false;
}

static void pontis_unauthorized(struct response *response)
{
	pontis_refuse(response, PONTIS_UNAUTHORIZED, "Authentication failed");
}

static void pontis_throttled(struct response *response)
{
	pontis_refuse(response, PONTIS_RATE_LIMITED, "Too many requests");
}

static void *pontis_start(void)
{
	struct pontis_state *state = memory_new(sizeof(*state));
	int done = RAND_bytes(state->token_secret, sizeof(state->token_secret)) == 1 &&
		   RAND_bytes((unsigned char *)&state->last_id, sizeof(state->last_id)) == 1;

	assert(done);
	return state;
}

/* Tokens stay good: credentials are not among what a reset forgets. */
static void pontis_reset(void *state)
{
	struct pontis_state *pontis = state;

	due_release(&pontis->giveback);
	map_clear(&pontis->moved);
	arena_reset(&pontis->memory);
}

static void pontis_close(void *state)
{
	struct pontis_state *pontis = state;

	due_release(&pontis->giveback);
	map_release(&pontis->moved);
	arena_release(&pontis->memory);
	buf_release(&pontis->plaintext);
	free(pontis);
}

static void pontis_expire(void *state)
{
	struct pontis_state *pontis = state;

	pontis->tokens_expired = pontis->tokens;
}

/* Wallets are named by source_currency. Which ones exist is not documented but for USDT (assumed: any code). */
static bool pontis_balance_known(struct text name)
{
	size_t i;

	for (i = 0; i < name.len; i++)
		if (name.ptr[i] < 'A' || name.ptr[i] > 'Z')
			return false;
	return name.len >= 3 && name.len <= 5;
}

bool pontis_string(struct pontis_call *call, const json_t *object, const char *name, struct text *text)
{
	*text = document_string(json_object_get(object, name));
	if (text->len == 0)
		return pontis_refuse(call->response, PONTIS_VALIDATION, "%s is required and must be a string", name);
	return true;
}

/* No code is documented for a timestamp out of its window: assumed that of a wrong signature, since the timestamp is
 * part of what is signed. */
static bool timestamp_check(struct pontis_call *call, const char *timestamp)
{
	int64_t now_ms = sandbox_real_ms(call->sandbox);
	int64_t seconds;

	if (timestamp == NULL || !text_number(text_of(timestamp), TIMESTAMP_MAX, &seconds))
		return pontis_refuse(call->response, PONTIS_WRONG_SIGNATURE, "x-timestamp must be unix seconds");
	if (seconds * 1000 < now_ms - TIMESTAMP_WINDOW_S * 1000 || seconds * 1000 > now_ms + TIMESTAMP_WINDOW_S * 1000)
		return pontis_refuse(call->response, PONTIS_WRONG_SIGNATURE, "x-timestamp is more than 5 minutes away");
	return true;
}

static bool bearer_check(struct pontis_call *call)
{
	const char *value = request_header(call->request, "Authorization");

	if (value == NULL || strncasecmp(value, "Bearer ", 7) != 0)
		return pontis_refuse(call->response, PONTIS_UNAUTHORIZED, "A bearer token is required");
	switch (pontis_token_check(call->state, text_of(value + 7), sandbox_real_ms(call->sandbox))) {
	case PONTIS_TOKEN_GOOD:
		return true;
	case PONTIS_TOKEN_OVER:
		return pontis_refuse(call->response, PONTIS_TOKEN_EXPIRED, "The token has expired");
	case PONTIS_TOKEN_UNKNOWN:
		break;
	}
	return pontis_refuse(call->response, PONTIS_UNAUTHORIZED, "The token is not valid");
}

/* Bytes that count up, as the fixed secrets are (contract, section 9). */
static void secret_make(unsigned char from, unsigned char out[PONTIS_SECRET_BYTES])
{
	unsigned i;

	for (i = 0; i < PONTIS_SECRET_BYTES; i++)
		out[i] = (unsigned char)(from + i);
}

static bool head_check(struct pontis_call *call)
{
	const char *key = request_header(call->request, "x-api-key");

	if (call->request->body.len > BODY_MAX)
		return pontis_refuse(call->response, PONTIS_TOO_LARGE, "The body is larger than 64 KB");
	if (!request_is_json(call->request))
		return pontis_refuse(call->response, PONTIS_BAD_REQUEST, "Content-Type must be application/json");
	if (key == NULL || strcmp(key, PONTIS_API_KEY) != 0)
		return pontis_refuse(call->response, PONTIS_UNAUTHORIZED, "The API key is not valid");
	return timestamp_check(call, request_header(call->request, "x-timestamp"));
}

/* The signature over the blob as it came, before it is opened. */
static bool signature_check(struct pontis_call *call, struct text *blob)
{
	struct document *document = &call->sandbox->document;
	const char *sign = request_header(call->request, "x-signature");
	unsigned char secret[PONTIS_SECRET_BYTES];
	char expected[PONTIS_SIGN_HEX + 1];

	if (!document_parse(document, call->request->body))
		return pontis_refuse(call->response, PONTIS_BAD_REQUEST, "%s", document->error);
	*blob = document_string(json_object_get(document->root, "data"));
	if (blob->len == 0)
		return pontis_refuse(call->response, PONTIS_BAD_REQUEST, "data must be a string");
	secret_make(0x20, secret);
	pontis_sign(secret, text_of(request_header(call->request, "x-timestamp")), *blob, expected);
	if (sign == NULL || strcmp(sign, expected) != 0)
		return pontis_refuse(call->response, PONTIS_WRONG_SIGNATURE, "The signature does not match");
	return true;
}

/* What is inside, into call->payload. */
static bool payload_open(struct pontis_call *call, struct text blob)
{
	struct document *document = &call->sandbox->document;
	struct buf *plaintext = &call->state->plaintext;
	unsigned char secret[PONTIS_SECRET_BYTES];

	buf_reset(plaintext);
	secret_make(0x00, secret);
	if (!pontis_open(secret, blob, plaintext))
		return pontis_refuse(call->response, PONTIS_BAD_REQUEST, "data can't be decrypted");
	if (!document_parse(document, buf_text(plaintext)))
		return pontis_refuse(call->response, PONTIS_BAD_REQUEST, "%s", document->error);
	call->payload = document->root;
	return true;
}

static void pontis_handle(struct sandbox *sandbox, const struct request *request, struct response *response)
{
	struct pontis_call call = {
		.sandbox = sandbox,
		.state = sandbox->states[PROVIDER_PONTIS],
		.request = request,
		.response = response,
	};
	struct text blob = {NULL, 0};
	size_t i;

	for (i = 0; i < OPERATIONS && strcmp(request->path, operations[i].path) != 0; i++)
		;
	/* Every endpoint takes POST; what the real one says to another method is not documented (assumed). */
	if (i == OPERATIONS || strcmp(request->method, "POST") != 0) {
		pontis_refuse(response, PONTIS_NOT_FOUND, "There is no %s here", request->method);
		return;
	}
	if (head_check(&call) && signature_check(&call, &blob) && (!operations[i].bearer || bearer_check(&call)) &&
		payload_open(&call, blob))
		operations[i].run(&call);
}
