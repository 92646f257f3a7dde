#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "values/report_line.h"

static const char contract[] =
	"batch_id,row,reference,channel,provider,beneficiary_name,destination,amount,currency,target_currency,purpose,"
	"idempotency_key,attempt,state,provider_id,provider_status,reason_code,reason,tracking_ref,fee,fee_currency,"
	"created_at,submitted_at,accepted_at,settled_at,match,provider_code,file,file_sha256,submitted_by,approved_by,"
	"target_amount,fx_rate,returned_amount,returned_at";

static void columns_are_those_of_the_contract_in_its_order(void **state)
{
	struct buf names = {0};

	(void)state;
	for (enum report_column i = 0; i < REPORT_COLUMNS; i++) {
		if (i > 0)
			buf_addc(&names, ',');
		buf_addt(&names, report_column_name(i));
	}
	assert_string_equal(buf_str(&names), contract);
	buf_release(&names);
}

static void assert_cell(const struct report_line *line, enum report_column column, const char *wanted)
{
	char cell[64];

	snprintf(cell, sizeof(cell), "%.*s", (int)line->cells[column].len,
		line->cells[column].len > 0 ? line->cells[column].ptr : "");
	assert_string_equal(cell, wanted);
}

static void cells_made_here_stay_until_the_next_line(void **state)
{
	struct key key = {
		{0x79, 0xa2, 0x96, 0xb3, 0x9b, 0xb7, 0x49, 0xb8, 0x8a, 0xd1, 0x61, 0x81, 0x61, 0xd6, 0xf7, 0xb1}};
	struct report_line line = {0};

	(void)state;
	report_line_begin(&line);
	report_line_count(&line, REPORT_ROW, INT64_MAX);
	report_line_amount(&line, REPORT_AMOUNT, 1250, 2, false);
	report_line_key(&line, REPORT_IDEMPOTENCY_KEY, &key);
	report_line_time(&line, REPORT_SUBMITTED_AT, 1795163400123);
	report_line_time(&line, REPORT_ACCEPTED_AT, 1795163401999);
	report_line_time(&line, REPORT_SETTLED_AT, 0);
	report_line_mask(&line, REPORT_DESTINATION, TEXT("DE89370400440532013000"));
	assert_cell(&line, REPORT_ROW, "9223372036854775807");
	assert_cell(&line, REPORT_AMOUNT, "12.50");
	assert_cell(&line, REPORT_IDEMPOTENCY_KEY, "79a296b3-9bb7-49b8-8ad1-618161d6f7b1");
	assert_cell(&line, REPORT_SUBMITTED_AT, "2026-11-20T08:30:00Z");
	assert_cell(&line, REPORT_ACCEPTED_AT, "2026-11-20T08:30:01Z");
	assert_cell(&line, REPORT_SETTLED_AT, "");
	assert_cell(&line, REPORT_DESTINATION, "****3000");
	report_line_begin(&line);
	assert_cell(&line, REPORT_ROW, "");
	report_line_time(&line, REPORT_SUBMITTED_AT, 1795163400999);
	report_line_time(&line, REPORT_ACCEPTED_AT, 1795163402000);
	assert_cell(&line, REPORT_SUBMITTED_AT, "2026-11-20T08:30:00Z");
	assert_cell(&line, REPORT_ACCEPTED_AT, "2026-11-20T08:30:02Z");
	report_line_release(&line);
}

static void amounts_print_as_their_kind_does(void **state)
{
	static const struct {
		int64_t minor;
		unsigned decimals;
		bool asset;
		const char *text;
	} table[] = {
		{1250, 2, false, "12.50"},
		{1250, 2, true, "12.5"},
		{500, 0, false, "500"},
		{500000000, 8, true, "5"},
		{1, 8, true, "0.00000001"},
		{5, 3, false, "0.005"},
		{0, 2, false, ""},
		{INT64_MAX, 2, false, "92233720368547758.07"},
	};
	struct report_line line = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		report_line_begin(&line);
		report_line_amount(&line, REPORT_AMOUNT, table[i].minor, table[i].decimals, table[i].asset);
		assert_cell(&line, REPORT_AMOUNT, table[i].text);
	}
	report_line_release(&line);
}

static void a_number_is_digits_and_at_most_one_point(void **state)
{
	static const char *const numbers[] = {"0", "12.50", "-12.50", "-0.1", "007", "99999999999999999999999.1"};
	static const char *const texts[] = {
		"", "-", ".", "1.", ".5", "+1", "--1", "1e5", "1,5", "1.2.3", "=1", " 1", "1 ", "-1+1", "-1.", "0x1"};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_true(report_number(text_of(numbers[i])));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(report_number(text_of(texts[i])));
}

static void a_total_prints_as_its_currency_does(void **state)
{
	static const struct {
		struct report_total total;
		const char *text;
	} table[] = {
		{{.currency = "USD", .decimals = 2, .minor = 1250}, "12.50"},
		{{.currency = "JPY", .decimals = 0, .minor = 1250}, "1250"},
		{{.currency = "USDT_TRX", .decimals = 6, .minor = 12500000}, "12.5"},
		{{.currency = "USD", .decimals = 6, .minor = 12500000}, "12.5"},
		{{.currency = "", .decimals = 0, .minor = 0}, "0"},
		{{.currency = "EUR", .decimals = 2, .minor = 0}, "0.00"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct buf text = {0};

		report_total_amount(&text, &table[i].total);
		assert_string_equal(buf_str(&text), table[i].text);
		buf_release(&text);
	}
}

static struct report_total total_of(const char *currency, enum payout_state state, int64_t minor)
{
	struct report_total total = {.decimals = 2, .state = state, .count = 1, .minor = minor};

	snprintf(total.currency, sizeof(total.currency), "%s", currency);
	return total;
}

static void totals_add_up_and_stay_sorted(void **state)
{
	struct report_totals totals = {0};
	struct report_total one;

	(void)state;
	for (int i = 0; i < 100; i++) {
		one = total_of(i % 3 == 0 ? "USD" : "EUR", i % 2 == 0 ? PAYOUT_PAID : PAYOUT_ACCEPTED, i);
		assert_true(report_totals_add(&totals, &one));
	}
	assert_int_equal(totals.count, 4);
	assert_string_equal(totals.list[0].currency, "EUR");
	assert_int_equal(totals.list[0].state, PAYOUT_ACCEPTED);
	assert_int_equal(totals.list[1].state, PAYOUT_PAID);
	assert_string_equal(totals.list[3].currency, "USD");
	assert_int_equal(
		totals.list[0].count + totals.list[1].count + totals.list[2].count + totals.list[3].count, 100);
	assert_int_equal(
		totals.list[0].minor + totals.list[1].minor + totals.list[2].minor + totals.list[3].minor, 4950);
	one = total_of("EUR", PAYOUT_PAID, INT64_MAX);
	assert_false(report_totals_add(&totals, &one));
	report_totals_release(&totals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_those_of_the_contract_in_its_order),
		cmocka_unit_test(cells_made_here_stay_until_the_next_line),
		cmocka_unit_test(amounts_print_as_their_kind_does),
		cmocka_unit_test(a_number_is_digits_and_at_most_one_point),
		cmocka_unit_test(a_total_prints_as_its_currency_does),
		cmocka_unit_test(totals_add_up_and_stay_sorted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
