#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/money.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void reads_plain_amounts_exactly(void **state)
{
	static const struct {
		const char *text;
		unsigned decimals;
		char mark;
		int64_t minor;
	} cases[] = {
		{"12.50", 2, '.', 1250},
		{"12.5", 2, '.', 1250},
		{"12", 2, '.', 1200},
		{"0.01", 2, '.', 1},
		{"007.10", 2, '.', 710},
		{"5", 0, '.', 5},
		{"1.234", 3, '.', 1234},
		{"0.00000001", 8, '.', 1},
		{"12,50", 2, ',', 1250},
		{"1,234", 3, ',', 1234},
		{"9223372036854775807", 0, '.', INT64_MAX},
		{"92233720368547758.07", 2, '.', INT64_MAX},
		{"92233720368.54775807", 8, '.', INT64_MAX},
		{"000000000000000000000000000001", 0, '.', 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t minor = -7;

		if (money_parse(text_of(cases[i].text), cases[i].decimals, cases[i].mark, &minor) != MONEY_VALID ||
			minor != cases[i].minor)
			fail_msg("%s with %u decimals", cases[i].text, cases[i].decimals);
	}
}

static void refuses_each_other_text_with_its_own_verdict(void **state)
{
	static const struct {
		const char *text;
		unsigned decimals;
		char mark;
		enum money_verdict verdict;
	} cases[] = {
		{"", 2, '.', MONEY_BAD_SYNTAX},
		{".", 2, '.', MONEY_BAD_SYNTAX},
		{"5.", 2, '.', MONEY_BAD_SYNTAX},
		{".5", 2, '.', MONEY_BAD_SYNTAX},
		{"5,", 2, ',', MONEY_BAD_SYNTAX},
		{"1.2.3", 2, '.', MONEY_BAD_SYNTAX},
		{"1 234", 2, '.', MONEY_BAD_SYNTAX},
		{"1'234", 2, '.', MONEY_BAD_SYNTAX},
		{"1\xC2\xA0"
		 "234",
			2, '.', MONEY_BAD_SYNTAX},
		{"+5", 2, '.', MONEY_BAD_SYNTAX},
		{"5-", 2, '.', MONEY_BAD_SYNTAX},
		{"(12.34)", 2, '.', MONEY_BAD_SYNTAX},
		{"--5", 2, '.', MONEY_BAD_SYNTAX},
		{"-", 2, '.', MONEY_BAD_SYNTAX},
		{"-x", 2, '.', MONEY_BAD_SYNTAX},
		{"1e2", 2, '.', MONEY_BAD_SYNTAX},
		{"1E+2", 2, '.', MONEY_BAD_SYNTAX},
		{"0x10", 2, '.', MONEY_BAD_SYNTAX},
		{"$5", 2, '.', MONEY_BAD_SYNTAX},
		{"5 EUR", 2, '.', MONEY_BAD_SYNTAX},
		{"\xE2\x82\xAC"
		 "5",
			2, '.', MONEY_BAD_SYNTAX},
		{"\xD9\xA1\xD9\xA2", 2, '.', MONEY_BAD_SYNTAX},         /* Arabic digits */
		{"\xEF\xBC\x91\xEF\xBC\x92", 2, '.', MONEY_BAD_SYNTAX}, /* full-width digits */
		{"1,234", 2, '.', MONEY_BAD_AMBIGUOUS},
		{"123,456", 2, '.', MONEY_BAD_AMBIGUOUS},
		{"1,234", 3, '.', MONEY_BAD_AMBIGUOUS},
		{"1.234", 2, ',', MONEY_BAD_AMBIGUOUS},
		{"-1,234", 2, '.', MONEY_BAD_AMBIGUOUS},
		{"1,234,567", 2, '.', MONEY_BAD_SYNTAX}, /* groups and nothing else, and groups are not read */
		{"1,234.50", 2, '.', MONEY_BAD_SYNTAX},
		{"1.234,56", 2, '.', MONEY_BAD_SYNTAX},
		{"1.234,56", 2, ',', MONEY_BAD_SYNTAX},
		{"12,34", 2, '.', MONEY_BAD_SYNTAX},
		{"1234,567", 2, '.', MONEY_BAD_SYNTAX},
		{"0,234", 2, '.', MONEY_BAD_SYNTAX},
		{"1,2345", 2, '.', MONEY_BAD_SYNTAX},
		{"12.5", 2, ',', MONEY_BAD_SYNTAX},
		{"0", 2, '.', MONEY_BAD_NOT_POSITIVE},
		{"0.00", 2, '.', MONEY_BAD_NOT_POSITIVE},
		{"0.000", 2, '.', MONEY_BAD_NOT_POSITIVE},
		{"-0", 2, '.', MONEY_BAD_NOT_POSITIVE},
		{"-5", 2, '.', MONEY_BAD_NOT_POSITIVE},
		{"-5.25", 2, '.', MONEY_BAD_NOT_POSITIVE},
		{"\xE2\x88\x92"
		 "5",
			2, '.', MONEY_BAD_NOT_POSITIVE},
		{"12.500", 2, '.', MONEY_BAD_DECIMALS},
		{"12.501", 2, '.', MONEY_BAD_DECIMALS},
		{"1.234", 2, '.', MONEY_BAD_DECIMALS},
		{"5.0", 0, '.', MONEY_BAD_DECIMALS},
		{"0.000000001", 8, '.', MONEY_BAD_DECIMALS},
		{"9223372036854775808", 0, '.', MONEY_BAD_TOO_LARGE},
		{"92233720368547758.08", 2, '.', MONEY_BAD_TOO_LARGE},
		{"92233720368547759", 2, '.', MONEY_BAD_TOO_LARGE},
		{"99999999999999999999999999999999999999", 2, '.', MONEY_BAD_TOO_LARGE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t minor = -7;
		enum money_verdict verdict =
			money_parse(text_of(cases[i].text), cases[i].decimals, cases[i].mark, &minor);

		if (verdict != cases[i].verdict || minor != -7)
			fail_msg("%s with %u decimals and '%c': %d", cases[i].text, cases[i].decimals, cases[i].mark,
				(int)verdict);
	}
}

static void does_not_read_past_a_text_that_no_nul_ends(void **state)
{
	const char digits[] = {'1', '2', '.', '5', '9', '9'};
	int64_t minor;

	(void)state;
	assert_int_equal(money_parse((struct text){digits, 4}, 2, '.', &minor), MONEY_VALID);
	assert_int_equal(minor, 1250);
}

/* xorshift: the same numbers in each run. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void reads_back_what_it_writes(void **state)
{
	uint64_t seed = 88172645463325252;
	struct buf text = {0};

	(void)state;
	for (unsigned i = 0; i < 100000; i++) {
		int64_t minor = (int64_t)(next_random(&seed) >> (1 + next_random(&seed) % 63));
		unsigned decimals = i % (MONEY_DECIMALS_MAX + 1);
		int64_t back = 0, back_short = 0;

		if (minor == 0)
			continue;
		buf_reset(&text);
		money_text(&text, minor, decimals);
		assert_int_equal(money_parse(buf_text(&text), decimals, '.', &back), MONEY_VALID);
		buf_reset(&text);
		money_text_short(&text, minor, decimals);
		assert_int_equal(money_parse(buf_text(&text), decimals, '.', &back_short), MONEY_VALID);
		if (back != minor || back_short != minor)
			fail_msg("%lld with %u decimals", (long long)minor, decimals);
	}
	buf_release(&text);
}

static void writes_all_decimals_or_no_zeros(void **state)
{
	static const struct {
		int64_t minor;
		unsigned decimals;
		const char *whole;
		const char *brief;
	} cases[] = {
		{1250, 2, "12.50", "12.5"},
		{1200, 2, "12.00", "12"},
		{5, 0, "5", "5"},
		{100, 0, "100", "100"},
		{0, 2, "0.00", "0"},
		{1, 8, "0.00000001", "0.00000001"},
		{-5, 2, "-0.05", "-0.05"},
		{-1250, 2, "-12.50", "-12.5"},
		{INT64_MAX, 0, "9223372036854775807", "9223372036854775807"},
		{INT64_MIN, 2, "-92233720368547758.08", "-92233720368547758.08"},
	};
	struct buf text = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		buf_reset(&text);
		money_text(&text, cases[i].minor, cases[i].decimals);
		assert_string_equal(buf_str(&text), cases[i].whole);
		buf_reset(&text);
		money_text_short(&text, cases[i].minor, cases[i].decimals);
		assert_string_equal(buf_str(&text), cases[i].brief);
	}
	buf_release(&text);
}

static void a_sum_that_overflows_stays_as_it_was(void **state)
{
	int64_t sum = INT64_MAX - 1;

	(void)state;
	assert_true(money_add(&sum, 1));
	assert_false(money_add(&sum, 1));
	assert_int_equal(sum, INT64_MAX);
	assert_true(money_add(&sum, -INT64_MAX));
	assert_int_equal(sum, 0);
}

static void compares_numbers_by_value_at_any_length(void **state)
{
	static const struct {
		const char *a;
		const char *b;
		bool same;
	} cases[] = {
		{"12.5", "12.500", true},
		{"12.5", "12.50000000000000000000000000000000000000001", false},
		{"100", "1e2", true},
		{"100", "1E+2", true},
		{"100", "10.0e1", true},
		{"0.01", "1e-2", true},
		{"0.01", "10E-3", true},
		{"0.1", "0.10000000000000001", false},
		{"007", "7", true},
		{"0", "0.000", true},
		{"0", "-0", true},
		{"0e99999999999999999999", "0", true},
		{"-5", "5", false},
		{"-5", "-5.0", true},
		{"12", "1.2", false},
		{"12", "120", false},
		{"9007199254740993", "9007199254740992", false},
		{"123456789012345678901234567890.5", "123456789012345678901234567890.50", true},
		{"1e400", "1e401", false},
		{"1e99999999999999999999", "1e99999999999999999998", false}, /* beyond counting: nothing is equal */
		{"1", "", false},
		{"", "", false},
		{"1", "1.", false},
		{".5", "0.5", false},
		{"+1", "1", false},
		{"1e", "1", false},
		{"1e+", "1", false},
		{"1x", "1x", false},
		{"-", "-", false},
		{"nan", "nan", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (money_same_text(text_of(cases[i].a), text_of(cases[i].b)) != cases[i].same ||
			money_same_text(text_of(cases[i].b), text_of(cases[i].a)) != cases[i].same)
			fail_msg("'%s' and '%s'", cases[i].a, cases[i].b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_plain_amounts_exactly),
		cmocka_unit_test(refuses_each_other_text_with_its_own_verdict),
		cmocka_unit_test(does_not_read_past_a_text_that_no_nul_ends),
		cmocka_unit_test(reads_back_what_it_writes),
		cmocka_unit_test(writes_all_decimals_or_no_zeros),
		cmocka_unit_test(a_sum_that_overflows_stays_as_it_was),
		cmocka_unit_test(compares_numbers_by_value_at_any_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
