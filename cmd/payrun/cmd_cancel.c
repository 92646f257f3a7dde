/* payrun cancel: what was not sent is called off. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/decide.h"

static void cancel_run(struct program *program);

static const enum option_id cancel_options[] = {OPTION_REFERENCE, OPTION_WHY, OPTION_YES, OPTION_COUNT};

const struct command command_cancel = {
	.name = "cancel",
	.section = SECTION_PEOPLE,
	.synopsis = "BATCH [--reference R]...",
	.summary = "call off what was not sent",
	.options = cancel_options,
	.more = "What is held or ready is canceled; what was sent is not: no provider of this version can call it "
		"off.\n",
	.available = true,
	.run = cancel_run,
};

static void cancel_run(struct program *program)
{
	static const struct decide_words words = {"canceled", "Cancel", NULL};
	decide_run(program, DECIDE_CANCEL, &words);
}
