/*
 * Signatures and seals: the only place where private keys meet data. Floor 2.
 */
#ifndef NET_SEAL_H
#define NET_SEAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/text.h"

/* Lower-case hex of HMAC-SHA512 (128 digits and a NUL), of HMAC-SHA256 (64 and a NUL). The key is used as its bytes. */
void seal_hmac_sha512(struct text key, struct text message, char out[129]);
void seal_hmac_sha256(struct text key, struct text message, char out[65]);

#define SEAL_KEY_SIZE 32   /* AES-256 */
#define SEAL_NONCE_SIZE 12 /* bytes of a GCM nonce (IV) */
#define SEAL_TAG_SIZE 16

/* Draws a nonce. With one key no nonce may ever seal two texts: both would be readable, and the key for the tags with
 * them. A system without random bytes is no place to pay from: asserted. */
void seal_nonce(uint8_t nonce[SEAL_NONCE_SIZE]);

/* AES-256-GCM without additional data; adds base64url(nonce) ":" base64url(tag) ":" base64url(ciphertext), as
 * PontisGlobe's envelope has it. A nonce of zeros was forgotten by the caller: asserted. */
void seal_close(
	const uint8_t key[SEAL_KEY_SIZE], const uint8_t nonce[SEAL_NONCE_SIZE], struct text plain, struct buf *sealed);
/* The inverse: adds the plain text. False, and nothing is added, when it is no such text, or not sealed with this
 * key. */
MUST_CHECK bool seal_open(const uint8_t key[SEAL_KEY_SIZE], struct text sealed, struct buf *plain);

#endif
