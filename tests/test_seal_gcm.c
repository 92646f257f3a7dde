#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/base64url.h"
#include "net/seal.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* pontis.md, 1.2 */
#define SECRET "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define HMAC_SECRET "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8"
#define NONCE "a0a1a2a3a4a5a6a7a8a9aaab"
#define TIMESTAMP "1748023400"

static const struct {
	const char *plain, *data, *signature;
} vectors[] = {
	{"{\"transaction_id\":\"029b2038-6166-4bea-80a9-f1a2425a85eb\"}",
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q:"
		"nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa44G7HNdS4ncFe1eFw8",
		"7721120b0b5509ddc5e7c09552dce84fe35d58c15e4e2a78c4f3b3399e3e8357"},
	{"{\"email\":\"ops@example.com\",\"password\":\"p\xc3\xa4ssw0rd\"}",
		"oKGio6Slpqeoqaqr:IoAZoNz2qF2yUw84V2ss6w:"
		"nToZQCSibp1YR-ijdDqlphHBKXz3mSED8SwKpA_KBnKlGTWbjRhxTZw4d7t-SvGdZWY",
		"be98d8a3eaf30b7ccf796fcf324f5a0993bd76814066d4fbf7b147a0fee1b804"},
	{"{\"idempotency_key\":\"7f3c4d2a-8b1e-4f6a-9c2d-1a5b8e3f7d4c\",\"country_code\":\"PH\","
	 "\"currency_code\":\"PHP\",\"payment_method\":\"bank_local\",\"source_amount\":\"10.00\","
	 "\"source_currency\":\"USDT\",\"recipient_details\":{\"name\":\"Juan dela Cruz\","
	 "\"account_number\":\"1234567890\"}}",
		"oKGio6Slpqeoqaqr:yrudb_FZ_0aeG5r2R1xJmw:"
		"nToVSSCmctAWAOmwfiWruwmOYzKl0XEPqGoU51KTFzC3W3OZmUN-BDyuYOU4G7abf351LlW0Lh1jcik9ywXrxMbF2gxfwYHCzsCv"
		"UK3i7tm4ednBq6LgJY0aWv-ToG_Ex9QJhyHe7uLzvmgk2uWIXEw_BYzkF_ldQaSByNs2kyHnPZIMvDfydFIGn-Z9P_-iquOPWo7-"
		"yrzf4Z-GwLJGSKNHfMTEGCV44XMJGE2H5aUjBNG6cAPNV_LrE1co3XsyQFclpRPzgZbRMyGiLAYIlxichYYfB73UjOEblyi8-EtK"
		"MFFC1hi3S5_SNzIgbjJdMZ_zDbpmRbFclZRaR05V",
		"8426e24603a4ac19d8b6118d87e3276168a53fdd73a4a7e38090ae35c455ef98"},
};

static void key_of(const char *secret, uint8_t key[SEAL_KEY_SIZE])
{
	struct buf bytes = {0};

	assert_true(base64url_parse(text_of(secret), &bytes));
	assert_int_equal(bytes.len, SEAL_KEY_SIZE);
	memcpy(key, bytes.data, SEAL_KEY_SIZE);
	buf_release(&bytes);
}

static void nonce_of(uint8_t nonce[SEAL_NONCE_SIZE])
{
	assert_true(text_unhex(TEXT(NONCE), nonce, SEAL_NONCE_SIZE));
}

static void seals_opens_and_signs_the_published_vectors(void **state)
{
	uint8_t key[SEAL_KEY_SIZE], hmac_key[SEAL_KEY_SIZE], nonce[SEAL_NONCE_SIZE];

	(void)state;
	key_of(SECRET, key);
	key_of(HMAC_SECRET, hmac_key);
	nonce_of(nonce);
	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct buf sealed = {0}, plain = {0}, message = {0};
		char signature[65];

		seal_close(key, nonce, text_of(vectors[i].plain), &sealed);
		assert_string_equal(buf_str(&sealed), vectors[i].data);
		assert_true(seal_open(key, text_of(vectors[i].data), &plain));
		assert_string_equal(buf_str(&plain), vectors[i].plain);
		buf_addf(&message, "%s.%s", TIMESTAMP, vectors[i].data);
		seal_hmac_sha256((struct text){(const char *)hmac_key, SEAL_KEY_SIZE}, buf_text(&message), signature);
		assert_string_equal(signature, vectors[i].signature);
		buf_release(&sealed);
		buf_release(&plain);
		buf_release(&message);
	}
}

/* The GCM specification's own, test case 15. */
static void seals_as_the_cipher_is_specified(void **state)
{
	static const char key_hex[] = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
	static const char plain_hex[] = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
					"1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
	static const char cipher_hex[] = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
					 "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad";
	uint8_t key[SEAL_KEY_SIZE], nonce[SEAL_NONCE_SIZE], tag[SEAL_TAG_SIZE], plain[64], cipher[64];
	struct buf sealed = {0}, wanted = {0};

	(void)state;
	assert_true(text_unhex(text_of(key_hex), key, sizeof(key)));
	assert_true(text_unhex(TEXT("cafebabefacedbaddecaf888"), nonce, sizeof(nonce)));
	assert_true(text_unhex(TEXT("b094dac5d93471bdec1a502270e3cc6c"), tag, sizeof(tag)));
	assert_true(text_unhex(text_of(plain_hex), plain, sizeof(plain)));
	assert_true(text_unhex(text_of(cipher_hex), cipher, sizeof(cipher)));
	seal_close(key, nonce, (struct text){(const char *)plain, sizeof(plain)}, &sealed);
	base64url_add(&wanted, nonce, sizeof(nonce));
	buf_addc(&wanted, ':');
	base64url_add(&wanted, tag, sizeof(tag));
	buf_addc(&wanted, ':');
	base64url_add(&wanted, cipher, sizeof(cipher));
	assert_string_equal(buf_str(&sealed), buf_str(&wanted));
	buf_release(&sealed);
	buf_release(&wanted);
}

static void opens_what_it_sealed_at_every_length(void **state)
{
	uint8_t key[SEAL_KEY_SIZE], nonce[SEAL_NONCE_SIZE];
	char bytes[300];

	(void)state;
	key_of(SECRET, key);
	memset(bytes, 0xC3, sizeof(bytes));
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		struct buf sealed = {0}, plain = {0};

		seal_nonce(nonce);
		seal_close(key, nonce, (struct text){bytes, len}, &sealed);
		buf_addz(&plain, "before ");
		assert_true(seal_open(key, buf_text(&sealed), &plain));
		assert_int_equal(plain.len, 7 + len);
		assert_memory_equal(plain.data, "before ", 7);
		assert_memory_equal(plain.data + 7, bytes, len);
		buf_release(&sealed);
		buf_release(&plain);
	}
}

static void a_seal_that_was_touched_does_not_open(void **state)
{
	uint8_t key[SEAL_KEY_SIZE];
	struct buf plain = {0};

	(void)state;
	key_of(SECRET, key);
	for (size_t at = 0; at < strlen(vectors[0].data); at++) {
		char data[512];

		snprintf(data, sizeof(data), "%s", vectors[0].data);
		data[at] = data[at] == 'B' ? 'C' : 'B';
		if (seal_open(key, text_of(data), &plain))
			fail_msg("byte %zu", at);
		assert_int_equal(plain.len, 0);
	}
	key[31] ^= 1;
	assert_false(seal_open(key, text_of(vectors[0].data), &plain));
	buf_release(&plain);
}

static void what_is_no_seal_does_not_open(void **state)
{
	static const char *const texts[] = {"", ":", "::", ":::", "oKGio6Slpqeoqaqr",
		"oKGio6Slpqeoqaqr:", "oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q",
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q:", "oKGio6Slpqeoqaq:1NuY_Ph85nw1Q6rSz5-u3Q:nToI",
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u:nToI", "{\"transaction_id\":\"1\"}"};
	uint8_t key[SEAL_KEY_SIZE];
	struct buf plain = {0};
	char longer[512];

	(void)state;
	key_of(SECRET, key);
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_false(seal_open(key, text_of(texts[i]), &plain));
	snprintf(longer, sizeof(longer), "%s:", vectors[0].data);
	assert_false(seal_open(key, text_of(longer), &plain));
	buf_release(&plain);
}

static void nonces_differ(void **state)
{
	uint8_t nonces[64][SEAL_NONCE_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(nonces); i++) {
		seal_nonce(nonces[i]);
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(nonces[i], nonces[k], SEAL_NONCE_SIZE);
	}
}

/* All zeros is what a caller has who drew none: the second text sealed so would lay both open. */
static void dies_rather_than_seal_with_a_forgotten_nonce(void **state)
{
	static const uint8_t forgotten[SEAL_NONCE_SIZE];
	uint8_t key[SEAL_KEY_SIZE];
	int status = 0;
	pid_t child;

	(void)state;
	key_of(SECRET, key);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct buf sealed = {0};

		signal(SIGABRT, SIG_DFL);
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		seal_close(key, forgotten, TEXT("text"), &sealed);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(seals_opens_and_signs_the_published_vectors),
		cmocka_unit_test(seals_as_the_cipher_is_specified),
		cmocka_unit_test(opens_what_it_sealed_at_every_length),
		cmocka_unit_test(a_seal_that_was_touched_does_not_open),
		cmocka_unit_test(what_is_no_seal_does_not_open),
		cmocka_unit_test(nonces_differ),
		cmocka_unit_test(dies_rather_than_seal_with_a_forgotten_nonce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
