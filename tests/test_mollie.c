/* What Mollie answers, by the tables of providers/mollie.md and PROTOCOL sections 4 and 5, row by row. Whole exchanges:
 * tests/exchanges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/mollie.h"
#include "tests/support/scene.h"

#define PAYOUT "\"resource\":\"payout\",\"id\":\"" MOLLIE_ID "\""

static struct arena arena; /* of the last receipt */

static void every_recorded_exchange_is_built_and_read_as_written(void **state)
{
	(void)state;
	print_message("%zu exchanges\n", scene_run_all(&mollie_adapter));
}

static const struct {
	const char *status, *reason;
	enum payout_state state;
	const char *reason_code;
	bool occupied;
} state_rows[] = {
	{"requested", "requested", PAYOUT_ACCEPTED, "", true},
	{"initiated", "initiated", PAYOUT_ACCEPTED, "", false},
	{"processing-at-bank", "processing_at_bank", PAYOUT_ACCEPTED, "", false},
	{"completed", "completed", PAYOUT_PAID, "", false},
	{"canceled", "canceled", PAYOUT_CANCELED, "CUST", false},
	{"failed", "failed", PAYOUT_FAILED, "MS03", false},
	{"failed", "insufficient_funds", PAYOUT_FAILED, "AM04", false},
	{"failed", "returned", PAYOUT_RETURNED, "MS03", false},
	{"failed", "invalid_request", PAYOUT_FAILED, "NARR", false},
	{"failed", "organization_inactive", PAYOUT_FAILED, "AG01", false},
	{"failed", "payouts_blocked", PAYOUT_FAILED, "AC06", false},
	{"failed", "bank_processing_failed", PAYOUT_FAILED, "ED05", false},
	{"failed", "balance_not_found", PAYOUT_FAILED, "AC05", false},
	{"failed", "expired", PAYOUT_FAILED, "NARR", false},
	/* not documented: the status says how far it is, and nothing else does */
	{"failed", "new_reason", PAYOUT_FAILED, "NARR", false},
	{"failed", "", PAYOUT_FAILED, "NARR", false},
	{"requested", "returned", PAYOUT_ACCEPTED, "", true},
	{"completed", "returned", PAYOUT_PAID, "", false},
	{"processing_at_bank", "processing_at_bank", PAYOUT_ACCEPTED, "", true},
	{"cancelled", "canceled", PAYOUT_ACCEPTED, "", true},
	{"Completed", "completed", PAYOUT_ACCEPTED, "", true},
	{"new-status", "failed", PAYOUT_ACCEPTED, "", true},
	{"", "", PAYOUT_ACCEPTED, "", true},
};

static void every_status_and_reason_is_read_in_every_answer_that_has_one(void **state)
{
	static const enum operation operations[] = {OPERATION_CREATE, OPERATION_STATUS, OPERATION_CANCEL};
	struct call call = mollie_call();

	(void)state;
	for (size_t i = 0; i < sizeof(state_rows) / sizeof(state_rows[0]); i++) {
		bool ended = state_rows[i].state != PAYOUT_ACCEPTED && state_rows[i].state != PAYOUT_PAID;
		char body[512];

		snprintf(body, sizeof(body),
			"{" PAYOUT ",\"status\":\"%s\",\"statusReason\":{\"code\":\"%s\",\"message\":\"why\"}}",
			state_rows[i].status, state_rows[i].reason);
		for (size_t o = 0; o < sizeof(operations) / sizeof(operations[0]); o++) {
			struct receipt receipt = mollie_receipt(operations[o], &call, 200, body, &arena);

			assert_int_equal(receipt.verdict, VERDICT_ACCEPTED);
			if (receipt.state != state_rows[i].state)
				fail_msg("%s: %s", body, state_name(receipt.state));
			assert_string_equal(receipt.reason_code, state_rows[i].reason_code);
			assert_true(text_is(receipt.provider_status, state_rows[i].status));
			assert_true(text_is(receipt.provider_code, ended ? state_rows[i].reason : ""));
			assert_true(text_is(receipt.reason, ended ? "why" : ""));
			assert_true(text_is(receipt.provider_id, MOLLIE_ID));
		}
		assert_int_equal(mollie_adapter.occupied(text_of(state_rows[i].status)), state_rows[i].occupied);
	}
}

static const struct {
	int status;
	const char *field;
	enum verdict create, lookup, status_call, cancel, funds;
	const char *code, *reason_code; /* of the create */
	bool of_balance, rests;
} error_rows[] = {
	{400, "", VERDICT_MISMATCH, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "KEY_COLLISION",
		"", false, false},
	{400, "amount.value", VERDICT_MISMATCH, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN,
		"KEY_COLLISION", "", false, false},
	{401, "", VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP,
		VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "", false, false},
	{403, "", VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP,
		VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "", false, false},
	{404, "", VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_CHANNEL_STOP,
		"CHANNEL_ANSWER", "", false, false},
	{405, "", VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_CHANNEL_STOP,
		"CHANNEL_ANSWER", "", false, false},
	{408, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "", false,
		false},
	{409, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_REFUSED, VERDICT_UNKNOWN, "", "", false,
		false},
	{410, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "", false,
		false},
	{415, "", VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP,
		VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER", "", false, false},
	{422, "amount.value", VERDICT_REFUSED, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "",
		"AM12", false, true},
	{422, "amount.currency", VERDICT_REFUSED, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN,
		"", "AM03", false, true},
	{422, "description", VERDICT_REFUSED, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "",
		"RR07", false, true},
	{422, "amount", VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN,
		"CHANNEL_BALANCE", "AM04", true, true},
	{422, "balanceId", VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN,
		"CHANNEL_BLOCKED", "", true, true},
	{422, "", VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN,
		"CHANNEL_BLOCKED", "", true, true},
	/* near to one that fails the row, and not it */
	{422, "amount.value.x", VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN,
		VERDICT_UNKNOWN, "CHANNEL_BLOCKED", "", true, true},
	{422, "Description", VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN,
		"CHANNEL_BLOCKED", "", true, true},
	{425, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "", false,
		false},
	{429, "", VERDICT_THROTTLED, VERDICT_THROTTLED, VERDICT_THROTTLED, VERDICT_THROTTLED, VERDICT_THROTTLED, "", "",
		false, false},
	{500, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "", false,
		false},
	{502, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "", false,
		false},
	{503, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "", false,
		false},
	{504, "", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "", false,
		false},
};

static void status_and_field_of_an_error_decide(void **state)
{
	struct call call = mollie_call();

	(void)state;
	for (size_t i = 0; i < sizeof(error_rows) / sizeof(error_rows[0]); i++) {
		int status = error_rows[i].status;
		struct receipt receipt;
		char body[256];

		snprintf(body, sizeof(body), "{\"status\":%d,\"title\":\"Title\",\"detail\":\"why\",\"field\":\"%s\"}",
			status, error_rows[i].field);
		receipt = mollie_receipt(OPERATION_CREATE, &call, status, body, &arena);
		if (receipt.verdict != error_rows[i].create)
			fail_msg("%s: %s", body, verdict_name(receipt.verdict));
		assert_string_equal(receipt.code, error_rows[i].code);
		assert_string_equal(receipt.reason_code, error_rows[i].reason_code);
		assert_int_equal(receipt.cure[0] != '\0', error_rows[i].code[0] != '\0');
		assert_true(text_is(receipt.stops, error_rows[i].of_balance ? "bal_x" : ""));
		assert_int_equal(receipt.rest_ms, error_rows[i].rests ? 70 * 60000 : 0);
		assert_true(text_is(receipt.reason, "why"));
		assert_int_equal(receipt.provider_id.len, 0);
		assert_int_equal(
			mollie_receipt(OPERATION_LOOKUP, &call, status, body, &arena).verdict, error_rows[i].lookup);
		assert_int_equal(
			mollie_receipt(OPERATION_LIST, &call, status, body, &arena).verdict, error_rows[i].lookup);
		assert_int_equal(mollie_receipt(OPERATION_STATUS, &call, status, body, &arena).verdict,
			error_rows[i].status_call);
		assert_int_equal(
			mollie_receipt(OPERATION_CANCEL, &call, status, body, &arena).verdict, error_rows[i].cancel);
		assert_int_equal(
			mollie_receipt(OPERATION_FUNDS, &call, status, body, &arena).verdict, error_rows[i].funds);
	}
}

/* Bodies that are no error of Mollie's, whatever their status: a refusal of a proxy refuses nothing. */
static void what_is_not_mollies_own_form_refuses_nothing(void **state)
{
	static const char *const bodies[] = {"", "<html>", "{}", "[]", "{\"status\":422}",
		"{\"title\":\"x\",\"field\":\"amount.value\"}",
		"{\"status\":400,\"title\":\"x\",\"field\":\"amount.value\"}",
		"{\"status\":\"x\",\"title\":\"x\",\"field\":\"amount.value\"}",
		"{\"status\":422,\"title\":\"\",\"field\":\"amount.value\"}",
		"{\"status\":422,\"title\":\"x\",\"field\":\"amount.value\",\"id\":\"payout_1\"}"};
	struct call call = mollie_call();

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		assert_int_equal(
			mollie_receipt(OPERATION_CREATE, &call, 422, bodies[i], &arena).verdict, VERDICT_UNKNOWN);
		assert_int_equal(
			mollie_receipt(OPERATION_CREATE, &call, 200, bodies[i], &arena).verdict, VERDICT_UNKNOWN);
	}
	assert_int_equal(mollie_receipt(OPERATION_CREATE, &call, 200,
				 "{\"status\":422,\"title\":\"x\",\"field\":\"amount.value\"}", &arena)
				 .verdict,
		VERDICT_UNKNOWN);
	assert_int_equal(mollie_receipt(OPERATION_CREATE, &call, 500, "{" PAYOUT "}", &arena).verdict, VERDICT_UNKNOWN);
}

static const struct {
	const char *members;
	enum verdict verdict;
} echo_rows[] = {
	{"\"amount\":{\"currency\":\"EUR\",\"value\":\"10.00\"}", VERDICT_ACCEPTED},
	{"\"amount\":{\"currency\":\"EUR\",\"value\":\"10.0\"}", VERDICT_ACCEPTED},
	{"\"amount\":{\"currency\":\"EUR\",\"value\":10}", VERDICT_ACCEPTED},
	{"\"amount\":{\"currency\":\"EUR\"}", VERDICT_ACCEPTED},
	{"\"amount\":null", VERDICT_ACCEPTED},
	{"\"amount\":{\"currency\":\"EUR\",\"value\":\"10.01\"}", VERDICT_MISMATCH},
	{"\"amount\":{\"currency\":\"EUR\",\"value\":\"10.000000000000000000001\"}", VERDICT_MISMATCH},
	{"\"amount\":{\"currency\":\"EUR\",\"value\":\"-10.00\"}", VERDICT_MISMATCH},
	{"\"amount\":{\"currency\":\"EUR\",\"value\":\"10,00\"}", VERDICT_MISMATCH},
	{"\"amount\":{\"currency\":\"EUR\",\"value\":\"ALL\"}", VERDICT_MISMATCH},
	{"\"amount\":{\"currency\":\"USD\",\"value\":\"10.00\"}", VERDICT_MISMATCH},
	{"\"amount\":{\"currency\":\"eur\",\"value\":\"10.00\"}", VERDICT_MISMATCH},
	{"\"amount\":{\"currency\":true,\"value\":\"10.00\"}", VERDICT_MISMATCH},
	{"\"amount\":\"10.00\"", VERDICT_MISMATCH},
	{"\"amount\":[]", VERDICT_MISMATCH},
	{"\"balanceId\":\"bal_x\"", VERDICT_ACCEPTED},
	{"\"balanceId\":\"bal_X\"", VERDICT_MISMATCH},
	{"\"balanceId\":\"\"", VERDICT_MISMATCH},
	{"\"description\":\"Rent " MOLLIE_TAG "\"", VERDICT_ACCEPTED},
	{"\"description\":\"RENT  " MOLLIE_TAG " \"", VERDICT_ACCEPTED},
	{"\"description\":null", VERDICT_ACCEPTED},
	{"\"description\":\"Rent\"", VERDICT_MISMATCH},
	{"\"description\":\"Rent [9b32e3b9f9b7]\"", VERDICT_MISMATCH},
	{"\"description\":\"\"", VERDICT_MISMATCH},
	{"\"mode\":\"test\"", VERDICT_ACCEPTED},
	{"\"mode\":\"live\"", VERDICT_MISMATCH},
};

static void an_answer_for_another_payout_is_a_mismatch(void **state)
{
	static const enum operation operations[] = {OPERATION_CREATE, OPERATION_STATUS, OPERATION_CANCEL};
	struct call call = mollie_call();

	(void)state;
	for (size_t i = 0; i < sizeof(echo_rows) / sizeof(echo_rows[0]); i++)
		for (size_t o = 0; o < sizeof(operations) / sizeof(operations[0]); o++) {
			struct receipt receipt;
			char body[512];

			snprintf(body, sizeof(body), "{" PAYOUT ",\"status\":\"requested\",%s}", echo_rows[i].members);
			receipt = mollie_receipt(operations[o], &call, 200, body, &arena);
			if (receipt.verdict != echo_rows[i].verdict)
				fail_msg("%s: %s", body, verdict_name(receipt.verdict));
			if (receipt.verdict != VERDICT_MISMATCH)
				continue;
			assert_string_equal(receipt.code, "ANSWER_MISMATCH");
			assert_true(receipt.reason.len > 0 && receipt.cure[0] != '\0');
			assert_int_equal(receipt.provider_id.len, 0);
		}
}

static void without_a_payload_what_is_known_is_compared(void **state)
{
	static const struct {
		const char *members;
		enum verdict verdict, without_balance;
	} rows[] = {
		{"\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"USD\",\"value\":\"7\"}", VERDICT_ACCEPTED,
			VERDICT_ACCEPTED},
		{"\"balanceId\":\"bal_y\"", VERDICT_MISMATCH, VERDICT_ACCEPTED},
		{"\"description\":\"" MOLLIE_TAG "\"", VERDICT_ACCEPTED, VERDICT_ACCEPTED},
		{"\"description\":\"[000000000000]\"", VERDICT_MISMATCH, VERDICT_MISMATCH},
	};
	struct call call = mollie_call();

	(void)state;
	call.payload = TEXT("");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char body[256];

		snprintf(body, sizeof(body), "{" PAYOUT ",%s}", rows[i].members);
		assert_int_equal(mollie_receipt(OPERATION_STATUS, &call, 200, body, &arena).verdict, rows[i].verdict);
		mollie_settings[1].value = TEXT("");
		assert_int_equal(
			mollie_receipt(OPERATION_STATUS, &call, 200, body, &arena).verdict, rows[i].without_balance);
		mollie_settings[1].value = TEXT("bal_x");
	}
}

static void the_mode_is_that_of_the_key_or_of_the_setting(void **state)
{
	static const struct {
		const char *key;
		bool testmode;
		const char *mode;
	} rows[] = {
		{"test_abc", false, "test"},
		{"test_abc", true, "test"},
		{"live_abc", false, "live"},
		{"access_abc", false, "live"},
		{"access_abc", true, "test"},
		{"xyz_test_", false, "live"},
	};
	struct call call = mollie_call();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		static const char *const modes[] = {"test", "live"};

		mollie_settings[0].value = text_of(rows[i].key);
		mollie_channel.testmode = rows[i].testmode;
		for (size_t m = 0; m < 2; m++) {
			char body[200];

			snprintf(body, sizeof(body), "{" PAYOUT ",\"mode\":\"%s\"}", modes[m]);
			assert_int_equal(mollie_receipt(OPERATION_CREATE, &call, 201, body, &arena).verdict,
				strcmp(modes[m], rows[i].mode) == 0 ? VERDICT_ACCEPTED : VERDICT_MISMATCH);
		}
	}
	mollie_settings[0].value = TEXT("test_abc");
	mollie_channel.testmode = false;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_exchange_is_built_and_read_as_written),
		cmocka_unit_test(every_status_and_reason_is_read_in_every_answer_that_has_one),
		cmocka_unit_test(status_and_field_of_an_error_decide),
		cmocka_unit_test(what_is_not_mollies_own_form_refuses_nothing),
		cmocka_unit_test(an_answer_for_another_payout_is_a_mismatch),
		cmocka_unit_test(without_a_payload_what_is_known_is_compared),
		cmocka_unit_test(the_mode_is_that_of_the_key_or_of_the_setting),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
