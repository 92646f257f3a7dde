/* A payout against the limits of its channel: one that alone is too large for any of them is rejected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/support/rules_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* 12.50 against each limit alone: a payout that passes none of them could never be sent. */
static void each_limit_is_held_against_the_payout_alone(void **state)
{
	static const struct {
		const char *setting, *message; /* NULL: it passes */
	} table[] = {
		{"USDT_TRX 12.50", NULL},
		{"USDT_TRX 12.49", "channel calypso-main, 12.49"},
		{"USD 50000", "channel calypso-main allows no USDT_TRX"},
		{"USD 50000,*:none", NULL},
		{"*:none,USDT_TRX 1", "12.5 USDT_TRX is more than "},
	};
	struct fixture *fixture = *state;

	for (int limit = 0; limit < CHANNEL_LIMITS; limit++)
		for (size_t i = 0; i < COUNT(table); i++) {
			const struct finding *finding;
			const char *name = channel_limit_name((enum channel_limit)limit);

			fixture_limit((enum channel_limit)limit, table[i].setting);
			fixture_calypso_row(fixture);
			fixture_check(fixture);
			finding = fixture_found(fixture, "AMOUNT_LIMIT", "amount");
			fixture_limit((enum channel_limit)limit, NULL);
			assert_int_equal(fixture->good, table[i].message == NULL);
			assert_int_equal(finding == NULL, table[i].message == NULL);
			if (finding == NULL)
				continue;
			assert_non_null(strstr(finding->message, name));
			assert_non_null(strstr(finding->message, table[i].message));
		}
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		row_test(each_limit_is_held_against_the_payout_alone),
	};
	return cmocka_run_group_tests_name("rules of limits", tests, NULL, NULL);
}
