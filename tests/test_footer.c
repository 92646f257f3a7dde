#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/footer.h"

static const struct {
	const char *lines;
	bool expected;
} footers[] = {
	{"C-3;12,50;;Ann\n", true},
	{"Total\n\nC-3;12,50;x;Ann", true},
	{"C-3;\"12;50\";;Ann\r\n", true},
	{"", false},
	{"\n\n", false},
	{"Total;12,50;;\n", false},
	{"Total;12,50;;\"\"\n", false},
	{"Total;12,50; ; \n", false},
	{"C-3;12,50;;Ann;\n", false},
	{"C-3;12,50;Ann\n", false},
	{"\"C-3;12,50;;Ann\n", false},
};

static void a_line_that_is_filled_like_a_row_is_seen(void **state)
{
	const struct text row[] = {TEXT("C-2"), TEXT("3"), TEXT(" "), TEXT("Bob")};
	struct footer_shape shape = {.count = 0};

	(void)state;
	assert_false(footer_has_row(&shape, TEXT("C-3;12,50;;Ann\n"), ';'));
	footer_shape_take(&shape, row, 4);
	for (size_t i = 0; i < sizeof(footers) / sizeof(footers[0]); i++)
		if (footer_has_row(&shape, text_of(footers[i].lines), ';') != footers[i].expected)
			fail_msg("%s", footers[i].lines);
}

static void one_column_has_no_shape(void **state)
{
	const struct text row[] = {TEXT("3")};
	struct footer_shape shape = {.count = 0};

	(void)state;
	footer_shape_take(&shape, row, 1);
	assert_false(footer_has_row(&shape, TEXT("printed\n"), ';'));
	footer_shape_take(&shape, row, BOUND_COLUMNS + 1);
	assert_int_equal(shape.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_is_filled_like_a_row_is_seen),
		cmocka_unit_test(one_column_has_no_shape),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
