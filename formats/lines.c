#include "formats/lines.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bounds.h"

#define CHUNK_BYTES ((size_t)256 * 1024)
#define BUFFER_BYTES (BOUND_LINE_BYTES + CHUNK_BYTES)

void lines_init(struct lines *lines, struct source *source, struct decoder *decoder)
{
	*lines = (struct lines){.source = source, .decoder = decoder, .data = memory_new(BUFFER_BYTES)};
}

void lines_release(struct lines *lines)
{
	decoder_close(lines->decoder);
	lines->decoder = NULL;
	free(lines->data);
	lines->data = NULL;
}

void lines_begin(struct lines *lines)
{
	lines->record = lines->next;
}

void lines_back(struct lines *lines, int64_t line)
{
	lines->next = lines->record;
	lines->lf = lines->record;
	lines->line = line;
}

struct text lines_record(const struct lines *lines)
{
	return (struct text){lines->data + lines->record, lines->next - lines->record};
}

/* Bytes of the file before the line read last, where there is no decoder. */
static int64_t offset_of(const struct lines *lines, struct text line)
{
	return lines->offset + (line.ptr - lines->data);
}

static bool read_on(struct lines *lines, size_t *count, struct fault *fault)
{
	char *to = lines->data + lines->len;

	if (lines->decoder != NULL)
		return decoder_read(lines->decoder, lines->source, to, CHUNK_BYTES, count, fault);
	return source_read(lines->source, to, CHUNK_BYTES, count, fault);
}

/* Moves the record to the front and reads on behind it. */
static bool fill(struct lines *lines, struct fault *fault)
{
	size_t count;

	if (lines->record > 0) {
		memmove(lines->data, lines->data + lines->record, lines->len - lines->record);
		lines->offset += (int64_t)lines->record;
		lines->len -= lines->record;
		lines->next -= lines->record;
		lines->lf -= lines->record;
		lines->record = 0;
	}
	assert(BUFFER_BYTES - lines->len >= CHUNK_BYTES);
	if (!read_on(lines, &count, fault))
		return false;
	lines->ended = count == 0;
	lines->len += count;
	return true;
}

/* Where the line after the next one starts; 0 while its end is not in the buffer. */
static size_t find_end(struct lines *lines)
{
	const char *start = lines->data + lines->next;
	const char *found;

	/* The place of the LF is kept: a file of CR lines would be searched to the end of the buffer for each. */
	if (lines->lf < lines->next)
		lines->lf = lines->next;
	if (lines->lf < lines->len && lines->data[lines->lf] != '\n') {
		found = memchr(lines->data + lines->lf, '\n', lines->len - lines->lf);
		lines->lf = found != NULL ? (size_t)(found - lines->data) : lines->len;
	}
	found = memchr(start, '\r', lines->lf - lines->next);
	if (found == NULL)
		return lines->lf < lines->len ? lines->lf + 1 : 0;
	found++;
	if (found == lines->data + lines->len)
		return 0; /* an LF may follow */
	return (size_t)(found - lines->data) + (*found == '\n' ? 1 : 0);
}

static enum line_verdict check(struct lines *lines, struct text line)
{
	const char *nul = memchr(line.ptr, '\0', line.len);

	if (nul != NULL) {
		lines->bad = (size_t)(nul - line.ptr);
		return LINE_NUL;
	}
	return text_utf8(line, &lines->bad) ? LINE_READ : LINE_ENCODING;
}

/* The decoder met bytes that are none of its encoding: nothing comes after what is in the buffer. */
static bool breaks_off(const struct lines *lines)
{
	int64_t offset;
	unsigned char byte;

	return lines->ended && lines->decoder != NULL && decoder_bad(lines->decoder, &offset, &byte);
}

static bool ends(struct text line)
{
	return line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r');
}

enum line_verdict lines_next(struct lines *lines, struct text *line, struct fault *fault)
{
	size_t end;

	while ((end = find_end(lines)) == 0 && !lines->ended) {
		if (lines->len - lines->record > BOUND_LINE_BYTES)
			break;
		if (!fill(lines, fault))
			return LINE_FAULT;
	}
	if (end == 0)
		end = lines->len;
	if (end == lines->next && !breaks_off(lines))
		return LINE_END;
	lines->line++;
	*line = (struct text){lines->data + lines->next, end - lines->next};
	if (end - lines->record > BOUND_LINE_BYTES)
		return LINE_TOO_LONG;
	lines->next = end;
	if (breaks_off(lines) && end == lines->len && !ends(*line))
		return LINE_ENCODING;
	return check(lines, *line);
}

/* Lines from the next one on that are not blank, as far as they are read, and at most one more than count. */
static size_t lines_ahead(const struct lines *lines, size_t count)
{
	size_t found = 0;
	bool blank = true;

	for (size_t i = lines->next; i < lines->len && found <= count; i++) {
		char byte = lines->data[i];

		if (byte != '\n' && byte != '\r' && byte != ' ' && byte != '\t')
			blank = false;
		else if (byte == '\n' || byte == '\r') {
			found += blank ? 0 : 1;
			blank = true;
		}
	}
	return found + (blank ? 0 : 1);
}

bool lines_within_last(struct lines *lines, size_t count, bool *within, struct fault *fault)
{
	assert(lines->record == lines->next);
	if (lines->lf < lines->next)
		lines->lf = lines->next;
	/* Lines as long as the buffer are not looked at to their end: they are no footer. */
	while (!lines->ended && lines->len - lines->next <= BOUND_LINE_BYTES && lines_ahead(lines, count) <= count)
		if (!fill(lines, fault))
			return false;
	*within = lines->ended && lines_ahead(lines, count) <= count;
	return true;
}

static void refuse_encoding(const struct lines *lines, struct text line, const char *cure_utf8, struct refusal *refusal)
{
	long long number = (long long)lines->line;
	unsigned char byte;
	int64_t offset;

	if (lines->decoder != NULL && decoder_bad(lines->decoder, &offset, &byte) && decoder_cut(lines->decoder))
		refusal_set(refusal, "FILE_ENCODING", number,
			"Have the file written or copied anew: its end is missing.",
			"the file ends within a character of %s, after byte %lld (line %lld)",
			decoder_name(lines->decoder), (long long)offset, number);
	else if (lines->decoder != NULL && decoder_bad(lines->decoder, &offset, &byte))
		refusal_set(refusal, "FILE_ENCODING", number, "Say with --encoding what the file was saved as.",
			"line %lld isn't %s: byte %lld of the file, 0x%02X, is none of it", number,
			decoder_name(lines->decoder), (long long)offset + 1, (unsigned)byte);
	else
		refusal_set(refusal, "FILE_ENCODING", number, cure_utf8,
			"line %lld isn't UTF-8: byte %zu of the line (byte %lld of the file) is 0x%02X", number,
			lines->bad + 1, (long long)offset_of(lines, line) + (long long)lines->bad + 1,
			(unsigned)(unsigned char)line.ptr[lines->bad]);
}

void lines_refuse(const struct lines *lines, enum line_verdict verdict, struct text line, const char *cure_utf8,
	struct refusal *refusal)
{
	long long number = (long long)lines->line;
	long long offset = (long long)offset_of(lines, line) + (long long)lines->bad + 1;

	if (verdict == LINE_TOO_LONG)
		refusal_set(refusal, "FIELD_TOO_LONG", number,
			"Check that this is the file with the payouts, and that its lines end.",
			"line %lld has more than %d bytes", number, BOUND_LINE_BYTES);
	else if (verdict == LINE_NUL && lines->decoder != NULL)
		refusal_set(refusal, "FIELD_CHARACTERS", number,
			"Check that this is a text file, and write it again without NUL characters.",
			"line %lld holds a NUL character", number);
	else if (verdict == LINE_NUL)
		refusal_set(refusal, "FIELD_CHARACTERS", number,
			"Check that this is a text file, and write it again without NUL bytes.",
			"line %lld holds a NUL byte (byte %lld of the file)", number, offset);
	else if (verdict == LINE_ENCODING)
		refuse_encoding(lines, line, cure_utf8, refusal);
}
