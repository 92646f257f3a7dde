/*
 * What the fuzzers of readers share: the bytes are read in one piece and in small ones, and both readings must be the
 * same and end. Included by one .c file of a fuzzer, which is built by clang with its libFuzzer (make fuzz).
 */
#ifndef TESTS_FUZZ_FUZZ_READER_H
#define TESTS_FUZZ_FUZZ_READER_H

#include "tests/fuzz/fuzz_tools.h"
#include "tests/read_all.h"

/* The reading of all bytes; the caller frees it. */
static inline char *read_twice(const struct reader_format *format, struct text bytes, char delimiter)
{
	char *whole = read_as(format, (struct source){.bytes = bytes}, delimiter);
	char *pieces = read_as(format,
		(struct source){.bytes = bytes, .piece = 1 + bytes.len % 31, .seed = (unsigned)bytes.len + 1},
		delimiter);

	never(strcmp(whole, pieces) != 0, "another reading in pieces", pieces);
	never(strstr(whole, "end\n") == NULL && strstr(whole, "refused\n") == NULL, "it does not end", whole);
	never(strstr(whole, "refused\n") != NULL && strstr(whole, "error ") == NULL, "refused without a word", whole);
	free(pieces);
	return whole;
}

#endif
