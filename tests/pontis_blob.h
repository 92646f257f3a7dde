/* A client's side of PontisGlobe's envelope (providers/pontis.md, section 1.2), for the tests of the sandbox: written
 * apart from what the sandbox opens it with. */
#ifndef TESTS_PONTIS_BLOB_H
#define TESTS_PONTIS_BLOB_H

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adds base64url without padding to the string at out. */
static inline void blob_add(char *out, const unsigned char *bytes, size_t len)
{
	unsigned char *encoded = calloc(1, len * 2 + 4);
	size_t i;

	EVP_EncodeBlock(encoded, bytes, (int)len);
	for (i = 0; encoded[i] != '\0' && encoded[i] != '='; i++) {
		if (encoded[i] == '+')
			encoded[i] = '-';
		if (encoded[i] == '/')
			encoded[i] = '_';
	}
	encoded[i] = '\0';
	memcpy(out + strlen(out), encoded, i + 1);
	free(encoded);
}

/* The caller frees it. NULL: the cipher failed. The secret is bytes 00 to 1f. */
static inline char *blob_new(const void *plaintext, size_t len, const unsigned char iv[12])
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	unsigned char *sealed = calloc(1, len + 1);
	char *out = calloc(1, len * 2 + 80);
	unsigned char secret[32];
	unsigned char tag[16];
	int part = 0;

	for (unsigned i = 0; i < sizeof(secret); i++)
		secret[i] = (unsigned char)i;
	if (EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), NULL, secret, iv) == 1 &&
		EVP_EncryptUpdate(context, sealed, &part, plaintext, (int)len) == 1 &&
		EVP_EncryptFinal_ex(context, sealed + part, &part) == 1 &&
		EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, sizeof(tag), tag) == 1) {
		blob_add(out, iv, 12);
		memcpy(out + strlen(out), ":", 2);
		blob_add(out, tag, sizeof(tag));
		memcpy(out + strlen(out), ":", 2);
		blob_add(out, sealed, len);
	} else {
		free(out);
		out = NULL;
	}
	EVP_CIPHER_CTX_free(context);
	free(sealed);
	return out;
}

#endif
