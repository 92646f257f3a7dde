#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/base64url.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define BYTES(bytes, text)                                                                                             \
	{                                                                                                              \
		{bytes, sizeof(bytes) - 1}, text                                                                       \
	}

/* RFC 4648, section 10, without its padding; and the two characters that differ from base64. */
static const struct {
	struct text bytes;
	const char *text;
} pairs[] = {
	BYTES("", ""),
	BYTES("f", "Zg"),
	BYTES("fo", "Zm8"),
	BYTES("foo", "Zm9v"),
	BYTES("foob", "Zm9vYg"),
	BYTES("fooba", "Zm9vYmE"),
	BYTES("foobar", "Zm9vYmFy"),
	BYTES("\xfb\xff\xfe", "-__-"),
	BYTES("\0\0\0\0", "AAAAAA"),
};

static void writes_and_reads_the_published_pairs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct buf text = {0}, bytes = {0};

		base64url_add(&text, pairs[i].bytes.ptr, pairs[i].bytes.len);
		assert_string_equal(buf_str(&text), pairs[i].text);
		assert_true(base64url_parse(text_of(pairs[i].text), &bytes));
		assert_true(text_equal(buf_text(&bytes), pairs[i].bytes));
		buf_release(&text);
		buf_release(&bytes);
	}
}

static void reads_every_length_back(void **state)
{
	unsigned char all[256];

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (unsigned char)(i * 167 + 13);
	for (size_t len = 0; len <= sizeof(all); len++) {
		struct buf text = {0}, bytes = {0};

		base64url_add(&text, all, len);
		assert_true(base64url_parse(buf_text(&text), &bytes));
		assert_int_equal(bytes.len, len);
		if (len > 0)
			assert_memory_equal(bytes.data, all, len);
		buf_release(&text);
		buf_release(&bytes);
	}
}

static void takes_padding_that_fits(void **state)
{
	static const struct {
		const char *text, *bytes;
	} rows[] = {{"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg==", "foob"}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf bytes = {0};

		assert_true(base64url_parse(text_of(rows[i].text), &bytes));
		assert_string_equal(buf_str(&bytes), rows[i].bytes);
		buf_release(&bytes);
	}
}

static void refuses_what_no_encoder_writes(void **state)
{
	static const char *const bad[] = {"Z", "Zm9vY", "Zg=", "Zg===", "Zm8==", "Zm9v=", "Zm9v====", "=",
		"==", "Z===", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm9v\n", " Zm9v", "Zm9vYg==Zm9v", "Zm:v", "Zm9v\xc3\xa9"};
	struct buf bytes = {0};

	(void)state;
	buf_addz(&bytes, "kept");
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (base64url_parse(text_of(bad[i]), &bytes))
			fail_msg("taken: %s", bad[i]);
		assert_string_equal(buf_str(&bytes), "kept");
	}
	assert_false(base64url_parse((struct text){"Zm\0v", 4}, &bytes));
	buf_release(&bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_and_reads_the_published_pairs),
		cmocka_unit_test(reads_every_length_back),
		cmocka_unit_test(takes_padding_that_fits),
		cmocka_unit_test(refuses_what_no_encoder_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
