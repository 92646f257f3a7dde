#include "providers/mollie.h"

#include <assert.h>
#include <string.h>

#include "providers/mollie_parts.h"
#include "providers/request.h"
#include "values/content.h"
#include "values/money.h"

#define WINDOW_MS (50 * MOLLIE_MINUTE_MS) /* PROTOCOL, section 5: fixed, ten minutes less than the key is known */
#define DESCRIPTION_POINTS 255
#define BALANCE_PREFIX "bal_"
#define LIST_LIMIT "250"    /* the most that a page may have */
#define BALANCES_LIMIT "32" /* RECEIPT_BALANCES_MAX */

static bool terms(const struct channel *channel, struct terms *terms);
static bool check(const struct channel *channel, struct fault *fault);
static void identity(const struct channel *channel, struct buf *buf);
static void freeze(const struct call *call, struct buf *payload);
static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request);
static bool needs_balance(const struct call *call);

const struct adapter mollie_adapter = {
	.provider = PROVIDER_MOLLIE,
	.name = "mollie",
	/* The same key again gives the first answer for an hour, and after that pays again: a resend inside the
	 * window, and from then on the list of the balance. */
	.looks_up = true,
	.repeats_safely = true,
	.window_ms = WINDOW_MS,
	.settles_ms = MOLLIE_REST_MS,
	.cancels = true,
	.lists = true,
	.has_funds = true,
	.terms = terms,
	.check = check,
	.identity = identity,
	.freeze = freeze,
	.build = build,
	.read = mollie_read,
	.word = mollie_word,
	.pays_from = mollie_balance,
	.occupies = mollie_balance,
	.occupied = mollie_payout_occupied,
	.needs_balance = needs_balance,
};

/* --- the channel -------------------------------------------------------------------------------------------------- */

/* The credentials are an API key, whose mode is fixed and which may not read balances; else an access token. */
static bool has_api_key(const struct channel *channel)
{
	struct text key = channel_setting(channel, "api_key");

	return text_starts(key, TEXT("live_")) || text_starts(key, TEXT("test_"));
}

const char *mollie_mode(const struct channel *channel)
{
	if (has_api_key(channel))
		return text_starts(channel_setting(channel, "api_key"), TEXT("test_")) ? "test" : "live";
	return channel->testmode ? "test" : "live";
}

/* A token works in both modes and must be told which; an API key must not be told. */
static bool tells_testmode(const struct channel *channel)
{
	return channel->testmode && !has_api_key(channel);
}

static bool allows_all(const struct channel *channel)
{
	return text_is(channel_setting(channel, "allow_all"), "yes");
}

static const struct column_limit limits[] = {{COLUMN_BALANCE_ID, 0, 32}};

static bool terms(const struct channel *channel, struct terms *terms)
{
	column_set required = COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CURRENCY);

	if (channel->mode != NULL && channel->mode[0] != '\0')
		return false;
	if (channel_setting(channel, "balance").len == 0)
		required |= COLUMN_SET(COLUMN_BALANCE_ID);
	*terms = (struct terms){
		.channel = channel,
		.required = required,
		.carried = required | COLUMN_SET(COLUMN_BALANCE_ID) | COLUMN_SET(COLUMN_REFERENCE) |
			   COLUMN_SET(COLUMN_CHANNEL) | COLUMN_SET(COLUMN_DESCRIPTION) |
			   COLUMN_SET(COLUMN_EXECUTION_DATE),
		.currencies = TEXT("EUR GBP CHF DKK NOK PLN SEK USD CZK HUF AUD CAD RON"), /* of balances */
		.pays_from_balance = true,
		.balance = channel_setting(channel, "balance"),
		.has_all = true,
		.allows_all = allows_all(channel),
		.limits = limits,
		.limit_count = sizeof(limits) / sizeof(limits[0]),
	};
	return true;
}

static bool check(const struct channel *channel, struct fault *fault)
{
	struct text key = channel_setting(channel, "api_key"), balance = channel_setting(channel, "balance");
	bool fine = true;

	if (key.len == 0)
		fine = fault_set(fault, FAULT_USAGE, "", "add api_key = file:PATH with the API key or access token",
			"channel %s has no api_key, which Mollie needs", channel->name);
	else if (!request_word_valid(key))
		fine = fault_set(fault, FAULT_USAGE, "",
			"the key is one word; look for a space or a line end in its file",
			"channel %s: its api_key has a space or a control character", channel->name);
	else if (text_starts(key, TEXT("live_")) && channel->testmode)
		fine = fault_set(fault, FAULT_USAGE, "", "take the key that begins with test_, or testmode = no",
			"channel %s: testmode = yes, but its api_key pays for real", channel->name);
	else if (allows_all(channel) && has_api_key(channel))
		fine = fault_set(fault, FAULT_USAGE, "", "take an access token, or leave allow_all out",
			"channel %s: allow_all needs to read balances, which its api_key may not", channel->name);
	else if (balance.len > 0 && (!text_starts(balance, TEXT(BALANCE_PREFIX)) ||
					    balance.len == sizeof(BALANCE_PREFIX) - 1 || !request_word_valid(balance)))
		fine = fault_set(fault, FAULT_USAGE, "", "copy its id from Mollie: bal_ and what follows",
			"channel %s: its balance is no id of a balance", channel->name);
	if (!fine)
		fault_channel(fault, channel->name);
	return fine;
}

/* Mollie tells an API key nothing about the organisation, so it is the mode and the balance that pays. A token is not
 * an API key of the same mode: what was frozen for the one says nothing of testmode, and would be live for the other.
 */
static void identity(const struct channel *channel, struct buf *buf)
{
	struct text balance = channel_setting(channel, "balance");

	buf_addf(buf, "%s %s", has_api_key(channel) ? "key" : "token", mollie_mode(channel));
	if (balance.len > 0) {
		buf_addc(buf, ' ');
		buf_addt(buf, balance);
	}
}

/* --- the payout --------------------------------------------------------------------------------------------------- */

struct text mollie_balance(const struct call *call)
{
	struct text own = content_get(call->content, "balance_id");

	return own.len > 0 ? own : channel_setting(call->channel, "balance");
}

void mollie_tag(const struct key *key, char out[MOLLIE_TAG_SIZE])
{
	out[0] = '[';
	text_hex(key->bytes, 6, out + 1);
	out[MOLLIE_TAG_SIZE - 2] = ']';
	out[MOLLIE_TAG_SIZE - 1] = '\0';
}

static bool needs_balance(const struct call *call)
{
	return text_is(content_get(call->content, "amount"), MOLLIE_ALL);
}

static struct text cut(struct text text, size_t points)
{
	size_t end = 0;

	while (points-- > 0 && text_next(text, &end) >= 0)
		continue;
	return text_trim((struct text){text.ptr, end});
}

static void add_description(const struct call *call, struct buf *payload)
{
	struct buf text = {0};
	char tag[MOLLIE_TAG_SIZE];

	mollie_tag(&call->key, tag);
	buf_addt(&text, cut(content_get(call->content, "description"), DESCRIPTION_POINTS - sizeof(tag)));
	buf_addf(&text, "%s%s", text.len > 0 ? " " : "", tag);
	request_add_member(payload, "description", buf_text(&text));
	buf_release(&text);
}

/* An amount that was not fixed yet stands there as it was written: Mollie would refuse it. */
static void add_amount(const struct call *call, struct buf *payload)
{
	buf_addc(payload, '{');
	request_add_member(payload, "currency", call->currency);
	request_add_name(payload, "value");
	buf_addc(payload, '"');
	if (needs_balance(call) && call->amount_minor == 0)
		buf_addz(payload, MOLLIE_ALL);
	else
		money_text(payload, call->amount_minor, call->decimals);
	buf_addz(payload, "\"}");
}

static void freeze(const struct call *call, struct buf *payload)
{
	buf_addc(payload, '{');
	request_add_member(payload, "balanceId", mollie_balance(call));
	request_add_name(payload, "amount");
	add_amount(call, payload);
	add_description(call, payload);
	if (tells_testmode(call->channel)) {
		request_add_name(payload, "testmode");
		buf_addz(payload, "true");
	}
	buf_addc(payload, '}');
}

/* --- the requests ------------------------------------------------------------------------------------------------- */

enum mollie_funds mollie_funds(const struct call *call)
{
	if (call->content.len > 0)
		return MOLLIE_FUNDS_ONE;
	return has_api_key(call->channel) ? MOLLIE_FUNDS_NONE : MOLLIE_FUNDS_ALL;
}

/* BEGUN DOUBTED FROM */
void mollie_cursor_parse(const struct call *call, struct mollie_cursor *cursor)
{
	struct text text = call->cursor;
	const char *space = text.len > 0 ? memchr(text.ptr, ' ', text.len) : NULL;
	bool number;

	*cursor = (struct mollie_cursor){.begun_utc_ms = call->now_utc_ms};
	if (text.len == 0)
		return;
	assert(space != NULL && (size_t)(space - text.ptr) + 3 < text.len && space[2] == ' '); /* our own writing */
	number = text_number((struct text){text.ptr, (size_t)(space - text.ptr)}, INT64_MAX, &cursor->begun_utc_ms);
	assert(number);
	cursor->doubted = space[1] == '1';
	cursor->from = (struct text){space + 3, text.len - (size_t)(space + 3 - text.ptr)};
}

struct text mollie_cursor_text(const struct mollie_cursor *cursor, struct arena *arena)
{
	struct buf buf = {0};
	struct text text;

	buf_addi(&buf, cursor->begun_utc_ms);
	buf_addf(&buf, " %d ", cursor->doubted);
	buf_addt(&buf, cursor->from);
	text = text_copy(arena, buf_text(&buf));
	buf_release(&buf);
	return text;
}

static void add_id(struct buf *url, struct text id)
{
	assert(id.len > 0);
	buf_addc(url, '/');
	buf_add_percent(url, id);
}

/* The newest first, whatever the default is. */
static void add_page(struct buf *url, const struct call *call, struct text balance)
{
	struct mollie_cursor cursor;

	mollie_cursor_parse(call, &cursor);
	request_add_query(url, "balanceId", balance);
	request_add_query(url, "limit", TEXT(LIST_LIMIT));
	request_add_query(url, "sort", TEXT("desc"));
	request_add_query(url, "from", cursor.from);
}

static void add_funds(struct buf *url, const struct call *call)
{
	enum mollie_funds funds = mollie_funds(call);

	buf_addz(url, funds == MOLLIE_FUNDS_NONE ? "/v2/payouts" : "/v2/balances");
	if (funds == MOLLIE_FUNDS_ONE)
		add_id(url, mollie_balance(call));
	else
		request_add_query(url, "limit", funds == MOLLIE_FUNDS_NONE ? TEXT("1") : TEXT(BALANCES_LIMIT));
	if (funds == MOLLIE_FUNDS_ALL)
		request_add_query(url, "from", call->cursor);
}

/* Path and query of an operation, and its method; NULL: there is no such operation. */
static const char *add_target(enum operation operation, const struct call *call, struct buf *url)
{
	switch (operation) {
	case OPERATION_CREATE:
		buf_addz(url, "/v2/payouts");
		return "POST";
	case OPERATION_LOOKUP:
		buf_addz(url, "/v2/payouts");
		add_page(url, call, mollie_balance(call));
		return "GET";
	case OPERATION_LIST:
		buf_addz(url, "/v2/payouts");
		add_page(url, call, TEXT(""));
		return "GET";
	case OPERATION_STATUS:
	case OPERATION_CANCEL:
		buf_addz(url, "/v2/payouts");
		add_id(url, call->provider_id);
		return operation == OPERATION_STATUS ? "GET" : "DELETE";
	case OPERATION_FUNDS:
		add_funds(url, call);
		return "GET";
	case OPERATION_SESSION:
	case OPERATION_PREPARE:
	case OPERATION_DESTINATION:
	case OPERATION_FEES:
	case OPERATION_COUNT:
		break;
	}
	return NULL;
}

static void add_header(struct http_request *http, const char *name, const char *value)
{
	assert(http->header_count < HTTP_HEADERS_MAX);
	http->headers[http->header_count++] = (struct http_header){name, value};
}

static char *bearer(const struct channel *channel, struct arena *arena)
{
	struct text key = channel_setting(channel, "api_key");
	char *value = arena_alloc(arena, sizeof("Bearer ") + key.len);

	memcpy(value, "Bearer ", sizeof("Bearer ") - 1);
	if (key.len > 0)
		memcpy(value + sizeof("Bearer ") - 1, key.ptr, key.len);
	value[sizeof("Bearer ") - 1 + key.len] = '\0';
	return value;
}

static bool build(
	enum operation operation, const struct call *call, struct arena *arena, struct adapter_request *request)
{
	const char *method;
	char *key;

	buf_reset(&request->url);
	buf_reset(&request->body);
	buf_addz(&request->url, call->channel->base_url);
	method = add_target(operation, call, &request->url);
	if (method == NULL)
		return false;
	request->http = (struct http_request){.method = method};
	add_header(&request->http, "Authorization", bearer(call->channel, arena));
	add_header(&request->http, "Accept", "application/hal+json");
	if (operation == OPERATION_CREATE) {
		assert(call->payload.len > 0);
		key = arena_alloc(arena, KEY_TEXT_SIZE);
		key_text(&call->key, key);
		add_header(&request->http, "Content-Type", "application/json");
		add_header(&request->http, "Idempotency-Key", key);
		buf_addt(&request->body, call->payload);
	} else if (tells_testmode(call->channel)) {
		request_add_query(&request->url, "testmode", TEXT("true"));
	}
	request->http.url = buf_str(&request->url);
	request->http.body = buf_text(&request->body);
	return true;
}
