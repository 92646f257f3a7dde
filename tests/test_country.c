#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/country.h"

#define TABLES_WANT_ISO3166
#define TABLES_WANT_ISO3166_HINT
#define TABLES_WANT_ISO3166_RESERVED
#include "values/tables.inc"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void judges_codes_and_says_what_to_write_instead(void **state)
{
	static const struct {
		const char *code;
		enum country_verdict verdict;
		const char *hint;
	} cases[] = {
		{"AD", COUNTRY_VALID, NULL},
		{"DE", COUNTRY_VALID, NULL},
		{"GB", COUNTRY_VALID, NULL},
		{"XK", COUNTRY_VALID, NULL}, /* in use, though not assigned */
		{"ZW", COUNTRY_VALID, NULL},
		{"UK", COUNTRY_BAD_RESERVED, "GB"},
		{"EU", COUNTRY_BAD_RESERVED, NULL},
		{"SU", COUNTRY_BAD_RESERVED, NULL},
		{"AA", COUNTRY_BAD_RESERVED, NULL},
		{"QM", COUNTRY_BAD_RESERVED, NULL}, /* first, inner and last of a range */
		{"QT", COUNTRY_BAD_RESERVED, NULL},
		{"QZ", COUNTRY_BAD_RESERVED, NULL},
		{"XX", COUNTRY_BAD_RESERVED, NULL},
		{"ZZ", COUNTRY_BAD_RESERVED, NULL},
		{"EL", COUNTRY_BAD_UNKNOWN, "GR"},
		{"QL", COUNTRY_BAD_UNKNOWN, NULL},
		{"DEU", COUNTRY_BAD_UNKNOWN, "DE"},
		{"USA", COUNTRY_BAD_UNKNOWN, "US"},
		{"de", COUNTRY_BAD_UNKNOWN, NULL},
		{"", COUNTRY_BAD_UNKNOWN, NULL},
		{"D", COUNTRY_BAD_UNKNOWN, NULL},
		{"Germany", COUNTRY_BAD_UNKNOWN, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *name = NULL, *hint = "unset";

		if (country_check(text_of(cases[i].code), &name, &hint) != cases[i].verdict)
			fail_msg("%s", cases[i].code);
		assert_int_equal(name[0] != '\0', cases[i].verdict != COUNTRY_BAD_UNKNOWN);
		if (cases[i].hint == NULL)
			assert_null(hint);
		else
			assert_string_equal(hint, cases[i].hint);
	}
}

static void finds_each_row_of_its_tables(void **state)
{
	const char *name, *hint;

	(void)state;
	assert_int_equal(tables_iso3166_count, 250); /* 249 of ISO, and XK */
	for (size_t i = 0; i < tables_iso3166_count; i++) {
		assert_int_equal(country_check(text_of(tables_iso3166[i][0]), &name, &hint), COUNTRY_VALID);
		assert_string_equal(name, tables_iso3166[i][3]);
	}
	country_check(TEXT("BO"), &name, &hint); /* quoted in the file, for its comma */
	assert_string_equal(name, "Bolivia, Plurinational State of");
	for (size_t i = 0; i < tables_iso3166_reserved_count; i++)
		if (strlen(tables_iso3166_reserved[i][0]) == 2)
			assert_int_equal(country_check(text_of(tables_iso3166_reserved[i][0]), &name, &hint),
				COUNTRY_BAD_RESERVED);
}

static void every_hint_is_a_country_for_a_code_that_is_none(void **state)
{
	const char *name, *hint;

	(void)state;
	for (size_t i = 0; i < tables_iso3166_hint_count; i++) {
		assert_int_not_equal(country_check(text_of(tables_iso3166_hint[i][0]), &name, &hint), COUNTRY_VALID);
		assert_int_equal(country_check(text_of(tables_iso3166_hint[i][1]), &name, &hint), COUNTRY_VALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_codes_and_says_what_to_write_instead),
		cmocka_unit_test(finds_each_row_of_its_tables),
		cmocka_unit_test(every_hint_is_a_country_for_a_code_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
