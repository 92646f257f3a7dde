/* Rules of where and when: countries, blockchain addresses, the date; and the destination of a whole payout. */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "values/country.h"
#include "values/rules_run.h"

/* The moment of 00:00 of a day in the rules' zone; false when the zone left that day out. */
static bool midnight(const struct rules *rules, struct text date, int64_t *utc_ms)
{
	struct rules_day *day = rules->day;

	if (day == NULL)
		return clock_zone_midnight(rules->timezone, date, utc_ms);
	if (!text_is(date, day->date)) {
		memcpy(day->date, date.ptr, date.len);
		day->date[date.len] = '\0';
		day->exists = clock_zone_midnight(rules->timezone, date, &day->utc_ms);
	}
	*utc_ms = day->utc_ms;
	return day->exists;
}

static enum date_verdict judge_date(struct rules_run *run)
{
	struct text date = run->payout->cells[COLUMN_EXECUTION_DATE];
	int64_t release;
	int order;

	if (date.len == 0)
		return DATE_EMPTY;
	if (!clock_date_valid(date))
		return DATE_BAD_SYNTAX;
	order = text_compare(date, text_of(run->rules->today));
	if (order < 0)
		return DATE_BAD_PAST;
	if (order > 0) {
		if (!midnight(run->rules, date, &release))
			return DATE_BAD_SYNTAX;
		if (run->terms != NULL && !run->terms->provider_schedules)
			run->payout->release_at_utc_ms = release;
	}
	return DATE_VALID;
}

static void judge_country(struct rules_run *run, enum column column)
{
	const char *name, *hint;

	if (!rules_has(run, column))
		return;
	switch (country_check(run->payout->cells[column], &name, &hint)) {
	case COUNTRY_BAD_UNKNOWN:
		run->country_unknown |= COLUMN_SET(column);
		break;
	case COUNTRY_BAD_RESERVED:
		run->country_reserved |= COLUMN_SET(column);
		break;
	case COUNTRY_VALID:
		break;
	}
}

void rules_place_judge(struct rules_run *run)
{
	struct text address = run->payout->cells[COLUMN_WALLET_ADDRESS];

	judge_country(run, COLUMN_COUNTRY);
	judge_country(run, COLUMN_BANK_COUNTRY);
	run->date = judge_date(run);
	run->address_judged = address.len > 0 && run->asset != NULL && run->terms->pays_to_chain;
	if (run->address_judged)
		run->address = address_check(run->asset->kind, address, run->rules->sha, &run->look);
}

/* Lower case is not taken, but understood. */
static const char *meant_country(struct text code, char upper[3])
{
	const char *name, *hint;

	if (code.len != 2)
		return NULL;
	for (size_t i = 0; i < 2; i++)
		upper[i] = (char)(code.ptr[i] >= 'a' && code.ptr[i] <= 'z' ? code.ptr[i] - 'a' + 'A' : code.ptr[i]);
	upper[2] = '\0';
	return country_check(text_of(upper), &name, &hint) == COUNTRY_VALID ? upper : hint;
}

void rules_country_unknown(struct rules_run *run, const struct rule *rule)
{
	column_set columns = run->country_unknown;

	while (columns != 0) {
		enum column column = rules_next(&columns);
		const char *name, *hint;
		char upper[3];

		country_check(run->payout->cells[column], &name, &hint);
		if (hint == NULL)
			hint = meant_country(run->payout->cells[column], upper);
		rules_found(run, rule, column_name(column),
			hint != NULL ? finding_text(run->findings, "write %s", hint)
				     : "write a two-letter code of ISO 3166 in capitals: DE, GB, US",
			"'%s' is no country code", rules_show(run, column));
	}
}

void rules_country_reserved(struct rules_run *run, const struct rule *rule)
{
	column_set columns = run->country_reserved;

	while (columns != 0) {
		enum column column = rules_next(&columns);
		const char *name, *hint;

		country_check(run->payout->cells[column], &name, &hint);
		rules_found(run, rule, column_name(column),
			hint != NULL ? finding_text(run->findings, "write %s", hint)
				     : "write the code of a country: DE, GB, US",
			"%s is a reserved code (%s), no country", rules_show(run, column), name);
	}
}

void rules_address_syntax(struct rules_run *run, const struct rule *rule)
{
	if (run->address_judged && run->address == ADDRESS_BAD_SYNTAX)
		rules_found(run, rule, "wallet_address", "copy the whole address from its source",
			"%s is no address that %s can be paid to", rules_show(run, COLUMN_WALLET_ADDRESS),
			run->asset->code);
}

void rules_address_checksum(struct rules_run *run, const struct rule *rule)
{
	if (run->address_judged && run->address == ADDRESS_BAD_CHECKSUM)
		rules_found(run, rule, "wallet_address", "copy the whole address from its source; don't type it",
			"%s has a wrong character: its check doesn't fit", rules_show(run, COLUMN_WALLET_ADDRESS));
}

void rules_address_network(struct rules_run *run, const struct rule *rule)
{
	if (run->address_judged && run->address == ADDRESS_OTHER_NETWORK)
		rules_found(run, rule, "wallet_address",
			"ask for an address of the currency's network, or change the currency",
			"%s is an address of %s, %s is paid on %s", rules_show(run, COLUMN_WALLET_ADDRESS),
			run->look.network, run->asset->code,
			run->asset->chain[0] != '\0' ? run->asset->chain : address_kind_name(run->asset->kind));
}

void rules_date_syntax(struct rules_run *run, const struct rule *rule)
{
	if (run->date == DATE_BAD_SYNTAX)
		rules_found(run, rule, "execution_date",
			"write a day as year-month-day: 2026-11-20; if the whole file is written otherwise, say "
			"date_format in "
			"its profile",
			"'%s' is no day", rules_show(run, COLUMN_EXECUTION_DATE));
}

void rules_date_past(struct rules_run *run, const struct rule *rule)
{
	if (run->date == DATE_BAD_PAST)
		rules_found(run, rule, "execution_date", "write today or a later day, or leave it empty",
			"%s is past: today is %s in %s", rules_show(run, COLUMN_EXECUTION_DATE), run->rules->today,
			run->rules->timezone);
}

/* Banks write IBANs in groups of four, and in either case. */
static struct text canonical_iban(struct arena *arena, struct text iban)
{
	char *out = arena_alloc(arena, iban.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < iban.len; i++) {
		char byte = iban.ptr[i];

		if (byte != ' ')
			out[len++] = (char)(byte >= 'a' && byte <= 'z' ? byte - 'a' + 'A' : byte);
	}
	return (struct text){out, len};
}

static struct text canonical_address(const struct rules_run *run, struct text address)
{
	char out[ADDRESS_CANONICAL_MAX];
	struct text canonical = address_canonical(run->asset->kind, address, out);

	return canonical.ptr == address.ptr ? address : text_copy(run->arena, canonical);
}

struct text rules_destination(const struct rules_run *run)
{
	static const enum column others[] = {COLUMN_ACCOUNT_NUMBER, COLUMN_WALLET_ADDRESS, COLUMN_BALANCE_ID};
	const struct text *cells = run->payout->cells;

	if (run->address_judged)
		return canonical_address(run, cells[COLUMN_WALLET_ADDRESS]);
	if (cells[COLUMN_BENEFICIARY_ID].len > 0)
		return cells[COLUMN_BENEFICIARY_ID];
	if (cells[COLUMN_IBAN].len > 0)
		return canonical_iban(run->arena, cells[COLUMN_IBAN]);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (cells[others[i]].len > 0)
			return cells[others[i]];
	if (run->terms->pays_from_balance)
		return run->terms->balance;
	return run->terms->carries_recipient ? rules_recipient_destination(run) : TEXT("");
}
