#include "values/base58.h"

#include <assert.h>
#include <string.h>

#include "base/sha256.h"

/* Digits are taken five at a time: 58^5 is below 2^32, so a step of the long multiplication fits into 64 bits. */
#define CHUNK_DIGITS 5
#define LIMBS ((BASE58_TEXT_MAX * 6 + 31) / 32) /* a digit is less than 6 bits */

#define NONE 0xff

/* The values of the characters from '1' to 'z'. */
static const uint8_t digit_values['z' - '1' + 1] = {0, 1, 2, 3, 4, 5, 6, 7, 8, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
	9, 10, 11, 12, 13, 14, 15, 16, NONE, 17, 18, 19, 20, 21, NONE, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, NONE,
	NONE, NONE, NONE, NONE, NONE, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, NONE, 44, 45, 46, 47, 48, 49, 50, 51,
	52, 53, 54, 55, 56, 57};

static const uint32_t powers[CHUNK_DIGITS + 1] = {1, 58, 3364, 195112, 11316496, 656356768};

/* A number of any size; the least significant limb comes first and the highest one in use is not zero. */
struct number {
	uint32_t limbs[LIMBS];
	size_t count;
};

static inline uint8_t digit_value(char character)
{
	const unsigned place = (unsigned)(unsigned char)character - '1';

	return place < sizeof(digit_values) ? digit_values[place] : NONE;
}

static void number_multiply_add(struct number *number, uint32_t factor, uint32_t term)
{
	uint64_t carry = term;

	for (size_t i = 0; i < number->count; i++) {
		carry += (uint64_t)number->limbs[i] * factor;
		number->limbs[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry > 0) {
		assert(number->count < LIMBS);
		number->limbs[number->count++] = (uint32_t)carry;
	}
}

static bool number_parse(struct number *number, struct text text)
{
	size_t next = 0;

	while (next < text.len) {
		const size_t left = text.len - next;
		const size_t count = left < CHUNK_DIGITS ? left : CHUNK_DIGITS;
		uint32_t chunk = 0;
		uint8_t bad = 0;

		for (size_t i = 0; i < count; i++) {
			const uint8_t digit = digit_value(text.ptr[next + i]);

			bad |= digit;
			chunk = chunk * 58 + digit;
		}
		if (bad == NONE) /* digits alone never set all bits */
			return false;
		number_multiply_add(number, powers[count], chunk);
		next += count;
	}
	return true;
}

static size_t number_bytes(const struct number *number)
{
	size_t bytes = number->count * 4;
	uint32_t top;

	if (bytes == 0)
		return 0;
	for (top = number->limbs[number->count - 1]; top >> 24 == 0; top <<= 8)
		bytes--;
	return bytes;
}

bool base58_text_valid(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (digit_value(text.ptr[i]) == NONE)
			return false;
	}
	return true;
}

bool base58_decode(struct text text, uint8_t *out, size_t cap, size_t *len)
{
	struct number number = {.count = 0};
	size_t zeros = 0;
	size_t bytes;

	*len = 0;
	if (text.len == 0 || text.len > BASE58_TEXT_MAX)
		return false;
	while (zeros < text.len && text.ptr[zeros] == '1')
		zeros++;
	if (!number_parse(&number, (struct text){text.ptr + zeros, text.len - zeros}))
		return false;
	bytes = number_bytes(&number);
	if (zeros + bytes > cap)
		return false;
	memset(out, 0, zeros);
	for (size_t i = 0; i < bytes; i++) {
		const size_t place = bytes - 1 - i; /* from the least significant byte */

		out[zeros + i] = (uint8_t)(number.limbs[place / 4] >> (8 * (place % 4)));
	}
	*len = zeros + bytes;
	return true;
}

enum base58_verdict base58_check_decode(struct text text, struct sha256 *sha, uint8_t out[BASE58_VERSIONED_SIZE])
{
	const size_t payload_len = BASE58_VERSIONED_SIZE - BASE58_CHECK_SIZE;
	uint8_t bytes[BASE58_VERSIONED_SIZE];
	uint8_t digest[SHA256_SIZE];
	size_t len;

	if (!base58_decode(text, bytes, sizeof(bytes), &len) || len != sizeof(bytes))
		return BASE58_BAD_SYNTAX;
	memcpy(out, bytes, sizeof(bytes));
	sha256_of(sha, bytes, payload_len, digest);
	sha256_of(sha, digest, sizeof(digest), digest);
	if (memcmp(digest, bytes + payload_len, BASE58_CHECK_SIZE) != 0)
		return BASE58_BAD_CHECKSUM;
	return BASE58_VALID;
}
