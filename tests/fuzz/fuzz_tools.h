/*
 * What the fuzzers share: how a find is told, and an input cut into what chooses and what is tried. Included by one .c
 * file of a fuzzer, which is built by clang with its libFuzzer (make fuzz).
 */
#ifndef TESTS_FUZZ_FUZZ_TOOLS_H
#define TESTS_FUZZ_FUZZ_TOOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* What a fuzzer looks for; the input is kept by libFuzzer. reading: more about it, ended by a NUL. */
static inline void never(bool wrong, const char *what, const char *reading)
{
	if (!wrong)
		return;
	fprintf(stderr, "%s:\n%s\n", what, reading);
	abort();
}

static inline void never_text(bool wrong, const char *what, struct text text)
{
	if (!wrong)
		return;
	fprintf(stderr, "%s: <%.*s>\n", what, (int)text.len, text.ptr);
	abort();
}

/* The first byte of what is left, which is taken away; 0 when nothing is. Letters and digits count from 'a' and '0', so
 * that seeds can be read. */
static inline unsigned choose(struct text *left)
{
	unsigned char byte = left->len > 0 ? (unsigned char)left->ptr[0] : 0;

	if (left->len > 0)
		*left = (struct text){left->ptr + 1, left->len - 1};
	if (byte >= 'a' && byte <= 'z')
		return (unsigned)(byte - 'a');
	return byte >= '0' && byte <= '9' ? (unsigned)(byte - '0') : byte;
}

#endif
