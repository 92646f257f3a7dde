/* What Mollie is asked, and what its channels are held to. Whole exchanges: tests/exchanges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/mollie.h"

static void add_times(struct buf *buf, const char *part, int times)
{
	for (int i = 0; i < times; i++)
		buf_addz(buf, part);
}

/* The frozen description, without its quotes. */
static struct text frozen_description(const struct call *call, struct buf *payload)
{
	const char *at;

	buf_reset(payload);
	mollie_adapter.freeze(call, payload);
	at = strstr(buf_str(payload), "\"description\":\"");
	assert_non_null(at);
	at += strlen("\"description\":\"");
	return (struct text){at, (size_t)(strrchr(at, '"') - at)};
}

static void the_description_is_cut_so_that_it_ends_with_the_tag_within_255_characters(void **state)
{
	static const struct {
		const char *part;
		int times, kept;
	} rows[] = {
		{"a", 0, 0},
		{"a", 1, 1},
		{"a", 240, 240},
		{"a", 241, 240},
		{"a", 1000, 240},
		{"\xc3\xbc", 241, 240},
		{"\xf0\x9f\x92\xb6", 300, 240},
	};
	struct call call = mollie_call();
	struct buf content = {0}, text = {0}, payload = {0}, wanted = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text description;

		buf_reset(&content);
		buf_reset(&text);
		buf_reset(&wanted);
		add_times(&text, rows[i].part, rows[i].times);
		add_times(&wanted, rows[i].part, rows[i].kept);
		buf_addz(&wanted, rows[i].kept > 0 ? " " MOLLIE_TAG : MOLLIE_TAG);
		mollie_content_add(&content, "description", buf_str(&text));
		call.content = buf_text(&content);
		description = frozen_description(&call, &payload);
		assert_int_equal(description.len, wanted.len);
		assert_memory_equal(description.ptr, wanted.data, wanted.len);
		assert_true(text_points(description) <= 255);
	}
	buf_release(&content);
	buf_release(&text);
	buf_release(&payload);
	buf_release(&wanted);
}

static void spaces_where_a_description_is_cut_are_not_doubled(void **state)
{
	struct call call = mollie_call();
	struct buf content = {0}, text = {0}, payload = {0};
	struct text description;

	(void)state;
	add_times(&text, "a", 239);
	buf_addz(&text, "  and more");
	mollie_content_add(&content, "description", buf_str(&text));
	call.content = buf_text(&content);
	description = frozen_description(&call, &payload);
	assert_int_equal(description.len, 239 + 1 + strlen(MOLLIE_TAG));
	assert_int_equal(description.ptr[238], 'a');
	buf_release(&content);
	buf_release(&text);
	buf_release(&payload);
}

static void amounts_have_the_decimals_of_their_currency(void **state)
{
	static const struct {
		int64_t minor;
		unsigned decimals;
		const char *wanted;
	} rows[] = {
		{1000, 2, "\"value\":\"10.00\""},
		{1, 2, "\"value\":\"0.01\""},
		{1250, 2, "\"value\":\"12.50\""},
		{INT64_MAX, 2, "\"value\":\"92233720368547758.07\""},
		{10, 0, "\"value\":\"10\""},
	};
	struct call call = mollie_call();
	struct buf payload = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		call.amount_minor = rows[i].minor;
		call.decimals = rows[i].decimals;
		buf_reset(&payload);
		mollie_adapter.freeze(&call, &payload);
		assert_non_null(strstr(buf_str(&payload), rows[i].wanted));
	}
	buf_release(&payload);
}

static void all_is_fixed_from_the_balance_before_it_is_frozen(void **state)
{
	struct call call = mollie_call();
	struct buf content = {0}, payload = {0};

	(void)state;
	assert_false(mollie_adapter.needs_balance(&call));
	mollie_content_add(&content, "amount", "ALL");
	call.content = buf_text(&content);
	assert_true(mollie_adapter.needs_balance(&call));
	call.amount_minor = 90525;
	mollie_adapter.freeze(&call, &payload);
	assert_non_null(strstr(buf_str(&payload), "\"value\":\"905.25\""));
	/* what was not fixed is nothing that Mollie would pay */
	call.amount_minor = 0;
	buf_reset(&payload);
	mollie_adapter.freeze(&call, &payload);
	assert_non_null(strstr(buf_str(&payload), "\"value\":\"ALL\""));
	buf_release(&content);
	buf_release(&payload);
}

static void the_balance_of_the_row_goes_before_that_of_the_channel(void **state)
{
	struct call call = mollie_call();
	struct buf content = {0};

	(void)state;
	assert_true(text_is(mollie_adapter.occupies(&call), "bal_x"));
	mollie_content_add(&content, "balance_id", "bal_y");
	call.content = buf_text(&content);
	assert_true(text_is(mollie_adapter.occupies(&call), "bal_y"));
	buf_release(&content);
}

static const char *header(const struct adapter_request *request, const char *name)
{
	for (int i = 0; i < request->http.header_count; i++)
		if (strcmp(request->http.headers[i].name, name) == 0)
			return request->http.headers[i].value;
	return NULL;
}

static void the_frozen_bytes_are_sent_under_the_key(void **state)
{
	struct call call = mollie_call();
	struct arena arena = {0};
	struct adapter_request request = {0};

	(void)state;
	for (int i = 0; i < 2; i++) { /* a resend, in the same buffers, is the same request */
		assert_true(mollie_adapter.build(OPERATION_CREATE, &call, &arena, &request));
		assert_string_equal(request.http.method, "POST");
		assert_string_equal(request.http.url, "https://api.mollie.com/v2/payouts");
		assert_true(text_is(request.http.body, MOLLIE_PAYLOAD));
		assert_string_equal(header(&request, "Idempotency-Key"), "9b32e3b9-f9b6-4229-97a3-9df930b0cfe3");
		assert_string_equal(header(&request, "Authorization"), "Bearer test_abc");
		assert_string_equal(header(&request, "Content-Type"), "application/json");
		call.now_utc_ms += 1000;
		call.currency = TEXT("USD");
		call.amount_minor = 1;
	}
	buf_release(&request.url);
	buf_release(&request.body);
	arena_release(&arena);
}

static void what_is_asked_for_can_not_leave_its_place_in_the_url(void **state)
{
	struct call call = mollie_call();
	struct arena arena = {0};
	struct adapter_request request = {0};

	(void)state;
	call.provider_id = TEXT("a/../b?c&d");
	assert_true(mollie_adapter.build(OPERATION_STATUS, &call, &arena, &request));
	assert_string_equal(request.http.url, "https://api.mollie.com/v2/payouts/a%2F..%2Fb%3Fc%26d");
	assert_string_equal(request.http.method, "GET");
	assert_int_equal(request.http.body.len, 0);
	assert_null(header(&request, "Idempotency-Key"));
	mollie_settings[1].value = TEXT("bal_&limit=1");
	call.cursor = TEXT("1782000000000 0 payout_&x");
	assert_true(mollie_adapter.build(OPERATION_LOOKUP, &call, &arena, &request));
	assert_string_equal(request.http.url,
		"https://api.mollie.com/v2/payouts?balanceId=bal_%26limit%3D1&limit=250&sort=desc&from=payout_%26x");
	mollie_settings[1].value = TEXT("bal_x");
	buf_release(&request.url);
	buf_release(&request.body);
	arena_release(&arena);
}

static void a_token_alone_is_told_the_mode_in_body_or_query(void **state)
{
	static const enum operation asked[] = {
		OPERATION_LOOKUP, OPERATION_LIST, OPERATION_STATUS, OPERATION_CANCEL, OPERATION_FUNDS};
	struct call call = mollie_call();
	struct arena arena = {0};
	struct adapter_request request = {0};
	struct buf payload = {0};

	(void)state;
	mollie_channel.testmode = true;
	for (int token = 0; token < 2; token++) {
		mollie_settings[0].value = token ? TEXT("access_abc") : TEXT("test_abc");
		buf_reset(&payload);
		mollie_adapter.freeze(&call, &payload);
		assert_int_equal(strstr(buf_str(&payload), ",\"testmode\":true}") != NULL, token);
		assert_int_equal(strstr(buf_str(&payload), "testmode") != NULL, token);
		for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
			assert_true(mollie_adapter.build(asked[i], &call, &arena, &request));
			assert_int_equal(strstr(request.http.url, "testmode=true") != NULL, token);
		}
		assert_true(mollie_adapter.build(OPERATION_CREATE, &call, &arena, &request));
		assert_null(strstr(request.http.url, "testmode"));
	}
	mollie_channel.testmode = false;
	buf_reset(&payload);
	mollie_adapter.freeze(&call, &payload);
	assert_null(strstr(buf_str(&payload), "testmode"));
	mollie_settings[0].value = TEXT("test_abc");
	buf_release(&payload);
	buf_release(&request.url);
	buf_release(&request.body);
	arena_release(&arena);
}

static void there_is_nothing_to_log_in_to_or_to_prepare(void **state)
{
	static const enum operation none[] = {OPERATION_SESSION, OPERATION_PREPARE, OPERATION_DESTINATION};
	struct call call = mollie_call();
	struct arena arena = {0};
	struct adapter_request request = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(mollie_adapter.build(none[i], &call, &arena, &request));
	assert_true(mollie_adapter.cancels && mollie_adapter.lists && mollie_adapter.has_funds);
	assert_false(mollie_adapter.has_session || mollie_adapter.has_destination || mollie_adapter.seals ||
		     mollie_adapter.spends_keys || mollie_adapter.lookup_before_resend);
	assert_true(mollie_adapter.looks_up && mollie_adapter.repeats_safely);
	assert_null(mollie_adapter.key_known_code);
	buf_release(&request.url);
	arena_release(&arena);
}

static void the_window_is_fifty_minutes(void **state)
{
	(void)state;
	assert_int_equal(mollie_adapter.window_ms, 50 * 60 * 1000);
	assert_int_equal(adapter_window_ms(&mollie_adapter, &mollie_channel), 50 * 60 * 1000);
}

static void the_terms_are_those_of_the_contract(void **state)
{
	struct terms terms;
	column_set needed = COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CURRENCY);
	column_set carried = needed | COLUMN_SET(COLUMN_BALANCE_ID) | COLUMN_SET(COLUMN_REFERENCE) |
			     COLUMN_SET(COLUMN_CHANNEL) | COLUMN_SET(COLUMN_DESCRIPTION) |
			     COLUMN_SET(COLUMN_EXECUTION_DATE);

	(void)state;
	assert_true(mollie_adapter.terms(&mollie_channel, &terms));
	assert_ptr_equal(terms.channel, &mollie_channel);
	assert_true(terms.required == needed && terms.carried == carried);
	assert_false(terms.pays_to_chain || terms.own_assets || terms.carries_recipient || terms.provider_schedules);
	mollie_settings[1].value = TEXT("");
	assert_true(mollie_adapter.terms(&mollie_channel, &terms));
	assert_true(terms.required == (needed | COLUMN_SET(COLUMN_BALANCE_ID)) && terms.carried == carried);
	mollie_settings[1].value = TEXT("bal_x");
	mollie_channel.mode = "wire";
	assert_false(mollie_adapter.terms(&mollie_channel, &terms));
	mollie_channel.mode = "";
}

static void all_needs_a_token_that_may_read_balances(void **state)
{
	struct setting_value settings[] = {{"api_key", TEXT("access_abc"), true}, {"balance", TEXT("bal_x"), false},
		{"allow_all", TEXT("yes"), false}};
	struct channel channel = mollie_channel;
	struct fault fault = {0};
	struct terms terms;

	(void)state;
	channel.settings = settings;
	channel.setting_count = 3;
	assert_true(mollie_adapter.check(&channel, &fault) && mollie_adapter.terms(&channel, &terms));
	assert_true(terms.has_all && terms.allows_all && text_is(terms.balance, "bal_x"));
	settings[0].value = TEXT("test_abc");
	assert_false(mollie_adapter.check(&channel, &fault));
	assert_non_null(strstr(fault.cure, "access token"));
	settings[2].value = TEXT("no");
	assert_true(mollie_adapter.check(&channel, &fault) && mollie_adapter.terms(&channel, &terms));
	assert_true(terms.has_all && !terms.allows_all);
}

static void a_channel_that_can_not_work_is_refused_with_its_cure(void **state)
{
	static const struct {
		const char *key, *balance;
		bool testmode;
		const char *says; /* NULL: it works */
	} rows[] = {
		{"test_abc", "", false, NULL},
		{"test_abc", "bal_x", true, NULL},
		{"live_abc", "bal_x", false, NULL},
		{"access_abc", "", true, NULL},
		{"oauth", "", false, NULL},
		{"", "bal_x", false, "no api_key"},
		{"live abc", "", false, "a space"},
		{"live_abc\r\nX: y", "", false, "control character"},
		{"live_abc", "", true, "pays for real"},
		{"live_abc", "bal_", false, "no id of a balance"},
		{"live_abc", "x", false, "no id of a balance"},
		{"live_abc", "BAL_x", false, "no id of a balance"},
		{"live_abc", "bal_a b", false, "no id of a balance"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fault fault = {0};
		bool fine;

		mollie_settings[0].value = text_of(rows[i].key);
		mollie_settings[1].value = text_of(rows[i].balance);
		mollie_channel.testmode = rows[i].testmode;
		fine = mollie_adapter.check(&mollie_channel, &fault);
		assert_int_equal(fine, rows[i].says == NULL);
		if (fine)
			continue;
		assert_int_equal(fault.kind, FAULT_USAGE);
		assert_string_equal(fault.channel, "mollie");
		assert_non_null(strstr(fault.message, rows[i].says));
		assert_true(fault.cure[0] != '\0');
		if (rows[i].key[0] != '\0')
			assert_null(strstr(fault.message, rows[i].key));
	}
	mollie_settings[0].value = TEXT("test_abc");
	mollie_settings[1].value = TEXT("bal_x");
	mollie_channel.testmode = false;
}

/* What differs pays for another, or in another mode; a key that is changed for one of the same kind does not. */
static void the_identity_is_the_kind_of_key_its_mode_and_the_balance(void **state)
{
	static const struct {
		const char *key, *balance;
		bool testmode;
		const char *wanted;
	} rows[] = {
		{"test_abc", "", false, "key test"},
		{"test_xyz", "", false, "key test"},
		{"live_abc", "", false, "key live"},
		{"live_abc", "bal_x", false, "key live bal_x"},
		{"access_abc", "", false, "token live"},
		{"access_abc", "", true, "token test"},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mollie_settings[0].value = text_of(rows[i].key);
		mollie_settings[1].value = text_of(rows[i].balance);
		mollie_channel.testmode = rows[i].testmode;
		buf_reset(&buf);
		mollie_adapter.identity(&mollie_channel, &buf);
		assert_string_equal(buf_str(&buf), rows[i].wanted);
	}
	mollie_settings[0].value = TEXT("test_abc");
	mollie_settings[1].value = TEXT("bal_x");
	mollie_channel.testmode = false;
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_description_is_cut_so_that_it_ends_with_the_tag_within_255_characters),
		cmocka_unit_test(spaces_where_a_description_is_cut_are_not_doubled),
		cmocka_unit_test(amounts_have_the_decimals_of_their_currency),
		cmocka_unit_test(all_is_fixed_from_the_balance_before_it_is_frozen),
		cmocka_unit_test(the_balance_of_the_row_goes_before_that_of_the_channel),
		cmocka_unit_test(the_frozen_bytes_are_sent_under_the_key),
		cmocka_unit_test(what_is_asked_for_can_not_leave_its_place_in_the_url),
		cmocka_unit_test(a_token_alone_is_told_the_mode_in_body_or_query),
		cmocka_unit_test(there_is_nothing_to_log_in_to_or_to_prepare),
		cmocka_unit_test(the_window_is_fifty_minutes),
		cmocka_unit_test(the_terms_are_those_of_the_contract),
		cmocka_unit_test(all_needs_a_token_that_may_read_balances),
		cmocka_unit_test(a_channel_that_can_not_work_is_refused_with_its_cure),
		cmocka_unit_test(the_identity_is_the_kind_of_key_its_mode_and_the_balance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
