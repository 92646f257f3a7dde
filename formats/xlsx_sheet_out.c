#include "formats/xlsx_sheet_out.h"

#include <string.h>

#include "formats/workbook_text.h"

#define PENDING_BYTES 65536
#define WIDTH_MESSAGE 80
#define WIDTH_OTHER 18
#define MESSAGE 4 /* of payrun's columns */
#define LINKS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define LINKS_STRICT "http://purl.oclc.org/ooxml/officeDocument/relationships"

/* The column of a cell by its name, else the one behind the last; no name that is wrong: the reader was here before. */
static size_t column_of(const struct xlsx_xml *xml, size_t next)
{
	struct text name = xlsx_xml_attribute(xml, "r");
	size_t letters = 0;

	if (name.ptr == NULL)
		return next;
	for (size_t i = 0; i < name.len && name.ptr[i] >= 'A' && name.ptr[i] <= 'Z' && i < 3; i++)
		letters = letters * 26 + (size_t)(name.ptr[i] - 'A') + 1;
	return letters > 0 ? letters - 1 : next;
}

static int64_t row_of(const struct xlsx_xml *xml, int64_t last)
{
	int64_t number;

	return text_number(xlsx_xml_attribute(xml, "r"), BOUND_SHEET_ROWS, &number) ? number : last + 1;
}

/* --- a look before ------------------------------------------------------------------------------------------------ */

static bool is_own(const size_t *own, size_t column)
{
	for (size_t i = 0; own != NULL && i < XLSX_OWN_COLUMNS; i++)
		if (own[i] == column)
			return true;
	return false;
}

static void take_look(struct xlsx_sheet_look *look, const struct xlsx_xml *xml, const size_t *own, size_t *column)
{
	struct text id;

	if (xml->depth == 2)
		*column = SIZE_MAX; /* so that the next one is 0 */
	else if (xml->depth == 3 && xlsx_xml_is(xml, "c"))
		*column = column_of(xml, *column + 1);
	else if (xml->depth == 4 && *column != SIZE_MAX && *column >= look->columns && !is_own(own, *column))
		look->columns = *column + 1;
	else if (xml->depth == 1 && xlsx_xml_is(xml, "legacyDrawing")) {
		id = xlsx_xml_link(xml);
		if (id.len < sizeof(look->drawing) && id.len > 0)
			memcpy(look->drawing, id.ptr, id.len);
	}
}

bool xlsx_sheet_look(struct xlsx_sheet_look *look, struct xlsx_zip *zip, const struct xlsx_book *book,
	const size_t *own, struct fault *fault)
{
	struct xlsx_xml xml;
	enum xlsx_node node = XLSX_FAILED;
	size_t column = SIZE_MAX;
	bool in_table = false;

	*look = (struct xlsx_sheet_look){.columns = book->columns};
	if (xlsx_xml_open(&xml, zip, book->sheet_part, BOUND_BOOK_SHEET_BYTES, fault))
		while ((node = xlsx_xml_next(&xml, fault)) != XLSX_FAILED && node != XLSX_DONE) {
			if (node != XLSX_START)
				continue;
			if (xml.depth == 1)
				in_table = xlsx_xml_is(&xml, "sheetData");
			if (xml.depth == 1 || in_table)
				take_look(look, &xml, own, &column);
		}
	xlsx_xml_close(&xml);
	return node == XLSX_DONE;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

static bool flush(struct xlsx_sheet_out *sheet, size_t from, struct fault *fault)
{
	if (sheet->pending.len < from || sheet->pending.len == 0)
		return true;
	if (!scratch_append(&sheet->out, sheet->pending.data, sheet->pending.len, fault))
		return false;
	buf_reset(&sheet->pending);
	return true;
}

static void add_tag(struct xlsx_sheet_out *sheet, const char *before, const char *name)
{
	buf_addz(&sheet->pending, before);
	buf_addt(&sheet->pending, buf_text(&sheet->prefix));
	buf_addz(&sheet->pending, name);
}

/* A cell that the sheet has not: payrun's own, or an empty one that is marked. */
static void add_cell(struct xlsx_sheet_out *sheet, const struct xlsx_change *change)
{
	struct buf *out = &sheet->pending;
	int base = sheet->row_style, style;

	if (change->mark == XLSX_MARK_NONE && change->text.len == 0)
		return;
	if (base < 0)
		base = change->column < BOUND_COLUMNS ? sheet->column_styles[change->column] : 0;
	style = change->mark == XLSX_MARK_NONE ? xlsx_marks_text(sheet->marks)
					       : (int)xlsx_marks_style(sheet->marks, (unsigned)base, change->mark);
	xlsx_copy_close(&sheet->copy);
	add_tag(sheet, "<", "c r=\"");
	xlsx_cell_name(out, change->column, sheet->row);
	buf_addc(out, '"');
	if (style >= 0)
		buf_addf(out, " s=\"%d\"", style);
	if (change->mark != XLSX_MARK_NONE) {
		buf_addz(out, "/>");
		return;
	}
	add_tag(sheet, " t=\"inlineStr\"><", "is>");
	add_tag(sheet, "<", "t xml:space=\"preserve\">");
	workbook_text_xml(out, change->text);
	add_tag(sheet, "</", "t>");
	add_tag(sheet, "</", "is>");
	add_tag(sheet, "</", "c>");
}

/* --- a row -------------------------------------------------------------------------------------------------------- */

struct changes {
	const struct xlsx_change *list;
	size_t count, at;
};

static void add_until(struct xlsx_sheet_out *sheet, struct changes *changes, size_t column)
{
	while (changes->at < changes->count && changes->list[changes->at].column < column)
		add_cell(sheet, &changes->list[changes->at++]);
}

static unsigned style_of(const struct xlsx_xml *xml, const char *attribute)
{
	int64_t style;

	return text_number(xlsx_xml_attribute(xml, attribute), BOUND_BOOK_STYLES, &style) ? (unsigned)style : 0;
}

static void start_cell(struct xlsx_sheet_out *sheet, struct changes *changes)
{
	size_t column = column_of(&sheet->xml, sheet->column);
	enum xlsx_mark mark = XLSX_MARK_NONE;
	unsigned old = style_of(&sheet->xml, "s"), style;
	struct buf name = {0};

	add_until(sheet, changes, column);
	sheet->column = column + 1;
	if (changes->at < changes->count && changes->list[changes->at].column == column)
		mark = changes->list[changes->at].mark;
	if (is_own(sheet->own, column)) {
		if (changes->at < changes->count && changes->list[changes->at].column == column)
			add_cell(sheet, &changes->list[changes->at++]);
		xlsx_copy_close(&sheet->copy);
		sheet->skip = sheet->xml.depth;
		return;
	}
	if (mark != XLSX_MARK_NONE)
		changes->at++;
	style = xlsx_marks_style(sheet->marks, old, mark);
	xlsx_copy_start(&sheet->copy, &sheet->xml, style != old ? "s" : NULL);
	xlsx_cell_name(&name, column, sheet->row);
	if (xlsx_xml_attribute(&sheet->xml, "r").ptr == NULL)
		xlsx_copy_attribute(&sheet->copy, "r", buf_str(&name));
	buf_reset(&name);
	buf_addi(&name, style);
	if (style != old)
		xlsx_copy_attribute(&sheet->copy, "s", buf_str(&name));
	buf_release(&name);
}

static void start_row(struct xlsx_sheet_out *sheet)
{
	struct buf number = {0};

	sheet->column = 0;
	sheet->row_style = xlsx_xml_flag(&sheet->xml, "customFormat") ? (int)style_of(&sheet->xml, "s") : -1;
	xlsx_copy_start(&sheet->copy, &sheet->xml, "spans");
	if (xlsx_xml_attribute(&sheet->xml, "r").ptr == NULL) {
		buf_addi(&number, sheet->row);
		xlsx_copy_attribute(&sheet->copy, "r", buf_str(&number));
	}
	buf_release(&number);
}

/* From the START of a row to its END. */
static bool write_row(struct xlsx_sheet_out *sheet, const struct xlsx_change *list, size_t count, struct fault *fault)
{
	struct changes changes = {.list = list, .count = count};
	struct xlsx_xml *xml = &sheet->xml;

	start_row(sheet);
	for (;;) {
		enum xlsx_node node = xlsx_xml_next(xml, fault);

		if (node == XLSX_FAILED || node == XLSX_DONE)
			return false;
		if (sheet->skip >= 0) {
			if (node == XLSX_END && xml->depth == sheet->skip)
				sheet->skip = -1;
			continue;
		}
		if (node == XLSX_START && xml->depth == 3 && xlsx_xml_is(xml, "c")) {
			start_cell(sheet, &changes);
			continue;
		}
		if ((node == XLSX_START && xml->depth == 3) || (node == XLSX_END && xml->depth == 2))
			add_until(sheet, &changes, SIZE_MAX);
		xlsx_copy_node(&sheet->copy, xml, node);
		if (node == XLSX_END && xml->depth == 2)
			return flush(sheet, PENDING_BYTES, fault);
	}
}

/* --- what stands around the rows ---------------------------------------------------------------------------------- */

/* Only behind all widths that the sheet has: two of one column make it unreadable. */
static void add_widths(struct xlsx_sheet_out *sheet)
{
	if (sheet->own_there || sheet->widths_to > sheet->own[0])
		return;
	xlsx_copy_close(&sheet->copy);
	for (size_t i = 0; i < XLSX_OWN_COLUMNS; i++) {
		add_tag(sheet, "<", "col");
		buf_addf(&sheet->pending, " min=\"%zu\" max=\"%zu\" width=\"%d\" customWidth=\"1\"/>",
			sheet->own[i] + 1, sheet->own[i] + 1, i == MESSAGE ? WIDTH_MESSAGE : WIDTH_OTHER);
	}
}

static void take_widths(struct xlsx_sheet_out *sheet)
{
	const struct xlsx_xml *xml = &sheet->xml;
	int64_t from, to;

	if (!text_number(xlsx_xml_attribute(xml, "min"), BOUND_SHEET_COLUMNS, &from) ||
		!text_number(xlsx_xml_attribute(xml, "max"), BOUND_SHEET_COLUMNS, &to) || from < 1)
		return;
	if ((size_t)to > sheet->widths_to)
		sheet->widths_to = (size_t)to;
	for (int64_t i = from; i <= to && i <= BOUND_COLUMNS; i++)
		sheet->column_styles[i - 1] = (int)style_of(xml, "style");
}

/* Elements of a sheet that come behind its old drawings (ISO 29500-1, 18.3.1.99). */
static bool comes_later(const struct xlsx_xml *xml)
{
	static const char *const names[] = {"legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
		"webPublishItems", "tableParts", "extLst", "AlternateContent"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(xml->name, names[i]) == 0)
			return true;
	return false;
}

static void add_drawing(struct xlsx_sheet_out *sheet)
{
	if (!sheet->wants_drawing)
		return;
	sheet->wants_drawing = false;
	xlsx_copy_close(&sheet->copy);
	add_tag(sheet, "<", "legacyDrawing");
	buf_addf(&sheet->pending, " xmlns:r=\"%s\" r:id=\"%s\"/>", sheet->book->strict ? LINKS_STRICT : LINKS,
		XLSX_DRAWING_ID);
}

/* The elements right below the sheet's own: what has to come before one of them, or at its end. */
static void pass_border(struct xlsx_sheet_out *sheet, enum xlsx_node node)
{
	const struct xlsx_xml *xml = &sheet->xml;

	if (xlsx_xml_is(xml, "cols")) {
		sheet->has_widths = true;
		sheet->in_widths = node == XLSX_START;
		if (node == XLSX_END)
			add_widths(sheet);
	} else if (xlsx_xml_is(xml, "sheetData")) {
		if (node == XLSX_START && !sheet->has_widths && !sheet->own_there) {
			xlsx_copy_close(&sheet->copy);
			add_tag(sheet, "<", "cols>");
			add_widths(sheet);
			add_tag(sheet, "</", "cols>");
		}
		sheet->place = node == XLSX_START ? XLSX_OUT_INSIDE : XLSX_OUT_AFTER;
	} else if (node == XLSX_START && sheet->place == XLSX_OUT_AFTER && comes_later(xml)) {
		add_drawing(sheet);
	}
}

/* Any node that is no row's. */
static void write_other(struct xlsx_sheet_out *sheet, enum xlsx_node node)
{
	const struct xlsx_xml *xml = &sheet->xml;

	if (sheet->skip >= 0) {
		if (node == XLSX_END && xml->depth == sheet->skip)
			sheet->skip = -1;
		return;
	}
	if (node == XLSX_START && xml->depth == 0)
		xlsx_copy_prefix(&sheet->prefix, xml);
	if (node == XLSX_END && xml->depth == 0)
		add_drawing(sheet);
	if (node != XLSX_TEXT && xml->depth == 1)
		pass_border(sheet, node);
	if (node == XLSX_START && xml->depth == 2 && sheet->in_widths && xlsx_xml_is(xml, "col"))
		take_widths(sheet);
	/* How far the table reaches is only a hint, and wrong once payrun's columns are there. */
	if (node == XLSX_START && xml->depth == 1 && xlsx_xml_is(xml, "dimension")) {
		xlsx_copy_close(&sheet->copy);
		sheet->skip = xml->depth;
		return;
	}
	xlsx_copy_node(&sheet->copy, xml, node);
}

/* On to the START of the next row, or to the end of the sheet. */
static enum xlsx_node next_row(struct xlsx_sheet_out *sheet, struct fault *fault)
{
	for (;;) {
		enum xlsx_node node = xlsx_xml_next(&sheet->xml, fault);

		if (node == XLSX_FAILED || node == XLSX_DONE)
			return node;
		if (node == XLSX_START && sheet->place == XLSX_OUT_INSIDE && sheet->xml.depth == 2 &&
			xlsx_xml_is(&sheet->xml, "row")) {
			sheet->row = row_of(&sheet->xml, sheet->row);
			return node;
		}
		write_other(sheet, node);
		if (!flush(sheet, PENDING_BYTES, fault))
			return XLSX_FAILED;
	}
}

static bool write_plain_row(struct xlsx_sheet_out *sheet, struct fault *fault)
{
	bool header = sheet->row == sheet->book->header_row;

	return write_row(sheet, sheet->names, header ? XLSX_OWN_COLUMNS : 0, fault);
}

bool xlsx_sheet_out_begin(struct xlsx_sheet_out *sheet, struct xlsx_zip *zip, const struct xlsx_book *book,
	struct xlsx_marks *marks, const size_t own[XLSX_OWN_COLUMNS], bool there, const struct xlsx_change *names,
	const char *folder, struct fault *fault)
{
	memset(sheet, 0, sizeof(*sheet));
	scratch_init(&sheet->out, folder);
	sheet->zip = zip;
	sheet->book = book;
	sheet->marks = marks;
	memcpy(sheet->own, own, sizeof(sheet->own));
	sheet->own_there = there;
	sheet->names = names;
	sheet->skip = -1;
	sheet->copy.out = &sheet->pending;
	buf_addz(&sheet->pending, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
	return xlsx_xml_open(&sheet->xml, zip, book->sheet_part, BOUND_BOOK_SHEET_BYTES, fault);
}

void xlsx_sheet_out_release(struct xlsx_sheet_out *sheet)
{
	xlsx_xml_close(&sheet->xml);
	scratch_release(&sheet->out);
	buf_release(&sheet->pending);
	buf_release(&sheet->prefix);
}

bool xlsx_sheet_out_row(
	struct xlsx_sheet_out *sheet, int64_t row, const struct xlsx_change *changes, size_t count, struct fault *fault)
{
	while (next_row(sheet, fault) == XLSX_START) {
		if (sheet->row >= row)
			return write_row(sheet, changes, count, fault);
		if (!write_plain_row(sheet, fault))
			return false;
	}
	return false;
}

bool xlsx_sheet_out_end(struct xlsx_sheet_out *sheet, bool drawing, struct fault *fault)
{
	enum xlsx_node node;

	sheet->wants_drawing = drawing;
	while ((node = next_row(sheet, fault)) == XLSX_START)
		if (!write_plain_row(sheet, fault))
			return false;
	return node == XLSX_DONE && flush(sheet, 1, fault);
}
