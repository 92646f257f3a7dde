#include "stages/report.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "stages/report_fill.h"
#include "stages/report_parts.h"
#include "stages/report_repeats.h"
#include "stages/report_scope.h"

#define FORMATS_CURE "Use --format csv, json, text, xlsx or pain.002."

#define STOP_LINES 1024 /* a signal is asked for once in so many */

/* A report while it is written. */
struct sending {
	struct stage *stage;
	struct report_scope scope;
	struct report_fill fill;
	struct report_writer writer;
	struct report_repeats *repeats; /* where the format is about one batch */
	struct report_totals listed;    /* where some payouts are left out */
	bool stoppable;
	bool stopped;
	bool too_large;
	int64_t seen;
};

static bool add_listed(struct report_totals *listed, const struct journal_line *line)
{
	struct report_total one = {
		.decimals = line->payout.decimals,
		.state = line->state,
		.count = 1,
		.minor = line->payout.amount_minor,
	};
	size_t len = line->payout.currency.len;

	if (len > sizeof(one.currency) - 1)
		len = sizeof(one.currency) - 1;
	if (len > 0)
		memcpy(one.currency, line->payout.currency.ptr, len);
	return report_totals_add(listed, &one);
}

static bool send_line(void *context, const struct journal_line *line)
{
	struct sending *sending = context;

	if (sending->stoppable && ++sending->seen % STOP_LINES == 0 && stage_stopped(sending->stage))
		sending->stopped = true;
	if (sending->stopped || sending->writer.out->error != 0 || sending->writer.fault.set)
		return false;
	if (!report_scope_lists(&sending->scope, line))
		return true;
	if (sending->scope.filtered && !add_listed(&sending->listed, line)) {
		sending->too_large = true;
		return false;
	}
	report_fill(&sending->fill, line);
	if (sending->repeats != NULL && !report_repeats_fill(sending->repeats, line, &sending->fill.line))
		return false;
	report_writer_line(&sending->writer, &sending->fill.line);
	return true;
}

static bool send_lines(struct sending *sending, struct fault *fault)
{
	struct journal *journal = sending->stage->journal;

	if (sending->scope.all)
		return journal_line_each(journal, 0, send_line, sending, fault);
	for (size_t i = 0; i < sending->scope.count; i++)
		if (!journal_line_each(journal, sending->scope.ids[i], send_line, sending, fault))
			return false;
	return true;
}

static bool ended_well(const struct sending *sending, struct fault *fault)
{
	if (sending->stopped)
		return fault_set(fault, FAULT_STOPPED, "", "Run the same command again.",
			"stopped by a signal: no report was written");
	if (sending->too_large)
		return fault_set(fault, FAULT_OPERATION, "OUTPUT_FAILED", "Report less of it at a time.",
			"could not add up the report: a sum is too large");
	return true;
}

bool report_send(struct stage *stage, const struct report_options *options, const struct report_format *format,
	struct file_out *out, bool stoppable, struct fault *fault)
{
	struct sending sending = {.stage = stage, .stoppable = stoppable, .fill = {.unmask = options->unmask}};
	struct report_scope *scope = &sending.scope;
	struct report_head head = {.one = options->batch != 0 && scope->count == 1};
	struct report_repeats repeats = {.journal = stage->journal};
	struct report_foot foot;
	bool done = false;

	if (!report_scope_read(scope, stage->journal, options, format->totals, fault))
		goto out;
	head = (struct report_head){
		.batches = scope->batches,
		.batch_count = scope->count,
		.one = options->batch != 0 && scope->count == 1,
		.in = &scope->in,
		.totals = &scope->totals,
		.balanced = scope->balanced,
		.head = scope->head,
		.message = scope->message.name.len > 0 ? &scope->message : NULL,
		.now_ms = clock_now(stage->clock).utc_ms,
	};
	if (format->one) {
		if (!report_repeats_count(&repeats, options->batch, &scope->totals, fault))
			goto out;
		sending.repeats = &repeats;
		head.repeats = repeats.counts;
	}
	report_writer_begin(&sending.writer, format, out, &head, options->raw);
	if (!send_lines(&sending, fault) || !report_repeats_told(&repeats, fault) || !ended_well(&sending, fault))
		goto out;
	foot = (struct report_foot){.filtered = scope->filtered, .listed = &sending.listed};
	done = report_writer_end(&sending.writer, &foot, fault);
out:
	report_writer_release(&sending.writer);
	report_repeats_release(&repeats);
	report_line_release(&sending.fill.line);
	report_totals_release(&sending.listed);
	report_scope_release(scope);
	return done;
}

static bool not_here(const char *name, struct fault *fault)
{
	fault_set(fault, FAULT_USAGE, "", FORMATS_CURE, "reports as %s are not in this version", name);
	return false;
}

static bool ends_with(struct text text, const char *ending)
{
	struct text end = text_of(ending);

	return text.len >= end.len && text_equal_nocase((struct text){text.ptr + text.len - end.len, end.len}, end);
}

static bool format_of_path(const char *path, const struct report_format **format, struct fault *fault)
{
	struct text text = text_of(path);

	if (ends_with(text, ".html") || ends_with(text, ".htm"))
		return not_here("html", fault);
	*format = report_format_ending(text);
	if (*format == NULL)
		*format = &report_text;
	return true;
}

static bool format_named(const char *name, const struct report_format **format, struct fault *fault)
{
	struct buf shown = {0};

	if (strcmp(name, "html") == 0)
		return not_here(name, fault);
	*format = report_format_named(text_of(name));
	if (*format != NULL)
		return true;
	text_show(&shown, text_of(name), 40);
	fault_set(fault, FAULT_USAGE, "", FORMATS_CURE, "there is no report format \"%s\"", buf_str(&shown));
	buf_release(&shown);
	return false;
}

/* A status report answers one message: it has no name for another, and none for a part of the journal. */
static bool about_one(const struct report_options *options, const struct report_format *format, struct fault *fault)
{
	if (!format->one)
		return true;
	if (options->batch == 0)
		return fault_set(fault, FAULT_USAGE, "", "Name it: `payrun report last --format pain.002`.",
			"a report as %s is about one batch", format->name);
	if (options->from_utc_ms != 0 || options->to_utc_ms != 0)
		return fault_set(fault, FAULT_USAGE, "", "Leave them out.",
			"--from and --to choose batches, and a report as %s is about one", format->name);
	return true;
}

static bool is_stdout(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

bool report_write(struct stage *stage, const struct report_options *options, struct fault *fault)
{
	const struct report_format *format = NULL;
	struct file_out out;
	bool done;

	if (!(options->format != NULL ? format_named(options->format, &format, fault)
				      : format_of_path(options->path, &format, fault)))
		return false;
	if (!about_one(options, format, fault))
		return false;
	if (!(is_stdout(options->path) ? file_use(&out, STDOUT_FILENO, "standard output", fault)
				       : file_create(&out, options->path, fault)))
		return false;
	assert(format != NULL);
	done = journal_read_begin(stage->journal, fault) && report_send(stage, options, format, &out, true, fault);
	journal_read_end(stage->journal);
	if (!done) {
		file_abandon(&out);
		return false;
	}
	return file_commit(&out, true, fault);
}
