#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "values/iban.h"

#define TABLES_WANT_IBAN
#define TABLES_WANT_IBAN_UNOFFICIAL
#include "values/tables.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { CELL_COUNTRY, CELL_NAME, CELL_LENGTH, CELL_STRUCTURE, CELL_TERRITORIES, CELL_SEPA, CELL_EXAMPLE };

static void every_country_of_the_registry_takes_its_example(void **state)
{
	struct iban_look look;

	(void)state;
	assert_true(tables_iban_count >= 89);
	for (size_t i = 0; i < tables_iban_count; i++) {
		const char *example = tables_iban[i][CELL_EXAMPLE];

		if (iban_check(text_of(example), &look) != IBAN_VALID)
			fail_msg("%s", example);
		assert_string_equal(look.country, tables_iban[i][CELL_COUNTRY]);
		assert_string_equal(look.name, tables_iban[i][CELL_NAME]);
		assert_int_equal((size_t)look.length, strlen(example));
	}
}

/* A mistyped character, and two digits side by side that change places: mod 97 finds all of them. */
static void no_example_with_one_character_wrong_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < tables_iban_count; i++) {
		struct text example = text_of(tables_iban[i][CELL_EXAMPLE]);

		for (size_t at = 2; at < example.len; at++) {
			char wrong[IBAN_MAX];

			memcpy(wrong, example.ptr, example.len);
			wrong[at] = (char)(wrong[at] == '9' || wrong[at] == 'Z' ? wrong[at] - 1 : wrong[at] + 1);
			if (iban_check((struct text){wrong, example.len}, NULL) == IBAN_VALID)
				fail_msg("%s, place %zu", example.ptr, at);
			memcpy(wrong, example.ptr, example.len);
			if (at + 1 == example.len || wrong[at] > '9' || wrong[at + 1] > '9' ||
				wrong[at] == wrong[at + 1])
				continue;
			wrong[at] = example.ptr[at + 1];
			wrong[at + 1] = example.ptr[at];
			if (iban_check((struct text){wrong, example.len}, NULL) == IBAN_VALID)
				fail_msg("%s, place %zu and its neighbour", example.ptr, at);
		}
	}
}

static void judges_what_is_wrong_in_the_order_in_which_people_look(void **state)
{
	static const struct {
		const char *iban;
		enum iban_verdict verdict;
	} cases[] = {
		{"", IBAN_BAD_COUNTRY},
		{"D", IBAN_BAD_COUNTRY},
		{"DE", IBAN_BAD_LENGTH},
		{"US89370400440532013000", IBAN_BAD_COUNTRY},
		{"ZZ89370400440532013000", IBAN_BAD_COUNTRY},
		{"AA89370400440532013000", IBAN_BAD_COUNTRY},
		{"de89370400440532013000", IBAN_BAD_COUNTRY},   /* not its electronic form */
		{"DZ3512341234123412341234", IBAN_BAD_COUNTRY}, /* like an IBAN, and not in the registry */
		{"MA64011519000001205000534921", IBAN_BAD_COUNTRY},
		{"DE8937040044053201300", IBAN_BAD_LENGTH},
		{"DE893704004405320130000", IBAN_BAD_LENGTH},
		{"DEX9370400440532013000", IBAN_BAD_STRUCTURE},
		{"DE8X370400440532013000", IBAN_BAD_STRUCTURE},
		{"DE89370400440532O13000", IBAN_BAD_STRUCTURE},
		{"DE89-37040044053201300", IBAN_BAD_STRUCTURE},
		{"GB2912340016133192681X", IBAN_BAD_STRUCTURE},
		{"FR14200410100505000l3M02606", IBAN_BAD_STRUCTURE}, /* a small letter */
		{"DE88370400440532013000", IBAN_BAD_CHECKSUM},
		{"DE89370400440532013000", IBAN_VALID},
		{"NO9386011117947", IBAN_VALID},
		{"MT84MALT011000012345MTLCAST001S", IBAN_VALID},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (iban_check(text_of(cases[i].iban), NULL) != cases[i].verdict)
			fail_msg("%s", cases[i].iban);
}

static unsigned remainder_of(const char *number)
{
	unsigned rest = 0;

	for (; *number != '\0'; number++)
		rest = (10 * rest + (unsigned)(*number - '0')) % 97;
	return rest;
}

/* 00, 01 and 99 can fit mod 97: 97 and 02 fit for the same account then, and one of each pair alone is given. */
static void refuses_check_digits_that_are_never_given(void **state)
{
	int fitting[3] = {0};

	(void)state;
	for (unsigned account = 0; account < 2000; account++) {
		static const char *const digits[] = {"00", "01", "99"};
		char number[40], iban[40];

		for (size_t i = 0; i < 3; i++) {
			snprintf(number, sizeof(number), "37040044%010u1314%s", account, digits[i]); /* DE: 1314 */
			snprintf(iban, sizeof(iban), "DE%s37040044%010u", digits[i], account);
			if (remainder_of(number) != 1)
				continue;
			fitting[i]++;
			assert_int_equal(iban_check(text_of(iban), NULL), IBAN_BAD_CHECKSUM);
		}
	}
	assert_true(fitting[0] > 0 && fitting[1] > 0 && fitting[2] > 0);
}

static void reads_ibans_as_people_write_them(void **state)
{
	char out[IBAN_MAX];
	static const char long_one[] = "DE89 3704 0044 0532 0130 00 1234 5678 9012 3456";

	(void)state;
	assert_true(text_is(iban_canonical(TEXT("de89 3704 0044 0532 0130 00"), out), "DE89370400440532013000"));
	assert_true(text_is(iban_canonical(TEXT("DE89-3704"), out), "DE89-3704"));
	assert_int_equal(iban_canonical(TEXT(""), out).len, 0);
	assert_ptr_equal(iban_canonical(text_of(long_one), out).ptr, long_one);
	assert_true(text_is(
		iban_canonical(TEXT("1234567890123456789012345678901234"), out), "1234567890123456789012345678901234"));
}

static void territories_have_the_ibans_of_their_country(void **state)
{
	(void)state;
	assert_true(iban_covers(TEXT("DE"), TEXT("DE")));
	assert_true(iban_covers(TEXT("GB"), TEXT("JE")));
	assert_true(iban_covers(TEXT("GB"), TEXT("GG")));
	assert_true(iban_covers(TEXT("FR"), TEXT("GF")));
	assert_true(iban_covers(TEXT("FR"), TEXT("WF")));
	assert_true(iban_covers(TEXT("FI"), TEXT("AX")));
	assert_false(iban_covers(TEXT("JE"), TEXT("GB")));
	assert_false(iban_covers(TEXT("DE"), TEXT("AT")));
	assert_false(iban_covers(TEXT("FR"), TEXT("F ")));
	assert_false(iban_covers(TEXT("US"), TEXT("PR")));
	assert_true(iban_covers(TEXT("US"), TEXT("US")));
	assert_false(iban_covers(TEXT(""), TEXT("")));
}

/* They fit mod 97 for the most part, and are refused with the reason. */
static void numbers_like_ibans_outside_the_registry_are_named(void **state)
{
	struct iban_look look;

	(void)state;
	assert_int_equal(tables_iban_unofficial_count, 22);
	for (size_t i = 0; i < tables_iban_unofficial_count; i++) {
		assert_int_equal(iban_check(text_of(tables_iban_unofficial[i][3]), &look), IBAN_BAD_COUNTRY);
		assert_string_equal(look.unofficial, tables_iban_unofficial[i][1]);
		assert_string_equal(look.uses, "");
	}
	assert_int_equal(iban_check(TEXT("US89370400440532013000"), &look), IBAN_BAD_COUNTRY);
	assert_string_equal(look.unofficial, "");
	assert_int_equal(iban_check(TEXT("DE89370400440532013000"), &look), IBAN_VALID);
	assert_string_equal(look.unofficial, "");
}

static void territories_are_told_whose_letters_their_ibans_have(void **state)
{
	static const char *const french[] = {"GF", "GP", "MQ", "RE", "PF", "TF", "YT", "NC", "BL", "MF", "PM", "WF"};
	static const char *const others[][2] = {{"IM", "GB"}, {"JE", "GB"}, {"GG", "GB"}, {"AX", "FI"}};
	struct iban_look look;

	(void)state;
	for (size_t i = 0; i < COUNT(french); i++) {
		char iban[] = "??1420041010050500013M02606";

		memcpy(iban, french[i], 2);
		assert_int_equal(iban_check(text_of(iban), &look), IBAN_BAD_COUNTRY);
		assert_string_equal(look.uses, "FR");
		assert_true(iban_sepa(text_of(french[i])));
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_int_equal(iban_check(text_of(others[i][0]), &look), IBAN_BAD_COUNTRY);
		assert_string_equal(look.uses, others[i][1]);
	}
	assert_true(iban_sepa(TEXT("DE")) && iban_sepa(TEXT("CH")) && iban_sepa(TEXT("GB")));
	assert_false(iban_sepa(TEXT("TR")) || iban_sepa(TEXT("US")) || iban_sepa(TEXT("")) || iban_sepa(TEXT("GL")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_country_of_the_registry_takes_its_example),
		cmocka_unit_test(no_example_with_one_character_wrong_is_taken),
		cmocka_unit_test(judges_what_is_wrong_in_the_order_in_which_people_look),
		cmocka_unit_test(refuses_check_digits_that_are_never_given),
		cmocka_unit_test(reads_ibans_as_people_write_them),
		cmocka_unit_test(territories_have_the_ibans_of_their_country),
		cmocka_unit_test(numbers_like_ibans_outside_the_registry_are_named),
		cmocka_unit_test(territories_are_told_whose_letters_their_ibans_have),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
