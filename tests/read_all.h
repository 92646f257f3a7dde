/*
 * A reading of a reader as one text. The source here is the test's own: bytes in memory, read in pieces of a
 * chosen size, and failing where the test says so. Included by one .c file of a test program.
 */
#ifndef TESTS_READ_ALL_H
#define TESTS_READ_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "base/buf.h"
#include "formats/reader.h"

struct source {
	struct text bytes;
	size_t position;
	size_t piece;   /* bytes a read gives at most; 0: all that is asked for */
	size_t fail_at; /* reading fails there; 0: never */
	unsigned seed;  /* not 0: pieces of every size up to `piece` */
};

bool source_read(struct source *source, void *buffer, size_t size, size_t *len, struct fault *fault)
{
	size_t left = source->bytes.len - source->position;
	size_t piece = source->piece > 0 ? source->piece : size;

	*len = 0;
	if (source->fail_at > 0 && source->position >= source->fail_at)
		return fault_set(fault, FAULT_OPERATION, "", NULL, "the disk is broken");
	if (source->seed != 0) {
		source->seed = source->seed * 1103515245U + 12345U;
		piece = 1 + (source->seed >> 16) % piece;
	}
	size = size < piece ? size : piece;
	size = size < left ? size : left;
	if (source->fail_at > source->position && size > source->fail_at - source->position)
		size = source->fail_at - source->position;
	if (size > 0)
		memcpy(buffer, source->bytes.ptr + source->position, size);
	source->position += size;
	*len = size;
	return true;
}

bool source_peek(struct source *source, void *buffer, size_t size, size_t *len, struct fault *fault)
{
	size_t left = source->bytes.len - source->position;

	(void)fault;
	*len = size < left ? size : left;
	if (*len > 0)
		memcpy(buffer, source->bytes.ptr + source->position, *len);
	return true;
}

bool source_read_at(struct source *source, int64_t offset, void *buffer, size_t size, size_t *len, struct fault *fault)
{
	size_t at = offset < (int64_t)source->bytes.len ? (size_t)offset : source->bytes.len;

	*len = size < source->bytes.len - at ? size : source->bytes.len - at;
	if (source->fail_at > 0 && at + *len > source->fail_at)
		return fault_set(fault, FAULT_OPERATION, "", NULL, "the disk is broken");
	if (*len > 0)
		memcpy(buffer, source->bytes.ptr + at, *len);
	return true;
}

int64_t source_size(const struct source *source)
{
	return (int64_t)source->bytes.len;
}

static void note_findings(struct buf *out, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		buf_addf(out, "%s %s row %lld line %lld [%s] %s | %s\n", finding_severity_name(finding->severity),
			finding->code, (long long)finding->row, (long long)finding->line, finding->field,
			finding->message, finding->cure);
	}
}

static void note_row(struct buf *out, const struct row *row, struct text raw)
{
	buf_addf(out, "row %lld line %lld", (long long)row->number, (long long)row->line);
	for (int i = 0; i < COLUMN_CELLS; i++)
		if (row->cells[i].len > 0)
			buf_addf(out, " %s=<%.*s>", column_name((enum column)i), (int)row->cells[i].len,
				row->cells[i].ptr);
	for (size_t i = 0; i < row->recipient_count; i++)
		buf_addf(out, " recipient.%.*s=<%.*s>", (int)row->recipient[i].name.len, row->recipient[i].name.ptr,
			(int)row->recipient[i].value.len, row->recipient[i].value.ptr);
	if (row->own_reference.len > 0)
		buf_addf(out, " own=<%.*s>", (int)row->own_reference.len, row->own_reference.ptr);
	buf_addz(out, " raw=");
	buf_add_json(out, raw);
	buf_addc(out, '\n');
}

static void note_rows(struct buf *out, const struct reader_format *format, struct reader *reader)
{
	static struct findings findings;
	struct arena arena = {0};
	struct fault fault = {0};
	struct row row = {0};
	enum reader_verdict verdict = READER_ROW;

	while (verdict == READER_ROW) {
		arena_reset(&arena);
		findings_begin(&findings, &arena, 0, 0);
		verdict = format->next(reader, &row, &findings, &fault);
		if (verdict == READER_ROW)
			note_row(out, &row, format->raw(reader));
		note_findings(out, &findings);
	}
	findings_begin(&findings, &arena, 0, 0);
	if (format->names != NULL)
		format->names(reader, &findings);
	note_findings(out, &findings);
	if (verdict == READER_FAULT)
		buf_addf(out, "fault: %s\n", fault.message);
	else
		buf_addz(out, verdict == READER_END ? "end\n" : "refused\n");
	arena_release(&arena);
}

static char *read_as_told(
	const struct reader_format *format, struct source source, const struct reader_options *options)
{
	static struct findings findings;
	struct arena arena = {0};
	struct fault fault = {0};
	struct buf out = {0};
	struct reader *reader = format->open(&source, options, &fault);

	if (reader == NULL) {
		buf_addf(&out, "fault: %s\n", fault.message);
		return out.data;
	}
	findings_begin(&findings, &arena, 0, 0);
	format->header(reader, &findings);
	note_findings(&out, &findings);
	note_rows(&out, format, reader);
	format->close(reader);
	arena_release(&arena);
	return out.data;
}

static inline char *read_as(const struct reader_format *format, struct source source, char delimiter)
{
	struct reader_options options = {.delimiter = delimiter};

	return read_as_told(format, source, &options);
}

static inline char *read_all(struct source source, char delimiter)
{
	return read_as(&reader_csv, source, delimiter);
}

#endif
