/* Rules of numbers that one country alone has (values/national.h), and of LEIs and creditor references. */
#include <string.h>

#include "values/example.h"
#include "values/rules_run.h"

static void keep_broken(struct rules_run *run, const struct national *national, struct rules_place place)
{
	enum national_verdict verdict = national_check(national, place.cell);

	if (verdict != NATIONAL_VALID && run->national_count < RULES_NATIONAL_MAX)
		run->national[run->national_count++] = (struct rules_national){place, national, verdict};
}

/* The column of an entry, when the channel takes it; an IBAN in the place of an account number is judged as one, and a
 * US routing number by rules of its own. */
static void judge_column(struct rules_run *run, const struct national *national)
{
	enum column column;

	if (national->column[0] == '\0')
		return;
	column = national->column[0] == 'a' ? COLUMN_ACCOUNT_NUMBER : COLUMN_ROUTING_NUMBER;
	if (!rules_has_sound(run, column) || !rules_carried(run, column) ||
		example_destination(column, run->payout->cells[column]))
		return;
	for (size_t i = 0; i < run->iban_count; i++)
		if (column == COLUMN_ACCOUNT_NUMBER && run->ibans[i].place.cell.ptr == run->payout->cells[column].ptr)
			return;
	keep_broken(
		run, national, (struct rules_place){.column = column_name(column), .cell = run->payout->cells[column]});
}

static void judge_recipient(struct rules_run *run, const struct national *national)
{
	for (size_t i = 0; i < run->payout->recipient_count; i++) {
		const struct row_recipient *field = &run->payout->recipient[i];

		if (field->value.len > 0 && text_lists(text_of(national->fields), field->name))
			keep_broken(
				run, national, (struct rules_place){.recipient = field->name, .cell = field->value});
	}
}

void rules_national_judge(struct rules_run *run)
{
	column_set columns = COLUMN_SET(COLUMN_ACCOUNT_NUMBER) | COLUMN_SET(COLUMN_ROUTING_NUMBER);
	bool recipient = run->payout->recipient_count > 0 && run->terms != NULL && run->terms->carries_recipient;
	const struct national *national;
	size_t at = 0;

	if (!recipient && (run->filled & columns) == 0)
		return;
	while ((national = national_next(rules_paid_country(run), &at)) != NULL) {
		judge_column(run, national);
		if (recipient)
			judge_recipient(run, national);
	}
}

/* Names of banks may be seen; accounts and tax numbers not. */
static const char *shown(struct rules_run *run, const struct rule *rule, struct text cell)
{
	return strcmp(rule->code, "ROUTING_LENGTH") == 0 || strcmp(rule->code, "ROUTING_CHECKSUM") == 0
		       ? finding_quote(run->findings, cell)
		       : finding_mask(run->findings, cell);
}

void rules_national(struct rules_run *run, const struct rule *rule)
{
	for (size_t i = 0; i < run->national_count; i++) {
		const struct rules_national *broken = &run->national[i];
		bool check = broken->verdict == NATIONAL_BAD_CHECK;

		if (strcmp(check ? broken->national->check_rule : broken->national->form_rule, rule->id) != 0)
			continue;
		if (check)
			rules_found(run, rule, rules_place_field(run, &broken->place),
				"check it against its source; don't type it",
				"%s has a wrong character: the check digit of the %s doesn't fit",
				shown(run, rule, broken->place.cell), broken->national->name);
		else
			rules_found(run, rule, rules_place_field(run, &broken->place),
				broken->verdict == NATIONAL_BAD_SHORT
					? "write all of it; a spreadsheet may have taken zeros from its front"
					: "check it against its source",
				"%s is not %s", shown(run, rule, broken->place.cell), broken->national->what);
	}
}

void rules_lei(struct rules_run *run, const struct rule *rule)
{
	if (run->payout->recipient_count == 0 || run->terms == NULL || !run->terms->carries_recipient)
		return;
	for (size_t i = 0; i < run->payout->recipient_count; i++) {
		const struct row_recipient *field = &run->payout->recipient[i];

		if (field->value.len > 0 && text_equal_nocase(field->name, TEXT("lei")) && !national_lei(field->value))
			rules_found(run, rule, "recipient.lei", "check it against its source",
				"'%s' is no LEI: 18 capitals or digits and two check digits that fit",
				finding_quote(run->findings, field->value));
	}
}

/* Text for people else: a reference that is copied wrong is paid all the same, and booked nowhere. */
void rules_creditor_reference(struct rules_run *run, const struct rule *rule)
{
	struct text description = run->payout->cells[COLUMN_DESCRIPTION];
	bool looks;

	if (description.len < 5 || description.ptr[0] != 'R' || description.ptr[1] != 'F')
		return;
	if (!national_creditor_reference(description, &looks) && looks)
		rules_found(run, rule, "description", "check it against the invoice",
			"'%s' looks like a creditor reference, but its check digits don't fit",
			finding_quote(run->findings, description));
}
