#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "values/content.h"
#include "values/rules.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SETS 6

#define TRON "TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR"
#define EVM "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
#define MINUTES_60 3600000

/* A calypso channel with its own asset codes, a bank channel as circle's wire is, and pontis with recipient fields. */
static struct channel calypso = {.name = "calypso-main", .provider = PROVIDER_CALYPSO};
static const struct channel wire = {.name = "wire", .provider = PROVIDER_CIRCLE};
static const struct channel pontis = {.name = "pontis", .provider = PROVIDER_PONTIS};

static const struct terms calypso_terms = {
	.channel = &calypso,
	.required = COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CURRENCY),
	.carried = COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_DESCRIPTION),
	.pays_to_chain = true,
	.own_assets = true,
};
static const struct terms scheduled_terms = {
	.channel = &calypso,
	.required = COLUMN_SET(COLUMN_WALLET_ADDRESS),
	.carried = COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_CURRENCY),
	.pays_to_chain = true,
	.own_assets = true,
	.provider_schedules = true,
};
static const struct terms wire_terms = {
	.channel = &wire,
	.required = COLUMN_SET(COLUMN_CURRENCY),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_TARGET_CURRENCY) |
		   COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_BENEFICIARY_NAME) |
		   COLUMN_SET(COLUMN_COUNTRY) | COLUMN_SET(COLUMN_LINE1) | COLUMN_SET_BANK,
};
static const struct terms pontis_terms = {
	.channel = &pontis,
	.required = COLUMN_SET(COLUMN_TARGET_CURRENCY),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_TARGET_CURRENCY),
	.carries_recipient = true,
};

static const struct terms *find_terms(const void *context, struct text channel)
{
	(void)context;
	if (text_is(channel, "calypso-main"))
		return &calypso_terms;
	if (text_is(channel, "wire"))
		return &wire_terms;
	if (text_is(channel, "pontis"))
		return &pontis_terms;
	return NULL;
}

/* One check of one row; everything a test may look at afterwards. */
struct fixture {
	struct rules rules;
	struct rules_day day;
	struct row row;
	struct arena arena;
	struct payout payout;
	struct findings findings;
	bool good;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	if (fixture == NULL)
		return -1;
	asset_table_calypso(&calypso.assets);
	fixture->rules = (struct rules){
		.namespace_text = TEXT("acme"),
		.timezone = "UTC",
		.today = "2026-11-20",
		.decimal_mark = '.',
		.find = find_terms,
		.channel_names = "calypso-main, pontis, wire",
		.sha = sha256_new(),
		.day = &fixture->day,
	};
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	sha256_free(fixture->rules.sha);
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static void set(struct fixture *fixture, enum column column, const char *value)
{
	fixture->row.cells[column] = text_of(value);
}

static void calypso_row(struct fixture *fixture)
{
	memset(&fixture->row, 0, sizeof(fixture->row));
	fixture->row.number = 46;
	fixture->row.line = 47;
	set(fixture, COLUMN_REFERENCE, "INV-1");
	set(fixture, COLUMN_CHANNEL, "calypso-main");
	set(fixture, COLUMN_AMOUNT, "12.50");
	set(fixture, COLUMN_CURRENCY, "USDT_TRX");
	set(fixture, COLUMN_WALLET_ADDRESS, TRON);
}

static void wire_row(struct fixture *fixture)
{
	calypso_row(fixture);
	set(fixture, COLUMN_CHANNEL, "wire");
	set(fixture, COLUMN_CURRENCY, "USD");
	set(fixture, COLUMN_WALLET_ADDRESS, "");
	set(fixture, COLUMN_BENEFICIARY_ID, "b-1");
}

static void recipient(struct fixture *fixture, const char *name, const char *value)
{
	fixture->row.recipient[fixture->row.recipient_count++] = (struct row_recipient){text_of(name), text_of(value)};
}

static void check(struct fixture *fixture)
{
	arena_reset(&fixture->arena);
	memset(&fixture->payout, 0xA5, sizeof(fixture->payout)); /* nothing may be left from before */
	findings_begin(&fixture->findings, &fixture->arena, fixture->row.number, fixture->row.line);
	fixture->good =
		rules_check(&fixture->rules, &fixture->row, &fixture->arena, &fixture->payout, &fixture->findings);
}

static const struct finding *found(const struct fixture *fixture, const char *code, const char *field)
{
	for (size_t i = 0; i < fixture->findings.count; i++)
		if (strcmp(fixture->findings.items[i].code, code) == 0 &&
			strcmp(fixture->findings.items[i].field, field) == 0)
			return &fixture->findings.items[i];
	return NULL;
}

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
	{"channel-required", calypso_row, {{COLUMN_CHANNEL, ""}}, "channel", "--channel"},
	{"channel-known", calypso_row, {{COLUMN_CHANNEL, "calipso"}}, "channel", "calypso-main, pontis, wire"},
	{"column-twice", calypso_row, {{COLUMN_ADDRESS, TRON}}, "wallet_address", "one of them"},
	{"column-twice", wire_row, {{COLUMN_ADDRESS, "1 Main St"}, {COLUMN_LINE1, "1 Main St"}}, "line1", ""},
	{"column-unresolved", calypso_row, {{COLUMN_SOURCE_CURRENCY, "USDT"}}, "source_currency", "currency"},
	{"column-unresolved", wire_row, {{COLUMN_CURRENCY_CODE, "INR"}}, "currency_code", "target_currency"},
	{"reference-required", calypso_row, {{COLUMN_REFERENCE, ""}}, "reference", ""},
	{"reference-required", calypso_row, {{COLUMN_REFERENCE, " \t\xC2\xA0"}}, "reference", ""},
	{"amount-required", calypso_row, {{COLUMN_AMOUNT, ""}}, "amount", ""},
	{"amount-required", calypso_row, {{COLUMN_AMOUNT, "  "}}, "amount", ""},
	{"column-required", calypso_row, {{COLUMN_WALLET_ADDRESS, ""}}, "wallet_address", ""},
	{"column-required", calypso_row, {{COLUMN_CURRENCY, ""}}, "currency", ""},
	{"destination-conflict", wire_row, {{COLUMN_IBAN, "DE89370400440532013000"}}, "beneficiary_id", ""},
	{"destination-conflict", wire_row, {{COLUMN_BANK_NAME, "Bank"}}, "beneficiary_id", ""},
	{"money-not-sent", calypso_row, {{COLUMN_IBAN, "DE89370400440532013000"}}, "iban", "another channel"},
	{"money-not-sent", calypso_row, {{COLUMN_BANK_COUNTRY, "DE"}}, "bank_country", ""},
	{"money-not-sent", calypso_row, {{COLUMN_TARGET_CURRENCY, "EUR"}}, "target_currency", ""},
	{"money-not-sent", wire_row, {{COLUMN_WALLET_ADDRESS, TRON}}, "wallet_address", ""},
	{"column-not-sent", calypso_row, {{COLUMN_EMAIL, "a@example.com"}}, "email", ""},
	{"column-not-sent", calypso_row, {{COLUMN_BENEFICIARY_NAME, "Ann"}}, "beneficiary_name", ""},

	{"text-encoding", calypso_row, {{COLUMN_DESCRIPTION, "M\xFCller"}}, "description", "--encoding"},
	{"text-encoding", calypso_row, {{COLUMN_REFERENCE, "\xED\xA0\x80"}}, "reference", ""},
	{"text-control", calypso_row, {{COLUMN_DESCRIPTION, "a\nb"}}, "description", "anew"},
	{"text-control", calypso_row, {{COLUMN_DESCRIPTION, "12345678\x1B[2J"}}, "description", ""},
	{"text-control", calypso_row, {{COLUMN_DESCRIPTION, "12345\x7F"}}, "description", ""},
	{"text-control", calypso_row, {{COLUMN_DESCRIPTION, "1234567\x7F"}}, "description", ""},
	{"text-control", calypso_row, {{COLUMN_DESCRIPTION, "a\xC2\x85z"}}, "description", ""},
	{"text-control", calypso_row, {{COLUMN_REFERENCE, "INV\t1"}}, "reference", ""},
	{"text-hidden", calypso_row,
		{{COLUMN_REFERENCE, "INV\xE2\x80\x8B"
				    "1"}},
		"reference", ""},
	{"text-hidden", calypso_row, {{COLUMN_REFERENCE, "\xE2\x80\xAEINV"}}, "reference", ""},
	{"text-hidden", calypso_row,
		{{COLUMN_REFERENCE, "INV\xE2\x80\xA8"
				    "1"}},
		"reference", ""},                                                               /* U+2028 */
	{"text-hidden", calypso_row, {{COLUMN_REFERENCE, "INV\xEE\x80\x80"}}, "reference", ""}, /* private use */
	{"name-hidden", calypso_row,
		{{COLUMN_DESCRIPTION, "a\xE2\x80\xAE"
				      "b"}},
		"description", ""},
	{"name-hidden", wire_row, {{COLUMN_BENEFICIARY_NAME, "A\xE2\x80\x8Bnn"}}, "beneficiary_name", ""},
	{"text-damaged", calypso_row, {{COLUMN_REFERENCE, "=\"00123\""}}, "reference", "quotes"},
	{"text-damaged", calypso_row, {{COLUMN_DESCRIPTION, "=\"7\""}}, "description", ""},
	{"reference-length", calypso_row,
		{{COLUMN_REFERENCE, "12345678901234567890123456789012345678901234567890123456789012345"}}, "reference",
		""},

	{"currency-unknown", wire_row, {{COLUMN_CURRENCY, "usd"}}, "currency", "USD"},
	{"currency-unknown", wire_row, {{COLUMN_CURRENCY, "USDT"}}, "currency", "ISO 4217"},
	{"currency-unknown", wire_row, {{COLUMN_CURRENCY, "ZZZ"}}, "currency", ""},
	{"currency-unknown", wire_row, {{COLUMN_TARGET_CURRENCY, "eur"}}, "target_currency", "EUR"},
	{"currency-unknown", calypso_row, {{COLUMN_CURRENCY, "usdt_trx"}}, "currency", "did you mean USDT_TRX"},
	{"currency-unknown", calypso_row, {{COLUMN_CURRENCY, "USDT_TRN"}}, "currency", "did you mean USDT_TRX"},
	{"currency-unknown", calypso_row, {{COLUMN_CURRENCY, "DOGE"}}, "currency", "did you mean XDG"},
	{"currency-unknown", calypso_row, {{COLUMN_CURRENCY, "SOL9"}}, "currency", "BTC, ETH, USDT,"},
	{"currency-withdrawn", wire_row, {{COLUMN_CURRENCY, "HRK"}}, "currency", "EUR"},
	{"currency-withdrawn", calypso_row, {{COLUMN_CURRENCY, "DEM"}}, "currency", "EUR"},
	{"currency-withdrawn", wire_row, {{COLUMN_TARGET_CURRENCY, "ZWL"}}, "target_currency", "ZWG"},
	{"currency-withdrawn", wire_row, {{COLUMN_CURRENCY, "RHD"}}, "currency", "took its place"},
	{"currency-unsupported", calypso_row, {{COLUMN_CURRENCY, "USD"}}, "currency", "USDT_TRX"},
	{"currency-unsupported", wire_row, {{COLUMN_CURRENCY, "XAU"}}, "currency", ""},
	{"amount-syntax", calypso_row, {{COLUMN_AMOUNT, "12,50"}}, "amount", "--decimal comma"},
	{"amount-syntax", calypso_row, {{COLUMN_AMOUNT, "$5"}}, "amount", "1234.50"},
	{"amount-syntax", calypso_row, {{COLUMN_AMOUNT, "ALL"}}, "amount", ""},
	{"amount-syntax", calypso_row, {{COLUMN_AMOUNT, "(5)"}, {COLUMN_CURRENCY, "XYZ"}}, "amount", ""},
	{"amount-ambiguous", calypso_row, {{COLUMN_AMOUNT, "1,234"}}, "amount", "--decimal comma"},
	{"amount-positive", calypso_row, {{COLUMN_AMOUNT, "-5"}}, "amount", ""},
	{"amount-positive", calypso_row, {{COLUMN_AMOUNT, "0.00"}}, "amount", ""},
	{"amount-decimals", wire_row, {{COLUMN_AMOUNT, "12.500"}}, "amount", "at most 2"},
	{"amount-decimals", wire_row, {{COLUMN_AMOUNT, "5.0"}, {COLUMN_CURRENCY, "JPY"}}, "amount", "at most 0"},
	{"amount-decimals", calypso_row, {{COLUMN_AMOUNT, "0.0000001"}}, "amount", "at most 6"},
	{"amount-size", wire_row, {{COLUMN_AMOUNT, "99999999999999999999"}}, "amount", ""},

	{"country-unknown", wire_row, {{COLUMN_COUNTRY, "Germany"}}, "country", "ISO 3166"},
	{"country-unknown", wire_row, {{COLUMN_COUNTRY, "de"}}, "country", "write DE"},
	{"country-unknown", wire_row, {{COLUMN_COUNTRY, "uk"}}, "country", "write GB"},
	{"country-unknown", wire_row, {{COLUMN_COUNTRY, "DEU"}}, "country", "write DE"},
	{"country-unknown", wire_row, {{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_BANK_COUNTRY, "Q1"}}, "bank_country", ""},
	{"country-reserved", wire_row, {{COLUMN_COUNTRY, "UK"}}, "country", "write GB"},
	{"country-reserved", wire_row, {{COLUMN_COUNTRY, "EU"}}, "country", "code of a country"},
	{"address-syntax", calypso_row, {{COLUMN_WALLET_ADDRESS, "TWkKZkmuB8"}}, "wallet_address", "source"},
	{"address-checksum", calypso_row, {{COLUMN_WALLET_ADDRESS, "TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqS"}},
		"wallet_address", "source"},
	{"address-network", calypso_row, {{COLUMN_WALLET_ADDRESS, EVM}}, "wallet_address", "network"},
	{"address-network", calypso_row, {{COLUMN_CURRENCY, "USDT"}}, "wallet_address", "network"},
	{"date-syntax", calypso_row, {{COLUMN_EXECUTION_DATE, "20.11.2026"}}, "execution_date", "2026-11-20"},
	{"date-syntax", calypso_row, {{COLUMN_EXECUTION_DATE, "2027-02-29"}}, "execution_date", ""},
	{"date-past", calypso_row, {{COLUMN_EXECUTION_DATE, "2026-11-19"}}, "execution_date", "today"},
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
			set(fixture, broken[i].changes[j].column, broken[i].changes[j].value);
		check(fixture);
		finding = found(fixture, rule->code, broken[i].field);
		if (finding == NULL || finding->severity != rule->severity ||
			strstr(finding->cure, broken[i].cure) == NULL)
			fail_msg("row %zu, %s: %s", i, rule->id, finding != NULL ? finding->cure : "not found");
		if (fixture->good != (rule->severity == FINDING_WARNING))
			fail_msg("row %zu, %s: good is %d", i, rule->id, fixture->good);
		assert_int_equal(finding->row, 46);
		assert_int_equal(finding->line, 47);
		assert_true(finding->message[0] != '\0' && finding->cure[0] != '\0');
	}
}

/* Those that a cell alone can't break, each tested on its own below. */
static const char *const elsewhere[] = {"channel-conflict", "recipient-money-not-sent", "recipient-not-sent"};

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
	{calypso_row, {{0, NULL}}},
	{wire_row, {{0, NULL}}},
	{calypso_row, {{COLUMN_REFERENCE, "1234567890123456789012345678901234567890123456789012345678901234"}}},
	{calypso_row, {{COLUMN_REFERENCE, "\xC3\x9C"
					  "berweisung-7"}}},
	{calypso_row, {{COLUMN_DESCRIPTION, "\xE7\xBB\x99\xE6\x9D\x8E\xE5\x9B\x9B, caf\xC3\xA9 = \"1\""}}},
	{calypso_row, {{COLUMN_DESCRIPTION, "=1+1"}}}, /* reports take care of formulas */
	{calypso_row, {{COLUMN_CURRENCY, "USDT"}, {COLUMN_WALLET_ADDRESS, EVM}}},
	{calypso_row, {{COLUMN_CURRENCY, "ETH"}, {COLUMN_WALLET_ADDRESS, EVM}, {COLUMN_AMOUNT, "0.00000001"}}},
	{calypso_row, {{COLUMN_WALLET_ADDRESS, ""}, {COLUMN_ADDRESS, TRON}}},
	{calypso_row, {{COLUMN_EXECUTION_DATE, "2026-11-20"}}},
	{calypso_row, {{COLUMN_EXECUTION_DATE, "2026-11-21"}}},
	{wire_row, {{COLUMN_COUNTRY, "XK"}, {COLUMN_TARGET_CURRENCY, "EUR"}, {COLUMN_ADDRESS, "1 Main St"}}},
	{wire_row, {{COLUMN_BENEFICIARY_ID, ""}, {COLUMN_ACCOUNT_NUMBER, "12345678"}, {COLUMN_BANK_COUNTRY, "US"}}},
};

static void good_rows_have_no_findings(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(kept); i++) {
		kept[i].base(fixture);
		for (size_t j = 0; j < SETS && kept[i].changes[j].value != NULL; j++)
			set(fixture, kept[i].changes[j].column, kept[i].changes[j].value);
		check(fixture);
		if (!fixture->good || fixture->findings.count > 0)
			fail_msg("row %zu: %s", i,
				fixture->findings.count > 0 ? fixture->findings.items[0].message : "not good");
	}
}

static void a_good_row_becomes_a_whole_payout(void **state)
{
	struct fixture *fixture = *state;
	struct payout *payout = &fixture->payout;
	uint8_t digest[SHA256_SIZE];
	struct key key;

	calypso_row(fixture);
	set(fixture, COLUMN_REFERENCE, " INV-1\t");
	set(fixture, COLUMN_DESCRIPTION, "Rent");
	check(fixture);
	assert_true(fixture->good);
	assert_int_equal(payout->row, 46);
	assert_int_equal(payout->line, 47);
	assert_ptr_equal(payout->terms, &calypso_terms);
	assert_true(text_is(payout->reference, "INV-1"));
	assert_true(text_is(payout->cells[COLUMN_REFERENCE], "INV-1"));
	assert_true(text_is(payout->cells[COLUMN_CHANNEL], "calypso-main"));
	assert_int_equal(payout->amount_minor, 12500000);
	assert_int_equal(payout->decimals, 6);
	assert_true(text_is(payout->cells[COLUMN_AMOUNT], "12500000"));
	assert_string_equal(payout->currency, "USDT_TRX");
	assert_string_equal(payout->target_currency, "");
	assert_true(text_is(payout->destination, TRON));
	assert_int_equal(payout->release_at_utc_ms, 0);
	assert_int_equal(payout->recipient_count, 0);
	assert_true(text_is(content_get(payout->content, "description"), "Rent"));
	assert_true(text_is(content_get(payout->content, "amount"), "12500000"));
	assert_int_equal(content_get(payout->content, "channel").len, 0);
	content_digest(fixture->rules.sha, payout->content, digest);
	assert_memory_equal(payout->content_digest, digest, SHA256_SIZE);
	key = key_derive(fixture->rules.sha, TEXT("acme"), PROVIDER_CALYPSO, TEXT("INV-1"), 1);
	assert_memory_equal(payout->key.bytes, key.bytes, KEY_SIZE);
}

/* The readers' buffers are theirs: what a payout keeps lies elsewhere. */
static void a_payout_outlives_its_row(void **state)
{
	static const char *const values[] = {"INV-1", "calypso-main", "12.50", "USDT_TRX", TRON};
	static const enum column columns[] = {
		COLUMN_REFERENCE, COLUMN_CHANNEL, COLUMN_AMOUNT, COLUMN_CURRENCY, COLUMN_WALLET_ADDRESS};
	struct fixture *fixture = *state;
	struct payout *payout = &fixture->payout;
	char memory[128];
	size_t used = 0;

	calypso_row(fixture);
	for (size_t i = 0; i < COUNT(values); i++) {
		size_t len = strlen(values[i]);

		memcpy(memory + used, values[i], len);
		fixture->row.cells[columns[i]] = (struct text){memory + used, len};
		used += len;
	}
	check(fixture);
	memset(memory, 'x', sizeof(memory));
	assert_true(fixture->good);
	assert_true(text_is(payout->reference, "INV-1"));
	assert_true(text_is(payout->cells[COLUMN_CURRENCY], "USDT_TRX"));
	assert_true(text_is(payout->cells[COLUMN_WALLET_ADDRESS], TRON));
	assert_true(text_is(payout->destination, TRON));
}

static void the_destination_is_canonical_and_the_cell_as_written(void **state)
{
	struct fixture *fixture = *state;

	calypso_row(fixture);
	set(fixture, COLUMN_CURRENCY, "USDT");
	set(fixture, COLUMN_WALLET_ADDRESS, EVM);
	check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.cells[COLUMN_WALLET_ADDRESS], EVM));
	assert_true(text_is(fixture->payout.destination, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));

	wire_row(fixture);
	set(fixture, COLUMN_BENEFICIARY_ID, "");
	set(fixture, COLUMN_IBAN, "de89 3704 0044 0532 0130 00");
	check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.destination, "DE89370400440532013000"));
}

static void composed_and_decomposed_text_is_one_payout(void **state)
{
	struct fixture *fixture = *state;
	uint8_t digest[SHA256_SIZE];
	struct key key;

	calypso_row(fixture);
	set(fixture, COLUMN_REFERENCE, "\xC3\x9C-1");
	set(fixture, COLUMN_DESCRIPTION, "\xC3\x9C");
	check(fixture);
	assert_true(fixture->good);
	key = fixture->payout.key;
	memcpy(digest, fixture->payout.content_digest, sizeof(digest));
	set(fixture, COLUMN_REFERENCE, "U\xCC\x88-1");
	set(fixture, COLUMN_DESCRIPTION, " U\xCC\x88 ");
	check(fixture);
	assert_true(fixture->good);
	assert_memory_equal(fixture->payout.key.bytes, key.bytes, KEY_SIZE);
	assert_memory_equal(fixture->payout.content_digest, digest, SHA256_SIZE);
}

static void the_reference_counts_code_points(void **state)
{
	struct fixture *fixture = *state;
	char longest[3 * 65 + 1] = "";

	for (size_t i = 0; i < 65; i++)
		memcpy(longest + 3 * i, "\xE7\xBB\x99", 3);
	calypso_row(fixture);
	fixture->row.cells[COLUMN_REFERENCE] = (struct text){longest, 3 * 64};
	check(fixture);
	assert_true(fixture->good);
	fixture->row.cells[COLUMN_REFERENCE] = (struct text){longest, 3 * 65};
	check(fixture);
	assert_non_null(found(fixture, "FIELD_TOO_LONG", "reference"));
}

static void a_file_without_references_gets_no_key_yet(void **state)
{
	const struct key none = {{0}};
	struct fixture *fixture = *state;

	calypso_row(fixture);
	set(fixture, COLUMN_REFERENCE, "");
	fixture->rules.references_optional = true;
	check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->payout.reference.len, 0);
	assert_memory_equal(fixture->payout.key.bytes, none.bytes, KEY_SIZE);
	assert_true(fixture->payout.content.len > 0);
}

static void the_reference_of_an_error_file_is_read_where_the_row_has_none(void **state)
{
	struct fixture *fixture = *state;

	calypso_row(fixture);
	set(fixture, COLUMN_REFERENCE, "");
	fixture->row.own_reference = TEXT("B/0f4867adfbc83bf5/1");
	check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.reference, "B/0f4867adfbc83bf5/1"));
	set(fixture, COLUMN_REFERENCE, "INV-1");
	check(fixture);
	assert_true(text_is(fixture->payout.reference, "INV-1"));
}

/* Rule channel-conflict. */
static void the_channel_of_the_command_holds_for_rows_that_name_none_or_the_same(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.fixed = &calypso_terms;
	calypso_row(fixture);
	check(fixture);
	assert_true(fixture->good);
	set(fixture, COLUMN_CHANNEL, "");
	check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.cells[COLUMN_CHANNEL], "calypso-main"));
	set(fixture, COLUMN_CHANNEL, "wire");
	check(fixture);
	assert_false(fixture->good);
	assert_non_null(found(fixture, rule_of("channel-conflict")->code, "channel"));
}

/* Rules recipient-money-not-sent and recipient-not-sent. */
static void recipient_fields_reach_only_channels_that_carry_them(void **state)
{
	struct fixture *fixture = *state;

	calypso_row(fixture);
	recipient(fixture, "tax_id", "1");
	check(fixture);
	assert_true(fixture->good);
	assert_int_equal(found(fixture, rule_of("recipient-not-sent")->code, "recipient")->severity, FINDING_WARNING);
	recipient(fixture, "account_number", "1");
	check(fixture);
	assert_false(fixture->good);
	assert_int_equal(fixture->findings.errors, 1);
	assert_string_equal(rule_of("recipient-money-not-sent")->code, "FIELD_NOT_SENT");
}

static void recipient_fields_are_sorted_cleaned_and_kept(void **state)
{
	struct fixture *fixture = *state;
	const struct payout *payout = &fixture->payout;

	wire_row(fixture);
	set(fixture, COLUMN_CHANNEL, "pontis");
	set(fixture, COLUMN_BENEFICIARY_ID, "");
	set(fixture, COLUMN_TARGET_CURRENCY, "INR");
	recipient(fixture, "name", " N ");
	recipient(fixture, "empty", " ");
	recipient(fixture, "ifsc", "I");
	check(fixture);
	assert_true(fixture->good);
	assert_int_equal(payout->recipient_count, 2);
	assert_true(text_is(payout->recipient[0].name, "ifsc"));
	assert_true(text_is(payout->recipient[1].value, "N"));
	assert_true(text_is(content_get(payout->content, "recipient.name"), "N"));
	assert_string_equal(payout->target_currency, "INR");
	recipient(fixture, "ifsc", "J");
	check(fixture);
	assert_non_null(found(fixture, "HEADER_DUPLICATE", "recipient"));
	fixture->row.recipient_count = 0;
	recipient(fixture, "note", "a\nb");
	check(fixture);
	assert_non_null(found(fixture, "FIELD_CHARACTERS", "recipient"));
	assert_false(fixture->good);
}

static void pontis_rows_may_say_source_currency_and_currency_code(void **state)
{
	struct fixture *fixture = *state;

	wire_row(fixture);
	set(fixture, COLUMN_CHANNEL, "pontis");
	set(fixture, COLUMN_BENEFICIARY_ID, "");
	set(fixture, COLUMN_CURRENCY, "");
	set(fixture, COLUMN_SOURCE_CURRENCY, "USD");
	set(fixture, COLUMN_CURRENCY_CODE, "INR");
	check(fixture);
	assert_true(fixture->good);
	assert_string_equal(fixture->payout.currency, "USD");
	assert_string_equal(fixture->payout.target_currency, "INR");
}

static void a_target_currency_that_does_not_differ_is_none(void **state)
{
	struct fixture *fixture = *state;

	wire_row(fixture);
	set(fixture, COLUMN_TARGET_CURRENCY, "USD");
	check(fixture);
	assert_true(fixture->good);
	assert_string_equal(fixture->payout.target_currency, "");
}

static void a_future_date_holds_the_row_until_midnight_in_the_zone(void **state)
{
	struct fixture *fixture = *state;
	int64_t utc, berlin;

	calypso_row(fixture);
	set(fixture, COLUMN_EXECUTION_DATE, "2026-12-01");
	check(fixture);
	assert_true(fixture->good);
	utc = fixture->payout.release_at_utc_ms;
	assert_int_equal(utc, INT64_C(1796083200000)); /* 2026-12-01T00:00:00Z */
	memset(&fixture->day, 0, sizeof(fixture->day));
	fixture->rules.timezone = "Europe/Berlin";
	for (int i = 0; i < 2; i++) { /* looked up, then remembered */
		check(fixture);
		berlin = fixture->payout.release_at_utc_ms;
		assert_int_equal(berlin, utc - MINUTES_60);
	}
	fixture->rules.day = NULL;
	check(fixture);
	assert_int_equal(fixture->payout.release_at_utc_ms, berlin);
	set(fixture, COLUMN_EXECUTION_DATE, "2026-11-20");
	check(fixture);
	assert_int_equal(fixture->payout.release_at_utc_ms, 0);
}

static void a_channel_that_schedules_gets_the_date_at_once(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.fixed = &scheduled_terms;
	calypso_row(fixture);
	set(fixture, COLUMN_EXECUTION_DATE, "2026-12-01");
	check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->payout.release_at_utc_ms, 0);
	assert_true(text_is(content_get(fixture->payout.content, "execution_date"), "2026-12-01"));
}

static void a_declared_comma_is_the_mark(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.decimal_mark = ',';
	calypso_row(fixture);
	set(fixture, COLUMN_AMOUNT, "12,50");
	check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->payout.amount_minor, 12500000);
	set(fixture, COLUMN_AMOUNT, "1.234");
	check(fixture);
	assert_non_null(found(fixture, "AMOUNT_AMBIGUOUS", "amount"));
	set(fixture, COLUMN_AMOUNT, "12.5");
	check(fixture);
	assert_non_null(strstr(found(fixture, "AMOUNT_SYNTAX", "amount")->cure, "--decimal point"));
}

/* Rejected rows are summed too, by what was readable of them. */
static void a_bad_row_keeps_the_amount_that_was_readable(void **state)
{
	struct fixture *fixture = *state;
	struct payout *payout = &fixture->payout;

	calypso_row(fixture);
	set(fixture, COLUMN_WALLET_ADDRESS, "nonsense");
	check(fixture);
	assert_false(fixture->good);
	assert_int_equal(payout->amount_minor, 12500000);
	assert_string_equal(payout->currency, "USDT_TRX");
	assert_true(text_is(payout->reference, "INV-1"));

	calypso_row(fixture);
	set(fixture, COLUMN_CURRENCY, "USD"); /* known, but not payable here */
	check(fixture);
	assert_int_equal(payout->amount_minor, 1250);
	assert_int_equal(payout->decimals, 2);
	assert_string_equal(payout->currency, "USD");

	set(fixture, COLUMN_CURRENCY, "NOPE");
	check(fixture);
	assert_int_equal(payout->amount_minor, 0);
	assert_string_equal(payout->currency, "");

	calypso_row(fixture);
	set(fixture, COLUMN_AMOUNT, "12.5.0");
	check(fixture);
	assert_int_equal(payout->amount_minor, 0);
	assert_string_equal(payout->currency, "USDT_TRX");
}

static void an_amount_that_the_reader_refused_is_not_told_again(void **state)
{
	struct fixture *fixture = *state;

	calypso_row(fixture);
	set(fixture, COLUMN_AMOUNT, "1e400");
	fixture->row.amount_refused = true;
	check(fixture);
	assert_false(fixture->good);
	assert_int_equal(fixture->findings.count, 0);
}

static void all_findings_of_a_row_are_told(void **state)
{
	struct fixture *fixture = *state;

	calypso_row(fixture);
	set(fixture, COLUMN_REFERENCE, "");
	set(fixture, COLUMN_AMOUNT, "-1");
	set(fixture, COLUMN_WALLET_ADDRESS, EVM);
	set(fixture, COLUMN_COUNTRY, "UK");
	set(fixture, COLUMN_EXECUTION_DATE, "2020-01-01");
	check(fixture);
	assert_non_null(found(fixture, "FIELD_REQUIRED", "reference"));
	assert_non_null(found(fixture, "AMOUNT_NOT_POSITIVE", "amount"));
	assert_non_null(found(fixture, "ADDRESS_NETWORK", "wallet_address"));
	assert_non_null(found(fixture, "COUNTRY_RESERVED", "country"));
	assert_non_null(found(fixture, "FIELD_NOT_SENT", "country"));
	assert_non_null(found(fixture, "DATE_PAST", "execution_date"));
	assert_int_equal(fixture->findings.count, 6);
}

static void a_row_without_a_channel_is_judged_as_far_as_possible(void **state)
{
	struct fixture *fixture = *state;

	calypso_row(fixture);
	set(fixture, COLUMN_CHANNEL, "");
	set(fixture, COLUMN_AMOUNT, "1e5");
	set(fixture, COLUMN_REFERENCE, "");
	check(fixture);
	assert_int_equal(fixture->findings.count, 3);
	assert_non_null(found(fixture, "AMOUNT_SYNTAX", "amount"));
	assert_non_null(found(fixture, "FIELD_REQUIRED", "channel"));
	assert_non_null(found(fixture, "FIELD_REQUIRED", "reference"));
}

/* Whatever stands in a file, a message can be shown, and never a whole account. */
static void messages_are_escaped_and_masked(void **state)
{
	struct fixture *fixture = *state;

	calypso_row(fixture);
	set(fixture, COLUMN_CURRENCY, "\x1B[31mUSD");
	set(fixture, COLUMN_WALLET_ADDRESS, EVM);
	set(fixture, COLUMN_AMOUNT,
		"1\xE2\x80\xAE"
		"0");
	check(fixture);
	for (size_t i = 0; i < fixture->findings.count; i++) {
		assert_null(strchr(fixture->findings.items[i].message, '\x1B'));
		assert_null(strstr(fixture->findings.items[i].message, "\xE2\x80\xAE"));
	}
	calypso_row(fixture);
	set(fixture, COLUMN_WALLET_ADDRESS, EVM);
	check(fixture);
	assert_null(strstr(found(fixture, "ADDRESS_NETWORK", "wallet_address")->message, "5aAeb"));
	assert_non_null(strstr(found(fixture, "ADDRESS_NETWORK", "wallet_address")->message, "****eAed"));
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		row_test(each_broken_rule_is_found),
		cmocka_unit_test(every_rule_has_a_row_that_breaks_it),
		cmocka_unit_test(every_rule_has_a_known_code_and_an_id_of_its_own),
		row_test(good_rows_have_no_findings),
		row_test(a_good_row_becomes_a_whole_payout),
		row_test(a_payout_outlives_its_row),
		row_test(the_destination_is_canonical_and_the_cell_as_written),
		row_test(composed_and_decomposed_text_is_one_payout),
		row_test(the_reference_counts_code_points),
		row_test(a_file_without_references_gets_no_key_yet),
		row_test(the_reference_of_an_error_file_is_read_where_the_row_has_none),
		row_test(the_channel_of_the_command_holds_for_rows_that_name_none_or_the_same),
		row_test(recipient_fields_reach_only_channels_that_carry_them),
		row_test(recipient_fields_are_sorted_cleaned_and_kept),
		row_test(pontis_rows_may_say_source_currency_and_currency_code),
		row_test(a_target_currency_that_does_not_differ_is_none),
		row_test(a_future_date_holds_the_row_until_midnight_in_the_zone),
		row_test(a_channel_that_schedules_gets_the_date_at_once),
		row_test(a_declared_comma_is_the_mark),
		row_test(a_bad_row_keeps_the_amount_that_was_readable),
		row_test(an_amount_that_the_reader_refused_is_not_told_again),
		row_test(all_findings_of_a_row_are_told),
		row_test(a_row_without_a_channel_is_judged_as_far_as_possible),
		row_test(messages_are_escaped_and_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
