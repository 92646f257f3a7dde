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
	.more = "Without BATCH it asks about what is open; for a BATCH about its paid payouts too, which a bank may "
		"have\n"
		"sent back since. Sends nothing. While another run is under way it asks nothing: that run asks by "
		"itself.\n",
	.available = true,
	.run = poll_run,
};

/* A journal that forgot payouts can't ask about them: only recover finds those. */
static void hint_behind(struct program *program)
{
	struct fault behind = {0};
	bool same_folder = false;
	if (journal_head_check(program->session.journal, &same_folder, &behind) || behind.kind != FAULT_BREAK)
		return;
	log_say(&program->log, LOG_WARNING_LEVEL, "payrun: warning: %s\n%s", behind.message, behind.cure);
	output_error(&program->output, behind.code, "", behind.message, behind.cure);
}

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
	hint_behind(program);
	loop_options(program, &loop, &progress);
	/* Who names a batch wants its last word, also of a bank that sent the money back. */
	loop.ask_paid = program->options.word_count > 0;
	loop_go_on(program, &loop, &progress);
}
