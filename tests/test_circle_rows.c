/* What Circle's adapter asks of a channel and of a row, and the body that creates a bank account (providers/circle.md,
 * A4 to A6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"
#include "providers/circle.h"
#include "values/rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SETTINGS_MAX 12

/* --- the channel ------------------------------------------------------------------------------------------------ */

struct place {
	struct channel channel;
	struct setting_value settings[SETTINGS_MAX];
};

/* Pairs of name and value, ended by NULL. */
static void place_set_up(struct place *place, const char *mode, const char *const *pairs)
{
	memset(place, 0, sizeof(*place));
	place->channel = (struct channel){.name = "circle-main",
		.provider = PROVIDER_CIRCLE,
		.mode = mode,
		.base_url = "http://127.0.0.1",
		.settings = place->settings};
	for (; pairs != NULL && *pairs != NULL; pairs += 2)
		place->settings[place->channel.setting_count++] =
			(struct setting_value){.name = pairs[0], .value = text_of(pairs[1])};
}

static void has_three_modes_and_takes_wire_for_none(void **state)
{
	static const char *const modes[] = {"", "wire", "legacy", "address_book"};
	struct place place;
	struct terms terms;

	(void)state;
	for (size_t i = 0; i < COUNT(modes); i++) {
		place_set_up(&place, modes[i], NULL);
		assert_true(circle_adapter.terms(&place.channel, &terms));
		assert_ptr_equal(terms.channel, &place.channel);
		assert_int_equal(terms.required & ~terms.carried, 0);
		assert_int_equal(terms.bank != NULL, i < 3);
		assert_int_equal((terms.carried & COLUMN_SET_BANK) != 0, i < 3);
		assert_int_equal((terms.required & COLUMN_SET(COLUMN_EMAIL)) != 0, i == 2);
		assert_int_equal((terms.carried & COLUMN_SET(COLUMN_PURPOSE)) != 0, i == 3);
		assert_int_equal((terms.required & COLUMN_SET(COLUMN_BENEFICIARY_ID)) != 0, i == 3);
		assert_false(
			terms.pays_to_chain || terms.own_assets || terms.provider_schedules || terms.carries_recipient);
	}
	place_set_up(&place, "sepa", NULL);
	assert_false(circle_adapter.terms(&place.channel, &terms));
}

static void entities_under_the_travel_rule_want_a_purpose(void **state)
{
	static const struct {
		const char *mode;
		const char *entity;
		bool wanted;
	} cases[] = {{"address_book", "sg", true}, {"address_book", "FR", true}, {"address_book", "us", false},
		{"address_book", "", false}, {"wire", "sg", false}, {"legacy", "fr", false}};
	struct place place;
	struct terms terms;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const pairs[] = {"entity", cases[i].entity, NULL};

		place_set_up(&place, cases[i].mode, pairs);
		assert_true(circle_adapter.terms(&place.channel, &terms));
		assert_int_equal(terms.purpose_required, cases[i].wanted);
	}
}

static void a_channel_may_allow_more_than_is_known(void **state)
{
	static const char *const pairs[] = {"currencies", "USD HKD", "exchanges", "USD/MXN", "countries", "CY", NULL};
	struct place place;
	struct terms terms;

	(void)state;
	place_set_up(&place, "", NULL);
	assert_true(circle_adapter.terms(&place.channel, &terms));
	assert_true(text_is(terms.currencies, "USD EUR MXN SGD BRL") && text_is(terms.exchanges, "USD/BRL"));
	assert_int_equal(terms.bank_countries.len, 0);
	place_set_up(&place, "", pairs);
	assert_true(circle_adapter.terms(&place.channel, &terms));
	assert_true(text_is(terms.currencies, "USD HKD") && text_is(terms.exchanges, "USD/MXN"));
	assert_true(text_is(terms.bank_countries, "CY"));
}

#define ORIGINATOR                                                                                                     \
	"originator_type", "business", "originator_name", "Acme", "originator_line1", "1 Main St", "originator_city",  \
		"Paris", "originator_postal_code", "75001"

static void entities_under_the_travel_rule_want_the_originator_unless_the_channel_says_it(void **state)
{
	static const struct {
		const char *mode;
		bool lacks;
		int64_t from;
		const char *pairs[2 * SETTINGS_MAX + 1];
	} cases[] = {
		{"address_book", true, 0, {"entity", "sg"}},
		{"address_book", true, 0, {"entity", "FR"}},
		{"address_book", true, 3000, {"entity", "us"}},
		{"address_book", false, 3000, {NULL}},
		{"address_book", false, 3000, {"entity", "de"}},
		{"wire", false, 0, {"entity", "sg"}},
		{"address_book", false, 0, {"entity", "fr", ORIGINATOR, "originator_country", "FR"}},
		{"address_book", false, 3000, {"entity", "us", ORIGINATOR, "originator_country", "FR"}},
	};
	struct place place;
	struct terms terms;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		place_set_up(&place, cases[i].mode, cases[i].pairs);
		assert_true(circle_adapter.terms(&place.channel, &terms));
		assert_int_equal(terms.lacks_originator, cases[i].lacks);
		assert_int_equal(terms.originator_from, cases[i].from);
	}
}

static void judges_the_settings_of_a_channel(void **state)
{
	static const struct {
		const char *mode;
		const char *wrong; /* a part of the message; NULL: fine */
		const char *pairs[2 * SETTINGS_MAX + 1];
	} cases[] = {
		{"", NULL, {"api_key", "TEST_API_KEY:id:secret"}},
		{"", "no api_key", {NULL}},
		{"", "its api_key", {"api_key", "two words"}},
		{"", "its api_key", {"api_key", "line\n"}},
		{"", NULL, {"api_key", "k", "source_wallet", "1000000001", "entity", "us"}},
		{"", "its source_wallet", {"api_key", "k", "source_wallet", "12/34"}},
		{"", "its source_wallet", {"api_key", "k", "source_wallet", "1234567890123456789012345678901234567"}},
		{"", NULL, {"api_key", "k", "entity", "SG"}},
		{"", "its entity", {"api_key", "k", "entity", "sgp"}},
		{"", "its entity", {"api_key", "k", "entity", "qq"}},
		{"", NULL,
			{"api_key", "k", "currencies", "USD, EUR HKD", "exchanges", "USD/BRL", "countries", "CY,CZ"}},
		{"", "its currencies", {"api_key", "k", "currencies", "usd"}},
		{"", "its currencies", {"api_key", "k", "currencies", "USD EURO"}},
		{"", "its currencies", {"api_key", "k", "currencies", "US"}},
		{"", "its exchanges", {"api_key", "k", "exchanges", "USD-BRL"}},
		{"", "its exchanges", {"api_key", "k", "exchanges", "USD/BR"}},
		{"", "its countries", {"api_key", "k", "countries", "CYP"}},
		{"address_book", NULL, {"api_key", "k", ORIGINATOR, "originator_country", "FR"}},
		{"address_book", "has no originator_country", {"api_key", "k", ORIGINATOR}},
		{"address_book", "country or district", {"api_key", "k", ORIGINATOR, "originator_country", "US"}},
		{"address_book", NULL,
			{"api_key", "k", ORIGINATOR, "originator_country", "US", "originator_district", "NY"}},
		{"address_book", "country or district", {"api_key", "k", ORIGINATOR, "originator_country", "FRA"}},
		{"wire", "no originator", {"api_key", "k", ORIGINATOR, "originator_country", "FR"}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault fault = {0};
		struct place place;
		bool fine;

		place_set_up(&place, cases[i].mode, cases[i].pairs);
		fine = circle_adapter.check(&place.channel, &fault);
		if (fine != (cases[i].wrong == NULL))
			fail_msg("case %zu: %s", i, fault.message);
		if (fine)
			continue;
		if (strstr(fault.message, cases[i].wrong) == NULL)
			fail_msg("case %zu: %s", i, fault.message);
		assert_int_equal(fault.kind, FAULT_USAGE);
		assert_string_equal(fault.channel, "circle-main");
		assert_true(fault.cure[0] != '\0');
	}
}

static void is_known_by_the_wallet_that_pays(void **state)
{
	static const char *const pairs[] = {"api_key", "k", "source_wallet", "1000000001", NULL};
	struct place place;
	struct buf buf = {0};

	(void)state;
	place_set_up(&place, "", pairs);
	circle_adapter.identity(&place.channel, &buf);
	assert_string_equal(buf_str(&buf), "1000000001");
	buf_reset(&buf);
	place.channel.setting_count = 1;
	circle_adapter.identity(&place.channel, &buf);
	assert_string_equal(buf_str(&buf), "main");
	buf_release(&buf);
}

/* --- rows ------------------------------------------------------------------------------------------------------- */

struct given {
	enum column column;
	const char *value;
};

/* The payout of a row on a channel; false when it has an error. Texts in the arena. */
static bool row_check(const struct place *place, const struct given *cells, size_t count, struct arena *arena,
	struct payout *payout, struct findings *findings)
{
	struct terms terms;
	struct row row = {.number = 2, .line = 2};
	struct rules rules = {.namespace_text = TEXT("acme"),
		.timezone = "UTC",
		.today = "2026-11-20",
		.decimal_mark = '.',
		.fixed = &terms,
		.sha = sha256_new()};
	bool good;

	assert_true(circle_adapter.terms(&place->channel, &terms));
	for (size_t i = 0; i < count; i++)
		row.cells[cells[i].column] = text_of(cells[i].value);
	findings_begin(findings, arena, 2, 2);
	good = rules_check(&rules, &row, arena, payout, findings);
	sha256_free(rules.sha);
	return good;
}

#define COMMON                                                                                                         \
	{COLUMN_REFERENCE, "R"}, {COLUMN_AMOUNT, "75.00"},                                                             \
	{                                                                                                              \
		COLUMN_CURRENCY, "USD"                                                                                 \
	}
#define WHO                                                                                                            \
	{COLUMN_BENEFICIARY_NAME, "Ann Example"}, {COLUMN_LINE1, "1 Main St"}, {COLUMN_CITY, "Town"},                  \
	{                                                                                                              \
		COLUMN_POSTAL_CODE, "12345"                                                                            \
	}
#define ID "4b8a1b64-2f7c-4d4b-9c1e-0123456789ab"

/* Rows of each mode and form. Prepared: what the body that creates the account begins with; NULL: none is made. */
static const struct {
	const char *mode;
	const char *prepared;
	struct given cells[16];
} good_rows[] = {
	{"wire", NULL, {COMMON, {COLUMN_BENEFICIARY_ID, ID}, {COLUMN_TARGET_CURRENCY, "BRL"}}},
	{"legacy", NULL, {COMMON, {COLUMN_BENEFICIARY_ID, ID}, {COLUMN_EMAIL, "a@example.com"}}},
	{"address_book", NULL, {COMMON, {COLUMN_BENEFICIARY_ID, ID}, {COLUMN_PURPOSE, "PMT008"}}},
	{"wire", "{\"iban\":\"DE89370400440532013000\",",
		{COMMON, WHO, {COLUMN_COUNTRY, "DE"}, {COLUMN_BANK_COUNTRY, "DE"}, {COLUMN_BANK_CITY, "Bonn"},
			{COLUMN_IBAN, "DE89 3704 0044 0532 0130 00"}}},
	{"wire", "{\"accountNumber\":\"12340010\",\"routingNumber\":\"121000248\",",
		{COMMON, WHO, {COLUMN_COUNTRY, "US"}, {COLUMN_DISTRICT, "CA"}, {COLUMN_BANK_COUNTRY, "US"},
			{COLUMN_ACCOUNT_NUMBER, "12340010"}, {COLUMN_ROUTING_NUMBER, "121000248"}}},
	{"legacy", "{\"accountNumber\":\"0321800123\",\"routingNumber\":\"SBININBB354\",",
		{COMMON, WHO, {COLUMN_EMAIL, "a@example.com"}, {COLUMN_COUNTRY, "IN"}, {COLUMN_BANK_COUNTRY, "IN"},
			{COLUMN_BANK_CITY, "Mumbai"}, {COLUMN_BANK_NAME, "State Bank of India"},
			{COLUMN_ACCOUNT_NUMBER, "0321800123"}, {COLUMN_BIC, "SBININBB354"}}},
	{"wire", "{\"accountNumber\":\"123456789012\",\"routingNumber\":\"CIBEEGCX\",",
		{COMMON, WHO, {COLUMN_COUNTRY, "EG"}, {COLUMN_BANK_COUNTRY, "EG"}, {COLUMN_BANK_CITY, "Cairo"},
			{COLUMN_BANK_NAME, "CIB"}, {COLUMN_ACCOUNT_NUMBER, "123456789012"}, {COLUMN_BIC, "CIBEEGCX"}}},
};

static size_t given_count(const struct given *cells, size_t max)
{
	size_t count = 0;

	while (count < max && cells[count].value != NULL)
		count++;
	return count;
}

static void takes_good_rows_and_prepares_what_they_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good_rows); i++) {
		struct place place;
		struct arena arena = {0};
		struct payout payout;
		struct findings findings;
		struct buf body = {0};
		struct call call = {.channel = &place.channel};
		bool prepares;

		place_set_up(&place, good_rows[i].mode, NULL);
		if (!row_check(&place, good_rows[i].cells, given_count(good_rows[i].cells, 16), &arena, &payout,
			    &findings) ||
			findings.count > 0)
			fail_msg("row %zu: %s", i, findings.items[0].message);
		call.content = payout.content;
		prepares = circle_adapter.destination(&call, &body);
		assert_int_equal(prepares, good_rows[i].prepared != NULL);
		if (prepares && strncmp(buf_str(&body), good_rows[i].prepared, strlen(good_rows[i].prepared)) != 0)
			fail_msg("row %zu: %s", i, buf_str(&body));
		buf_release(&body);
		arena_release(&arena);
	}
}

static const struct {
	const char *mode;
	size_t row; /* of good_rows, with one more cell */
	struct given more;
	const char *code, *field;
} bad_rows[] = {
	{"wire", 0, {COLUMN_CURRENCY, "HKD"}, "CURRENCY_UNSUPPORTED", "currency"},
	{"wire", 0, {COLUMN_TARGET_CURRENCY, "MXN"}, "CURRENCY_UNSUPPORTED", "target_currency"},
	{"wire", 0, {COLUMN_BENEFICIARY_ID, "b-1"}, "ID_SYNTAX", "beneficiary_id"},
	{"wire", 0, {COLUMN_IBAN, "DE89370400440532013000"}, "FIELD_CONFLICT", "beneficiary_id"},
	{"wire", 0, {COLUMN_WALLET_ADDRESS, "0x"}, "FIELD_NOT_SENT", "wallet_address"},
	{"wire", 0, {COLUMN_BENEFICIARY_ID, ""}, "FIELD_REQUIRED", "beneficiary_id"},
	{"legacy", 1, {COLUMN_EMAIL, ""}, "FIELD_REQUIRED", "email"},
	{"legacy", 1, {COLUMN_EMAIL, "a@b"}, "EMAIL_SYNTAX", "email"},
	{"legacy", 1, {COLUMN_CURRENCY, "EUR"}, "CURRENCY_UNSUPPORTED", "currency"},
	{"address_book", 2, {COLUMN_PURPOSE, "PMT006"}, "PURPOSE_UNSUPPORTED", "purpose"},
	{"address_book", 2, {COLUMN_PURPOSE, "GDDS"}, "PURPOSE_UNKNOWN", "purpose"},
	{"address_book", 2, {COLUMN_CURRENCY, "MXN"}, "CURRENCY_UNSUPPORTED", "currency"},
	{"address_book", 2, {COLUMN_TARGET_CURRENCY, "EUR"}, "CURRENCY_UNSUPPORTED", "target_currency"},
	{"address_book", 2, {COLUMN_IBAN, "DE89370400440532013000"}, "FIELD_NOT_SENT", "iban"},
	{"wire", 3, {COLUMN_BANK_CITY, ""}, "FIELD_REQUIRED", "bank_city"},
	{"wire", 3, {COLUMN_POSTAL_CODE, ""}, "FIELD_REQUIRED", "postal_code"},
	{"wire", 3, {COLUMN_COUNTRY, ""}, "FIELD_REQUIRED", "country"},
	{"wire", 3, {COLUMN_BANK_CITY, "Llanfairpwllgwyngyllgogerychwyrndrobwll"}, "FIELD_TOO_LONG", "bank_city"},
	{"wire", 3, {COLUMN_BANK_COUNTRY, "KP"}, "COUNTRY_UNSUPPORTED", "bank_country"},
	{"wire", 3, {COLUMN_BANK_COUNTRY, "FR"}, "FIELD_CONFLICT", "bank_country"},
	{"wire", 3, {COLUMN_IFSC, "HDFC0000001"}, "FIELD_NOT_SENT", "ifsc"},
	{"wire", 4, {COLUMN_ROUTING_NUMBER, "121000249"}, "ROUTING_CHECKSUM", "routing_number"},
	{"wire", 4, {COLUMN_DISTRICT, ""}, "FIELD_REQUIRED", "district"},
	{"wire", 4, {COLUMN_ACCOUNT_NUMBER, "12345"}, "FIELD_TOO_SHORT", "account_number"},
	{"legacy", 5, {COLUMN_BANK_NAME, ""}, "FIELD_REQUIRED", "bank_name"},
	{"legacy", 5, {COLUMN_BIC, "SBIN0000001"}, "BIC_SYNTAX", "bic"},
	{"wire", 0, {COLUMN_SOURCE_WALLET, "1234567890123456789012345678901234567"}, "FIELD_TOO_LONG", "source_wallet"},
};

static void refuses_rows_that_circle_would_refuse(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad_rows); i++) {
		struct given cells[17];
		size_t count = given_count(good_rows[bad_rows[i].row].cells, 16);
		struct place place;
		struct arena arena = {0};
		struct payout payout;
		struct findings findings;
		bool found = false;

		memcpy(cells, good_rows[bad_rows[i].row].cells, count * sizeof(cells[0]));
		cells[count++] = bad_rows[i].more;
		place_set_up(&place, bad_rows[i].mode, NULL);
		assert_false(row_check(&place, cells, count, &arena, &payout, &findings));
		for (size_t f = 0; f < findings.count; f++)
			found = found || (strcmp(findings.items[f].code, bad_rows[i].code) == 0 &&
						 strcmp(findings.items[f].field, bad_rows[i].field) == 0);
		if (!found)
			fail_msg("row %zu: %s", i, findings.items[0].message);
		arena_release(&arena);
	}
}

/* The body names the account and nothing of the payout: two payouts to one account share it, in either spelling. */
static void one_account_has_one_body(void **state)
{
	static const struct given first[] = {COMMON, WHO, {COLUMN_COUNTRY, "DE"}, {COLUMN_BANK_COUNTRY, "DE"},
		{COLUMN_BANK_CITY, "Bonn"}, {COLUMN_IBAN, "DE89 3704 0044 0532 0130 00"}};
	static const struct given second[] = {{COLUMN_REFERENCE, "Q"}, {COLUMN_AMOUNT, "1"}, {COLUMN_CURRENCY, "EUR"},
		WHO, {COLUMN_COUNTRY, "DE"}, {COLUMN_BANK_COUNTRY, "DE"}, {COLUMN_BANK_CITY, "Bonn"},
		{COLUMN_IBAN, "de89370400440532013000"}};
	static const struct given other[] = {COMMON, WHO, {COLUMN_COUNTRY, "DE"}, {COLUMN_BANK_COUNTRY, "DE"},
		{COLUMN_BANK_CITY, "Berlin"}, {COLUMN_IBAN, "DE89370400440532013000"}};
	static const struct {
		const struct given *cells;
		size_t count;
	} rows[] = {{first, COUNT(first)}, {second, COUNT(second)}, {other, COUNT(other)}};
	struct buf bodies[3] = {{0}};
	struct place place;

	(void)state;
	place_set_up(&place, "wire", NULL);
	for (size_t i = 0; i < 3; i++) {
		struct arena arena = {0};
		struct payout payout;
		struct findings findings;
		struct call call = {.channel = &place.channel};

		assert_true(row_check(&place, rows[i].cells, rows[i].count, &arena, &payout, &findings));
		call.content = payout.content;
		assert_true(circle_adapter.destination(&call, &bodies[i]));
		arena_release(&arena);
	}
	assert_string_equal(buf_str(&bodies[0]), buf_str(&bodies[1]));
	assert_string_not_equal(buf_str(&bodies[0]), buf_str(&bodies[2]));
	for (size_t i = 0; i < 3; i++)
		buf_release(&bodies[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_three_modes_and_takes_wire_for_none),
		cmocka_unit_test(entities_under_the_travel_rule_want_a_purpose),
		cmocka_unit_test(entities_under_the_travel_rule_want_the_originator_unless_the_channel_says_it),
		cmocka_unit_test(a_channel_may_allow_more_than_is_known),
		cmocka_unit_test(judges_the_settings_of_a_channel),
		cmocka_unit_test(is_known_by_the_wallet_that_pays),
		cmocka_unit_test(takes_good_rows_and_prepares_what_they_name),
		cmocka_unit_test(refuses_rows_that_circle_would_refuse),
		cmocka_unit_test(one_account_has_one_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
