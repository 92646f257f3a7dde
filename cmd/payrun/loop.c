#include "cmd/payrun/loop.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bounds.h"
#include "cmd/payrun/controls.h"
#include "cmd/payrun/doc.h"
#include "cmd/payrun/summary.h"

static void show(void *context, const struct submit_progress *now)
{
	progress_show(context, now->done, now->total, "");
}

bool loop_wait_final(const struct program *program)
{
	const char *wait = option_text(&program->options, OPTION_WAIT);
	return wait != NULL && strcmp(wait, "final") == 0;
}

void loop_options(struct program *program, struct submit_options *to, struct progress *progress)
{
	const struct options *options = &program->options;
	const struct option_value *rate = &options->values[OPTION_RATE];
	memset(to, 0, sizeof *to);
	to->wait_final = loop_wait_final(program);
	to->wait_limit_ms = option_number(options, OPTION_WAIT_LIMIT, BOUND_WAIT_LIMIT_MS);
	to->rate_count = rate->given ? rate->number : -1;
	to->rate_period_ms = rate->given ? rate->period_ms : 0;
	to->workers = (int)option_number(options, OPTION_WORKERS, 0);
	to->limit = option_number(options, OPTION_LIMIT, 0);
	to->until_utc_ms = option_number(options, OPTION_UNTIL, 0);
	to->progress = show;
	to->progress_context = progress;
	progress_begin(progress, &program->log, &program->clock, "payouts");
}

void loop_end(struct program *program, const struct submit_result *result)
{
	const struct submit_progress *made = &result->progress;
	struct buf *json = &program->output.members;
	doc_name(json, "run");
	doc_open(json, '{');
	doc_member_number(json, "sent", made->sent);
	doc_member_number(json, "asked", made->asked);
	doc_member_number(json, "elapsed_ms", made->elapsed_ms);
	doc_close(json, '}');
	log_line(&program->log, LOG_DEBUG_LEVEL, "run",
		"sent=%" PRId64 " asked=%" PRId64 " done=%" PRId64 " of=%" PRId64 " ms=%" PRId64, made->sent,
		made->asked, made->done, made->total, made->elapsed_ms);
	if (result->end == SUBMIT_STOPPED) {
		exit_note(&program->notes, CODE_UNFINISHED);
		log_say(&program->log, LOG_WARNING_LEVEL, "payrun: stopped by a signal; `payrun resume` goes on");
	} else if (result->end == SUBMIT_LIMITED) {
		log_say(&program->log, LOG_WARNING_LEVEL,
			"payrun: stopped by --limit, --until or --wait-limit; `payrun resume` goes on");
	}
}

/* With the command that releases them, where they are of one batch. */
static void say_approval(struct program *program, int64_t held, const int64_t *batches, int count)
{
	struct arena arena = {0};
	struct journal_batch batch;
	struct fault ignored = {0};
	bool named = count == 1 && journal_batch_get(program->session.journal, batches[0], &arena, &batch, &ignored);
	controls_waiting(program, held, named ? batch.name : NULL);
	arena_release(&arena);
}

bool loop_account(struct program *program, const int64_t *batches, int count, const struct account *before,
	const struct submit_result *result, bool held_as_asked)
{
	struct account account;
	struct fault fault = {0};
	if (!account_take(program->session.journal, batches, count, &account, &fault)) {
		program_fault(program, &fault);
		return false;
	}
	if (before != NULL)
		account_since(&account, before);
	summary_exit(program, &account, loop_wait_final(program), result->unknown_past, held_as_asked);
	if (result->unknown_past > 0)
		log_say(&program->log, LOG_ERROR_LEVEL,
			"payrun: %" PRId64 " payouts are unknown and can't be settled automatically\n"
			"`payrun resolve REFERENCE` shows what the provider's list has of its amount, and with --as "
			"settles "
			"it; `payrun report --state unknown` lists them.",
			result->unknown_past);
	if (account.held_approval > 0 && !held_as_asked)
		say_approval(program, account.held_approval, batches, count);
	return true;
}

/* The scope of the command: one batch by name, or all. False: told. */
static bool scope(struct program *program, struct arena *arena, int64_t *batch, int *count)
{
	struct journal_batch found;
	*count = program->options.word_count;
	if (*count == 0)
		return true;
	if (!program_batch(program, program->options.words[0], arena, &found))
		return false;
	*batch = found.id;
	return true;
}

static bool element(void *context, const struct journal_batch *batch)
{
	return summary_line(context, batch);
}

/* Without a BATCH: counts and sums of the whole journal; scripts get an element a batch. */
static void say_all(struct program *program)
{
	struct buf shown = {0};
	struct fault fault = {0};
	int64_t counts[PAYOUT_STATES];
	if (program->output.json && !journal_batch_each(program->session.journal, element, program, &fault)) {
		program_fault(program, &fault);
	} else if (journal_counts(program->session.journal, 0, counts, &fault)) {
		summary_counts(&shown, counts);
		output_say(&program->output, "all batches: %s\n", buf_str(&shown));
		doc_name(&program->output.members, "by_state");
		summary_counts_json(&program->output.members, counts);
		if (!summary_returns(program, 0, &program->output.members, &fault))
			program_fault(program, &fault);
	} else {
		program_fault(program, &fault);
	}
	buf_release(&shown);
}

void loop_go_on(struct program *program, struct submit_options *loop, struct progress *progress)
{
	struct arena arena = {0};
	struct submit_result result;
	struct account before;
	struct fault fault = {0};
	int64_t batch = 0;
	int count = 0;
	struct summary summary = {.is_new = false};
	if (!scope(program, &arena, &batch, &count))
		goto out;
	loop->batches = count > 0 ? &batch : NULL;
	loop->batch_count = count;
	loop->release_hold = loop->send && count > 0;
	if (!account_take(program->session.journal, &batch, count, &before, &fault)) {
		program_fault(program, &fault);
		goto out;
	}
	enum submit_end end = submit_run(&program->session.stage, loop, &result, &fault);
	progress_end(progress);
	if (end == SUBMIT_FAILED)
		program_fault(program, &fault);
	if (count > 0)
		(void)summary_batch(program, batch, &summary);
	else
		say_all(program);
	summary_head(program);
	loop_end(program, &result);
	(void)loop_account(program, &batch, count, count > 0 ? NULL : &before, &result, false);
	program_notices(program);
out:
	arena_release(&arena);
}
