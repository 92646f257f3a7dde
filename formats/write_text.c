/*
 * Text for people: batch, a table of payouts, sums, the chain's head. Columns are aligned by what a terminal shows.
 * The widths come from the first lines, which are held back; a wider cell further down pushes its own line only.
 */
#include <string.h>

#include <utf8proc.h>

#include "base/clock.h"
#include "formats/report_writer.h"

#define HELD_LINES 1000 /* lines that decide the widths: some hundred KiB */
#define GAP 2           /* columns of the screen between two of the table */
#define NAME_POINTS 40
#define REASON_POINTS 120

/* The columns of the table. Nothing that identifies a payout is cut. */
static const struct {
	const char *title;
	enum report_column column;
	size_t points; /* longer texts are cut; 0: never */
	bool right;
} table[REPORT_TABLE_COLUMNS] = {
	{"BATCH", REPORT_BATCH_ID, 0, false},
	{"ROW", REPORT_ROW, 0, true},
	{"REFERENCE", REPORT_REFERENCE, 0, false},
	{"BENEFICIARY", REPORT_BENEFICIARY_NAME, NAME_POINTS, false},
	{"DESTINATION", REPORT_DESTINATION, 0, false},
	{"AMOUNT", REPORT_AMOUNT, 0, true},
	{"CURRENCY", REPORT_CURRENCY, 0, false},
	{"STATE", REPORT_STATE, 0, false},
	{"REASON", REPORT_REASON, REASON_POINTS, false},
};

/* Columns of a terminal that a text takes which text_show() made. */
static int width_of(struct text text)
{
	size_t offset = 0;
	int32_t point;
	int width = 0;

	while ((point = text_next(text, &offset)) >= 0)
		width += utf8proc_charwidth(point);
	return width;
}

static void pad(struct buf *out, int count)
{
	for (; count > 0; count--)
		buf_addc(out, ' ');
}

static void add_padded(struct buf *out, struct text text, int width, bool right, bool last)
{
	int missing = width - width_of(text);

	if (right)
		pad(out, missing);
	buf_addt(out, text);
	if (!right && !last)
		pad(out, missing);
}

static void flush(struct report_writer *writer)
{
	file_write(writer->out, writer->line.data, writer->line.len);
	buf_reset(&writer->line);
}

static void add_field(struct buf *out, const char *name, struct text value)
{
	buf_addz(out, name);
	pad(out, 10 - (int)strlen(name));
	text_show(out, value, 0);
	buf_addc(out, '\n');
}

static void add_batch(struct buf *out, const struct report_batch *batch)
{
	char iso[CLOCK_ISO_SIZE];

	add_field(out, "Batch", batch->id);
	add_field(out, "File", batch->file);
	add_field(out, "SHA-256", text_of(batch->sha256));
	clock_iso_s(batch->received_at, iso);
	add_field(out, "Received", text_of(iso));
	add_field(out, "By", batch->received_by);
	buf_addz(out, "Rows      ");
	buf_addi(out, batch->rows);
	buf_addz(out, batch->control ? ", as its control totals say\n\n" : "\n\n");
}

/* The batch's name is in every line only where there is more than one. */
static size_t first_column(const struct report_writer *writer)
{
	return writer->head->one ? 1 : 0;
}

static void text_begin(struct report_writer *writer, const struct report_head *head)
{
	for (size_t i = 0; i < head->batch_count; i++) {
		add_batch(&writer->line, &head->batches[i]);
		flush(writer);
	}
	for (size_t i = 0; i < REPORT_TABLE_COLUMNS; i++)
		writer->widths[i] = (int)strlen(table[i].title);
}

/* A row of cells, each ended by a NUL, which text_show() never leaves in one; returns where the next row starts. */
static const char *add_row(struct report_writer *writer, const char *cells)
{
	struct buf *out = &writer->line;

	for (size_t i = first_column(writer); i < REPORT_TABLE_COLUMNS; i++) {
		struct text cell = text_of(cells);
		bool last = i + 1 == REPORT_TABLE_COLUMNS;

		add_padded(out, cell, writer->widths[i], table[i].right, last);
		if (!last)
			pad(out, GAP);
		cells += cell.len + 1;
	}
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->len--;
	buf_addc(out, '\n');
	return cells;
}

static void add_titles(struct report_writer *writer)
{
	struct buf titles = {0};

	for (size_t i = first_column(writer); i < REPORT_TABLE_COLUMNS; i++)
		buf_add(&titles, table[i].title, strlen(table[i].title) + 1);
	add_row(writer, titles.data);
	buf_release(&titles);
}

static void write_held(struct report_writer *writer)
{
	const char *cells = writer->held.data;
	const char *end = cells + writer->held.len;

	if (writer->held.len == 0)
		return;
	if (!writer->titled)
		add_titles(writer);
	writer->titled = true;
	while (cells < end) {
		cells = add_row(writer, cells);
		flush(writer);
	}
	buf_reset(&writer->held);
}

static void hold_cell(struct report_writer *writer, size_t index, const struct report_line *line)
{
	struct text code = line->cells[REPORT_REASON_CODE];
	struct buf *held = &writer->held;
	size_t from = held->len;
	int width;

	if (table[index].column == REPORT_REASON && code.len > 0) {
		text_show(held, code, 0);
		buf_addz(held, line->cells[REPORT_REASON].len > 0 ? ": " : "");
	}
	text_show(held, line->cells[table[index].column], table[index].points);
	width = width_of((struct text){held->data + from, held->len - from});
	if (writer->lines < HELD_LINES && width > writer->widths[index])
		writer->widths[index] = width;
	buf_addc(held, '\0');
}

static void text_line(struct report_writer *writer, const struct report_line *line)
{
	for (size_t i = first_column(writer); i < REPORT_TABLE_COLUMNS; i++)
		hold_cell(writer, i, line);
	if (writer->lines + 1 >= HELD_LINES)
		write_held(writer);
}

static void add_sum(struct buf *out, const char *name, const struct report_total *total)
{
	struct buf amount = {0}, count = {0};

	report_total_amount(&amount, total);
	buf_addi(&count, total->count);
	buf_addz(out, "  ");
	add_padded(out, text_of(name), 10, false, false);
	add_padded(out, buf_text(&count), 10, true, false);
	add_padded(out, buf_text(&amount), 24, true, false);
	buf_addc(out, ' ');
	text_show(out, text_of(total->currency[0] != '\0' ? total->currency : "(no currency)"), 0);
	buf_addc(out, '\n');
	buf_release(&amount);
	buf_release(&count);
}

static bool same_currency(const struct report_total *a, const struct report_total *b)
{
	return a->decimals == b->decimals && strcmp(a->currency, b->currency) == 0;
}

static void add_sums(struct report_writer *writer)
{
	const struct report_head *head = writer->head;

	for (size_t i = 0; i < head->in->count; i++) {
		const struct report_total *in = &head->in->list[i];

		add_sum(&writer->line, "received", in);
		for (size_t k = 0; k < head->totals->count; k++)
			if (same_currency(&head->totals->list[k], in))
				add_sum(&writer->line, state_name(head->totals->list[k].state), &head->totals->list[k]);
	}
	buf_addz(&writer->line, head->balanced ? "The sums agree.\n" : "THE SUMS DO NOT AGREE: run payrun verify.\n");
}

static void text_end(struct report_writer *writer, const struct report_foot *foot)
{
	write_held(writer);
	if (writer->lines == 0)
		buf_addz(&writer->line, "No payouts.\n");
	if (foot->filtered) {
		buf_addz(&writer->line, "\nListed\n");
		for (size_t i = 0; i < foot->listed->count; i++)
			add_sum(&writer->line, state_name(foot->listed->list[i].state), &foot->listed->list[i]);
	}
	buf_addz(&writer->line, writer->head->one ? "\nThe whole batch\n" : "\nAll these batches\n");
	add_sums(writer);
	add_field(&writer->line, "Head", text_of(writer->head->head));
	flush(writer);
}

const struct report_format report_text = {
	.name = "text",
	.extension = ".txt",
	.totals = true,
	.begin = text_begin,
	.line = text_line,
	.end = text_end,
};
