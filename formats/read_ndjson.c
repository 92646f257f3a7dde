#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "formats/encoding.h"
#include "formats/json_element.h"
#include "formats/json_frames.h"
#include "formats/json_look.h"
#include "formats/lines.h"
#include "formats/reader.h"

#define MARK "\xEF\xBB\xBF" /* byte order mark */
#define CURE_UTF8 "Save the file as UTF-8; JSON knows no other encoding."
#define CURE_DOCUMENT "If the file is one JSON document, leave --format out or say --format json."

/* The whole of a reader's memory. */
struct reader {
	struct lines lines;
	struct json_frame frame; /* the line at hand */
	struct json_element element;
	struct refusal refusal;
	int64_t count; /* elements so far */
};

static int sniff(struct text head)
{
	return json_look(head) == LOOK_NDJSON ? 2 : 0;
}

static void ndjson_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	lines_release(&reader->lines);
	json_element_release(&reader->element);
	refusal_release(&reader->refusal);
	free(reader);
}

static struct reader *ndjson_open(struct source *source, const struct reader_options *options, struct fault *fault)
{
	struct reader *reader;

	if (!encoding_check(options->encoding, fault))
		return NULL;
	reader = memory_new(sizeof(*reader));
	reader->element.decimal_mark = options->decimal_mark != '\0' ? options->decimal_mark : '.';
	lines_init(&reader->lines, source, NULL);
	if (json_look_binary(source, &reader->refusal, fault))
		return reader;
	ndjson_close(reader);
	return NULL;
}

/* The line without what stands around the value. */
static struct text bare(const struct reader *reader, struct text line)
{
	if (reader->lines.line == 1 && text_starts(line, TEXT(MARK)))
		line = (struct text){line.ptr + 3, line.len - 3};
	while (line.len > 0 && strchr(" \t\r\n", line.ptr[line.len - 1]) != NULL)
		line.len--;
	return line;
}

/* A line is a frame, whatever stands in it: its end is sure. */
static void scan_line(struct json_frame *frame)
{
	struct json_lexer lexer = {.in = frame->bytes};
	struct json_scan *scan = &frame->scan;
	enum json_step step = SCAN_MORE;

	while (step == SCAN_MORE)
		step = json_scan_take(scan, &lexer, json_next(&lexer));
	if (step == SCAN_LOST || scan->wrong != NULL || json_next(&lexer) == TOKEN_END)
		return;
	scan->wrong = "something follows the value on its line";
	scan->wrong_at = lexer.start;
}

/* A document begins with a line that is no object by itself. */
static bool starts_document(const struct json_frame *frame)
{
	char first = frame->bytes.ptr[strspn(frame->bytes.ptr, " \t")];

	return first == '[' || (first == '{' && frame->scan.wrong != NULL && frame->scan.wrong_at == frame->bytes.len);
}

/* One on a single line is an object, but one around payouts. */
static bool holds_payouts(const struct json_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		if (column_name_is(names->items[i].cell.name, "payouts"))
			return true;
	return false;
}

static enum reader_verdict refused(struct reader *reader, struct findings *findings)
{
	refusal_tell(&reader->refusal, findings);
	return READER_REFUSED;
}

static enum reader_verdict refuse_document(struct reader *reader, struct findings *findings)
{
	findings_begin(findings, findings->arena, 0, 0); /* what the line lacks as a payout means nothing */
	refusal_set(&reader->refusal, "JSON_SYNTAX", reader->lines.line, CURE_DOCUMENT,
		"line %lld is no payout of its own, as each line of NDJSON is", (long long)reader->lines.line);
	return refused(reader, findings);
}

static enum reader_verdict take_line(
	struct reader *reader, struct text line, struct row *row, struct findings *findings)
{
	reader->count++;
	reader->frame = (struct json_frame){.bytes = line, .place = {.line = reader->lines.line}};
	scan_line(&reader->frame);
	json_element_read(&reader->element, &reader->frame, reader->count, row, findings);
	if (reader->count == 1 && (starts_document(&reader->frame) || holds_payouts(&reader->element.names)))
		return refuse_document(reader, findings);
	return READER_ROW;
}

static enum reader_verdict end(struct reader *reader, struct findings *findings)
{
	if (reader->count > 0)
		return READER_END;
	refusal_set(&reader->refusal, "FILE_EMPTY", 0, "Name the file with the payouts.", "the file is empty");
	return refused(reader, findings);
}

static enum reader_verdict ndjson_next(
	struct reader *reader, struct row *row, struct findings *findings, struct fault *fault)
{
	enum line_verdict verdict = LINE_READ;
	struct text line = {0};

	if (reader->refusal.code != NULL)
		return refused(reader, findings);
	while (verdict == LINE_READ && line.len == 0) {
		lines_begin(&reader->lines);
		verdict = lines_next(&reader->lines, &line, fault);
		if (verdict == LINE_READ)
			line = bare(reader, line);
	}
	switch (verdict) {
	case LINE_READ:
		return take_line(reader, line, row, findings);
	case LINE_END:
		return end(reader, findings);
	case LINE_TOO_LONG:
	case LINE_NUL:
	case LINE_ENCODING:
		lines_refuse(&reader->lines, verdict, line, CURE_UTF8, &reader->refusal);
		return refused(reader, findings);
	case LINE_FAULT:
	default:
		return READER_FAULT;
	}
}

static struct text ndjson_raw(const struct reader *reader)
{
	return lines_record(&reader->lines);
}

static void ndjson_header(struct reader *reader, struct findings *findings)
{
	refusal_tell(&reader->refusal, findings);
}

static struct text ndjson_header_raw(const struct reader *reader)
{
	(void)reader;
	return TEXT("");
}

static bool ndjson_has_column(const struct reader *reader, enum column column)
{
	(void)reader;
	(void)column;
	return true;
}

static void ndjson_names(const struct reader *reader, struct findings *findings)
{
	json_names_tell(&reader->element.names, findings);
}

/* Within the line: there is no document. */
static void ndjson_pointer(struct reader *reader, const char *field, struct buf *out)
{
	json_element_pointer(&reader->element, field, out);
}

const struct reader_format reader_ndjson = {
	.name = "ndjson",
	.extension = ".ndjson",
	.sniff = sniff,
	.open = ndjson_open,
	.next = ndjson_next,
	.raw = ndjson_raw,
	.header = ndjson_header,
	.header_raw = ndjson_header_raw,
	.has_column = ndjson_has_column,
	.names = ndjson_names,
	.pointer = ndjson_pointer,
	.close = ndjson_close,
};
