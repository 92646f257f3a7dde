#include "cmd/sandbox/pontis_seal.h"

#include <assert.h>
#include <openssl/evp.h>
#include <string.h>

#define IV_BYTES 12
#define TAG_BYTES 16

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

bool base64url_decode(struct text text, struct buf *out)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t i;

	if (text.len % 4 == 1)
		return false;
	for (i = 0; i < text.len; i++) {
		const char *at = text.ptr[i] == '\0' ? NULL : strchr(alphabet, text.ptr[i]);

		if (at == NULL)
			return false;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		held += 6;
		if (held >= 8) {
			held -= 8;
			buf_addc(out, (char)(unsigned char)(bits >> held));
			bits &= (UINT32_C(1) << held) - 1;
		}
	}
	return bits == 0;
}

void base64url_encode(struct buf *out, const void *bytes, size_t len)
{
	const unsigned char *in = bytes;
	uint32_t bits = 0;
	unsigned held = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		bits = (bits & 0xff) << 8 | in[i];
		held += 8;
		while (held >= 6) {
			held -= 6;
			buf_addc(out, alphabet[bits >> held & 63]);
		}
	}
	if (held > 0)
		buf_addc(out, alphabet[bits << (6 - held) & 63]);
}

/* Takes what stands before the colon off the front of the rest. */
static bool part_take(struct text *rest, struct text *part)
{
	const char *colon = rest->len == 0 ? NULL : memchr(rest->ptr, ':', rest->len);

	if (colon == NULL)
		return false;
	*part = (struct text){rest->ptr, (size_t)(colon - rest->ptr)};
	*rest = (struct text){colon + 1, rest->len - part->len - 1};
	return true;
}

static bool decrypt(const unsigned char *secret, const struct buf *iv, struct buf *tag, const struct buf *sealed,
	struct buf *plaintext)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	unsigned char *out = (unsigned char *)buf_room(plaintext, sealed->len + 1);
	const unsigned char *in = (const unsigned char *)buf_str(sealed);
	int len = 0;
	int end = 0;
	bool done;

	assert(context != NULL && sealed->len <= INT32_MAX);
	done = EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), NULL, secret, (const unsigned char *)iv->data) == 1 &&
	       EVP_DecryptUpdate(context, out, &len, in, (int)sealed->len) == 1 &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag->data) == 1 &&
	       EVP_DecryptFinal_ex(context, out + len, &end) == 1;
	EVP_CIPHER_CTX_free(context);
	if (done)
		plaintext->len += (size_t)len + (size_t)end;
	plaintext->data[plaintext->len] = '\0';
	return done;
}

bool pontis_open(const unsigned char secret[PONTIS_SECRET_BYTES], struct text blob, struct buf *plaintext)
{
	struct buf iv = {NULL, 0, 0};
	struct buf tag = {NULL, 0, 0};
	struct buf sealed = {NULL, 0, 0};
	struct text iv_text;
	struct text tag_text;
	bool opened;

	opened = part_take(&blob, &iv_text) && part_take(&blob, &tag_text) && base64url_decode(iv_text, &iv) &&
		 base64url_decode(tag_text, &tag) && base64url_decode(blob, &sealed) && iv.len == IV_BYTES &&
		 tag.len == TAG_BYTES && decrypt(secret, &iv, &tag, &sealed, plaintext);
	buf_release(&iv);
	buf_release(&tag);
	buf_release(&sealed);
	return opened;
}

void pontis_mac(const unsigned char secret[PONTIS_SECRET_BYTES], struct text bytes, unsigned char out[32])
{
	const unsigned char *in = (const unsigned char *)bytes.ptr;
	size_t len = 0;
	const unsigned char *mac;

	mac = EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, secret, PONTIS_SECRET_BYTES, in, bytes.len, out, 32, &len);
	assert(mac != NULL && len == 32);
}

void pontis_sign(const unsigned char secret[PONTIS_SECRET_BYTES], struct text timestamp, struct text blob,
	char out[PONTIS_SIGN_HEX + 1])
{
	struct buf message = {NULL, 0, 0};
	unsigned char mac[32];

	buf_addt(&message, timestamp);
	buf_addc(&message, '.');
	buf_addt(&message, blob);
	pontis_mac(secret, buf_text(&message), mac);
	text_hex(mac, sizeof(mac), out);
	buf_release(&message);
}
