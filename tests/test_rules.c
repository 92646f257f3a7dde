#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "tests/support/rules_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SETS 6

/*
 * Rows that break one rule each: what is changed in a good row, the field the finding names, and a part of its cure.
 * Rules that a cell alone can't break have their tests below, under their id as well.
 */
static const struct {
	const char *rule;
	void (*base)(struct fixture *fixture);
	struct {
		enum column column;
		const char *value;
	} changes[SETS];
	const char *field;
	const char *cure;
} broken[] = {
	{"example-row", fixture_calypso_row, {{COLUMN_REFERENCE, "EXAMPLE-1"}}, "reference", "payout of your own"},
	{"example-row", fixture_calypso_row, {{COLUMN_REFERENCE, " example-17 "}}, "reference", ""},
	{"example-row", fixture_calypso_row, {{COLUMN_WALLET_ADDRESS, "T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb"}},
		"wallet_address", "where your payout goes"},
	{"example-row", fixture_iban_row, {{COLUMN_IBAN, "DE36000000000000000000"}}, "iban", ""},
	{"example-row", fixture_us_row, {{COLUMN_ACCOUNT_NUMBER, "EXAMPLE-0000"}}, "account_number", ""},
	{"example-row", fixture_book_row, {{COLUMN_BENEFICIARY_ID, "00000000-0000-4000-8000-000000000000"}},
		"beneficiary_id", ""},
	{"channel-required", fixture_calypso_row, {{COLUMN_CHANNEL, ""}}, "channel", "--channel"},
	{"channel-known", fixture_calypso_row, {{COLUMN_CHANNEL, "calipso"}}, "channel", "calypso-main, pontis, wire"},
	{"column-twice", fixture_calypso_row, {{COLUMN_ADDRESS, TRON_ADDRESS}}, "wallet_address", "one of them"},
	{"column-twice", fixture_wire_row, {{COLUMN_ADDRESS, "1 Main St"}, {COLUMN_LINE1, "1 Main St"}}, "line1", ""},
	{"column-unresolved", fixture_calypso_row, {{COLUMN_SOURCE_CURRENCY, "USDT"}}, "source_currency", "currency"},
	{"column-unresolved", fixture_wire_row, {{COLUMN_CURRENCY_CODE, "INR"}}, "currency_code", "target_currency"},
	{"reference-required", fixture_calypso_row, {{COLUMN_REFERENCE, ""}}, "reference", ""},
	{"reference-required", fixture_calypso_row, {{COLUMN_REFERENCE, " \t\xC2\xA0"}}, "reference", ""},
	{"amount-required", fixture_calypso_row, {{COLUMN_AMOUNT, ""}}, "amount", ""},
	{"amount-required", fixture_calypso_row, {{COLUMN_AMOUNT, "  "}}, "amount", ""},
	{"column-required", fixture_calypso_row, {{COLUMN_WALLET_ADDRESS, ""}}, "wallet_address", ""},
	{"column-required", fixture_calypso_row, {{COLUMN_CURRENCY, ""}}, "currency", ""},
	{"destination-conflict", fixture_wire_row, {{COLUMN_IBAN, "DE89370400440532013000"}}, "beneficiary_id", ""},
	{"destination-conflict", fixture_wire_row, {{COLUMN_BANK_NAME, "Bank"}}, "beneficiary_id", ""},
	{"money-not-sent", fixture_calypso_row, {{COLUMN_IBAN, "DE89370400440532013000"}}, "iban", "another channel"},
	{"money-not-sent", fixture_calypso_row, {{COLUMN_BANK_COUNTRY, "DE"}}, "bank_country", ""},
	{"money-not-sent", fixture_calypso_row, {{COLUMN_TARGET_CURRENCY, "EUR"}}, "target_currency", ""},
	{"money-not-sent", fixture_wire_row, {{COLUMN_WALLET_ADDRESS, TRON_ADDRESS}}, "wallet_address", ""},
	{"column-not-sent", fixture_calypso_row, {{COLUMN_EMAIL, "a@example.com"}}, "email", ""},
	{"column-not-sent", fixture_calypso_row, {{COLUMN_BENEFICIARY_NAME, "Ann"}}, "beneficiary_name", ""},
	{"column-not-sent", fixture_pontis_row, {{COLUMN_BENEFICIARY_ID, "ben-1"}}, "beneficiary_id", ""},

	{"text-encoding", fixture_calypso_row, {{COLUMN_DESCRIPTION, "M\xFCller"}}, "description", "--encoding"},
	{"text-encoding", fixture_calypso_row, {{COLUMN_REFERENCE, "\xED\xA0\x80"}}, "reference", ""},
	{"text-control", fixture_calypso_row, {{COLUMN_DESCRIPTION, "a\nb"}}, "description", "anew"},
	{"text-control", fixture_calypso_row, {{COLUMN_DESCRIPTION, "12345678\x1B[2J"}}, "description", ""},
	{"text-control", fixture_calypso_row, {{COLUMN_DESCRIPTION, "12345\x7F"}}, "description", ""},
	{"text-control", fixture_calypso_row, {{COLUMN_DESCRIPTION, "1234567\x7F"}}, "description", ""},
	{"text-control", fixture_calypso_row, {{COLUMN_DESCRIPTION, "a\xC2\x85z"}}, "description", ""},
	{"text-control", fixture_calypso_row, {{COLUMN_REFERENCE, "INV\t1"}}, "reference", ""},
	{"text-hidden", fixture_calypso_row,
		{{COLUMN_REFERENCE, "INV\xE2\x80\x8B"
				    "1"}},
		"reference", ""},
	{"text-hidden", fixture_calypso_row, {{COLUMN_REFERENCE, "\xE2\x80\xAEINV"}}, "reference", ""},
	{"text-hidden", fixture_calypso_row,
		{{COLUMN_REFERENCE, "INV\xE2\x80\xA8"
				    "1"}},
		"reference", ""}, /* U+2028 */
	{"text-hidden", fixture_calypso_row, {{COLUMN_REFERENCE, "INV\xEE\x80\x80"}}, "reference",
		""}, /* private use */
	{"name-hidden", fixture_calypso_row,
		{{COLUMN_DESCRIPTION, "a\xE2\x80\xAE"
				      "b"}},
		"description", ""},
	{"name-hidden", fixture_wire_row, {{COLUMN_BENEFICIARY_NAME, "A\xE2\x80\x8Bnn"}}, "beneficiary_name", ""},
	{"text-damaged", fixture_calypso_row, {{COLUMN_REFERENCE, "=\"00123\""}}, "reference", "quotes"},
	{"text-damaged", fixture_calypso_row, {{COLUMN_DESCRIPTION, "=\"7\""}}, "description", ""},
	{"text-error", fixture_calypso_row, {{COLUMN_DESCRIPTION, "#N/A"}}, "description", "formula"},
	{"text-error", fixture_calypso_row, {{COLUMN_REFERENCE, "#DIV/0!"}}, "reference", ""},
	{"text-error", fixture_wire_row, {{COLUMN_BENEFICIARY_NAME, "########"}}, "beneficiary_name", "width"},
	{"number-shortened", fixture_calypso_row, {{COLUMN_REFERENCE, "2.02611E+11"}}, "reference", "as text"},
	{"number-shortened", fixture_calypso_row, {{COLUMN_REFERENCE, "2,0E+15"}}, "reference", ""},
	{"number-shortened", fixture_us_row, {{COLUMN_ACCOUNT_NUMBER, "6.49242E+09"}}, "account_number",
		"whole number"},
	{"number-shortened", fixture_us_row, {{COLUMN_ACCOUNT_NUMBER, "6e+0009"}}, "account_number", ""},
	{"reference-length", fixture_calypso_row,
		{{COLUMN_REFERENCE, "12345678901234567890123456789012345678901234567890123456789012345"}}, "reference",
		""},

	{"currency-unknown", fixture_wire_row, {{COLUMN_CURRENCY, "usd"}}, "currency", "USD"},
	{"currency-unknown", fixture_wire_row, {{COLUMN_CURRENCY, "USDT"}}, "currency", "ISO 4217"},
	{"currency-unknown", fixture_wire_row, {{COLUMN_CURRENCY, "ZZZ"}}, "currency", ""},
	{"currency-unknown", fixture_wire_row, {{COLUMN_TARGET_CURRENCY, "eur"}}, "target_currency", "EUR"},
	{"currency-unknown", fixture_calypso_row, {{COLUMN_CURRENCY, "usdt_trx"}}, "currency", "did you mean USDT_TRX"},
	{"currency-unknown", fixture_calypso_row, {{COLUMN_CURRENCY, "USDT_TRN"}}, "currency", "did you mean USDT_TRX"},
	{"currency-unknown", fixture_calypso_row, {{COLUMN_CURRENCY, "DOGE"}}, "currency", "did you mean XDG"},
	{"currency-unknown", fixture_calypso_row, {{COLUMN_CURRENCY, "SOL9"}}, "currency", "BTC, "},
	{"currency-withdrawn", fixture_wire_row, {{COLUMN_CURRENCY, "HRK"}}, "currency", "EUR"},
	{"currency-withdrawn", fixture_calypso_row, {{COLUMN_CURRENCY, "DEM"}}, "currency", "EUR"},
	{"currency-withdrawn", fixture_wire_row, {{COLUMN_TARGET_CURRENCY, "ZWL"}}, "target_currency", "ZWG"},
	{"currency-withdrawn", fixture_wire_row, {{COLUMN_CURRENCY, "RHD"}}, "currency", "took its place"},
	{"currency-unsupported", fixture_calypso_row, {{COLUMN_CURRENCY, "USD"}}, "currency", "USDT_TRX"},
	{"currency-unsupported", fixture_wire_row, {{COLUMN_CURRENCY, "XAU"}}, "currency", ""},
	{"amount-syntax", fixture_calypso_row, {{COLUMN_AMOUNT, "12,50"}}, "amount", "--decimal comma"},
	{"amount-syntax", fixture_calypso_row, {{COLUMN_AMOUNT, "$5"}}, "amount", "1234.50"},
	{"amount-syntax", fixture_calypso_row, {{COLUMN_AMOUNT, "ALL"}}, "amount", ""},
	{"amount-syntax", fixture_calypso_row, {{COLUMN_AMOUNT, "(5)"}, {COLUMN_CURRENCY, "XYZ"}}, "amount", ""},
	{"amount-ambiguous", fixture_calypso_row, {{COLUMN_AMOUNT, "1,234"}}, "amount", "--decimal comma"},
	{"amount-positive", fixture_calypso_row, {{COLUMN_AMOUNT, "-5"}}, "amount", ""},
	{"amount-positive", fixture_calypso_row, {{COLUMN_AMOUNT, "0.00"}}, "amount", ""},
	{"amount-decimals", fixture_wire_row, {{COLUMN_AMOUNT, "12.500"}}, "amount", "at most 2"},
	{"amount-decimals", fixture_wire_row, {{COLUMN_AMOUNT, "5.0"}, {COLUMN_CURRENCY, "JPY"}}, "amount",
		"at most 0"},
	{"amount-decimals", fixture_calypso_row, {{COLUMN_AMOUNT, "0.0000001"}}, "amount", "at most 6"},
	{"amount-size", fixture_wire_row, {{COLUMN_AMOUNT, "99999999999999999999"}}, "amount", ""},

	{"country-unknown", fixture_wire_row, {{COLUMN_COUNTRY, "Germany"}}, "country", "ISO 3166"},
	{"country-unknown", fixture_wire_row, {{COLUMN_COUNTRY, "de"}}, "country", "write DE"},
	{"country-unknown", fixture_wire_row, {{COLUMN_COUNTRY, "uk"}}, "country", "write GB"},
	{"country-unknown", fixture_wire_row, {{COLUMN_COUNTRY, "DEU"}}, "country", "write DE"},
	{"country-unknown", fixture_wire_row, {{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_BANK_COUNTRY, "Q1"}},
		"bank_country", ""},
	{"country-reserved", fixture_wire_row, {{COLUMN_COUNTRY, "UK"}}, "country", "write GB"},
	{"country-reserved", fixture_wire_row, {{COLUMN_COUNTRY, "EU"}}, "country", "code of a country"},
	{"address-syntax", fixture_calypso_row, {{COLUMN_WALLET_ADDRESS, "TWkKZkmuB8"}}, "wallet_address", "source"},
	{"address-checksum", fixture_calypso_row, {{COLUMN_WALLET_ADDRESS, "TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqS"}},
		"wallet_address", "source"},
	{"address-network", fixture_calypso_row, {{COLUMN_WALLET_ADDRESS, EVM_ADDRESS}}, "wallet_address", "network"},
	{"address-network", fixture_calypso_row, {{COLUMN_CURRENCY, "USDT"}}, "wallet_address", "network"},
	{"date-syntax", fixture_calypso_row, {{COLUMN_EXECUTION_DATE, "20.11.2026"}}, "execution_date", "2026-11-20"},
	{"date-syntax", fixture_calypso_row, {{COLUMN_EXECUTION_DATE, "2027-02-29"}}, "execution_date", ""},
	{"date-past", fixture_calypso_row, {{COLUMN_EXECUTION_DATE, "2026-11-19"}}, "execution_date", "today"},

	{"currency-unsupported", fixture_iban_row, {{COLUMN_CURRENCY, "GBP"}}, "currency", "USD,EUR"},
	{"currency-unsupported", fixture_iban_row, {{COLUMN_CURRENCY, "EUR"}, {COLUMN_TARGET_CURRENCY, "USD"}},
		"target_currency", "only USD/EUR"},
	{"currency-unsupported", fixture_book_row, {{COLUMN_TARGET_CURRENCY, "EUR"}}, "target_currency", "empty"},
	{"destination-required", fixture_iban_row, {{COLUMN_IBAN, ""}, {COLUMN_BANK_COUNTRY, ""}}, "beneficiary_id",
		"iban"},
	{"recipient-required", fixture_pontis_row, {{COLUMN_ACCOUNT_NUMBER, ""}}, "account_number", "fill"},
	{"recipient-required", fixture_pontis_row, {{COLUMN_IFSC, ""}}, "ifsc", "fill"},
	{"recipient-country", fixture_pontis_row, {{COLUMN_COUNTRY, "BR"}}, "country", "make sure"},
	{"recipient-method", fixture_pontis_row, {{COLUMN_COUNTRY, "PH"}}, "payment_method", "bank_local"},
	{"recipient-method", fixture_pontis_row, {{COLUMN_PAYMENT_METHOD, "IMPS"}}, "payment_method", "imps"},
	{"column-required", fixture_pontis_row, {{COLUMN_BENEFICIARY_NAME, ""}}, "beneficiary_name", ""},
	{"currency-unknown", fixture_pontis_row, {{COLUMN_CURRENCY, "USDC"}}, "currency", "empty for USDT"},
	{"currency-unknown", fixture_pontis_row, {{COLUMN_CURRENCY, "usdt"}}, "currency", "empty for USDT"},
	{"currency-unsupported", fixture_pontis_row, {{COLUMN_CURRENCY, "KWD"}}, "currency", ""},
	{"amount-decimals", fixture_pontis_row, {{COLUMN_AMOUNT, "12.505"}}, "amount", "at most 2"},
	{"bank-required", fixture_iban_row, {{COLUMN_IBAN, ""}}, "iban", "beneficiary_id"},
	{"bank-required", fixture_iban_row, {{COLUMN_LINE1, ""}}, "line1", ""},
	{"bank-required", fixture_iban_row, {{COLUMN_IBAN, ""}, {COLUMN_ACCOUNT_NUMBER, "1234567"}}, "iban", ""},
	{"bank-required", fixture_iban_row, {{COLUMN_BANK_COUNTRY, ""}}, "bank_country", ""},
	{"bank-required", fixture_us_row, {{COLUMN_ROUTING_NUMBER, ""}}, "routing_number", ""},
	{"bank-required", fixture_us_row, {{COLUMN_BANK_COUNTRY, ""}}, "bank_country", ""},
	{"bank-required", fixture_bic_row, {{COLUMN_BIC, ""}}, "bic", ""},
	{"bank-required", fixture_bic_row, {{COLUMN_BANK_COUNTRY, "EG"}, {COLUMN_BIC, ""}}, "bic", ""},
	{"bank-not-sent", fixture_iban_row, {{COLUMN_ACCOUNT_NUMBER, "1234567"}}, "account_number", "an IBAN"},
	{"bank-not-sent", fixture_bic_row, {{COLUMN_ROUTING_NUMBER, "200415"}}, "routing_number", "a BIC"},
	{"bank-not-sent", fixture_bic_row, {{COLUMN_IBAN, "DE89370400440532013000"}}, "iban", ""},
	{"bank-spare", fixture_iban_row, {{COLUMN_BIC, "COBADEFFXXX"}}, "bic", "nothing to do"},
	{"bank-spare", fixture_us_row, {{COLUMN_BIC, "WFBIUS6S"}}, "bic", ""},
	{"bank-country", fixture_iban_row, {{COLUMN_BANK_COUNTRY, "KP"}}, "bank_country", "countries"},
	{"bank-conflict", fixture_iban_row, {{COLUMN_BANK_COUNTRY, "EG"}}, "bank_country", ""},
	{"district-required", fixture_us_row, {{COLUMN_DISTRICT, ""}}, "district", "NY"},
	{"district-syntax", fixture_us_row, {{COLUMN_DISTRICT, "New York"}}, "district", "NY"},
	{"district-syntax", fixture_us_row, {{COLUMN_DISTRICT, "ny"}}, "district", ""},
	{"iban-country", fixture_iban_row, {{COLUMN_IBAN, "US89370400440532013000"}}, "iban", "BICs"},
	{"iban-country", fixture_wire_row, {{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_IBAN, "8937040044053201300000"}},
		"iban", ""},
	{"iban-length", fixture_iban_row, {{COLUMN_IBAN, "DE8937040044053201300"}}, "iban", "source"},
	{"iban-structure", fixture_iban_row, {{COLUMN_IBAN, "DE8937040O440532013000"}}, "iban", "source"},
	{"iban-checksum", fixture_iban_row, {{COLUMN_IBAN, "DE89370400440532013001"}}, "iban", "don't type"},
	{"bic-syntax", fixture_bic_row, {{COLUMN_BIC, "BOTKJP"}}, "bic", "DEUTDEFF"},
	{"bic-syntax", fixture_wire_row, {{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_BIC, "deutdeff"}}, "bic", ""},
	{"bic-country", fixture_bic_row, {{COLUMN_BIC, "BOTKQQJT"}}, "bic", ""},
	{"bic-country", fixture_bic_row, {{COLUMN_BIC, "DEUTDEFF"}}, "bic", "one bank"},
	{"bic-country", fixture_iban_row, {{COLUMN_BIC, "BNPAFRPP"}}, "bic", "one bank"},
	{"routing-length", fixture_us_row, {{COLUMN_ROUTING_NUMBER, "21000021"}}, "routing_number", "zeros"},
	{"routing-length", fixture_wire_row,
		{{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_BANK_COUNTRY, "US"}, {COLUMN_ROUTING_NUMBER, "02100002l"}},
		"routing_number", ""},
	{"routing-checksum", fixture_us_row, {{COLUMN_ROUTING_NUMBER, "121000249"}}, "routing_number", ""},
	{"ifsc-syntax", fixture_wire_row, {{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_IFSC, "HDFC1000001"}}, "ifsc",
		"HDFC0000001"},
	{"money-not-sent", fixture_iban_row, {{COLUMN_IFSC, "HDFC1000001"}}, "ifsc", ""},
	{"purpose-required", fixture_book_row, {{COLUMN_PURPOSE, ""}}, "purpose", "list"},
	{"purpose-unknown", fixture_book_row, {{COLUMN_PURPOSE, "SALA"}}, "purpose", "profile"},
	{"purpose-unknown", fixture_book_row, {{COLUMN_PURPOSE, "PMT031"}}, "purpose", ""},
	{"purpose-unsupported", fixture_book_row, {{COLUMN_PURPOSE, "PMT006"}}, "purpose", "another code"},
	{"id-syntax", fixture_wire_row, {{COLUMN_CHANNEL, "circle-wire"}}, "beneficiary_id", "UUID"},
	{"email-syntax", fixture_iban_row, {{COLUMN_EMAIL, "ann.example.com"}}, "email", "ann@example.com"},
	{"column-length", fixture_iban_row, {{COLUMN_POSTAL_CODE, "12345678901234567"}}, "postal_code", "shorten"},
	{"column-short", fixture_us_row, {{COLUMN_ACCOUNT_NUMBER, "12345"}}, "account_number", "zeros"},
};

static const struct rule *rule_of(const char *id)
{
	size_t count;
	const struct rule *list = rules_list(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].id, id) == 0)
			return &list[i];
	fail_msg("no rule %s", id);
	return NULL;
}

static void each_broken_rule_is_found(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(broken); i++) {
		const struct rule *rule = rule_of(broken[i].rule);
		const struct finding *finding;

		broken[i].base(fixture);
		for (size_t j = 0; j < SETS && broken[i].changes[j].value != NULL; j++)
			fixture_set(fixture, broken[i].changes[j].column, broken[i].changes[j].value);
		fixture_check(fixture);
		finding = fixture_found(fixture, rule->code, broken[i].field);
		if (finding == NULL) {
			fail_msg("row %zu, %s: not found", i, rule->id);
			return;
		}
		if (finding->severity != rule->severity || strstr(finding->cure, broken[i].cure) == NULL)
			fail_msg("row %zu, %s: %s", i, rule->id, finding->cure);
		if (fixture->good != (rule->severity == FINDING_WARNING))
			fail_msg("row %zu, %s: good is %d", i, rule->id, fixture->good);
		assert_int_equal(finding->row, 46);
		assert_int_equal(finding->line, 47);
		assert_true(finding->message[0] != '\0' && finding->cure[0] != '\0');
	}
}

/* Those that a cell alone can't break, each tested on its own below. */
static const char *const elsewhere[] = {"amount-limit", /* in test_rules_limits.c */
	"channel-conflict", "recipient-money-not-sent", "recipient-not-sent", "recipient-ifsc",
	"recipient-conflict",            /* in test_rules_recipient.c */
	"amount-all", "balance-syntax"}; /* in test_rules_balance.c */

static void every_rule_has_a_row_that_breaks_it(void **state)
{
	size_t count;
	const struct rule *list = rules_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool tested = false;

		for (size_t j = 0; j < COUNT(broken); j++)
			tested = tested || strcmp(broken[j].rule, list[i].id) == 0;
		for (size_t j = 0; j < COUNT(elsewhere); j++)
			tested = tested || strcmp(elsewhere[j], list[i].id) == 0;
		if (!tested)
			fail_msg("%s", list[i].id);
	}
}

static void every_rule_has_a_known_code_and_an_id_of_its_own(void **state)
{
	size_t count, help_count;
	const struct rule *list = rules_list(&count);
	const struct finding_help *help = finding_help_list(&help_count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool known = false;

		for (size_t j = 0; j < help_count; j++)
			known = known || strcmp(help[j].code, list[i].code) == 0;
		assert_true(known);
		assert_ptr_equal(rule_of(list[i].id), &list[i]);
		assert_true(list[i].fields[0] != '\0' && list[i].source[0] != '\0');
	}
}

/* Rows that keep every rule, with none of its findings. */
static const struct {
	void (*base)(struct fixture *fixture);
	struct {
		enum column column;
		const char *value;
	} changes[SETS];
} kept[] = {
	{fixture_calypso_row, {{0, NULL}}},
	{fixture_calypso_row, {{COLUMN_REFERENCE, "EXAMPLES-1"}}},
	{fixture_wire_row, {{0, NULL}}},
	{fixture_pontis_row, {{0, NULL}}},
	{fixture_pontis_row, {{COLUMN_SOURCE_CURRENCY, "USDT"}}},
	{fixture_pontis_row, {{COLUMN_CURRENCY, "JPY"}, {COLUMN_AMOUNT, "12"}}},
	{fixture_pontis_row, {{COLUMN_CURRENCY, "USDT"}, {COLUMN_PURPOSE, "family"}}},
	{fixture_pontis_row, {{COLUMN_COUNTRY, "PH"}, {COLUMN_TARGET_CURRENCY, "PHP"},
				     {COLUMN_PAYMENT_METHOD, "bank_local"}, {COLUMN_IFSC, ""}}},
	{fixture_calypso_row, {{COLUMN_REFERENCE, "1234567890123456789012345678901234567890123456789012345678901234"}}},
	{fixture_calypso_row, {{COLUMN_REFERENCE, "\xC3\x9C"
						  "berweisung-7"}}},
	{fixture_calypso_row, {{COLUMN_DESCRIPTION, "\xE7\xBB\x99\xE6\x9D\x8E\xE5\x9B\x9B, caf\xC3\xA9 = \"1\""}}},
	{fixture_calypso_row, {{COLUMN_DESCRIPTION, "#1"}}},
	{fixture_calypso_row, {{COLUMN_DESCRIPTION, "#"}, {COLUMN_REFERENCE, "20E+11"}}},
	{fixture_calypso_row, {{COLUMN_DESCRIPTION, "1.5E+11"}, {COLUMN_REFERENCE, "1E11"}}},
	{fixture_calypso_row, {{COLUMN_REFERENCE, "1.5E+11X"}}},
	{fixture_calypso_row, {{COLUMN_DESCRIPTION, "=1+1"}}}, /* reports take care of formulas */
	{fixture_calypso_row, {{COLUMN_CURRENCY, "USDT"}, {COLUMN_WALLET_ADDRESS, EVM_ADDRESS}}},
	{fixture_calypso_row,
		{{COLUMN_CURRENCY, "ETH"}, {COLUMN_WALLET_ADDRESS, EVM_ADDRESS}, {COLUMN_AMOUNT, "0.00000001"}}},
	{fixture_calypso_row, {{COLUMN_WALLET_ADDRESS, ""}, {COLUMN_ADDRESS, TRON_ADDRESS}}},
	{fixture_calypso_row, {{COLUMN_EXECUTION_DATE, "2026-11-20"}}},
	{fixture_calypso_row, {{COLUMN_EXECUTION_DATE, "2026-11-21"}}},
	{fixture_wire_row, {{COLUMN_COUNTRY, "XK"}, {COLUMN_TARGET_CURRENCY, "EUR"}, {COLUMN_ADDRESS, "1 Main St"}}},
	{fixture_wire_row,
		{{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_ACCOUNT_NUMBER, "12345678"}, {COLUMN_BANK_COUNTRY, "US"}}},
	{fixture_iban_row, {{0, NULL}}},
	{fixture_iban_row, {{COLUMN_IBAN, "de89 3704 0044 0532 0130 00"}, {COLUMN_TARGET_CURRENCY, "USD"}}},
	{fixture_iban_row, {{COLUMN_TARGET_CURRENCY, "EUR"}, {COLUMN_EMAIL, "ann.e+x@mail.example.com"}}},
	{fixture_iban_row, {{COLUMN_BANK_COUNTRY, "EG"}, {COLUMN_IBAN, "EG380019000500000000263180002"}}},
	{fixture_iban_row, {{COLUMN_BANK_COUNTRY, "CY"}, {COLUMN_IBAN, "CY17002001280000001200527600"}}},
	{fixture_us_row, {{0, NULL}}},
	{fixture_us_row, {{COLUMN_COUNTRY, "JP"}, {COLUMN_DISTRICT, ""}}},
	{fixture_bic_row, {{0, NULL}}},
	{fixture_bic_row, {{COLUMN_BANK_COUNTRY, "EG"}, {COLUMN_BIC, "CIBEEGCX003"}}},
	{fixture_wire_row,
		{{COLUMN_CHANNEL, "circle-wire"}, {COLUMN_BENEFICIARY_ID, "4B8A1B64-2f7c-1d4b-9c1e-0123456789ab"}}},
	{fixture_book_row, {{0, NULL}}},
};

static void good_rows_have_no_findings(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(kept); i++) {
		kept[i].base(fixture);
		for (size_t j = 0; j < SETS && kept[i].changes[j].value != NULL; j++)
			fixture_set(fixture, kept[i].changes[j].column, kept[i].changes[j].value);
		fixture_check(fixture);
		if (!fixture->good || fixture->findings.count > 0)
			fail_msg("row %zu: %s", i,
				fixture->findings.count > 0 ? fixture->findings.items[0].message : "not good");
	}
}

/* Rule channel-conflict. */
static void the_channel_of_the_command_holds_for_rows_that_name_none_or_the_same(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.fixed = &calypso_terms;
	fixture_calypso_row(fixture);
	fixture_check(fixture);
	assert_true(fixture->good);
	fixture_set(fixture, COLUMN_CHANNEL, "");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.cells[COLUMN_CHANNEL], "calypso-main"));
	fixture_set(fixture, COLUMN_CHANNEL, "wire");
	fixture_check(fixture);
	assert_false(fixture->good);
	assert_non_null(fixture_found(fixture, rule_of("channel-conflict")->code, "channel"));
}

/* Rules recipient-money-not-sent and recipient-not-sent. */
static void recipient_fields_reach_only_channels_that_carry_them(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_recipient(fixture, "tax_id", "1");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(
		fixture_found(fixture, rule_of("recipient-not-sent")->code, "recipient")->severity, FINDING_WARNING);
	fixture_recipient(fixture, "account_number", "1");
	fixture_check(fixture);
	assert_false(fixture->good);
	assert_int_equal(fixture->findings.errors, 1);
	assert_string_equal(rule_of("recipient-money-not-sent")->code, "FIELD_NOT_SENT");
}

static void all_findings_of_a_row_are_told(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_REFERENCE, "");
	fixture_set(fixture, COLUMN_AMOUNT, "-1");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, EVM_ADDRESS);
	fixture_set(fixture, COLUMN_COUNTRY, "UK");
	fixture_set(fixture, COLUMN_EXECUTION_DATE, "2020-01-01");
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "FIELD_REQUIRED", "reference"));
	assert_non_null(fixture_found(fixture, "AMOUNT_NOT_POSITIVE", "amount"));
	assert_non_null(fixture_found(fixture, "ADDRESS_NETWORK", "wallet_address"));
	assert_non_null(fixture_found(fixture, "COUNTRY_RESERVED", "country"));
	assert_non_null(fixture_found(fixture, "FIELD_NOT_SENT", "country"));
	assert_non_null(fixture_found(fixture, "DATE_PAST", "execution_date"));
	assert_int_equal(fixture->findings.count, 6);
}

static void a_row_without_a_channel_is_judged_as_far_as_possible(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "");
	fixture_set(fixture, COLUMN_AMOUNT, "1e5");
	fixture_set(fixture, COLUMN_REFERENCE, "");
	fixture_check(fixture);
	assert_int_equal(fixture->findings.count, 3);
	assert_non_null(fixture_found(fixture, "AMOUNT_SYNTAX", "amount"));
	assert_non_null(fixture_found(fixture, "FIELD_REQUIRED", "channel"));
	assert_non_null(fixture_found(fixture, "FIELD_REQUIRED", "reference"));
}

/* Whatever stands in a file, a message can be shown, and never a whole account. */
static void messages_are_escaped_and_masked(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CURRENCY, "\x1B[31mUSD");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, EVM_ADDRESS);
	fixture_set(fixture, COLUMN_AMOUNT,
		"1\xE2\x80\xAE"
		"0");
	fixture_check(fixture);
	for (size_t i = 0; i < fixture->findings.count; i++) {
		assert_null(strchr(fixture->findings.items[i].message, '\x1B'));
		assert_null(strstr(fixture->findings.items[i].message, "\xE2\x80\xAE"));
	}
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, EVM_ADDRESS);
	fixture_check(fixture);
	assert_null(strstr(fixture_found(fixture, "ADDRESS_NETWORK", "wallet_address")->message, "5aAeb"));
	assert_non_null(strstr(fixture_found(fixture, "ADDRESS_NETWORK", "wallet_address")->message, "****eAed"));
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		row_test(each_broken_rule_is_found),
		cmocka_unit_test(every_rule_has_a_row_that_breaks_it),
		cmocka_unit_test(every_rule_has_a_known_code_and_an_id_of_its_own),
		row_test(good_rows_have_no_findings),
		row_test(the_channel_of_the_command_holds_for_rows_that_name_none_or_the_same),
		row_test(recipient_fields_reach_only_channels_that_carry_them),
		row_test(all_findings_of_a_row_are_told),
		row_test(a_row_without_a_channel_is_judged_as_far_as_possible),
		row_test(messages_are_escaped_and_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
