#include "stages/fingerprint.h"

#include <string.h>

#include <sys/random.h>

bool fingerprint_draw(struct fingerprint *fingerprint, struct fault *fault)
{
	if (getrandom(fingerprint->secret, sizeof(fingerprint->secret), 0) == (ssize_t)sizeof(fingerprint->secret))
		return true;
	return fault_errno(fault, FAULT_OPERATION, "", NULL, "cannot draw random bytes");
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static inline void mix(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static inline void absorb(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	mix(v);
	v[0] ^= word;
}

/* Little-endian, whatever the machine: another program's digests are the test. Written out, it is one load. */
static inline uint64_t word_at(const unsigned char *bytes)
{
	return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 | (uint64_t)bytes[3] << 24 |
	       (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 | (uint64_t)bytes[6] << 48 |
	       (uint64_t)bytes[7] << 56;
}

static inline void word_put(uint8_t *bytes, uint64_t word)
{
	for (unsigned i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(word >> (8 * i));
}

void fingerprint_fixed(struct fingerprint *fingerprint, const uint8_t secret[16])
{
	fingerprint->secret[0] = word_at(secret);
	fingerprint->secret[1] = word_at(secret + 8);
}

static uint64_t squeeze(uint64_t v[4])
{
	for (int i = 0; i < 3; i++)
		mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void fingerprint_of(const struct fingerprint *fingerprint, struct text text, uint8_t digest[16])
{
	const unsigned char *bytes = (const unsigned char *)text.ptr;
	size_t whole = text.len / 8 * 8;
	uint64_t v[4] = {
		fingerprint->secret[0] ^ UINT64_C(0x736f6d6570736575),
		fingerprint->secret[1] ^ UINT64_C(0x646f72616e646f6d) ^ 0xee, /* 0xee: the 128-bit form */
		fingerprint->secret[0] ^ UINT64_C(0x6c7967656e657261),
		fingerprint->secret[1] ^ UINT64_C(0x7465646279746573),
	};
	unsigned char rest[8] = {0};

	for (size_t i = 0; i < whole; i += 8)
		absorb(v, word_at(bytes + i));
	if (whole < text.len)
		memcpy(rest, bytes + whole, text.len - whole);
	absorb(v, (uint64_t)text.len << 56 | word_at(rest));
	v[2] ^= 0xee;
	word_put(digest, squeeze(v));
	v[1] ^= 0xdd;
	word_put(digest + 8, squeeze(v));
}
