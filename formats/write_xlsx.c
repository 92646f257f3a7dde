/*
 * An Excel workbook: the payouts, a line each; the sums; the batches. All text is in text cells, exactly as it is: a
 * cell of text is never run as a formula. Amounts and counts are numbers with all their digits, or text where a
 * spreadsheet would not keep them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "formats/report_writer.h"
#include "formats/workbook.h"

#define WIDTH_TEXT 24
#define WIDTH_NUMBER 14

static const struct workbook_column total_columns[] = {
	{"payouts", 12, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"currency", 12, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"state", 14, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"count", 12, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"amount", 20, WORKBOOK_HEAD, WORKBOOK_TEXT},
};

static const struct workbook_column batch_columns[] = {
	{"batch_id", WIDTH_TEXT, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"file", WIDTH_TEXT, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"file_sha256", 68, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"received_at", WIDTH_TEXT, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"received_by", WIDTH_TEXT, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"rows", 12, WORKBOOK_HEAD, WORKBOOK_TEXT},
	{"control_totals", WIDTH_NUMBER, WORKBOOK_HEAD, WORKBOOK_TEXT},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void add_payouts(struct report_writer *writer)
{
	struct workbook_column columns[REPORT_COLUMNS];
	char name[WORKBOOK_NAME_SIZE];

	for (enum report_column i = 0; i < REPORT_COLUMNS; i++)
		columns[i] = (struct workbook_column){report_column_name(i).ptr,
			report_column_kind(i) == REPORT_KIND_TEXT ? WIDTH_TEXT : WIDTH_NUMBER, WORKBOOK_HEAD,
			WORKBOOK_TEXT};
	snprintf(name, sizeof(name), "payouts%zu", ++writer->sheet_count);
	writer->sheet = workbook_add(writer->book, writer->sheet_count > 1 ? name : "payouts", columns, REPORT_COLUMNS);
}

static void put(struct report_writer *writer, struct workbook_sheet *sheet, struct text text)
{
	if (!writer->raw && text.len > 0) {
		buf_reset(&writer->tame);
		text_harmless(&writer->tame, report_utf8(&writer->spare, text));
		text = buf_text(&writer->tame);
	}
	workbook_cell(writer->book, sheet, text, WORKBOOK_TEXT);
}

static void put_count(struct report_writer *writer, struct workbook_sheet *sheet, int64_t count)
{
	buf_reset(&writer->line);
	buf_addi(&writer->line, count);
	workbook_number(writer->book, sheet, buf_text(&writer->line));
}

/* --- sums --------------------------------------------------------------------------------------------------------- */

static void add_totals(struct report_writer *writer, struct workbook_sheet *sheet, const char *payouts, bool by_state,
	const struct report_totals *totals)
{
	for (size_t i = 0; i < totals->count; i++) {
		const struct report_total *total = &totals->list[i];

		workbook_row(writer->book, sheet);
		put(writer, sheet, text_of(payouts));
		put(writer, sheet, text_of(total->currency));
		put(writer, sheet, text_of(by_state ? state_name(total->state) : ""));
		put_count(writer, sheet, total->count);
		buf_reset(&writer->line);
		report_total_amount(&writer->line, total);
		workbook_number(writer->book, sheet, buf_text(&writer->line));
	}
}

static void add_fact(struct report_writer *writer, struct workbook_sheet *sheet, const char *name, const char *value)
{
	workbook_row(writer->book, sheet);
	put(writer, sheet, text_of(name));
	put(writer, sheet, text_of(value));
}

static void add_sums(struct report_writer *writer, const struct report_foot *foot)
{
	const struct report_head *head = writer->head;
	struct workbook_sheet *sheet = workbook_add(writer->book, "totals", total_columns, COUNT(total_columns));

	add_totals(writer, sheet, "received", false, head->in);
	add_totals(writer, sheet, "now", true, head->totals);
	if (foot->filtered)
		add_totals(writer, sheet, "listed", true, foot->listed);
	add_fact(writer, sheet, "balanced", head->balanced ? "yes" : "no");
	add_fact(writer, sheet, "head", head->head);
}

static void add_batches(struct report_writer *writer)
{
	struct workbook_sheet *sheet = workbook_add(writer->book, "batches", batch_columns, COUNT(batch_columns));

	for (size_t i = 0; i < writer->head->batch_count && i + 1 < WORKBOOK_ROWS; i++) {
		const struct report_batch *batch = &writer->head->batches[i];
		char iso[CLOCK_ISO_SIZE];

		clock_iso_s(batch->received_at, iso);
		workbook_row(writer->book, sheet);
		put(writer, sheet, batch->id);
		put(writer, sheet, batch->file);
		put(writer, sheet, text_of(batch->sha256));
		put(writer, sheet, text_of(iso));
		put(writer, sheet, batch->received_by);
		put_count(writer, sheet, batch->rows);
		put(writer, sheet, text_of(batch->control ? "agreed" : ""));
	}
}

/* --- the format --------------------------------------------------------------------------------------------------- */

static void xlsx_begin(struct report_writer *writer, const struct report_head *head)
{
	const char *folder = getenv("TMPDIR");

	(void)head;
	writer->book = memory_new(sizeof(*writer->book));
	workbook_begin(writer->book, folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	add_payouts(writer);
}

static void xlsx_line(struct report_writer *writer, const struct report_line *line)
{
	/* A sheet has an end; the last two are for the sums. What would need more stays in the last one that there is.
	 */
	if (writer->sheet->rows == WORKBOOK_ROWS) {
		if (writer->book->count + 2 == WORKBOOK_SHEETS) {
			fault_set(&writer->fault, FAULT_OPERATION, "OUTPUT_FAILED",
				"Report less of it at a time, or as CSV.",
				"a workbook has no room for so many payouts");
			return;
		}
		add_payouts(writer);
	}
	workbook_row(writer->book, writer->sheet);
	for (enum report_column i = 0; i < REPORT_COLUMNS; i++) {
		enum report_kind kind = report_column_kind(i);

		if (i == REPORT_AMOUNT || kind == REPORT_KIND_DECIMAL || kind == REPORT_KIND_COUNT)
			workbook_number(writer->book, writer->sheet, line->cells[i]);
		else
			put(writer, writer->sheet, line->cells[i]);
	}
}

static void xlsx_end(struct report_writer *writer, const struct report_foot *foot)
{
	add_sums(writer, foot);
	add_batches(writer);
	if (!writer->fault.set && !workbook_end(writer->book, writer->out, &writer->fault))
		return; /* who asked for the report looks at the fault */
}

static void xlsx_release(struct report_writer *writer)
{
	if (writer->book != NULL)
		workbook_abandon(writer->book);
	free(writer->book);
	writer->book = NULL;
}

const struct report_format report_xlsx = {
	.name = "xlsx",
	.extension = ".xlsx",
	.totals = true,
	.begin = xlsx_begin,
	.line = xlsx_line,
	.end = xlsx_end,
	.release = xlsx_release,
};
