/* The CSV reader: rows, headers and what is wrong with them. */
#include "tests/read_all.h"

static char *read_text(const char *text)
{
	return read_all((struct source){.bytes = text_of(text)}, 0);
}

static void expect(struct text bytes, char delimiter, const char *expected)
{
	char *all = read_all((struct source){.bytes = bytes}, delimiter);

	assert_string_equal(all, expected);
	free(all);
}

static void expect_parts(struct text bytes, const char *const parts[4])
{
	char *all = read_all((struct source){.bytes = bytes}, 0);

	for (size_t i = 0; i < 4 && parts[i] != NULL; i++)
		if (strstr(all, parts[i]) == NULL)
			fail_msg("not found: %s\nin: %s", parts[i], all);
	free(all);
}

static void reads_rows_by_the_names_of_the_header(void **state)
{
	(void)state;
	expect(TEXT("Reference,payment amount,CCY,recipient.IFSC,payrun_row,payrun_reference\n"
		    "A1, 12.50 ,EUR,HDFC0000001,7,B/1\nA2,3,USD,,,\n"),
		0,
		"row 2 line 2 reference=<A1> amount=<12.50> currency=<EUR> recipient.ifsc=<HDFC0000001> own=<B/1> "
		"raw=\"A1, 12.50 ,EUR,HDFC0000001,7,B/1\\n\"\n"
		"row 3 line 3 reference=<A2> amount=<3> currency=<USD> recipient.ifsc=<> raw=\"A2,3,USD,,,\\n\"\n"
		"end\n");
}

static void quoted_fields_span_lines_and_keep_their_line_ends(void **state)
{
	(void)state;
	expect(TEXT("reference,amount,description\r\nA,1,\"two\r\nlines, \"\"q\"\"\"\r\nB,2,\"\"\r\n"), 0,
		"row 2 line 2 reference=<A> amount=<1> description=<two\r\nlines, \"q\"> "
		"raw=\"A,1,\\\"two\\r\\nlines, \\\"\\\"q\\\"\\\"\\\"\\r\\n\"\n"
		"row 3 line 4 reference=<B> amount=<2> raw=\"B,2,\\\"\\\"\\r\\n\"\n"
		"end\n");
}

static void blank_rows_are_counted_and_not_read(void **state)
{
	(void)state;
	expect(TEXT("\n\nreference,amount\n\nA,1\n , \n\"\",\nB,2\n\n"), 0,
		"row 5 line 5 reference=<A> amount=<1> raw=\"A,1\\n\"\n"
		"row 8 line 8 reference=<B> amount=<2> raw=\"B,2\\n\"\n"
		"end\n");
}

static void lines_end_with_lf_cr_lf_cr_or_the_file(void **state)
{
	(void)state;
	expect(TEXT("reference,amount\rA,1\r\nB,2\nC,3\r\rD,4"), 0,
		"row 2 line 2 reference=<A> amount=<1> raw=\"A,1\\r\\n\"\n"
		"row 3 line 3 reference=<B> amount=<2> raw=\"B,2\\n\"\n"
		"row 4 line 4 reference=<C> amount=<3> raw=\"C,3\\r\"\n"
		"row 6 line 6 reference=<D> amount=<4> raw=\"D,4\"\n"
		"end\n");
	expect(TEXT("reference,amount\nA,\"1\""), 0,
		"row 2 line 2 reference=<A> amount=<1> raw=\"A,\\\"1\\\"\"\nend\n");
}

static void a_byte_order_mark_is_no_part_of_a_name(void **state)
{
	(void)state;
	expect(TEXT("\xEF\xBB\xBF\"amount\"\n5\n"), 0, "row 2 line 2 amount=<5> raw=\"5\\n\"\nend\n");
	expect(TEXT("\xEF\xBB\xBF"
		    "amount\n5\n"),
		0, "row 2 line 2 amount=<5> raw=\"5\\n\"\nend\n");
}

static void takes_the_delimiter_it_is_told(void **state)
{
	(void)state;
	expect(TEXT("reference;amount\nA,B;1\n"), ';',
		"row 2 line 2 reference=<A,B> amount=<1> raw=\"A,B;1\\n\"\nend\n");
	expect(TEXT("reference\tamount\nA B\t1\n\"A\tC\"\t2\n"), '\t',
		"row 2 line 2 reference=<A B> amount=<1> raw=\"A B\\t1\\n\"\n"
		"row 3 line 3 reference=<A\tC> amount=<2> raw=\"\\\"A\\tC\\\"\\t2\\n\"\nend\n");
	expect(TEXT("reference|amount\nA|1\n"), '|', "row 2 line 2 reference=<A> amount=<1> raw=\"A|1\\n\"\nend\n");
}

static void goes_on_after_a_broken_row(void **state)
{
	(void)state;
	expect(TEXT("reference,amount\nA,1\nB\"x,2\nC,\"3\"y\nD,4\n"), 0,
		"row 2 line 2 reference=<A> amount=<1> raw=\"A,1\\n\"\n"
		"row 3 line 3 raw=\"B\\\"x,2\\n\"\n"
		"error CSV_SYNTAX row 3 line 3 [] the row has a quote in the middle of a field (byte 2 of line 3) | "
		"Put "
		"quotes around the whole field and double those inside it: \"say \"\"hi\"\"\"; or take the quote out.\n"
		"row 4 line 4 raw=\"C,\\\"3\\\"y\\n\"\n"
		"error CSV_SYNTAX row 4 line 4 [] the row has a quote in the middle of a field (byte 6 of line 4) | "
		"Put "
		"quotes around the whole field and double those inside it: \"say \"\"hi\"\"\"; or take the quote out.\n"
		"row 5 line 5 reference=<D> amount=<4> raw=\"D,4\\n\"\n"
		"end\n");
}

static void counts_the_fields_of_every_row(void **state)
{
	(void)state;
	expect(TEXT("reference,amount,currency\nA,1\nB,1,EUR,\nC,1,EUR\n"), 0,
		"row 2 line 2 reference=<A> amount=<1> raw=\"A,1\\n\"\n"
		"error CSV_FIELD_COUNT row 2 line 2 [] the row has 2 fields, the header has 3 | Give every row as many "
		"fields as the header has, and quote a field that holds the delimiter.\n"
		"row 3 line 3 reference=<B> amount=<1> currency=<EUR> raw=\"B,1,EUR,\\n\"\n"
		"error CSV_FIELD_COUNT row 3 line 3 [] the row has 4 fields, the header has 3 | Give every row as many "
		"fields as the header has, and quote a field that holds the delimiter.\n"
		"row 4 line 4 reference=<C> amount=<1> currency=<EUR> raw=\"C,1,EUR\\n\"\n"
		"end\n");
}

#define BYTES(literal)                                                                                                 \
	{                                                                                                              \
		literal, sizeof(literal) - 1                                                                           \
	}

static const struct {
	struct text bytes;
	const char *parts[4];
} refused[] = {
	{BYTES(""), {"error FILE_EMPTY row 0 line 0", "the file is empty", "\nrefused\n"}},
	{BYTES(" \n\r\n"), {"error FILE_EMPTY", "\nrefused\n"}},
	{BYTES("reference,amount\n\n"), {"error FILE_EMPTY row 0 line 1", "a header and no rows", "\nrefused\n"}},
	{BYTES("reference,amount\nA,1\nB,\"2\nC,3\n"),
		{"row 2 line 2", "error CSV_SYNTAX row 0 line 3", "line 3 is never closed", "\nrefused\n"}},
	{BYTES("reference,amount\nA,\"1\nB,\"2\"\nC,3\n"), /* the second line closes what the first one opened */
		{"error CSV_SYNTAX row 0 line 2", "opened on line 2 is closed in the middle", "\nrefused\n"}},
	{BYTES("reference,\"amount\nA,1\n"), {"error CSV_SYNTAX row 0 line 1", "is never closed", "\nrefused\n"}},
	{BYTES("refe\"rence,amount\nA,1\n"), {"error CSV_SYNTAX row 0 line 1", "the header on line 1", "\nrefused\n"}},
	{BYTES("reference,amount\nA,1\nB\0,2\n"),
		{"error FIELD_CHARACTERS row 0 line 3", "a NUL byte (byte 23 of the file)", "\nrefused\n"}},
	{BYTES("reference,amount\nA,1\nM\xFCller,2\n"),
		{"error FILE_ENCODING row 0 line 3", "byte 2 of the line (byte 23 of the file) is 0xFC", "--encoding",
			"\nrefused\n"}},
	{BYTES("\xFF\xFE"
	       "a\0\n\0"
	       "1\0\n"), /* half a character at the end */
		{"error FILE_ENCODING row 0 line 2", "ends within a character", "after byte 8", "\nrefused\n"}},
	{BYTES("\xFF\xFE"
	       "a\0\n\0\0\xD8"
	       "1\0\n\0"), /* a lone surrogate */
		{"error FILE_ENCODING row 0 line 2", "byte 7 of the file", "utf-16le", "\nrefused\n"}},
	{BYTES("\xFF\xFE\0\0r\0\0\0"), {"error FILE_ENCODING row 0 line 1", "UTF-32", "\nrefused\n"}},
	{BYTES("reference,amount;currency\nA,1;EUR\n"),
		{"error CSV_DELIMITER row 0 line 1", "more than one delimiter", "--delimiter", "\nrefused\n"}},
	{BYTES("sep=:\nreference:amount\nA:1\n"), {"error CSV_DELIMITER row 0 line 1", "the line sep=", "\nrefused\n"}},
	{BYTES("r\0e\0f\0e\0r\0e\0"), {"error FILE_ENCODING", "UTF-16", "\nrefused\n"}},
	{BYTES("PK\003\004\024\0\0\0"), {"error FILE_ENCODING", "Excel", "Leave --format out", "\nrefused\n"}},
	{BYTES("%PDF-1.7\n"), {"error FILE_ENCODING", "PDF", "\nrefused\n"}},
	{BYTES("[{\"amount\": \"1\"}]\n"), {"error CSV_SYNTAX", "looks like JSON", "\nrefused\n"}},
};

static void refuses_what_it_can_not_read_to_the_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		expect_parts(refused[i].bytes, refused[i].parts);
}

static const struct {
	const char *header;
	const char *parts[4];
} headers[] = {
	{"reference,amount,payment_amount", {"error HEADER_DUPLICATE row 0 line 1 [amount] columns 2 (amount) and 3 "
					     "(payment_amount) mean the same"}},
	{"amount,recipient.Ifsc,RECIPIENT.ifsc", {"error HEADER_DUPLICATE"}},
	{"amount,payrun_reference,Payrun Reference", {"error HEADER_DUPLICATE", "[payrun_reference]"}},
	{"refrence,amount", {"error HEADER_UNKNOWN row 0 line 1 [reference] column 1 is called refrence: did you mean "
			     "reference?"}},
	{"reference,amuont", {"error HEADER_UNKNOWN row 0 line 1 [amount]"}},
	{"reference,amount,Kostenstelle,", {"warning HEADER_UNKNOWN", "Kostenstelle, column 4 without a name"}},
	{"amount,value_date", {"error HEADER_MEANING", "value_date"}},
	{"reference,currency", {"error HEADER_MISSING row 0 line 1 [amount] no column holds the amount"}},
	{"INV-1,12.50,EUR", {"error HEADER_MISSING", "doesn't look like a header"}},
	{"<payouts>", {"error HEADER_MISSING", "if it is an ISO 20022 credit transfer"}},
	{"amount,\033[31mred", {"warning HEADER_UNKNOWN", "\\x1b[31mred"}},
};

static void tells_what_is_wrong_with_a_header(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		struct buf file = {0};

		buf_addf(&file, "%s\n1,1,1,1\n", headers[i].header);
		expect_parts(buf_text(&file), headers[i].parts);
		buf_release(&file);
	}
}

static void says_a_misspelt_amount_once(void **state)
{
	char *all = read_text("reference,amuont\nA,1\n");

	(void)state;
	assert_null(strstr(all, "HEADER_MISSING"));
	free(all);
}

static void knows_which_columns_a_file_has(void **state)
{
	struct source source = {.bytes = TEXT("amount,sort_code\n1,2\n")};
	struct reader_options options = {0};
	struct fault fault = {0};
	struct reader *reader = reader_csv.open(&source, &options, &fault);

	(void)state;
	assert_true(reader_csv.has_column(reader, COLUMN_ROUTING_NUMBER));
	assert_false(reader_csv.has_column(reader, COLUMN_REFERENCE));
	assert_true(text_is(reader_csv.header_raw(reader), "amount,sort_code\n"));
	reader_csv.close(reader);
}

static void refuses_too_many_columns(void **state)
{
	struct buf file = {0};
	const char *const parts[4] = {"error FIELD_TOO_LONG row 0 line 1", "the header has 513 columns", "\nrefused\n"};

	(void)state;
	buf_addz(&file, "amount");
	for (int i = 0; i < BOUND_COLUMNS; i++)
		buf_addf(&file, ",c%d", i);
	expect_parts(buf_text(&file), parts);
	buf_release(&file);
}

static char *read_with(struct source source, const struct reader_options *options)
{
	static struct findings findings;
	struct arena arena = {0};
	struct fault fault = {0};
	struct buf out = {0};
	struct reader *reader = reader_csv.open(&source, options, &fault);

	if (reader == NULL) {
		buf_addf(&out, "fault: %s\n", fault.message);
		return out.data;
	}
	findings_begin(&findings, &arena, 0, 0);
	reader_csv.header(reader, &findings);
	note_findings(&out, &findings);
	note_rows(&out, &reader_csv, reader);
	reader_csv.close(reader);
	arena_release(&arena);
	return out.data;
}

/* The file as --encoding says. */
static char *read_encoded(struct text bytes, const char *encoding, size_t piece)
{
	struct reader_options options = {.encoding = encoding};

	return read_with((struct source){.bytes = bytes, .piece = piece}, &options);
}

static void a_profile_says_what_headers_and_purposes_mean(void **state)
{
	struct profile_column columns[] = {{.column = COLUMN_REFERENCE, .value = TEXT("Beleg")},
		{.column = COLUMN_PURPOSE, .value = TEXT("Art")},
		{.column = COLUMN_RECIPIENT, .recipient = TEXT("ifsc"), .value = TEXT("Code")}};
	struct profile_column constants[] = {{.column = COLUMN_CURRENCY, .value = TEXT("EUR")},
		{.column = COLUMN_RECIPIENT, .recipient = TEXT("type"), .value = TEXT("person")}};
	struct profile_purpose purposes[] = {{TEXT("SALA"), TEXT("PMT008")}};
	struct profile profile = {.name = "erp",
		.columns = columns,
		.column_count = 3,
		.constants = constants,
		.constant_count = 2,
		.purposes = purposes,
		.purpose_count = 1};
	struct reader_options options = {.profile = &profile};
	char *all = read_with(
		(struct source){.bytes = TEXT("Beleg;Art;CODE;amount;reference\n7; SALA ;X;1;other\n8;RENT;;2;\n")},
		&options);

	(void)state;
	assert_non_null(strstr(all, "not be used: reference"));
	assert_non_null(strstr(all, "row 2 line 2 reference=<7> amount=<1> currency=<EUR> purpose=<PMT008> "
				    "recipient.ifsc=<X> recipient.type=<person> raw="));
	assert_non_null(strstr(all, "row 3 line 3 reference=<8> amount=<2> currency=<EUR> purpose=<RENT> "));
	free(all);
}

static void finds_the_delimiter_in_the_header(void **state)
{
	static const struct {
		struct text bytes;
		const char *row;
	} files[] = {
		{BYTES("reference;amount\nA,B;1\n"), "reference=<A,B> amount=<1>"},
		{BYTES("reference\tamount\nA|B\t1\n"), "reference=<A|B> amount=<1>"},
		{BYTES("reference|amount\nA;B|1\n"), "reference=<A;B> amount=<1>"},
		{BYTES("\n \nreference;amount\nA;1\n"), "row 4 line 4 reference=<A> amount=<1>"},
		{BYTES("\"reference\";\"amount\";\"net, gross\"\nA;1;\n"), "reference=<A> amount=<1>"},
		{BYTES("reference;amount;net, gross\nA;1;\n"), "reference=<A> amount=<1>"},
		{BYTES("\"two\nlines\";amount\nA;1\n"), "row 2 line 3 amount=<1>"},
		{BYTES("reference,amount,a;b\nA,1,\n"), "reference=<A> amount=<1>"},
		{BYTES("sep=;\r\nreference;amount\r\nA;1\r\n"), "row 2 line 3 reference=<A> amount=<1>"},
		{BYTES("\xEF\xBB\xBFsep=|\nreference|amount\nA|1\n"), "row 2 line 3 reference=<A> amount=<1>"},
		{BYTES("\"sep=\t\"\nreference\tamount\nA\t1\n"), "row 2 line 3 reference=<A> amount=<1>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		expect_parts(files[i].bytes, (const char *const[4]){files[i].row, "\nend\n"});
}

static void the_line_sep_and_the_delimiter_asked_for_must_agree(void **state)
{
	char *agree = read_all((struct source){.bytes = TEXT("sep=;\nreference;amount\nA;1\n")}, ';');
	char *differ = read_all((struct source){.bytes = TEXT("sep=;\nreference;amount\nA;1\n")}, ',');

	(void)state;
	assert_non_null(strstr(agree, "reference=<A> amount=<1>"));
	assert_non_null(strstr(differ, "error CSV_DELIMITER row 0 line 1 [] the file's first line says sep=semicolon"));
	free(agree);
	free(differ);
}

static void reads_other_encodings_as_they_are_told(void **state)
{
	static const struct {
		struct text bytes;
		const char *encoding;
		const char *part;
	} files[] = {
		{BYTES("reference;amount\nM\xFCller \x80;1\n"), "windows-1252", "reference=<M\u00FCller \u20AC>"},
		{BYTES("reference;amount\n\xA3\xF3\x64\x9F;1\n"), "CP1250", "reference=<\u0141\u00F3d\u017A>"},
		{BYTES("reference;amount\n\xCC\xE8\xF0;1\n"), "windows-1251", "reference=<\u041C\u0438\u0440>"},
		{BYTES("reference;amount\n\xA4;1\n"), "latin9", "reference=<\u20AC>"},
		{BYTES("\xFF\xFE"
		       "a\0m\0o\0u\0n\0t\0\t\0e\0\n\0"
		       "1\0\t\0\x3D\xD8\x00\xDE\n\0"),
			NULL, "amount=<1> raw=\"1\\t\U0001F600\\n\""},
		{BYTES("\xFE\xFF"
		       "\0a\0m\0o\0u\0n\0t\0\r\0\n\0"
		       "1\0\r\0\n"),
			"utf-16", "row 2 line 2 amount=<1>"},
		{BYTES("a\0m\0o\0u\0n\0t\0\n\0"
		       "1\0"),
			"utf-16le", "row 2 line 2 amount=<1>"},
		{BYTES("amount,note\n1,\x81\n"), "windows-1252",
			"error FILE_ENCODING row 0 line 2 [] line 2 isn't windows-1252: byte 15 of the file, 0x81"},
		{BYTES("\xEF\xBB\xBF"
		       "amount\n1\n"),
			"windows-1252",
			"error FILE_ENCODING row 0 line 1 [] the file isn't windows-1252 as was said: it "
			"has the mark of UTF-8"},
		{BYTES("\xFF\xFE"
		       "1\0"),
			"utf-16be", "it has the mark of UTF-16LE | Leave the encoding out."},
		{BYTES("amount\n1\n"), "utf-16", "no mark that says which UTF-16"},
		{BYTES("\xFF\xFE"
		       "a\0\n\0\0\0\n\0"),
			NULL, "error FIELD_CHARACTERS row 0 line 2 [] line 2 holds a NUL character"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		for (size_t piece = 0; piece <= 3; piece++) {
			char *all = read_encoded(files[i].bytes, files[i].encoding, piece);

			if (strstr(all, files[i].part) == NULL)
				fail_msg("not found: %s\nin: %s", files[i].part, all);
			free(all);
		}
}

static void an_encoding_it_does_not_know_is_a_fault(void **state)
{
	static const struct {
		const char *encoding, *message;
	} encodings[] = {{"utf-8", NULL}, {"UTF8", NULL}, {"Windows-1252", NULL}, {"klingon", "no such encoding"}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct source source = {.bytes = TEXT("amount\n1\n")};
		struct reader_options options = {.encoding = encodings[i].encoding};
		struct fault fault = {0};
		struct reader *reader = reader_csv.open(&source, &options, &fault);

		assert_int_equal(reader == NULL, encodings[i].message != NULL);
		if (encodings[i].message != NULL) {
			assert_int_equal(fault.kind, FAULT_USAGE);
			assert_non_null(strstr(fault.message, encodings[i].message));
		}
		reader_csv.close(reader);
	}
}

static void finds_the_format_by_name_and_by_content(void **state)
{
	(void)state;
	assert_ptr_equal(reader_format_named(TEXT("csv")), &reader_csv);
	assert_null(reader_format_named(TEXT("morse")));
	assert_ptr_equal(reader_format_sniffed(TEXT("reference,amount\n")), &reader_csv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_rows_by_the_names_of_the_header),
		cmocka_unit_test(quoted_fields_span_lines_and_keep_their_line_ends),
		cmocka_unit_test(blank_rows_are_counted_and_not_read),
		cmocka_unit_test(lines_end_with_lf_cr_lf_cr_or_the_file),
		cmocka_unit_test(a_byte_order_mark_is_no_part_of_a_name),
		cmocka_unit_test(takes_the_delimiter_it_is_told),
		cmocka_unit_test(goes_on_after_a_broken_row),
		cmocka_unit_test(counts_the_fields_of_every_row),
		cmocka_unit_test(refuses_what_it_can_not_read_to_the_end),
		cmocka_unit_test(tells_what_is_wrong_with_a_header),
		cmocka_unit_test(says_a_misspelt_amount_once),
		cmocka_unit_test(knows_which_columns_a_file_has),
		cmocka_unit_test(refuses_too_many_columns),
		cmocka_unit_test(a_profile_says_what_headers_and_purposes_mean),
		cmocka_unit_test(finds_the_delimiter_in_the_header),
		cmocka_unit_test(the_line_sep_and_the_delimiter_asked_for_must_agree),
		cmocka_unit_test(reads_other_encodings_as_they_are_told),
		cmocka_unit_test(an_encoding_it_does_not_know_is_a_fault),
		cmocka_unit_test(finds_the_format_by_name_and_by_content),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
