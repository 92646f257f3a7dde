#include "values/keccak.h"

#include <string.h>

#define RATE_BYTES 136 /* 1600 bits of state less twice 256 bits of capacity */
#define RATE_LANES (RATE_BYTES / 8)
#define ROUNDS 24

static const uint64_t round_constants[ROUNDS] = {
	0x0000000000000001,
	0x0000000000008082,
	0x800000000000808a,
	0x8000000080008000,
	0x000000000000808b,
	0x0000000080000001,
	0x8000000080008081,
	0x8000000000008009,
	0x000000000000008a,
	0x0000000000000088,
	0x0000000080008009,
	0x000000008000000a,
	0x000000008000808b,
	0x800000000000008b,
	0x8000000000008089,
	0x8000000000008003,
	0x8000000000008002,
	0x8000000000000080,
	0x000000000000800a,
	0x800000008000000a,
	0x8000000080008081,
	0x8000000000008080,
	0x0000000080000001,
	0x8000000080008008,
};

static inline uint64_t rotate(uint64_t lane, unsigned bits)
{
	return lane << bits | lane >> (64 - bits);
}

static inline void chi(uint64_t row[5], uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)
{
	row[0] = a ^ (~b & c);
	row[1] = b ^ (~c & d);
	row[2] = c ^ (~d & e);
	row[3] = d ^ (~e & a);
	row[4] = e ^ (~a & b);
}

/* One round from one state into another: rho and pi are the indexes and shifts written out, so that no lane is moved
 * twice. Lane x, y stands at [x + 5 * y]. */
static inline void keccak_round(const uint64_t in[25], uint64_t out[25], uint64_t constant)
{
	const uint64_t c0 = in[0] ^ in[5] ^ in[10] ^ in[15] ^ in[20];
	const uint64_t c1 = in[1] ^ in[6] ^ in[11] ^ in[16] ^ in[21];
	const uint64_t c2 = in[2] ^ in[7] ^ in[12] ^ in[17] ^ in[22];
	const uint64_t c3 = in[3] ^ in[8] ^ in[13] ^ in[18] ^ in[23];
	const uint64_t c4 = in[4] ^ in[9] ^ in[14] ^ in[19] ^ in[24];
	const uint64_t d0 = c4 ^ rotate(c1, 1);
	const uint64_t d1 = c0 ^ rotate(c2, 1);
	const uint64_t d2 = c1 ^ rotate(c3, 1);
	const uint64_t d3 = c2 ^ rotate(c4, 1);
	const uint64_t d4 = c3 ^ rotate(c0, 1);

	chi(out, in[0] ^ d0, rotate(in[6] ^ d1, 44), rotate(in[12] ^ d2, 43), rotate(in[18] ^ d3, 21),
		rotate(in[24] ^ d4, 14));
	chi(out + 5, rotate(in[3] ^ d3, 28), rotate(in[9] ^ d4, 20), rotate(in[10] ^ d0, 3), rotate(in[16] ^ d1, 45),
		rotate(in[22] ^ d2, 61));
	chi(out + 10, rotate(in[1] ^ d1, 1), rotate(in[7] ^ d2, 6), rotate(in[13] ^ d3, 25), rotate(in[19] ^ d4, 8),
		rotate(in[20] ^ d0, 18));
	chi(out + 15, rotate(in[4] ^ d4, 27), rotate(in[5] ^ d0, 36), rotate(in[11] ^ d1, 10), rotate(in[17] ^ d2, 15),
		rotate(in[23] ^ d3, 56));
	chi(out + 20, rotate(in[2] ^ d2, 62), rotate(in[8] ^ d3, 55), rotate(in[14] ^ d4, 39), rotate(in[15] ^ d0, 41),
		rotate(in[21] ^ d1, 2));
	out[0] ^= constant;
}

static void permute(uint64_t state[25])
{
	uint64_t other[25];

	for (size_t i = 0; i < ROUNDS; i += 2) {
		keccak_round(state, other, round_constants[i]);
		keccak_round(other, state, round_constants[i + 1]);
	}
}

static void absorb(uint64_t state[25], const uint8_t block[RATE_BYTES])
{
	for (size_t lane = 0; lane < RATE_LANES; lane++) {
		const uint8_t *byte = block + lane * 8;
		uint64_t value = 0;

		for (unsigned i = 0; i < 8; i++)
			value |= (uint64_t)byte[i] << (8 * i);
		state[lane] ^= value;
	}
	permute(state);
}

void keccak256(const void *bytes, size_t len, uint8_t out[KECCAK256_SIZE])
{
	uint64_t state[25] = {0};
	uint8_t last[RATE_BYTES] = {0};
	const uint8_t *at = bytes;

	for (; len >= RATE_BYTES; len -= RATE_BYTES, at += RATE_BYTES)
		absorb(state, at);
	if (len > 0)
		memcpy(last, at, len);
	last[len] = 0x01;
	last[RATE_BYTES - 1] |= 0x80;
	absorb(state, last);
	for (size_t i = 0; i < KECCAK256_SIZE; i++)
		out[i] = (uint8_t)(state[i / 8] >> (8 * (i % 8)));
}
