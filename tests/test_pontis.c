/* PontisGlobe: its recorded exchanges, what its channels are held to, and what proves nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/base64url.h"
#include "net/seal.h"
#include "providers/pontis.h"
#include "tests/support/scene.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define HMAC_SECRET "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
#define ID "029b2038-6166-4bea-80a9-f1a2425a85eb"

enum { API_KEY, EMAIL, PASSWORD, ENCRYPTION, HMAC, WINDOW, SETTINGS };

/* A channel whose settings a test may change. */
struct place {
	struct setting_value settings[SETTINGS];
	struct channel channel;
	struct arena arena;
	struct call call;
};

static int place_begin(void **state)
{
	static const char *const names[] = {
		"api_key", "email", "password", "encryption_secret", "hmac_secret", "repeat_window"};
	static const char *const values[] = {"k3y", "Ops@Example.com", "s3cr3t", SECRET, HMAC_SECRET, ""};
	static struct place place;

	memset(&place, 0, sizeof(place));
	for (size_t i = 0; i < SETTINGS; i++)
		place.settings[i] = (struct setting_value){names[i], text_of(values[i]), i != EMAIL && i != WINDOW};
	place.channel = (struct channel){
		.name = "pontis",
		.provider = PROVIDER_PONTIS,
		.mode = "",
		.base_url = "https://sandbox.pontisglobe.com",
		.settings = place.settings,
		.setting_count = SETTINGS,
	};
	place.call = (struct call){
		.channel = &place.channel,
		.currency = TEXT("USDT"),
		.amount_minor = 1000,
		.decimals = 2,
		.payload = TEXT("{\"source_amount\":\"10.00\"}"),
		.provider_id = TEXT(ID),
		.session = TEXT("t0k3n"),
		.nonce = {1},
		.now_utc_ms = INT64_C(1748023400999),
	};
	*state = &place;
	return 0;
}

static int place_end(void **state)
{
	struct place *place = *state;

	arena_release(&place->arena);
	return 0;
}

static struct receipt read_as(struct place *place, enum operation operation, int status, const char *body)
{
	struct http_answer answer = {
		.outcome = HTTP_ANSWERED, .status = status, .body = text_of(body), .retry_after_ms = -1};
	struct receipt receipt;

	arena_reset(&place->arena);
	pontis_adapter.read(operation, &place->call, &answer, &place->arena, &receipt);
	return receipt;
}

static void every_recorded_exchange_is_built_and_read_as_written(void **state)
{
	(void)state;
	assert_true(scene_run_all(&pontis_adapter) > 100);
}

static void the_adapter_settles_by_the_same_key_in_a_session(void **state)
{
	(void)state;
	assert_false(pontis_adapter.looks_up);
	assert_true(pontis_adapter.repeats_safely && pontis_adapter.spends_keys);
	assert_int_equal(pontis_adapter.window_ms, 3600000);
	assert_true(pontis_adapter.has_session && pontis_adapter.seals);
	assert_false(pontis_adapter.has_funds || pontis_adapter.lists || pontis_adapter.cancels);
	assert_false(pontis_adapter.has_destination);
}

static void a_channel_may_raise_its_window(void **state)
{
	static const struct {
		const char *setting;
		int64_t window_ms;
	} rows[] = {{"", 3600000}, {"2h", 7200000}, {"30m", 3600000}, {"soon", 3600000}};
	struct place *place = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		place->settings[WINDOW].value = text_of(rows[i].setting);
		assert_int_equal(adapter_window_ms(&pontis_adapter, &place->channel), rows[i].window_ms);
	}
}

static void other_operations_are_not_built(void **state)
{
	static const enum operation none[] = {
		OPERATION_PREPARE, OPERATION_LOOKUP, OPERATION_LIST, OPERATION_CANCEL, OPERATION_FUNDS};
	struct place *place = *state;
	struct adapter_request request = {0};

	for (size_t i = 0; i < COUNT(none); i++)
		assert_false(pontis_adapter.build(none[i], &place->call, &place->arena, &request));
	assert_null(request.body.data);
}

/* What a row needs. */
static void terms_are_those_of_the_contract(void **state)
{
	static const enum column required[] = {
		COLUMN_AMOUNT, COLUMN_COUNTRY, COLUMN_TARGET_CURRENCY, COLUMN_PAYMENT_METHOD, COLUMN_BENEFICIARY_NAME};
	static const enum column carried[] = {COLUMN_CURRENCY, COLUMN_ACCOUNT_NUMBER, COLUMN_IFSC,
		COLUMN_PAYMENT_NETWORK, COLUMN_PURPOSE, COLUMN_SOURCE_OF_FUNDS, COLUMN_REFERENCE, COLUMN_CHANNEL,
		COLUMN_EXECUTION_DATE};
	struct place *place = *state;
	column_set wanted = 0;
	struct terms terms;

	assert_true(pontis_adapter.terms(&place->channel, &terms));
	for (size_t i = 0; i < COUNT(required); i++)
		wanted |= COLUMN_SET(required[i]);
	assert_true(terms.required == wanted);
	for (size_t i = 0; i < COUNT(carried); i++)
		wanted |= COLUMN_SET(carried[i]);
	assert_true(terms.carried == wanted);
	assert_true(terms.carries_recipient && terms.recipient_table && !terms.own_assets);
	assert_true(text_is(terms.default_currency, "USDT"));
	assert_int_equal(terms.amount_decimals, 2);
	place->channel.mode = "wire";
	assert_false(pontis_adapter.terms(&place->channel, &terms));
}

static void channels_that_could_not_send_are_told(void **state)
{
	static const struct {
		int setting;
		const char *value, *message;
	} rows[] = {
		{API_KEY, "", "no api_key"},
		{API_KEY, "two words", "its api_key has a space"},
		{EMAIL, "", "no email"},
		{PASSWORD, "", "no password"},
		{ENCRYPTION, "", "no encryption_secret"},
		{ENCRYPTION, "AAECAwQFBgcICQoLDA0ODw", "32 bytes"},
		{ENCRYPTION, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8f", "32 bytes"},
		{ENCRYPTION, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh+/", "32 bytes"},
		{HMAC, "", "no hmac_secret"},
		{HMAC, "a", "not base64url"},
		{HMAC, "not base64url!", "not base64url"},
	};
	struct place *place = *state;
	struct fault fault = {0};

	assert_true(pontis_adapter.check(&place->channel, &fault));
	assert_string_equal(fault.channel, "");
	place->settings[ENCRYPTION].value = TEXT(SECRET "="); /* padded ones are taken */
	assert_true(pontis_adapter.check(&place->channel, &fault));
	for (size_t i = 0; i < COUNT(rows); i++) {
		place_begin(state);
		place->settings[rows[i].setting].value = text_of(rows[i].value);
		memset(&fault, 0, sizeof(fault));
		assert_false(pontis_adapter.check(&place->channel, &fault));
		assert_int_equal(fault.kind, FAULT_USAGE);
		assert_string_equal(fault.channel, "pontis");
		assert_true(fault.cure[0] != '\0');
		if (strstr(fault.message, rows[i].message) == NULL)
			fail_msg("%s: %s", rows[i].message, fault.message);
		if (strlen(rows[i].value) > 8)
			assert_null(strstr(fault.message, rows[i].value));
	}
}

static void the_login_is_the_channels_identity(void **state)
{
	struct place *place = *state;
	struct buf identity = {0};

	pontis_adapter.identity(&place->channel, &identity);
	assert_string_equal(buf_str(&identity), "ops@example.com");
	buf_release(&identity);
}

static void amounts_have_two_decimals(void **state)
{
	static const struct {
		int64_t minor;
		unsigned decimals;
		const char *wanted;
	} rows[] = {
		{1000, 2, "\"10.00\""},
		{1, 2, "\"0.01\""},
		{12505, 1, "\"1250.50\""},
		{7, 0, "\"7.00\""},
		{INT64_MAX, 2, "\"92233720368547758.07\""},
		{INT64_MAX, 0, "\"9223372036854775807.00\""},
	};
	struct place *place = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf payload = {0};
		char wanted[64];

		place->call.amount_minor = rows[i].minor;
		place->call.decimals = rows[i].decimals;
		pontis_adapter.freeze(&place->call, &payload);
		snprintf(wanted, sizeof(wanted), ",\"source_amount\":%s,", rows[i].wanted);
		assert_non_null(strstr(buf_str(&payload), wanted));
		buf_release(&payload);
	}
}

static const char *header_of(const struct http_request *request, const char *name)
{
	for (int i = 0; i < request->header_count; i++)
		if (strcmp(request->headers[i].name, name) == 0)
			return request->headers[i].value;
	return NULL;
}

/* A resend in the same buffers: payload and key stay, IV, time and signature don't. */
static void each_send_has_an_envelope_of_its_own(void **state)
{
	struct place *place = *state;
	struct adapter_request request = {0};
	char first[256], first_sign[65];

	assert_true(pontis_adapter.build(OPERATION_CREATE, &place->call, &place->arena, &request));
	assert_string_equal(header_of(&request.http, "x-timestamp"), "1748023400"); /* seconds, cut */
	snprintf(first, sizeof(first), "%s", buf_str(&request.body));
	snprintf(first_sign, sizeof(first_sign), "%s", header_of(&request.http, "x-signature"));
	place->call.nonce[0] = 2;
	assert_true(pontis_adapter.build(OPERATION_CREATE, &place->call, &place->arena, &request));
	assert_string_not_equal(buf_str(&request.body), first);
	assert_string_not_equal(header_of(&request.http, "x-signature"), first_sign);
	assert_null(strstr(buf_str(&request.body), "source_amount"));
	place->call.nonce[0] = 1;
	place->call.now_utc_ms += 1000;
	assert_true(pontis_adapter.build(OPERATION_CREATE, &place->call, &place->arena, &request));
	assert_string_equal(buf_str(&request.body), first);
	assert_string_not_equal(header_of(&request.http, "x-signature"), first_sign);
	buf_release(&request.url);
	buf_release(&request.body);
}

static void the_token_goes_with_all_but_the_login(void **state)
{
	struct place *place = *state;
	struct adapter_request request = {0};

	assert_true(pontis_adapter.build(OPERATION_STATUS, &place->call, &place->arena, &request));
	assert_string_equal(header_of(&request.http, "authorization"), "Bearer t0k3n");
	assert_true(pontis_adapter.build(OPERATION_SESSION, &place->call, &place->arena, &request));
	assert_null(header_of(&request.http, "authorization"));
	assert_null(strstr(buf_str(&request.body), "s3cr3t"));
	for (int i = 0; i < request.http.header_count; i++)
		assert_null(strstr(request.http.headers[i].value, SECRET));
	buf_release(&request.url);
	buf_release(&request.body);
}

/* Near the forms of an answer, and none of them. */
static void what_is_not_the_providers_envelope_proves_nothing(void **state)
{
	static const char *const bodies[] = {"", "null", "[]", "{}", "{\"ok\":true}", "{\"ok\":true,\"data\":null}",
		"{\"ok\":true,\"data\":[]}", "{\"ok\":true,\"data\":\"" ID "\"}", "{\"ok\":true,\"data\":{}}",
		"{\"ok\":\"true\",\"data\":{\"transaction_id\":\"" ID "\"}}",
		"{\"ok\":1,\"data\":{\"transaction_id\":\"" ID "\"}}", "{\"data\":{\"transaction_id\":\"" ID "\"}}",
		"{\"ok\":false,\"data\":{\"transaction_id\":\"" ID "\"}}",
		"{\"ok\":true,\"transaction_id\":\"" ID "\"}", "{\"ok\":true,\"data\":{\"transaction_id\":\"\"}}",
		"{\"ok\":true,\"data\":{\"transaction_id\":\"a b\"}}",
		"{\"ok\":true,\"data\":{\"transaction_id\":[\"" ID "\"]}}",
		"{\"ok\":true,\"data\":{\"transaction_id\":\"" ID "\"}",
		"{\"ok\":true,\"data\":{\"transaction_id\":\"" ID "\",\"transaction_id\":\"" ID "\"}}",
		"{\"ok\":false}", "{\"ok\":false,\"error\":null}", "{\"ok\":false,\"error\":\"screening_failed\"}",
		"{\"ok\":false,\"error\":{}}", "{\"ok\":false,\"error\":{\"code\":\"\"}}",
		"{\"error\":{\"code\":\"screening_failed\"}}",
		"{\"ok\":true,\"error\":{\"code\":\"screening_failed\"}}",
		"{\"ok\":false,\"data\":{},\"error\":{\"code\":\"screening_failed\"}}",
		"{\"ok\":null,\"error\":{\"code\":\"screening_failed\"}}"};
	static const int statuses[] = {200, 201, 204, 301, 400, 402, 408, 409, 413, 422, 425, 500, 502, 503, 504};
	static const enum operation operations[] = {OPERATION_CREATE, OPERATION_STATUS, OPERATION_SESSION};
	struct place *place = *state;

	for (size_t b = 0; b < COUNT(bodies); b++)
		for (size_t s = 0; s < COUNT(statuses); s++)
			for (size_t o = 0; o < COUNT(operations); o++) {
				struct receipt receipt = read_as(place, operations[o], statuses[s], bodies[b]);

				if (receipt.verdict != VERDICT_UNKNOWN)
					fail_msg("%s %d %s: %s", operation_name(operations[o]), statuses[s], bodies[b],
						verdict_name(receipt.verdict));
				assert_int_equal(receipt.provider_id.len + receipt.session.len, 0);
				assert_true(receipt.reason.len > 0);
			}
}

/* The success envelope under another HTTP status than success is none. */
static void a_success_needs_its_http_status(void **state)
{
	static const int others[] = {100, 199, 300, 302, 400, 404, 409, 422, 500, 503};
	struct place *place = *state;
	const char *body = "{\"ok\":true,\"data\":{\"transaction_id\":\"" ID "\",\"status\":\"completed\"}}";

	for (int status = 200; status < 300; status++)
		assert_int_equal(read_as(place, OPERATION_CREATE, status, body).verdict, VERDICT_ACCEPTED);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_not_equal(read_as(place, OPERATION_CREATE, others[i], body).verdict, VERDICT_ACCEPTED);
}

/* The same word under another status than its own is another word. */
static void a_code_counts_with_its_status_alone(void **state)
{
	static const struct {
		int status;
		const char *word;
		enum verdict verdict;
	} rows[] = {
		{401, "invalid_signature", VERDICT_CHANNEL_STOP},
		{422, "invalid_signature", VERDICT_REFUSED},
		{400, "invalid_signature", VERDICT_UNKNOWN},
		{200, "screening_failed", VERDICT_UNKNOWN},
		{500, "screening_failed", VERDICT_UNKNOWN},
		{409, "screening_failed", VERDICT_UNKNOWN},
		{500, "insufficient_funds", VERDICT_UNKNOWN},
		{503, "validation_error", VERDICT_UNKNOWN},
		{403, "jwt_expired", VERDICT_CHANNEL_STOP},
		{422, "jwt_expired", VERDICT_UNKNOWN},
		{422, "Screening_Failed", VERDICT_UNKNOWN},
		{422, "screening_failed ", VERDICT_UNKNOWN},
	};
	struct place *place = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		char body[160];

		snprintf(body, sizeof(body), "{\"ok\":false,\"error\":{\"code\":\"%s\"}}", rows[i].word);
		if (read_as(place, OPERATION_CREATE, rows[i].status, body).verdict != rows[i].verdict)
			fail_msg("%d %s", rows[i].status, rows[i].word);
	}
}

static void a_life_of_a_session_that_can_not_be_is_the_documented_one(void **state)
{
	static const char *const lives[] = {"0", "-5", "1e9", "99999999999", "\"soon\"", "null", "true", "900"};
	struct place *place = *state;

	for (size_t i = 0; i < COUNT(lives); i++) {
		struct receipt receipt;
		char body[160];

		snprintf(body, sizeof(body), "{\"ok\":true,\"data\":{\"access_token\":\"t\",\"expires_in\":%s}}",
			lives[i]);
		receipt = read_as(place, OPERATION_SESSION, 200, body);
		assert_int_equal(receipt.verdict, VERDICT_ACCEPTED);
		assert_true(receipt.session_expires_ms == place->call.now_utc_ms + 900000);
	}
}

/* Without a frozen payload the key alone must agree. */
static void a_status_without_a_payload_compares_the_key(void **state)
{
	struct place *place = *state;

	place->call.payload = TEXT("");
	assert_int_equal(read_as(place, OPERATION_STATUS, 200,
				 "{\"ok\":true,\"data\":{\"transaction_id\":\"" ID "\",\"status\":\"completed\"}}")
				 .verdict,
		VERDICT_ACCEPTED);
	assert_int_equal(read_as(place, OPERATION_STATUS, 200,
				 "{\"ok\":true,\"data\":{\"transaction_id\":\"" ID "\",\"idempotency_key\":\"1\"}}")
				 .verdict,
		VERDICT_MISMATCH);
}

#define place_test(test) cmocka_unit_test_setup_teardown(test, place_begin, place_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_exchange_is_built_and_read_as_written),
		cmocka_unit_test(the_adapter_settles_by_the_same_key_in_a_session),
		place_test(a_channel_may_raise_its_window),
		place_test(other_operations_are_not_built),
		place_test(terms_are_those_of_the_contract),
		place_test(channels_that_could_not_send_are_told),
		place_test(the_login_is_the_channels_identity),
		place_test(amounts_have_two_decimals),
		place_test(each_send_has_an_envelope_of_its_own),
		place_test(the_token_goes_with_all_but_the_login),
		place_test(what_is_not_the_providers_envelope_proves_nothing),
		place_test(a_success_needs_its_http_status),
		place_test(a_code_counts_with_its_status_alone),
		place_test(a_life_of_a_session_that_can_not_be_is_the_documented_one),
		place_test(a_status_without_a_payload_compares_the_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
