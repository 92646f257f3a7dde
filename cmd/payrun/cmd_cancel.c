/* payrun cancel: what was not sent is called off, and at the provider what it still may. */
#include <inttypes.h>

#include "cmd/payrun/all.h"
#include "cmd/payrun/decide.h"
#include "cmd/payrun/doc.h"
#include "run/cancel.h"

static void cancel_command(struct program *program);

static const enum option_id cancel_options[] = {OPTION_REFERENCE, OPTION_WHY, OPTION_YES, OPTION_COUNT};

const struct command command_cancel = {
	.name = "cancel",
	.section = SECTION_PEOPLE,
	.synopsis = "BATCH [--reference R]...",
	.summary = "call off what was not sent, and at Mollie what was",
	.options = cancel_options,
	.more = "What is held or ready is canceled. What a provider has accepted can be called off at Mollie alone, "
		"until\n"
		"its money is reserved; then no other run may hold the journal. Too late is exit 1, no answer exit "
		"4.\n",
	.available = true,
	.run = cancel_command,
};

static const struct decide_words words = {"canceled", "Cancel", NULL};

static void note(struct program *program, const char *code, const char *cure, const char *message)
{
	output_say(&program->output, "%s\n", message);
	output_error(&program->output, code, "", message, cure);
}

static void tell(struct program *program, const struct canceled *canceled, int64_t asked)
{
	struct buf *json = &program->output.members;
	struct buf message = {0};
	decide_tell(program, &canceled->local, &words);
	doc_member_number(json, "canceled_at_provider", canceled->at_provider);
	doc_member_number(json, "too_late", canceled->late);
	doc_member_number(json, "unanswered", canceled->unanswered);
	if (asked > 0)
		output_say(
			&program->output, "%" PRId64 " payouts called off at their provider\n", canceled->at_provider);
	if (canceled->late > 0) {
		buf_addf(&message, "%" PRId64 " were too far to be called off: they stay as they are", canceled->late);
		note(program, "CANCEL_TOO_LATE", "`payrun poll` follows them.", buf_str(&message));
		exit_note(&program->notes, CODE_SOME_BAD);
	}
	buf_reset(&message);
	if (canceled->unanswered > 0) {
		buf_addf(&message, "%" PRId64 " without an answer from their provider: ", canceled->unanswered);
		text_show(&message, text_of(canceled->error), 0);
		note(program, "CANCEL_UNANSWERED", "Run it again; `payrun poll` tells what came of them.",
			buf_str(&message));
	}
	if (canceled->unanswered > 0 || canceled->stopped)
		exit_note(&program->notes, CODE_UNFINISHED);
	buf_release(&message);
}

static void cancel_command(struct program *program)
{
	struct arena arena = {0};
	struct decide decide;
	struct canceled canceled;
	struct fault fault = {0};
	int64_t asked = 0;
	if (!decide_begin(program, DECIDE_CANCEL, &arena, &decide))
		goto out;
	if (!cancel_count(&program->session, &decide, &asked, &fault)) {
		program_fault(program, &fault);
		goto out;
	}
	if (!decide_confirmed(program, &decide, &words, asked) || (asked > 0 && !program_lease(program)))
		goto out;
	bool done = cancel_run(&program->session, &decide, &canceled, &fault);
	if (!done)
		program_fault(program, &fault);
	if (done || canceled.at_provider > 0)
		tell(program, &canceled, asked);
	program_notices(program);
out:
	arena_release(&arena);
}
