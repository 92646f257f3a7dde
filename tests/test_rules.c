#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "tests/support/rules_fixture.h"

static const struct rule *rule_of(const char *id)
{
	size_t count;
	const struct rule *list = rules_list(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].id, id) == 0)
			return &list[i];
	fail_msg("no rule %s", id);
	return NULL;
}

static void every_rule_has_a_known_code_and_an_id_of_its_own(void **state)
{
	size_t count, help_count;
	const struct rule *list = rules_list(&count);
	const struct finding_help *help = finding_help_list(&help_count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool known = false;

		for (size_t j = 0; j < help_count; j++)
			known = known || strcmp(help[j].code, list[i].code) == 0;
		assert_true(known);
		assert_ptr_equal(rule_of(list[i].id), &list[i]);
		assert_true((list[i].fields[0] != '\0' || list[i].check == NULL) && list[i].source[0] != '\0');
	}
}

/* What a row is spared when it has no number of one country that is wrong. */
static void rules_of_one_country_stand_last_of_a_rows(void **state)
{
	size_t count, at = 0;
	const struct rule *list = rules_list(&count);

	(void)state;
	while (strcmp(list[at].id, "cbu-length") != 0)
		at++;
	for (size_t i = 0; i < at; i++)
		assert_true(list[i].check != NULL && list[i].check != list[at].check);
	for (; list[at].check != NULL; at++)
		assert_ptr_equal(list[at].check, rule_of("cbu-length")->check);
	for (; at < count; at++)
		assert_null(list[at].check);
}

/* Rule channel-conflict. */
static void the_channel_of_the_command_holds_for_rows_that_name_none_or_the_same(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.fixed = &calypso_terms;
	fixture_calypso_row(fixture);
	fixture_check(fixture);
	assert_true(fixture->good);
	fixture_set(fixture, COLUMN_CHANNEL, "");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.cells[COLUMN_CHANNEL], "calypso-main"));
	fixture_set(fixture, COLUMN_CHANNEL, "wire");
	fixture_check(fixture);
	assert_false(fixture->good);
	assert_non_null(fixture_found(fixture, rule_of("channel-conflict")->code, "channel"));
}

/* Rules recipient-money-not-sent and recipient-not-sent. */
static void recipient_fields_reach_only_channels_that_carry_them(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_recipient(fixture, "tax_id", "1");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(
		fixture_found(fixture, rule_of("recipient-not-sent")->code, "recipient")->severity, FINDING_WARNING);
	fixture_recipient(fixture, "account_number", "1");
	fixture_check(fixture);
	assert_false(fixture->good);
	assert_int_equal(fixture->findings.errors, 1);
	assert_string_equal(rule_of("recipient-money-not-sent")->code, "FIELD_NOT_SENT");
}

static void all_findings_of_a_row_are_told(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_REFERENCE, "");
	fixture_set(fixture, COLUMN_AMOUNT, "-1");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, EVM_ADDRESS);
	fixture_set(fixture, COLUMN_COUNTRY, "UK");
	fixture_set(fixture, COLUMN_EXECUTION_DATE, "2020-01-01");
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "FIELD_REQUIRED", "reference"));
	assert_non_null(fixture_found(fixture, "AMOUNT_NOT_POSITIVE", "amount"));
	assert_non_null(fixture_found(fixture, "ADDRESS_NETWORK", "wallet_address"));
	assert_non_null(fixture_found(fixture, "COUNTRY_RESERVED", "country"));
	assert_non_null(fixture_found(fixture, "FIELD_NOT_SENT", "country"));
	assert_non_null(fixture_found(fixture, "DATE_PAST", "execution_date"));
	assert_int_equal(fixture->findings.count, 6);
}

static void a_row_without_a_channel_is_judged_as_far_as_possible(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "");
	fixture_set(fixture, COLUMN_AMOUNT, "1e5");
	fixture_set(fixture, COLUMN_REFERENCE, "");
	fixture_check(fixture);
	assert_int_equal(fixture->findings.count, 3);
	assert_non_null(fixture_found(fixture, "AMOUNT_SYNTAX", "amount"));
	assert_non_null(fixture_found(fixture, "FIELD_REQUIRED", "channel"));
	assert_non_null(fixture_found(fixture, "FIELD_REQUIRED", "reference"));
}

/* Whatever stands in a file, a message can be shown, and never a whole account. */
static void messages_are_escaped_and_masked(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CURRENCY, "\x1B[31mUSD");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, EVM_ADDRESS);
	fixture_set(fixture, COLUMN_AMOUNT,
		"1\xE2\x80\xAE"
		"0");
	fixture_check(fixture);
	for (size_t i = 0; i < fixture->findings.count; i++) {
		assert_null(strchr(fixture->findings.items[i].message, '\x1B'));
		assert_null(strstr(fixture->findings.items[i].message, "\xE2\x80\xAE"));
	}
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, EVM_ADDRESS);
	fixture_check(fixture);
	assert_null(strstr(fixture_found(fixture, "ADDRESS_NETWORK", "wallet_address")->message, "5aAeb"));
	assert_non_null(strstr(fixture_found(fixture, "ADDRESS_NETWORK", "wallet_address")->message, "****eAed"));
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_has_a_known_code_and_an_id_of_its_own),
		cmocka_unit_test(rules_of_one_country_stand_last_of_a_rows),
		row_test(the_channel_of_the_command_holds_for_rows_that_name_none_or_the_same),
		row_test(recipient_fields_reach_only_channels_that_carry_them),
		row_test(all_findings_of_a_row_are_told),
		row_test(a_row_without_a_channel_is_judged_as_far_as_possible),
		row_test(messages_are_escaped_and_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
