#include "stages/report_repeats.h"

/* The state of a row is its current attempt's, and that of a payout its newest correction's. Row 0: not known. */
static bool look_up(struct report_repeats *repeats, int64_t original)
{
	struct journal *journal = repeats->journal;
	struct journal_batch batch;
	struct attempt attempt;
	bool found = false;

	repeats->repeat = (struct report_repeat){.state = PAYOUT_DUPLICATE};
	arena_reset(&repeats->arena);
	if (original == 0)
		return true;
	if (!journal_payout_current(journal, original, &original, &repeats->fault) ||
		!journal_attempt_of(journal, original, &repeats->arena, &attempt, &found, &repeats->fault))
		return false;
	if (!found)
		return true;
	if (!journal_batch_get(journal, attempt.batch, &repeats->arena, &batch, &repeats->fault))
		return false;
	repeats->repeat = (struct report_repeat){
		.state = attempt.state, .row = attempt.row, .batch = text_copy(&repeats->arena, text_of(batch.name))};
	return true;
}

static bool count_line(void *context, const struct journal_line *line)
{
	struct report_repeats *repeats = context;

	if (line->state != PAYOUT_DUPLICATE)
		return true;
	if (!look_up(repeats, line->payout.original))
		return false;
	repeats->counts[repeats->repeat.state]++;
	return true;
}

bool report_repeats_count(
	struct report_repeats *repeats, int64_t batch, const struct report_totals *totals, struct fault *fault)
{
	for (size_t i = 0; i < totals->count; i++)
		if (totals->list[i].state == PAYOUT_DUPLICATE)
			return journal_line_each(repeats->journal, batch, count_line, repeats, fault) &&
			       report_repeats_told(repeats, fault);
	return true;
}

bool report_repeats_fill(struct report_repeats *repeats, const struct journal_line *line, struct report_line *to)
{
	if (line->state != PAYOUT_DUPLICATE)
		return true;
	if (!look_up(repeats, line->payout.original))
		return false;
	if (repeats->repeat.row > 0)
		to->repeats = &repeats->repeat;
	return true;
}

bool report_repeats_told(struct report_repeats *repeats, struct fault *fault)
{
	if (!repeats->fault.set)
		return true;
	*fault = repeats->fault;
	return false;
}

void report_repeats_release(struct report_repeats *repeats)
{
	arena_release(&repeats->arena);
}
