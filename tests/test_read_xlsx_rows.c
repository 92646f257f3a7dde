/* Cells whose value would be another than the one that is seen, merged ones and texts that are cut; and parts with
 * names without end. */
#include "tests/read_all.h"
#include "tests/xlsx_parts.h"

/* Of a text beyond the bound only the beginning is kept: nothing is known of it. */
static void a_cut_text_is_never_taken_for_a_shorter_one(void **state)
{
	static const struct {
		const char *type, *before, *piece, *after;
	} cells[] = {
		{"t=\"str\"><v>", "123.00", "_x0020_", "9</v>"},
		{"t=\"n\"><v>", "123.00", "       ", "9</v>"},
		{"t=\"inlineStr\"><is><t>", "", "       ", "9</t></is>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		struct buf sheet = {0};
		struct parts parts;
		char *reading;

		buf_addf(&sheet,
			SHEET_BEFORE "<row r=\"1\">" TEXT_CELL("A1", "amount") "</row>"
									       "<row r=\"3\"><c r=\"A3\" %s%s",
			cells[i].type, cells[i].before);
		while (sheet.len < 2 * BOUND_FIELD_BYTES)
			buf_addz(&sheet, cells[i].piece);
		buf_addf(&sheet, "%s</c></row>" SHEET_AFTER, cells[i].after);
		parts = parts_of(buf_str(&sheet));
		reading = read_parts(&parts);
		if (strstr(reading, "error FIELD_TOO_LONG row 3") == NULL || strstr(reading, "123.00") != NULL)
			fail_msg("%s: %s", cells[i].type, reading);
		free(reading);
		buf_release(&sheet);
	}
}

/* A sheet with headers in row 2 of A and C, and rows 3 to 5; what is merged is named behind them. */
static void merged_cells_of_several_rows_refuse_the_file(void **state)
{
	static const struct {
		const char *merges, *told; /* NULL: it is read */
	} sheets[] = {
		{"<mergeCell ref=\"C3:C5\"/>", "C3:C5"},
		{"<mergeCell ref=\"A1:C1\"/><mergeCell ref=\"C4:C5\"/><mergeCell ref=\"A3:A4\"/>", "C4:C5"},
		{"<mergeCell ref=\"B5:ZZ9\"/>", "B5:ZZ9"}, {"<mergeCell ref=\"C5:A4\"/>", "C5:A4"},
		{"<mergeCell ref=\"C2:C3\"/>", "C2:C3"}, {"<mergeCell ref=\"A1:A2\"/>", NULL}, /* above the rows */
		{"<mergeCell ref=\"A3:C3\"/>", NULL},                                          /* one row */
		{"<mergeCell ref=\"B3:B5\"/>", NULL},                                          /* no header */
		{"<mergeCell ref=\"D3:XFD5\"/>", NULL},                                        /* beside the table */
		{"<mergeCell ref=\"A6:C9\"/>", NULL},                                          /* behind the rows */
		{"<mergeCell ref=\"A3\"/>", NULL},                                             /* one cell */
		{"<x:mergeCell xmlns:x=\"x\" ref=\"A3:A5\"/>", NULL},                          /* of another kind */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++) {
		struct buf sheet = {0}, wanted = {0};
		struct parts parts;
		char *reading;

		buf_addf(&sheet,
			SHEET_BEFORE "<row r=\"2\">" TEXT_CELL("A2", "amount") TEXT_CELL("C2",
				"execution_date") "</row>"
						  "<row r=\"3\">" TEXT_CELL("A3", "1") "</row><row r=\"4\">" TEXT_CELL(
							  "A4", "2") "</row><row r=\"5\">" TEXT_CELL("A5",
							  "3") "</row></sheetData>"
							       "<mergeCells>%s</mergeCells></worksheet>",
			sheets[i].merges);
		parts = parts_of(buf_str(&sheet));
		buf_addf(&wanted, "error SHEET_MERGED row 0 line 0 [] the cells %s are merged: ",
			sheets[i].told != NULL ? sheets[i].told : "");
		reading = read_parts(&parts);
		if (sheets[i].told != NULL)
			assert_true(strstr(reading, buf_str(&wanted)) != NULL && strstr(reading, "refused\n") != NULL);
		else if (strstr(reading, "error") != NULL || strstr(reading, "end\n") == NULL)
			fail_msg("%s: %s", sheets[i].merges, reading);
		free(reading);
		buf_release(&sheet);
		buf_release(&wanted);
	}
}

/* With the number in the place of each #. */
static void add_numbered(struct buf *out, const char *piece, int number)
{
	for (; *piece != '\0'; piece++)
		if (*piece == '#')
			buf_addi(out, number);
		else
			buf_addc(out, *piece);
}

/* In a row, where nothing but cells is read. */
static void a_part_of_too_many_names_is_refused(void **state)
{
	static const struct {
		const char *piece;
		int count;
		bool fine;
	} documents[] = {
		{"<row><x# y#='1'/></row>", 450, true},
		{"<row><x# y#='1'/></row>", 550, false},
		{"<row><x z#='1'/></row>", 1100, false},
		{"<row><x xmlns:n='x#'/></row>", 1100, false},
		{"<row><x xmlns:n#='x'/></row>", 1100, false},
		{"<?x# y#?>", 1100, false},
		{"<row x='#'><!--x--></row>", 5000, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
		struct buf sheet = {0};
		struct parts parts;
		char *reading;

		buf_addz(&sheet, SHEET_BEFORE
			"<row r=\"1\">" TEXT_CELL("A1", "amount") "</row><row>" TEXT_CELL("A2", "1") "</row>");
		for (int j = 0; j < documents[i].count; j++)
			add_numbered(&sheet, documents[i].piece, j);
		buf_addz(&sheet, SHEET_AFTER);
		parts = parts_of(buf_str(&sheet));
		reading = read_parts(&parts);
		if (documents[i].fine != (strstr(reading, "error") == NULL) ||
			(!documents[i].fine && strstr(reading, "it has too many different names") == NULL))
			fail_msg("%s: %s", documents[i].piece, reading);
		free(reading);
		buf_release(&sheet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_text_is_never_taken_for_a_shorter_one),
		cmocka_unit_test(merged_cells_of_several_rows_refuse_the_file),
		cmocka_unit_test(a_part_of_too_many_names_is_refused),
	};

	return cmocka_run_group_tests_name("read_xlsx_rows", tests, NULL, NULL);
}
