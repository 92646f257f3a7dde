/*
 * A source in another encoding, read as UTF-8; and UTF-8 written in another encoding. Floor 2. iconv converts, chunk by
 * chunk; memory is one chunk.
 */
#ifndef FORMATS_DECODER_H
#define FORMATS_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/text.h"
#include "formats/encoding.h"
#include "formats/refusal.h"
#include "formats/source.h"

struct decoder;

/* NULL where this system can't convert: FAULT_USAGE. */
struct decoder *decoder_open(const struct encoding *encoding, struct fault *fault);
void decoder_close(struct decoder *decoder); /* NULL is fine */

/* Reads on, as source_read() does: *len bytes of UTF-8 into buffer (size at least 16), 0 at the end and where bytes
 * come that the encoding has not: see decoder_bad(). */
MUST_CHECK bool decoder_read(
	struct decoder *decoder, struct source *source, char *buffer, size_t size, size_t *len, struct fault *fault);
/* The place in the file (bytes, from 0) and value of the first byte that is none of the encoding, or at which the file
 * breaks off within a character. False while there is none. */
bool decoder_bad(const struct decoder *decoder, int64_t *offset, unsigned char *byte);
/* Of a bad one: the file ends within the character. */
bool decoder_cut(const struct decoder *decoder);
const char *decoder_name(const struct decoder *decoder);

/* The encoding of a file that begins with head, as it is told (NULL: not at all) and as the file's mark says; NULL for
 * UTF-8, where *decoder is NULL too. What is told and the mark may disagree: FILE_ENCODING in the refusal. */
MUST_CHECK bool decoder_choose(const char *told, struct text head, const struct encoding **encoding,
	struct decoder **decoder, struct refusal *refusal, struct fault *fault);

struct encoder;

/* The same the other way. */
struct encoder *encoder_open(const struct encoding *encoding, struct fault *fault);
void encoder_close(struct encoder *encoder); /* NULL is fine */
/* Adds UTF-8 text in the encoding; a character that it has not becomes a question mark. */
void encoder_add(struct encoder *encoder, struct text text, struct buf *out);

#endif
