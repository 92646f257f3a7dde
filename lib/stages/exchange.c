/*
 * One exchange: the call of a task is built and handed to the network, its answer is read, judged and recorded.
 */
#include <assert.h>
#include <string.h>

#include "base/bounds.h"
#include "base/tick.h"
#include "stages/loop.h"
#include "stages/plan.h"

/* Asked right before the first byte (PROTOCOL, 3.3). */
bool exchange_admit(void *context, void *exchange_context)
{
	struct loop *loop = context;
	struct task *task = exchange_context;
	struct stage *stage = loop->stage;
	if (task->operation != OPERATION_CREATE)
		return !loop->broken;
	struct moment now = clock_now(stage->clock);
	if (loop->broken || now.boot_ms - task->claimed_boot_ms >= BOUND_CLAIM_AGE_MS ||
		!journal_lease_ours(stage->journal))
		return false;
	const struct adapter *adapter = task->lane->adapter;
	if (task->before.open_since != 0 && !adapter->looks_up) {
		struct plan_window window = {
			.window_ms = adapter->window_ms,
			.timeout_ms = task->lane->channel->timeout_ms,
			.clock_doubted = task->lane->clock_doubted,
		};
		if (!plan_window_open(&window, &task->before, &now, stage->clock->boot_id))
			return false;
	}
	tick("submit.before_send");
	task->admitted = true;
	loop->result->progress.sent++;
	return true;
}

/* Fills the call of a task: from the payout, from the attempt it is about. */
bool exchange_fill(struct loop *loop, struct task *task)
{
	const struct attempt *about = task->earlier ? &task->subject : &task->attempt;
	struct call *call = &task->call;
	struct journal_payout payout;
	bool found = false;
	if (!journal_payout_get(loop->stage->journal, about->payout, &task->arena, &payout, &found, loop->fault))
		return loop_break(loop);
	assert(found);
	call->channel = task->lane->channel;
	call->timezone = loop->stage->config->timezone;
	call->now_utc_ms = clock_now(loop->stage->clock).utc_ms;
	call->content = payout.content;
	call->reference = payout.reference;
	call->currency = payout.currency;
	call->amount_minor = payout.amount_minor;
	call->decimals = payout.decimals;
	call->key = about->key;
	call->payload = about->payload;
	call->provider_id = about->provider_id;
	return true;
}

bool exchange_start(struct loop *loop, struct task *task)
{
	struct lane *lane = task->lane;
	struct adapter_request request;
	memset(&request, 0, sizeof request);
	task->call.now_utc_ms = clock_now(loop->stage->clock).utc_ms;
	bool built = lane->adapter->build(task->operation, &task->call, &task->arena, &request);
	assert(built);
	request.http.url = buf_str(&request.url);
	request.http.body = buf_text(&request.body);
	struct fault why = {0};
	tick("submit.before_start");
	bool started =
		http_start(loop->http, &request.http, lane->channel->timeout_ms, lane->channel->ca_file, task, &why);
	tick("submit.started");
	buf_wipe(&request.url);
	buf_wipe(&request.body);
	lane->active++;
	if (started)
		return true;
	struct http_answer answer = {.outcome = HTTP_NOT_SENT, .code = "", .retry_after_ms = -1};
	memcpy(answer.error, why.message, sizeof answer.error - 1);
	exchange_done(loop, task, &answer);
	return !loop->broken;
}

/* Records the moves of an outcome. A provider id that belongs to another payout already is an answer for another
 * payout. */
static bool record(struct loop *loop, const struct attempt *from, struct outcome *outcome)
{
	struct journal *journal = loop->stage->journal;
	enum move_result result = MOVE_LOST;
	if (!outcome->moved)
		return true;
	if (!loop_write(loop))
		return false;
	tick("submit.before_outcome");
	if (!journal_move(journal, from, &outcome->after, text_of(""), &result, loop->fault))
		return loop_break(loop);
	tick("submit.outcome");
	if (result == MOVE_TAKEN) {
		struct attempt keep = *from;
		outcome->later = false;
		outcome->effect = EFFECT_STOP_SENDS;
		outcome->code = "ANSWER_MISMATCH";
		outcome->why = TEXT("the provider answered with the id of another payout");
		outcome->cure = "ask the provider about both payouts; `payrun show` has their history";
		outcome->moved = from->state == PAYOUT_SENDING;
		keep.state = PAYOUT_UNKNOWN;
		outcome->after = keep;
		if (outcome->moved && !journal_move(journal, from, &outcome->after, text_of(""), &result, loop->fault))
			return loop_break(loop);
		outcome->person = true;
	}
	if (result != MOVE_DONE)
		outcome->moved = false; /* somebody moved it beside this run: theirs stands */
	if (outcome->moved && outcome->later) {
		struct attempt accepted = outcome->after;
		outcome_later(&outcome->after, outcome->later_state, clock_now(loop->stage->clock).utc_ms);
		if (!journal_move(journal, &accepted, &outcome->after, text_of(""), &result, loop->fault))
			return loop_break(loop);
	}
	return true;
}

static void note_unrecorded(struct loop *loop, const struct attempt *attempt)
{
	char key[KEY_TEXT_SIZE];
	if (attempt->provider_id.len == 0)
		return;
	key_text(&attempt->key, key);
	buf_addf(&loop->unrecorded, "%s ", key);
	text_show(&loop->unrecorded, attempt->provider_id, 100);
	buf_addc(&loop->unrecorded, '\n');
}

static void wait_for(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now)
{
	struct lane *lane = task->lane;
	const struct attempt *attempt = outcome->moved ? &outcome->after : &task->attempt;
	int64_t wait = outcome->wait_ms >= 0 ? outcome->wait_ms : plan_backoff_ms(task->tries, loop_random(loop));
	if (attempt->not_before - now->utc_ms > wait)
		wait = attempt->not_before - now->utc_ms;
	bool may_wait = loop->options->send || loop->options->wait_final;
	if (may_wait && !lane->stopped)
		lane_wait(lane, attempt->id, now->mono_ms + wait, task->tries + 1);
}

/* Where the row goes now that its outcome stands. */
static void follow(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now)
{
	struct lane *lane = task->lane;
	enum payout_state state = outcome->moved ? outcome->after.state : task->attempt.state;
	if (outcome->moved && state != PAYOUT_READY && state != PAYOUT_UNKNOWN) {
		loop->done_in_turn++;
		note_unrecorded(loop, &outcome->after);
		loop->progress_ms = now->mono_ms;
	}
	if (state == PAYOUT_ACCEPTED) {
		lane->poll_again = true;
	} else if (outcome->person) {
		lane->person++;
	} else if (state == PAYOUT_READY || state == PAYOUT_UNKNOWN) {
		wait_for(loop, task, outcome, now);
	}
}

static void effect(struct loop *loop, struct task *task, const struct outcome *outcome,
	const struct http_answer *answer, const struct moment *now)
{
	struct lane *lane = task->lane;
	int64_t off = answer->date_ms != 0 ? answer->date_ms - now->utc_ms : 0;
	lane->clock_doubted = off > BOUND_CLOCK_SKEW_MS || off < -BOUND_CLOCK_SKEW_MS;
	lane_effect(lane, loop->stage, outcome, now, loop_random(loop));
	if (outcome->effect == EFFECT_THROTTLED)
		rate_block(lane->rate, clock_nanoseconds(loop->stage->clock) + outcome->wait_ms * INT64_C(1000000));
}

static void settle_create(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	task->lane->sending--;
	outcome_create(task->lane->adapter, &task->before, &task->attempt, answer, receipt, now, &outcome);
	if (!record(loop, &task->attempt, &outcome))
		return;
	effect(loop, task, &outcome, answer, now);
	follow(loop, task, &outcome, now);
}

/* True when the task lives on: it is approved for a claim. */
static bool settle_lookup(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	outcome_lookup(task->lane->adapter, &task->attempt, answer, receipt, now, &outcome);
	if (!record(loop, &task->attempt, &outcome))
		return false;
	effect(loop, task, &outcome, answer, now);
	if (outcome.resend) {
		bool may_send = loop->options->send && !task->lane->stopped_sends;
		if (may_send) {
			task->claimed_boot_ms = now->boot_ms;
			task_push(&task->lane->approved, task);
		}
		return may_send; /* else the row is left as it is, for `resume` */
	}
	follow(loop, task, &outcome, now);
	return false;
}

static void settle_status(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	outcome_status(&task->attempt, answer, receipt, now, &outcome);
	if (!record(loop, &task->attempt, &outcome))
		return;
	effect(loop, task, &outcome, answer, now);
	if (outcome.moved && outcome.after.state != PAYOUT_ACCEPTED)
		follow(loop, task, &outcome, now);
	else
		task->lane->poll_again = true;
}

/* The earlier attempt is alive after all: it takes the new attempt's place (PROTOCOL, 3.4). */
static void take_place(struct loop *loop, struct task *task, struct outcome *outcome, const struct moment *now)
{
	struct outcome canceled;
	memset(&canceled, 0, sizeof canceled);
	canceled.after = task->attempt;
	canceled.after.payload = text_of("");
	canceled.after.state = PAYOUT_CANCELED;
	canceled.after.settled_at = now->utc_ms;
	canceled.after.reason = TEXT("an earlier attempt is alive at the provider");
	canceled.moved = true;
	if (!record(loop, &task->subject, outcome) || !record(loop, &task->attempt, &canceled))
		return;
	stage_notice(loop->stage, true, "PAID_TWICE_SUSPECTED", task->lane->channel->name,
		"`payrun show` the payout and ask the provider; the new attempt was not sent",
		"row %lld: an earlier attempt, recorded as %s, is alive at the provider", (long long)task->attempt.row,
		state_name(task->subject.state));
}

static bool settle_earlier(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	enum earlier earlier = outcome_earlier(&task->subject, answer, receipt, now, &outcome);
	effect(loop, task, &outcome, answer, now);
	if (earlier == EARLIER_ALIVE) {
		take_place(loop, task, &outcome, now);
		return false;
	}
	if (earlier == EARLIER_DEAD && !task->lane->stopped_sends) {
		task->claimed_boot_ms = now->boot_ms;
		task_push(&task->lane->approved, task);
		return true;
	}
	outcome.moved = false;
	wait_for(loop, task, &outcome, now);
	return false;
}

static bool settle(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	if (task->operation == OPERATION_CREATE) {
		settle_create(loop, task, answer, receipt, now);
		return false;
	}
	loop->result->progress.asked++;
	if (task->earlier)
		return settle_earlier(loop, task, answer, receipt, now);
	if (task->operation == OPERATION_LOOKUP)
		return settle_lookup(loop, task, answer, receipt, now);
	settle_status(loop, task, answer, receipt, now);
	return false;
}

/* The journal is gone: what the provider took is at least told to the person. */
static void tell_unrecorded(struct loop *loop, struct task *task, const struct receipt *receipt)
{
	struct attempt attempt = task->attempt;
	if (receipt == NULL || receipt->verdict != VERDICT_ACCEPTED || task->operation != OPERATION_CREATE)
		return;
	attempt.provider_id = receipt->provider_id;
	note_unrecorded(loop, &attempt);
}

void exchange_done(void *context, void *exchange_context, const struct http_answer *answer)
{
	struct loop *loop = context;
	struct task *task = exchange_context;
	struct receipt *receipt = NULL;
	struct moment now = clock_now(loop->stage->clock);
	tick("submit.answered");
	task->lane->active--;
	if (answer->outcome == HTTP_ANSWERED) {
		receipt = arena_alloc(&task->arena, sizeof *receipt);
		task->lane->adapter->read(task->operation, &task->call, answer, &task->arena, receipt);
	}
	bool kept = !loop->broken && settle(loop, task, answer, receipt, &now);
	if (loop->broken)
		tell_unrecorded(loop, task, receipt);
	if (!kept)
		loop_task_free(loop, task);
}

bool exchange_unclaim(struct loop *loop, struct task *task)
{
	struct outcome outcome;
	struct moment now = clock_now(loop->stage->clock);
	task->lane->sending--;
	outcome_unclaim(&task->before, &task->attempt, &outcome);
	bool recorded = record(loop, &task->attempt, &outcome);
	if (recorded)
		follow(loop, task, &outcome, &now);
	loop_task_free(loop, task);
	return recorded;
}
