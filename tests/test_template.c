#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "formats/write_template.h"
#include "formats/write_template_xlsx.h"
#include "providers/calypso.h"
#include "providers/circle.h"
#include "providers/mollie.h"
#include "providers/pontis.h"
#include "tests/support/opened.h"
#include "tests/support/rules_fixture.h"
#include "values/example.h"
#include "values/template.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct setting_value singapore[] = {{"entity", {"sg", 2}, false}, {"originator_name", {"Acme", 4}, false}};
static struct setting_value own_balance[] = {{"balance", {"bal_1", 5}, false}};

static struct channel channels[] = {
	{.name = "wire", .provider = PROVIDER_CIRCLE, .mode = "wire"},
	{.name = "legacy", .provider = PROVIDER_CIRCLE, .mode = "legacy"},
	{.name = "book", .provider = PROVIDER_CIRCLE, .mode = "address_book"},
	{.name = "book-sg",
		.provider = PROVIDER_CIRCLE,
		.mode = "address_book",
		.settings = singapore,
		.setting_count = COUNT(singapore)},
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
	{COLUMN_ACCOUNT_NUMBER, "123400104"},
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

/* --- as a workbook ------------------------------------------------------------------------------------------------ */

struct book {
	struct opened opened;
	xmlDoc *payouts, *columns;
	struct template_codes codes;
};

static struct book *make_book(const struct made *made)
{
	struct book *book = calloc(1, sizeof(*book));
	const char *folder = getenv("TMPDIR");
	struct fault fault = {0};
	struct buf path = {0};
	struct file_out out;

	assert_non_null(book);
	folder = folder != NULL ? folder : "/tmp";
	buf_addf(&path, "%s/template.%ld.xlsx", folder, (long)getpid());
	template_codes_make(&made->terms, &book->codes);
	assert_true(file_create(&out, path.data, &fault));
	assert_true(template_xlsx(&made->template, &book->codes, folder, &out, &fault));
	assert_true(file_commit(&out, false, &fault));
	opened_open(&book->opened, path.data);
	unlink(path.data);
	book->payouts = opened_doc(&book->opened, "xl/worksheets/sheet1.xml");
	book->columns = opened_doc(&book->opened, "xl/worksheets/sheet2.xml");
	buf_release(&path);
	return book;
}

static void release_book(struct book *book)
{
	xmlFreeDoc(book->payouts);
	xmlFreeDoc(book->columns);
	opened_close(&book->opened);
	free(book);
}

static void a_workbook_has_the_header_and_the_examples_as_text(void **state)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	(void)state;
	for (size_t i = 0; i < COUNT(channels); i++) {
		struct made *made = make(&channels[i]);
		const struct template *template = &made->template;
		struct book *book = make_book(made);

		for (size_t j = 0; j < template->column_count && j < 26; j++) {
			char name[8];

			snprintf(name, sizeof(name), "%c1", letters[j]);
			assert_string_equal(
				opened_text(&book->opened, book->payouts, name), column_name(template->columns[j]));
			/* Required ones are marked. */
			assert_int_equal(opened_style(&book->opened, book->payouts, name, "fontId"),
				j < template->required_count ? 1 : 0);
			for (size_t k = 0; k < template->row_count; k++) {
				struct text value = template->rows[k].cells[template->columns[j]];

				snprintf(name, sizeof(name), "%c%zu", letters[j], k + 2);
				assert_true(text_is(value, opened_text(&book->opened, book->payouts, name)));
				if (value.len > 0)
					assert_int_equal(
						opened_style(&book->opened, book->payouts, name, "numFmtId"), 49);
			}
		}
		release_book(book);
		release(made);
	}
}

static void whatever_is_typed_into_a_column_is_text(void **state)
{
	struct made *made = make(&channels[6]);
	struct book *book = make_book(made);
	xmlNode *cols = opened_find(xmlDocGetRootElement(book->payouts), "cols"), *col;
	size_t covered = 0;

	(void)state;
	/* Style 1 is format 49, "@": opened_style() of the examples says so. */
	for (col = cols->children; col != NULL; col = col->next) {
		assert_int_equal(opened_attribute(col, "style"), 1);
		covered += (size_t)(opened_attribute(col, "max") - opened_attribute(col, "min") + 1);
	}
	assert_int_equal(covered, made->template.column_count + made->template.recipient_count);
	assert_non_null(opened_find(xmlDocGetRootElement(book->payouts), "pane"));
	release_book(book);
	release(made);
}

static void the_second_sheet_explains_each_column_and_lists_its_codes(void **state)
{
	struct made *made = make(&channels[1]);
	struct book *book = make_book(made);
	size_t countries = 0;
	char name[16];

	(void)state;
	assert_string_equal(opened_text(&book->opened, book->columns, "A2"), "reference");
	assert_string_equal(opened_text(&book->opened, book->columns, "B2"), "yes");
	assert_string_equal(opened_text(&book->opened, book->columns, "C2"), column_meaning(COLUMN_REFERENCE));
	assert_non_null(strstr(opened_text(&book->opened, book->columns, "D2"), "end_to_end_id"));
	assert_string_equal(opened_text(&book->opened, book->columns, "E2"), "EXAMPLE-1");
	for (size_t i = 0; i < book->codes.count; i++) {
		const struct template_code *code = &book->codes.list[i];

		snprintf(name, sizeof(name), "G%zu", i + 2);
		assert_string_equal(opened_text(&book->opened, book->columns, name), column_name(code->column));
		snprintf(name, sizeof(name), "H%zu", i + 2);
		assert_true(text_is(code->code, opened_text(&book->opened, book->columns, name)));
		countries += code->column == COLUMN_BANK_COUNTRY;
	}
	assert_true(countries > 20);
	release_book(book);
	release(made);
}

static const struct {
	size_t channel;
	enum column column;
	const char *code; /* NULL: the column has no list */
} listed[] = {
	{1, COLUMN_CURRENCY, "USD"},
	{1, COLUMN_BANK_COUNTRY, "DE"},
	{0, COLUMN_TARGET_CURRENCY, "BRL"},
	{3, COLUMN_PURPOSE, "PMT030"},
	{4, COLUMN_CURRENCY, "EUR"},
	{6, COLUMN_COUNTRY, "IN"},
	{6, COLUMN_PAYMENT_METHOD, "imps"},
	{7, COLUMN_CURRENCY, "USDT_TRX"},
	{7, COLUMN_CHANNEL, "calypso"},
	{4, COLUMN_COUNTRY, NULL},
	{6, COLUMN_CURRENCY, NULL},
};

static void codes_are_listed_where_the_channel_has_a_list_of_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(listed); i++) {
		struct made *made = make(&channels[listed[i].channel]);
		struct template_codes *codes = calloc(1, sizeof(*codes));
		bool any = false, found = false;

		assert_non_null(codes);
		template_codes_make(&made->terms, codes);
		for (size_t j = 0; j < codes->count; j++) {
			any = any || codes->list[j].column == listed[i].column;
			found = found || (codes->list[j].column == listed[i].column &&
						 text_is(codes->list[j].code, listed[i].code));
			for (size_t k = j + 1; k < codes->count; k++) /* one column's codes follow one another */
				assert_true(codes->list[k].column != codes->list[j].column ||
					    codes->list[k - 1].column == codes->list[j].column);
		}
		assert_int_equal(any, listed[i].code != NULL);
		assert_int_equal(found, listed[i].code != NULL);
		free(codes);
		release(made);
	}
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
		cmocka_unit_test(a_workbook_has_the_header_and_the_examples_as_text),
		cmocka_unit_test(whatever_is_typed_into_a_column_is_text),
		cmocka_unit_test(the_second_sheet_explains_each_column_and_lists_its_codes),
		cmocka_unit_test(codes_are_listed_where_the_channel_has_a_list_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
