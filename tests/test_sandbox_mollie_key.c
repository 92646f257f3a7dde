#include "tests/sandbox_mollie_bench.h"

#define KEY "9b32e3b9-f9b6-4229-97a3-9df930b0cfe3"

static void replayed(struct bench *bench, bool wanted)
{
	const char *header = bench_header(bench, "Idempotent-Replayed");

	if (!wanted) {
		assert_null(header);
		return;
	}
	assert_non_null(header);
	assert_string_equal(header, "true");
}

static void a_key_gives_the_first_answer_for_an_hour_and_then_pays_again(void **state)
{
	struct bench *bench = *state;
	struct buf first = {0};
	char id[40];

	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	replayed(bench, false);
	memcpy(id, bench->id, sizeof(id));
	buf_addt(&first, buf_text(&bench->exchange.response.body));
	sandbox_advance(&bench->sandbox, HOUR_MS - 1);
	status_is(bench, "completed", "completed");
	assert_string_equal(bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent"), buf_str(&first));
	assert_int_equal(bench->status, 201);
	replayed(bench, true);
	assert_int_equal(bench->sandbox.ledger.count, 1);
	sandbox_advance(&bench->sandbox, 1);
	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	assert_int_equal(bench->status, 201);
	replayed(bench, false);
	assert_string_not_equal(bench->id, id);
	assert_int_equal(bench->sandbox.ledger.count, 2);
	/* The hour begins again; what it knows is the second payout. */
	memcpy(id, bench->id, sizeof(id));
	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	assert_string_equal(bench->id, id);
	replayed(bench, true);
	buf_release(&first);
}

static void a_replay_is_as_the_first_answer_also_when_the_payout_was_canceled(void **state)
{
	struct bench *bench = *state;

	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	bench_cancel(bench, bench->id);
	has(bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent"), "\"status\":\"requested\"");
	replayed(bench, true);
	status_is(bench, "canceled", "canceled");
	assert_int_equal(bench->sandbox.ledger.count, 1);
}

static void a_key_belongs_to_its_endpoint_and_parameters(void **state)
{
	static const struct {
		const char *body;
		bool same;
	} cases[] = {
		{"{\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.00\"},\"description\":"
		 "\"Rent\"}",
			true},
		{"{ \"description\" : \"Rent\", \"amount\":{\"value\":\"10.00\",\"currency\":\"EUR\"},"
		 "\"balanceId\":\"bal_x\" }",
			true},
		{"{\"balanceId\":\"bal_y\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.00\"},\"description\":"
		 "\"Rent\"}",
			false},
		{"{\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.01\"},\"description\":"
		 "\"Rent\"}",
			false},
		{"{\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.00\"}}", false},
		{"{\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"EUR\",\"value\":10.00},\"description\":\"Rent\"}",
			false},
		{"{}", false},
	};
	struct bench *bench = *state;

	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bench->key = KEY;
		bench_send(bench, "POST", "/payouts", cases[i].body);
		if (cases[i].same)
			assert_int_equal(bench->status, 201);
		else
			refused(bench, 400, "Bad Request", NULL);
		replayed(bench, cases[i].same);
	}
	bench->bearer = TOKEN;
	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	refused(bench, 400, "Bad Request", NULL);
	assert_int_equal(bench->sandbox.ledger.count, 1);
}

static void refusals_are_kept_as_well_but_not_the_answers_of_a_failing_server(void **state)
{
	struct bench *bench = *state;

	bench_pay_as(bench, "k1", "bal_x", "1000000000.01", "Rent");
	unprocessable(bench, "amount");
	replayed(bench, false);
	bench_pay_as(bench, "k1", "bal_x", "1000000000.01", "Rent");
	unprocessable(bench, "amount");
	replayed(bench, true);
	/* Its cause is cured, and the key does not know it for an hour. */
	bench_pay_as(bench, "k2", "bal_x", "10.00", "Rent");
	bench_pay_as(bench, "k3", "bal_x", "10.00", "Rent");
	unprocessable(bench, "balanceId");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	bench_pay_as(bench, "k3", "bal_x", "10.00", "Rent");
	unprocessable(bench, "balanceId");
	replayed(bench, true);
	sandbox_advance(&bench->sandbox, HOUR_MS - SETTLE_MS);
	bench_pay_as(bench, "k3", "bal_x", "10.00", "Rent");
	assert_int_equal(bench->status, 201);
	bench_pay_as(bench, "k4", "bal_x", "10.00", "sandbox 503");
	assert_int_equal(bench->status, 503);
	bench_pay_as(bench, "k4", "bal_x", "10.00", "sandbox 503");
	assert_int_equal(bench->status, 503);
	replayed(bench, false);
	bench_pay_as(bench, "k4", "bal_y", "10.00", "Rent");
	assert_int_equal(bench->status, 201);
	/* Nor what stands before the operation. */
	bench->bearer = "Bearer wrong";
	bench_pay_as(bench, "k5", "bal_z", "10.00", "Rent");
	bench->bearer = API_KEY;
	bench_pay_as(bench, "k5", "bal_z", "10.00", "Rent");
	assert_int_equal(bench->status, 201);
}

static void without_a_key_every_request_pays(void **state)
{
	struct bench *bench = *state;

	bench_pay_as(bench, NULL, "bal_x", "10.00", "Rent");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	bench_pay_as(bench, NULL, "bal_x", "10.00", "Rent");
	bench_pay_as(bench, "", "bal_y", "10.00", "Rent");
	assert_int_equal(bench->sandbox.ledger.count, 3);
	/* GET and DELETE take no notice of one. */
	bench->key = KEY;
	bench_get(bench, "/payouts", bench->id);
	bench->key = KEY;
	bench_cancel(bench, bench->id);
	assert_int_equal(bench->status, 200);
	bench_pay_as(bench, KEY, "bal_y", "10.00", "Rent");
	assert_int_equal(bench->status, 201);
	bench_pay_as(bench, "\xff", "bal_z", "10.00", "Rent");
	refused(bench, 400, "Bad Request", NULL);
}

/* What a second connection says while the first waits. */
static void meanwhile(struct bench *bench, const char *key)
{
	struct exchange held = bench->exchange;

	memset(&bench->exchange, 0, sizeof(bench->exchange));
	bench_pay_as(bench, key, "bal_x", "10.00", "Rent");
	replayed(bench, false);
	refused(bench, 409, "Conflict", NULL);
	exchange_release(&bench->exchange);
	bench->exchange = held;
}

static void a_key_whose_request_still_runs_is_a_conflict(void **state)
{
	static const char *const commits[] = {",\"after_commit\":false", ",\"after_commit\":true"};
	struct bench *bench = *state;
	char key[8];

	for (size_t i = 0; i < 2; i++) {
		snprintf(key, sizeof(key), "k%zu", i);
		sandbox_reset(&bench->sandbox);
		stage(bench, "slow", commits[i]);
		bench_pay_as(bench, key, "bal_x", "10.00", "Rent");
		assert_int_equal(bench->exchange.delay_ms, 2000);
		assert_int_equal(bench->sandbox.ledger.count, i);
		bench->exchange.request.body = buf_text(&bench->body);
		/* The request's own texts stay those of its connection. */
		bench->exchange.request.path = "/mollie/v2/payouts";
		meanwhile(bench, key);
		assert_int_equal(bench->sandbox.ledger.count, i);
		bench->exchange.request.body = buf_text(&bench->body);
		exchange_resume(&bench->sandbox, &bench->exchange);
		assert_int_equal(bench->exchange.response.status, 201);
		assert_int_equal(bench->sandbox.ledger.count, 1);
		bench_pay_as(bench, key, "bal_x", "10.00", "Rent");
		assert_int_equal(bench->status, 201);
		replayed(bench, true);
	}
}

static void a_fault_before_the_commit_leaves_the_key_free(void **state)
{
	static const char *const kinds[] = {
		"reset", "close", "timeout", "truncate", "garbage", "500", "502", "503", "wrong"};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		stage(bench, kinds[i], "");
		bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
		assert_int_equal(bench->sandbox.ledger.count, 0);
	}
	stage(bench, "429", ",\"retry_after\":7");
	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	refused(bench, 429, "Too Many Requests", NULL);
	assert_string_equal(bench_header(bench, "Retry-After"), "7");
	stage(bench, "401", "");
	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	refused(bench, 401, "Unauthorized Request", NULL);
	assert_int_equal(bench->sandbox.ledger.count, 0);
	bench_pay_as(bench, KEY, "bal_x", "10.00", "Rent");
	replayed(bench, false);
	assert_int_equal(bench->sandbox.ledger.count, 1);
}

static void a_fault_after_the_commit_is_a_payout_that_a_replay_tells(void **state)
{
	static const char *const kinds[] = {"reset", "close", "timeout", "truncate", "garbage", "500", "502", "503",
		"wrong", "slow", "close_after"};
	struct bench *bench = *state;
	char key[8];
	char balance[8];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		snprintf(key, sizeof(key), "k%zu", i);
		snprintf(balance, sizeof(balance), "bal_%zu", i);
		stage(bench, kinds[i], ",\"after_commit\":true");
		bench_pay_as(bench, key, balance, "10.00", "Rent");
		assert_int_equal(bench->sandbox.ledger.count, i + 1);
		bench->exchange.dying = false;
		if (bench->exchange.delay_ms > 0)
			exchange_resume(&bench->sandbox, &bench->exchange);
		bench_pay_as(bench, key, balance, "10.00", "Rent");
		replayed(bench, true);
		assert_true(text_is(bench->sandbox.ledger.payouts[i]->id, bench->id));
		assert_int_equal(bench->sandbox.ledger.count, i + 1);
	}
}

static void a_wrong_answer_is_of_another_payout(void **state)
{
	static const struct {
		const char *field;
		const char *part;
	} cases[] = {
		{"amount", "\"amount\":{\"currency\":\"EUR\",\"value\":\"10.51\"}"},
		{"currency", "\"amount\":{\"currency\":\"EU1\",\"value\":\"10.55\"}"},
		{"destination", "\"balanceId\":\"bal_1\""},
		{"reference", "\"description\":\"Ren1\""},
		{"all", "\"balanceId\":\"bal_1\",\"amount\":{\"currency\":\"EU1\",\"value\":\"10.51\"}"},
	};
	struct bench *bench = *state;
	char more[64];

	bench_pay_as(bench, KEY, "bal_x", "10.55", "Rent");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(more, sizeof(more), ",\"field\":\"%s\",\"after_commit\":true", cases[i].field);
		stage(bench, "wrong", more);
		has(bench_pay_as(bench, KEY, "bal_x", "10.55", "Rent"), cases[i].part);
	}
	has(bench_pay_as(bench, KEY, "bal_x", "10.55", "Rent"),
		"\"balanceId\":\"bal_x\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.55\"}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_key_gives_the_first_answer_for_an_hour_and_then_pays_again, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			a_replay_is_as_the_first_answer_also_when_the_payout_was_canceled, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_key_belongs_to_its_endpoint_and_parameters, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			refusals_are_kept_as_well_but_not_the_answers_of_a_failing_server, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(without_a_key_every_request_pays, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_key_whose_request_still_runs_is_a_conflict, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_fault_before_the_commit_leaves_the_key_free, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			a_fault_after_the_commit_is_a_payout_that_a_replay_tells, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_wrong_answer_is_of_another_payout, bench_open, bench_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
