/* payrun status: counts and sums per state and currency; without BATCH a line a batch. */
#include "cmd/payrun/all.h"
#include "cmd/payrun/controls.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/summary.h"

static void status_run(struct program *program);

static const enum option_id status_options[] = {OPTION_FINAL, OPTION_COUNT};

const struct command command_status = {
	.name = "status",
	.section = SECTION_DAILY,
	.synopsis = "[BATCH]",
	.summary = "counts and sums per state and currency",
	.options = status_options,
	.more = "Without BATCH a line a batch, the oldest first.\n",
	.available = true,
	.run = status_run,
};

struct lines {
	struct program *program;
	bool any;
};

static bool line(void *context, const struct journal_batch *batch)
{
	struct lines *lines = context;
	lines->any = true;
	return summary_line(lines->program, batch);
}

/* --final: 4 while anything is open. */
static void note_open(struct program *program, int64_t batch)
{
	struct fault fault = {0};
	int64_t counts[PAYOUT_STATES];
	if (!journal_counts(program->session.journal, batch, counts, &fault)) {
		program_fault(program, &fault);
		return;
	}
	for (int state = 0; state < PAYOUT_STATES; state++)
		if (counts[state] > 0 && !state_final((enum payout_state)state))
			exit_note(&program->notes, CODE_UNFINISHED);
}

static void show_all(struct program *program)
{
	struct fault fault = {0};
	struct lines lines = {.program = program};
	if (!journal_batch_each(program->session.journal, line, &lines, &fault))
		program_fault(program, &fault);
	else if (!lines.any)
		output_say(&program->output, "no batches yet\n");
}

/* What a batch waits for that only a person can give. */
static void show_waiting(struct program *program, const struct journal_batch *batch)
{
	struct account account;
	struct fault fault = {0};
	if (!account_take(program->session.journal, &batch->id, 1, &account, &fault))
		program_fault(program, &fault);
	else if (account.held_approval > 0)
		controls_waiting(program, account.held_approval, batch->name);
}

static void status_run(struct program *program)
{
	const struct options *options = &program->options;
	struct arena arena = {0};
	struct journal_batch batch = {.id = 0};
	struct summary summary = {.is_new = false};
	if (!program_words(program, 0, 1) || !program_open(program, SESSION_READ))
		return;
	if (options->word_count == 0) {
		show_all(program);
	} else if (!program_batch(program, options->words[0], &arena, &batch) ||
		   !summary_batch(program, batch.id, &summary)) {
		arena_release(&arena);
		return;
	}
	summary_head(program);
	if (batch.id != 0)
		show_waiting(program, &batch);
	if (option_given(options, OPTION_FINAL))
		note_open(program, batch.id);
	arena_release(&arena);
}
