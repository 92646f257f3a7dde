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
#include <jansson.h>

#include "base/arena.h"
#include "base/file.h"
#include "stages/report.h"
#include "tests/support/filled.h"
#include "values/report_line.h"

#define WALLET "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"

static const struct filled_row november[] = {
	{0, "INV-1", "Jane Doe", WALLET, "USDT_TRX", "salary", 6, 12500000, PAYOUT_PAID, "", ""},
	{0, "INV-2", "J\xC3\x96RG \"X\" Doe", WALLET, "USDT_TRX", "", 6, 1, PAYOUT_FAILED, "AC01", "no such, address"},
	{-1, "", "", "", "", "", 0, 0, PAYOUT_REJECTED, "AMOUNT_SYNTAX", "the amount is no number"},
	{0, "=1+1", "-Jane", WALLET, "USDT_TRX", "", 6, 500000, PAYOUT_DUPLICATE, "", "is row 2 of batch october"},
	{0, "INV-5", "Max", WALLET, "BTC", "", 8, 100000000, PAYOUT_HELD, "HOLD", "as asked"},
	{0, "+INV-6",
		"\xEF\xBC\x9D"
		"Max",
		WALLET, "BTC", "", 8, 1, PAYOUT_READY, "", ""},
	{1, "INV-7", "ZO\xC3\x8B", "DE89370400440532013000", "USD", "PMT008", 2, 1250, PAYOUT_RETURNED, "AC04",
		"closed"},
	{1, "INV-8", "Zo\xC3\xAB", "DE89370400440532013000", "JPY", "", 0, 5000, PAYOUT_UNKNOWN, "", ""},
	{1, "INV-9", "Ann", "short", "USD", "", 2, 100, PAYOUT_ACCEPTED, "", ""},
};
#define NOVEMBER (sizeof(november) / sizeof(november[0]))

/* The table's channels are 0 calypso, 1 circle, -1 none. */
static int64_t receive(struct filled *filled, const char *name, const struct filled_row *rows, size_t count)
{
	struct filled_row *own = memory_new(count * sizeof(*own));
	int64_t id;

	for (size_t i = 0; i < count; i++) {
		own[i] = rows[i];
		own[i].channel = rows[i].channel < 0 ? 0 : rows[i].channel > 0 ? filled->circle : filled->calypso;
	}
	id = filled_batch(filled, name, own, count);
	free(own);
	return id;
}

static struct buf report(struct filled *filled, struct report_options options)
{
	char *path = file_join(filled->folder, "out");
	struct fault fault = {0};
	struct buf bytes = {0};

	options.path = path;
	filled_must(report_write(&filled->stage, &options, &fault), &fault);
	filled_must(file_read(path, 256 << 20, &bytes, NULL, &fault), &fault);
	free(path);
	return bytes;
}

/* Cell `column` of the line after the header; plain cells only. */
static void assert_csv_cell(const struct buf *csv, int line, enum report_column column, const char *wanted)
{
	const char *at = buf_str(csv);
	char cell[128];
	size_t len;

	for (; line >= 0; line--)
		at = strstr(at, "\r\n") + 2;
	for (unsigned i = 0; i < (unsigned)column; i++)
		at = strchr(at, ',') + 1;
	len = strcspn(at, ",\r");
	snprintf(cell, sizeof(cell), "%.*s", (int)len, at);
	assert_string_equal(cell, wanted);
}

static void a_line_says_all_that_the_journal_knows_of_a_payout(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november", november, NOVEMBER);
	struct buf csv = report(filled, (struct report_options){.batch = batch, .format = "csv"});
	struct key key = key_derive(filled->sha, TEXT("acme"), PROVIDER_CALYPSO, TEXT("INV-1"), 1);
	char key_string[KEY_TEXT_SIZE];

	key_text(&key, key_string);
	assert_csv_cell(&csv, 0, REPORT_BATCH_ID, "november");
	assert_csv_cell(&csv, 0, REPORT_ROW, "2");
	assert_csv_cell(&csv, 0, REPORT_REFERENCE, "INV-1");
	assert_csv_cell(&csv, 0, REPORT_CHANNEL, "calypso");
	assert_csv_cell(&csv, 0, REPORT_PROVIDER, "calypso");
	assert_csv_cell(&csv, 0, REPORT_BENEFICIARY_NAME, "Jane Doe");
	assert_csv_cell(&csv, 0, REPORT_DESTINATION, "****RTv8");
	assert_csv_cell(&csv, 0, REPORT_AMOUNT, "12.5");
	assert_csv_cell(&csv, 0, REPORT_CURRENCY, "USDT_TRX");
	assert_csv_cell(&csv, 0, REPORT_PURPOSE, "salary");
	assert_csv_cell(&csv, 0, REPORT_IDEMPOTENCY_KEY, key_string);
	assert_csv_cell(&csv, 0, REPORT_ATTEMPT, "1");
	assert_csv_cell(&csv, 0, REPORT_STATE, "paid");
	assert_csv_cell(&csv, 0, REPORT_PROVIDER_STATUS, "SUCCESS");
	assert_csv_cell(&csv, 0, REPORT_TRACKING_REF, "0xabc");
	assert_csv_cell(&csv, 0, REPORT_FEE, "0.5");
	assert_csv_cell(&csv, 0, REPORT_CREATED_AT, "2026-11-20T08:30:00Z");
	assert_csv_cell(&csv, 0, REPORT_SUBMITTED_AT, "2026-11-20T08:30:00Z");
	assert_csv_cell(&csv, 0, REPORT_ACCEPTED_AT, "2026-11-20T08:30:01Z");
	assert_csv_cell(&csv, 0, REPORT_SETTLED_AT, "2026-11-20T08:30:02Z");
	assert_csv_cell(&csv, 0, REPORT_MATCH, "");
	assert_csv_cell(&csv, 0, REPORT_FILE, "november.csv");
	assert_csv_cell(&csv, 0, REPORT_SUBMITTED_BY, "anna");
	assert_csv_cell(&csv, 0, REPORT_APPROVED_BY, "");
	buf_release(&csv);
}

static void rows_without_an_attempt_have_their_own_reason_and_no_key(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november", november, NOVEMBER);
	struct buf csv = report(filled, (struct report_options){.batch = batch, .format = "csv", .raw = true});

	assert_csv_cell(&csv, 2, REPORT_STATE, "rejected");
	assert_csv_cell(&csv, 2, REPORT_REASON_CODE, "AMOUNT_SYNTAX");
	assert_csv_cell(&csv, 2, REPORT_CHANNEL, "");
	assert_csv_cell(&csv, 2, REPORT_AMOUNT, "");
	assert_csv_cell(&csv, 2, REPORT_IDEMPOTENCY_KEY, "");
	assert_csv_cell(&csv, 2, REPORT_ATTEMPT, "");
	assert_csv_cell(&csv, 2, REPORT_DESTINATION, "");
	assert_csv_cell(&csv, 3, REPORT_STATE, "duplicate");
	assert_csv_cell(&csv, 3, REPORT_REFERENCE, "=1+1");
	assert_csv_cell(&csv, 3, REPORT_ATTEMPT, "");
	assert_csv_cell(&csv, 4, REPORT_STATE, "held");
	assert_csv_cell(&csv, 4, REPORT_REASON_CODE, "HOLD");
	assert_csv_cell(&csv, 4, REPORT_ATTEMPT, "1");
	assert_csv_cell(&csv, 4, REPORT_AMOUNT, "1");
	assert_csv_cell(&csv, 5, REPORT_AMOUNT, "0.00000001");
	assert_csv_cell(&csv, 6, REPORT_AMOUNT, "12.50");
	assert_csv_cell(&csv, 6, REPORT_DESTINATION, "****3000");
	assert_csv_cell(&csv, 6, REPORT_RETURNED_AT, "2026-11-20T08:30:03Z");
	assert_csv_cell(&csv, 7, REPORT_AMOUNT, "5000");
	assert_csv_cell(&csv, 8, REPORT_DESTINATION, "****rt");
	buf_release(&csv);
}

static void unmask_shows_destinations_and_raw_leaves_formulas(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november", november, NOVEMBER);
	struct buf guarded = report(filled, (struct report_options){.batch = batch, .format = "csv"});
	struct buf open = report(filled, (struct report_options){.batch = batch, .format = "csv", .unmask = true});

	assert_csv_cell(&guarded, 3, REPORT_REFERENCE, "'=1+1");
	assert_csv_cell(&guarded, 3, REPORT_BENEFICIARY_NAME, "'-Jane");
	assert_csv_cell(&guarded, 5, REPORT_REFERENCE, "'+INV-6");
	assert_null(strstr(buf_str(&guarded), WALLET));
	assert_csv_cell(&open, 0, REPORT_DESTINATION, WALLET);
	buf_release(&guarded);
	buf_release(&open);
}

static int count_payouts(struct filled *filled, struct report_options options)
{
	json_error_t error;
	struct buf json;
	json_t *root;
	int count;

	options.format = "json";
	json = report(filled, options);
	root = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(root);
	count = (int)json_array_size(json_object_get(root, "payouts"));
	json_decref(root);
	buf_release(&json);
	return count;
}

static void filters_leave_out_what_they_do_not_name(void **state)
{
	static const struct {
		struct report_options options;
		int count;
	} table[] = {
		{{.channel = NULL}, NOVEMBER + 1},
		{{.channel = "calypso"}, 6},
		{{.channel = "circle-wire"}, 3},
		{{.channel = "circle"}, 0},
		{{.states = STATE_SET(PAYOUT_PAID)}, 2},
		{{.states = STATE_SET(PAYOUT_REJECTED) | STATE_SET(PAYOUT_UNKNOWN)}, 2},
		{{.beneficiary = "doe"}, 3},
		{{.beneficiary = "j\xC3\xB6rg"}, 1},
		{{.beneficiary = "ZO\xC3\x8B"}, 2},
		{{.beneficiary = "zo\x65\xCC\x88"}, 2},
		{{.beneficiary = "Doe", .states = STATE_SET(PAYOUT_FAILED)}, 1},
		{{.from_utc_ms = FILLED_NOW}, NOVEMBER + 1},
		{{.from_utc_ms = FILLED_NOW + 1}, 1},
		{{.to_utc_ms = FILLED_NOW + 1}, NOVEMBER},
		{{.to_utc_ms = FILLED_NOW}, 0},
		{{.batch = 1, .from_utc_ms = FILLED_NOW + 1}, 0},
		{{.batch = 2, .from_utc_ms = FILLED_NOW + 1}, 1},
	};
	struct filled *filled = *state;

	assert_int_equal(receive(filled, "november", november, NOVEMBER), 1);
	filled->now += 86400000;
	receive(filled, "december",
		&(struct filled_row){0, "DEC-1", "Doe", WALLET, "BTC", "", 8, 7, PAYOUT_PAID, "", ""}, 1);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (count_payouts(filled, table[i].options) != table[i].count)
			fail_msg("filter %zu lists %d", i, count_payouts(filled, table[i].options));
}

static void json_is_what_the_journal_says(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november", november, NOVEMBER);
	struct buf json = report(filled, (struct report_options){.batch = batch, .format = "json"});
	json_error_t error;
	json_t *root = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, &error);
	json_t *own = json_object_get(root, "batch");
	int64_t seq;
	char head[65];

	assert_non_null(root);
	journal_head(filled->stage.journal, &seq, head);
	assert_string_equal(json_string_value(json_object_get(own, "id")), "november");
	assert_string_equal(json_string_value(json_object_get(own, "file")), "november.csv");
	assert_string_equal(json_string_value(json_object_get(own, "received_at")), "2026-11-20T08:30:00Z");
	assert_string_equal(json_string_value(json_object_get(own, "received_by")), "anna");
	assert_int_equal(json_integer_value(json_object_get(own, "rows")), NOVEMBER);
	assert_true(json_is_true(json_object_get(root, "balanced")));
	assert_string_equal(json_string_value(json_object_get(root, "head")), head);
	assert_null(json_object_get(root, "listed"));
	json_decref(root);
	buf_release(&json);
}

/* Adds the payouts of a JSON report up anew, by their printed amounts. */
static struct report_totals add_up(const json_t *payouts)
{
	struct report_totals totals = {0};
	size_t index;
	json_t *payout;

	json_array_foreach(payouts, index, payout)
	{
		const char *currency = json_string_value(json_object_get(payout, "currency"));
		const char *amount = json_string_value(json_object_get(payout, "amount"));
		const char *point = strchr(amount, '.');
		struct report_total one = {.decimals = currency[0] == 'U' ? 6 : currency[0] == 'B' ? 8 : 2, .count = 1};
		char digits[40];

		snprintf(one.currency, sizeof(one.currency), "%s", currency);
		if (strcmp(currency, "") == 0)
			one.decimals = 0;
		assert_true(state_parse(text_of(json_string_value(json_object_get(payout, "state"))), &one.state));
		snprintf(digits, sizeof(digits), "%.*s%s%0*d",
			(int)(point != NULL ? (size_t)(point - amount) : strlen(amount)), amount,
			point != NULL ? point + 1 : "", (int)(one.decimals - (point != NULL ? strlen(point + 1) : 0)),
			0);
		if (point != NULL && strlen(point + 1) == one.decimals)
			digits[strlen(digits) - 1] = '\0'; /* %0*d of width 0 still writes a digit */
		one.minor = strtoll(digits, NULL, 10);
		if (amount[0] == '\0')
			one.minor = 0;
		assert_true(report_totals_add(&totals, &one));
	}
	return totals;
}

static void random_rows(struct filled_row *rows, char (*references)[32], size_t count)
{
	static const enum payout_state states[] = {PAYOUT_REJECTED, PAYOUT_DUPLICATE, PAYOUT_HELD, PAYOUT_READY,
		PAYOUT_SENDING, PAYOUT_UNKNOWN, PAYOUT_ACCEPTED, PAYOUT_PAID, PAYOUT_FAILED, PAYOUT_RETURNED,
		PAYOUT_CANCELED};
	static const struct {
		const char *currency;
		unsigned decimals;
		int64_t channel;
	} currencies[] = {{"USDT_TRX", 6, 0}, {"BTC", 8, 0}, {"EUR", 2, 1}};
	unsigned seed = 4711;

	for (size_t i = 0; i < count; i++) {
		unsigned kind = (unsigned)rand_r(&seed) % 3;

		snprintf(references[i], sizeof(references[i]), "R-%zu", i);
		rows[i] = (struct filled_row){
			.channel = currencies[kind].channel,
			.reference = references[i],
			.name = "Somebody",
			.destination = WALLET,
			.currency = currencies[kind].currency,
			.decimals = currencies[kind].decimals,
			.amount_minor = 1 + rand_r(&seed) % 100000000,
			.state = states[(unsigned)rand_r(&seed) % 11],
		};
		if (rows[i].state == PAYOUT_REJECTED && i % 2 == 0) {
			rows[i].currency = "";
			rows[i].decimals = 0;
			rows[i].amount_minor = 0;
		}
	}
}

static const struct report_total *total_of(const struct report_totals *totals, const struct journal_total *wanted)
{
	for (size_t i = 0; i < totals->count; i++)
		if (strcmp(totals->list[i].currency, wanted->currency) == 0 && totals->list[i].state == wanted->state)
			return &totals->list[i];
	return NULL;
}

static void totals_of_the_payouts_are_those_of_the_journal(void **state)
{
	enum { COUNT = 500 };
	struct filled *filled = *state;
	struct filled_row *rows = memory_new(COUNT * sizeof(*rows));
	char(*references)[32] = memory_new(COUNT * sizeof(*references));
	struct journal_sums sums;
	struct report_totals totals;
	struct arena arena = {0};
	struct fault fault = {0};
	struct buf json;
	json_error_t error;
	json_t *root;
	int64_t batch;

	random_rows(rows, references, COUNT);
	batch = receive(filled, "random", rows, COUNT);
	json = report(filled, (struct report_options){.batch = batch, .format = "json"});
	root = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(root);
	totals = add_up(json_object_get(root, "payouts"));
	filled_must(journal_sums(filled->stage.journal, batch, &arena, &sums, &fault), &fault);
	assert_true(sums.balanced);
	assert_int_equal(sums.by_state_count, totals.count);
	assert_int_equal(json_array_size(json_object_get(root, "totals")), totals.count);
	for (int i = 0; i < sums.by_state_count; i++) {
		const struct report_total *total = total_of(&totals, &sums.by_state[i]);

		assert_non_null(total);
		assert_int_equal(total->count, sums.by_state[i].count);
		assert_int_equal(total->minor, sums.by_state[i].minor);
	}
	json_decref(root);
	buf_release(&json);
	report_totals_release(&totals);
	arena_release(&arena);
	free(rows);
	free(references);
}

static void text_shows_batch_payouts_and_sums(void **state)
{
	struct filled *filled = *state;
	int64_t batch = receive(filled, "november", november, NOVEMBER);
	struct buf text = report(filled, (struct report_options){.batch = batch});

	assert_non_null(strstr(buf_str(&text), "Batch     november\n"));
	assert_non_null(strstr(buf_str(&text), "Received  2026-11-20T08:30:00Z\nBy        anna\nRows      9\n"));
	assert_non_null(
		strstr(buf_str(&text), "  2  INV-1      Jane Doe      ****RTv8           12.5  USDT_TRX  paid"));
	assert_non_null(strstr(buf_str(&text), "AC01: no such, address"));
	assert_non_null(strstr(buf_str(&text), "The sums agree."));
	buf_release(&text);
}

static void the_format_is_the_option_or_the_ending_or_text(void **state)
{
	static const struct {
		const char *format, *name, *start; /* start NULL: refused */
	} table[] = {
		{"csv", "a.json", "batch_id,"},
		{"json", "a", "{\"batch\":"},
		{NULL, "a.csv", "batch_id,"},
		{NULL, "a.JSON", "{\"batch\":"},
		{NULL, "a.txt", "No payouts."},
		{NULL, "a.report", "No payouts."},
		{"html", "a", NULL},
		{"xlsx", "a.csv", "PK"},
		{NULL, "a.html", NULL},
		{NULL, "a.XLSX", "PK"},
		{NULL, "a.xml", NULL}, /* a status report is of one batch: test_report_pain002.c */
		{"pdf", "a", NULL},
		{"", "a", NULL},
	};
	struct filled *filled = *state;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *path = file_join(filled->folder, table[i].name);
		struct report_options options = {.format = table[i].format, .path = path};
		struct fault fault = {0};
		struct buf bytes = {0};
		bool done = report_write(&filled->stage, &options, &fault);

		assert_int_equal(done, table[i].start != NULL);
		if (done) {
			filled_must(file_read(path, 1 << 20, &bytes, NULL, &fault), &fault);
			assert_true(text_starts(buf_text(&bytes), text_of(table[i].start)));
			unlink(path);
		} else {
			assert_int_equal(fault.kind, FAULT_USAGE);
			assert_int_equal(access(path, F_OK), -1);
		}
		buf_release(&bytes);
		free(path);
	}
}

static void a_report_that_cannot_be_written_leaves_the_old_one(void **state)
{
	struct filled *filled = *state;
	struct report_options options = {.format = "csv", .path = "/dev/full"};
	char *path = file_join(filled->folder, "old.csv");
	char *nowhere = file_join(filled->folder, "no/such/folder.csv");
	struct fault full = {0}, missing = {0}, stopped = {0};
	struct filled_row *rows = memory_new(2000 * sizeof(*rows));
	char(*references)[32] = memory_new(2000 * sizeof(*references));
	struct buf bytes = {0};

	random_rows(rows, references, 2000);
	receive(filled, "random", rows, 2000);
	assert_false(report_write(&filled->stage, &options, &full));
	assert_string_equal(full.code, "DISK_FULL");
	options.path = nowhere;
	assert_false(report_write(&filled->stage, &options, &missing));
	assert_string_equal(missing.code, "OUTPUT_FAILED");
	assert_true(file_replace(path, TEXT("old"), false, &missing));
	filled->stop.count = 1;
	options.path = path;
	assert_false(report_write(&filled->stage, &options, &stopped));
	assert_int_equal(stopped.kind, FAULT_STOPPED);
	assert_true(file_read(path, 100, &bytes, NULL, &stopped));
	assert_string_equal(buf_str(&bytes), "old");
	buf_release(&bytes);
	free(rows);
	free(references);
	free(path);
	free(nowhere);
}

static void standard_output_stays_open_and_is_never_replaced(void **state)
{
	struct filled *filled = *state;
	char *path = file_join(filled->folder, "stdout");
	FILE *target = fopen(path, "w");
	struct report_options options = {.format = "csv"};
	struct fault fault = {0};
	struct buf bytes = {0};
	int own = dup(STDOUT_FILENO);
	bool done;

	fflush(stdout);
	assert_int_equal(dup2(fileno(target), STDOUT_FILENO), STDOUT_FILENO);
	done = report_write(&filled->stage, &options, &fault);
	assert_int_equal(write(STDOUT_FILENO, "more", 4), 4);
	dup2(own, STDOUT_FILENO);
	close(own);
	fclose(target);
	filled_must(done, &fault);
	filled_must(file_read(path, 1 << 20, &bytes, NULL, &fault), &fault);
	assert_true(text_starts(buf_text(&bytes), TEXT("batch_id,row,")));
	assert_string_equal(bytes.data + bytes.len - 6, "\r\nmore");
	buf_release(&bytes);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_line_says_all_that_the_journal_knows_of_a_payout, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			rows_without_an_attempt_have_their_own_reason_and_no_key, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			unmask_shows_destinations_and_raw_leaves_formulas, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(filters_leave_out_what_they_do_not_name, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(json_is_what_the_journal_says, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			totals_of_the_payouts_are_those_of_the_journal, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(text_shows_batch_payouts_and_sums, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			the_format_is_the_option_or_the_ending_or_text, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			a_report_that_cannot_be_written_leaves_the_old_one, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			standard_output_stays_open_and_is_never_replaced, filled_begin, filled_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
