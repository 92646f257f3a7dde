#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "formats/write_template.h"
#include "providers/calypso.h"
#include "providers/circle.h"
#include "providers/mollie.h"
#include "providers/pontis.h"
#include "tests/support/rules_fixture.h"
#include "values/example.h"
#include "values/template.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct setting_value singapore[] = {{"entity", {"sg", 2}, false}};
static struct setting_value own_balance[] = {{"balance", {"bal_1", 5}, false}};

static struct channel channels[] = {
	{.name = "wire", .provider = PROVIDER_CIRCLE, .mode = "wire"},
	{.name = "legacy", .provider = PROVIDER_CIRCLE, .mode = "legacy"},
	{.name = "book", .provider = PROVIDER_CIRCLE, .mode = "address_book"},
	{.name = "book-sg",
		.provider = PROVIDER_CIRCLE,
		.mode = "address_book",
		.settings = singapore,
		.setting_count = 1},
	{.name = "mollie", .provider = PROVIDER_MOLLIE, .mode = ""},
	{.name = "mollie-own", .provider = PROVIDER_MOLLIE, .mode = "", .settings = own_balance, .setting_count = 1},
	{.name = "pontis", .provider = PROVIDER_PONTIS, .mode = ""},
	{.name = "calypso", .provider = PROVIDER_CALYPSO, .mode = ""},
};
static const struct adapter *const adapters[PROVIDER_COUNT] = {
	[PROVIDER_CIRCLE] = &circle_adapter,
	[PROVIDER_MOLLIE] = &mollie_adapter,
	[PROVIDER_PONTIS] = &pontis_adapter,
	[PROVIDER_CALYPSO] = &calypso_adapter,
};

struct made {
	struct terms terms;
	struct arena arena;
	struct template template;
};

static struct made *make(struct channel *channel)
{
	struct made *made = calloc(1, sizeof(*made));

	assert_non_null(made);
	if (channel->provider == PROVIDER_CALYPSO)
		asset_table_calypso(&channel->assets);
	assert_true(adapters[channel->provider]->terms(channel, &made->terms));
	template_make(&made->terms, &made->arena, &made->template);
	assert_true(made->template.row_count > 0);
	return made;
}

static void release(struct made *made)
{
	arena_release(&made->arena);
	free(made);
}

static void check_row(struct fixture *fixture, const struct made *made, const struct row *row)
{
	fixture->rules.fixed = &made->terms;
	fixture->row = *row;
	fixture_check(fixture);
}

static void every_example_is_refused_for_that_and_nothing_else(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(channels); i++) {
		struct made *made = make(&channels[i]);

		for (size_t j = 0; j < made->template.row_count; j++) {
			check_row(fixture, made, &made->template.rows[j]);
			assert_false(fixture->good);
			if (fixture->findings.count != 1 || strcmp(fixture->findings.items[0].code, "EXAMPLE_ROW") != 0)
				fail_msg("%s, row %zu: %zu findings, %s", channels[i].name, j, fixture->findings.count,
					fixture->findings.items[fixture->findings.count - 1].message);
		}
		release(made);
	}
}

static bool names_a_destination(const struct row *row)
{
	for (int i = 0; i < COLUMN_COUNT; i++)
		if (example_destination((enum column)i, row->cells[i]))
			return true;
	return false;
}

static void a_reference_alone_makes_no_payout_of_an_example(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(channels); i++) {
		struct made *made = make(&channels[i]);

		for (size_t j = 0; j < made->template.row_count; j++) {
			struct row row = made->template.rows[j];

			row.cells[COLUMN_REFERENCE] = TEXT("INV-1");
			check_row(fixture, made, &row);
			/* Where the channel itself says what pays, nothing else of the row is an example's. */
			assert_int_equal(names_a_destination(&row), strcmp(channels[i].name, "mollie-own") != 0);
			assert_int_equal(fixture->good, !names_a_destination(&row));
			assert_int_equal(fixture->findings.errors, !fixture->good);
		}
		release(made);
	}
}

static const struct {
	enum column column;
	const char *value;
} own[] = {
	{COLUMN_BENEFICIARY_ID, "4b8a1b64-2f7c-4d4b-9c1e-0123456789ab"},
	{COLUMN_IBAN, "DE89370400440532013000"},
	{COLUMN_ACCOUNT_NUMBER, "12340010"},
	{COLUMN_BALANCE_ID, "bal_gVMhHKqSSRYJyPsuoPNFH"},
};

static const struct {
	const char *currency, *address;
} own_addresses[] = {
	{"BTC", "38RVQ6skGpiAUSUrkcPBWgMmsAd8PFengv"},
	{"XDG", "D8fjsBa6bPiDaFwEuThBTxrFHrCejkvZ2P"},
	{"TRX", TRON_ADDRESS},
	{"BNB", EVM_ADDRESS},
};

static void replace(struct row *row)
{
	row->cells[COLUMN_REFERENCE] = TEXT("INV-1");
	for (size_t i = 0; i < COUNT(own); i++)
		if (row->cells[own[i].column].len > 0)
			row->cells[own[i].column] = text_of(own[i].value);
	for (size_t i = 0; i < COUNT(own_addresses); i++)
		if (text_is(row->cells[COLUMN_CURRENCY], own_addresses[i].currency))
			row->cells[COLUMN_WALLET_ADDRESS] = text_of(own_addresses[i].address);
}

static void replaced_examples_are_good_rows_without_a_warning(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(channels); i++) {
		struct made *made = make(&channels[i]);

		for (size_t j = 0; j < made->template.row_count; j++) {
			struct row row = made->template.rows[j];

			replace(&row);
			check_row(fixture, made, &row);
			if (!fixture->good || fixture->findings.count > 0)
				fail_msg("%s, row %zu: %s", channels[i].name, j,
					fixture->findings.count > 0 ? fixture->findings.items[0].message : "");
		}
		release(made);
	}
}

static void columns_are_those_of_the_terms_required_ones_first(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(channels); i++) {
		struct made *made = make(&channels[i]);
		const struct template *template = &made->template;
		column_set listed = 0;

		assert_int_equal(template->columns[0], COLUMN_REFERENCE);
		assert_int_equal(template->columns[1], COLUMN_CHANNEL);
		for (size_t j = 0; j < template->column_count; j++) {
			column_set bit = COLUMN_SET(template->columns[j]);

			assert_true((listed & bit) == 0);
			listed |= bit;
			if (j > 1)
				assert_int_equal((made->terms.required & bit) != 0, j < template->required_count);
		}
		assert_true(listed == (made->terms.carried | made->terms.required | COLUMN_SET(COLUMN_REFERENCE) |
					      COLUMN_SET(COLUMN_CHANNEL)));
		release(made);
	}
}

static void csv_has_a_header_and_a_line_for_each_row(void **state)
{
	struct made *made = make(&channels[4]);
	struct buf buf = {0};

	(void)state;
	template_csv(&made->template, &buf);
	assert_string_equal(buf_str(&buf), "reference,channel,amount,currency,balance_id,description,execution_date\r\n"
					   "EXAMPLE-1,mollie,100,EUR,bal_EXAMPLE,Invoice 4711,\r\n");
	buf_release(&buf);
	release(made);
}

static void json_has_every_column_in_every_row(void **state)
{
	struct made *made = make(&channels[4]);
	struct buf buf = {0};

	(void)state;
	template_json(&made->template, &buf);
	assert_string_equal(buf_str(&buf),
		"[\n  {\n    \"reference\": \"EXAMPLE-1\",\n    \"channel\": \"mollie\",\n"
		"    \"amount\": \"100\",\n    \"currency\": \"EUR\",\n    \"balance_id\": \"bal_EXAMPLE\",\n"
		"    \"description\": \"Invoice 4711\",\n    \"execution_date\": \"\"\n  }\n]\n");
	buf_release(&buf);
	release(made);
}

static void recipient_fields_of_every_country_and_method_are_columns(void **state)
{
	struct made *made = make(&channels[6]);
	struct buf buf = {0};

	(void)state;
	template_csv(&made->template, &buf);
	assert_non_null(strstr(buf_str(&buf), ",ifsc,"));
	assert_non_null(strstr(buf_str(&buf), ",recipient.bank_name,recipient.account_type,"));
	assert_non_null(strstr(buf_str(&buf), ",INR,IN,Example Ltd,imps,"));
	assert_non_null(strstr(buf_str(&buf), ",PHP,PH,Example Ltd,bank_local,"));
	buf_release(&buf);
	release(made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_example_is_refused_for_that_and_nothing_else, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			a_reference_alone_makes_no_payout_of_an_example, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(
			replaced_examples_are_good_rows_without_a_warning, fixture_set_up, fixture_tear_down),
		cmocka_unit_test(columns_are_those_of_the_terms_required_ones_first),
		cmocka_unit_test(csv_has_a_header_and_a_line_for_each_row),
		cmocka_unit_test(json_has_every_column_in_every_row),
		cmocka_unit_test(recipient_fields_of_every_country_and_method_are_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
