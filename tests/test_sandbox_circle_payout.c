#include "tests/circle_bench.h"

static const char business[] = "/v1/businessAccount/payouts";

static void stage(struct bench *bench, const char *kind, const char *more)
{
	struct mishap mishap;
	struct buf error = {0};
	struct buf body = {0};

	buf_addf(&body, "{\"provider\":\"circle\",\"kind\":\"%s\",\"nth\":1%s}", kind, more);
	assert_true(document_parse(&bench->sandbox.document, buf_text(&body)));
	assert_true(mishap_parse(&bench->sandbox.document, &mishap, &error));
	assert_true(mishaps_add(&bench->sandbox.mishaps, &mishap));
	buf_release(&body);
	buf_release(&error);
}

static void a_payout_is_made_once_and_its_first_answer_comes_again(void **state)
{
	struct bench *bench = *state;
	char wire[40];
	char first[2048];

	bench_wire(bench, false);
	snprintf(wire, sizeof(wire), "%s", bench->id);
	snprintf(first, sizeof(first), "%s", bench_pay(bench, wire, "75.5"));
	assert_int_equal(bench->status, 201);
	has(first, "\"sourceWalletId\":\"1000000001\",\"destination\":{\"type\":\"wire\",\"id\":\"");
	has(first, "\"name\":\"WELLS FARGO BANK, NA ****0010\"}");
	has(first, "\"amount\":{\"amount\":\"75.50\",\"currency\":\"USD\"}");
	has(first, "\"fees\":{\"amount\":\"0.00\",\"currency\":\"USD\"}");
	has(first, "\"status\":\"pending\",\"errorCode\":null,\"riskEvaluation\":null,\"trackingRef\":null,"
		   "\"adjustments\":null,\"return\":null");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	assert_string_equal(bench_again(bench, business), first);
	assert_int_equal(bench->status, 201);
	assert_int_equal(bench->sandbox.ledger.count, 1);
	/* Another body, another path, another operation under that key; and the members in another order. */
	buf_reset(&bench->body);
	buf_addf(&bench->body,
		"{\"amount\":{\"currency\":\"USD\",\"amount\":\"75.5\"},\"destination\":{\"id\":\"%s\",\"type\":"
		"\"wire\"},\"idempotencyKey\":\"%s\"}",
		wire, bench->key);
	assert_string_equal(bench_again(bench, business), first);
	bench_again(bench, "/v1/payouts");
	bench_refused(bench, 409, 1083);
	buf_reset(&bench->body);
	buf_addf(&bench->body,
		"{\"idempotencyKey\":\"%s\",\"destination\":{\"type\":\"wire\",\"id\":\"%s\"},\"amount\":{\"amount\":"
		"\"75.51\",\"currency\":\"USD\"}}",
		bench->key, wire);
	bench_again(bench, business);
	bench_refused(bench, 409, 1083);
	bench_again(bench, "/v1/businessAccount/banks/wires");
	bench_refused(bench, 409, 1083);
	assert_int_equal(bench->sandbox.ledger.count, 1);
	assert_true(text_is(bench->sandbox.ledger.payouts[0]->key, bench->key));
	assert_int_equal(bench->sandbox.ledger.payouts[0]->reference.len, 0);
}

static void a_refused_request_binds_no_key(void **state)
{
	struct bench *bench = *state;
	char wire[40];

	bench_wire(bench, false);
	snprintf(wire, sizeof(wire), "%s", bench->id);
	bench_pay(bench, wire, "0");
	bench_refused(bench, 400, 5002);
	bench->keys--;
	bench_pay(bench, wire, "1");
	assert_int_equal(bench->status, 201);
}

static void test_amounts_end_as_documented_and_in_time(void **state)
{
	static const struct {
		const char *amount;
		const char *settled;
		const char *returned;
		const char *last;
		const char *held;
	} cases[] = {
		{"6.20", "\"status\":\"complete\",\"errorCode\":null,\"riskEvaluation\":{\"decision\":\"approved\"",
			"\"return\":null", "\"return\":null", "999999993.80"},
		{"6.21", "\"status\":\"complete\",\"errorCode\":null,",
			"\"reason\":\"payout_returned\",\"status\":"
			"\"pending\"",
			"\"reason\":\"payout_returned\",\"status\":\"complete\"", "1000000000.00"},
		{"6.37", "\"status\":\"failed\",\"errorCode\":\"transaction_returned\"",
			"\"reason\":\"payout_returned\",\"status\":\"pending\"",
			"\"reason\":\"payout_returned\",\"status\":\"complete\"", "1000000000.00"},
		{"6.53", "\"status\":\"failed\",\"errorCode\":\"transaction_failed\"", "\"return\":null",
			"\"return\":null", "1000000000.00"},
	};
	struct bench *bench = *state;

	for (int legacy = 0; legacy < 2; legacy++) {
		const char *path = legacy ? "/v1/payouts" : business;

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			char members[256];
			char part[48];

			sandbox_reset(&bench->sandbox);
			bench_wire(bench, legacy);
			snprintf(members, sizeof(members),
				"\"destination\":{\"type\":\"wire\",\"id\":\"%s\"},\"amount\":{\"amount\":\"%s\","
				"\"currency\":\"USD\"},\"metadata\":{\"beneficiaryEmail\":\"a@b.example\"}",
				bench->id, cases[i].amount);
			bench_post(bench, path, members);
			assert_int_equal(bench->status, 201);
			has(bench_get(bench, "/v1/balances", ""), "\"99999999");
			sandbox_advance(&bench->sandbox, SETTLE_MS);
			has(bench_get(bench, path, bench->id), cases[i].settled);
			sandbox_advance(&bench->sandbox, SETTLE_MS / 2);
			has(bench_get(bench, path, bench->id), cases[i].returned);
			if (legacy && i == 0)
				has(bench_get(bench, path, bench->id), "\"externalRef\":\"");
			if (legacy && strstr(cases[i].returned, "payout_returned") != NULL)
				has(bench_get(bench, "/v1/returns", ""), cases[i].returned);
			else
				assert_string_equal(bench_get(bench, "/v1/returns", ""), "{\"data\":[]}");
			sandbox_advance(&bench->sandbox, SETTLE_MS / 2);
			has(bench_get(bench, path, bench->id), cases[i].last);
			snprintf(part, sizeof(part), "{\"amount\":\"%s\",\"currency\":\"USD\"}", cases[i].held);
			has(bench_get(bench, "/v1/businessAccount/balances", ""), part);
		}
	}
}

static void a_tracking_reference_comes_with_the_end_and_not_in_the_list(void **state)
{
	struct bench *bench = *state;

	bench_wire(bench, false);
	bench_pay(bench, bench->id, "5");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(bench_get(bench, business, bench->id), "\"trackingRef\":\"CIR-");
	has_not(bench_get(bench, business, ""), "trackingRef");
}

static void dollars_become_reais_and_nothing_else(void **state)
{
	static const struct {
		const char *more;
		int code;
		const char *part;
	} cases[] = {
		{",\"toAmount\":{\"currency\":\"BRL\"}", 0, "\"toAmount\":{\"amount\":\"61.75\",\"currency\":\"BRL\"}"},
		{",\"toAmount\":{\"currency\":\"BRL\",\"amount\":\"60.01\"}", 0, "\"amount\":\"60.01\""},
		{",\"toAmount\":{\"currency\":\"USD\"}", 0, "\"toAmount\":{\"amount\":\"12.35\",\"currency\":\"USD\"}"},
		{",\"toAmount\":{\"currency\":\"EUR\"}", 5007, ""},
		{",\"toAmount\":{}", 2, "\"location\":\"toAmount.currency\""},
		{",\"source\":{\"type\":\"wallet\",\"id\":\"212000\"}", 0, "\"sourceWalletId\":\"212000\""},
		{",\"source\":{\"type\":\"wallet\",\"id\":\"abc\"}", 5005, ""},
		{",\"source\":{\"type\":\"card\",\"id\":\"212000\"}", 2, "\"location\":\"source.type\""},
	};
	struct bench *bench = *state;
	char wire[40];

	bench_wire(bench, false);
	snprintf(wire, sizeof(wire), "%s", bench->id);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char members[512];

		snprintf(members, sizeof(members),
			"\"destination\":{\"type\":\"wire\",\"id\":\"%s\"},\"amount\":{\"amount\":\"12.35\","
			"\"currency\":\"USD\"}%s",
			wire, cases[i].more);
		has(bench_post(bench, business, members), cases[i].part);
		if (cases[i].code == 0)
			assert_int_equal(bench->status, 201);
		else
			bench_refused(bench, 400, cases[i].code);
	}
}

#define TO(type, id) "\"destination\":{\"type\":\"" type "\",\"id\":\"" id "\"}"
#define SUM(amount, currency) ",\"amount\":{\"amount\":\"" amount "\",\"currency\":\"" currency "\"}"

static void payouts_that_do_not_fit_are_refused_with_their_code(void **state)
{
	static const struct {
		const char *path;
		const char *members;
		unsigned status;
		int code;
		const char *part;
	} cases[] = {
		{business, TO("wire", RECIPIENT) SUM("5.00", "USD"), 400, 5004, ""},
		{business, TO("pix", RECIPIENT) SUM("5.00", "BRL"), 400, 5004, ""},
		{business, TO("address_book", RECIPIENT) SUM("5.00", "USD"), 400, 2,
			"\"location\":\"destination.type\""},
		{business, TO("wire", RECIPIENT) SUM("5.001", "USD"), 400, 2,
			"\"error\":\"pattern_mismatch\",\"message\":\"amount.amount must be digits with at most two "
			"after a point\",\"location\":\"amount.amount\",\"invalidValue\":\"5.001\",\"constraints\":{"
			"\"pattern\":\"^[0-9]+(\\\\.[0-9]{1,2})?$\"}"},
		{business, TO("wire", RECIPIENT) ",\"amount\":{\"amount\":5,\"currency\":\"USD\"}", 400, 2,
			"\"message\":\"amount.amount must be a string\""},
		{business, TO("wire", RECIPIENT), 400, 2,
			"\"message\":\"Invalid entity. amount may not be null (was null)\""},
		{business, "\"amount\":{\"amount\":\"5\",\"currency\":\"USD\"}", 400, 2,
			"\"location\":\"destination\""},
		{business, TO("wire", RECIPIENT) SUM("0.00", "USD"), 400, 5002, ""},
		{business, TO("wire", RECIPIENT) SUM("-5.00", "USD"), 400, 5002, ""},
		{business, TO("wire", RECIPIENT) SUM("5.00", "GBP"), 400, 5007, ""},
		{"/v1/payouts", TO("address_book", RECIPIENT) SUM("5.00", "MXN"), 400, 5007, ""},
		{"/v1/payouts", TO("address_book", RECIPIENT) SUM("5.00", "USD") ",\"toAmount\":{\"currency\":\"EUR\"}",
			400, 5007, ""},
		{"/v1/payouts", TO("address_book", RECIPIENT) SUM("5.00", "USD") ",\"purposeOfTransfer\":\"PMT006\"",
			400, 5020, ""},
		{"/v1/payouts", TO("address_book", RECIPIENT) SUM("5.00", "USD") ",\"purposeOfTransfer\":6", 400, 5020,
			""},
		{"/v1/payouts", TO("wire", RECIPIENT) SUM("5.00", "USD"), 400, 2, "\"location\":\"metadata\""},
		{"/v1/payouts", TO("wire", RECIPIENT) SUM("5.00", "USD") ",\"metadata\":{}", 400, 2,
			"\"location\":\"metadata.beneficiaryEmail\""},
		{"/v1/payouts",
			TO("wire", RECIPIENT) SUM("5.00", "EUR") ",\"metadata\":{\"beneficiaryEmail\":\"a@b.example\"}",
			400, 5007, ""},
		{"/v1/payouts", TO("cubix", RECIPIENT) SUM("5.00", "USD"), 400, 2, "\"location\":\"destination.type\""},
		{"/v1/payouts", TO("address_book", RECIPIENT) SUM("1000000000.01", "USD"), 400, 5006, ""},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		has(bench_post(bench, cases[i].path, cases[i].members), cases[i].part);
		bench_refused(bench, cases[i].status, cases[i].code);
	}
	bench_send(bench, "POST", business, "{\"destination\":{}}");
	bench_refused(bench, 400, 2);
	has(bench_send(bench, "POST", business, "{\"idempotencyKey\":\"row-1\"}"), "\"location\":\"idempotencyKey\"");
	bench_refused(bench, 400, 2);
	bench_send(bench, "POST", business, "nonsense");
	bench_refused(bench, 400, 2);
	bench_get(bench, business, RECIPIENT);
	bench_refused(bench, 404, 5001);
	assert_int_equal(bench->sandbox.ledger.count, 0);
}

#define NAMED                                                                                                          \
	",\"source\":{\"type\":\"wallet\",\"id\":\"1000000001\",\"identities\":[{\"type\":\"business\",\"name\":"      \
	"\"Acme\",\"addresses\":[{\"line1\":\"1 Road\",\"city\":\"Boston\",\"district\":\"MA\",\"postalCode\":"        \
	"\"02201\",\"country\":\"US\"}]}]}"
#define PURPOSE ",\"purposeOfTransfer\":\"PMT001\""
#define DENIED                                                                                                         \
	"\"status\":\"failed\",\"errorCode\":\"transaction_denied\",\"riskEvaluation\":{\"decision\":\"denied\","      \
	"\"reason\":\"3220\"}"

static void the_travel_rule_depends_on_company_chain_and_amount(void **state)
{
	static const struct {
		const char *bearer;
		bool ethereum;
		const char *amount;
		const char *more;
		int code;
		const char *settled;
	} cases[] = {
		{"Bearer SANDBOX_CIRCLE_KEY", true, "2999.99", "", 0, "\"complete\""},
		{"Bearer SANDBOX_CIRCLE_KEY", true, "3000", "", 0, DENIED},
		{"Bearer SANDBOX_CIRCLE_KEY", true, "3000", NAMED, 0, "\"complete\""},
		{"Bearer SANDBOX_CIRCLE_KEY", false, "3000", "", 0, "\"complete\""},
		{"Bearer SANDBOX_CIRCLE_KEY", false, "5", PURPOSE, 0, "\"purposeOfTransfer\":\"PMT001\""},
		{"Bearer SANDBOX_CIRCLE_KEY_SG", false, "5", "", 5020, ""},
		{"Bearer SANDBOX_CIRCLE_KEY_SG", false, "5", PURPOSE, 0, DENIED},
		{"Bearer SANDBOX_CIRCLE_KEY_SG", false, "5", PURPOSE NAMED, 0, "\"complete\""},
		{"Bearer SANDBOX_CIRCLE_KEY_FR", false, "5", NAMED, 5020, ""},
		{"Bearer SANDBOX_CIRCLE_KEY_FR", false, "5", PURPOSE NAMED, 0, "\"complete\""},
		{"Bearer SANDBOX_CIRCLE_KEY", false, "5",
			",\"source\":{\"type\":\"wallet\",\"id\":\"1\",\"identities\":[{}]}", 2,
			"\"location\":\"source.identities[0].name\""},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char recipient[40] = RECIPIENT;

		sandbox_reset(&bench->sandbox);
		bench->bearer = "Bearer SANDBOX_CIRCLE_KEY";
		if (cases[i].ethereum) {
			bench_post(bench, "/v1/addressBook/recipients",
				"\"chain\":\"ETH\",\"address\":\"0x52908400098527886E0F7030069857D2E4169EE7\","
				"\"metadata\":{}");
			snprintf(recipient, sizeof(recipient), "%s", bench->id);
			sandbox_advance(&bench->sandbox, SETTLE_MS);
		}
		bench->bearer = cases[i].bearer;
		bench_book(bench, recipient, cases[i].amount, cases[i].more);
		if (cases[i].code != 0) {
			has(buf_str(&bench->exchange.response.body), cases[i].settled);
			bench_refused(bench, 400, cases[i].code);
			continue;
		}
		assert_int_equal(bench->status, 201);
		sandbox_advance(&bench->sandbox, SETTLE_MS);
		has(bench_get(bench, "/v1/payouts", bench->id), cases[i].settled);
	}
}

static void a_stablecoin_payout_has_its_own_members(void **state)
{
	struct bench *bench = *state;
	const char *body = bench_book(bench, RECIPIENT, "5", NAMED);

	has(body, "\"networkFees\":{\"amount\":\"0.00\",\"currency\":\"USD\"}");
	has(body, "\"toAmount\":{\"amount\":\"5.00\",\"currency\":\"USD\"}");
	has_not(body, "trackingRef");
	has_not(body, "\"return\"");
	bench_get(bench, business, bench->id);
	bench_refused(bench, 404, 5001);
	bench_argument(bench, "returnIdentities", "true");
	has_not(bench_get(bench, "/v1/payouts", bench->id), "Acme");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has_not(bench_get(bench, "/v1/payouts", bench->id), "Acme");
	bench_argument(bench, "returnIdentities", "true");
	has(bench_get(bench, "/v1/payouts", bench->id),
		"\"identities\":[{\"type\":\"business\",\"name\":\"Acme\",\"addresses\":[{\"line1\":\"1 Road\"");
}

static void after_commit_decides_whether_the_payout_exists(void **state)
{
	static const char *const kinds[] = {
		"reset", "close", "timeout", "truncate", "garbage", "500", "502", "503", "wrong"};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		sandbox_reset(&bench->sandbox);
		stage(bench, kinds[i], "");
		bench_book(bench, RECIPIENT, "5", "");
		assert_int_equal(bench->sandbox.ledger.count, 0);
		bench_again(bench, "/v1/payouts");
		assert_int_equal(bench->status, 201);
		assert_int_equal(bench->sandbox.ledger.count, 1);
		stage(bench, kinds[i], ",\"after_commit\":true");
		bench_book(bench, RECIPIENT, "5", "");
		assert_int_equal(bench->sandbox.ledger.count, 2);
		has(bench_again(bench, "/v1/payouts"), "\"amount\":\"5.00\"");
		assert_int_equal(bench->status, 201);
		assert_int_equal(bench->sandbox.ledger.count, 2);
	}
}

static void a_wrong_answer_is_wrong_in_the_field_asked_for(void **state)
{
	struct bench *bench = *state;
	const char *body;

	stage(bench, "wrong", ",\"field\":\"amount\",\"after_commit\":true");
	body = bench_book(bench, RECIPIENT, "12.50", "");
	assert_int_equal(bench->status, 201);
	has(body, "\"amount\":\"12.10\"");
	has(bench_again(bench, "/v1/payouts"), "\"amount\":\"12.50\"");
	stage(bench, "wrong", ",\"field\":\"destination\"");
	has_not(bench_get(bench, "/v1/payouts", bench->id), RECIPIENT);
	/* A linked account is kept under its true id, also for a replay. */
	stage(bench, "wrong", ",\"after_commit\":true");
	bench_wire(bench, false);
	bench_get(bench, "/v1/businessAccount/banks/wires", bench->id);
	bench_refused(bench, 404, 404);
	bench_again(bench, "/v1/businessAccount/banks/wires");
	bench_get(bench, "/v1/businessAccount/banks/wires", bench->id);
	assert_int_equal(bench->status, 200);
}

static void staged_refusals_come_in_circles_own_envelope(void **state)
{
	struct bench *bench = *state;

	stage(bench, "401", "");
	bench_book(bench, RECIPIENT, "5", "");
	bench_refused(bench, 401, 401);
	stage(bench, "429", ",\"retry_after\":7");
	bench_book(bench, RECIPIENT, "5", "");
	bench_refused(bench, 429, 429);
	stage(bench, "redirect", "");
	bench_book(bench, RECIPIENT, "5", "");
	assert_int_equal(bench->status, 307);
	assert_int_equal(bench->sandbox.ledger.count, 0);
}

static void balances_are_of_a_wallet_and_deposits_reach_the_master(void **state)
{
	struct bench *bench = *state;
	struct balance *balance = circle_balance(&bench->sandbox, TEXT("212000"), TEXT("USD"));

	balance->held = (struct decimal){10, 0};
	bench_book(bench, RECIPIENT, "10.01", ",\"source\":{\"type\":\"wallet\",\"id\":\"212000\"}");
	bench_refused(bench, 400, 5006);
	bench_book(bench, RECIPIENT, "10", ",\"source\":{\"type\":\"wallet\",\"id\":\"212000\"}");
	assert_int_equal(bench->status, 201);
	bench_argument(bench, "walletId", "212000");
	has(bench_get(bench, "/v1/businessAccount/balances", ""),
		"{\"data\":{\"available\":[{\"amount\":\"0.00\",\"currency\":\"USD\"},{\"amount\":\"1000000000.00\","
		"\"currency\":\"EUR\"}");
	bench_argument(bench, "walletId", "abc");
	bench_get(bench, "/v1/balances", "");
	bench_refused(bench, 400, 5005);
	has(bench_send(bench, "POST", "/v1/mocks/payments/wire",
		    "{\"trackingRef\":\"CIR1\",\"amount\":{\"amount\":\"2.50\",\"currency\":\"USD\"},"
		    "\"beneficiaryBank\":{\"accountNumber\":\"1\"}}"),
		"\"status\":\"pending\"");
	assert_int_equal(bench->status, 201);
	has(bench_get(bench, "/v1/balances", ""), "\"1000000000.00\",\"currency\":\"USD\"");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(bench_get(bench, "/v1/balances", ""), "\"1000000002.50\",\"currency\":\"USD\"");
	assert_true(circle_balance_known(TEXT("BRL")));
	assert_true(circle_balance_known(TEXT("212000/EUR")));
	assert_false(circle_balance_known(TEXT("GBP")));
	assert_false(circle_balance_known(TEXT("1000000001/EUR")));
	assert_false(circle_balance_known(TEXT("abc/EUR")));
	assert_false(circle_balance_known(TEXT("")));
}

static void the_master_wallet_pays_the_fee_and_loses_it(void **state)
{
	static struct options_money fees[] = {{PROVIDER_CIRCLE, {"USD", 3}, {25, 0}}};
	struct bench *bench = *state;
	char members[256];
	char wire[40];

	bench->options.fees = fees;
	bench->options.fee_count = 1;
	bench_wire(bench, false);
	snprintf(wire, sizeof(wire), "%s", bench->id);
	circle_balance(&bench->sandbox, TEXT("1000000001"), TEXT("USD"))->held = (struct decimal){40, 0};
	bench_pay(bench, wire, "15.01");
	bench_refused(bench, 400, 5006);
	has(bench_pay(bench, wire, "6.53"), "\"fees\":{\"amount\":\"25.00\",\"currency\":\"USD\"}");
	has(bench_get(bench, "/v1/businessAccount/balances", ""), "{\"amount\":\"8.47\",\"currency\":\"USD\"}");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(bench_get(bench, "/v1/businessAccount/balances", ""), "{\"amount\":\"15.00\",\"currency\":\"USD\"}");
	/* Also for a payout from another wallet. */
	snprintf(members, sizeof(members),
		"\"source\":{\"type\":\"wallet\",\"id\":\"212000\"},\"destination\":{\"type\":\"wire\",\"id\":\"%s\"},"
		"\"amount\":{\"amount\":\"1.00\",\"currency\":\"USD\"}",
		wire);
	bench_post(bench, business, members);
	bench_refused(bench, 400, 5006);
	circle_balance(&bench->sandbox, TEXT("1000000001"), TEXT("USD"))->held = (struct decimal){25, 0};
	bench_post(bench, business, members);
	assert_int_equal(bench->status, 201);
	has(bench_get(bench, "/v1/businessAccount/balances", ""), "{\"amount\":\"0.00\",\"currency\":\"USD\"}");
}

int main(void)
{
#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)
	const struct CMUnitTest tests[] = {
		WITH_BENCH(a_payout_is_made_once_and_its_first_answer_comes_again),
		WITH_BENCH(a_refused_request_binds_no_key),
		WITH_BENCH(test_amounts_end_as_documented_and_in_time),
		WITH_BENCH(a_tracking_reference_comes_with_the_end_and_not_in_the_list),
		WITH_BENCH(dollars_become_reais_and_nothing_else),
		WITH_BENCH(payouts_that_do_not_fit_are_refused_with_their_code),
		WITH_BENCH(the_travel_rule_depends_on_company_chain_and_amount),
		WITH_BENCH(a_stablecoin_payout_has_its_own_members),
		WITH_BENCH(after_commit_decides_whether_the_payout_exists),
		WITH_BENCH(a_wrong_answer_is_wrong_in_the_field_asked_for),
		WITH_BENCH(staged_refusals_come_in_circles_own_envelope),
		WITH_BENCH(balances_are_of_a_wallet_and_deposits_reach_the_master),
		WITH_BENCH(the_master_wallet_pays_the_fee_and_loses_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
