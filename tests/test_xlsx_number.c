#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/xlsx_date.h"
#include "formats/xlsx_number.h"

/* "" where it is refused; the buffer is static. */
static const char *plain(const char *token, char mark)
{
	static struct buf out;

	bool fine;

	buf_reset(&out);
	fine = xlsx_number_plain(text_of(token), mark, &out);
	assert_int_equal(fine, out.len > 0);
	return buf_str(&out);
}

static void a_number_is_the_one_of_15_digits_that_is_the_same_double(void **state)
{
	static const struct {
		const char *token, *plain;
	} numbers[] = {
		{"12.5", "12.5"},
		{"12.300000000000001", "12.3"},
		{"4.3499999999999996", "4.35"},
		{"0.10000000000000001", "0.1"},
		{"0.29999999999999999", "0.3"},
		{"0.30000000000000004", ""}, /* 0.1 + 0.2 */
		{"99999.990000000005", "99999.99"},
		{"-12.300000000000001", "-12.3"},
		{"1.2300000000000001E1", "12.3"},
		{"1.2300000000000001E+1", "12.3"},
		{"12.300000000000001e0", "12.3"},
		{"1234567.8899999999", "1234567.89"},
		{"123456789012.35001", "123456789012.35"},
		{"1234567890123.4501", ""},
		{"1.0000000000000001E-2", "0.01"},
		{"1.0000000000000002", ""},
		{"0.99999999999999989", ""},
		{"9007199254740993", ""},
		{"1234567890123456", ""},
		{"1234567890123450", "1234567890123450"},
		{"3.3333333333333335", ""}, /* 10 / 3 */
		{"1E+300", ""},
		{"1.2345678901234567E+300", ""},
		{"1.2345678901234567E-300", ""},
		{"12.3000000000000007", ""}, /* more digits than a double is written with */
		{"", ""},
		{"-", ""},
		{"1.", ""},
		{".5", ""},
		{"+1", ""},
		{"1,5", ""},
		{"0x10", ""},
		{"NaN", ""},
		{"12.300000000000001 ", ""},
		{"12.300000000000001e", ""},
		{"12.300000000000001e1x", ""},
		{"12.30000000000000.1", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_string_equal(plain(numbers[i].token, '.'), numbers[i].plain);
	assert_string_equal(plain("12.300000000000001", ','), "12,3");
}

static uint64_t draw(void)
{
	static uint64_t seed = 20261120;

	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return seed >> 11;
}

/* The library's own conversions are the second opinion. */
static void what_a_spreadsheet_writes_of_15_digits_comes_back(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		char written[64], token[64];
		int digits = 1 + (int)(draw() % 15), point = (int)(draw() % 12);
		unsigned long long number = 1;
		double kept;

		for (int j = 0; j < digits; j++)
			number = number * 10 + draw() % 10;
		number %= 1000000000000000;
		snprintf(written, sizeof(written), "%llue-%d", number, point);
		kept = strtod(written, NULL);
		snprintf(token, sizeof(token), "%.17g", kept);
		if (kept < 0.001) /* with an exponent, then: as good, and no amount */
			continue;
		assert_string_not_equal(plain(token, '.'), "");
		assert_true(strtod(plain(token, '.'), NULL) == kept);
		assert_true(strlen(plain(token, '.')) <= 17);
	}
}

/* A double beside it is another number, and no one of 15 digits. */
static void a_double_that_no_15_digits_are_is_refused(void **state)
{
	int refused = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = UINT64_C(0x3F50000000000000) + draw() % UINT64_C(0x03F0000000000000);
		char token[64], rounded[64];
		double kept;

		memcpy(&kept, &bits, sizeof(kept));
		snprintf(token, sizeof(token), "%.17g", kept);
		snprintf(rounded, sizeof(rounded), "%.15g", kept);
		if (strtod(rounded, NULL) == kept)
			continue;
		refused++;
		assert_string_equal(plain(token, '.'), "");
	}
	assert_true(refused > 15000);
}

/* --- dates -------------------------------------------------------------------------------------------------------- */

static void format_codes_with_letters_of_dates_are_dates(void **state)
{
	static const struct {
		const char *code;
		bool date;
	} codes[] = {
		{"General", false},
		{"GENERAL", false},
		{"Standard", false},
		{"0.00", false},
		{"#,##0.00\\ [$\xE2\x82\xAC-407]", false},
		{"0.00E+00", false},
		{"@", false},
		{"\"dd mm\"0", false},
		{"0\\d", false},
		{"0_d*y", false},
		{"[Red]0;[DarkRed]-0", false},
		{"[>100]0;0", false},
		{"0 \"open", false},
		{"[$-407", false},
		{"yyyy-mm-dd", true},
		{"DD.MM.YY", true},
		{"[$-F800]dddd\\,\\ mmmm\\ dd", true},
		{"h:mm AM/PM", true},
		{"[h]:00", true},
		{"[mm]", true},
		{"[ss].00", true},
		{"mmm", true},
		{"0;yyyy", true},
		{"\\", false},
		{"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (xlsx_date_code(text_of(codes[i].code)) != codes[i].date)
			fail_msg("%s", codes[i].code);
}

static void formats_that_every_workbook_has_are_known(void **state)
{
	static const int dates[] = {14, 22, 27, 36, 45, 47, 50, 58};
	static const int others[] = {0, 1, 10, 13, 23, 26, 37, 44, 48, 49, 59, 164};

	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
		assert_true(xlsx_date_builtin(dates[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(xlsx_date_builtin(others[i]));
}

static void serials_are_days(void **state)
{
	static const struct {
		const char *serial;
		bool from_1904;
		enum xlsx_day verdict;
		const char *day;
	} days[] = {
		{"1", false, XLSX_DAY, "1900-01-01"},
		{"31", false, XLSX_DAY, "1900-01-31"},
		{"59", false, XLSX_DAY, "1900-02-28"},
		{"60", false, XLSX_DAY_LEAP, ""},
		{"60.5", false, XLSX_DAY_LEAP, ""},
		{"61", false, XLSX_DAY, "1900-03-01"},
		{"366", false, XLSX_DAY, "1900-12-31"},
		{"367", false, XLSX_DAY, "1901-01-01"},
		{"36584", false, XLSX_DAY, "2000-02-28"},
		{"36585", false, XLSX_DAY, "2000-02-29"},
		{"36586", false, XLSX_DAY, "2000-03-01"},
		{"45292", false, XLSX_DAY, "2024-01-01"},
		{"45351", false, XLSX_DAY, "2024-02-29"},
		{"46346", false, XLSX_DAY, "2026-11-20"},
		{"46346.75", false, XLSX_DAY_TIME, "2026-11-20"},
		{"46346.604166666664", false, XLSX_DAY_TIME, "2026-11-20"},
		{"73109", false, XLSX_DAY, "2100-02-28"},
		{"73110", false, XLSX_DAY, "2100-03-01"},
		{"2958465", false, XLSX_DAY, "9999-12-31"},
		{"2958466", false, XLSX_DAY_NONE, ""},
		{"0", false, XLSX_DAY_NONE, ""},
		{"0.5", false, XLSX_DAY_NONE, ""},
		{"-1", false, XLSX_DAY_NONE, ""},
		{"x", false, XLSX_DAY_NONE, ""},
		{"", false, XLSX_DAY_NONE, ""},
		{"0", true, XLSX_DAY, "1904-01-01"},
		{"60", true, XLSX_DAY, "1904-03-01"},
		{"59", true, XLSX_DAY, "1904-02-29"},
		{"44884", true, XLSX_DAY, "2026-11-20"},
		{"2957003", true, XLSX_DAY, "9999-12-31"},
		{"2957004", true, XLSX_DAY_NONE, ""},
	};
	char out[XLSX_DATE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		memset(out, 0, sizeof(out));
		if (xlsx_date_serial(text_of(days[i].serial), days[i].from_1904, out) != days[i].verdict ||
			strcmp(days[i].day, days[i].day[0] != '\0' ? out : "") != 0)
			fail_msg("%s: %s", days[i].serial, out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_the_one_of_15_digits_that_is_the_same_double),
		cmocka_unit_test(what_a_spreadsheet_writes_of_15_digits_comes_back),
		cmocka_unit_test(a_double_that_no_15_digits_are_is_refused),
		cmocka_unit_test(format_codes_with_letters_of_dates_are_dates),
		cmocka_unit_test(formats_that_every_workbook_has_are_known),
		cmocka_unit_test(serials_are_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
