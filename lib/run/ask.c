#include "run/ask.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/http.h"
#include "net/rate.h"
#include "net/seal.h"
#include "providers/catalog.h"

#define SESSION_MARGIN_MS 60000 /* a session is worth nothing so long before its end */

struct ask {
	struct stage *stage;
	struct http *http;
	struct http_callbacks callbacks;
	struct rate *rates[BOUND_CHANNELS];      /* by place in the configuration; NULL: not asked yet */
	struct buf sessions[BOUND_CHANNELS];     /* tokens, likewise; secrets */
	int64_t session_ends_ms[BOUND_CHANNELS]; /* UTC */
};

struct question {
	const struct adapter *adapter;
	enum operation operation;
	const struct call *call;
	struct arena *arena;
	struct ask_answer *answer;
	bool ended, answered;
};

static bool admit(void *context, void *exchange_context)
{
	(void)context;
	(void)exchange_context;
	return true;
}

static void done(void *context, void *exchange_context, const struct http_answer *answer)
{
	struct question *question = exchange_context;
	(void)context;
	question->ended = true;
	question->answered = answer->outcome == HTTP_ANSWERED;
	question->answer->status = answer->status;
	snprintf(question->answer->code, sizeof question->answer->code, "%s", answer->code != NULL ? answer->code : "");
	memcpy(question->answer->error, answer->error, sizeof question->answer->error);
	if (question->answered)
		question->adapter->read(
			question->operation, question->call, answer, question->arena, &question->answer->receipt);
}

struct ask *ask_open(struct stage *stage, struct fault *fault)
{
	struct ask *ask = memory_new(sizeof *ask);
	ask->stage = stage;
	ask->callbacks = (struct http_callbacks){.admit = admit, .done = done, .context = ask};
	struct http_options options = {
		.callbacks = &ask->callbacks,
		.clock = stage->clock,
		.connections = 1,
		.user_agent = stage->user_agent,
	};
	ask->http = http_open(&options, fault);
	if (ask->http != NULL)
		return ask;
	free(ask);
	return NULL;
}

void ask_close(struct ask *ask)
{
	if (ask == NULL)
		return;
	http_close(ask->http);
	for (size_t i = 0; i < BOUND_CHANNELS; i++)
		if (ask->rates[i] != NULL)
			rate_free(ask->rates[i]);
	for (size_t i = 0; i < BOUND_CHANNELS; i++)
		buf_wipe(&ask->sessions[i]);
	free(ask);
}

static struct rate *rate_of(struct ask *ask, const struct channel *channel)
{
	ptrdiff_t place = channel - ask->stage->config->channels;
	assert(place >= 0 && place < BOUND_CHANNELS);
	if (ask->rates[place] == NULL)
		ask->rates[place] = rate_new(channel->rate_count, channel->rate_period_ms, channel->burst,
			clock_nanoseconds(ask->stage->clock));
	return ask->rates[place];
}

/* Waits for the next grant of the channel. False: a signal, or a fault. */
static bool wait_for_grant(struct ask *ask, const struct channel *channel, struct fault *fault)
{
	struct rate *rate = rate_of(ask, channel);
	for (;;) {
		int64_t now = clock_nanoseconds(ask->stage->clock);
		if (stage_stopped(ask->stage))
			return false;
		if (rate_take(rate, now))
			return true;
		if (!http_run(ask->http, (rate_next(rate, now) - now) / 1000000 + 1, ask->stage->stop->wake_fd, fault))
			return false;
	}
}

static bool start(struct ask *ask, const struct channel *channel, struct question *question, struct call *call,
	struct fault *fault)
{
	struct adapter_request request;
	memset(&request, 0, sizeof request);
	call->now_utc_ms = clock_now(ask->stage->clock).utc_ms;
	if (question->adapter->seals)
		seal_nonce(call->nonce);
	if (!question->adapter->build(question->operation, call, question->arena, &request)) {
		buf_wipe(&request.url);
		buf_wipe(&request.body);
		return fault_set(fault, FAULT_USAGE, "", NULL, "channel %s: %s can't be asked for %s", channel->name,
			question->adapter->name, operation_name(question->operation));
	}
	request.http.url = buf_str(&request.url);
	request.http.body = buf_text(&request.body);
	bool started = http_start(ask->http, &request.http, channel->timeout_ms, channel->ca_file, question, fault);
	buf_wipe(&request.url);
	buf_wipe(&request.body);
	return started;
}

static enum ask_end ask_once(struct ask *ask, const struct channel *channel, struct question *question,
	struct call *call, struct fault *fault)
{
	question->ended = question->answered = false;
	memset(question->answer, 0, sizeof *question->answer);
	if (!wait_for_grant(ask, channel, fault))
		return fault->set ? ASK_FAULT : ASK_STOPPED;
	int64_t started_ms = clock_now(ask->stage->clock).mono_ms;
	if (!start(ask, channel, question, call, fault))
		return ASK_FAULT;
	/* A signal does not cut the question short: it ends with its time-out at the latest. */
	while (!question->ended)
		if (!http_run(ask->http, 1000, -1, fault))
			return ASK_FAULT;
	question->answer->took_ms = clock_now(ask->stage->clock).mono_ms - started_ms;
	return question->answered ? ASK_ANSWERED : ASK_NOTHING;
}

/* Logs in where the provider wants that and no session is left. Anything else than ASK_ANSWERED with an accepted
 * receipt is the end of the question: what the login says is its answer. */
static enum ask_end log_in(
	struct ask *ask, const struct channel *channel, struct question *question, struct fault *fault)
{
	ptrdiff_t place = channel - ask->stage->config->channels;
	struct buf *token = &ask->sessions[place];
	struct call call = {.channel = channel};
	struct question login = *question;
	struct receipt *receipt = &question->answer->receipt;
	int64_t now = clock_now(ask->stage->clock).utc_ms;
	*receipt = (struct receipt){.verdict = VERDICT_ACCEPTED};
	if (!question->adapter->has_session || (token->len > 0 && now < ask->session_ends_ms[place]))
		return ASK_ANSWERED;
	buf_wipe(token);
	*token = (struct buf){0};
	login.operation = OPERATION_SESSION;
	login.call = &call;
	enum ask_end end = ask_once(ask, channel, &login, &call, fault);
	if (end == ASK_ANSWERED && receipt->verdict == VERDICT_ACCEPTED) {
		buf_addt(token, receipt->session);
		ask->session_ends_ms[place] = receipt->session_expires_ms - SESSION_MARGIN_MS;
	}
	return end;
}

enum ask_end ask_one(struct ask *ask, const struct channel *channel, enum operation operation, struct call *call,
	struct arena *arena, struct ask_answer *answer, struct fault *fault)
{
	const struct adapter *adapter = catalog_adapter(channel->provider);
	struct question question = {
		.adapter = adapter, .operation = operation, .call = call, .arena = arena, .answer = answer};
	assert(operation != OPERATION_CREATE && operation != OPERATION_PREPARE);
	memset(answer, 0, sizeof *answer);
	if (adapter == NULL) {
		fault_set(fault, FAULT_USAGE, "", NULL, "channel %s: this version can't speak to %s", channel->name,
			provider_name(channel->provider));
		return ASK_FAULT;
	}
	ptrdiff_t place = channel - ask->stage->config->channels;
	enum ask_end end = ASK_ANSWERED;
	for (int tries = 0; tries < 2; tries++) { /* a session that ended: one login and the question once more */
		end = log_in(ask, channel, &question, fault);
		if (end != ASK_ANSWERED || answer->receipt.verdict != VERDICT_ACCEPTED ||
			operation == OPERATION_SESSION)
			return end;
		call->session = buf_text(&ask->sessions[place]);
		end = ask_once(ask, channel, &question, call, fault);
		for (int pages = 1; pages < BOUND_LIST_PAGES && end == ASK_ANSWERED && operation == OPERATION_LOOKUP &&
				    answer->receipt.verdict == VERDICT_UNKNOWN && answer->receipt.next_cursor.len > 0;
			pages++) {
			call->cursor = answer->receipt.next_cursor;
			end = ask_once(ask, channel, &question, call, fault);
		}
		if (end != ASK_ANSWERED || answer->receipt.verdict != VERDICT_SESSION_EXPIRED)
			return end;
		ask->session_ends_ms[place] = 0;
	}
	return end;
}

void ask_fault(const struct channel *channel, enum ask_end end, const struct ask_answer *answer, struct fault *fault)
{
	const struct receipt *receipt = &answer->receipt;
	struct buf why = {0};
	bool refused = end == ASK_ANSWERED && receipt->verdict == VERDICT_CHANNEL_STOP;
	const char *code = refused && receipt->code != NULL ? receipt->code : answer->code;
	text_show(&why, end == ASK_ANSWERED ? receipt->reason : text_of(answer->error), 300);
	if (why.len == 0 && answer->status != 0)
		buf_addf(&why, "HTTP %d", answer->status);
	fault_channel(fault, channel->name);
	if (refused)
		fault_set(fault, FAULT_PERSON, code, receipt->cure, "channel %s: %s", channel->name, buf_str(&why));
	else
		fault_set(fault, FAULT_STOPPED, code, "Check base_url, the network and the provider's status page.",
			"channel %s: no usable answer: %s", channel->name, buf_str(&why));
	buf_release(&why);
}

bool ask_fill(struct stage *stage, const struct channel *channel, const struct attempt *attempt, struct arena *arena,
	struct call *call, struct fault *fault)
{
	struct journal_payout payout;
	struct attempt whole;
	bool found = false;
	memset(call, 0, sizeof *call);
	if (!journal_payout_get(stage->journal, attempt->payout, arena, &payout, &found, fault))
		return false;
	assert(found);
	if (!journal_attempt_get(stage->journal, attempt->id, arena, &whole, &found, fault))
		return false;
	assert(found);
	call->channel = channel;
	call->content = payout.content;
	call->reference = payout.reference;
	call->currency = payout.currency;
	call->amount_minor = payout.amount_minor + attempt->fixed_minor;
	call->decimals = payout.decimals;
	call->key = attempt->key;
	call->payload = whole.payload;
	call->provider_id = attempt->provider_id;
	call->open_since_utc_ms = attempt->open_since;
	call->last_sent_utc_ms = attempt->last_sent;
	/* What was never sent has no frozen payload yet; the one it would be sent with tells what to compare with. It
	 * is not known before its destination is. */
	const struct adapter *adapter = catalog_adapter(channel->provider);
	struct buf body = {0};
	bool prepared = adapter->has_destination && adapter->destination(call, &body);
	buf_release(&body);
	if (call->payload.len == 0 && !prepared) {
		struct buf payload = {0};
		adapter->freeze(call, &payload);
		call->payload = text_copy(arena, buf_text(&payload));
		buf_release(&payload);
	}
	return true;
}

const struct channel *ask_channel(struct stage *stage, int64_t id, struct fault *fault)
{
	struct journal_channel known;
	const struct channel *channel = NULL;
	struct arena arena = {0};
	bool found = false;
	if (!journal_channel_get(stage->journal, id, &arena, &known, &found, fault))
		goto out;
	if (found)
		channel = config_channel(stage->config, text_of(known.name));
	if (channel == NULL)
		fault_set(fault, FAULT_USAGE, "CHANNEL_UNKNOWN", "Put the channel back into the configuration.",
			"channel %s is not configured", found ? known.name : "of the payout");
out:
	arena_release(&arena);
	return channel;
}
