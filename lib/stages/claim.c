/*
 * What a lane does next: what was asked and may go comes first, then rows that wait, then the journal's rows in order,
 * then rows at the end of the queue, then questions about accepted ones.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"
#include "base/tick.h"
#include "stages/loop.h"

#define PUT_BACK_MS 1000 /* a claimed row that would wait for longer goes back (PROTOCOL, 3.2) */
#define IDLE_MS 250      /* a turn at least so often */

enum taken {
	TAKEN_FAILED = 0, /* the journal failed */
	TAKEN_ROW,        /* the row is dealt with */
	TAKEN_LATER,      /* no room now: leave the row where it is */
};

static int64_t now_ns(const struct loop *loop)
{
	return clock_nanoseconds(loop->stage->clock);
}

static bool may_ask(const struct loop *loop, struct lane *lane, const struct moment *now)
{
	int64_t ns = now_ns(loop);
	return !loop->stopping && lane_logged_in(lane, now) && lane_may_ask(lane, ns, now) &&
	       rate_take(lane->share->rate, ns);
}

/* What was asked about goes before what is asked next, or it would grow stale behind it. */
bool claim_may_ask(const struct loop *loop, struct lane *lane, const struct moment *now)
{
	return lane->approved.count == 0 && may_ask(loop, lane, now);
}

static bool may_claim(const struct loop *loop, struct lane *lane, const struct moment *now)
{
	return !loop->stopping && loop->options->send && lane_logged_in(lane, now) &&
	       lane_claimable(lane, now_ns(loop), now) > 0;
}

static bool may_work(const struct loop *loop, struct lane *lane, const struct moment *now)
{
	if (!lane_logged_in(lane, now))
		return false;
	return (lane->approved.count == 0 && lane_may_ask(lane, now_ns(loop), now)) || may_claim(loop, lane, now);
}

/* A payout counts once in a run, however often it is sent. */
static bool counts(const struct loop *loop, const struct attempt *attempt)
{
	return attempt->last_sent < loop->started_utc_ms;
}

/* True, and noted, when a payout has to stay because of --limit. */
static bool limited(struct loop *loop, struct lane *lane, const struct attempt *attempt)
{
	if (loop->options->limit == 0 || loop->claimed < loop->options->limit || !counts(loop, attempt))
		return false;
	loop->limited = true;
	lane->rows.states &= ~STATE_SET(PAYOUT_READY); /* no need to look at the rest */
	return true;
}

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
	enum prepared prepared = closed_claim(loop, task, now);
	if (prepared == PREPARED)
		prepared = occupy_claim(loop, task, now);
	if (prepared == PREPARED)
		prepared = question_of_balance(task);
	if (prepared == PREPARED)
		prepared = allowance_claim(loop, task, now);
	if (prepared == PREPARED)
		prepared = question_of_cure(loop, task);
	if (prepared == PREPARED)
		prepared = prepare_destination(loop, task, now);
	if (prepared != PREPARED)
		return prepared == PREPARED_NOT_YET;
	task->call.payload = claimed_payload(task);
	struct attempt after = claimed_attempt(loop, task, now);
	enum move_result result = MOVE_LOST;
	tick("submit.before_claim");
	if (!journal_move(loop->stage->journal, &task->before, &after, text_of(""), &result, loop->fault)) {
		loop_task_free(loop, task);
		return loop_break(loop);
	}
	tick("submit.claimed");
	if (result != MOVE_DONE) {
		/* Somebody moved it beside this run: it is read again. */
		int64_t due_ms = now->mono_ms + plan_backoff_ms(task->tries, loop_random(loop));
		struct waiting_row row = {.due_ms = due_ms, .attempt = after.id, .tries = task->tries + 1};
		lane_wait(lane, &lane->waiting, row);
		loop_task_free(loop, task);
		return true;
	}
	task->attempt = after;
	task->attempt.payload = task->call.payload;
	occupy_taken(loop, task);
	task->claimed_boot_ms = now->boot_ms;
	task->claimed_commit = loop->commits;
	task->counted = counts(loop, &task->before);
	loop->claimed += task->counted ? 1 : 0;
	lane->sending++;
	lane->share->queued++;
	task_push(&lane->queue, task);
	return true;
}

bool claim_ask(struct loop *loop, struct task *task, enum operation operation)
{
	task->operation = operation;
	if (!exchange_fill(loop, task)) {
		loop_task_free(loop, task);
		return false;
	}
	return exchange_start(loop, task);
}

/* Every earlier attempt is asked about, the newest first (PROTOCOL, 3.4). One that never left needs no answer. */
static bool ask_earlier(struct loop *loop, struct task *task, int64_t number, const struct moment *now)
{
	for (; number > 0; number--) {
		bool found = false;
		if (!journal_attempt_number(loop->stage->journal, task->attempt.payout, number, &task->arena,
			    &task->subject, &found, loop->fault)) {
			loop_task_free(loop, task);
			return loop_break(loop);
		}
		assert(found);
		task->earlier = true;
		switch (plan_inquiry(task->lane->adapter, &task->subject)) {
		case INQUIRY_PERSON:
			task->lane->person++;
			loop_task_free(loop, task);
			return true;
		case INQUIRY_STATUS:
			return claim_ask(loop, task, OPERATION_STATUS);
		case INQUIRY_LOOKUP:
			return claim_ask(loop, task, OPERATION_LOOKUP);
		case INQUIRY_NONE:
			break;
		}
	}
	task->earlier = false;
	task->claimed_boot_ms = now->boot_ms;
	task_push(&task->lane->approved, task);
	return true;
}

struct task *claim_task(struct loop *loop, struct lane *lane, const struct attempt *attempt, int tries)
{
	struct task *task = loop_task(loop, lane);
	attempt_copy(&task->attempt, attempt, &task->arena);
	task->tries = tries;
	return task;
}

/* On a channel that is new to the journal the key is looked up before its first send: another journal may have paid
 * (PROTOCOL, section 7); so may the run that a restored journal forgot. */
static enum taken take_first(struct loop *loop, struct task *task, const struct moment *now)
{
	task->earlier = false;
	if (!exchange_fill(loop, task)) {
		loop_task_free(loop, task);
		return TAKEN_FAILED;
	}
	/* One that could not be claimed after it needs no answer yet. */
	enum prepared prepared = occupy_claim(loop, task, now);
	if (prepared != PREPARED)
		return prepared == PREPARED_NOT_YET ? TAKEN_ROW : TAKEN_FAILED;
	occupy_taken(loop, task); /* or all that share its balance would be looked up each time that it is free */
	return claim_ask(loop, task, OPERATION_LOOKUP) ? TAKEN_ROW : TAKEN_FAILED;
}

static bool person(struct loop *loop, struct lane *lane, const struct attempt *attempt)
{
	occupy_waits(loop, attempt->id, 0, true);
	lane->person++;
	return true;
}

/* A resend that hangs on the provider's Date, which may be asked for. */
static bool take_date(
	struct loop *loop, struct lane *lane, const struct attempt *attempt, int tries, const struct moment *now)
{
	struct task *task = claim_task(loop, lane, attempt, tries);
	if (!exchange_fill(loop, task)) {
		loop_task_free(loop, task);
		return false;
	}
	if (question_of_date(loop, task, now) != PREPARED)
		return true;
	loop_task_free(loop, task);
	return person(loop, lane, attempt);
}

/* Does the next step of a row, if there is room for it. */
static enum taken take_row(
	struct loop *loop, struct lane *lane, const struct attempt *attempt, int tries, const struct moment *now)
{
	struct plan_window window = {.clock_doubted = true};
	struct waiting_row row = {.attempt = attempt->id, .tries = tries, .sends = attempt->state == PAYOUT_READY};
	bool sends = loop->options->send && !lane->stopped_sends, first = false;
	int64_t due = 0;
	if (attempt->state == PAYOUT_UNKNOWN)
		window = exchange_window(loop, lane);
	switch (plan_step(lane->adapter, &window, attempt, now, loop->stage->clock->boot_id, &due)) {
	case STEP_PERSON:
		return person(loop, lane, attempt) ? TAKEN_ROW : TAKEN_FAILED;
	case STEP_DATE:
		return !sends || take_date(loop, lane, attempt, tries, now) ? TAKEN_ROW : TAKEN_FAILED;
	case STEP_WAIT:
		if (!sends && (row.sends || !loop_waits(loop)))
			return TAKEN_ROW;
		row.due_ms = now->mono_ms + (due - now->utc_ms);
		occupy_waits(loop, attempt->id, row.due_ms, false);
		lane_wait(lane, &lane->waiting, row);
		return TAKEN_ROW;
	case STEP_SEND:
		if (!sends || limited(loop, lane, attempt))
			return TAKEN_ROW;
		if (!occupy_first(loop, lane, attempt, &first))
			return TAKEN_FAILED;
		if (first)
			return claim_may_ask(loop, lane, now)
				       ? take_first(loop, claim_task(loop, lane, attempt, tries), now)
				       : TAKEN_LATER;
		if (!may_claim(loop, lane, now))
			return TAKEN_LATER;
		return claim(loop, claim_task(loop, lane, attempt, tries), now) ? TAKEN_ROW : TAKEN_FAILED;
	case STEP_LOOKUP:
		if (!claim_may_ask(loop, lane, now))
			return TAKEN_LATER;
		return claim_ask(loop, claim_task(loop, lane, attempt, tries), OPERATION_LOOKUP) ? TAKEN_ROW
												 : TAKEN_FAILED;
	case STEP_EARLIER:
		if (!sends || limited(loop, lane, attempt))
			return TAKEN_ROW;
		if (!claim_may_ask(loop, lane, now))
			return TAKEN_LATER;
		return ask_earlier(loop, claim_task(loop, lane, attempt, tries), attempt->number - 1, now)
			       ? TAKEN_ROW
			       : TAKEN_FAILED;
	}
	return TAKEN_ROW;
}

/* Questions that are asked once more. */
static bool ask_again(struct loop *loop, struct lane *lane, const struct moment *now)
{
	while (lane->again.count > 0 && may_ask(loop, lane, now))
		if (!exchange_start(loop, task_pop(&lane->again)))
			return false;
	return true;
}

/* A later attempt, too, may be one that a restored journal forgot: it is looked up itself after those before it. */
static bool wants_first(struct loop *loop, struct lane *lane, const struct task *task, bool *first)
{
	*first = false;
	return task->attempt.number == 1 || task->asked_first || occupy_first(loop, lane, &task->attempt, first);
}

/* Rows that were asked about and may go now. One that waited too long is asked about again. */
static bool claim_approved(struct loop *loop, struct lane *lane, const struct moment *now)
{
	while (lane->approved.count > 0) {
		struct task *task = lane->approved.first;
		bool stale = now->boot_ms - task->claimed_boot_ms >= lane_approval_ms(lane);
		bool asks = task->earlier && task->subject.number > 1, first = false;
		if (!asks && !wants_first(loop, lane, task, &first))
			return false;
		bool stays = limited(loop, lane, &task->attempt);
		if (!stale && !stays && !(asks || first ? may_ask(loop, lane, now) : may_claim(loop, lane, now)))
			return true;
		task_pop(&lane->approved);
		if (stays || stale) {
			struct waiting_row row = {
				.due_ms = now->mono_ms, .attempt = task->attempt.id, .tries = task->tries};
			if (!stays)
				lane_wait(lane, &lane->waiting, row);
			loop_task_free(loop, task);
		} else if (first) {
			if (take_first(loop, task, now) == TAKEN_FAILED)
				return false;
		} else if (!(asks ? ask_earlier(loop, task, task->subject.number - 1, now) : claim(loop, task, now))) {
			return false;
		}
	}
	return true;
}

/* Rows whose time has come. Nothing is read while nothing could be done with it. */
static bool claim_due(struct loop *loop, struct lane *lane, struct waiting *waiting, const struct moment *now)
{
	const struct waiting_row *first;
	while ((first = waiting_first(waiting)) != NULL && first->due_ms <= now->mono_ms && may_work(loop, lane, now)) {
		struct waiting_row row;
		struct attempt attempt;
		struct arena arena = {0};
		bool found = false;
		waiting_take(waiting, &row);
		if (!journal_attempt_get(loop->stage->journal, row.attempt, &arena, &attempt, &found, loop->fault)) {
			arena_release(&arena);
			return loop_break(loop);
		}
		enum taken taken = TAKEN_ROW;
		if (found && (attempt.state == PAYOUT_READY || attempt.state == PAYOUT_UNKNOWN))
			taken = take_row(loop, lane, &attempt, row.tries, now);
		else if (found)
			occupy_moved(loop, &attempt);
		arena_release(&arena);
		if (taken == TAKEN_FAILED)
			return false;
		if (taken == TAKEN_LATER) {
			lane_wait(lane, waiting, row);
			return true;
		}
	}
	return true;
}

/* Some rows in their order; an answer that came meanwhile does not wait for thousands of rows that only pass by. */
static bool claim_rows(struct loop *loop, struct lane *lane, const struct moment *now)
{
	for (int seen = 0; seen < BOUND_CLAIM_ROWS; seen++) {
		const struct attempt *row;
		if (!cursor_peek(&lane->rows, loop->stage, loop->options, lane->id, &row, loop->fault))
			return loop_break(loop);
		if (row == NULL)
			return claim_due(loop, lane, &lane->last, now);
		enum taken taken = take_row(loop, lane, row, 0, now);
		if (taken != TAKEN_ROW)
			return taken == TAKEN_LATER;
		cursor_take(&lane->rows);
	}
	return true;
}

bool claim_quiet(const struct lane *lane)
{
	return cursor_done(&lane->rows) && lane->queue.count == 0 && lane->sending == 0 && lane->approved.count == 0 &&
	       lane->again.count == 0;
}

static bool nothing_waits(const struct lane *lane)
{
	return lane->waiting.count == 0 && lane->last.count == 0;
}

/* The wait limit ends the run before, unless something else gets on. */
static bool beyond_limit(const struct loop *loop, int64_t due_ms)
{
	return due_ms - loop->progress_ms > loop->options->wait_limit_ms;
}

/* True when nothing waits for a moment that this run may live to see. */
static bool waits_in_vain(const struct loop *loop, const struct lane *lane)
{
	const struct waiting_row *first = waiting_first(&lane->waiting), *last = waiting_first(&lane->last);
	return (first == NULL || beyond_limit(loop, first->due_ms)) &&
	       (last == NULL || beyond_limit(loop, last->due_ms));
}

bool claim_lane(struct loop *loop, struct lane *lane, const struct moment *now)
{
	if (lane->stopped || loop->stopping)
		return true;
	if (lane->left_behind && nothing_waits(lane) && lane->active == 0 && claim_quiet(lane)) {
		lane->left_behind = false;
		lane->person = 0; /* they are judged anew */
		cursor_begin(&lane->rows, lane->rows.states, true);
	}
	return ask_again(loop, lane, now) && claim_approved(loop, lane, now) &&
	       claim_due(loop, lane, &lane->waiting, now) && claim_rows(loop, lane, now) && polls_ask(loop, lane, now);
}

bool claim_start(struct loop *loop, struct lane *lane, const struct moment *now)
{
	while (lane->queue.count > 0) {
		bool stale = now->boot_ms - lane->queue.first->claimed_boot_ms >= BOUND_CLAIM_AGE_MS;
		if (!stale && (!lane_logged_in(lane, now) || lane->active >= lane->workers || lane_blocked(lane, now) ||
				      !rate_take(lane->share->rate, now_ns(loop))))
			return true;
		struct task *task = task_pop(&lane->queue);
		if (!(stale ? exchange_unclaim(loop, task) : exchange_start(loop, task)))
			return false;
	}
	return true;
}

bool claim_put_back(struct loop *loop, struct lane *lane, const struct moment *now)
{
	bool over = loop->stopping || lane->stopped_sends;
	if (over && !lane->closed) {
		lane->closed = true;
		while (lane->approved.count > 0)
			loop_task_free(loop, task_pop(&lane->approved));
		waiting_drop_sends(&lane->waiting);
		waiting_drop_sends(&lane->last);
		lane->rows.states &= ~STATE_SET(PAYOUT_READY);
	}
	if (lane->queue.count == 0 ||
		(!over && lane_logged_in(lane, now) && lane_pause_ms(lane, now_ns(loop), now) <= PUT_BACK_MS))
		return true;
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
	if (beyond_limit(loop, lane->blocked_until_ms))
		return true;
	if (!claim_quiet(lane) || lane->polling || polls_wanted(loop, lane))
		return false;
	return waits_in_vain(loop, lane) && (!lane->left_behind || !nothing_waits(lane));
}

bool claim_left(const struct loop *loop, const struct lane *lane)
{
	return !lane->stopped && (!claim_quiet(lane) || !nothing_waits(lane) || lane->left_behind || lane->polling ||
					 polls_wanted(loop, lane));
}

/* Notes that something is due then: work for now, or an earlier wake. */
static void note_due(int64_t due_ms, const struct moment *now, bool *work, int64_t *next)
{
	if (due_ms <= now->mono_ms)
		*work = true;
	else if (due_ms < *next)
		*next = due_ms;
}

int64_t claim_next_ms(const struct loop *loop, const struct lane *lane, const struct moment *now)
{
	int64_t next = now->mono_ms + IDLE_MS;
	if (lane->stopped || loop->stopping)
		return next;
	bool work = lane->queue.count > 0 || lane->again.count > 0 || lane->approved.count > 0 || lane->polling ||
		    !cursor_done(&lane->rows);
	const struct waiting_row *first = waiting_first(&lane->waiting);
	if (first != NULL)
		note_due(first->due_ms, now, &work, &next);
	first = cursor_done(&lane->rows) ? waiting_first(&lane->last) : NULL;
	if (first != NULL)
		note_due(first->due_ms, now, &work, &next);
	if (polls_may_begin(loop, lane))
		note_due(lane->poll_due_ms, now, &work, &next);
	if (!work || lane->active >= lane->workers)
		return next;
	int64_t free_ms = now->mono_ms + lane_pause_ms(lane, now_ns(loop), now);
	if (lane->login != NULL && !lane->login->held) {
		if (lane->login->asked)
			return next;
		free_ms = lane->login->due_ms > free_ms ? lane->login->due_ms : free_ms;
	}
	return free_ms < next ? free_ms : next;
}
