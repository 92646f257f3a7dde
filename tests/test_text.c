#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <utf8proc.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

static void compares_slices_by_bytes_and_length(void **state)
{
	(void)state;
	assert_true(text_equal(TEXT("abc"), TEXT("abc")));
	assert_false(text_equal(TEXT("abc"), TEXT("ab")));
	assert_true(text_equal((struct text){0}, TEXT("")));
	assert_true(text_is(TEXT("amount"), "amount"));
	assert_false(text_is(TEXT("amount"), "Amount"));
	assert_true(text_equal_nocase(TEXT("AmOunt"), TEXT("aMount")));
	assert_false(text_equal_nocase(TEXT("\xC3\x84"), TEXT("\xC3\xA4"))); /* ASCII letters only */
	assert_true(text_compare(TEXT("a"), TEXT("ab")) < 0);
	assert_true(text_compare(TEXT("b"), TEXT("ab")) > 0);
	assert_true(text_compare(TEXT("\xFF"), TEXT("a")) > 0);
	assert_int_equal(text_compare((struct text){0}, TEXT("")), 0);
	assert_true(text_starts(TEXT("payrun"), TEXT("pay")));
	assert_true(text_starts(TEXT("payrun"), (struct text){0}));
	assert_false(text_starts(TEXT("pay"), TEXT("payrun")));
	assert_int_equal(text_of(NULL).len, 0);
}

static void trims_the_four_blanks_of_the_contract_and_nothing_else(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""},
		{" \t ", ""},
		{" a b\t", "a b"},
		{"\xC2\xA0"
		 "12.50"
		 "\xC2\xA0 ",
			"12.50"},
		{"\xEF\xBB\xBF"
		 "reference",
			"reference"},
		{" \xC2\xA0\xEF\xBB\xBF\t", ""},
		{"\na\r", "\na\r"},
		{"a\xE2\x80\xAF", "a\xE2\x80\xAF"}, /* narrow no-break space stays */
		{"\xE1\x82\xA0", "\xE1\x82\xA0"},   /* a letter that ends in the last byte of NBSP */
		{"\xC2", "\xC2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(text_is(text_trim(text_of(cases[i].in)), cases[i].out));
}

static void tells_well_formed_utf8_and_the_first_bad_byte(void **state)
{
	static const struct {
		const char *in;
		int bad; /* -1: well-formed */
	} cases[] = {
		{"", -1},
		{"plain text longer than eight", -1},
		{"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", -1},
		{"\xF4\x8F\xBF\xBF", -1},
		{"\xEF\xBF\xBF", -1},
		{"12345678\x80", 8},
		{"1234567\xC3", 7},
		{"\xC3\xA4 and more than eight of ASCII\x80", 31},
		{"a\xC0\xAF", 1},        /* overlong */
		{"a\xC1\xBF", 1},        /* overlong */
		{"\xE0\x9F\xBF", 0},     /* overlong */
		{"\xF0\x8F\xBF\xBF", 0}, /* overlong */
		{"ab\xED\xA0\x80", 2},   /* surrogate */
		{"\xF4\x90\x80\x80", 0}, /* beyond U+10FFFF */
		{"\xF5\x80\x80\x80", 0},
		{"\xE2\x82", 0},
		{"\xE2\x28\xA1", 0},
		{"\xE2\x82\x28", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t bad = 99;

		assert_int_equal(text_utf8(text_of(cases[i].in), &bad), cases[i].bad < 0);
		assert_int_equal(bad, cases[i].bad < 0 ? 99 : cases[i].bad);
		assert_int_equal(text_utf8(text_of(cases[i].in), NULL), cases[i].bad < 0);
		assert_true(cases[i].bad < 0 || !text_plain(text_of(cases[i].in)));
	}
}

static void walks_and_counts_code_points(void **state)
{
	static const int32_t points[] = {'a', 0xE4, 0x20AC, 0x1F600, 0, 'z'};
	struct text text = TEXT("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\0z");
	size_t offset = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++)
		assert_int_equal(text_next(text, &offset), points[i]);
	assert_int_equal(text_next(text, &offset), -1);
	assert_int_equal(text_points(text), 6);
	assert_int_equal(text_points(TEXT("")), 0);
	assert_int_equal(text_points(TEXT("0123456789\xC3\xA4")), 11);
}

static void hides_control_format_and_separator_characters(void **state)
{
	static const int32_t hidden[] = {0, 9, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x200B, 0x200E, 0x202E, 0x2066, 0x2028,
		0x2029, 0xFEFF, 0xE000, 0xE0001};
	static const int32_t seen[] = {' ', 'A', '~', 0xA0, 0xE4, 0x301, 0x4E2D, 0x1F600};

	(void)state;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
		assert_true(text_point_hidden(hidden[i]));
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		assert_false(text_point_hidden(seen[i]));
}

static void composes_to_nfc_and_keeps_what_is_composed(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""}, {"Rent", "Rent"}, {"M\xC3\xBCller", "M\xC3\xBCller"}, {"Mu\xCC\x88ller", "M\xC3\xBCller"},
		{"\xE2\x84\xAB", "\xC3\x85"}, /* angstrom sign */
		{"\xE1\x84\x80\xE1\x85\xA1", "\xEA\xB0\x80"},
		{"\xEF\xAC\x81", "\xEF\xAC\x81"}, /* a ligature is no matter of NFC */
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text in = text_of(cases[i].in);
		struct text out = text_nfc(&arena, in);

		assert_true(text_is(out, cases[i].out));
		assert_int_equal(out.ptr == in.ptr, text_equal(in, out));
	}
	arena_release(&arena);
}

static size_t put_point(char *out, int32_t point)
{
	return (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)out);
}

static void expect_nfc(struct arena *arena, struct text in, int32_t point)
{
	utf8proc_uint8_t *expected = NULL;
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)in.ptr, (utf8proc_ssize_t)in.len, &expected,
		(utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
	struct text out = text_nfc(arena, in);

	assert_true(len >= 0);
	if (out.len != (size_t)len || memcmp(out.ptr, expected, out.len) != 0)
		fail_msg("U+%04X among others", (unsigned)point);
	free(expected);
	arena_reset(arena);
}

/* Every code point alone, and between a letter and marks that would join it or change places with it. */
static void composes_every_code_point_as_unicode_says(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (int32_t point = 1; point <= 0x10FFFF; point++) {
		char bytes[32];
		size_t len, before;

		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		expect_nfc(&arena, (struct text){bytes, put_point(bytes, point)}, point);
		if (point >= 0x20000 && point % 64 != 0)
			continue;
		before = put_point(bytes, 'e');
		len = before + put_point(bytes + before, point);
		len += put_point(bytes + len, 0x0301);
		len += put_point(bytes + len, 0x0323);
		len += put_point(bytes + len, 0x11A8);
		expect_nfc(&arena, (struct text){bytes, len}, point);
		expect_nfc(&arena, (struct text){bytes, before + put_point(bytes + before, point)}, point);
		before = put_point(bytes, 0xAC00);
		expect_nfc(&arena, (struct text){bytes, before + put_point(bytes + before, point)}, point);
	}
	arena_release(&arena);
}

/* Every code point, where the closer look finds nothing either, and at every place of the eight bytes seen at once. */
static void calls_text_plain_that_needs_no_closer_look(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (int32_t point = 0; point <= 0x10FFFF; point++) {
		char bytes[32] = "abcdefghijklmnopqrstuvwxyz";
		size_t at = (size_t)point % 11, len = at;
		struct text text;

		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		len += put_point(bytes + at, point);
		text = (struct text){bytes, len + (size_t)point % 5};
		if (text_plain(text) && (text_point_hidden(point) || !text_equal(text_nfc(&arena, text), text)))
			fail_msg("U+%04X is not plain", (unsigned)point);
		if (!text_plain(text) && point >= 0x20 && point < 0x0300 && !text_point_hidden(point))
			fail_msg("U+%04X is plain", (unsigned)point);
		arena_reset(&arena);
	}
	arena_release(&arena);
	assert_true(text_plain(TEXT("\xEA\xB9\x80\xEB\xAF\xBC\xEC\xA4\x80, order 3598")));
	assert_true(text_plain(TEXT("")));
}

static void makes_references_that_look_alike_equal(void **state)
{
	static const struct {
		const char *a, *b;
		bool alike;
	} cases[] = {
		{"INV-007", "inv-7", true},
		{"INV-7", "INV-70", false},
		{"INV-0", "INV-000", true},
		{"INV-0", "INV-", false},
		{"A1", "A10", false},
		{"A100", "A1", false},
		{"2026-01-05", "2026-1-5", true},
		{"STRASSE",
			"stra\xC3\x9F"
			"e",
			true},
		{"\xEF\xBC\xA1\xEF\xBC\x90\xEF\xBC\x97", "A7", true}, /* full width */
		{"\xC3\x84-1", "a\xCC\x88-1", true},
		{"ab", "ac", false},
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(text_equal(text_lookalike(&arena, text_of(cases[i].a)),
					 text_lookalike(&arena, text_of(cases[i].b))),
			cases[i].alike);
	arena_release(&arena);
}

static void shows_untrusted_text_without_its_tricks(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		const char *out;
	} cases[] = {
		{"Rent \xC3\xA4 \xF0\x9F\x98\x80", 0, "Rent \xC3\xA4 \xF0\x9F\x98\x80"},
		{"\x1b[2J", 0, "\\x1b[2J"},
		{"a\nb\tc\x7F", 0, "a\\x0ab\\x09c\\x7f"},
		{"\xC2\x9B"
		 "31m",
			0, "\\u{9b}31m"},
		{"pay\xE2\x80\xAE"
		 "yap",
			0, "pay\\u{202e}yap"},
		{"\xE2\x81\xA6x\xE2\x81\xA9", 0, "\\u{2066}x\\u{2069}"},
		{"a\xE2\x80\x8B"
		 "b",
			0, "a\\u{200b}b"},
		{"a\xEF\xBB\xBF", 0, "a\\u{feff}"},
		{"a\xCD\x8F"
		 "b",
			0, "a\\u{34f}b"},         /* grapheme joiner: a mark that shows nothing */
		{"\xE3\x85\xA4", 0, "\\u{3164}"}, /* Hangul filler: a letter that shows nothing */
		{"\xE2\x80\xA8", 0, "\\u{2028}"},
		{"a\xFFz", 0, "a\\xffz"},
		{"\xE2\x82", 0, "\\xe2\\x82"},
		{"\x1b\x1b\x1b", 2, "\\x1b\\x1b..."},
		{"abcdef", 3, "abc..."},
		{"abc", 3, "abc"},
		{"", 3, ""},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&buf);
		text_show(&buf, text_of(cases[i].in), cases[i].max);
		assert_string_equal(buf_str(&buf), cases[i].out);
	}
	buf_release(&buf);
}

static void masks_all_but_the_end(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"DE89370400440532013000", "****3000"},
		{"12345678", "****5678"},
		{"1234567", "****567"},
		{"123", "****3"},
		{"1", "****"},
		{"", "****"},
		{"1234\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F", "****\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F"},
		{"1234567\x1b", "****567\\x1b"},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&buf);
		text_mask(&buf, text_of(cases[i].in));
		assert_string_equal(buf_str(&buf), cases[i].out);
	}
	buf_release(&buf);
}

static void counts_edits_up_to_a_limit(void **state)
{
	static const struct {
		const char *a, *b;
		size_t max, edits;
	} cases[] = {
		{"", "", 2, 0},
		{"amount", "amount", 2, 0},
		{"amuont", "amount", 2, 1}, /* a swap */
		{"amont", "amount", 2, 1},
		{"amounts", "amount", 2, 1},
		{"anount", "amount", 2, 1},
		{"referance", "reference", 2, 1},
		{"refrense", "reference", 2, 2},
		{"kitten", "sitting", 5, 3},
		{"kitten", "sitting", 2, 3},
		{"kitten", "sitting", 1, 2},
		{"a", "abcdefgh", 2, 3},
		{"", "ab", 2, 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(text_distance(text_of(cases[i].a), text_of(cases[i].b), cases[i].max), cases[i].edits);
		assert_int_equal(text_distance(text_of(cases[i].b), text_of(cases[i].a), cases[i].max), cases[i].edits);
	}
}

static void reads_and_writes_hex(void **state)
{
	unsigned char bytes[3] = {9, 9, 9};
	char out[7];

	(void)state;
	assert_true(text_unhex(TEXT("00fFa1"), bytes, 3));
	assert_memory_equal(bytes, "\x00\xFF\xA1", 3);
	text_hex(bytes, 3, out);
	assert_string_equal(out, "00ffa1");
	assert_false(text_unhex(TEXT("00ff"), bytes, 3));
	assert_false(text_unhex(TEXT("00ffa11"), bytes, 3));
	assert_false(text_unhex(TEXT("00ffg1"), bytes, 3));
	assert_memory_equal(bytes, "\x00\xFF\xA1", 3); /* untouched by what is refused */
}

static void reads_whole_numbers_within_a_limit(void **state)
{
	static const struct {
		const char *in;
		int64_t max, number; /* -1: refused */
	} cases[] = {
		{"0", 0, 0},
		{"007", 7, 7},
		{"8", 7, -1},
		{"10", 9, -1},
		{"5", 3, -1},
		{"9223372036854775807", INT64_MAX, INT64_MAX},
		{"9223372036854775808", INT64_MAX, -1},
		{"99999999999999999999", INT64_MAX, -1},
		{"", 9, -1},
		{"+1", 9, -1},
		{"-1", 9, -1},
		{" 1", 9, -1},
		{"1e3", 9999, -1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t number = -1;

		assert_int_equal(text_number(text_of(cases[i].in), cases[i].max, &number), cases[i].number >= 0);
		assert_true(number == cases[i].number);
	}
}

static void copies_into_an_arena_end_with_a_nul(void **state)
{
	struct arena arena = {0};
	struct text slice = {"abcdef", 3};

	(void)state;
	assert_string_equal(text_string(&arena, slice), "abc");
	assert_string_equal(text_string(&arena, (struct text){0}), "");
	assert_true(text_is(text_copy(&arena, slice), "abc"));
	arena_release(&arena);
}

static void finds_a_word_in_a_list(void **state)
{
	(void)state;
	assert_true(text_lists(TEXT("USD, EUR,MXN BRL"), TEXT("USD")));
	assert_true(text_lists(TEXT("USD, EUR,MXN BRL"), TEXT("EUR")));
	assert_true(text_lists(TEXT("USD, EUR,MXN BRL"), TEXT("MXN")));
	assert_true(text_lists(TEXT("USD, EUR,MXN BRL"), TEXT("BRL")));
	assert_false(text_lists(TEXT("USD, EUR,MXN BRL"), TEXT("US")));
	assert_false(text_lists(TEXT("USD, EUR,MXN BRL"), TEXT("USD,")));
	assert_false(text_lists(TEXT("USD, EUR,MXN BRL"), TEXT("")));
	assert_false(text_lists(TEXT(""), TEXT("USD")));
	assert_false(text_lists(TEXT(" ,"), TEXT("")));
}

static void knows_a_uuid(void **state)
{
	static const char *const wrong[] = {"", "79a296b3-9bb7-49b8-8ad1-618161d6f7b",
		"79a296b3-9bb7-49b8-8ad1-618161d6f7b12", "79a296b3-9bb7-49b8-8ad1-618161d6f7bg",
		"79a296b309bb7-49b8-8ad1-618161d6f7b1", "79a296b3--bb7-49b8-8ad1-618161d6f7b1"};

	(void)state;
	assert_true(text_is_uuid(TEXT("79a296b3-9bb7-49b8-8ad1-618161d6f7b1")));
	assert_true(text_is_uuid(TEXT("FFFFFFFF-ffff-1000-0000-0123456789Ab")));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (text_is_uuid(text_of(wrong[i])))
			fail_msg("%s", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares_slices_by_bytes_and_length),
		cmocka_unit_test(trims_the_four_blanks_of_the_contract_and_nothing_else),
		cmocka_unit_test(tells_well_formed_utf8_and_the_first_bad_byte),
		cmocka_unit_test(walks_and_counts_code_points),
		cmocka_unit_test(hides_control_format_and_separator_characters),
		cmocka_unit_test(composes_to_nfc_and_keeps_what_is_composed),
		cmocka_unit_test(calls_text_plain_that_needs_no_closer_look),
		cmocka_unit_test(composes_every_code_point_as_unicode_says),
		cmocka_unit_test(makes_references_that_look_alike_equal),
		cmocka_unit_test(shows_untrusted_text_without_its_tricks),
		cmocka_unit_test(masks_all_but_the_end),
		cmocka_unit_test(counts_edits_up_to_a_limit),
		cmocka_unit_test(reads_and_writes_hex),
		cmocka_unit_test(reads_whole_numbers_within_a_limit),
		cmocka_unit_test(copies_into_an_arena_end_with_a_nul),
		cmocka_unit_test(finds_a_word_in_a_list),
		cmocka_unit_test(knows_a_uuid),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
