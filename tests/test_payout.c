#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "tests/support/rules_fixture.h"
#include "values/content.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define MINUTES_60 3600000

static void a_good_row_becomes_a_whole_payout(void **state)
{
	struct fixture *fixture = *state;
	struct payout *payout = &fixture->payout;
	uint8_t digest[SHA256_SIZE];
	struct key key;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_REFERENCE, " INV-1\t");
	fixture_set(fixture, COLUMN_DESCRIPTION, "Rent");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(payout->row, 46);
	assert_int_equal(payout->line, 47);
	assert_ptr_equal(payout->terms, &calypso_terms);
	assert_true(text_is(payout->reference, "INV-1"));
	assert_true(text_is(payout->cells[COLUMN_REFERENCE], "INV-1"));
	assert_true(text_is(payout->cells[COLUMN_CHANNEL], "calypso-main"));
	assert_int_equal(payout->amount_minor, 12500000);
	assert_int_equal(payout->decimals, 6);
	assert_true(text_is(payout->cells[COLUMN_AMOUNT], "12500000"));
	assert_string_equal(payout->currency, "USDT_TRX");
	assert_string_equal(payout->target_currency, "");
	assert_true(text_is(payout->destination, TRON_ADDRESS));
	assert_int_equal(payout->release_at_utc_ms, 0);
	assert_int_equal(payout->recipient_count, 0);
	assert_true(text_is(content_get(payout->content, "description"), "Rent"));
	assert_true(text_is(content_get(payout->content, "amount"), "12500000"));
	assert_int_equal(content_get(payout->content, "channel").len, 0);
	content_digest(fixture->rules.sha, payout->content, digest);
	assert_memory_equal(payout->content_digest, digest, SHA256_SIZE);
	key = key_derive(fixture->rules.sha, TEXT("acme"), PROVIDER_CALYPSO, TEXT("INV-1"), 1);
	assert_memory_equal(payout->key.bytes, key.bytes, KEY_SIZE);
}

/* The readers' buffers are theirs: what a payout keeps lies elsewhere. */
static void a_payout_outlives_its_row(void **state)
{
	static const char *const values[] = {"INV-1", "calypso-main", "12.50", "USDT_TRX", TRON_ADDRESS};
	static const enum column columns[] = {
		COLUMN_REFERENCE, COLUMN_CHANNEL, COLUMN_AMOUNT, COLUMN_CURRENCY, COLUMN_WALLET_ADDRESS};
	struct fixture *fixture = *state;
	struct payout *payout = &fixture->payout;
	char memory[128];
	size_t used = 0;

	fixture_calypso_row(fixture);
	for (size_t i = 0; i < COUNT(values); i++) {
		size_t len = strlen(values[i]);

		memcpy(memory + used, values[i], len);
		fixture->row.cells[columns[i]] = (struct text){memory + used, len};
		used += len;
	}
	fixture_check(fixture);
	memset(memory, 'x', sizeof(memory));
	assert_true(fixture->good);
	assert_true(text_is(payout->reference, "INV-1"));
	assert_true(text_is(payout->cells[COLUMN_CURRENCY], "USDT_TRX"));
	assert_true(text_is(payout->cells[COLUMN_WALLET_ADDRESS], TRON_ADDRESS));
	assert_true(text_is(payout->destination, TRON_ADDRESS));
}

static void the_destination_is_canonical_and_the_cell_as_written(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CURRENCY, "USDT");
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, EVM_ADDRESS);
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.cells[COLUMN_WALLET_ADDRESS], EVM_ADDRESS));
	assert_true(text_is(fixture->payout.destination, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"));

	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_BENEFICIARY_ID, "");
	fixture_set(fixture, COLUMN_IBAN, "de89 3704 0044 0532 0130 00");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.destination, "DE89370400440532013000"));
}

static void composed_and_decomposed_text_is_one_payout(void **state)
{
	struct fixture *fixture = *state;
	uint8_t digest[SHA256_SIZE];
	struct key key;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_REFERENCE, "\xC3\x9C-1");
	fixture_set(fixture, COLUMN_DESCRIPTION, "\xC3\x9C");
	fixture_check(fixture);
	assert_true(fixture->good);
	key = fixture->payout.key;
	memcpy(digest, fixture->payout.content_digest, sizeof(digest));
	fixture_set(fixture, COLUMN_REFERENCE, "U\xCC\x88-1");
	fixture_set(fixture, COLUMN_DESCRIPTION, " U\xCC\x88 ");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_memory_equal(fixture->payout.key.bytes, key.bytes, KEY_SIZE);
	assert_memory_equal(fixture->payout.content_digest, digest, SHA256_SIZE);
}

static void the_reference_counts_code_points(void **state)
{
	struct fixture *fixture = *state;
	char longest[3 * 65 + 1] = "";

	for (size_t i = 0; i < 65; i++)
		for (size_t j = 0; j < 3; j++)
			longest[3 * i + j] = "\xE7\xBB\x99"[j];
	fixture_calypso_row(fixture);
	fixture->row.cells[COLUMN_REFERENCE] = (struct text){longest, 3 * 64};
	fixture_check(fixture);
	assert_true(fixture->good);
	fixture->row.cells[COLUMN_REFERENCE] = (struct text){longest, 3 * 65};
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "FIELD_TOO_LONG", "reference"));
}

static void a_file_without_references_gets_no_key_yet(void **state)
{
	const struct key none = {{0}};
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_REFERENCE, "");
	fixture->rules.references_optional = true;
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->payout.reference.len, 0);
	assert_memory_equal(fixture->payout.key.bytes, none.bytes, KEY_SIZE);
	assert_true(fixture->payout.content.len > 0);
}

static void the_reference_of_an_error_file_is_read_where_the_row_has_none(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_REFERENCE, "");
	fixture->row.own_reference = TEXT("B/0f4867adfbc83bf5/1");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_true(text_is(fixture->payout.reference, "B/0f4867adfbc83bf5/1"));
	fixture_set(fixture, COLUMN_REFERENCE, "INV-1");
	fixture_check(fixture);
	assert_true(text_is(fixture->payout.reference, "INV-1"));
}

static void recipient_fields_are_sorted_cleaned_and_kept(void **state)
{
	struct fixture *fixture = *state;
	const struct payout *payout = &fixture->payout;

	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "pontis");
	fixture_set(fixture, COLUMN_BENEFICIARY_ID, "");
	fixture_set(fixture, COLUMN_TARGET_CURRENCY, "INR");
	fixture_recipient(fixture, "name", " N ");
	fixture_recipient(fixture, "empty", " ");
	fixture_recipient(fixture, "ifsc", "I");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(payout->recipient_count, 2);
	assert_true(text_is(payout->recipient[0].name, "ifsc"));
	assert_true(text_is(payout->recipient[1].value, "N"));
	assert_true(text_is(content_get(payout->content, "recipient.name"), "N"));
	assert_string_equal(payout->target_currency, "INR");
	fixture_recipient(fixture, "ifsc", "J");
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "HEADER_DUPLICATE", "recipient"));
	fixture->row.recipient_count = 0;
	fixture_recipient(fixture, "note", "a\nb");
	fixture_check(fixture);
	assert_non_null(fixture_found(fixture, "FIELD_CHARACTERS", "recipient"));
	assert_false(fixture->good);
}

static void pontis_rows_may_say_source_currency_and_currency_code(void **state)
{
	struct fixture *fixture = *state;

	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_CHANNEL, "pontis");
	fixture_set(fixture, COLUMN_BENEFICIARY_ID, "");
	fixture_set(fixture, COLUMN_CURRENCY, "");
	fixture_set(fixture, COLUMN_SOURCE_CURRENCY, "USD");
	fixture_set(fixture, COLUMN_CURRENCY_CODE, "INR");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_string_equal(fixture->payout.currency, "USD");
	assert_string_equal(fixture->payout.target_currency, "INR");
}

static void a_target_currency_that_does_not_differ_is_none(void **state)
{
	struct fixture *fixture = *state;

	fixture_wire_row(fixture);
	fixture_set(fixture, COLUMN_TARGET_CURRENCY, "USD");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_string_equal(fixture->payout.target_currency, "");
}

static void a_future_date_holds_the_row_until_midnight_in_the_zone(void **state)
{
	struct fixture *fixture = *state;
	int64_t utc, berlin;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_EXECUTION_DATE, "2026-12-01");
	fixture_check(fixture);
	assert_true(fixture->good);
	utc = fixture->payout.release_at_utc_ms;
	assert_int_equal(utc, INT64_C(1796083200000)); /* 2026-12-01T00:00:00Z */
	memset(&fixture->day, 0, sizeof(fixture->day));
	fixture->rules.timezone = "Europe/Berlin";
	for (int i = 0; i < 2; i++) { /* looked up, then remembered */
		fixture_check(fixture);
		berlin = fixture->payout.release_at_utc_ms;
		assert_int_equal(berlin, utc - MINUTES_60);
	}
	fixture->rules.day = NULL;
	fixture_check(fixture);
	assert_int_equal(fixture->payout.release_at_utc_ms, berlin);
	fixture_set(fixture, COLUMN_EXECUTION_DATE, "2026-11-20");
	fixture_check(fixture);
	assert_int_equal(fixture->payout.release_at_utc_ms, 0);
}

static void a_channel_that_schedules_gets_the_date_at_once(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.fixed = &scheduled_terms;
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_EXECUTION_DATE, "2026-12-01");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->payout.release_at_utc_ms, 0);
	assert_true(text_is(content_get(fixture->payout.content, "execution_date"), "2026-12-01"));
}

static void a_declared_comma_is_the_mark(void **state)
{
	struct fixture *fixture = *state;

	fixture->rules.decimal_mark = ',';
	fixture->rules.decimal_told = true;
	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_AMOUNT, "12,50");
	fixture_check(fixture);
	assert_true(fixture->good);
	assert_int_equal(fixture->payout.amount_minor, 12500000);
	fixture_set(fixture, COLUMN_AMOUNT, "1.234");
	fixture_check(fixture);
	assert_non_null(strstr(fixture_found(fixture, "AMOUNT_SYNTAX", "amount")->cure, "grouping = point"));
	fixture_set(fixture, COLUMN_AMOUNT, "12.5");
	fixture_check(fixture);
	assert_non_null(strstr(fixture_found(fixture, "AMOUNT_SYNTAX", "amount")->cure, "--decimal point"));
}

/* Rejected rows are summed too, by what was readable of them. */
static void a_bad_row_keeps_the_amount_that_was_readable(void **state)
{
	struct fixture *fixture = *state;
	struct payout *payout = &fixture->payout;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_WALLET_ADDRESS, "nonsense");
	fixture_check(fixture);
	assert_false(fixture->good);
	assert_int_equal(payout->amount_minor, 12500000);
	assert_string_equal(payout->currency, "USDT_TRX");
	assert_true(text_is(payout->reference, "INV-1"));

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_CURRENCY, "USD"); /* known, but not payable here */
	fixture_check(fixture);
	assert_int_equal(payout->amount_minor, 1250);
	assert_int_equal(payout->decimals, 2);
	assert_string_equal(payout->currency, "USD");

	fixture_set(fixture, COLUMN_CURRENCY, "NOPE");
	fixture_check(fixture);
	assert_int_equal(payout->amount_minor, 0);
	assert_string_equal(payout->currency, "");

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_AMOUNT, "12.5.0");
	fixture_check(fixture);
	assert_int_equal(payout->amount_minor, 0);
	assert_string_equal(payout->currency, "USDT_TRX");
}

static void an_amount_that_the_reader_refused_is_not_told_again(void **state)
{
	struct fixture *fixture = *state;

	fixture_calypso_row(fixture);
	fixture_set(fixture, COLUMN_AMOUNT, "1e400");
	fixture->row.refused = COLUMN_SET(COLUMN_AMOUNT);
	fixture_check(fixture);
	assert_false(fixture->good);
	assert_int_equal(fixture->findings.count, 0);
}

#define row_test(test) cmocka_unit_test_setup_teardown(test, fixture_set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		row_test(a_good_row_becomes_a_whole_payout),
		row_test(a_payout_outlives_its_row),
		row_test(the_destination_is_canonical_and_the_cell_as_written),
		row_test(composed_and_decomposed_text_is_one_payout),
		row_test(the_reference_counts_code_points),
		row_test(a_file_without_references_gets_no_key_yet),
		row_test(the_reference_of_an_error_file_is_read_where_the_row_has_none),
		row_test(recipient_fields_are_sorted_cleaned_and_kept),
		row_test(pontis_rows_may_say_source_currency_and_currency_code),
		row_test(a_target_currency_that_does_not_differ_is_none),
		row_test(a_future_date_holds_the_row_until_midnight_in_the_zone),
		row_test(a_channel_that_schedules_gets_the_date_at_once),
		row_test(a_declared_comma_is_the_mark),
		row_test(a_bad_row_keeps_the_amount_that_was_readable),
		row_test(an_amount_that_the_reader_refused_is_not_told_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
