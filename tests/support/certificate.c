#include "tests/support/certificate.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#define DAY_SECONDS 86400L

static char *bio_string(BIO *bio)
{
	char *bytes;
	long len = BIO_get_mem_data(bio, &bytes);
	char *string = calloc(1, (size_t)len + 1);

	assert(string != NULL);
	memcpy(string, bytes, (size_t)len);
	BIO_free(bio);
	return string;
}

static void add_extension(X509 *x509, int nid, const char *value)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, x509, x509, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	assert(extension != NULL);
	X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
}

void certificate_make(struct certificate *certificate, const char *host, long days)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x509 = X509_new();
	BIO *pem = BIO_new(BIO_s_mem()), *key_pem = BIO_new(BIO_s_mem());
	char alternative[64];
	int done;

	assert(key != NULL && x509 != NULL && pem != NULL && key_pem != NULL);
	snprintf(alternative, sizeof(alternative), "IP:%s", host);
	X509_set_version(x509, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
	X509_gmtime_adj(X509_getm_notBefore(x509), -30 * DAY_SECONDS);
	X509_gmtime_adj(X509_getm_notAfter(x509), days * DAY_SECONDS);
	X509_set_pubkey(x509, key);
	X509_NAME_add_entry_by_txt(
		X509_get_subject_name(x509), "CN", MBSTRING_ASC, (const unsigned char *)"payrun test", -1, -1, 0);
	X509_set_issuer_name(x509, X509_get_subject_name(x509));
	add_extension(x509, NID_basic_constraints, "critical,CA:TRUE");
	add_extension(x509, NID_subject_alt_name, alternative);
	done = X509_sign(x509, key, EVP_sha256());
	assert(done > 0);
	done = PEM_write_bio_X509(pem, x509);
	assert(done == 1);
	done = PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL);
	assert(done == 1);
	certificate->pem = bio_string(pem);
	certificate->key_pem = bio_string(key_pem);
	X509_free(x509);
	EVP_PKEY_free(key);
}

void certificate_release(struct certificate *certificate)
{
	free(certificate->pem);
	free(certificate->key_pem);
	*certificate = (struct certificate){0};
}
