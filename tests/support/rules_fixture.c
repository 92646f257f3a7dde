#include "tests/support/rules_fixture.h"

#include <stdlib.h>
#include <string.h>

/* A calypso channel with its own asset codes, a bank channel as circle's wire is, and pontis with recipient fields. */
static struct channel calypso = {.name = "calypso-main", .provider = PROVIDER_CALYPSO};
static const struct channel wire = {.name = "wire", .provider = PROVIDER_CIRCLE};
static const struct channel pontis = {.name = "pontis", .provider = PROVIDER_PONTIS};
static const struct channel pontis_pay = {.name = "pontis-pay", .provider = PROVIDER_PONTIS};
static const struct channel circle_wire = {.name = "circle-wire", .provider = PROVIDER_CIRCLE};
static const struct channel circle_book = {.name = "circle-book", .provider = PROVIDER_CIRCLE};

const struct terms calypso_terms = {
	.channel = &calypso,
	.required = COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_AMOUNT) | COLUMN_SET(COLUMN_CURRENCY),
	.carried = COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_DESCRIPTION),
	.pays_to_chain = true,
	.own_assets = true,
};
const struct terms scheduled_terms = {
	.channel = &calypso,
	.required = COLUMN_SET(COLUMN_WALLET_ADDRESS),
	.carried = COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_CURRENCY),
	.pays_to_chain = true,
	.own_assets = true,
	.provider_schedules = true,
};
const struct terms wire_terms = {
	.channel = &wire,
	.required = COLUMN_SET(COLUMN_CURRENCY),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_TARGET_CURRENCY) |
		   COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_BENEFICIARY_NAME) |
		   COLUMN_SET(COLUMN_COUNTRY) | COLUMN_SET(COLUMN_LINE1) | COLUMN_SET_BANK,
};
const struct terms pontis_terms = {
	.channel = &pontis,
	.required = COLUMN_SET(COLUMN_TARGET_CURRENCY),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_TARGET_CURRENCY),
	.carries_recipient = true,
};

#define PONTIS_REQUIRED                                                                                                \
	(COLUMN_SET(COLUMN_COUNTRY) | COLUMN_SET(COLUMN_TARGET_CURRENCY) | COLUMN_SET(COLUMN_PAYMENT_METHOD) |         \
		COLUMN_SET(COLUMN_BENEFICIARY_NAME))
const struct terms pontis_pay_terms = {
	.channel = &pontis_pay,
	.required = PONTIS_REQUIRED,
	.carried = PONTIS_REQUIRED | COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_ACCOUNT_NUMBER) |
		   COLUMN_SET(COLUMN_IFSC) | COLUMN_SET(COLUMN_PURPOSE),
	.carries_recipient = true,
	.default_currency = {"USDT", 4},
	.amount_decimals = 2,
	.recipient_table = true,
};

#define IBANS BANK_FORM_SET(BANK_FORM_IBAN)
#define BICS BANK_FORM_SET(BANK_FORM_BIC)
static const struct bank_country countries[] = {{"AR", BICS}, {"AU", BICS}, {"CA", BICS}, {"DE", IBANS},
	{"EG", IBANS | BICS}, {"HK", BICS}, {"JP", BICS}, {"MX", BICS}, {"NZ", BICS}, {"PE", BICS}, {"SG", BICS},
	{"US", BANK_FORM_SET(BANK_FORM_US)}, {"ZA", BICS}};
#define ADDRESS_SET                                                                                                    \
	(COLUMN_SET(COLUMN_BENEFICIARY_NAME) | COLUMN_SET(COLUMN_LINE1) | COLUMN_SET(COLUMN_CITY) |                    \
		COLUMN_SET(COLUMN_COUNTRY) | COLUMN_SET(COLUMN_BANK_COUNTRY))
static const struct bank_terms bank = {
	.forms =
		{
			[BANK_FORM_US] = {ADDRESS_SET | COLUMN_SET(COLUMN_ACCOUNT_NUMBER) |
						  COLUMN_SET(COLUMN_ROUTING_NUMBER),
				COLUMN_SET(COLUMN_ACCOUNT_NUMBER) | COLUMN_SET(COLUMN_ROUTING_NUMBER) |
					COLUMN_SET(COLUMN_BANK_NAME) | COLUMN_SET(COLUMN_BANK_COUNTRY),
				COLUMN_SET(COLUMN_BIC)},
			[BANK_FORM_IBAN] = {ADDRESS_SET | COLUMN_SET(COLUMN_IBAN),
				COLUMN_SET(COLUMN_IBAN) | COLUMN_SET(COLUMN_BANK_NAME) |
					COLUMN_SET(COLUMN_BANK_COUNTRY),
				COLUMN_SET(COLUMN_BIC)},
			[BANK_FORM_BIC] = {ADDRESS_SET | COLUMN_SET(COLUMN_ACCOUNT_NUMBER) | COLUMN_SET(COLUMN_BIC),
				COLUMN_SET(COLUMN_ACCOUNT_NUMBER) | COLUMN_SET(COLUMN_BIC) |
					COLUMN_SET(COLUMN_BANK_NAME) | COLUMN_SET(COLUMN_BANK_COUNTRY),
				0},
		},
	.countries = countries,
	.country_count = sizeof(countries) / sizeof(countries[0]),
	.further = BANK_FORM_SET(BANK_FORM_IBAN) | BANK_FORM_SET(BANK_FORM_BIC),
	.district_countries = "CA US",
};
static const struct column_limit limits[] = {{COLUMN_ACCOUNT_NUMBER, 6, 35}, {COLUMN_POSTAL_CODE, 0, 16}};

const struct terms circle_wire_terms = {
	.channel = &circle_wire,
	.required = COLUMN_SET(COLUMN_CURRENCY),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_TARGET_CURRENCY) |
		   COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_EMAIL) | ADDRESS_SET |
		   COLUMN_SET(COLUMN_DISTRICT) | COLUMN_SET(COLUMN_POSTAL_CODE) |
		   (COLUMN_SET_BANK & ~COLUMN_SET(COLUMN_IFSC)),
	.currencies = {"USD,EUR", 7},
	.exchanges = {"USD/EUR", 7},
	.bank = &bank,
	.bank_countries = {"CY CZ", 5},
	.uuid_destination = true,
	.limits = limits,
	.limit_count = sizeof(limits) / sizeof(limits[0]),
};
const struct terms circle_book_terms = {
	.channel = &circle_book,
	.required = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_BENEFICIARY_ID),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_TARGET_CURRENCY) |
		   COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_PURPOSE),
	.currencies = {"USD,EUR", 7},
	.purpose_required = true,
	.purposes = PURPOSE_CIRCLE,
};

static const struct channel circle_sg = {.name = "circle-sg", .provider = PROVIDER_CIRCLE};
static const struct channel circle_us = {.name = "circle-us", .provider = PROVIDER_CIRCLE};
const struct terms circle_sg_terms = {
	.channel = &circle_sg,
	.required = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_BENEFICIARY_ID),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_PURPOSE),
	.currencies = {"USD,EUR", 7},
	.purpose_required = true,
	.purposes = PURPOSE_CIRCLE,
	.lacks_originator = true,
};
const struct terms circle_us_terms = {
	.channel = &circle_us,
	.required = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_BENEFICIARY_ID),
	.carried = COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_PURPOSE),
	.currencies = {"USD,EUR", 7},
	.purposes = PURPOSE_CIRCLE,
	.lacks_originator = true,
	.originator_from = 3000,
};

static const struct channel mollie = {.name = "mollie", .provider = PROVIDER_MOLLIE};
static const struct channel mollie_all = {.name = "mollie-all", .provider = PROVIDER_MOLLIE};
#define MOLLIE_CARRIED (COLUMN_SET(COLUMN_CURRENCY) | COLUMN_SET(COLUMN_BALANCE_ID) | COLUMN_SET(COLUMN_DESCRIPTION))

const struct terms mollie_terms = {
	.channel = &mollie,
	.required = COLUMN_SET(COLUMN_CURRENCY),
	.carried = MOLLIE_CARRIED,
	.currencies = {"EUR HUF", 7},
	.pays_from_balance = true,
	.balance = {"bal_own", 7},
	.has_all = true,
};
const struct terms mollie_all_terms = {
	.channel = &mollie_all,
	.required = COLUMN_SET(COLUMN_CURRENCY),
	.carried = MOLLIE_CARRIED,
	.pays_from_balance = true,
	.has_all = true,
	.allows_all = true,
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
	if (text_is(channel, "pontis-pay"))
		return &pontis_pay_terms;
	if (text_is(channel, "circle-wire"))
		return &circle_wire_terms;
	if (text_is(channel, "circle-book"))
		return &circle_book_terms;
	if (text_is(channel, "circle-sg"))
		return &circle_sg_terms;
	if (text_is(channel, "circle-us"))
		return &circle_us_terms;
	if (text_is(channel, "mollie"))
		return &mollie_terms;
	if (text_is(channel, "mollie-all"))
		return &mollie_all_terms;
	return NULL;
}

void fixture_limit(enum channel_limit limit, const char *setting)
{
	calypso.limits[limit] = (struct limit){.given = false};
	if (setting != NULL && limit_parse(text_of(setting), &calypso.limits[limit]) != NULL)
		abort();
}

int fixture_set_up(void **state)
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

int fixture_tear_down(void **state)
{
	struct fixture *fixture = *state;

	sha256_free(fixture->rules.sha);
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

void fixture_set(struct fixture *fixture, enum column column, const char *value)
{
	fixture->row.cells[column] = text_of(value);
}

void fixture_calypso_row(struct fixture *fixture)
{
	memset(&fixture->row, 0, sizeof(fixture->row));
	fixture->row.number = 46;
	fixture->row.line = 47;
	fixture_set(fixture, COLUMN_REFERENCE, "INV-1");
	fixture_set(fixture, COLUMN_CHANNEL, "calypso-main");
	fixture_set(fixture, COLUMN_AMOUNT, "12.50");
	fixture_set(fixture, COLUMN_CURRENCY, "USDT_TRX");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, TRON_ADDRESS);
}

void fixture_wire_row(struct fixture *fixture)
{
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "wire");
	fixture_set(fixture, COLUMN_CURRENCY, "USD");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, "");
	fixture_set(fixture, COLUMN_BENEFICIARY_ID, "b-1");
}

static void bank_row(struct fixture *fixture, const char *country)
{
	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "circle-wire");
	fixture_set(fixture, COLUMN_BENEFICIARY_ID, "");
	fixture_set(fixture, COLUMN_BENEFICIARY_NAME, "Ann Example");
	fixture_set(fixture, COLUMN_LINE1, "1 Main St");
	fixture_set(fixture, COLUMN_CITY, "Town");
	fixture_set(fixture, COLUMN_COUNTRY, country);
	fixture_set(fixture, COLUMN_BANK_COUNTRY, country);
}

void fixture_iban_row(struct fixture *fixture)
{
	bank_row(fixture, "DE");
	fixture_set(fixture, COLUMN_IBAN, "DE89370400440532013000");
}

void fixture_us_row(struct fixture *fixture)
{
	bank_row(fixture, "US");
	fixture_set(fixture, COLUMN_DISTRICT, "CA");
	fixture_set(fixture, COLUMN_ACCOUNT_NUMBER, "12340010");
	fixture_set(fixture, COLUMN_ROUTING_NUMBER, "121000248");
}

void fixture_bic_row(struct fixture *fixture)
{
	bank_row(fixture, "JP");
	fixture_set(fixture, COLUMN_ACCOUNT_NUMBER, "1234567");
	fixture_set(fixture, COLUMN_BIC, "BOTKJPJT");
}

void fixture_book_row(struct fixture *fixture)
{
	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "circle-book");
	fixture_set(fixture, COLUMN_PURPOSE, "PMT008");
}

void fixture_pontis_row(struct fixture *fixture)
{
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "pontis-pay");
	fixture_set(fixture, COLUMN_CURRENCY, "");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, "");
	fixture_set(fixture, COLUMN_TARGET_CURRENCY, "INR");
	fixture_set(fixture, COLUMN_COUNTRY, "IN");
	fixture_set(fixture, COLUMN_PAYMENT_METHOD, "imps");
	fixture_set(fixture, COLUMN_BENEFICIARY_NAME, "Asha Rao");
	fixture_set(fixture, COLUMN_ACCOUNT_NUMBER, "50100012345678");
	fixture_set(fixture, COLUMN_IFSC, "HDFC0000001");
}

void fixture_mollie_row(struct fixture *fixture)
{
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "mollie");
	fixture_set(fixture, COLUMN_CURRENCY, "EUR");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, "");
}

void fixture_recipient(struct fixture *fixture, const char *name, const char *value)
{
	fixture->row.recipient[fixture->row.recipient_count++] = (struct row_recipient){text_of(name), text_of(value)};
}

void fixture_check(struct fixture *fixture)
{
	arena_reset(&fixture->arena);
	memset(&fixture->payout, 0xA5, sizeof(fixture->payout)); /* nothing may be left from before */
	findings_begin(&fixture->findings, &fixture->arena, fixture->row.number, fixture->row.line);
	fixture->good =
		rules_check(&fixture->rules, &fixture->row, &fixture->arena, &fixture->payout, &fixture->findings);
}

const struct finding *fixture_found(const struct fixture *fixture, const char *code, const char *field)
{
	for (size_t i = 0; i < fixture->findings.count; i++)
		if (strcmp(fixture->findings.items[i].code, code) == 0 &&
			strcmp(fixture->findings.items[i].field, field) == 0)
			return &fixture->findings.items[i];
	return NULL;
}
