/*
 * Physical lines of a source, and the record they make: bytes in place, none copied. Floor 2.
 * Of a source in another encoding they are what it is in UTF-8. A line ends with LF, CR LF, CR or the end of the file,
 * and holds its end. Each is UTF-8 without NUL bytes. Memory is one buffer of BOUND_LINE_BYTES and a chunk, whatever
 * the file.
 */
#ifndef FORMATS_LINES_H
#define FORMATS_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"
#include "formats/decoder.h"
#include "formats/refusal.h"
#include "formats/source.h"

struct lines {
	struct source *source;
	struct decoder *decoder; /* NULL: the source is UTF-8 */
	char *data;
	size_t len;     /* bytes in data */
	size_t record;  /* where the record starts in data */
	size_t next;    /* where the next line starts */
	size_t lf;      /* where the next LF is, as far as known; len where there is none */
	int64_t offset; /* of data[0] in the file, where there is no decoder */
	int64_t line;   /* number of the line read last, from 1 */
	bool ended;     /* data reaches to the end of the file */
	size_t bad;     /* of LINE_NUL and LINE_ENCODING: the first bad byte in the line */
};

enum line_verdict {
	LINE_FAULT = 0, /* the source could not be read: see fault */
	LINE_READ,
	LINE_END,
	LINE_TOO_LONG, /* the line, or the record it belongs to, is over BOUND_LINE_BYTES */
	LINE_NUL,      /* text is the line; a NUL byte stands at `bad` */
	LINE_ENCODING, /* text is the line; what stands at `bad` isn't UTF-8, or the decoder found what is none of its
			*/
};

/* decoder: taken; NULL for UTF-8. */
void lines_init(struct lines *lines, struct source *source, struct decoder *decoder);
void lines_release(struct lines *lines);

/* The next line; it is valid until the next call. */
enum line_verdict lines_next(struct lines *lines, struct text *line, struct fault *fault);

/* The next line starts a new record. */
void lines_begin(struct lines *lines);
/* *within: at most count lines that are not blank are left, and the record has none yet. */
MUST_CHECK bool lines_within_last(struct lines *lines, size_t count, bool *within, struct fault *fault);
/* The lines of the record come again; line: number of the one before it. */
void lines_back(struct lines *lines, int64_t line);
/* All bytes of the record so far, valid until the next lines_next(). */
struct text lines_record(const struct lines *lines);
/* What a line that can't be read (LINE_TOO_LONG, LINE_NUL, LINE_ENCODING) means for the file. cure_utf8: a literal. */
void lines_refuse(const struct lines *lines, enum line_verdict verdict, struct text line, const char *cure_utf8,
	struct refusal *refusal);

#endif
