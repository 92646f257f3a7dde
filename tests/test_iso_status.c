#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "values/finding.h"
#include "values/iso_status.h"

static void each_state_has_the_status_that_says_what_is_known(void **state)
{
	static const struct {
		enum payout_state state;
		const char *v03, *v10, *reason;
	} rows[PAYOUT_STATES] = {
		{PAYOUT_UNKNOWN, "PDNG", "PDNG", ""},
		{PAYOUT_REJECTED, "RJCT", "RJCT", "NARR"},
		{PAYOUT_DUPLICATE, "RJCT", "RJCT", "AM05"},
		{PAYOUT_HELD, "PDNG", "PDNG", ""},
		{PAYOUT_READY, "ACCP", "ACCP", ""},
		{PAYOUT_SENDING, "PDNG", "PDNG", ""},
		{PAYOUT_ACCEPTED, "ACSP", "ACSP", ""},
		{PAYOUT_PAID, "ACSC", "ACSC", ""},
		{PAYOUT_FAILED, "RJCT", "RJCT", "MS03"},
		{PAYOUT_RETURNED, "RJCT", "RJCT", "MS03"},
		{PAYOUT_CANCELED, "RJCT", "CANC", "DS02"},
	};

	(void)state;
	for (size_t i = 0; i < PAYOUT_STATES; i++) {
		assert_int_equal(rows[i].state, i);
		assert_string_equal(iso_status_name(iso_status_of_state(rows[i].state, false)), rows[i].v03);
		assert_string_equal(iso_status_name(iso_status_of_state(rows[i].state, true)), rows[i].v10);
		assert_true(text_is(text_of(iso_reason_of_state(rows[i].state)), rows[i].reason));
	}
}

static void a_group_has_the_status_of_its_transactions(void **state)
{
	static const struct {
		int64_t counts[ISO_STATUSES];
		const char *status;
	} rows[] = {
		{{[ISO_RJCT] = 3}, "RJCT"},
		{{[ISO_RJCT] = 1, [ISO_CANC] = 1}, "RJCT"},
		{{[ISO_CANC] = 2}, "RJCT"},
		{{[ISO_PDNG] = 2}, "PDNG"},
		{{[ISO_PDNG] = 1, [ISO_RJCT] = 1}, "PDNG"},
		{{[ISO_ACSC] = 2}, "ACSC"},
		{{[ISO_ACSC] = 2, [ISO_ACSP] = 1}, "ACSP"},
		{{[ISO_ACSC] = 2, [ISO_ACSP] = 1, [ISO_ACCP] = 9}, "ACCP"},
		{{[ISO_ACTC] = 4}, "ACTC"},
		{{[ISO_ACSC] = 9, [ISO_RJCT] = 1}, "PART"},
		{{[ISO_ACCP] = 1, [ISO_CANC] = 1}, "PART"},
		{{[ISO_ACSC] = 9, [ISO_PDNG] = 1}, "PART"},
		{{[ISO_ACTC] = 1, [ISO_RJCT] = 1}, "PART"},
		{{0}, "PDNG"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(iso_status_name(iso_status_of_group(rows[i].counts)), rows[i].status);
}

static void reasons_of_the_standard_are_known_and_no_others(void **state)
{
	static const char *const known[] = {"AB01", "AC01", "AC04", "AM05", "BE04", "DS0A", "NARR", "UPAY"};
	static const char *const unknown[] = {
		"", "AC", "AC0", "AC010", "ac01", "ZZZZ", "AAAA", "AMOUNT_DECIMALS", "AC1"};

	(void)state;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		assert_true(iso_reason_known(text_of(known[i])));
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		assert_false(iso_reason_known(text_of(unknown[i])));
}

static void findings_have_the_standards_reason_where_it_has_one(void **state)
{
	static const struct {
		const char *code, *field, *reason;
	} rows[] = {
		{"AMOUNT_DECIMALS", "amount", "CH20"},
		{"AMOUNT_NOT_POSITIVE", "amount", "AM12"},
		{"AMOUNT_LIMIT", "amount", "AM14"},
		{"CURRENCY_UNKNOWN", "currency", "AM11"},
		{"CURRENCY_UNSUPPORTED", "currency", "AM03"},
		{"IBAN_CHECKSUM", "iban", "AC03"},
		{"IBAN_LENGTH", "iban", "AC01"},
		{"BIC_SYNTAX", "bic", "RC01"},
		{"BIC_COUNTRY", "bic", "RC07"},
		{"COUNTRY_RESERVED", "country", "BE11"},
		{"COUNTRY_UNSUPPORTED", "country", "NARR"},
		{"PURPOSE_UNKNOWN", "purpose", "FF07"},
		{"REFERENCE_REPEATED", "reference", "DU04"},
		{"REFERENCE_DUPLICATE", "reference", "AM05"},
		{"DUPLICATE_SUSPECTED", "", "AM05"},
		{"CONTROL_COUNT", "", "AM18"},
		{"CONTROL_TOTAL", "", "AM10"},
		{"FIELD_REQUIRED", "beneficiary_name", "BE22"},
		{"FIELD_TOO_LONG", "beneficiary_name", "BE21"},
		{"FIELD_REQUIRED", "balance_id", "CH21"},
		{"FIELD_CHARACTERS", "description", "CH16"},
		{"FIELD_TOO_LONG", "reference", "FF08"},
		{"DATE_PAST", "execution_date", "CH04"},
		{"XML_SYNTAX", "", "FF01"},
		{"METHOD_UNSUPPORTED", "PmtMtd", "CH16"},
		{"ACCOUNT_CHECKSUM", "account_number", "AC03"},
		{"TAX_ID_SYNTAX", "recipient.tax_id", "RR06"},
		{"CREDITOR_REFERENCE", "description", "RR09"},
		{"CHANNEL_UNKNOWN", "channel", "NARR"},
		{"SOMETHING_NEW", "", "NARR"},
		{"", "", "NARR"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
			iso_reason_of_finding(text_of(rows[i].code), text_of(rows[i].field)), rows[i].reason);
}

/* Whatever is found, the code that goes out is one of the standard's. */
static void every_reason_given_is_one_of_the_standard(void **state)
{
	static const char *const fields[] = {"", "amount", "currency", "reference", "beneficiary_name", "iban", "bic",
		"country", "purpose", "execution_date", "email", "line1", "routing_number", "nothing"};
	size_t count;
	const struct finding_help *help = finding_help_list(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof(fields) / sizeof(fields[0]); k++)
			assert_true(iso_reason_known(
				text_of(iso_reason_of_finding(text_of(help[i].code), text_of(fields[k])))));
	for (enum payout_state own = 0; own < PAYOUT_STATES; own++)
		assert_true(iso_reason_of_state(own) == NULL || iso_reason_known(text_of(iso_reason_of_state(own))));
}

static void a_duplicate_has_the_status_of_what_it_repeats(void **state)
{
	static const char *const statuses[PAYOUT_STATES] = {
		[PAYOUT_UNKNOWN] = "PDNG",
		[PAYOUT_REJECTED] = "RJCT",
		[PAYOUT_DUPLICATE] = "RJCT", /* one that is not known */
		[PAYOUT_HELD] = "PDNG",
		[PAYOUT_READY] = "ACCP",
		[PAYOUT_SENDING] = "PDNG",
		[PAYOUT_ACCEPTED] = "ACSP",
		[PAYOUT_PAID] = "ACSC",
		[PAYOUT_FAILED] = "RJCT",
		[PAYOUT_RETURNED] = "RJCT",
		[PAYOUT_CANCELED] = "RJCT",
	};

	(void)state;
	for (enum payout_state of = 0; of < PAYOUT_STATES; of++)
		assert_string_equal(iso_status_name(iso_status_of_repeat(of)), statuses[of]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_duplicate_has_the_status_of_what_it_repeats),
		cmocka_unit_test(each_state_has_the_status_that_says_what_is_known),
		cmocka_unit_test(a_group_has_the_status_of_its_transactions),
		cmocka_unit_test(reasons_of_the_standard_are_known_and_no_others),
		cmocka_unit_test(findings_have_the_standards_reason_where_it_has_one),
		cmocka_unit_test(every_reason_given_is_one_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
