/* The key and the certificate that stand for Amazon's (providers/circle.md, A17). */
#include "cmd/sandbox/circle.h"

#include <assert.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define KEY_BITS 2048
#define SIGNATURE_BYTES (KEY_BITS / 8)
#define DAYS_SECONDS (INT64_C(3650) * 86400)

/* Self-signed: who checks more than the signature has to trust it. */
static void certificate_make(struct circle_signer *signer)
{
	static const unsigned char name[] = "sns.sandbox";
	X509 *certificate = X509_new();
	X509_NAME *subject = X509_get_subject_name(certificate);
	BIO *memory = BIO_new(BIO_s_mem());
	char *bytes = NULL;
	bool made;

	made = X509_set_version(certificate, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
	       X509_gmtime_adj(X509_getm_notBefore(certificate), -86400) != NULL &&
	       X509_gmtime_adj(X509_getm_notAfter(certificate), DAYS_SECONDS) != NULL &&
	       X509_set_pubkey(certificate, signer->key) == 1 &&
	       X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(certificate, subject) == 1 &&
	       X509_sign(certificate, signer->key, EVP_sha256()) > 0 && PEM_write_bio_X509(memory, certificate) == 1;
	assert(made);
	buf_add(&signer->certificate, BIO_get_mem_data(memory, &bytes) > 0 ? bytes : "",
		(size_t)BIO_get_mem_data(memory, &bytes));
	BIO_free(memory);
	X509_free(certificate);
}

static void signer_make(struct circle_signer *signer)
{
	if (signer->key != NULL)
		return;
	signer->key = EVP_RSA_gen(KEY_BITS);
	assert(signer->key != NULL);
	certificate_make(signer);
}

void circle_sign(struct circle_signer *signer, struct text text, struct buf *out)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char signature[SIGNATURE_BYTES];
	size_t len = sizeof(signature);
	bool made;

	signer_make(signer);
	made = EVP_DigestSignInit(context, NULL, EVP_sha1(), NULL, signer->key) == 1 &&
	       EVP_DigestSign(context, signature, &len, (const unsigned char *)text.ptr, text.len) == 1;
	assert(made && len == sizeof(signature));
	out->len += (size_t)EVP_EncodeBlock(
		(unsigned char *)buf_room(out, SIGNATURE_BYTES * 2), signature, (int)sizeof(signature));
	EVP_MD_CTX_free(context);
}

struct text circle_signer_certificate(struct circle_signer *signer)
{
	signer_make(signer);
	return buf_text(&signer->certificate);
}

void circle_signer_release(struct circle_signer *signer)
{
	EVP_PKEY_free(signer->key);
	buf_release(&signer->certificate);
	*signer = (struct circle_signer){.key = NULL};
}
