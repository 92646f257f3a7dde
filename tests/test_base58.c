#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"
#include "values/base58.h"

static void decodes_known_texts(void **state)
{
	static const struct {
		const char *text;
		const char *hex;
	} cases[] = {
		{"2NEpo7TZRRrLZSi2U", "48656c6c6f20576f726c6421"},
		{"USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
			"54686520717569636b2062726f776e20666f78206a756d7073206f76657220746865206c617a7920646f672e"},
		{"11233QC4", "0000287fb4cd"},
		{"1", "00"},
		{"111", "000000"},
		{"2", "01"},
		{"z", "39"},
		{"5Q", "ff"},
		{"5R", "0100"},
		{"JEKNVnkbo3jma5nREBBJCDoXFVeKkD56V3xKrvRmWxFG",
			"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[64];
		char hex[2 * sizeof(bytes) + 1];
		size_t len;

		assert_true(base58_decode(text_of(cases[i].text), bytes, sizeof(bytes), &len));
		text_hex(bytes, len, hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void refuses_what_is_not_base58(void **state)
{
	const struct text cases[] = {
		TEXT(""),
		TEXT("0"),
		TEXT("O"),
		TEXT("I"),
		TEXT("l"),
		TEXT(" 2"),
		TEXT("2 "),
		TEXT("2\0"),
		TEXT("\0002"),
		TEXT("2\xc3\xa9"),
		TEXT("\xff\xff\xff\xff\xff"),
		TEXT("2NEpo7TZRRrLZSi2+"),
		TEXT("2/"),
		TEXT("2{"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[64];
		size_t len = 7;

		assert_false(base58_decode(cases[i], bytes, sizeof(bytes), &len));
		assert_int_equal(len, 0);
		assert_true(cases[i].len == 0 || !base58_text_valid(cases[i]));
	}
}

static void never_writes_past_its_bounds(void **state)
{
	char text[BASE58_TEXT_MAX + 1];
	uint8_t bytes[BASE58_TEXT_MAX];
	size_t len;

	(void)state;
	memset(text, 'z', sizeof(text));
	assert_true(base58_decode((struct text){text, BASE58_TEXT_MAX}, bytes, sizeof(bytes), &len));
	assert_int_equal(len, 66);
	assert_false(base58_decode((struct text){text, BASE58_TEXT_MAX + 1}, bytes, sizeof(bytes), &len));
	assert_false(base58_decode((struct text){text, BASE58_TEXT_MAX}, bytes, 65, &len));
	memset(text, '1', sizeof(text));
	assert_true(base58_decode((struct text){text, BASE58_TEXT_MAX}, bytes, sizeof(bytes), &len));
	assert_int_equal(len, BASE58_TEXT_MAX);
	bytes[4] = 0xaa;
	assert_false(base58_decode((struct text){text, 5}, bytes, 4, &len));
	assert_true(base58_decode((struct text){text, 4}, bytes, 4, &len));
	assert_int_equal(bytes[4], 0xaa);
}

static void checks_the_checksum_of_an_address(void **state)
{
	static const struct {
		const char *text;
		enum base58_verdict verdict;
	} cases[] = {
		{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", BASE58_VALID},
		{"1111111111111111111114oLvT2", BASE58_VALID},
		{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", BASE58_BAD_CHECKSUM},
		{"1A1zP1eP5QGefi2DMPTfTL5SLmv7Divfna", BASE58_BAD_CHECKSUM},
		{"11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", BASE58_BAD_SYNTAX}, /* 26 bytes */
		{"A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", BASE58_BAD_SYNTAX},   /* 24 bytes */
		{"13RJa7YdZQz3JHotw6gx1sco2AAPDrMZM", BASE58_BAD_SYNTAX},   /* 24 bytes, right checksum */
		{"1p8KevEo5z2dqhHVZQ6v6D6s8PRnAtbespV", BASE58_BAD_SYNTAX}, /* 26 bytes, right checksum */
		{"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0", BASE58_BAD_SYNTAX},
	};
	struct sha256 *sha = sha256_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t bytes[BASE58_VERSIONED_SIZE];

		assert_int_equal(base58_check_decode(text_of(cases[i].text), sha, bytes), cases[i].verdict);
	}
	sha256_free(sha);
}

static void gives_version_and_hash(void **state)
{
	struct sha256 *sha = sha256_new();
	uint8_t bytes[BASE58_VERSIONED_SIZE];
	char hex[2 * BASE58_VERSIONED_SIZE + 1];

	(void)state;
	assert_int_equal(base58_check_decode(TEXT("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), sha, bytes), BASE58_VALID);
	text_hex(bytes, sizeof(bytes), hex);
	assert_string_equal(hex, "0062e907b15cbf27d5425399ebf6f0fb50ebb88f18c29b7d93");
	sha256_free(sha);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_known_texts),
		cmocka_unit_test(refuses_what_is_not_base58),
		cmocka_unit_test(never_writes_past_its_bounds),
		cmocka_unit_test(checks_the_checksum_of_an_address),
		cmocka_unit_test(gives_version_and_hash),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
