#include "formats/xlsx_book.h"
#include "tests/read_all.h"
#include "tests/xlsx_parts.h"

static void expect(const struct parts *parts, const char *expected)
{
	char *reading = read_parts(parts);

	assert_string_equal(reading, expected);
	free(reading);
}

static void expect_piece(const struct parts *parts, const char *piece)
{
	char *reading = read_parts(parts);

	if (strstr(reading, piece) == NULL)
		fail_msg("not in it: %s\n%s", piece, reading);
	free(reading);
}

/* --- cells -------------------------------------------------------------------------------------------------------- */

/* A cell in row 2 under a column of HEAD_ROW, and what becomes of it. */
static const struct {
	const char *cell;
	const char *reading; /* a piece of it */
} cells[] = {
	/* texts */
	{TEXT_CELL("A2", "INV-1"), "reference=<INV-1>"},
	{TEXT_CELL("A2", "00123"), "reference=<00123>"},
	{"<c r=\"A2\" t=\"s\"><v>0</v></c>", "reference=<shared>"},
	{"<c r=\"A2\" t=\"s\"><v>1</v></c>", "reference=<rich text>"},
	{"<c r=\"F2\" t=\"s\"><v>2</v></c>", "beneficiary_name=<\xE6\xBC\xA2>"},
	{"<c r=\"A2\" t=\"inlineStr\"><is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r><rPh sb=\"0\" "
	 "eb=\"1\"><t>c</t></rPh></is></c>",
		"reference=<ab>"},
	{"<c r=\"A2\" t=\"str\"><f>B2&amp;C2</f><v>made</v></c>", "reference=<made>"},
	{"<c r=\"A2\" t=\"inlineStr\"><is><t><![CDATA[a<b]]>&amp;&#x43;</t></is></c>", "reference=<a<b&C>"},
	{"<c r=\"F2\" t=\"inlineStr\"><is><t xml:space=\"preserve\">  two  words  </t></is></c>",
		"beneficiary_name=<two  words>"},
	{TEXT_CELL("A2", "a_x002D_b"), "reference=<a-b>"},
	{TEXT_CELL("A2", "a_x005F_x002D_b"), "reference=<a_x002D_b>"},
	{TEXT_CELL("A2", "a_x2D_b_xD83D_"), "reference=<a_x2D_b_xD83D_>"},
	{TEXT_CELL("A2", "_xZZZZ_"), "reference=<_xZZZZ_>"},
	{TEXT_CELL("F2", "_x6F22_"), "beneficiary_name=<\xE6\xBC\xA2>"},
	{"<c r=\"F2\"><f>A1</f><v>7</v></c>", "beneficiary_name=<7>"},
	{"<c r=\"F2\" t=\"b\"><v>1</v></c>", "beneficiary_name=<TRUE>"},
	/* amounts */
	{"<c r=\"B2\"><v>12.5</v></c>", "amount=<12.5>"},
	{"<c r=\"B2\" t=\"n\"><v>12</v></c>", "amount=<12>"},
	{"<c r=\"B2\"><v>12.300000000000001</v></c>", "amount=<12.3>"},
	{"<c r=\"B2\"><v>4.3499999999999996</v></c>", "amount=<4.35>"},
	{"<c r=\"B2\"><v>1.25E3</v></c>", "amount=<1250>"},
	{"<c r=\"B2\" s=\"2\"><v>0.12</v></c>", "amount=<0.12>"},
	{"<c r=\"B2\" s=\"4\"><v>12</v></c>", "amount=<12>"},
	{"<c r=\"B2\" s=\"6\"><v>12.34</v></c>", "amount=<12.34>"},
	{"<c r=\"B2\"><v>-3</v></c>", "amount=<-3>"},
	{TEXT_CELL("B2", "12.50"), "amount=<12.50>"},
	{"<c r=\"B2\"><f>1+1</f><v>2</v></c>", "amount=<2>"},
	{"<c r=\"B2\"><v>0.30000000000000004</v></c>",
		"error FIELD_DAMAGED row 2 line 2 [amount] cell B2 holds the number 0.30000000000000004: no number of "
		"15 digits, as a spreadsheet shows them, is that | Round it in the sheet, =ROUND(...;2), or write it "
		"as text."},
	{"<c r=\"B2\"><v>1e999</v></c>", "error FIELD_DAMAGED row 2 line 2 [amount]"},
	{"<c r=\"B2\"><v>INF</v></c>", "error FIELD_DAMAGED row 2 line 2 [amount]"},
	{"<c r=\"B2\" s=\"1\"><v>45992</v></c>",
		"error FIELD_DAMAGED row 2 line 2 [amount] cell B2 holds a date or a time, which a spreadsheet may "
		"have made of something else"},
	{"<c r=\"B2\" s=\"5\"><v>0.5</v></c>", "error FIELD_DAMAGED row 2 line 2 [amount] cell B2 holds a date"},
	/* identifiers */
	{"<c r=\"D2\"><v>12345678</v></c>",
		"error FIELD_DAMAGED row 2 line 2 [account_number] cell D2 holds the number ****5678, not text: zeros "
		"at its front and digits after the fifteenth are lost | Format the column as text, then fill it again "
		"from its source. Where numbers are meant, a profile can allow them: numbers = account_number."},
	{"<c r=\"A2\"><v>7</v></c>", "error FIELD_DAMAGED row 2 line 2 [reference] cell A2 holds the number"},
	{"<c r=\"A2\" s=\"1\"><v>45992</v></c>", "error FIELD_DAMAGED row 2 line 2 [reference] cell A2 holds a date"},
	{"<c r=\"A2\" t=\"b\"><v>1</v></c>",
		"error FIELD_DAMAGED row 2 line 2 [reference] cell A2 holds true or false"},
	/* dates */
	{"<c r=\"E2\" s=\"1\"><v>46346</v></c>", "execution_date=<2026-11-20>"},
	{"<c r=\"E2\" s=\"3\"><v>46346</v></c>", "execution_date=<2026-11-20>"},
	{"<c r=\"E2\" s=\"1\"><v>4.6346E4</v></c>", "execution_date=<2026-11-20>"},
	{"<c r=\"E2\" t=\"d\"><v>2026-11-20</v></c>", "execution_date=<2026-11-20>"},
	{"<c r=\"E2\" t=\"d\" s=\"1\"><v>2026-11-20T00:00:00.000Z</v></c>", "execution_date=<2026-11-20>"},
	{TEXT_CELL("E2", "2026-11-20"), "execution_date=<2026-11-20>"},
	{"<c r=\"E2\"><v>46346</v></c>", "execution_date=<46346>"},
	{"<c r=\"E2\" s=\"1\"><v>46346.5</v></c>",
		"error FIELD_DAMAGED row 2 line 2 [execution_date] cell E2 holds a time of 2026-11-20 beside the date"},
	{"<c r=\"E2\" t=\"d\"><v>2026-11-20T10:00:00</v></c>", "[execution_date] cell E2 holds a time of 2026-11-20"},
	{"<c r=\"E2\" s=\"1\"><v>60</v></c>", "[execution_date] cell E2 holds 29 February 1900"},
	{"<c r=\"E2\" s=\"1\"><v>-1</v></c>", "[execution_date] cell E2 is formatted as a date and holds none"},
	{"<c r=\"E2\" t=\"d\"><v>20 November</v></c>", "[execution_date] cell E2 is formatted as a date"},
	/* errors and formulas */
	{"<c r=\"B2\" t=\"e\"><v>#N/A</v></c>",
		"error FIELD_DAMAGED row 2 line 2 [amount] cell B2 holds the error #N/A"},
	{"<c r=\"B2\"><f>A1</f></c>",
		"error FIELD_DAMAGED row 2 line 2 [amount] cell B2 holds a formula that was never calculated"},
	{"<c r=\"B2\"><f>A1</f><v></v></c>", "[amount] cell B2 holds a formula that was never calculated"},
	{"<c r=\"B2\"><f>A1</f><v/></c>", "[amount] cell B2 holds a formula that was never calculated"},
	{"<c r=\"A2\" t=\"str\"><f>A1</f></c>", "[reference] cell A2 holds a formula that was never calculated"},
};

static const char strings_part[] =
	STRINGS("<si><t>shared</t></si><si><r><t>rich</t></r><r><rPr><i/></rPr><t xml:space=\"preserve\"> "
		"text</t></r></si><si><t>\xE6\xBC\xA2</t><rPh sb=\"0\" eb=\"1\"><t>kan</t></rPh></si>");

static void a_cell_is_read_as_it_stands_or_is_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct buf sheet = {0};
		struct parts parts;

		buf_addf(&sheet, "%s<row r=\"2\">%s</row>%s", SHEET_BEFORE HEAD_ROW, cells[i].cell, SHEET_AFTER);
		parts = parts_of(buf_str(&sheet));
		parts_put(&parts, "xl/sharedStrings.xml", strings_part);
		expect_piece(&parts, cells[i].reading);
		buf_release(&sheet);
	}
}

static void a_damaged_cell_gives_no_text(void **state)
{
	struct parts parts =
		parts_of(SHEET(HEAD_ROW "<row r=\"2\">" TEXT_CELL("A2", "INV-1") "<c r=\"D2\"><v>12345678</v>"
										 "</c></row>"));
	char *reading = read_parts(&parts);

	(void)state;
	assert_null(strstr(reading, "account_number=<"));
	assert_null(strstr(reading, "12345678"));
	assert_non_null(strstr(reading, "row 2 line 2 reference=<INV-1> raw=\"\"\n"));
	free(reading);
}

static void a_mark_for_decimals_is_that_of_the_command(void **state)
{
	struct parts parts = parts_of(SHEET(HEAD_ROW "<row r=\"2\"><c r=\"B2\"><v>12.5</v></c></row>"));
	char *reading = read_parts_with(&parts, &(struct reader_options){.decimal_mark = ','});

	(void)state;
	assert_non_null(strstr(reading, "amount=<12,5>"));
	free(reading);
}

static void days_of_1904_are_counted_from_there(void **state)
{
	struct parts parts = parts_of(SHEET(HEAD_ROW "<row r=\"2\"><c r=\"E2\" s=\"1\"><v>44884</v></c></row>"));

	(void)state;
	parts_put(&parts, "xl/workbook.xml", BOOK("<workbookPr date1904=\"1\"/><sheets>" ONE_SHEET "</sheets>"));
	expect_piece(&parts, "execution_date=<2026-11-20>");
}

static void columns_that_are_not_used_are_not_judged(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"1\">" TEXT_CELL("A1", "amount") TEXT_CELL(
		"B1", "my notes") "</row>"
				  "<row r=\"2\">" TEXT_CELL("A2", "1") "<c r=\"B2\"><f>A1</f></c></row>"));

	(void)state;
	expect(&parts, "warning HEADER_UNKNOWN row 0 line 1 [] a column is not known to payrun and will not be used: "
		       "my notes | "
		       "If one of them is meant to be paid by, rename it; `payrun help columns` lists the names.\n"
		       "row 2 line 2 amount=<1> raw=\"\"\nend\n");
}

static void a_postal_code_that_is_a_number_is_warned_of(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"1\">" TEXT_CELL("A1", "amount") TEXT_CELL(
		"B1", "postal_code") "</row><row r=\"2\">" TEXT_CELL("A2", "1") "<c r=\"B2\"><v>1234</v></c></row>"));

	(void)state;
	expect_piece(&parts, "postal_code=<1234>");
	expect_piece(&parts, "warning FIELD_DAMAGED row 2 line 2 [postal_code] cell B2 holds a number, not text");
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void rows_have_the_numbers_of_the_sheet(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"3\">" TEXT_CELL("B3", "amount") TEXT_CELL(
		"D3", "reference") "</row>"
				   "<row r=\"4\"><c r=\"A4\" s=\"1\"/><c r=\"B4\"/></row>"
				   "<row r=\"7\">" TEXT_CELL("B7", "1") TEXT_CELL("D7",
					   "x") "</row>"
						"<row r=\"8\"><c r=\"C8\" t=\"inlineStr\"><is><t> </t></is></c></row>"
						"<row r=\"1048576\">" TEXT_CELL(
							"D1048576", "y") "<c r=\"Z1048576\"/></row>"));

	(void)state;
	expect(&parts,
		"warning HEADER_UNKNOWN row 0 line 3 [] columns are not known to payrun and will not be used: "
		"column 1 without a name, column 3 without a name | If one of them is meant to be paid by, rename "
		"it; `payrun help columns` lists the names.\n"
		"row 7 line 7 reference=<x> amount=<1> raw=\"\"\n"
		"row 1048576 line 1048576 reference=<y> raw=\"\"\nend\n");
}

static void rows_and_cells_may_leave_their_names_out(void **state)
{
	struct parts parts =
		parts_of(SHEET("<row><c t=\"inlineStr\"><is><t>amount</t></is></c></row><row><c><v>5</v></c></row>"));

	(void)state;
	expect(&parts, "row 2 line 2 amount=<5> raw=\"\"\nend\n");
}

static void a_filled_cell_without_a_header_is_an_error_of_its_row(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"1\">" TEXT_CELL("A1",
		"amount") "</row>"
			  "<row r=\"2\">" TEXT_CELL("A2", "1")
				  TEXT_CELL("AB2", "2") "</row>"
							"<row r=\"3\">" TEXT_CELL("XFD3",
								"2") "</row>"
								     "<row r=\"4\">" TEXT_CELL("A4", "3") "</row>"));

	(void)state;
	expect_piece(&parts, "error SHEET_OUTSIDE row 2 line 2 [] cell AB2 is filled, and its column has no header");
	expect_piece(&parts, "error SHEET_OUTSIDE row 3 line 3 [] cell XFD3 is filled");
	expect_piece(&parts, "row 4 line 4 amount=<3>");
}

static void hidden_rows_and_columns_are_read_and_warned_of(void **state)
{
	struct parts parts = parts_of(XML "<worksheet xmlns=\"" MAIN
					  "\"><cols><col min=\"1\" max=\"2\" hidden=\"1\"/></cols><sheetData>" HEAD_ROW
					  "<row r=\"2\" hidden=\"1\">" TEXT_CELL("A2", "x") "</row>" SHEET_AFTER);

	(void)state;
	expect_piece(&parts, "warning SHEET_HIDDEN row 0 line 1 [] columns are hidden in the sheet, and are read: "
			     "reference, amount |");
	expect_piece(&parts, "reference=<x>");
	expect_piece(&parts, "warning SHEET_HIDDEN row 2 line 2 [] the row is hidden in the sheet, and is read");
}

/* --- sheets and producers ----------------------------------------------------------------------------------------- */

#define SECOND_SHEET "<sheet name=\"\xC3\x84nder ung\" sheetId=\"2\" r:id=\"rId4\"/>"
#define PAY_ROWS(amount)                                                                                               \
	SHEET("<row r=\"1\">" TEXT_CELL("A1", "amount") "</row><row r=\"2\">" TEXT_CELL("A2", amount) "</row>")

static void the_first_sheet_that_shows_is_read(void **state)
{
	struct parts parts = parts_of(PAY_ROWS("1"));

	(void)state;
	parts_put(&parts, "xl/worksheets/sheet2.xml", PAY_ROWS("2"));
	parts_put(&parts, "xl/workbook.xml", SHEETS(ONE_SHEET SECOND_SHEET));
	expect_piece(&parts, "amount=<1>");
	parts_put(&parts, "xl/workbook.xml", SHEETS(SECOND_SHEET ONE_SHEET));
	expect_piece(&parts, "amount=<2>");
	parts_put(&parts, "xl/workbook.xml",
		SHEETS("<sheet name=\"Pay\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/>" SECOND_SHEET));
	expect_piece(&parts, "amount=<2>");
	parts_put(&parts, "xl/workbook.xml",
		SHEETS("<sheet name=\"Pay\" sheetId=\"1\" state=\"veryHidden\" r:id=\"rId1\"/>"));
	expect_piece(&parts, "error SHEET_MISSING row 0 line 0 [] the workbook has no sheet that shows");
}

static char *read_sheet(const struct parts *parts, const char *sheet)
{
	struct profile profile = {.name = "p", .sheet = sheet};

	return read_parts_with(parts, &(struct reader_options){.profile = &profile});
}

static void a_profile_names_the_sheet(void **state)
{
	struct parts parts = parts_of(PAY_ROWS("1"));
	char *reading;

	(void)state;
	parts_put(&parts, "xl/worksheets/sheet2.xml", PAY_ROWS("2"));
	parts_put(&parts, "xl/workbook.xml", SHEETS(ONE_SHEET SECOND_SHEET));
	reading = read_sheet(&parts, "\xC3\xA4nder UNG");
	assert_non_null(strstr(reading, "amount=<2>"));
	free(reading);
	reading = read_sheet(&parts, "Other");
	assert_string_equal(reading,
		"error SHEET_MISSING row 0 line 0 [] the workbook has no sheet called Other; it has: Pay, "
		"\xC3\x84nder ung | Rename the sheet, or correct `sheet` in the profile; without it the first sheet "
		"is read.\nrefused\n");
	free(reading);
}

static void a_profile_allows_numbers_in_columns(void **state)
{
	static const struct {
		const char *value, *reading;
	} numbers[] = {
		{"12345678", "account_number=<12345678>"},
		{"123456789012345", "account_number=<123456789012345>"},
		{"1.5", "error FIELD_DAMAGED row 2 line 2 [account_number] cell D2 holds the number ****5: it has a "},
		{"-5", "error FIELD_DAMAGED row 2 line 2 [account_number]"},
		{"1.2345678901234567E+18", "error FIELD_DAMAGED row 2 line 2 [account_number]"},
		{"1E+18", "error FIELD_DAMAGED row 2 line 2 [account_number]"},
		{"1234567890123456", "error FIELD_DAMAGED row 2 line 2 [account_number]"},
	};
	struct profile profile = {.name = "p", .numbers = COLUMN_SET(COLUMN_ACCOUNT_NUMBER)};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct buf sheet = {0};
		struct parts parts;
		char *reading;

		buf_addf(&sheet, "%s<row r=\"2\"><c r=\"A2\"><v>3</v></c><c r=\"D2\"><v>%s</v></c></row>%s",
			SHEET_BEFORE HEAD_ROW, numbers[i].value, SHEET_AFTER);
		parts = parts_of(buf_str(&sheet));
		reading = read_parts_with(&parts, &(struct reader_options){.profile = &profile});
		if (strstr(reading, numbers[i].reading) == NULL)
			fail_msg("%s: %s", numbers[i].value, reading);
		assert_non_null(strstr(reading, "error FIELD_DAMAGED row 2 line 2 [reference]"));
		free(reading);
		buf_release(&sheet);
	}
}

static void a_profile_says_what_stands_before_the_header(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"1\">" TEXT_CELL("A1",
		"A title") "</row>"
			   "<row r=\"4\">" TEXT_CELL("A4", "Betrag") "</row>"
								     "<row r=\"5\"><c r=\"A5\"><v>5</v></c></row>"));
	struct profile_column column = {.column = COLUMN_AMOUNT, .value = TEXT("Betrag"), .position = 1};
	struct profile profile = {.name = "p", .preamble = 3, .columns = &column, .column_count = 1};
	char *reading = read_parts_with(&parts, &(struct reader_options){.profile = &profile});

	(void)state;
	assert_string_equal(reading, "row 5 line 5 amount=<5> raw=\"\"\nend\n");
	free(reading);
	profile =
		(struct profile){.name = "p", .preamble = 4, .columns = &column, .column_count = 1, .headerless = true};
	reading = read_parts_with(&parts, &(struct reader_options){.profile = &profile});
	assert_string_equal(reading, "row 5 line 5 amount=<5> raw=\"\"\nend\n");
	free(reading);
}

/* As other programs write them: the strict namespaces, prefixes, absolute targets, a mark of byte order, no list of
 * strings. */
static void workbooks_of_other_producers_are_read(void **state)
{
	struct parts parts = {0};

	(void)state;
	parts_put(&parts, "[Content_Types].xml", TYPES);
	parts_put(&parts, "_rels/.rels", LINK_LIST(LINK("a", "officeDocument", "/other/book.xml")));
	parts_put(&parts, "other\\Book.xml",
		"<x:workbook xmlns:x=\"http://purl.oclc.org/ooxml/spreadsheetml/main\" "
		"xmlns:rel=\"http://purl.oclc.org/ooxml/officeDocument/relationships\"><x:sheets><x:sheet name=\"S\" "
		"rel:id=\"z\"/></x:sheets></x:workbook>");
	parts_put(&parts, "other/_rels/book.xml.rels",
		XML "<p:Relationships xmlns:p=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
		    "<p:Relationship Id=\"q\" TargetMode=\"External\" Target=\"http://localhost/\" "
		    "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet\"/><p:Relationship "
		    "Id=\"z\" Target=\"../the/./sheet.xml\" "
		    "Type=\"http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet\"/></p:Relationships>");
	parts_put(&parts, "the/sheet.xml",
		"\xEF\xBB\xBF<y:worksheet xmlns:y=\"http://purl.oclc.org/ooxml/spreadsheetml/main\"><!-- hello -->"
		"<y:sheetData><y:row r=\"1\"><y:c r=\"A1\" t=\"str\"><y:v>amount</y:v></y:c></y:row><y:row r=\"2\">"
		"<y:c r=\"A2\"><y:v> 7 </y:v><other xmlns=\"urn:x\"><v>8</v></other></y:c></y:row></y:sheetData>"
		"</y:worksheet>");
	expect(&parts, "row 2 line 2 amount=<7> raw=\"\"\nend\n");
}

static void a_formula_that_makes_a_header_must_be_calculated(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"1\"><c r=\"A1\"><f>B1</f></c></row>"));

	(void)state;
	expect_piece(&parts, "error FIELD_DAMAGED row 0 line 1 [] the header has a formula that was never calculated");
}

static void too_many_columns_are_refused(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"1\">" TEXT_CELL("A1", "amount") TEXT_CELL("ZZ1", "x") "</row>"));

	(void)state;
	expect_piece(&parts, "error FIELD_TOO_LONG row 0 line 1 [] the header has more than 512 columns");
}

static void delimiters_and_encodings_are_none_of_a_workbook(void **state)
{
	struct parts parts = parts_of(PAY_ROWS("1"));
	char *reading = read_parts_with(&parts, &(struct reader_options){.delimiter = ';'});

	(void)state;
	assert_string_equal(reading, "fault: --delimiter: a workbook has none of its own\n");
	free(reading);
	reading = read_parts_with(&parts, &(struct reader_options){.encoding = "utf-8"});
	assert_string_equal(reading, "fault: --encoding: a workbook has none of its own\n");
	free(reading);
}

static void what_stands_for_the_error_file_is_known(void **state)
{
	struct parts parts = parts_of(SHEET("<row r=\"3\">" TEXT_CELL("B3", "amount") TEXT_CELL("C3", "recipient.ifsc")
			TEXT_CELL("D3", "Payrun Reference") "</row>"));
	struct reader_options options = {0};
	struct fault fault = {0};
	struct buf bytes = {0}, name = {0};
	struct source source = {0};
	struct reader *reader;

	(void)state;
	parts_zip(&parts, &bytes);
	source.bytes = buf_text(&bytes);
	reader = reader_xlsx.open(&source, &options, &fault);
	assert_non_null(reader);
	assert_string_equal(xlsx_book_of(reader)->sheet_part, "xl/worksheets/sheet1.xml");
	assert_string_equal(xlsx_book_of(reader)->sheet_name, "Pay");
	assert_string_equal(xlsx_book_of(reader)->book_part, "xl/workbook.xml");
	assert_string_equal(xlsx_book_of(reader)->styles_part, "xl/styles.xml");
	assert_string_equal(xlsx_book_of(reader)->strings_part, "xl/sharedStrings.xml");
	assert_int_equal(xlsx_book_of(reader)->header_row, 3);
	assert_int_equal(xlsx_book_of(reader)->columns, 4);
	assert_false(xlsx_book_of(reader)->strict);
	assert_int_equal(xlsx_book_column(reader, "amount"), 1);
	assert_int_equal(xlsx_book_column(reader, "recipient"), 2);
	assert_int_equal(xlsx_book_column(reader, "payrun_reference"), 3);
	assert_int_equal(xlsx_book_column(reader, "iban"), -1);
	assert_int_equal(xlsx_book_column(reader, ""), -1);
	xlsx_cell_name(&name, 0, 1);
	xlsx_cell_name(&name, 25, 20);
	xlsx_cell_name(&name, 26, 300);
	xlsx_cell_name(&name, 701, 0);
	xlsx_cell_name(&name, 702, 0);
	xlsx_cell_name(&name, 16383, 1048576);
	assert_string_equal(buf_str(&name), "A1Z20AA300ZZAAAXFD1048576");
	reader_xlsx.close(reader);
	buf_release(&bytes);
	buf_release(&name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_read_as_it_stands_or_is_damaged),
		cmocka_unit_test(a_damaged_cell_gives_no_text),
		cmocka_unit_test(a_mark_for_decimals_is_that_of_the_command),
		cmocka_unit_test(days_of_1904_are_counted_from_there),
		cmocka_unit_test(columns_that_are_not_used_are_not_judged),
		cmocka_unit_test(a_postal_code_that_is_a_number_is_warned_of),
		cmocka_unit_test(rows_have_the_numbers_of_the_sheet),
		cmocka_unit_test(rows_and_cells_may_leave_their_names_out),
		cmocka_unit_test(a_filled_cell_without_a_header_is_an_error_of_its_row),
		cmocka_unit_test(hidden_rows_and_columns_are_read_and_warned_of),
		cmocka_unit_test(the_first_sheet_that_shows_is_read),
		cmocka_unit_test(a_profile_names_the_sheet),
		cmocka_unit_test(a_profile_allows_numbers_in_columns),
		cmocka_unit_test(a_profile_says_what_stands_before_the_header),
		cmocka_unit_test(workbooks_of_other_producers_are_read),
		cmocka_unit_test(a_formula_that_makes_a_header_must_be_calculated),
		cmocka_unit_test(too_many_columns_are_refused),
		cmocka_unit_test(delimiters_and_encodings_are_none_of_a_workbook),
		cmocka_unit_test(what_stands_for_the_error_file_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
