/* What Calypso is asked, and what its channels are held to. Whole exchanges: tests/exchanges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "net/seal.h"
#include "tests/support/calypso.h"

static void amounts_are_written_in_exact_digits(void **state)
{
	static const struct {
		int64_t minor;
		unsigned decimals;
		const char *token;
	} rows[] = {
		{12500000, 6, "12.5"},
		{5000000, 6, "5"},
		{1, 8, "0.00000001"},
		{10, 8, "0.0000001"},
		{INT64_MAX, 8, "92233720368.54775807"},
		{INT64_MAX, 0, "9223372036854775807"},
		{100, 2, "1"},
		{1000, 0, "1000"},
		{30000000, 8, "0.3"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct call call = calypso_call();
		struct buf payload = {0};
		char wanted[64];

		call.amount_minor = rows[i].minor;
		call.decimals = rows[i].decimals;
		calypso_adapter.freeze(&call, &payload);
		snprintf(wanted, sizeof(wanted), ",\"amount\":%s,\"currency\"", rows[i].token);
		assert_non_null(strstr(buf_str(&payload), wanted));
		buf_release(&payload);
	}
}

static struct text content_of(struct buf *buf, const char *name, const char *value)
{
	const char *parts[] = {name, value};

	buf_reset(buf);
	for (int i = 0; i < 2; i++) {
		buf_add(buf, "\0\0\0", 3);
		buf_addc(buf, (char)strlen(parts[i]));
		buf_addz(buf, parts[i]);
	}
	return buf_text(buf);
}

static void a_date_goes_along_only_where_the_provider_schedules_and_it_is_to_come(void **state)
{
	/* now is 2025-05-23T18:03:20Z, 20:03 in Berlin and the 24th in Auckland */
	static const struct {
		const char *schedule, *zone, *date, *wanted;
	} rows[] = {
		{"", "Europe/Berlin", "2025-05-24", NULL},
		{"payrun", "Europe/Berlin", "2025-05-24", NULL},
		{"provider", "Europe/Berlin", "2025-05-24", "2025-05-23T22:00:00.000Z"},
		{"provider", NULL, "2025-05-24", "2025-05-24T00:00:00.000Z"},
		{"provider", "Pacific/Auckland", "2025-05-24", NULL},
		{"provider", "Europe/Berlin", "2025-05-23", NULL},
		{"provider", "Europe/Berlin", "2025-12-24", "2025-12-23T23:00:00.000Z"},
	};
	struct buf content = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct call call = calypso_call();
		struct buf payload = {0};
		const char *found;

		calypso_settings[3].value = text_of(rows[i].schedule);
		call.timezone = rows[i].zone;
		call.content = content_of(&content, "execution_date", rows[i].date);
		calypso_adapter.freeze(&call, &payload);
		found = strstr(buf_str(&payload), "\"executionDate\":\"");
		assert_int_equal(found != NULL, rows[i].wanted != NULL);
		if (found != NULL)
			assert_memory_equal(found + 17, rows[i].wanted, strlen(rows[i].wanted));
		buf_release(&payload);
	}
	calypso_settings[3].value = TEXT("");
	buf_release(&content);
}

static void the_signature_covers_exactly_the_bytes_that_are_sent(void **state)
{
	struct call call = calypso_call();
	struct arena arena = {0};
	struct adapter_request request = {0};
	char first[129], sign[129];

	(void)state;
	assert_true(calypso_adapter.build(OPERATION_CREATE, &call, &arena, &request));
	seal_hmac_sha512(TEXT("s3cr3t"), request.http.body, sign);
	assert_string_equal(request.http.headers[2].name, "Sign");
	assert_string_equal(request.http.headers[2].value, sign);
	assert_string_equal(request.http.headers[1].value, "public");
	snprintf(first, sizeof(first), "%s", sign);
	/* a resend: the same payload in a fresh envelope, in the same buffers */
	call.now_utc_ms++;
	assert_true(calypso_adapter.build(OPERATION_CREATE, &call, &arena, &request));
	seal_hmac_sha512(TEXT("s3cr3t"), request.http.body, sign);
	assert_string_equal(request.http.headers[2].value, sign);
	assert_string_not_equal(first, sign);
	assert_non_null(strstr(request.http.body.ptr, "\"payload\":" CALYPSO_PAYLOAD "}"));
	assert_null(strstr(request.http.body.ptr, "s3cr3t"));
	buf_release(&request.url);
	buf_release(&request.body);
	arena_release(&arena);
}

static void there_is_no_way_to_cancel_list_or_log_in(void **state)
{
	static const enum operation none[] = {OPERATION_SESSION, OPERATION_PREPARE, OPERATION_LIST, OPERATION_CANCEL};
	struct call call = calypso_call();
	struct arena arena = {0};
	struct adapter_request request = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_false(calypso_adapter.build(none[i], &call, &arena, &request));
	assert_false(calypso_adapter.cancels || calypso_adapter.lists || calypso_adapter.has_session ||
		     calypso_adapter.has_destination || calypso_adapter.repeats_safely);
	assert_true(calypso_adapter.looks_up && calypso_adapter.lookup_before_resend && calypso_adapter.has_funds);
	assert_string_equal(calypso_adapter.key_known_code, "016");
	arena_release(&arena);
}

static void the_terms_are_those_of_the_contract(void **state)
{
	struct terms terms;
	column_set needed = COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CURRENCY);

	(void)state;
	assert_true(calypso_adapter.terms(&calypso_channel, &terms));
	assert_ptr_equal(terms.channel, &calypso_channel);
	assert_true(terms.required == needed);
	assert_true(terms.carried == (needed | COLUMN_SET(COLUMN_REFERENCE) | COLUMN_SET(COLUMN_CHANNEL) |
					     COLUMN_SET(COLUMN_DESCRIPTION) | COLUMN_SET(COLUMN_EXECUTION_DATE)));
	assert_true(terms.pays_to_chain && terms.own_assets);
	assert_false(terms.carries_recipient || terms.provider_schedules);
	calypso_settings[3].value = TEXT("provider");
	assert_true(calypso_adapter.terms(&calypso_channel, &terms));
	assert_true(terms.provider_schedules);
	calypso_settings[3].value = TEXT("");
	calypso_channel.mode = "wire";
	assert_false(calypso_adapter.terms(&calypso_channel, &terms));
	calypso_channel.mode = "";
}

static void a_channel_that_can_not_work_is_refused_with_its_cure(void **state)
{
	static const struct {
		size_t setting;
		const char *value, *says;
	} rows[] = {
		{0, "", "no account"},
		{0, "00000000000000000000000000000000000000aa", "40 hex digits"},
		{0, "0x0000000000000000000000000000000000000aa", "40 hex digits"},
		{0, "0x00000000000000000000000000000000000000aaa", "40 hex digits"},
		{0, "0x00000000000000000000000000000000000000ag", "40 hex digits"},
		{0, "0x", "40 hex digits"},
		{1, "", "no key"},
		{1, "two words", "a space"},
		{1, "a\r\nX: y", "control character"},
		{2, "", "no secret"},
		{3, "never", "schedule"},
	};
	struct fault fault = {0};

	(void)state;
	assert_true(calypso_adapter.check(&calypso_channel, &fault));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text keep = calypso_settings[rows[i].setting].value;

		fault = (struct fault){0};
		calypso_settings[rows[i].setting].value = text_of(rows[i].value);
		assert_false(calypso_adapter.check(&calypso_channel, &fault));
		calypso_settings[rows[i].setting].value = keep;
		assert_int_equal(fault.kind, FAULT_USAGE);
		assert_string_equal(fault.channel, "calypso");
		assert_non_null(strstr(fault.message, rows[i].says));
		assert_true(fault.cure[0] != '\0');
	}
}

static void the_identity_is_the_account_whatever_its_case_and_keys(void **state)
{
	struct buf buf = {0};

	(void)state;
	calypso_adapter.identity(&calypso_channel, &buf);
	assert_string_equal(buf_str(&buf), "0x00000000000000000000000000000000000000aa");
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(amounts_are_written_in_exact_digits),
		cmocka_unit_test(a_date_goes_along_only_where_the_provider_schedules_and_it_is_to_come),
		cmocka_unit_test(the_signature_covers_exactly_the_bytes_that_are_sent),
		cmocka_unit_test(there_is_no_way_to_cancel_list_or_log_in),
		cmocka_unit_test(the_terms_are_those_of_the_contract),
		cmocka_unit_test(a_channel_that_can_not_work_is_refused_with_its_cure),
		cmocka_unit_test(the_identity_is_the_account_whatever_its_case_and_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
