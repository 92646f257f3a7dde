/* payrun poll: ask the providers about open payouts, record what changed. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/loop.h"

static void poll_run(struct program *program);

static const enum option_id poll_options[] = {LOOP_WAIT_OPTIONS, OPTION_RATE, OPTION_WORKERS, OPTION_COUNT};

const struct command command_poll = {
	.name = "poll",
	.section = SECTION_DAILY,
	.synopsis = "[BATCH]",
	.summary = "ask the providers about open payouts",
	.options = poll_options,
	.more = "Sends nothing. While another run is under way it asks nothing: that run asks by itself.\n",
	.available = true,
	.run = poll_run,
};

static void poll_run(struct program *program)
{
	struct submit_options loop;
	struct progress progress;
	if (!program_words(program, 0, 1) || !program_open(program, SESSION_ASK))
		return;
	if (!program->session.leased) {
		output_say(&program->output, "a run is under way and asks by itself: ");
		output_show(&program->output, text_of(program->session.holder));
		output_say(&program->output, "\n");
		doc_member(&program->output.members, "under_way", text_of(program->session.holder));
		return;
	}
	loop_options(program, &loop, &progress);
	loop_go_on(program, &loop, &progress);
}
