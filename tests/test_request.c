#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "providers/request.h"

static void builds_a_query_of_what_is_filled(void **state)
{
	struct buf url = {0};

	(void)state;
	buf_addz(&url, "http://127.0.0.1/list");
	request_add_query(&url, "from", TEXT(""));
	assert_string_equal(buf_str(&url), "http://127.0.0.1/list");
	request_add_query(&url, "type", TEXT("wire"));
	request_add_query(&url, "to", TEXT(""));
	request_add_query(&url, "after", TEXT("a&b=c d/\xC3\x9C"));
	assert_string_equal(buf_str(&url), "http://127.0.0.1/list?type=wire&after=a%26b%3Dc%20d%2F%C3%9C");
	buf_release(&url);
}

static void writes_members_with_commas_between_them(void **state)
{
	struct buf body = {0};

	(void)state;
	buf_addc(&body, '{');
	request_add_filled(&body, "none", TEXT(""));
	request_add_member(&body, "a", TEXT("\"x\"\n"));
	request_add_member(&body, "empty", TEXT(""));
	request_add_name(&body, "inner");
	buf_addc(&body, '{');
	request_add_member(&body, "b", TEXT("{"));
	request_add_filled(&body, "c", TEXT("1"));
	buf_addz(&body, "}}");
	assert_string_equal(
		buf_str(&body), "{\"a\":\"\\\"x\\\"\\n\",\"empty\":\"\",\"inner\":{\"b\":\"{\",\"c\":\"1\"}}");
	buf_release(&body);
}

static void knows_what_a_header_can_carry(void **state)
{
	(void)state;
	assert_true(request_word_valid(TEXT("TEST_API_KEY:id:~!secret")));
	assert_false(request_word_valid(TEXT("")));
	assert_false(request_word_valid(TEXT("a b")));
	assert_false(request_word_valid(TEXT("a\r\nX: y")));
	assert_false(request_word_valid(TEXT("\xC3\x9C")));
	assert_false(request_word_valid(TEXT("a\x7F")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(builds_a_query_of_what_is_filled),
		cmocka_unit_test(writes_members_with_commas_between_them),
		cmocka_unit_test(knows_what_a_header_can_carry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
