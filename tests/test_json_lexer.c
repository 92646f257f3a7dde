#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/json_lexer.h"

/* Tokens as "type[start,end]", with ! where something is wrong. */
static char *tokens_of(struct text bytes, bool more)
{
	static const char types[] = "?~.MSNW";
	struct json_lexer lexer = {.in = bytes, .more = more};
	struct buf out = {0};
	enum json_token token;

	do {
		token = json_next(&lexer);
		buf_addf(&out, "%c%zu-%zu%s ", types[token], lexer.start, lexer.at, lexer.why != NULL ? "!" : "");
	} while (token >= TOKEN_MARK);
	return out.data;
}

static const struct {
	const char *bytes;
	bool more;
	const char *tokens;
} table[] = {
	{"", false, ".0-0 "},
	{"", true, "~0-0 "},
	{" \t\r\n", false, ".4-4 "},
	{" {}", false, "M1-2 M2-3 .3-3 "},
	{"[1, -2.5e+3]", false, "M0-1 N1-2 M2-3 N4-11 M11-12 .12-12 "},
	{"1", true, "~0-0 "},
	{"1", false, "N0-1 .1-1 "},
	{"01", false, "N0-2! .2-2 "},
	{"1.", false, "N0-2! .2-2 "},
	{"+1", false, "N0-2! .2-2 "},
	{"1e5.3", false, "N0-5! .5-5 "},
	{"0x1", false, "?0-0! "},
	{"true", true, "~0-0 "},
	{"true", false, "W0-4 .4-4 "},
	{"true1", false, "?0-0! "},
	{"false,null]", true, "W0-5 M5-6 W6-10 M10-11 ~11-11 "},
	{"True", false, "?0-0! "},
	{"\"\"", true, "S0-2 ~2-2 "},
	{"\"a\\\"b\\u00e4\"", false, "S0-12 .12-12 "},
	{"\"a", true, "~0-0 "},
	{"\"a", false, "?0-0! "},
	{"\"a\\", true, "~0-0 "},
	{"\"a\\\"", false, "?0-0! "},
	{"\"\\u12", true, "~0-0 "},
	{"\"\\u12\"", false, "S0-6! .6-6 "},
	{"\"\\x\"", false, "S0-4! .4-4 "},
	{"\"\t\"", false, "S0-3! .3-3 "},
	{"\"\n\"", false, "?0-0! "},
	{"\"\\\n\"", false, "?0-0! "},
	{"'a'", false, "?0-0! "},
	{"\xC3\xA4", false, "?0-0! "},
};

static void tokens_begin_and_end_where_they_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *tokens = tokens_of(text_of(table[i].bytes), table[i].more);

		if (strcmp(tokens, table[i].tokens) != 0)
			fail_msg("%s: %s, wanted %s", table[i].bytes, tokens, table[i].tokens);
		free(tokens);
	}
}

/* Whatever comes behind the bytes, tokens that were whole stay what they are. */
static void a_cut_changes_no_token_before_it(void **state)
{
	static const char whole[] = " {\"a\\u00e4\":[-1.5e3,true,\"\\\\\"],\"b\":null } ";
	char *all = tokens_of(TEXT(" {\"a\\u00e4\":[-1.5e3,true,\"\\\\\"],\"b\":null } "), true);

	(void)state;
	for (size_t cut = 0; cut < sizeof(whole) - 1; cut++) {
		char *part = tokens_of((struct text){whole, cut}, true);
		char *last = strchr(part, '~');

		assert_non_null(last);
		assert_memory_equal(part, all, (size_t)(last - part));
		free(part);
	}
	free(all);
}

static void a_nul_is_noticed(void **state)
{
	struct json_lexer lexer = {.in = TEXT("\"\\u0000\" \"\\\\u0000\" \"\\u00000\"")};

	(void)state;
	assert_int_equal(json_next(&lexer), TOKEN_STRING);
	assert_true(lexer.nul);
	assert_int_equal(json_next(&lexer), TOKEN_STRING);
	assert_false(lexer.nul);
	assert_int_equal(json_next(&lexer), TOKEN_STRING);
	assert_true(lexer.nul);
}

static void numbers_are_quoted_and_their_places_found_again(void **state)
{
	struct text json = TEXT("{\"a\":1.50,\"b\":[2],\"c\":\"3\"}");
	char out[200];
	size_t len;

	(void)state;
	assert_true(json_quoted_max(json, TEXT("#")) <= sizeof(out));
	assert_true(json_quote_numbers(json, TEXT("#"), 2, out, &len));
	assert_true(text_is((struct text){out, len}, "{\"a\":\"#1.50\",\"b\":[\"#2\"],\"c\":\"3\"}"));
	assert_int_equal(json_unquoted(json, TEXT("#"), 5), 5);
	assert_int_equal(json_unquoted(json, TEXT("#"), len), json.len);
	assert_int_equal(json_unquoted(json, TEXT("#"), len - 1), json.len - 1);
	assert_false(json_quote_numbers(json, TEXT("#"), 1, out, &len));
	assert_false(json_quote_numbers(TEXT("{1:2}"), TEXT(""), 9, out, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_begin_and_end_where_they_do),
		cmocka_unit_test(a_cut_changes_no_token_before_it),
		cmocka_unit_test(a_nul_is_noticed),
		cmocka_unit_test(numbers_are_quoted_and_their_places_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
