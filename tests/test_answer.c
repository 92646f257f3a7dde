#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "providers/answer.h"

/* What json_dumps makes of the tree: numbers stand there as text. NULL: refused. */
static const struct {
	const char *body;
	const char *tree;
} bodies[] = {
	{"{}", "{}"},
	{" \r\n\t[ ] \n", "[]"},
	{"{\"a\":1}", "{\"a\":\"1\"}"},
	{"{\"a\":12.50}", "{\"a\":\"12.50\"}"},
	{"{\"a\":0.1,\"b\":-0,\"c\":-1.5E+10,\"d\":1e-7}",
		"{\"a\":\"0.1\",\"b\":\"-0\",\"c\":\"-1.5E+10\",\"d\":\"1e-7\"}"},
	{"[1,2 , 3\n]", "[\"1\",\"2\",\"3\"]"},
	{"[123456789012345678901234567890.123456789012345678901234567890]",
		"[\"123456789012345678901234567890.123456789012345678901234567890\"]"},
	{"[1e999999999]", "[\"1e999999999\"]"},
	{"{\"a\":\"1\",\"b\":\"x 1 \\\" 2\",\"c\":\"\\\\\",\"d\":3}",
		"{\"a\":\"1\",\"b\":\"x 1 \\\" 2\",\"c\":\"\\\\\",\"d\":\"3\"}"},
	{"{\"1\":2}", "{\"1\":\"2\"}"},
	{"[true,false,null,\"\\u00fc\"]", "[true,false,null,\"ü\"]"},
	/* no JSON, and the quotes must not make it some */
	{"", NULL},
	{" ", NULL},
	{"1", NULL},
	{"\"a\"", NULL},
	{"null", NULL},
	{"{1:2}", NULL},
	{"{ 1 :2}", NULL},
	{"[1 2]", NULL},
	{"[1\"a\"]", NULL},
	{"[\"a\"1]", NULL},
	{"[01]", NULL},
	{"[-]", NULL},
	{"[+1]", NULL},
	{"[.5]", NULL},
	{"[1.]", NULL},
	{"[1.5.3]", NULL},
	{"[1e]", NULL},
	{"[1e+]", NULL},
	{"[0x10]", NULL},
	{"[1_000]", NULL},
	{"[1,000.5x]", NULL},
	{"[--1]", NULL},
	{"[true1]", NULL},
	{"[1true]", NULL},
	{"[NaN]", NULL},
	{"[Infinity]", NULL},
	{"[1", NULL},
	{"{\"a\":1", NULL},
	{"{\"a", NULL},
	{"{\"a\\", NULL},
	{"{\"a\\\"", NULL},
	{"{}{}", NULL},
	{"{} x", NULL},
	{"[1]]", NULL},
	{"{\"a\":1,\"a\":1}", NULL},
	{"{\"a\":1,\"\\u0061\":2}", NULL},
	{"{\"a\":1,}", NULL},
	{"{'a':1}", NULL},
	{"[\"\n\"]", NULL},
	{"[\"\\u0000\"]", NULL},
	{"[\"\\ud800\"]", NULL},
	{"[\"\xff\"]", NULL},
	{"[\"\xc0\x80\"]", NULL},
	{"\xef\xbb\xbf{}", NULL},
	{"// c\n{}", NULL},
};

static void numbers_become_the_text_they_are_and_only_json_is_taken(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		json_t *root = answer_parse(text_of(bodies[i].body), &arena);
		char *tree = root != NULL ? json_dumps(root, JSON_COMPACT) : NULL;

		if ((tree == NULL) != (bodies[i].tree == NULL))
			fail_msg("%s: %s", bodies[i].body, tree != NULL ? tree : "refused");
		if (tree != NULL)
			assert_string_equal(tree, bodies[i].tree);
		free(tree);
		json_decref(root);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void expect_both_alike(struct text body, struct arena *arena)
{
	json_t *root = answer_parse(body, arena), *other = answer_parse_any(body, arena);

	if ((root == NULL) != (other == NULL) || (root != NULL && !json_equal(root, other)))
		fail_msg("%.*s is read in two ways", (int)body.len, body.ptr);
	json_decref(root);
	json_decref(other);
}

/* What has no escapes is not jansson's: it is read as jansson reads it, whole, cut and damaged. */
static void both_ways_read_the_same(void **state)
{
	static const char *const wholes[] = {
		"{\"id\":\"4711\",\"amount\":12.50,\"e\":{\"w\":[{\"x\":-1e5,\"y\":true},null]},\"s\":\"\xC3\xA4\"}",
		"{\"s\":\"\xE2\x82\xAC\",\"t\":[1]}",
		" [ [] , {} , [ 1 , \"a\" ] , { \"a\" : false } , \"\" , 0 ]\n",
		"{\"a\":{\"a\":1},\"b\":[{\"a\":2},{\"a\":3}],\"c\":\"x \\u00e4\"}",
		"{\"a234567890123456789012345678901234567890123456789012345678901234567890\":1,\"b\":2}",
	};
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		expect_both_alike(text_of(bodies[i].body), &arena);
	for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++) {
		struct text whole = text_of(wholes[i]);
		char damaged[256];

		for (size_t at = 0; at < whole.len; at++) {
			expect_both_alike((struct text){whole.ptr, at}, &arena);
			for (int byte = 0; byte < 256; byte++) {
				memcpy(damaged, whole.ptr, whole.len);
				damaged[at] = (char)byte;
				expect_both_alike((struct text){damaged, whole.len}, &arena);
			}
			arena_reset(&arena);
		}
	}
	arena_release(&arena);
}

static json_t *nested(int depth, struct arena *arena)
{
	struct buf body = {0};
	json_t *root;

	for (int i = 0; i < depth; i++)
		buf_addz(&body, i % 2 == 0 ? "[" : "{\"a\":");
	buf_addc(&body, '1');
	for (int i = depth; i-- > 0;)
		buf_addc(&body, i % 2 == 0 ? ']' : '}');
	root = answer_parse(buf_text(&body), arena);
	buf_release(&body);
	return root;
}

static void depth_is_capped(void **state)
{
	struct arena arena = {0};
	json_t *root = nested(ANSWER_DEPTH_MAX, &arena);

	(void)state;
	assert_non_null(root);
	json_decref(root);
	assert_null(nested(ANSWER_DEPTH_MAX + 1, &arena));
	assert_null(nested(100000, &arena));
	arena_release(&arena);
}

static void bytes_after_a_nul_are_not_overlooked(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_null(answer_parse((struct text){"{}\0{\"id\":1}", 11}, &arena));
	assert_null(answer_parse((struct text){"{\"id\0\":1}", 9}, &arena));
	arena_release(&arena);
}

static void a_million_numbers_stay_in_their_buffer(void **state)
{
	struct arena arena = {0};
	struct buf body = {0};
	json_t *root;

	(void)state;
	buf_addc(&body, '[');
	for (int i = 0; i < 500000; i++)
		buf_addz(&body, "1,");
	buf_addz(&body, "1]");
	root = answer_parse(buf_text(&body), &arena);
	assert_int_equal(json_array_size(root), 500001);
	json_decref(root);
	buf_reset(&body);
	buf_addc(&body, '[');
	for (int i = 0; i < 1000000; i++)
		buf_addc(&body, '9');
	buf_addc(&body, ']');
	root = answer_parse(buf_text(&body), &arena);
	assert_int_equal(json_string_length(json_array_get(root, 0)), 1000000);
	json_decref(root);
	buf_release(&body);
	arena_release(&arena);
}

/* Every cut and every changed byte of an answer is taken as JSON or refused, and never more than that. */
static void damaged_answers_are_survived(void **state)
{
	static const char whole[] =
		"{\"id\":\"4711\",\"amount\":12.50,\"e\":{\"w\":[{\"x\":-1e5,\"y\":true},null]},\"s\":\"\\u00e4\\n\"}";
	struct arena arena = {0};
	char damaged[sizeof(whole)];

	(void)state;
	for (size_t cut = 0; cut < sizeof(whole) - 1; cut++) {
		assert_null(answer_parse((struct text){whole, cut}, &arena));
		for (int byte = 0; byte < 256; byte++) {
			json_t *root;

			memcpy(damaged, whole, sizeof(whole));
			damaged[cut] = (char)byte;
			root = answer_parse((struct text){damaged, sizeof(whole) - 1}, &arena);
			json_decref(root);
		}
		arena_reset(&arena);
	}
	arena_release(&arena);
}

static void members_are_read_by_their_type(void **state)
{
	struct arena arena = {0};
	json_t *root = answer_parse(
		TEXT("{\"t\":\"x\",\"n\":1.50,\"z\":null,\"b\":true,\"o\":{\"d\":\"12,5\"},\"l\":[1],\"e\":\"1e3\"}"),
		&arena);

	(void)state;
	assert_non_null(root);
	assert_true(text_is(answer_text(root, "t"), "x"));
	assert_true(text_is(answer_text(root, "n"), "1.50"));
	assert_int_equal(answer_text(root, "z").len, 0);
	assert_int_equal(answer_text(root, "b").len, 0);
	assert_int_equal(answer_text(root, "o").len, 0);
	assert_int_equal(answer_text(root, "missing").len, 0);
	assert_int_equal(answer_text(NULL, "t").len, 0);
	assert_true(answer_has(root, "t"));
	assert_true(answer_has(root, "b"));
	assert_false(answer_has(root, "z"));
	assert_false(answer_has(root, "missing"));
	assert_non_null(answer_object(root, "o"));
	assert_null(answer_object(root, "l"));
	assert_non_null(answer_array(root, "l"));
	assert_null(answer_array(root, "o"));
	assert_null(answer_array(answer_object(root, "t"), "x"));
	assert_true(text_is(answer_decimal(root, "n"), "1.50"));
	assert_int_equal(answer_decimal(root, "t").len, 0);
	assert_int_equal(answer_decimal(answer_object(root, "o"), "d").len, 0);
	json_decref(root);
	arena_release(&arena);
}

/* 0: refused. */
static const struct {
	const char *text;
	int64_t utc_ms;
} times[] = {
	{"2024-03-20T09:13:37+00:00", INT64_C(1710926017000)},
	{"2024-03-20T09:13:37Z", INT64_C(1710926017000)},
	{"2024-03-20T09:13:37.5Z", INT64_C(1710926017500)},
	{"2024-03-20T09:13:37.123456789+00:00", INT64_C(1710926017123)},
	{"2024-03-20T11:13:37+02:00", INT64_C(1710926017000)},
	{"2024-03-20T05:43:37-03:30", INT64_C(1710926017000)},
	{"2024-03-20T09:13:37", 0},
	{"2024-03-20T09:13:37.Z", 0},
	{"2024-03-20T09:13:37.12", 0},
	{"2024-03-20T09:13:37+0000", 0},
	{"2024-03-20T09:13:37+24:00", 0},
	{"2024-03-20T09:13:37+00:60", 0},
	{"2024-03-20T09:13:37+00:00 ", 0},
	{"2024-03-20T09:13:37 +00:0", 0},
	{"2024-03-20T24:13:37Z", 0},
	{"2024-02-30T09:13:37Z", 0},
	{"2024-03-20 09:13:37Z", 0},
	{"2024-03-20T09:13:37z", 0},
	{"2024-03-20", 0},
	{"", 0},
};

static void moments_are_read_with_their_zone(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		char body[100];
		int64_t utc_ms = 0;
		json_t *root;
		bool read;

		snprintf(body, sizeof(body), "{\"at\":\"%s\",\"no\":null}", times[i].text);
		root = answer_parse(text_of(body), &arena);
		assert_non_null(root);
		read = answer_time(root, "at", &utc_ms);
		if (read != (times[i].utc_ms != 0) || (read && utc_ms != times[i].utc_ms))
			fail_msg("%s: %lld", body, (long long)utc_ms);
		assert_false(answer_time(root, "no", &utc_ms));
		assert_false(answer_time(root, "missing", &utc_ms));
		json_decref(root);
		arena_reset(&arena);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_become_the_text_they_are_and_only_json_is_taken),
		cmocka_unit_test(both_ways_read_the_same),
		cmocka_unit_test(depth_is_capped),
		cmocka_unit_test(bytes_after_a_nul_are_not_overlooked),
		cmocka_unit_test(a_million_numbers_stay_in_their_buffer),
		cmocka_unit_test(damaged_answers_are_survived),
		cmocka_unit_test(members_are_read_by_their_type),
		cmocka_unit_test(moments_are_read_with_their_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
