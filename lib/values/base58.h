/*
 * Base58 with Bitcoin's alphabet, and base58check: a payload followed by the first 4 bytes of its double SHA-256.
 * Floor 1. Pure; the caller owns all memory. Every bound is strict: nothing is cut, nothing is padded.
 */
#ifndef VALUES_BASE58_H
#define VALUES_BASE58_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct sha256;

#define BASE58_TEXT_MAX 90       /* characters; the longest base58 text with a use here has 44 */
#define BASE58_CHECK_SIZE 4      /* bytes of checksum at the end */
#define BASE58_VERSIONED_SIZE 25 /* version byte, 20 bytes of hash, checksum: an address */

/* True when every character is of the alphabet (the empty text too). */
bool base58_text_valid(struct text text);

/* The bytes of a base58 text, a leading '1' being a zero byte. False: empty, longer than BASE58_TEXT_MAX, a character
 * outside the alphabet, or more than cap bytes; *len is then 0. */
bool base58_decode(struct text text, uint8_t *out, size_t cap, size_t *len);

enum base58_verdict {
	BASE58_BAD_SYNTAX = 0, /* not base58, or not exactly BASE58_VERSIONED_SIZE bytes */
	BASE58_BAD_CHECKSUM,
	BASE58_VALID,
};

/* Decodes a base58check text with a one-byte version and a 20-byte hash; out is written unless the syntax is bad. */
enum base58_verdict base58_check_decode(struct text text, struct sha256 *sha, uint8_t out[BASE58_VERSIONED_SIZE]);

#endif
