#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/seal.h"

#define CALYPSO_BODY                                                                                                   \
	"{\"account\":\"0x00000000000000000000000000000000000000aa\",\"timestamp\":1748023400000,\"payload\":{"        \
	"\"depositAddress\":\"TWkKZkmuB8DpVeiMoHiKf99ZoFHzk73CqR\",\"amount\":12.5,\"currency\":\"USDT_TRX\","         \
	"\"idempotencyKey\":\"123e4567-e89b-12d3-a456-426614174000\",\"externalId\":\"row-1\"}}"
#define TIMES_131 "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"

struct vector {
	const char *source;
	const char *key;
	const char *message;
	const char *sha512;
	const char *sha256; /* NULL: not given by the source */
};

static const struct vector vectors[] = {
	{"calypso.md 2.1, the documentation's own sample", "b823a6b9ea72408583cef9ec8d67fa52", "{\"timestamp\":1}",
		"b16e9d45f49f2069becbc4f108b237bee588cfc353fe9501df103e692acbc68d"
		"482a10d34c12bea22fedde7e28e1b8e57a6a0a373b0e9a27c5257bd8b36e13b9",
		NULL},
	{"calypso.md 2.1, a create", "b823a6b9ea72408583cef9ec8d67fa52", CALYPSO_BODY,
		"11a4bba053f220c7c519808634ec78dad158f3debf9b9c3e86ad8a64ffb1c347"
		"e6d4e11820a981ffdee435642ae341d468943c54194dacd5acc7bfb2dfdfd7c8",
		NULL},
	{"RFC 4231, case 1", "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
		"Hi There",
		"87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
		"daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
	{"RFC 4231, case 2", "Jefe", "what do ya want for nothing?",
		"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
		"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
	{"RFC 4231, case 6: a key longer than a block",
		TIMES_131 TIMES_131 TIMES_131 TIMES_131 TIMES_131 TIMES_131 TIMES_131 TIMES_131 TIMES_131 TIMES_131
		"\xaa",
		"Test Using Larger Than Block-Size Key - Hash Key First",
		"80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
		"6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
	{"an empty key and message, as openssl dgst -hmac '' says", "", "",
		"b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac673"
		"0c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d47",
		"b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

static void signs_as_the_published_vectors(void **state)
{
	char out512[129], out256[65];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		seal_hmac_sha512(text_of(vectors[i].key), text_of(vectors[i].message), out512);
		assert_string_equal(out512, vectors[i].sha512);
		seal_hmac_sha256(text_of(vectors[i].key), text_of(vectors[i].message), out256);
		if (vectors[i].sha256 != NULL)
			assert_string_equal(out256, vectors[i].sha256);
	}
}

static void keeps_nothing_of_the_key_before(void **state)
{
	char first[129], again[129];

	(void)state;
	seal_hmac_sha512(TEXT("one"), TEXT("message"), first);
	seal_hmac_sha512(TEXT("two"), TEXT("message"), again);
	assert_string_not_equal(first, again);
	seal_hmac_sha512(TEXT(""), TEXT("message"), again);
	assert_string_not_equal(first, again);
	seal_hmac_sha512(TEXT("one"), TEXT("message"), again);
	assert_string_equal(first, again);
}

static void signs_bytes_after_a_nul_too(void **state)
{
	char with[129], without[129];

	(void)state;
	seal_hmac_sha512(TEXT("k"), (struct text){"a\0b", 3}, with);
	seal_hmac_sha512(TEXT("k"), (struct text){"a\0c", 3}, without);
	assert_string_not_equal(with, without);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs_as_the_published_vectors),
		cmocka_unit_test(keeps_nothing_of_the_key_before),
		cmocka_unit_test(signs_bytes_after_a_nul_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
