#include "formats/csv_records.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define QUOTE '"'
#define CSV_BLOCK ((size_t)4096) /* by which the buffer of a field grows */
#define MARK "\xEF\xBB\xBF"      /* byte order mark */

enum csv_verdict csv_refuse(struct csv *csv, const char *code, int64_t line, const char *cure, const char *format, ...)
{
	va_list list;

	assert(csv->refusal.code == NULL);
	va_start(list, format);
	refusal_setv(&csv->refusal, code, line, cure, format, list);
	va_end(list);
	return CSV_REFUSED;
}

static enum csv_verdict refuse_too_long(struct csv *csv)
{
	return csv_refuse(csv, "FIELD_TOO_LONG", csv->lines.line,
		"Look at this line in a text editor: a field of that size is no part of a payout.",
		"line %lld holds a field of more than %d bytes", (long long)csv->lines.line, BOUND_FIELD_BYTES);
}

static enum csv_verdict refuse_open_quote(struct csv *csv, const char *what)
{
	return csv_refuse(csv, "CSV_SYNTAX", csv->line, CSV_CURE_QUOTES,
		"a quote that is opened on line %lld %s, so that nothing after it can be told apart",
		(long long)csv->line, what);
}

/* Anything but LINE_READ ends the reading. */
static enum csv_verdict stop(struct csv *csv, enum line_verdict verdict, struct text line)
{
	const struct lines *lines = &csv->lines;

	if (verdict == LINE_END)
		return CSV_END;
	if (verdict == LINE_FAULT || verdict == LINE_READ)
		return CSV_FAULT;
	if (verdict == LINE_TOO_LONG && lines->record < lines->next) /* the line goes on from others */
		return refuse_open_quote(csv, "isn't closed soon");
	lines_refuse(lines, verdict, line, CSV_CURE_UTF8, &csv->refusal);
	return CSV_REFUSED;
}

/* libcsv asks for one block more than it holds; this is how a field finds its end. */
static void *capped_realloc(void *memory, size_t size)
{
	return size > BOUND_FIELD_BYTES + 2 * CSV_BLOCK ? NULL : memory_grow(memory, size);
}

static void add_field(struct csv *csv, struct text field)
{
	if (csv->field_count < BOUND_COLUMNS)
		csv->fields[csv->field_count] = field;
	csv->field_count++;
	csv->too_long |= field.len > BOUND_FIELD_BYTES;
}

static void on_field(void *bytes, size_t len, void *context)
{
	struct csv *csv = context;
	char *copy = csv->values + csv->values_len;

	/* The fields of a record are never longer than the record, whose bound is checked before. */
	assert(len <= BOUND_LINE_BYTES - csv->values_len);
	if (len > 0)
		memcpy(copy, bytes, len);
	csv->values_len += len;
	add_field(csv, (struct text){copy, len});
}

static void on_row(int byte, void *context)
{
	struct csv *csv = context;

	(void)byte;
	csv->row_done = true;
}

static void parser_start(struct csv *csv)
{
	int done = csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI);

	assert(done == 0);
	(void)done;
	csv_set_delim(&csv->parser, (unsigned char)csv->delimiter);
	csv_set_realloc_func(&csv->parser, capped_realloc);
	csv_set_blk_size(&csv->parser, CSV_BLOCK);
}

static enum csv_verdict broken(struct csv *csv, size_t parsed)
{
	bool long_field = csv_error(&csv->parser) != CSV_EPARSE;

	csv_free(&csv->parser);
	parser_start(csv);
	if (csv->lines.line > csv->line) /* which of the quotes is one too many can't be known */
		return refuse_open_quote(csv, "is closed in the middle of a field");
	if (long_field)
		return refuse_too_long(csv);
	csv->broken_at = parsed;
	return CSV_BROKEN;
}

/* A record whose quotes need a parser: libcsv, line after line until it is whole. */
static enum csv_verdict parse(struct csv *csv, struct text line, struct fault *fault)
{
	enum line_verdict verdict = LINE_READ;

	while (verdict == LINE_READ) {
		size_t parsed = csv_parse(&csv->parser, line.ptr, line.len, on_field, on_row, csv);

		if (parsed != line.len)
			return broken(csv, parsed);
		if (csv->row_done)
			return csv->too_long ? refuse_too_long(csv) : CSV_RECORD;
		verdict = lines_next(&csv->lines, &line, fault);
	}
	if (verdict != LINE_END)
		return stop(csv, verdict, line);
	if (csv_fini(&csv->parser, on_field, on_row, csv) != 0)
		return refuse_open_quote(csv, "is never closed");
	return csv->too_long ? refuse_too_long(csv) : CSV_RECORD;
}

static struct text without_end(struct text line)
{
	while (line.len > 0 && (line.ptr[line.len - 1] == '\n' || line.ptr[line.len - 1] == '\r'))
		line.len--;
	return line;
}

/* A line without quotes has nothing to parse: it is cut at its delimiters, in place. Tests hold both ways against each
 * other. */
static enum csv_verdict split(struct csv *csv, struct text line)
{
	const char *at = line.ptr, *end = line.ptr + line.len;
	const char *found;

	while ((found = memchr(at, csv->delimiter, (size_t)(end - at))) != NULL) {
		add_field(csv, (struct text){at, (size_t)(found - at)});
		at = found + 1;
	}
	add_field(csv, (struct text){at, (size_t)(end - at)});
	return csv->too_long ? refuse_too_long(csv) : CSV_RECORD;
}

/* The end of a field whose quotes are around the whole of it and nowhere inside, or that has none; NULL for another. */
static const char *plain_field(const struct csv *csv, const char *at, const char *end, struct text *field)
{
	const char *found;

	if (at < end && *at == QUOTE) {
		found = memchr(at + 1, QUOTE, (size_t)(end - at - 1));
		if (found == NULL || (found + 1 < end && found[1] != csv->delimiter))
			return NULL;
		*field = (struct text){at + 1, (size_t)(found - at - 1)};
		return found + 1;
	}
	found = memchr(at, csv->delimiter, (size_t)(end - at));
	if (found == NULL)
		found = end;
	*field = (struct text){at, (size_t)(found - at)};
	return memchr(at, QUOTE, field->len) == NULL ? found : NULL;
}

/* Most quotes only keep a delimiter in: such a line is cut in place too. False, and nothing done, for any other. */
static bool split_quoted(struct csv *csv, struct text line)
{
	const char *at = line.ptr, *end = line.ptr + line.len;
	struct text field;

	for (;; at++) {
		at = plain_field(csv, at, end, &field);
		if (at == NULL)
			break;
		add_field(csv, field);
		if (at == end)
			return true;
	}
	csv->field_count = 0;
	csv->too_long = false;
	return false;
}

static enum csv_verdict record_of(struct csv *csv, struct text line, struct fault *fault)
{
	struct text bare = without_end(line);

	if (memchr(bare.ptr, QUOTE, bare.len) == NULL)
		return split(csv, bare);
	if (split_quoted(csv, bare))
		return csv->too_long ? refuse_too_long(csv) : CSV_RECORD;
	return parse(csv, line, fault);
}

/* A row of empty cells is blank, as it is in a spreadsheet: counted and not read. */
static bool is_blank(const struct csv *csv)
{
	for (size_t i = 0; i < csv->field_count && i < BOUND_COLUMNS; i++)
		if (text_trim(csv->fields[i]).len > 0)
			return false;
	return csv->field_count <= BOUND_COLUMNS;
}

/* What is no row goes into the error file too; past the bound it is left out there. */
void csv_pass(struct csv *csv)
{
	struct text raw = lines_record(&csv->lines);

	if (raw.len <= BOUND_LINE_BYTES - csv->blanks.len)
		buf_addt(&csv->blanks, raw);
}

static bool skip_blank(struct csv *csv)
{
	if (!is_blank(csv))
		return false;
	csv_pass(csv);
	return true;
}

static enum csv_verdict skip_footer(struct csv *csv, struct fault *fault)
{
	enum line_verdict verdict;
	struct text line;

	for (;;) {
		lines_begin(&csv->lines);
		verdict = lines_next(&csv->lines, &line, fault);
		if (verdict != LINE_READ)
			return stop(csv, verdict, line);
		csv_pass(csv);
	}
}

enum csv_verdict csv_next(struct csv *csv, struct fault *fault)
{
	enum csv_verdict record = CSV_RECORD;

	buf_reset(&csv->blanks);
	do {
		struct text line;
		enum line_verdict verdict;
		bool within = false;

		lines_begin(&csv->lines);
		if (csv->footer > 0 && !lines_within_last(&csv->lines, csv->footer, &within, fault))
			return CSV_FAULT;
		if (within)
			return skip_footer(csv, fault);
		verdict = lines_next(&csv->lines, &line, fault);
		if (verdict != LINE_READ)
			return stop(csv, verdict, line);
		csv->line = csv->lines.line;
		csv->row++;
		csv->field_count = 0;
		csv->values_len = 0;
		csv->row_done = false;
		if (csv->line == 1 && text_starts(line, TEXT(MARK)))
			line = (struct text){line.ptr + 3, line.len - 3};
		record = record_of(csv, line, fault);
	} while (record == CSV_RECORD && skip_blank(csv));
	return record;
}

static bool is_white(struct text lines)
{
	for (size_t i = 0; i < lines.len; i++)
		if (lines.ptr[i] != '\n' && lines.ptr[i] != '\r' && lines.ptr[i] != ' ' && lines.ptr[i] != '\t')
			return false;
	return true;
}

static size_t quotes_of(struct text line)
{
	size_t count = 0;

	for (size_t i = 0; i < line.len; i++)
		count += line.ptr[i] == '"' ? 1 : 0;
	return count;
}

bool csv_peek(struct csv *csv, struct text *record, struct fault *fault)
{
	struct lines *lines = &csv->lines;
	int64_t before = lines->line;
	enum line_verdict verdict;
	struct text line;
	size_t quotes = 0;

	lines_begin(lines);
	do {
		verdict = lines_next(lines, &line, fault);
		quotes += verdict == LINE_READ ? quotes_of(line) : 0;
	} while (verdict == LINE_READ && (quotes % 2 != 0 || is_white(lines_record(lines))));
	*record = lines_record(lines);
	lines_back(lines, before);
	return verdict != LINE_FAULT;
}

void csv_open(struct csv *csv, struct source *source, struct decoder *decoder, char delimiter)
{
	csv->delimiter = delimiter;
	csv->values = memory_new(BOUND_LINE_BYTES);
	lines_init(&csv->lines, source, decoder);
	parser_start(csv);
}

void csv_set_delimiter(struct csv *csv, char delimiter)
{
	csv->delimiter = delimiter;
	csv_set_delim(&csv->parser, (unsigned char)delimiter);
}

void csv_close(struct csv *csv)
{
	csv_free(&csv->parser);
	lines_release(&csv->lines);
	refusal_release(&csv->refusal);
	buf_release(&csv->blanks);
	free(csv->values);
}
