/* payrun approve: what waits for approval may be sent. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/decide.h"

static void approve_run(struct program *program);

static const enum option_id approve_options[] = {OPTION_REFERENCE, OPTION_WHY, OPTION_COUNT};

const struct command command_approve = {
	.name = "approve",
	.section = SECTION_PEOPLE,
	.synopsis = "BATCH [--reference R]...",
	.summary = "release payouts that wait for approval",
	.options = approve_options,
	.more = "Batches that need it (approve in payrun.conf), suspected duplicates and new attempts of either wait "
		"for it.\n"
		"approvers and four_eyes say who may. Works beside a run.\n",
	.available = true,
	.run = approve_run,
};

static void approve_run(struct program *program)
{
	static const struct decide_words words = {"approved", NULL, "`payrun resume` sends them."};
	decide_run(program, DECIDE_APPROVE, &words);
}
