#include "tests/support/mollie.h"

#include <assert.h>

struct setting_value mollie_settings[2] = {
	{"api_key", {"test_abc", 8}, true},
	{"balance", {"bal_x", 5}, false},
};

struct channel mollie_channel = {
	.name = "mollie",
	.provider = PROVIDER_MOLLIE,
	.mode = "",
	.base_url = "https://api.mollie.com",
	.settings = mollie_settings,
	.setting_count = 2,
};

struct call mollie_call(void)
{
	struct call call = {
		.channel = &mollie_channel,
		.reference = TEXT("INV-2026-0001"),
		.currency = TEXT("EUR"),
		.amount_minor = 1000,
		.decimals = 2,
		.payload = TEXT(MOLLIE_PAYLOAD),
		.provider_id = TEXT(MOLLIE_ID),
		.now_utc_ms = INT64_C(1782000000000), /* 2026-06-21T00:00:00Z */
	};
	bool parsed = key_parse(TEXT("9b32e3b9-f9b6-4229-97a3-9df930b0cfe3"), &call.key);

	assert(parsed);
	return call;
}

struct receipt mollie_receipt(
	enum operation operation, const struct call *call, int status, const char *body, struct arena *arena)
{
	struct http_answer answer = {
		.outcome = HTTP_ANSWERED, .status = status, .body = text_of(body), .retry_after_ms = -1};
	struct receipt receipt;

	arena_reset(arena);
	mollie_adapter.read(operation, call, &answer, arena, &receipt);
	return receipt;
}

static void add_part(struct buf *content, struct text text)
{
	const char length[4] = {(char)(text.len >> 24), (char)(text.len >> 16), (char)(text.len >> 8), (char)text.len};

	buf_add(content, length, 4);
	buf_addt(content, text);
}

void mollie_content_add(struct buf *content, const char *name, const char *value)
{
	add_part(content, text_of(name));
	add_part(content, text_of(value));
}
