#include "tests/calypso_bench.h"

/* providers/calypso.md, section 2.1. */
static void signatures_are_those_of_the_documentation(void **state)
{
	static const char body[] =
		"{\"account\":\"0x00000000000000000000000000000000000000aa\",\"timestamp\":1748023400000,\"payload\":"
		"{\"depositAddress\":\"TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR\",\"amount\":12.5,\"currency\":\"USDT_TRX\","
		"\"idempotencyKey\":\"123e4567-e89b-12d3-a456-426614174000\",\"externalId\":\"row-1\"}}";
	EVP_MAC_CTX *mac = calypso_mac_new("b823a6b9ea72408583cef9ec8d67fa52");
	char sign[CALYPSO_SIGN_HEX + 1];

	(void)state;
	for (int i = 0; i < 3; i++) {
		calypso_sign(mac, TEXT("{\"timestamp\":1}"), sign);
		assert_string_equal(sign, "b16e9d45f49f2069becbc4f108b237bee588cfc353fe9501df103e692acbc68d"
					  "482a10d34c12bea22fedde7e28e1b8e57a6a0a373b0e9a27c5257bd8b36e13b9");
		calypso_sign(mac, text_of(body), sign);
		assert_string_equal(sign, "11a4bba053f220c7c519808634ec78dad158f3debf9b9c3e86ad8a64ffb1c347"
					  "e6d4e11820a981ffdee435642ae341d468943c54194dacd5acc7bfb2dfdfd7c8");
	}
	EVP_MAC_CTX_free(mac);
}

static void an_address_fits_its_network_alone(void **state)
{
	static const struct {
		const char *currency;
		const char *address;
		enum calypso_fit fit;
	} cases[] = {
		{"USDT_TRX", TRON, CALYPSO_FITS},
		{"USDT_TRX", EVM, CALYPSO_OTHER_NETWORK},
		{"USDT_TRX", "TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73Cq", CALYPSO_NO_ADDRESS},
		{"USDT_TRX", "TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73Cq0", CALYPSO_NO_ADDRESS},
		{"USDT_TRX", "", CALYPSO_NO_ADDRESS},
		{"ETH", EVM, CALYPSO_FITS},
		{"MATIC", EVM, CALYPSO_FITS},
		{"ETH", TRON, CALYPSO_OTHER_NETWORK},
		{"ETH", "0x52908400098527886E0F7030069857D2E4169EE", CALYPSO_NO_ADDRESS},
		{"ETH", "0x52908400098527886E0F7030069857D2E4169EEg", CALYPSO_NO_ADDRESS},
		{"BTC", BITCOIN, CALYPSO_FITS},
		{"BTC", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", CALYPSO_FITS},
		{"BTC", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", CALYPSO_FITS},
		{"BTC", DOGE, CALYPSO_OTHER_NETWORK},
		{"XDG", DOGE, CALYPSO_FITS},
		{"XDG", "bc1bbb", CALYPSO_NO_ADDRESS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct calypso_currency *currency = calypso_currency_find(text_of(cases[i].currency));

		assert_non_null(currency);
		if (calypso_address_fit(currency, text_of(cases[i].address)) != cases[i].fit)
			fail_msg("%s %s", cases[i].currency, cases[i].address);
	}
	assert_null(calypso_currency_find(TEXT("DOGE")));
}

static void a_payout_is_created_once_and_echoed_exactly(void **state)
{
	struct bench *bench = *state;
	const char *body = create(bench, "12.50", KEY1);

	assert_int_equal(bench->exchange.response.status, 200);
	has(body, "\"amount\":12.5,");
	has(body, "\"depositAddress\":\"" TRON "\"");
	has(body, "\"idempotencyKey\":\"" KEY1 "\"");
	has(body, "\"externalId\":\"row-1\"");
	has(body, "\"state\":\"CREATED\"");
	has(body, "\"errors\":null");
	has(body, "\"comment\":null");
	body = create(bench, "12.50", KEY1);
	assert_int_equal(bench->exchange.response.status, 400);
	has(body, "\"errorCode\":\"016\"");
	/* Another payload under the same key, the key in capitals: still the same key. */
	body = create(bench, "1", "123E4567-E89B-42D3-A456-426614174000");
	has(body, "\"errorCode\":\"016\"");
	assert_int_equal(bench->sandbox.ledger.count, 1);
	has(find(bench, KEY1), "\"amount\":12.5,");
	has(find(bench, KEY2), "\"errorCode\":\"004\"");
}

static void states_follow_the_sandbox_clock_and_the_test_amounts(void **state)
{
	static const struct {
		const char *amount;
		const char *under_way;
		const char *last;
	} cases[] = {
		{"3", "\"state\":\"IN_PROGRESS\"", "\"state\":\"COMPLETED\""},
		{"3.91", "\"state\":\"IN_PROGRESS\"", "\"state\":\"FAILED\""},
		{"3.910", "\"state\":\"IN_PROGRESS\"", "\"state\":\"FAILED\""},
		{"3.92", "\"state\":\"PENDING_CONFIRMATION\"", "\"state\":\"CANCELED\""},
		{"3.911", "\"state\":\"IN_PROGRESS\"", "\"state\":\"COMPLETED\""},
		{"91", "\"state\":\"IN_PROGRESS\"", "\"state\":\"COMPLETED\""},
	};
	struct bench *bench = *state;
	char key[40];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(key, sizeof(key), "123e4567-e89b-42d3-a456-4266141740%02zu", i);
		has(create(bench, cases[i].amount, key), "\"state\":\"CREATED\"");
		sandbox_advance(&bench->sandbox, SETTLE_MS / 2);
		has(find(bench, key), cases[i].under_way);
		sandbox_advance(&bench->sandbox, SETTLE_MS / 2);
		has(find(bench, key), cases[i].last);
	}
}

static void a_future_execution_date_delays_all_of_it(void **state)
{
	struct bench *bench = *state;
	char date[CLOCK_ISO_SIZE];
	char payload[512];

	clock_iso_ms(sandbox_real_ms(&bench->sandbox) + 3600000, date);
	snprintf(payload, sizeof(payload),
		"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"TRX\",\"idempotencyKey\":\"" KEY1
		"\",\"executionDate\":\"%s\",\"comment\":\"hi\"}",
		date);
	has(call(bench, "/calypso/api/v1/payout/create", payload), "\"comment\":\"hi\"");
	sandbox_advance(&bench->sandbox, 3590000);
	has(find(bench, KEY1), "\"state\":\"CREATED\"");
	has(find(bench, KEY1), date);
	sandbox_advance(&bench->sandbox, 20000 + SETTLE_MS);
	has(find(bench, KEY1), "\"state\":\"COMPLETED\"");
}

static void an_empty_balance_takes_the_payout_and_says_so(void **state)
{
	struct bench *bench = *state;
	const char *body;

	balance_set(&bench->sandbox.balances, PROVIDER_CALYPSO, TEXT("USDT_TRX"), (struct decimal){10, 0});
	has(create(bench, "9.91", KEY1), "\"errors\":null");
	body = create(bench, "0.10", KEY2);
	assert_int_equal(bench->exchange.response.status, 200);
	has(body, "\"status\":\"NOT_ENOUGH_FUNDS\",\"errorResolved\":false");
	has(body, "\"state\":\"CREATED\"");
	has(call(bench, "/calypso/api/v1/account", "{}"), "{\"currency\":\"USDT_TRX\",\"amount\":0.09,");
	/* 9.91 fails and comes back; what had no funds is not debited later. */
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(find(bench, KEY2), "\"state\":\"FAILED\"");
	has(call(bench, "/calypso/api/v1/account", "{}"), "{\"currency\":\"USDT_TRX\",\"amount\":10,");
	assert_int_equal(bench->sandbox.ledger.count, 2);
}

static void payloads_that_do_not_fit_are_refused_with_their_code(void **state)
{
	static const struct {
		const char *payload;
		const char *code;
	} cases[] = {
		{"{}", "001"},
		{"[]", "001"},
		{"null", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":\"12.5\",\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":0,\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":-1,\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":0.0000001,\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1e30,\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"EUR\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1}", "001"},
		{"{\"depositAddress\":5,\"amount\":1,\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"x\",\"amount\":1,\"currency\":\"TRX\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"USDT\"}", "015"},
		{"{\"depositAddress\":\"" EVM "\",\"amount\":1,\"currency\":\"USDT_TRX\"}", "015"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"TRX\",\"idempotencyKey\":\"k\"}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"TRX\",\"idempotencyKey\":5}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"TRX\",\"externalId\":5}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"TRX\",\"comment\":[]}", "001"},
		{"{\"depositAddress\":\"" TRON "\",\"amount\":1,\"currency\":\"TRX\",\"executionDate\":\"2027-01-01\"}",
			"001"},
	};
	struct bench *bench = *state;
	char error[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(error, sizeof(error), "{\"errorCode\":\"%s\",", cases[i].code);
		has(call(bench, "/calypso/api/v1/payout/create", cases[i].payload), error);
		assert_int_equal(bench->exchange.response.status, 400);
	}
	assert_int_equal(bench->sandbox.ledger.count, 0);
	has(call(bench, "/calypso/api/v1/payout", "{}"), "\"errorCode\":\"001\"");
	has(call(bench, "/calypso/api/v1/payout", "{\"id\":5}"), "\"errorCode\":\"001\"");
	has(call(bench, "/calypso/api/v1/payout", "{\"id\":\"5\"}"), "\"errorCode\":\"004\"");
}

static void envelopes_that_do_not_fit_are_refused_with_their_code(void **state)
{
	static const struct {
		const char *before; /* the timestamp */
		const char *after;
		int64_t skew_ms;
		const char *code;
	} cases[] = {
		{"{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":", "}", -179000, NULL},
		{"{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":", "}", 179000, NULL},
		{"{\"account\":\"0x00000000000000000000000000000000000000AA\",\"timestamp\":", "}", 0, NULL},
		{"{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":", "}", -181000, "011"},
		{"{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":", "}", 181000, "011"},
		{"{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":\"", "\"}", 0, "001"},
		{"{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":", ".5}", 0, "001"},
		{"{\"account\":\"0x00000000000000000000000000000000000000ab\",\"timestamp\":", "}", 0, "010"},
		{"{\"account\":\"aa\",\"timestamp\":", "}", 0, "001"},
		{"{\"timestamp\":", "}", 0, "001"},
		{"{\"account\":\"" CALYPSO_ACCOUNT "\",\"timestamp\":", "", 0, "001"},
	};
	struct bench *bench = *state;
	char error[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&bench->body);
		buf_addz(&bench->body, cases[i].before);
		buf_addi(&bench->body, sandbox_real_ms(&bench->sandbox) + cases[i].skew_ms);
		buf_addz(&bench->body, cases[i].after);
		if (cases[i].code == NULL) {
			has(send(bench, "/calypso/api/v1/account"), "\"balances\":[");
			continue;
		}
		snprintf(error, sizeof(error), "{\"errorCode\":\"%s\",", cases[i].code);
		has(send(bench, "/calypso/api/v1/account"), error);
	}
}

static void fees_are_answered_without_an_account(void **state)
{
	struct bench *bench = *state;

	buf_addf(&bench->body,
		"{\"timestamp\":%lld,\"payload\":{\"items\":[{\"baseAmount\":50.10,\"currency\":\"USDT\","
		"\"opType\":\"WITHDRAWAL\",\"feeType\":\"FIX\"}]}}",
		(long long)sandbox_real_ms(&bench->sandbox));
	has(send(bench, "/calypso/api/v1/tariff/extended-fee"),
		"{\"items\":[{\"amount\":50.1,\"currency\":\"USDT\",\"opType\":\"WITHDRAWAL\",\"feeReceiver\":{"
		"\"amount\":50.1,"
		"\"fee\":0},\"feeSender\":{\"amount\":50.1,\"fee\":0},\"fixedFee\":0}]}");
	has(call(bench, "/calypso/api/v1/tariff/extended-fee", "{\"items\":[]}"), "\"errorCode\":\"001\"");
}

static void a_fee_is_told_taken_and_given_back(void **state)
{
	static struct options_money fees[] = {
		{PROVIDER_CALYPSO, {"USDT_TRX", 8}, {9, 0}}, {PROVIDER_CALYPSO, {"USDT_TRX", 8}, {1, DECIMAL_ONE / 2}}};
	struct bench *bench = *state;

	bench->options.fees = fees;
	bench->options.fee_count = 2;
	balance_set(&bench->sandbox.balances, PROVIDER_CALYPSO, TEXT("USDT_TRX"), (struct decimal){10, 0});
	has(call(bench, "/calypso/api/v1/tariff/extended-fee",
		    "{\"items\":[{\"baseAmount\":4,\"currency\":\"USDT_TRX\",\"opType\":\"WITHDRAWAL\",\"feeType\":"
		    "\"FIX\"},"
		    "{\"baseAmount\":1,\"currency\":\"USDT_TRX\",\"opType\":\"WITHDRAWAL\"}]}"),
		"{\"items\":[{\"amount\":4,\"currency\":\"USDT_TRX\",\"opType\":\"WITHDRAWAL\",\"feeReceiver\":{"
		"\"amount\":2.5,"
		"\"fee\":1.5},\"feeSender\":{\"amount\":4,\"fee\":1.5},\"fixedFee\":1.5},{\"amount\":1,\"currency\":"
		"\"USDT_TRX\",\"opType\":\"WITHDRAWAL\",\"feeReceiver\":{\"amount\":0,\"fee\":1.5}");
	has(create(bench, "4.91", KEY1), "\"fee\":1.5,\"feePercentage\":0,");
	has(call(bench, "/calypso/api/v1/account", "{}"), "{\"currency\":\"USDT_TRX\",\"amount\":3.59,");
	/* There is enough for the amount, and not for the fee as well. */
	has(create(bench, "3", KEY2), "\"status\":\"NOT_ENOUGH_FUNDS_FOR_COMMISSION\",\"errorResolved\":false");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(find(bench, KEY1), "\"state\":\"FAILED\"");
	has(call(bench, "/calypso/api/v1/account", "{}"), "{\"currency\":\"USDT_TRX\",\"amount\":10,");
	has(create(bench, "999999999999999999", "123e4567-e89b-42d3-a456-000000000077"),
		"\"status\":\"NOT_ENOUGH_FUNDS\"");
}

static void after_commit_decides_whether_the_payout_exists(void **state)
{
	static const struct {
		const char *kind;
		enum exchange_way way;
	} cases[] = {
		{"reset", WAY_RESET},
		{"close", WAY_CLOSE},
		{"timeout", WAY_HOLD},
		{"truncate", WAY_TRUNCATE},
		{"garbage", WAY_ANSWER},
		{"500", WAY_ANSWER},
		{"502", WAY_ANSWER},
		{"503", WAY_ANSWER},
		{"wrong", WAY_ANSWER},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sandbox_reset(&bench->sandbox);
		stage(bench, cases[i].kind, "");
		create(bench, "5", KEY1);
		assert_int_equal(bench->exchange.way, cases[i].way);
		assert_int_equal(bench->sandbox.ledger.count, 0);
		stage(bench, cases[i].kind, ",\"after_commit\":true");
		create(bench, "5", KEY1);
		assert_int_equal(bench->exchange.way, cases[i].way);
		assert_int_equal(bench->sandbox.ledger.count, 1);
		has(find(bench, KEY1), "\"amount\":5,");
	}
}

static void what_is_refused_before_execution_creates_nothing(void **state)
{
	static const struct {
		const char *kind;
		unsigned status;
	} cases[] = {{"429", 429}, {"401", 401}, {"redirect", 307}};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stage(bench, cases[i].kind, "");
		create(bench, "5", KEY1);
		assert_int_equal(bench->exchange.response.status, cases[i].status);
		assert_int_equal(bench->sandbox.ledger.count, 0);
	}
	stage(bench, "401", "");
	has(create(bench, "5", KEY1), "{\"errorCode\":\"002\",");
}

static void a_slow_provider_executes_late_or_answers_late(void **state)
{
	struct bench *bench = *state;

	stage(bench, "slow", "");
	create(bench, "5", KEY1);
	assert_int_equal(bench->exchange.delay_ms, 2000);
	assert_int_equal(bench->sandbox.ledger.count, 0);
	exchange_resume(&bench->sandbox, &bench->exchange);
	assert_int_equal(bench->sandbox.ledger.count, 1);
	has(buf_str(&bench->exchange.response.body), "\"idempotencyKey\":\"" KEY1 "\"");
	stage(bench, "slow", ",\"after_commit\":true,\"delay_ms\":7");
	create(bench, "5", KEY2);
	assert_int_equal(bench->exchange.delay_ms, 7);
	assert_int_equal(bench->sandbox.ledger.count, 2);
	exchange_resume(&bench->sandbox, &bench->exchange);
	assert_int_equal(bench->sandbox.ledger.count, 2);
	has(buf_str(&bench->exchange.response.body), "\"idempotencyKey\":\"" KEY2 "\"");
}

static void a_dying_connection_executes_its_next_request_without_an_answer(void **state)
{
	struct bench *bench = *state;

	stage(bench, "close_after", "");
	has(create(bench, "5", KEY1), "\"idempotencyKey\":\"" KEY1 "\"");
	assert_int_equal(bench->exchange.way, WAY_ANSWER);
	create(bench, "6", KEY2);
	assert_int_equal(bench->exchange.way, WAY_CLOSE);
	assert_int_equal(bench->sandbox.ledger.count, 2);
	bench->exchange.dying = false; /* a new connection */
	stage(bench, "close_after", ",\"after_commit\":false");
	find(bench, KEY1);
	create(bench, "7", "123e4567-e89b-42d3-a456-426614174007");
	assert_int_equal(bench->exchange.way, WAY_CLOSE);
	assert_int_equal(bench->sandbox.ledger.count, 2);
}

static void a_wrong_answer_is_wrong_in_the_field_asked_for(void **state)
{
	struct bench *bench = *state;
	const char *body;

	stage(bench, "wrong", ",\"field\":\"amount\",\"after_commit\":true");
	body = create(bench, "12.50", KEY1);
	assert_int_equal(bench->exchange.response.status, 200);
	has(body, "\"amount\":12.1,");
	has(body, "\"idempotencyKey\":\"" KEY1 "\"");
	has(find(bench, KEY1), "\"amount\":12.5,");
	stage(bench, "wrong", ",\"field\":\"key\"");
	has(find(bench, KEY1), "\"idempotencyKey\":\"123e4567-e89b-42d3-a456-426614174001\"");
}

static void ids_are_never_given_again_after_a_reset(void **state)
{
	struct bench *bench = *state;
	char first[32];

	create(bench, "5", KEY1);
	snprintf(first, sizeof(first), "%s", bench->sandbox.ledger.payouts[0]->id.ptr);
	sandbox_reset(&bench->sandbox);
	create(bench, "5", KEY1);
	assert_int_equal(bench->exchange.response.status, 200);
	assert_string_not_equal(bench->sandbox.ledger.payouts[0]->id.ptr, first);
}

int main(void)
{
#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_those_of_the_documentation),
		cmocka_unit_test(an_address_fits_its_network_alone),
		WITH_BENCH(a_payout_is_created_once_and_echoed_exactly),
		WITH_BENCH(states_follow_the_sandbox_clock_and_the_test_amounts),
		WITH_BENCH(a_future_execution_date_delays_all_of_it),
		WITH_BENCH(an_empty_balance_takes_the_payout_and_says_so),
		WITH_BENCH(payloads_that_do_not_fit_are_refused_with_their_code),
		WITH_BENCH(envelopes_that_do_not_fit_are_refused_with_their_code),
		WITH_BENCH(fees_are_answered_without_an_account),
		WITH_BENCH(a_fee_is_told_taken_and_given_back),
		WITH_BENCH(after_commit_decides_whether_the_payout_exists),
		WITH_BENCH(what_is_refused_before_execution_creates_nothing),
		WITH_BENCH(a_slow_provider_executes_late_or_answers_late),
		WITH_BENCH(a_dying_connection_executes_its_next_request_without_an_answer),
		WITH_BENCH(a_wrong_answer_is_wrong_in_the_field_asked_for),
		WITH_BENCH(ids_are_never_given_again_after_a_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
