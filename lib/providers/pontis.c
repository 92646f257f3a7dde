#include "providers/pontis.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "net/base64url.h"
#include "net/seal.h"
#include "providers/pontis_read.h"
#include "providers/request.h"
#include "values/content.h"
#include "values/money.h"
#include "values/recipient.h"

#define WINDOW_MS 3600000 /* assumed: how long PontisGlobe keeps a key was not found (pontis.md, 1.11) */
#define DEFAULT_CURRENCY "USDT"
#define AMOUNT_DECIMALS 2 /* more are assumed to be refused (pontis.md, 1.4) */

static bool terms(const struct channel *channel, struct terms *terms);
static bool check(const struct channel *channel, struct fault *fault);
static void identity(const struct channel *channel, struct buf *buf);
static void freeze(const struct call *call, struct buf *payload);
static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request);

const struct adapter pontis_adapter = {
	.provider = PROVIDER_PONTIS,
	.name = "pontis",
	/* There is no look-up by key: the same key again within the window gives the original transaction_id. */
	.repeats_safely = true,
	.window_ms = WINDOW_MS,
	.spends_keys = true,
	.has_session = true,
	.seals = true,
	.terms = terms,
	.check = check,
	.identity = identity,
	.freeze = freeze,
	.build = build,
	.read = pontis_read,
	.word = pontis_word,
};

/* Everything is a POST. Lists, balances, quotes and cancelling were not found (pontis.md, 1.6). */
static const char *const paths[OPERATION_COUNT] = {
	[OPERATION_SESSION] = "/api/v1/user/login",
	[OPERATION_CREATE] = "/api/v1/payouts/sendPayoutRequest",
	[OPERATION_STATUS] = "/api/v1/payouts/getPayoutStatus",
};

/* --- settings ------------------------------------------------------------------------------------------------------
 */

static bool terms(const struct channel *channel, struct terms *terms)
{
	column_set required = COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_COUNTRY) |
			      COLUMN_SET(COLUMN_TARGET_CURRENCY) | COLUMN_SET(COLUMN_PAYMENT_METHOD) |
			      COLUMN_SET(COLUMN_BENEFICIARY_NAME);

	if (channel->mode != NULL && channel->mode[0] != '\0')
		return false;
	*terms = (struct terms){
		.channel = channel,
		.required = required,
		.carried = required | COLUMN_SET(COLUMN_REFERENCE) | COLUMN_SET(COLUMN_CHANNEL) |
			   COLUMN_SET(COLUMN_EXECUTION_DATE) | COLUMN_SET(COLUMN_CURRENCY) |
			   COLUMN_SET(COLUMN_ACCOUNT_NUMBER) | COLUMN_SET(COLUMN_IFSC) |
			   COLUMN_SET(COLUMN_PAYMENT_NETWORK) | COLUMN_SET(COLUMN_PURPOSE) |
			   COLUMN_SET(COLUMN_SOURCE_OF_FUNDS),
		.carries_recipient = true,
		.default_currency = TEXT(DEFAULT_CURRENCY),
		.amount_decimals = AMOUNT_DECIMALS,
		.recipient_table = true,
	};
	return true;
}

/* The bytes behind one of the two secrets; empty when they can't be read. */
static void secret_bytes(const struct channel *channel, const char *name, struct buf *bytes)
{
	if (!base64url_parse(channel_setting(channel, name), bytes))
		buf_reset(bytes);
}

static size_t secret_size(const struct channel *channel, const char *name)
{
	struct buf bytes = {0};
	size_t size;

	secret_bytes(channel, name, &bytes);
	size = bytes.len;
	buf_wipe(&bytes);
	return size;
}

static const struct {
	const char *name;
	const char *cure;
} needed[] = {
	{"api_key", "add api_key = file:PATH with the key of PontisGlobe's Developer Tools"},
	{"email", "add email = the address that logs in to PontisGlobe"},
	{"password", "add password = file:PATH with the password of that login"},
	{"encryption_secret", "add encryption_secret = file:PATH with the Encryption Secret of the Developer Tools"},
	{"hmac_secret", "add hmac_secret = file:PATH with the HMAC Secret of the Developer Tools"},
};

static bool check_settings(const struct channel *channel, struct fault *fault)
{
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (channel_setting(channel, needed[i].name).len == 0)
			return fault_set(fault, FAULT_USAGE, "", needed[i].cure,
				"channel %s has no %s, which PontisGlobe needs", channel->name, needed[i].name);
	if (!request_word_valid(channel_setting(channel, "api_key")))
		return fault_set(fault, FAULT_USAGE, "",
			"the key is one word; look for a space or a line end in its file",
			"channel %s: its api_key has a space or a control character", channel->name);
	if (secret_size(channel, "encryption_secret") != SEAL_KEY_SIZE)
		return fault_set(fault, FAULT_USAGE, "",
			"copy it whole from the Developer Tools: 43 of A-Z a-z 0-9 _ -",
			"channel %s: its encryption_secret is not base64url of 32 bytes", channel->name);
	if (secret_size(channel, "hmac_secret") == 0)
		return fault_set(fault, FAULT_USAGE, "", "copy it whole from the Developer Tools: A-Z a-z 0-9 _ -",
			"channel %s: its hmac_secret is not base64url", channel->name);
	return true;
}

static bool check(const struct channel *channel, struct fault *fault)
{
	if (check_settings(channel, fault))
		return true;
	fault_channel(fault, channel->name);
	return false;
}

/* The login alone: key and secrets may be rotated. Case makes no two of them. */
static void identity(const struct channel *channel, struct buf *buf)
{
	struct text email = channel_setting(channel, "email");

	for (size_t i = 0; i < email.len; i++)
		buf_addc(buf, (char)tolower((unsigned char)email.ptr[i]));
}

/* --- the payload ---------------------------------------------------------------------------------------------------
 */

/* An amount of a currency without decimals gets two as well. */
static void add_amount(struct buf *payload, int64_t minor, unsigned decimals)
{
	assert(decimals <= AMOUNT_DECIMALS);
	request_add_name(payload, "source_amount");
	buf_addc(payload, '"');
	money_text(payload, minor, decimals);
	if (decimals == 0)
		buf_addc(payload, '.');
	for (; decimals < AMOUNT_DECIMALS; decimals++)
		buf_addc(payload, '0');
	buf_addc(payload, '"');
}

/* Columns first, then recipient.X in the order of their names. The rules let no member stand twice. */
static void add_recipient(struct buf *payload, struct text content)
{
	const struct text prefix = TEXT("recipient.");
	struct text name, value;
	size_t count, offset = 0;
	const struct recipient_member *members = recipient_members(&count);

	request_add_name(payload, "recipient_details");
	buf_addc(payload, '{');
	for (size_t i = 0; i < count; i++)
		request_add_filled(payload, members[i].field.ptr, content_get(content, column_name(members[i].column)));
	while (content_next(content, &offset, &name, &value)) {
		if (!text_starts(name, prefix))
			continue;
		name = (struct text){name.ptr + prefix.len, name.len - prefix.len};
		if (payload->data[payload->len - 1] != '{')
			buf_addc(payload, ',');
		buf_add_json(payload, name);
		buf_addc(payload, ':');
		buf_add_json(payload, value);
	}
	buf_addc(payload, '}');
}

static void freeze(const struct call *call, struct buf *payload)
{
	char key[KEY_TEXT_SIZE];

	key_text(&call->key, key);
	buf_addc(payload, '{');
	request_add_member(payload, "idempotency_key", text_of(key));
	request_add_member(payload, "country_code", content_get(call->content, "country"));
	request_add_member(payload, "currency_code", content_get(call->content, "target_currency"));
	request_add_member(payload, "payment_method", content_get(call->content, "payment_method"));
	request_add_filled(payload, "payment_network", content_get(call->content, "payment_network"));
	add_amount(payload, call->amount_minor, call->decimals);
	request_add_member(payload, "source_currency", call->currency);
	add_recipient(payload, call->content);
	request_add_filled(payload, "purpose_of_payment", content_get(call->content, "purpose"));
	request_add_filled(payload, "source_of_funds", content_get(call->content, "source_of_funds"));
	buf_addc(payload, '}');
}

/* --- the envelope --------------------------------------------------------------------------------------------------
 */

static void add_plain(enum operation operation, const struct call *call, struct buf *plain)
{
	if (operation == OPERATION_CREATE) {
		assert(call->payload.len > 0);
		buf_addt(plain, call->payload);
		return;
	}
	buf_addc(plain, '{');
	if (operation == OPERATION_SESSION) {
		request_add_member(plain, "email", channel_setting(call->channel, "email"));
		request_add_member(plain, "password", channel_setting(call->channel, "password"));
	} else {
		assert(call->provider_id.len > 0);
		request_add_member(plain, "transaction_id", call->provider_id);
	}
	buf_addc(plain, '}');
}

/* The body as it goes, {"data":"..."}; returns where the sealed part stands in it. */
static struct text add_body(enum operation operation, const struct call *call, struct buf *body)
{
	struct buf key = {0}, plain = {0};
	size_t from;

	add_plain(operation, call, &plain);
	secret_bytes(call->channel, "encryption_secret", &key);
	assert(key.len == SEAL_KEY_SIZE); /* check() saw to it */
	buf_addz(body, "{\"data\":\"");
	from = body->len;
	seal_close((const uint8_t *)key.data, call->nonce, buf_text(&plain), body);
	buf_addz(body, "\"}");
	buf_wipe(&plain);
	buf_wipe(&key);
	return (struct text){body->data + from, body->len - from - 2};
}

/* Over the timestamp and the sealed text; method and path are not signed. */
static char *signature(const struct call *call, const char *timestamp, struct text sealed, struct arena *arena)
{
	struct buf key = {0}, message = {0};
	char *sign = arena_alloc(arena, 65);

	secret_bytes(call->channel, "hmac_secret", &key);
	assert(key.len > 0);
	buf_addf(&message, "%s.", timestamp);
	buf_addt(&message, sealed);
	seal_hmac_sha256(buf_text(&key), buf_text(&message), sign);
	buf_wipe(&key);
	buf_release(&message);
	return sign;
}

static const char *bearer(const struct call *call, struct arena *arena)
{
	const size_t scheme = sizeof("Bearer ") - 1;
	char *value = arena_alloc(arena, scheme + call->session.len + 1);

	assert(call->session.len > 0); /* whoever sends logs in first */
	memcpy(value, "Bearer ", scheme);
	memcpy(value + scheme, call->session.ptr, call->session.len);
	return value;
}

static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request)
{
	char *timestamp = arena_alloc(arena, 24);
	struct text sealed;

	if (paths[operation] == NULL)
		return false;
	buf_reset(&request->url);
	buf_addf(&request->url, "%s%s", call->channel->base_url, paths[operation]);
	buf_reset(&request->body);
	sealed = add_body(operation, call, &request->body);
	snprintf(timestamp, 24, "%lld", (long long)(call->now_utc_ms / 1000));
	request->http = (struct http_request){
		.method = "POST",
		.url = buf_str(&request->url),
		.headers = {{"content-type", "application/json"},
			{"x-api-key", text_string(arena, channel_setting(call->channel, "api_key"))},
			{"x-timestamp", timestamp}, {"x-signature", signature(call, timestamp, sealed, arena)}},
		.header_count = 4,
		.body = buf_text(&request->body),
	};
	if (operation != OPERATION_SESSION)
		request->http.headers[request->http.header_count++] =
			(struct http_header){"authorization", bearer(call, arena)};
	return true;
}
