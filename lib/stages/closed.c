/* Batches that a person rejected while rows of them were on their way: what comes back unsent is not sent again. */
#include <string.h>

#include "base/tick.h"
#include "stages/approval.h"
#include "stages/loop.h"
#include "stages/obstacle.h"

/* Asked once a turn for a batch: a rejection beside the run is seen by the next one. */
static bool is_closed(struct loop *loop, int64_t batch, bool *closed)
{
	bool fine = true;
	if (loop->closed.batch != batch || loop->closed.commits != loop->commits) {
		tick("closed.before_ask");
		fine = approval_closed(loop->stage->journal, batch, &loop->closed.closed, loop->fault);
		tick("closed.asked");
		loop->closed.batch = fine ? batch : 0;
		loop->closed.commits = loop->commits;
	}
	*closed = fine && loop->closed.closed;
	return fine;
}

static bool call_off(struct loop *loop, const struct task *task, const struct moment *now)
{
	struct attempt after = task->before;
	enum move_result result = MOVE_LOST;
	after.state = PAYOUT_CANCELED;
	after.payload = text_of("");
	after.reason_code = text_of(REASON_REJECTED);
	after.reason = TEXT("its batch was rejected while it was on its way, and nothing of it was sent");
	after.settled_at = now->utc_ms;
	bool fine = journal_move(loop->stage->journal, &task->before, &after, text_of(""), &result, loop->fault);
	if (fine && result == MOVE_DONE)
		loop->done_in_turn++;
	return fine;
}

/* A row that was never moved was called off with its batch, if that was rejected. */
enum prepared closed_claim(struct loop *loop, struct task *task, const struct moment *now)
{
	bool closed = false;
	if (task->before.state != PAYOUT_READY || task->before.version == 1)
		return PREPARED;
	if (!is_closed(loop, task->before.batch, &closed) || (closed && !call_off(loop, task, now))) {
		loop_task_free(loop, task);
		loop_break(loop);
		return PREPARED_FAILED;
	}
	if (!closed)
		return PREPARED;
	occupy_moved(loop, &task->before);
	loop_task_free(loop, task);
	return PREPARED_NOT_YET;
}
