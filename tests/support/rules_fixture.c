#include "tests/support/rules_fixture.h"

#include <stdlib.h>
#include <string.h>

/* A calypso channel with its own asset codes, a bank channel as circle's wire is, and pontis with recipient fields. */
static struct channel calypso = {.name = "calypso-main", .provider = PROVIDER_CALYPSO};
static const struct channel wire = {.name = "wire", .provider = PROVIDER_CIRCLE};
static const struct channel pontis = {.name = "pontis", .provider = PROVIDER_PONTIS};

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
