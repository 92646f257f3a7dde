/* payrun reject: a batch is closed for good. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/decide.h"

static void reject_run(struct program *program);

static const enum option_id reject_options[] = {OPTION_WHY, OPTION_COUNT};

const struct command command_reject = {
	.name = "reject",
	.section = SECTION_PEOPLE,
	.synopsis = "BATCH --why TEXT",
	.summary = "call off what was not sent, for good",
	.options = reject_options,
	.more = "What is held or ready is canceled; nothing of the batch can be tried again.\n",
	.available = true,
	.run = reject_run,
};

static void reject_run(struct program *program)
{
	static const struct decide_words words = {"rejected", NULL, NULL};
	decide_run(program, DECIDE_REJECT, &words);
}
