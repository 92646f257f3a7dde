#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "formats/control_line.h"
#include "formats/footer.h"
#include "formats/header.h"
#include "formats/reader.h"
#include "formats/xlsx_book.h"
#include "formats/xlsx_fields.h"
#include "formats/xlsx_open.h"
#include "formats/xlsx_rows.h"

#define CURE_OUTSIDE "Give the column a header, or empty the cell; check that the row isn't shifted."

#define CURE_MERGED "Unmerge them and fill each cell."

/* The whole of a reader's memory, but for the pages of shared strings. */
struct reader {
	struct xlsx_zip zip;
	struct arena arena; /* texts of the book */
	struct xlsx_book book;
	struct xlsx_styles styles;
	struct xlsx_strings strings;
	struct xlsx_rows rows;
	struct header header;
	struct xlsx_fields fields;
	struct text names[BOUND_COLUMNS];   /* cells of the header or of a control line, while it is read */
	bool first_read;                    /* a file without a header: its first row is read already */
	const struct amount_style *amounts; /* with a profile */
	struct reader_batch batch;          /* of its control line */
	bool control_read;
	int64_t given;
};

static const char *folder_of(const struct reader_options *options)
{
	const char *folder = options->folder != NULL ? options->folder : getenv("TMPDIR");

	return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}

/* --- the control line --------------------------------------------------------------------------------------------- */

static const struct profile_control *control_of(const struct reader *reader)
{
	static const struct profile_control none = {0};

	return reader->header.profile != NULL ? &reader->header.profile->control : &none;
}

/* The row read last, as it stands. */
static struct control_line control_line(struct reader *reader)
{
	const struct xlsx_rows *rows = &reader->rows;
	size_t count = rows->count > 0 ? rows->cells[rows->count - 1].column + 1 : 0;

	memset(reader->names, 0, sizeof(reader->names));
	for (size_t i = 0; i < rows->count; i++)
		reader->names[rows->cells[i].column] = rows->cells[i].text;
	return (struct control_line){&reader->header, reader->names, count, rows->number};
}

/* The row read last for who knows texts alone. */
static struct control_line line_of_texts(struct reader *reader)
{
	const struct control_line line = control_line(reader);

	xlsx_fields_texts(&reader->fields, &reader->rows, &reader->arena, reader->names);
	return line;
}

static bool read_control(struct reader *reader)
{
	const struct control_line control = line_of_texts(reader);

	reader->control_read = true;
	return control_line_read(&control, reader->amounts, &reader->arena, &reader->batch, &reader->zip.refusal);
}

/* Does the row read last read as a payout? A cell that has no such text is filled all the same. */
static bool is_payout(struct reader *reader)
{
	const struct control_line line = line_of_texts(reader);

	for (size_t i = 0; i < reader->rows.count; i++)
		if (reader->names[reader->rows.cells[i].column].len == 0)
			reader->names[reader->rows.cells[i].column] = TEXT("1");
	return footer_is_row(&reader->header, reader->amounts, line.fields, reader->header.count);
}

/* The next row that the profile does not take for one of the footer. */
static enum xlsx_verdict next_of_sheet(struct reader *reader, struct fault *fault)
{
	enum xlsx_verdict verdict;

	while ((verdict = xlsx_rows_next(&reader->rows, fault)) == XLSX_ROW_OF_FOOTER) {
		if (!is_payout(reader))
			continue;
		footer_refuse(&reader->header, reader->rows.number, &reader->zip.refusal);
		return XLSX_ROW_FAILED;
	}
	return verdict;
}

static enum xlsx_verdict refuse_control(struct reader *reader, const char *what)
{
	control_line_refuse(reader->header.profile, reader->rows.number, what, &reader->zip.refusal);
	return XLSX_ROW_FAILED;
}

/* The row is the one before the header, or before the rows of a sheet without one. The next one. */
static enum xlsx_verdict pass_first_control(struct reader *reader, struct fault *fault)
{
	const struct control_line control = control_line(reader);

	if (!control_line_is(&control))
		return refuse_control(reader, "the file does not begin with its control line");
	return read_control(reader) ? next_of_sheet(reader, fault) : XLSX_ROW_FAILED;
}

/* The row is the sheet's last control line: nothing may follow. */
static enum xlsx_verdict pass_last_control(struct reader *reader, struct fault *fault)
{
	enum xlsx_verdict verdict = XLSX_ROW_FAILED;

	if (read_control(reader))
		verdict = next_of_sheet(reader, fault);
	return verdict == XLSX_ROW ? refuse_control(reader, "rows follow the file's last line") : verdict;
}

static enum xlsx_verdict next_row(struct reader *reader, struct fault *fault)
{
	enum xlsx_verdict verdict = reader->first_read ? XLSX_ROW : next_of_sheet(reader, fault);

	reader->first_read = false;
	if (!control_of(reader)->last)
		return verdict;
	if (verdict == XLSX_ROW) {
		const struct control_line control = control_line(reader);

		if (control_line_is(&control))
			verdict = pass_last_control(reader, fault);
	}
	if (verdict == XLSX_ROWS_END && !reader->control_read)
		return refuse_control(reader, "the file does not end with its control line");
	return verdict;
}

/* --- the header --------------------------------------------------------------------------------------------------- */

static bool has_no_header(const struct reader *reader)
{
	return reader->header.profile != NULL && reader->header.profile->headerless;
}

static void refuse_columns(struct reader *reader)
{
	refusal_set(&reader->zip.refusal, "FIELD_TOO_LONG", reader->rows.number,
		"Leave out the columns that are not needed.", "the header has more than %d columns", BOUND_COLUMNS);
}

static void take_names(struct reader *reader)
{
	const struct xlsx_rows *rows = &reader->rows;
	size_t count = 0;

	memset(reader->names, 0, sizeof(reader->names));
	for (size_t i = 0; i < rows->count; i++) {
		const struct xlsx_cell *cell = &rows->cells[i];

		if (cell->kind == XLSX_CELL_NO_RESULT) {
			refusal_set(&reader->zip.refusal, "FIELD_DAMAGED", rows->number,
				"Open the workbook in a spreadsheet, which calculates it, and save it.",
				"the header has a formula that was never calculated, in column %zu", cell->column + 1);
			return;
		}
		reader->names[cell->column] = cell->text;
		count = cell->column + 1;
	}
	header_read(&reader->header, reader->names, count, rows->number);
	reader->book.header_row = rows->number;
}

/* As many columns as the first row or the profile has. */
static void place_columns(struct reader *reader)
{
	const struct profile *profile = reader->header.profile;
	const struct xlsx_rows *rows = &reader->rows;
	size_t count = rows->count > 0 ? rows->cells[rows->count - 1].column + 1 : 0;

	for (size_t i = 0; i < profile->column_count; i++)
		if (profile->columns[i].position > count)
			count = profile->columns[i].position;
	header_place(&reader->header, count, rows->number);
	reader->first_read = true;
}

/* The columns whose merged cells count. */
static void tell_table(struct reader *reader)
{
	for (size_t i = 0; i < reader->header.count; i++)
		reader->rows.table_columns[i] = has_no_header(reader) || reader->header.cells[i].name.len > 0;
	reader->rows.table_row = has_no_header(reader) ? reader->rows.number - 1 : reader->rows.number;
}

/* The first row behind the preamble. Without a header, a sheet that has no preamble this time would lose rows. */
static enum xlsx_verdict pass_preamble(struct reader *reader, struct fault *fault)
{
	int64_t preamble = reader->header.profile != NULL ? reader->header.profile->preamble : 0;
	enum xlsx_verdict verdict;

	while ((verdict = next_of_sheet(reader, fault)) == XLSX_ROW && reader->rows.number <= preamble) {
		if (!has_no_header(reader))
			continue;
		place_columns(reader);
		if (!is_payout(reader))
			continue;
		footer_refuse_preamble(&reader->header, reader->rows.number, &reader->zip.refusal);
		return XLSX_ROW_FAILED;
	}
	return verdict;
}

static bool open_header(struct reader *reader, struct fault *fault)
{
	enum xlsx_verdict verdict = pass_preamble(reader, fault);

	if (verdict == XLSX_ROW && control_of(reader)->said && !control_of(reader)->last)
		verdict = pass_first_control(reader, fault);
	if (verdict == XLSX_ROW_FAILED)
		return reader->zip.refusal.code != NULL;
	if (verdict == XLSX_ROWS_END)
		refusal_set(&reader->zip.refusal, "FILE_EMPTY", 0,
			"Name the workbook with the payouts, or the sheet in a profile: sheet = NAME.",
			"the sheet %s is empty", reader->book.sheet_name);
	else if (reader->rows.outside > 0 || reader->rows.too_long)
		refuse_columns(reader);
	else if (has_no_header(reader))
		place_columns(reader);
	else
		take_names(reader);
	reader->book.columns = reader->header.count;
	tell_table(reader);
	return true;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static bool open_parts(struct reader *reader, const struct reader_options *options, struct fault *fault)
{
	const char *sheet = options->profile != NULL ? options->profile->sheet : NULL;
	struct xlsx_zip *zip = &reader->zip;
	struct xlsx_book *book = &reader->book;

	return xlsx_open_book(book, zip, sheet, &reader->arena, fault) &&
	       (book->styles_part[0] == '\0' || xlsx_styles_read(&reader->styles, zip, book->styles_part, fault)) &&
	       (book->strings_part[0] == '\0' ||
		       xlsx_strings_read(&reader->strings, zip, book->strings_part, folder_of(options), fault)) &&
	       xlsx_rows_open(&reader->rows, zip, book, &reader->strings, &reader->styles,
		       options->profile != NULL ? options->profile->footer : 0, fault);
}

static bool open_all(
	struct reader *reader, struct source *source, const struct reader_options *options, struct fault *fault)
{
	struct refusal *refusal = &reader->zip.refusal;

	if (!xlsx_open_look(source, refusal, fault))
		return false;
	if (refusal->code != NULL)
		return true;
	if (!xlsx_zip_open(&reader->zip, source, fault))
		return false;
	if (refusal->code != NULL)
		return true;
	if (!open_parts(reader, options, fault))
		return refusal->code != NULL;
	return open_header(reader, fault);
}

static void xlsx_reader_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	xlsx_rows_close(&reader->rows);
	xlsx_strings_release(&reader->strings);
	xlsx_styles_release(&reader->styles);
	xlsx_fields_release(&reader->fields);
	xlsx_zip_close(&reader->zip);
	header_release(&reader->header);
	arena_release(&reader->arena);
	free(reader);
}

static struct reader *xlsx_reader_open(struct source *source, const struct reader_options *options, struct fault *fault)
{
	struct reader *reader;

	if (options->encoding != NULL || options->delimiter != '\0') {
		fault_set(fault, FAULT_USAGE, "", "Leave it out.", "%s: a workbook has none of its own",
			options->encoding != NULL ? "--encoding" : "--delimiter");
		return NULL;
	}
	reader = memory_new(sizeof(*reader));
	reader->header.profile = options->profile;
	reader->amounts = options->amounts;
	reader->batch.count = -1;
	reader->fields.header = &reader->header;
	reader->fields.decimal_mark = options->decimal_mark != '\0' ? options->decimal_mark : '.';
	if (open_all(reader, source, options, fault))
		return reader;
	xlsx_reader_close(reader);
	return NULL;
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

static enum reader_verdict tell_refusal(struct reader *reader, struct findings *findings)
{
	refusal_tell(&reader->zip.refusal, findings);
	return READER_REFUSED;
}

/* Payrun's own columns stand behind what was outside before: there it stays outside. */
static bool is_between(const struct reader *reader, size_t column)
{
	const struct header *header = &reader->header;

	if (reader->book.header_row == 0 || header->cells[column].name.len > 0)
		return false;
	while (++column < header->count)
		if (header->cells[column].name.len > 0)
			return header->cells[column].column == COLUMN_OWN;
	return false;
}

/* The first filled column without a header; 0: none. */
static size_t outside(const struct reader *reader)
{
	const struct xlsx_rows *rows = &reader->rows;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->cells[i].column >= reader->header.count || is_between(reader, rows->cells[i].column))
			return rows->cells[i].column;
	return rows->outside;
}

static void blame_outside(struct reader *reader, struct findings *findings)
{
	struct buf place = {0};

	xlsx_cell_name(&place, outside(reader), reader->rows.number);
	finding_add(findings, FINDING_ERROR, "SHEET_OUTSIDE", "", CURE_OUTSIDE,
		"cell %s is filled, and its column has no header", buf_str(&place));
	buf_release(&place);
}

static void fill_row(struct reader *reader, struct row *row, struct findings *findings)
{
	struct xlsx_rows *rows = &reader->rows;
	bool whole = outside(reader) == 0 && !rows->too_long;

	row->number = row->line = rows->number;
	findings->row = findings->line = rows->number;
	if (whole)
		xlsx_fields_fill(&reader->fields, rows, findings);
	header_fill(&reader->header, reader->fields.texts, whole ? reader->header.count : 0, row);
	header_require(&reader->header, reader->fields.texts, whole ? reader->header.count : 0, findings);
	row->refused = whole ? reader->fields.refused : 0;
	row->broken = !whole;
	if (rows->too_long)
		finding_add(findings, FINDING_ERROR, "FIELD_TOO_LONG", "", "Shorten it.",
			"a cell of the row has more than %d bytes, or the row more than %d", BOUND_FIELD_BYTES,
			BOUND_LINE_BYTES);
	else if (!whole)
		blame_outside(reader, findings);
	if (rows->hidden)
		finding_add(findings, FINDING_WARNING, "SHEET_HIDDEN", "",
			"Take the row out if it isn't meant to be paid; show it if it is.",
			"the row is hidden in the sheet, and is read");
	reader->given++;
}

static enum reader_verdict xlsx_reader_next(
	struct reader *reader, struct row *row, struct findings *findings, struct fault *fault)
{
	struct refusal *refusal = &reader->zip.refusal;
	enum xlsx_verdict verdict;

	if (refusal->code != NULL)
		return tell_refusal(reader, findings);
	verdict = next_row(reader, fault);
	if (verdict == XLSX_ROW) {
		fill_row(reader, row, findings);
		return READER_ROW;
	}
	if (verdict == XLSX_ROWS_END && reader->given > 0 && reader->rows.merged[0] == '\0')
		return READER_END;
	if (verdict == XLSX_ROWS_END && reader->given > 0)
		refusal_set(refusal, "SHEET_MERGED", 0, CURE_MERGED,
			"the cells %s are merged: only the first row of them has the value", reader->rows.merged);
	else if (verdict == XLSX_ROWS_END)
		refusal_set(refusal, "FILE_EMPTY", reader->header.line, "Name the workbook with the payouts.",
			"the sheet %s has a header and no rows", reader->book.sheet_name);
	return refusal->code != NULL ? tell_refusal(reader, findings) : READER_FAULT;
}

static struct text no_bytes(const struct reader *reader)
{
	(void)reader;
	return TEXT("");
}

static void tell_hidden(const struct reader *reader, struct findings *findings)
{
	struct buf names = {0};

	for (size_t i = 0; i < reader->header.count; i++) {
		const struct header_cell *cell = &reader->header.cells[i];

		if (reader->rows.hidden_columns[i] != 0 &&
			(cell->column < COLUMN_CELLS || cell->column == COLUMN_RECIPIENT))
			buf_addf(&names, "%s%s", names.len > 0 ? ", " : "", finding_quote(findings, cell->name));
	}
	if (names.len > 0)
		finding_add(findings, FINDING_WARNING, "SHEET_HIDDEN", "",
			"Show them, and check that what they hold is meant.",
			"columns are hidden in the sheet, and are read: %s", buf_str(&names));
	buf_release(&names);
}

static void xlsx_reader_header(struct reader *reader, struct findings *findings)
{
	if (reader->zip.refusal.code != NULL) {
		tell_refusal(reader, findings);
		return;
	}
	header_check(&reader->header, findings, NULL);
	tell_hidden(reader, findings);
}

static const struct reader_batch *xlsx_reader_batch(const struct reader *reader)
{
	return control_of(reader)->said ? &reader->batch : NULL;
}

static bool xlsx_reader_has_column(const struct reader *reader, enum column column)
{
	return header_has(&reader->header, column);
}

const struct xlsx_book *xlsx_book_of(const struct reader *reader)
{
	return reader->book.sheet_part == NULL || reader->book.sheet_part[0] == '\0' ? NULL : &reader->book;
}

static bool is_field(const struct header_cell *cell, const char *field)
{
	const struct text prefix = TEXT("recipient.");
	struct text name = text_of(field);

	if (cell->column != COLUMN_RECIPIENT)
		return name.len > 0 && text_is(name, header_cell_field(cell));
	if (text_is(name, "recipient"))
		return true;
	return text_starts(name, prefix) &&
	       text_equal_nocase((struct text){name.ptr + prefix.len, name.len - prefix.len}, cell->recipient);
}

int xlsx_book_column(const struct reader *reader, const char *field)
{
	for (size_t i = 0; i < reader->header.count; i++)
		if (is_field(&reader->header.cells[i], field))
			return (int)i;
	return -1;
}

int xlsx_book_named(const struct reader *reader, const char *name)
{
	for (size_t i = 0; i < reader->header.count; i++)
		if (column_name_is(reader->header.cells[i].name, name))
			return (int)i;
	return -1;
}

const struct reader_format reader_xlsx = {
	.name = "xlsx",
	.extension = ".xlsx",
	.sniff = xlsx_open_sniff,
	.open = xlsx_reader_open,
	.next = xlsx_reader_next,
	.raw = no_bytes,
	.header = xlsx_reader_header,
	.header_raw = no_bytes,
	.has_column = xlsx_reader_has_column,
	.batch = xlsx_reader_batch,
	.close = xlsx_reader_close,
};
