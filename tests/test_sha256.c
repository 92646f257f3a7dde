#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <stdlib.h>

#include <cmocka.h>

#include "base/sha256.h"

/* The first three are the examples of FIPS 180-4. */
static void agrees_with_the_published_digests(void **state)
{
	static const struct {
		const char *in, *hex;
	} cases[] = {
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	struct sha256 *sha = sha256_new();
	uint8_t digest[SHA256_SIZE];
	char hex[2 * SHA256_SIZE + 1];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		sha256_of(sha, cases[i].in, strlen(cases[i].in), digest);
		text_hex(digest, sizeof(digest), hex);
		assert_string_equal(hex, cases[i].hex);
	}
	sha256_free(sha);
	sha256_free(NULL);
}

static void pieces_make_the_digest_of_the_whole(void **state)
{
	struct sha256 *sha = sha256_new();
	uint8_t whole[SHA256_SIZE], pieces[SHA256_SIZE];

	(void)state;
	sha256_of(sha, "journal", 7, whole);
	sha256_begin(sha);
	sha256_add(sha, "jour", 4);
	sha256_add(sha, NULL, 0);
	sha256_add(sha, "nal", 3);
	sha256_end(sha, pieces);
	assert_memory_equal(whole, pieces, SHA256_SIZE);
	sha256_free(sha);
}

static void a_begin_forgets_what_was_added(void **state)
{
	struct sha256 *sha = sha256_new();
	uint8_t one[SHA256_SIZE], two[SHA256_SIZE];

	(void)state;
	sha256_of(sha, "x", 1, one);
	sha256_begin(sha);
	sha256_add(sha, "lost", 4);
	sha256_begin(sha);
	sha256_add(sha, "x", 1);
	sha256_end(sha, two);
	assert_memory_equal(one, two, SHA256_SIZE);
	sha256_free(sha);
}

static void a_field_carries_its_length(void **state)
{
	struct sha256 *sha = sha256_new();
	uint8_t fields[SHA256_SIZE], bytes[SHA256_SIZE];
	char longer[0x1234];

	(void)state;
	memset(longer, 'z', sizeof(longer));
	sha256_begin(sha);
	sha256_add_field(sha, TEXT("ab"));
	sha256_add_field(sha, (struct text){0});
	sha256_add_field(sha, (struct text){longer, sizeof(longer)});
	sha256_end(sha, fields);
	sha256_begin(sha);
	sha256_add(sha, "\0\0\0\2ab\0\0\0\0\0\0\x12\x34", 14);
	sha256_add(sha, longer, sizeof(longer));
	sha256_end(sha, bytes);
	assert_memory_equal(fields, bytes, SHA256_SIZE);
	sha256_free(sha);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_the_published_digests),
		cmocka_unit_test(pieces_make_the_digest_of_the_whole),
		cmocka_unit_test(a_begin_forgets_what_was_added),
		cmocka_unit_test(a_field_carries_its_length),
	};

	return cmocka_run_group_tests_name("sha256", tests, NULL, NULL);
}
