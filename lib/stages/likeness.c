#include "stages/likeness.h"

#include <string.h>

static char *add_field(char *at, const void *bytes, size_t len)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		*at++ = (char)(len >> shift & 0xFF);
	if (len > 0)
		memcpy(at, bytes, len);
	return at + len;
}

struct text likeness_text(struct arena *arena, const struct payout *payout)
{
	struct text amount = payout->cells[COLUMN_AMOUNT];
	size_t currency = strlen(payout->currency);
	char decimals = (char)('0' + payout->decimals);
	size_t len = 4 * 4 + payout->destination.len + amount.len + 1 + currency;
	char *bytes = arena_alloc(arena, len);
	char *at = bytes;

	at = add_field(at, payout->destination.ptr, payout->destination.len);
	at = add_field(at, amount.ptr, amount.len);
	at = add_field(at, &decimals, 1);
	add_field(at, payout->currency, currency);
	return (struct text){bytes, len};
}

void likeness_init(struct fingerprint *fingerprint, struct sha256 *sha, struct text namespace_text)
{
	uint8_t digest[SHA256_SIZE];

	sha256_begin(sha);
	sha256_add_field(sha, TEXT("payrun-like-1"));
	sha256_add_field(sha, namespace_text);
	sha256_end(sha, digest);
	fingerprint_fixed(fingerprint, digest);
}

static void digest_start(const struct fingerprint *fingerprint, struct text text, uint8_t digest[LIKENESS_SIZE])
{
	uint8_t whole[16];

	fingerprint_of(fingerprint, text, whole);
	memcpy(digest, whole, LIKENESS_SIZE);
}

void likeness_of(const struct fingerprint *fingerprint, struct arena *arena, const struct payout *payout,
	uint8_t digest[LIKENESS_SIZE])
{
	digest_start(fingerprint, likeness_text(arena, payout), digest);
}

void likeness_reference(const struct fingerprint *fingerprint, struct arena *arena, struct text reference,
	uint8_t digest[LIKENESS_SIZE])
{
	digest_start(fingerprint, text_lookalike(arena, reference), digest);
}
