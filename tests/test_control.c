#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "stages/control.h"

struct sample {
	const char *currency;
	unsigned decimals;
	int64_t minor;
};

static void totals_are_compared_exactly_over_all_rows(void **state)
{
	static const struct {
		struct sample rows[4];
		int64_t expect_count;
		const char *currency, *amount; /* expected, or NULL */
		const char *code;              /* "" when all agree */
		const char *part;              /* of its message */
	} table[] = {
		{{{"USD", 2, 1250}, {"USD", 2, 50}}, 2, "USD", "13.00", "", ""},
		{{{"USD", 2, 1250}, {"USD", 2, 50}}, 2, "USD", "13", "", ""},
		{{{"USD", 2, 1250}, {"USD", 2, 50}}, -1, "USD", "13.000", "", ""},
		{{{"USD", 2, 1250}, {"USD", 2, 50}}, -1, "USD", "13.01", "CONTROL_TOTAL", "USD 13.00, expected 13.01"},
		{{{"USD", 2, 1250}, {"USD", 2, 50}}, 3, NULL, NULL, "CONTROL_COUNT", "2 rows, expected 3"},
		{{{"USD", 2, 1250}, {"EUR", 2, 50}}, 2, "EUR", "0.5", "", ""},
		{{{"USD", 2, 1250}}, -1, "EUR", "0", "", ""},
		{{{"USD", 2, 1250}}, -1, "EUR", "1", "CONTROL_TOTAL", "EUR 0"},
		{{{"USD", 2, 1250}, {"", 0, 0}}, 2, "USD", "13", "CONTROL_TOTAL", "without 1 rows"},
		{{{"USD", 2, 1250}, {"", 0, 0}}, 2, NULL, NULL, "", ""},
		/* one code with different decimals on two channels */
		{{{"USDT", 6, 1500000}, {"USDT", 2, 150}}, 2, "USDT", "3", "", ""},
		{{{"USDT", 6, 1500000}}, -1, "USDT", "3", "CONTROL_TOTAL", "USDT 1.5, expected 3"},
		{{{"JPY", 0, 1500}}, -1, "JPY", "3", "CONTROL_TOTAL", "JPY 1500, expected 3"},
		{{{"BTC", 8, INT64_MAX}, {"BTC", 8, 1}}, 2, NULL, NULL, "AMOUNT_TOO_LARGE", "BTC"},
		{{{"BTC", 8, INT64_MAX - 1}, {"BTC", 8, 1}}, 2, "BTC", "92233720368.54775807", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct control *control = memory_new(sizeof(*control));
		struct receive_options options = {.expect_count = table[i].expect_count};
		struct arena arena = {0};
		struct findings findings;
		bool agree, asked = table[i].expect_count >= 0 || table[i].currency != NULL;

		findings_begin(&findings, &arena, 0, 0);
		if (table[i].currency != NULL) {
			snprintf(options.expect_totals[0].currency, CURRENCY_SIZE, "%s", table[i].currency);
			options.expect_totals[0].amount = text_of(table[i].amount);
			options.expect_total_count = 1;
		}
		for (size_t j = 0; j < 4 && table[i].rows[j].currency != NULL; j++)
			control_add(
				control, table[i].rows[j].currency, table[i].rows[j].decimals, table[i].rows[j].minor);
		agree = control_check(control, &options, NULL, &findings);
		assert_int_equal(agree, asked && table[i].code[0] == '\0');
		assert_int_equal(findings.errors, table[i].code[0] != '\0');
		if (findings.count > 0) {
			assert_string_equal(findings.items[0].code, table[i].code);
			assert_non_null(strstr(findings.items[0].message, table[i].part));
			assert_int_equal(findings.items[0].row, 0);
		}
		arena_release(&arena);
		free(control);
	}
}

static void an_expected_total_that_is_no_number_is_a_wrong_usage(void **state)
{
	static const char *const wrong[] = {"", "12,50", "abc", "1 000"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct receive_options options = {.expect_total_count = 1};
		struct fault fault = {0};

		options.expect_totals[0].amount = text_of(wrong[i]);
		assert_false(control_options_check(&options, &fault));
		assert_int_equal(fault.kind, FAULT_USAGE);
	}
}

static void a_file_of_more_currencies_than_are_counted_is_refused(void **state)
{
	struct control *control = memory_new(sizeof(*control));
	struct receive_options options = {.expect_count = -1};
	struct arena arena = {0};
	struct findings findings;

	(void)state;
	for (int i = 0; i <= CONTROL_SUMS_MAX; i++) {
		char currency[CURRENCY_SIZE];

		findings_begin(&findings, &arena, 0, 0);
		assert_false(control_check(control, &options, NULL, &findings));
		assert_int_equal(findings.count, 0);
		snprintf(currency, sizeof(currency), "C%d", i);
		control_add(control, currency, 2, 1);
	}
	assert_false(control_check(control, &options, NULL, &findings));
	assert_int_equal(findings.errors, 1);
	assert_string_equal(findings.items[0].code, "FILE_TOO_LARGE");
	arena_release(&arena);
	free(control);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(totals_are_compared_exactly_over_all_rows),
		cmocka_unit_test(an_expected_total_that_is_no_number_is_a_wrong_usage),
		cmocka_unit_test(a_file_of_more_currencies_than_are_counted_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
