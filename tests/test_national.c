/* National identifiers: each entry of the table takes its example, and the check digits what was reckoned elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/national.h"
#include "values/rules.h"

#define TABLES_WANT_NATIONAL
#include "values/tables.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { CELL_COUNTRY, CELL_FORM_RULE, CELL_CHECK_RULE, CELL_EXAMPLE = 10 };

static const struct national *entry(const char *country, const char *form_rule)
{
	const struct national *national;
	size_t at = 0;

	while ((national = national_next(text_of(country), &at)) != NULL)
		if (strcmp(national->form_rule, form_rule) == 0)
			return national;
	fail_msg("%s has no %s", country, form_rule);
	return NULL;
}

static void every_entry_takes_its_example(void **state)
{
	(void)state;
	assert_true(tables_national_count >= 37);
	for (size_t i = 0; i < tables_national_count; i++) {
		const char *const *row = tables_national[i];

		if (national_check(entry(row[CELL_COUNTRY], row[CELL_FORM_RULE]), text_of(row[CELL_EXAMPLE])) !=
			NATIONAL_VALID)
			fail_msg("%s: %s", row[CELL_FORM_RULE], row[CELL_EXAMPLE]);
	}
}

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

/* An entry whose rule the table lacks would be found by nobody. */
static void every_entry_has_its_rules_and_they_name_its_country(void **state)
{
	static const char *const recalled = "NG ZA NZ AR CO PE CL SG HK JP PH";

	(void)state;
	for (size_t i = 0; i < tables_national_count; i++)
		for (int cell = CELL_FORM_RULE; cell <= CELL_CHECK_RULE; cell++) {
			const char *id = tables_national[i][cell], *country = tables_national[i][CELL_COUNTRY];
			const struct rule *rule;

			if (id[0] == '\0')
				continue;
			rule = rule_of(id);
			assert_string_equal(rule->countries, country);
			if (text_lists(text_of(recalled), text_of(country)) && rule->severity != FINDING_WARNING)
				fail_msg("%s is not confirmed, and refuses rows", id);
		}
}

static void entries_of_a_country_stand_together(void **state)
{
	size_t at = 0, count = 0;

	(void)state;
	while (national_next(TEXT("BR"), &at) != NULL)
		count++;
	assert_int_equal(count, 7);
	at = 0;
	assert_null(national_next(TEXT("DE"), &at));
	assert_null(national_next(TEXT("ZZ"), &at));
	assert_null(national_next(TEXT("AA"), &at));
	assert_null(national_next(TEXT(""), &at));
	assert_null(national_next(TEXT("USA"), &at));
}

static void values_are_judged_by_form_then_by_check_digits(void **state)
{
	static const struct {
		const char *country, *rule, *value;
		enum national_verdict verdict;
	} cases[] = {
		{"MX", "clabe-length", "032180000118359719", NATIONAL_VALID},
		{"MX", "clabe-length", "002010077777777771", NATIONAL_VALID},
		{"MX", "clabe-length", "032180000118359718", NATIONAL_BAD_CHECK},
		{"MX", "clabe-length", "32180000118359719", NATIONAL_BAD_SHORT},
		{"MX", "clabe-length", "03218000011835971X", NATIONAL_BAD_FORM},
		{"MX", "clabe-length", "0321800001183597190", NATIONAL_BAD_FORM},
		{"MX", "clabe-length", "", NATIONAL_BAD_FORM},
		{"AR", "cbu-length", "2850590940090418135201", NATIONAL_VALID},
		{"AR", "cbu-length", "2850590840090418135201", NATIONAL_BAD_CHECK},
		{"AR", "cbu-length", "2850590940090418135211", NATIONAL_BAD_CHECK},
		{"BR", "cpf-form", "111.444.777-35", NATIONAL_VALID},
		{"BR", "cpf-form", "12345678909", NATIONAL_VALID},
		{"BR", "cpf-form", "12345678900", NATIONAL_BAD_CHECK},
		{"BR", "cpf-form", "00000000000", NATIONAL_BAD_CHECK},
		{"BR", "cpf-form", "1144477735", NATIONAL_BAD_SHORT},
		{"BR", "cpf-form", "-11144477735", NATIONAL_BAD_FORM},
		{"BR", "cnpj-form", "11.222.333/0001-81", NATIONAL_VALID},
		{"BR", "cnpj-form", "12ABC34501DE35", NATIONAL_VALID},
		{"BR", "cnpj-form", "12ABC34501DF35", NATIONAL_BAD_CHECK},
		{"BR", "cnpj-form", "12ABC34501DEAB", NATIONAL_BAD_FORM},
		{"BR", "cnpj-form", "12abc34501de35", NATIONAL_BAD_FORM},
		{"BR", "tax-id-br", "11222333000181", NATIONAL_VALID},
		{"BR", "tax-id-br", "11144477735", NATIONAL_VALID},
		{"BR", "tax-id-br", "1122233300018", NATIONAL_BAD_FORM},
		{"BR", "bank-br", "341", NATIONAL_VALID},
		{"BR", "bank-br", "60701190", NATIONAL_VALID},
		{"BR", "bank-br", "3411", NATIONAL_BAD_FORM},
		{"BR", "bank-br", "41", NATIONAL_BAD_SHORT},
		{"BR", "pix-key", "11144477735", NATIONAL_VALID},
		{"BR", "pix-key", "111.444.777-35", NATIONAL_VALID},
		{"BR", "pix-key", "11144477734", NATIONAL_BAD_FORM},
		{"BR", "pix-key", "11987654321", NATIONAL_BAD_FORM}, /* a phone lacks its +55 */
		{"BR", "pix-key", "12ABC34501DE35", NATIONAL_VALID},
		{"BR", "pix-key", "+5511987654321", NATIONAL_VALID},
		{"BR", "pix-key", "+551187654321", NATIONAL_VALID},
		{"BR", "pix-key", "+55119876543210", NATIONAL_BAD_FORM},
		{"BR", "pix-key", "ana@exemplo.com.br", NATIONAL_VALID},
		{"BR", "pix-key", "ana@@exemplo.com.br", NATIONAL_BAD_FORM},
		{"BR", "pix-key", "@exemplo.com.br", NATIONAL_BAD_FORM},
		{"BR", "pix-key",
			"1234567890123456789012345678901234567890123456789012345678901234567890@exemplo.com.br",
			NATIONAL_BAD_FORM},
		{"BR", "pix-key", "123e4567-e89b-42d3-a456-426614174000", NATIONAL_VALID},
		{"BR", "pix-key", "123e4567-e89b-12d3-a456-426614174000", NATIONAL_BAD_FORM}, /* not a random one */
		{"BR", "pix-key", "123E4567-E89B-42D3-A456-426614174000", NATIONAL_BAD_FORM},
		{"CL", "rut-form", "12.345.678-5", NATIONAL_VALID},
		{"CL", "rut-form", "10000013-K", NATIONAL_VALID},
		{"CL", "rut-form", "10000004-0", NATIONAL_VALID},
		{"CL", "rut-form", "10000004-K", NATIONAL_BAD_CHECK},
		{"CL", "rut-form", "100004-0", NATIONAL_BAD_SHORT},
		{"CA", "transit-ca", "000300012", NATIONAL_VALID},
		{"CA", "transit-ca", "00012-003", NATIONAL_VALID},
		{"CA", "transit-ca", "00012003", NATIONAL_BAD_FORM},
		{"CA", "transit-ca", "100300012", NATIONAL_BAD_FORM},
		{"CA", "transit-ca", "0003-0001", NATIONAL_BAD_FORM},
		{"CN", "cnaps", "102100099996", NATIONAL_VALID},
		{"CN", "cnaps", "C/N102100099996", NATIONAL_VALID},
		{"CN", "cnaps", "CN102100099996", NATIONAL_VALID},
		{"CN", "cnaps", "CN02100099996", NATIONAL_BAD_FORM},
		{"GB", "sort-code", "20-04-15", NATIONAL_VALID},
		{"GB", "sort-code", "20 04 15", NATIONAL_VALID},
		{"GB", "sort-code", "40004", NATIONAL_BAD_SHORT},
		{"GB", "sort-code", "20.04.15", NATIONAL_BAD_FORM},
		{"US", "aba-length", "021000021", NATIONAL_VALID},
		{"US", "aba-length", "000000000", NATIONAL_BAD_CHECK},
		{"US", "account-us", "12 34-A", NATIONAL_VALID},
		{"US", "account-us", "123456789012345678", NATIONAL_BAD_FORM},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		enum national_verdict verdict =
			national_check(entry(cases[i].country, cases[i].rule), text_of(cases[i].value));

		if (verdict != cases[i].verdict)
			fail_msg("%s %s: %d", cases[i].rule, cases[i].value, (int)verdict);
	}
}

/* Whatever stands there, no entry reads beyond it. */
static void values_of_any_length_are_judged(void **state)
{
	static const char bytes[] = "0A-./ K@+9";
	char value[200];

	(void)state;
	for (size_t len = 0; len <= sizeof(value); len++) {
		for (size_t i = 0; i < len; i++)
			value[i] = bytes[(i * 7 + len) % (sizeof(bytes) - 1)];
		for (size_t i = 0; i < tables_national_count; i++)
			(void)national_check(
				entry(tables_national[i][CELL_COUNTRY], tables_national[i][CELL_FORM_RULE]),
				(struct text){value, len});
	}
}

static void leis_and_creditor_references_have_check_digits(void **state)
{
	bool looks;

	(void)state;
	assert_true(national_lei(TEXT("5493001KJTIIGC8Y1R12")));
	assert_false(national_lei(TEXT("5493001KJTIIGC8Y1R21")));
	assert_false(national_lei(TEXT("5493001KJTIIGC8Y1R1")));
	assert_false(national_lei(TEXT("5493001KJTIIGC8Y1RX2")));
	assert_true(national_creditor_reference(TEXT("RF18539007547034"), &looks) && looks);
	assert_true(national_creditor_reference(TEXT("RF18 5390 0754 7034"), &looks) && looks);
	assert_false(national_creditor_reference(TEXT("RF81539007547034"), &looks));
	assert_true(looks);
	assert_false(national_creditor_reference(TEXT("RF18 5390-0754"), &looks) || looks);
	assert_false(national_creditor_reference(TEXT("RF18"), &looks) || looks);
	assert_false(national_creditor_reference(TEXT("RFC 4180"), &looks) || looks);
	assert_false(national_creditor_reference(TEXT("RF1812345678901234567890123"), &looks) || looks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_entry_takes_its_example),
		cmocka_unit_test(every_entry_has_its_rules_and_they_name_its_country),
		cmocka_unit_test(entries_of_a_country_stand_together),
		cmocka_unit_test(values_are_judged_by_form_then_by_check_digits),
		cmocka_unit_test(values_of_any_length_are_judged),
		cmocka_unit_test(leis_and_creditor_references_have_check_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
