#include "values/key.h"

#include <assert.h>
#include <string.h>

/* Where the text of a UUID has its dashes. */
static const size_t dashes[] = {8, 13, 18, 23};
#define DASHES (sizeof(dashes) / sizeof(dashes[0]))

static struct text attempt_text(int64_t attempt, char digits[20])
{
	size_t at = 20;

	assert(attempt >= 1);
	for (; attempt > 0; attempt /= 10)
		digits[--at] = (char)('0' + attempt % 10);
	return (struct text){digits + at, 20 - at};
}

static bool is_version_4(const struct key *key)
{
	return key->bytes[6] >> 4 == 4 && key->bytes[8] >> 6 == 2;
}

/* The first bytes of the digest, as a UUID of version 4. */
static struct key key_end(struct sha256 *sha)
{
	uint8_t digest[SHA256_SIZE];
	struct key key;

	sha256_end(sha, digest);
	memcpy(key.bytes, digest, sizeof(key.bytes));
	key.bytes[6] = (uint8_t)((key.bytes[6] & 0x0F) | 0x40);
	key.bytes[8] = (uint8_t)((key.bytes[8] & 0x3F) | 0x80);
	return key;
}

struct key key_derive(struct sha256 *sha, struct text namespace_text, enum provider_id provider, struct text reference,
	int64_t attempt)
{
	char digits[20];

	assert(provider > PROVIDER_NONE && provider < PROVIDER_COUNT);
	sha256_begin(sha);
	sha256_add_field(sha, TEXT("payrun-key-1"));
	sha256_add_field(sha, namespace_text);
	sha256_add_field(sha, text_of(provider_name(provider)));
	sha256_add_field(sha, reference);
	sha256_add_field(sha, attempt_text(attempt, digits));
	return key_end(sha);
}

struct key key_derive_destination(struct sha256 *sha, struct text namespace_text, struct text channel_identity,
	const uint8_t body_hash[SHA256_SIZE], int64_t attempt)
{
	char digits[20];

	sha256_begin(sha);
	sha256_add_field(sha, TEXT("payrun-dest-1"));
	sha256_add_field(sha, namespace_text);
	sha256_add_field(sha, channel_identity);
	sha256_add_field(sha, (struct text){(const char *)body_hash, SHA256_SIZE});
	sha256_add_field(sha, attempt_text(attempt, digits));
	return key_end(sha);
}

void key_text(const struct key *key, char out[KEY_TEXT_SIZE])
{
	char hex[2 * KEY_SIZE + 1];
	size_t from = 0, at = 0;

	text_hex(key->bytes, KEY_SIZE, hex);
	for (size_t i = 0; i < DASHES; i++) {
		size_t len = dashes[i] - at;

		memcpy(out + at, hex + from, len);
		from += len;
		at += len;
		out[at++] = '-';
	}
	memcpy(out + at, hex + from, sizeof(hex) - from);
}

bool key_parse(struct text text, struct key *key)
{
	char hex[2 * KEY_SIZE];
	struct key parsed;
	size_t len = 0, dash = 0;

	if (text.len != KEY_TEXT_SIZE - 1)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (dash < DASHES && i == dashes[dash]) {
			if (text.ptr[i] != '-')
				return false;
			dash++;
			continue;
		}
		hex[len++] = text.ptr[i];
	}
	if (!text_unhex((struct text){hex, len}, parsed.bytes, KEY_SIZE) || !is_version_4(&parsed))
		return false;
	*key = parsed;
	return true;
}
