#include "tests/pontis_bench.h"

static void what_stands_before_every_operation_is_refused_by_its_own_code(void **state)
{
	struct bench *bench = *state;
	static char large[70000];

	login(bench);
	bench->api_key = "sandbox-mollie";
	refused(bench, status_of(bench, KEY1), 401, "unauthorized");
	bench->timestamp = "";
	refused(bench, status_of(bench, KEY1), 401, "invalid_signature");
	bench->timestamp = "1800000000000";
	refused(bench, status_of(bench, KEY1), 401, "invalid_signature");
	bench->sign = "7721120b0b5509ddc5e7c09552dce84fe35d58c15e4e2a78c4f3b3399e3e8357";
	refused(bench, status_of(bench, KEY1), 401, "invalid_signature");
	bench->authorization = "";
	refused(bench, status_of(bench, KEY1), 401, "unauthorized");
	bench->authorization = "Bearer ";
	refused(bench, status_of(bench, KEY1), 401, "unauthorized");
	bench->authorization = "Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2ln";
	refused(bench, status_of(bench, KEY1), 401, "unauthorized");
	bench->type = "text/plain";
	refused(bench, status_of(bench, KEY1), 400, "bad_request");
	bench->raw = "{\"date\":\"x\"}";
	refused(bench, status_of(bench, KEY1), 400, "bad_request");
	bench->raw = "[";
	refused(bench, status_of(bench, KEY1), 400, "bad_request");
	memset(large, ' ', sizeof(large) - 1);
	large[65536] = '\0';
	bench->raw = large;
	refused(bench, status_of(bench, KEY1), 400, "bad_request");
	large[65536] = ' ';
	bench->raw = large;
	refused(bench, status_of(bench, KEY1), 413, "bad_request");
	refused(bench, call(bench, STATUS, "[]"), 400, "bad_request");
	refused(bench, call(bench, "/pontis/api/v1/payouts", "{}"), 404, "not_found");
	refused(bench, status_of(bench, KEY1), 404, "not_found");
}

/* Signed rightly, but sealed with something else. */
static void a_blob_that_does_not_open_is_a_bad_request(void **state)
{
	struct bench *bench = *state;
	static const char blob[] = "oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q:nToI";
	unsigned char secret[32];
	char sign[PONTIS_SIGN_HEX + 1];

	login(bench);
	for (unsigned i = 0; i < sizeof(secret); i++)
		secret[i] = (unsigned char)(0x20 + i);
	pontis_sign(secret, TEXT("1800000000"), text_of(blob), sign);
	bench->raw = "{\"data\":\"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q:nToI\"}";
	bench->sign = sign;
	refused(bench, status_of(bench, KEY1), 400, "bad_request");
}

static void a_timestamp_is_good_for_five_minutes_of_real_time(void **state)
{
	struct bench *bench = *state;

	login(bench);
	sandbox_advance(&bench->sandbox, INT64_C(86400000));
	bench->timestamp = "1799999700";
	refused(bench, status_of(bench, KEY1), 404, "not_found");
	bench->timestamp = "1800000300";
	refused(bench, status_of(bench, KEY1), 404, "not_found");
	bench->timestamp = "1799999699";
	refused(bench, status_of(bench, KEY1), 401, "invalid_signature");
	bench->timestamp = "1800000301";
	refused(bench, status_of(bench, KEY1), 401, "invalid_signature");
}

static void a_token_lasts_fifteen_minutes_of_real_time(void **state)
{
	struct bench *bench = *state;
	char first[512];

	refused(bench, call(bench, LOGIN, "{\"email\":\"ops@example.com\",\"password\":\"Sandbox\"}"), 401,
		"unauthorized");
	refused(bench, call(bench, LOGIN, "{\"email\":\"ops@example.com\"}"), 400, "validation_error");
	login(bench);
	memcpy(first, bench->token, sizeof(first));
	sandbox_advance(&bench->sandbox, INT64_C(86400000));
	bench->now_ms += 899999;
	refused(bench, status_of(bench, KEY1), 404, "not_found");
	login(bench);
	assert_string_not_equal(bench->token, first);
	bench->now_ms += 1;
	refused(bench, status_of(bench, KEY1), 404, "not_found");
	memcpy(bench->token, first, sizeof(first));
	refused(bench, status_of(bench, KEY1), 401, "jwt_expired");
	/* Claims that somebody else made are no claims. */
	bench->token[45] = bench->token[45] == 'A' ? 'B' : 'A';
	refused(bench, status_of(bench, KEY1), 401, "unauthorized");
}

static void a_session_can_be_ended_early_and_renewed(void **state)
{
	struct bench *bench = *state;

	login(bench);
	has(pay(bench, 1, "10.00", "Juan"), "\"pending\"");
	stage(bench, "expire_session", ",\"path\":\"/sendPayoutRequest\"");
	refused(bench, pay(bench, 2, "10.00", "Juan"), 401, "jwt_expired");
	refused(bench, pay(bench, 2, "10.00", "Juan"), 401, "jwt_expired");
	assert_int_equal(bench->sandbox.ledger.count, 1);
	login(bench);
	has(pay(bench, 2, "10.00", "Juan"), "\"pending\"");
	assert_int_equal(bench->sandbox.ledger.count, 2);
	sandbox_reset(&bench->sandbox);
	has(pay(bench, 2, "10.00", "Juan"), "\"pending\"");
	stage(bench, "expire_session", "");
	login(bench);
	has(pay(bench, 2, "10.00", "Juan"), "\"pending\"");
}

static void one_key_is_one_payout(void **state)
{
	struct bench *bench = *state;
	const struct payout *payout;
	char first[64];
	char second[64];

	login(bench);
	has(call(bench, SEND, "{\"idempotency_key\":\"" KEY1 "\"," PH ",\"source_amount\":\"125.50\"," JUAN "}"),
		"{\"ok\":true,\"data\":{\"transaction_id\":\"sb_a42b69dcd78f_50_");
	assert_int_equal(bench->status, 201);
	member(bench, "transaction_id", first, sizeof(first));
	assert_int_equal(strlen(first), strlen("sb_a42b69dcd78f_01_tg3qwn_30e136b2"));
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(call(bench, SEND,
		    "{\"idempotency_key\":\"7F3C4D2A-8b1e-4f6a-9c2d-1a5b8e3f7d4c\"," PH
		    ",\"source_amount\":\"125.50\"," JUAN "}"),
		"\"status\":\"pending\"}}");
	assert_int_equal(bench->status, 200);
	member(bench, "transaction_id", second, sizeof(second));
	assert_string_equal(first, second);
	assert_int_equal(bench->sandbox.ledger.count, 1);
	payout = bench->sandbox.ledger.payouts[0];
	assert_true(text_is(payout->key, KEY1));
	assert_true(text_is(payout->amount, "125.5"));
	assert_true(text_is(payout->currency, "USDT"));
	assert_true(text_is(payout->destination, "1234567890"));
	assert_true(text_is(payout->reference, ""));
	pay(bench, 7, "125.50", "Juan");
	member(bench, "transaction_id", second, sizeof(second));
	assert_string_not_equal(first, second);
}

static void a_request_that_is_wrong_creates_nothing(void **state)
{
#define KEY "\"idempotency_key\":\"" KEY1 "\""
#define AMOUNT "\"source_amount\":\"10.00\""
#define IN "\"country_code\":\"IN\",\"currency_code\":\"INR\",\"payment_method\":"
	static const char *const payloads[] = {
		"{}",
		"{" PH "," AMOUNT "," JUAN "}",
		"{\"idempotency_key\":\"row-1\"," PH "," AMOUNT "," JUAN "}",
		"{\"idempotency_key\":\"7f3c4d2a-8b1e-5f6a-9c2d-1a5b8e3f7d4c\"," PH "," AMOUNT "," JUAN "}",
		"{\"idempotency_key\":\"7f3c4d2a-8b1e-4f6a-cc2d-1a5b8e3f7d4c\"," PH "," AMOUNT "," JUAN "}",
		"{" KEY "," PH "," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":10.00," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\"10\"," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\"10.0\"," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\"10.000\"," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\"-10.00\"," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\".00\"," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\"0.00\"," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\"1,000.00\"," JUAN "}",
		"{" KEY "," PH ",\"source_amount\":\"1e2.00\"," JUAN "}",
		"{" KEY "," PH "," AMOUNT "}",
		"{" KEY "," PH "," AMOUNT ",\"recipient_details\":\"Juan\"}",
		"{" KEY "," PH "," AMOUNT ",\"recipient_details\":{\"account_number\":\"1\"}}",
		"{" KEY "," PH "," AMOUNT ",\"recipient_details\":{\"name\":\"Juan\"}}",
		"{" KEY "," PH "," AMOUNT ",\"recipient_details\":{\"name\":\"Juan\",\"account_number\":1}}",
		"{" KEY "," PH "," AMOUNT ",\"source_currency\":\"usdt\"," JUAN "}",
		"{" KEY "," PH "," AMOUNT ",\"purpose_of_payment\":null," JUAN "}",
		"{" KEY ",\"country_code\":\"PHL\",\"currency_code\":\"PHP\",\"payment_method\":\"bank_local\"," AMOUNT
		"," JUAN "}",
		"{" KEY ",\"country_code\":\"PH\",\"currency_code\":\"php\",\"payment_method\":\"bank_local\"," AMOUNT
		"," JUAN "}",
		"{" KEY ",\"country_code\":\"PH\",\"currency_code\":\"PHP\"," AMOUNT "," JUAN "}",
		"{" KEY "," IN "\"imps\"," AMOUNT "," JUAN "}",
		"{" KEY "," IN "\"bank_local\"," AMOUNT "," JUAN "}",
		"{" KEY "," IN "\"imps\"," AMOUNT
		",\"recipient_details\":{\"name\":\"A\",\"account_number\":\"1\",\"ifsc\":\"HDFC1000001\"}}",
	};
	struct bench *bench = *state;

	login(bench);
	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++)
		refused(bench, call(bench, SEND, payloads[i]), 400, "validation_error");
	assert_int_equal(bench->sandbox.ledger.count, 0);
	has(call(bench, SEND,
		    "{" KEY "," IN "\"imps\"," AMOUNT
		    ",\"recipient_details\":{\"name\":\"A\",\"account_number\":\"1\",\"ifsc\":\"HDFC0000001\"}}"),
		"\"pending\"");
	/* Nothing is known of other countries. */
	has(call(bench, SEND,
		    "{\"idempotency_key\":\"7f3c4d2a-8b1e-4f6a-9c2d-1a5b8e3f7d4d\",\"country_code\":\"KE\","
		    "\"currency_code\":\"KES\",\"payment_method\":\"mobile_money\"," AMOUNT
		    ",\"recipient_details\":{\"name\":\"A\",\"mobile\":\"254\"}}"),
		"\"pending\"");
	assert_true(text_is(bench->sandbox.ledger.payouts[1]->destination, "A"));
}

/* first, at half, at three quarters, when due, once as long after that; then the message of the last. */
static void amounts_and_names_decide_the_course(void **state)
{
	static const struct {
		const char *amount;
		const char *name;
		const char *states[5];
		const char *message;
	} cases[] = {
		{"1.00", "Juan", {"pending", "processing", "processing", "completed", "completed"}, "null"},
		{"1.05", "Juan", {"pending", "processing", "processing", "completed", "completed"}, "null"},
		{"1.01", "Juan", {"pending", "processing", "processing", "failed", "failed"}, "\"Insufficient funds\""},
		{"1.02", "Juan", {"pending", "processing", "processing", "failed", "failed"},
			"\"Recipient not found\""},
		{"1.03", "Juan", {"pending", "pending", "pending", "pending", "pending"}, "null"},
		{"1.04", "Juan", {"pending", "processing", "processing", "failed", "failed"}, "\"Network error\""},
		{"1.00", "Sandbox Pending_Approval",
			{"pending_approval", "pending", "processing", "completed", "completed"}, "null"},
		{"1.00", "sandbox failed", {"pending", "processing", "processing", "failed", "failed"},
			"\"Payout failed\""},
		{"1.00", "SANDBOX REJECTED",
			{"pending_approval", "pending_approval", "pending_approval", "rejected", "rejected"},
			"\"Rejected by an approver\""},
		{"1.00", "sandbox canceled", {"pending", "pending", "pending", "canceled", "canceled"},
			"\"Canceled by an operator\""},
		{"1.01", "sandbox reversed", {"pending", "processing", "processing", "completed", "reversed"},
			"\"Returned by the recipient's bank\""},
		{"1.00", "sandboxed canceled", {"pending", "processing", "processing", "completed", "completed"},
			"null"},
	};
	static const int64_t steps_ms[5] = {0, SETTLE_MS / 2, SETTLE_MS / 4, SETTLE_MS / 4, SETTLE_MS};
	struct bench *bench = *state;
	char id[64];
	char part[128];

	login(bench);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(part, sizeof(part), "\"status\":\"%s\"}}", cases[i].states[0]);
		has(pay(bench, (int)i, cases[i].amount, cases[i].name), part);
		member(bench, "transaction_id", id, sizeof(id));
		for (size_t step = 0; step < 5; step++) {
			bool last = step > 2 && strcmp(cases[i].states[step], cases[i].states[4]) == 0;

			sandbox_advance(&bench->sandbox, steps_ms[step]);
			snprintf(part, sizeof(part),
				"{\"ok\":true,\"data\":{\"transaction_id\":\"%s\",\"status\":\"%s\"", id,
				cases[i].states[step]);
			has(status_of(bench, id), part);
			assert_int_equal(bench->status, 200);
			snprintf(part, sizeof(part), ",\"status_message\":%s}}", last ? cases[i].message : "null");
			has(buf_str(&bench->exchange.response.body), part);
		}
	}
}

static void every_documented_refusal_can_be_had_by_name(void **state)
{
	static const struct {
		const char *name;
		unsigned status;
	} cases[] = {
		{"validation_error", 400},
		{"bad_request", 400},
		{"forbidden", 403},
		{"ip_not_allowed", 403},
		{"account_suspended", 403},
		{"not_found", 404},
		{"quote_not_found", 404},
		{"quote_used", 409},
		{"wallet_frozen", 409},
		{"insufficient_funds", 422},
		{"per_payout_limit_exceeded", 422},
		{"daily_limit_exceeded", 422},
		{"monthly_limit_exceeded", 422},
		{"quote_expired", 422},
		{"invalid_signature", 422},
		{"screening_failed", 422},
		{"rate_limited", 429},
		{"internal_error", 500},
	};
	struct bench *bench = *state;
	char name[64];

	login(bench);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(name, sizeof(name), "sandbox %s", cases[i].name);
		for (int again = 0; again < 2; again++)
			refused(bench, pay(bench, (int)i, "1.00", name), cases[i].status, cases[i].name);
	}
	assert_int_equal(bench->sandbox.ledger.count, 0);
	/* A refusal binds no key. */
	has(pay(bench, 0, "1.00", "Juan"), "\"pending\"");
	refused(bench, pay(bench, 90, "1.00", "sandbox rate_moved"), 422, "rate_moved");
	has(pay(bench, 90, "1.00", "sandbox rate_moved"), "\"pending\"");
	refused(bench, pay(bench, 91, "1.00", "sandbox rate_moved"), 422, "rate_moved");
	sandbox_reset(&bench->sandbox);
	refused(bench, pay(bench, 91, "1.00", "sandbox rate_moved"), 422, "rate_moved");
	has(pay(bench, 92, "1.00", "sandbox jwt_expired"), "\"pending\"");
}

static void a_wallet_runs_out_and_fills_again(void **state)
{
	struct bench *bench = *state;

	balance_set(&bench->sandbox.balances, PROVIDER_PONTIS, TEXT("USDT"), (struct decimal){10, 0});
	login(bench);
	has(pay(bench, 1, "6.01", "Juan"), "\"pending\"");
	refused(bench, pay(bench, 2, "4.00", "Juan"), 422, "insufficient_funds");
	/* The first is not a new one, whatever is left. */
	has(pay(bench, 1, "6.01", "Juan"), "\"pending\"");
	assert_int_equal(bench->status, 200);
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(pay(bench, 2, "4.00", "Juan"), "\"pending\"");
	has(pay(bench, 3, "6.00", "sandbox reversed"), "\"pending\"");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	refused(bench, pay(bench, 4, "0.01", "Juan"), 422, "insufficient_funds");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(pay(bench, 4, "6.00", "Juan"), "\"pending\"");
}

static void a_status_needs_an_id_that_is_one(void **state)
{
	struct bench *bench = *state;

	login(bench);
	refused(bench, call(bench, STATUS, "{}"), 400, "validation_error");
	refused(bench, call(bench, STATUS, "{\"transaction_id\":7}"), 400, "validation_error");
	refused(bench, status_of(bench, "row-1"), 400, "validation_error");
	refused(bench, status_of(bench, "029b2038-6166-4bea-80a9-f1a2425a85eb"), 404, "not_found");
	refused(bench, status_of(bench, "sb_a42b69dcd78f_01_tg3qwn_30e136b2"), 404, "not_found");
}

static void staged_faults_answer_in_the_provider_s_words(void **state)
{
	struct bench *bench = *state;
	char right[64];
	char shown[64];

	login(bench);
	stage(bench, "401", "");
	refused(bench, pay(bench, 1, "1.00", "Juan"), 401, "unauthorized");
	stage(bench, "429", "");
	refused(bench, pay(bench, 1, "1.00", "Juan"), 429, "rate_limited");
	stage(bench, "truncate", "");
	has(pay(bench, 1, "1.00", "Juan"), "\"pending\"");
	assert_int_equal(bench->exchange.way, WAY_TRUNCATE);
	stage(bench, "wrong", "");
	has(pay(bench, 1, "1.00", "sandbox rate_moved"), "rate_moved");
	assert_int_equal(bench->sandbox.ledger.count, 0);
	refused(bench, pay(bench, 1, "1.00", "sandbox rate_moved"), 422, "rate_moved");
	stage(bench, "close", ",\"after_commit\":true");
	pay(bench, 1, "1.00", "Juan");
	assert_int_equal(bench->exchange.way, WAY_CLOSE);
	assert_int_equal(bench->sandbox.ledger.count, 1);
	pay(bench, 1, "1.00", "Juan");
	member(bench, "transaction_id", right, sizeof(right));
	stage(bench, "wrong", "");
	status_of(bench, right);
	member(bench, "transaction_id", shown, sizeof(shown));
	assert_string_not_equal(right, shown);
	assert_int_equal(strlen(right), strlen(shown));
}

static void only_a_provider_with_sessions_can_lose_them(void **state)
{
	struct bench *bench = *state;
	struct mishap mishap;
	struct buf error = {0};

	assert_true(document_parse(
		&bench->sandbox.document, TEXT("{\"provider\":\"calypso\",\"kind\":\"expire_session\",\"nth\":1}")));
	assert_false(mishap_parse(&bench->sandbox.document, &mishap, &error));
	assert_string_equal(buf_str(&error), "calypso has no sessions");
	buf_release(&error);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_stands_before_every_operation_is_refused_by_its_own_code),
		TEST(a_blob_that_does_not_open_is_a_bad_request),
		TEST(a_timestamp_is_good_for_five_minutes_of_real_time),
		TEST(a_token_lasts_fifteen_minutes_of_real_time),
		TEST(a_session_can_be_ended_early_and_renewed),
		TEST(one_key_is_one_payout),
		TEST(a_request_that_is_wrong_creates_nothing),
		TEST(amounts_and_names_decide_the_course),
		TEST(every_documented_refusal_can_be_had_by_name),
		TEST(a_wallet_runs_out_and_fills_again),
		TEST(a_status_needs_an_id_that_is_one),
		TEST(staged_faults_answer_in_the_provider_s_words),
		TEST(only_a_provider_with_sessions_can_lose_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
