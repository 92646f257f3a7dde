/* What Calypso answers, by the tables of providers/calypso.md and PROTOCOL sections 4 and 5, row by row. Whole
 * exchanges: tests/exchanges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/calypso.h"

static struct arena arena; /* of the last receipt */

/* The receipt of a body; its texts are copied out only as far as a test needs them. */
static struct receipt read_as(enum operation operation, const struct call *call, int status, const char *body)
{
	struct http_answer answer = {
		.outcome = HTTP_ANSWERED, .status = status, .body = text_of(body), .retry_after_ms = -1};
	struct receipt receipt;

	arena_reset(&arena);
	calypso_adapter.read(operation, call, &answer, &arena, &receipt);
	return receipt;
}

static const struct code_row {
	const char *number;
	enum verdict create, lookup, other; /* other: status and funds */
	const char *code;
	const char *reason_code;
} code_rows[] = {
	{"000", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"001", VERDICT_REFUSED, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "NARR"},
	{"002", VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", ""},
	{"003", VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, "CHANNEL_SIGNATURE", ""},
	{"004", VERDICT_UNKNOWN, VERDICT_NOT_FOUND, VERDICT_UNKNOWN, "", ""},
	{"006", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"009", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"010", VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", ""},
	{"011", VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, "CHANNEL_CLOCK", ""},
	{"012", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"014", VERDICT_REFUSED, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "AC10"},
	{"015", VERDICT_REFUSED, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", "AC11"},
	{"016", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"028", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	/* not listed: proves nothing, however near it is to one that is */
	{"017", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"1", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"0001", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"001 ", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"4", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
	{"ERR", VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, "", ""},
};

static void check_code(const struct code_row *row, enum operation operation, enum verdict wanted, int status)
{
	struct call call = calypso_call();
	struct receipt receipt;
	char body[128];

	snprintf(body, sizeof(body), "{\"errorCode\":\"%s\",\"message\":\"why\"}", row->number);
	receipt = read_as(operation, &call, status, body);
	if (receipt.verdict != wanted)
		fail_msg("%s %s %d: %s", row->number, operation_name(operation), status, verdict_name(receipt.verdict));
	assert_true(text_is(receipt.provider_code, row->number));
	assert_string_equal(receipt.code, row->code);
	assert_int_equal(receipt.cure[0] != '\0', wanted == VERDICT_CHANNEL_STOP);
	assert_string_equal(receipt.reason_code, wanted == VERDICT_REFUSED ? row->reason_code : "");
	assert_true(receipt.reason.len > 0);
	assert_int_equal(receipt.key_known, operation == OPERATION_CREATE && strcmp(row->number, "016") == 0);
	assert_false(receipt.stop_after);
	assert_int_equal(receipt.provider_id.len, 0);
}

static void every_error_code_decides_whatever_the_http_status_is(void **state)
{
	static const int statuses[] = {200, 400, 401, 404, 429, 500, 503};

	(void)state;
	for (size_t i = 0; i < sizeof(code_rows) / sizeof(code_rows[0]); i++)
		for (size_t s = 0; s < sizeof(statuses) / sizeof(statuses[0]); s++) {
			check_code(&code_rows[i], OPERATION_CREATE, code_rows[i].create, statuses[s]);
			check_code(&code_rows[i], OPERATION_LOOKUP, code_rows[i].lookup, statuses[s]);
			check_code(&code_rows[i], OPERATION_STATUS, code_rows[i].other, statuses[s]);
			check_code(&code_rows[i], OPERATION_FUNDS, code_rows[i].other, statuses[s]);
		}
}

static const struct {
	const char *word;
	enum payout_state state;
} state_rows[] = {
	{"CREATION_IN_PROGRESS", PAYOUT_ACCEPTED},
	{"CREATED", PAYOUT_ACCEPTED},
	{"PENDING_CONFIRMATION", PAYOUT_ACCEPTED},
	{"CONFIRMED", PAYOUT_ACCEPTED},
	{"IN_PROGRESS", PAYOUT_ACCEPTED},
	{"COMPLETED", PAYOUT_PAID},
	{"FAILED", PAYOUT_FAILED},
	{"CANCELED", PAYOUT_CANCELED},
	{"PARTIAL", PAYOUT_ACCEPTED},
	{"CANCELLED", PAYOUT_ACCEPTED}, /* not their spelling: in progress like any unknown word */
	{"completed", PAYOUT_ACCEPTED},
	{"NEW_WORD", PAYOUT_ACCEPTED},
};

static void every_state_is_read_in_every_answer_that_has_one(void **state)
{
	static const enum operation operations[] = {OPERATION_CREATE, OPERATION_LOOKUP, OPERATION_STATUS};
	struct call call = calypso_call();

	(void)state;
	for (size_t i = 0; i < sizeof(state_rows) / sizeof(state_rows[0]); i++)
		for (size_t o = 0; o < 3; o++) {
			struct receipt receipt;
			char body[128];

			snprintf(body, sizeof(body), "{\"id\":\"4711\",\"state\":\"%s\"}", state_rows[i].word);
			receipt = read_as(operations[o], &call, 200, body);
			assert_int_equal(receipt.verdict, VERDICT_ACCEPTED);
			assert_int_equal(receipt.state, state_rows[i].state);
			assert_true(text_is(receipt.provider_status, state_rows[i].word));
			assert_true(text_is(receipt.provider_id, "4711"));
		}
}

static const struct {
	int status;
	enum verdict create, lookup, status_call, funds;
	const char *code;
} status_rows[] = {
	{400, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{401, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, "CHANNEL_AUTH"},
	{403, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, "CHANNEL_AUTH"},
	{404, VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER"},
	{405, VERDICT_CHANNEL_STOP, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER"},
	{408, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{409, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{415, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER"},
	{422, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{425, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{429, VERDICT_THROTTLED, VERDICT_THROTTLED, VERDICT_THROTTLED, VERDICT_THROTTLED, ""},
	{500, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{502, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{503, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{200, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
	{302, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN, ""},
};

static void the_http_status_decides_where_calypso_said_nothing(void **state)
{
	/* an id beside an error status is no success envelope either */
	static const char *const bodies[] = {"", "<html>", "{}", "{\"message\":\"x\"}", "{\"errorCode\":null}",
		"{\"errorCode\":{}}", "[{\"errorCode\":\"001\"}]"};
	struct call call = calypso_call();

	(void)state;
	for (size_t i = 0; i < sizeof(status_rows) / sizeof(status_rows[0]); i++)
		for (size_t b = 0; b < sizeof(bodies) / sizeof(bodies[0]); b++) {
			int status = status_rows[i].status;
			struct receipt receipt = read_as(OPERATION_CREATE, &call, status, bodies[b]);

			assert_int_equal(receipt.verdict, status_rows[i].create);
			assert_string_equal(receipt.code, status_rows[i].code);
			assert_true(receipt.reason.len > 0);
			assert_int_equal(receipt.cure[0] != '\0', receipt.verdict == VERDICT_CHANNEL_STOP);
			assert_int_equal(
				read_as(OPERATION_LOOKUP, &call, status, bodies[b]).verdict, status_rows[i].lookup);
			assert_int_equal(read_as(OPERATION_STATUS, &call, status, bodies[b]).verdict,
				status_rows[i].status_call);
			assert_int_equal(
				read_as(OPERATION_FUNDS, &call, status, bodies[b]).verdict, status_rows[i].funds);
		}
}

static void success_and_error_at_once_prove_nothing(void **state)
{
	struct call call = calypso_call();

	(void)state;
	assert_int_equal(
		read_as(OPERATION_CREATE, &call, 200, "{\"id\":\"1\",\"errorCode\":\"001\"}").verdict, VERDICT_UNKNOWN);
	assert_int_equal(
		read_as(OPERATION_LOOKUP, &call, 200, "{\"id\":\"1\",\"errorCode\":\"004\"}").verdict, VERDICT_UNKNOWN);
	assert_int_equal(read_as(OPERATION_CREATE, &call, 500, "{\"id\":\"1\"}").verdict, VERDICT_UNKNOWN);
	assert_int_equal(read_as(OPERATION_CREATE, &call, 400, "{\"id\":\"1\"}").verdict, VERDICT_UNKNOWN);
	assert_int_equal(
		read_as(OPERATION_CREATE, &call, 200, "{\"id\":\"1\",\"state\":\"CREATED\",\"errorCode\":null}")
			.verdict,
		VERDICT_ACCEPTED);
}

/* Members of an answer to a create of CALYPSO_PAYLOAD. */
static const struct {
	const char *members;
	enum verdict verdict;
} echo_rows[] = {
	{"\"amount\":12.5", VERDICT_ACCEPTED},
	{"\"amount\":12.500", VERDICT_ACCEPTED},
	{"\"amount\":\"12.5\"", VERDICT_ACCEPTED},
	{"\"amount\":1.25e1", VERDICT_ACCEPTED},
	{"\"amount\":null", VERDICT_ACCEPTED},
	{"\"amount\":12.50000000000000000001", VERDICT_MISMATCH},
	{"\"amount\":12.49", VERDICT_MISMATCH},
	{"\"amount\":-12.5", VERDICT_MISMATCH},
	{"\"amount\":0", VERDICT_MISMATCH},
	{"\"amount\":\"12,5\"", VERDICT_MISMATCH},
	{"\"amount\":\"\"", VERDICT_MISMATCH},
	{"\"amount\":true", VERDICT_MISMATCH},
	{"\"amount\":{\"value\":12.5}", VERDICT_MISMATCH},
	{"\"currency\":\"USDT_TRX\"", VERDICT_ACCEPTED},
	{"\"currency\":\"USDT\"", VERDICT_MISMATCH},
	{"\"currency\":\"usdt_trx\"", VERDICT_MISMATCH},
	{"\"depositAddress\":\"TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR\"", VERDICT_ACCEPTED},
	{"\"depositAddress\":\"TWKKZKMUB8DPVEIMOHIKF99ZOFHZK73CQR\"", VERDICT_MISMATCH},
	{"\"depositAddress\":\"TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL\"", VERDICT_MISMATCH},
	{"\"depositAddress\":\"\"", VERDICT_MISMATCH},
	{"\"externalId\":\"row-1\"", VERDICT_ACCEPTED},
	{"\"externalId\":\"row-2\"", VERDICT_MISMATCH},
	{"\"externalId\":\"ROW-1\"", VERDICT_MISMATCH},
	{"\"idempotencyKey\":\"79A296B3-9BB7-49B8-8AD1-618161D6F7B1\"", VERDICT_ACCEPTED},
	{"\"idempotencyKey\":\"79a296b3-9bb7-49b8-8ad1-618161d6f7b2\"", VERDICT_MISMATCH},
	{"\"account\":\"0x00000000000000000000000000000000000000AA\"", VERDICT_ACCEPTED},
	{"\"account\":\"0x00000000000000000000000000000000000000ab\"", VERDICT_MISMATCH},
	{"\"account\":null,\"currency\":null,\"depositAddress\":null,\"externalId\":null,\"idempotencyKey\":null",
		VERDICT_ACCEPTED},
};

static void an_answer_for_another_payout_is_a_mismatch(void **state)
{
	static const enum operation operations[] = {OPERATION_CREATE, OPERATION_LOOKUP, OPERATION_STATUS};
	struct call call = calypso_call();

	(void)state;
	for (size_t i = 0; i < sizeof(echo_rows) / sizeof(echo_rows[0]); i++)
		for (size_t o = 0; o < 3; o++) {
			struct receipt receipt;
			char body[512];

			snprintf(
				body, sizeof(body), "{\"id\":\"4711\",\"state\":\"CREATED\",%s}", echo_rows[i].members);
			receipt = read_as(operations[o], &call, 200, body);
			if (receipt.verdict != echo_rows[i].verdict)
				fail_msg("%s: %s", body, verdict_name(receipt.verdict));
			if (receipt.verdict != VERDICT_MISMATCH)
				continue;
			assert_string_equal(receipt.code, "ANSWER_MISMATCH");
			assert_true(receipt.reason.len > 0 && receipt.cure[0] != '\0');
			assert_int_equal(receipt.provider_id.len, 0);
			assert_null(strstr(text_string(&arena, receipt.reason), "TWkKZkmuB8")); /* masked */
		}
}

static void addresses_are_compared_as_their_network_does(void **state)
{
	static const struct {
		const char *currency, *asked, *echo;
		enum verdict verdict;
	} rows[] = {
		{"ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
			VERDICT_ACCEPTED},
		{"ETH", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaee",
			VERDICT_MISMATCH},
		{"BTC", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
			VERDICT_ACCEPTED},
		{"BTC", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "1bvbmseystwetqtfn5au4m4gfg7xjanvn2", VERDICT_MISMATCH},
		{"NEW", "0xAA", "0xaa", VERDICT_MISMATCH}, /* an unknown network: nothing is known of its letters */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct call call = calypso_call();
		char payload[256], body[256];

		snprintf(payload, sizeof(payload), "{\"depositAddress\":\"%s\"}", rows[i].asked);
		snprintf(body, sizeof(body), "{\"id\":\"1\",\"state\":\"CREATED\",\"depositAddress\":\"%s\"}",
			rows[i].echo);
		call.payload = text_of(payload);
		call.currency = text_of(rows[i].currency);
		assert_int_equal(read_as(OPERATION_CREATE, &call, 200, body).verdict, rows[i].verdict);
	}
}

static void hostile_answers_are_cut_and_escaped(void **state)
{
	struct call call = calypso_call();
	struct buf body = {0};
	struct receipt receipt;

	(void)state;
	buf_addz(&body, "{\"errorCode\":\"");
	for (int i = 0; i < 5000; i++)
		buf_addz(&body, "9");
	buf_addz(&body, "\",\"message\":\"\\u202e\\u0007public s3cr3t");
	for (int i = 0; i < 5000; i++)
		buf_addz(&body, "ü");
	buf_addz(&body, "\"}");
	receipt = read_as(OPERATION_CREATE, &call, 400, buf_str(&body));
	assert_int_equal(receipt.verdict, VERDICT_UNKNOWN);
	assert_true(receipt.provider_code.len < 100);
	assert_true(receipt.reason.len < 1000);
	assert_null(strstr(text_string(&arena, receipt.reason), "s3cr3t"));
	assert_null(strstr(text_string(&arena, receipt.reason), "\xe2\x80\xae"));
	assert_null(memchr(receipt.reason.ptr, 7, receipt.reason.len));
	buf_reset(&body);
	buf_addz(&body, "{\"id\":\"");
	for (int i = 0; i < 129; i++)
		buf_addz(&body, "9");
	buf_addz(&body, "\"}");
	assert_int_equal(read_as(OPERATION_CREATE, &call, 200, buf_str(&body)).verdict, VERDICT_UNKNOWN);
	buf_release(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_code_decides_whatever_the_http_status_is),
		cmocka_unit_test(every_state_is_read_in_every_answer_that_has_one),
		cmocka_unit_test(the_http_status_decides_where_calypso_said_nothing),
		cmocka_unit_test(success_and_error_at_once_prove_nothing),
		cmocka_unit_test(an_answer_for_another_payout_is_a_mismatch),
		cmocka_unit_test(addresses_are_compared_as_their_network_does),
		cmocka_unit_test(hostile_answers_are_cut_and_escaped),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_release(&arena);
	return failed;
}
