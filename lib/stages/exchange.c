/*
 * One exchange: the call of a task is built and handed to the network, its answer is read, judged and recorded.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/bounds.h"
#include "base/tick.h"
#include "net/seal.h"
#include "stages/loop.h"

struct plan_window exchange_window(const struct loop *loop, const struct lane *lane)
{
	const struct stage *stage = loop->stage;
	struct plan_window window = {
		.window_ms = adapter_window_ms(lane->adapter, lane->channel),
		.timeout_ms = lane->channel->timeout_ms,
		.clock_doubted = lane->clock_doubted,
		.clock_seen = lane->clock_seen,
	};
	/* A clock read before the newest event was written would stand behind it without having been set back. */
	if (window.window_ms > 0 && clock_now(stage->clock).utc_ms < journal_newest_event_ms(stage->journal))
		window.clock_doubted = true;
	return window;
}

/* A payout, or a destination: what is claimed first. */
static bool task_creates(const struct task *task)
{
	return task->operation == OPERATION_CREATE || task->operation == OPERATION_PREPARE;
}

/* Asked right before the first byte (PROTOCOL, 3.3). */
bool exchange_admit(void *context, void *exchange_context)
{
	struct loop *loop = context;
	struct task *task = exchange_context;
	struct stage *stage = loop->stage;
	if (!task_creates(task))
		return !loop->broken;
	struct moment now = clock_now(stage->clock);
	if (loop->broken || task->lane->stopped_sends || now.boot_ms - task->claimed_boot_ms >= BOUND_CLAIM_AGE_MS)
		return false;
	if (!journal_lease_ours(stage->journal)) {
		loop->lost_lease = true;
		return false;
	}
	if (task->before.open_since != 0 && !task->looked_up) {
		struct plan_window window = exchange_window(loop, task->lane);
		if (!plan_window_open(&window, &task->before, &now, stage->clock->boot_id))
			return false;
	}
	tick("submit.before_send");
	loop->result->progress.sent += task->operation == OPERATION_CREATE;
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
	call->amount_minor = payout.amount_minor + about->fixed_minor;
	call->decimals = payout.decimals;
	call->key = about->key;
	call->payload = about->payload;
	call->provider_id = about->provider_id;
	call->open_since_utc_ms = about->open_since;
	call->last_sent_utc_ms = about->last_sent;
	return true;
}

/* What is fresh in each request, whatever it repeats. */
static void fill_envelope(struct loop *loop, struct task *task)
{
	const struct lane *lane = task->lane;
	task->call.now_utc_ms = clock_now(loop->stage->clock).utc_ms;
	if (lane->adapter->seals)
		seal_nonce(task->call.nonce);
	if (lane->login == NULL || task->operation == OPERATION_SESSION)
		return;
	assert(lane->login->held);
	task->login = lane->login->number;
	task->call.session = text_copy(&task->arena, buf_text(&lane->login->token));
}

bool exchange_start(struct loop *loop, struct task *task)
{
	struct lane *lane = task->lane;
	struct adapter_request request;
	assert(!task_creates(task) || task->claimed_commit < loop->commits); /* the claim is durable */
	memset(&request, 0, sizeof request);
	fill_envelope(loop, task);
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
	/* No request like it can be made: it is the channel's settings that are wrong, and the next one fares alike. */
	struct http_answer answer = {.outcome = HTTP_NOT_SENT,
		.code = why.code[0] != '\0' ? why.code : "CHANNEL_ANSWER",
		.untrusted = true,
		.retry_after_ms = -1};
	snprintf(answer.error, sizeof answer.error, "%.*s", (int)sizeof answer.error - 1, why.message);
	exchange_done(loop, task, &answer);
	return !loop->broken;
}

/* A provider id that belongs to another payout already is an answer for another payout: what was asked is as unknown as
 * before. */
static bool record_taken(struct loop *loop, struct task *task, const struct attempt *from, struct outcome *outcome)
{
	enum move_result result = MOVE_LOST;
	struct buf why = {0};
	buf_addz(&why, "the provider answered with the id of another payout: ");
	text_show(&why, outcome->after.provider_id, 100);
	outcome->why = text_copy(&task->arena, buf_text(&why));
	buf_release(&why);
	outcome->taken = true;
	outcome->person = true;
	outcome->accepted = false;
	outcome->later = false;
	outcome->effect = EFFECT_STOP_SENDS;
	outcome->code = "ANSWER_MISMATCH";
	outcome->cure = "ask the provider about both payouts; `payrun show` has their history";
	outcome->after = *from;
	outcome->moved = from->state == PAYOUT_SENDING;
	if (!outcome->moved)
		return true;
	outcome->after.state = PAYOUT_UNKNOWN;
	outcome->after.reason = outcome->why;
	outcome->after.payload = text_of("");
	if (!journal_move(loop->stage->journal, from, &outcome->after, text_of(""), &result, loop->fault))
		return loop_break(loop);
	outcome->moved = result == MOVE_DONE;
	return true;
}

/* Records the moves of an outcome. */
static bool record(struct loop *loop, struct task *task, const struct attempt *from, struct outcome *outcome)
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
	if (result == MOVE_TAKEN)
		return record_taken(loop, task, from, outcome);
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

void exchange_wait(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now)
{
	struct lane *lane = task->lane;
	const struct attempt *attempt = outcome->moved ? &outcome->after : &task->attempt;
	struct waiting_row row = {
		.attempt = attempt->id, .tries = task->tries + 1, .sends = attempt->state == PAYOUT_READY};
	int64_t wait = outcome->wait_ms;
	if (attempt->not_before - now->utc_ms > wait)
		wait = attempt->not_before - now->utc_ms;
	row.due_ms = now->mono_ms + wait;
	occupy_waits(loop, attempt->id, row.due_ms, false);
	if (loop_waits(loop) && !lane->stopped && !(row.sends && lane->stopped_sends))
		lane_wait(lane, outcome->at_queue_end ? &lane->last : &lane->waiting, row);
}

/* The payout is one less of those that `total` counted at the start: it left ready and unknown or, where nothing is
 * sent, accepted. One that was paid already is none of them. */
static bool settled(const struct loop *loop, const struct task *task, enum payout_state state)
{
	if (state == PAYOUT_READY || state == PAYOUT_UNKNOWN || task->attempt.state == PAYOUT_PAID)
		return false;
	return loop->options->send ? task->attempt.state != PAYOUT_ACCEPTED : state != PAYOUT_ACCEPTED;
}

/* Where the row goes now that its outcome stands. */
static void follow(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now)
{
	struct lane *lane = task->lane;
	enum payout_state state = outcome->moved ? outcome->after.state : task->attempt.state;
	if (outcome->moved && state != PAYOUT_READY && state != PAYOUT_UNKNOWN) {
		loop->done_in_turn += settled(loop, task, state) ? 1 : 0;
		loop->progress_ms = now->mono_ms;
		if (task->attempt.provider_id.len == 0)
			note_unrecorded(loop, &outcome->after);
	}
	occupy_moved(loop, outcome->moved ? &outcome->after : &task->attempt);
	if (state == PAYOUT_ACCEPTED)
		lane->poll_again = true;
	if (outcome->person)
		occupy_waits(loop, task->attempt.id, 0, true);
	if (state == PAYOUT_ACCEPTED)
		return;
	if (outcome->person)
		lane->person++;
	else if (state == PAYOUT_READY || state == PAYOUT_UNKNOWN)
		exchange_wait(loop, task, outcome, now);
}

void exchange_effect(struct loop *loop, struct task *task, const struct outcome *outcome,
	const struct http_answer *answer, const struct moment *now)
{
	struct lane *lane = task->lane;
	lane_note_date(lane, answer->date_ms, now);
	lane_effect(lane, loop->stage, outcome, answer->retry_after_ms, now, loop_random(loop));
	if (outcome->effect == EFFECT_STOP_ONE)
		occupy_stop(loop, lane, outcome->stops);
	if (outcome->effect == EFFECT_SESSION)
		login_ended(loop, task, now);
	else if (outcome->effect == EFFECT_EXECUTED && lane->login != NULL)
		lane->login->ended = 0;
	if (outcome->effect == EFFECT_THROTTLED)
		rate_block(lane->share->rate, clock_nanoseconds(loop->stage->clock) +
						      (lane->blocked_until_ms - now->mono_ms) * INT64_C(1000000));
}

/* Nothing of it left: it is as if it had never been claimed. */
static void uncount(struct loop *loop, const struct task *task)
{
	task->lane->sending--;
	loop->claimed -= task->counted ? 1 : 0;
}

static void settle_create(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	if (answer->outcome == HTTP_NOT_SENT)
		uncount(loop, task);
	else
		task->lane->sending--;
	outcome_create(task->lane->adapter, &task->before, &task->attempt, answer, receipt, now, &outcome);
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	if (task->operation == OPERATION_PREPARE) {
		exchange_effect(loop, task, &outcome, answer, now);
		prepare_created(loop, task, &outcome, now);
		return;
	}
	if (!record(loop, task, &task->attempt, &outcome))
		return;
	exchange_effect(loop, task, &outcome, answer, now);
	follow(loop, task, &outcome, now);
}

bool exchange_approve(struct loop *loop, struct task *task, const struct moment *now)
{
	if (!loop->options->send || task->lane->stopped_sends)
		return false; /* the row is left as it is, for `resume` */
	task->claimed_boot_ms = now->boot_ms;
	task_push(&task->lane->approved, task);
	return true;
}

static bool repeats(struct loop *loop, const struct task *task, const struct moment *now)
{
	struct plan_window window = exchange_window(loop, task->lane);
	return plan_repeats(task->lane->adapter, &window, &task->attempt, now, loop->stage->clock->boot_id);
}

static bool settle_lookup(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	outcome_lookup(task->lane->adapter, &task->attempt, answer, receipt, now, &outcome);
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	if (!record(loop, task, &task->attempt, &outcome))
		return false;
	exchange_effect(loop, task, &outcome, answer, now);
	task->looked_up = outcome.resend;
	if (outcome.resend || (outcome.early && repeats(loop, task, now)))
		return exchange_approve(loop, task, now);
	follow(loop, task, &outcome, now);
	return false;
}

bool exchange_adopt(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	enum move_result result = MOVE_LOST;
	if (!loop_write(loop))
		return false;
	task->before = task->attempt;
	task->call.payload = claimed_payload(task);
	struct attempt sending = claimed_attempt(loop, task, now);
	sending.claim_day = allowance_today(&loop->today, loop->stage->config->timezone, now->utc_ms);
	if (!journal_move(loop->stage->journal, &task->before, &sending, text_of(""), &result, loop->fault))
		return loop_break(loop);
	if (result != MOVE_DONE)
		return false; /* somebody moved it beside this run */
	outcome_create(task->lane->adapter, &task->before, &sending, answer, receipt, now, &outcome);
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	if (!record(loop, task, &sending, &outcome))
		return false;
	exchange_effect(loop, task, &outcome, answer, now);
	follow(loop, task, &outcome, now);
	return false;
}

static void settle_status(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	outcome_status(&task->attempt, answer, receipt, now, &outcome);
	if (task->operation == OPERATION_DESTINATION) {
		exchange_effect(loop, task, &outcome, answer, now);
		prepare_asked(loop, task, &outcome, now);
		return;
	}
	if (!record(loop, task, &task->attempt, &outcome))
		return;
	exchange_effect(loop, task, &outcome, answer, now);
	follow(loop, task, &outcome, now);
}

/* Both were sent: a break. Else all is as it should be, but where the journal has no move back to life, and where the
 * new attempt was a correction: what is alive has the content that was to be corrected. */
static void tell_alive(struct loop *loop, const struct task *task, const struct attempt *alive)
{
	const struct attempt *earlier = &task->subject, *given = &task->attempt;
	bool sent = given->sends > 0;
	bool person = earlier->payout != given->payout || !state_live(alive->state);
	struct fault told = {0};
	fault_set(&told,
		sent     ? FAULT_BREAK
		: person ? FAULT_PERSON
			 : FAULT_OPERATION,
		sent ? "PAID_TWICE_SUSPECTED" : REASON_EARLIER_ALIVE,
		sent     ? "`payrun show` the payout and ask the provider about it"
		: person ? "`payrun show` the payout and ask the provider: it has it as it was, not as the journal says"
			 : "nothing to do: `payrun poll` follows it",
		"row %lld: attempt %lld, recorded as %s, is alive at the provider; attempt %lld %s",
		(long long)given->row, (long long)earlier->number, state_name(earlier->state), (long long)given->number,
		sent ? "was sent too" : "was not sent and gives way to it");
	fault_channel(&told, task->lane->channel->name);
	stage_notice_fault(loop->stage, sent, &told);
}

/* The earlier attempt is alive after all: it takes the new attempt's place (PROTOCOL, 3.4). */
static void take_place(struct loop *loop, struct task *task, const struct attempt *alive, const struct moment *now)
{
	struct outcome canceled = {.moved = true, .after = task->attempt};
	struct buf reason = {0};
	buf_addf(&reason, "attempt %lld is alive at the provider: ", (long long)alive->number);
	text_show(&reason, alive->provider_id, 100);
	canceled.after.payload = text_of("");
	canceled.after.state = PAYOUT_CANCELED;
	canceled.after.settled_at = now->utc_ms;
	canceled.after.reason_code = TEXT(REASON_EARLIER_ALIVE);
	canceled.after.reason = text_copy(&task->arena, buf_text(&reason));
	buf_release(&reason);
	if (!record(loop, task, &task->attempt, &canceled))
		return;
	follow(loop, task, &canceled, now);
	tell_alive(loop, task, alive);
}

static bool settle_earlier(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	struct outcome outcome;
	enum earlier earlier = outcome_earlier(&task->subject, answer, receipt, now, &outcome);
	outcome_wait(&outcome, now, plan_backoff_ms(task->tries, loop_random(loop)));
	if (!record(loop, task, &task->subject, &outcome))
		return false;
	exchange_effect(loop, task, &outcome, answer, now);
	outcome.moved = false; /* what follows is about the new attempt */
	if (earlier == EARLIER_DEAD)
		return exchange_approve(loop, task, now);
	if (earlier == EARLIER_ALIVE && !outcome.taken)
		take_place(loop, task, &outcome.after, now);
	else
		follow(loop, task, &outcome, now);
	return false;
}

static bool settle(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now)
{
	if (task_creates(task)) {
		settle_create(loop, task, answer, receipt, now);
		return false;
	}
	if (task->operation == OPERATION_SESSION) {
		login_answered(loop, task, answer, receipt, now);
		return false;
	}
	loop->result->progress.asked++;
	if (question_turned_away(loop, task, receipt, now) || question_next_page(task, receipt))
		return true;
	if (task->dating)
		return question_dated(loop, task, answer, now);
	if (task->operation == OPERATION_FUNDS && task->cure == CURE_ASKED)
		return question_cure(loop, task, answer, receipt, now);
	if (task->operation == OPERATION_FUNDS)
		return question_balance(loop, task, answer, receipt, now);
	if (task->earlier)
		return settle_earlier(loop, task, answer, receipt, now);
	if (task->operation == OPERATION_LOOKUP && task->attempt.state == PAYOUT_READY)
		return question_first(loop, task, answer, receipt, now);
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
	uncount(loop, task);
	outcome_unclaim(&task->before, &task->attempt, &outcome);
	outcome.wait_ms = 0;
	task->tries--; /* it was not tried */
	bool recorded = true;
	if (task->operation == OPERATION_PREPARE)
		prepare_created(loop, task, &outcome, &now);
	else
		recorded = record(loop, task, &task->attempt, &outcome);
	if (recorded && task->operation == OPERATION_CREATE)
		follow(loop, task, &outcome, &now);
	loop_task_free(loop, task);
	return recorded && !loop->broken;
}
