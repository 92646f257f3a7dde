/*
 * Keccak-256 as EVM chains use it: the original Keccak padding (0x01), which is not NIST SHA3-256 (0x06).
 * Floor 1. Pure: no state between calls. OpenSSL 3.0 has no digest with this padding.
 */
#ifndef VALUES_KECCAK_H
#define VALUES_KECCAK_H

#include <stddef.h>
#include <stdint.h>

#define KECCAK256_SIZE 32

/* The digest of len bytes; bytes may be NULL only when len is 0. */
void keccak256(const void *bytes, size_t len, uint8_t out[KECCAK256_SIZE]);

#endif
