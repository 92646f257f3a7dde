/* Workbooks: bytes that the declared encoding of a sheet has not, far behind what was read already. */
#include "tests/read_all.h"
#include "tests/xlsx_parts.h"

#define ROWS 1000

static void write_sheet(struct buf *out, const char *encoding, int byte)
{
	buf_addf(out, "<?xml version=\"1.0\" encoding=\"%s\"?><worksheet xmlns=\"" MAIN "\"><sheetData>" HEAD_ROW,
		encoding);
	for (int i = 2; i <= ROWS; i++) {
		buf_addf(out, "<row r=\"%d\"><c r=\"A%d\" t=\"inlineStr\"><is><t>E-%d", i, i, i);
		if (i == ROWS && byte != 0)
			buf_addc(out, (char)byte);
		buf_addz(out, "</t></is></c></row>");
	}
	buf_addz(out, SHEET_AFTER);
}

static void expect(const char *encoding, int byte, const char *end)
{
	struct parts parts = parts_of("");
	struct buf sheet = {0};
	char *reading;

	write_sheet(&sheet, encoding, byte);
	parts_set(&parts, "xl/worksheets/sheet1.xml", buf_text(&sheet));
	reading = read_parts(&parts);
	if (strstr(reading, end) == NULL)
		fail_msg("%s, byte %d: %s", encoding, byte,
			reading + (strlen(reading) > 400 ? strlen(reading) - 400 : 0));
	free(reading);
	buf_release(&sheet);
}

static void a_byte_that_the_encoding_has_not_refuses_the_workbook_wherever_it_stands(void **state)
{
	static const struct {
		const char *encoding;
		int byte;
	} cases[] = {{"UTF-8", 0xFF}, {"UTF8", 0xFF}, {"US-ASCII", 0xE9}, {"EUC-JP", 0xFF}, {"ISO-8859-8", 0xFB}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		expect(cases[i].encoding, cases[i].byte, "\nrefused\n");
		expect(cases[i].encoding, 0, "\nend\n");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_that_the_encoding_has_not_refuses_the_workbook_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
