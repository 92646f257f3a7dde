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

/* --- notes -------------------------------------------------------------------------------------------------------- */

static void bad_cells_have_a_note_with_message_and_cure(void **state)
{
	const struct place *place = *state;
	struct opened opened;

	fill_book(place->input, &(struct filling){.second = true});
	write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
	opened_open(&opened, place->output);
	/* The other sheet has comments1.xml. */
	assert_string_equal(note_of(&opened, "xl/comments2.xml", "C2"),
		"AMOUNT_LIMIT: is above the limit. Split it.\nAMOUNT_ODD: is odd.");
	assert_string_equal(note_of(&opened, "xl/comments2.xml", "D2"), "CURRENCY_ODD: isn't usual.");
	assert_string_equal(
		note_of(&opened, "xl/comments2.xml", "F4"), "FIELD_REQUIRED: =1+1 <is> \"empty\" & _x0001_. Fill it.");
	assert_string_equal(note_of(&opened, "xl/comments1.xml", "A1"), "of another sheet");
	xmlFreeDoc(opened_doc(&opened, "xl/drawings/vmlDrawing2.vml"));
	assert_int_equal(times(opened_part(&opened, "xl/drawings/vmlDrawing2.vml"), "<v:shape "), 3);
	assert_non_null(strstr(opened_part(&opened, "[Content_Types].xml"), "/xl/comments2.xml"));
	assert_non_null(
		strstr(opened_part(&opened, "xl/worksheets/_rels/sheet1.xml.rels"), "/xl/drawings/vmlDrawing2.vml"));
	assert_non_null(strstr(opened_part(&opened, SHEET), "<legacyDrawing "));
	opened_close(&opened);
}

static void notes_that_the_sheet_has_stay(void **state)
{
	const struct place *place = *state;
	struct opened opened;

	fill_book(place->input, &(struct filling){.noted = true});
	write_errors(place, place->input, place->output, all, COUNT(all), "", NULL);
	opened_open(&opened, place->output);
	assert_string_equal(note_of(&opened, "xl/comments1.xml", "C2"),
		"look at this one\npayrun: AMOUNT_LIMIT: is above the limit. Split it.\nAMOUNT_ODD: is odd.");
	assert_string_equal(note_of(&opened, "xl/comments1.xml", "A3"), "and this");
	assert_string_equal(note_of(&opened, "xl/comments1.xml", "D2"), "CURRENCY_ODD: isn't usual.");
	assert_null(opened_part(&opened, "xl/comments2.xml"));
	assert_int_equal(times(opened_part(&opened, "xl/drawings/vmlDrawing1.vml"), "<v:shape "), 4);
	assert_int_equal(times(opened_part(&opened, SHEET), "<legacyDrawing "), 1);
	opened_close(&opened);
}

static void with_more_notes_than_a_spreadsheet_bears_the_columns_remain(void **state)
{
	static struct finding many[10400];
	const struct place *place = *state;
	struct opened opened;
	char lacks[96];
	xmlDoc *sheet;

	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = (struct finding)FINDING((int64_t)i + 2, "amount", "AMOUNT_ODD", FINDING_ERROR, "is odd.", "");
	fill_book(place->input, &(struct filling){.rows = COUNT(many)});
	write_errors(place, place->input, place->output, many, COUNT(many), "", lacks);
	assert_string_equal(lacks, "notes in each row: there are too many");
	opened_open(&opened, place->output);
	assert_int_equal(times(opened_part(&opened, "xl/comments1.xml"), "<comment "), 10000);
	assert_non_null(strstr(opened_part(&opened, "xl/drawings/vmlDrawing1.vml"), "data=\"1,2,3,4,5,6,7,8,9,10\""));
	sheet = opened_doc(&opened, SHEET);
	assert_string_equal(opened_text(&opened, sheet, "K10401"), "is odd.");
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

/* --- handed back -------------------------------------------------------------------------------------------------- */

static void an_error_file_handed_back_gets_new_marks_for_old(void **state)
{
	static const struct filling table[] = {{0}, {.noted = true}};
	const struct place *place = *state;
	const struct finding one = FINDING(3, "currency", "CURRENCY_ODD", FINDING_ERROR, "isn't usual.", "");

	for (size_t i = 0; i < COUNT(table); i++) {
		struct opened before, after;
		xmlDoc *old, *new;

		fill_book(place->input, &table[i]);
		write_errors(place, place->input, place->output, all, COUNT(all), "R", NULL);
		write_errors(place, place->output, place->again, &one, 1, "", NULL);
		same_rows(place->input, place->again);
		opened_open(&before, place->input);
		opened_open(&after, place->again);
		old = opened_doc(&before, SHEET);
		new = opened_doc(&after, SHEET);
		assert_string_equal(opened_text(&after, new, "G1"), "payrun_row");
		assert_string_equal(opened_text(&after, new, "M1"), "");
		assert_string_equal(opened_text(&after, new, "K2"), "");
		assert_string_equal(opened_text(&after, new, "L2"), "");
		assert_string_equal(opened_text(&after, new, "K3"), "isn't usual.");
		assert_int_equal(
			opened_attribute(opened_cell(new, "C2"), "s"), opened_attribute(opened_cell(old, "C2"), "s"));
		assert_int_equal(opened_style(&after, new, "D2", "fillId"), 0);
		assert_int_not_equal(opened_style(&after, new, "D3", "fillId"), 0);
		assert_string_equal(note_of(&after, "xl/comments1.xml", "D3"), "CURRENCY_ODD: isn't usual.");
		assert_string_equal(note_of(&after, "xl/comments1.xml", "D2"), "");
		assert_string_equal(note_of(&after, "xl/comments1.xml", "F4"), "");
		assert_string_equal(
			note_of(&after, "xl/comments1.xml", "C2"), table[i].noted ? "look at this one" : "");
		assert_int_equal(
			times(opened_part(&after, "xl/drawings/vmlDrawing1.vml"), "<v:shape "), table[i].noted ? 3 : 1);
		assert_int_equal(times(opened_part(&after, SHEET), "<legacyDrawing "), 1);
		xmlFreeDoc(old);
		xmlFreeDoc(new);
		opened_close(&before);
		opened_close(&after);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		TEST(bad_cells_have_a_note_with_message_and_cure),
		TEST(notes_that_the_sheet_has_stay),
		TEST(with_more_notes_than_a_spreadsheet_bears_the_columns_remain),
		TEST(an_error_file_handed_back_gets_new_marks_for_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
