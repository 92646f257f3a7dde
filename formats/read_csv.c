#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "base/buf.h"
#include "formats/control_line.h"
#include "formats/csv_records.h"
#include "formats/decoder.h"
#include "formats/footer.h"
#include "formats/header.h"
#include "formats/look.h"
#include "formats/reader.h"

/* The whole of a reader's memory. */
struct reader {
	struct csv csv;
	struct header header;
	struct buf header_raw;
	struct buf preface;            /* of the dialect */
	size_t preamble, preamble_end; /* where it stands there */
	struct dialect dialect;
	const struct look *look; /* what the head looks like, where that is other text than CSV */
	int64_t given;           /* rows */
	bool first_read;         /* a file without a header: its first row is read already */
	const struct amount_style *amounts;
	struct reader_batch batch; /* of its control line */
	bool control_read;
	struct buf passed; /* a last control line, and the blank rows around it */
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
		return "The fields seem to be separated by commas: say --delimiter comma.";
	return NULL;
}

static const char *missing_cure(const struct reader *reader)
{
	const struct header *header = &reader->header;

	if (reader->look != NULL)
		return reader->look->cure;
	return delimiter_cure(header);
}

static bool has_no_header(const struct reader *reader)
{
	return reader->header.profile != NULL && reader->header.profile->headerless;
}

/* Without a header, a file that has no preamble this time would lose its first rows. */
static void place_columns(struct reader *reader)
{
	const struct text preamble = {
		buf_str(&reader->preface) + reader->preamble, reader->preamble_end - reader->preamble};

	header_place(&reader->header, reader->csv.field_count, reader->csv.line);
	if (footer_has_row(&reader->header, reader->amounts, preamble, reader->dialect.delimiter))
		footer_refuse_preamble(&reader->header, reader->csv.line, &reader->csv.refusal);
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
			"the %s on line %lld has a quote in the middle of a field%s%s",
			has_no_header(reader) ? "first row" : "header", (long long)reader->csv.line,
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
	buf_addt(&reader->preface, buf_text(&reader->csv.blanks));
	reader->dialect.preface = buf_text(&reader->preface);
	buf_reset(&reader->csv.blanks);
	reader->first_read = has_no_header(reader);
	if (!reader->first_read)
		buf_addt(&reader->header_raw, lines_record(&reader->csv.lines));
	if (reader->csv.field_count > BOUND_COLUMNS)
		csv_refuse(&reader->csv, "FIELD_TOO_LONG", reader->csv.line,
			"Leave out the columns that are not needed.",
			"the header has %zu columns; at most %d can be read", reader->csv.field_count, BOUND_COLUMNS);
	else if (reader->first_read)
		place_columns(reader);
	else
		header_read(&reader->header, reader->csv.fields, reader->csv.field_count, reader->csv.line);
	return true;
}

/* --- the control line ----------------------------------------------------------------------------------------------
 */

static const struct profile_control *control_of(const struct reader *reader)
{
	static const struct profile_control none = {0};

	return reader->header.profile != NULL ? &reader->header.profile->control : &none;
}

/* The record read last. */
static struct control_line control_line(const struct reader *reader)
{
	return (struct control_line){&reader->header, reader->csv.fields, reader->csv.field_count, reader->csv.line};
}

static bool read_control(struct reader *reader)
{
	const struct control_line control = control_line(reader);

	reader->control_read = true;
	return control_line_read(
		&control, reader->amounts, &reader->header.names, &reader->batch, &reader->csv.refusal);
}

/* The line before the header, or before the rows of a file without one. It stays where it stands. */
static bool take_first_control(struct reader *reader, struct fault *fault)
{
	struct control_line control;
	enum csv_verdict record;

	if (!control_of(reader)->said || control_of(reader)->last)
		return true;
	csv_set_delimiter(&reader->csv, reader->dialect.delimiter);
	record = csv_next(&reader->csv, fault);
	if (record == CSV_FAULT)
		return false;
	control = control_line(reader);
	if (record == CSV_END || (record == CSV_RECORD && !control_line_is(&control)))
		record = CSV_BROKEN;
	if (record == CSV_BROKEN)
		control_line_refuse(reader->header.profile, reader->csv.line,
			"the file does not begin with its control line", &reader->csv.refusal);
	if (record != CSV_RECORD || !read_control(reader))
		return true;
	buf_addt(&reader->preface, buf_text(&reader->csv.blanks));
	buf_addt(&reader->preface, lines_record(&reader->csv.lines));
	reader->dialect.preface = buf_text(&reader->preface);
	return true;
}

/* --- the dialect -------------------------------------------------------------------------------------------------- */

/* The line "sep=;" is none of the file's rows. False: it is refused. */
static bool take_sep_line(struct reader *reader, struct text line, bool told)
{
	char named = '\0';

	switch (dialect_line_read(line, &named)) {
	case DIALECT_NO_LINE:
		return true;
	case DIALECT_BAD_LINE:
		csv_refuse(&reader->csv, "CSV_DELIMITER", 1, "Take the line out, or write it sep=; (or , TAB |).",
			"the line sep= names no delimiter that is read");
		return false;
	case DIALECT_LINE:
	default:
		break;
	}
	buf_addt(&reader->preface, lines_record(&reader->csv.lines));
	reader->dialect.preface = buf_text(&reader->preface);
	if (!told || reader->dialect.delimiter == named) {
		reader->dialect.delimiter = named;
		return true;
	}
	csv_refuse(&reader->csv, "CSV_DELIMITER", 1, "Leave out the delimiter that is wrong.",
		"the file's first line says sep=%s, the delimiter asked for is %s", dialect_delimiter_name(named),
		dialect_delimiter_name(reader->dialect.delimiter));
	return false;
}

static bool knows_cell(const void *context, struct text cell)
{
	return profile_column(context, cell) != NULL || column_find(cell, NULL) != COLUMN_UNKNOWN;
}

/* The lines before the header, as the profile says; rows of the sheet, but none of the file's. */
static bool skip_preamble(struct reader *reader, struct fault *fault)
{
	int64_t count = reader->header.profile != NULL ? reader->header.profile->preamble : 0;
	struct lines *lines = &reader->csv.lines;
	struct text line;

	reader->preamble = reader->preface.len;
	for (int64_t i = 0; i < count; i++) {
		enum line_verdict verdict;

		lines_begin(lines);
		verdict = lines_next(lines, &line, fault);
		if (verdict == LINE_FAULT)
			return false;
		if (verdict == LINE_END)
			csv_refuse(&reader->csv, "FILE_EMPTY", lines->line,
				"Check that this is a file of that profile.",
				"the file ends within the lines before the header that the profile says it has");
		else if (verdict != LINE_READ)
			lines_refuse(lines, verdict, line, CSV_CURE_UTF8, &reader->csv.refusal);
		if (verdict != LINE_READ)
			return true;
		buf_addt(&reader->preface, lines_record(lines));
		reader->csv.row++;
	}
	reader->preamble_end = reader->preface.len;
	reader->dialect.preface = buf_text(&reader->preface);
	return true;
}

/* Looks at the first lines for what the file is: a line sep=, another kind of text, its delimiter. */
static bool open_dialect(struct reader *reader, bool told, struct fault *fault)
{
	struct lines *lines = &reader->csv.lines;
	struct text line, header;

	lines_begin(lines);
	switch (lines_next(lines, &line, fault)) {
	case LINE_FAULT:
		return false;
	case LINE_READ:
		if (!take_sep_line(reader, line, told))
			return true;
		break;
	case LINE_END:
	case LINE_TOO_LONG:
	case LINE_NUL:
	case LINE_ENCODING:
	default:
		break;
	}
	if (reader->preface.len == 0)
		lines_back(lines, 0);
	if (!skip_preamble(reader, fault) || (reader->csv.refusal.code == NULL && !take_first_control(reader, fault)))
		return false;
	if (reader->csv.refusal.code != NULL)
		return true;
	if (!csv_peek(&reader->csv, &header, fault))
		return false;
	reader->look = has_no_header(reader) ? NULL : look_text(header);
	if (reader->dialect.encoding != NULL && look_encoded_json(header) != NULL) {
		const struct look *look = look_encoded_json(header);

		csv_refuse(&reader->csv, "FILE_ENCODING", 1, look->cure, "this is no CSV file: it looks like %s in %s",
			look->what, reader->dialect.encoding->name);
		return true;
	}
	if (reader->dialect.delimiter == '\0')
		reader->dialect.delimiter = dialect_delimiter(header, knows_cell, reader->header.profile);
	if (reader->dialect.delimiter == '\0') {
		csv_refuse(&reader->csv, "CSV_DELIMITER", lines->line + 1,
			"Say --delimiter comma, semicolon, tab or pipe.",
			"more than one delimiter cuts the header into columns that are known");
		return true;
	}
	csv_set_delimiter(&reader->csv, reader->dialect.delimiter);
	return open_header(reader, fault);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void refuse_look(struct reader *reader, struct text head)
{
	const struct look *look = look_binary(head);

	if (look != NULL && (reader->dialect.encoding == NULL || reader->dialect.encoding->unit == 1))
		csv_refuse(&reader->csv, "FILE_ENCODING", 1, look->cure, "this is no CSV file: it looks like %s",
			look->what);
}

static bool open_all(
	struct reader *reader, struct source *source, const struct reader_options *options, struct fault *fault)
{
	char head[LOOK_BYTES];
	struct decoder *decoder = NULL;
	struct text seen = {head, 0};
	bool fine = source_peek(source, head, sizeof(head), &seen.len, fault) &&
		    decoder_choose(
			    options->encoding, seen, &reader->dialect.encoding, &decoder, &reader->csv.refusal, fault);

	reader->dialect.delimiter = options->delimiter;
	reader->header.profile = options->profile;
	reader->amounts = options->amounts;
	reader->batch.count = -1;
	csv_open(&reader->csv, source, decoder, ',');
	reader->csv.footer = options->profile != NULL ? (size_t)options->profile->footer : 0;
	if (!fine)
		return false;
	if (reader->csv.refusal.code == NULL)
		refuse_look(reader, seen);
	return reader->csv.refusal.code != NULL || open_dialect(reader, options->delimiter != '\0', fault);
}

static void csv_reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	csv_close(&reader->csv);
	header_release(&reader->header);
	buf_release(&reader->header_raw);
	buf_release(&reader->preface);
	buf_release(&reader->passed);
	free(reader);
}

static struct reader *csv_reader_open(struct source *source, const struct reader_options *options, struct fault *fault)
{
	struct reader *reader = memory_new(sizeof(*reader));

	if (open_all(reader, source, options, fault))
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
	struct header *header = &reader->header;

	row->number = reader->csv.row;
	row->line = reader->csv.line;
	findings->row = row->number;
	findings->line = row->line;
	header_fill(header, reader->csv.fields, whole ? reader->csv.field_count : 0, row);
	row->broken = !whole || reader->csv.field_count != header->count;
	header_require(header, reader->csv.fields, row->broken ? 0 : reader->csv.field_count, findings);
	if (!whole)
		finding_add(findings, FINDING_ERROR, "CSV_SYNTAX", "", CSV_CURE_QUOTES,
			"the row has a quote in the middle of a field (byte %zu of line %lld)",
			reader->csv.broken_at + 1, (long long)reader->csv.line);
	else if (reader->csv.field_count != header->count)
		finding_add(findings, FINDING_ERROR, "CSV_FIELD_COUNT", "",
			"Give every row as many fields as the header has, and quote a field that holds the delimiter.",
			"the row has %zu field%s, the %s has %zu", reader->csv.field_count,
			reader->csv.field_count == 1 ? "" : "s", has_no_header(reader) ? "first row" : "header",
			header->count);
	reader->given++;
}

/* The record is the file's last control line: it is read and passed, and nothing may follow. */
static enum csv_verdict pass_last_control(struct reader *reader, struct fault *fault)
{
	enum csv_verdict record;

	if (!read_control(reader))
		return CSV_REFUSED;
	buf_addt(&reader->passed, buf_text(&reader->csv.blanks));
	buf_addt(&reader->passed, lines_record(&reader->csv.lines));
	record = csv_next(&reader->csv, fault);
	buf_addt(&reader->passed, buf_text(&reader->csv.blanks));
	if (record != CSV_RECORD && record != CSV_BROKEN)
		return record;
	control_line_refuse(
		reader->header.profile, reader->csv.line, "rows follow the file's last line", &reader->csv.refusal);
	return CSV_REFUSED;
}

static enum csv_verdict next_record(struct reader *reader, struct fault *fault)
{
	enum csv_verdict record = reader->first_read ? CSV_RECORD : csv_next(&reader->csv, fault);
	const struct control_line control = control_line(reader);

	reader->first_read = false;
	if (control_of(reader)->last && record == CSV_RECORD && control_line_is(&control))
		record = pass_last_control(reader, fault);
	if (record == CSV_END && reader->csv.footer > 0 &&
		footer_has_row(
			&reader->header, reader->amounts, buf_text(&reader->csv.blanks), reader->dialect.delimiter)) {
		footer_refuse(&reader->header, reader->csv.lines.line, &reader->csv.refusal);
		return CSV_REFUSED;
	}
	if (control_of(reader)->last && record == CSV_END && !reader->control_read) {
		control_line_refuse(reader->header.profile, reader->csv.lines.line,
			"the file does not end with its control line", &reader->csv.refusal);
		return CSV_REFUSED;
	}
	return record;
}

static enum reader_verdict csv_reader_next(
	struct reader *reader, struct row *row, struct findings *findings, struct fault *fault)
{
	enum csv_verdict record;

	if (reader->csv.refusal.code != NULL)
		return tell_refusal(reader, findings);
	record = next_record(reader, fault);
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

static const struct dialect *csv_reader_dialect(const struct reader *reader)
{
	return &reader->dialect;
}

static struct text csv_reader_blanks(const struct reader *reader)
{
	return buf_text(reader->passed.len > 0 ? &reader->passed : &reader->csv.blanks);
}

static const struct reader_batch *csv_reader_batch(const struct reader *reader)
{
	return control_of(reader)->said ? &reader->batch : NULL;
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
	.dialect = csv_reader_dialect,
	.blanks = csv_reader_blanks,
	.batch = csv_reader_batch,
	.close = csv_reader_close,
};
