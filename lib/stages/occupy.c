/*
 * What a payout has for itself until the provider is past it (PROTOCOL, section 5, "one at a time"): at Mollie its
 * balance, journal-wide. Who has what is read from the journal once, and kept as rows are claimed and settled. It is
 * one entry for each payout that is live, and there is one live payout for each balance.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"
#include "stages/loop.h"

#define LOOK_AGAIN_MS 500 /* at what another has whose answer is to come */
#define AT_A_TIME 64
/* A channel is new to the journal for so long from its first send on: who lost a journal submits more than one file
 * again, and the clock may be set meanwhile. */
#define NEW_CHANNEL_MS (24 * 3600 * INT64_C(1000))
/* Files that a restored journal forgot are submitted again within so long, or never. */
#define FORGOTTEN_MS (90 * NEW_CHANNEL_MS)
#define LIVE (STATE_SET(PAYOUT_SENDING) | STATE_SET(PAYOUT_UNKNOWN) | STATE_SET(PAYOUT_ACCEPTED))
#define EVER                                                                                                           \
	(LIVE | STATE_SET(PAYOUT_PAID) | STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_RETURNED) |                       \
		STATE_SET(PAYOUT_CANCELED))

struct holder {
	struct holder *next;
	char *name;
	enum provider_id provider;
	struct lane *lane;
	int64_t attempt; /* 0: nobody may have it, the provider stopped it */
	bool accepted;   /* so it may be asked how far it is */
	bool person;     /* nothing goes on by itself */
	int tries;
	int64_t due_ms;   /* monotonic: something may be new then */
	int64_t again_ms; /* it is asked about not before, once it was answered */
};

static struct holder *holder_of(const struct loop *loop, int64_t attempt)
{
	struct holder *holder = loop->holders;
	while (holder != NULL && holder->attempt != attempt)
		holder = holder->next;
	return holder;
}

/* Who has it, other than this attempt; a stop goes before. */
static struct holder *other_holder(const struct loop *loop, const struct lane *lane, struct text name, int64_t attempt)
{
	struct holder *found = NULL;
	for (struct holder *holder = loop->holders; holder != NULL; holder = holder->next)
		if (holder->provider == lane->adapter->provider && holder->attempt != attempt &&
			text_is(name, holder->name) && (found == NULL || holder->attempt == 0))
			found = holder;
	return found;
}

static struct holder *holder_new(struct loop *loop, struct lane *lane, struct text name, int64_t attempt)
{
	struct holder *holder = memory_new(sizeof *holder);
	holder->name = memory_new(name.len + 1);
	memcpy(holder->name, name.ptr, name.len);
	holder->provider = lane->adapter->provider;
	holder->lane = lane;
	holder->attempt = attempt;
	holder->next = loop->holders;
	loop->holders = holder;
	return holder;
}

static void holder_free(struct loop *loop, struct holder *holder)
{
	struct holder **place = &loop->holders;
	while (*place != holder)
		place = &(*place)->next;
	*place = holder->next;
	free(holder->name);
	free(holder);
}

void occupy_close(struct loop *loop)
{
	while (loop->holders != NULL)
		holder_free(loop, loop->holders);
}

static bool holds(const struct adapter *adapter, enum payout_state state, struct text provider_status)
{
	if (state == PAYOUT_ACCEPTED)
		return adapter->occupied == NULL || adapter->occupied(provider_status);
	return (STATE_SET(state) & LIVE) != 0;
}

static bool add_live(struct loop *loop, struct lane *lane, const struct attempt *attempt)
{
	struct call call = {.channel = lane->channel};
	struct journal_payout payout;
	struct arena arena = {0};
	bool found = false;
	bool ok = !holds(lane->adapter, attempt->state, attempt->provider_status) ||
		  journal_payout_get(loop->stage->journal, attempt->payout, &arena, &payout, &found, loop->fault);
	if (ok && found) {
		call.content = payout.content;
		struct text name = lane->adapter->occupies(&call);
		if (name.len > 0)
			holder_new(loop, lane, name, attempt->id)->accepted = attempt->state == PAYOUT_ACCEPTED;
	}
	arena_release(&arena);
	return ok;
}

/* In order of ids this is not always the very first; a later one only makes the channel new for longer. */
static bool find_first_sent(struct loop *loop, struct lane *lane, struct attempt *list)
{
	struct attempt_filter filter = {.channel = lane->id, .states = EVER};
	struct arena arena = {0};
	int count = AT_A_TIME;
	bool ok = true;
	while (ok && lane->first_sent_ms == 0 && count == AT_A_TIME) {
		arena_reset(&arena);
		ok = journal_attempt_list(loop->stage->journal, &filter, &arena, list, AT_A_TIME, &count, loop->fault);
		for (int i = 0; ok && i < count && lane->first_sent_ms == 0; i++) {
			lane->first_sent_ms = list[i].submitted_at; /* 0: called off before it was sent */
			filter.after = list[i].id;
		}
	}
	arena_release(&arena);
	return ok;
}

bool occupy_open(struct loop *loop, struct lane *lane)
{
	struct attempt_filter filter = {.channel = lane->id, .states = LIVE};
	struct arena arena = {0};
	int count = AT_A_TIME;
	bool ok = true;
	if (lane->adapter->occupies == NULL || !loop->options->send)
		return true;
	struct attempt *list = memory_new(sizeof *list * AT_A_TIME);
	lane->looks_first = lane->adapter->looks_up;
	ok = find_first_sent(loop, lane, list) &&
	     journal_recovered_ms(loop->stage->journal, &lane->recovered_ms, loop->fault);
	while (ok && count == AT_A_TIME) {
		arena_reset(&arena);
		ok = journal_attempt_list(loop->stage->journal, &filter, &arena, list, AT_A_TIME, &count, loop->fault);
		for (int i = 0; ok && i < count; i++) {
			ok = add_live(loop, lane, &list[i]);
			filter.after = list[i].id;
		}
	}
	arena_release(&arena);
	free(list);
	return ok;
}

static bool received_ms(struct loop *loop, struct lane *lane, int64_t batch, int64_t *utc_ms)
{
	struct journal_batch found;
	struct arena arena = {0};
	if (lane->batch != batch) {
		bool ok = journal_batch_get(loop->stage->journal, batch, &arena, &found, loop->fault);
		arena_release(&arena);
		if (!ok)
			return loop_break(loop);
		lane->batch = batch;
		lane->batch_received_ms = found.received_at;
	}
	*utc_ms = lane->batch_received_ms;
	return true;
}

bool occupy_first(struct loop *loop, struct lane *lane, const struct attempt *attempt, bool *first)
{
	int64_t utc_ms = 0;
	*first = lane->looks_first && attempt->state == PAYOUT_READY;
	/* What was sent, and is ready by a person's word and not by a refusal, may be there all the same. */
	if (*first && attempt->sends > 0) {
		*first = attempt->last_refusal_at < attempt->last_sent;
		return true;
	}
	/* Not what this run alone knows: one that was cut short must not make the rest of its file known. */
	if (!*first || lane->first_sent_ms == 0)
		return true;
	if (!received_ms(loop, lane, attempt->batch, &utc_ms))
		return false;
	*first = utc_ms < lane->first_sent_ms + NEW_CHANNEL_MS ||
		 (lane->recovered_ms != 0 && utc_ms < lane->recovered_ms + FORGOTTEN_MS);
	return true;
}

/* Asks how far the one is that has it. */
static bool ask_holder(struct loop *loop, struct holder *holder, const struct moment *now)
{
	struct task *task = loop_task(loop, holder->lane);
	bool found = false;
	if (!journal_attempt_get(
		    loop->stage->journal, holder->attempt, &task->arena, &task->attempt, &found, loop->fault)) {
		loop_task_free(loop, task);
		return loop_break(loop);
	}
	assert(found);
	if (task->attempt.state != PAYOUT_ACCEPTED) { /* somebody moved it beside this run */
		occupy_moved(loop, &task->attempt);
		loop_task_free(loop, task);
		return true;
	}
	task->operation = OPERATION_STATUS;
	if (!exchange_fill(loop, task)) {
		loop_task_free(loop, task);
		return false;
	}
	holder->again_ms = now->mono_ms + plan_backoff_ms(holder->tries++, loop_random(loop));
	holder->due_ms = now->mono_ms + holder->lane->channel->timeout_ms + BOUND_BACKOFF_MAX_MS;
	task_push(&holder->lane->again, task);
	return true;
}

/* When the row is looked at again. A holder's answer comes before its time: then it is asked for by occupy_moved(). */
static void wait_for(struct task *task, const struct holder *holder, const struct moment *now)
{
	struct waiting_row row = {.attempt = task->attempt.id, .tries = task->tries, .sends = true};
	int64_t soon = now->mono_ms + LOOK_AGAIN_MS;
	row.due_ms = holder->accepted || holder->due_ms < soon ? soon : holder->due_ms;
	lane_wait(task->lane, &task->lane->waiting, row);
}

enum prepared occupy_claim(struct loop *loop, struct task *task, const struct moment *now)
{
	struct lane *lane = task->lane;
	if (lane->adapter->occupies == NULL || holder_of(loop, task->attempt.id) != NULL)
		return PREPARED;
	struct text name = lane->adapter->occupies(&task->call);
	struct holder *holder = name.len > 0 ? other_holder(loop, lane, name, task->attempt.id) : NULL;
	bool ok = true;
	if (holder == NULL)
		return PREPARED;
	if (holder->attempt != 0 && holder->person)
		lane->person++;
	if (holder->attempt != 0 && !holder->person) {
		bool asks = holder->accepted && holder->due_ms <= now->mono_ms && !holder->lane->stopped;
		wait_for(task, holder, now);
		ok = !asks || ask_holder(loop, holder, now);
	}
	loop_task_free(loop, task);
	return ok ? PREPARED_NOT_YET : PREPARED_FAILED;
}

void occupy_taken(struct loop *loop, const struct task *task)
{
	struct lane *lane = task->lane;
	if (lane->adapter->occupies == NULL || holder_of(loop, task->attempt.id) != NULL)
		return;
	struct text name = lane->adapter->occupies(&task->call);
	if (name.len > 0)
		holder_new(loop, lane, name, task->attempt.id);
}

void occupy_moved(struct loop *loop, const struct attempt *attempt)
{
	struct holder *holder = holder_of(loop, attempt->id);
	if (holder == NULL)
		return;
	if (!holds(holder->lane->adapter, attempt->state, attempt->provider_status)) {
		holder_free(loop, holder);
		return;
	}
	holder->accepted = attempt->state == PAYOUT_ACCEPTED;
	if (holder->accepted)
		holder->due_ms = holder->again_ms;
}

void occupy_waits(struct loop *loop, int64_t attempt, int64_t due_ms, bool person)
{
	struct holder *holder = loop->holders != NULL ? holder_of(loop, attempt) : NULL;
	if (holder == NULL)
		return;
	holder->due_ms = due_ms;
	holder->person = person;
}

void occupy_stop(struct loop *loop, struct lane *lane, struct text name)
{
	if (lane->adapter->occupies == NULL)
		return;
	holder_new(loop, lane, name, 0);
}
