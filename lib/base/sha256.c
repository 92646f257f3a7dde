#include "base/sha256.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/arena.h"

/* Small pieces are gathered: a call into OpenSSL costs as much as the hashing of a hundred bytes. */
#define PENDING_BYTES 256

struct sha256 {
	EVP_MD *digest;
	EVP_MD_CTX *context;
	size_t pending_len;
	uint8_t pending[PENDING_BYTES];
};

struct sha256 *sha256_new(void)
{
	struct sha256 *sha = memory_new(sizeof(*sha));

	sha->digest = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	sha->context = EVP_MD_CTX_new();
	if (sha->digest == NULL || sha->context == NULL)
		abort(); /* out of memory, or an OpenSSL without SHA-256: nothing can be keyed */
	sha256_begin(sha);
	return sha;
}

void sha256_free(struct sha256 *sha)
{
	if (sha == NULL)
		return;
	EVP_MD_CTX_free(sha->context);
	EVP_MD_free(sha->digest);
	free(sha);
}

void sha256_begin(struct sha256 *sha)
{
	sha->pending_len = 0;
	if (EVP_DigestInit_ex2(sha->context, sha->digest, NULL) != 1)
		abort();
}

static void update(struct sha256 *sha, const void *bytes, size_t len)
{
	if (len > 0 && EVP_DigestUpdate(sha->context, bytes, len) != 1)
		abort();
}

static void add_pending(struct sha256 *sha)
{
	update(sha, sha->pending, sha->pending_len);
	sha->pending_len = 0;
}

void sha256_add(struct sha256 *sha, const void *bytes, size_t len)
{
	if (len > PENDING_BYTES - sha->pending_len)
		add_pending(sha);
	if (len > PENDING_BYTES) {
		update(sha, bytes, len);
	} else if (len > 0) {
		memcpy(sha->pending + sha->pending_len, bytes, len);
		sha->pending_len += len;
	}
}

void sha256_add_field(struct sha256 *sha, struct text text)
{
	uint8_t prefix[4];

	assert(text.len <= UINT32_MAX);
	prefix[0] = (uint8_t)(text.len >> 24);
	prefix[1] = (uint8_t)(text.len >> 16);
	prefix[2] = (uint8_t)(text.len >> 8);
	prefix[3] = (uint8_t)text.len;
	sha256_add(sha, prefix, sizeof(prefix));
	sha256_add(sha, text.ptr, text.len);
}

void sha256_end(struct sha256 *sha, uint8_t digest[SHA256_SIZE])
{
	unsigned len = 0;

	add_pending(sha);
	if (EVP_DigestFinal_ex(sha->context, digest, &len) != 1)
		abort();
	assert(len == SHA256_SIZE);
}

void sha256_of(struct sha256 *sha, const void *bytes, size_t len, uint8_t digest[SHA256_SIZE])
{
	sha256_begin(sha);
	sha256_add(sha, bytes, len);
	sha256_end(sha, digest);
}
