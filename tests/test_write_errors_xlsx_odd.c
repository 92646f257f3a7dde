/* Workbooks that other programs than the usual ones write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/error_books.h"

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define STRICT "http://purl.oclc.org/ooxml/spreadsheetml/main"
#define LINKS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define STRICT_LINKS "http://purl.oclc.org/ooxml/officeDocument/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define LINK_LIST(inside) XML "<Relationships xmlns=\"" PACKAGE "relationships\">" inside "</Relationships>"
#define LINK(space, id, kind, target) "<Relationship Id=\"" id "\" Type=\"" space "/" kind "\" Target=\"" target "\"/>"
#define TEXT_CELL(text) "<c t=\"inlineStr\"><is><t>" text "</t></is></c>"
#define HEAD                                                                                                           \
	TEXT_CELL("reference")                                                                                         \
	TEXT_CELL("channel") TEXT_CELL("amount") TEXT_CELL("currency") TEXT_CELL("execution_date") TEXT_CELL("email")
#define ROW TEXT_CELL("R") TEXT_CELL("mollie") TEXT_CELL("1.00") TEXT_CELL("EUR")
#define ROWS "<row>" HEAD "</row><row>" ROW "</row><row>" ROW "</row><row>" ROW "</row>"
#define TYPES                                                                                                          \
	XML "<Types xmlns=\"" PACKAGE                                                                                  \
	    "content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override "                   \
	    "PartName=\"/xl/workbook.xml\" "                                                                           \
	    "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"
#define STYLES                                                                                                         \
	XML "<styleSheet xmlns=\"" MAIN                                                                                \
	    "\"><fills count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills>"                           \
	    "<cellXfs count=\"2\"><xf numFmtId=\"0\" fillId=\"0\"/><xf numFmtId=\"14\" fillId=\"0\"><alignment "       \
	    "horizontal=\"left\"/></xf></cellXfs></styleSheet>"

struct odd {
	const char *sheet, *sheet_links, *styles, *drawing, *sheet_name;
	bool strict;
};

static void put_part(zip_t *zip, const char *name, const char *bytes)
{
	if (bytes != NULL)
		assert_true(zip_file_add(zip, name, zip_source_buffer(zip, bytes, strlen(bytes), 0), 0) >= 0);
}

static void fill_odd(const char *path, const struct odd *odd)
{
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

	assert_non_null(zip);
	put_part(zip, "[Content_Types].xml", TYPES);
	put_part(zip, "_rels/.rels",
		odd->strict ? LINK_LIST(LINK(STRICT_LINKS, "rId1", "officeDocument", "xl/workbook.xml"))
			    : LINK_LIST(LINK(LINKS, "rId1", "officeDocument", "xl/workbook.xml")));
	put_part(zip, "xl/workbook.xml",
		odd->strict ? XML "<workbook xmlns=\"" STRICT "\" xmlns:r=\"" STRICT_LINKS
				  "\"><sheets><sheet name=\"Pay\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
			    : XML "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" LINKS
				  "\"><sheets><sheet name=\"Pay\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>");
	if (odd->strict)
		put_part(zip, "xl/_rels/workbook.xml.rels",
			LINK_LIST(LINK(STRICT_LINKS, "rId1", "worksheet", "worksheets/sheet1.xml")));
	else if (odd->styles != NULL)
		put_part(zip, "xl/_rels/workbook.xml.rels",
			LINK_LIST(LINK(LINKS, "rId1", "worksheet", "worksheets/sheet1.xml")
					LINK(LINKS, "rId2", "styles", "styles.xml")));
	else
		put_part(zip, "xl/_rels/workbook.xml.rels",
			LINK_LIST(LINK(LINKS, "rId1", "worksheet", "worksheets/sheet1.xml")));
	put_part(zip, "xl/styles.xml", odd->styles);
	put_part(zip, odd->sheet_name != NULL ? odd->sheet_name : SHEET, odd->sheet);
	put_part(zip, "xl/worksheets/_rels/sheet1.xml.rels", odd->sheet_links);
	put_part(zip, "xl/drawings/shapes.vml", odd->drawing);
	assert_int_equal(zip_close(zip), 0);
}

static void write_odd(const struct place *place, const struct odd *odd, char *lacks)
{
	fill_odd(place->input, odd);
	write_errors(place, place->input, place->output, all, COUNT(all), "", lacks);
	same_rows(place->input, place->output);
}

/* The same file, its findings once more: nothing changes. */
static void again(const struct place *place)
{
	write_errors(place, place->output, place->again, all, COUNT(all), "", NULL);
	same_rows(place->output, place->again);
}

static const struct odd whole[] = {
	{.sheet = XML "<worksheet xmlns=\"" MAIN "\"><sheetData>" ROWS "</sheetData></worksheet>", .styles = STYLES},
	{.sheet = XML "<x:worksheet xmlns:x=\"" MAIN
		      "\"><x:sheetData><x:row><x:c t=\"inlineStr\"><x:is><x:t>reference</x:t></x:is></x:c><x:c "
		      "t=\"inlineStr\"><x:is><x:t>amount</x:t></x:is></x:c></x:row><x:row><x:c "
		      "t=\"inlineStr\"><x:is><x:t>A</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>",
		.styles = STYLES},
	{.sheet = XML "<worksheet xmlns=\"" STRICT "\"><sheetData>" ROWS "</sheetData></worksheet>", .strict = true},
	{.sheet = XML "<worksheet xmlns=\"" MAIN "\" xmlns:q=\"urn:q\" q:a=\"&quot;&lt;&#10;&amp;\"><dimension "
		      "ref=\"A1:F4\"/><cols><col min=\"1\" max=\"3\" width=\"9\" "
		      "style=\"1\"/></cols><sheetData><row r=\"1\" spans=\"1:6\">" HEAD "</row><!-- c --><row r=\"2\" "
		      "s=\"1\" customFormat=\"1\" spans=\"1:6\">" ROW
		      "<extLst/></row><row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t><![CDATA[a<b&c]]></t></is></c>"
		      "<c r=\"C4\" t=\"inlineStr\"><is><r><t>1.</t></r><r><t>5</t></r></is></c></row></sheetData>"
		      "<pageMargins left=\"1\"/><tableParts count=\"0\"/><extLst/></worksheet>",
		.styles = STYLES},
	{.sheet = XML "<worksheet xmlns=\"" MAIN "\"><sheetData>" ROWS "</sheetData></worksheet>",
		.styles = STYLES,
		.sheet_name = "XL/Worksheets/Sheet1.XML"},
};

static void odd_sheets_are_read_back_as_they_were(void **state)
{
	const struct place *place = *state;

	for (size_t i = 0; i < COUNT(whole); i++) {
		write_odd(place, &whole[i], NULL);
		again(place);
	}
}

static void old_drawings_stand_where_the_schema_has_them(void **state)
{
	const struct place *place = *state;
	struct opened opened;
	const char *sheet, *drawing;

	write_odd(place, &whole[3], NULL);
	opened_open(&opened, place->output);
	sheet = opened_part(&opened, SHEET);
	drawing = strstr(sheet, "<legacyDrawing ");
	assert_non_null(drawing);
	assert_true(drawing > strstr(sheet, "<pageMargins"));
	assert_true(drawing < strstr(sheet, "<tableParts"));
	assert_null(strstr(sheet, "<dimension"));
	assert_null(strstr(sheet, "spans="));
	assert_non_null(strstr(sheet, "q:a=\"&quot;&lt;&#10;&amp;\""));
	opened_close(&opened);
}

static void a_cell_that_is_added_has_the_format_of_its_row_or_column(void **state)
{
	const struct place *place = *state;
	const struct finding missing[] = {
		FINDING(2, "email", "FIELD_REQUIRED", FINDING_ERROR, "is empty.", ""),
		FINDING(4, "channel", "FIELD_REQUIRED", FINDING_ERROR, "is empty.", ""),
		FINDING(4, "email", "FIELD_REQUIRED", FINDING_ERROR, "is empty.", ""),
	};
	struct opened opened;
	xmlDoc *sheet;

	fill_odd(place->input, &whole[3]);
	write_errors(place, place->input, place->output, missing, COUNT(missing), "", NULL);
	opened_open(&opened, place->output);
	sheet = opened_doc(&opened, SHEET);
	assert_int_equal(opened_style(&opened, sheet, "F2", "numFmtId"), 14); /* the row's */
	assert_int_equal(opened_style(&opened, sheet, "B4", "numFmtId"), 14); /* the column's */
	assert_int_equal(opened_style(&opened, sheet, "F4", "numFmtId"), 0);
	assert_int_not_equal(opened_style(&opened, sheet, "F4", "fillId"), 0);
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

#define WITH_DRAWING                                                                                                   \
	XML "<worksheet xmlns=\"" MAIN "\" xmlns:r=\"" LINKS "\"><sheetData>" ROWS                                     \
	    "</sheetData><legacyDrawing r:id=\"rId7\"/></worksheet>"
#define DRAWING_LINKS LINK_LIST(LINK(LINKS, "rId7", "vmlDrawing", "../drawings/shapes.vml"))

static void a_box_that_is_no_note_stays_beside_the_notes(void **state)
{
	const struct place *place = *state;
	const struct odd odd = {
		.sheet = WITH_DRAWING,
		.sheet_links = DRAWING_LINKS,
		.styles = STYLES,
		.drawing =
			"<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" "
			"xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><v:shape id=\"_x0000_s2050\"><x:ClientData "
			"ObjectType=\"Button\"><x:Row>1</x:Row><x:Column>2</x:Column></x:ClientData></v:shape></xml>",
	};
	struct opened opened;
	char lacks[96];

	write_odd(place, &odd, lacks);
	again(place);
	assert_string_equal(lacks, "");
	opened_open(&opened, place->again);
	xmlFreeDoc(opened_doc(&opened, "xl/drawings/shapes.vml"));
	assert_int_equal(times(opened_part(&opened, "xl/drawings/shapes.vml"), "<v:shape "), 4);
	assert_non_null(strstr(opened_part(&opened, "xl/drawings/shapes.vml"), "\"Button\""));
	assert_int_equal(times(opened_part(&opened, "xl/worksheets/_rels/sheet1.xml.rels"), "/comments\""), 1);
	assert_int_equal(times(opened_part(&opened, "xl/worksheets/_rels/sheet1.xml.rels"), "/vmlDrawing\""), 1);
	assert_int_equal(times(opened_part(&opened, SHEET), "<legacyDrawing "), 1);
	assert_string_equal(note_of(&opened, "xl/comments1.xml", "D2"), "CURRENCY_ODD: isn't usual.");
	opened_close(&opened);
}

static void what_a_workbook_does_not_allow_is_told_and_the_columns_are_there(void **state)
{
	static const struct {
		struct odd odd;
		const char *lacks;
	} table[] = {
		{{.sheet = WITH_DRAWING, .sheet_links = DRAWING_LINKS, .styles = STYLES, .drawing = "<xml><br></xml>"},
			"notes: those that the sheet has can't be added to"},
		{{.sheet = WITH_DRAWING,
			 .sheet_links = DRAWING_LINKS,
			 .styles = STYLES,
			 .drawing = "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml>&a;</xml>"},
			"notes: those that the sheet has can't be added to"},
		{{.sheet = XML "<worksheet xmlns=\"" MAIN "\"><sheetData>" ROWS "</sheetData></worksheet>"},
			"colours: the workbook has no formats of cells"},
		{{.sheet = XML "<worksheet xmlns=\"" MAIN "\"><sheetData>" ROWS "</sheetData></worksheet>",
			 .styles = XML "<styleSheet xmlns=\"" MAIN "\"><cellXfs><xf/></cellXfs></styleSheet>"},
			"colours: the workbook has no formats of cells"},
	};
	const struct place *place = *state;

	for (size_t i = 0; i < COUNT(table); i++) {
		struct opened opened;
		xmlDoc *sheet;
		char lacks[96];

		write_odd(place, &table[i].odd, lacks);
		assert_string_equal(lacks, table[i].lacks);
		opened_open(&opened, place->output);
		sheet = opened_doc(&opened, SHEET);
		assert_string_equal(opened_text(&opened, sheet, "G1"), "payrun_row");
		assert_non_null(strstr(opened_text(&opened, sheet, "K2"), "Split it."));
		xmlFreeDoc(sheet);
		opened_close(&opened);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		TEST(odd_sheets_are_read_back_as_they_were),
		TEST(old_drawings_stand_where_the_schema_has_them),
		TEST(a_cell_that_is_added_has_the_format_of_its_row_or_column),
		TEST(a_box_that_is_no_note_stays_beside_the_notes),
		TEST(what_a_workbook_does_not_allow_is_told_and_the_columns_are_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
