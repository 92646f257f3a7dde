/* The JSON of a provider's answer, where no number may become a double: jansson's own reading is the second opinion. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "providers/answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text body = {(const char *)data, len};
	struct arena arena = {0};
	json_error_t error;
	json_t *root = answer_parse(body, &arena);
	json_t *plain =
		json_loadb(len > 0 ? body.ptr : "", len, JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);

	if (root != NULL && plain == NULL && json_error_code(&error) != json_error_numeric_overflow) {
		fprintf(stderr, "ill-formed, and taken: %s\n", error.text);
		abort();
	}
	json_decref(root);
	json_decref(plain);
	arena_release(&arena);
	return 0;
}
