#include "tests/sandbox_mollie_bench.h"

/* The order of the items in the last list, by what their descriptions begin with; "a c b". */
static void listed(struct bench *bench, const char *wanted)
{
	const char *at = buf_str(&bench->exchange.response.body);
	char found[64] = "";
	char count[64];

	while ((at = strstr(at, "\"description\":\"")) != NULL) {
		at += strlen("\"description\":\"");
		if (found[0] != '\0')
			strncat(found, " ", 2);
		strncat(found, at, 1);
	}
	if (strcmp(found, wanted) != 0)
		fail_msg("%s instead of %s", found, wanted);
	snprintf(count, sizeof(count), "{\"count\":%zu,\"_embedded\":{\"payouts\":[", (strlen(wanted) + 1) / 2);
	has(buf_str(&bench->exchange.response.body), count);
}

/* What a link of the last list points to: its query, and the id behind from= in `from`; NULL: it is null. */
static const char *link_of(struct bench *bench, const char *name, char from[40])
{
	static char url[256];
	const char *body = strstr(buf_str(&bench->exchange.response.body), "]},\"_links\":{");
	const char *at;
	char opening[64];
	const char *id;

	assert_non_null(body);
	snprintf(opening, sizeof(opening), "\"%s\":{\"href\":\"", name);
	at = strstr(body, opening);
	from[0] = '\0';
	if (at == NULL) {
		snprintf(opening, sizeof(opening), "\"%s\":null", name);
		has(body, opening);
		return NULL;
	}
	snprintf(url, sizeof(url), "%.*s", (int)strcspn(at + strlen(opening), "\""), at + strlen(opening));
	id = strstr(url, "from=");
	if (id != NULL)
		snprintf(from, 40, "%s", id + 5);
	return url;
}

static void five_payouts(struct bench *bench, char ids[5][40])
{
	static const char *const balances[] = {"bal_x", "bal_y", "bal_x", "bal_y", "bal_x"};
	char description[2] = "a";

	for (int i = 0; i < 5; i++, description[0]++) {
		bench_pay(bench, balances[i], "10.00", description);
		assert_int_equal(bench->status, 201);
		memcpy(ids[i], bench->id, sizeof(ids[i]));
		sandbox_advance(&bench->sandbox, SETTLE_MS);
	}
}

static void a_list_is_newest_first_unless_it_is_to_be_oldest_first(void **state)
{
	struct bench *bench = *state;
	char ids[5][40];

	bench_get(bench, "/payouts", "");
	listed(bench, "");
	has(buf_str(&bench->exchange.response.body),
		"]},\"_links\":{\"self\":{\"href\":\"http://127.0.0.1:8400/mollie/v2/payouts\",\"type\":"
		"\"application/hal+json\"},\"previous\":null,\"next\":null,\"documentation\":{\"href\":"
		"\"https://docs.mollie.com/reference/list-payouts\",\"type\":\"text/html\"}}}");
	five_payouts(bench, ids);
	bench_get(bench, "/payouts", "");
	listed(bench, "e d c b a");
	has(buf_str(&bench->exchange.response.body), "\"_links\":{\"self\":{\"href\":");
	has_not(buf_str(&bench->exchange.response.body), "get-payout");
	bench_argument(bench, "sort", "asc");
	bench_get(bench, "/payouts", "");
	listed(bench, "a b c d e");
	bench_argument(bench, "sort", "desc");
	bench_argument(bench, "balanceId", "bal_y");
	bench_get(bench, "/payouts", "");
	listed(bench, "d b");
	bench_argument(bench, "balanceId", "bal_missing");
	bench_get(bench, "/payouts", "");
	listed(bench, "");
}

static void pages_lead_to_their_neighbours(void **state)
{
	struct bench *bench = *state;
	char ids[5][40];
	char from[40];

	five_payouts(bench, ids);
	bench_argument(bench, "limit", "2");
	bench_get(bench, "/payouts", "");
	listed(bench, "e d");
	assert_null(link_of(bench, "previous", from));
	assert_string_equal(link_of(bench, "self", from), "http://127.0.0.1:8400/mollie/v2/payouts?limit=2");
	assert_non_null(strstr(link_of(bench, "next", from), "http://127.0.0.1:8400/mollie/v2/payouts?limit=2&from="));
	assert_string_equal(from, ids[2]);
	bench_argument(bench, "limit", "2");
	bench_argument(bench, "from", from);
	bench_get(bench, "/payouts", "");
	listed(bench, "c b");
	link_of(bench, "previous", from);
	assert_string_equal(from, ids[4]);
	link_of(bench, "next", from);
	assert_string_equal(from, ids[0]);
	bench_argument(bench, "from", from);
	bench_argument(bench, "limit", "2");
	bench_get(bench, "/payouts", "");
	listed(bench, "a");
	assert_null(link_of(bench, "next", from));
	link_of(bench, "previous", from);
	assert_string_equal(from, ids[2]);
	/* With a filter, oldest first; the links keep both. */
	bench_argument(bench, "sort", "asc");
	bench_argument(bench, "limit", "1");
	bench_argument(bench, "balanceId", "bal_x");
	bench_argument(bench, "from", ids[2]);
	bench_get(bench, "/payouts", "");
	listed(bench, "c");
	assert_non_null(strstr(link_of(bench, "next", from), "?sort=asc&limit=1&balanceId=bal_x&from="));
	assert_string_equal(from, ids[4]);
	link_of(bench, "previous", from);
	assert_string_equal(from, ids[0]);
}

static void a_list_has_fifty_unless_it_is_told(void **state)
{
	struct bench *bench = *state;
	char balance[16];

	for (int i = 0; i < 251; i++) {
		snprintf(balance, sizeof(balance), "bal_%d", i);
		bench_pay(bench, balance, "10.00", NULL);
	}
	has(bench_get(bench, "/payouts", ""), "{\"count\":50,");
	bench_argument(bench, "limit", "250");
	has(bench_get(bench, "/payouts", ""), "{\"count\":250,");
	has(buf_str(&bench->exchange.response.body), "\"next\":{\"href\":");
}

static void what_a_list_can_not_do_names_its_field(void **state)
{
	static const struct {
		const char *name;
		const char *value;
	} cases[] = {{"limit", "0"}, {"limit", "251"}, {"limit", "-1"}, {"limit", "ten"}, {"limit", ""}, {"sort", "up"},
		{"from", "payout_nothing"}, {"from", ""}, {"balanceId", "balance"}, {"balanceId", "bal_"},
		{"testmode", "true"}, {"testmode", "false"}};
	struct bench *bench = *state;
	char ids[5][40];

	five_payouts(bench, ids);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bench_argument(bench, cases[i].name, cases[i].value);
		bench_get(bench, "/payouts", "");
		refused(bench, 400, "Bad Request", cases[i].name);
	}
	/* A cursor of what the list does not show. */
	bench_argument(bench, "balanceId", "bal_y");
	bench_argument(bench, "from", ids[0]);
	bench_get(bench, "/payouts", "");
	refused(bench, 400, "Bad Request", "from");
	has(buf_str(&bench->exchange.response.body), "\"detail\":\"Invalid cursor value\"");
}

/* A create with the access token; testmode is JSON. */
static const char *token_pay(struct bench *bench, const char *balance, const char *testmode)
{
	buf_reset(&bench->body);
	buf_addf(&bench->body,
		"{\"balanceId\":\"%s\",\"amount\":{\"currency\":\"EUR\",\"value\":\"10.00\"},\"testmode\":%s}", balance,
		testmode);
	bench->bearer = TOKEN;
	return bench_send(bench, "POST", "/payouts", buf_str(&bench->body));
}

static void an_access_token_is_live_unless_it_says_otherwise(void **state)
{
	struct bench *bench = *state;
	char test[40];

	has(token_pay(bench, "bal_x", "true"), "\"mode\":\"test\"");
	memcpy(test, bench->id, sizeof(test));
	has(token_pay(bench, "bal_x", "false"), "\"mode\":\"live\"");
	has(token_pay(bench, "bal_y", "null"), "\"mode\":\"live\"");
	token_pay(bench, "bal_z", "\"true\"");
	unprocessable(bench, "testmode");
	/* In the query of a POST it is nothing. */
	bench_argument(bench, "testmode", "true");
	has(bench_send(bench, "POST", "/payouts", "{\"balanceId\":\"bal_w\"}"), "\"mode\":\"live\"");
	/* Each mode sees its own. */
	bench_get(bench, "/payouts", test);
	refused(bench, 404, "Not Found", NULL);
	bench_cancel(bench, test);
	refused(bench, 404, "Not Found", NULL);
	has(bench_get(bench, "/payouts", ""), "{\"count\":3,");
	bench_argument(bench, "from", test);
	bench_get(bench, "/payouts", "");
	refused(bench, 400, "Bad Request", "from");
	bench_argument(bench, "testmode", "true");
	has(bench_get(bench, "/payouts", ""), "{\"count\":1,");
	bench_argument(bench, "testmode", "yes");
	bench_get(bench, "/payouts", "");
	refused(bench, 400, "Bad Request", "testmode");
	bench_argument(bench, "testmode", "true");
	has(bench_cancel(bench, test), "\"status\":\"canceled\"");
	/* API keys bring their mode. */
	bench->bearer = API_KEY;
	has(bench_get(bench, "/payouts", ""), "{\"count\":1,");
	bench->bearer = "Bearer live_sandbox_mollie";
	has(bench_get(bench, "/payouts", ""), "{\"count\":3,");
}

static void balances_are_for_access_tokens(void **state)
{
	struct bench *bench = *state;

	bench_get(bench, "/balances", "");
	refused(bench, 403, "Forbidden", NULL);
	bench_get(bench, "/balances", "primary");
	refused(bench, 403, "Forbidden", NULL);
	bench_pay(bench, "bal_x", "10.00", NULL);
	bench->bearer = TOKEN;
	bench_argument(bench, "testmode", "true");
	has(bench_get(bench, "/balances", "bal_x"),
		"{\"resource\":\"balance\",\"id\":\"bal_x\",\"mode\":\"test\",\"createdAt\":\"2024-01-01T00:00:00+00:"
		"00\","
		"\"currency\":\"EUR\",\"description\":\"Sandbox balance\",\"availableAmount\":{\"currency\":\"EUR\","
		"\"value\":\"1000000000.00\"},\"pendingAmount\":{\"currency\":\"EUR\",\"value\":\"0.00\"},"
		"\"status\":\"active\",\"transferFrequency\":\"never\",");
	bench_argument(bench, "testmode", "true");
	has(bench_get(bench, "/balances", "primary"), "\"id\":\"bal_primary\",\"mode\":\"test\"");
	has(buf_str(&bench->exchange.response.body), "\"transferFrequency\":\"daily\"");
	has(bench_get(bench, "/balances", "bal_usd_1"), "\"mode\":\"live\"");
	has(buf_str(&bench->exchange.response.body), "\"currency\":\"USD\"");
	bench_get(bench, "/balances", "bal_missing7");
	refused(bench, 404, "Not Found", NULL);
	bench_get(bench, "/balances", "wallet");
	refused(bench, 404, "Not Found", NULL);
}

static void balances_are_listed_by_currency_and_page(void **state)
{
	struct bench *bench = *state;

	bench->bearer = TOKEN;
	bench_get(bench, "/balances", "bal_gbp_1");
	bench_get(bench, "/balances", "bal_gbp_2");
	has(bench_get(bench, "/balances", ""), "{\"count\":3,\"_embedded\":{\"balances\":[");
	bench_argument(bench, "currency", "GBP");
	has(bench_get(bench, "/balances", ""), "{\"count\":2,");
	bench_argument(bench, "currency", "JPY");
	bench_get(bench, "/balances", "");
	refused(bench, 400, "Bad Request", "currency");
	bench_argument(bench, "limit", "1");
	bench_argument(bench, "from", "bal_gbp_1");
	has(bench_get(bench, "/balances", ""), "{\"count\":1,\"_embedded\":{\"balances\":[{\"resource\":\"balance\","
					       "\"id\":\"bal_gbp_1\"");
	has(buf_str(&bench->exchange.response.body),
		"\"previous\":{\"href\":\"http://127.0.0.1:8400/mollie/v2/balances?limit=1&from=bal_gbp_2\"");
}

static void balances_and_fees_are_named_as_their_provider_names_them(void **state)
{
	static struct {
		char option[32];
		bool known;
	} cases[] = {
		{"mollie:EUR=250", true},
		{"mollie:bal_x/EUR=250", true},
		{"mollie:JPY=250", false},
		{"mollie:bal_x=250", false},
		{"mollie:bal_/EUR=250", false},
		{"mollie:bal_x/eur=250", false},
		{"mollie:wallet/EUR=250", false},
	};
	static struct {
		char option[32];
		bool known;
	} fees[] = {{"mollie:EUR=1", false}, {"pontis:USDT=1", false}, {"circle:USD=25", true}, {"circle:EUR=1", false},
		{"calypso:USDT_TRX=1.5", true}, {"calypso:USDT_TRX=", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *argv[] = {(char[]){"payrun-sandbox"}, (char[]){"--balance"}, cases[i].option, NULL};
		struct options options;
		struct fault fault = {0};

		if (options_parse(&options, 3, argv, &fault) != cases[i].known)
			fail_msg("%s", cases[i].option);
		options_release(&options);
	}
	for (size_t i = 0; i < sizeof(fees) / sizeof(fees[0]); i++) {
		char *argv[] = {(char[]){"payrun-sandbox"}, (char[]){"--fee"}, fees[i].option, NULL};
		struct options options;
		struct fault fault = {0};

		if (options_parse(&options, 3, argv, &fault) != fees[i].known)
			fail_msg("%s", fees[i].option);
		options_release(&options);
	}
}

static void balances_hold_what_they_were_given(void **state)
{
	struct options_money given[] = {
		{PROVIDER_MOLLIE, TEXT("EUR"), {5, 0}},
		{PROVIDER_MOLLIE, TEXT("bal_x/EUR"), {7, DECIMAL_ONE / 2}},
		{PROVIDER_MOLLIE, TEXT("bal_pounds/GBP"), {8, 0}},
	};
	struct bench *bench = *state;

	sandbox_release(&bench->sandbox);
	bench->options.balances = given;
	bench->options.balance_count = 3;
	sandbox_init(&bench->sandbox, &bench->options);
	bench->sandbox.clock.read = bench_read;
	bench->sandbox.clock.context = bench;
	for (int i = 0; i < 2; i++) {
		holds(bench, "bal_other", "5.00");
		holds(bench, "primary", "5.00");
		holds(bench, "bal_x", "7.50");
		bench->bearer = TOKEN;
		has(bench_get(bench, "/balances", "bal_pounds"), "\"mode\":\"live\"");
		has(buf_str(&bench->exchange.response.body),
			"\"availableAmount\":{\"currency\":\"GBP\",\"value\":\"8.00\"}");
		has(bench_get(bench, "/balances", "bal_usd_1"), "\"value\":\"1000000000.00\"");
		/* Test and live money are two. */
		token_pay(bench, "bal_x", "false");
		unprocessable(bench, "amount");
		bench->bearer = API_KEY;
		bench_pay(bench, "bal_x", "7.51", NULL);
		unprocessable(bench, "amount");
		bench_pay(bench, "bal_x", "7.50", NULL);
		assert_int_equal(bench->status, 201);
		sandbox_advance(&bench->sandbox, SETTLE_MS);
		holds(bench, "bal_x", "0.00");
		bench->bearer = TOKEN;
		has(bench_get(bench, "/balances", "bal_x"), "\"value\":\"7.50\"");
		has(bench_get(bench, "/balances", ""), "\"id\":\"bal_pounds\"");
		bench->bearer = API_KEY;
		sandbox_reset(&bench->sandbox);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_list_is_newest_first_unless_it_is_to_be_oldest_first, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(pages_lead_to_their_neighbours, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(a_list_has_fifty_unless_it_is_told, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(what_a_list_can_not_do_names_its_field, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(
			an_access_token_is_live_unless_it_says_otherwise, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(balances_are_for_access_tokens, bench_open, bench_close),
		cmocka_unit_test_setup_teardown(balances_are_listed_by_currency_and_page, bench_open, bench_close),
		cmocka_unit_test(balances_and_fees_are_named_as_their_provider_names_them),
		cmocka_unit_test_setup_teardown(balances_hold_what_they_were_given, bench_open, bench_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
