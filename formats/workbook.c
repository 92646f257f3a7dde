#include "formats/workbook.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "formats/archive_out.h"
#include "formats/workbook_text.h"
#include "values/report_line.h"

#define PENDING_BYTES 65536
#define STYLES_NUMBER (WORKBOOK_STYLES + 1) /* the first is the sheet's own, then those of text, then of numbers */
#define NUMBER_FORMATS 164                  /* where a workbook's own formats begin */

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml."

/* --- rows into a sheet's scratch file ----------------------------------------------------------------------------- */

static void flush(struct workbook *workbook, struct workbook_sheet *sheet, size_t from)
{
	if (sheet->pending.len < from)
		return;
	if (!workbook->fault.set &&
		!scratch_append(&sheet->xml, buf_str(&sheet->pending), sheet->pending.len, &workbook->fault))
		assert(workbook->fault.set);
	buf_reset(&sheet->pending);
}

static void add_column_name(struct buf *buf, size_t column)
{
	char name[8];
	size_t at = sizeof(name);

	do {
		name[--at] = (char)('A' + column % 26);
		column = column / 26;
	} while (column-- > 0);
	buf_add(buf, name + at, sizeof(name) - at);
}

static void open_cell(struct workbook_sheet *sheet, unsigned style)
{
	buf_addz(&sheet->pending, "<c r=\"");
	add_column_name(&sheet->pending, sheet->column);
	buf_addi(&sheet->pending, sheet->rows);
	buf_addf(&sheet->pending, "\" s=\"%u\"", style);
}

static void end_row(struct workbook_sheet *sheet)
{
	if (sheet->rows > 0)
		buf_addz(&sheet->pending, "</row>");
}

void workbook_row(struct workbook *workbook, struct workbook_sheet *sheet)
{
	assert(sheet->rows < WORKBOOK_ROWS);
	end_row(sheet);
	flush(workbook, sheet, PENDING_BYTES);
	sheet->rows++;
	sheet->column = 0;
	buf_addz(&sheet->pending, "<row r=\"");
	buf_addi(&sheet->pending, sheet->rows);
	buf_addz(&sheet->pending, "\">");
}

void workbook_cell(struct workbook *workbook, struct workbook_sheet *sheet, struct text text, enum workbook_style style)
{
	(void)workbook;
	if (text.len > 0) {
		open_cell(sheet, 1 + (unsigned)style);
		buf_addz(&sheet->pending, " t=\"inlineStr\"><is><t xml:space=\"preserve\">");
		workbook_text_xml(&sheet->pending, text);
		buf_addz(&sheet->pending, "</t></is></c>");
	}
	sheet->column++;
}

/* A spreadsheet gives back all its digits, and drops no zero before them; *decimals: how many it has. */
static bool is_exact(struct text text, size_t *decimals)
{
	const char *point = memchr(text.ptr, '.', text.len);
	size_t sign = text.ptr[0] == '-' ? 1 : 0;
	size_t digits = text.len - sign - (point != NULL ? 1 : 0);
	size_t whole = point != NULL ? (size_t)(point - text.ptr) - sign : digits;

	*decimals = digits - whole;
	return digits <= WORKBOOK_DIGITS && (whole == 1 || text.ptr[sign] != '0');
}

void workbook_number(struct workbook *workbook, struct workbook_sheet *sheet, struct text text)
{
	size_t decimals;

	if (!report_number(text) || !is_exact(text, &decimals)) {
		workbook_cell(workbook, sheet, text, WORKBOOK_TEXT);
		return;
	}
	open_cell(sheet, STYLES_NUMBER + (unsigned)decimals);
	buf_addz(&sheet->pending, "><v>");
	buf_addt(&sheet->pending, text);
	buf_addz(&sheet->pending, "</v></c>");
	sheet->column++;
}

/* --- sheets ------------------------------------------------------------------------------------------------------- */

void workbook_begin(struct workbook *workbook, const char *folder)
{
	memset(workbook, 0, sizeof(*workbook));
	workbook->folder = folder;
}

static void add_columns(struct buf *buf, const struct workbook_column *columns, size_t count)
{
	buf_addz(buf, "<cols>");
	for (size_t i = 0; i < count; i++)
		buf_addf(buf, "<col min=\"%zu\" max=\"%zu\" width=\"%u\" style=\"%u\" customWidth=\"1\"/>", i + 1,
			i + 1, columns[i].width, 1 + (unsigned)columns[i].cells);
	buf_addz(buf, "</cols>");
}

struct workbook_sheet *workbook_add(
	struct workbook *workbook, const char *name, const struct workbook_column *columns, size_t count)
{
	struct workbook_sheet *sheet = &workbook->sheets[workbook->count];

	assert(workbook->count < WORKBOOK_SHEETS && strlen(name) < WORKBOOK_NAME_SIZE);
	snprintf(sheet->name, sizeof(sheet->name), "%s", name);
	scratch_init(&sheet->xml, workbook->folder);
	buf_addz(&sheet->pending, DECLARATION "<worksheet xmlns=\"" MAIN "\"><sheetViews><sheetView");
	buf_addz(&sheet->pending, workbook->count == 0 ? " tabSelected=\"1\"" : "");
	buf_addz(&sheet->pending, " workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
				  "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews>");
	add_columns(&sheet->pending, columns, count);
	buf_addz(&sheet->pending, "<sheetData>");
	workbook->count++;
	workbook_row(workbook, sheet);
	for (size_t i = 0; i < count; i++)
		workbook_cell(workbook, sheet, text_of(columns[i].title), columns[i].head);
	return sheet;
}

void workbook_offer(
	struct workbook_sheet *sheet, size_t column, const char *from, size_t from_column, size_t first, size_t last)
{
	struct buf *lists = &sheet->lists;

	sheet->list_count++;
	buf_addz(lists, "<dataValidation type=\"list\" errorStyle=\"warning\" allowBlank=\"1\" showErrorMessage=\"1\" "
			"errorTitle=\"Not in the list\" error=\"It is none of the listed codes.\" sqref=\"");
	add_column_name(lists, column);
	buf_addc(lists, '2');
	buf_addc(lists, ':');
	add_column_name(lists, column);
	buf_addf(lists, "%d\"><formula1>%s!$", WORKBOOK_ROWS, from);
	add_column_name(lists, from_column);
	buf_addf(lists, "$%zu:$", first);
	add_column_name(lists, from_column);
	buf_addf(lists, "$%zu</formula1></dataValidation>", last);
}

static void end_sheet(struct workbook *workbook, struct workbook_sheet *sheet)
{
	end_row(sheet);
	buf_addz(&sheet->pending, "</sheetData>");
	if (sheet->list_count > 0)
		buf_addf(&sheet->pending, "<dataValidations count=\"%zu\">%s</dataValidations>", sheet->list_count,
			buf_str(&sheet->lists));
	buf_addz(&sheet->pending, "<pageMargins left=\"0.7\" right=\"0.7\" top=\"0.75\" bottom=\"0.75\" "
				  "header=\"0.3\" footer=\"0.3\"/></worksheet>");
	flush(workbook, sheet, 0);
}

/* --- the parts around them ---------------------------------------------------------------------------------------- */

static void add_types(const struct workbook *workbook, struct buf *buf)
{
	buf_addz(buf, DECLARATION
		"<Types xmlns=\"" PACKAGE "/content-types\"><Default Extension=\"rels\" "
		"ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
		"Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" "
		"ContentType=\"" TYPE "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" "
		"ContentType=\"" TYPE "styles+xml\"/>");
	for (size_t i = 0; i < workbook->count; i++)
		buf_addf(buf,
			"<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"" TYPE "worksheet+xml\"/>",
			i + 1);
	buf_addz(buf, "</Types>");
}

static void add_root(const struct workbook *workbook, struct buf *buf)
{
	(void)workbook;
	buf_addz(buf, DECLARATION "<Relationships xmlns=\"" PACKAGE "/relationships\"><Relationship Id=\"rId1\" "
				  "Type=\"" OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
}

static void add_sheets(const struct workbook *workbook, struct buf *buf)
{
	buf_addz(buf, DECLARATION "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><bookViews><workbookView "
				  "activeTab=\"0\"/></bookViews><sheets>");
	for (size_t i = 0; i < workbook->count; i++)
		buf_addf(buf, "<sheet name=\"%s\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", workbook->sheets[i].name, i + 1,
			i + 1);
	buf_addz(buf, "</sheets></workbook>");
}

static void add_links(const struct workbook *workbook, struct buf *buf)
{
	buf_addz(buf, DECLARATION "<Relationships xmlns=\"" PACKAGE "/relationships\">");
	for (size_t i = 0; i < workbook->count; i++)
		buf_addf(buf,
			"<Relationship Id=\"rId%zu\" Type=\"" OFFICE
			"/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>",
			i + 1, i + 1);
	buf_addf(buf, "<Relationship Id=\"rId%zu\" Type=\"" OFFICE "/styles\" Target=\"styles.xml\"/></Relationships>",
		workbook->count + 1);
}

#define SOLID(colour)                                                                                                  \
	"<fill><patternFill patternType=\"solid\"><fgColor rgb=\"" colour "\"/><bgColor indexed=\"64\"/>"              \
	"</patternFill></fill>"
#define THIN "style=\"thin\"><color auto=\"1\"/>"

/* Text is number format 49, "@". */
static const char *const text_styles[WORKBOOK_STYLES] = {
	[WORKBOOK_TEXT] = "fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>",
	[WORKBOOK_HEAD] = "fontId=\"0\" fillId=\"2\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" "
			  "applyFill=\"1\" applyBorder=\"1\"/>",
	[WORKBOOK_HEAD_REQUIRED] = "fontId=\"1\" fillId=\"3\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" "
				   "applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\"/>",
	[WORKBOOK_WRAPPED] = "fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" "
			     "applyAlignment=\"1\"><alignment vertical=\"top\" wrapText=\"1\"/></xf>",
};

static void add_styles(const struct workbook *workbook, struct buf *buf)
{
	const int formats = WORKBOOK_DIGITS; /* of 0 to 14 decimals */

	(void)workbook;
	buf_addf(buf, DECLARATION "<styleSheet xmlns=\"" MAIN "\"><numFmts count=\"%d\">", formats);
	for (int i = 0; i < formats; i++)
		buf_addf(buf, "<numFmt numFmtId=\"%d\" formatCode=\"0%s%.*s\"/>", NUMBER_FORMATS + i, i > 0 ? "." : "",
			i, "00000000000000");
	buf_addz(buf,
		"</numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/>"
		"<sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"4\"><fill><patternFill "
		"patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>" SOLID("FFEDEDED")
			SOLID("FFFFE699") "</fills><borders "
					  "count=\"2\"><border><left/><right/><top/><bottom/><diagonal/></border>"
					  "<border><left " THIN "</left><right " THIN "</right><top " THIN
					  "</top><bottom " THIN "</bottom><diagonal/></border></borders><cellStyleXfs "
					  "count=\"1\"><xf numFmtId=\"0\" "
					  "fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>");
	buf_addf(buf, "<cellXfs count=\"%d\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>",
		STYLES_NUMBER + formats);
	for (int i = 0; i < WORKBOOK_STYLES; i++)
		buf_addf(buf, "<xf numFmtId=\"49\" %s", text_styles[i]);
	for (int i = 0; i < formats; i++)
		buf_addf(buf,
			"<xf numFmtId=\"%d\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
			"applyNumberFormat=\"1\"/>",
			NUMBER_FORMATS + i);
	buf_addz(buf, "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/>"
		      "</cellStyles></styleSheet>");
}

static const struct {
	const char *name;
	void (*add)(const struct workbook *workbook, struct buf *buf);
} parts[] = {
	{"[Content_Types].xml", add_types},
	{"_rels/.rels", add_root},
	{"xl/workbook.xml", add_sheets},
	{"xl/_rels/workbook.xml.rels", add_links},
	{"xl/styles.xml", add_styles},
};

static bool put_parts(struct workbook *workbook, struct archive_out *archive, struct fault *fault)
{
	struct buf part = {0};
	bool fine = true;

	for (size_t i = 0; fine && i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_reset(&part);
		parts[i].add(workbook, &part);
		fine = archive_out_put(archive, parts[i].name, -1, buf_text(&part), fault);
	}
	for (size_t i = 0; fine && i < workbook->count; i++) {
		buf_reset(&part);
		buf_addf(&part, "xl/worksheets/sheet%zu.xml", i + 1);
		fine = archive_out_put_scratch(archive, part.data, -1, &workbook->sheets[i].xml, fault);
	}
	buf_release(&part);
	return fine;
}

static bool write_archive(struct workbook *workbook, struct file_out *out, struct fault *fault)
{
	struct archive_out *archive = archive_out_open(workbook->folder, NULL, fault);

	if (archive == NULL)
		return false;
	if (!put_parts(workbook, archive, fault)) {
		archive_out_abandon(archive);
		return false;
	}
	return archive_out_close(archive, out, fault);
}

bool workbook_end(struct workbook *workbook, struct file_out *out, struct fault *fault)
{
	const struct fault *first = &workbook->fault;
	bool fine;

	assert(workbook->count > 0);
	for (size_t i = 0; i < workbook->count; i++)
		end_sheet(workbook, &workbook->sheets[i]);
	if (first->set)
		fine = fault_set(fault, first->kind, first->code, first->cure, "%s", first->message);
	else
		fine = write_archive(workbook, out, fault);
	workbook_abandon(workbook);
	return fine;
}

void workbook_abandon(struct workbook *workbook)
{
	for (size_t i = 0; i < workbook->count; i++) {
		scratch_release(&workbook->sheets[i].xml);
		buf_release(&workbook->sheets[i].lists);
		buf_release(&workbook->sheets[i].pending);
	}
	workbook->count = 0;
}
