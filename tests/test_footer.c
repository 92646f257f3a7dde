#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/footer.h"

#define NAMES                                                                                                          \
	{                                                                                                              \
		TEXT("reference"), TEXT("channel"), TEXT("amount"), TEXT("currency"), TEXT("iban"), TEXT("purpose")    \
	}

static const struct {
	const char *lines;
	bool expected;
} footers[] = {
	{"C-3;wire;12,50;EUR;DE02;x\n", true},
	{"Total\n\nC-3;wire;12,50;EUR;DE02;\n", true},
	{"C-3;;12,50;;DE02;", true},
	{";;12,50;EUR;DE02;\r\n", true},
	{"C-3;;12,50;EUR;;", true},
	{"C-3;wire;\"12,50\";;;", true},
	{"C-3;wire;12.50;EUR;DE02;", true},
	{"C-3;wire;12,50;EUR;DE02", true},
	{"C-3;12,50;EUR;DE02;x", true},
	{"C-3;wire;a;12,50;EUR;DE02;x", true},
	{"C-3;wire;12,50", true},
	{"Bank \"X\nC-3;wire;12,50;EUR;DE02;", true},
	{"\"Bank X\nC-3;wire;12,50;EUR;DE02;", true},
	{"\"C-3\n\";wire;12,50;EUR;DE02;", true},
	{"C-3;wire;12,50;EUR;DE02;\"a\nb\"\n", true},
	{"", false},
	{"\n\n", false},
	{"printed by Ann", false},
	{"Total;;12,50", false},
	{"Total;;12,50;;;", false},
	{"Total;3;12,50;;;", false},
	{"Total;;12,50;3; ;\"\"", false},
	{"Total;;;EUR;12,50;", false},
	{"reference;channel;amount;currency;iban;purpose", false},
};

static void a_line_that_reads_as_a_payout_is_seen(void **state)
{
	const struct text names[] = NAMES;
	const struct amount_style style = {.decimal_mark = ','};
	struct header header = {.count = 0};

	(void)state;
	assert_false(footer_has_row(&header, &style, TEXT("C-3;wire;12,50;EUR;DE02;x\n"), ';'));
	header_read(&header, names, sizeof(names) / sizeof(names[0]), 1);
	for (size_t i = 0; i < sizeof(footers) / sizeof(footers[0]); i++)
		if (footer_has_row(&header, &style, text_of(footers[i].lines), ';') != footers[i].expected)
			fail_msg("%s", footers[i].lines);
	header_release(&header);
}

static void an_amount_alone_is_no_payout(void **state)
{
	const struct text names[] = {TEXT("amount"), TEXT("purpose")};
	struct header header = {.count = 0};

	(void)state;
	header_read(&header, names, 2, 1);
	assert_false(footer_has_row(&header, NULL, TEXT("3,x\n"), ','));
	header_release(&header);
}

/* Both parts of a reference, or there is none. */
static void a_reference_of_several_columns_is_one(void **state)
{
	const struct text names[] = {TEXT("vendor"), TEXT("bill"), TEXT("amount"), TEXT("iban")};
	const struct profile profile = {
		.name = "p", .join = {{.header = TEXT("vendor")}, {.header = TEXT("bill")}}, .join_count = 2};
	struct header header = {.profile = &profile};

	(void)state;
	header_read(&header, names, 4, 1);
	assert_true(footer_has_row(&header, NULL, TEXT("V-1,B-1,3.50,DE02\n"), ','));
	assert_false(footer_has_row(&header, NULL, TEXT("Total,2,3.50,\n"), ','));
	assert_false(footer_has_row(&header, NULL, TEXT("Total,,3.50,DE02\n"), ','));
	header_release(&header);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_that_reads_as_a_payout_is_seen),
		cmocka_unit_test(an_amount_alone_is_no_payout),
		cmocka_unit_test(a_reference_of_several_columns_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
