/* Rules of recipient fields, and the table they stand in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "tests/support/rules_fixture.h"
#include "values/content.h"
#include "values/recipient.h"

static void a_row_without_a_currency_pays_the_default_and_its_content_stays_as_the_file_has_it(void **state)
{
	struct fixture *fixture = *state;

	fixture_pontis_row(fixture);
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_string_equal(fixture->payout.currency, "USDT");
	assert_string_equal(fixture->payout.target_currency, "INR");
	assert_int_equal(fixture->payout.decimals, 2);
	assert_int_equal(fixture->payout.amount_minor, 1250);
	assert_int_equal(content_get(fixture->payout.content, "currency").len, 0);
	fixture_set(fixture, COLUMN_CURRENCY, "USDT");
	fixture_check(fixture);
	assert_string_equal(fixture->payout.currency, "USDT");
	assert_true(text_is(content_get(fixture->payout.content, "currency"), "USDT"));
}

/* An unreadable currency is not an empty one. */
static void a_damaged_currency_is_not_the_default(void **state)
{
	struct fixture *fixture = *state;

	fixture_pontis_row(fixture);
	fixture_set(fixture, COLUMN_CURRENCY, "\xFF");
	fixture_check(fixture);
	assert_false(fixture->good);
	assert_string_equal(fixture->payout.currency, "");
}

static void recipient_fields_stand_in_for_columns(void **state)
{
	struct fixture *fixture = *state;

	fixture_pontis_row(fixture);
	fixture_set(fixture, COLUMN_ACCOUNT_NUMBER, "");
	fixture_set(fixture, COLUMN_IFSC, "");
	fixture_recipient(fixture, "ifsc", "HDFC0000001");
	fixture_recipient(fixture, "account_number", "50100012345678");
	fixture_recipient(fixture, "mobile", "+911234567890");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->findings.count, 0);
	assert_true(text_is(fixture->payout.destination, "50100012345678"));
}

/* Rule recipient-ifsc. */
static void an_ifsc_among_the_recipient_fields_is_checked(void **state)
{
	static const char *const bad[] = {"HDFC1000001", "hdfc0000001", "HDFC000001", "HDFC00000011", "50100012345678"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		fixture_pontis_row(fixture);
		fixture_set(fixture, COLUMN_IFSC, "");
		fixture_recipient(fixture, "ifsc", bad[i]);
		fixture_check(fixture);
		assert_false(fixture->good);
		assert_int_equal(fixture->findings.count, 1);
		assert_non_null(fixture_found(fixture, "IFSC_SYNTAX", "recipient.ifsc"));
	}
	/* elsewhere it is just a field */
	fixture_pontis_row(fixture);
	fixture_set(fixture, COLUMN_COUNTRY, "KE");
	fixture_set(fixture, COLUMN_IFSC, "");
	fixture_recipient(fixture, "ifsc", "x");
	fixture_check(fixture);
	assert_true(fixture->good);
}

/* Rule recipient-conflict: both would be one member of the request. */
static void a_column_and_a_recipient_field_of_one_meaning_are_refused(void **state)
{
	static const struct {
		const char *name, *column;
	} rows[] = {{"account_number", "account_number"}, {"ifsc", "ifsc"}, {"name", "beneficiary_name"},
		{"IFSC", "ifsc"}, {"Account_Number", "account_number"}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct finding *finding;

		fixture_pontis_row(fixture);
		fixture_recipient(fixture, rows[i].name, "HDFC0000001");
		fixture_check(fixture);
		assert_false(fixture->good);
		finding = fixture_found(fixture, "FIELD_CONFLICT", "recipient");
		assert_non_null(finding);
		assert_non_null(strstr(finding->cure, rows[i].column));
	}
	/* the column's value does not matter, nor whether it is there: a name is the column's */
	fixture_pontis_row(fixture);
	fixture_set(fixture, COLUMN_BENEFICIARY_NAME, "");
	fixture_recipient(fixture, "name", "Asha Rao");
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "FIELD_CONFLICT", "recipient"));
	assert_non_null(fixture_found(fixture, "FIELD_REQUIRED", "beneficiary_name"));
}

static void unlisted_countries_and_methods_go_along_with_a_warning(void **state)
{
	struct fixture *fixture = *state;

	fixture_pontis_row(fixture);
	fixture_set(fixture, COLUMN_COUNTRY, "KE");
	fixture_set(fixture, COLUMN_PAYMENT_METHOD, "mpesa");
	fixture_set(fixture, COLUMN_ACCOUNT_NUMBER, "");
	fixture_set(fixture, COLUMN_IFSC, "");
	fixture_recipient(fixture, "mobile", "+254700000000");
	fixture_recipient(fixture, "id_number", "77");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->findings.count, 1);
	assert_int_equal(fixture_found(fixture, "COUNTRY_UNSUPPORTED", "country")->severity, FINDING_WARNING);
	/* all of them tell where the money goes */
	assert_true(text_is(fixture->payout.destination, "77 +254700000000"));
}

static void a_wrong_country_is_told_once(void **state)
{
	struct fixture *fixture = *state;

	fixture_pontis_row(fixture);
	fixture_set(fixture, COLUMN_COUNTRY, "UK");
	fixture_check(fixture);
	assert_int_equal(fixture->findings.count, 1);
	assert_non_null(fixture_found(fixture, "COUNTRY_RESERVED", "country"));
}

static void channels_without_the_table_are_not_judged_by_it(void **state)
{
	struct fixture *fixture = *state;

	fixture_pontis_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "pontis");
	fixture_set(fixture, COLUMN_CURRENCY, "USD");
	fixture_recipient(fixture, "ifsc", "x");
	fixture_check(fixture);
	assert_null(fixture_found(fixture, "IFSC_SYNTAX", "recipient.ifsc"));
	assert_null(fixture_found(fixture, "FIELD_CONFLICT", "recipient"));
}

/* What the table promises the rules: forms that are known, and only IFSCs among them; methods named once. */
static void the_table_is_whole(void **state)
{
	static const char *const countries[] = {"PH", "IN"};
	static const char *const methods[] = {"bank_local", "imps"};
	struct buf text = {0};
	size_t seen = 0;

	(void)state;
	for (size_t c = 0; c < 2; c++)
		for (size_t m = 0; m < 2; m++) {
			const struct recipient_field *field;
			size_t at = 0;

			while ((field = recipient_next(text_of(countries[c]), text_of(methods[m]), &at)) != NULL) {
				assert_true(field->required == 0 || field->required == 1);
				assert_true(field->form[0] == '\0' || strcmp(field->field, "ifsc") == 0);
				assert_true(recipient_fits(field, TEXT("HDFC0000001")));
				seen++;
			}
		}
	assert_int_equal(seen, 4 + 1 + 7 + 2);
	assert_int_equal(recipient_check(TEXT("IN"), TEXT("imps")), RECIPIENT_KNOWN);
	assert_int_equal(recipient_check(TEXT("PH"), TEXT("imps")), RECIPIENT_BAD_METHOD);
	assert_int_equal(recipient_check(TEXT("*"), TEXT("imps")), RECIPIENT_BAD_METHOD);
	assert_int_equal(recipient_check(TEXT(""), TEXT("")), RECIPIENT_BAD_COUNTRY);
	recipient_methods(TEXT("IN"), &text);
	assert_true(strcmp(buf_str(&text), "bank_local, imps") == 0 || strcmp(buf_str(&text), "imps, bank_local") == 0);
	buf_release(&text);
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		row_test(a_row_without_a_currency_pays_the_default_and_its_content_stays_as_the_file_has_it),
		row_test(a_damaged_currency_is_not_the_default),
		row_test(recipient_fields_stand_in_for_columns),
		row_test(an_ifsc_among_the_recipient_fields_is_checked),
		row_test(a_column_and_a_recipient_field_of_one_meaning_are_refused),
		row_test(unlisted_countries_and_methods_go_along_with_a_warning),
		row_test(a_wrong_country_is_told_once),
		row_test(channels_without_the_table_are_not_judged_by_it),
		cmocka_unit_test(the_table_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
