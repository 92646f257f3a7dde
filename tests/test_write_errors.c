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
#include "formats/cell.h"
#include "formats/reader.h"
#include "formats/write_errors.h"

#define OWN ",payrun_row,payrun_severity,payrun_field,payrun_code,payrun_message,payrun_reference"

struct place {
	char *folder, *input, *output;
};

static int make_place(void **state)
{
	struct place *place = calloc(1, sizeof(*place));
	const char *above = getenv("TMPDIR");
	struct buf pattern = {0};

	buf_addf(&pattern, "%s/errors.XXXXXX", above != NULL ? above : "/tmp");
	place->folder = memory_string(mkdtemp(pattern.data));
	place->input = file_join(place->folder, "in.csv");
	place->output = file_join(place->folder, "in.errors.csv");
	buf_release(&pattern);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;

	unlink(place->input);
	unlink(place->output);
	rmdir(place->folder);
	free(place->folder);
	free(place->input);
	free(place->output);
	free(place);
	return 0;
}

static const struct finding two[] = {
	{2, 2, "amount", "AMOUNT_SYNTAX", FINDING_ERROR, "\"1,5\" is no amount", "Write 1.50.", NULL},
	{2, 2, "email", "FIELD_NOT_SENT", FINDING_WARNING, "isn't sent.", "", NULL},
};

/* Row 3 has the findings, the others none. */
static void write_file(const struct place *place, struct text header, const struct text *rows, size_t count,
	char delimiter, const char *reference)
{
	struct dialect dialect = {.delimiter = delimiter};
	struct error_writer writer;
	struct fault fault = {0};

	assert_true(error_writer_begin(&writer, place->output, header, &dialect, &fault));
	for (size_t i = 0; i < count; i++)
		error_writer_row(&writer, rows[i], (int64_t)i + 2, two, i == 1 ? 2 : 0, text_of(reference));
	assert_true(error_writer_commit(&writer, &fault));
}

static char *written(const struct place *place)
{
	struct fault fault = {0};
	struct buf bytes = {0};

	assert_true(file_read(place->output, 1 << 20, &bytes, NULL, &fault));
	return bytes.data;
}

static void expect(const struct place *place, const char *expected)
{
	char *bytes = written(place);

	assert_string_equal(bytes, expected);
	free(bytes);
}

static void the_users_bytes_stay_as_they_are(void **state)
{
	const struct text rows[] = {
		TEXT("A1, 1 ,\"x\"\r\n"), TEXT("B2,\"1,5\",\"two\r\nlines\"\r\n"), TEXT("C3,3,no end of line")};

	write_file(*state, TEXT("\xEF\xBB\xBFreference,amount,\"a, b\"\r\n"), rows, 3, ',', "");
	expect(*state, "\xEF\xBB\xBFreference,amount,\"a, b\"" OWN "\r\n"
		       "A1, 1 ,\"x\",2,,,,,\r\n"
		       "B2,\"1,5\",\"two\r\nlines\",3,error | warning,amount | email,AMOUNT_SYNTAX | FIELD_NOT_SENT,"
		       "\"\"\"1,5\"\" is no amount. Write 1.50. | isn't sent.\",\r\n"
		       "C3,3,no end of line,4,,,,,");
}

static void the_file_is_the_owners_alone(void **state)
{
	const struct place *place = *state;
	const struct text rows[] = {TEXT("1\n")};
	struct stat stat_now;

	write_file(place, TEXT("amount\n"), rows, 1, ',', "");
	assert_int_equal(stat(place->output, &stat_now), 0);
	assert_int_equal(stat_now.st_mode & 0777, 0600);
}

static void other_delimiters_and_line_ends_stay(void **state)
{
	const struct text rows[] = {TEXT("1;a\r"), TEXT("2;b\r")};

	write_file(*state, TEXT("amount;note\r"), rows, 2, ';', "B/2");
	expect(*state,
		"amount;note;payrun_row;payrun_severity;payrun_field;payrun_code;payrun_message;payrun_reference\r"
		"1;a;2;;;;;B/2\r"
		"2;b;3;error | warning;amount | email;AMOUNT_SYNTAX | FIELD_NOT_SENT;"
		"\"\"\"1,5\"\" is no amount. Write 1.50. | isn't sent.\";B/2\r");
}

static void nothing_of_ours_runs_as_a_formula(void **state)
{
	const struct text rows[] = {TEXT("=1+1\n")};

	write_file(*state, TEXT("amount\n"), rows, 1, ',', "-b/1");
	expect(*state, "amount" OWN "\n=1+1,2,,,,,'-b/1\n");
}

static void an_error_file_handed_back_gets_new_columns_for_old(void **state)
{
	const struct text rows[] = {
		TEXT("A1,1,2,,,,,\n"),
		TEXT("B2,\"1,5\",3,error,amount,AMOUNT_SYNTAX,\"a, \"\"b\"\"\",X\n"),
		TEXT("C3,4,error,,CSV_FIELD_COUNT,text,\n"), /* a short row and its six */
		TEXT("D4,4\n"),                              /* a row that somebody added without them */
		TEXT("E5\n"),
		TEXT("F6,1,2,3,4,5,not a number,b,c,d,e,f\n"),
	};

	write_file(*state, TEXT("reference,amount" OWN "\n"), rows, 6, ',', "");
	expect(*state, "reference,amount" OWN "\n"
		       "A1,1,2,,,,,\n"
		       "B2,\"1,5\",3,error | warning,amount | email,AMOUNT_SYNTAX | FIELD_NOT_SENT,"
		       "\"\"\"1,5\"\" is no amount. Write 1.50. | isn't sent.\",\n"
		       "C3,4,,,,,\n"
		       "D4,4,5,,,,,\n"
		       "E5,6,,,,,\n"
		       "F6,1,2,3,4,5,not a number,b,c,d,e,f,7,,,,,\n");
}

static void own_columns_in_another_place_are_kept(void **state)
{
	const struct text rows[] = {TEXT("1,2,,,,,,A\n")};

	write_file(*state, TEXT("amount" OWN ",reference\n"), rows, 1, ',', "");
	expect(*state, "amount" OWN ",reference" OWN "\n1,2,,,,,,A,2,,,,,\n");
}

/* --- back through the reader -------------------------------------------------------------------------------------- */

static const char *const references[] = {"A1", "-b/0f4867adfbc83bf5/1", "'-x", "''=x", "'t Hart", "=1", "@a", "+1",
	"\xEF\xBC\x9Dx", "a,b", "say \"hi\"", "'", "\303\234berweisung-7"};

static void a_reference_comes_back_as_it_was(void **state)
{
	const struct place *place = *state;
	const struct text rows[] = {TEXT("5\n")};

	for (size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
		static struct findings findings;
		struct reader_options options = {0};
		struct arena arena = {0};
		struct fault fault = {0};
		struct row row = {0};
		struct source *source;
		struct reader *reader;

		write_file(place, TEXT("amount\n"), rows, 1, ',', references[i]);
		source = source_open(place->output, &fault);
		assert_non_null(source);
		reader = reader_csv.open(source, &options, &fault);
		assert_non_null(reader);
		findings_begin(&findings, &arena, 0, 0);
		assert_int_equal(reader_csv.next(reader, &row, &findings, &fault), READER_ROW);
		assert_int_equal(findings.count, 0);
		assert_true(text_is(row.own_reference, references[i]));
		reader_csv.close(reader);
		source_close(source);
		arena_release(&arena);
	}
}

static void what_a_spreadsheet_would_run_is_known(void **state)
{
	static const struct {
		const char *text;
		bool runs;
	} table[] = {{"=1", true}, {"+1", true}, {"-1", true}, {"@x", true}, {"\tx", true}, {"\rx", true},
		{"\nx", true}, {"\357\274\2131", true}, {"\357\274\2151", true}, {"\xEF\xBC\xA0x", true}, {"'=1", true},
		{"", false}, {"'", false}, {"1-1", false}, {" x", false}, {"'t", false}, {"\xEF\xBC\x91", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(cell_runs(text_of(table[i].text)), table[i].runs);
}

static void a_folder_that_is_missing_is_told(void **state)
{
	struct dialect dialect = {.delimiter = ','};
	struct error_writer writer;
	struct fault fault = {0};

	(void)state;
	assert_false(error_writer_begin(&writer, "/nowhere/at/all.csv", TEXT("amount\n"), &dialect, &fault));
	assert_string_equal(fault.code, "OUTPUT_FAILED");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_users_bytes_stay_as_they_are, make_place, remove_place),
		cmocka_unit_test_setup_teardown(the_file_is_the_owners_alone, make_place, remove_place),
		cmocka_unit_test_setup_teardown(other_delimiters_and_line_ends_stay, make_place, remove_place),
		cmocka_unit_test_setup_teardown(nothing_of_ours_runs_as_a_formula, make_place, remove_place),
		cmocka_unit_test_setup_teardown(
			an_error_file_handed_back_gets_new_columns_for_old, make_place, remove_place),
		cmocka_unit_test_setup_teardown(own_columns_in_another_place_are_kept, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_reference_comes_back_as_it_was, make_place, remove_place),
		cmocka_unit_test(what_a_spreadsheet_would_run_is_known),
		cmocka_unit_test(a_folder_that_is_missing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
