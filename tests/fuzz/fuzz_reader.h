/*
 * What the fuzzers of readers share: the bytes are read in one piece and in small ones, and both readings must be the
 * same and end. Included by one .c file of a fuzzer, which is built by clang with its libFuzzer (make fuzz).
 */
#ifndef TESTS_FUZZ_FUZZ_READER_H
#define TESTS_FUZZ_FUZZ_READER_H

#include "tests/fuzz/fuzz_tools.h"
#include "tests/read_all.h"

static inline bool ends_with(const char *reading, const char *end)
{
	size_t len = strlen(reading), end_len = strlen(end);

	return len >= end_len && strcmp(reading + len - end_len, end) == 0 &&
	       (len == end_len || reading[len - end_len - 1] == '\n');
}

/* It ends, and is refused for a reason. */
static inline void see_end(const char *reading)
{
	bool refused = ends_with(reading, "refused\n");

	never(!refused && !ends_with(reading, "end\n"), "it does not end", reading);
	never(refused && strncmp(reading, "error ", 6) != 0 && strstr(reading, "\nerror ") == NULL,
		"refused without a word", reading);
}

/* The reading of all bytes; the caller frees it. */
static inline char *read_twice(const struct reader_format *format, struct text bytes, char delimiter)
{
	char *whole = read_as(format, (struct source){.bytes = bytes}, delimiter);
	char *pieces = read_as(format,
		(struct source){.bytes = bytes, .piece = 1 + bytes.len % 31, .seed = (unsigned)bytes.len + 1},
		delimiter);

	never(strcmp(whole, pieces) != 0, "another reading in pieces", pieces);
	see_end(whole);
	free(pieces);
	return whole;
}

#endif
