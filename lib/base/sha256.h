/*
 * SHA-256 with its context kept and its digest fetched once, and the length-prefixed field F(x) of the contract,
 * section 5: the length of x in bytes as 4 bytes big-endian, then the bytes. Floor 0. Not shared between threads.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define SHA256_SIZE 32

struct sha256;

struct sha256 *sha256_new(void);
void sha256_free(struct sha256 *sha);

void sha256_begin(struct sha256 *sha);
void sha256_add(struct sha256 *sha, const void *bytes, size_t len);
void sha256_add_field(struct sha256 *sha, struct text text);
void sha256_end(struct sha256 *sha, uint8_t digest[SHA256_SIZE]);

/* One message at once. */
void sha256_of(struct sha256 *sha, const void *bytes, size_t len, uint8_t digest[SHA256_SIZE]);

#endif
