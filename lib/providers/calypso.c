#include "providers/calypso.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "net/seal.h"
#include "providers/answer.h"
#include "providers/calypso_read.h"
#include "values/content.h"
#include "values/money.h"

#define KEY_KNOWN_CODE "016"

static bool terms(const struct channel *channel, struct terms *terms);
static bool check(const struct channel *channel, struct fault *fault);
static void identity(const struct channel *channel, struct buf *buf);
static void freeze(const struct call *call, struct buf *payload);
static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request);

const struct adapter calypso_adapter = {
	.provider = PROVIDER_CALYPSO,
	.name = "calypso",
	/* The same key again is an error, not the first result: so a look-up precedes every resend, and decides. */
	.looks_up = true,
	.lookup_before_resend = true,
	.key_known_code = KEY_KNOWN_CODE,
	.has_funds = true,
	.has_fees = true,
	.terms = terms,
	.check = check,
	.identity = identity,
	.freeze = freeze,
	.build = build,
	.read = calypso_read,
	.word = calypso_word,
};

/* Everything Calypso is asked is a POST; look-up and status share a path and differ in what they name. */
static const char *const paths[OPERATION_COUNT] = {
	[OPERATION_CREATE] = "/api/v1/payout/create",
	[OPERATION_LOOKUP] = "/api/v1/payout",
	[OPERATION_STATUS] = "/api/v1/payout",
	[OPERATION_FUNDS] = "/api/v1/account",
	[OPERATION_FEES] = "/api/v1/tariff/extended-fee",
};

static bool provider_schedules(const struct channel *channel)
{
	return text_is(channel_setting(channel, "schedule"), "provider");
}

static bool terms(const struct channel *channel, struct terms *terms)
{
	column_set required =
		COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CURRENCY);

	if (channel->mode != NULL && channel->mode[0] != '\0')
		return false;
	*terms = (struct terms){
		.channel = channel,
		.required = required,
		.carried = required | COLUMN_SET(COLUMN_REFERENCE) | COLUMN_SET(COLUMN_CHANNEL) |
			   COLUMN_SET(COLUMN_DESCRIPTION) | COLUMN_SET(COLUMN_EXECUTION_DATE),
		.pays_to_chain = true,
		.own_assets = true,
		.provider_schedules = provider_schedules(channel),
	};
	return true;
}

/* 0x and 40 hex digits (C-ACC). */
static bool account_valid(struct text account)
{
	uint8_t bytes[20];

	return text_starts(account, TEXT("0x")) &&
	       text_unhex((struct text){account.ptr + 2, account.len - 2}, bytes, 20);
}

/* A key goes into a header line. */
static bool visible(struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
			return false;
	return true;
}

static bool missing(const struct channel *channel, const char *name, const char *cure, struct fault *fault)
{
	fault_channel(fault, channel->name);
	return fault_set(
		fault, FAULT_USAGE, "", cure, "channel %s has no %s, which Calypso needs", channel->name, name);
}

static bool check(const struct channel *channel, struct fault *fault)
{
	struct text account = channel_setting(channel, "account"), schedule = channel_setting(channel, "schedule");
	bool fine = true;

	if (account.len == 0)
		return missing(channel, "account", "add account = 0x..., as Calypso shows it for your wallet", fault);
	if (channel_setting(channel, "key").len == 0)
		return missing(channel, "key", "add key = file:PATH with the public API key", fault);
	if (channel_setting(channel, "secret").len == 0)
		return missing(channel, "secret", "add secret = file:PATH with the secret key", fault);
	if (!account_valid(account))
		fine = fault_set(fault, FAULT_USAGE, "", "copy it from Calypso: 0x and 40 digits 0-9, a-f",
			"channel %s: its account is not 0x and 40 hex digits", channel->name);
	else if (!visible(channel_setting(channel, "key")))
		fine = fault_set(fault, FAULT_USAGE, "",
			"the key is one word; look for a space or a line end in its file",
			"channel %s: its key has a space or a control character", channel->name);
	else if (schedule.len > 0 && !text_is(schedule, "provider") && !text_is(schedule, "payrun"))
		fine = fault_set(fault, FAULT_USAGE, "", "schedule is payrun or provider",
			"channel %s: no such schedule", channel->name);
	if (!fine)
		fault_channel(fault, channel->name);
	return fine;
}

/* The account alone: keys may be rotated. Its letters have no case. */
static void identity(const struct channel *channel, struct buf *buf)
{
	struct text account = channel_setting(channel, "account");

	for (size_t i = 0; i < account.len; i++)
		buf_addc(buf, (char)tolower((unsigned char)account.ptr[i]));
}

static void add_member(struct buf *buf, const char *name, struct text value)
{
	buf_addf(buf, "%s\"%s\":", buf->len > 1 ? "," : "", name);
	buf_add_json(buf, value);
}

/* Where the provider schedules, a date still to come goes along as the moment it begins in our zone. */
static void add_execution_date(const struct call *call, struct buf *payload)
{
	struct text date = content_get(call->content, "execution_date");
	char iso[CLOCK_ISO_SIZE];
	int64_t at_ms;

	if (!provider_schedules(call->channel) || date.len == 0)
		return;
	if (!clock_zone_midnight(call->timezone != NULL ? call->timezone : "UTC", date, &at_ms) ||
		at_ms <= call->now_utc_ms)
		return;
	clock_iso_ms(at_ms, iso);
	add_member(payload, "executionDate", text_of(iso));
}

static void freeze(const struct call *call, struct buf *payload)
{
	struct text comment = content_get(call->content, "description");
	char key[KEY_TEXT_SIZE];

	key_text(&call->key, key);
	buf_addc(payload, '{');
	add_member(payload, "depositAddress", content_get(call->content, "wallet_address"));
	buf_addz(payload, ",\"amount\":");
	money_text_short(payload, call->amount_minor, call->decimals);
	add_member(payload, "currency", call->currency);
	add_member(payload, "idempotencyKey", text_of(key));
	add_member(payload, "externalId", call->reference);
	if (comment.len > 0)
		add_member(payload, "comment", comment);
	add_execution_date(call, payload);
	buf_addc(payload, '}');
}

/* A fee of the service, which is what Calypso takes of the sender (C-FEE). */
static void add_fee_questions(const struct call *call, struct buf *body)
{
	assert(call->fee_question_count > 0 && call->fee_question_count <= FEE_QUESTIONS_MAX);
	buf_addz(body, ",\"payload\":{\"items\":[");
	for (size_t i = 0; i < call->fee_question_count; i++) {
		const struct fee_question *question = &call->fee_questions[i];

		buf_addz(body, i > 0 ? ",{\"baseAmount\":" : "{\"baseAmount\":");
		money_text_short(body, question->amount_minor, question->decimals);
		buf_addz(body, ",\"currency\":");
		buf_add_json(body, question->currency);
		buf_addz(body, ",\"opType\":\"WITHDRAWAL\",\"feeType\":\"SERVICE\"}");
	}
	buf_addz(body, "]}");
}

/* What the envelope carries; nothing for the account. */
static void add_payload(enum operation operation, const struct call *call, struct buf *body)
{
	char key[KEY_TEXT_SIZE];

	if (operation == OPERATION_CREATE) {
		assert(call->payload.len > 0);
		buf_addz(body, ",\"payload\":");
		buf_addt(body, call->payload);
	} else if (operation == OPERATION_LOOKUP) {
		key_text(&call->key, key);
		buf_addf(body, ",\"payload\":{\"idempotencyKey\":\"%s\"}", key);
	} else if (operation == OPERATION_STATUS) {
		assert(call->provider_id.len > 0);
		buf_addz(body, ",\"payload\":{\"id\":");
		buf_add_json(body, call->provider_id);
		buf_addc(body, '}');
	} else if (operation == OPERATION_FEES) {
		add_fee_questions(call, body);
	}
}

/* Tariffs are the same for every account: their envelope has none (C-TAR). */
static void add_envelope(enum operation operation, const struct call *call, struct buf *body)
{
	buf_addc(body, '{');
	if (operation != OPERATION_FEES) {
		buf_addz(body, "\"account\":");
		buf_add_json(body, channel_setting(call->channel, "account"));
		buf_addc(body, ',');
	}
	buf_addz(body, "\"timestamp\":");
	buf_addi(body, call->now_utc_ms);
	add_payload(operation, call, body);
	buf_addc(body, '}');
}

/* The envelope is fresh each time: its timestamp may be no older than three minutes, and the signature covers it. */
static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request)
{
	struct buf *body = &request->body;
	char *sign;

	if (paths[operation] == NULL)
		return false;
	buf_reset(&request->url);
	buf_addf(&request->url, "%s%s", call->channel->base_url, paths[operation]);
	buf_reset(body);
	add_envelope(operation, call, body);

	sign = arena_alloc(arena, 129);
	seal_hmac_sha512(channel_setting(call->channel, "secret"), buf_text(body), sign);
	request->http = (struct http_request){
		.method = "POST",
		.url = buf_str(&request->url),
		.headers = {{"Content-Type", "application/json"},
			{"Key", text_string(arena, channel_setting(call->channel, "key"))}, {"Sign", sign}},
		.header_count = 3,
		.body = buf_text(body),
	};
	return true;
}
