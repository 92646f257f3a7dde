#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"
#include "values/address.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int set_up(void **state)
{
	*state = sha256_new();
	return *state == NULL;
}

static int tear_down(void **state)
{
	sha256_free(*state);
	return 0;
}

/* Fails with the address in the message. */
static void assert_verdict(enum address_kind kind, struct text text, struct sha256 *sha, enum address_verdict expected,
	const char *network)
{
	struct address_look look;
	const enum address_verdict verdict = address_check(kind, text, sha, &look);

	if (verdict != expected || strcmp(look.network, network) != 0)
		fail_msg("%s as %s: verdict %d, looks like \"%s\"; expected %d, \"%s\"", text.ptr,
			address_kind_name(kind), (int)verdict, look.network, (int)expected, network);
	assert_int_equal(address_check(kind, text, sha, NULL), expected);
}

static void names_and_kinds_are_a_pair(void **state)
{
	static const enum address_kind kinds[] = {ADDRESS_BITCOIN, ADDRESS_EVM, ADDRESS_TRON, ADDRESS_DOGECOIN};

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++)
		assert_int_equal(address_kind_parse(text_of(address_kind_name(kinds[i]))), kinds[i]);
	assert_string_equal(address_kind_name(ADDRESS_NONE), "");
	assert_int_equal(address_kind_parse(TEXT("")), ADDRESS_NONE);
	assert_int_equal(address_kind_parse(TEXT("EVM")), ADDRESS_NONE);
	assert_int_equal(address_kind_parse(TEXT("evm\0")), ADDRESS_NONE);
	assert_int_equal(address_kind_parse(TEXT("none")), ADDRESS_NONE);
}

static void takes_valid_addresses_of_the_wanted_kind(void **state)
{
	static const struct {
		enum address_kind kind;
		const char *text;
	} cases[] = {
		{ADDRESS_BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
		{ADDRESS_BITCOIN, "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH"},
		{ADDRESS_BITCOIN, "1111111111111111111114oLvT2"},
		{ADDRESS_BITCOIN, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"},
		{ADDRESS_BITCOIN, "3CNHUhP3uyB9EUtRLsmvFUmvGdjGdkTxJw"},
		{ADDRESS_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
		{ADDRESS_BITCOIN, "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4"},
		{ADDRESS_BITCOIN, "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
		{ADDRESS_BITCOIN, "BC1SW50QGDZ25J"},
		/* EIP-55: one case, then mixed */
		{ADDRESS_EVM, "0x52908400098527886E0F7030069857D2E4169EE7"},
		{ADDRESS_EVM, "0x8617E340B3D01FA5F11F306F4090FD50E238070D"},
		{ADDRESS_EVM, "0xde709f2102306220921060314715629080e2fb77"},
		{ADDRESS_EVM, "0x27b1fdb04752bbc536007a920d24acb045561c26"},
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
		{ADDRESS_EVM, "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"},
		{ADDRESS_EVM, "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"},
		{ADDRESS_EVM, "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"},
		{ADDRESS_EVM, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
		{ADDRESS_EVM, "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"},
		{ADDRESS_EVM, "0x0000000000000000000000000000000000000001"},
		{ADDRESS_TRON, "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf"},
		{ADDRESS_TRON, "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"},
		{ADDRESS_DOGECOIN, "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE"},
		{ADDRESS_DOGECOIN, "DH5yaieqoZN36fDVciNyRueRGvGLR3mr7L"},
		{ADDRESS_DOGECOIN, "A37YDYSwz3438rFtm1SLVcQHyD7JeueC9H"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_verdict(
			cases[i].kind, text_of(cases[i].text), *state, ADDRESS_VALID, address_kind_name(cases[i].kind));
}

static void tells_a_wrong_character_from_a_wrong_shape(void **state)
{
	static const struct {
		enum address_kind kind;
		const char *text;
		enum address_verdict verdict;
	} cases[] = {
		{ADDRESS_BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_BITCOIN, "1zzzP1eP5QGefi2DMPTfTL5SLmv7DivfNa", ADDRESS_BAD_CHECKSUM}, /* 26 bytes */
		{ADDRESS_BITCOIN, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLz", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_BITCOIN, "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNL", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNaa", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "1A1zP1eP5QGefi2DMPTf", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3tb", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8F3T4", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "bc1qw508d6qejxtdg4y5r3zarvaryvjsqfh9", ADDRESS_BAD_SYNTAX}, /* 16 bytes */
		{ADDRESS_BITCOIN, "bc1gmk9yu", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "bc1", ADDRESS_BAD_SYNTAX},
		{ADDRESS_BITCOIN, "tb1qw508d6qejxtdg4y5r3zarvaryvmhpz2a", ADDRESS_BAD_SYNTAX}, /* 16 bytes */
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_EVM, "0x5AAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAee", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_EVM, "0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ADDRESS_BAD_SYNTAX},
		{ADDRESS_EVM, "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", ADDRESS_BAD_SYNTAX},
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe", ADDRESS_BAD_SYNTAX},
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed0", ADDRESS_BAD_SYNTAX},
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeg", ADDRESS_BAD_SYNTAX},
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe@", ADDRESS_BAD_SYNTAX},
		{ADDRESS_EVM, "vitalik.eth", ADDRESS_BAD_SYNTAX},
		{ADDRESS_EVM, "0x", ADDRESS_BAD_SYNTAX},
		{ADDRESS_TRON, "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8ug", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_TRON, "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8u", ADDRESS_BAD_SYNTAX},
		{ADDRESS_TRON, "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uff", ADDRESS_BAD_SYNTAX},
		{ADDRESS_TRON, "LLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf", ADDRESS_BAD_SYNTAX},
		{ADDRESS_TRON, "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uI", ADDRESS_BAD_SYNTAX},
		{ADDRESS_TRON, "41751e76e8199196d454941c45d1b3a323f1433bd6", ADDRESS_BAD_SYNTAX},
		{ADDRESS_DOGECOIN, "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLF", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_DOGECOIN, "A37YDYSwz3438rFtm1SLVcQHyD7JeueC9J", ADDRESS_BAD_CHECKSUM},
		{ADDRESS_DOGECOIN, "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZL", ADDRESS_BAD_SYNTAX},
		{ADDRESS_DOGECOIN, "", ADDRESS_BAD_SYNTAX},
		{ADDRESS_NONE, "", ADDRESS_BAD_SYNTAX},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_verdict(cases[i].kind, text_of(cases[i].text), *state, cases[i].verdict, "");
}

static void names_the_network_that_an_address_is_of(void **state)
{
	static const struct {
		const char *text;
		const char *network;
		enum address_kind kind;
		int test;
	} cases[] = {
		{"1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "bitcoin", ADDRESS_BITCOIN, 0},
		{"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bitcoin", ADDRESS_BITCOIN, 0},
		{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "evm", ADDRESS_EVM, 0},
		{"TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf", "tron", ADDRESS_TRON, 0},
		{"DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE", "dogecoin", ADDRESS_DOGECOIN, 0},
		{"mrCDrCybB6J1vRfbwM5hemdJz73FwDBC8r", "bitcoin testnet", ADDRESS_BITCOIN, 1},
		{"2N3vVYSK5XRgVSGWy21PnsRmBUywSQNdCsf", "bitcoin testnet", ADDRESS_BITCOIN, 1},
		{"tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "bitcoin testnet", ADDRESS_BITCOIN, 1},
		{"TB1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KXPJZSX", "bitcoin testnet", ADDRESS_BITCOIN, 1},
		{"tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c", "bitcoin testnet", ADDRESS_BITCOIN,
			1},
		{"bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "bitcoin regtest", ADDRESS_BITCOIN, 1},
		{"nesRpRaAbTDmZHwmzBkLd2AtF7Z9L9z5S2", "dogecoin testnet", ADDRESS_DOGECOIN, 1},
		{"27Zkn6XahxvzwzfVr8uQKQuxrppfUjqNSGH", "tron testnet", ADDRESS_TRON, 1},
		{"LVuDpNCSSj6pQ7t9Pv6d6sUkLKoqDEVUnJ", "litecoin", ADDRESS_NONE, 0},
		{"MJaRnao1s62a2zAKSkmG582KbLKianqb7v", "litecoin", ADDRESS_NONE, 0},
		{"ltc1qw508d6qejxtdg4y5r3zarvary0c5xw7kgmn4n9", "litecoin", ADDRESS_NONE, 0},
		{"XmN7PQYWKn5MJFna5fRYgP6mxT2F7xpekE", "dash", ADDRESS_NONE, 0},
		{"AST9CekEhDWuxHPynRmeyjg5biNFSijvb3", "another network", ADDRESS_NONE, 0},
		{"tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut", "another network", ADDRESS_NONE, 0},
		{"cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60c", "another network", ADDRESS_NONE, 0},
	};
	static const enum address_kind wanted[] = {
		ADDRESS_NONE, ADDRESS_BITCOIN, ADDRESS_EVM, ADDRESS_TRON, ADDRESS_DOGECOIN};

	for (size_t i = 0; i < COUNT(cases); i++) {
		for (size_t k = 0; k < COUNT(wanted); k++) {
			const struct text text = text_of(cases[i].text);
			const int own = wanted[k] != ADDRESS_NONE && wanted[k] == cases[i].kind && !cases[i].test;
			struct address_look look;

			assert_verdict(
				wanted[k], text, *state, own ? ADDRESS_VALID : ADDRESS_OTHER_NETWORK, cases[i].network);
			address_check(wanted[k], text, *state, &look);
			assert_int_equal(look.kind, cases[i].kind);
			assert_int_equal(look.test, cases[i].test);
		}
	}
}

/* Never valid, never a read outside the slice: run with the sanitizers it is worth more. */
static void refuses_hostile_text_of_every_kind(void **state)
{
	static char big[10240];
	const struct text cases[] = {
		TEXT("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe\0"),
		TEXT("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\0"),
		TEXT("0x\0aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
		TEXT("TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf\0"),
		TEXT("TLeUZDGLWnyiJVFc\0\0m3M1782uBsGWa8uf"),
		TEXT("\0LeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf"),
		TEXT("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4\0"),
		TEXT("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t\0"),
		TEXT(" TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf"),
		TEXT("TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf\n"),
		TEXT("\xd0\xa2LeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf"), /* a Cyrillic T */
		TEXT("0x5\xd0\xb0\x41\x65\x62\x36\x30\x35\x33\x46\x33\x45\x39\x34\x43\x39\x62\x39\x41\x30\x39\x66"
		     "33669435E7Ef1BeAed"), /* a Cyrillic a */
		TEXT("DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZL\xff"),
		TEXT("\xff\xfe\xff\xfe"),
		TEXT("\xe2\x80\xae"
		     "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"), /* right-to-left override */
		TEXT("DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE,DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE"),
		TEXT("%s%s%s%n"),
		{NULL, 0},
		{big, sizeof(big)},
	};
	static const char fillers[] = {'1', 'z', '0', 'T', 'D', 'q', '\0', '\x80'};

	for (enum address_kind kind = ADDRESS_NONE; kind <= ADDRESS_DOGECOIN; kind++) {
		for (size_t i = 0; i < COUNT(cases); i++)
			assert_int_equal(address_check(kind, cases[i], *state, NULL), ADDRESS_BAD_SYNTAX);
		for (size_t i = 0; i < COUNT(fillers); i++) {
			memset(big, fillers[i], sizeof(big));
			assert_int_equal(
				address_check(kind, (struct text){big, sizeof(big)}, *state, NULL), ADDRESS_BAD_SYNTAX);
			for (size_t len = 0; len < 120; len++)
				assert_true(address_check(kind, (struct text){big, len}, *state, NULL) <
					    ADDRESS_OTHER_NETWORK);
		}
	}
}

static void finds_every_single_wrong_character_of_a_base58_address(void **state)
{
	static const char set[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
	const char *right = "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf";
	char text[64];
	const size_t len = strlen(right);

	for (size_t place = 1; place < len; place++) {
		memcpy(text, right, len);
		for (const char *digit = set; *digit != '\0'; digit++) {
			text[place] = *digit;
			assert_int_equal(address_check(ADDRESS_TRON, (struct text){text, len}, *state, NULL),
				*digit == right[place] ? ADDRESS_VALID : ADDRESS_BAD_CHECKSUM);
		}
	}
}

static void gives_one_canonical_form_to_each_destination(void **state)
{
	static const struct {
		enum address_kind kind;
		const char *text;
		const char *canonical;
	} cases[] = {
		{ADDRESS_EVM, "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
			"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
		{ADDRESS_EVM, "0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED",
			"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
		{ADDRESS_EVM, "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed",
			"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"},
		{ADDRESS_BITCOIN, "BC1SW50QGDZ25J", "bc1sw50qgdz25j"},
		{ADDRESS_BITCOIN, "bc1sw50qgdz25j", "bc1sw50qgdz25j"},
		{ADDRESS_BITCOIN, "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
		{ADDRESS_TRON, "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf", "TLeUZDGLWnyiJVFcp3m3M1782uBsGWa8uf"},
		{ADDRESS_DOGECOIN, "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE", "DFpN6QqFfUm3gKNaxN6tNcab1FArL9cZLE"},
		{ADDRESS_NONE, "BC1SW50QGDZ25J", "BC1SW50QGDZ25J"},
	};
	static char big[10240];
	char out[ADDRESS_CANONICAL_MAX];
	struct text same;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct text text = text_of(cases[i].text);
		const struct text canonical = address_canonical(cases[i].kind, text, out);

		assert_true(text_is(canonical, cases[i].canonical));
		assert_true(canonical.ptr == (text_is(text, cases[i].canonical) ? text.ptr : out));
	}
	memset(big, 'A', sizeof(big));
	same = address_canonical(ADDRESS_EVM, (struct text){big, sizeof(big)}, out);
	assert_ptr_equal(same.ptr, big);
	assert_int_equal(same.len, sizeof(big));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_kinds_are_a_pair),
		cmocka_unit_test(takes_valid_addresses_of_the_wanted_kind),
		cmocka_unit_test(tells_a_wrong_character_from_a_wrong_shape),
		cmocka_unit_test(names_the_network_that_an_address_is_of),
		cmocka_unit_test(refuses_hostile_text_of_every_kind),
		cmocka_unit_test(finds_every_single_wrong_character_of_a_base58_address),
		cmocka_unit_test(gives_one_canonical_form_to_each_destination),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
