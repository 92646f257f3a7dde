/* payrun resume: go on with what a crash, a stop, a limit or a date left. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/loop.h"

static void resume_run(struct program *program);

static const enum option_id resume_options[] = {LOOP_WAIT_OPTIONS, LOOP_SEND_OPTIONS, OPTION_COUNT};

const struct command command_resume = {
	.name = "resume",
	.section = SECTION_DAILY,
	.synopsis = "[BATCH]",
	.summary = "go on with what was left",
	.options = resume_options,
	.more = "What a crash, a stop, a limit or a date left is looked up or sent. By name it also releases --hold.\n",
	.available = true,
	.run = resume_run,
};

static void resume_run(struct program *program)
{
	struct submit_options loop;
	struct progress progress;
	if (!program_words(program, 0, 1) || !program_open(program, SESSION_SEND))
		return;
	loop_options(program, &loop, &progress);
	loop.send = true;
	loop_go_on(program, &loop, &progress);
}
