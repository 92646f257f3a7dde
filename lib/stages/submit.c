/*
 * The turns of the loop. Each: wait for answers and due times, judge what came, claim what may go, one durable commit
 * for both, then hand the claimed rows to the network. The order of commit and wire is the heart of paying once.
 */
#include "stages/submit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/bounds.h"
#include "base/tick.h"
#include "providers/catalog.h"
#include "stages/loop.h"

#define GROUP_MS 5 /* outcomes of so long share a commit; PROTOCOL, section 4 wants them durable within 50 */

uint64_t loop_random(struct loop *loop)
{
	loop->random ^= loop->random << 13;
	loop->random ^= loop->random >> 7;
	loop->random ^= loop->random << 17;
	return loop->random;
}

bool loop_waits(const struct loop *loop)
{
	return loop->options->send || loop->options->wait_final;
}

struct task *loop_task(struct loop *loop, struct lane *lane)
{
	struct task *task = loop->spare;
	if (task != NULL) {
		loop->spare = task->next;
	} else {
		task = memory_new(sizeof *task);
		task->older = loop->tasks;
		loop->tasks = task;
	}
	struct arena arena = task->arena;
	struct task *older = task->older;
	memset(task, 0, sizeof *task);
	task->arena = arena;
	task->older = older;
	task->lane = lane;
	return task;
}

void loop_task_free(struct loop *loop, struct task *task)
{
	arena_reset(&task->arena);
	task->lane = NULL; /* of the tasks that were made it is one that does nothing */
	task->next = loop->spare;
	loop->spare = task;
}

bool loop_break(struct loop *loop)
{
	if (loop->writing) {
		journal_rollback(loop->stage->journal);
		loop->writing = false;
	}
	loop->broken = true;
	loop->stopping = true;
	return false;
}

bool loop_write(struct loop *loop)
{
	if (loop->broken)
		return false;
	if (loop->writing)
		return true;
	tick("submit.before_begin");
	if (!journal_begin(loop->stage->journal, loop->fault))
		return loop_break(loop);
	tick("submit.begun");
	loop->writing = true;
	loop->writing_ms = clock_now(loop->stage->clock).mono_ms;
	return true;
}

static bool loop_commit(struct loop *loop)
{
	if (loop->broken)
		return false;
	if (!loop->writing)
		return true;
	tick("submit.before_commit");
	if (!journal_commit(loop->stage->journal, loop->fault)) {
		loop->writing = false;
		return loop_break(loop);
	}
	tick("submit.committed");
	loop->writing = false;
	loop->commits++;
	loop->result->progress.done += loop->done_in_turn;
	loop->done_in_turn = 0;
	buf_reset(&loop->unrecorded);
	return true;
}

static struct share *share_for(struct loop *loop, const struct channel *channel)
{
	const struct submit_options *options = loop->options;
	bool given = options->rate_count >= 0;
	int64_t count = given ? options->rate_count : channel->rate_count;
	int64_t period_ms = given ? options->rate_period_ms : channel->rate_period_ms;
	for (int i = 0; i < loop->share_count; i++)
		if (strcmp(loop->shares[i].group, channel->rate_group) == 0)
			return &loop->shares[i];
	struct share *share = &loop->shares[loop->share_count++];
	share->group = channel->rate_group;
	share->spacing_ms = count > 0 ? period_ms / count : 0;
	share->rate = rate_new(count, period_ms, given ? count : channel->burst, clock_nanoseconds(loop->stage->clock));
	return share;
}

static void lane_open(struct loop *loop, const struct channel *channel, int64_t id)
{
	const struct submit_options *options = loop->options;
	struct lane *lane = &loop->lanes[loop->lane_count++];
	lane->channel = channel;
	lane->adapter = catalog_adapter(channel->provider);
	lane->id = id;
	lane->workers = options->workers > 0 ? options->workers : channel->workers;
	lane->share = share_for(loop, channel);
	lane->share->lanes++;
	lane->login = login_for(loop, lane);
	lane->pending = lane->adapter->has_destination ? pending_new() : NULL;
	lane->poll_again = true;
	waiting_init(&lane->waiting);
	waiting_init(&lane->last);
	cursor_begin(&lane->rows,
		options->send ? STATE_SET(PAYOUT_READY) | STATE_SET(PAYOUT_UNKNOWN) : STATE_SET(PAYOUT_UNKNOWN), true);
}

/* A channel that nobody can speak to keeps its open rows waiting for a person. */
static bool tell_missing(struct loop *loop, const struct journal_channel *known, struct arena *arena)
{
	const struct submit_options *options = loop->options;
	int scopes = options->batch_count > 0 ? options->batch_count : 1, count = 0;
	for (int i = 0; i < scopes && count == 0; i++) {
		struct attempt open;
		struct attempt_filter filter = {
			.batch = options->batch_count > 0 ? options->batches[i] : 0,
			.channel = known->id,
			.states = STATE_SET(PAYOUT_READY) | STATE_SET(PAYOUT_UNKNOWN) | STATE_SET(PAYOUT_ACCEPTED),
		};
		if (!journal_attempt_list(loop->stage->journal, &filter, arena, &open, 1, &count, loop->fault))
			return false;
	}
	if (count > 0)
		stage_notice(loop->stage, true, "CHANNEL_UNKNOWN", known->name,
			"put the channel back into the configuration",
			"channel %s is not configured, and has open payouts", known->name);
	return true;
}

/* A lane for each channel that the journal knows. */
static bool lanes_open(struct loop *loop)
{
	struct stage *stage = loop->stage;
	struct arena arena = {0};
	bool done = false;
	loop->lanes = memory_new(sizeof *loop->lanes * BOUND_CHANNELS);
	loop->shares = memory_new(sizeof *loop->shares * BOUND_CHANNELS);
	loop->logins = memory_new(sizeof *loop->logins * BOUND_CHANNELS);
	if (!loop_write(loop))
		goto out;
	for (int64_t number = 1;; number++) {
		int64_t id = number;
		struct journal_channel known;
		bool found = false;
		if (!journal_channel_get(stage->journal, id, &arena, &known, &found, loop->fault))
			goto out;
		if (!found)
			break;
		const struct channel *channel = config_channel(stage->config, text_of(known.name));
		if (channel == NULL || catalog_adapter(channel->provider) == NULL) {
			if (!tell_missing(loop, &known, &arena))
				goto out;
			continue;
		}
		if (!stage_channel_bind(stage, channel, &id, loop->fault))
			goto out;
		assert(loop->lane_count < BOUND_CHANNELS); /* a configuration has no more */
		lane_open(loop, channel, id);
		if (!occupy_open(loop, &loop->lanes[loop->lane_count - 1]))
			goto out;
	}
	done = loop_commit(loop);
out:
	if (!done)
		loop_break(loop);
	arena_release(&arena);
	return done;
}

static bool network_open(struct loop *loop)
{
	static const struct http_callbacks shape = {exchange_admit, exchange_done, NULL};
	struct http_callbacks *callbacks = memory_new(sizeof *callbacks);
	int connections = 0;
	*callbacks = shape;
	callbacks->context = loop;
	for (int i = 0; i < loop->lane_count; i++)
		connections += loop->lanes[i].workers;
	struct http_options options = {
		.callbacks = callbacks,
		.clock = loop->stage->clock,
		.connections = connections,
		.user_agent = loop->stage->user_agent,
	};
	loop->http = http_open(&options, loop->fault);
	loop->callbacks = callbacks;
	return loop->http != NULL;
}

static void loop_close(struct loop *loop)
{
	if (loop->http != NULL)
		http_close(loop->http);
	for (int i = 0; i < loop->lane_count; i++) {
		struct lane *lane = &loop->lanes[i];
		loop->result->unknown_past += lane->person;
		loop->result->stopped_channels += lane->stopped_sends ? 1 : 0;
		free(lane->pending);
		waiting_release(&lane->waiting);
		waiting_release(&lane->last);
		cursor_release(&lane->rows);
		cursor_release(&lane->polls);
	}
	while (loop->tasks != NULL) {
		struct task *task = loop->tasks;
		loop->tasks = task->older;
		arena_wipe(&task->arena);
		free(task);
	}
	for (int i = 0; i < loop->share_count; i++)
		rate_free(loop->shares[i].rate);
	free(loop->shares);
	login_close(loop);
	occupy_close(loop);
	free(loop->lanes);
	free(loop->callbacks);
	buf_release(&loop->unrecorded);
}

/* What the provider took and the journal could not record: told before anything else is. */
static void say_unrecorded(struct loop *loop)
{
	if (loop->unrecorded.len == 0)
		return;
	log_say(loop->stage->log, LOG_ERROR_LEVEL,
		"payrun: the journal failed; these payouts were taken by the provider and are not recorded as accepted"
		" (key, provider id):\n%s`payrun resume` finds them again once the journal can be written.",
		buf_str(&loop->unrecorded));
}

static bool out_of_time(struct loop *loop, const struct moment *now)
{
	const struct submit_options *options = loop->options;
	if (options->until_utc_ms > 0 && now->utc_ms >= options->until_utc_ms)
		return true;
	return now->mono_ms - loop->progress_ms >= options->wait_limit_ms;
}

static void judge_end(struct loop *loop, const struct moment *now)
{
	if (loop->lost_lease) {
		fault_set(loop->fault, FAULT_LOCKED, "JOURNAL_LOCKED",
			"see that nobody removes the journal's lock file, then run `payrun resume`",
			"the lock file beside the journal is no longer this run's; nothing more was sent");
		loop->result->end = SUBMIT_FAILED;
		loop->stopping = true;
	}
	if (loop->stopping)
		return;
	if (stage_stopped(loop->stage)) {
		loop->result->end = SUBMIT_STOPPED;
		loop->stopping = true;
	} else if (out_of_time(loop, now)) {
		loop->result->end = SUBMIT_LIMITED;
		loop->stopping = true;
	}
}

/* Each turn begins with another lane, so that those that share a limiter get their turn. */
static struct lane *lane_of_turn(const struct loop *loop, int i)
{
	return &loop->lanes[((unsigned)i + loop->turn) % (unsigned)loop->lane_count];
}

static bool start_lanes(struct loop *loop, const struct moment *now)
{
	for (int i = 0; i < loop->lane_count; i++)
		if (!claim_start(loop, lane_of_turn(loop, i), now))
			return false;
	return true;
}

/* Claimed rows that have a worker to start them wait for the limiter alone. */
static void count_queued(struct loop *loop, const struct moment *now)
{
	for (int i = 0; i < loop->share_count; i++)
		loop->shares[i].queued = 0;
	for (int i = 0; i < loop->lane_count; i++) {
		struct lane *lane = &loop->lanes[i];
		if (lane->active < lane->workers && !lane_blocked(lane, now))
			lane->share->queued += lane->queue.count;
	}
}

/* While every worker is on the wire nothing could be claimed that would leave at once, so outcomes may share their
 * commit with those that follow: a commit costs as much as twenty payouts. */
static bool groups(const struct loop *loop, const struct moment *now)
{
	bool busy = false;
	if (!loop->writing || loop->stopping || now->mono_ms - loop->writing_ms >= GROUP_MS)
		return false;
	for (int i = 0; i < loop->lane_count; i++) {
		const struct lane *lane = &loop->lanes[i];
		busy = busy || lane->active > 0;
		if (lane->active < lane->workers && (lane->active > 0 || !claim_finished(loop, lane)))
			return false;
	}
	return busy;
}

/* The network failed, not the journal: what was answered is recorded. */
static bool network_failed(struct loop *loop)
{
	return loop_commit(loop) && loop_break(loop);
}

/* What was claimed a turn ago goes first: it is durable, and grows stale. Then everything that may be decided without
 * the network, in one commit, and then what may leave. */
static bool work(struct loop *loop, const struct moment *now)
{
	loop->turn++;
	for (int i = 0; i < loop->lane_count; i++)
		if (!claim_put_back(loop, &loop->lanes[i], now))
			return false;
	if (!start_lanes(loop, now))
		return false;
	if (groups(loop, now))
		return true;
	/* On the wire before the commit, which takes as long as twenty answers. */
	if (!http_push(loop->http, loop->fault))
		return network_failed(loop);
	count_queued(loop, now);
	for (int i = 0; i < loop->lane_count; i++)
		if (!claim_lane(loop, lane_of_turn(loop, i), now))
			return false;
	if (!loop_commit(loop) || !login_begin(loop, now))
		return false;
	return start_lanes(loop, now);
}

static bool finished(const struct loop *loop)
{
	for (int i = 0; i < loop->lane_count; i++)
		if (!claim_finished(loop, &loop->lanes[i]))
			return false;
	return true;
}

/* Rows were left that would have moved later. */
static bool left(const struct loop *loop)
{
	bool some = loop->limited;
	for (int i = 0; i < loop->lane_count; i++)
		some = some || claim_left(loop, &loop->lanes[i]);
	return some;
}

static bool wait(struct loop *loop)
{
	struct moment now = clock_now(loop->stage->clock);
	int64_t next = now.mono_ms + 250;
	for (int i = 0; i < loop->lane_count; i++) {
		int64_t lane_next = claim_next_ms(loop, &loop->lanes[i], &now);
		if (lane_next < next)
			next = lane_next;
	}
	/* An exchange that ended while it was started has an outcome that is not durable yet. Else never a turn without
	 * a rest: a lane that sees work where there is none would burn the processor. */
	int64_t wait_ms = next - now.mono_ms;
	if (loop->writing)
		wait_ms = groups(loop, &now) ? GROUP_MS - (now.mono_ms - loop->writing_ms) : 0;
	else if (wait_ms < 1)
		wait_ms = 1;
	const struct stop *stop = loop->stage->stop;
	int wake_fd = loop->stopping || stop == NULL ? -1 : stop->wake_fd;
	return http_run(loop->http, wait_ms, wake_fd, loop->fault);
}

static void tell_progress(struct loop *loop, const struct moment *now)
{
	if (loop->options->progress == NULL)
		return;
	loop->result->progress.elapsed_ms = now->mono_ms - loop->started_ms;
	loop->options->progress(loop->options->progress_context, &loop->result->progress);
}

/* Lets what is in flight end without recording it, so that it can be told. */
static void drain(struct loop *loop)
{
	struct fault ignored = {0};
	while (http_active(loop->http) > 0)
		if (!http_run(loop->http, 250, -1, &ignored))
			break;
	say_unrecorded(loop);
}

static enum submit_end turns(struct loop *loop)
{
	loop->result->end = SUBMIT_DONE;
	for (;;) {
		struct moment now = clock_now(loop->stage->clock);
		judge_end(loop, &now);
		if (!work(loop, &now))
			break;
		tell_progress(loop, &now);
		if (!loop->writing && finished(loop)) {
			if (loop->result->end == SUBMIT_DONE && left(loop))
				loop->result->end = SUBMIT_LIMITED;
			return loop->result->end;
		}
		if (!wait(loop)) {
			network_failed(loop);
			break;
		}
		if (loop->broken)
			break;
	}
	drain(loop);
	return SUBMIT_FAILED;
}

static bool count_open(struct loop *loop)
{
	const struct submit_options *options = loop->options;
	int scopes = options->batch_count > 0 ? options->batch_count : 1;
	for (int i = 0; i < scopes; i++) {
		int64_t counts[PAYOUT_STATES];
		if (!journal_counts(loop->stage->journal, options->batch_count > 0 ? options->batches[i] : 0, counts,
			    loop->fault))
			return false;
		loop->result->progress.total += counts[PAYOUT_UNKNOWN];
		loop->result->progress.total += counts[options->send ? PAYOUT_READY : PAYOUT_ACCEPTED];
	}
	return true;
}

enum submit_end submit_run(
	struct stage *stage, const struct submit_options *options, struct submit_result *result, struct fault *fault)
{
	struct loop loop = {.stage = stage, .options = options, .result = result, .fault = fault};
	memset(result, 0, sizeof *result);
	result->end = SUBMIT_FAILED;
	if (getrandom(&loop.random, sizeof loop.random, 0) != (ssize_t)sizeof loop.random || loop.random == 0)
		loop.random = 88172645463325252U;
	loop.started_ms = clock_now(stage->clock).mono_ms;
	loop.started_utc_ms = clock_now(stage->clock).utc_ms;
	loop.progress_ms = loop.started_ms;
	if ((!options->send || release_held(stage, options, fault)) && count_open(&loop) && lanes_open(&loop) &&
		network_open(&loop))
		result->end = turns(&loop);
	loop_close(&loop);
	return result->end;
}
