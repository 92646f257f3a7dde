#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/decimal.h"

static void a_number_becomes_its_normal_form(void **state)
{
	static const struct {
		const char *text;
		const char *normal;
		unsigned places;
	} cases[] = {
		{"0", "0", 0},
		{"12.50", "12.5", 1},
		{"12.500000000000000000000000", "12.5", 1},
		{"0.000000000000000001", "0.000000000000000001", 18},
		{"999999999999999999.999999999999999999", "999999999999999999.999999999999999999", 18},
		{"1000000000.00", "1000000000", 0},
		{"00012", "12", 0},
		{"1e2", "100", 0},
		{"1.25E+1", "12.5", 1},
		{"1250e-2", "12.5", 1},
		{"0.1", "0.1", 1},
		{"1e-18", "0.000000000000000001", 18},
		{"10e-19", "0.000000000000000001", 18},
		{"0e9999", "0", 0},
		{"100000000000000000000e-3", "100000000000000000", 0},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct decimal decimal;

		assert_true(decimal_parse(text_of(cases[i].text), &decimal));
		buf_reset(&buf);
		decimal_write(&buf, decimal);
		assert_string_equal(buf_str(&buf), cases[i].normal);
		assert_int_equal(decimal_places(decimal), cases[i].places);
	}
	buf_release(&buf);
}

static void what_is_no_plain_number_or_out_of_range_is_refused(void **state)
{
	static const char *const cases[] = {"", "-1", "+1", ".5", "5.", "1,5", " 1", "1 ", "1e", "1e+", "0x10", "1e5x",
		"NaN", "1000000000000000000", "0.0000000000000000001", "1e18", "1e-19", "1e10000",
		"1e99999999999999999999", "1.2.3"};
	struct decimal decimal;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (decimal_parse(text_of(cases[i]), &decimal))
			fail_msg("'%s' was taken", cases[i]);
}

static struct decimal of(const char *text)
{
	struct decimal decimal;

	assert_true(decimal_parse(text_of(text), &decimal));
	return decimal;
}

static void sums_and_differences_are_exact(void **state)
{
	struct decimal sum = {0, 0};

	(void)state;
	for (int i = 0; i < 10; i++)
		sum = decimal_add(sum, of("0.1"));
	assert_int_equal(decimal_compare(sum, of("1")), 0);
	sum = decimal_subtract(sum, of("0.000000000000000001"));
	assert_int_equal(decimal_compare(sum, of("0.999999999999999999")), 0);
	assert_true(decimal_compare(sum, of("1")) < 0);
	assert_true(decimal_compare(of("1"), sum) > 0);
	assert_true(decimal_is_zero(decimal_subtract(sum, sum)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_becomes_its_normal_form),
		cmocka_unit_test(what_is_no_plain_number_or_out_of_range_is_refused),
		cmocka_unit_test(sums_and_differences_are_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
