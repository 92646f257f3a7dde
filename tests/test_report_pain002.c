/* The status report of a batch, from the journal to the file. */
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

#include "base/file.h"
#include "stages/report.h"
#include "tests/support/filled.h"
#include "tests/support/pain002_check.h"

#define WALLET "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"
#define LONG_40 "A123456789-B123456789-C123456789-D123456"

#define ROW(name, currency, decimals, minor, state, code, why)                                                         \
	{                                                                                                              \
		0, name, "Ann", WALLET, currency, "", decimals, minor, state, code, why                                \
	}

/* With what must come out of each, in version 10. */
static const struct {
	struct filled_row row;
	const char *status, *reason, *proprietary, *words;
} november[] = {
	{ROW("INV-1", "USD", 2, 1250, PAYOUT_PAID, "", ""), "ACSC", NULL, NULL, NULL},
	{ROW("INV-2", "USD", 2, 100, PAYOUT_FAILED, "AC01", "no such account"), "RJCT", "AC01", NULL,
		"no such account"},
	{ROW("INV-3", "USD", 2, 100, PAYOUT_FAILED, "", ""), "RJCT", "MS03", NULL, NULL},
	{ROW("INV-4", "USD", 2, 100, PAYOUT_FAILED, "VALIDATION_016", "no"), "RJCT", NULL, "VALIDATION_016", "no"},
	{ROW("", "", 0, 0, PAYOUT_REJECTED, "AMOUNT_SYNTAX", "not a number"), "RJCT", "AM12", NULL,
		"AMOUNT_SYNTAX: not a number"},
	{ROW("INV-6", "USD", 2, 100, PAYOUT_DUPLICATE, "REFERENCE_DUPLICATE", "is row 2"), "RJCT", "AM05", NULL,
		"REFERENCE_DUPLICATE: is row 2"},
	{ROW("INV-7", "USD", 2, 100, PAYOUT_HELD, "HOLD", "held as asked"), "PDNG", NULL, "HOLD", "held as asked"},
	{ROW("INV-8", "USD", 2, 100, PAYOUT_READY, "", ""), "ACCP", NULL, NULL, NULL},
	{ROW("INV-9", "USD", 2, 100, PAYOUT_RETURNED, "AC04", "closed"), "RJCT", "AC04", NULL,
		"paid and returned: closed"},
	{ROW("INV-10", "JPY", 0, 5000, PAYOUT_UNKNOWN, "", ""), "PDNG", NULL, NULL,
		"sent, and its outcome is not known yet"},
	{ROW("INV-11", "USD", 2, 100, PAYOUT_ACCEPTED, "", ""), "ACSP", NULL, NULL, NULL},
	{ROW("INV-12", "USD", 2, 100, PAYOUT_CANCELED, "CANCELED_BY_PERSON", "a mistake"), "CANC", "DS02", NULL,
		"CANCELED_BY_PERSON: a mistake"},
};
#define NOVEMBER (sizeof(november) / sizeof(november[0]))

static int64_t receive(struct filled *filled, const char *name)
{
	struct filled_row rows[NOVEMBER];

	for (size_t i = 0; i < NOVEMBER; i++) {
		rows[i] = november[i].row;
		rows[i].channel = filled->circle;
	}
	return filled_batch(filled, name, rows, NOVEMBER);
}

/* The report, which has the schema's form. */
static struct buf report(struct filled *filled, struct report_options options)
{
	char *path = file_join(filled->folder, "out.xml");
	struct fault fault = {0};
	struct buf bytes = {0};
	struct stat status;

	options.path = path;
	filled_must(report_write(&filled->stage, &options, &fault), &fault);
	filled_must(file_read(path, 1 << 24, &bytes, NULL, &fault), &fault);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	unlink(path);
	free(path);
	assert_string_equal(pain002_check(bytes.data, bytes.len), "");
	return bytes;
}

static void has(const struct buf *bytes, const char *name, int nth, const char *expected)
{
	const char *text = pain002_find(bytes->data, bytes->len, name, nth, NULL);

	assert_non_null(text);
	assert_string_equal(text, expected);
}

static int count(const struct buf *bytes, const char *name)
{
	return pain002_count(bytes->data, bytes->len, name);
}

/* The nth transaction as a text of its own. */
static struct buf transaction(const struct buf *bytes, size_t nth)
{
	const char *at = bytes->data, *end;
	struct buf one = {0};

	for (size_t i = 0; i <= nth; i++) {
		at = strstr(at + 1, "<TxInfAndSts>");
		assert_non_null(at);
	}
	end = strstr(at, "</TxInfAndSts>");
	assert_non_null(end);
	buf_add(&one, at, (size_t)(end - at) + strlen("</TxInfAndSts>"));
	return one;
}

static void expect(const struct buf *one, const char *name, const char *expected)
{
	const char *text = pain002_find(one->data, one->len, name, 0, NULL);

	if (expected == NULL)
		assert_null(text);
	else
		has(one, name, 0, expected);
}

static void each_payout_has_the_status_of_its_state_and_the_reason_for_it(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, LONG_40);
	struct buf bytes = report(filled, (struct report_options){.batch = batch, .format = "pain.002"});

	assert_non_null(strstr(bytes.data, "pain.002.001.10"));
	has(&bytes, "OrgnlMsgId", 0, "A123456789-B123456789-C123456789-D1");
	has(&bytes, "OrgnlPmtInfId", 0, "A123456789-B123456789-C123456789-D1");
	has(&bytes, "OrgnlNbOfTxs", 0, "12");
	has(&bytes, "GrpSts", 0, "PART");
	assert_int_equal(count(&bytes, "PmtInfSts"), 0);
	assert_int_equal(count(&bytes, "TxInfAndSts"), NOVEMBER);
	for (size_t i = 0; i < NOVEMBER; i++) {
		struct buf one = transaction(&bytes, i);

		expect(&one, "TxSts", november[i].status);
		expect(&one, "Cd", november[i].reason);
		expect(&one, "Prtry", november[i].proprietary);
		expect(&one, "AddtlInf", november[i].words);
		expect(&one, "OrgnlEndToEndId",
			november[i].row.reference[0] != '\0' ? november[i].row.reference : NULL);
		buf_release(&one);
	}
	has(&bytes, "InstdAmt", 0, "12.50");
	assert_null(strstr(bytes.data, WALLET));
	buf_release(&bytes);
}

static void version_03_says_canceled_as_rejected(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	struct buf bytes = report(filled, (struct report_options){.batch = batch, .format = "pain.002.001.03"});
	struct buf one = transaction(&bytes, NOVEMBER - 1);

	assert_non_null(strstr(bytes.data, "xsd:pain.002.001.03"));
	expect(&one, "TxSts", "RJCT");
	expect(&one, "Cd", "DS02");
	buf_release(&one);
	buf_release(&bytes);
}

static void filters_choose_what_is_listed_and_leave_the_group_as_it_is(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	struct buf bytes = report(filled,
		(struct report_options){.batch = batch, .format = "pain.002", .states = STATE_SET(PAYOUT_PAID)});

	assert_int_equal(count(&bytes, "TxInfAndSts"), 1);
	has(&bytes, "TxSts", 0, "ACSC");
	has(&bytes, "GrpSts", 0, "PART");
	has(&bytes, "OrgnlNbOfTxs", 0, "12");
	buf_release(&bytes);
	bytes = report(filled, (struct report_options){.batch = batch, .format = "pain.002", .channel = "nobody"});
	assert_int_equal(count(&bytes, "OrgnlPmtInfAndSts"), 0);
	buf_release(&bytes);
}

static void a_status_report_is_about_one_batch(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november");
	char *path = file_join(filled->folder, "none.xml");
	const struct report_options refused[] = {
		{.format = "pain.002", .path = path},
		{.format = "pain.002.001.03", .path = path},
		{.path = path}, /* by its ending */
		{.batch = batch, .format = "pain.002", .path = path, .from_utc_ms = 1},
		{.batch = batch, .format = "pain.002", .path = path, .to_utc_ms = INT64_MAX},
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct fault fault = {0};

		assert_false(report_write(&filled->stage, &refused[i], &fault));
		assert_int_equal(fault.kind, FAULT_USAGE);
		assert_non_null(strstr(fault.message, "pain.002"));
		assert_int_equal(access(path, F_OK), -1);
	}
	free(path);
}

static void the_message_has_a_new_id_when_time_or_journal_have_moved(void **state)
{
	struct filled *filled = *state;
	struct report_options options = {.batch = receive(filled, "november"), .format = "pain.002"};
	struct buf first = report(filled, options), second = report(filled, options);
	char id[64];

	assert_string_equal(first.data, second.data);
	snprintf(id, sizeof(id), "%s", pain002_find(first.data, first.len, "MsgId", 0, NULL));
	buf_release(&second);
	filled_batch(filled, "december", /* moves the chain */
		&(struct filled_row){filled->circle, "DEC-1", "Ann", WALLET, "USD", "", 2, 7, PAYOUT_READY, "", ""}, 1);
	second = report(filled, options);
	assert_string_not_equal(pain002_find(second.data, second.len, "MsgId", 0, NULL), id);
	buf_release(&second);
	buf_release(&first);
}

/* --- a batch that came as a message ------------------------------------------------------------------------------- */

#define UUID "b4c1a2f0-52ad-4d4c-8c0d-1f8a0a5f8a11"

static const struct origin places[] = {
	{.payment = 1,
		.payment_id = {"PAY-1", 5},
		.payment_count = {"2", 1},
		.payment_total = {"25.00", 5},
		.instruction_id = {"I-1", 3},
		.end_to_end_id = {"INV-1", 5}},
	{.payment = 1, .payment_id = {"PAY-1", 5}, .end_to_end_id = {"NOTPROVIDED", 11}, .uetr = {UUID, 36}},
	{.payment = 2, .payment_id = {"PAY-1", 5}, .end_to_end_id = {"INV-3", 5}},
};
#define PLACES (sizeof(places) / sizeof(places[0]))

static int64_t receive_message(struct filled *filled, const char *name)
{
	struct origin_message message = {text_of(name), TEXT("MSG-1"), TEXT(""), TEXT("3"), TEXT("37.5")};
	struct journal_batch batch = {.name = "MSG-1", .format = TEXT("pain.001"), .message = &message};
	struct journal *journal = filled->stage.journal;
	struct fault fault = {0};
	bool taken;

	filled_must(journal_begin(journal, &fault), &fault);
	filled_must(journal_batch_add(journal, &batch, &taken, &fault), &fault);
	for (size_t i = 0; i < PLACES; i++) {
		struct journal_payout row = {
			.batch = batch.id,
			.row = (int64_t)i + 1,
			.channel = filled->circle,
			.reference = places[i].end_to_end_id,
			.currency = TEXT("EUR"),
			.decimals = 2,
			.amount_minor = 1250,
			.state = PAYOUT_REJECTED,
			.reason_code = TEXT("IBAN_CHECKSUM"),
			.origin = &places[i],
		};

		filled_must(journal_payout_add(journal, &row, &fault), &fault);
	}
	filled_must(journal_batch_seal(journal, &batch, &fault), &fault);
	filled_must(journal_commit(journal, &fault), &fault);
	return batch.id;
}

static void a_message_is_answered_in_its_own_names(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive_message(filled, "pain.001.001.09");
	struct buf bytes = report(filled, (struct report_options){.batch = batch, .format = "pain.002"});

	assert_non_null(strstr(bytes.data, "xsd:pain.002.001.10"));
	has(&bytes, "OrgnlMsgId", 0, "MSG-1");
	has(&bytes, "OrgnlMsgNmId", 0, "pain.001.001.09");
	has(&bytes, "OrgnlNbOfTxs", 0, "3");
	has(&bytes, "OrgnlCtrlSum", 0, "37.5");
	has(&bytes, "GrpSts", 0, "RJCT");
	assert_int_equal(count(&bytes, "OrgnlPmtInfAndSts"), 2); /* of one name */
	has(&bytes, "OrgnlPmtInfId", 1, "PAY-1");
	has(&bytes, "OrgnlNbOfTxs", 1, "2");
	has(&bytes, "OrgnlCtrlSum", 1, "25.00");
	has(&bytes, "PmtInfSts", 1, "RJCT");
	has(&bytes, "StsId", 2, "3");
	has(&bytes, "OrgnlInstrId", 0, "I-1");
	has(&bytes, "OrgnlEndToEndId", 1, "NOTPROVIDED");
	has(&bytes, "OrgnlUETR", 0, UUID);
	has(&bytes, "Cd", 0, "AC03");
	buf_release(&bytes);
}

static void an_older_message_is_answered_in_version_03(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive_message(filled, "pain.001.003.03");
	struct buf bytes = report(filled, (struct report_options){.batch = batch}); /* by the ending */

	assert_non_null(strstr(bytes.data, "xsd:pain.002.001.03"));
	has(&bytes, "OrgnlMsgNmId", 0, "pain.001.003.03");
	assert_int_equal(count(&bytes, "OrgnlUETR"), 0);
	buf_release(&bytes);
	bytes = report(filled, (struct report_options){.batch = batch, .format = "pain.002.001.10"});
	assert_int_equal(count(&bytes, "OrgnlUETR"), 1);
	buf_release(&bytes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, filled_begin, filled_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_payout_has_the_status_of_its_state_and_the_reason_for_it),
		TEST(version_03_says_canceled_as_rejected),
		TEST(filters_choose_what_is_listed_and_leave_the_group_as_it_is),
		TEST(a_status_report_is_about_one_batch),
		TEST(the_message_has_a_new_id_when_time_or_journal_have_moved),
		TEST(a_message_is_answered_in_its_own_names),
		TEST(an_older_message_is_answered_in_version_03),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
