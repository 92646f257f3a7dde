/* From the untrusted cells of a row to clean ones: the channel's terms, trimmed NFC text, each under its column. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "values/rules_run.h"

static bool is_control(int32_t point)
{
	return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

static void mark_points(struct text text, uint64_t bit, struct rules_marks *marks)
{
	size_t offset = 0;
	int32_t point;

	while ((point = text_next(text, &offset)) >= 0) {
		if (is_control(point))
			marks->control |= bit;
		else if (text_point_hidden(point))
			marks->hidden |= bit;
	}
}

/* Text that a spreadsheet hid behind a formula, so that it would keep its zeros. */
static bool is_formula_text(struct text text)
{
	return text.len >= 3 && text.ptr[0] == '=' && text.ptr[1] == '"' && text.ptr[text.len - 1] == '"';
}

/* What a spreadsheet shows where it could not reckon or had no room: #N/A, #REF!, #DIV/0!, ##### */
static bool is_spreadsheet_error(struct text text)
{
	static const char *const errors[] = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"};
	size_t marks = 0;

	while (marks < text.len && text.ptr[marks] == '#')
		marks++;
	if (marks >= 3 && marks == text.len)
		return true;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (text_is(text, errors[i]))
			return true;
	return false;
}

/* Trimmed and NFC; what it holds besides is marked under the bit. */
static struct text clean(struct rules_run *run, struct text text, uint64_t bit, struct rules_marks *marks)
{
	text = text_trim(text);
	if (text.len > 0 && text.ptr[0] == '=' && is_formula_text(text))
		marks->damaged |= bit;
	if (text.len > 0 && text.ptr[0] == '#' && is_spreadsheet_error(text))
		marks->errors |= bit;
	if (text_plain(text))
		return text;
	if (!text_utf8(text, NULL)) {
		marks->not_utf8 |= bit;
		return TEXT("");
	}
	text = text_nfc(run->arena, text);
	mark_points(text, bit, marks);
	return text;
}

/* Puts a cell under its column. */
static void take_cell(struct rules_run *run, enum column column, struct text cell)
{
	column_set bit = COLUMN_SET(column);
	struct text text = clean(run, cell, bit, &run->marks);

	if (text.len == 0 && (run->marks.not_utf8 & bit) == 0)
		return;
	if ((run->filled & bit) != 0)
		run->twice |= bit;
	run->filled |= bit;
	run->payout->cells[column] = text;
}

static void find_terms(struct rules_run *run)
{
	struct text channel = run->payout->cells[COLUMN_CHANNEL];

	if (run->rules->fixed != NULL)
		run->terms = run->rules->fixed;
	else if (channel.len > 0 && run->rules->find != NULL)
		run->terms = run->rules->find(run->rules->context, channel);
}

/* `address`, source_currency and currency_code mean what the row's provider means by them. */
static void take_by_provider(struct rules_run *run)
{
	for (enum column i = COLUMN_COUNT; i < COLUMN_CELLS; i++) {
		enum column column;

		if (run->row->cells[i].len == 0 || run->terms == NULL)
			continue;
		column = column_resolve(i, run->terms->channel->provider);
		if (column < COLUMN_COUNT)
			take_cell(run, column, run->row->cells[i]);
		else if (text_trim(run->row->cells[i]).len > 0)
			run->unresolved |= COLUMN_SET(i);
	}
}

/* Sorted by name as they come; the marks follow, for they are bits of the place. */
static void take_recipient(struct rules_run *run, const struct row_recipient *field)
{
	struct payout *payout = run->payout;
	size_t at = payout->recipient_count;
	struct rules_marks ignored = {0};
	struct row_recipient clean_field = {.name = clean(run, field->name, 1, &ignored)};

	if (text_trim(field->value).len == 0 || at == ROW_RECIPIENT_MAX)
		return;
	for (; at > 0 && text_compare(payout->recipient[at - 1].name, clean_field.name) > 0; at--)
		payout->recipient[at] = payout->recipient[at - 1];
	clean_field.value = field->value;
	payout->recipient[at] = clean_field;
	payout->recipient_count++;
}

static void read_recipient(struct rules_run *run)
{
	struct payout *payout = run->payout;

	for (size_t i = 0; i < run->row->recipient_count; i++)
		take_recipient(run, &run->row->recipient[i]);
	for (size_t i = 0; i < payout->recipient_count; i++) {
		struct row_recipient *field = &payout->recipient[i];

		field->value = clean(run, field->value, UINT64_C(1) << i, &run->recipient_marks);
		if (i > 0 && text_equal(field->name, payout->recipient[i - 1].name))
			run->recipient_twice |= UINT64_C(1) << i;
	}
}

void rules_cells_read(struct rules_run *run)
{
	static_assert(ROW_RECIPIENT_MAX <= 64 && COLUMN_CELLS <= 64, "a bit each");

	for (enum column i = 0; i < COLUMN_COUNT; i++)
		if (run->row->cells[i].len > 0)
			take_cell(run, i, run->row->cells[i]);
	if ((run->filled & COLUMN_SET(COLUMN_REFERENCE)) == 0 && run->row->own_reference.len > 0)
		take_cell(run, COLUMN_REFERENCE, run->row->own_reference);
	find_terms(run);
	take_by_provider(run);
	if (run->row->recipient_count > 0)
		read_recipient(run);
}
