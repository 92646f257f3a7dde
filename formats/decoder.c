#include "formats/decoder.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define CHUNK_BYTES ((size_t)64 * 1024)
#define CHARACTER_BYTES 4 /* of UTF-8 and of UTF-16 at most */

struct decoder {
	const struct encoding *encoding;
	iconv_t iconv;
	char *bytes; /* of the source, not converted yet */
	size_t len;
	int64_t offset; /* of bytes[0] in the file */
	bool ended;     /* the source is */
	bool bad;       /* bytes[0] is none of the encoding */
	bool cut;       /* the file ends within a character */
};

struct encoder {
	iconv_t iconv;
	struct buf text; /* iconv takes no const */
};

static bool open_iconv(iconv_t *iconv, const char *to, const char *from, const char *name, struct fault *fault)
{
	*iconv = iconv_open(to, from);
	if (*iconv != (iconv_t)-1) // NOLINT(performance-no-int-to-ptr): the library's own sign of a failure
		return true;
	return fault_errno(fault, FAULT_USAGE, "",
		"Install the C library's conversions, or save the file as UTF-8 and leave --encoding out.",
		"this system can't convert %s", name);
}

struct decoder *decoder_open(const struct encoding *encoding, struct fault *fault)
{
	struct decoder *decoder;
	iconv_t iconv;

	if (!open_iconv(&iconv, "UTF-8", encoding->iconv, encoding->name, fault))
		return NULL;
	decoder = memory_new(sizeof(*decoder));
	*decoder = (struct decoder){.encoding = encoding, .iconv = iconv, .bytes = memory_new(CHUNK_BYTES)};
	return decoder;
}

void decoder_close(struct decoder *decoder)
{
	if (decoder == NULL)
		return;
	iconv_close(decoder->iconv);
	free(decoder->bytes);
	free(decoder);
}

const char *decoder_name(const struct decoder *decoder)
{
	return decoder->encoding->name;
}

bool decoder_bad(const struct decoder *decoder, int64_t *offset, unsigned char *byte)
{
	if (!decoder->bad)
		return false;
	*offset = decoder->offset;
	*byte = (unsigned char)decoder->bytes[0];
	return true;
}

bool decoder_cut(const struct decoder *decoder)
{
	return decoder->cut;
}

static bool more(struct decoder *decoder, struct source *source, struct fault *fault)
{
	size_t count;

	if (!source_read(source, decoder->bytes + decoder->len, CHUNK_BYTES - decoder->len, &count, fault))
		return false;
	decoder->ended = count == 0;
	decoder->len += count;
	return true;
}

/* Converts what it has, as far as there is room and the bytes are good. */
static void convert(struct decoder *decoder, char *buffer, size_t size, size_t *len)
{
	char *from = decoder->bytes, *to = buffer;
	size_t from_left = decoder->len, to_left = size;
	size_t done = iconv(decoder->iconv, &from, &from_left, &to, &to_left);
	int error = done == (size_t)-1 ? errno : 0;

	*len = size - to_left;
	decoder->offset += from - decoder->bytes;
	memmove(decoder->bytes, from, from_left);
	decoder->len = from_left;
	decoder->cut = error == EINVAL && decoder->ended;
	decoder->bad = error == EILSEQ || decoder->cut;
}

bool decoder_read(
	struct decoder *decoder, struct source *source, char *buffer, size_t size, size_t *len, struct fault *fault)
{
	assert(size >= 4 * (size_t)CHARACTER_BYTES);
	*len = 0;
	while (*len == 0 && !decoder->bad) {
		if (!decoder->ended && decoder->len < CHARACTER_BYTES && !more(decoder, source, fault))
			return false;
		if (decoder->len == 0 && decoder->ended)
			return true;
		convert(decoder, buffer, size, len);
	}
	return true;
}

/* What the file's first bytes say against the encoding asked for; NULL: nothing. */
static const char *mark_fault(
	const struct encoding *encoding, const struct encoding *marked, struct text head, bool by_mark)
{
	if (by_mark && marked == NULL)
		return "it has no mark that says which UTF-16 it is";
	if (encoding == NULL)
		return NULL;
	if (text_starts(head, TEXT("\xEF\xBB\xBF")))
		return "it has the mark of UTF-8";
	if (marked != NULL && strcmp(marked->name, encoding->name) != 0)
		return marked == &encoding_utf16le ? "it has the mark of UTF-16LE" : "it has the mark of UTF-16BE";
	return NULL;
}

bool decoder_choose(const char *told, struct text head, const struct encoding **encoding, struct decoder **decoder,
	struct refusal *refusal, struct fault *fault)
{
	const struct encoding *marked = encoding_marked(head);
	const char *wrong;
	bool by_mark;

	*decoder = NULL;
	if (!encoding_find(told, encoding, &by_mark, fault))
		return false;
	wrong = mark_fault(*encoding, marked, head, by_mark);
	if (wrong != NULL)
		refusal_set(refusal, "FILE_ENCODING", 1,
			by_mark ? "Say utf-16le or utf-16be." : "Leave the encoding out.",
			"the file isn't %s as was said: %s", told, wrong);
	if (*encoding == NULL)
		*encoding = marked;
	if (wrong != NULL)
		*encoding = NULL;
	if (*encoding == NULL)
		return true;
	*decoder = decoder_open(*encoding, fault);
	return *decoder != NULL;
}

struct encoder *encoder_open(const struct encoding *encoding, struct fault *fault)
{
	struct encoder *encoder;
	iconv_t iconv;

	if (!open_iconv(&iconv, encoding->iconv, "UTF-8", encoding->name, fault))
		return NULL;
	encoder = memory_new(sizeof(*encoder));
	encoder->iconv = iconv;
	return encoder;
}

void encoder_close(struct encoder *encoder)
{
	if (encoder == NULL)
		return;
	iconv_close(encoder->iconv);
	buf_release(&encoder->text);
	free(encoder);
}

static size_t character_bytes(const char *at, size_t left)
{
	size_t len = 1;

	while (len < left && ((unsigned char)at[len] & 0xC0) == 0x80)
		len++;
	return len;
}

void encoder_add(struct encoder *encoder, struct text text, struct buf *out)
{
	char *from, question[] = "?";
	size_t left = text.len;

	buf_reset(&encoder->text);
	buf_addt(&encoder->text, text);
	from = encoder->text.data;
	while (left > 0) {
		char *at = question, *to;
		size_t one = 1, room = 2 * left + CHARACTER_BYTES, skipped, done;
		int error;

		to = buf_room(out, room);
		done = iconv(encoder->iconv, &from, &left, &to, &room);
		error = done == (size_t)-1 ? errno : 0;
		out->len = (size_t)(to - out->data);
		if (error == 0 || error == E2BIG)
			continue;
		skipped = character_bytes(from, left);
		from += skipped;
		left -= skipped;
		room = CHARACTER_BYTES;
		to = buf_room(out, room);
		if (iconv(encoder->iconv, &at, &one, &to, &room) == (size_t)-1)
			abort(); /* each of them has a question mark */
		out->len = (size_t)(to - out->data);
	}
}
