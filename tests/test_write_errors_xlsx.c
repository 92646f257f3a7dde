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

static void every_cell_is_read_back_as_it_was(void **state)
{
	static const struct filling table[] = {
		{0}, {.noted = true}, {.second = true, .noted = true}, {.wide = true}, {.rows = 3000}};
	const struct place *place = *state;

	for (size_t i = 0; i < COUNT(table); i++) {
		fill_book(place->input, &table[i]);
		write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
		same_rows(place->input, place->output);
	}
}

static void the_file_is_the_owners_alone(void **state)
{
	const struct place *place = *state;
	struct stat status;

	fill_book(place->input, &(struct filling){0});
	write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
	assert_int_equal(stat(place->output, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void rows_have_payruns_columns_as_text(void **state)
{
	static const struct {
		const char *cell, *text;
	} table[] = {
		{"G1", "payrun_row"},
		{"L1", "payrun_reference"},
		{"G2", "2"},
		{"H2", "error | warning | warning"},
		{"I2", "amount | amount | currency"},
		{"J2", "AMOUNT_LIMIT | AMOUNT_ODD | CURRENCY_ODD"},
		{"K2", "is above the limit. Split it. | is odd. | isn't usual."},
		{"L2", "'=B/1"},
		{"G3", "3"},
		{"H3", ""},
		{"K3", ""},
		{"K4", "=1+1 <is> \"empty\" & \x01. Fill it. | the row is odd."},
	};
	const struct place *place = *state;
	struct opened opened;
	xmlDoc *sheet;

	fill_book(place->input, &(struct filling){0});
	write_errors(place, place->input, place->output, all, COUNT(all), "=B/1", NULL);
	opened_open(&opened, place->output);
	sheet = opened_doc(&opened, SHEET);
	for (size_t i = 0; i < COUNT(table); i++)
		assert_string_equal(opened_text(&opened, sheet, table[i].cell), table[i].text);
	assert_int_equal(opened_style(&opened, sheet, "G2", "numFmtId"), 49);
	assert_null(opened_find(xmlDocGetRootElement(sheet), "f"));
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

static void bad_cells_are_marked_and_keep_their_own_format(void **state)
{
	const struct place *place = *state;
	struct opened before, after;
	xmlDoc *old, *new;
	int fill;

	fill_book(place->input, &(struct filling){0});
	write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
	opened_open(&before, place->input);
	opened_open(&after, place->output);
	old = opened_doc(&before, SHEET);
	new = opened_doc(&after, SHEET);
	fill = opened_style(&after, new, "C2", "fillId");
	assert_int_not_equal(fill, opened_style(&before, old, "C2", "fillId"));
	assert_int_equal(opened_style(&after, new, "C2", "numFmtId"), opened_style(&before, old, "C2", "numFmtId"));
	assert_int_equal(opened_style(&after, new, "C2", "fontId"), opened_style(&before, old, "C2", "fontId"));
	assert_string_equal(opened_number(&after, new, "C2"), "12.5");
	/* A warning has a fill of its own; a cell that was not there is there now; others are as they were. */
	assert_int_not_equal(opened_style(&after, new, "D2", "fillId"), fill);
	assert_null(opened_cell(old, "F4"));
	assert_int_equal(opened_style(&after, new, "F4", "fillId"), fill);
	assert_int_equal(opened_attribute(opened_cell(new, "C3"), "s"), opened_attribute(opened_cell(old, "C3"), "s"));
	assert_int_equal(opened_attribute(opened_cell(new, "A1"), "s"), opened_attribute(opened_cell(old, "A1"), "s"));
	xmlFreeDoc(old);
	xmlFreeDoc(new);
	opened_close(&before);
	opened_close(&after);
}

static void everything_else_stays_byte_for_byte(void **state)
{
	static const char *const changed[] = {"[Content_Types].xml", SHEET, "xl/styles.xml"};
	const struct place *place = *state;
	struct opened before, after;
	zip_int64_t same = 0;

	fill_book(place->input, &(struct filling){.second = true});
	write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
	opened_open(&before, place->input);
	opened_open(&after, place->output);
	for (zip_int64_t i = 0; i < zip_get_num_entries(before.zip, 0); i++) {
		const char *name = zip_get_name(before.zip, (zip_uint64_t)i, 0);
		bool may_differ = false;

		for (size_t j = 0; j < COUNT(changed); j++)
			may_differ = may_differ || strcmp(name, changed[j]) == 0;
		if (may_differ)
			continue;
		assert_string_equal(opened_part(&before, name), opened_part(&after, name));
		same++;
	}
	assert_true(same > 8);
	opened_close(&before);
	opened_close(&after);
}

static const char *const references[] = {"A1", "-b/0f4867adfbc83bf5/1", "'-x", "''=x", "'t Hart", "=1", "@a", "+1",
	"a,b", "say \"hi\" <b>", "'", "_x0041_", "\303\234berweisung-7"};

static void a_reference_comes_back_as_it_was(void **state)
{
	static struct findings found;
	const struct place *place = *state;

	for (size_t i = 0; i < COUNT(references); i++) {
		struct fault fault = {0};
		struct arena arena = {0};
		struct source *source;
		struct reader *reader;
		struct row row;

		fill_book(place->input, &(struct filling){0});
		write_errors(place, place->input, place->output, all, COUNT(all), references[i], NULL);
		reader = open_reader(place->output, &source);
		findings_begin(&found, &arena, 0, 0);
		assert_int_equal(reader_xlsx.next(reader, &row, &found, &fault), READER_ROW);
		assert_true(text_is(row.own_reference, references[i]));
		reader_xlsx.close(reader);
		source_close(source);
		arena_release(&arena);
	}
}

static void payruns_columns_stand_behind_all_that_is_filled(void **state)
{
	const struct place *place = *state;
	struct opened opened;
	xmlDoc *sheet;

	fill_book(place->input, &(struct filling){.stray = true});
	write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
	opened_open(&opened, place->output);
	sheet = opened_doc(&opened, SHEET);
	assert_string_equal(opened_text(&opened, sheet, "I3"), "a remark");
	assert_string_equal(opened_text(&opened, sheet, "J1"), "payrun_row");
	assert_string_equal(opened_text(&opened, sheet, "J3"), "3");
	xmlFreeDoc(sheet);
	opened_close(&opened);
	same_rows(place->input, place->output); /* what was outside of the header is so still */
}

static void a_column_of_payrun_that_was_kept_stays_in_its_place(void **state)
{
	const struct place *place = *state;
	lxw_workbook *book = workbook_new(place->input);
	lxw_worksheet *sheet = workbook_add_worksheet(book, "Pay");
	static const char *const header[] = {"payrun_reference", "reference", "channel", "amount", "currency", "email"};
	struct opened opened;
	xmlDoc *doc;

	for (lxw_row_t i = 0; i < 4; i++)
		for (lxw_col_t j = 0; j < COUNT(header); j++)
			worksheet_write_string(sheet, i, j, i == 0 ? header[j] : "x", NULL);
	assert_int_equal(workbook_close(book), LXW_NO_ERROR);
	write_errors(place, place->input, place->output, all, COUNT(all), "B/7", NULL);
	same_rows(place->input, place->output); /* its header is no duplicate either */
	opened_open(&opened, place->output);
	doc = opened_doc(&opened, SHEET);
	assert_string_equal(opened_text(&opened, doc, "A1"), "payrun_reference");
	assert_string_equal(opened_text(&opened, doc, "A2"), "B/7");
	assert_string_equal(opened_text(&opened, doc, "G1"), "payrun_row");
	assert_string_equal(opened_text(&opened, doc, "K1"), "payrun_message");
	assert_string_equal(opened_text(&opened, doc, "L1"), "");
	xmlFreeDoc(doc);
	opened_close(&opened);
}

/* Two widths of one column make a sheet unreadable. */
static void widths_are_added_only_behind_those_that_are_there(void **state)
{
	const struct place *place = *state;

	for (int wide = 0; wide < 2; wide++) {
		struct opened opened;
		const char *sheet;

		fill_book(place->input, &(struct filling){.wide = wide == 1});
		write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
		opened_open(&opened, place->output);
		sheet = opened_part(&opened, SHEET);
		assert_int_equal(strstr(sheet, "<col min=\"11\"") != NULL, wide == 0);
		assert_int_equal(times(sheet, "<cols>"), 1);
		opened_close(&opened);
	}
}

static void a_folder_that_is_missing_is_told(void **state)
{
	const struct place *place = *state;
	struct source *source;
	struct reader *reader;
	struct fault fault = {0};

	fill_book(place->input, &(struct filling){0});
	reader = open_reader(place->input, &source);
	assert_null(error_book_begin("/nowhere/at/all.xlsx", source, reader, place->folder, &fault));
	assert_string_equal(fault.code, "OUTPUT_FAILED");
	reader_xlsx.close(reader);
	source_close(source);
}

static void nothing_is_left_of_a_file_that_is_given_up(void **state)
{
	const struct place *place = *state;
	struct source *source;
	struct reader *reader;
	struct error_book *book;
	struct fault fault = {0};

	fill_book(place->input, &(struct filling){0});
	reader = open_reader(place->input, &source);
	book = error_book_begin(place->output, source, reader, place->folder, &fault);
	assert_non_null(book);
	assert_true(error_book_row(book, 2, all, 3, TEXT(""), &fault));
	error_book_abandon(book);
	assert_int_not_equal(access(place->output, F_OK), 0);
	reader_xlsx.close(reader);
	source_close(source);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		TEST(every_cell_is_read_back_as_it_was),
		TEST(the_file_is_the_owners_alone),
		TEST(rows_have_payruns_columns_as_text),
		TEST(bad_cells_are_marked_and_keep_their_own_format),
		TEST(everything_else_stays_byte_for_byte),
		TEST(a_reference_comes_back_as_it_was),
		TEST(payruns_columns_stand_behind_all_that_is_filled),
		TEST(a_column_of_payrun_that_was_kept_stays_in_its_place),
		TEST(widths_are_added_only_behind_those_that_are_there),
		TEST(a_folder_that_is_missing_is_told),
		TEST(nothing_is_left_of_a_file_that_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
