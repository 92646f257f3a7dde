#include "values/bech32.h"

#include <stdbool.h>
#include <string.h>

#define CHECKSUM_DIGITS 6
#define PROGRAM_MIN 2
#define NONE 0xff

/* What is left of a right text: BIP-173 and BIP-350. */
#define REST_PLAIN 1u
#define REST_M 0x2bc830a3u

/* The values of the characters from '0' to 'z', in lower case. */
static const uint8_t digit_values['z' - '0' + 1] = {15, NONE, 10, 17, 21, 20, 26, 30, 7, 5, NONE, NONE, NONE, NONE,
	NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
	NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, 29, NONE,
	24, 13, 25, 9, 8, 23, NONE, 18, 22, 31, 27, 19, NONE, 1, 0, 3, 16, 11, 28, 12, 14, 6, 4, 2};

/* What the top five bits put back: the generator's coefficients for each bit, summed. */
static const uint32_t feedback[32] = {0x00000000, 0x3b6a57b2, 0x26508e6d, 0x1d3ad9df, 0x1ea119fa, 0x25cb4e48,
	0x38f19797, 0x039bc025, 0x3d4233dd, 0x0628646f, 0x1b12bdb0, 0x2078ea02, 0x23e32a27, 0x18897d95, 0x05b3a44a,
	0x3ed9f3f8, 0x2a1462b3, 0x117e3501, 0x0c44ecde, 0x372ebb6c, 0x34b57b49, 0x0fdf2cfb, 0x12e5f524, 0x298fa296,
	0x1756516e, 0x2c3c06dc, 0x3106df03, 0x0a6c88b1, 0x09f74894, 0x329d1f26, 0x2fa7c6f9, 0x14cd914b};

static inline uint32_t polymod(uint32_t sum, uint32_t digit)
{
	return (sum & 0x1ffffff) << 5 ^ digit ^ feedback[sum >> 25];
}

/* The same text in lower case; false when it is too long, not all printable ASCII, or of mixed case. */
static bool lower_case(struct text text, char out[BECH32_TEXT_MAX])
{
	bool upper = false;
	bool lower = false;

	if (text.len > BECH32_TEXT_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		if (c < 33 || c > 126)
			return false;
		upper |= c >= 'A' && c <= 'Z';
		lower |= c >= 'a' && c <= 'z';
		out[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	return !(upper && lower);
}

static uint32_t polymod_hrp(const char *hrp, size_t len)
{
	uint32_t sum = 1;

	for (size_t i = 0; i < len; i++)
		sum = polymod(sum, (uint32_t)hrp[i] >> 5);
	sum = polymod(sum, 0);
	for (size_t i = 0; i < len; i++)
		sum = polymod(sum, (uint32_t)hrp[i] & 31);
	return sum;
}

static uint8_t digit_value(char character)
{
	const unsigned place = (unsigned)(unsigned char)character - '0';

	return place < sizeof(digit_values) ? digit_values[place] : NONE;
}

/* Takes the text apart without a look at its checksum: out has hrp and all digits, those of the checksum included. */
static bool split(struct text text, struct bech32 *out)
{
	char chars[BECH32_TEXT_MAX];
	size_t hrp_len = text.len;

	if (!lower_case(text, chars))
		return false;
	while (hrp_len > 0 && chars[hrp_len - 1] != '1')
		hrp_len--;
	if (hrp_len < 2)
		return false;
	hrp_len--;
	out->count = text.len - hrp_len - 1;
	if (hrp_len > BECH32_HRP_MAX || out->count < CHECKSUM_DIGITS)
		return false;
	memcpy(out->hrp, chars, hrp_len);
	out->hrp[hrp_len] = '\0';
	for (size_t i = 0; i < out->count; i++) {
		out->digits[i] = digit_value(chars[hrp_len + 1 + i]);
		if (out->digits[i] == NONE)
			return false;
	}
	return true;
}

/* Sets the encoding from the checksum and takes the checksum off. */
static void judge(struct bech32 *out)
{
	uint32_t sum = polymod_hrp(out->hrp, strlen(out->hrp));

	for (size_t i = 0; i < out->count; i++)
		sum = polymod(sum, out->digits[i]);
	out->encoding = sum == REST_PLAIN ? BECH32_PLAIN : sum == REST_M ? BECH32_M : BECH32_UNKNOWN;
	out->count -= CHECKSUM_DIGITS;
}

enum bech32_verdict bech32_decode(struct text text, struct bech32 *out)
{
	if (!split(text, out))
		return BECH32_BAD_SYNTAX;
	judge(out);
	return out->encoding == BECH32_UNKNOWN ? BECH32_BAD_CHECKSUM : BECH32_VALID;
}

/* The size of the program is judged by the number of characters, before the checksum: a cut address is told as such. */
static bool segwit_shape(const struct bech32 *bech32, struct segwit *out)
{
	size_t bits;

	if (bech32->count < CHECKSUM_DIGITS + 1 || bech32->digits[0] > SEGWIT_VERSION_MAX)
		return false;
	bits = (bech32->count - CHECKSUM_DIGITS - 1) * 5;
	out->version = bech32->digits[0];
	out->program_len = bits / 8;
	if (bits % 8 >= 5)
		return false;
	if (out->version == 0)
		return out->program_len == 20 || out->program_len == 32;
	return out->program_len >= PROGRAM_MIN && out->program_len <= SEGWIT_PROGRAM_MAX;
}

/* Digits of 5 bits to bytes; false when a bit that is left over is not zero. */
static bool regroup(const uint8_t *digits, size_t count, uint8_t *out)
{
	uint32_t held = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < count; i++) {
		held = (held << 5 | digits[i]) & 0xfff;
		bits += 5;
		if (bits >= 8) {
			bits -= 8;
			*out++ = (uint8_t)(held >> bits);
		}
	}
	return (held & ((1u << bits) - 1)) == 0;
}

enum bech32_verdict segwit_decode(struct text text, struct segwit *out)
{
	struct bech32 bech32;

	if (!split(text, &bech32) || !segwit_shape(&bech32, out))
		return BECH32_BAD_SYNTAX;
	judge(&bech32);
	if (bech32.encoding != (out->version == 0 ? BECH32_PLAIN : BECH32_M))
		return BECH32_BAD_CHECKSUM;
	if (!regroup(bech32.digits + 1, bech32.count - 1, out->program))
		return BECH32_BAD_SYNTAX;
	memcpy(out->hrp, bech32.hrp, sizeof(out->hrp));
	return BECH32_VALID;
}
