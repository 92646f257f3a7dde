#include "tests/circle_bench.h"

static void a_routing_number_a_bic_and_an_iban_have_their_checks(void **state)
{
	static const struct {
		bool (*valid)(struct text text);
		const char *text;
		bool wanted;
	} cases[] = {
		{circle_aba_valid, "121000248", true},
		{circle_aba_valid, "021000021", true},
		{circle_aba_valid, "121000249", false},
		{circle_aba_valid, "000000000", false},
		{circle_aba_valid, "12100024", false},
		{circle_aba_valid, "12100024x", false},
		{circle_bic_valid, "SBININBB354", true},
		{circle_bic_valid, "DEUTDEFF", true},
		{circle_bic_valid, "DEUTDEF", false},
		{circle_bic_valid, "DEUTXXFF", false},
		{circle_bic_valid, "deutdeff", false},
		{circle_iban_valid, "DE31100400480532013000", true},
		{circle_iban_valid, "DE32100400480532013000", false},
		{circle_iban_valid, "GB82WEST12345698765432", true},
		{circle_iban_valid, "GB82 WEST 1234 5698 7654 32", false},
		{circle_iban_valid, "XX82WEST12345698765432", false},
		{circle_iban_valid, "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (cases[i].valid(text_of(cases[i].text)) != cases[i].wanted)
			fail_msg("%s", cases[i].text);
	assert_true(circle_country_known(TEXT("ZW")));
	assert_true(circle_country_known(TEXT("AD")));
	assert_false(circle_country_known(TEXT("UK")));
	assert_false(circle_country_known(TEXT("D ")));
	assert_true(circle_country_iban(TEXT("VG")));
	assert_false(circle_country_iban(TEXT("BR")));
	assert_false(circle_country_iban(TEXT("")));
}

static void purposes_are_those_of_the_table(void **state)
{
	static const struct {
		const char *purpose;
		bool known;
	} cases[] = {{"PMT000", true}, {"PMT005", true}, {"PMT006", false}, {"PMT007", true}, {"PMT030", true},
		{"PMT031", false}, {"PMT1", false}, {"pmt001", false}, {"", false}, {"PMT00x", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (circle_purpose_known(text_of(cases[i].purpose)) != cases[i].known)
			fail_msg("%s", cases[i].purpose);
}

static void an_amount_is_digits_with_at_most_two_after_the_point(void **state)
{
	static const struct {
		const char *text;
		bool parsed;
		bool negative;
	} cases[] = {{"3.14", true, false}, {"3", true, false}, {"03.1", true, false}, {"-3.14", true, true},
		{"3.141", false, false}, {"3.", false, false}, {".5", false, false}, {"1e2", false, false},
		{"1,000.00", false, false}, {"", false, false}, {"-", false, true}, {"1234567890123456", false, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decimal amount;
		bool negative;

		if (circle_amount_parse(text_of(cases[i].text), &amount, &negative) != cases[i].parsed ||
			negative != cases[i].negative)
			fail_msg("%s", cases[i].text);
	}
}

static void an_address_is_of_its_chain(void **state)
{
	static const struct {
		const char *chain;
		const char *address;
		bool fits;
	} cases[] = {
		{"ETH", "0x52908400098527886E0F7030069857D2E4169EE7", true},
		{"ETH", "0x52908400098527886E0F7030069857D2E4169EE", false},
		{"SOL", "0x52908400098527886E0F7030069857D2E4169EE7", false},
		{"SOL", "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", true},
		{"XLM", "GA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN", true},
		{"XLM", "SA5ZSEJYB37JRC5AVCIA5MOP4RHTM335X2KGX3IHOJAPP5RE34K4KZVN", false},
		{"XRP", "rN7n7otQDd6FczFgLdSqtcsAUxDkw6fzRH", true},
		{"APTOS", "0x1", true},
		{"HBAR", "0.0.4711", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (circle_address_fits(text_of(cases[i].chain), text_of(cases[i].address)) != cases[i].fits)
			fail_msg("%s %s", cases[i].chain, cases[i].address);
	assert_true(circle_chain_travels(TEXT("ETH")));
	assert_false(circle_chain_travels(TEXT("NOBLE")));
	assert_false(circle_chain_travels(TEXT("")));
}

static void only_ping_needs_no_credentials(void **state)
{
	static const char *const bearers[] = {NULL, "Bearer wrong", "SANDBOX_CIRCLE_KEY", "Bearer ",
		"Bearer SANDBOX_CIRCLE_KEY2", "Basic SANDBOX_CIRCLE_KEY"};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(bearers) / sizeof(bearers[0]); i++) {
		bench->bearer = bearers[i];
		assert_string_equal(bench_get(bench, "/ping", ""), "{\"message\":\"pong\"}");
		bench_get(bench, "/v1/configuration", "");
		bench_refused(bench, 401, 401);
		bench_get(bench, "/v1/nothing", "");
		bench_refused(bench, 401, 401);
	}
	bench->bearer = "Bearer SANDBOX_CIRCLE_KEY";
	has(bench_get(bench, "/v1/configuration", ""), "{\"data\":{\"payments\":{\"masterWalletId\":\"1000000001\"}}}");
	bench_get(bench, "/v1/nothing", "");
	bench_refused(bench, 404, 404);
	bench_send(bench, "DELETE", "/v1/payouts", NULL);
	bench_refused(bench, 405, 405);
}

static void an_american_account_is_linked_pending_and_then_complete(void **state)
{
	struct bench *bench = *state;
	char first[1024];
	char fingerprint[64];

	bench_wire(bench, false);
	snprintf(first, sizeof(first), "%s", buf_str(&bench->exchange.response.body));
	has(first, "\"type\":\"wire\",\"status\":\"pending\",\"description\":\"WELLS FARGO BANK, NA ****0010\"");
	has(first, "\"transferTypesInfo\":{\"wire\":{\"currencies\":[\"USD\",\"EUR\"]}");
	has(first, "\"billingDetails\":{\"name\":\"Satoshi Nakamoto\",\"line1\":\"100 Money Street\"");
	has(first, "\"bankAddress\":{\"bankName\":\"WELLS FARGO BANK, NA\",\"country\":\"US\"}");
	has_not(first, "12340010");
	snprintf(fingerprint, sizeof(fingerprint), "%.52s", strstr(first, "\"fingerprint\""));
	has(bench_get(bench, "/v1/businessAccount/banks/wires", bench->id), "\"status\":\"pending\"");
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(bench_get(bench, "/v1/businessAccount/banks/wires", bench->id), "\"status\":\"complete\"");
	/* The same key, also later: as it was. */
	assert_string_equal(bench_again(bench, "/v1/businessAccount/banks/wires"), first);
	assert_int_equal(bench->status, 201);
	/* Another link of the same account. */
	bench_wire(bench, false);
	has(buf_str(&bench->exchange.response.body), fingerprint);
	has_not(buf_str(&bench->exchange.response.body), strstr(first, "\"trackingRef\""));
	/* The two products do not see each other's accounts. */
	bench_get(bench, "/v1/banks/wires", bench->id);
	bench_refused(bench, 404, 404);
	has(bench_get(bench, "/v1/banks/wires", ""), "{\"data\":[]}");
	has(bench_get(bench, "/v1/businessAccount/banks/wires", ""), "},{\"id\":");
}

#define WIRE(account, bank) account BILLING ",\"bankAddress\":{" bank "}"

static void bank_accounts_that_do_not_fit_are_refused(void **state)
{
	static const struct {
		const char *members;
		int code;
		const char *part;
	} cases[] = {
		{WIRE("\"iban\":\"DE31100400480532013000\",", "\"country\":\"DE\",\"city\":\"Bonn\""), 0,
			"SANDBOX BANK ****3000"},
		{WIRE("\"accountNumber\":\"0321800123\",\"routingNumber\":\"SBININBB354\",",
			 "\"country\":\"IN\",\"city\":\"Pune\",\"bankName\":\"SBI\""),
			0, "SBI ****0123"},
		{WIRE("\"accountNumber\":\"12345\",\"routingNumber\":\"121000248\",", "\"country\":\"US\""), 2,
			"\"error\":\"length_outside_bounds\",\"message\":\"accountNumber size must be between 6 and "
			"35\",\"location\":\"accountNumber\",\"invalidValue\":\"12345\",\"constraints\":{\"min\":6,"
			"\"max\":35}"},
		{WIRE("\"accountNumber\":\"123456\",\"routingNumber\":\"121000249\",", "\"country\":\"US\""), 2,
			"\"location\":\"routingNumber\""},
		{WIRE("", "\"country\":\"US\""), 2,
			"\"message\":\"Invalid entity. accountNumber may not be null (was null), routingNumber may not "
			"be null (was null)\""},
		{WIRE("\"iban\":\"DE32100400480532013000\",", "\"country\":\"DE\",\"city\":\"Bonn\""), 2,
			"\"location\":\"iban\",\"invalidValue\":\"DE32100400480532013000\""},
		{WIRE("\"iban\":\"DE31100400480532013000\",", "\"country\":\"DE\""), 2,
			"\"error\":\"required\",\"message\":\"bankAddress.city may not be null (was null)\","
			"\"location\":\"bankAddress.city\",\"invalidValue\":\"null\""},
		/* An IBAN country wants its IBAN. */
		{WIRE("\"accountNumber\":\"0532013000\",\"routingNumber\":\"DEUTDEFF\",",
			 "\"country\":\"DE\",\"city\":\"Bonn\",\"bankName\":\"DB\""),
			2, "\"location\":\"iban\""},
		{WIRE("\"accountNumber\":\"0321800123\",\"routingNumber\":\"SBININBB354\",",
			 "\"country\":\"IN\",\"city\":\"Pune\""),
			2, "\"location\":\"bankAddress.bankName\""},
		{WIRE("\"accountNumber\":\"0321800123\",\"routingNumber\":\"121000248\",",
			 "\"country\":\"IN\",\"city\":\"Pune\",\"bankName\":\"SBI\""),
			2, "\"routingNumber must be a BIC\""},
		{WIRE("\"accountNumber\":\"0321800123\",\"routingNumber\":\"SBININBB354\",",
			 "\"country\":\"IN\",\"city\":\"Pune\",\"bankName\":\"123456789012345678901234567890123456\""),
			2, "\"bankAddress.bankName size must be between 1 and 35\""},
		{WIRE("\"iban\":\"DE31100400480532013000\",\"accountNumber\":\"123456\",",
			 "\"country\":\"DE\",\"city\":\"Bonn\""),
			2, "\"error\":\"not_required\""},
		{WIRE("\"accountNumber\":12340010,\"routingNumber\":\"121000248\",", "\"country\":\"US\""), 2,
			"\"message\":\"accountNumber must be a string\",\"location\":\"accountNumber\","
			"\"invalidValue\":\"12340010\""},
		{WIRE("\"accountNumber\":\"12340010\",\"routingNumber\":\"SBININBB354\",",
			 "\"country\":\"IR\",\"city\":\"Q\",\"bankName\":\"B\""),
			1108, ""},
		{WIRE("\"accountNumber\":\"12340010\",\"routingNumber\":\"SBININBB354\",",
			 "\"country\":\"XX\",\"city\":\"Q\",\"bankName\":\"B\""),
			1101, ""},
		{WIRE("\"accountNumber\":\"12340010\",\"routingNumber\":\"SBININBB354\",",
			 "\"country\":\"USA\",\"city\":\"Q\",\"bankName\":\"B\""),
			1100, ""},
		{WIRE("\"accountNumber\":\"12340010\",\"routingNumber\":\"121000248\",",
			 "\"country\":\"US\",\"district\":\"Cal\""),
			1106, ""},
		{WIRE("\"accountNumber\":\"12340010\",\"routingNumber\":\"121000248\",",
			 "\"country\":\"US\",\"district\":\"C1\""),
			1112, ""},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int legacy = 0; legacy < 2; legacy++) {
			has(bench_post(bench, legacy ? "/v1/banks/wires" : "/v1/businessAccount/banks/wires",
				    cases[i].members),
				cases[i].part);
			if (cases[i].code == 0)
				assert_int_equal(bench->status, 201);
			else
				bench_refused(bench, 400, cases[i].code);
		}
	}
}

static void a_district_of_the_holder_is_required_in_the_united_states_and_canada(void **state)
{
	struct bench *bench = *state;

	bench_post(bench, "/v1/businessAccount/banks/wires",
		"\"accountNumber\":\"12340010\",\"routingNumber\":\"121000248\",\"billingDetails\":{\"name\":\"A\","
		"\"city\":\"B\",\"country\":\"CA\",\"line1\":\"C\",\"postalCode\":\"1\"},\"bankAddress\":{\"country\":"
		"\"US\"}");
	bench_refused(bench, 400, 1112);
}

#define ETH_ADDRESS "0x52908400098527886E0F7030069857D2E4169EE7"
#define ETH "\"chain\":\"ETH\",\"address\":\"" ETH_ADDRESS "\","

static void a_recipient_is_made_read_changed_and_deleted(void **state)
{
	static const char path[] = "/v1/addressBook/recipients";
	struct bench *bench = *state;
	char whole[96];
	char key[48];

	has(bench_post(bench, path, ETH "\"metadata\":{\"nickname\":\"Anna\"}"),
		"\"chain\":\"ETH\",\"address\":\"" ETH_ADDRESS "\",\"metadata\":{\"nickname\":\"Anna\"},"
		"\"status\":\"pending\"");
	assert_int_equal(bench->status, 201);
	snprintf(whole, sizeof(whole), "%s/%s", path, bench->id);
	snprintf(key, sizeof(key), "%s", bench->key);
	bench_book(bench, bench->id, "5", "");
	bench_refused(bench, 409, 5003);
	sandbox_advance(&bench->sandbox, SETTLE_MS);
	has(bench_get(bench, whole, ""), "\"status\":\"active\"");
	has(bench_send(bench, "PATCH", whole, "{\"metadata\":{\"nickname\":\"Ben\"}}"), "\"nickname\":\"Ben\"");
	has(bench_get(bench, path, ""), "{\"data\":[{\"id\":");
	has(bench_get(bench, path, ""), "\"nickname\":\"Ben\"");
	bench_send(bench, "PATCH", whole, "{\"identity\":{}}");
	bench_refused(bench, 400, 2036);
	bench_send(bench, "PATCH", whole, "{\"ownership\":{}}");
	bench_refused(bench, 400, 2037);
	bench_post(bench, path, ETH "\"metadata\":{}");
	bench_refused(bench, 409, 2003);
	bench_send(bench, "DELETE", whole, NULL);
	assert_int_equal(bench->status, 200);
	assert_int_equal(bench->exchange.response.body.len, 0);
	bench_get(bench, whole, "");
	bench_refused(bench, 404, 404);
	assert_string_equal(bench_get(bench, path, ""), "{\"data\":[]}");
	bench_book(bench, whole + sizeof(path), "5", "");
	bench_refused(bench, 400, 5004);
	bench_post(bench, path, ETH "\"metadata\":{}");
	assert_int_equal(bench->status, 201);
}

static void recipients_that_do_not_fit_are_refused_with_their_code(void **state)
{
#define IDENTITY "\"metadata\":{},\"identity\":{\"type\":\"individual\",\"firstName\":\"A\",\"lastName\":\"B\"},"
	static const struct {
		const char *members;
		int code;
		int code_sg;
	} cases[] = {
		{ETH "\"metadata\":5", 2, 2},
		{ETH "\"addressTag\":\"1\"", 2, 2},
		{ETH "\"metadata\":{\"nickname\":7}", 2, 2},
		{"\"chain\":\"BTC\",\"address\":\"x\",\"metadata\":{}", 2005, 2005},
		{"\"chain\":\"SOL\",\"address\":\"" ETH_ADDRESS "\",\"metadata\":{}", 5014, 5014},
		{"\"chain\":\"ETH\",\"address\":\"with space\",\"metadata\":{}", 5011, 5011},
		{ETH "\"metadata\":{},\"identity\":{\"type\":\"dog\"}", 0, 2031},
		{ETH "\"metadata\":{}", 0, 2024},
		{ETH "\"metadata\":{},\"identity\":{\"type\":\"individual\"}", 0, 2032},
		{ETH "\"metadata\":{},\"identity\":{\"type\":\"individual\",\"firstName\":\"A\"}", 0, 2033},
		{ETH "\"metadata\":{},\"identity\":{\"type\":\"business\"}", 0, 2034},
		{ETH IDENTITY "\"ownership\":null", 0, 2025},
		{ETH IDENTITY "\"ownership\":{\"type\":\"dog\"}", 0, 2027},
		{ETH IDENTITY "\"ownership\":{\"type\":\"self\"}", 0, 2029},
		{ETH IDENTITY "\"ownership\":{\"type\":\"self\",\"custodyType\":\"dog\"}", 0, 2028},
		{ETH IDENTITY "\"ownership\":{\"type\":\"self\",\"custodyType\":\"hosted\"}", 0, 2026},
		{ETH IDENTITY "\"ownership\":{\"type\":\"self\",\"custodyType\":\"hosted\",\"vaspId\":\"x\"}", 0, 2030},
		{ETH IDENTITY "\"ownership\":{\"type\":\"self\",\"custodyType\":\"self_hosted\",\"vaspId\":\"x\"}", 0,
			2035},
		{ETH IDENTITY "\"ownership\":{\"type\":\"self\",\"custodyType\":\"self_hosted\"}", 0, 0},
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (int singapore = 0; singapore < 2; singapore++) {
			int code = singapore ? cases[i].code_sg : cases[i].code;

			sandbox_reset(&bench->sandbox);
			bench->bearer = singapore ? "Bearer SANDBOX_CIRCLE_KEY_SG" : "Bearer SANDBOX_CIRCLE_KEY";
			bench_post(bench, "/v1/addressBook/recipients", cases[i].members);
			if (code == 0 && bench->status != 201)
				fail_msg("%s", buf_str(&bench->exchange.response.body));
			if (code != 0)
				bench_refused(bench, 400, code);
		}
	}
	bench->bearer = "Bearer SANDBOX_CIRCLE_KEY_FR";
	has(bench_get(bench, "/v1/addressBook/vasps", ""), "{\"data\":[{\"id\":");
	bench->bearer = "Bearer SANDBOX_CIRCLE_KEY";
	bench_get(bench, "/v1/addressBook/vasps", "");
	bench_refused(bench, 403, 3);
}

static void any_uuid_is_a_recipient_but_for_two_prefixes(void **state)
{
	struct bench *bench = *state;

	has(bench_get(bench, "/v1/addressBook/recipients", RECIPIENT), "\"status\":\"active\"");
	has(bench_get(bench, "/v1/addressBook/recipients", "ffffffff-0000-4000-8000-000000000000"),
		"\"status\":\"inactive\"");
	bench_get(bench, "/v1/addressBook/recipients", "00000000-0000-4000-8000-000000000000");
	bench_refused(bench, 404, 404);
	bench_get(bench, "/v1/addressBook/recipients", "nobody");
	bench_refused(bench, 404, 404);
	bench_book(bench, RECIPIENT, "5", "");
	assert_int_equal(bench->status, 201);
	bench_book(bench, "00000000-0000-4000-8000-000000000000", "5", "");
	bench_refused(bench, 400, 5004);
	bench_book(bench, "FFFFFFFF-0000-4000-8000-000000000000", "5", "");
	bench_refused(bench, 409, 5003);
	bench_book(bench, "nobody", "5", "");
	bench_refused(bench, 400, 5004);
}

int main(void)
{
#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_routing_number_a_bic_and_an_iban_have_their_checks),
		cmocka_unit_test(purposes_are_those_of_the_table),
		cmocka_unit_test(an_amount_is_digits_with_at_most_two_after_the_point),
		cmocka_unit_test(an_address_is_of_its_chain),
		WITH_BENCH(only_ping_needs_no_credentials),
		WITH_BENCH(an_american_account_is_linked_pending_and_then_complete),
		WITH_BENCH(bank_accounts_that_do_not_fit_are_refused),
		WITH_BENCH(a_district_of_the_holder_is_required_in_the_united_states_and_canada),
		WITH_BENCH(a_recipient_is_made_read_changed_and_deleted),
		WITH_BENCH(recipients_that_do_not_fit_are_refused_with_their_code),
		WITH_BENCH(any_uuid_is_a_recipient_but_for_two_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
