/* payrun report: the payouts of a batch, or of all, as csv, json, text, a workbook or pain.002. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "stages/report.h"

static void report_run(struct program *program);

static const enum option_id report_options[] = {OPTION_REPORT_FORMAT, OPTION_OUTPUT, OPTION_FROM, OPTION_TO,
	OPTION_CHANNEL, OPTION_STATE, OPTION_BENEFICIARY, OPTION_UNMASK, OPTION_RAW, OPTION_COUNT};

const struct command command_report = {
	.name = "report",
	.section = SECTION_DAILY,
	.synopsis = "[BATCH]",
	.summary = "one line a payout, as csv, json, text, xlsx or pain.002",
	.options = report_options,
	.more = "Without -o to standard output. Destinations are masked to their last four characters unless "
		"--unmask.\n"
		"A workbook (xlsx) has the payouts, the sums and the batches on sheets of their own; it is not written "
		"to a\nterminal.\n"
		"pain.002 is ISO 20022's status report about one BATCH: version 03 or 10, whichever answers the "
		"message "
		"it came\n"
		"as (10 where it came as none), or name it: pain.002.001.03, pain.002.001.10. An -o that ends in .xml "
		"is "
		"one.\n"
		"With --json and without -o the report is the member \"report\".\n",
	.available = true,
	.run = report_run,
};

/* Days in the configured zone: from the first moment of --from to the last of --to. */
static bool read_days(struct program *program, struct report_options *to)
{
	static const int64_t day_ms = 86400 * INT64_C(1000);
	const char *zone = program->session.config->timezone;
	const char *from = option_text(&program->options, OPTION_FROM),
		   *until = option_text(&program->options, OPTION_TO);
	char next[11];
	if (from != NULL && !clock_zone_midnight(zone, text_of(from), &to->from_utc_ms)) {
		program_usage(program, "--from %s: there is no such day in %s", from, zone);
		return false;
	}
	/* Noon of the day and a day more is in the next one, however long the day is. */
	if (until != NULL && (!clock_zone_midnight(zone, text_of(until), &to->to_utc_ms) ||
				     !clock_zone_date(zone, to->to_utc_ms + day_ms + day_ms / 2, next) ||
				     !clock_zone_midnight(zone, text_of(next), &to->to_utc_ms))) {
		program_usage(program, "--to %s: there is no such day in %s", until, zone);
		return false;
	}
	return true;
}

static bool read_states(struct program *program, struct report_options *to)
{
	const struct options *options = &program->options;
	for (int i = 0; i < options->repeated_count[OPTION_STATE]; i++) {
		const char *name = options->repeated[OPTION_STATE][i];
		enum payout_state state;
		struct buf shown = {0};
		bool known = state_parse(text_of(name), &state);
		text_show(&shown, text_of(name), 60);
		if (!known)
			program_usage(program, "--state %s: there is no such state", buf_str(&shown));
		buf_release(&shown);
		if (!known)
			return false;
		to->states |= STATE_SET(state);
	}
	return true;
}

static bool write_report(struct program *program, const struct report_options *options)
{
	struct fault fault = {0};
	if (report_write(&program->session.stage, options, &fault))
		return true;
	program_fault(program, &fault);
	return false;
}

/* --json without -o: through a file of its own into the document. */
static void embed(struct program *program, struct report_options *options)
{
	const char *folder = getenv("TMPDIR");
	struct buf path = {0};
	struct fault fault = {0};
	if (options->format != NULL && strcmp(options->format, "json") != 0) {
		program_usage(program, "--json gives the report as JSON; -o FILE writes --format %s", options->format);
		return;
	}
	buf_addf(&path, "%s/payrun-report.XXXXXX", folder != NULL && folder[0] != '\0' ? folder : "/tmp");
	int fd = mkstemp(path.data);
	if (fd < 0) {
		fault_errno(
			&fault, FAULT_OPERATION, "OUTPUT_FAILED", "Check TMPDIR.", "could not create %s", path.data);
		program_fault(program, &fault);
		buf_release(&path);
		return;
	}
	close(fd);
	options->format = "json";
	options->path = path.data;
	if (write_report(program, options))
		program->output.report_path = memory_string(path.data);
	else
		unlink(path.data);
	buf_release(&path);
}

static void report_run(struct program *program)
{
	const struct options *options = &program->options;
	struct arena arena = {0};
	struct journal_batch batch = {.id = 0};
	struct report_options wanted = {
		.format = option_text(options, OPTION_REPORT_FORMAT),
		.path = option_text(options, OPTION_OUTPUT),
		.channel = option_text(options, OPTION_CHANNEL),
		.beneficiary = option_text(options, OPTION_BENEFICIARY),
		.unmask = option_given(options, OPTION_UNMASK),
		.raw = option_given(options, OPTION_RAW),
	};
	if (!program_words(program, 0, 1) || !program_open(program, SESSION_READ))
		return;
	if (options->word_count == 1 && !program_batch(program, options->words[0], &arena, &batch))
		goto out;
	wanted.batch = batch.id;
	if (!read_days(program, &wanted) || !read_states(program, &wanted))
		goto out;
	bool to_file = wanted.path != NULL && strcmp(wanted.path, "-") != 0;
	bool book = wanted.format != NULL && strcmp(wanted.format, "xlsx") == 0;
	if (book && !to_file && !program->output.json && isatty(STDOUT_FILENO))
		program_usage(program, "a workbook is nothing for a terminal; -o FILE.xlsx writes it");
	else if (program->output.json && !to_file)
		embed(program, &wanted);
	else if (write_report(program, &wanted) && to_file) {
		doc_member_string(&program->output.members, "path", wanted.path);
		output_say(&program->output, "wrote ");
		output_show(&program->output, text_of(wanted.path));
		output_say(&program->output, "\n");
	}
out:
	arena_release(&arena);
}
