/*
 * An ISO 20022 credit transfer: its bytes are the input. Where XML is ill-formed, libxml2's words and how far it came
 * depend on the pieces it is fed, so there only the refusal is compared; and what is wrong with the whole message is
 * told sooner or later.
 */
#include "tests/fuzz/fuzz_reader.h"

static bool is_ill_formed(const char *reading)
{
	return ends_with(reading, "refused\n") && (strstr(reading, "error XML_SYNTAX row 0") != NULL ||
							  strstr(reading, "error FILE_ENCODING row 0") != NULL);
}

static int line_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

#define LINES_MAX 4096

/* Its lines in byte order, joined again. */
static char *sorted(const char *reading)
{
	static char *lines[LINES_MAX];
	struct buf copy = {0}, out = {0};
	size_t count = 0;
	char *at;

	buf_addz(&copy, reading);
	at = copy.data;
	while (at != NULL && count < LINES_MAX) {
		lines[count++] = at;
		at = strchr(at, '\n');
		if (at != NULL)
			*at++ = '\0';
	}
	qsort(lines, count, sizeof(lines[0]), line_compare);
	for (size_t i = 0; i < count; i++)
		buf_addf(&out, "%s\n", lines[i]);
	buf_release(&copy);
	return out.data;
}

static void see_same(const char *whole, const char *pieces)
{
	char *a = sorted(whole), *b = sorted(pieces);

	if (strcmp(a, b) != 0)
		fprintf(stderr, "whole:\n%s\n", whole);
	never(strcmp(a, b) != 0, "another reading in pieces", pieces);
	free(a);
	free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct source source = {.bytes = {(const char *)data, len}};
	char *whole = read_as(&reader_pain001, source, 0), *pieces;

	source.piece = 1 + len % 31;
	source.seed = (unsigned)len + 1;
	pieces = read_as(&reader_pain001, source, 0);
	if (is_ill_formed(whole) || is_ill_formed(pieces))
		never(!ends_with(whole, "refused\n") || !ends_with(pieces, "refused\n"), "ill-formed, and taken",
			pieces);
	else
		see_same(whole, pieces);
	see_end(whole);
	free(whole);
	free(pieces);
	return 0;
}
