#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/sandbox/pontis_seal.h"
#include "tests/pontis_blob.h"

#define TIMESTAMP "1748023400"

/* providers/pontis.md, section 1.2. */
static const struct vector {
	const char *plaintext;
	const char *blob;
	const char *sign;
} vectors[] = {
	{"{\"transaction_id\":\"029b2038-6166-4bea-80a9-f1a2425a85eb\"}",
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa44G"
		"7HNdS4ncFe1eFw8",
		"7721120b0b5509ddc5e7c09552dce84fe35d58c15e4e2a78c4f3b3399e3e8357"},
	{"{\"email\":\"ops@example.com\",\"password\":\"p\xc3\xa4ssw0rd\"}",
		"oKGio6Slpqeoqaqr:IoAZoNz2qF2yUw84V2ss6w:nToZQCSibp1YR-ijdDqlphHBKXz3mSED8SwKpA_KBnKlGTWbjRhxTZw4d7t-S"
		"vGdZWY",
		"be98d8a3eaf30b7ccf796fcf324f5a0993bd76814066d4fbf7b147a0fee1b804"},
	{"{\"idempotency_key\":\"7f3c4d2a-8b1e-4f6a-9c2d-1a5b8e3f7d4c\",\"country_code\":\"PH\",\"currency_code\":"
	 "\"PHP\","
	 "\"payment_method\":\"bank_local\",\"source_amount\":\"10.00\",\"source_currency\":\"USDT\","
	 "\"recipient_details\":{\"name\":\"Juan dela Cruz\",\"account_number\":\"1234567890\"}}",
		"oKGio6Slpqeoqaqr:yrudb_FZ_0aeG5r2R1xJmw:nToVSSCmctAWAOmwfiWruwmOYzKl0XEPqGoU51KTFzC3W3OZmUN-BDyuYOU4G"
		"7abf351LlW0Lh1jcik9ywXrxMbF2gxfwYHCzsCvUK3i7tm4ednBq6LgJY0aWv-ToG_Ex9QJhyHe7uLzvmgk2uWIXEw_BYzkF_ldQa"
		"SByNs2kyHnPZIMvDfydFIGn-Z9P_-iquOPWo7-yrzf4Z-GwLJGSKNHfMTEGCV44XMJGE2H5aUjBNG6cAPNV_LrE1co3XsyQFclpRP"
		"zgZbRMyGiLAYIlxichYYfB73UjOEblyi8-EtKMFFC1hi3S5_SNzIgbjJdMZ_zDbpmRbFclZRaR05V",
		"8426e24603a4ac19d8b6118d87e3276168a53fdd73a4a7e38090ae35c455ef98"},
};
#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static void count_up(unsigned char from, unsigned char *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (unsigned char)(from + i);
}

static void the_vectors_of_the_documentation_open_and_sign(void **state)
{
	unsigned char encryption[32];
	unsigned char hmac[32];

	(void)state;
	count_up(0x00, encryption, sizeof(encryption));
	count_up(0x20, hmac, sizeof(hmac));
	for (size_t i = 0; i < VECTORS; i++) {
		struct buf plaintext = {NULL, 0, 0};
		char sign[PONTIS_SIGN_HEX + 1];

		assert_true(pontis_open(encryption, text_of(vectors[i].blob), &plaintext));
		assert_string_equal(buf_str(&plaintext), vectors[i].plaintext);
		assert_int_equal(plaintext.len, strlen(vectors[i].plaintext));
		pontis_sign(hmac, TEXT(TIMESTAMP), text_of(vectors[i].blob), sign);
		assert_string_equal(sign, vectors[i].sign);
		buf_release(&plaintext);
	}
}

static void the_client_of_the_tests_makes_the_vectors(void **state)
{
	unsigned char iv[12];

	(void)state;
	count_up(0xa0, iv, sizeof(iv));
	for (size_t i = 0; i < VECTORS; i++) {
		char *blob = blob_new(vectors[i].plaintext, strlen(vectors[i].plaintext), iv);

		assert_string_equal(blob, vectors[i].blob);
		free(blob);
	}
}

static void a_blob_that_was_touched_does_not_open(void **state)
{
	static const char *const blobs[] = {
		"",
		"oKGio6Slpqeoqaqr",
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q",
		"::",
		/* another byte of the ciphertext, of the tag, of the iv */
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa44G"
		"7HNdS4ncFe1eFw9",
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3A:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa44G"
		"7HNdS4ncFe1eFw8",
		"oKGio6Slpqeoqaqs:1NuY_Ph85nw1Q6rSz5-u3Q:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa44G"
		"7HNdS4ncFe1eFw8",
		/* the ciphertext before the tag */
		"oKGio6Slpqeoqaqr:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa44G7HNdS4ncFe1eFw8:"
		"1NuY_Ph85nw1Q6rSz5-u3Q",
		/* padded, as base64 */
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rSz5-u3Q==:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf_QiWazg9rDT6lKa4"
		"4G7HNdS4ncFe1eFw8",
		"oKGio6Slpqeoqaqr:1NuY/Ph85nw1Q6rSz5+u3Q:nToIXySlcd4BEe68aSWpulKWeyCgjiBerD0eq0maQzf/QiWazg9rDT6lKa44G"
		"7HNdS4ncFe1eFw8",
		/* an iv of eleven bytes, a tag of twelve */
		"oKGio6Slpqeoqao:1NuY_Ph85nw1Q6rSz5-u3Q:nToI",
		"oKGio6Slpqeoqaqr:1NuY_Ph85nw1Q6rS:nToI",
	};
	unsigned char secret[32];

	(void)state;
	count_up(0x00, secret, sizeof(secret));
	for (size_t i = 0; i < sizeof(blobs) / sizeof(blobs[0]); i++) {
		struct buf plaintext = {NULL, 0, 0};

		if (pontis_open(secret, text_of(blobs[i]), &plaintext))
			fail_msg("%s", blobs[i]);
		assert_int_equal(plaintext.len, 0);
		buf_release(&plaintext);
	}
}

static void base64url_is_read_strictly_and_back(void **state)
{
	/* RFC 4648, section 10, without padding. */
	static const struct {
		const char *bytes;
		const char *text;
	} cases[] = {
		{"", ""},
		{"f", "Zg"},
		{"fo", "Zm8"},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg"},
		{"fooba", "Zm9vYmE"},
		{"foobar", "Zm9vYmFy"},
		{"\xfb\xff\xfe", "-__-"},
	};
	static const char *const wrong[] = {"Z", "Zh", "Zm9", "Zg==", "Zm+v", "Zm/v", "Zm9vY", "Zm v", "Zg\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf out = {NULL, 0, 0};

		assert_true(base64url_decode(text_of(cases[i].text), &out));
		assert_string_equal(buf_str(&out), cases[i].bytes);
		buf_reset(&out);
		base64url_encode(&out, cases[i].bytes, strlen(cases[i].bytes));
		assert_string_equal(buf_str(&out), cases[i].text);
		buf_release(&out);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct buf out = {NULL, 0, 0};

		if (base64url_decode(text_of(wrong[i]), &out))
			fail_msg("%s", wrong[i]);
		buf_release(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_vectors_of_the_documentation_open_and_sign),
		cmocka_unit_test(the_client_of_the_tests_makes_the_vectors),
		cmocka_unit_test(a_blob_that_was_touched_does_not_open),
		cmocka_unit_test(base64url_is_read_strictly_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
