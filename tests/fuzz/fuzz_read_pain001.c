/* An ISO 20022 credit transfer: its bytes are the input. */
#include "tests/fuzz/fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct text bytes = {(const char *)data, len};

	free(read_twice(&reader_pain001, bytes, 0));
	return 0;
}
