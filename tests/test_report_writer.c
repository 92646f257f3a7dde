#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "formats/reader.h"
#include "formats/report_writer.h"
#include "tests/support/opened.h"
#include "tests/support/reported.h"

static void reports_are_as_in_the_golden_folder(void **state)
{
	static const struct asked table[] = {
		{.golden = "hostile.csv", .format = &report_csv},
		{.golden = "hostile.raw.csv", .format = &report_csv, .raw = true},
		{.golden = "hostile.json", .format = &report_json},
		{.golden = "hostile.txt", .format = &report_text},
		{.golden = "all.json", .format = &report_json, .all = true, .filtered = true, .unbalanced = true},
		{.golden = "all.txt", .format = &report_text, .all = true, .filtered = true, .unbalanced = true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct buf bytes = reported_bytes(&table[i], REPORTED_SAMPLES);

		reported_golden(table[i].golden, &bytes);
		buf_release(&bytes);
	}
}

static void every_report_is_utf8(void **state)
{
	const struct report_format *formats[] = {&report_csv, &report_json, &report_text, &report_pain002};

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct buf bytes = reported_bytes(&(struct asked){.format = formats[i]}, REPORTED_SAMPLES);

		assert_true(text_utf8(buf_text(&bytes), NULL));
		buf_release(&bytes);
	}
}

/* Reads the next CSV cell as RFC 4180 has it; *last: the line ends behind it. */
static struct buf csv_cell(const struct buf *bytes, size_t *at, bool *last)
{
	struct buf cell = {0};

	if (bytes->data[*at] == '"') {
		for (++*at; bytes->data[*at] != '"' || bytes->data[*at + 1] == '"'; ++*at) {
			buf_addc(&cell, bytes->data[*at]);
			*at += bytes->data[*at] == '"';
		}
		++*at;
	} else {
		for (; strchr(",\r\n\"", bytes->data[*at]) == NULL; ++*at)
			buf_addc(&cell, bytes->data[*at]);
	}
	*last = bytes->data[*at] == '\r';
	if (*last)
		assert_int_equal(bytes->data[++*at], '\n');
	else
		assert_int_equal(bytes->data[*at], ',');
	++*at;
	return cell;
}

static void raw_csv_reads_back_as_it_was(void **state)
{
	struct buf bytes = reported_bytes(&(struct asked){.format = &report_csv, .raw = true}, REPORTED_SAMPLES);
	struct report_line line = {0};
	struct buf spare = {0};
	size_t at = 0;

	(void)state;
	at = (size_t)(strstr(bytes.data, "\r\n") - bytes.data) + 2;
	for (size_t i = 0; i < REPORTED_SAMPLES; i++) {
		reported_fill(&line, &reported_samples[i]);
		for (enum report_column column = 0; column < REPORT_COLUMNS; column++) {
			bool last;
			struct buf cell = csv_cell(&bytes, &at, &last);

			assert_true(text_equal(buf_text(&cell), report_utf8(&spare, line.cells[column])));
			assert_int_equal(last, column + 1 == REPORT_COLUMNS);
			buf_release(&cell);
		}
	}
	assert_int_equal(at, bytes.len);
	buf_release(&spare);
	buf_release(&bytes);
	report_line_release(&line);
}

/* --- a workbook --------------------------------------------------------------------------------------------------- */

static void open_report(struct opened *opened, const struct asked *asked, size_t count)
{
	struct buf bytes = reported_bytes(asked, count);
	const char *folder = getenv("TMPDIR");
	struct fault fault = {0};
	struct buf path = {0};

	buf_addf(&path, "%s/report.%ld.xlsx", folder != NULL ? folder : "/tmp", (long)getpid());
	assert_true(file_replace(path.data, buf_text(&bytes), false, &fault));
	opened_open(opened, path.data);
	unlink(path.data);
	buf_release(&path);
	buf_release(&bytes);
}

static void name_of_cell(char name[16], size_t column, size_t row)
{
	if (column < 26)
		snprintf(name, 16, "%c%zu", (char)('A' + column), row);
	else
		snprintf(name, 16, "A%c%zu", (char)('A' + column - 26), row);
}

static void a_workbook_has_each_cell_as_it_is_and_never_a_formula(void **state)
{
	struct report_line line = {0};
	struct buf spare = {0};
	struct opened opened;
	xmlDoc *sheet;
	char name[16];

	(void)state;
	open_report(&opened, &(struct asked){.format = &report_xlsx, .raw = true}, REPORTED_SAMPLES);
	sheet = opened_doc(&opened, "xl/worksheets/sheet1.xml");
	for (size_t i = 0; i < REPORTED_SAMPLES; i++) {
		reported_fill(&line, &reported_samples[i]);
		for (enum report_column column = 0; column < REPORT_COLUMNS; column++) {
			const char *text;

			name_of_cell(name, column, i + 2);
			text = opened_text(&opened, sheet, name);
			if (text[0] == '\0')
				text = opened_number(&opened, sheet, name);
			assert_true(text_is(report_utf8(&spare, line.cells[column]), text));
		}
	}
	/* What can be added up is a number; what names something is text. */
	assert_string_equal(opened_number(&opened, sheet, "B2"), "2");
	assert_string_equal(opened_number(&opened, sheet, "H2"), "12.50");
	assert_string_equal(opened_text(&opened, sheet, "H2"), "");
	assert_string_equal(opened_text(&opened, sheet, "C4"), reported_samples[2].reference);
	assert_string_equal(opened_text(&opened, sheet, "T4"), "=1+1");
	xmlFreeDoc(sheet);
	buf_release(&spare);
	report_line_release(&line);
	opened_close(&opened);
}

static void a_workbook_turns_no_text_around_unless_it_is_raw(void **state)
{
	struct opened opened;
	const char *sheet;

	(void)state;
	for (int raw = 0; raw < 2; raw++) {
		open_report(&opened, &(struct asked){.format = &report_xlsx, .raw = raw == 1}, REPORTED_SAMPLES);
		sheet = opened_part(&opened, "xl/worksheets/sheet1.xml");
		assert_int_equal(strstr(sheet, "\xE2\x80\xAE") != NULL, raw == 1);
		assert_int_equal(strstr(sheet, "\\u{202e}") != NULL, raw == 0);
		assert_int_equal(strstr(sheet, "_x001B_") != NULL, raw == 1);
		opened_close(&opened);
	}
}

/* A number has no zeros at its end when a spreadsheet gives it back. */
static struct text without_zeros(struct text number)
{
	if (number.len == 0 || memchr(number.ptr, '.', number.len) == NULL)
		return number;
	while (number.ptr[number.len - 1] == '0')
		number.len--;
	if (number.ptr[number.len - 1] == '.')
		number.len--;
	return number;
}

/* By the reader of payout files: the first sheet's columns have the same names. */
static void a_workbook_is_read_back_as_it_was(void **state)
{
	static struct findings found;
	struct buf bytes = reported_bytes(&(struct asked){.format = &report_xlsx, .raw = true}, REPORTED_SAMPLES);
	const char *folder = getenv("TMPDIR");
	struct report_line line = {0};
	struct buf path = {0}, spare = {0};
	struct arena arena = {0};
	struct fault fault = {0};
	struct source *source;
	struct reader *reader;
	struct row row;

	(void)state;
	buf_addf(&path, "%s/report.%ld.xlsx", folder != NULL ? folder : "/tmp", (long)getpid());
	assert_true(file_replace(path.data, buf_text(&bytes), false, &fault));
	source = source_open(path.data, &fault);
	assert_non_null(source);
	reader = reader_xlsx.open(source, &(struct reader_options){0}, &fault);
	assert_non_null(reader);
	for (size_t i = 0; i < REPORTED_SAMPLES; i++) {
		findings_begin(&found, &arena, 0, 0);
		assert_int_equal(reader_xlsx.next(reader, &row, &found, &fault), READER_ROW);
		assert_int_equal(found.errors, 0);
		reported_fill(&line, &reported_samples[i]);
		assert_true(text_equal(
			row.cells[COLUMN_REFERENCE], text_trim(report_utf8(&spare, line.cells[REPORT_REFERENCE]))));
		assert_true(text_equal(row.cells[COLUMN_BENEFICIARY_NAME],
			text_trim(report_utf8(&spare, line.cells[REPORT_BENEFICIARY_NAME]))));
		assert_true(
			text_equal(without_zeros(row.cells[COLUMN_AMOUNT]), without_zeros(line.cells[REPORT_AMOUNT])));
		assert_true(text_equal(row.cells[COLUMN_CURRENCY], line.cells[REPORT_CURRENCY]));
	}
	assert_int_equal(reader_xlsx.next(reader, &row, &found, &fault), READER_END);
	reader_xlsx.close(reader);
	source_close(source);
	unlink(path.data);
	buf_release(&path);
	buf_release(&spare);
	buf_release(&bytes);
	report_line_release(&line);
	arena_release(&arena);
}

static void a_workbook_has_the_sums_and_the_batches_too(void **state)
{
	struct opened opened;
	xmlDoc *sheet;

	(void)state;
	open_report(
		&opened, &(struct asked){.format = &report_xlsx, .all = true, .filtered = true, .unbalanced = true}, 0);
	assert_non_null(strstr(opened_part(&opened, "xl/workbook.xml"), "name=\"totals\""));
	sheet = opened_doc(&opened, "xl/worksheets/sheet2.xml");
	assert_string_equal(opened_text(&opened, sheet, "A2"), "received");
	assert_string_equal(opened_text(&opened, sheet, "B2"), "EUR");
	assert_string_equal(opened_number(&opened, sheet, "D2"), "3");
	assert_string_equal(opened_number(&opened, sheet, "E2"), "11.00");
	assert_string_equal(opened_text(&opened, sheet, "A4"), "now");
	assert_string_equal(opened_text(&opened, sheet, "C4"), "paid");
	assert_string_equal(opened_number(&opened, sheet, "E6"), "5");
	assert_string_equal(opened_text(&opened, sheet, "A7"), "listed");
	assert_string_equal(opened_text(&opened, sheet, "A10"), "balanced");
	assert_string_equal(opened_text(&opened, sheet, "B10"), "no");
	assert_string_equal(opened_text(&opened, sheet, "B11"), "ab");
	xmlFreeDoc(sheet);
	sheet = opened_doc(&opened, "xl/worksheets/sheet3.xml");
	assert_string_equal(opened_text(&opened, sheet, "A2"), "20261120-0f4867");
	assert_string_equal(opened_text(&opened, sheet, "B2"), "november\\x1b, \"last\".csv");
	assert_string_equal(opened_text(&opened, sheet, "A3"), "b2");
	assert_null(opened_cell(sheet, "A4"));
	xmlFreeDoc(sheet);
	opened_close(&opened);
}

static bool is_number(const char *text)
{
	return report_number(text_of(text));
}

/* Whatever comes first in a cell, plain or quoted, a spreadsheet must take it for text or for a number. */
static void no_cell_starts_a_formula(void **state)
{
	static const char *const starts[] = {
		"=", "+", "-", "@", "\t", "\r", "\n", "\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"};
	struct buf bytes = reported_bytes(&(struct asked){.format = &report_csv}, REPORTED_SAMPLES);
	size_t at = 0;

	(void)state;
	while (at < bytes.len) {
		bool last;
		struct buf cell = csv_cell(&bytes, &at, &last);

		for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
			assert_false(!is_number(buf_str(&cell)) && text_starts(buf_text(&cell), text_of(starts[i])));
		buf_release(&cell);
	}
	buf_release(&bytes);
}

/* Every special byte at every place of a word, and around its borders. */
static void specials_are_found_wherever_they_stand(void **state)
{
	static const char specials[] = {'"', ',', '\r', '\n'};
	struct report_head head = {.balanced = true, .head = ""};
	struct report_line line = {0};
	struct report_writer writer;
	struct fault fault = {0};
	struct file_out out;

	(void)state;
	assert_true(file_create(&out, "/dev/null", &fault));
	report_writer_begin(&writer, &report_csv, &out, &head, false);
	for (size_t len = 1; len < 40; len++) {
		for (size_t place = 0; place < len; place++) {
			for (size_t i = 0; i < sizeof(specials); i++) {
				char text[40];

				memset(text, 'x', sizeof(text));
				text[place] = specials[i];
				report_line_begin(&line);
				line.cells[REPORT_REFERENCE] = (struct text){text, len};
				report_writer_line(&writer, &line);
				assert_int_equal(writer.line.data[2], '"');
			}
		}
	}
	report_writer_release(&writer);
	report_line_release(&line);
	file_abandon(&out);
}

static void json_is_one_document_with_the_members_of_the_contract(void **state)
{
	struct buf bytes = reported_bytes(&(struct asked){.format = &report_json}, REPORTED_SAMPLES);
	json_error_t error;
	json_t *root = json_loadb(bytes.data, bytes.len, JSON_REJECT_DUPLICATES, &error);
	json_t *payouts = json_object_get(root, "payouts");
	json_t *payout;
	size_t index;

	(void)state;
	assert_non_null(root);
	assert_int_equal(json_object_size(root), 5);
	assert_int_equal(json_object_size(json_object_get(root, "batch")), 7);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "batch"), "rows")), 12);
	assert_true(json_is_true(json_object_get(json_object_get(root, "batch"), "control")));
	assert_int_equal(json_array_size(json_object_get(root, "totals")), 3);
	assert_true(json_is_true(json_object_get(root, "balanced")));
	assert_string_equal(json_string_value(json_object_get(root, "head")), "ab");
	assert_int_equal(json_array_size(payouts), REPORTED_SAMPLES);
	json_array_foreach(payouts, index, payout)
	{
		assert_int_equal(json_object_size(payout), REPORT_COLUMNS);
		assert_int_equal(json_integer_value(json_object_get(payout, "row")),
			strtol(reported_samples[index].row, NULL, 10));
		assert_string_equal(
			json_string_value(json_object_get(payout, "amount")), reported_samples[index].amount);
		assert_string_equal(json_string_value(json_object_get(payout, "state")), reported_samples[index].state);
	}
	json_decref(root);
	buf_release(&bytes);
}

static void json_of_no_payouts_is_a_document_too(void **state)
{
	struct buf bytes = reported_bytes(&(struct asked){.format = &report_json, .all = true}, 0);
	json_error_t error;
	json_t *root = json_loadb(bytes.data, bytes.len, JSON_REJECT_DUPLICATES, &error);

	(void)state;
	assert_non_null(root);
	assert_true(json_is_null(json_object_get(root, "batch")));
	assert_int_equal(json_array_size(json_object_get(root, "batches")), 2);
	assert_int_equal(json_array_size(json_object_get(root, "payouts")), 0);
	json_decref(root);
	buf_release(&bytes);
}

/* A terminal obeys control characters; none but the line's end may reach it. */
static void text_has_nothing_that_a_terminal_obeys(void **state)
{
	struct buf bytes = reported_bytes(&(struct asked){.format = &report_text, .all = true}, REPORTED_SAMPLES);
	size_t offset = 0;
	int32_t point;

	(void)state;
	while ((point = text_next(buf_text(&bytes), &offset)) >= 0)
		assert_true(point == '\n' || !text_point_hidden(point));
	buf_release(&bytes);
}

static int lines_with(const struct buf *bytes, const char *part)
{
	int count = 0;

	for (const char *at = buf_str(bytes); (at = strstr(at, part)) != NULL; at++)
		count++;
	return count;
}

static void a_long_text_report_streams_and_has_its_titles_once(void **state)
{
	struct buf bytes = reported_bytes(&(struct asked){.format = &report_text}, 250 * REPORTED_SAMPLES);

	(void)state;
	assert_int_equal(lines_with(&bytes, "REFERENCE"), 1);
	assert_int_equal(lines_with(&bytes, "INV-2026-0001"), 250);
	assert_int_equal(lines_with(&bytes, "ends with ,"), 250);
	buf_release(&bytes);
}

static void formats_are_found_by_name_and_by_ending(void **state)
{
	(void)state;
	assert_ptr_equal(report_format_named(TEXT("csv")), &report_csv);
	assert_ptr_equal(report_format_named(TEXT("json")), &report_json);
	assert_ptr_equal(report_format_named(TEXT("text")), &report_text);
	assert_null(report_format_named(TEXT("CSV")));
	assert_null(report_format_named(TEXT("html")));
	assert_ptr_equal(report_format_ending(TEXT("a/b.CSV")), &report_csv);
	assert_ptr_equal(report_format_ending(TEXT("b.json")), &report_json);
	assert_ptr_equal(report_format_ending(TEXT("b.txt")), &report_text);
	assert_null(report_format_ending(TEXT("csv")));
	assert_null(report_format_ending(TEXT("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_as_in_the_golden_folder),
		cmocka_unit_test(every_report_is_utf8),
		cmocka_unit_test(raw_csv_reads_back_as_it_was),
		cmocka_unit_test(a_workbook_has_each_cell_as_it_is_and_never_a_formula),
		cmocka_unit_test(a_workbook_turns_no_text_around_unless_it_is_raw),
		cmocka_unit_test(a_workbook_is_read_back_as_it_was),
		cmocka_unit_test(a_workbook_has_the_sums_and_the_batches_too),
		cmocka_unit_test(no_cell_starts_a_formula),
		cmocka_unit_test(specials_are_found_wherever_they_stand),
		cmocka_unit_test(json_is_one_document_with_the_members_of_the_contract),
		cmocka_unit_test(json_of_no_payouts_is_a_document_too),
		cmocka_unit_test(text_has_nothing_that_a_terminal_obeys),
		cmocka_unit_test(a_long_text_report_streams_and_has_its_titles_once),
		cmocka_unit_test(formats_are_found_by_name_and_by_ending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
