#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "formats/workbook.h"
#include "formats/workbook_text.h"
#include "tests/support/opened.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct workbook_column columns[] = {
	{"name", 20, WORKBOOK_HEAD_REQUIRED, WORKBOOK_TEXT},
	{"amount", 12, WORKBOOK_HEAD, WORKBOOK_TEXT},
};

struct place {
	char *folder, *path, *again;
	struct workbook *book;
	struct workbook_sheet *sheet;
};

static int make_place(void **state)
{
	struct place *place = memory_new(sizeof(*place));
	const char *above = getenv("TMPDIR");
	struct buf pattern = {0};

	buf_addf(&pattern, "%s/workbook.XXXXXX", above != NULL ? above : "/tmp");
	place->folder = memory_string(mkdtemp(pattern.data));
	place->path = file_join(place->folder, "a.xlsx");
	place->again = file_join(place->folder, "b.xlsx");
	place->book = memory_new(sizeof(*place->book));
	workbook_begin(place->book, place->folder);
	place->sheet = workbook_add(place->book, "payouts", columns, COUNT(columns));
	buf_release(&pattern);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	workbook_abandon(place->book);
	unlink(place->path);
	unlink(place->again);
	assert_int_equal(rmdir(place->folder), 0);
	free(place->folder);
	free(place->path);
	free(place->again);
	free(place->book);
	free(place);
	return 0;
}

static void end(struct place *place, const char *path)
{
	struct fault fault = {0};
	struct file_out out;

	assert_true(file_create(&out, path, &fault));
	if (!workbook_end(place->book, &out, &fault))
		fail_msg("%s", fault.message);
	assert_true(file_commit(&out, false, &fault));
}

static const struct {
	const char *text;
	const char *written; /* NULL: the same */
} texts[] = {
	{"INV-2026-0001", NULL},
	{"=HYPERLINK(\"http://x\",\"y\")", NULL},
	{"+1", NULL},
	{"-1", NULL},
	{"@SUM(A1)", NULL},
	{"\tTAB", NULL},
	{"\rCR and\nLF", NULL},
	{" blanks  stay ", NULL},
	{"<b>&amp;\"'</b>", NULL},
	{"]]>", NULL},
	{"_x0041_", NULL},
	{"_x0041", NULL},
	{"_x005F_x0041_", NULL},
	{"esc\x1B[31mred\x7F\x01", NULL},
	{"0012345678901234567890", NULL},
	{"\xC3\x9C"
	 "berweisung \xF0\x9F\x92\xA9",
		NULL},
	{"bad\xFF\xC3", "bad\xEF\xBF\xBD\xEF\xBF\xBD"},
	{"none \xEF\xBF\xBE\xEF\xBF\xBF", "none \xEF\xBF\xBD\xEF\xBF\xBD"},
};

static void a_cell_has_the_text_that_was_put_there(void **state)
{
	struct place *place = *state;
	struct opened opened;
	xmlDoc *sheet;

	for (size_t i = 0; i < COUNT(texts); i++) {
		workbook_row(place->book, place->sheet);
		workbook_cell(place->book, place->sheet, text_of(texts[i].text), WORKBOOK_TEXT);
		workbook_cell(place->book, place->sheet, TEXT(""), WORKBOOK_TEXT);
	}
	end(place, place->path);
	opened_open(&opened, place->path);
	sheet = opened_doc(&opened, "xl/worksheets/sheet1.xml");
	for (size_t i = 0; i < COUNT(texts); i++) {
		char name[16];

		snprintf(name, sizeof(name), "A%zu", i + 2);
		assert_string_equal(
			opened_text(&opened, sheet, name), texts[i].written != NULL ? texts[i].written : texts[i].text);
		assert_int_equal(opened_style(&opened, sheet, name, "numFmtId"), 49);
		snprintf(name, sizeof(name), "B%zu", i + 2);
		assert_null(opened_cell(sheet, name));
	}
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

static const struct {
	const char *text;
	bool number;
} numbers[] = {
	{"0", true},
	{"12.50", true},
	{"-12.50", true},
	{"8.05", true},
	{"0.00000001", true},
	{"999999999999999", true},
	{"9999999999999.99", true},
	{"1234567890123456", false},
	{"99999999999999.99", false},
	{"00123", false},
	{"-00.5", false},
	{"1e5", false},
	{"12,50", false},
	{"=1", false},
	{".5", false},
};

static void a_number_keeps_all_its_digits_or_is_text(void **state)
{
	struct place *place = *state;
	struct opened opened;
	xmlDoc *sheet;

	for (size_t i = 0; i < COUNT(numbers); i++) {
		workbook_row(place->book, place->sheet);
		workbook_number(place->book, place->sheet, text_of(numbers[i].text));
	}
	end(place, place->path);
	opened_open(&opened, place->path);
	sheet = opened_doc(&opened, "xl/worksheets/sheet1.xml");
	for (size_t i = 0; i < COUNT(numbers); i++) {
		char name[16];

		snprintf(name, sizeof(name), "A%zu", i + 2);
		assert_string_equal(opened_number(&opened, sheet, name), numbers[i].number ? numbers[i].text : "");
		assert_string_equal(opened_text(&opened, sheet, name), numbers[i].number ? "" : numbers[i].text);
	}
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

static void a_text_too_long_for_a_cell_is_cut(void **state)
{
	struct buf text = {0}, written = {0};

	(void)state;
	for (size_t i = 0; i < WORKBOOK_TEXT_UNITS; i++)
		buf_addc(&text, 'a');
	workbook_text(&written, buf_text(&text));
	assert_int_equal(written.len, WORKBOOK_TEXT_UNITS);
	assert_memory_equal(written.data, text.data, WORKBOOK_TEXT_UNITS);
	buf_addc(&text, 'b');
	buf_reset(&written);
	workbook_text(&written, buf_text(&text));
	assert_int_equal(written.len, WORKBOOK_TEXT_UNITS);
	assert_string_equal(written.data + WORKBOOK_TEXT_UNITS - 4, "a...");
	/* No escape and no character of two units is cut in its middle. */
	buf_reset(&text);
	for (size_t i = 0; i < WORKBOOK_TEXT_UNITS; i++)
		buf_addz(&text, i % 2 == 0 ? "\x01" : "\xF0\x9F\x92\xA9");
	buf_reset(&written);
	workbook_text(&written, buf_text(&text));
	assert_true(text_utf8(buf_text(&written), NULL));
	assert_string_equal(written.data + written.len - 8, "_\xF0\x9F\x92\xA9...");
	buf_release(&text);
	buf_release(&written);
}

static void columns_beyond_z_have_names_of_two_and_three_letters(void **state)
{
	struct place *place = *state;
	struct opened opened;
	xmlDoc *sheet;

	workbook_row(place->book, place->sheet);
	for (int i = 0; i < 800; i++)
		workbook_number(place->book, place->sheet, TEXT("1"));
	end(place, place->path);
	opened_open(&opened, place->path);
	sheet = opened_doc(&opened, "xl/worksheets/sheet1.xml");
	assert_non_null(opened_cell(sheet, "Z2"));
	assert_non_null(opened_cell(sheet, "AA2"));
	assert_non_null(opened_cell(sheet, "ZZ2"));
	assert_non_null(opened_cell(sheet, "AAA2"));
	assert_non_null(opened_cell(sheet, "ADT2"));
	assert_null(opened_cell(sheet, "ADU2"));
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

static void many_rows_of_several_sheets_go_where_they_belong(void **state)
{
	struct place *place = *state;
	struct workbook_sheet *other = workbook_add(place->book, "other", columns, 1);
	struct opened opened;
	xmlDoc *sheet;

	for (int i = 0; i < 20000; i++) {
		workbook_row(place->book, place->sheet);
		workbook_cell(place->book, place->sheet, TEXT("first"), WORKBOOK_TEXT);
		workbook_row(place->book, other);
		workbook_cell(place->book, other, TEXT("second"), WORKBOOK_WRAPPED);
	}
	end(place, place->path);
	opened_open(&opened, place->path);
	sheet = opened_doc(&opened, "xl/worksheets/sheet2.xml");
	assert_string_equal(opened_text(&opened, sheet, "A20001"), "second");
	assert_null(opened_cell(sheet, "A20002"));
	xmlFreeDoc(sheet);
	sheet = opened_doc(&opened, "xl/worksheets/sheet1.xml");
	assert_string_equal(opened_text(&opened, sheet, "A20001"), "first");
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

static void what_can_be_chosen_from_is_a_list(void **state)
{
	struct place *place = *state;
	struct opened opened;
	xmlDoc *sheet;
	xmlNode *list;

	workbook_offer(place->sheet, 1, "codes", 7, 2, 9);
	end(place, place->path);
	opened_open(&opened, place->path);
	sheet = opened_doc(&opened, "xl/worksheets/sheet1.xml");
	list = opened_find(xmlDocGetRootElement(sheet), "dataValidation");
	assert_non_null(list);
	assert_string_equal((const char *)opened_find(list, "formula1")->children->content, "codes!$H$2:$H$9");
	assert_non_null(strstr(opened_part(&opened, "xl/worksheets/sheet1.xml"), "sqref=\"B2:B1048576\""));
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

static void the_same_cells_give_the_same_bytes(void **state)
{
	struct place *place = *state;
	struct buf first = {0}, second = {0};
	struct fault fault = {0};

	workbook_row(place->book, place->sheet);
	workbook_cell(place->book, place->sheet, TEXT("x"), WORKBOOK_TEXT);
	end(place, place->path);
	workbook_begin(place->book, place->folder);
	place->sheet = workbook_add(place->book, "payouts", columns, COUNT(columns));
	workbook_row(place->book, place->sheet);
	workbook_cell(place->book, place->sheet, TEXT("x"), WORKBOOK_TEXT);
	end(place, place->again);
	assert_true(file_read(place->path, 1 << 20, &first, NULL, &fault));
	assert_true(file_read(place->again, 1 << 20, &second, NULL, &fault));
	assert_int_equal(first.len, second.len);
	assert_memory_equal(first.data, second.data, first.len);
	buf_release(&first);
	buf_release(&second);
}

static void a_folder_without_room_is_told_at_the_end(void **state)
{
	struct place *place = *state;
	struct fault fault = {0};
	struct file_out out;

	workbook_abandon(place->book);
	workbook_begin(place->book, "/nowhere/at/all");
	place->sheet = workbook_add(place->book, "payouts", columns, COUNT(columns));
	for (int i = 0; i < 20000; i++) {
		workbook_row(place->book, place->sheet);
		workbook_cell(place->book, place->sheet, TEXT("lost"), WORKBOOK_TEXT);
	}
	assert_true(file_create(&out, place->path, &fault));
	assert_false(workbook_end(place->book, &out, &fault));
	assert_true(fault.set);
	file_abandon(&out);
	assert_int_not_equal(access(place->path, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_cell_has_the_text_that_was_put_there, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_number_keeps_all_its_digits_or_is_text, make_place, remove_place),
		cmocka_unit_test(a_text_too_long_for_a_cell_is_cut),
		cmocka_unit_test_setup_teardown(
			columns_beyond_z_have_names_of_two_and_three_letters, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			many_rows_of_several_sheets_go_where_they_belong, make_place, remove_place),
		cmocka_unit_test_setup_teardown(what_can_be_chosen_from_is_a_list, make_place, remove_place),
		cmocka_unit_test_setup_teardown(the_same_cells_give_the_same_bytes, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_folder_without_room_is_told_at_the_end, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
