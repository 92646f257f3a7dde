#include "cmd/sandbox/uuid.h"

#include <assert.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/buf.h"

bool uuid_parse(struct text text, char out[UUID_LEN])
{
	size_t i;

	if (text.len != UUID_LEN)
		return false;
	for (i = 0; i < UUID_LEN; i++) {
		char byte = text.ptr[i];
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (byte >= 'A' && byte <= 'F')
			byte = (char)(byte - 'A' + 'a');
		if (dash ? byte != '-' : !((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f')))
			return false;
		out[i] = byte;
	}
	return true;
}

/* RFC 9562, section 5.4: 16 bytes with the version and variant bits set. */
static void uuid_text(unsigned char bytes[16], char out[UUID_SIZE])
{
	char hex[33];

	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	text_hex(bytes, 16, hex);
	snprintf(out, UUID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

void uuid_new(char out[UUID_SIZE])
{
	unsigned char bytes[16];
	int done = RAND_bytes(bytes, sizeof(bytes));

	assert(done == 1);
	uuid_text(bytes, out);
}

void uuid_of(const char *kind, struct text name, char out[UUID_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct buf buf = {NULL, 0, 0};

	buf_addf(&buf, "%s:", kind);
	buf_addt(&buf, name);
	EVP_Q_digest(NULL, "SHA256", NULL, buf.data, buf.len, digest, NULL);
	uuid_text(digest, out);
	buf_release(&buf);
}
