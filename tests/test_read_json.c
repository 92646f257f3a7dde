/* The JSON reader: documents, elements, members, and what is wrong with them. */
#include "tests/read_all.h"

static char *read_bytes(struct text bytes)
{
	return read_as(&reader_json, (struct source){.bytes = bytes}, 0);
}

static void expect(const char *text, const char *expected)
{
	char *all = read_bytes(text_of(text));

	assert_string_equal(all, expected);
	free(all);
}

static void expect_part(struct text bytes, const char *part)
{
	char *all = read_bytes(bytes);

	if (strstr(all, part) == NULL)
		fail_msg("of %.*s\nnot found: %s\nin: %s", (int)bytes.len, bytes.ptr, part, all);
	free(all);
}

static void reads_an_array_of_objects(void **state)
{
	(void)state;
	expect("[{\"Reference\":\" A1 \",\"payment amount\":\"12.50\",\"CCY\":\"EUR\",\"payrun_row\":7},\n"
	       " {\"amount\":\"3\",\"recipient\":{\"IFSC\":\"HDFC0000001\"},\"payrun_reference\":\"B/1\"}]\n",
		"row 1 line 1 reference=<A1> amount=<12.50> currency=<EUR> raw=\"{\\\"Reference\\\":\\\" A1 "
		"\\\",\\\"payment amount\\\":\\\"12.50\\\",\\\"CCY\\\":\\\"EUR\\\",\\\"payrun_row\\\":7}\"\n"
		"row 2 line 2 amount=<3> recipient.ifsc=<HDFC0000001> own=<B/1> "
		"raw=\"{\\\"amount\\\":\\\"3\\\",\\\"recipient\\\":{\\\"IFSC\\\":\\\"HDFC0000001\\\"},"
		"\\\"payrun_reference\\\":\\\"B/1\\\"}\"\n"
		"end\n");
}

static void reads_the_payouts_of_an_object(void **state)
{
	(void)state;
	expect("\xEF\xBB\xBF{\"batch_id\": \"B\", \"channel\": null,\r\n\"control\": {\"count\": 1}, \"PAYOUTS\" : "
	       "[\r\n"
	       "{\"amount\":\"1\"}\r\n]\r\n}\r\n",
		"row 1 line 3 amount=<1> raw=\"{\\\"amount\\\":\\\"1\\\"}\"\nend\n");
}

static void escapes_are_decoded_and_null_is_empty(void **state)
{
	(void)state;
	expect("[{\"name\":\"\\u00e4\\ud83d\\ude00\\\"\\/\\t\",\"\\u0061mount\":\"1\",\"iban\":null,\"city\":\"\"}]",
		"row 1 line 1 amount=<1> beneficiary_name=<ä😀\"/> "
		"raw=\"{\\\"name\\\":\\\"\\\\u00e4\\\\ud83d\\\\ude00\\\\\\\"\\\\/"
		"\\\\t\\\",\\\"\\\\u0061mount\\\":\\\"1\\\","
		"\\\"iban\\\":null,\\\"city\\\":\\\"\\\"}\"\nend\n");
}

static void lines_are_physical_ones(void **state)
{
	(void)state;
	expect("[\r\n\r{\"amount\":\"1\"},\n\n{\n\"amount\"\n:\"2\"}]",
		"row 1 line 3 amount=<1> raw=\"{\\\"amount\\\":\\\"1\\\"}\"\n"
		"row 2 line 5 amount=<2> raw=\"{\\n\\\"amount\\\"\\n:\\\"2\\\"}\"\nend\n");
}

/* A member of the only element, and what it is read as. */
static const struct {
	const char *member, *read;
} members[] = {
	{"\"amount\":12.50", "amount=<12.5> "},
	{"\"amount\":1e2", "amount=<100> "},
	{"\"amount\":100.0", "amount=<100> "},
	{"\"amount\":1.5E+3", "amount=<1500> "},
	{"\"amount\":15e-1", "amount=<1.5> "},
	{"\"amount\":5e-3", "amount=<0.005> "},
	{"\"amount\":0.10", "amount=<0.1> "},
	{"\"amount\":-3", "amount=<-3> "},
	{"\"amount\":-0", "amount=<-0> "},
	{"\"amount\":0.000", "amount=<0> "},
	{"\"amount\":123456789012345", "amount=<123456789012345> "},
	{"\"amount\":1234567890123.45", "amount=<1234567890123.45> "},
	{"\"amount\":1200000000000000000", "amount=<1200000000000000000> "},
	{"\"amount\":1234567890123456", "error AMOUNT_SYNTAX row 1 line 1 [amount] the number 1234567890123456 is none "
					"that every program keeps "
					"exactly: at most 15 digits are sure (line 1, column 12) | Write it as text in "
					"quotes: \"amount\": \"12.50\".\n"},
	{"\"amount\":9007199254740993", "error AMOUNT_SYNTAX row 1 line 1 [amount]"},
	{"\"amount\":0.30000000000000004", "error AMOUNT_SYNTAX row 1 line 1 [amount]"},
	{"\"amount\":1e400", "error AMOUNT_SYNTAX row 1 line 1 [amount]"},
	{"\"amount\":1e-400", "error AMOUNT_SYNTAX row 1 line 1 [amount]"},
	{"\"amount\":1e99999999999999999999999", "error AMOUNT_SYNTAX row 1 line 1 [amount]"},
	{"\"amount\":\"1e2\"", "amount=<1e2> "},
	{"\"amount\":\"12.50\"", "amount=<12.50> "},
	{"\"amount\":true", "error JSON_TYPE row 1 line 1 [amount] amount is true or false (line 1, column 12) | "},
	{"\"amount\":{\"value\":\"1\"}",
		"error JSON_TYPE row 1 line 1 [amount] amount is an object (line 1, column 12)"},
	{"\"x\":1,\"ccy\":[\"EUR\"]",
		"error JSON_TYPE row 1 line 1 [currency] currency is an array (line 1, column 15)"},
	{"\"iban\":5", "error JSON_TYPE row 1 line 1 [iban] iban is a number (line 1, column 10)"},
	{"\"recipient\":\"x\"", "error JSON_TYPE row 1 line 1 [recipient] recipient is text (line 1, column 15)"},
	{"\"recipient\":null", "row 1 line 1 raw="},
	{"\"recipient\":{\"a\":\"x\",\"b\":[]}",
		"error JSON_TYPE row 1 line 1 [recipient.b] recipient.b is an array (line 1, column 28)"},
	{"\"recipient\":{\"a\":\"x\"},\"recipient.A\":\"y\"", "error HEADER_DUPLICATE row 1 line 1 [recipient.a] the "
							      "members recipient.a and recipient.A mean the same"},
	{"\"amount\":\"1\",\"payment_amount\":\"1\"", "error HEADER_DUPLICATE row 1 line 1 [amount] the members amount "
						      "and payment_amount mean the same (line 1, "
						      "column 33) | Keep the one that is meant.\n"},
	{"\"amount\":\"1\",\"amount\":\"1\"",
		"error JSON_DUPLICATE_KEY row 1 line 1 [] the object has this name twice (line 1, column 16) | "},
	{"\"x\":12,\"amount\":\"1\",\"\\u0061mount\":2",
		"error JSON_DUPLICATE_KEY row 1 line 1 [] the object has this name twice (line 1, column 23) | "},
	{"\"x\":{\"a\":1,\"a\":2}",
		"error JSON_DUPLICATE_KEY row 1 line 1 [] the object has this name twice (line 1, column 14) | "},
	{"\"city\":\"\\ud800\"", "error FIELD_CHARACTERS row 1 line 1 [] half of a surrogate pair"},
	{"\"city\":\"\\udc00\\ud800\"", "error FIELD_CHARACTERS row 1 line 1 [] half of a surrogate pair"},
	{"\"city\":\"\\u0000\"", "error FIELD_CHARACTERS row 1 line 1 [] the string holds a NUL character"},
	{"\"ci\\u0000ty\":\"\"", "error FIELD_CHARACTERS row 1 line 1 [] the string holds a NUL character"},
	{"\"city\":\"\\u00001\"", "error FIELD_CHARACTERS row 1 line 1 [] the string holds a NUL character"},
	{"\"amout\":\"1\"",
		"error HEADER_UNKNOWN row 0 line 1 [amount] element 1 has a member amout: did you mean amount?"},
	{"\"account\":\"1\"", "error HEADER_MEANING row 0 line 1 [] element 1 has a member account,"},
	{"\"x\":[true],\"y\":{\"z\":null}", "warning HEADER_UNKNOWN row 0 line 0 [] members' names are not known to "
					    "payrun and will not be used: x, "
					    "y | "},
};

static void members_lead_to_columns_by_name_and_type(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		struct buf document = {0};

		buf_addf(&document, "[{%s}]", members[i].member);
		expect_part(buf_text(&document), members[i].read);
		buf_release(&document);
	}
}

/* The element is wrong, and the next one is read. */
static const char *const broken[] = {
	"1",
	"\"x\"",
	"null",
	"[]",
	"[{}]",
	"{\"amount\":1,}",
	"{,}",
	"{\"amount\"}",
	"{\"amount\":}",
	"{\"amount\" 1}",
	"{\"amount\":01}",
	"{\"amount\":1.}",
	"{\"amount\":.5}",
	"{\"amount\":+5}",
	"{\"amount\":1 \"x\":2}",
	"{\"amount\":\"\\x\"}",
	"{\"amount\":\"\\u12g4\"}",
	"{\"amount\":\"\t\"}",
	"{1:2}",
	"{\"a\":1:2}",
	"[1,,2]",
	"[1,]",
};

static void what_follows_an_element_that_is_wrong_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		struct buf document = {0};
		char *all;

		buf_addf(&document, "[%s, {\"amount\":\"7\"}]", broken[i]);
		all = read_bytes(buf_text(&document));
		if (strstr(all, " row 1 line 1 [") == NULL || strstr(all, "row 2 line 1 amount=<7>") == NULL ||
			strstr(all, "\nend\n") == NULL)
			fail_msg("%s: %s", broken[i], all);
		free(all);
		buf_release(&document);
	}
}

/* Nothing more can be read: what is told, and where. */
static const struct {
	const char *document, *told;
} refused[] = {
	{"", "error FILE_EMPTY row 0 line 0 [] the file is empty"},
	{" \n", "error FILE_EMPTY row 0 line 0 [] the file is empty"},
	{"[ ]", "error FILE_EMPTY row 0 line 0 [] the array of payouts has no elements"},
	{"{\"payouts\":[]}", "error FILE_EMPTY row 0"},
	{"7", "error JSON_TYPE row 0 line 1 [] the document is a number"},
	{"{\"amount\":\"1\"}",
		"error HEADER_MISSING row 0 line 1 [] the document is an object without a member payouts"},
	{"{\"payouts\":{}}", "error JSON_TYPE row 0 line 1 [] payouts is no array"},
	{"{\"payouts\":[{}],\"channel\":\"x\"}", "error JSON_TYPE row 0 line 1 [] line 1, column 16: a member follows"},
	{"{\"payouts\":[{}]", "error JSON_SYNTAX row 0 line 1 [] line 1, column 16: the file ends before"},
	{"{\"channel\" \"x\",\"payouts\":[{}]}",
		"error JSON_SYNTAX row 0 line 1 [] line 1, column 12: a colon is missing"},
	{"{\"amount\":1}\n{\"amount\":2}", "say --format ndjson"},
	{"reference,amount\nA,1\n",
		"error JSON_SYNTAX row 0 line 1 [] line 1, column 1: text must stand in quotes | If "
		"the file is no JSON, leave --format out"},
	{"[{}", "error JSON_SYNTAX row 0 line 1 [] line 1, column 4: the file ends before the document does"},
	{"[{},\n{\"amount\":\"1", "error JSON_SYNTAX row 0 line 2 [] line 2, column 11: a string is never closed"},
	{"[{},\n{\"amount\":\"1\n\"}]",
		"error JSON_SYNTAX row 0 line 2 [] line 2, column 11: a string is not closed on its"},
	{"[{}\n{}]", "error JSON_SYNTAX row 0 line 2 [] line 2, column 1: a comma or ] is missing before this"},
	{"[{},]", "error JSON_SYNTAX row 0 line 1 [] line 1, column 5: a comma stands before this"},
	{"[{}]x", "error JSON_SYNTAX row 0 line 1 [] line 1, column 5: something follows the end"},
	{"[{}],", "error JSON_SYNTAX row 0 line 1 [] line 1, column 5: something follows the end"},
	{"[{\"é\":'1'}]", "error JSON_SYNTAX row 0 line 1 [] line 1, column 7: this stands in no JSON"},
	{"[{\"a\":NaN}]", "error JSON_SYNTAX row 0 line 1 [] line 1, column 7: text must stand in quotes"},
	{"[{\"a\":1]}]", "error JSON_SYNTAX row 0 line 1 [] line 1, column 8: this ] has no ["},
	{"[{\"a\":1 /* c */}]", "error JSON_SYNTAX row 0 line 1 [] line 1, column 9: this stands in no JSON"},
	{"[{\"a\":\"\xE4\"}]",
		"error FILE_ENCODING row 0 line 1 [] line 1 isn't UTF-8: what stands at column 8 is 0xE4"},
	{"\xFF\xFE[\1", "error FILE_ENCODING row 0 line 1 [] this is no JSON file: it looks like UTF-16 text"},
};

static void a_document_that_cannot_be_told_apart_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		expect_part(text_of(refused[i].document), refused[i].told);
		expect_part(text_of(refused[i].document), "refused\n");
	}
	expect_part(TEXT("[\0{\0}\0]\0 \0"), "it looks like UTF-16 text");
	expect_part(TEXT("[{\"a\":\"\0\"}]"), "error JSON_SYNTAX row 1 line 1");
}

static void what_a_document_says_of_its_batch_is_kept(void **state)
{
	static const char document[] =
		"{\"Batch-Id\":\" OCT \",\"channel\":\"main\",\"x\":[1],\"control\":{\"count\":2,\"totals\":"
		"{\"USD\":\"12.50\",\"EUR\":7.10}},\"payouts\":[{}]}";
	static struct findings findings;
	struct source source = {.bytes = text_of(document)};
	struct reader_options options = {0};
	struct arena arena = {0};
	struct fault fault = {0};
	struct reader *reader = reader_json.open(&source, &options, &fault);
	const struct reader_batch *batch;

	(void)state;
	assert_non_null(reader);
	findings_begin(&findings, &arena, 0, 0);
	reader_json.header(reader, &findings);
	assert_int_equal(findings.count, 1);
	assert_string_equal(findings.items[0].code, "HEADER_UNKNOWN");
	assert_int_equal(findings.items[0].severity, FINDING_WARNING);
	batch = reader_json.batch(reader);
	assert_true(text_is(batch->batch_id, "OCT"));
	assert_true(text_is(batch->channel, "main"));
	assert_int_equal(batch->count, 2);
	assert_int_equal(batch->total_count, 2);
	assert_true(text_is(batch->totals[0].currency, "USD") && text_is(batch->totals[0].amount, "12.50"));
	assert_true(text_is(batch->totals[1].currency, "EUR") && text_is(batch->totals[1].amount, "7.1"));
	reader_json.close(reader);
	arena_release(&arena);
}

static void what_is_wrong_before_the_payouts_is_told(void **state)
{
	static const struct {
		const char *members, *told;
	} heads[] = {
		{"\"batch_id\":5", "error JSON_TYPE row 0 line 1 [batch_id] batch_id is a number (line 1, column 13)"},
		{"\"channel\":true", "error JSON_TYPE row 0 line 1 [channel]"},
		{"\"control\":5", "error JSON_TYPE row 0 line 1 [control]"},
		{"\"control\":{\"count\":1.5}", "error JSON_TYPE row 0 line 1 [control.count]"},
		{"\"control\":{\"count\":\"x\"}", "error JSON_TYPE row 0 line 1 [control.count]"},
		{"\"control\":{\"totals\":[]}", "error JSON_TYPE row 0 line 1 [control.totals]"},
		{"\"control\":{\"totals\":{\"EUR\":null}}", "error JSON_TYPE row 0 line 1 [control.totals]"},
		{"\"control\":{\"totals\":{\"EUR\":0.30000000000000004}}",
			"error AMOUNT_SYNTAX row 0 line 1 [control.totals]"},
		{"\"control\":{\"totals\":{\"EUR\":\"1\",\"EUR\":\"1\"}}", "error JSON_DUPLICATE_KEY row 0 line 1 []"},
		{"\"control\":{\"sum\":\"1\"}", "error HEADER_UNKNOWN row 0 line 1 [control]"},
		{"\"batch_id\":\"a\",\"batch-id\":\"a\"", "error HEADER_DUPLICATE row 0 line 1 [batch_id]"},
		{"\"bacth_id\":\"a\"", "error HEADER_UNKNOWN row 0 line 1 [batch_id] the document has a member "
				       "bacth_id: did you mean batch_id?"},
		{"\"payouts\":1", "error JSON_DUPLICATE_KEY row 0 line 1 [] the document has payouts twice"},
		{"\"batch_id\":\"\\ud800\"", "error FIELD_CHARACTERS row 0 line 1 []"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct buf document = {0};

		buf_addf(&document, "{%s,\"payouts\":[{}]}", heads[i].members);
		expect_part(buf_text(&document), heads[i].told);
		buf_release(&document);
	}
}

static void pointers_lead_to_the_members_of_the_file(void **state)
{
	static const char document[] = "{\"channel\":\"m\",\"Payouts\":[{},{\"payment_amount\":\"1\",\"recipient\":"
				       "{\"a/b~\":\"x\"},\"recipient.c\":\"y\"}]}";
	static const struct {
		const char *field, *pointer;
	} wanted[] = {
		{"amount", "/Payouts/1/payment_amount"},
		{"recipient.a/b~", "/Payouts/1/recipient/a~1b~0"},
		{"recipient.c", "/Payouts/1/recipient.c"},
		{"recipient", "/Payouts/1/recipient"},
		{"currency", "/Payouts/1"},
		{"", "/Payouts/1"},
	};
	static struct findings findings;
	struct source source = {.bytes = text_of(document)};
	struct reader_options options = {0};
	struct arena arena = {0};
	struct fault fault = {0};
	struct row row;
	struct reader *reader = reader_json.open(&source, &options, &fault);

	(void)state;
	findings_begin(&findings, &arena, 0, 0);
	reader_json.header(reader, &findings);
	assert_int_equal(reader_json.next(reader, &row, &findings, &fault), READER_ROW);
	assert_int_equal(reader_json.next(reader, &row, &findings, &fault), READER_ROW);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct buf pointer = {0};

		reader_json.pointer(reader, wanted[i].field, &pointer);
		assert_string_equal(buf_str(&pointer), wanted[i].pointer);
		buf_release(&pointer);
	}
	reader_json.close(reader);
	arena_release(&arena);
}

static void nesting_is_capped(void **state)
{
	struct buf document = {0};

	(void)state;
	buf_addz(&document, "[{\"x\":");
	for (int i = 0; i < 100000; i++)
		buf_addz(&document, i % 2 == 0 ? "[" : "{\"a\":");
	expect_part(buf_text(&document), "objects and arrays stand too deep within one another");
	buf_release(&document);
}

/* A description of so many bytes, between two other elements. */
static char *read_long(size_t len)
{
	struct buf document = {0};
	char *all;

	buf_addz(&document, "[{\"amount\":\"1\"},{\"description\":\"");
	memset(buf_room(&document, len), 'y', len);
	document.len += len;
	buf_addz(&document, "\"},{\"amount\":\"3\"}]");
	all = read_bytes(buf_text(&document));
	buf_release(&document);
	return all;
}

static void fields_and_elements_have_a_limit(void **state)
{
	char *fits = read_long(BOUND_FIELD_BYTES);
	char *over = read_long(BOUND_FIELD_BYTES + 1);
	char *far = read_long(BOUND_LINE_BYTES);

	(void)state;
	assert_null(strstr(fits, "error"));
	assert_non_null(strstr(over, "error FIELD_TOO_LONG row 2 line 1 [description]"));
	assert_non_null(strstr(over, "row 3 line 1 amount=<3>"));
	assert_non_null(strstr(far, "error FIELD_TOO_LONG row 0 line 1 [] what starts on line 1 has more than"));
	assert_non_null(strstr(far, "refused\n"));
	free(fits);
	free(over);
	free(far);
}

static void other_encodings_are_not_read(void **state)
{
	struct source source = {.bytes = TEXT("[]")};
	struct reader_options options = {.encoding = "latin1"};
	struct fault fault = {0};

	(void)state;
	assert_null(reader_json.open(&source, &options, &fault));
	assert_int_equal(fault.kind, FAULT_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_an_array_of_objects),
		cmocka_unit_test(reads_the_payouts_of_an_object),
		cmocka_unit_test(escapes_are_decoded_and_null_is_empty),
		cmocka_unit_test(lines_are_physical_ones),
		cmocka_unit_test(members_lead_to_columns_by_name_and_type),
		cmocka_unit_test(what_follows_an_element_that_is_wrong_is_read),
		cmocka_unit_test(a_document_that_cannot_be_told_apart_is_refused),
		cmocka_unit_test(what_a_document_says_of_its_batch_is_kept),
		cmocka_unit_test(what_is_wrong_before_the_payouts_is_told),
		cmocka_unit_test(pointers_lead_to_the_members_of_the_file),
		cmocka_unit_test(nesting_is_capped),
		cmocka_unit_test(fields_and_elements_have_a_limit),
		cmocka_unit_test(other_encodings_are_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
