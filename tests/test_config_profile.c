/* A [profile NAME] of payrun.conf: what it may say, and each of its traps. */
#include "tests/config_place.h"

#define PAYRUN "[payrun]\nnamespace = acme-7f3a\n"
#define PROFILE PAYRUN "[profile erp]\n" /* the next line is the 4th */

static const struct {
	const char *text;
	int line;
	const char *fragment;
} traps[] = {
	{PROFILE "date_format = DD.MM.YY\n", 4, "DD.MM.YYYY"},
	{PROFILE "grouping = .\n", 4, "point, comma, apostrophe, space or indian"},
	{PROFILE "grouping = point\n", 3, "one mark for thousands and decimals"},
	{PROFILE "grouping = comma\ndecimal = comma\n", 3, "one mark for thousands and decimals"},
	{PROFILE "grouping = indian\ndecimal = comma\n", 3, "one mark for thousands and decimals"},
	{PROFILE "sign = minus\n", 4, "debit-negative"},
	{PROFILE "amounts = cents\n", 4, "minor (1250 is 12.50)"},
	{PROFILE "currency_sign = EUR 5\n", 4, "a currency and its sign"},
	{PROFILE "currency_sign = EUR a b\n", 4, "a currency and its sign"},
	{PROFILE "currency_sign = EUR .\n", 4, "a currency and its sign"},
	{PROFILE "currency_sign = EUR,\n", 4, "a currency and its sign"},
	{PROFILE "currency_sign = \xE2\x82\xAC EUR\n", 4, "a currency and its sign"},
	{PROFILE "header = none\n", 4, "yes or no"},
	{PROFILE "preamble = 0\n", 4, "from 1 to 100"},
	{PROFILE "preamble = 101\n", 4, "from 1 to 100"},
	{PROFILE "header = no\ndelimiter = comma\ncolumn.amount = Amount\n", 3, "no place from 1 to 512: Amount"},
	{PROFILE "header = no\ndelimiter = comma\ncolumn.amount = 0\n", 3, "no place from 1 to 512: 0"},
	{PROFILE "header = no\ncolumn.amount = 2\n", 3, "header = no, and no delimiter"},
	{PROFILE "header = no\ndelimiter = comma\ncolumn.reference = 2\n", 3, "no place for the amount"},
	{PROFILE "header = no\ndelimiter = tab\ncolumn.amount = 2\ncolumn.email = 02\n", 3, "two columns in place"},
	{PROFILE "delimiter = colon\n", 4, "comma, semicolon, tab or pipe"},
	{PROFILE "decimal = ,\n", 4, "point or comma"},
	{PROFILE "delimeter = tab\n", 4, "did you mean delimiter"},
	{PROFILE "column.refernce = Nr\n", 4, "there is no column refernce: did you mean reference?"},
	{PROFILE "column.swift = BIC\n", 4, "did you mean bic?"},
	{PROFILE "column.recipient. = X\n", 4, "there is no column"},
	{PROFILE "column.account = X\n", 4, "there is no column account"},
	{PROFILE "column. = X\n", 4, "there is no key column."},
	{PROFILE "column.reference = Nr\ncolumn.description = NR\n", 5, "leads to another column already"},
	{PROFILE "column.recipient.a = A\ncolumn.recipient.A = B\n", 5, "given twice"},
	{PROFILE "footer = 0\n", 4, "from 1 to 100"},
	{PROFILE "join.description = A,B\n", 4, "only a reference is made of several columns"},
	{PROFILE "join.reference = Supplier\n", 4, "two to four columns"},
	{PROFILE "join.reference = Supplier,\n", 4, "two to four columns"},
	{PROFILE "join.reference = A,B,C,D,E\n", 4, "two to four columns"},
	{PROFILE "join.reference = Supplier,SUPPLIER\n", 4, "columns that differ"},
	{PROFILE "join.reference = A,B\ncolumn.reference = C\n", 3, "both column.reference and join.reference"},
	{PROFILE "header = no\ndelimiter = comma\ncolumn.amount = 2\njoin.reference = 1,B\n", 3, "is no place: B"},
	{PROFILE "header = no\ndelimiter = comma\ncolumn.amount = 2\nrequire.Kind = X\n", 3, "is of no place"},
	{PROFILE "control.sum = 3\n", 4, "there is no such key"},
	{PROFILE "control.line = 1\n", 4, "first or last"},
	{PROFILE "control.count = 3\n", 3, "does not say how its control line is known"},
	{PROFILE "control.line = last\ncontrol.count = 3\n", 3, "does not say how its control line is known"},
	{PROFILE "control.line = last\ncontrol.marker = SUM\n", 3, "neither a count nor a total"},
	{PROFILE "control.line = last\ncontrol.marker = SUM\ncontrol.count = 3\ncontrol.currency = 4\n", 3,
		"the currency of no total"},
	{PROFILE "control.line = first\ncontrol.marker = SUM\ncontrol.count = 3\n", 3, "and no delimiter"},
	{PROFILE "delimiter = comma\ncontrol.line = first\ncontrol.marker = SUM\ncontrol.count = Count\n", 3,
		"nothing is called Count"},
	{PROFILE "constant.reference = R\n", 4, "each payout needs a reference of its own"},
	{PROFILE "constant.currency = EUR\ncolumn.currency = W\n", 3, "maps a column and makes it constant: currency"},
};

static void every_trap_is_told_with_its_line(void **state)
{
	const struct place *place = *state;

	for (size_t i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		put(place, "payrun.conf", text_of(traps[i].text), 0600);
		expect_fault(place, traps[i].line, traps[i].fragment);
	}
}

static void a_profile_says_how_a_file_reads(void **state)
{
	struct config *config = load_text(*state, PROFILE "delimiter = tab\n"
							  "decimal = comma\n"
							  "encoding = windows-1252\n"
							  "column.reference = Beleg-Nr. ; theirs\n"
							  "column.recipient.IFSC = Bank Code\n"
							  "constant.currency = EUR\n"
							  "constant.recipient.type = person\n"
							  "purpose.SALA = PMT008\n"
							  "purpose.sala = PMT009\n"
							  "[profile other]\n");
	const struct profile *erp = config_profile(config, TEXT("erp"));
	const struct profile_column *column = profile_column(erp, TEXT("bank_code"));

	assert_int_equal(config->profile_count, 2);
	assert_null(config_profile(config, TEXT("none")));
	assert_int_equal(erp->delimiter, '\t');
	assert_int_equal(erp->amounts.decimal_mark, ',');
	assert_string_equal(erp->encoding, "windows-1252");
	assert_int_equal(profile_column(erp, TEXT("BelegNr."))->column, COLUMN_REFERENCE);
	assert_int_equal(column->column, COLUMN_RECIPIENT);
	assert_true(text_is(column->recipient, "ifsc"));
	assert_null(profile_column(erp, TEXT("reference")));
	assert_true(text_is(profile_constant(erp, COLUMN_CURRENCY, TEXT(""))->value, "EUR"));
	assert_true(text_is(profile_constant(erp, COLUMN_RECIPIENT, TEXT("type"))->value, "person"));
	assert_true(text_is(profile_purpose(erp, TEXT("SALA")), "PMT008"));
	assert_true(text_is(profile_purpose(erp, TEXT("sala")), "PMT009"));
	assert_true(text_is(profile_purpose(erp, TEXT("Sala")), "Sala"));
	assert_int_equal(config_profile(config, TEXT("other"))->delimiter, 0);
	config_free(config);
}

static void a_profile_names_cells_by_header_or_place(void **state)
{
	struct config *config = load_text(*state, PROFILE "control.line = last\n"
							  "control.marker = Total\n"
							  "control.marker_column = 2\n"
							  "control.total = Net Amount\n"
							  "join.reference = Supplier, Document\n"
							  "require.amountCurrency = source\n"
							  "footer = 3\n"
							  "[profile same]\n"
							  "footer = 3\n"
							  "[profile again]\n"
							  "footer = 3 ; as the other\n");
	const struct profile *erp = config_profile(config, TEXT("erp")), *same = config_profile(config, TEXT("same"));
	const struct profile *again = config_profile(config, TEXT("again"));

	assert_true(erp->control.said && erp->control.last && text_is(erp->control.marker, "Total"));
	assert_int_equal(erp->control.marker_cell.position, 2);
	assert_true(profile_cell_is(&erp->control.marker_cell, 2, TEXT("anything")));
	assert_true(profile_cell_is(&erp->control.total, 7, TEXT("net_amount")));
	assert_false(profile_cell_is(&erp->control.count, 7, TEXT("")));
	assert_int_equal(erp->join_count, 2);
	assert_true(text_is(erp->join[1].header, "Document"));
	assert_true(
		text_is(erp->requires[0].cell.header, "amountCurrency") && text_is(erp->requires[0].value, "source"));
	assert_int_equal(erp->footer, 3);
	assert_memory_equal(same->digest, again->digest, sizeof(same->digest));
	assert_memory_not_equal(same->digest, erp->digest, sizeof(same->digest));
	config_free(config);
}

static void a_profile_says_how_amounts_are_written(void **state)
{
	struct config *config = load_text(*state, PROFILE "amounts = minor\n"
							  "grouping = indian\n"
							  "sign = debit-negative\n"
							  "currency_sign = EUR \xE2\x82\xAC, GBP,USD US$\n"
							  "[profile other]\n"
							  "amounts = major\n");
	const struct amount_style *style = &config_profile(config, TEXT("erp"))->amounts;
	const struct amount_style *other = &config_profile(config, TEXT("other"))->amounts;
	static const char *const signs[][2] = {
		{"EUR", "EUR"}, {"\xE2\x82\xAC", "EUR"}, {"GBP", "GBP"}, {"USD", "USD"}, {"US$", "USD"}};

	assert_true(style->minor && style->debit && style->indian);
	assert_int_equal(style->grouping, ',');
	assert_int_equal(style->sign_count, sizeof(signs) / sizeof(signs[0]));
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		assert_true(text_is(style->signs[i].sign, signs[i][0]));
		assert_true(text_is(style->signs[i].currency, signs[i][1]));
	}
	assert_true(!other->minor && !other->debit && other->grouping == '\0' && other->sign_count == 0);
	config_free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_trap_is_told_with_its_line, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_profile_says_how_a_file_reads, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_profile_names_cells_by_header_or_place, make_place, remove_place),
		cmocka_unit_test_setup_teardown(a_profile_says_how_amounts_are_written, make_place, remove_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
