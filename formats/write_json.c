/* JSON in the shape of the contract, section 6; one payout a line, so that line tools work on it too. */
#include <inttypes.h>

#include "base/clock.h"
#include "formats/report_writer.h"

/* A report is also read on a terminal. */
static void add_string(struct report_writer *writer, struct text text)
{
	text_json(&writer->line, report_utf8(&writer->spare, text));
}

static void add_time(struct buf *out, int64_t utc_ms)
{
	char iso[CLOCK_ISO_SIZE];

	clock_iso_s(utc_ms, iso);
	buf_addc(out, '"');
	buf_addz(out, iso);
	buf_addc(out, '"');
}

static void add_batch(struct report_writer *writer, const struct report_batch *batch)
{
	struct buf *out = &writer->line;

	buf_addz(out, "{\"id\":");
	add_string(writer, batch->id);
	buf_addz(out, ",\"file\":");
	add_string(writer, batch->file);
	buf_addz(out, ",\"sha256\":");
	add_string(writer, text_of(batch->sha256));
	buf_addz(out, ",\"received_at\":");
	add_time(out, batch->received_at);
	buf_addz(out, ",\"received_by\":");
	add_string(writer, batch->received_by);
	buf_addz(out, ",\"rows\":");
	buf_addi(out, batch->rows);
	buf_addz(out, batch->control ? ",\"control\":true}" : ",\"control\":false}");
}

static void add_totals(struct report_writer *writer, const struct report_totals *totals)
{
	struct buf *out = &writer->line;

	buf_addc(out, '[');
	for (size_t i = 0; i < totals->count; i++) {
		const struct report_total *total = &totals->list[i];

		buf_addz(out, i > 0 ? ",\n{\"currency\":" : "\n{\"currency\":");
		add_string(writer, text_of(total->currency));
		buf_addz(out, ",\"state\":\"");
		buf_addz(out, state_name(total->state));
		buf_addz(out, "\",\"count\":");
		buf_addi(out, total->count);
		buf_addz(out, ",\"amount\":\"");
		report_total_amount(out, total);
		buf_addz(out, "\"}");
	}
	buf_addc(out, ']');
}

static void flush(struct report_writer *writer)
{
	file_write(writer->out, writer->line.data, writer->line.len);
	buf_reset(&writer->line);
}

/* Without a batch, "batch" is null and "batches" lists those whose payouts follow. */
static void json_begin(struct report_writer *writer, const struct report_head *head)
{
	struct buf *out = &writer->line;

	buf_addz(out, "{\"batch\":");
	if (head->one)
		add_batch(writer, &head->batches[0]);
	else
		buf_addz(out, "null,\n\"batches\":[");
	for (size_t i = 0; !head->one && i < head->batch_count; i++) {
		buf_addz(out, i > 0 ? ",\n" : "\n");
		add_batch(writer, &head->batches[i]);
		flush(writer);
	}
	buf_addz(out, head->one ? ",\n\"totals\":" : "],\n\"totals\":");
	add_totals(writer, head->totals);
	buf_addz(out, head->balanced ? ",\n\"balanced\":true,\n\"head\":" : ",\n\"balanced\":false,\n\"head\":");
	add_string(writer, text_of(head->head));
	buf_addz(out, ",\n\"payouts\":[");
	flush(writer);
}

static void json_line(struct report_writer *writer, const struct report_line *line)
{
	struct buf *out = &writer->line;

	buf_addz(out, writer->lines > 0 ? ",\n{" : "\n{");
	for (enum report_column i = 0; i < REPORT_COLUMNS; i++) {
		struct text text = line->cells[i];

		buf_addz(out, i > 0 ? ",\"" : "\"");
		buf_addt(out, report_column_name(i));
		buf_addz(out, "\":");
		if (report_column_kind(i) != REPORT_KIND_COUNT)
			add_string(writer, text);
		else if (text.len > 0)
			buf_addt(out, text);
		else
			buf_addz(out, "null");
	}
	buf_addc(out, '}');
	flush(writer);
}

static void json_end(struct report_writer *writer, const struct report_foot *foot)
{
	buf_addc(&writer->line, ']');
	if (foot->filtered) {
		buf_addz(&writer->line, ",\n\"listed\":");
		add_totals(writer, foot->listed);
	}
	buf_addz(&writer->line, "}\n");
	flush(writer);
}

const struct report_format report_json = {
	.name = "json",
	.extension = ".json",
	.totals = true,
	.begin = json_begin,
	.line = json_line,
	.end = json_end,
};
