#include "tests/fuzz/fuzz_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *reading = read_twice(&reader_ndjson, (struct text){(const char *)data, len}, 0);

	free(reading);
	return 0;
}
