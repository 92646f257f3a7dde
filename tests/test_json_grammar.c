/*
 * The grammar of RFC 8259 and the JSON reader: what is well-formed is never called a mistake of syntax, and what is
 * ill-formed always is. Values are tried in every place that a file has for them, texts of a few tokens all of them.
 */
#include "tests/read_all.h"

static bool calls_it_syntax(struct text in, size_t piece)
{
	char *all = read_as(&reader_json, (struct source){.bytes = in, .piece = piece}, 0);
	bool syntax = strncmp(all, "error JSON_SYNTAX", 17) == 0 || strstr(all, "\nerror JSON_SYNTAX") != NULL;

	free(all);
	return syntax;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static const char *const good[] = {"0", "-0", "7", "10", "-12", "0.5", "1.50", "12E3", "1e-2", "1E+2", "-0.1e1",
	"123456789012345678901234567890", "1e400", "-1e-400", "true", "false", "null", "\"\"", "\"a\"", "\" \"",
	"\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"", "\"\\u0041\"", "\"\\uABCD\\uabcd\"",
	"\"\\ud83d\\uDE00\"", "\"\x7F\"", "\"\xC3\xA4\"", "\"\xE2\x80\xA8\"", "\"\xF0\x9F\x98\x80\"", "\"[{:,}]\"",
	"\"//\"", "[]", "[ ]", "[1]", "[[],[[]]]", "[1,\"a\",null]", "{}", "{ }", "{\"a\":1}", "{\"\":0}",
	"{\"a\":{\"b\":[{}]}}", "{\"a\":1,\"b\":2}", " \t\r\n1\n"};

static const char *const bad[] = {"-", "+1", "01", "-01", "00", ".5", "1.", "-.5", "1.e2", "1e", "1e+", "1E-", "1e1.5",
	"0x1F", "1_000", "1 2", "--1", "1a", "Infinity", "-Infinity", "NaN", "nan", "True", "TRUE", "nul", "nulll",
	"truefalse", "tru", "undefined", "'a'", "\"", "\"a", "\"\\\"", "\"\\x41\"", "\"\\a\"", "\"\\U0041\"",
	"\"\\u12\"", "\"\\u12G4\"", "\"\t\"", "\"\n\"", "\"\x01\"", "\"a\"b\"", "\"a\" \"b\"", "a", "[", "]", "[1",
	"[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1;2]", "[1:2]", "(1)", "{", "}", "{]", "[}", "{\"a\"}", "{\"a\":}",
	"{\"a\",1}", "{\"a\" 1}", "{\"a\"::1}", "{:1}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}", "{\"a\":1,}",
	"{,\"a\":1}", "{\"a\":1 \"b\":2}", "{\"a\":1;\"b\":2}", "{\"a\":1,,\"b\":2}", "{\"a\":[}", "[{]", "// 1\n1",
	"/* 1 */1", "1 // 1", "#1",
	"\xC2\xA0"
	"1",
	"\x0B"
	"1",
	"\x0C"
	"1",
	"`a`", "*", "&", "\\u0031", "$a", "<a>", "1\\", "[\"a\",\n\"b\"", "\xEF\xBC\x91"};

/* Where a value stands in a file. */
static const char *const frames[] = {"%s", "[%s]", "[{\"reference\":\"A\"},%s]", "[{\"x\":%s}]", "[{\"x\":%s,\"y\":1}]",
	"[{\"amount\":%s}]", "[{\"recipient\":%s}]", "[{\"recipient\":{\"ifsc\":%s}}]", "[{\"x\":[0,%s]}]",
	"{\"payouts\":[%s]}", "{\"batch_id\":%s,\"payouts\":[]}", "{\"control\":%s,\"payouts\":[{}]}",
	"{\"control\":{\"totals\":{\"USD\":%s}},\"payouts\":[{}]}", "{\"note\":%s,\"payouts\":[{}]}"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static void put_in(struct buf *out, const char *frame, const char *value)
{
	const char *place = strstr(frame, "%s");

	buf_reset(out);
	buf_add(out, frame, (size_t)(place - frame));
	buf_addz(out, value);
	buf_addz(out, place + 2);
}

static void try_all(const char *const *values, size_t count, bool syntax)
{
	struct buf file = {0};

	for (size_t f = 0; f < COUNT(frames); f++)
		for (size_t i = 0; i < count; i++) {
			put_in(&file, frames[f], values[i]);
			if (calls_it_syntax(buf_text(&file), 1 + i % 5) != syntax)
				fail_msg("%s: %s", syntax ? "ill-formed, and taken" : "well-formed, and refused",
					buf_str(&file));
		}
	buf_release(&file);
}

static void what_is_well_formed_is_no_mistake_of_syntax_anywhere(void **state)
{
	(void)state;
	try_all(good, COUNT(good), false);
}

static void what_is_ill_formed_is_one_everywhere(void **state)
{
	(void)state;
	try_all(bad, COUNT(bad), true);
}

/* --- texts of a few tokens ---------------------------------------------------------------------------------------- */

static const char *const tokens[] = {"[", "]", "{", "}", ":", ",", "1", "\"a\"", " "};
#define LONGEST 4

/* Takes white space, then the byte where it stands. */
static bool take(const char **at, char byte)
{
	*at += strspn(*at, " ");
	if (**at != byte)
		return false;
	(*at)++;
	return true;
}

static bool take_name(const char **at)
{
	*at += strspn(*at, " ");
	if (strncmp(*at, "\"a\"", 3) != 0)
		return false;
	*at += 3;
	return true;
}

static bool take_value(const char **at)
{
	if (take(at, '[')) {
		if (take(at, ']'))
			return true;
		do
			if (!take_value(at))
				return false;
		while (take(at, ','));
		return take(at, ']');
	}
	if (take(at, '{')) {
		if (take(at, '}'))
			return true;
		do
			if (!take_name(at) || !take(at, ':') || !take_value(at))
				return false;
		while (take(at, ','));
		return take(at, '}');
	}
	if (!take(at, '1'))
		return take_name(at);
	*at += strspn(*at, "1"); /* 11 is one number */
	return true;
}

static bool is_well_formed(const char *text)
{
	return take_value(&text) && text[strspn(text, " ")] == '\0';
}

/* A document of nothing is told otherwise, and so are payouts that are none. */
static void the_reader_and_the_grammar_agree_over_every_text_of_a_few_tokens(void **state)
{
	size_t count = 0;

	(void)state;
	for (size_t len = 1, all = COUNT(tokens); len <= LONGEST; len++, all *= COUNT(tokens))
		for (size_t number = 0; number < all; number++, count++) {
			struct buf text = {0};

			for (size_t i = 0, rest = number; i < len; i++, rest /= COUNT(tokens))
				buf_addz(&text, tokens[rest % COUNT(tokens)]);
			if (strspn(buf_str(&text), " ") < text.len &&
				calls_it_syntax(buf_text(&text), 0) == is_well_formed(buf_str(&text)))
				fail_msg("the grammar has %s", buf_str(&text));
			buf_release(&text);
		}
	print_message("%zu texts\n", count);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_well_formed_is_no_mistake_of_syntax_anywhere),
		cmocka_unit_test(what_is_ill_formed_is_one_everywhere),
		cmocka_unit_test(the_reader_and_the_grammar_agree_over_every_text_of_a_few_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
