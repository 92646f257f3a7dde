#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/decimal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text;
	unsigned decimals;
	const char *shown;
} numbers[] = {
	{"0", 0, "0"},
	{"0", 2, "0.00"},
	{"-0", 0, "0"},
	{"12.5", 2, "12.50"},
	{"12.50", 0, "12.5"},
	{"0012.50", 0, "12.5"},
	{"-0.25", 0, "-0.25"},
	{"-3", 2, "-3.00"},
	{"-3.10", 2, "-3.10"},
	{"0.000000000000000001", 2, "0.000000000000000001"},
	{"-0.000000000000000001", 0, "-0.000000000000000001"},
	{"9223372036854775807.999999999999999999", 0, "9223372036854775807.999999999999999999"},
	{"-9223372036854775807", 0, "-9223372036854775807"},
	{"1E-7", 0, "0.0000001"},
	{"1.5e3", 2, "1500.00"},
	{"1.5E+3", 0, "1500"},
	{"0.0015e2", 0, "0.15"},
	{"1500e-2", 0, "15"},
	{"0e99", 0, "0"},
	{"1.50000000000000000000000000000000000000000000000000000000000000000000000000000", 0, "1.5"},
	{"0.00000000000000000000000000000000000000001e40", 0, "0.1"},
};

static void a_number_is_shown_as_it_was_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct decimal decimal;
		struct buf buf = {0};

		if (!decimal_parse(text_of(numbers[i].text), &decimal))
			fail_msg("%s", numbers[i].text);
		decimal_text(&buf, decimal, numbers[i].decimals);
		assert_string_equal(buf_str(&buf), numbers[i].shown);
		buf_release(&buf);
	}
}

static void what_can_t_be_held_exactly_is_refused(void **state)
{
	static const char *const texts[] = {"", "-", ".", ".5", "5.", "+1", "1,5", "1 ", " 1", "1e", "1e+", "e1",
		"1.e1", "--1", "1-", "0x1", "NaN", "9223372036854775808", "-9223372036854775807.5",
		"99999999999999999999", "1e19", "1e-19", "0.0000000000000000001", "1e1001", "1.5.1", "1e5e5",
		"\xEF\xBC\x91"};
	struct decimal decimal;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		if (decimal_parse(text_of(texts[i]), &decimal))
			fail_msg("%s", texts[i]);
}

static struct decimal of(const char *text)
{
	struct decimal decimal;

	assert_true(decimal_parse(text_of(text), &decimal));
	return decimal;
}

static void assert_decimal(struct decimal decimal, const char *text)
{
	assert_int_equal(decimal_compare(decimal, of(text)), 0);
}

static void sums_and_differences_are_exact(void **state)
{
	struct decimal sum = of("0.1");

	(void)state;
	assert_true(decimal_add(&sum, of("0.2")));
	assert_decimal(sum, "0.3");
	assert_true(decimal_subtract(&sum, of("0.30000000000000001")));
	assert_decimal(sum, "-0.00000000000000001");
	assert_true(decimal_subtract(&sum, of("-5")));
	assert_decimal(sum, "4.99999999999999999");
	assert_true(decimal_add_times(&sum, of("-1.25"), 4));
	assert_decimal(sum, "-0.00000000000000001");
	assert_true(decimal_add_times(&sum, of("1"), 0));
	assert_decimal(sum, "-0.00000000000000001");
	sum = of("0");
	assert_true(decimal_add_times(&sum, of("0.001"), INT64_C(1000000000007)));
	assert_decimal(sum, "1000000000.007");
}

static void what_is_too_large_leaves_the_sum_as_it_was(void **state)
{
	struct decimal sum = of("9223372036854775807.5");

	(void)state;
	assert_false(decimal_add(&sum, of("0.5")));
	assert_decimal(sum, "9223372036854775807.5");
	assert_false(decimal_add_times(&sum, of("1"), 3));
	assert_decimal(sum, "9223372036854775807.5");
	sum = of("-9223372036854775807");
	assert_false(decimal_subtract(&sum, of("1")));
	assert_decimal(sum, "-9223372036854775807");
}

static void units_are_counted_in_their_decimals(void **state)
{
	(void)state;
	assert_decimal(decimal_of(1250, 2), "12.5");
	assert_decimal(decimal_of(-1250, 2), "-12.5");
	assert_decimal(decimal_of(5, 0), "5");
	assert_decimal(decimal_of(1, 8), "0.00000001");
	assert_decimal(decimal_of(INT64_MAX, 0), "9223372036854775807");
	assert_decimal(decimal_of(INT64_MAX, 8), "92233720368.54775807");
}

static void numbers_are_compared_by_value(void **state)
{
	static const char *const rising[] = {
		"-2", "-1.5", "-1", "-0.5", "0", "0.25", "0.5", "1", "1.000000000000000001"};

	(void)state;
	for (size_t i = 0; i < COUNT(rising); i++)
		for (size_t j = 0; j < COUNT(rising); j++)
			assert_int_equal(decimal_compare(of(rising[i]), of(rising[j])), (i > j) - (i < j));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_shown_as_it_was_read),
		cmocka_unit_test(what_can_t_be_held_exactly_is_refused),
		cmocka_unit_test(sums_and_differences_are_exact),
		cmocka_unit_test(what_is_too_large_leaves_the_sum_as_it_was),
		cmocka_unit_test(units_are_counted_in_their_decimals),
		cmocka_unit_test(numbers_are_compared_by_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
