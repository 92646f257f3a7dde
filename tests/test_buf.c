#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

static void an_untouched_buffer_is_the_empty_string(void **state)
{
	struct buf buf = {0};

	(void)state;
	assert_string_equal(buf_str(&buf), "");
	assert_int_equal(buf_text(&buf).len, 0);
	buf_reset(&buf);
	buf_wipe(&buf);
	buf_release(&buf);
	assert_null(buf.data);
}

static void what_is_added_is_always_ended_by_a_nul(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_add(&buf, "a\0b", 3);
	buf_addz(&buf, "cd");
	buf_addt(&buf, TEXT("ef"));
	buf_addt(&buf, (struct text){0});
	buf_addc(&buf, 'g');
	assert_int_equal(buf.len, 8);
	assert_memory_equal(buf.data, "a\0bcdefg", 9);
	for (int i = 0; i < 100000; i++) {
		buf_addc(&buf, 'x');
		assert_int_equal(buf.data[buf.len], 0);
	}
	assert_memory_equal(buf.data, "a\0bcdefgxx", 10);
	buf_reset(&buf);
	assert_string_equal(buf_str(&buf), "");
	buf_wipe(&buf);
	assert_null(buf.data);
}

static void formats_texts_shorter_and_longer_than_its_room(void **state)
{
	struct buf buf = {0};

	(void)state;
	for (int width = 0; width < 300; width++) {
		buf_reset(&buf);
		buf_addz(&buf, ">");
		buf_addf(&buf, "%*d|%s", width, 7, "end");
		assert_int_equal(buf.len, 1 + (width > 1 ? width : 1) + 4);
		assert_string_equal(buf.data + buf.len - 5, "7|end");
		buf_release(&buf);
	}
}

static void writes_every_number(void **state)
{
	static const struct {
		int64_t number;
		const char *out;
	} cases[] = {{0, "0"}, {7, "7"}, {-1, "-1"}, {1250, "1250"}, {INT64_MAX, "9223372036854775807"},
		{INT64_MIN, "-9223372036854775808"}};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&buf);
		buf_addi(&buf, cases[i].number);
		assert_string_equal(buf_str(&buf), cases[i].out);
	}
	buf_release(&buf);
}

static void writes_hex_and_json(void **state)
{
	static const struct {
		struct text in;
		const char *out;
	} cases[] = {
		{{"", 0}, "\"\""},
		{{NULL, 0}, "\"\""},
		{{"Rent \xC3\xA4", 7}, "\"Rent \xC3\xA4\""},
		{{"\"\\/", 3}, "\"\\\"\\\\/\""},
		{{"\n\r\t\b\f", 5}, "\"\\n\\r\\t\\b\\f\""},
		{{"a\0b\x1b\x7F", 5}, "\"a\\u0000b\\u001b\\u007f\""},
	};
	struct buf buf = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&buf);
		buf_add_json(&buf, cases[i].in);
		assert_string_equal(buf_str(&buf), cases[i].out);
	}
	buf_reset(&buf);
	buf_add_hex(&buf, "\x00\xFF\x1A", 3);
	assert_string_equal(buf_str(&buf), "00ff1a");
	buf_release(&buf);
}

static void room_is_written_by_the_caller(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_addz(&buf, "ab");
	memset(buf_room(&buf, 5000), 'c', 5000);
	buf.len += 5000;
	assert_int_equal(strlen(buf_str(&buf)), 5002);
	assert_int_equal(buf.data[5001], 'c');
	buf_release(&buf);
}

static void a_value_of_a_query_can_not_leave_its_place(void **state)
{
	struct buf buf = {0};

	(void)state;
	buf_add_percent(&buf, TEXT("bal_aZ09-._~"));
	assert_string_equal(buf_str(&buf), "bal_aZ09-._~");
	buf_reset(&buf);
	buf_add_percent(&buf, TEXT("a/../b?c=d&e f%\n\xc3\xbc"));
	assert_string_equal(buf_str(&buf), "a%2F..%2Fb%3Fc%3Dd%26e%20f%25%0A%C3%BC");
	buf_reset(&buf);
	buf_add_percent(&buf, (struct text){"\0", 1});
	assert_string_equal(buf_str(&buf), "%00");
	buf_release(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_untouched_buffer_is_the_empty_string),
		cmocka_unit_test(what_is_added_is_always_ended_by_a_nul),
		cmocka_unit_test(formats_texts_shorter_and_longer_than_its_room),
		cmocka_unit_test(writes_every_number),
		cmocka_unit_test(writes_hex_and_json),
		cmocka_unit_test(room_is_written_by_the_caller),
		cmocka_unit_test(a_value_of_a_query_can_not_leave_its_place),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
