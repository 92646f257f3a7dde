/* payrun verify: everything that can be proven offline; --report: a report against the journal. */
#include <inttypes.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/summary.h"
#include "run/compare.h"

static void verify_run(struct program *program);

static const enum option_id verify_options[] = {OPTION_HEAD, OPTION_REPORT, OPTION_COUNT};

const struct command command_verify = {
	.name = "verify",
	.section = SECTION_PROOF,
	.synopsis = "[--head HASH] [--report FILE]",
	.summary = "prove that the journal is whole",
	.options = verify_options,
	.more = "The chain of events, the sums of every batch, the keys, each payout's state from its events; with "
		"--head\n"
		"that the chain contains a hash you kept, with --report that a CSV report says what the journal says.\n"
		"Exit 6 when anything is broken. Works beside a run.\n",
	.available = true,
	.run = verify_run,
};

static void tell_break(void *context, const char *code, const char *message)
{
	struct program *program = context;
	struct buf *json = &program->output.members;
	output_say(&program->output, "%s: ", code);
	output_show(&program->output, text_of(message));
	output_say(&program->output, "\n");
	doc_open(json, '{');
	doc_member_string(json, "code", code);
	doc_member_string(json, "message", message);
	doc_close(json, '}');
	exit_note(&program->notes, CODE_BREAK);
}

static void compare_report(struct program *program, const char *path)
{
	struct fault fault = {0};
	struct compare_result result;
	struct compare compare = {.path = path, .each = tell_break, .context = program};
	if (!compare_report_file(&program->session.stage, &compare, &result, &fault)) {
		program_fault(program, &fault);
		return;
	}
	output_say(&program->output, "report: %" PRId64 " rows agree, %" PRId64 " differ", result.agree, result.differ);
	if (result.moved > 0)
		output_say(&program->output, ", %" PRId64 " have moved on since it was written", result.moved);
	if (result.absent > 0)
		output_say(&program->output, ", %" PRId64 " payouts of its batches are not in it", result.absent);
	output_say(&program->output, "\n");
}

static void say_result(struct program *program, int64_t breaks)
{
	if (breaks == 0)
		output_say(&program->output, "the journal is whole\n");
	else
		output_say(&program->output, "%" PRId64 " breaks\n", breaks);
}

static void verify_run(struct program *program)
{
	const char *head = option_text(&program->options, OPTION_HEAD);
	const char *report = option_text(&program->options, OPTION_REPORT);
	struct buf *json = &program->output.members;
	struct fault fault = {0};
	int64_t breaks = 0;
	uint8_t bytes[SHA256_SIZE];
	if (!program_words(program, 0, 0))
		return;
	if (head != NULL && !text_unhex(text_of(head), bytes, sizeof bytes)) {
		program_usage(program, "--head wants a hash of 64 hex digits, as `payrun status` prints it");
		return;
	}
	program->damage_is_break = true;
	if (!program_open(program, SESSION_READ))
		return;
	doc_name(json, "breaks");
	doc_open(json, '[');
	bool done = journal_verify(program->session.journal, text_of(head), tell_break, program, &breaks, &fault);
	if (report != NULL)
		compare_report(program, report);
	doc_close(json, ']');
	if (!done)
		program_fault(program, &fault);
	else
		say_result(program, breaks);
	summary_head(program);
}
