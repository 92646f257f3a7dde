#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "values/profile.h"

static const struct {
	const char *format, *date, *expected;
} dates[] = {
	{"DD.MM.YYYY", "31.12.2026", "2026-12-31"},
	{"DD/MM/YYYY", "03/04/2026", "2026-04-03"},
	{"MM/DD/YYYY", "03/04/2026", "2026-03-04"},
	{"DD-MM-YYYY", "03-04-2026", "2026-04-03"},
	{"YYYYMMDD", "20260304", "2026-03-04"},
	{"YYYY/MM/DD", "2026/03/04", "2026-03-04"},
	{"YYYY-MM-DD", "2026-03-04", "2026-03-04"},
	{NULL, "2026-03-04", "2026-03-04"},
	/* not written so: it stays for the rules to judge */
	{"DD.MM.YYYY", "", ""},
	{"DD.MM.YYYY", "3.4.2026", "3.4.2026"},
	{"DD.MM.YYYY", "03/04/2026", "03/04/2026"},
	{"DD.MM.YYYY", "0a.04.2026", "0a.04.2026"},
	{"DD/MM/YYYY", "12/31/2026", "12/31/2026"},
	{"MM/DD/YYYY", "31/12/2026", "31/12/2026"},
	{"DD.MM.YYYY", "32.12.2026", "32.12.2026"},
};

static void dates_are_read_as_the_profile_says_and_no_other_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		struct profile profile = {.date_format = dates[i].format};
		char out[PROFILE_DATE_SIZE];

		if (!text_is(profile_date(&profile, text_of(dates[i].date), out), dates[i].expected))
			fail_msg("%s is not %s", dates[i].date, dates[i].expected);
	}
}

static void columns_are_found_by_header_and_by_place(void **state)
{
	struct profile_column columns[] = {
		{COLUMN_AMOUNT, {0}, TEXT("Net Amount (in the currency of the account, rounded)"), 2},
		{COLUMN_RECIPIENT, TEXT("ifsc"), TEXT("IFSC"), 1}};
	struct profile profile = {.columns = columns, .column_count = 2};

	(void)state;
	assert_ptr_equal(
		profile_column(&profile, TEXT("net_amount (IN the currency of the-account, rounded)")), &columns[0]);
	assert_null(profile_column(&profile, TEXT("net_amount")));
	assert_null(profile_column(&profile, TEXT("")));
	assert_null(profile_column(NULL, TEXT("ifsc")));
	assert_ptr_equal(profile_place(&profile, 1), &columns[1]);
	assert_null(profile_place(&profile, 3));
	assert_ptr_equal(profile_maps(&profile, COLUMN_RECIPIENT, TEXT("ifsc")), &columns[1]);
	assert_null(profile_maps(&profile, COLUMN_RECIPIENT, TEXT("type")));
	assert_null(profile_maps(NULL, COLUMN_AMOUNT, TEXT("")));
}

static const struct {
	const char *parts[3];
	const char *expected;
} joins[] = {
	{{"4711", "RE-1"}, "4711:RE-1"},
	{{"4711", "2026", "RE-1"}, "4711:2026:RE-1"},
	/* other parts never make the same reference */
	{{"A:1", "2"}, "A~:1:2"},
	{{"A", "1:2"}, "A:1~:2"},
	{{"A", "1", "2"}, "A:1:2"},
	{{"A~", "1"}, "A~~:1"},
	{{"A", "~1"}, "A:~~1"},
	{{"A~:", "1"}, "A~~~::1"},
	{{"A~", ":1"}, "A~~:~:1"},
	{{"4711", ""}, ""},
	{{"", "RE-1"}, ""},
};

static void parts_of_a_reference_never_collide(void **state)
{
	struct buf reference = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
		struct text parts[3] = {
			text_of(joins[i].parts[0]), text_of(joins[i].parts[1]), text_of(joins[i].parts[2])};

		profile_join(&reference, parts, joins[i].parts[2] != NULL ? 3 : 2);
		if (!text_is(buf_text(&reference), joins[i].expected))
			fail_msg("%s is not %s", buf_str(&reference), joins[i].expected);
	}
	buf_release(&reference);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read_as_the_profile_says_and_no_other_way),
		cmocka_unit_test(columns_are_found_by_header_and_by_place),
		cmocka_unit_test(parts_of_a_reference_never_collide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
