/* The error file: a second pass over the input, with the findings of each row beside its bytes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#include "base/buf.h"
#include "base/file.h"
#include "formats/write_errors.h"
#include "formats/write_errors_pain002.h"
#include "formats/write_errors_xlsx.h"
#include "formats/write_findings.h"
#include "stages/intake.h"

#define ROW_FINDINGS (FINDINGS_MAX + 8) /* those of the rules, and what was found at the end of the file */

/* NAME.errors.EXT */
static void name_add(struct buf *path, const char *name, const char *extension)
{
	const char *dot = strrchr(name, '.');

	if (strcmp(name, "-") == 0)
		name = "stdin";
	if (dot == NULL || dot == name) {
		buf_addf(path, "%s.errors%s", name, extension);
		return;
	}
	buf_add(path, name, (size_t)(dot - name));
	buf_addf(path, ".errors%s", dot);
}

/* A pipe or a terminal has no place of its own. */
static bool has_place(const struct intake *intake, const char *folder)
{
	struct stat status;

	return strcmp(intake->options->path, "-") != 0 && stat(intake->options->path, &status) == 0 &&
	       S_ISREG(status.st_mode) && access(folder, W_OK | X_OK) == 0;
}

/* Beside the input where that folder can be written to, else in reports. */
static bool path_choose(const struct intake *intake, struct buf *path, struct fault *fault)
{
	char *folder = file_folder(intake->options->path);
	const char *name = source_name(intake->source);
	bool fine = true;

	if (intake->options->errors_path != NULL) {
		buf_addz(path, intake->options->errors_path);
	} else if (has_place(intake, folder)) {
		if (strcmp(folder, ".") != 0 || strchr(intake->options->path, '/') != NULL)
			buf_addf(path, "%s/", folder);
		name_add(path, name, intake->format->extension);
	} else {
		fine = file_make_folder(intake->stage->config->reports, fault);
		buf_addf(path, "%s/", intake->stage->config->reports);
		name_add(path, name, intake->format->extension);
	}
	free(folder);
	return fine;
}

static bool is_input(const struct intake *intake, const char *path)
{
	struct stat input, output;

	return stat(intake->options->path, &input) == 0 && stat(path, &output) == 0 && input.st_dev == output.st_dev &&
	       input.st_ino == output.st_ino;
}

struct errors;

/* What an error file looks like; by the kind of input. */
struct error_form {
	bool (*begin)(struct errors *errors, const char *path, struct fault *fault);
	bool (*row)(struct errors *errors, const struct row *row, int64_t index, struct fault *fault);
	void (*blanks)(struct errors *errors); /* the blank rows before the one just read; NULL: they are no matter */
	bool (*commit)(struct errors *errors, struct fault *fault);
	void (*abandon)(struct errors *errors);
};

struct errors {
	struct intake *intake;
	const struct error_form *form;
	struct error_writer writer;
	struct findings_writer findings_writer;
	struct error_report report;
	struct error_book *book;
	struct buf pointer;
	struct spill_item item; /* the next one; its texts lie in the spill */
	bool left;
	struct findings found; /* by the reader, the second time: told already */
	struct finding findings[ROW_FINDINGS];
	size_t count;
	struct text reference;
};

/* --- a table: its own rows, with their findings beside them ------------------------------------------------------- */

static bool table_begin(struct errors *errors, const char *path, struct fault *fault)
{
	const struct intake *intake = errors->intake;

	return error_writer_begin(&errors->writer, path, intake->format->header_raw(intake->reader),
		intake->format->dialect(intake->reader), fault);
}

static bool table_row(struct errors *errors, const struct row *row, int64_t index, struct fault *fault)
{
	const struct intake *intake = errors->intake;

	(void)index, (void)fault;
	error_writer_row(&errors->writer, intake->format->raw(intake->reader), row->number, errors->findings,
		errors->count, errors->reference);
	return true;
}

static void table_blanks(struct errors *errors)
{
	const struct intake *intake = errors->intake;

	if (intake->format->blanks != NULL)
		error_writer_blanks(&errors->writer, intake->format->blanks(intake->reader));
}

static bool table_commit(struct errors *errors, struct fault *fault)
{
	return error_writer_commit(&errors->writer, fault);
}

static void table_abandon(struct errors *errors)
{
	error_writer_abandon(&errors->writer);
}

static const struct error_form form_table = {table_begin, table_row, table_blanks, table_commit, table_abandon};

/* --- a workbook: the same one, with its bad cells marked ---------------------------------------------------------- */

static bool book_begin(struct errors *errors, const char *path, struct fault *fault)
{
	const struct intake *intake = errors->intake;

	errors->book = error_book_begin(path, intake->source, intake->reader, intake->folder, fault);
	return errors->book != NULL;
}

static bool book_row(struct errors *errors, const struct row *row, int64_t index, struct fault *fault)
{
	(void)index;
	return error_book_row(errors->book, row->number, errors->findings, errors->count, errors->reference, fault);
}

static bool book_commit(struct errors *errors, struct fault *fault)
{
	struct receive_result *result = errors->intake->result;

	snprintf(result->error_file_lacks, sizeof(result->error_file_lacks), "%s", error_book_lacks(errors->book));
	return error_book_commit(errors->book, fault);
}

static void book_abandon(struct errors *errors)
{
	error_book_abandon(errors->book);
}

static const struct error_form form_book = {book_begin, book_row, NULL, book_commit, book_abandon};

/* --- a list: findings alone, each with its pointer ---------------------------------------------------------------- */

static bool list_begin(struct errors *errors, const char *path, struct fault *fault)
{
	const struct intake *intake = errors->intake;
	bool fine = findings_writer_begin(&errors->findings_writer, path, intake->format == &reader_ndjson, fault);

	for (size_t i = 0; fine && i < intake->file.count; i++)
		findings_writer_add(&errors->findings_writer, &intake->file.items[i], -1, TEXT(""), TEXT(""));
	return fine;
}

static bool list_row(struct errors *errors, const struct row *row, int64_t index, struct fault *fault)
{
	const struct intake *intake = errors->intake;

	(void)row, (void)fault;
	for (size_t i = 0; i < errors->count; i++) {
		buf_reset(&errors->pointer);
		intake->format->pointer(intake->reader, errors->findings[i].field, &errors->pointer);
		findings_writer_add(&errors->findings_writer, &errors->findings[i], index, buf_text(&errors->pointer),
			errors->reference);
	}
	return true;
}

static bool list_commit(struct errors *errors, struct fault *fault)
{
	return findings_writer_commit(&errors->findings_writer, fault);
}

static void list_abandon(struct errors *errors)
{
	findings_writer_abandon(&errors->findings_writer);
}

static const struct error_form form_list = {list_begin, list_row, NULL, list_commit, list_abandon};

/* --- a message: the status report that answers it ----------------------------------------------------------------- */

static bool message_begin(struct errors *errors, const char *path, struct fault *fault)
{
	const struct intake *intake = errors->intake;
	struct error_report_head head = {
		.message = &intake->batch->message,
		.now_ms = clock_now(intake->stage->clock).utc_ms,
		.sha256 = intake->result->sha256_hex,
		.refused = intake_refuses(intake),
		.rows = intake->result->rows,
		.good = intake->result->good,
		.findings = intake->file.items,
		.count = intake->file.count,
	};

	for (enum payout_state state = 0; state < PAYOUT_STATES; state++)
		head.repeats += intake->result->duplicates[state];
	return error_report_begin(&errors->report, path, &head, fault);
}

static bool message_row(struct errors *errors, const struct row *row, int64_t index, struct fault *fault)
{
	(void)index, (void)fault;
	error_report_row(&errors->report, row, errors->findings, errors->count);
	return true;
}

static bool message_commit(struct errors *errors, struct fault *fault)
{
	return error_report_commit(&errors->report, fault);
}

static void message_abandon(struct errors *errors)
{
	error_report_abandon(&errors->report);
}

static const struct error_form form_message = {message_begin, message_row, NULL, message_commit, message_abandon};

static const struct error_form *form_of(const struct intake *intake)
{
	if (intake->batch != NULL && intake->batch->message.name.len > 0)
		return &form_message;
	if (intake->format == &reader_xlsx)
		return &form_book;
	return intake->format->pointer != NULL ? &form_list : &form_table;
}

/* --- the second pass ---------------------------------------------------------------------------------------------- */

static const char *kept(struct errors *errors, const char *string)
{
	return text_string(&errors->intake->row_arena, text_of(string));
}

/* Collects what the spill has of a row. */
static bool collect(struct errors *errors, const struct row *row, struct fault *fault)
{
	struct spill_item *item = &errors->item;

	errors->count = 0;
	errors->reference = row->cells[COLUMN_REFERENCE].len > 0 ? row->cells[COLUMN_REFERENCE] : row->own_reference;
	while (errors->left && item->row <= row->number) {
		if (item->kind == SPILL_REFERENCE) {
			errors->reference = text_copy(&errors->intake->row_arena, item->reference);
		} else if (errors->count < ROW_FINDINGS) {
			struct finding *finding = &errors->findings[errors->count++];

			*finding = item->finding;
			finding->field = kept(errors, item->finding.field);
			finding->code = kept(errors, item->finding.code);
			finding->message = kept(errors, item->finding.message);
			finding->cure = kept(errors, item->finding.cure);
		}
		if (!spill_next(errors->intake->spill, item, &errors->left, fault))
			return false;
	}
	return true;
}

static bool write_rows(struct errors *errors, struct fault *fault)
{
	struct intake *intake = errors->intake;
	struct row row;

	if (!spill_rewind(intake->spill, fault) || !spill_next(intake->spill, &errors->item, &errors->left, fault))
		return false;
	for (int64_t index = 0;; index++) {
		arena_reset(&intake->row_arena);
		findings_begin(&errors->found, &intake->row_arena, 0, 0);
		switch (intake->format->next(intake->reader, &row, &errors->found, fault)) {
		case READER_ROW:
			if (!collect(errors, &row, fault))
				return false;
			if (errors->form->blanks != NULL)
				errors->form->blanks(errors);
			if (!errors->form->row(errors, &row, index, fault))
				return false;
			break;
		case READER_END:
			if (errors->form->blanks != NULL)
				errors->form->blanks(errors);
			return true;
		case READER_REFUSED:
			return fault_set(fault, FAULT_REFUSED, "FILE_CHANGED",
				"Run the command again when nobody writes to it.", "%s changed while it was read",
				intake->result->file_name);
		case READER_FAULT:
		default:
			return false;
		}
	}
}

static bool write_file(struct intake *intake, const char *path, struct fault *fault)
{
	struct errors *errors;
	uint8_t sha256[SHA256_SIZE];
	bool fine;

	if (!intake_reopen(intake, fault))
		return false;
	errors = memory_new(sizeof(*errors));
	errors->intake = intake;
	errors->form = form_of(intake);
	fine = errors->form->begin(errors, path, fault);
	if (fine && (!write_rows(errors, fault) || !source_finish(intake->source, sha256, fault))) {
		errors->form->abandon(errors);
		fine = false;
	} else if (fine) {
		fine = errors->form->commit(errors, fault);
	}
	buf_release(&errors->pointer);
	free(errors);
	return fine;
}

bool intake_write_errors(struct intake *intake, struct fault *fault)
{
	char *shown = intake->result->error_file;
	struct buf path = {0};
	bool fine = path_choose(intake, &path, fault);

	if (fine && is_input(intake, buf_str(&path)))
		fine = fault_set(fault, FAULT_USAGE, "", "Name another file with --errors.",
			"the error file would replace the input %s", intake->options->path);
	fine = fine && write_file(intake, buf_str(&path), fault);
	if (fine)
		snprintf(shown, sizeof(intake->result->error_file), "%s", buf_str(&path));
	buf_release(&path);
	return fine;
}
