#include "tests/support/reported.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

const struct reported_sample reported_samples[REPORTED_SAMPLES] = {
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

void reported_fill(struct report_line *line, const struct reported_sample *sample)
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

const struct origin_message reported_message = {
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

struct buf reported_bytes(const struct asked *asked, size_t count)
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
		reported_fill(&line, &reported_samples[i % REPORTED_SAMPLES]);
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

void reported_golden(const char *name, const struct buf *bytes)
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
