#include <stdlib.h>

#include "base/arena.h"
#include "base/tick.h"
#include "stages/loop.h"

#define RELEASE_ROWS 256

/* Why a held row may go: its date has come, or it was held by --hold and is released by name. */
static bool may_release(const struct submit_options *options, const struct attempt *attempt,
	const struct journal_payout *payout, int64_t now_utc_ms)
{
	if (payout->not_before > now_utc_ms || attempt->not_before > now_utc_ms)
		return false;
	return text_is(payout->reason_code, "EXECUTION_DATE") ||
	       (options->release_hold && text_is(payout->reason_code, "HOLD"));
}

static bool release_row(struct stage *stage, const struct submit_options *options, const struct attempt *attempt,
	struct arena *arena, struct fault *fault)
{
	struct journal_payout payout;
	int64_t corrects = 0, first = 1;
	bool found = false;
	if (attempt->number > 1 && !journal_payout_corrects(stage->journal, attempt->payout, &corrects, &first, fault))
		return false;
	/* Why a later attempt is held does not stand with the payout: only a person releases it. */
	if (attempt->number > first)
		return true;
	if (!journal_payout_get(stage->journal, attempt->payout, arena, &payout, &found, fault))
		return false;
	if (!found || !may_release(options, attempt, &payout, clock_now(stage->clock).utc_ms))
		return true;
	struct attempt after = *attempt;
	enum move_result result = MOVE_LOST;
	after.state = PAYOUT_READY;
	after.not_before = 0;
	after.payload = text_of("");
	return journal_move(stage->journal, attempt, &after, text_of(""), &result, fault);
}

/* One transaction for some hundred rows; *count is how many were looked at. */
static bool release_some(struct stage *stage, const struct submit_options *options, struct attempt_filter *filter,
	struct attempt *rows, int *count, struct fault *fault)
{
	struct arena arena = {0};
	if (!journal_begin(stage->journal, fault))
		return false;
	bool done = journal_attempt_list(stage->journal, filter, &arena, rows, RELEASE_ROWS, count, fault);
	for (int i = 0; done && i < *count; i++)
		done = release_row(stage, options, &rows[i], &arena, fault);
	if (done && *count > 0)
		filter->after = rows[*count - 1].id;
	tick("release.before_commit");
	if (done)
		done = journal_commit(stage->journal, fault); /* one that fails is rolled back */
	else
		journal_rollback(stage->journal);
	tick("release.committed");
	arena_release(&arena);
	return done;
}

bool release_held(struct stage *stage, const struct submit_options *options, struct fault *fault)
{
	struct attempt *rows = memory_new(sizeof *rows * RELEASE_ROWS);
	int scopes = options->batch_count > 0 ? options->batch_count : 1;
	bool done = true;
	for (int i = 0; done && i < scopes; i++) {
		struct attempt_filter filter = {
			.batch = options->batch_count > 0 ? options->batches[i] : 0,
			.states = STATE_SET(PAYOUT_HELD),
			.newest_only = true,
		};
		int count = 0;
		do {
			done = release_some(stage, options, &filter, rows, &count, fault);
		} while (done && count == RELEASE_ROWS && !stage_stopped(stage));
	}
	free(rows);
	return done;
}
