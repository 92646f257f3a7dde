/*
 * The idempotency key: from namespace, provider, reference and attempt, never drawn at random (CONTRACT, section 5).
 * Floor 1, pure. The 16 bytes are the UUID's, version nibble 4 and variant bits set.
 */
#ifndef VALUES_KEY_H
#define VALUES_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sha256.h"
#include "base/text.h"
#include "values/provider.h"

#define KEY_SIZE 16
#define KEY_TEXT_SIZE 37 /* 36 characters and a NUL */

struct key {
	uint8_t bytes[KEY_SIZE];
};

/* reference: trimmed, NFC, UTF-8. attempt: from 1. */
struct key key_derive(struct sha256 *sha, struct text namespace_text, enum provider_id provider, struct text reference,
	int64_t attempt);
/* The key of a destination that is created at the provider (PROTOCOL, section 6): from the identity of the channel and
 * the SHA-256 of the whole creation body without its key, in canonical form. attempt: from 1. */
struct key key_derive_destination(struct sha256 *sha, struct text namespace_text, struct text channel_identity,
	const uint8_t body_hash[SHA256_SIZE], int64_t attempt);
void key_text(const struct key *key, char out[KEY_TEXT_SIZE]);
bool key_parse(struct text text, struct key *key);

#endif
