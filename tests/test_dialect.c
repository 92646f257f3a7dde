#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "formats/dialect.h"

static bool knows(const void *context, struct text cell)
{
	(void)context;
	return text_is(cell, "amount") || text_is(cell, "name") || text_is(cell, "a,b");
}

static const struct {
	const char *header;
	char delimiter;
} headers[] = {
	{"", ','},
	{"amount", ','},
	{"amount,name", ','},
	{"amount;name\r\n", ';'},
	{"amount\tname", '\t'},
	{"amount|name", '|'},
	{"x;y", ';'},                   /* the only one that stands there */
	{"x;y,z", ','},                 /* no header whatever is tried */
	{"x,y;amount", ';'},            /* cuts a known name out */
	{"amount ; net, gross", ';'},   /* blanks around a name */
	{"\"amount\"|\"x|y\"|z;", '|'}, /* quotes hold one */
	{"\"x;amount\"|z", '|'},
	{"\xEF\xBB\xBF"
	 "amount;x,y",
		';'},
	{"amount,x;name", 0},
	{"amount;x|name", 0},
	{"name,amount\tname", 0},
	{"a,b;x", ';'},
};

static void the_delimiter_is_the_one_that_cuts_out_known_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (dialect_delimiter(text_of(headers[i].header), knows, NULL) != headers[i].delimiter)
			fail_msg("header %zu: %s", i, headers[i].header);
}

static const struct {
	const char *line;
	enum dialect_line kind;
	char delimiter;
} lines[] = {
	{"sep=;\r\n", DIALECT_LINE, ';'},
	{"sep=,", DIALECT_LINE, ','},
	{"SEP=|\r", DIALECT_LINE, '|'},
	{"sep=\t\n", DIALECT_LINE, '\t'},
	{"\"sep=;\"\n", DIALECT_LINE, ';'},
	{"\xEF\xBB\xBFsep=;\n", DIALECT_LINE, ';'},
	{"sep=\n", DIALECT_BAD_LINE, 0},
	{"sep=;;\n", DIALECT_BAD_LINE, 0},
	{"sep=:", DIALECT_BAD_LINE, 0},
	{"sep", DIALECT_NO_LINE, 0},
	{"reference,sep=;\n", DIALECT_NO_LINE, 0},
	{"", DIALECT_NO_LINE, 0},
};

static void a_first_line_may_name_the_delimiter(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char delimiter = 0;

		assert_int_equal(dialect_line_read(text_of(lines[i].line), &delimiter), lines[i].kind);
		assert_int_equal(delimiter, lines[i].delimiter);
	}
}

static void delimiters_have_the_names_of_the_option(void **state)
{
	(void)state;
	assert_string_equal(dialect_delimiter_name(';'), "semicolon");
	assert_string_equal(dialect_delimiter_name('\t'), "tab");
	assert_string_equal(dialect_delimiter_name(':'), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_delimiter_is_the_one_that_cuts_out_known_names),
		cmocka_unit_test(a_first_line_may_name_the_delimiter),
		cmocka_unit_test(delimiters_have_the_names_of_the_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
