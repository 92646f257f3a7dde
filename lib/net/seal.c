#include "net/seal.h"

#include <assert.h>
#include <pthread.h>
#include <stddef.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

/*
 * OpenSSL 3 looks an algorithm up by its name at each one-shot call, which costs more than the hash of a small body.
 * So one context per digest is made once and only copied afterwards: a constant that can't be written as a literal.
 */
static struct {
	pthread_once_t once;
	EVP_MAC_CTX *sha512;
	EVP_MAC_CTX *sha256;
} templates = {.once = PTHREAD_ONCE_INIT};

static EVP_MAC_CTX *template_make(EVP_MAC *hmac, const char *digest)
{
	EVP_MAC_CTX *made = EVP_MAC_CTX_new(hmac);
	char name[16];
	OSSL_PARAM params[2];
	int done;

	snprintf(name, sizeof(name), "%s", digest);
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
	params[1] = OSSL_PARAM_construct_end();
	assert(made != NULL);
	done = EVP_MAC_CTX_set_params(made, params);
	assert(done == 1);
	return made;
}

static void templates_make(void)
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);

	assert(hmac != NULL);
	templates.sha512 = template_make(hmac, "SHA512");
	templates.sha256 = template_make(hmac, "SHA256");
	EVP_MAC_free(hmac);
}

/* A failure here is a broken libcrypto or no memory: dying is safe, sending with a wrong signature is not. */
static void hmac_hex(const EVP_MAC_CTX *made, struct text key, struct text message, char *out, size_t size)
{
	EVP_MAC_CTX *context = EVP_MAC_CTX_dup(made);
	uint8_t digest[EVP_MAX_MD_SIZE];
	/* an empty key still has to be a key: NULL would mean the one before */
	const uint8_t *bytes = key.len > 0 ? (const uint8_t *)key.ptr : (const uint8_t *)"";
	size_t len = 0;
	int done;

	assert(context != NULL);
	done = EVP_MAC_init(context, bytes, key.len, NULL);
	assert(done == 1);
	done = EVP_MAC_update(context, (const uint8_t *)message.ptr, message.len);
	assert(done == 1);
	done = EVP_MAC_final(context, digest, &len, sizeof(digest));
	assert(done == 1 && len == size);
	text_hex(digest, len, out);
	EVP_MAC_CTX_free(context);
}

void seal_hmac_sha512(struct text key, struct text message, char out[129])
{
	pthread_once(&templates.once, templates_make);
	hmac_hex(templates.sha512, key, message, out, 64);
}

void seal_hmac_sha256(struct text key, struct text message, char out[65])
{
	pthread_once(&templates.once, templates_make);
	hmac_hex(templates.sha256, key, message, out, 32);
}
