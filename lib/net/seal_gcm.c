/* The sealed texts of seal.h. */
#include "net/seal.h"

#include <assert.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include <openssl/evp.h>
#include <sys/random.h>

#include "net/base64url.h"

/* Fetched once: OpenSSL 3 looks an algorithm up by its name at each use otherwise. */
static struct {
	pthread_once_t once;
	EVP_CIPHER *cipher;
} gcm = {.once = PTHREAD_ONCE_INIT};

static void gcm_fetch(void)
{
	gcm.cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	assert(gcm.cipher != NULL);
}

void seal_nonce(uint8_t nonce[SEAL_NONCE_SIZE])
{
	ssize_t drawn = getrandom(nonce, SEAL_NONCE_SIZE, 0);

	assert(drawn == SEAL_NONCE_SIZE);
}

static bool is_drawn(const uint8_t nonce[SEAL_NONCE_SIZE])
{
	static const uint8_t zeros[SEAL_NONCE_SIZE];

	return memcmp(nonce, zeros, SEAL_NONCE_SIZE) != 0;
}

static const unsigned char *bytes_of(struct text text)
{
	return text.len > 0 ? (const unsigned char *)text.ptr : (const unsigned char *)"";
}

/* A failure here is a broken libcrypto or no memory: dying is safe, sending what is not sealed is not. */
void seal_close(
	const uint8_t key[SEAL_KEY_SIZE], const uint8_t nonce[SEAL_NONCE_SIZE], struct text plain, struct buf *sealed)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	struct buf cipher = {0};
	unsigned char tag[SEAL_TAG_SIZE];
	int len = 0, rest = 0, done;

	assert(is_drawn(nonce) && plain.len < INT_MAX);
	pthread_once(&gcm.once, gcm_fetch);
	assert(context != NULL);
	done = EVP_EncryptInit_ex2(context, gcm.cipher, key, nonce, NULL);
	assert(done == 1);
	done = EVP_EncryptUpdate(
		context, (unsigned char *)buf_room(&cipher, plain.len), &len, bytes_of(plain), (int)plain.len);
	assert(done == 1 && len == (int)plain.len);
	cipher.len = plain.len;
	done = EVP_EncryptFinal_ex(context, tag, &rest);
	assert(done == 1 && rest == 0);
	done = EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_SIZE, tag);
	assert(done == 1);
	base64url_add(sealed, nonce, SEAL_NONCE_SIZE);
	buf_addc(sealed, ':');
	base64url_add(sealed, tag, SEAL_TAG_SIZE);
	buf_addc(sealed, ':');
	base64url_add(sealed, cipher.data, cipher.len);
	EVP_CIPHER_CTX_free(context);
	buf_release(&cipher);
}

/* Cuts the part before the next ':' off the text and decodes it. */
static bool take_part(struct text *text, struct buf *part)
{
	const char *colon = text->len > 0 ? memchr(text->ptr, ':', text->len) : NULL;
	size_t len;

	if (colon == NULL)
		return false;
	len = (size_t)(colon - text->ptr);
	if (!base64url_parse((struct text){text->ptr, len}, part))
		return false;
	*text = (struct text){colon + 1, text->len - len - 1};
	return true;
}

static bool decrypt(const uint8_t key[SEAL_KEY_SIZE], const struct buf *nonce, const struct buf *tag,
	const struct buf *cipher, struct buf *plain)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	unsigned char *out = (unsigned char *)buf_room(plain, cipher->len);
	unsigned char rest_out[SEAL_TAG_SIZE], tag_bytes[SEAL_TAG_SIZE];
	int len = 0, rest = 0;
	bool fine;

	pthread_once(&gcm.once, gcm_fetch);
	assert(context != NULL);
	memcpy(tag_bytes, tag->data, SEAL_TAG_SIZE);
	fine = EVP_DecryptInit_ex2(context, gcm.cipher, key, (const unsigned char *)nonce->data, NULL) == 1 &&
	       EVP_DecryptUpdate(context, out, &len, bytes_of(buf_text(cipher)), (int)cipher->len) == 1 &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_SIZE, tag_bytes) == 1 &&
	       EVP_DecryptFinal_ex(context, rest_out, &rest) == 1;
	EVP_CIPHER_CTX_free(context);
	if (fine)
		plain->len += cipher->len;
	plain->data[plain->len] = '\0';
	return fine;
}

bool seal_open(const uint8_t key[SEAL_KEY_SIZE], struct text sealed, struct buf *plain)
{
	struct buf nonce = {0}, tag = {0}, cipher = {0};
	bool fine = sealed.len < INT_MAX && take_part(&sealed, &nonce) && take_part(&sealed, &tag) &&
		    base64url_parse(sealed, &cipher) && nonce.len == SEAL_NONCE_SIZE && tag.len == SEAL_TAG_SIZE &&
		    decrypt(key, &nonce, &tag, &cipher, plain);

	buf_release(&nonce);
	buf_release(&tag);
	buf_release(&cipher);
	return fine;
}
