#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/header.h"

#define NOW_MS INT64_C(1795163400000) /* Fri, 20 Nov 2026 08:30:00 GMT */
#define DATE "Date: Fri, 20 Nov 2026 08:29:00 GMT\r\n"

struct result {
	const char *lines; /* after the status line */
	int64_t retry_ms;
	bool is_json, replayed;
	const char *location;
};

static const struct result results[] = {
	{"", -1, false, false, ""},
	{"Retry-After: 0\r\n", 0, false, false, ""},
	{"retry-AFTER:120\r\n", 120000, false, false, ""},
	{"Retry-After: 3\r\nRetry-After: 2\r\n", 3000, false, false, ""},
	{"Retry-After: 99999999999999999999999\r\n", HEADER_RETRY_MAX_MS, false, false, ""},
	{"Retry-After: -1\r\n", -1, false, false, ""},
	{"Retry-After: 1.5\r\n", -1, false, false, ""},
	{"Retry-After: soon\r\n", -1, false, false, ""},
	{"Retry-After:\r\n", -1, false, false, ""},
	{"Retry-After: Fri, 20 Nov 2026 08:30:05 GMT\r\n", 5000, false, false, ""},
	{DATE "Retry-After: Fri, 20 Nov 2026 08:30:05 GMT\r\n", 65000, false, false, ""},
	{"Retry-After: Fri, 20 Nov 2026 08:29:59 GMT\r\n", 0, false, false, ""},
	{"Retry-After: Fri, 20 Nov 2099 08:29:59 GMT\r\n", HEADER_RETRY_MAX_MS, false, false, ""},
	{"Content-Type: application/json\r\n", -1, true, false, ""},
	{"content-type: Application/JSON ; charset=utf-8\r\n", -1, true, false, ""},
	{"Content-Type: application/hal+json\r\n", -1, true, false, ""},
	{"Content-Type: text/html\r\n", -1, false, false, ""},
	{"Content-Type: application/jsonp\r\n", -1, false, false, ""},
	{"Content-Type: +json\r\n", -1, false, false, ""},
	{"Idempotent-Replayed: true\r\n", -1, false, true, ""},
	{"Idempotent-Replayed: false\r\n", -1, false, false, ""},
	{"X-Idempotent-Replayed: true\r\n", -1, false, false, ""},
	{"Location: https://example.com/a?token=1\r\n", -1, false, false, "https://example.com/a"},
	{"Location: \x1b[2J\r\n", -1, false, false, ""},
	{"\r\nIdempotent-Replayed: true\r\n", -1, false, false, ""}, /* a trailer */
	{"no colon at all\r\n:\r\n: x\r\n", -1, false, false, ""},
};

static void feed(struct header *header, const char *lines)
{
	while (*lines != '\0') {
		const char *end = strchr(lines, '\n') + 1;

		header_line(header, (struct text){lines, (size_t)(end - lines)});
		lines = end;
	}
}

static void reads_what_payrun_needs_and_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
		struct header header = {0};

		feed(&header, "HTTP/1.1 200 OK\r\n");
		feed(&header, results[i].lines);
		if (header_retry_ms(&header, NOW_MS) != results[i].retry_ms)
			fail_msg("%s: %lld", results[i].lines, (long long)header_retry_ms(&header, NOW_MS));
		assert_int_equal(header.is_json, results[i].is_json);
		assert_int_equal(header.replayed, results[i].replayed);
		assert_string_equal(header.location, results[i].location);
	}
}

static void a_long_location_is_cut(void **state)
{
	struct header header = {0};
	char line[1000];

	(void)state;
	memset(line, 'a', sizeof(line));
	memcpy(line, "Location: ", 10);
	header_line(&header, (struct text){line, sizeof(line)});
	assert_int_equal(strlen(header.location), sizeof(header.location) - 1);
	assert_int_equal(header.bytes, sizeof(line));
}

static void a_later_status_line_begins_anew_but_the_bytes_add_up(void **state)
{
	struct header header = {0};

	(void)state;
	feed(&header, "HTTP/1.1 100 Continue\r\nRetry-After: 5\r\n\r\n");
	assert_true(header.ended);
	feed(&header, "HTTP/1.1 200 OK\r\n");
	assert_false(header.ended);
	assert_int_equal(header_retry_ms(&header, NOW_MS), -1);
	assert_int_equal(header.bytes, 23 + 16 + 2 + 17);
}

static void names_and_values_that_could_smuggle_are_invalid(void **state)
{
	(void)state;
	assert_true(header_name_valid("x-api-key"));
	assert_false(header_name_valid(""));
	assert_false(header_name_valid("a b"));
	assert_false(header_name_valid("a:"));
	assert_false(header_name_valid("a\r\n"));
	assert_true(header_value_valid(""));
	assert_true(header_value_valid("Bearer a.b-c"));
	assert_true(header_value_valid("\xc3\xbc"));
	assert_false(header_value_valid("a\r\nb"));
	assert_false(header_value_valid("a\nb"));
	assert_false(header_value_valid("a\x7f"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_payrun_needs_and_nothing_else),
		cmocka_unit_test(a_long_location_is_cut),
		cmocka_unit_test(a_later_status_line_begins_anew_but_the_bytes_add_up),
		cmocka_unit_test(names_and_values_that_could_smuggle_are_invalid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
