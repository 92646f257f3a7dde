#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "base/buf.h"
#include "formats/csv_records.h"
#include "formats/encoding.h"
#include "formats/header.h"
#include "formats/look.h"
#include "formats/reader.h"

/* The whole of a reader's memory. */
struct reader {
	struct csv csv;
	struct header header;
	struct buf header_raw;
	const struct look *look; /* what the head looks like, where that is other text than CSV */
	int64_t given;           /* rows */
};

static int sniff(struct text head)
{
	(void)head;
	return 1; /* what it is not, is told in words when it is opened */
}

static const char *delimiter_cure(const struct header *header)
{
	struct text name = header->count == 1 ? header->cells[0].name : (struct text){0};

	if (name.len > 0 && memchr(name.ptr, ';', name.len) != NULL)
		return "The fields seem to be separated by semicolons: say --delimiter semicolon.";
	if (name.len > 0 && memchr(name.ptr, '\t', name.len) != NULL)
		return "The fields seem to be separated by tabs: say --delimiter tab.";
	if (name.len > 0 && memchr(name.ptr, '|', name.len) != NULL)
		return "The fields seem to be separated by bars: say --delimiter pipe.";
	if (name.len > 0 && memchr(name.ptr, ',', name.len) != NULL)
		return "The fields seem to be separated by commas: say --delimiter comma, or leave it out.";
	return NULL;
}

static const char *missing_cure(const struct reader *reader)
{
	const struct header *header = &reader->header;

	if (reader->look != NULL)
		return reader->look->cure;
	if (header->count > 0 && header->count <= 2 && text_starts(header->cells[0].name, TEXT("sep=")))
		return "Take out the first line (sep=) and say --delimiter instead.";
	return delimiter_cure(header);
}

/* Reads the header, or learns why there is none. False: see fault. */
static bool open_header(struct reader *reader, struct fault *fault)
{
	switch (csv_next(&reader->csv, fault)) {
	case CSV_RECORD:
		break;
	case CSV_BROKEN:
		csv_refuse(&reader->csv, "CSV_SYNTAX", reader->csv.line,
			reader->look != NULL ? reader->look->cure : CSV_CURE_QUOTES,
			"the header on line %lld has a quote in the middle of a field%s%s", (long long)reader->csv.line,
			reader->look != NULL ? ": this looks like " : "",
			reader->look != NULL ? reader->look->what : "");
		return true;
	case CSV_END:
		csv_refuse(&reader->csv, "FILE_EMPTY", 0,
			"Name the file with the payouts; its first line names the columns.", "the file is empty");
		return true;
	case CSV_REFUSED:
		return true;
	case CSV_FAULT:
	default:
		return false;
	}
	buf_addt(&reader->header_raw, lines_record(&reader->csv.lines));
	if (reader->csv.field_count > BOUND_COLUMNS)
		csv_refuse(&reader->csv, "FIELD_TOO_LONG", reader->csv.line,
			"Leave out the columns that are not needed.",
			"the header has %zu columns; at most %d can be read", reader->csv.field_count, BOUND_COLUMNS);
	else
		header_read(&reader->header, reader->csv.fields, reader->csv.field_count, reader->csv.line);
	return true;
}

static bool open_head(struct reader *reader, struct source *source, struct fault *fault)
{
	char head[LOOK_BYTES];
	const struct look *look;
	size_t len;

	if (!source_peek(source, head, sizeof(head), &len, fault))
		return false;
	look = look_binary((struct text){head, len});
	if (look == NULL) {
		reader->look = look_text((struct text){head, len});
		return open_header(reader, fault);
	}
	csv_refuse(&reader->csv, "FILE_ENCODING", 1, look->cure, "this is no CSV file: it looks like %s", look->what);
	return true;
}

static void csv_reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	csv_close(&reader->csv);
	header_release(&reader->header);
	buf_release(&reader->header_raw);
	free(reader);
}

static struct reader *csv_reader_open(struct source *source, const struct reader_options *options, struct fault *fault)
{
	struct reader *reader;

	if (!encoding_check(options->encoding, fault))
		return NULL;
	reader = memory_new(sizeof(*reader));
	csv_open(&reader->csv, source, options->delimiter != '\0' ? options->delimiter : ',');
	if (open_head(reader, source, fault))
		return reader;
	csv_reader_close(reader);
	return NULL;
}

static enum reader_verdict tell_refusal(struct reader *reader, struct findings *findings)
{
	refusal_tell(&reader->csv.refusal, findings);
	return READER_REFUSED;
}

static void fill_row(struct reader *reader, bool whole, struct row *row, struct findings *findings)
{
	const struct header *header = &reader->header;

	row->number = reader->csv.row;
	row->line = reader->csv.line;
	findings->row = row->number;
	findings->line = row->line;
	header_fill(header, reader->csv.fields, whole ? reader->csv.field_count : 0, row);
	row->broken = !whole || reader->csv.field_count != header->count;
	if (!whole)
		finding_add(findings, FINDING_ERROR, "CSV_SYNTAX", "", CSV_CURE_QUOTES,
			"the row has a quote in the middle of a field (byte %zu of line %lld)",
			reader->csv.broken_at + 1, (long long)reader->csv.line);
	else if (reader->csv.field_count != header->count)
		finding_add(findings, FINDING_ERROR, "CSV_FIELD_COUNT", "",
			"Give every row as many fields as the header has, and quote a field that holds the delimiter.",
			"the row has %zu field%s, the header has %zu", reader->csv.field_count,
			reader->csv.field_count == 1 ? "" : "s", header->count);
	reader->given++;
}

static enum reader_verdict csv_reader_next(
	struct reader *reader, struct row *row, struct findings *findings, struct fault *fault)
{
	enum csv_verdict record;

	if (reader->csv.refusal.code != NULL)
		return tell_refusal(reader, findings);
	record = csv_next(&reader->csv, fault);
	switch (record) {
	case CSV_RECORD:
	case CSV_BROKEN:
		fill_row(reader, record == CSV_RECORD, row, findings);
		return READER_ROW;
	case CSV_END:
		if (reader->given > 0)
			return READER_END;
		csv_refuse(&reader->csv, "FILE_EMPTY", reader->header.line, "Name the file with the payouts.",
			"the file has a header and no rows");
		return tell_refusal(reader, findings);
	case CSV_REFUSED:
		return tell_refusal(reader, findings);
	case CSV_FAULT:
	default:
		return READER_FAULT;
	}
}

static struct text csv_reader_raw(const struct reader *reader)
{
	return lines_record(&reader->csv.lines);
}

static void csv_reader_header(struct reader *reader, struct findings *findings)
{
	if (reader->csv.refusal.code != NULL)
		tell_refusal(reader, findings);
	else
		header_check(&reader->header, findings, missing_cure(reader));
}

static struct text csv_reader_header_raw(const struct reader *reader)
{
	return buf_text(&reader->header_raw);
}

static bool csv_reader_has_column(const struct reader *reader, enum column column)
{
	return header_has(&reader->header, column);
}

const struct reader_format reader_csv = {
	.name = "csv",
	.extension = ".csv",
	.sniff = sniff,
	.open = csv_reader_open,
	.next = csv_reader_next,
	.raw = csv_reader_raw,
	.header = csv_reader_header,
	.header_raw = csv_reader_header_raw,
	.has_column = csv_reader_has_column,
	.close = csv_reader_close,
};
