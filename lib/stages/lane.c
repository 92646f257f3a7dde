#include "stages/lane.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"
#include "stages/plan.h"

void task_push(struct task_list *list, struct task *task)
{
	task->next = NULL;
	if (list->last != NULL)
		list->last->next = task;
	else
		list->first = task;
	list->last = task;
	list->count++;
}

struct task *task_pop(struct task_list *list)
{
	struct task *task = list->first;
	if (task == NULL)
		return NULL;
	list->first = task->next;
	if (list->first == NULL)
		list->last = NULL;
	list->count--;
	task->next = NULL;
	return task;
}

void attempt_copy(struct attempt *to, const struct attempt *from, struct arena *arena)
{
	*to = *from;
	struct text *const texts[] = {&to->open_boot, &to->last_refusal, &to->provider_id, &to->provider_status,
		&to->provider_code, &to->reason_code, &to->reason, &to->tracking_ref, &to->fee, &to->fee_currency,
		&to->target_amount, &to->fx_rate, &to->returned_amount, &to->approved_by, &to->payload};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i]->len > 0)
			*texts[i] = text_copy(arena, *texts[i]);
}

void cursor_begin(struct cursor *cursor, state_set states, bool newest_only)
{
	cursor->states = states;
	cursor->newest_only = newest_only;
	cursor->batch = 0;
	cursor->after = 0;
	cursor->end = states == 0;
	cursor->count = 0;
	cursor->next = 0;
}

void cursor_release(struct cursor *cursor)
{
	arena_release(&cursor->arena);
}

static bool cursor_fill(struct cursor *cursor, struct stage *stage, const struct submit_options *options,
	int64_t channel, struct fault *fault)
{
	int batches = options->batch_count > 0 ? options->batch_count : 1;
	cursor->next = 0;
	cursor->count = 0;
	while (cursor->count == 0 && !cursor->end) {
		struct attempt_filter filter = {
			.batch = options->batch_count > 0 ? options->batches[cursor->batch] : 0,
			.channel = channel,
			.states = cursor->states,
			.after = cursor->after,
			.newest_only = cursor->newest_only,
			.with_payload = true,
		};
		arena_reset(&cursor->arena);
		if (!journal_attempt_list(
			    stage->journal, &filter, &cursor->arena, cursor->rows, CURSOR_ROWS, &cursor->count, fault))
			return false;
		if (cursor->count > 0) {
			cursor->after = cursor->rows[cursor->count - 1].id;
		} else if (++cursor->batch >= batches) {
			cursor->end = true;
		} else {
			cursor->after = 0;
		}
	}
	return true;
}

bool cursor_peek(struct cursor *cursor, struct stage *stage, const struct submit_options *options, int64_t channel,
	const struct attempt **row, struct fault *fault)
{
	*row = NULL;
	if (cursor->next == cursor->count && !cursor_fill(cursor, stage, options, channel, fault))
		return false;
	if (cursor->next < cursor->count)
		*row = &cursor->rows[cursor->next];
	return true;
}

void cursor_take(struct cursor *cursor)
{
	assert(cursor->next < cursor->count);
	cursor->next++;
}

bool cursor_done(const struct cursor *cursor)
{
	return cursor->end && cursor->next == cursor->count;
}

void lane_note_date(struct lane *lane, int64_t date_ms, const struct moment *now)
{
	int64_t off = date_ms - now->utc_ms;
	if (date_ms == 0)
		return;
	lane->clock_doubted = off > BOUND_CLOCK_SKEW_MS || off < -BOUND_CLOCK_SKEW_MS;
	lane->clock_seen = !lane->clock_doubted;
}

void lane_wait(struct lane *lane, struct waiting *waiting, struct waiting_row row)
{
	if (!waiting_add(waiting, row))
		lane->left_behind = true;
}

bool lane_blocked(const struct lane *lane, const struct moment *now)
{
	return lane->blocked_until_ms > now->mono_ms;
}

int64_t lane_pause_ms(const struct lane *lane, int64_t now_ns, const struct moment *now)
{
	int64_t grant_ns = rate_next(lane->share->rate, now_ns) - now_ns;
	int64_t grant_ms = grant_ns > 0 ? (grant_ns + 999999) / 1000000 : 0;
	int64_t blocked_ms = lane->blocked_until_ms - now->mono_ms;
	return blocked_ms > grant_ms ? blocked_ms : grant_ms;
}

bool lane_logged_in(struct lane *lane, const struct moment *now)
{
	struct login *login = lane->login;
	if (login == NULL || (login->held && now->boot_ms < login->renew_boot_ms))
		return true;
	login->wanted = true;
	login->lane = lane;
	return false;
}

int64_t lane_approval_ms(const struct lane *lane)
{
	return BOUND_CLAIM_AGE_MS + 2 * lane->share->lanes * lane->share->spacing_ms;
}

bool lane_may_ask(const struct lane *lane, int64_t now_ns, const struct moment *now)
{
	int64_t claimed = lane->queue.count;
	return !lane->stopped && !lane_blocked(lane, now) && lane->active < lane->workers &&
	       rate_available(lane->share->rate, now_ns, 0, claimed + 1) > claimed;
}

int lane_claimable(const struct lane *lane, int64_t now_ns, const struct moment *now)
{
	if (lane->stopped || lane->stopped_sends || lane_blocked(lane, now))
		return 0;
	int64_t room = 2 * (int64_t)lane->workers - lane->sending;
	if (room > BOUND_CLAIM_ROWS)
		room = BOUND_CLAIM_ROWS;
	if (room <= 0)
		return 0;
	/* Rows that are claimed already take the first grants, also those of lanes that share the limiter. */
	int64_t claimed = lane->queue.count > lane->share->queued ? lane->queue.count : lane->share->queued;
	int64_t grants = rate_available(lane->share->rate, now_ns, INT64_C(1000000000), room + claimed) - claimed;
	return (int)(grants < room ? (grants > 0 ? grants : 0) : room);
}

static void lane_tell(const struct lane *lane, struct stage *stage, const struct outcome *outcome)
{
	struct buf why = {0}, what = {0};
	text_show(&why, outcome->why, 200);
	if (outcome->effect == EFFECT_STOP_ONE) {
		buf_addz(&what, ", ");
		text_show(&what, outcome->stops, 60);
	}
	stage_notice(stage, true, outcome->code, lane->channel->name, outcome->cure, "channel %s%s stopped: %s",
		lane->channel->name, buf_str(&what), why.len > 0 ? buf_str(&why) : outcome->code);
	buf_release(&why);
	buf_release(&what);
}

static void lane_stop(struct lane *lane, struct stage *stage, const struct outcome *outcome, bool all)
{
	lane->stopped_sends = true;
	if (all)
		lane->stopped = true;
	lane_tell(lane, stage, outcome);
}

/* Refusals of creates in a row: what was lost or asked in between says nothing about them. */
static void lane_count(struct lane *lane, struct stage *stage, const struct outcome *outcome)
{
	if (outcome->accepted || (outcome->refusal.len > 0 && outcome->effect != EFFECT_NO_FUNDS))
		lane->no_funds = 0;
	if (outcome->accepted)
		lane->equal_refusals = 0;
	if (outcome->refusal.len == 0)
		return;
	char code[sizeof lane->refusal] = "";
	size_t len = outcome->refusal.len < sizeof code - 1 ? outcome->refusal.len : sizeof code - 1;
	memcpy(code, outcome->refusal.ptr, len);
	lane->equal_refusals = strcmp(code, lane->refusal) == 0 ? lane->equal_refusals + 1 : 1;
	memcpy(lane->refusal, code, sizeof code);
	if (lane->equal_refusals > BOUND_EQUAL_REFUSALS && !lane->stopped_sends) {
		struct outcome stop = *outcome;
		stop.code = "CHANNEL_ANSWER";
		stop.cure = "the same refusal came more than 20 times in a row: find its cause, then `payrun resume`";
		stop.why = outcome->after.reason.len > 0 ? outcome->after.reason : outcome->refusal;
		lane_stop(lane, stage, &stop, false);
	}
}

/* The whole lane waits, longer each time in a row. What was in flight together failed together: it counts once. */
static void lane_pause(struct lane *lane, const struct moment *now, int64_t at_least_ms, uint64_t random)
{
	int64_t wait = at_least_ms;
	if (!lane_blocked(lane, now)) {
		int64_t backoff = plan_backoff_ms(lane->pauses++, random);
		wait = backoff > wait ? backoff : wait;
	}
	if (now->mono_ms + wait > lane->blocked_until_ms)
		lane->blocked_until_ms = now->mono_ms + wait;
}

static void lane_back_off(struct lane *lane, struct stage *stage, const struct outcome *outcome, int64_t told_ms,
	const struct moment *now, uint64_t random)
{
	/* A row that was lost waits by itself; the whole lane waits when nothing could be sent, when all are lost, or
	 * when the provider says so. */
	if (++lane->failures > lane->workers || outcome->not_sent || told_ms >= 0)
		lane_pause(lane, now, told_ms, random);
	if (outcome->code[0] != '\0') {
		struct buf why = {0};
		text_show(&why, outcome->why, 200);
		stage_notice(stage, false, outcome->code, lane->channel->name, outcome->cure, "channel %s: %s",
			lane->channel->name, buf_str(&why));
		buf_release(&why);
	}
}

void lane_effect(struct lane *lane, struct stage *stage, const struct outcome *outcome, int64_t told_ms,
	const struct moment *now, uint64_t random)
{
	switch (outcome->effect) {
	case EFFECT_NONE:
	case EFFECT_SESSION:
		break;
	case EFFECT_EXECUTED:
		lane->failures = 0;
		lane->pauses = 0;
		break;
	case EFFECT_BACK_OFF:
		lane_back_off(lane, stage, outcome, told_ms, now, random);
		break;
	case EFFECT_THROTTLED:
		lane_pause(lane, now, told_ms, random);
		break;
	case EFFECT_NO_FUNDS:
		if (++lane->no_funds >= BOUND_BALANCE_REFUSALS)
			lane_stop(lane, stage, outcome, false);
		break;
	case EFFECT_STOP_ONE:
		lane_tell(lane, stage, outcome);
		break;
	case EFFECT_STOP_SENDS:
		lane_stop(lane, stage, outcome, false);
		break;
	case EFFECT_STOP:
		lane_stop(lane, stage, outcome, true);
		break;
	}
	lane_count(lane, stage, outcome);
}
