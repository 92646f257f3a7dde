/*
 * Bech32 (BIP-173) and bech32m (BIP-350), and the segregated witness address written in them.
 * Floor 1. Pure; the caller owns all memory.
 */
#ifndef VALUES_BECH32_H
#define VALUES_BECH32_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define BECH32_TEXT_MAX 90 /* characters (BIP-173) */
#define BECH32_HRP_MAX 83  /* characters of the human-readable part (BIP-173) */
#define SEGWIT_PROGRAM_MAX 40
#define SEGWIT_VERSION_MAX 16

enum bech32_verdict {
	BECH32_BAD_SYNTAX = 0, /* length, characters, mixed case, no separator, or (segwit) version, size or padding */
	BECH32_BAD_CHECKSUM,   /* also: the checksum of the other encoding than the witness version wants */
	BECH32_VALID,
};

enum bech32_encoding { BECH32_UNKNOWN = 0, BECH32_PLAIN, BECH32_M };

struct bech32 {
	enum bech32_encoding encoding;   /* which of the two checksums is right */
	char hrp[BECH32_HRP_MAX + 1];    /* lower case, ended by NUL */
	uint8_t digits[BECH32_TEXT_MAX]; /* 5 bits each, without the checksum */
	size_t count;                    /* of digits */
};

struct segwit {
	char hrp[BECH32_HRP_MAX + 1]; /* "bc", "tb", "bcrt": which one is wanted is the caller's business */
	uint8_t version;              /* 0 to SEGWIT_VERSION_MAX */
	uint8_t program[SEGWIT_PROGRAM_MAX];
	size_t program_len; /* 20 or 32 for version 0, else 2 to 40 */
};

/* Any bech32 or bech32m text. out is whole only when valid. */
enum bech32_verdict bech32_decode(struct text text, struct bech32 *out);

/* A segwit address: version 0 in bech32, 1 to 16 in bech32m. out is whole only when valid. */
enum bech32_verdict segwit_decode(struct text text, struct segwit *out);

#endif
