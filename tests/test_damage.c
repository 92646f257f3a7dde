/* What spreadsheets and scripts do to identifiers; the rules that tell of it have their cases in tests/rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/damage.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct sample {
	const char *text;
	enum damage identifier, reference;
};

static void tells_damage_from_what_people_write(void **state)
{
	static const struct sample samples[] = {
		{"", DAMAGE_NONE, DAMAGE_NONE},
		{"=\"00123\"", DAMAGE_FORMULA, DAMAGE_FORMULA},
		{"=\"\"", DAMAGE_FORMULA, DAMAGE_FORMULA},
		{"=\"", DAMAGE_NONE, DAMAGE_NONE},
		{"=", DAMAGE_NONE, DAMAGE_NONE},
		{"#N/A", DAMAGE_ERROR, DAMAGE_ERROR},
		{"###", DAMAGE_ERROR, DAMAGE_ERROR},
		{"##", DAMAGE_NONE, DAMAGE_NONE},
		{"'", DAMAGE_APOSTROPHE, DAMAGE_NONE},
		{"'1", DAMAGE_APOSTROPHE, DAMAGE_APOSTROPHE},
		{"'DE89", DAMAGE_APOSTROPHE, DAMAGE_NONE},
		{"1E+5", DAMAGE_SHORTENED, DAMAGE_SHORTENED},
		{"1e+015", DAMAGE_SHORTENED, DAMAGE_SHORTENED},
		{"123.4E+09", DAMAGE_SHORTENED, DAMAGE_SHORTENED},
		{"1,5E-05", DAMAGE_SHORTENED, DAMAGE_SHORTENED},
		{"1.5E11", DAMAGE_SHORTENED, DAMAGE_SHORTENED},
		{"1234.5E+9", DAMAGE_NONE, DAMAGE_NONE},
		{"1E5", DAMAGE_NONE, DAMAGE_NONE},
		{"12E+5", DAMAGE_NONE, DAMAGE_NONE},
		{"1.E+5", DAMAGE_NONE, DAMAGE_NONE},
		{"1.5E+", DAMAGE_NONE, DAMAGE_NONE},
		{"1.5E", DAMAGE_NONE, DAMAGE_NONE},
		{"1.5E+5A", DAMAGE_NONE, DAMAGE_NONE},
		{"12345.0", DAMAGE_FRACTION, DAMAGE_NONE},
		{"12345,0", DAMAGE_FRACTION, DAMAGE_NONE},
		{"1234.0", DAMAGE_NONE, DAMAGE_NONE},
		{"12345.00", DAMAGE_NONE, DAMAGE_NONE},
		{"1,234", DAMAGE_GROUPED, DAMAGE_NONE},
		{"1,234,567", DAMAGE_GROUPED, DAMAGE_NONE},
		{"1,2345", DAMAGE_NONE, DAMAGE_NONE},
		{"1,234,", DAMAGE_NONE, DAMAGE_NONE},
		{"1,234,56", DAMAGE_NONE, DAMAGE_NONE},
		{"02.Jan", DAMAGE_DATE, DAMAGE_DATE},
		{"2-jan", DAMAGE_DATE, DAMAGE_DATE},
		{"2/Ene/2026", DAMAGE_DATE, DAMAGE_DATE},
		{"Jan-02", DAMAGE_DATE, DAMAGE_DATE},
		{"Sept. 2026", DAMAGE_DATE, DAMAGE_DATE},
		{"5 ao\xC3\xBBt", DAMAGE_DATE, DAMAGE_DATE},
		{"7-pa\xC5\xBA-26", DAMAGE_DATE, DAMAGE_DATE},
		{"JanX-02", DAMAGE_NONE, DAMAGE_NONE},
		{"Jan02", DAMAGE_NONE, DAMAGE_NONE},
		{"2Jan", DAMAGE_NONE, DAMAGE_NONE},
		{"2 sept.", DAMAGE_DATE, DAMAGE_DATE},
		{"2-Jan-7", DAMAGE_NONE, DAMAGE_NONE},
		{"2-Jan-2026-1", DAMAGE_NONE, DAMAGE_NONE},
		{"2--", DAMAGE_NONE, DAMAGE_NONE},
		{"2...", DAMAGE_NONE, DAMAGE_NONE},
		{"01/02/2003", DAMAGE_DAY, DAMAGE_NONE},
		{"1.2.1999", DAMAGE_DAY, DAMAGE_NONE},
		{"2003-2-1", DAMAGE_DAY, DAMAGE_NONE},
		{"01/02/3003", DAMAGE_NONE, DAMAGE_NONE},
		{"01-02-03", DAMAGE_NONE, DAMAGE_NONE},
		{"01/02.2003", DAMAGE_NONE, DAMAGE_NONE},
		{"2003-02-", DAMAGE_NONE, DAMAGE_NONE},
		{"123-456-2003", DAMAGE_NONE, DAMAGE_NONE},
		{"NaN", DAMAGE_NOTHING, DAMAGE_NOTHING},
		{"n/a", DAMAGE_NOTHING, DAMAGE_NOTHING},
		{"nanny", DAMAGE_NONE, DAMAGE_NONE},
		{"1000000000000000", DAMAGE_ZEROS, DAMAGE_NONE},
		{"100000000000000", DAMAGE_NONE, DAMAGE_NONE},
		{"1000000000000001", DAMAGE_NONE, DAMAGE_NONE},
		{"0000000000000000", DAMAGE_NONE, DAMAGE_NONE},
		{"1234567890123450000X", DAMAGE_NONE, DAMAGE_NONE},
		{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", DAMAGE_NONE, DAMAGE_NONE},
		{"DE89370400440532013000", DAMAGE_NONE, DAMAGE_NONE},
		{"INV-2026-0001", DAMAGE_NONE, DAMAGE_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		struct text text = text_of(samples[i].text);

		if (damage_of_identifier(text) != samples[i].identifier)
			fail_msg("identifier %s: %d", samples[i].text, (int)damage_of_identifier(text));
		if (damage_of_reference(text) != samples[i].reference)
			fail_msg("reference %s: %d", samples[i].text, (int)damage_of_reference(text));
	}
}

/* The bytes behind a text's end are none of it. */
static void a_text_ends_where_it_ends(void **state)
{
	static const char *const wholes[] = {"1.5E+11", "02.Jan-2026", "Jan-2026", "1,234,567", "01/02/2003", "=\"1\"",
		"'1", "12345.0", "\xE2\x80\x99\x31"};

	(void)state;
	for (size_t i = 0; i < COUNT(wholes); i++)
		for (size_t len = 0; len <= text_of(wholes[i]).len; len++) {
			char copy[32];
			struct text cut = {wholes[i], len};

			for (size_t at = 0; at < sizeof(copy); at++)
				copy[at] = at < len ? wholes[i][at] : 'x';
			assert_int_equal(damage_of_identifier(cut), damage_of_identifier((struct text){copy, len}));
			assert_int_equal(damage_of_reference(cut), damage_of_reference((struct text){copy, len}));
		}
}

static void knows_numbers_that_lack_a_zero_or_two(void **state)
{
	(void)state;
	assert_true(damage_lost_zeros(TEXT("40004"), 6));
	assert_true(damage_lost_zeros(TEXT("11000015"), 9));
	assert_true(damage_lost_zeros(TEXT("1100001"), 9));
	assert_false(damage_lost_zeros(TEXT("110000"), 9));
	assert_false(damage_lost_zeros(TEXT("040004"), 6));
	assert_false(damage_lost_zeros(TEXT("0400045"), 6));
	assert_false(damage_lost_zeros(TEXT("4000A"), 6));
	assert_false(damage_lost_zeros(TEXT(""), 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_damage_from_what_people_write),
		cmocka_unit_test(a_text_ends_where_it_ends),
		cmocka_unit_test(knows_numbers_that_lack_a_zero_or_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
