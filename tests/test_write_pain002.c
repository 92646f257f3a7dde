/* The status report as a report format: whatever the payouts say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/pain002_check.h"
#include "tests/support/reported.h"

static void status_reports_are_as_in_the_golden_folder(void **state)
{
	static const struct asked table[] = {
		{.golden = "hostile.pain002.xml", .format = &report_pain002},
		{.golden = "message.pain002.xml", .format = &report_pain002, .message = &reported_message},
		{.golden = "message.pain002_10.xml", .format = &report_pain002_10, .message = &reported_message},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct buf bytes = reported_bytes(&table[i], REPORTED_SAMPLES);

		reported_golden(table[i].golden, &bytes);
		buf_release(&bytes);
	}
}

static void a_status_report_has_the_schemas_form_whatever_the_payouts_say(void **state)
{
	static const struct asked table[] = {
		{.format = &report_pain002_03},
		{.format = &report_pain002_10},
		{.format = &report_pain002_03, .message = &reported_message},
		{.format = &report_pain002_10, .message = &reported_message},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct buf bytes = reported_bytes(&table[i], REPORTED_SAMPLES);

		assert_string_equal(pain002_check(bytes.data, bytes.len), "");
		assert_int_equal(pain002_count(bytes.data, bytes.len, "TxInfAndSts"), REPORTED_SAMPLES);
		assert_int_equal(
			pain002_count(bytes.data, bytes.len, "OrgnlPmtInfAndSts"), table[i].message != NULL ? 2 : 1);
		buf_release(&bytes);
		bytes = reported_bytes(&table[i], 0);
		assert_string_equal(pain002_check(bytes.data, bytes.len), "");
		buf_release(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_reports_are_as_in_the_golden_folder),
		cmocka_unit_test(a_status_report_has_the_schemas_form_whatever_the_payouts_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
