/* Rules of bank details: IBAN, BIC, routing number, IFSC, and what a channel wants to know of an account. */
#include "base/arena.h"
#include "values/bank.h"
#include "values/country.h"
#include "values/rules_run.h"

#define AT_THE_SOURCE "check it against its source"

bool rules_carried(const struct rules_run *run, enum column column)
{
	return run->terms == NULL || (run->terms->carried & COLUMN_SET(column)) != 0;
}

static bool is_judged(const struct rules_run *run, enum column column)
{
	return rules_has_sound(run, column) && rules_carried(run, column);
}

static struct text valid_country(const struct rules_run *run, enum column column)
{
	column_set bad = run->country_unknown | run->country_reserved;

	return (bad & COLUMN_SET(column)) == 0 ? run->payout->cells[column] : TEXT("");
}

struct text rules_paid_country(const struct rules_run *run)
{
	if (rules_has(run, COLUMN_BANK_COUNTRY) || run->terms == NULL || !run->terms->carries_recipient)
		return valid_country(run, COLUMN_BANK_COUNTRY);
	return valid_country(run, COLUMN_COUNTRY);
}

static void judge_iban(struct rules_run *run, struct rules_place place)
{
	struct rules_iban *iban = &run->ibans[run->iban_count++];
	char out[IBAN_MAX];

	iban->place = place;
	iban->verdict = iban_check(iban_canonical(place.cell, out), &iban->look);
}

static void judge_bic(struct rules_run *run, struct rules_place place)
{
	run->bics[run->bic_count++] = (struct rules_bic){place, bic_check(place.cell)};
}

/* An account number that is an IBAN in all but a character of its number: in many countries people write it there. */
static void judge_account(struct rules_run *run)
{
	struct text cell = run->payout->cells[COLUMN_ACCOUNT_NUMBER];
	struct iban_look look;
	char out[IBAN_MAX];
	struct text iban = {0};

	if (cell.ptr[0] > '9')
		iban = iban_canonical(cell, out);
	if (iban.len < 15 || iban.ptr[2] < '0' || iban.ptr[2] > '9' || iban.ptr[3] < '0' || iban.ptr[3] > '9')
		return;
	if (iban_check(iban, &look) != IBAN_BAD_COUNTRY && (size_t)look.length == iban.len)
		judge_iban(run, (struct rules_place){.column = "account_number", .cell = cell});
}

/* Fields that name themselves, whatever country the row pays to. */
static void judge_recipient(struct rules_run *run)
{
	for (size_t i = 0; i < run->payout->recipient_count; i++) {
		const struct row_recipient *field = &run->payout->recipient[i];

		struct rules_place place = {.recipient = field->name, .cell = field->value};

		if (field->value.len == 0)
			continue;
		if (run->iban_count < RULES_PLACES - 1 && text_equal_nocase(field->name, TEXT("iban")))
			judge_iban(run, place);
		if (run->bic_count < RULES_PLACES && text_lists(TEXT("bic swift swift_code bic_swift"), field->name))
			judge_bic(run, place);
	}
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
	if (run->payout->recipient_count > 0 && run->terms != NULL && run->terms->carries_recipient)
		judge_recipient(run);
	if ((run->filled & COLUMN_SET_BANK) == 0)
		return;
	if (is_judged(run, COLUMN_IBAN))
		judge_iban(run, (struct rules_place){.column = "iban", .cell = run->payout->cells[COLUMN_IBAN]});
	if (is_judged(run, COLUMN_BIC) && run->bic_count < RULES_PLACES)
		judge_bic(run, (struct rules_place){.column = "bic", .cell = run->payout->cells[COLUMN_BIC]});
	judge_form(run);
	if (is_judged(run, COLUMN_ACCOUNT_NUMBER) && run->iban_count < RULES_PLACES)
		judge_account(run);
	if (is_judged(run, COLUMN_ROUTING_NUMBER) &&
		(run->bank_form == BANK_FORM_US || text_is(run->payout->cells[COLUMN_BANK_COUNTRY], "US"))) {
		run->routing_judged = true;
		run->routing = routing_check(run->payout->cells[COLUMN_ROUTING_NUMBER]);
	}
}

/* --- the numbers themselves ------------------------------------------------------------------------------------- */

/* The next IBAN of a verdict from *at on. */
static const struct rules_iban *next_iban(const struct rules_run *run, enum iban_verdict verdict, size_t *at)
{
	while (*at < run->iban_count) {
		const struct rules_iban *iban = &run->ibans[(*at)++];

		if (iban->verdict == verdict)
			return iban;
	}
	return NULL;
}

static const char *cure_iban_country(struct rules_run *run, const struct iban_look *look)
{
	if (look->uses[0] != '\0')
		return finding_text(
			run->findings, "check it: accounts there have IBANs that begin with %s", look->uses);
	if (look->unofficial[0] != '\0')
		return "give the account number and the BIC; what looks like an IBAN there is a number of the "
		       "country's own";
	return "check its first two letters; countries without IBANs have account numbers and BICs";
}

void rules_iban_country(struct rules_run *run, const struct rule *rule)
{
	const struct rules_iban *iban;
	size_t at = 0;

	while ((iban = next_iban(run, IBAN_BAD_COUNTRY, &at)) != NULL) {
		const char *shown = finding_mask(run->findings, iban->place.cell),
			   *cure = cure_iban_country(run, &iban->look);

		if (iban->look.unofficial[0] != '\0')
			rules_found(run, rule, rules_place_field(run, &iban->place), cure,
				"%s begins with %s: %s is not in the registry of IBANs", shown, iban->look.country,
				iban->look.unofficial);
		else
			rules_found(run, rule, rules_place_field(run, &iban->place), cure,
				"%s begins with no country that has IBANs", shown);
	}
}

void rules_iban_length(struct rules_run *run, const struct rule *rule)
{
	const struct rules_iban *iban;
	char out[IBAN_MAX];
	size_t at = 0;

	while ((iban = next_iban(run, IBAN_BAD_LENGTH, &at)) != NULL)
		rules_found(run, rule, rules_place_field(run, &iban->place), AT_THE_SOURCE,
			"%s has %zu characters, IBANs of %s have %d", finding_mask(run->findings, iban->place.cell),
			iban_canonical(iban->place.cell, out).len, iban->look.name, iban->look.length);
}

void rules_iban_structure(struct rules_run *run, const struct rule *rule)
{
	const struct rules_iban *iban;
	size_t at = 0;

	while ((iban = next_iban(run, IBAN_BAD_STRUCTURE, &at)) != NULL)
		rules_found(run, rule, rules_place_field(run, &iban->place), AT_THE_SOURCE,
			"%s has a letter or a digit where an IBAN of %s has none",
			finding_mask(run->findings, iban->place.cell), iban->look.name);
}

void rules_iban_checksum(struct rules_run *run, const struct rule *rule)
{
	const struct rules_iban *iban;
	size_t at = 0;

	while ((iban = next_iban(run, IBAN_BAD_CHECKSUM, &at)) != NULL)
		rules_found(run, rule, rules_place_field(run, &iban->place), AT_THE_SOURCE "; don't type it",
			"%s has a wrong character: its check digits don't fit",
			finding_mask(run->findings, iban->place.cell));
}

void rules_bic_syntax(struct rules_run *run, const struct rule *rule)
{
	for (size_t i = 0; i < run->bic_count; i++)
		if (run->bics[i].verdict == BIC_BAD_SYNTAX)
			rules_found(run, rule, rules_place_field(run, &run->bics[i].place),
				"write 8 or 11 capitals and digits: DEUTDEFF, DEUTDEFF500",
				"'%s' has not the form of a BIC",
				finding_quote(run->findings, run->bics[i].place.cell));
}

/* The eighth character 0 is that of test BICs. */
void rules_bic_test(struct rules_run *run, const struct rule *rule)
{
	for (size_t i = 0; i < run->bic_count; i++)
		if (run->bics[i].verdict == BIC_VALID && run->bics[i].place.cell.ptr[7] == '0')
			rules_found(run, rule, rules_place_field(run, &run->bics[i].place),
				"ask for the BIC that the bank is paid by",
				"'%s' is a BIC for tests: no money goes there",
				finding_quote(run->findings, run->bics[i].place.cell));
}

/* The country that the account is in, by its IBAN or by what the row says; empty when neither is right. */
static struct text account_country(const struct rules_run *run)
{
	size_t at = 0;
	const struct rules_iban *iban = next_iban(run, IBAN_VALID, &at);

	return iban != NULL ? text_of(iban->look.country) : rules_paid_country(run);
}

/* A territory may have its country's bank, and the other way round. */
static bool countries_fit(struct text a, struct text b)
{
	return iban_covers(a, b) || iban_covers(b, a);
}

void rules_bic_country(struct rules_run *run, const struct rule *rule)
{
	for (size_t i = 0; i < run->bic_count; i++) {
		const struct rules_bic *bic = &run->bics[i];
		struct text country = account_country(run);

		if (bic->verdict == BIC_BAD_COUNTRY)
			rules_found(run, rule, rules_place_field(run, &bic->place), AT_THE_SOURCE,
				"the fifth and sixth letter of '%s' are no country",
				finding_quote(run->findings, bic->place.cell));
		if (bic->verdict == BIC_VALID && country.len > 0 &&
			!countries_fit(country, bic_country(bic->place.cell)))
			rules_found(run, rule, rules_place_field(run, &bic->place),
				"check the BIC and the account: they belong to one bank",
				"'%s' is a bank in %.2s, the account is in %.2s",
				finding_quote(run->findings, bic->place.cell), bic_country(bic->place.cell).ptr,
				country.ptr);
	}
}

/* Not wrong, but what a false invoice looks like. Inside SEPA it is daily business. */
void rules_account_abroad(struct rules_run *run, const struct rule *rule)
{
	struct text home = valid_country(run, COLUMN_COUNTRY), account;

	if ((run->filled & COLUMN_SET_BANK) == 0 || home.len == 0 || !rules_carried(run, COLUMN_COUNTRY))
		return;
	account = account_country(run);
	if (account.len == 0 || run->bank_country_unpaid || countries_fit(home, account) ||
		(iban_sepa(home) && iban_sepa(account)))
		return;
	rules_found(run, rule, "country", "make sure that the account is the beneficiary's",
		"the beneficiary is in %.2s, the account in %.2s", home.ptr, account.ptr);
}

void rules_routing_length(struct rules_run *run, const struct rule *rule)
{
	if (run->routing_judged && run->routing == ROUTING_BAD_LENGTH)
		rules_found(run, rule, "routing_number",
			damage_lost_zeros(run->payout->cells[COLUMN_ROUTING_NUMBER], 9)
				? "put back the zeros that a spreadsheet took from its front, and format the column as "
				  "text"
				: "write all nine digits; " AT_THE_SOURCE,
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
	const char *field = rules_has(run, COLUMN_BANK_COUNTRY) ? "bank_country" : "country";
	struct text country = rules_paid_country(run);
	const struct rules_iban *iban;
	size_t at = 0;

	while (country.len > 0 && (iban = next_iban(run, IBAN_VALID, &at)) != NULL)
		if (!countries_fit(text_of(iban->look.country), country))
			rules_found(run, rule, field, "correct the one that is wrong",
				"the IBAN is of %s, %s says %.2s", iban->look.country, field, country.ptr);
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
