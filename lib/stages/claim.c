/*
 * What a lane does next: rows that wait come first, then the journal's rows in order, then questions about accepted
 * ones.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"
#include "base/tick.h"
#include "stages/loop.h"
#include "stages/plan.h"

enum taken {
	TAKEN_FAILED = 0, /* the journal failed */
	TAKEN_ROW,        /* the row is dealt with */
	TAKEN_LATER,      /* no room now: leave the row where it is */
};

static int64_t now_ns(const struct loop *loop)
{
	return clock_nanoseconds(loop->stage->clock);
}

static bool may_ask(const struct loop *loop, const struct lane *lane, const struct moment *now)
{
	return !loop->stopping && !lane->stopped && !lane_blocked(lane, now) && lane->active < lane->workers &&
	       rate_take(lane->rate, now_ns(loop));
}

static bool may_claim(const struct loop *loop, const struct lane *lane, const struct moment *now)
{
	return !loop->stopping && loop->options->send && lane_claimable(lane, now_ns(loop), now) > 0;
}

/* The frozen payload: the bytes of the first claim, made now when there was none. */
static struct text payload_of(struct task *task, const struct attempt *before)
{
	if (before->payload.len > 0)
		return before->payload;
	struct buf payload = {0};
	task->lane->adapter->freeze(&task->call, &payload);
	struct text copy = text_copy(&task->arena, buf_text(&payload));
	buf_release(&payload);
	return copy;
}

/* The claim: ready or unknown to sending, durable before the first byte leaves (PROTOCOL, 3.1). */
static bool claim(struct loop *loop, struct task *task, const struct moment *now)
{
	struct lane *lane = task->lane;
	task->operation = OPERATION_CREATE;
	task->earlier = false;
	task->before = task->attempt;
	if (!exchange_fill(loop, task) || !loop_write(loop)) {
		loop_task_free(loop, task);
		return false;
	}
	struct attempt after = task->before;
	task->call.payload = payload_of(task, &task->before);
	after.payload = task->before.payload.len > 0 ? text_of("") : task->call.payload;
	after.state = PAYOUT_SENDING;
	after.sends++;
	after.last_sent = now->utc_ms;
	after.not_before = 0;
	if (after.submitted_at == 0)
		after.submitted_at = now->utc_ms;
	if (after.open_since == 0) {
		after.open_since = now->utc_ms;
		after.open_boot_ms = now->boot_ms;
		after.open_boot = text_of(loop->stage->clock->boot_id);
	}
	enum move_result result = MOVE_LOST;
	tick("submit.before_claim");
	if (!journal_move(loop->stage->journal, &task->before, &after, text_of(""), &result, loop->fault)) {
		loop_task_free(loop, task);
		return loop_break(loop);
	}
	tick("submit.claimed");
	if (result != MOVE_DONE) {
		loop_task_free(loop, task); /* somebody moved it beside this run */
		return true;
	}
	task->attempt = after;
	task->attempt.payload = task->call.payload;
	task->claimed_boot_ms = now->boot_ms;
	lane->sending++;
	if (task->before.sends == 0)
		loop->first_sends++;
	task_push(&lane->queue, task);
	return true;
}

static bool ask(struct loop *loop, struct task *task, enum operation operation)
{
	task->operation = operation;
	if (!exchange_fill(loop, task)) {
		loop_task_free(loop, task);
		return false;
	}
	return exchange_start(loop, task);
}

/* Every earlier attempt is asked about, the newest first (PROTOCOL, 3.4). */
static bool ask_earlier(struct loop *loop, struct task *task, int64_t number)
{
	bool found = false;
	if (!journal_attempt_number(loop->stage->journal, task->attempt.payout, number, &task->arena, &task->subject,
		    &found, loop->fault)) {
		loop_task_free(loop, task);
		return loop_break(loop);
	}
	assert(found);
	task->earlier = true;
	bool by_id = task->subject.provider_id.len > 0;
	return ask(loop, task, by_id ? OPERATION_STATUS : OPERATION_LOOKUP);
}

static struct plan_window window_of(const struct loop *loop, const struct lane *lane, const struct moment *now)
{
	return (struct plan_window){
		.window_ms = lane->adapter->window_ms,
		.timeout_ms = lane->channel->timeout_ms,
		.clock_doubted = lane->clock_doubted || now->utc_ms < journal_newest_event_ms(loop->stage->journal),
	};
}

static struct task *task_for(struct loop *loop, struct lane *lane, const struct attempt *attempt, int tries)
{
	struct task *task = loop_task(loop, lane);
	attempt_copy(&task->attempt, attempt, &task->arena);
	task->tries = tries;
	return task;
}

static bool limit_reached(const struct loop *loop, const struct attempt *attempt)
{
	return loop->options->limit > 0 && attempt->sends == 0 && loop->first_sends >= loop->options->limit;
}

/* Does the next step of a row, if there is room for it. */
static enum taken take_row(
	struct loop *loop, struct lane *lane, const struct attempt *attempt, int tries, const struct moment *now)
{
	struct plan_window window = window_of(loop, lane, now);
	int64_t due = 0;
	enum step step = plan_step(lane->adapter, &window, attempt, now, loop->stage->clock->boot_id, &due);
	if (step == STEP_EARLIER && !lane->adapter->looks_up)
		step = STEP_PERSON;
	switch (step) {
	case STEP_PERSON:
		lane->person++;
		return TAKEN_ROW;
	case STEP_WAIT:
		if (due - now->utc_ms > loop->options->wait_limit_ms) {
			loop->limited = true; /* nobody waits here for so long */
			return TAKEN_ROW;
		}
		lane_wait(lane, attempt->id, now->mono_ms + (due - now->utc_ms), tries);
		return TAKEN_ROW;
	case STEP_SEND:
		if (limit_reached(loop, attempt)) {
			loop->limited = true;
			return TAKEN_ROW;
		}
		if (!may_claim(loop, lane, now))
			return lane->stopped_sends || !loop->options->send ? TAKEN_ROW : TAKEN_LATER;
		return claim(loop, task_for(loop, lane, attempt, tries), now) ? TAKEN_ROW : TAKEN_FAILED;
	case STEP_LOOKUP:
		if (!may_ask(loop, lane, now))
			return TAKEN_LATER;
		return ask(loop, task_for(loop, lane, attempt, tries), OPERATION_LOOKUP) ? TAKEN_ROW : TAKEN_FAILED;
	case STEP_EARLIER:
		if (lane->stopped_sends || !loop->options->send)
			return TAKEN_ROW;
		if (!may_ask(loop, lane, now))
			return TAKEN_LATER;
		return ask_earlier(loop, task_for(loop, lane, attempt, tries), attempt->number - 1) ? TAKEN_ROW
												    : TAKEN_FAILED;
	}
	return TAKEN_ROW;
}

/* Rows that were asked about and may go now. One that waited too long is asked about again. */
static bool claim_approved(struct loop *loop, struct lane *lane, const struct moment *now)
{
	while (lane->approved.count > 0) {
		struct task *task = lane->approved.first;
		bool stale = now->boot_ms - task->claimed_boot_ms >= BOUND_CLAIM_AGE_MS;
		bool asks = task->earlier && task->subject.number > 1;
		if (!stale && !(asks ? may_ask(loop, lane, now) : may_claim(loop, lane, now)))
			return true;
		task_pop(&lane->approved);
		if (stale) {
			lane_wait(lane, task->attempt.id, now->mono_ms, task->tries);
			loop_task_free(loop, task);
		} else if (!(asks ? ask_earlier(loop, task, task->subject.number - 1) : claim(loop, task, now))) {
			return false;
		}
	}
	return true;
}

static bool claim_waiting(struct loop *loop, struct lane *lane, const struct moment *now)
{
	const struct waiting_row *first;
	while ((first = waiting_first(&lane->waiting)) != NULL && first->due_ms <= now->mono_ms) {
		struct waiting_row row;
		struct attempt attempt;
		struct arena arena = {0};
		bool found = false;
		waiting_take(&lane->waiting, &row);
		if (!journal_attempt_get(loop->stage->journal, row.attempt, &arena, &attempt, &found, loop->fault)) {
			arena_release(&arena);
			return loop_break(loop);
		}
		enum taken taken = TAKEN_ROW;
		if (found && (attempt.state == PAYOUT_READY || attempt.state == PAYOUT_UNKNOWN))
			taken = take_row(loop, lane, &attempt, row.tries, now);
		arena_release(&arena);
		if (taken == TAKEN_FAILED)
			return false;
		if (taken == TAKEN_LATER) {
			lane_wait(lane, row.attempt, row.due_ms, row.tries);
			return true;
		}
	}
	return true;
}

static bool claim_rows(struct loop *loop, struct lane *lane, struct cursor *cursor, const struct moment *now)
{
	for (;;) {
		const struct attempt *row;
		if (!cursor_peek(cursor, loop->stage, loop->options, lane->id, &row, loop->fault))
			return loop_break(loop);
		if (row == NULL)
			return true;
		enum taken taken = take_row(loop, lane, row, 0, now);
		if (taken != TAKEN_ROW)
			return taken == TAKEN_LATER;
		cursor_take(cursor);
	}
}

static bool sends_quiet(const struct lane *lane)
{
	return lane->rows.end && lane->rows.next == lane->rows.count && lane->queue.count == 0 && lane->sending == 0 &&
	       lane->approved.count == 0;
}

/* A pass over accepted rows asks each once; the next one begins later, and later. */
static bool poll_rows(struct loop *loop, struct lane *lane, const struct moment *now)
{
	const struct submit_options *options = loop->options;
	if ((options->send && !options->wait_final) || lane->stopped)
		return true;
	if (!lane->polling) {
		bool due = lane->poll_again && now->mono_ms >= lane->poll_due_ms && sends_quiet(lane);
		if (!due || lane->active > 0)
			return true;
		lane->polling = true;
		lane->poll_again = false;
		cursor_begin(&lane->polls, STATE_SET(PAYOUT_ACCEPTED));
	}
	for (;;) {
		const struct attempt *row;
		if (!cursor_peek(&lane->polls, loop->stage, options, lane->id, &row, loop->fault))
			return loop_break(loop);
		if (row == NULL)
			break;
		if (!may_ask(loop, lane, now))
			return true;
		cursor_take(&lane->polls);
		if (!ask(loop, task_for(loop, lane, row, 0), OPERATION_STATUS))
			return false;
	}
	lane->polling = false;
	lane->poll_due_ms = now->mono_ms + plan_backoff_ms(++lane->polls_made, loop_random(loop));
	if (!options->wait_final)
		lane->poll_again = false;
	return true;
}

bool claim_lane(struct loop *loop, struct lane *lane, const struct moment *now)
{
	if (lane->stopped || loop->stopping)
		return true;
	if (lane->left_behind && lane->waiting.count == 0 && lane->active == 0 && sends_quiet(lane)) {
		lane->left_behind = false;
		cursor_begin(&lane->rows, lane->rows.states);
	}
	return claim_approved(loop, lane, now) && claim_waiting(loop, lane, now) &&
	       claim_rows(loop, lane, &lane->rows, now) && poll_rows(loop, lane, now);
}

bool claim_start(struct loop *loop, struct lane *lane, const struct moment *now)
{
	while (lane->queue.count > 0 && lane->active < lane->workers && !lane_blocked(lane, now) &&
		rate_take(lane->rate, now_ns(loop)))
		if (!exchange_start(loop, task_pop(&lane->queue)))
			return false;
	return true;
}

bool claim_put_back(struct loop *loop, struct lane *lane)
{
	while (lane->approved.count > 0) {
		struct task *task = task_pop(&lane->approved);
		if (!loop->stopping && !lane->stopped_sends)
			lane_wait(lane, task->attempt.id, lane->blocked_until_ms, task->tries);
		loop_task_free(loop, task);
	}
	while (lane->queue.count > 0)
		if (!exchange_unclaim(loop, task_pop(&lane->queue)))
			return false;
	return true;
}

bool claim_finished(const struct loop *loop, const struct lane *lane)
{
	if (lane->active > 0 || lane->sending > 0 || lane->queue.count > 0)
		return false;
	if (loop->stopping || lane->stopped)
		return true;
	if (!sends_quiet(lane) || lane->left_behind)
		return lane->stopped_sends && lane->approved.count == 0 && lane->rows.end;
	if (lane->waiting.count > 0)
		return false;
	bool polls = loop->options->wait_final || !loop->options->send;
	return !polls || (!lane->polling && !lane->poll_again);
}

int64_t claim_next_ms(const struct loop *loop, const struct lane *lane, const struct moment *now)
{
	int64_t next = now->mono_ms + 250;
	if (lane->stopped || loop->stopping)
		return next;
	int64_t grant = now->mono_ms + (rate_next(lane->rate, now_ns(loop)) - now_ns(loop) + 999999) / 1000000;
	int64_t free_at = lane->blocked_until_ms > grant ? lane->blocked_until_ms : grant;
	bool work = lane->queue.count > 0 || lane->approved.count > 0 || lane->polling || !sends_quiet(lane);
	const struct waiting_row *first = waiting_first(&lane->waiting);
	if (first != NULL && first->due_ms <= now->mono_ms)
		work = true;
	else if (first != NULL && first->due_ms < next)
		next = first->due_ms;
	if (work && lane->active < lane->workers && free_at < next)
		next = free_at;
	if (lane->poll_again && !lane->polling && lane->poll_due_ms < next)
		next = lane->poll_due_ms;
	return next > now->mono_ms ? next : now->mono_ms;
}
