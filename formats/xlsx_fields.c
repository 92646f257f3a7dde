#include "formats/xlsx_fields.h"

#include <string.h>

#include "formats/xlsx_date.h"
#include "formats/xlsx_number.h"

/* What a number can't hold: zeros at the front, digits beyond 15, letters. */
#define IDENTIFIERS                                                                                                    \
	(COLUMN_SET(COLUMN_REFERENCE) | COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_IBAN) |                  \
		COLUMN_SET(COLUMN_ACCOUNT_NUMBER) | COLUMN_SET(COLUMN_ROUTING_NUMBER) | COLUMN_SET(COLUMN_BIC) |       \
		COLUMN_SET(COLUMN_IFSC) | COLUMN_SET(COLUMN_WALLET_ADDRESS) | COLUMN_SET(COLUMN_SOURCE_WALLET) |       \
		COLUMN_SET(COLUMN_BALANCE_ID) | COLUMN_SET(COLUMN_ADDRESS) | COLUMN_SET(COLUMN_RECIPIENT) |            \
		COLUMN_SET(COLUMN_OWN_REFERENCE))

#define CURE_TEXT "Format the column as text, then fill it again from its source."
#define CURE_CALCULATE "Open the workbook in a spreadsheet, which calculates it, and save it."
#define CURE_ROUND "Round it in the sheet, =ROUND(...;2), or write it as text."
#define CURE_DATE "Write the day alone: 2026-11-20, or a cell formatted as a date."

/* A cell under its column, while it is read. */
struct taking {
	struct xlsx_fields *fields;
	const struct xlsx_rows *rows;
	const struct xlsx_cell *cell;
	enum column column;
	const char *field; /* of findings */
	const char *place; /* "C7" */
	struct findings *findings;
};

static const char *field_of(const struct header_cell *cell)
{
	return cell->column == COLUMN_RECIPIENT ? "recipient" : header_cell_field(cell);
}

/* No text: the cell is damaged. */
static struct text damaged(const struct taking *taking, const char *cure, const char *what)
{
	finding_add(taking->findings, FINDING_ERROR, "FIELD_DAMAGED", taking->field, cure, "cell %s %s", taking->place,
		what);
	if (taking->column < COLUMN_COUNT)
		taking->fields->refused |= COLUMN_SET(taking->column);
	return (struct text){0};
}

static bool is_identifier(enum column column)
{
	return (IDENTIFIERS & COLUMN_SET(column)) != 0;
}

static bool allows_numbers(const struct taking *taking)
{
	const struct profile *profile = taking->fields->header->profile;

	return profile != NULL && (profile->numbers & COLUMN_SET(taking->column)) != 0;
}

/* As many digits as are sure, and no sign, point or zeros that stand for digits lost. */
static bool is_whole(struct text number)
{
	if (number.len > 15)
		return false;
	for (size_t i = 0; i < number.len; i++)
		if (number.ptr[i] < '0' || number.ptr[i] > '9')
			return false;
	return true;
}

static struct text take_identifier(const struct taking *taking, bool plain, struct text number)
{
	const char *shown = finding_mask(taking->findings, taking->cell->text);

	if (!allows_numbers(taking))
		return damaged(taking,
			finding_text(taking->findings,
				"%s Where numbers are meant, a profile can allow them: numbers = %s.", CURE_TEXT,
				taking->field[0] != '\0' ? taking->field : "reference"),
			finding_text(taking->findings,
				"holds the number %s, not text: zeros at its front and digits after the fifteenth are "
				"lost",
				shown));
	if (!plain || !is_whole(number))
		return damaged(taking, CURE_TEXT,
			finding_text(taking->findings,
				"holds the number %s: it has a point, a sign, or lost digits after the fifteenth",
				shown));
	return number;
}

static struct text take_number(const struct taking *taking)
{
	struct xlsx_fields *fields = taking->fields;
	char mark = taking->column == COLUMN_AMOUNT ? fields->decimal_mark : '.';
	struct text number = {0};
	bool plain;

	buf_reset(&fields->number);
	plain = xlsx_number_plain(taking->cell->text, mark, &fields->number);
	if (plain)
		number = text_copy(&fields->arena, buf_text(&fields->number));
	if (is_identifier(taking->column))
		return take_identifier(taking, plain, number);
	if (!plain)
		return damaged(taking, CURE_ROUND,
			finding_text(taking->findings,
				"holds the number %s: no number of 15 digits, as a spreadsheet shows them, is that",
				finding_quote(taking->findings, taking->cell->text)));
	if (taking->column == COLUMN_POSTAL_CODE)
		finding_add(taking->findings, FINDING_WARNING, "FIELD_DAMAGED", taking->field, CURE_TEXT,
			"cell %s holds a number, not text: zeros at its front are lost", taking->place);
	return number;
}

static struct text take_day(const struct taking *taking)
{
	bool from_1904 = taking->rows->book->from_1904;
	char *day = arena_alloc(&taking->fields->arena, XLSX_DATE_SIZE);
	struct text text = taking->cell->text;

	if (taking->column != COLUMN_EXECUTION_DATE)
		return damaged(taking, CURE_TEXT,
			"holds a date or a time, which a spreadsheet may have made of something else");
	switch (taking->cell->kind == XLSX_CELL_DATE ? xlsx_date_iso(text, day)
						     : xlsx_date_serial(text, from_1904, day)) {
	case XLSX_DAY:
		return text_of(day);
	case XLSX_DAY_TIME:
		return damaged(
			taking, CURE_DATE, finding_text(taking->findings, "holds a time of %s beside the date", day));
	case XLSX_DAY_LEAP:
		return damaged(taking, CURE_DATE, "holds 29 February 1900, a day that never was");
	case XLSX_DAY_NONE:
	default:
		return damaged(taking, CURE_DATE, "is formatted as a date and holds none");
	}
}

static struct text take_cell(const struct taking *taking)
{
	switch (taking->cell->kind) {
	case XLSX_CELL_NUMBER:
		return take_number(taking);
	case XLSX_CELL_SERIAL:
	case XLSX_CELL_DATE:
		return take_day(taking);
	case XLSX_CELL_FLAG:
		if (is_identifier(taking->column))
			return damaged(taking, CURE_TEXT, "holds true or false, not text");
		return taking->cell->text;
	case XLSX_CELL_ERROR:
		return damaged(taking, "Correct the formula, or write the value itself.",
			finding_text(taking->findings, "holds the error %s",
				finding_quote(taking->findings, taking->cell->text)));
	case XLSX_CELL_NO_RESULT:
		return damaged(taking, CURE_CALCULATE, "holds a formula that was never calculated");
	case XLSX_CELL_TEXT:
	case XLSX_CELL_EMPTY:
	default:
		return taking->cell->text;
	}
}

/* No column of a payout: nobody reads it. */
static bool is_unused(enum column column)
{
	return column >= COLUMN_CELLS && column != COLUMN_RECIPIENT && column != COLUMN_OWN_REFERENCE;
}

/* What becomes of a cell: a part of the reference is judged as one. */
static enum column column_of(const struct header *header, size_t at)
{
	for (size_t i = 0; header->profile != NULL && i < header->profile->join_count; i++)
		if (header->join[i] == at + 1 && is_unused(header->cells[at].column))
			return COLUMN_REFERENCE;
	return header->cells[at].column;
}

static const char *place_of(struct findings *findings, const struct xlsx_cell *cell, int64_t row)
{
	struct buf name = {0};
	const char *kept;

	xlsx_cell_name(&name, cell->column, row);
	kept = text_string(findings->arena, buf_text(&name));
	buf_release(&name);
	return kept;
}

void xlsx_fields_fill(struct xlsx_fields *fields, const struct xlsx_rows *rows, struct findings *findings)
{
	const struct header *header = fields->header;

	arena_reset(&fields->arena);
	fields->refused = 0;
	memset(fields->texts, 0, header->count * sizeof(fields->texts[0]));
	for (size_t i = 0; i < rows->count; i++) {
		const struct xlsx_cell *cell = &rows->cells[i];
		const struct header_cell *under = &header->cells[cell->column];
		struct taking taking = {.fields = fields,
			.rows = rows,
			.cell = cell,
			.column = column_of(header, cell->column),
			.findings = findings};

		if (cell->kind == XLSX_CELL_TEXT || is_unused(taking.column)) {
			fields->texts[cell->column] = cell->text;
			continue;
		}
		taking.field = taking.column == COLUMN_REFERENCE ? "reference" : field_of(under);
		taking.place = place_of(findings, cell, rows->number);
		fields->texts[cell->column] = take_cell(&taking);
	}
}

void xlsx_fields_texts(
	const struct xlsx_fields *fields, const struct xlsx_rows *rows, struct arena *arena, struct text *texts)
{
	struct buf number = {0};

	memset(texts, 0, BOUND_COLUMNS * sizeof(*texts));
	for (size_t i = 0; i < rows->count; i++) {
		const struct xlsx_cell *cell = &rows->cells[i];

		buf_reset(&number);
		if (cell->kind == XLSX_CELL_TEXT)
			texts[cell->column] = cell->text;
		else if (cell->kind == XLSX_CELL_NUMBER && xlsx_number_plain(cell->text, fields->decimal_mark, &number))
			texts[cell->column] = text_copy(arena, buf_text(&number));
	}
	buf_release(&number);
}

void xlsx_fields_release(struct xlsx_fields *fields)
{
	arena_release(&fields->arena);
	buf_release(&fields->number);
}
