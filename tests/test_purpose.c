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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(circle_takes_its_own_codes_but_one),
		cmocka_unit_test(other_codes_are_unknown_to_circle),
		cmocka_unit_test(providers_without_a_list_take_any),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
