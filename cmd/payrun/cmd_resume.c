/* payrun resume: go on with what a crash, a stop, a limit or a date left. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/loop.h"

static void resume_run(struct program *program);

static const enum option_id resume_options[] = {LOOP_WAIT_OPTIONS, LOOP_SEND_OPTIONS, OPTION_CURED, OPTION_COUNT};

const struct command command_resume = {
	.name = "resume",
	.section = SECTION_DAILY,
	.synopsis = "[BATCH]",
	.summary = "go on with what was left",
	.options = resume_options,
	.more = "What a crash, a stop, a limit or a date left is looked up or sent. By name it also releases --hold.\n"
		"At Circle and PontisGlobe a key may go on giving the refusal it gave once. A payout that was refused "
		"for "
		"want\nof funds is sent again once the balance suffices; refused still, its key is spent and the "
		"payout "
		"fails\n(KEY_SPENT), for `payrun retry`. --cured says the same of limits and of what no balance "
		"shows.\n",
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
	loop.cured = option_given(&program->options, OPTION_CURED);
	loop_go_on(program, &loop, &progress);
}
