#include "formats/xlsx_rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What a cell says of itself. */
struct told {
	enum { TYPE_NUMBER = 0, TYPE_SHARED, TYPE_INLINE, TYPE_STRING, TYPE_FLAG, TYPE_ERROR, TYPE_DATE } type;
	bool date;    /* its format shows a date */
	bool formula; /* f */
	bool valued;  /* v or is */
	bool twice;   /* more than one of them, or one with elements in it that have no place there */
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct xlsx_rows *rows, const char *format, ...)
{
	char why[200];
	struct buf cell = {0};
	va_list list;

	va_start(list, format);
	vsnprintf(why, sizeof(why), format, list);
	va_end(list);
	xlsx_cell_name(&cell, rows->column > 0 ? (size_t)rows->column - 1 : 0, rows->number);
	refusal_set(&rows->zip->refusal, "XLSX_SYNTAX", rows->number, XLSX_CURE_DAMAGED,
		"the sheet is damaged at or after cell %s: %s", buf_str(&cell), why);
	buf_release(&cell);
	return false;
}

/* --- a cell ------------------------------------------------------------------------------------------------------- */

/* B7: column 2, row 7. False: it is no cell. */
static bool read_place(struct text name, int64_t *column, int64_t *row)
{
	size_t at = 0;

	*column = 0;
	for (; at < name.len && at < 4 && name.ptr[at] >= 'A' && name.ptr[at] <= 'Z'; at++)
		*column = *column * 26 + (name.ptr[at] - 'A' + 1);
	return at > 0 && *column <= BOUND_SHEET_COLUMNS &&
	       text_number((struct text){name.ptr + at, name.len - at}, BOUND_SHEET_ROWS, row);
}

static bool take_place(struct xlsx_rows *rows)
{
	struct text name = xlsx_xml_attribute(&rows->xml, "r");
	int64_t column = rows->column + 1, row;

	if (name.ptr != NULL && (!read_place(name, &column, &row) || row != rows->number))
		return refuse(rows, "a cell of row %lld is called otherwise", (long long)rows->number);
	if (column <= rows->column || column > BOUND_SHEET_COLUMNS)
		return refuse(rows, "cells don't stand in order");
	rows->column = column;
	return true;
}

static bool take_type(struct xlsx_rows *rows, struct told *told)
{
	static const char *const types[] = {"n", "s", "inlineStr", "str", "b", "e", "d"};
	struct text type = xlsx_xml_attribute(&rows->xml, "t");

	if (!xlsx_styles_date(rows->styles, xlsx_xml_attribute(&rows->xml, "s"), &told->date))
		return refuse(rows, "its format isn't in the workbook");
	told->type = TYPE_NUMBER;
	if (type.ptr == NULL)
		return true;
	for (unsigned i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		told->type = i;
		if (text_is(type, types[i]))
			return true;
	}
	return refuse(rows, "its type isn't known");
}

static struct text without_blanks(struct text text)
{
	while (text.len > 0 && strchr(" \t\r\n", text.ptr[0]) != NULL && text.ptr[0] != '\0') {
		text.ptr++;
		text.len--;
	}
	while (text.len > 0 && strchr(" \t\r\n", text.ptr[text.len - 1]) != NULL && text.ptr[text.len - 1] != '\0')
		text.len--;
	return text;
}

/* The text of a shared string comes in the place of its number. */
static bool take_shared(struct xlsx_rows *rows, struct fault *fault)
{
	int64_t count = rows->strings->count, index;

	if (!text_number(without_blanks(buf_text(&rows->value)), INT32_MAX, &index) || index >= count)
		return refuse(
			rows, "it names a shared string that isn't there (the workbook has %lld)", (long long)count);
	buf_reset(&rows->value);
	return xlsx_strings_add(rows->strings, index, &rows->value, fault);
}

static enum xlsx_kind kind_of(const struct told *told)
{
	switch (told->type) {
	case TYPE_FLAG:
		return XLSX_CELL_FLAG;
	case TYPE_ERROR:
		return XLSX_CELL_ERROR;
	case TYPE_DATE:
		return XLSX_CELL_DATE;
	case TYPE_NUMBER:
		return told->date ? XLSX_CELL_SERIAL : XLSX_CELL_NUMBER;
	case TYPE_SHARED:
	case TYPE_INLINE:
	case TYPE_STRING:
	default:
		return XLSX_CELL_TEXT;
	}
}

/* Keeps a cell; one that holds nothing is none. */
static void keep(struct xlsx_rows *rows, enum xlsx_kind kind, struct text text)
{
	struct xlsx_cell *cell = &rows->cells[rows->count];

	if (kind != XLSX_CELL_NO_RESULT && text.len <= BOUND_FIELD_BYTES && text_trim(text).len == 0)
		return;
	if (rows->column > BOUND_COLUMNS) {
		if (rows->outside == 0)
			rows->outside = (size_t)rows->column - 1;
		return;
	}
	if (text.len > BOUND_FIELD_BYTES || text.len > BOUND_LINE_BYTES - rows->texts.len) {
		rows->too_long = true;
		return;
	}
	*cell = (struct xlsx_cell){.kind = kind, .column = (size_t)rows->column - 1, .start = rows->texts.len};
	cell->text.len = text.len;
	buf_addt(&rows->texts, text);
	rows->count++;
}

static bool keep_value(struct xlsx_rows *rows, const struct told *told, struct fault *fault)
{
	struct text value;

	if (told->twice)
		return refuse(rows, "it has more than one value");
	if (rows->value.len > BOUND_FIELD_BYTES) { /* it was cut: what it says is not known */
		rows->too_long = true;
		return true;
	}
	if (told->type == TYPE_SHARED && told->valued && without_blanks(buf_text(&rows->value)).len > 0 &&
		!take_shared(rows, fault))
		return false;
	if (told->type == TYPE_STRING)
		xlsx_text_unescape(&rows->value);
	value = told->type == TYPE_INLINE ? xlsx_text_end(&rows->inline_text) : buf_text(&rows->value);
	if (told->type != TYPE_SHARED && told->type != TYPE_INLINE && told->type != TYPE_STRING)
		value = without_blanks(value);
	/* Some programs write an empty value where they did not calculate; an empty text is one. */
	if (told->formula && (!told->valued || (value.len == 0 && told->type != TYPE_STRING)))
		keep(rows, XLSX_CELL_NO_RESULT, TEXT(""));
	else if (told->type == TYPE_FLAG && value.len > 0 && !text_is(value, "0") && !text_is(value, "1"))
		return refuse(rows, "it is neither true nor false");
	else if (told->type == TYPE_FLAG && value.len > 0)
		keep(rows, XLSX_CELL_FLAG, text_is(value, "1") ? TEXT("TRUE") : TEXT("FALSE"));
	else
		keep(rows, kind_of(told), value);
	return true;
}

/* Of a text beyond the bound one byte more than it is kept, by which it is known. */
static void take_value(struct xlsx_rows *rows, struct text piece)
{
	size_t left = BOUND_FIELD_BYTES + 1 - rows->value.len;

	buf_add(&rows->value, piece.ptr, piece.len < left ? piece.len : left);
}

/* What stands in a c: v, f, is. */
static void take_inside(struct xlsx_rows *rows, enum xlsx_node node, struct told *told, bool *in_value, bool *in_text)
{
	struct xlsx_xml *xml = &rows->xml;

	if (node == XLSX_TEXT && *in_value)
		take_value(rows, xlsx_xml_text(xml));
	if (node == XLSX_START && xml->depth > 4 && *in_value)
		told->twice = true;
	if (node != XLSX_TEXT && xml->depth == 4) {
		told->twice = told->twice ||
			      (node == XLSX_START && told->valued && (xlsx_xml_is(xml, "v") || xlsx_xml_is(xml, "is")));
		*in_value = node == XLSX_START && xlsx_xml_is(xml, "v");
		*in_text = node == XLSX_START && xlsx_xml_is(xml, "is");
		told->formula = told->formula || xlsx_xml_is(xml, "f");
		told->valued = told->valued || *in_value || *in_text;
		if (*in_text)
			xlsx_text_begin(&rows->inline_text, xml->depth);
	} else if (*in_text) {
		xlsx_text_take(&rows->inline_text, xml, node);
	}
}

/* From the START of a c to its END. */
static bool read_cell(struct xlsx_rows *rows, struct fault *fault)
{
	struct told told = {0};
	bool in_value = false, in_text = false;

	if (!take_place(rows) || !take_type(rows, &told))
		return false;
	buf_reset(&rows->value);
	xlsx_text_begin(&rows->inline_text, 4);
	for (;;) {
		enum xlsx_node node = xlsx_xml_next(&rows->xml, fault);

		if (node == XLSX_FAILED || node == XLSX_DONE)
			return false;
		if (node == XLSX_END && rows->xml.depth == 3)
			return keep_value(rows, &told, fault);
		take_inside(rows, node, &told, &in_value, &in_text);
	}
}

/* --- a row -------------------------------------------------------------------------------------------------------- */

static bool begin_row(struct xlsx_rows *rows)
{
	struct text name = xlsx_xml_attribute(&rows->xml, "r");
	int64_t number = rows->number + 1;

	rows->column = 0;
	if (name.ptr != NULL && !text_number(name, BOUND_SHEET_ROWS, &number))
		return refuse(rows, "a row has no number that a sheet has");
	if (number <= rows->number || number > BOUND_SHEET_ROWS)
		return refuse(rows, "rows don't stand in order");
	rows->number = number;
	rows->hidden = xlsx_xml_flag(&rows->xml, "hidden");
	rows->too_long = false;
	rows->count = 0;
	rows->outside = 0;
	buf_reset(&rows->texts);
	return true;
}

/* From the START of a row to its END. */
static bool read_row(struct xlsx_rows *rows, struct fault *fault)
{
	if (!begin_row(rows))
		return false;
	for (;;) {
		enum xlsx_node node = xlsx_xml_next(&rows->xml, fault);

		if (node == XLSX_FAILED || node == XLSX_DONE)
			return false;
		if (node == XLSX_END && rows->xml.depth == 2)
			break;
		if (node == XLSX_START && rows->xml.depth == 3 && xlsx_xml_is(&rows->xml, "c") &&
			!read_cell(rows, fault))
			return false;
	}
	for (size_t i = 0; i < rows->count; i++)
		rows->cells[i].text.ptr = rows->texts.data + rows->cells[i].start;
	return true;
}

/* --- the sheet ---------------------------------------------------------------------------------------------------- */

static void take_column(struct xlsx_rows *rows)
{
	int64_t from, to;

	if (!xlsx_xml_flag(&rows->xml, "hidden") ||
		!text_number(xlsx_xml_attribute(&rows->xml, "min"), BOUND_SHEET_COLUMNS, &from) ||
		!text_number(xlsx_xml_attribute(&rows->xml, "max"), BOUND_SHEET_COLUMNS, &to))
		return;
	if (from < 1)
		return;
	for (size_t i = (size_t)from - 1; i < (size_t)to && i < BOUND_COLUMNS; i++)
		rows->hidden_columns[i] = 1;
}

static bool in_table(const struct xlsx_rows *rows, int64_t from, int64_t to)
{
	for (int64_t i = from < to ? from : to; i <= (from < to ? to : from) && i <= BOUND_COLUMNS; i++)
		if (i > 0 && rows->table_columns[i - 1] != 0)
			return true;
	return false;
}

/* Only the first cell of merged ones has the value: the rows below it would silently do without. */
static bool take_merge(struct xlsx_rows *rows)
{
	struct text range = xlsx_xml_attribute(&rows->xml, "ref");
	int64_t column, row, other_column, other_row;
	size_t colon = 0;

	while (colon < range.len && range.ptr[colon] != ':')
		colon++;
	if (!read_place((struct text){range.ptr, colon}, &column, &row))
		return refuse(rows, "merged cells are called as no cells are");
	if (colon == range.len)
		return true;
	if (!read_place((struct text){range.ptr + colon + 1, range.len - colon - 1}, &other_column, &other_row))
		return refuse(rows, "merged cells are called as no cells are");
	if (rows->merged[0] != '\0' || row == other_row || (row <= rows->table_row && other_row <= rows->table_row) ||
		(row > rows->last && other_row > rows->last))
		return true;
	if (in_table(rows, column, other_column))
		snprintf(rows->merged, sizeof(rows->merged), "%.*s", (int)range.len, range.ptr);
	return true;
}

/* Anything but a row. */
static bool take_other(struct xlsx_rows *rows, enum xlsx_node node)
{
	const struct xlsx_xml *xml = &rows->xml;

	if (node == XLSX_TEXT)
		return true;
	if (xml->depth == 0 && !xlsx_xml_is(xml, "worksheet"))
		return refuse(rows, "it is no sheet");
	if (xml->depth == 1) {
		rows->in_columns = node == XLSX_START && xlsx_xml_is(xml, "cols");
		rows->in_merges = node == XLSX_START && xlsx_xml_is(xml, "mergeCells");
		if (rows->in_merges && rows->place != XLSX_AFTER)
			return refuse(rows, "merged cells are named before the cells");
	} else if (xml->depth == 2 && node == XLSX_START && rows->in_columns && xlsx_xml_is(xml, "col"))
		take_column(rows);
	else if (xml->depth == 2 && node == XLSX_START && rows->in_merges && xlsx_xml_is(xml, "mergeCell") &&
		 !take_merge(rows))
		return false;
	if (xml->depth != 1 || !xlsx_xml_is(xml, "sheetData"))
		return true;
	if (node == XLSX_START && rows->place != XLSX_BEFORE)
		return refuse(rows, "it has two tables of cells");
	rows->place = node == XLSX_START ? XLSX_INSIDE : XLSX_AFTER;
	return true;
}

static bool open_sheet(struct xlsx_rows *rows, struct fault *fault)
{
	if (!xlsx_xml_open(&rows->xml, rows->zip, rows->book->sheet_part, BOUND_BOOK_SHEET_BYTES, fault))
		return false;
	while (rows->place == XLSX_BEFORE) {
		enum xlsx_node node = xlsx_xml_next(&rows->xml, fault);

		if (node == XLSX_DONE)
			return refuse(rows, "it has no table of cells");
		if (node == XLSX_FAILED || !take_other(rows, node))
			return false;
	}
	return true;
}

static void begin(struct xlsx_rows *rows, struct xlsx_zip *zip, const struct xlsx_book *book,
	struct xlsx_strings *strings, const struct xlsx_styles *styles)
{
	memset(rows, 0, sizeof(*rows));
	rows->zip = zip;
	rows->book = book;
	rows->strings = strings;
	rows->styles = styles;
	rows->left = INT64_MAX;
}

bool xlsx_rows_open(struct xlsx_rows *rows, struct xlsx_zip *zip, const struct xlsx_book *book,
	struct xlsx_strings *strings, const struct xlsx_styles *styles, int64_t footer, struct fault *fault)
{
	enum xlsx_verdict verdict;
	int64_t count = 0;

	begin(rows, zip, book, strings, styles);
	if (!open_sheet(rows, fault))
		return false;
	if (footer == 0)
		return true;
	while ((verdict = xlsx_rows_next(rows, fault)) == XLSX_ROW)
		count++;
	xlsx_rows_close(rows);
	begin(rows, zip, book, strings, styles);
	rows->left = count > footer ? count - footer : 0;
	return verdict == XLSX_ROWS_END && open_sheet(rows, fault);
}

enum xlsx_verdict xlsx_rows_next(struct xlsx_rows *rows, struct fault *fault)
{
	for (;;) {
		enum xlsx_node node = xlsx_xml_next(&rows->xml, fault);

		if (node == XLSX_DONE)
			return XLSX_ROWS_END;
		if (node == XLSX_FAILED)
			return XLSX_ROW_FAILED;
		if (rows->place != XLSX_INSIDE || rows->xml.depth != 2 || !xlsx_xml_is(&rows->xml, "row")) {
			if (!take_other(rows, node))
				return XLSX_ROW_FAILED;
			continue;
		}
		if (node != XLSX_START)
			continue;
		if (!read_row(rows, fault))
			return XLSX_ROW_FAILED;
		if (rows->count == 0 && rows->outside == 0 && !rows->too_long)
			continue;
		if (rows->left == 0)
			return XLSX_ROW_OF_FOOTER;
		rows->left--;
		rows->last = rows->number;
		return XLSX_ROW;
	}
}

void xlsx_rows_close(struct xlsx_rows *rows)
{
	xlsx_xml_close(&rows->xml);
	xlsx_text_release(&rows->inline_text);
	buf_release(&rows->texts);
	buf_release(&rows->value);
}
