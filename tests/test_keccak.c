#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "values/keccak.h"

static void assert_digest(const void *bytes, size_t len, const char *expected)
{
	uint8_t digest[KECCAK256_SIZE];
	char hex[2 * KECCAK256_SIZE + 1];

	keccak256(bytes, len, digest);
	text_hex(digest, sizeof(digest), hex);
	assert_string_equal(hex, expected);
}

static void gives_the_known_digests_of_short_texts(void **state)
{
	(void)state;
	assert_digest(NULL, 0, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
	assert_digest("abc", 3, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

static void is_not_sha3(void **state)
{
	uint8_t digest[KECCAK256_SIZE];
	uint8_t sha3_start[4] = {0xa7, 0xff, 0xc6, 0xf8};

	(void)state;
	keccak256("", 0, digest);
	assert_memory_not_equal(digest, sha3_start, sizeof(sha3_start));
}

/* Byte i of a message of n bytes is 7 * i + n; digests from an implementation of the permutation written for this
 * list, which gives SHA3-256 with the other padding. */
static void agrees_around_the_ends_of_blocks(void **state)
{
	static const struct {
		size_t len;
		const char *digest;
	} cases[] = {
		{3, "7d228cdb40e661b0731cd20c876de675137701233a19b450a36e53a053407a22"},
		{135, "8ab570337c9a3a773c3605160ca58e3f0546d92d217c908669cc4f35a31933bc"},
		{136, "16b30a6be318a7acbcba7a2194789f628abf68dfbbf55a4d840f22f6a4d29efd"},
		{137, "6a7e8293441d51be41bf4994995b35981f90c07866c7fd0465f405e2b7a8f8dd"},
		{271, "bb02bca6be57f42d131406260c6f1a81fd9922af8bd1c96d78f454b19ae10add"},
		{272, "443464c0c3ac8036d14a6f8647fc93b592d514adefbe88683cbbda3b4b2c4553"},
		{1000, "5cab097db1a529f5b1a15428cc494df950671bc3824340aad89941fa68e151bc"},
	};
	uint8_t message[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t k = 0; k < cases[i].len; k++)
			message[k] = (uint8_t)(7 * k + cases[i].len);
		assert_digest(message, cases[i].len, cases[i].digest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_known_digests_of_short_texts),
		cmocka_unit_test(is_not_sha3),
		cmocka_unit_test(agrees_around_the_ends_of_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
