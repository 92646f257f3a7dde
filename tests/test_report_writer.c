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

#include "formats/report_writer.h"
#include "tests/support/opened.h"
#include "tests/support/pain002_check.h"

/* Lines that a report must survive; the golden folder has what becomes of them. */
struct sample {
	const char *row, *reference, *name, *destination, *amount, *currency, *state, *code, *reason, *fee;
};

static const struct sample samples[] = {
	{"2", "INV-2026-0001", "Jane Doe", "****9f3a", "12.50", "USD", "paid", "", "", "0.25"},
	{"3", "INV-2026-0002", "Doe, Jane", "****9f3b", "1000000.00", "USD", "accepted", "", "", "-0.25"},
	{"4", "=HYPERLINK(\"http://x\",\"y\")", "+49 30 1234", "-1+1", "0.01", "USD", "failed", "AC01", "@SUM(A1:A9)",
		"=1+1"},
	{"5", "\tTAB", "\rCR", "\nLF", "5", "USDT_TRX", "unknown", "", "line one\nline two\r\nline three", "1e5"},
	{"6",
		"\xEF\xBC\x9D"
		"1+1",
		"\xEF\xBC\x8B"
		"1",
		"\xEF\xBC\x8D"
		"1",
		"0.5", "BTC", "ready",
		"\xEF\xBC\xA0"
		"x",
		"", ""},
	{"7", "say \"cheese\"", "\"", ",", "1", "JPY", "held", "HOLD", "'quoted'", ""},
	{"8", "esc\x1B[31mred",
		"\xE2\x80\xAE"
		"gro.live",
		"\xC2\x9B"
		"31m",
		"1.00", "EUR", "returned", "", "bell\a del\x7F", ""},
	{"9", "bad\xFF\xC3", "\xF0\x9F\x92\xA9", "\xED\xA0\x80", "", "", "rejected", "FIELD_CHARACTERS", "\xC0\xAF",
		""},
	{"10", "\xE5\xB1\xB1\xE7\x94\xB0", "\xE5\xB1\xB1\xE7\x94\xB0\xE5\xA4\xAA\xE9\x83\x8E", "****1234", "1200",
		"JPY", "duplicate", "", "", ""},
	{"11",
		"\xC3\x9C"
		"berweisung-7",
		"Zo\x65\xCC\x88 \xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D", "****5678", "7.00", "EUR", "canceled", "", "", ""},
	{"12", "", "", "", "", "", "rejected", "FIELD_REQUIRED",
		"a very long reason that nobody will ever want to read to its end on a terminal, but that has to be "
		"whole in a "
		"file all the same",
		""},
	{"13", "\xF3\xA0\x80\x81tag", "'", "a'b", "3.00", "EUR", "sending", "", "ends with ,", "12,50"},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static void fill(struct report_line *line, const struct sample *sample)
{
	report_line_begin(line);
	line->cells[REPORT_BATCH_ID] = TEXT("-b.1");
	line->cells[REPORT_ROW] = text_of(sample->row);
	line->cells[REPORT_REFERENCE] = text_of(sample->reference);
	line->cells[REPORT_BENEFICIARY_NAME] = text_of(sample->name);
	line->cells[REPORT_DESTINATION] = text_of(sample->destination);
	line->cells[REPORT_AMOUNT] = text_of(sample->amount);
	line->cells[REPORT_CURRENCY] = text_of(sample->currency);
	line->cells[REPORT_STATE] = text_of(sample->state);
	line->cells[REPORT_REASON_CODE] = text_of(sample->code);
	line->cells[REPORT_REASON] = text_of(sample->reason);
	line->cells[REPORT_FEE] = text_of(sample->fee);
	line->cells[REPORT_FILE] = TEXT("november, last.csv");
	if (strcmp(sample->state, "rejected") != 0)
		report_line_count(line, REPORT_ATTEMPT, 1);
	report_line_time(line, REPORT_CREATED_AT, 1795163400000);
}

static struct report_total in_list[] = {
	{.currency = "EUR", .decimals = 2, .count = 3, .minor = 1100},
	{.currency = "USDT_TRX", .decimals = 6, .count = 1, .minor = 5000000},
};
static struct report_total state_list[] = {
	{.currency = "EUR", .decimals = 2, .state = PAYOUT_PAID, .count = 2, .minor = 1000},
	{.currency = "EUR", .decimals = 2, .state = PAYOUT_FAILED, .count = 1, .minor = 100},
	{.currency = "USDT_TRX", .decimals = 6, .state = PAYOUT_UNKNOWN, .count = 1, .minor = 5000000},
};
static const struct report_totals in = {.list = in_list, .count = 2};
static const struct report_totals totals = {.list = state_list, .count = 3};

static const struct report_batch batches[] = {
	{
		.id = {"20261120-0f4867", 15},
		.file = {"november\x1B, \"last\".csv", 21},
		.sha256 = "0f4867adfbc83bf50f4867adfbc83bf50f4867adfbc83bf50f4867adfbc83bf5",
		.received_at = 1795163400000,
		.received_by = {"anna as root", 12},
		.format = {"csv", 3},
		.rows = 12,
		.control = true,
	},
	{
		.id = {"b2", 2},
		.file = {"b2.csv", 6},
		.sha256 = "1f4867adfbc83bf50f4867adfbc83bf50f4867adfbc83bf50f4867adfbc83bf5",
		.received_at = 1795163401000,
		.received_by = {"ben", 3},
		.rows = 0,
	},
};

static const struct origin_message message = {
	.name = {"pain.001.001.03", 15},
	.id = {"MSG <1>", 7},
	.created = {"2026-11-20T08:00:00", 19},
	.count = {"12", 2},
	.total = {"1001242.01", 10},
};
static const struct origin origins[] = {
	{
		.payment = 1,
		.payment_id = {"PMT & 1", 7},
		.payment_count = {"3", 1},
		.payment_total = {"1000012.51", 10},
		.instruction_id = {"INSTR-1", 7},
		.end_to_end_id = {"NOTPROVIDED", 11},
		.uetr = {"c5d3a5a2-7a07-4c18-9f3b-0d3b4f3a2b11", 36},
	},
	{.payment = 2, .payment_id = {"PMT-2", 5}, .end_to_end_id = {"E2E", 3}},
};

struct asked {
	const char *golden;
	const struct report_format *format;
	const struct origin_message *message; /* NULL: the batch came as none */
	bool raw, all, filtered, unbalanced;
};

/* The whole report, in memory. */
static struct buf report_of(const struct asked *asked, size_t count)
{
	struct report_head head = {
		.batches = batches,
		.batch_count = asked->all ? 2 : 1,
		.one = !asked->all,
		.in = &in,
		.totals = &totals,
		.balanced = !asked->unbalanced,
		.head = "ab",
		.message = asked->message,
		.now_ms = 1795163405000,
	};
	struct report_foot foot = {.filtered = asked->filtered, .listed = &totals};
	struct report_line line = {0};
	struct report_writer writer;
	struct fault fault = {0};
	struct file_out out;
	struct buf bytes = {0};
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/report.XXXXXX", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_true(file_use(&out, fd, "test", &fault));
	report_writer_begin(&writer, asked->format, &out, &head, asked->raw);
	for (size_t i = 0; i < count; i++) {
		fill(&line, &samples[i % SAMPLES]);
		line.origin = asked->message != NULL ? &origins[i < 3 ? 0 : 1] : NULL;
		report_writer_line(&writer, &line);
	}
	assert_true(report_writer_end(&writer, &foot, &fault));
	report_writer_release(&writer);
	report_line_release(&line);
	assert_true(file_commit(&out, true, &fault));
	close(fd);
	assert_true(file_read(path, 64 << 20, &bytes, NULL, &fault));
	unlink(path);
	return bytes;
}

/* GOLDEN=write in the environment writes the files anew, to be read before they are kept. */
static void assert_golden(const char *name, const struct buf *bytes)
{
	const char *source = getenv("PAYRUN_SOURCE");
	struct fault fault = {0};
	struct buf wanted = {0};
	char path[512];

	snprintf(path, sizeof(path), "%s/tests/golden/report/%s", source != NULL ? source : ".", name);
	if (getenv("GOLDEN") != NULL)
		assert_true(file_replace(path, buf_text(bytes), false, &fault));
	assert_true(file_read(path, 1 << 20, &wanted, NULL, &fault));
	assert_string_equal(buf_str(bytes), buf_str(&wanted));
	assert_int_equal(bytes->len, wanted.len);
	buf_release(&wanted);
}

static void reports_are_as_in_the_golden_folder(void **state)
{
	static const struct asked table[] = {
		{.golden = "hostile.csv", .format = &report_csv},
		{.golden = "hostile.raw.csv", .format = &report_csv, .raw = true},
		{.golden = "hostile.json", .format = &report_json},
		{.golden = "hostile.txt", .format = &report_text},
		{.golden = "all.json", .format = &report_json, .all = true, .filtered = true, .unbalanced = true},
		{.golden = "all.txt", .format = &report_text, .all = true, .filtered = true, .unbalanced = true},
		{.golden = "hostile.pain002.xml", .format = &report_pain002},
		{.golden = "message.pain002.xml", .format = &report_pain002, .message = &message},
		{.golden = "message.pain002_10.xml", .format = &report_pain002_10, .message = &message},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct buf bytes = report_of(&table[i], SAMPLES);

		assert_golden(table[i].golden, &bytes);
		buf_release(&bytes);
	}
}

static void every_report_is_utf8(void **state)
{
	const struct report_format *formats[] = {&report_csv, &report_json, &report_text, &report_pain002};

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct buf bytes = report_of(&(struct asked){.format = formats[i]}, SAMPLES);

		assert_true(text_utf8(buf_text(&bytes), NULL));
		buf_release(&bytes);
	}
}

static void a_status_report_has_the_schemas_form_whatever_the_payouts_say(void **state)
{
	static const struct asked table[] = {
		{.format = &report_pain002_03},
		{.format = &report_pain002_10},
		{.format = &report_pain002_03, .message = &message},
		{.format = &report_pain002_10, .message = &message},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct buf bytes = report_of(&table[i], SAMPLES);

		assert_string_equal(pain002_check(bytes.data, bytes.len), "");
		assert_int_equal(pain002_count(bytes.data, bytes.len, "TxInfAndSts"), SAMPLES);
		assert_int_equal(
			pain002_count(bytes.data, bytes.len, "OrgnlPmtInfAndSts"), table[i].message != NULL ? 2 : 1);
		buf_release(&bytes);
		bytes = report_of(&table[i], 0);
		assert_string_equal(pain002_check(bytes.data, bytes.len), "");
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
	struct buf bytes = report_of(&(struct asked){.format = &report_csv, .raw = true}, SAMPLES);
	struct report_line line = {0};
	struct buf spare = {0};
	size_t at = 0;

	(void)state;
	at = (size_t)(strstr(bytes.data, "\r\n") - bytes.data) + 2;
	for (size_t i = 0; i < SAMPLES; i++) {
		fill(&line, &samples[i]);
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
	struct buf bytes = report_of(asked, count);
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
	open_report(&opened, &(struct asked){.format = &report_xlsx}, SAMPLES);
	sheet = opened_doc(&opened, "xl/worksheets/sheet1.xml");
	for (size_t i = 0; i < SAMPLES; i++) {
		fill(&line, &samples[i]);
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
	assert_string_equal(opened_text(&opened, sheet, "C4"), samples[2].reference);
	assert_string_equal(opened_text(&opened, sheet, "T4"), "=1+1");
	xmlFreeDoc(sheet);
	buf_release(&spare);
	report_line_release(&line);
	opened_close(&opened);
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
	assert_string_equal(opened_text(&opened, sheet, "B2"), "november\x1B, \"last\".csv");
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
	struct buf bytes = report_of(&(struct asked){.format = &report_csv}, SAMPLES);
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
	struct buf bytes = report_of(&(struct asked){.format = &report_json}, SAMPLES);
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
	assert_int_equal(json_array_size(payouts), SAMPLES);
	json_array_foreach(payouts, index, payout)
	{
		assert_int_equal(json_object_size(payout), REPORT_COLUMNS);
		assert_int_equal(
			json_integer_value(json_object_get(payout, "row")), strtol(samples[index].row, NULL, 10));
		assert_string_equal(json_string_value(json_object_get(payout, "amount")), samples[index].amount);
		assert_string_equal(json_string_value(json_object_get(payout, "state")), samples[index].state);
	}
	json_decref(root);
	buf_release(&bytes);
}

static void json_of_no_payouts_is_a_document_too(void **state)
{
	struct buf bytes = report_of(&(struct asked){.format = &report_json, .all = true}, 0);
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
	struct buf bytes = report_of(&(struct asked){.format = &report_text, .all = true}, SAMPLES);
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
	struct buf bytes = report_of(&(struct asked){.format = &report_text}, 250 * SAMPLES);

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
		cmocka_unit_test(a_status_report_has_the_schemas_form_whatever_the_payouts_say),
		cmocka_unit_test(raw_csv_reads_back_as_it_was),
		cmocka_unit_test(a_workbook_has_each_cell_as_it_is_and_never_a_formula),
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
