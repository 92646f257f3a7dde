#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/points.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void knows_what_a_text_holds(void **state)
{
	static const struct {
		const char *text;
		point_kinds kinds;
	} cases[] = {
		{"", 0},
		{"Ann-Marie O'Neill, 12", 0},
		{"M\xC3\xBCller \xC5\x81ukasz", 0},
		{"a\tb", POINT_CONTROL},
		{"a\x7F", POINT_CONTROL},
		{"a\xC2\x9B", POINT_CONTROL},        /* CSI */
		{"a\xC2\xADz", POINT_HIDDEN},        /* soft hyphen */
		{"a\xE2\x80\x8Bz", POINT_HIDDEN},    /* zero width space */
		{"a\xE2\x80\x8Dz", POINT_HIDDEN},    /* joiner among Latin letters */
		{"\xE0\xA4\x95\xE2\x80\x8D", 0},     /* and after one of Devanagari */
		{"\xE2\x80\x8C\xD9\x85", 0},         /* and before an Arabic one */
		{"a\xE2\x80\x8Ez", POINT_HIDDEN},    /* left-to-right mark */
		{"a\xE2\x81\xA0z", POINT_HIDDEN},    /* word joiner */
		{"a\xEF\xBB\xBFz", POINT_HIDDEN},    /* BOM */
		{"a\xEF\xB8\x8F", POINT_HIDDEN},     /* selector */
		{"\xE8\x91\x9B\xF3\xA0\x84\x80", 0}, /* of a Han letter */
		{"a\xE3\x85\xA4", POINT_HIDDEN},     /* filler */
		{"a\xEF\xBE\xA0", POINT_HIDDEN},     /* half-width one */
		{"a\xE2\x80\xAEz", POINT_TURNS},     /* override */
		{"a\xE2\x81\xA9z", POINT_TURNS},     /* end of isolate */
		{"a\xE2\x80\xA9z", POINT_SECRET},    /* paragraph separator */
		{"a\xF3\xA0\x81\x81", POINT_SECRET}, /* tag A */
		{"M\xEF\xBF\xBDller", POINT_LOST},
		{"a\xEE\x80\x80", POINT_NOBODYS},     /* private use */
		{"a\xF4\x8F\xBF\xBF", POINT_NOBODYS}, /* U+10FFFF */
		{"a\xEF\xB7\x90", POINT_NOBODYS},     /* U+FDD0 */
		{"1\xCD\xB8", POINT_UNKNOWN},         /* U+0378 */
		{"a\xC2\xA0z", POINT_BLANK},
		{"a\xE2\x80\xAFz", POINT_BLANK},
		{"a\xE3\x80\x80z", POINT_BLANK},
		{"a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81", 0},
		{"a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81", POINT_STACKED},
		{"P\xD0\xB0yPal", POINT_MIXED},
		{"\xCE\x91nn", POINT_MIXED},
		{"A1\xD0\x92", POINT_MIXED},
		{"A-\xD0\x92 C \xD0\x94", 0},
		{"\xE6\xA0\xAA"
		 "ABC\xE3\x83\x86\xE3\x81\xAE",
			0},
		{"M\xC3\x83\xC2\xBCller", POINT_MOJIBAKE},
		{"\xC3\x90\xC2\xA1", POINT_MOJIBAKE}, /* a Cyrillic letter */
		{"it\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s", POINT_MOJIBAKE},
		{"JO\xC3\x83O", 0},
		{"LUK\xC3\x81\xC5\xA0", 0},
		{"a\xC2\xA0z\xE2\x80\xAE", POINT_BLANK | POINT_TURNS},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (points_look(text_of(cases[i].text)) != cases[i].kinds)
			fail_msg("case %zu, %s: %x", i, cases[i].text, points_look(text_of(cases[i].text)));
}

static void finds_the_first_of_a_kind(void **state)
{
	struct text text = TEXT("a\xC2\xA0"
				"b\xE2\x80\xAE\xE2\x80\x8B");

	(void)state;
	assert_int_equal(points_first(text, POINT_BLANK), 0xA0);
	assert_int_equal(points_first(text, POINT_TURNS | POINT_HIDDEN), 0x202E);
	assert_int_equal(points_first(text, POINT_HIDDEN), 0x200B);
	assert_int_equal(points_first(text, POINT_LOST), -1);
	assert_int_equal(points_first(TEXT("a\nb"), POINT_CONTROL), '\n');
}

static void cuts_out_the_word_and_the_letters(void **state)
{
	(void)state;
	assert_true(text_is(points_mixed_word(TEXT("Ann P\xD0\xB0yPal Ltd")), "P\xD0\xB0yPal"));
	assert_true(text_is(points_mixed_word(TEXT("Ann \xCE\x91nn")), "\xCE\x91nn"));
	assert_int_equal(points_mixed_word(TEXT("Ann \xD0\x94")).len, 0);
	assert_true(text_is(points_mojibake(TEXT("M\xC3\x83\xC2\xBCller")), "\xC3\x83\xC2\xBC"));
	assert_int_equal(points_mojibake(TEXT("M\xC3\xBCller")).len, 0);
	assert_int_equal(points_mojibake(TEXT("")).len, 0);
}

/* No code point is both: what points_look tells of a single one, points_first finds. */
static void both_looks_agree_on_every_code_point(void **state)
{
	const point_kinds single = POINT_CONTROL | POINT_HIDDEN | POINT_TURNS | POINT_SECRET | POINT_LOST |
				   POINT_NOBODYS | POINT_UNKNOWN | POINT_BLANK;

	(void)state;
	for (int32_t point = 1; point <= 0x10FFFF; point++) {
		char bytes[4];
		size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

		if (point >= 0xD800 && point < 0xE000)
			continue;
		for (size_t i = len, rest = (size_t)point; i-- > 0; rest >>= 6)
			bytes[i] = (char)(i > 0      ? 0x80 | (rest & 0x3F)
					  : len == 1 ? rest
						     : (0xF00 >> len & 0xFF) | rest);
		struct text text = {bytes, len};
		point_kinds kinds = points_look(text);

		assert_int_equal(kinds & ~single, 0);
		assert_int_equal(points_first(text, single), kinds != 0 ? point : -1);
		if (text_point_hidden(point) && kinds == 0)
			fail_msg("U+%04X is hidden and nothing of note", (unsigned)point);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_what_a_text_holds),
		cmocka_unit_test(finds_the_first_of_a_kind),
		cmocka_unit_test(cuts_out_the_word_and_the_letters),
		cmocka_unit_test(both_looks_agree_on_every_code_point),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
