#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/bech32.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The test vectors of BIP-173 and BIP-350. */
static void takes_every_valid_text_of_the_standards(void **state)
{
	static const struct {
		const char *text;
		enum bech32_encoding encoding;
	} cases[] = {
		{"A12UEL5L", BECH32_PLAIN},
		{"a12uel5l", BECH32_PLAIN},
		{"an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
			BECH32_PLAIN},
		{"abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", BECH32_PLAIN},
		{"11qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqc8247j",
			BECH32_PLAIN},
		{"split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", BECH32_PLAIN},
		{"?1ezyfcl", BECH32_PLAIN},
		{"A1LQFN3A", BECH32_M},
		{"a1lqfn3a", BECH32_M},
		{"an83characterlonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11sg7hg6",
			BECH32_M},
		{"abcdef1l7aum6echk45nj3s0wdvt2fg8x9yrzpqzd3ryx", BECH32_M},
		{"11llllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllllludsr8",
			BECH32_M},
		{"split1checkupstagehandshakeupstreamerranterredcaperredlc445v", BECH32_M},
		{"?1v759aa", BECH32_M},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bech32 bech32;

		assert_int_equal(bech32_decode(text_of(cases[i].text), &bech32), BECH32_VALID);
		assert_int_equal(bech32.encoding, cases[i].encoding);
	}
}

static void refuses_every_invalid_text_of_the_standards(void **state)
{
	const struct {
		struct text text;
		enum bech32_verdict verdict;
	} cases[] = {
		{TEXT("\x20"
		      "1nwldj5"),
			BECH32_BAD_SYNTAX},
		{TEXT("\x7f"
		      "1axkwrx"),
			BECH32_BAD_SYNTAX},
		{TEXT("\x80"
		      "1eym55h"),
			BECH32_BAD_SYNTAX},
		{TEXT("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx"),
			BECH32_BAD_SYNTAX},
		{TEXT("pzry9x0s0muk"), BECH32_BAD_SYNTAX},
		{TEXT("1pzry9x0s0muk"), BECH32_BAD_SYNTAX},
		{TEXT("x1b4n0q5v"), BECH32_BAD_SYNTAX},
		{TEXT("li1dgmt3"), BECH32_BAD_SYNTAX},
		{TEXT("de1lg7wt\xff"), BECH32_BAD_SYNTAX},
		{TEXT("A1G7SGD8"), BECH32_BAD_CHECKSUM},
		{TEXT("10a06t8"), BECH32_BAD_SYNTAX},
		{TEXT("1qzzfhee"), BECH32_BAD_SYNTAX},
		{TEXT("\x20"
		      "1xj0phk"),
			BECH32_BAD_SYNTAX},
		{TEXT("\x7f"
		      "1g6xzxy"),
			BECH32_BAD_SYNTAX},
		{TEXT("\x80"
		      "1vctc34"),
			BECH32_BAD_SYNTAX},
		{TEXT("an84characterslonghumanreadablepartthatcontainsthetheexcludedcharactersbioandnumber11d6pts4"),
			BECH32_BAD_SYNTAX},
		{TEXT("qyrz8wqd2c9m"), BECH32_BAD_SYNTAX},
		{TEXT("1qyrz8wqd2c9m"), BECH32_BAD_SYNTAX},
		{TEXT("y1b0jsk6g"), BECH32_BAD_SYNTAX},
		{TEXT("lt1igcx5c0"), BECH32_BAD_SYNTAX},
		{TEXT("in1muywd"), BECH32_BAD_SYNTAX},
		{TEXT("mm1crxm3i"), BECH32_BAD_SYNTAX},
		{TEXT("au1s5cgom"), BECH32_BAD_SYNTAX},
		{TEXT("M1VUXWEZ"), BECH32_BAD_CHECKSUM},
		{TEXT("16plkw9"), BECH32_BAD_SYNTAX},
		{TEXT("1p2gdwpf"), BECH32_BAD_SYNTAX},
		{TEXT(""), BECH32_BAD_SYNTAX},
		{TEXT("1"), BECH32_BAD_SYNTAX},
		{TEXT("A12uEL5L"), BECH32_BAD_SYNTAX},
		{TEXT("a12uel5l\0"), BECH32_BAD_SYNTAX},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bech32 bech32;

		assert_int_equal(bech32_decode(cases[i].text, &bech32), cases[i].verdict);
	}
}

/* Expected: version and program, in the hex of BIP-350 without its script bytes. */
static void takes_every_valid_segwit_address_of_the_standard(void **state)
{
	static const struct {
		const char *text;
		const char *hrp;
		int version;
		const char *program;
	} cases[] = {
		{"BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4", "bc", 0, "751e76e8199196d454941c45d1b3a323f1433bd6"},
		{"tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7", "tb", 0,
			"1863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262"},
		{"bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y", "bc", 1,
			"751e76e8199196d454941c45d1b3a323f1433bd6751e76e8199196d454941c45d1b3a323f1433bd6"},
		{"BC1SW50QGDZ25J", "bc", 16, "751e"},
		{"bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs", "bc", 2, "751e76e8199196d454941c45d1b3a323"},
		{"tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy", "tb", 0,
			"000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"},
		{"tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", "tb", 1,
			"000000c4a5cad46221b2a187905e5266362b99d5e91c6ce24d165dab93e86433"},
		{"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0", "bc", 1,
			"79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"},
		{"tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", "tc", 1,
			"79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct segwit segwit;
		char hex[2 * SEGWIT_PROGRAM_MAX + 1];

		assert_int_equal(segwit_decode(text_of(cases[i].text), &segwit), BECH32_VALID);
		assert_string_equal(segwit.hrp, cases[i].hrp);
		assert_int_equal(segwit.version, cases[i].version);
		text_hex(segwit.program, segwit.program_len, hex);
		assert_string_equal(hex, cases[i].program);
	}
}

static void refuses_every_invalid_segwit_address_of_the_standard(void **state)
{
	static const struct {
		const char *text;
		enum bech32_verdict verdict;
	} cases[] = {
		/* the checksum of the other encoding */
		{"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd", BECH32_BAD_CHECKSUM},
		{"tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf", BECH32_BAD_CHECKSUM},
		{"BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL", BECH32_BAD_CHECKSUM},
		{"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", BECH32_BAD_CHECKSUM},
		{"tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47", BECH32_BAD_CHECKSUM},
		/* a character outside the set, in the checksum */
		{"bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4", BECH32_BAD_SYNTAX},
		/* version 17 */
		{"BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", BECH32_BAD_SYNTAX},
		/* programs of 1, 41 and (version 0) 16 bytes */
		{"bc1pw5dgrnzv", BECH32_BAD_SYNTAX},
		{"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav", BECH32_BAD_SYNTAX},
		{"BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P", BECH32_BAD_SYNTAX},
		/* mixed case */
		{"tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq", BECH32_BAD_SYNTAX},
		/* padding of more than four bits, and padding that is not zero */
		{"bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf", BECH32_BAD_SYNTAX},
		{"tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j", BECH32_BAD_SYNTAX},
		{"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3z3gqrjra", BECH32_BAD_SYNTAX},
		/* no version */
		{"bc1gmk9yu", BECH32_BAD_SYNTAX},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct segwit segwit;

		assert_int_equal(segwit_decode(text_of(cases[i].text), &segwit), cases[i].verdict);
	}
}

static void finds_every_single_wrong_character(void **state)
{
	static const char set[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	const char *right = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
	char text[64];
	const size_t len = strlen(right);

	(void)state;
	for (size_t place = 4; place < len; place++) {
		memcpy(text, right, len);
		for (const char *digit = set; *digit != '\0'; digit++) {
			struct segwit segwit;

			text[place] = *digit;
			assert_int_equal(segwit_decode((struct text){text, len}, &segwit),
				*digit == right[place] ? BECH32_VALID : BECH32_BAD_CHECKSUM);
		}
	}
}

static void survives_long_and_foreign_text(void **state)
{
	static char text[10240];
	struct bech32 bech32;
	struct segwit segwit;

	(void)state;
	memset(text, '1', sizeof(text));
	for (size_t len = 0; len <= 100; len++) {
		assert_int_equal(bech32_decode((struct text){text, len}, &bech32), BECH32_BAD_SYNTAX);
		assert_int_equal(segwit_decode((struct text){text, len}, &segwit), BECH32_BAD_SYNTAX);
	}
	assert_int_equal(segwit_decode((struct text){text, sizeof(text)}, &segwit), BECH32_BAD_SYNTAX);
	memset(text, 'q', sizeof(text));
	memcpy(text, "bc1", 3);
	assert_int_equal(segwit_decode((struct text){text, sizeof(text)}, &segwit), BECH32_BAD_SYNTAX);
	assert_int_equal(segwit_decode((struct text){text, 90}, &segwit), BECH32_BAD_SYNTAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_valid_text_of_the_standards),
		cmocka_unit_test(refuses_every_invalid_text_of_the_standards),
		cmocka_unit_test(takes_every_valid_segwit_address_of_the_standard),
		cmocka_unit_test(refuses_every_invalid_segwit_address_of_the_standard),
		cmocka_unit_test(finds_every_single_wrong_character),
		cmocka_unit_test(survives_long_and_foreign_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
