/* The NDJSON reader, and which of the formats a file is taken for. */
#include "tests/read_all.h"

static char *read_bytes(struct text bytes)
{
	return read_as(&reader_ndjson, (struct source){.bytes = bytes}, 0);
}

static void expect(const char *text, const char *expected)
{
	char *all = read_bytes(text_of(text));

	assert_string_equal(all, expected);
	free(all);
}

static void expect_part(const char *text, const char *part)
{
	char *all = read_bytes(text_of(text));

	if (strstr(all, part) == NULL)
		fail_msg("of %s\nnot found: %s\nin: %s", text, part, all);
	free(all);
}

static void reads_an_object_a_line(void **state)
{
	(void)state;
	expect("\xEF\xBB\xBF{\"amount\":\"1\"}\r\n\n \t\n {\"recipient\":{\"x\":\"y\"}} \n{\"amount\":2}",
		"row 1 line 1 amount=<1> raw=\"\xEF\xBB\xBF{\\\"amount\\\":\\\"1\\\"}\\r\\n\"\n"
		"row 2 line 4 recipient.x=<y> raw=\" {\\\"recipient\\\":{\\\"x\\\":\\\"y\\\"}} \\n\"\n"
		"row 3 line 5 amount=<2> raw=\"{\\\"amount\\\":2}\"\n"
		"end\n");
}

/* Whatever is wrong with a line, the next one is read. */
static const struct {
	const char *line, *told;
} lines[] = {
	{"x", "error JSON_SYNTAX row 2 line 2 [] text must stand in quotes (line 2, column 1)"},
	{"{\"amount\":\"1", "error JSON_SYNTAX row 2 line 2 [] a string is never closed (line 2, column 11)"},
	{"{\"amount\":\"1\"", "error JSON_SYNTAX row 2 line 2 [] the text ends too early (line 2, column 14)"},
	{"{\"amount\":\"1\"},",
		"error JSON_SYNTAX row 2 line 2 [] something follows the value on its line (line 2, column "
		"15)"},
	{"{\"amount\":\"1\"} {}", "error JSON_SYNTAX row 2 line 2 [] something follows the value"},
	{"}", "error JSON_SYNTAX row 2 line 2 []"},
	{"[1]", "error JSON_TYPE row 2 line 2 [] the element is an array; a payout is an object (line 2, column 1)"},
	{"null", "error JSON_TYPE row 2 line 2 [] the element is null"},
	{"{\"amount\":1,\"amount\":2}", "error JSON_DUPLICATE_KEY row 2 line 2 []"},
	{"{\"ccy\":1}", "error JSON_TYPE row 2 line 2 [currency] currency is a number (line 2, column 8)"},
	{"{\"a\":'x'}",
		"error JSON_SYNTAX row 2 line 2 [] this stands in no JSON outside of a string (line 2, column 6)"},
};

static void a_line_that_is_wrong_is_one_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct buf file = {0};

		buf_addf(&file, "{}\n%s\n{\"amount\":\"7\"}\n", lines[i].line);
		expect_part(buf_str(&file), lines[i].told);
		expect_part(buf_str(&file), "row 3 line 3 amount=<7>");
		expect_part(buf_str(&file), "\nend\n");
		buf_release(&file);
	}
}

static void names_are_told_once_behind_the_rows(void **state)
{
	(void)state;
	expect("{\"amout\":\"1\",\"x\":1}\n{\"amout\":\"2\",\"x\":2}\n",
		"row 1 line 1 raw=\"{\\\"amout\\\":\\\"1\\\",\\\"x\\\":1}\\n\"\n"
		"row 2 line 2 raw=\"{\\\"amout\\\":\\\"2\\\",\\\"x\\\":2}\\n\"\n"
		"error HEADER_UNKNOWN row 0 line 1 [amount] element 1 has a member amout: did you mean amount? | Write "
		"amount, or give a member that isn't meant for payrun another name.\n"
		"warning HEADER_UNKNOWN row 0 line 0 [] a member's name is not known to payrun and will not be used: x "
		"| If "
		"one of them is meant to be paid by, rename it; `payrun help columns` lists the names.\n"
		"end\n");
}

static void more_names_than_can_be_kept_refuse_the_file(void **state)
{
	struct buf file = {0};

	(void)state;
	buf_addz(&file, "{\"amount\":\"1\"");
	for (int i = 0; i < BOUND_COLUMNS; i++)
		buf_addf(&file, ",\"other %d\":1", i);
	buf_addz(&file, "}\n");
	expect_part(
		buf_str(&file), "error FIELD_TOO_LONG row 0 line 0 [] the elements have more than 512 different names");
	buf_release(&file);
}

static void what_is_no_ndjson_is_refused(void **state)
{
	(void)state;
	expect_part("", "error FILE_EMPTY row 0");
	expect_part(" \n\n", "error FILE_EMPTY row 0");
	expect_part("[{}]\n", "error JSON_SYNTAX row 0 line 1 [] line 1 is no payout of its own");
	expect_part("[\n{}\n]\n", "leave --format out or say --format json.\nrefused\n");
	expect_part("{\n\"amount\":\"1\"\n}\n", "leave --format out or say --format json.\nrefused\n");
	expect_part(
		"{}\n{\"a\":\"\xE4\"}\n", "error FILE_ENCODING row 0 line 2 [] line 2 isn't UTF-8: byte 7 of the line");
	expect_part("{\"channel\":\"x\",\"payouts\":[{}]}\n", "or say --format json.\n");
	expect_part("\xFF\xFE{", "this is no JSON file: it looks like UTF-16 text");
}

static void a_line_has_a_limit(void **state)
{
	struct buf file = {0};
	char *all;

	(void)state;
	buf_addz(&file, "{}\n{\"x\":\"");
	memset(buf_room(&file, 2 * BOUND_LINE_BYTES), 'y', 2 * BOUND_LINE_BYTES);
	file.len += 2 * BOUND_LINE_BYTES;
	buf_addz(&file, "\"}\n");
	all = read_bytes(buf_text(&file));
	assert_non_null(strstr(all, "error FIELD_TOO_LONG row 0 line 2 [] line 2 has more than 1048576 bytes"));
	free(all);
	buf_release(&file);
}

static void formats_are_known_by_their_content(void **state)
{
	static const struct {
		const char *head, *name;
	} heads[] = {
		{"", "csv"},
		{"reference,amount\n", "csv"},
		{"\"{\",amount\n", "csv"},
		{"<Document/>", "pain.001"},
		{"[", "json"},
		{"\xEF\xBB\xBF \r\n[{\"amount\"", "json"},
		{"{\"batch_id\":\"x\",\"pay", "json"},
		{"{\"channel\":\"x\",\"payouts\":[{}]}", "json"},
		{"{\"Pay outs\":[{}]}", "json"},
		{"{\n  \"amount\": \"1\"\n}", "json"},
		{"{\n", "json"},
		{"{}", "ndjson"},
		{"{\"amount\":\"1\"}", "ndjson"},
		{"{\"amount\":\"1\",\"x\":{\"payouts\":1}}\n{", "ndjson"},
		{"\n{\"amount\":\"1\",\"description\":\"a very long one that is cut", "ndjson"},
		{"{\"amount\":'1'}\n{\"amount\":\"2\"}", "ndjson"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (strcmp(reader_format_sniffed(text_of(heads[i].head))->name, heads[i].name) != 0)
			fail_msg("%s is taken for %s", heads[i].head,
				reader_format_sniffed(text_of(heads[i].head))->name);
	assert_ptr_equal(reader_format_named(TEXT("json")), &reader_json);
	assert_ptr_equal(reader_format_named(TEXT("ndjson")), &reader_ndjson);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_object_a_line),
		cmocka_unit_test(a_line_that_is_wrong_is_one_row),
		cmocka_unit_test(names_are_told_once_behind_the_rows),
		cmocka_unit_test(more_names_than_can_be_kept_refuse_the_file),
		cmocka_unit_test(what_is_no_ndjson_is_refused),
		cmocka_unit_test(a_line_has_a_limit),
		cmocka_unit_test(formats_are_known_by_their_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
