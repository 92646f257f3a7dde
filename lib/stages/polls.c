/*
 * Questions about payouts that the provider has: accepted ones, paid ones whose money is on its way back (PROTOCOL,
 * section 8), and all paid ones once where that was asked for. A pass asks about each once.
 */
#include "stages/loop.h"

static bool in_scope(const struct submit_options *options, int64_t batch)
{
	bool in = options->batch_count == 0;
	for (int i = 0; i < options->batch_count && !in; i++)
		in = options->batches[i] == batch;
	return in;
}

/* The next after lane->returns that is paid, on its way back, in scope and of the lane. */
static bool returns_next(
	struct loop *loop, const struct lane *lane, struct arena *arena, struct attempt *attempt, bool *found)
{
	struct journal *journal = loop->stage->journal;
	int64_t id = lane->returns;
	for (;;) {
		*found = false;
		arena_reset(arena);
		if (!journal_return_next(journal, id, &id, loop->fault) ||
			(id != 0 && !journal_attempt_get(journal, id, arena, attempt, found, loop->fault)))
			return loop_break(loop);
		if (id == 0 || (*found && attempt->state == PAYOUT_PAID && attempt->channel == lane->id &&
				       in_scope(loop->options, attempt->batch)))
			return true;
	}
}

/* Accepted rows are to be asked about again: poll asks once, --wait final until they are final. */
bool polls_wanted(const struct loop *loop, const struct lane *lane)
{
	const struct submit_options *options = loop->options;
	return lane->poll_again && (options->wait_final || (!options->send && lane->polls_made == 0));
}

static bool asks_paid(const struct loop *loop, const struct lane *lane)
{
	return loop->options->ask_paid && lane->polls_made == 0;
}

bool polls_may_begin(const struct loop *loop, const struct lane *lane)
{
	return !lane->polling && polls_wanted(loop, lane) && lane->active == 0 && claim_quiet(lane);
}

/* *all: false when one has to wait for its turn. */
static bool poll_returns(struct loop *loop, struct lane *lane, const struct moment *now, bool *all)
{
	struct attempt attempt;
	struct arena arena = {0};
	bool found = true, fine = true;
	for (*all = true; fine && *all;) {
		fine = returns_next(loop, lane, &arena, &attempt, &found);
		if (!fine || !found)
			break;
		*all = claim_may_ask(loop, lane, now);
		if (*all)
			lane->returns = attempt.id;
		fine = !*all || claim_ask(loop, claim_task(loop, lane, &attempt, 0), OPERATION_STATUS);
	}
	arena_release(&arena);
	return fine;
}

/* A pass over accepted rows asks each once; the next one begins later, and later. */
bool polls_ask(struct loop *loop, struct lane *lane, const struct moment *now)
{
	if (!lane->polling) {
		if (!polls_may_begin(loop, lane) || now->mono_ms < lane->poll_due_ms)
			return true;
		lane->polling = true;
		lane->returns = 0;
		lane->poll_again = false;
		cursor_begin(&lane->polls,
			STATE_SET(PAYOUT_ACCEPTED) | (asks_paid(loop, lane) ? STATE_SET(PAYOUT_PAID) : 0), false);
	}
	for (;;) {
		const struct attempt *row;
		if (!cursor_peek(&lane->polls, loop->stage, loop->options, lane->id, &row, loop->fault))
			return loop_break(loop);
		if (row == NULL)
			break;
		if (!claim_may_ask(loop, lane, now))
			return true;
		struct task *task = claim_task(loop, lane, row, 0);
		cursor_take(&lane->polls);
		if (!claim_ask(loop, task, OPERATION_STATUS))
			return false;
	}
	bool all = true;
	if (!asks_paid(loop, lane) && !poll_returns(loop, lane, now, &all))
		return false;
	if (!all)
		return true;
	lane->polling = false;
	lane->poll_due_ms = now->mono_ms + plan_backoff_ms(++lane->polls_made, loop_random(loop));
	return true;
}
