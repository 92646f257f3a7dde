/* Rules of rows that are paid from a balance (mollie): its id, its currencies, and ALL as an amount. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "tests/support/rules_fixture.h"
#include "values/content.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *code;
	const char *field;
	enum column column;
	const char *value;
	const char *currency;
	const char *cure;
} broken[] = {
	{"AMOUNT_SYNTAX", "amount", COLUMN_AMOUNT, "ALL", "EUR", "allow_all = yes"},
	{"AMOUNT_SYNTAX", "amount", COLUMN_AMOUNT, "all", "EUR", "digits alone"},
	{"AMOUNT_DECIMALS", "amount", COLUMN_AMOUNT, "5.000", "HUF", "at most 2"},
	{"CURRENCY_UNSUPPORTED", "currency", COLUMN_AMOUNT, "5", "JPY", "EUR HUF"},
	{"ID_SYNTAX", "balance_id", COLUMN_BALANCE_ID, "bal_", "EUR", "bal_ and what follows"},
	{"ID_SYNTAX", "balance_id", COLUMN_BALANCE_ID, "BAL_x", "EUR", ""},
	{"ID_SYNTAX", "balance_id", COLUMN_BALANCE_ID, "x bal_x", "EUR", ""},
	{"ID_SYNTAX", "balance_id", COLUMN_BALANCE_ID, "bal_a b", "EUR", ""},
};

static void each_broken_rule_is_found(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(broken); i++) {
		const struct finding *finding;

		fixture_mollie_row(fixture);
		fixture_set(fixture, COLUMN_CURRENCY, broken[i].currency);
		fixture_set(fixture, broken[i].column, broken[i].value);
		fixture_check(fixture);
		finding = fixture_found(fixture, broken[i].code, broken[i].field);
		if (finding == NULL || fixture->good || strstr(finding->cure, broken[i].cure) == NULL)
			fail_msg("%s is not found in '%s'", broken[i].code, broken[i].value);
		assert_int_equal(fixture->findings.count, 1);
	}
}

static void a_row_goes_to_its_balance_or_to_that_of_its_channel(void **state)
{
	struct fixture *fixture = *state;

	fixture_mollie_row(fixture);
	fixture_check(fixture);
	assert_true(fixture->good && fixture->findings.count == 0);
	assert_true(text_is(fixture->payout.destination, "bal_own"));
	assert_true(fixture->payout.amount_minor == 1250 && !fixture->payout.all);
	fixture_set(fixture, COLUMN_BALANCE_ID, "bal_gVMhHKqSSRYJyPsuoPNFH");
	fixture_check(fixture);
	assert_true(fixture->good && text_is(fixture->payout.destination, "bal_gVMhHKqSSRYJyPsuoPNFH"));
}

static void all_is_an_amount_without_a_number_where_the_channel_takes_it(void **state)
{
	struct fixture *fixture = *state;

	fixture_mollie_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "mollie-all");
	fixture_set(fixture, COLUMN_BALANCE_ID, "bal_x");
	fixture_set(fixture, COLUMN_AMOUNT, " ALL ");
	fixture_check(fixture);
	assert_true(fixture->good && fixture->findings.count == 0);
	assert_true(fixture->payout.all && fixture->payout.amount_minor == 0);
	assert_true(text_is(content_get(fixture->payout.content, "amount"), "ALL"));
	fixture_set(fixture, COLUMN_AMOUNT, "0");
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "AMOUNT_NOT_POSITIVE", "amount"));
	assert_false(fixture->payout.all);
}

static void all_is_no_amount_of_other_providers(void **state)
{
	struct fixture *fixture = *state;

	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_AMOUNT, "ALL");
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "AMOUNT_SYNTAX", "amount"));
	assert_false(fixture->good);
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		row_test(each_broken_rule_is_found),
		row_test(a_row_goes_to_its_balance_or_to_that_of_its_channel),
		row_test(all_is_an_amount_without_a_number_where_the_channel_takes_it),
		row_test(all_is_no_amount_of_other_providers),
	};
	return cmocka_run_group_tests_name("rules of balances", tests, NULL, NULL);
}
