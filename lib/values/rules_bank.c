/* Rules of bank details: IBAN, BIC, routing number, IFSC, and what a channel wants to know of an account. */
#include "base/arena.h"
#include "values/bank.h"
#include "values/country.h"
#include "values/rules_run.h"

#define AT_THE_SOURCE "check it against its source"

/* What the row's channel takes, or may take as far as is known. */
static bool is_carried(const struct rules_run *run, enum column column)
{
	return run->terms == NULL || (run->terms->carried & COLUMN_SET(column)) != 0;
}

static bool is_judged(const struct rules_run *run, enum column column)
{
	return rules_has(run, column) && is_carried(run, column);
}

static struct text valid_country(const struct rules_run *run, enum column column)
{
	column_set bad = run->country_unknown | run->country_reserved;

	return (bad & COLUMN_SET(column)) == 0 ? run->payout->cells[column] : TEXT("");
}

static void judge_iban(struct rules_run *run)
{
	char out[IBAN_MAX];

	if (!is_judged(run, COLUMN_IBAN))
		return;
	run->iban_judged = true;
	run->iban = iban_check(iban_canonical(run->payout->cells[COLUMN_IBAN], out), &run->iban_look);
}

static void judge_form(struct rules_run *run)
{
	const struct terms *terms = run->terms;
	struct text country = valid_country(run, COLUMN_BANK_COUNTRY);
	bank_forms forms = 0;

	if (terms == NULL || terms->bank == NULL || (run->filled & COLUMN_SET(COLUMN_BENEFICIARY_ID)) != 0)
		return;
	if (country.len > 0) {
		forms = bank_forms_of(terms->bank, terms->bank_countries, country);
		run->bank_country_unpaid = forms == 0;
	}
	run->bank_form = bank_form_choose(forms, run->filled & terms->carried);
}

/* Countries were judged already. */
void rules_bank_judge(struct rules_run *run)
{
	if ((run->filled & COLUMN_SET_BANK) == 0)
		return;
	judge_iban(run);
	if (is_judged(run, COLUMN_BIC)) {
		run->bic_judged = true;
		run->bic = bic_check(run->payout->cells[COLUMN_BIC]);
	}
	judge_form(run);
	if (is_judged(run, COLUMN_ROUTING_NUMBER) &&
		(run->bank_form == BANK_FORM_US || text_is(run->payout->cells[COLUMN_BANK_COUNTRY], "US"))) {
		run->routing_judged = true;
		run->routing = routing_check(run->payout->cells[COLUMN_ROUTING_NUMBER]);
	}
}

/* --- the numbers themselves ------------------------------------------------------------------------------------- */

static bool is_iban(const struct rules_run *run, enum iban_verdict verdict)
{
	return run->iban_judged && run->iban == verdict;
}

void rules_iban_country(struct rules_run *run, const struct rule *rule)
{
	if (is_iban(run, IBAN_BAD_COUNTRY))
		rules_found(run, rule, "iban",
			"check its first two letters; countries without IBANs have account numbers and BICs",
			"%s begins with no country that has IBANs", rules_show(run, COLUMN_IBAN));
}

void rules_iban_length(struct rules_run *run, const struct rule *rule)
{
	char out[IBAN_MAX];

	if (is_iban(run, IBAN_BAD_LENGTH))
		rules_found(run, rule, "iban", AT_THE_SOURCE, "%s has %zu characters, IBANs of %s have %d",
			rules_show(run, COLUMN_IBAN), iban_canonical(run->payout->cells[COLUMN_IBAN], out).len,
			run->iban_look.name, run->iban_look.length);
}

void rules_iban_structure(struct rules_run *run, const struct rule *rule)
{
	if (is_iban(run, IBAN_BAD_STRUCTURE))
		rules_found(run, rule, "iban", AT_THE_SOURCE, "%s has a letter or a digit where an IBAN of %s has none",
			rules_show(run, COLUMN_IBAN), run->iban_look.name);
}

void rules_iban_checksum(struct rules_run *run, const struct rule *rule)
{
	if (is_iban(run, IBAN_BAD_CHECKSUM))
		rules_found(run, rule, "iban", AT_THE_SOURCE "; don't type it",
			"%s has a wrong character: its check digits don't fit", rules_show(run, COLUMN_IBAN));
}

void rules_bic_syntax(struct rules_run *run, const struct rule *rule)
{
	if (run->bic_judged && run->bic == BIC_BAD_SYNTAX)
		rules_found(run, rule, "bic", "write 8 or 11 capitals and digits: DEUTDEFF, DEUTDEFF500",
			"'%s' has not the form of a BIC", rules_show(run, COLUMN_BIC));
}

/* The country that the account is in, by its IBAN or by what the row says; empty when neither is right. */
static struct text account_country(const struct rules_run *run)
{
	if (run->iban_judged && run->iban == IBAN_VALID)
		return text_of(run->iban_look.country);
	return valid_country(run, COLUMN_BANK_COUNTRY);
}

/* A territory may have its country's bank, and the other way round. */
static bool countries_fit(struct text a, struct text b)
{
	return iban_covers(a, b) || iban_covers(b, a);
}

void rules_bic_country(struct rules_run *run, const struct rule *rule)
{
	struct text bic = run->payout->cells[COLUMN_BIC], country;

	if (!run->bic_judged || run->bic == BIC_BAD_SYNTAX)
		return;
	if (run->bic == BIC_BAD_COUNTRY) {
		rules_found(run, rule, "bic", AT_THE_SOURCE, "the fifth and sixth letter of '%s' are no country",
			rules_show(run, COLUMN_BIC));
		return;
	}
	country = account_country(run);
	if (country.len > 0 && !countries_fit(country, bic_country(bic)))
		rules_found(run, rule, "bic", "check the BIC and the account: they belong to one bank",
			"'%s' is a bank in %.2s, the account is in %.2s", rules_show(run, COLUMN_BIC),
			bic_country(bic).ptr, country.ptr);
}

void rules_routing_length(struct rules_run *run, const struct rule *rule)
{
	if (run->routing_judged && run->routing == ROUTING_BAD_LENGTH)
		rules_found(run, rule, "routing_number",
			"write all nine digits; a spreadsheet may have taken zeros from the front",
			"'%s' is not nine digits", rules_show(run, COLUMN_ROUTING_NUMBER));
}

void rules_routing_checksum(struct rules_run *run, const struct rule *rule)
{
	if (run->routing_judged && run->routing == ROUTING_BAD_CHECKSUM)
		rules_found(run, rule, "routing_number", AT_THE_SOURCE,
			"'%s' is no routing number: its check digit doesn't fit",
			rules_show(run, COLUMN_ROUTING_NUMBER));
}

void rules_ifsc_syntax(struct rules_run *run, const struct rule *rule)
{
	if (is_judged(run, COLUMN_IFSC) && !ifsc_valid(run->payout->cells[COLUMN_IFSC]))
		rules_found(run, rule, "ifsc", "write four capitals, a zero and six capitals or digits: HDFC0000001",
			"'%s' has not the form of an IFSC", rules_show(run, COLUMN_IFSC));
}

/* --- what the channel makes of them ----------------------------------------------------------------------------- */

void rules_bank_conflict(struct rules_run *run, const struct rule *rule)
{
	struct text country = valid_country(run, COLUMN_BANK_COUNTRY);

	if (run->iban_judged && run->iban == IBAN_VALID && country.len > 0 &&
		!countries_fit(text_of(run->iban_look.country), country))
		rules_found(run, rule, "bank_country", "correct the one that is wrong",
			"the IBAN is of %s, bank_country says %s", run->iban_look.country,
			rules_show(run, COLUMN_BANK_COUNTRY));
}

void rules_bank_country(struct rules_run *run, const struct rule *rule)
{
	if (run->bank_country_unpaid)
		rules_found(run, rule, "bank_country",
			"pay the row through another channel; if the provider takes the country by now, add it to "
			"`countries` of the channel",
			"%s doesn't pay to banks in %s, as far as is known",
			provider_name(run->terms->channel->provider), rules_show(run, COLUMN_BANK_COUNTRY));
}

void rules_destination_required(struct rules_run *run, const struct rule *rule)
{
	if (run->terms == NULL || run->terms->bank == NULL ||
		(run->filled & (COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET_BANK)) != 0)
		return;
	rules_found(run, rule, "beneficiary_id", "fill it, or the bank details: iban, or account_number and its bank",
		"the row doesn't say where its money goes");
}

/* What the chosen form wants, and the address where its country is known. */
void rules_bank_required(struct rules_run *run, const struct rule *rule)
{
	column_set missing;

	if (run->bank_form == BANK_FORM_NONE)
		return;
	missing = run->terms->bank->forms[run->bank_form].required & ~run->filled;
	while (missing != 0) {
		enum column column = rules_next(&missing);

		rules_found(run, rule, column_name(column), "fill it, or give the beneficiary_id of a known account",
			"%s can't pay to %s without %s", provider_name(run->terms->channel->provider),
			bank_form_text(run->bank_form), column_name(column));
	}
}

void rules_bank_not_sent(struct rules_run *run, const struct rule *rule)
{
	column_set columns;

	if (run->bank_form == BANK_FORM_NONE)
		return;
	columns = run->filled & run->terms->carried & COLUMN_SET_BANK &
		  ~run->terms->bank->forms[run->bank_form].carried & ~run->terms->bank->forms[run->bank_form].spare;
	while (columns != 0) {
		enum column column = rules_next(&columns);

		rules_found(run, rule, column_name(column),
			finding_text(run->findings, "empty the field; this account is named by %s",
				bank_form_text(run->bank_form)),
			"%s has no place for %s beside %s", provider_name(run->terms->channel->provider),
			column_name(column), bank_form_text(run->bank_form));
	}
}

void rules_bank_spare(struct rules_run *run, const struct rule *rule)
{
	column_set columns;

	if (run->bank_form == BANK_FORM_NONE)
		return;
	columns = run->filled & run->terms->carried & run->terms->bank->forms[run->bank_form].spare;
	while (columns != 0) {
		enum column column = rules_next(&columns);

		rules_found(run, rule, column_name(column), "nothing to do: the account is named without it",
			"%s doesn't go along with %s", column_name(column), bank_form_text(run->bank_form));
	}
}

static bool wants_district(const struct rules_run *run)
{
	return run->bank_form != BANK_FORM_NONE && run->terms->bank->district_countries != NULL &&
	       text_lists(text_of(run->terms->bank->district_countries), run->payout->cells[COLUMN_COUNTRY]);
}

void rules_district_required(struct rules_run *run, const struct rule *rule)
{
	if (wants_district(run) && (run->filled & COLUMN_SET(COLUMN_DISTRICT)) == 0)
		rules_found(run, rule, "district", "fill in the two letters of the state or province: NY, ON",
			"an address in %s needs its district", rules_show(run, COLUMN_COUNTRY));
}

void rules_district_syntax(struct rules_run *run, const struct rule *rule)
{
	struct text district = run->payout->cells[COLUMN_DISTRICT];

	if (!wants_district(run) || district.len == 0)
		return;
	if (district.len != 2 || district.ptr[0] < 'A' || district.ptr[0] > 'Z' || district.ptr[1] < 'A' ||
		district.ptr[1] > 'Z')
		rules_found(run, rule, "district", "write the two letters of the state or province: NY, ON",
			"'%s' is not the two capitals of a district", rules_show(run, COLUMN_DISTRICT));
}
