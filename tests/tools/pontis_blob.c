/* Seals standard input with the sandbox's encryption secret and prints the blob: bats files have no AES-GCM. */
#include <openssl/rand.h>

#include "tests/pontis_blob.h"

int main(void)
{
	static char plaintext[256 * 1024];
	size_t len = fread(plaintext, 1, sizeof(plaintext), stdin);
	unsigned char iv[12];
	char *blob;

	if (ferror(stdin) || RAND_bytes(iv, sizeof(iv)) != 1)
		return 1;
	blob = blob_new(plaintext, len, iv);
	if (blob == NULL)
		return 1;
	puts(blob);
	free(blob);
	return fflush(stdout) == 0 ? 0 : 1;
}
