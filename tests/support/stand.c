#include "tests/support/stand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <jansson.h>

#include "net/seal.h"
#include "providers/calypso.h"
#include "providers/circle.h"
#include "providers/mollie.h"
#include "providers/pontis.h"
#include "values/money.h"

#define WAITS_MAX 500
#define TIMEOUT_MS 60000 /* a machine may be slow, and nothing here waits for it to end */
#define SETTING(name, value, secret)                                                                                   \
	{                                                                                                              \
		name, {value, sizeof(value) - 1}, secret                                                               \
	}
#define CIRCLE_SETTINGS                                                                                                \
	{                                                                                                              \
		SETTING("api_key", "SANDBOX_CIRCLE_KEY", true), SETTING("source_wallet", "1000000001", false)          \
	}
#define CIRCLE_WRONG                                                                                                   \
	{                                                                                                              \
		{                                                                                                      \
			"api_key", "SANDBOX_CIRCLE_KEX"                                                                \
		}                                                                                                      \
	}
#define BANK_FIELDS                                                                                                    \
	{"account_number", "123456789"}, {"bank_city", "New York"}, {"bank_country", "US"}, {"bank_name", "Chase"},    \
		{"beneficiary_name", "Ann Smith"}, {"city", "Boston"}, {"country", "US"}, {"currency", "USD"},         \
	{                                                                                                              \
		"district", "MA"                                                                                       \
	}

static const struct subject subjects[] = {
	{
		.name = "circle wire",
		.adapter = &circle_adapter,
		.mode = "wire",
		.base_path = "/circle",
		.settings = CIRCLE_SETTINGS,
		.currency = "USD",
		.decimals = 2,
		.amount_minor = 7525,
		.fails_minor = 653,
		.fields = {BANK_FIELDS, {"line1", "1 Main St"}, {"postal_code", "02201"},
			{"routing_number", "021000021"}},
		.wrong = CIRCLE_WRONG,
	},
	{
		.name = "circle legacy",
		.adapter = &circle_adapter,
		.mode = "legacy",
		.base_path = "/circle",
		.settings = CIRCLE_SETTINGS,
		.currency = "USD",
		.decimals = 2,
		.amount_minor = 7525,
		.fails_minor = 653,
		.fields = {BANK_FIELDS, {"email", "ann@example.com"}, {"line1", "1 Main St"}, {"postal_code", "02201"},
			{"routing_number", "021000021"}},
		.wrong = CIRCLE_WRONG,
	},
	{
		.name = "circle address_book",
		.adapter = &circle_adapter,
		.mode = "address_book",
		.base_path = "/circle",
		.settings = CIRCLE_SETTINGS,
		.currency = "USD",
		.decimals = 2,
		.amount_minor = 7525,
		.fields = {{"beneficiary_id", "6b1e1c2d-0001-4abc-8def-000000000001"}, {"currency", "USD"}},
		.wrong = CIRCLE_WRONG,
	},
	{
		.name = "mollie",
		.adapter = &mollie_adapter,
		.mode = "",
		.base_path = "/mollie",
		.settings = {SETTING("api_key", "test_sandbox_mollie", true), SETTING("balance", "bal_stand", false)},
		.currency = "EUR",
		.decimals = 2,
		.amount_minor = 7525,
		.fails_minor = 1300,
		.fields = {{"amount", "7525"}, {"currency", "EUR"}, {"description", "Rent \xc3\xbc \"7\""}},
		.wrong = {{"api_key", "test_wrong"}},
	},
	{
		.name = "mollie by token",
		.adapter = &mollie_adapter,
		.mode = "",
		.base_path = "/mollie",
		.testmode = true,
		.settings = {SETTING("api_key", "access_sandbox_mollie", true), SETTING("balance", "bal_stand", false)},
		.currency = "EUR",
		.decimals = 2,
		.amount_minor = 7525,
		.fails_minor = 1300,
		.fields = {{"amount", "7525"}, {"currency", "EUR"}, {"description", "Rent \xc3\xbc \"7\""}},
		.wrong = {{"api_key", "access_wrong"}},
	},
	{
		.name = "pontis",
		.adapter = &pontis_adapter,
		.mode = "",
		.base_path = "/pontis",
		.settings = {SETTING("api_key", "sandbox-pontis", true), SETTING("email", "ops@example.com", false),
			SETTING("password", "sandbox", true),
			SETTING("encryption_secret", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", true),
			SETTING("hmac_secret", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8", true)},
		.currency = "USDT",
		.decimals = 2,
		.amount_minor = 7525,
		.fails_minor = 7504,
		.fields = {{"account_number", "1234567890"}, {"beneficiary_name", "Juan dela Cruz"}, {"country", "PH"},
			{"payment_method", "bank_local"}, {"target_currency", "PHP"}},
		.wrong = {{"api_key", "sandbox-pontix"}, {"email", "opz@example.com"}, {"password", "sandbux"},
			{"encryption_secret", "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"},
			{"hmac_secret", "ISEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"}},
	},
	{
		.name = "calypso",
		.adapter = &calypso_adapter,
		.mode = "",
		.base_path = "/calypso",
		.settings = {SETTING("account", "0x00000000000000000000000000000000000000aa", false),
			SETTING("key", "sandbox-calypso", true), SETTING("secret", "sandbox-calypso-secret", true)},
		.currency = "USDT_TRX",
		.decimals = 6,
		.amount_minor = 12500001,
		.fails_minor = 12910000,
		.fields = {{"currency", "USDT_TRX"}, {"description", "Rent \xc3\xbc \"7\""},
			{"wallet_address", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"}},
		.wrong = {{"account", "0x00000000000000000000000000000000000000ab"}, {"key", "sandbox-calypsp"},
			{"secret", "sandbox-calypso-secres"}},
	},
};
/* --- over the wire ---------------------------------------------------------------------------------------------- */

static bool admit(void *context, void *exchange_context)
{
	(void)context;
	(void)exchange_context;
	return true;
}

static void done(void *context, void *exchange_context, const struct http_answer *answer)
{
	struct stand *stand = exchange_context;

	(void)context;
	stand->done = true;
	stand->answer = *answer;
	buf_reset(&stand->body);
	buf_addt(&stand->body, answer->body);
	stand->answer.body = buf_text(&stand->body);
}

const struct receipt *stand_ask(struct stand *stand, enum operation operation)
{
	struct adapter_request request = {0};
	struct fault fault = {0};

	arena_reset(&stand->arena);
	memset(&stand->receipt, 0, sizeof(stand->receipt));
	stand->receipt.code = stand->receipt.reason_code = stand->receipt.cure = "";
	stand->done = false;
	stand->call.now_utc_ms = clock_now(&stand->world.clock).utc_ms;
	seal_nonce(stand->call.nonce);
	assert_true(stand->adapter->build(operation, &stand->call, &stand->arena, &request));
	if (!http_start(stand->http, &request.http, stand->timeout_ms, NULL, stand, &fault))
		fail_msg("%s", fault.message);
	while (!stand->done)
		assert_true(http_run(stand->http, 1000, -1, &fault));
	if (stand->answer.outcome == HTTP_ANSWERED)
		stand->adapter->read(operation, &stand->call, &stand->answer, &stand->arena, &stand->receipt);
	buf_release(&request.url);
	buf_release(&request.body);
	return &stand->receipt;
}

/* --- the stand -------------------------------------------------------------------------------------------------- */

void stand_open(struct stand *stand)
{
	static const struct http_callbacks callbacks = {.admit = admit, .done = done};
	struct http_options options = {.callbacks = &callbacks, .connections = 2, .user_agent = "payrun-test"};
	struct fault fault = {0};

	memset(stand, 0, sizeof(*stand));
	world_open_settling(&stand->world, "", "3600000");
	options.clock = &stand->world.clock;
	stand->http = http_open(&options, &fault);
	assert_non_null(stand->http);
	stand->sha = sha256_new();
}

void stand_close(struct stand *stand)
{
	http_close(stand->http);
	sha256_free(stand->sha);
	buf_release(&stand->url);
	buf_release(&stand->content);
	buf_release(&stand->payload);
	buf_release(&stand->session);
	buf_release(&stand->destination);
	buf_release(&stand->body);
	arena_release(&stand->arena);
	world_close(&stand->world);
}

void stand_check(const struct stand *stand, bool fine, const char *what)
{
	if (!fine)
		fail_msg("%s: %s: %s, HTTP %d %s\n%.*s\n%s", stand->subject->name, what,
			verdict_name(stand->receipt.verdict), stand->answer.status, stand->answer.error,
			(int)stand->receipt.reason.len, stand->receipt.reason.ptr,
			stand->body.len > 0 ? stand->body.data : "");
}

void stand_login(struct stand *stand)
{
	if (!stand->adapter->has_session)
		return;
	stand->call.session = TEXT("");
	stand_check(stand, stand_ask(stand, OPERATION_SESSION)->verdict == VERDICT_ACCEPTED, "no login");
	buf_reset(&stand->session);
	buf_addt(&stand->session, stand->receipt.session);
	stand->call.session = buf_text(&stand->session);
}

/* The destination that the payout names by its bank details. */
static void prepare(struct stand *stand)
{
	struct call payout = stand->call;
	struct buf body = {0};
	uint8_t hash[SHA256_SIZE];

	if (!stand->adapter->has_destination || !stand->adapter->destination(&payout, &body)) {
		buf_release(&body);
		return;
	}
	sha256_of(stand->sha, body.data, body.len, hash);
	stand->call.payload = buf_text(&body);
	stand->call.key = key_derive_destination(stand->sha, TEXT("stand"), TEXT("main"), hash, 1);
	stand_check(stand, stand_ask(stand, OPERATION_PREPARE)->verdict == VERDICT_ACCEPTED, "no destination");
	buf_reset(&stand->destination);
	buf_addt(&stand->destination, stand->receipt.provider_id);
	stand->call = payout;
	stand->call.destination_id = buf_text(&stand->destination);
	buf_release(&body);
}

static void add_part(struct buf *content, const char *text)
{
	size_t len = strlen(text);
	const char length[4] = {(char)(len >> 24), (char)(len >> 16), (char)(len >> 8), (char)len};

	buf_add(content, length, 4);
	buf_addz(content, text);
}

void stand_freeze(struct stand *stand)
{
	snprintf(stand->reference, sizeof(stand->reference), "S-%lld", (long long)++stand->payouts);
	stand->call.reference = text_of(stand->reference);
	stand->call.key = key_derive(stand->sha, TEXT("stand"), stand->adapter->provider, text_of(stand->reference), 1);
	buf_reset(&stand->payload);
	stand->adapter->freeze(&stand->call, &stand->payload);
	stand->call.payload = buf_text(&stand->payload);
}

void stand_payout(struct stand *stand, int64_t amount_minor)
{
	const struct subject *subject = stand->subject;

	buf_reset(&stand->content);
	for (size_t i = 0; subject->fields[i][0] != NULL; i++) {
		add_part(&stand->content, subject->fields[i][0]);
		add_part(&stand->content, subject->fields[i][1]);
	}
	stand->call = (struct call){
		.channel = &stand->channel,
		.content = buf_text(&stand->content),
		.currency = text_of(subject->currency),
		.amount_minor = amount_minor != 0 ? amount_minor : subject->amount_minor,
		.decimals = subject->decimals,
		.session = stand->session.len > 0 ? buf_text(&stand->session) : TEXT(""),
	};
	prepare(stand);
	stand_freeze(stand);
}

void stand_begin(struct stand *stand, const struct subject *subject)
{
	world_post(&stand->world, "/_/reset", "{}");
	stand->subject = subject;
	stand->adapter = subject->adapter;
	stand->timeout_ms = TIMEOUT_MS;
	buf_reset(&stand->url);
	buf_addf(&stand->url, "%s%s", stand->world.url, subject->base_path);
	buf_reset(&stand->session);
	memcpy(stand->settings, subject->settings, sizeof(stand->settings));
	stand->channel = (struct channel){
		.name = "stand",
		.provider = subject->adapter->provider,
		.mode = subject->mode,
		.base_url = buf_str(&stand->url),
		.testmode = subject->testmode,
		.settings = stand->settings,
	};
	while (stand->settings[stand->channel.setting_count].name != NULL)
		stand->channel.setting_count++;
	asset_table_calypso(&stand->channel.assets);
	stand->call = (struct call){.channel = &stand->channel};
	stand_login(stand);
	stand_payout(stand, 0);
}

void stand_each(struct stand *stand, void (*law)(void))
{
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		stand_begin(stand, &subjects[i]);
		law();
	}
}

void stand_create(struct stand *stand, char id[STAND_ID_SIZE])
{
	const struct receipt *receipt = stand_ask(stand, OPERATION_CREATE);

	stand_check(stand, receipt->verdict == VERDICT_ACCEPTED && receipt->provider_id.len > 0, "not accepted");
	stand_check(stand, receipt->state == PAYOUT_ACCEPTED || receipt->state == PAYOUT_PAID, "accepted, and yet");
	snprintf(id, STAND_ID_SIZE, "%.*s", (int)receipt->provider_id.len, receipt->provider_id.ptr);
}

/* --- the sandbox ------------------------------------------------------------------------------------------------ */

void stand_fault(struct stand *stand, const char *kind, const char *more)
{
	char json[256];

	snprintf(json, sizeof(json), "{\"provider\":\"%s\",\"kind\":\"%s\"%s}", stand->adapter->name, kind, more);
	world_post(&stand->world, "/_/faults", json);
}

bool stand_struck(struct stand *stand)
{
	const struct timespec pause = {.tv_nsec = 10000000};

	for (int i = 0; i < WAITS_MAX; i++) {
		if (strstr(world_get(&stand->world, "/_/faults"), "\"kind\"") == NULL)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

void stand_advance(struct stand *stand, int64_t ms)
{
	char json[64];

	snprintf(json, sizeof(json), "{\"advance_ms\":%lld}", (long long)ms);
	world_post(&stand->world, "/_/clock", json);
}

static bool is(const json_t *entry, const char *member, struct text wanted)
{
	const char *text = json_string_value(json_object_get(entry, member));

	return text != NULL && text_is(wanted, text);
}

static void compare(const struct stand *stand, const json_t *entry, const char *id)
{
	const char *amount = json_string_value(json_object_get(entry, "amount"));
	struct buf wanted = {0};

	money_text(&wanted, stand->call.amount_minor, stand->call.decimals);
	stand_check(
		stand, amount != NULL && money_same_text(text_of(amount), buf_text(&wanted)), "the ledger's amount");
	stand_check(stand, is(entry, "currency", stand->call.currency), "the ledger's currency");
	stand_check(stand, id == NULL || is(entry, "id", text_of(id)), "the ledger's id");
	buf_release(&wanted);
}

size_t stand_ledger(struct stand *stand, const char *id)
{
	json_t *root = json_loads(world_get(&stand->world, "/_/ledger"), 0, NULL), *entry;
	char key[KEY_TEXT_SIZE];
	size_t count = 0, index;

	assert_non_null(root);
	key_text(&stand->call.key, key);
	json_array_foreach(json_object_get(root, "payouts"), index, entry)
	{
		if (!is(entry, "key", text_of(key)))
			continue;
		compare(stand, entry, id);
		count++;
	}
	json_decref(root);
	return count;
}
