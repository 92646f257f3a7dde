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

#include "formats/write_errors_pain002.h"
#include "tests/support/pain002_check.h"

#define SHA "0f4867adfbc83bf50f4867adfbc83bf50f4867adfbc83bf50f4867adfbc83bf5"

static const struct origin_message message = {
	.name = {"pain.001.001.09", 15},
	.id = {"MSG-1", 5},
	.count = {"4", 1},
	.total = {"50.00", 5},
};

/* Good, bad twice over, a repeat, and one with a warning. */
static const struct sample {
	const char *end_to_end_id, *amount;
	struct finding findings[2];
	size_t count;
} samples[] = {
	{"INV-1", "12.50", {{0}}, 0},
	{"INV-2", "12.505",
		{{.field = "amount",
			 .code = "AMOUNT_DECIMALS",
			 .message = "12.505 has 3 decimals, EUR has 2",
			 .cure = "Write 12.50 or 12.51."},
			{.field = "iban", .code = "IBAN_CHECKSUM", .message = "wrong <digits>", .cure = ""}},
		2},
	{"INV-3", "12.50",
		{{.field = "reference",
			.code = "REFERENCE_DUPLICATE",
			.severity = FINDING_WARNING,
			.message = "paid in batch OCT",
			.cure = ""}},
		1},
	{"NOTPROVIDED", "12.50",
		{{.field = "country",
			.code = "COUNTRY_UNSUPPORTED",
			.severity = FINDING_WARNING,
			.message = "may not be served",
			.cure = "Ask"}},
		1},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static char path[512];

static struct error_report_head head_of(bool refused)
{
	static const struct finding file = {.field = "",
		.code = "CONTROL_TOTAL",
		.message = "CtrlSum is 50.00, the amounts are 50.01",
		.cure = "Correct one of them."};

	return (struct error_report_head){.message = &message,
		.now_ms = 1795163400000,
		.sha256 = SHA,
		.refused = refused,
		.rows = SAMPLES,
		.good = 2,
		.repeats = 1,
		.findings = refused ? &file : NULL,
		.count = refused};
}

static void add_rows(struct error_report *report, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct row row = {.number = (int64_t)i + 1};

		row.origin = (struct origin){.payment = 1 + (int64_t)i / 3,
			.payment_id = TEXT("PAY"),
			.end_to_end_id = text_of(samples[i].end_to_end_id)};
		row.cells[COLUMN_AMOUNT] = text_of(samples[i].amount);
		row.cells[COLUMN_CURRENCY] = TEXT("EUR");
		error_report_row(report, &row, samples[i].findings, samples[i].count);
	}
}

static struct buf written(const struct error_report_head *head, size_t from, size_t to)
{
	struct error_report report;
	struct fault fault = {0};
	struct buf bytes = {0};
	struct stat status;

	assert_true(error_report_begin(&report, path, head, &fault));
	add_rows(&report, from, to);
	assert_true(error_report_commit(&report, &fault));
	assert_true(file_read(path, 1 << 20, &bytes, NULL, &fault));
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	unlink(path);
	assert_string_equal(pain002_check(bytes.data, bytes.len), "");
	return bytes;
}

static void has(const struct buf *bytes, const char *name, int nth, const char *expected)
{
	const char *text = pain002_find(bytes->data, bytes->len, name, nth, NULL);

	if (expected == NULL) {
		assert_null(text);
		return;
	}
	assert_non_null(text);
	assert_string_equal(text, expected);
}

static void a_message_taken_in_part_lists_all_its_transactions(void **state)
{
	const struct error_report_head head = head_of(false);
	struct buf bytes = written(&head, 0, SAMPLES);

	(void)state;
	assert_non_null(strstr(bytes.data, "xsd:pain.002.001.10"));
	has(&bytes, "OrgnlMsgId", 0, "MSG-1");
	has(&bytes, "OrgnlMsgNmId", 0, "pain.001.001.09");
	has(&bytes, "OrgnlNbOfTxs", 0, "4");
	has(&bytes, "OrgnlCtrlSum", 0, "50.00");
	has(&bytes, "GrpSts", 0, "PART");
	has(&bytes, "Cd", 0, "NARR");
	has(&bytes, "AddtlInf", 0, "1 of 4 transactions are rejected, repeats of payouts that live: 1");
	assert_int_equal(pain002_count(bytes.data, bytes.len, "OrgnlPmtInfAndSts"), 2);
	has(&bytes, "PmtInfSts", 0, NULL);
	has(&bytes, "TxSts", 0, "ACTC");
	has(&bytes, "OrgnlEndToEndId", 1, "INV-2");
	has(&bytes, "StsId", 1, "2");
	has(&bytes, "TxSts", 1, "RJCT");
	has(&bytes, "Cd", 1, "CH20");
	has(&bytes, "AddtlInf", 1, "amount: AMOUNT_DECIMALS: 12.505 has 3 decimals, EUR has 2. Write 12.50 or 12.51.");
	has(&bytes, "Cd", 2, "AC03");
	has(&bytes, "AddtlInf", 2, "iban: IBAN_CHECKSUM: wrong <digits>.");
	has(&bytes, "TxSts", 2, "ACTC");
	has(&bytes, "AddtlInf", 3, "warning: reference: REFERENCE_DUPLICATE: paid in batch OCT.");
	has(&bytes, "TxSts", 3, "ACTC");
	has(&bytes, "Cd", 3, NULL);
	has(&bytes, "AddtlInf", 4, "warning: country: COUNTRY_UNSUPPORTED: may not be served. Ask.");
	has(&bytes, "InstdAmt", 3, "12.50");
	buf_release(&bytes);
}

static void a_message_refused_as_a_whole_lists_what_is_wrong(void **state)
{
	struct error_report_head head = head_of(true);
	struct buf bytes;

	(void)state;
	head.repeats = 0;
	head.good = 3;
	bytes = written(&head, 0, SAMPLES);
	has(&bytes, "GrpSts", 0, "RJCT");
	has(&bytes, "PmtInfSts", 0, "RJCT");
	has(&bytes, "AddtlInf", 0, "refused as a whole, nothing of it was taken: 1 of 4 transactions are rejected");
	has(&bytes, "Cd", 1, "AM10");
	assert_int_equal(pain002_count(bytes.data, bytes.len, "TxInfAndSts"), 1);
	has(&bytes, "OrgnlEndToEndId", 0, "INV-2");
	has(&bytes, "TxSts", 0, "RJCT");
	buf_release(&bytes);
}

/* Its payout lives: a sender that is told of a refusal would pay it by other means. */
static void a_repeat_is_never_refused_with_its_message(void **state)
{
	static const char *const statuses[] = {"RJCT", "RJCT", "ACTC", "RJCT"};
	const struct error_report_head head = head_of(true);
	struct buf bytes = written(&head, 0, SAMPLES);

	(void)state;
	has(&bytes, "GrpSts", 0, "PART");
	has(&bytes, "PmtInfSts", 0, NULL);
	assert_int_equal(pain002_count(bytes.data, bytes.len, "TxInfAndSts"), SAMPLES);
	for (size_t i = 0; i < SAMPLES; i++)
		has(&bytes, "TxSts", (int)i, statuses[i]);
	has(&bytes, "AddtlInf", 3, "refused with its message");
	buf_release(&bytes);
}

static void a_message_without_a_good_transaction_is_rejected(void **state)
{
	struct error_report_head head = head_of(false);
	struct buf bytes;

	(void)state;
	head.rows = 1;
	head.good = 0;
	head.repeats = 0;
	bytes = written(&head, 1, 2);
	has(&bytes, "GrpSts", 0, "RJCT");
	has(&bytes, "PmtInfSts", 0, "RJCT");
	buf_release(&bytes);
}

static void many_findings_of_a_row_are_many_reasons(void **state)
{
	const struct error_report_head head = head_of(false);
	struct finding findings[100];
	struct error_report report;
	struct row row = {.number = 1, .origin = {.payment = 1, .payment_id = TEXT("P")}};
	struct fault fault = {0};
	struct buf bytes = {0};

	(void)state;
	for (size_t i = 0; i < 100; i++)
		findings[i] = samples[1].findings[0];
	assert_true(error_report_begin(&report, path, &head, &fault));
	error_report_row(&report, &row, findings, 100);
	assert_true(error_report_commit(&report, &fault));
	assert_true(file_read(path, 1 << 20, &bytes, NULL, &fault));
	unlink(path);
	assert_string_equal(pain002_check(bytes.data, bytes.len), "");
	assert_int_equal(pain002_count(bytes.data, bytes.len, "StsRsnInf"), 1 + 80);
	buf_release(&bytes);
}

static void what_was_abandoned_leaves_nothing(void **state)
{
	const struct error_report_head head = head_of(true);
	struct error_report report;
	struct fault fault = {0};

	(void)state;
	assert_true(error_report_begin(&report, path, &head, &fault));
	add_rows(&report, 0, SAMPLES);
	error_report_abandon(&report);
	assert_int_equal(access(path, F_OK), -1);
	assert_false(error_report_begin(&report, "/nowhere/at/all.xml", &head, &fault));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_taken_in_part_lists_all_its_transactions),
		cmocka_unit_test(a_message_refused_as_a_whole_lists_what_is_wrong),
		cmocka_unit_test(a_repeat_is_never_refused_with_its_message),
		cmocka_unit_test(a_message_without_a_good_transaction_is_rejected),
		cmocka_unit_test(many_findings_of_a_row_are_many_reasons),
		cmocka_unit_test(what_was_abandoned_leaves_nothing),
	};

	snprintf(path, sizeof(path), "%s/errors.%d.xml", getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp",
		(int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
