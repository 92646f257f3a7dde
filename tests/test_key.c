#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/key.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The table of the contract, section 5. */
static const struct {
	const char *space;
	enum provider_id provider;
	const char *reference;
	int64_t attempt;
	const char *key;
} vectors[] = {
	{"acme", PROVIDER_CIRCLE, "INV-2026-0001", 1, "79a296b3-9bb7-49b8-8ad1-618161d6f7b1"},
	{"acme", PROVIDER_CIRCLE, "INV-2026-0001", 2, "2c225986-9b4b-4252-82ac-89b2f75dce82"},
	{"acme", PROVIDER_MOLLIE, "INV-2026-0001", 1, "9b32e3b9-f9b6-4229-97a3-9df930b0cfe3"},
	{"acme", PROVIDER_PONTIS,
		"\xC3\x9C"
		"berweisung-7",
		1, "77c9a9e9-ab18-402e-a000-d62976bc31fa"},
	{"a", PROVIDER_CIRCLE, "b", 1, "c541bb31-8e6b-4bd2-b72f-a2943f83f0a7"},
	{"ab", PROVIDER_CIRCLE, "", 1, "9b9c8199-8297-471a-a31b-515dc0ec61c0"},
};

static void derives_the_keys_of_the_contract(void **state)
{
	struct sha256 *sha = sha256_new();

	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		struct key key = key_derive(sha, text_of(vectors[i].space), vectors[i].provider,
			text_of(vectors[i].reference), vectors[i].attempt);
		char text[KEY_TEXT_SIZE];

		key_text(&key, text);
		assert_string_equal(text, vectors[i].key);
	}
	sha256_free(sha);
}

static void every_attempt_has_its_own_key_of_version_4(void **state)
{
	struct sha256 *sha = sha256_new();
	struct key before = {{0}};

	(void)state;
	for (int64_t attempt = 1; attempt <= 1000; attempt++) {
		struct key key = key_derive(sha, TEXT("acme"), PROVIDER_CALYPSO, TEXT("R"), attempt);

		assert_int_equal(key.bytes[6] & 0xF0, 0x40);
		assert_int_equal(key.bytes[8] & 0xC0, 0x80);
		assert_memory_not_equal(key.bytes, before.bytes, KEY_SIZE);
		before = key;
	}
	sha256_free(sha);
}

/* PROTOCOL.md, section 6; computed beside it from the rule. */
static void derives_the_keys_of_destinations(void **state)
{
	static const struct {
		const char *space;
		const char *identity;
		int64_t attempt;
		const char *key;
	} cases[] = {
		{"acme", "circle wire", 1, "373c637a-ebe8-44e5-b35e-48ace3a25ae5"},
		{"acme", "circle wire", 2, "1053e3ad-303b-44f0-945d-b93903bc6246"},
		{"acme", "circle legacy", 1, "cff0fcba-9168-4457-a26a-39138ab658e7"},
		{"acm", "ecircle wire", 1, "4e781cc0-f88f-43fa-817e-6d49568d4579"},
	};
	struct sha256 *sha = sha256_new();
	uint8_t hash[SHA256_SIZE];
	char text[KEY_TEXT_SIZE];

	(void)state;
	sha256_of(sha, "{}", 2, hash);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct key key = key_derive_destination(
			sha, text_of(cases[i].space), text_of(cases[i].identity), hash, cases[i].attempt);

		key_text(&key, text);
		assert_string_equal(text, cases[i].key);
	}
	sha256_free(sha);
}

static void reads_back_a_key_from_its_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(vectors); i++) {
		char text[KEY_TEXT_SIZE];
		struct key key;

		assert_true(key_parse(text_of(vectors[i].key), &key));
		key_text(&key, text);
		assert_string_equal(text, vectors[i].key);
	}
}

static void refuses_what_is_no_key(void **state)
{
	static const char *const texts[] = {
		"",
		"79a296b3-9bb7-49b8-8ad1-618161d6f7b",
		"79a296b3-9bb7-49b8-8ad1-618161d6f7b11",
		"79a296b3-9bb7-49b8-8ad1-618161d6f7bg",
		"79a296b39-bb7-49b8-8ad1-618161d6f7b1",
		"79a296b3x9bb7-49b8-8ad1-618161d6f7b1",
		"79a296b3-9bb7-19b8-8ad1-618161d6f7b1", /* version 1 */
		"79a296b3-9bb7-49b8-cad1-618161d6f7b1", /* another variant */
		"{9a296b3-9bb7-49b8-8ad1-618161d6f7b}",
	};
	struct key key;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		if (key_parse(text_of(texts[i]), &key))
			fail_msg("%s", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(derives_the_keys_of_the_contract),
		cmocka_unit_test(every_attempt_has_its_own_key_of_version_4),
		cmocka_unit_test(derives_the_keys_of_destinations),
		cmocka_unit_test(reads_back_a_key_from_its_text),
		cmocka_unit_test(refuses_what_is_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
