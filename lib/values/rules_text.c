/* Rules of the characters a field may hold. */
#include <string.h>

#include "base/bounds.h"
#include "values/points.h"
#include "values/rules_run.h"

/* What people read and no machine compares: hidden characters are odd there, but some scripts need them. */
#define NAME_COLUMNS                                                                                                   \
	(COLUMN_SET(COLUMN_BENEFICIARY_NAME) | COLUMN_SET(COLUMN_DESCRIPTION) | COLUMN_SET(COLUMN_BANK_NAME) |         \
		COLUMN_SET(COLUMN_BANK_CITY) | COLUMN_SET(COLUMN_LINE1) | COLUMN_SET(COLUMN_LINE2) |                   \
		COLUMN_SET(COLUMN_CITY) | COLUMN_SET(COLUMN_DISTRICT) | COLUMN_SET(COLUMN_SOURCE_OF_FUNDS))

#define RETYPE "type the field anew"
#define SAVE_ANEW "write the text anew at its source, and save the file as UTF-8"

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

/* --- characters that points.h tells of ---------------------------------------------------------------------------- */

/* What each kind does, for messages; the first that a text has is told. */
static const char *kind_text(point_kinds kind)
{
	static const struct {
		point_kinds kind;
		const char *text;
	} texts[] = {
		{POINT_TURNS, "which turns the text around: what is shown is not what is written"},
		{POINT_SECRET, "which hides text or breaks the line"},
		{POINT_NOBODYS, "which means nothing outside the program that wrote it"},
		{POINT_UNKNOWN, "which is no character that is known here"},
		{POINT_HIDDEN, "which can't be seen"},
		{POINT_BLANK, "a blank that is no plain space"},
		{POINT_LOST, "in the place of a character that a wrong encoding lost"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if ((texts[i].kind & kind) != 0)
			return texts[i].text;
	return "which has no place there";
}

static const char *kind_cure(point_kinds kind)
{
	if (kind == POINT_BLANK)
		return "write plain spaces";
	return kind == POINT_LOST ? SAVE_ANEW : RETYPE;
}

static const char *shown_value(struct rules_run *run, struct text text)
{
	return finding_quote(run->findings, text);
}

/* A finding where the text holds one of the kinds. */
static void tell_kinds(struct rules_run *run, const struct rule *rule, const char *field, const char *name,
	struct text text, point_kinds kinds)
{
	point_kinds found = points_look(text) & kinds;
	int32_t point;

	if (found == 0)
		return;
	if ((found & ~(point_kinds)POINT_STACKED) == 0) {
		rules_found(run, rule, field, RETYPE, "%s has more than %d marks on one letter", name, POINT_STACK_MAX);
		return;
	}
	point = points_first(text, found);
	rules_found(run, rule, field, kind_cure(found), "%s holds U+%04X, %s", name, (unsigned)point, kind_text(found));
}

static const char *recipient_name(struct rules_run *run, size_t at)
{
	return finding_text(
		run->findings, "recipient.%s", finding_quote(run->findings, run->payout->recipient[at].name));
}

/* Among the columns and recipient fields that are marked. */
static void tell_all_kinds(
	struct rules_run *run, const struct rule *rule, column_set columns, uint64_t recipient, point_kinds kinds)
{
	while (columns != 0) {
		enum column column = rules_next(&columns);

		tell_kinds(run, rule, column_name(column), column_name(column), run->payout->cells[column], kinds);
	}
	for (size_t i = 0; recipient != 0 && i < run->payout->recipient_count; i++)
		if ((recipient >> i & 1) != 0)
			tell_kinds(
				run, rule, "recipient", recipient_name(run, i), run->payout->recipient[i].value, kinds);
}

/* The marked recipient fields that name an account, or those that don't. */
static uint64_t recipient_of(const struct rules_run *run, uint64_t marked, bool account)
{
	uint64_t set = 0;

	for (size_t i = 0; marked != 0 && i < run->payout->recipient_count; i++)
		if ((marked >> i & 1) != 0 && rules_recipient_is_account(run->payout->recipient[i].name) == account)
			set |= UINT64_C(1) << i;
	return set;
}

static bool is_odd(const struct rules_run *run)
{
	return (run->marks.odd | run->recipient_marks.odd) != 0;
}

/* What no identifier holds, and names only in some scripts. */
#define UNSEEN (POINT_HIDDEN | POINT_UNKNOWN | POINT_TURNS | POINT_SECRET | POINT_NOBODYS | POINT_STACKED)

static void tell_in_identifiers(struct rules_run *run, const struct rule *rule, point_kinds kinds)
{
	if (is_odd(run))
		tell_all_kinds(run, rule, run->marks.odd & ~NAME_COLUMNS,
			recipient_of(run, run->recipient_marks.odd, true), kinds);
}

static void tell_in_names(struct rules_run *run, const struct rule *rule, point_kinds kinds)
{
	if (is_odd(run))
		tell_all_kinds(run, rule, run->marks.odd & NAME_COLUMNS,
			recipient_of(run, run->recipient_marks.odd, false), kinds);
}

void rules_text_hidden(struct rules_run *run, const struct rule *rule)
{
	tell_in_identifiers(run, rule, UNSEEN);
}

void rules_name_hidden(struct rules_run *run, const struct rule *rule)
{
	tell_in_names(run, rule, UNSEEN);
}

void rules_text_lost(struct rules_run *run, const struct rule *rule)
{
	tell_in_identifiers(run, rule, POINT_LOST);
}

void rules_name_lost(struct rules_run *run, const struct rule *rule)
{
	tell_in_names(run, rule, POINT_LOST);
}

void rules_text_blank(struct rules_run *run, const struct rule *rule)
{
	if (is_odd(run))
		tell_all_kinds(run, rule,
			run->marks.odd & (COLUMN_SET(COLUMN_REFERENCE) | COLUMN_SET(COLUMN_BENEFICIARY_NAME)), 0,
			POINT_BLANK);
}

/* The first character that is not ASCII. */
static int32_t first_foreign(struct text text)
{
	int32_t point;
	size_t at = 0;

	while ((point = text_next(text, &at)) >= 0)
		if (point >= 0x80)
			return point;
	return -1;
}

static void tell_foreign(
	struct rules_run *run, const struct rule *rule, const char *field, const char *name, struct text text)
{
	rules_found(run, rule, field, RETYPE ": account numbers have plain digits, letters and spaces only",
		"%s holds U+%04X, which looks like a letter, digit or space and is another character", name,
		(unsigned)first_foreign(text));
}

void rules_text_foreign(struct rules_run *run, const struct rule *rule)
{
	column_set columns = run->marks.foreign;

	while (columns != 0) {
		enum column column = rules_next(&columns);

		tell_foreign(run, rule, column_name(column), column_name(column), run->payout->cells[column]);
	}
	for (size_t i = 0; run->recipient_marks.foreign != 0 && i < run->payout->recipient_count; i++)
		if ((run->recipient_marks.foreign >> i & 1) != 0)
			tell_foreign(run, rule, "recipient", recipient_name(run, i), run->payout->recipient[i].value);
}

/* Account columns that mix scripts are foreign. */
#define SCRIPT_COLUMNS (~RULES_ACCOUNT_COLUMNS)

void rules_text_scripts(struct rules_run *run, const struct rule *rule)
{
	column_set columns = run->marks.odd & SCRIPT_COLUMNS;

	while (columns != 0) {
		enum column column = rules_next(&columns);
		struct text word = points_mixed_word(run->payout->cells[column]);

		if (word.len > 0)
			rules_found(run, rule, column_name(column),
				RETYPE " in one script; letters that look alike are not the same to a bank",
				"%s has the word '%s', whose letters are of more than one script", column_name(column),
				shown_value(run, word));
	}
}

void rules_text_mojibake(struct rules_run *run, const struct rule *rule)
{
	column_set columns = run->marks.odd & SCRIPT_COLUMNS;

	while (columns != 0) {
		enum column column = rules_next(&columns);
		struct text wrong = points_mojibake(run->payout->cells[column]);

		if (wrong.len > 0)
			rules_found(run, rule, column_name(column), SAVE_ANEW,
				"%s holds '%s', which seems to be one letter that was read in a wrong encoding",
				column_name(column), shown_value(run, wrong));
	}
}

static bool is_letter(char byte)
{
	return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

/* M?ller: what a spreadsheet writes for a letter that its encoding lacks. */
void rules_name_replaced(struct rules_run *run, const struct rule *rule)
{
	struct text name = run->payout->cells[COLUMN_BENEFICIARY_NAME];
	const char *mark = name.len > 2 ? memchr(name.ptr + 1, '?', name.len - 2) : NULL;

	if (mark != NULL && is_letter(mark[-1]) && is_letter(mark[1]))
		rules_found(run, rule, "beneficiary_name", SAVE_ANEW,
			"'%s' has a question mark inside a word: a letter seems to be lost",
			rules_show(run, COLUMN_BENEFICIARY_NAME));
}

/* --- what spreadsheets and scripts make of text (damage.h) -------------------------------------------------------- */

static const struct {
	const char *what, *cure;
} damages[] = {
	[DAMAGE_NONE] = {"", ""},
	[DAMAGE_FORMULA] = {"is written as a spreadsheet's formula",
		"write what stands between the quotes, in a column formatted as text"},
	[DAMAGE_ERROR] = {"is an error that a spreadsheet wrote in the place of the value",
		"mend the formula or the width of its column, and write the file anew"},
	[DAMAGE_APOSTROPHE] = {"begins with an apostrophe, a spreadsheet's mark for text",
		"take the apostrophe off; a column formatted as text needs none"},
	[DAMAGE_SHORTENED] = {"is a number that a spreadsheet shortened: its last digits are lost",
		"format the column as text and write the whole number"},
	[DAMAGE_FRACTION] = {"ends in .0: a program took it for a number, and zeros at its front may be lost",
		"have the column read as text where the file is made, and write the number anew"},
	[DAMAGE_GROUPED] = {"has a number's commas: a spreadsheet took it for one, and zeros at its front may be lost",
		"format the column as text and write the number without commas"},
	[DAMAGE_DATE] = {"is a date, which spreadsheets make of texts such as 2-1",
		"format the column as text and write what stood there; if it is meant so, write more than a date: "
		"RENT-2026-01"},
	[DAMAGE_DAY] = {"is a day, which spreadsheets make of numbers such as 01-02-03",
		"format the column as text and write the number as it was"},
	[DAMAGE_NOTHING] = {"is a program's word for no value",
		"empty the field, or fill in what is missing where the file is made"},
	[DAMAGE_ZEROS] = {"has more than 15 digits and zeros from the 16th on, as a spreadsheet leaves a number: "
			  "its last digits may be lost",
		"compare it with its source. A number that really ends so goes in a file of text fields (JSON, XLSX "
		"with "
		"text cells), or with a profile that says numbers = account_number"},
};

/* A value that says nothing of an account is shown whole. */
static const char *shown_damage(struct rules_run *run, enum column column, enum damage damage)
{
	if (damage == DAMAGE_NOTHING || damage == DAMAGE_ERROR || damage == DAMAGE_DATE || damage == DAMAGE_DAY)
		return finding_quote(run->findings, run->payout->cells[column]);
	return rules_show(run, column);
}

static void tell_damage(struct rules_run *run, const struct rule *rule, enum damage damage)
{
	column_set columns = run->marks.damaged;
	uint64_t recipient = run->recipient_marks.damaged, told = 0;

	if ((columns | recipient) == 0)
		return;
	if (columns == 0 && recipient == 0)
		return;
	while (columns != 0) {
		enum column column = rules_next(&columns);

		if (rules_damage(column, run->payout->cells[column]) == damage)
			rules_found(run, rule, column_name(column), damages[damage].cure, "'%s' %s",
				shown_damage(run, column, damage), damages[damage].what);
	}
	for (size_t i = 0; recipient != 0 && i < run->payout->recipient_count; i++)
		if ((recipient >> i & 1) != 0 && damage_of_identifier(run->payout->recipient[i].value) == damage)
			told |= UINT64_C(1) << i;
	tell_marked(run, rule, 0, told, damages[damage].cure, damages[damage].what);
}

void rules_text_damaged(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_FORMULA);
}

void rules_text_error(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_ERROR);
}

void rules_text_apostrophe(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_APOSTROPHE);
}

void rules_text_nothing(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_NOTHING);
}

void rules_text_date(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_DATE);
}

void rules_number_day(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_DAY);
}

void rules_number_shortened(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_SHORTENED);
}

void rules_number_fraction(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_FRACTION);
}

void rules_number_grouped(struct rules_run *run, const struct rule *rule)
{
	tell_damage(run, rule, DAMAGE_GROUPED);
}

/* A text for people: the payout goes where it should, and says the wrong thing. */
void rules_text_shortened(struct rules_run *run, const struct rule *rule)
{
	struct text text = run->payout->cells[COLUMN_DESCRIPTION];

	if (text.len > 0 && text.len < 32 && damage_of_reference(text) == DAMAGE_SHORTENED)
		tell_marked(run, rule, COLUMN_SET(COLUMN_DESCRIPTION), 0, damages[DAMAGE_SHORTENED].cure,
			damages[DAMAGE_SHORTENED].what);
}

/* Of the columns, and of the recipient fields where they are among them. */
static void tell_zeros(struct rules_run *run, const struct rule *rule, column_set among)
{
	column_set columns = run->marks.zeros & among;
	bool recipient = (among & COLUMN_SET(COLUMN_RECIPIENT)) != 0;

	while (columns != 0) {
		enum column column = rules_next(&columns);

		rules_found(run, rule, column_name(column), damages[DAMAGE_ZEROS].cure, "%s %s",
			rules_show(run, column), damages[DAMAGE_ZEROS].what);
	}
	tell_marked(run, rule, 0, recipient ? run->recipient_marks.zeros : 0, damages[DAMAGE_ZEROS].cure,
		damages[DAMAGE_ZEROS].what);
}

void rules_number_zeros(struct rules_run *run, const struct rule *rule)
{
	if ((run->marks.zeros | run->recipient_marks.zeros) != 0)
		tell_zeros(run, rule, ~run->rules->numbers);
}

/* Text in the file itself, or a profile says so of the column: the damage may be older. */
void rules_number_zeros_text(struct rules_run *run, const struct rule *rule)
{
	if ((run->marks.zeros | run->recipient_marks.zeros) != 0)
		tell_zeros(run, rule, run->rules->numbers);
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
