/* From the untrusted cells of a row to clean ones: the channel's terms, trimmed NFC text, each under its column. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "values/points.h"
#include "values/rules_run.h"

/* Of a text that holds more than printable ASCII. */
static void mark_points(struct text text, uint64_t bit, bool account, struct rules_marks *marks)
{
	point_kinds kinds = points_look(text);

	if ((kinds & POINT_CONTROL) != 0)
		marks->control |= bit;
	if ((kinds & ~(point_kinds)POINT_CONTROL) != 0)
		marks->odd |= bit;
	if (account && (kinds & ~(point_kinds)(POINT_BLANK | POINT_MIXED | POINT_MOJIBAKE)) == 0)
		marks->foreign |= bit;
	if (account || (kinds & (POINT_CONTROL | POINT_LOST)) != 0)
		marks->spoiled |= bit;
}

static void mark_damage(enum damage damage, uint64_t bit, struct rules_marks *marks)
{
	if (damage == DAMAGE_ZEROS) {
		marks->zeros |= bit;
	} else if (damage != DAMAGE_NONE) {
		marks->damaged |= bit;
		marks->spoiled |= bit;
	}
}

/* Trimmed and NFC; what it holds besides is marked under the bit. */
static struct text clean(struct rules_run *run, struct text text, uint64_t bit, bool account, struct rules_marks *marks)
{
	text = text_trim(text);
	if (text_printable(text))
		return text;
	if (!text_utf8(text, NULL)) {
		marks->not_utf8 |= bit;
		return TEXT("");
	}
	if (!text_plain(text))
		text = text_nfc(run->arena, text);
	mark_points(text, bit, account, marks);
	return text;
}

enum damage rules_damage(enum column column, struct text text)
{
	if (column == COLUMN_REFERENCE)
		return damage_of_reference(text);
	if (((RULES_ACCOUNT_COLUMNS | COLUMN_SET(COLUMN_POSTAL_CODE)) & COLUMN_SET(column)) != 0)
		return damage_of_identifier(text);
	return damage_of_cell(text);
}

bool rules_recipient_is_account(struct text name)
{
	static const char *const names[] = {"account_number", "account", "iban", "ifsc", "routing_number", "sort_code",
		"bic", "swift_code", "bank_code", "branch_code", "mobile", "phone", "tax_id", "cpf", "cnpj", "clabe",
		"cbu", "upi_id", "pix_key"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (column_name_is(name, names[i]))
			return true;
	return false;
}

/* Puts a cell under its column. */
static void take_cell(struct rules_run *run, enum column column, struct text cell)
{
	column_set bit = COLUMN_SET(column);
	struct text text = clean(run, cell, bit, (RULES_ACCOUNT_COLUMNS & bit) != 0, &run->marks);

	mark_damage(rules_damage(column, text), bit, &run->marks);
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
	struct row_recipient clean_field = {.name = clean(run, field->name, 1, false, &ignored)};

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
		uint64_t bit = UINT64_C(1) << i;
		bool account = rules_recipient_is_account(field->name);

		field->value = clean(run, field->value, bit, account, &run->recipient_marks);
		mark_damage(account ? damage_of_identifier(field->value) : damage_of_cell(field->value), bit,
			&run->recipient_marks);
		if (i > 0 && text_equal(field->name, payout->recipient[i - 1].name))
			run->recipient_twice |= bit;
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
