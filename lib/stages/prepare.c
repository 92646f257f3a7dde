/*
 * Destinations that are prepared before a payout can name them (PROTOCOL, section 6). A creation is claimed, sent and
 * judged by the rules of a payout's: as one it is shown to them, and what they make of it is taken back. A row whose
 * destination is not usable stays ready and is not claimed; other rows go on.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/tick.h"
#include "stages/loop.h"

#define LOOK_AGAIN_MS 200 /* at a destination whose creation is under way */

/* When destinations that are pending are asked about next; one that has lost its place is asked about a little early.
 */
#define PLACES 256
struct pending {
	struct {
		int64_t id, due_ms;
		int tries;
		bool asked; /* the answer is to come */
	} places[PLACES];
};

struct pending *pending_new(void)
{
	return memory_new(sizeof(struct pending));
}

/* --- as a payout's attempt --------------------------------------------------------------------------------------- */

static enum payout_state shown_state(const struct destination *destination)
{
	switch (destination->state) {
	case DESTINATION_UNKNOWN:
		return destination->open_since != 0 ? PAYOUT_UNKNOWN : PAYOUT_READY;
	case DESTINATION_SENDING:
		return PAYOUT_SENDING;
	case DESTINATION_PENDING:
		return PAYOUT_ACCEPTED;
	case DESTINATION_USABLE:
		return PAYOUT_PAID;
	case DESTINATION_REFUSED:
	case DESTINATION_STATES:
		break;
	}
	return PAYOUT_FAILED;
}

static struct attempt shown(const struct destination *destination, struct text body)
{
	return (struct attempt){
		.id = destination->id,
		.number = 1, /* earlier attempts at a destination pay nobody: there is nothing to ask */
		.channel = destination->channel,
		.key = destination->key,
		.state = shown_state(destination),
		.version = destination->version,
		.sends = destination->sends,
		.open_since = destination->open_since,
		.open_boot_ms = destination->open_boot_ms,
		.open_boot = destination->open_boot,
		.last_sent = destination->last_sent,
		.not_before = destination->not_before,
		.provider_id = destination->provider_id,
		.provider_status = destination->provider_status,
		.provider_code = destination->provider_code,
		.reason_code = destination->reason_code,
		.reason = destination->reason,
		.payload = body,
	};
}

static enum destination_state taken_state(enum payout_state state)
{
	switch (state) {
	case PAYOUT_SENDING:
		return DESTINATION_SENDING;
	case PAYOUT_ACCEPTED:
		return DESTINATION_PENDING;
	case PAYOUT_PAID:
		return DESTINATION_USABLE;
	case PAYOUT_FAILED:
	case PAYOUT_RETURNED:
	case PAYOUT_CANCELED:
		return DESTINATION_REFUSED;
	case PAYOUT_UNKNOWN:
	case PAYOUT_READY:
	case PAYOUT_HELD:
	case PAYOUT_REJECTED:
	case PAYOUT_DUPLICATE:
	case PAYOUT_STATES:
		break;
	}
	return DESTINATION_UNKNOWN;
}

/* Writes what the rules made of it. */
static bool record(struct loop *loop, struct destination *destination, const struct attempt *after,
	enum payout_state state, struct arena *arena)
{
	struct destination next = *destination;
	enum move_result result = MOVE_LOST;
	if (!loop_write(loop))
		return false;
	next.state = taken_state(state);
	next.sends = after->sends;
	next.open_since = after->open_since;
	next.open_boot_ms = after->open_boot_ms;
	next.open_boot = text_copy(arena, after->open_boot);
	next.last_sent = after->last_sent;
	next.not_before = after->not_before;
	next.provider_id = after->provider_id;
	next.provider_status = after->provider_status;
	next.provider_code = after->provider_code;
	next.reason_code = after->reason_code;
	next.reason = after->reason;
	tick("submit.before_destination");
	if (!journal_destination_move(loop->stage->journal, destination, &next, &result, loop->fault))
		return loop_break(loop);
	tick("submit.destination");
	/* Two that asked about one that was pending: the first answer counts. */
	assert(result == MOVE_DONE || destination->state == DESTINATION_PENDING);
	*destination = next;
	return true;
}

/* --- rows that wait for it --------------------------------------------------------------------------------------- */

static void wait_for(struct loop *loop, struct task *task, const struct attempt *row, int64_t due_ms)
{
	struct lane *lane = task->lane;
	struct waiting_row waits = {.due_ms = due_ms, .attempt = row->id, .tries = task->tries, .sends = true};
	if (!lane->stopped && !lane->stopped_sends && loop_waits(loop))
		lane_wait(lane, &lane->waiting, waits);
}

/* The row keeps its state, and says why it waits: once. */
static bool note_reason(struct loop *loop, const struct attempt *row, const char *code, struct text reason)
{
	struct attempt after = *row;
	enum move_result result = MOVE_LOST;
	if (text_is(row->reason_code, code))
		return true;
	after.payload = text_of("");
	after.reason_code = text_of(code);
	after.reason = reason;
	if (!journal_move(loop->stage->journal, row, &after, text_of(""), &result, loop->fault))
		return loop_break(loop);
	return true;
}

/* Nothing goes on by itself: a person looks at it. */
static bool leave_to_person(struct loop *loop, struct task *task, const struct destination *destination)
{
	bool refused = destination->state == DESTINATION_REFUSED;
	const char *code = refused ? "DESTINATION_REFUSED" : "DESTINATION_UNKNOWN";
	const char *channel = task->lane->channel->name;
	struct text why = destination->reason.len > 0 ? destination->reason : destination->provider_code;
	struct buf reason = {0}, said = {0};
	buf_addz(&reason, refused ? "the provider refused the bank account"
				  : "whether the provider has the bank account is not known");
	if (refused && why.len > 0)
		buf_addz(&reason, ": ");
	if (refused)
		text_show(&reason, why, 200);
	buf_addf(&said, "channel %s: %s", channel, buf_str(&reason));
	stage_notice(loop->stage, true, code, channel,
		"correct the row, or have it allowed at the provider; `payrun resume BATCH` then asks for it anew",
		"%s", buf_str(&said));
	task->lane->person++;
	bool noted = note_reason(loop, &task->attempt, code, buf_text(&reason));
	buf_release(&reason);
	buf_release(&said);
	loop_task_free(loop, task);
	return noted;
}

/* --- creating ---------------------------------------------------------------------------------------------------- */

static struct attempt claimed(const struct loop *loop, const struct attempt *before, const struct moment *now)
{
	struct attempt after = *before;
	after.state = PAYOUT_SENDING;
	after.sends++;
	after.last_sent = now->utc_ms;
	after.not_before = 0;
	if (after.open_since == 0) {
		after.open_since = now->utc_ms;
		after.open_boot_ms = now->boot_ms;
		after.open_boot = text_of(loop->stage->clock->boot_id);
	}
	return after;
}

/* The claim of a creation: durable before its first byte leaves, as a payout's. The task lives on with it. */
static bool create(struct loop *loop, struct task *task, struct text body, const struct moment *now)
{
	struct lane *lane = task->lane;
	task->row = task->attempt;
	task->operation = OPERATION_PREPARE;
	task->before = shown(&task->destination, body);
	task->attempt = claimed(loop, &task->before, now);
	if (!record(loop, &task->destination, &task->attempt, PAYOUT_SENDING, &task->arena)) {
		loop_task_free(loop, task);
		return false;
	}
	task->call.key = task->destination.key;
	task->call.payload = body;
	task->claimed_boot_ms = now->boot_ms;
	task->claimed_commit = loop->commits;
	task->counted = false;
	lane->sending++;
	lane->share->queued++;
	task_push(&lane->queue, task);
	return true;
}

void prepare_created(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now)
{
	enum payout_state state = outcome->later ? outcome->later_state : outcome->after.state;
	int64_t due = now->mono_ms;
	assert(outcome->moved);
	if (!record(loop, &task->destination, &outcome->after, state, &task->arena))
		return;
	if (task->destination.state == DESTINATION_UNKNOWN)
		due += outcome->wait_ms;
	else
		loop->progress_ms = now->mono_ms;
	if (task->destination.state == DESTINATION_UNKNOWN &&
		task->destination.not_before - now->utc_ms > outcome->wait_ms)
		due = now->mono_ms + task->destination.not_before - now->utc_ms;
	task->tries = task->destination.state == DESTINATION_UNKNOWN ? task->tries + 1 : 0;
	wait_for(loop, task, &task->row, due);
}

/* --- pending ones ------------------------------------------------------------------------------------------------ */

static bool ask(struct loop *loop, struct task *task, struct text body, const struct moment *now)
{
	struct lane *lane = task->lane;
	int place = (int)(task->destination.id % PLACES);
	bool known = lane->pending->places[place].id == task->destination.id;
	if (known && lane->pending->places[place].due_ms > now->mono_ms) {
		bool asked = lane->pending->places[place].asked;
		wait_for(loop, task, &task->attempt,
			asked ? now->mono_ms + LOOK_AGAIN_MS : lane->pending->places[place].due_ms);
		loop_task_free(loop, task);
		return true;
	}
	if (!note_reason(loop, &task->attempt, "DESTINATION_PENDING",
		    TEXT("the provider is still preparing the bank account"))) {
		loop_task_free(loop, task);
		return false;
	}
	/* Others that share it wait for the answer, or for the end of its time. */
	lane->pending->places[place].tries = known ? lane->pending->places[place].tries : 0;
	lane->pending->places[place].id = task->destination.id;
	lane->pending->places[place].due_ms = now->mono_ms + lane->channel->timeout_ms;
	lane->pending->places[place].asked = true;
	task->row = task->attempt;
	task->operation = OPERATION_DESTINATION;
	task->attempt = shown(&task->destination, body);
	task->call.key = task->destination.key;
	task->call.payload = body;
	task->call.provider_id = task->destination.provider_id;
	task_push(&lane->again, task); /* it needs a grant of its own */
	return true;
}

void prepare_asked(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now)
{
	struct lane *lane = task->lane;
	int place = (int)(task->destination.id % PLACES);
	if (lane->pending->places[place].id == task->destination.id)
		lane->pending->places[place].asked = false;
	if (outcome->moved && outcome->after.state != PAYOUT_ACCEPTED) {
		if (!record(loop, &task->destination, &outcome->after, outcome->after.state, &task->arena))
			return;
		loop->progress_ms = now->mono_ms;
		lane->pending->places[place].id = 0;
		wait_for(loop, task, &task->row, now->mono_ms);
		return;
	}
	if (outcome->person) {
		lane->person++;
		return;
	}
	if (lane->pending->places[place].id != task->destination.id)
		lane->pending->places[place].tries = 0;
	lane->pending->places[place].id = task->destination.id;
	lane->pending->places[place].asked = false;
	lane->pending->places[place].due_ms =
		now->mono_ms + plan_backoff_ms(lane->pending->places[place].tries++, loop_random(loop));
	wait_for(loop, task, &task->row, lane->pending->places[place].due_ms);
}

/* --- before a claim ---------------------------------------------------------------------------------------------- */

/* A person who resumes the batch by name has it asked for anew, under a new key: no payout hangs on it yet. */
static bool begins_anew(const struct loop *loop, const struct destination *destination)
{
	return loop->options->release_hold && destination->last_sent < loop->started_utc_ms;
}

static bool go_on(struct loop *loop, struct task *task, struct text body, const struct moment *now)
{
	struct lane *lane = task->lane;
	struct plan_window window = exchange_window(loop, lane);
	struct attempt seen = shown(&task->destination, body);
	int64_t due = 0;
	switch (plan_step(lane->adapter, &window, &seen, now, loop->stage->clock->boot_id, &due)) {
	case STEP_SEND:
		return create(loop, task, body, now);
	case STEP_WAIT:
		wait_for(loop, task, &task->attempt, now->mono_ms + due - now->utc_ms);
		loop_task_free(loop, task);
		return true;
	case STEP_DATE:
		if (question_of_date(loop, task, now) != PREPARED)
			return true;
		break;
	case STEP_PERSON:
	case STEP_LOOKUP:
	case STEP_EARLIER:
		break;
	}
	if (begins_anew(loop, &task->destination)) {
		if (!journal_destination_add(loop->stage->journal, lane->id, task->destination.body_sha256,
			    &task->arena, &task->destination, loop->fault)) {
			loop_task_free(loop, task);
			return loop_break(loop);
		}
		return create(loop, task, body, now);
	}
	return leave_to_person(loop, task, &task->destination);
}

static bool find_or_add(struct loop *loop, struct task *task, struct text body)
{
	struct journal *journal = loop->stage->journal;
	struct destination *destination = &task->destination;
	struct sha256 *sha = sha256_new();
	uint8_t hash[SHA256_SIZE];
	bool found = false;
	sha256_of(sha, body.ptr, body.len, hash);
	sha256_free(sha);
	bool ok =
		journal_destination_find(journal, task->lane->id, hash, &task->arena, destination, &found, loop->fault);
	bool anew = ok && found && destination->state == DESTINATION_REFUSED && begins_anew(loop, destination);
	if (ok && (!found || anew))
		ok = journal_destination_add(journal, task->lane->id, hash, &task->arena, destination, loop->fault);
	return ok || loop_break(loop);
}

static enum prepared end(bool ok)
{
	return ok ? PREPARED_NOT_YET : PREPARED_FAILED;
}

enum prepared prepare_destination(struct loop *loop, struct task *task, const struct moment *now)
{
	const struct adapter *adapter = task->lane->adapter;
	struct buf built = {0};
	if (!adapter->has_destination || task->attempt.payload.len > 0 || !adapter->destination(&task->call, &built)) {
		buf_release(&built);
		return PREPARED;
	}
	struct text body = text_copy(&task->arena, buf_text(&built));
	buf_wipe(&built);
	if (!find_or_add(loop, task, body)) {
		loop_task_free(loop, task);
		return PREPARED_FAILED;
	}
	switch (task->destination.state) {
	case DESTINATION_USABLE:
		task->call.destination_id = task->destination.provider_id;
		return PREPARED;
	case DESTINATION_UNKNOWN:
		return end(go_on(loop, task, body, now));
	case DESTINATION_PENDING:
		return end(ask(loop, task, body, now));
	case DESTINATION_SENDING:
		wait_for(loop, task, &task->attempt, now->mono_ms + LOOK_AGAIN_MS);
		loop_task_free(loop, task);
		return PREPARED_NOT_YET;
	case DESTINATION_REFUSED:
	case DESTINATION_STATES:
		break;
	}
	return end(leave_to_person(loop, task, &task->destination));
}
