#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/document.h"

static void number_is(const struct document *document, const char *name, const char *token)
{
	struct text text = document_number(document, json_object_get(document->root, name));

	assert_true(text_is(text, token));
}

static void numbers_keep_their_exact_text(void **state)
{
	struct document document = {0};

	(void)state;
	assert_true(document_parse(
		&document, TEXT("{\"a\":0.1, \"b\" : 12345678901234567890.000000000000000001,\"c\":-0,\"d\":1E+2,"
				"\"e\":\"7\",\"f\":[8,9.50],\"g\":\"1\\\"2,3\",\"h\":2}")));
	number_is(&document, "a", "0.1");
	number_is(&document, "b", "12345678901234567890.000000000000000001");
	number_is(&document, "c", "-0");
	number_is(&document, "d", "1E+2");
	number_is(&document, "e", "");
	number_is(&document, "h", "2");
	assert_true(
		text_is(document_number(&document, json_array_get(json_object_get(document.root, "f"), 1)), "9.50"));
	assert_true(text_is(document_string(json_object_get(document.root, "g")), "1\"2,3"));
	assert_int_equal(document_number(&document, NULL).len, 0);
	document_release(&document);
}

static void a_document_can_be_read_again_and_again(void **state)
{
	struct document document = {0};

	(void)state;
	for (int i = 0; i < 100; i++) {
		assert_true(document_parse(&document, TEXT("{\"x\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]}")));
		assert_false(document_parse(&document, TEXT("{\"x\":")));
		assert_true(document_parse(&document, TEXT("{\"x\":5}")));
		number_is(&document, "x", "5");
	}
	document_release(&document);
}

static void what_is_no_json_object_is_refused(void **state)
{
	const struct text cases[] = {
		TEXT(""),
		TEXT("[1]"),
		TEXT("5"),
		TEXT("{\"a\":01}"),
		TEXT("{\"a\":0 1}"),
		TEXT("{\"a\":1 2}"),
		TEXT("{\"a\":1.}"),
		TEXT("{\"a\":.5}"),
		TEXT("{\"a\":+1}"),
		TEXT("{\"a\":1e}"),
		TEXT("{\"a\":-}"),
		TEXT("{\"a\":--1}"),
		TEXT("{\"a\":1x}"),
		TEXT("{\"a\":1\"b\"}"),
		TEXT("{\"a\":0x10}"),
		TEXT("{\"a\":1,\"a\":2}"),
		TEXT("{\"a\":\"1}"),
		TEXT("{\"a\":\"\\"),
		TEXT("{\"a\":\"\xff\"}"),
		TEXT("{\"a\":\"\\u0000\"}"),
		TEXT("{\"a\":1}\0"),
		TEXT("{\"a\":1}{}"),
	};
	struct document document = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		document.error[0] = '\0';
		if (document_parse(&document, cases[i]))
			fail_msg("%s was taken", cases[i].ptr);
		assert_true(document.error[0] != '\0');
	}
	document_release(&document);
}

static void a_whole_number_is_nothing_else(void **state)
{
	static const char *const others[] = {
		"\"5\"", "5.0", "-5", "5e0", "null", "[5]", "101", "99999999999999999999999"};
	struct document document = {0};
	struct buf body = {0};
	int64_t whole = 0;

	(void)state;
	assert_true(document_parse(&document, TEXT("{\"x\":100}")));
	assert_true(document_whole(&document, json_object_get(document.root, "x"), 100, &whole));
	assert_int_equal(whole, 100);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		buf_reset(&body);
		buf_addf(&body, "{\"x\":%s}", others[i]);
		assert_true(document_parse(&document, buf_text(&body)));
		assert_false(document_whole(&document, json_object_get(document.root, "x"), 100, &whole));
	}
	assert_false(document_whole(&document, json_object_get(document.root, "y"), 100, &whole));
	buf_release(&body);
	document_release(&document);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_keep_their_exact_text),
		cmocka_unit_test(a_document_can_be_read_again_and_again),
		cmocka_unit_test(what_is_no_json_object_is_refused),
		cmocka_unit_test(a_whole_number_is_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
