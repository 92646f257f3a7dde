#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "values/purpose.h"

/* providers/circle.md, A11: PMT000 to PMT030, and 006 is not for payouts. */
static void circle_takes_its_own_codes_but_one(void **state)
{
	char code[8];
	const char *meaning;

	(void)state;
	for (int i = 0; i <= 30; i++) {
		snprintf(code, sizeof(code), "PMT%03d", i);
		assert_int_equal(purpose_check(PURPOSE_CIRCLE, text_of(code), &meaning),
			i == 6 ? PURPOSE_BAD_UNSUPPORTED : PURPOSE_VALID);
		assert_true(meaning[0] != '\0');
	}
	assert_int_equal(purpose_check(PURPOSE_CIRCLE, TEXT("PMT008"), &meaning), PURPOSE_VALID);
	assert_string_equal(meaning, "Payroll");
}

static void other_codes_are_unknown_to_circle(void **state)
{
	static const char *const codes[] = {"", "PMT031", "PMT", "PMT0088", "pmt008", "008", "SALA"};
	const char *meaning;

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_int_equal(purpose_check(PURPOSE_CIRCLE, text_of(codes[i]), &meaning), PURPOSE_BAD_UNKNOWN);
		assert_string_equal(meaning, "");
	}
}

static void providers_without_a_list_take_any(void **state)
{
	const char *meaning;

	(void)state;
	assert_int_equal(purpose_check(PURPOSE_ANY, TEXT("SALA"), &meaning), PURPOSE_VALID);
	assert_string_equal(meaning, "");
}

static void knows_what_other_spellings_mean(void **state)
{
	static const struct {
		const char *text, *code;
	} cases[] = {{"8", "PMT008"}, {"008", "PMT008"}, {"pmt008", "PMT008"}, {"PMT 8", "PMT008"},
		{"PMT-O30", "PMT030"}, {"TAX PAYMENT", "PMT016"}, {"", ""}, {"PMT", ""}, {"31", ""}, {"6", ""},
		{"SALA", ""}, {"PMT0088", ""}, {"1-2", ""}, {"99999999999999999999", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(purpose_meant(PURPOSE_CIRCLE, text_of(cases[i].text)).code, cases[i].code);
	assert_string_equal(purpose_meant(PURPOSE_ANY, TEXT("8")).code, "");
}

static void codes_of_iso_20022_and_of_countries_are_likely(void **state)
{
	struct purpose_near near;

	(void)state;
	assert_string_equal(purpose_iso(TEXT("BONU")), "Bonus");
	assert_null(purpose_iso(TEXT("bonu")));
	assert_true(purpose_likely(TEXT(""), TEXT("SALA"), &near));
	assert_true(purpose_likely(TEXT(""), TEXT("rent"), &near));
	assert_true(purpose_likely(TEXT(""), TEXT("AB12"), &near));
	assert_true(purpose_likely(TEXT("IN"), TEXT("P0103"), &near));
	assert_true(purpose_likely(TEXT("IN"), TEXT("S9999"), &near));
	assert_false(purpose_likely(TEXT("IN"), TEXT("P01030"), &near));
	assert_false(purpose_likely(TEXT("IN"), TEXT("P010"), &near));
	assert_false(purpose_likely(TEXT("BH"), TEXT("SAX"), &near));
	assert_string_equal(near.code, "SAL");
	assert_false(purpose_likely(TEXT(""), TEXT("QQQQ"), &near));
	assert_string_equal(near.code, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(circle_takes_its_own_codes_but_one),
		cmocka_unit_test(other_codes_are_unknown_to_circle),
		cmocka_unit_test(providers_without_a_list_take_any),
		cmocka_unit_test(knows_what_other_spellings_mean),
		cmocka_unit_test(codes_of_iso_20022_and_of_countries_are_likely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
