#include "tests/sandbox_mollie_bench.h"

static void who_may_not_ask_is_told_nothing(void **state)
{
	static const char *const bearers[] = {NULL, "test_sandbox_mollie", "Bearer ", "Bearer test_sandbox_mollie2",
		"Basic test_sandbox_mollie", "Bearer sandbox_mollie"};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(bearers) / sizeof(bearers[0]); i++) {
		bench->bearer = bearers[i];
		bench_pay(bench, "bal_x", "10.00", "Rent");
		refused(bench, 401, "Unauthorized Request", NULL);
		bench_get(bench, "/nothing", "");
		refused(bench, 401, "Unauthorized Request", NULL);
	}
	bench->bearer = "bearer test_sandbox_mollie";
	bench_get(bench, "/nothing", "");
	refused(bench, 404, "Not Found", NULL);
	bench_send(bench, "PUT", "/payouts", "{}");
	refused(bench, 405, "Method Not Allowed", NULL);
	assert_string_equal(bench_header(bench, "Allow"), "POST, GET");
	assert_int_equal(bench->sandbox.ledger.count, 0);
}

static void a_body_is_json_and_says_so(void **state)
{
	struct bench *bench = *state;

	bench->type = "text/plain";
	bench_pay(bench, "bal_x", "10.00", "Rent");
	refused(bench, 415, "Unsupported Media Type", NULL);
	bench->type = NULL;
	bench_pay(bench, "bal_x", "10.00", "Rent");
	refused(bench, 415, "Unsupported Media Type", NULL);
	bench->type = "application/json; charset=utf-8";
	bench_send(bench, "POST", "/payouts", "{\"balanceId\":");
	refused(bench, 400, "Bad Request", NULL);
	bench_send(bench, "POST", "/payouts", "[]");
	refused(bench, 400, "Bad Request", NULL);
	bench_send(bench, "POST", "/payouts", NULL);
	unprocessable(bench, "balanceId");
	bench_pay(bench, "bal_x", "10.00", "Rent");
	assert_int_equal(bench->status, 201);
}

static void a_payout_is_shown_whole(void **state)
{
	struct bench *bench = *state;
	const struct payout *payout;
	char part[512];

	has(bench_pay(bench, "bal_x", "10.50", "Rent [0123456789ab]"),
		"\",\"mode\":\"test\",\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.50\"},"
		"\"description\":\"Rent [0123456789ab]\",\"status\":\"requested\",\"statusReason\":{\"code\":"
		"\"requested\",\"message\":\"The payout was requested.\"},\"createdAt\":\"2027-01-15T08:00:00+00:00\","
		"\"initiatedAt\":null,\"completedAt\":null,\"canceledAt\":null,\"_links\":{\"self\":{\"href\":"
		"\"http://127.0.0.1:8400/mollie/v2/payouts/payout_");
	assert_int_equal(bench->status, 201);
	assert_string_equal(bench->exchange.response.content_type, "application/hal+json");
	assert_int_equal(strlen(bench->id), 28);
	snprintf(part, sizeof(part),
		"/payouts/%s\",\"type\":\"application/hal+json\"},\"documentation\":{\"href\":"
		"\"https://docs.mollie.com/reference/get-payout\",\"type\":\"text/html\"}}}",
		bench->id);
	has(buf_str(&bench->exchange.response.body), part);
	payout = bench->sandbox.ledger.payouts[0];
	assert_true(text_is(payout->key, bench->made));
	assert_true(text_is(payout->reference, "Rent [0123456789ab]"));
	assert_true(text_is(payout->destination, "bal_x"));
	assert_true(text_is(payout->amount, "10.5"));
	assert_true(text_is(payout->currency, "EUR"));
	has(bench_pay(bench, "bal_y", "1.00", NULL), "\"description\":null,");
	bench_get(bench, "/payouts", "payout_nothing");
	refused(bench, 404, "Not Found", NULL);
	has(buf_str(&bench->exchange.response.body), "No entity exists with token 'payout_nothing'");
}

static void a_creation_that_is_wrong_names_its_field(void **state)
{
#define BALANCE "{\"balanceId\":\"bal_x\","
#define VALUE(value) BALANCE "\"amount\":{\"currency\":\"EUR\",\"value\":" value "}}"
	static const struct {
		const char *body;
		const char *field;
	} cases[] = {
		{"{}", "balanceId"},
		{"{\"balanceId\":\"bal_\"}", "balanceId"},
		{"{\"balanceId\":\"balance_x\"}", "balanceId"},
		{"{\"balanceId\":7}", "balanceId"},
		{"{\"balanceId\":\"bal_missing\"}", "balanceId"},
		{"{\"balanceId\":\"bal_missing_7\",\"amount\":null}", "balanceId"},
		{BALANCE "\"amount\":\"10.00\"}", "amount"},
		{VALUE("\"10\""), "amount.value"},
		{VALUE("10"), "amount.value"},
		{VALUE("10.00"), "amount.value"},
		{VALUE("\"10.0\""), "amount.value"},
		{VALUE("\"10.000\""), "amount.value"},
		{VALUE("\"-10.00\""), "amount.value"},
		{VALUE("\"+10.00\""), "amount.value"},
		{VALUE("\".00\""), "amount.value"},
		{VALUE("\"0.00\""), "amount.value"},
		{VALUE("\"1,000.00\""), "amount.value"},
		{VALUE("\"1e1.00\""), "amount.value"},
		{VALUE("\"1000000000000000.00\""), "amount.value"},
		{VALUE("null"), "amount.value"},
		{BALANCE "\"amount\":{\"currency\":\"EUR\"}}", "amount.value"},
		{BALANCE "\"amount\":{\"value\":\"1.00\"}}", "amount.currency"},
		{BALANCE "\"amount\":{\"currency\":\"eur\",\"value\":\"1.00\"}}", "amount.currency"},
		{BALANCE "\"amount\":{\"currency\":\"JPY\",\"value\":\"1.00\"}}", "amount.currency"},
		{"{\"balanceId\":\"bal_gbp_1\",\"amount\":{\"currency\":\"EUR\",\"value\":\"1.00\"}}",
			"amount.currency"},
		{BALANCE "\"description\":7}", "description"},
		{BALANCE "\"metadata\":{}}", "metadata"},
		{BALANCE "\"testmode\":true}", "testmode"},
		{VALUE("\"1000000000.01\""), "amount"},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bench_send(bench, "POST", "/payouts", cases[i].body);
		unprocessable(bench, cases[i].field);
	}
	assert_int_equal(bench->sandbox.ledger.count, 0);
}

static void a_description_has_at_most_255_characters(void **state)
{
	struct bench *bench = *state;
	char long_one[600] = "";

	for (int i = 0; i < 255; i++)
		strncat(long_one, "\xc3\xa9", 3);
	bench_pay(bench, "bal_x", "10.00", long_one);
	assert_int_equal(bench->status, 201);
	strncat(long_one, "e", 2);
	bench_pay(bench, "bal_y", "10.00", long_one);
	unprocessable(bench, "description");
}

static void the_first_payout_fixes_the_currency_of_a_balance(void **state)
{
	static const char usd[] = "{\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"USD\",\"value\":\"1.00\"}}";
	struct bench *bench = *state;

	has(bench_send(bench, "POST", "/payouts", usd), "\"amount\":{\"currency\":\"USD\",\"value\":\"1.00\"}");
	bench_pay(bench, "bal_x", "1.00", "Rent");
	unprocessable(bench, "amount.currency");
	sandbox_reset(&bench->sandbox);
	bench_pay(bench, "bal_x", "1.00", "Rent");
	assert_int_equal(bench->status, 201);
	bench_send(bench, "POST", "/payouts", usd);
	unprocessable(bench, "amount.currency");
}

static void a_payout_passes_through_its_states_in_time(void **state)
{
	static const struct {
		const char *amount;
		const char *description;
		const char *states[5];
		const char *reason; /* of failed */
		const char *dates;
	} cases[] = {
#define USUAL "requested", "initiated", "processing-at-bank"
#define INITIATED "\"initiatedAt\":\"2027-01-15T08:00:50+00:00\""
#define ENDED "\"completedAt\":\"2027-01-15T08:01:40+00:00\""
		{"12.00", NULL, {USUAL, "completed", "completed"}, NULL, INITIATED "," ENDED ",\"canceledAt\":null"},
		{"13.00", NULL, {USUAL, "failed", "failed"}, "bank_processing_failed",
			INITIATED ",\"completedAt\":null"},
		{"13.01", NULL, {USUAL, "completed", "completed"}, NULL, INITIATED},
		{"14.00", NULL, {USUAL, "completed", "failed"}, "returned", INITIATED "," ENDED},
		{"13.00", "sandbox completed [x]", {USUAL, "completed", "completed"}, NULL, INITIATED},
		{"1.00", "sandbox failed", {USUAL, "failed", "failed"}, "failed", INITIATED},
		{"1.00", "sandbox expired", {"requested", "requested", "requested", "failed", "failed"}, "expired",
			"\"initiatedAt\":\"2027-01-15T08:01:40+00:00\""},
		{"1.00", "sandbox insufficient_funds", {"requested", "failed", "failed", "failed", "failed"},
			"insufficient_funds", INITIATED ",\"completedAt\":null"},
		{"1.00", "sandbox balance_not_found", {"requested", "failed", "failed", "failed", "failed"},
			"balance_not_found", INITIATED},
		{"1.00", "sandbox requested", {"requested", "requested", "requested", "requested", "requested"}, NULL,
			"\"initiatedAt\":null"},
		{"1.00", "sandbox initiated", {"requested", "initiated", "initiated", "initiated", "initiated"}, NULL,
			INITIATED},
		{"1.00", "sandbox processing-at-bank", {USUAL, "processing-at-bank", "processing-at-bank"}, NULL,
			INITIATED},
	};
	static const int64_t steps_ms[5] = {0, SETTLE_MS / 2, SETTLE_MS / 4, SETTLE_MS / 4, SETTLE_MS};
	struct bench *bench = *state;
	char balance[16];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(balance, sizeof(balance), "bal_%zu", i);
		has(bench_pay(bench, balance, cases[i].amount, cases[i].description), "\"status\":\"requested\"");
		for (size_t step = 0; step < 5; step++) {
			const char *status = cases[i].states[step];
			const char *reason = strcmp(status, "processing-at-bank") == 0 ? "processing_at_bank" : status;

			sandbox_advance(&bench->sandbox, steps_ms[step] - (step > 0));
			if (step > 0)
				status_is(bench, cases[i].states[step - 1],
					strcmp(cases[i].states[step - 1], "failed") == 0 ? cases[i].reason
					: strcmp(cases[i].states[step - 1], "processing-at-bank") == 0
						? "processing_at_bank"
						: cases[i].states[step - 1]);
			sandbox_advance(&bench->sandbox, step > 0);
			status_is(bench, status, strcmp(status, "failed") == 0 ? cases[i].reason : reason);
		}
		has(bench_get(bench, "/payouts", bench->id), cases[i].dates);
	}
}

static void creations_are_refused_by_their_description(void **state)
{
	static const struct {
		const char *description;
		unsigned status;
		const char *title;
		const char *field;
	} cases[] = {
		{"sandbox 422-scheduled", 422, "Unprocessable Entity", "balanceId"},
		{"sandbox 422-funds [0123456789ab]", 422, "Unprocessable Entity", "amount"},
		{"sandbox 422-account", 422, "Unprocessable Entity", "balanceId"},
		{"sandbox 422-suspended", 422, "Unprocessable Entity", NULL},
		{"sandbox 403", 403, "Forbidden", NULL},
		{"sandbox 410", 410, "Gone", NULL},
		{"sandbox 503", 503, "Service Unavailable", NULL},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bench_pay(bench, "bal_x", "10.00", cases[i].description);
		refused(bench, cases[i].status, cases[i].title, cases[i].field);
	}
	assert_int_equal(bench->sandbox.ledger.count, 0);
	bench_pay(bench, "bal_x", "10.00", "a sandbox 503");
	assert_int_equal(bench->status, 201);
}

static void a_balance_has_one_payout_waiting_at_a_time(void **state)
{
	struct bench *bench = *state;
	char first[40];

	bench_pay(bench, "bal_x", "10.00", "Rent");
	memcpy(first, bench->id, sizeof(first));
	bench_pay(bench, "bal_x", "11.00", "Rent 2");
	unprocessable(bench, "balanceId");
	bench_pay(bench, "bal_y", "11.00", "Rent 2");
	assert_int_equal(bench->status, 201);
	sandbox_advance(&bench->sandbox, SETTLE_MS / 2 - 1);
	bench_pay(bench, "bal_x", "11.00", "Rent 2");
	unprocessable(bench, "balanceId");
	sandbox_advance(&bench->sandbox, 1);
	bench_pay(bench, "bal_x", "11.00", "Rent 2");
	assert_int_equal(bench->status, 201);
	/* A canceled one makes room at once. */
	has(bench_cancel(bench, bench->id), "\"status\":\"canceled\"");
	bench_pay(bench, "bal_x", "12.00", "Rent 3");
	assert_int_equal(bench->status, 201);
	assert_int_equal(bench->sandbox.ledger.count, 4);
}

static void a_payout_is_canceled_while_it_is_requested(void **state)
{
	struct bench *bench = *state;

	bench_pay(bench, "bal_x", "10.00", "Rent");
	bench->now_ms += 1000;
	has(bench_cancel(bench, bench->id),
		"\"status\":\"canceled\",\"statusReason\":{\"code\":\"canceled\",\"message\":\"The payout was "
		"canceled.\"},\"createdAt\":\"2027-01-15T08:00:00+00:00\",\"initiatedAt\":null,\"completedAt\":null,"
		"\"canceledAt\":\"2027-01-15T08:00:01+00:00\"");
	assert_int_equal(bench->status, 200);
	bench_cancel(bench, bench->id);
	refused(bench, 409, "Conflict", NULL);
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	status_is(bench, "canceled", "canceled");
	holds(bench, "bal_x", "1000000000.00");
	bench_pay(bench, "bal_x", "10.00", "Rent");
	sandbox_advance(&bench->sandbox, SETTLE_MS / 2);
	bench_cancel(bench, bench->id);
	refused(bench, 409, "Conflict", NULL);
	has(buf_str(&bench->exchange.response.body), "The payout cannot be canceled in its current state.");
	bench_cancel(bench, "payout_nothing");
	refused(bench, 404, "Not Found", NULL);
}

static void money_leaves_when_a_payout_is_initiated_and_comes_back_when_it_fails(void **state)
{
	struct bench *bench = *state;

	bench_pay(bench, "bal_x", "10.00", "Rent");
	holds(bench, "bal_x", "1000000000.00");
	sandbox_advance(&bench->sandbox, SETTLE_MS / 2);
	holds(bench, "bal_x", "999999990.00");
	bench_pay(bench, "bal_x", "14.00", "Rent");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	status_is(bench, "completed", "completed");
	holds(bench, "bal_x", "999999976.00");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	status_is(bench, "failed", "returned");
	holds(bench, "bal_x", "999999990.00");
	bench_pay(bench, "bal_x", "13.00", "Rent");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	holds(bench, "bal_x", "999999990.00");
	bench_pay(bench, "bal_x", "1.00", "sandbox insufficient_funds");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	holds(bench, "bal_x", "999999990.00");
	bench_pay(bench, "bal_x", "999999990.01", "Rent");
	unprocessable(bench, "amount");
	/* No amount is everything there is. */
	has(bench_pay(bench, "bal_x", NULL, "Rent"), "\"amount\":{\"currency\":\"EUR\",\"value\":\"999999990.00\"}");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	holds(bench, "bal_x", "0.00");
	bench_pay(bench, "bal_x", NULL, "Rent");
	unprocessable(bench, "amount");
	bench_pay(bench, "bal_x", "0.01", "Rent");
	unprocessable(bench, "amount");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_may_not_ask_is_told_nothing, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_body_is_json_and_says_so, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_payout_is_shown_whole, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_creation_that_is_wrong_names_its_field, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_description_has_at_most_255_characters, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			the_first_payout_fixes_the_currency_of_a_balance, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_payout_passes_through_its_states_in_time, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(creations_are_refused_by_their_description, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_balance_has_one_payout_waiting_at_a_time, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_payout_is_canceled_while_it_is_requested, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			money_leaves_when_a_payout_is_initiated_and_comes_back_when_it_fails, bench_open, bench_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
