/* Workbooks that are broken, lie, or want to be more than a table: each is refused in words, and nothing is fetched,
 * unpacked to disk or printed. */
#include "tests/read_all.h"
#include "tests/xlsx_parts.h"

#define ROWS_GOOD "<row r=\"1\">" TEXT_CELL("A1", "amount") "</row><row r=\"2\">" TEXT_CELL("A2", "1") "</row>"
#define GOOD SHEET(ROWS_GOOD)
#define DAMAGED "error XLSX_SYNTAX row 0 line 0 [] the workbook is damaged: "

static void expect_reading(const char *reading, const char *piece)
{
	size_t len = strlen(reading);

	if (strstr(reading, piece) == NULL || len < 8 || strcmp(reading + len - 8, "refused\n") != 0)
		fail_msg("not refused with: %s\n%s", piece, reading);
}

static void expect_refused(const struct parts *parts, const char *piece)
{
	char *reading = read_parts(parts);

	expect_reading(reading, piece);
	free(reading);
}

static void expect_bytes_refused(struct text bytes, const char *piece)
{
	char *reading = read_as(&reader_xlsx, (struct source){.bytes = bytes}, 0);

	expect_reading(reading, piece);
	free(reading);
}

static void parts_are_as_they_should_be_or_refused(void **state)
{
	static const struct {
		const char *part;
		const char *bytes; /* NULL: it is missing */
		const char *piece;
	} wrong[] = {
		{"[Content_Types].xml", NULL, "this is no .xlsx workbook: it is another ZIP archive | Unpack it"},
		{"_rels/.rels", NULL, "the workbook is damaged: its main part is not named"},
		{"_rels/.rels", LINK_LIST(LINK("a", "officeDocument", "../../etc/passwd")),
			"its main part is not named"},
		{"_rels/.rels", LINK_LIST(LINK("a", "officeDocument", "xl/none.xml")),
			DAMAGED "xl/none.xml: the part is missing"},
		{"xl/workbook.xml", NULL, DAMAGED "xl/workbook.xml: the part is missing"},
		{"xl/workbook.xml", "<workbook/>", "error XLSX_SYNTAX row 0 line 0 [] the part xl/workbook.xml is no"},
		{"xl/workbook.xml", SHEETS(""), "error SHEET_MISSING"},
		{"xl/workbook.xml", SHEETS("<sheet name=\"x\" r:id=\"rId9\"/>"), "error SHEET_MISSING"},
		{"xl/_rels/workbook.xml.rels", NULL, "error SHEET_MISSING"},
		{"xl/_rels/workbook.xml.rels", LINK_LIST(LINK("rId1", "chartsheet", "worksheets/sheet1.xml")),
			"error SHEET_MISSING"},
		{"xl/_rels/workbook.xml.rels",
			LINK_LIST(LINK("rId1", "worksheet", "worksheets/sheet1.xml")
					LINK("rId1", "worksheet", "worksheets/sheet2.xml")),
			DAMAGED "xl/workbook.xml: two of its relationships have one name"},
		{"xl/styles.xml", NULL, DAMAGED "xl/styles.xml: the part is missing"},
		{"xl/sharedStrings.xml", NULL, DAMAGED "xl/sharedStrings.xml: the part is missing"},
		{"xl/worksheets/sheet1.xml", NULL, DAMAGED "xl/worksheets/sheet1.xml: the part is missing"},
		{"xl/worksheets/sheet1.xml", XML "<worksheet xmlns=\"" MAIN "\"/>", "it has no table of cells"},
		{"xl/worksheets/sheet1.xml", XML "<chartsheet xmlns=\"" MAIN "\"/>", "it is no sheet"},
		{"xl/worksheets/sheet1.xml", XML "<worksheet><sheetData/></worksheet>", "it is no sheet"},
		{"xl/worksheets/sheet1.xml", SHEET(""), "error FILE_EMPTY row 0 line 0 [] the sheet Pay is empty"},
		{"xl/worksheets/sheet1.xml", SHEET("<row r=\"1\">" TEXT_CELL("A1", "amount") "</row>"),
			"error FILE_EMPTY row 0 line 1 [] the sheet Pay has a header and no rows"},
		{"xl/vbaProject.bin", "x",
			"error XLSX_UNSUPPORTED row 0 line 0 [] this is no .xlsx workbook: it is a "
			"workbook with macros | Open it in Excel and save it as .xlsx"},
		{"xl/VBAPROJECT.BIN", "x", "a workbook with macros"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct parts parts = parts_of(GOOD);

		parts_put(&parts, wrong[i].part, wrong[i].bytes);
		expect_refused(&parts, wrong[i].piece);
	}
}

static void other_kinds_of_documents_are_named(void **state)
{
	static const char type[] = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
				   "<Override PartName=\"/xl/workbook.bin\" ContentType=\"application/%s\"/></Types>";
	static const struct {
		const char *type, *piece;
	} kinds[] = {
		{"vnd.ms-excel.sheet.macroEnabled.main+xml", "a workbook with macros (.xlsm)"},
		{"vnd.ms-excel.template.macroEnabled.main+xml", "a template with macros (.xltm)"},
		{"vnd.ms-excel.sheet.binary.macroEnabled.main", "a binary workbook (.xlsb)"},
		{"vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml", "a template of a workbook"},
		{"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "a text document (.docx)"},
		{"vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", "a presentation (.pptx)"},
	};
	struct parts ods = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct parts parts = parts_of(GOOD);
		struct buf types = {0};
		char list[512];

		snprintf(list, sizeof(list), type, kinds[i].type);
		buf_addz(&types, list);
		parts_put(&parts, "[Content_Types].xml", buf_str(&types));
		expect_refused(&parts, kinds[i].piece);
		buf_release(&types);
	}
	parts_put(&ods, "mimetype", "application/vnd.oasis.opendocument.spreadsheet");
	parts_put(&ods, "content.xml", "<x/>");
	parts_put(&ods, "META-INF/manifest.xml", "<x/>");
	expect_refused(
		&ods, "a workbook or document of OpenDocument (.ods) | Open it in a spreadsheet and save it as .xlsx");
}

static void old_and_encrypted_workbooks_are_told_apart(void **state)
{
	static const char name[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0";
	static char bytes[2048] = "\320\317\021\340\241\261\032\341";

	(void)state;
	assert_int_equal(reader_xlsx.sniff((struct text){bytes, 64}), 2);
	expect_bytes_refused((struct text){bytes, 8},
		"it is an old one (.xls) or another old Office document | Open it in "
		"a spreadsheet and save it as .xlsx (Excel workbook).");
	bytes[30] = 9;
	bytes[48] = 1; /* its directory is in the second sector */
	expect_bytes_refused((struct text){bytes, sizeof(bytes)}, "it is an old one (.xls)");
	memcpy(bytes + 1024 + 256, name, sizeof(name) - 1);
	expect_bytes_refused((struct text){bytes, sizeof(bytes)},
		"this workbook is encrypted: it can't be read without "
		"its password | Open it in a spreadsheet, take its "
		"password off and save it as .xlsx.");
	bytes[48] = 2; /* beyond the end */
	expect_bytes_refused((struct text){bytes, sizeof(bytes)}, "it is an old one (.xls)");
}

static void what_is_no_workbook_is_refused(void **state)
{
	(void)state;
	expect_bytes_refused(
		TEXT("reference,amount\n"), "error FILE_ENCODING row 0 line 0 [] this is no .xlsx workbook");
	expect_bytes_refused(TEXT(""), "error FILE_EMPTY row 0 line 0 [] the file is empty");
	expect_bytes_refused(TEXT("PK\003\004"), DAMAGED "its archive breaks off, or has no end");
	assert_int_equal(reader_xlsx.sniff(TEXT("PK\003\004more")), 2);
	assert_int_equal(reader_xlsx.sniff(TEXT("PK,amount\n")), 0);
	assert_ptr_equal(reader_format_sniffed(TEXT("PK\003\004more")), &reader_xlsx);
	assert_ptr_equal(reader_format_named(TEXT("xlsx")), &reader_xlsx);
}

/* --- the archive -------------------------------------------------------------------------------------------------- */

static void a_workbook_that_is_cut_anywhere_is_refused(void **state)
{
	struct parts parts = parts_of(GOOD);
	struct buf bytes = {0};

	(void)state;
	parts_zip(&parts, &bytes);
	for (size_t len = 4; len < bytes.len; len += 7)
		expect_bytes_refused((struct text){bytes.data, len}, "error ");
	buf_release(&bytes);
}

static void a_source_that_fails_is_a_fault_and_no_refusal(void **state)
{
	struct parts parts = parts_of(GOOD);
	struct buf bytes = {0};

	(void)state;
	parts_zip(&parts, &bytes);
	for (size_t at = 4; at < bytes.len; at += 11) {
		char *reading = read_as(&reader_xlsx, (struct source){.bytes = buf_text(&bytes), .fail_at = at}, 0);

		assert_non_null(strstr(reading, "fault: the disk is broken\n"));
		assert_null(strstr(reading, "error"));
		free(reading);
	}
	buf_release(&bytes);
}

/* The place of the directory's entry for a part. */
static char *entry_of(const struct buf *bytes, const char *part)
{
	size_t len = strlen(part);

	for (size_t i = bytes->len - len; i > 46; i--)
		if (memcmp(bytes->data + i, part, len) == 0 && memcmp(bytes->data + i - 46, "PK\001\002", 4) == 0)
			return bytes->data + i - 46;
	fail();
	return NULL;
}

static void what_the_directory_says_of_a_part_must_be_so(void **state)
{
	static const struct {
		size_t place; /* in the entry of the directory (APPNOTE 4.3.12) */
		int by;
		const char *piece;
	} lies[] = {
		{24, 1, DAMAGED "xl/worksheets/sheet1.xml: "},  /* longer than it is */
		{24, -1, DAMAGED "xl/worksheets/sheet1.xml: "}, /* shorter */
		{16, 1, DAMAGED "xl/worksheets/sheet1.xml: "},  /* another CRC */
		{20, -9, DAMAGED "xl/worksheets/sheet1.xml: "}, /* less packed bytes */
		{10, 4, DAMAGED "xl/worksheets/sheet1.xml: "},  /* another method */
		{8, 1,
			"error XLSX_UNSUPPORTED row 0 line 0 [] the workbook is encrypted: xl/worksheets/sheet1.xml "
			"needs a "
			"password"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct parts parts = parts_of(GOOD);
		struct buf bytes = {0};
		char *entry;

		parts_zip(&parts, &bytes);
		entry = entry_of(&bytes, "xl/worksheets/sheet1.xml");
		entry[lies[i].place] = (char)(entry[lies[i].place] + lies[i].by);
		expect_bytes_refused(buf_text(&bytes), lies[i].piece);
		buf_release(&bytes);
	}
}

static void two_parts_of_one_name_are_refused(void **state)
{
	struct parts parts = parts_of(GOOD);

	(void)state;
	parts_put(&parts, "xl/Worksheets/SHEET1.xml", GOOD);
	expect_refused(&parts, DAMAGED "xl/worksheets/sheet1.xml: the archive has two parts of that name");
}

static void names_that_lead_elsewhere_are_only_names(void **state)
{
	struct parts parts = parts_of(GOOD);
	char *reading;

	(void)state;
	parts_put(&parts, "../../../tmp/payrun-escaped", "x");
	parts_put(&parts, "/etc/payrun-escaped", "x");
	parts_put(&parts, "xl/externalLinks/externalLink1.xml", "<!DOCTYPE x SYSTEM \"http://127.0.0.1:1/\"><x/>");
	reading = read_parts(&parts);
	assert_string_equal(reading, "row 2 line 2 amount=<1> raw=\"\"\nend\n");
	assert_null(fopen("/tmp/payrun-escaped", "r"));
	free(reading);
}

static void too_many_entries_are_refused_before_they_are_read(void **state)
{
	struct parts parts = parts_of(GOOD);
	struct buf bytes = {0};

	(void)state;
	parts_zip(&parts, &bytes);
	bytes.data[bytes.len - 22 + 10] = bytes.data[bytes.len - 22 + 8] = 0x11;
	bytes.data[bytes.len - 22 + 11] = bytes.data[bytes.len - 22 + 9] = 0x27; /* 10001 */
	expect_bytes_refused(buf_text(&bytes),
		"error FILE_TOO_LARGE row 0 line 0 [] the archive of the workbook has more "
		"than 10000 entries");
	buf_release(&bytes);
}

/* A part of many equal bytes packs to nearly nothing. */
static void a_part_that_unpacks_to_far_more_than_it_is_ends_early(void **state)
{
	static const struct {
		const char *part, *head;
	} bombs[] = {
		{"xl/worksheets/sheet1.xml", SHEET_BEFORE},
		{"xl/sharedStrings.xml", "<sst>"},
		{"xl/styles.xml", "<x>"},
		{"xl/workbook.xml", "<workbook xmlns=\"" MAIN "\">"},
		{"xl/_rels/workbook.xml.rels", "<x>"},
		{"_rels/.rels", "<x>"},
		{"[Content_Types].xml", "<x>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
		struct parts parts = parts_of(GOOD);
		struct buf bytes = {0};

		buf_addz(&bytes, bombs[i].head);
		while (bytes.len < 5 * 1024 * 1024)
			buf_addz(&bytes, "<!--                                            -->");
		parts_set(&parts, bombs[i].part, buf_text(&bytes));
		expect_refused(&parts, "error FILE_TOO_LARGE row 0 line 0 [] the part ");
		buf_release(&bytes);
	}
}

/* --- XML ---------------------------------------------------------------------------------------------------------- */

#define DOCTYPE(inside) "<!DOCTYPE worksheet " inside ">"
#define AFTER_TYPE(inside) "<worksheet xmlns=\"" MAIN "\"><sheetData>" inside "</sheetData></worksheet>"

static void xml_with_a_document_type_or_entities_is_refused(void **state)
{
	static const char *const documents[] = {
		DOCTYPE("") AFTER_TYPE(ROWS_GOOD),
		DOCTYPE("[<!ENTITY a \"1\">]") AFTER_TYPE("<row><c t=\"str\"><v>&a;</v></c></row>"),
		DOCTYPE("[<!ENTITY a SYSTEM \"file:///etc/passwd\">]")
			AFTER_TYPE("<row><c t=\"str\"><v>&a;</v></c></row>"),
		DOCTYPE("SYSTEM \"http://127.0.0.1:1/x.dtd\"") AFTER_TYPE(ROWS_GOOD),
		DOCTYPE("[<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x\"> %p;]") AFTER_TYPE(ROWS_GOOD),
		DOCTYPE("[<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c "
			"\"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ATTLIST row r CDATA \"&c;\">]") AFTER_TYPE("<row>&c;</row>"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		static const char *const names[] = {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
			"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "[Content_Types].xml"};

		for (size_t j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			struct parts parts = parts_of(GOOD);

			parts_put(&parts, names[j], documents[i]);
			expect_refused(&parts, "error XML_SYNTAX row 0 line 0 [] the part ");
		}
	}
}

static void xml_that_is_not_well_formed_is_refused(void **state)
{
	static const struct {
		const char *sheet, *piece;
	} documents[] = {
		{SHEET_BEFORE ROWS_GOOD,
			"the part xl/worksheets/sheet1.xml of the workbook is no XML that can be read: "},
		{"", "error XML_SYNTAX"},
		{"amount\n1\n", "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD "<row>&unknown;</row>"), "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD "<row r=\"&unknown;\"></row>"), "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD "<row r=\"3\" r=\"4\"/>"), "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD "<z:row/>"), "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD "<row></c></row>"), "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD "<row><c t=\"str\"><v>\xFF</v></c></row>"), "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD "<row><c t=\"str\"><v>&#0;</v></c></row>"), "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD) "<more/>", "error XML_SYNTAX"},
		{SHEET(ROWS_GOOD) "more", "error XML_SYNTAX"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct parts parts = parts_of(documents[i].sheet);

		expect_refused(&parts, documents[i].piece);
	}
}

static void elements_nested_too_deep_are_refused(void **state)
{
	struct buf deep = {0};
	struct parts parts;

	(void)state;
	buf_addz(&deep, SHEET_BEFORE ROWS_GOOD "<row>");
	for (int i = 0; i < 70; i++)
		buf_addz(&deep, "<x>");
	for (int i = 0; i < 70; i++)
		buf_addz(&deep, "</x>");
	buf_addz(&deep, "</row>" SHEET_AFTER);
	parts = parts_of(buf_str(&deep));
	expect_refused(&parts, "its elements are nested too deep");
	buf_release(&deep);
}

/* --- the sheet ---------------------------------------------------------------------------------------------------- */

static void rows_and_cells_that_are_none_of_a_sheet_are_refused(void **state)
{
	static const struct {
		const char *rows, *piece;
	} sheets[] = {
		{"<row r=\"3\"/><row r=\"3\"/>", "rows don't stand in order"},
		{"<row r=\"5\"/><row r=\"4\"/>", "rows don't stand in order"},
		{"<row r=\"0\"/>", "rows don't stand in order"},
		{"<row r=\"1048577\"/>", "a row has no number that a sheet has"},
		{"<row r=\"-1\"/>", "a row has no number that a sheet has"},
		{"<row r=\"3\">" TEXT_CELL("B3", "x") TEXT_CELL("A3", "x") "</row>", "cells don't stand in order"},
		{"<row r=\"3\">" TEXT_CELL("A3", "x") TEXT_CELL("A3", "x") "</row>",
			"error XLSX_SYNTAX row 0 line 3 [] the sheet is damaged at or after cell A3: cells don't stand "
			"in "
			"order | Open it in a spreadsheet and save it as .xlsx again."},
		{"<row r=\"3\">" TEXT_CELL("A4", "x") "</row>", "a cell of row 3 is called otherwise"},
		{"<row r=\"3\">" TEXT_CELL("XFE3", "x") "</row>", "is called otherwise"},
		{"<row r=\"3\">" TEXT_CELL("AAAAA3", "x") "</row>", "is called otherwise"},
		{"<row r=\"3\">" TEXT_CELL("3", "x") "</row>", "is called otherwise"},
		{"<row r=\"3\">" TEXT_CELL("$A$3", "x") "</row>", "is called otherwise"},
		{"<row r=\"3\"><c r=\"A3\" t=\"s\"><v>2</v></c></row>",
			"it names a shared string that isn't there (the workbook has 2)"},
		{"<row r=\"3\"><c r=\"A3\" t=\"s\"><v>-1</v></c></row>", "it names a shared string"},
		{"<row r=\"3\"><c r=\"A3\" t=\"s\"><v>x</v></c></row>", "it names a shared string"},
		{"<row r=\"3\"><c r=\"A3\" t=\"s\"><v>99999999999999999999</v></c></row>", "it names a shared string"},
		{"<row r=\"3\"><c r=\"A3\" s=\"7\"><v>1</v></c></row>", "its format isn't in the workbook"},
		{"<row r=\"3\"><c r=\"A3\" s=\"x\"><v>1</v></c></row>", "its format isn't in the workbook"},
		{"<row r=\"3\"><c r=\"A3\" t=\"money\"><v>1</v></c></row>", "its type isn't known"},
		{"<row r=\"3\"><c r=\"A3\" t=\"b\"><v>2</v></c></row>", "it is neither true nor false"},
		{"<row r=\"3\"><c r=\"A3\"><v>1</v><v>00</v></c></row>", "cell A3: it has more than one value"},
		{"<row r=\"3\"><c r=\"A3\"><v>1<x>00</x></v></c></row>", "cell A3: it has more than one value"},
		{"<row r=\"3\"><c r=\"A3\"><v>1</v><is><t>2</t></is></c></row>", "cell A3: it has more than one value"},
		{"<row r=\"3\"><c r=\"A3\" t=\"inlineStr\"><is><t>1</t></is><is><t>00</t></is></c></row>",
			"cell A3: it has more than one value"},
		{"</sheetData><sheetData>", "it has two tables of cells"},
		{"</sheetData><mergeCells><mergeCell ref=\"A2\"/><mergeCell ref=\"A2:x\"/></mergeCells><sheetData>",
			"merged cells are called as no cells are"},
		{"</sheetData><mergeCells><mergeCell/></mergeCells><sheetData>", "merged cells are called as no cells"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++) {
		struct buf sheet = {0};
		struct parts parts;

		buf_addf(&sheet, "%s%s%s", SHEET_BEFORE ROWS_GOOD, sheets[i].rows, SHEET_AFTER);
		parts = parts_of(buf_str(&sheet));
		parts_put(&parts, "xl/sharedStrings.xml", STRINGS("<si><t>a</t></si><si/>"));
		expect_refused(&parts, sheets[i].piece);
		buf_release(&sheet);
	}
}

/* A text of so many bytes, as an inline and as a shared string. */
static void a_text_beyond_the_bound_is_an_error_of_its_row(void **state)
{
	static const struct {
		size_t len;
		bool fine;
	} lengths[] = {{BOUND_FIELD_BYTES, true}, {BOUND_FIELD_BYTES + 1, false}, {3 * BOUND_FIELD_BYTES, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct buf sheet = {0}, strings = {0};
		struct parts parts;
		char *reading;

		buf_addz(&sheet, SHEET_BEFORE "<row r=\"1\">" TEXT_CELL("A1", "description")
					 TEXT_CELL("B1", "amount") "</row>"
								   "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>");
		buf_addz(&strings, XML "<sst xmlns=\"" MAIN "\"><si><t>");
		for (size_t j = 0; j < lengths[i].len; j++) {
			buf_addc(&sheet, (char)('a' + j % 23));
			buf_addc(&strings, (char)('a' + j % 23));
		}
		buf_addz(&sheet,
			"</t></is></c></row><row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c></row><row r=\"4\">" TEXT_CELL(
				"B4", "7") "</row>" SHEET_AFTER);
		buf_addz(&strings, "</t></si></sst>");
		parts = parts_of(buf_str(&sheet));
		parts_put(&parts, "xl/sharedStrings.xml", buf_str(&strings));
		reading = read_parts(&parts);
		assert_int_equal(strstr(reading, "error FIELD_TOO_LONG row 2 line 2") == NULL, lengths[i].fine);
		assert_int_equal(strstr(reading, "error FIELD_TOO_LONG row 3 line 3") == NULL, lengths[i].fine);
		assert_int_equal(strstr(reading, "row 3 line 3 description=<abcdefg") != NULL, lengths[i].fine);
		assert_non_null(strstr(reading, "row 4 line 4 amount=<7>"));
		free(reading);
		buf_release(&sheet);
		buf_release(&strings);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_as_they_should_be_or_refused),
		cmocka_unit_test(other_kinds_of_documents_are_named),
		cmocka_unit_test(old_and_encrypted_workbooks_are_told_apart),
		cmocka_unit_test(what_is_no_workbook_is_refused),
		cmocka_unit_test(a_workbook_that_is_cut_anywhere_is_refused),
		cmocka_unit_test(a_source_that_fails_is_a_fault_and_no_refusal),
		cmocka_unit_test(what_the_directory_says_of_a_part_must_be_so),
		cmocka_unit_test(two_parts_of_one_name_are_refused),
		cmocka_unit_test(names_that_lead_elsewhere_are_only_names),
		cmocka_unit_test(too_many_entries_are_refused_before_they_are_read),
		cmocka_unit_test(a_part_that_unpacks_to_far_more_than_it_is_ends_early),
		cmocka_unit_test(xml_with_a_document_type_or_entities_is_refused),
		cmocka_unit_test(xml_that_is_not_well_formed_is_refused),
		cmocka_unit_test(elements_nested_too_deep_are_refused),
		cmocka_unit_test(rows_and_cells_that_are_none_of_a_sheet_are_refused),
		cmocka_unit_test(a_text_beyond_the_bound_is_an_error_of_its_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
