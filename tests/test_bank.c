#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/bank.h"
#include "values/bank_form.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void judges_bics(void **state)
{
	static const struct {
		const char *bic;
		enum bic_verdict verdict;
	} cases[] = {
		{"DEUTDEFF", BIC_VALID},
		{"DEUTDEFF500", BIC_VALID},
		{"DEUTDEFFXXX", BIC_VALID},
		{"SBININBB354", BIC_VALID},
		{"NLPRXKPR", BIC_VALID}, /* Kosovo has no ISO code, and banks */
		{"E097AEXX", BIC_VALID}, /* digits may stand in the first four */
		{"", BIC_BAD_SYNTAX},
		{"DEUTDEF", BIC_BAD_SYNTAX},
		{"DEUTDEFF5", BIC_BAD_SYNTAX},
		{"DEUTDEFF50", BIC_BAD_SYNTAX},
		{"DEUTDEFF5000", BIC_BAD_SYNTAX},
		{"deutdeff", BIC_BAD_SYNTAX},
		{"DEUTD3FF", BIC_BAD_SYNTAX},
		{"DEUTDEF-", BIC_BAD_SYNTAX},
		{"DEUTDEFFX00", BIC_BAD_SYNTAX},
		{"DEUTDEFFXX0", BIC_BAD_SYNTAX},
		{"DEUTQQFF", BIC_BAD_COUNTRY},
		{"DEUTUKFF", BIC_BAD_COUNTRY},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (bic_check(text_of(cases[i].bic)) != cases[i].verdict)
			fail_msg("%s", cases[i].bic);
	assert_true(text_is(bic_country(TEXT("DEUTDEFF500")), "DE"));
}

static void judges_routing_numbers(void **state)
{
	static const struct {
		const char *aba;
		enum routing_verdict verdict;
	} cases[] = {
		{"021000021", ROUTING_VALID}, {"121000248", ROUTING_VALID}, {"011000015", ROUTING_VALID},
		{"325272063", ROUTING_VALID}, {"", ROUTING_BAD_LENGTH}, {"21000021", ROUTING_BAD_LENGTH},
		{"0210000210", ROUTING_BAD_LENGTH}, {"02100002O", ROUTING_BAD_LENGTH},
		{"0210-0021", ROUTING_BAD_LENGTH}, {"021000022", ROUTING_BAD_CHECKSUM},
		{"012000021", ROUTING_BAD_CHECKSUM}, /* two neighbours changed places */
		{"000000000", ROUTING_BAD_CHECKSUM},
		{"130000006", ROUTING_BAD_CHECKSUM}, /* its digit fits, and no bank begins so */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (routing_check(text_of(cases[i].aba)) != cases[i].verdict)
			fail_msg("%s", cases[i].aba);
}

static void judges_ifscs(void **state)
{
	static const char *const wrong[] = {"", "HDFC000000", "HDFC00000011", "HDFC1000001", "HDF00000001",
		"hdfc0000001", "HDFC0_00001", "HDFCO000001"};

	(void)state;
	assert_true(ifsc_valid(TEXT("HDFC0000001")));
	assert_true(ifsc_valid(TEXT("KKBK0ABC9Z1")));
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (ifsc_valid(text_of(wrong[i])))
			fail_msg("%s", wrong[i]);
}

#define US BANK_FORM_SET(BANK_FORM_US)
#define IBAN BANK_FORM_SET(BANK_FORM_IBAN)
#define BIC BANK_FORM_SET(BANK_FORM_BIC)

static void a_country_takes_the_forms_of_its_row_or_those_of_further_ones(void **state)
{
	static const struct bank_country countries[] = {{"DE", IBAN}, {"JP", BIC}, {"US", US}};
	static const struct bank_terms bank = {
		.countries = countries, .country_count = COUNT(countries), .further = IBAN | BIC};

	(void)state;
	for (size_t i = 0; i < COUNT(countries); i++)
		assert_int_equal(bank_forms_of(&bank, TEXT("JP US"), text_of(countries[i].alpha2)), countries[i].forms);
	assert_int_equal(bank_forms_of(&bank, TEXT("CY, CZ"), TEXT("CZ")), IBAN | BIC);
	assert_int_equal(bank_forms_of(&bank, TEXT("CY, CZ"), TEXT("C")), 0);
	assert_int_equal(bank_forms_of(&bank, TEXT("CY, CZ"), TEXT("AA")), 0);
	assert_int_equal(bank_forms_of(&bank, TEXT(""), TEXT("ZZ")), 0);
	assert_int_equal(bank_forms_of(&bank, TEXT(""), TEXT("")), 0);
}

static void the_form_follows_from_the_country_and_from_what_is_filled(void **state)
{
	static const column_set account = COLUMN_SET(COLUMN_ACCOUNT_NUMBER), iban = COLUMN_SET(COLUMN_IBAN),
				bic = COLUMN_SET(COLUMN_BIC), routing = COLUMN_SET(COLUMN_ROUTING_NUMBER);
	const struct {
		bank_forms forms;
		column_set filled;
		enum bank_form form;
	} cases[] = {
		{US, 0, BANK_FORM_NONE},
		{US, COLUMN_SET(COLUMN_BENEFICIARY_ID) | COLUMN_SET(COLUMN_LINE1), BANK_FORM_NONE},
		{US, account | routing, BANK_FORM_US},
		{US, iban, BANK_FORM_US},
		{US, account | routing | bic, BANK_FORM_US},
		{IBAN, iban | bic, BANK_FORM_IBAN},
		{IBAN, account | bic, BANK_FORM_IBAN},
		{IBAN, account | routing, BANK_FORM_IBAN},
		{BIC, account | bic, BANK_FORM_BIC},
		{BIC, iban, BANK_FORM_BIC},
		{BIC, account | routing, BANK_FORM_BIC},
		{IBAN | BIC, iban | bic, BANK_FORM_IBAN},
		{IBAN | BIC, account | bic, BANK_FORM_BIC},
		{IBAN | BIC, account, BANK_FORM_BIC},
		{IBAN | BIC, COLUMN_SET(COLUMN_BANK_COUNTRY), BANK_FORM_IBAN},
		{0, iban, BANK_FORM_IBAN},
		{0, account | bic, BANK_FORM_BIC},
		{0, account | routing, BANK_FORM_US},
		{0, account, BANK_FORM_BIC},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (bank_form_choose(cases[i].forms, cases[i].filled) != cases[i].form)
			fail_msg("case %zu", i);
	for (int form = 0; form < BANK_FORM_COUNT; form++)
		assert_true(bank_form_text((enum bank_form)form)[0] != '\0');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_bics),
		cmocka_unit_test(judges_routing_numbers),
		cmocka_unit_test(judges_ifscs),
		cmocka_unit_test(a_country_takes_the_forms_of_its_row_or_those_of_further_ones),
		cmocka_unit_test(the_form_follows_from_the_country_and_from_what_is_filled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
