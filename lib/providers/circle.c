#include "providers/circle.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "providers/circle_parts.h"
#include "providers/request.h"
#include "values/content.h"
#include "values/country.h"

#define WINDOW_MS 3600000 /* assumed: how long Circle keeps a key was not found (circle.md, A12) */
#define PAGE_SIZE "50"    /* assumed to be the most that Circle gives at once (circle.md, A13) */
#define WALLET_MAX 36     /* characters of a wallet's id (circle.md, A2) */

static bool terms(const struct channel *channel, struct terms *terms);
static bool check(const struct channel *channel, struct fault *fault);
static void identity(const struct channel *channel, struct buf *buf);
static struct text pays_from(const struct call *call);
static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request);

const struct adapter circle_adapter = {
	.provider = PROVIDER_CIRCLE,
	.name = "circle",
	/* There is no look-up by key: the same key again within the window gives the original result. */
	.repeats_safely = true,
	.window_ms = WINDOW_MS,
	.spends_keys = true,
	.lists = true,
	.has_funds = true,
	.funds_each = true,
	.has_destination = true,
	.terms = terms,
	.check = check,
	.identity = identity,
	.freeze = circle_freeze,
	.build = build,
	.read = circle_read,
	.word = circle_word,
	.destination = circle_destination,
	.pays_from = pays_from,
};

#define ALWAYS (COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CURRENCY))
#define CARRIED                                                                                                        \
	(ALWAYS | COLUMN_SET(COLUMN_REFERENCE) | COLUMN_SET(COLUMN_CHANNEL) | COLUMN_SET(COLUMN_EXECUTION_DATE) |      \
		COLUMN_SET(COLUMN_TARGET_CURRENCY) | COLUMN_SET(COLUMN_BENEFICIARY_ID) |                               \
		COLUMN_SET(COLUMN_SOURCE_WALLET))
#define BILLING                                                                                                        \
	(COLUMN_SET(COLUMN_BENEFICIARY_NAME) | COLUMN_SET(COLUMN_COUNTRY) | COLUMN_SET(COLUMN_LINE1) |                 \
		COLUMN_SET(COLUMN_LINE2) | COLUMN_SET(COLUMN_CITY) | COLUMN_SET(COLUMN_DISTRICT) |                     \
		COLUMN_SET(COLUMN_POSTAL_CODE))
#define BANK (COLUMN_SET_BANK & ~COLUMN_SET(COLUMN_IFSC))

/* Currencies and exchanges as the published interface has them (A4, A5); HKD is named on one page alone and can be
 * allowed with `currencies`. */
static const struct circle_mode modes[] = {
	{
		.name = "wire",
		.payouts = "/v1/businessAccount/payouts",
		.banks = "/v1/businessAccount/banks/wires",
		.balances = "/v1/businessAccount/balances",
		.wallet_balances = true,
		.type = "wire",
		.currencies = "USD EUR MXN SGD BRL",
		.exchanges = "USD/BRL",
		.required = ALWAYS,
		.carried = CARRIED | BILLING | BANK,
	},
	{
		.name = "legacy",
		.payouts = "/v1/payouts",
		.banks = "/v1/banks/wires",
		.balances = "/v1/balances",
		.type = "wire",
		.currencies = "USD",
		.exchanges = "",
		.required = ALWAYS | COLUMN_SET(COLUMN_EMAIL),
		.carried = CARRIED | BILLING | BANK | COLUMN_SET(COLUMN_EMAIL),
	},
	{
		.name = "address_book",
		.payouts = "/v1/payouts",
		.balances = "/v1/businessAccount/balances",
		.wallet_balances = true,
		.type = "address_book",
		.currencies = "USD EUR", /* USDC and EURC */
		.exchanges = "",
		.required = ALWAYS | COLUMN_SET(COLUMN_BENEFICIARY_ID),
		.carried = CARRIED | COLUMN_SET(COLUMN_PURPOSE),
	},
};

const struct circle_mode *circle_mode(const struct channel *channel)
{
	if (channel->mode == NULL || channel->mode[0] == '\0')
		return &modes[0];
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(channel->mode, modes[i].name) == 0)
			return &modes[i];
	return NULL;
}

/* --- settings --------------------------------------------------------------------------------------------------- */

static struct text setting_or(const struct channel *channel, const char *name, const char *otherwise)
{
	struct text value = channel_setting(channel, name);

	return value.len > 0 ? value : text_of(otherwise);
}

/* Entities whose payouts are under the travel rule at any amount want a purpose (A10). */
static bool wants_purpose(const struct channel *channel)
{
	struct text entity = channel_setting(channel, "entity");

	return text_equal_nocase(entity, TEXT("sg")) || text_equal_nocase(entity, TEXT("fr"));
}

/* The same of who pays; the US entity from 3000 dollars on. Where no entity is said nothing is known (A10). */
static bool wants_originator(const struct channel *channel)
{
	bool us = text_equal_nocase(channel_setting(channel, "entity"), TEXT("us"));

	return (us || wants_purpose(channel)) && !circle_has_originator(channel);
}
#define ORIGINATOR_FROM 3000 /* dollars, or their like */

static bool terms(const struct channel *channel, struct terms *terms)
{
	const struct circle_mode *mode = circle_mode(channel);

	if (mode == NULL)
		return false;
	*terms = (struct terms){
		.channel = channel,
		.required = mode->required,
		.carried = mode->carried,
		.currencies = setting_or(channel, "currencies", mode->currencies),
		.exchanges = setting_or(channel, "exchanges", mode->exchanges),
		.bank = mode->banks != NULL ? &circle_bank_terms : NULL,
		.bank_countries = channel_setting(channel, "countries"),
		.uuid_destination = true,
		.purpose_required = mode->banks == NULL && wants_purpose(channel),
		.lacks_originator = mode->banks == NULL && wants_originator(channel),
		.originator_from = wants_purpose(channel) ? 0 : ORIGINATOR_FROM,
		.purposes = PURPOSE_CIRCLE,
		.limits = circle_limits,
		.limit_count = circle_limit_count,
	};
	return true;
}

static bool wallet_valid(struct text wallet)
{
	for (size_t i = 0; i < wallet.len; i++)
		if (!isalnum((unsigned char)wallet.ptr[i]) && wallet.ptr[i] != '-')
			return false;
	return wallet.len <= WALLET_MAX;
}

static bool entity_valid(struct text entity)
{
	char code[2];
	const char *name, *hint;

	if (entity.len != 2)
		return entity.len == 0;
	for (size_t i = 0; i < 2; i++)
		code[i] = (char)toupper((unsigned char)entity.ptr[i]);
	return country_check((struct text){code, 2}, &name, &hint) == COUNTRY_VALID;
}

/* Capitals, in words of the length of the example: "USD EUR", "USD/BRL", "CY CZ". */
static bool words_valid(struct text words, const char *example)
{
	size_t len = strlen(example), at = 0;

	for (size_t i = 0; i <= words.len; i++) {
		char byte = i < words.len ? words.ptr[i] : ' ';

		if (byte == ' ' || byte == ',') {
			if (at != 0 && at != len)
				return false;
			at = 0;
		} else if (at == len || (example[at] == '/' ? byte != '/' : byte < 'A' || byte > 'Z')) {
			return false;
		} else {
			at++;
		}
	}
	return true;
}

static bool currencies_fine(struct text value)
{
	return words_valid(value, "USD");
}

static bool exchanges_fine(struct text value)
{
	return words_valid(value, "USD/BRL");
}

static bool countries_fine(struct text value)
{
	return words_valid(value, "CY");
}

static const struct {
	const char *name;
	bool (*fine)(struct text value);
	const char *wrong;
	const char *cure;
} checks[] = {
	{"api_key", request_word_valid, "has a space or a control character",
		"the key is one word; look for a space or a line end in its file"},
	{"source_wallet", wallet_valid, "is no id of a wallet", "copy the wallet's id from Circle, digits as a rule"},
	{"entity", entity_valid, "is no country", "write the country of your Circle entity: us, sg, fr"},
	{"currencies", currencies_fine, "is no list of currencies", "write it as: USD EUR HKD"},
	{"exchanges", exchanges_fine, "is no list of exchanges", "write it as: USD/BRL USD/MXN"},
	{"countries", countries_fine, "is no list of countries", "write it as: CY CZ"},
};

static bool check(const struct channel *channel, struct fault *fault)
{
	bool fine = true;

	if (channel_setting(channel, "api_key").len == 0)
		fine = fault_set(fault, FAULT_USAGE, "", "add api_key = file:PATH with the key of your Circle account",
			"channel %s has no api_key, which Circle needs", channel->name);
	for (size_t i = 0; fine && i < sizeof(checks) / sizeof(checks[0]); i++)
		if (!checks[i].fine(channel_setting(channel, checks[i].name)))
			fine = fault_set(fault, FAULT_USAGE, "", checks[i].cure, "channel %s: its %s %s", channel->name,
				checks[i].name, checks[i].wrong);
	fine = fine && circle_originator_check(channel, fault);
	if (!fine)
		fault_channel(fault, channel->name);
	return fine;
}

/* The wallet that pays; without one Circle takes the main wallet of the key's entity. The mode is kept beside it. */
static void identity(const struct channel *channel, struct buf *buf)
{
	buf_addt(buf, setting_or(channel, "source_wallet", "main"));
}

/* --- requests --------------------------------------------------------------------------------------------------- */

static void add_id(struct buf *url, struct text id)
{
	assert(id.len > 0);
	buf_addc(url, '/');
	buf_add_percent(url, id);
}

static void add_time(struct buf *url, const char *name, int64_t utc_ms)
{
	char iso[CLOCK_ISO_SIZE];

	if (utc_ms == 0)
		return;
	clock_iso_ms(utc_ms, iso);
	request_add_query(url, name, text_of(iso));
}

/* The newest first; the cursor is the last id of the page before (A13). */
static void add_list(struct buf *url, const struct circle_mode *mode, const struct call *call)
{
	request_add_query(url, "type", text_of(mode->type));
	add_time(url, "from", call->from_utc_ms);
	add_time(url, "to", call->to_utc_ms);
	request_add_query(url, "pageSize", TEXT(PAGE_SIZE));
	request_add_query(url, "pageAfter", call->cursor);
}

/* The wallet of the row, else of the channel. The legacy interface tells what all wallets have together. */
static struct text pays_from(const struct call *call)
{
	struct text own = content_get(call->content, column_name(COLUMN_SOURCE_WALLET));

	if (!circle_mode(call->channel)->wallet_balances)
		return TEXT("");
	return own.len > 0 ? own : channel_setting(call->channel, "source_wallet");
}

/* What is asked for, or NULL. */
static const char *path_of(enum operation operation, const struct circle_mode *mode)
{
	switch (operation) {
	case OPERATION_CREATE:
	case OPERATION_STATUS:
	case OPERATION_LIST:
		return mode->payouts;
	case OPERATION_PREPARE:
	case OPERATION_DESTINATION:
		return mode->banks;
	case OPERATION_FUNDS:
		return mode->balances;
	case OPERATION_SESSION:
	case OPERATION_LOOKUP:
	case OPERATION_CANCEL:
	case OPERATION_FEES:
	case OPERATION_COUNT:
		break;
	}
	return NULL;
}

static void add_url(enum operation operation, const struct circle_mode *mode, const struct call *call, struct buf *url)
{
	buf_reset(url);
	buf_addf(url, "%s%s", call->channel->base_url, path_of(operation, mode));
	if (operation == OPERATION_STATUS || operation == OPERATION_DESTINATION)
		add_id(url, call->provider_id);
	else if (operation == OPERATION_LIST)
		add_list(url, mode, call);
	else if (operation == OPERATION_FUNDS && mode->wallet_balances)
		request_add_query(url, "walletId", pays_from(call));
}

/* A payout's key is frozen with it. A destination's stands before the body that names it. */
static void add_body(enum operation operation, const struct call *call, struct buf *body)
{
	char key[KEY_TEXT_SIZE];

	assert(call->payload.len > 2 && call->payload.ptr[0] == '{');
	if (operation == OPERATION_CREATE) {
		buf_addt(body, call->payload);
		return;
	}
	key_text(&call->key, key);
	buf_addf(body, "{\"idempotencyKey\":\"%s\",", key);
	buf_add(body, call->payload.ptr + 1, call->payload.len - 1);
}

static const char *bearer(const struct channel *channel, struct arena *arena)
{
	struct buf value = {0};
	const char *text;

	buf_addz(&value, "Bearer ");
	buf_addt(&value, channel_setting(channel, "api_key"));
	text = text_string(arena, buf_text(&value));
	buf_wipe(&value);
	return text;
}

static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request)
{
	const struct circle_mode *mode = circle_mode(call->channel);
	bool post = operation == OPERATION_CREATE || operation == OPERATION_PREPARE;

	assert(mode != NULL); /* terms() said no to others */
	if (path_of(operation, mode) == NULL)
		return false;
	add_url(operation, mode, call, &request->url);
	buf_reset(&request->body);
	if (post)
		add_body(operation, call, &request->body);
	request->http = (struct http_request){
		.method = post ? "POST" : "GET",
		.url = buf_str(&request->url),
		.headers = {{"Authorization", bearer(call->channel, arena)}, {"Accept", "application/json"},
			{"Content-Type", "application/json"}},
		.header_count = post ? 3 : 2,
		.body = buf_text(&request->body),
	};
	return true;
}
