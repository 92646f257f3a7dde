#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/column.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The table of the contract, section 3: a column's own name, then what it is also accepted as. */
static const struct {
	enum column column;
	const char *names[8];
} columns[] = {
	{COLUMN_REFERENCE, {"reference", "reference_id", "ref_code", "sender_item_id", "request_id", "external_id",
				   "end_to_end_id"}},
	{COLUMN_CHANNEL, {"channel"}},
	{COLUMN_AMOUNT, {"amount", "payment_amount", "service_amount", "instructed_amount"}},
	{COLUMN_CURRENCY, {"currency", "ccy"}},
	{COLUMN_TARGET_CURRENCY, {"target_currency", "destination_currency"}},
	{COLUMN_COUNTRY, {"country", "country_code", "beneficiary_country", "recipient_country"}},
	{COLUMN_BENEFICIARY_NAME, {"beneficiary_name", "name", "recipient_name", "account_holder_name"}},
	{COLUMN_BENEFICIARY_ID, {"beneficiary_id", "recipient_id", "destination_id"}},
	{COLUMN_IBAN, {"iban"}},
	{COLUMN_ACCOUNT_NUMBER, {"account_number"}},
	{COLUMN_ROUTING_NUMBER, {"routing_number", "aba", "sort_code"}},
	{COLUMN_BIC, {"bic", "swift", "swift_code", "bic_swift"}},
	{COLUMN_IFSC, {"ifsc"}},
	{COLUMN_BANK_NAME, {"bank_name"}},
	{COLUMN_BANK_CITY, {"bank_city"}},
	{COLUMN_BANK_COUNTRY, {"bank_country"}},
	{COLUMN_WALLET_ADDRESS, {"wallet_address", "deposit_address"}},
	{COLUMN_LINE1, {"line1", "address_line_1"}},
	{COLUMN_LINE2, {"line2", "address_line_2"}},
	{COLUMN_CITY, {"city"}},
	{COLUMN_DISTRICT, {"district", "state"}},
	{COLUMN_POSTAL_CODE, {"postal_code", "postcode", "zip"}},
	{COLUMN_EMAIL, {"email", "beneficiary_email", "recipient_email"}},
	{COLUMN_PURPOSE, {"purpose", "purpose_code", "purpose_of_transfer", "purpose_of_payment"}},
	{COLUMN_DESCRIPTION,
		{"description", "payment_reference", "remittance_information", "narrative", "comment", "note", "memo"}},
	{COLUMN_EXECUTION_DATE, {"execution_date", "scheduled_date"}},
	{COLUMN_SOURCE_OF_FUNDS, {"source_of_funds"}},
	{COLUMN_SOURCE_WALLET, {"source_wallet"}},
	{COLUMN_PAYMENT_METHOD, {"payment_method"}},
	{COLUMN_PAYMENT_NETWORK, {"payment_network"}},
	{COLUMN_BALANCE_ID, {"balance_id"}},
	{COLUMN_ADDRESS, {"address"}},
	{COLUMN_SOURCE_CURRENCY, {"source_currency"}},
	{COLUMN_CURRENCY_CODE, {"currency_code"}},
};

static void knows_every_name_of_the_contract(void **state)
{
	(void)state;
	assert_int_equal(COUNT(columns), COLUMN_CELLS);
	for (size_t i = 0; i < COUNT(columns); i++) {
		assert_string_equal(column_name(columns[i].column), columns[i].names[0]);
		for (size_t j = 0; j < COUNT(columns[i].names) && columns[i].names[j] != NULL; j++) {
			const char *near_name = "";

			if (column_find(text_of(columns[i].names[j]), &near_name) != columns[i].column)
				fail_msg("%s", columns[i].names[j]);
			assert_null(near_name);
		}
	}
}

static void reads_headers_without_regard_to_their_dress(void **state)
{
	static const struct {
		const char *header;
		enum column column;
	} cases[] = {
		{"Reference", COLUMN_REFERENCE},
		{"  END-TO-END ID\t", COLUMN_REFERENCE},
		{"EndToEndId", COLUMN_REFERENCE},
		{"\xEF\xBB\xBFreference", COLUMN_REFERENCE},
		{"wallet address\xC2\xA0", COLUMN_WALLET_ADDRESS},
		{"Wallet-Address", COLUMN_WALLET_ADDRESS},
		{"A_M_O_U_N_T", COLUMN_AMOUNT},
		{"recipient.ifsc", COLUMN_RECIPIENT},
		{"Recipient.Tax ID", COLUMN_RECIPIENT},
		{"payrun_reference", COLUMN_OWN_REFERENCE},
		{"Payrun Reference", COLUMN_OWN_REFERENCE},
		{"payrun_row", COLUMN_OWN},
		{"payrun_message", COLUMN_OWN},
		{"PAYRUN-CODE", COLUMN_OWN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (column_find(text_of(cases[i].header), NULL) != cases[i].column)
			fail_msg("%s", cases[i].header);
}

static void refuses_headers_that_mean_different_things(void **state)
{
	static const char *const headers[] = {"account", "amount_currency", "source_amount", "target_amount",
		"transfer_amount", "dest_amount", "fixed_side", "amount_cents", "amount_minor", "value_date",
		"payee_id", "tag", "memo_id", "Memo ID"};

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++)
		if (column_find(text_of(headers[i]), NULL) != COLUMN_AMBIGUOUS)
			fail_msg("%s", headers[i]);
}

static void tells_misspelt_headers_from_unknown_ones(void **state)
{
	static const struct {
		const char *header;
		const char *near_name; /* NULL: unknown */
	} cases[] = {
		{"amuont", "amount"}, /* 6 letters, two neighbours changed places */
		{"ammount", "amount"},
		{"amuoont", NULL}, /* two edits are too many for six letters */
		{"emial", "email"},
		{"refrence", "reference"},
		{"refernece", "reference"},
		{"refrnce", "reference"}, /* 9 letters, two edits */
		{"rfrnce", NULL},
		{"wallet_adress", "wallet_address"},
		{"curency", "currency"},
		{"benificiary name", "beneficiary_name"},
		{"nam", NULL}, /* short names must be exact */
		{"ibann", NULL},
		{"cost centre", NULL},
		{"", NULL},
		{"_ -", NULL},
		{"recipient.", "recipient_id"},
		{"payrunner", NULL},
		{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
		{"Empf\xC3\xA4nger", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *near_name = "unset";
		enum column column = column_find(text_of(cases[i].header), &near_name);

		if (cases[i].near_name == NULL) {
			if (column != COLUMN_UNKNOWN || near_name != NULL)
				fail_msg("%s: %d", cases[i].header, (int)column);
		} else if (column != COLUMN_MISSPELT || near_name == NULL ||
			   strcmp(near_name, cases[i].near_name) != 0) {
			fail_msg("%s: %d %s", cases[i].header, (int)column, near_name);
		}
	}
}

static void resolves_a_column_by_the_provider_of_its_row(void **state)
{
	static const struct {
		enum column column;
		enum provider_id provider;
		enum column resolved;
	} cases[] = {
		{COLUMN_ADDRESS, PROVIDER_CALYPSO, COLUMN_WALLET_ADDRESS},
		{COLUMN_ADDRESS, PROVIDER_CIRCLE, COLUMN_LINE1},
		{COLUMN_ADDRESS, PROVIDER_PONTIS, COLUMN_LINE1},
		{COLUMN_SOURCE_CURRENCY, PROVIDER_PONTIS, COLUMN_CURRENCY},
		{COLUMN_SOURCE_CURRENCY, PROVIDER_CALYPSO, COLUMN_UNKNOWN},
		{COLUMN_CURRENCY_CODE, PROVIDER_PONTIS, COLUMN_TARGET_CURRENCY},
		{COLUMN_CURRENCY_CODE, PROVIDER_MOLLIE, COLUMN_UNKNOWN},
		{COLUMN_AMOUNT, PROVIDER_CALYPSO, COLUMN_AMOUNT},
		{COLUMN_OWN_REFERENCE, PROVIDER_CALYPSO, COLUMN_OWN_REFERENCE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(column_resolve(cases[i].column, cases[i].provider), cases[i].resolved);
}

static void the_bank_set_is_what_names_a_bank_account(void **state)
{
	const enum column bank[] = {COLUMN_IBAN, COLUMN_ACCOUNT_NUMBER, COLUMN_ROUTING_NUMBER, COLUMN_BIC, COLUMN_IFSC,
		COLUMN_BANK_NAME, COLUMN_BANK_CITY, COLUMN_BANK_COUNTRY};
	column_set set = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(bank); i++)
		set |= COLUMN_SET(bank[i]);
	assert_true(set == COLUMN_SET_BANK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_every_name_of_the_contract),
		cmocka_unit_test(reads_headers_without_regard_to_their_dress),
		cmocka_unit_test(refuses_headers_that_mean_different_things),
		cmocka_unit_test(tells_misspelt_headers_from_unknown_ones),
		cmocka_unit_test(resolves_a_column_by_the_provider_of_its_row),
		cmocka_unit_test(the_bank_set_is_what_names_a_bank_account),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
