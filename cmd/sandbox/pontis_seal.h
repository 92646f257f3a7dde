/*
 * The envelope of PontisGlobe, read (providers/pontis.md, section 1.2): base64url, AES-256-GCM, HMAC-SHA256.
 * Floor 5, sandbox. No state. Outputs are added to a buffer.
 */
#ifndef SANDBOX_PONTIS_SEAL_H
#define SANDBOX_PONTIS_SEAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

#define PONTIS_SECRET_BYTES 32
#define PONTIS_SIGN_HEX 64

/* RFC 4648, section 5, without padding. False: another byte, an impossible length, or bits beyond the last byte. */
bool base64url_decode(struct text text, struct buf *out);
void base64url_encode(struct buf *out, const void *bytes, size_t len);

/* Opens base64url(iv) ":" base64url(tag) ":" base64url(ciphertext). False: not such a blob, or not sealed with this
 * secret. */
bool pontis_open(const unsigned char secret[PONTIS_SECRET_BYTES], struct text blob, struct buf *plaintext);

/* Lower-case hex of the HMAC of timestamp "." blob. */
void pontis_sign(const unsigned char secret[PONTIS_SECRET_BYTES], struct text timestamp, struct text blob,
	char out[PONTIS_SIGN_HEX + 1]);

/* HMAC-SHA256. */
void pontis_mac(const unsigned char secret[PONTIS_SECRET_BYTES], struct text bytes, unsigned char out[32]);

#endif
