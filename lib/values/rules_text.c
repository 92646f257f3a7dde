/* Rules of the characters a field may hold. */
#include <assert.h>

#include "base/bounds.h"
#include "values/rules_run.h"

/* What people read and no machine compares: hidden characters are odd there, but some scripts need them. */
#define NAME_COLUMNS                                                                                                   \
	(COLUMN_SET(COLUMN_BENEFICIARY_NAME) | COLUMN_SET(COLUMN_DESCRIPTION) | COLUMN_SET(COLUMN_BANK_NAME) |         \
		COLUMN_SET(COLUMN_BANK_CITY) | COLUMN_SET(COLUMN_LINE1) | COLUMN_SET(COLUMN_LINE2) |                   \
		COLUMN_SET(COLUMN_CITY) | COLUMN_SET(COLUMN_DISTRICT) | COLUMN_SET(COLUMN_SOURCE_OF_FUNDS))

#define RETYPE "type the field anew"

/* One finding a column, and one for each recipient field whose place is marked. */
static void tell_marked(struct rules_run *run, const struct rule *rule, column_set columns, uint64_t recipient,
	const char *cure, const char *what)
{
	while (columns != 0) {
		enum column column = rules_next(&columns);

		rules_found(run, rule, column_name(column), cure, "%s %s", column_name(column), what);
	}
	for (size_t i = 0; recipient != 0 && i < run->payout->recipient_count; i++)
		if ((recipient >> i & 1) != 0)
			rules_found(run, rule, "recipient", cure, "recipient.%s %s",
				finding_quote(run->findings, run->payout->recipient[i].name), what);
}

void rules_text_encoding(struct rules_run *run, const struct rule *rule)
{
	if ((run->marks.not_utf8 | run->recipient_marks.not_utf8) != 0)
		tell_marked(run, rule, run->marks.not_utf8, run->recipient_marks.not_utf8,
			"save the file as UTF-8, or say what it is with --encoding", "is not UTF-8");
}

void rules_text_control(struct rules_run *run, const struct rule *rule)
{
	if ((run->marks.control | run->recipient_marks.control) != 0)
		tell_marked(run, rule, run->marks.control, run->recipient_marks.control, RETYPE,
			"holds a control character or a line break");
}

void rules_text_hidden(struct rules_run *run, const struct rule *rule)
{
	column_set columns = run->marks.hidden & ~NAME_COLUMNS;

	if (columns != 0)
		tell_marked(run, rule, columns, 0, RETYPE, "holds a character that can't be seen");
}

void rules_name_hidden(struct rules_run *run, const struct rule *rule)
{
	column_set columns = run->marks.hidden & NAME_COLUMNS;

	if ((columns | run->recipient_marks.hidden) != 0)
		tell_marked(run, rule, columns, run->recipient_marks.hidden, RETYPE " unless its script needs it",
			"holds a character that can't be seen, or that turns the text around");
}

void rules_text_damaged(struct rules_run *run, const struct rule *rule)
{
	if ((run->marks.damaged | run->recipient_marks.damaged) != 0)
		tell_marked(run, rule, run->marks.damaged, run->recipient_marks.damaged,
			"write what stands between the quotes, in a column formatted as text",
			"is written as a spreadsheet's formula");
}

void rules_text_error(struct rules_run *run, const struct rule *rule)
{
	if ((run->marks.errors | run->recipient_marks.errors) != 0)
		tell_marked(run, rule, run->marks.errors, run->recipient_marks.errors,
			"mend the formula or the width of its column, and write the file anew",
			"is an error that a spreadsheet wrote in the place of the value");
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* 6.49242E+11: digits, maybe a point and digits, an E, a sign, digits; long numbers look so where nobody said "text" */
static bool is_shortened(struct text text)
{
	size_t at = 0, digits;

	while (at < text.len && is_digit(text.ptr[at]))
		at++;
	digits = at;
	if (at < text.len && (text.ptr[at] == '.' || text.ptr[at] == ','))
		for (at++; at < text.len && is_digit(text.ptr[at]);)
			at++;
	if (digits != 1 || at + 2 >= text.len || (text.ptr[at] != 'E' && text.ptr[at] != 'e') ||
		text.ptr[at + 1] != '+')
		return false;
	for (at += 2; at < text.len && is_digit(text.ptr[at]);)
		at++;
	return at == text.len;
}

void rules_number_shortened(struct rules_run *run, const struct rule *rule)
{
	static const enum column columns[] = {COLUMN_REFERENCE, COLUMN_ACCOUNT_NUMBER};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		if (is_shortened(run->payout->cells[columns[i]]))
			tell_marked(run, rule, COLUMN_SET(columns[i]), 0,
				"format the column as text and write the whole number",
				"is a number that a spreadsheet shortened: its last digits are lost");
}

void rules_reference_length(struct rules_run *run, const struct rule *rule)
{
	struct text reference = run->payout->cells[COLUMN_REFERENCE];

	if (reference.len <= BOUND_REFERENCE_POINTS || text_points(reference) <= BOUND_REFERENCE_POINTS)
		return;
	rules_found(run, rule, "reference", "shorten it so that it stays unique",
		"the reference has %zu characters, at most %d are kept", text_points(reference),
		BOUND_REFERENCE_POINTS);
}
