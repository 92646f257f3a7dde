/* payrun retry: a new attempt with a new key, which is a person's decision. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/decide.h"

static void retry_run(struct program *program);

static const enum option_id retry_options[] = {OPTION_REFERENCE, OPTION_WHY, OPTION_YES, OPTION_COUNT};

const struct command command_retry = {
	.name = "retry",
	.section = SECTION_PEOPLE,
	.synopsis = "BATCH [--reference R]...",
	.summary = "new attempt of what failed, was returned or canceled",
	.options = retry_options,
	.more = "The same content under a new key. The provider is asked about every earlier attempt before it is "
		"sent.\n",
	.available = true,
	.run = retry_run,
};

static void retry_run(struct program *program)
{
	static const struct decide_words words = {"tried again", "Try again", "`payrun resume` sends them."};
	decide_run(program, DECIDE_RETRY, &words);
}
