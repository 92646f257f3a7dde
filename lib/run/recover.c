#include "run/recover.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/tick.h"
#include "providers/catalog.h"
#include "run/ask.h"
#include "stages/allowance.h"
#include "stages/outcome.h"
#include "stages/plan.h"
#include "values/money.h"

#define RECOVER_ROWS 64
#define SILENT_MAX 3 /* a channel that left so many questions in a row unanswered is not asked any more */

struct recovering {
	struct stage *stage;
	const struct recover_options *options;
	struct recover_result *result;
	struct ask *ask;
	int silent[BOUND_CHANNELS];
	bool frozen;          /* the payout at hand has a payload */
	int64_t last_sent_ms; /* UTC: what the journal forgot was sent then at the latest */
	struct fault *fault;
};

/* When the forgotten run claimed it nobody knows, but not before its batch was received. */
static bool open_since(struct recovering *recovering, const struct attempt *attempt, int64_t *utc_ms)
{
	struct journal_batch batch;
	struct arena arena = {0};
	*utc_ms = attempt->open_since;
	if (*utc_ms != 0)
		return true;
	bool done = journal_batch_get(recovering->stage->journal, attempt->batch, &arena, &batch, recovering->fault);
	*utc_ms = done ? batch.received_at : 0;
	arena_release(&arena);
	return done;
}

/* From held or ready through sending, as if the forgotten run had claimed it. */
static bool move_to_sending(struct recovering *recovering, const struct call *call, const struct attempt *from,
	struct attempt *sending, enum move_result *result)
{
	struct journal *journal = recovering->stage->journal;
	const struct adapter *adapter = catalog_adapter(call->channel->provider);
	struct attempt before = *from;
	int64_t since = 0;
	if (!open_since(recovering, from, &since))
		return false;
	before.payload = text_of("");
	if (before.state == PAYOUT_HELD) {
		struct attempt ready = before;
		ready.state = PAYOUT_READY;
		if (!journal_move(journal, &before, &ready, text_of(""), result, recovering->fault) ||
			*result != MOVE_DONE)
			return !recovering->fault->set;
		before = ready;
	}
	*sending = before;
	sending->state = PAYOUT_SENDING;
	sending->payload = from->payload.len > 0 ? text_of("") : call->payload;
	if (from->fixed_minor == 0 && adapter->needs_balance != NULL && adapter->needs_balance(call))
		sending->fixed_minor = call->amount_minor;
	sending->sends++;
	sending->last_sent = clock_now(recovering->stage->clock).utc_ms;
	sending->open_since = since;
	/* It may have been claimed today: it counts so, or a limit of the day could be passed. */
	sending->claim_day =
		allowance_today(&(struct allowance_day){0}, recovering->stage->config->timezone, sending->last_sent);
	return journal_move(journal, &before, sending, text_of(""), result, recovering->fault);
}

static bool move_on(struct recovering *recovering, const struct attempt *sending, struct outcome *outcome)
{
	struct journal *journal = recovering->stage->journal;
	enum move_result result = MOVE_LOST;
	if (!journal_move(journal, sending, &outcome->after, text_of(""), &result, recovering->fault))
		return false;
	if (result == MOVE_TAKEN)
		return fault_set(recovering->fault, FAULT_PERSON, "ANSWER_MISMATCH",
			"Ask the provider about both payouts; `payrun show` has their history.",
			"row %lld: the provider's id belongs to another payout", (long long)sending->row);
	if (!outcome->later)
		return true;
	struct attempt accepted = outcome->after;
	outcome_later(&outcome->after, outcome->later_state, clock_now(recovering->stage->clock).utc_ms);
	return journal_move(journal, &accepted, &outcome->after, text_of(""), &result, recovering->fault);
}

/* Within the repeat window `resume` gets the provider's word by the same key; after it a person must find it. */
static void count_unknown(struct recovering *recovering, const struct channel *channel, const struct attempt *attempt,
	const struct attempt *unknown)
{
	const struct clock *clock = recovering->stage->clock;
	struct moment now = clock_now(clock);
	struct plan_window window = {.window_ms = adapter_window_ms(catalog_adapter(channel->provider), channel),
		.timeout_ms = channel->timeout_ms,
		.clock_seen = true}; /* `resume` sees to that */
	bool frozen = attempt->payload.len > 0 || recovering->frozen;
	if (frozen && plan_window_open(&window, unknown, &now, clock->boot_id))
		recovering->result->repeats++;
	else
		recovering->result->person++;
}

/* receipt: of a look-up that found it; NULL: nobody can tell, it becomes unknown. */
static bool record(struct recovering *recovering, const struct call *call, const struct attempt *attempt,
	const struct receipt *receipt)
{
	struct journal *journal = recovering->stage->journal;
	struct moment now = clock_now(recovering->stage->clock);
	struct attempt sending;
	struct outcome outcome;
	enum move_result result = MOVE_LOST;
	if (!journal_begin(journal, recovering->fault))
		return false;
	tick("recover.begun");
	if (!move_to_sending(recovering, call, attempt, &sending, &result))
		goto failed;
	if (result != MOVE_DONE) {
		/* A person moved it meanwhile, and what was learned of it is not recorded: the journal stays behind. */
		journal_rollback(journal);
		recovering->result->unclear++;
		return true;
	}
	if (receipt != NULL) {
		struct http_answer answered = {.outcome = HTTP_ANSWERED, .code = "", .retry_after_ms = -1};
		outcome_create(catalog_adapter(call->channel->provider), attempt, &sending, &answered, receipt, &now,
			&outcome);
		assert(outcome.moved && outcome.after.state == PAYOUT_ACCEPTED);
	} else {
		memset(&outcome, 0, sizeof outcome);
		outcome.after = sending;
		outcome.after.state = PAYOUT_UNKNOWN;
	}
	if (!move_on(recovering, &sending, &outcome))
		goto failed;
	if (receipt == NULL)
		count_unknown(recovering, call->channel, attempt, &outcome.after);
	else
		recovering->result->found++;
	tick("recover.before_commit");
	return journal_commit(journal, recovering->fault);
failed:
	journal_rollback(journal);
	return false;
}

static void notice_silence(
	struct recovering *recovering, const struct channel *channel, enum ask_end end, const struct ask_answer *answer)
{
	const struct receipt *receipt = &answer->receipt;
	struct buf why = {0};
	bool stop = end == ASK_ANSWERED && receipt->verdict == VERDICT_CHANNEL_STOP;
	const char *code =
		end == ASK_ANSWERED && receipt->code != NULL && receipt->code[0] != '\0' ? receipt->code : answer->code;
	text_show(&why, end == ASK_ANSWERED ? receipt->reason : text_of(answer->error), 200);
	stage_notice(recovering->stage, stop, code[0] != '\0' ? code : "CHANNEL_ANSWER", channel->name,
		stop && receipt->cure != NULL ? receipt->cure : "Run `payrun recover` again when the provider answers.",
		"channel %s: the provider could not be asked: %s", channel->name,
		why.len > 0 ? buf_str(&why) : "no usable answer");
	buf_release(&why);
}

/* Where the amount is what a balance had, what was paid is what the provider says. False: it does not say. */
static bool take_amount(struct call *call, const struct receipt *receipt, struct arena *arena)
{
	const struct adapter *adapter = catalog_adapter(call->channel->provider);
	struct buf payload = {0};
	if (call->amount_minor != 0 || adapter->needs_balance == NULL || !adapter->needs_balance(call))
		return true;
	if (money_parse(receipt->amount, call->decimals, '.', &call->amount_minor) != MONEY_VALID)
		return false;
	adapter->freeze(call, &payload);
	call->payload = text_copy(arena, buf_text(&payload));
	buf_release(&payload);
	return true;
}

/* What was not found may be too young to be sure. */
static bool too_early(struct recovering *recovering, const struct receipt *receipt)
{
	struct recover_result *result = recovering->result;
	if (receipt->verdict != VERDICT_UNKNOWN ||
		receipt->ask_again_utc_ms <= clock_now(recovering->stage->clock).utc_ms)
		return false;
	result->early++;
	if (receipt->ask_again_utc_ms > result->again_utc_ms)
		result->again_utc_ms = receipt->ask_again_utc_ms;
	return true;
}

static bool look_up(
	struct recovering *recovering, struct call *call, const struct attempt *attempt, struct arena *arena)
{
	const struct channel *channel = call->channel;
	ptrdiff_t place = channel - recovering->stage->config->channels;
	struct recover_result *result = recovering->result;
	struct ask_answer answer;
	if (recovering->silent[place] >= SILENT_MAX) {
		result->unclear++;
		return true;
	}
	/* The forgotten run may have sent it at any moment up to its end. */
	if (!open_since(recovering, attempt, &call->open_since_utc_ms))
		return false;
	if (call->last_sent_utc_ms < recovering->last_sent_ms)
		call->last_sent_utc_ms = recovering->last_sent_ms;
	enum ask_end end = ask_one(recovering->ask, channel, OPERATION_LOOKUP, call, arena, &answer, recovering->fault);
	if (end == ASK_FAULT)
		return false;
	if (end == ASK_STOPPED) {
		result->stopped = true;
		return true;
	}
	result->asked++;
	if (end == ASK_ANSWERED && answer.receipt.verdict == VERDICT_ACCEPTED &&
		take_amount(call, &answer.receipt, arena)) {
		recovering->silent[place] = 0;
		return record(recovering, call, attempt, &answer.receipt);
	}
	if (end == ASK_ANSWERED && answer.receipt.verdict == VERDICT_NOT_FOUND) {
		recovering->silent[place] = 0;
		result->absent++;
		return true;
	}
	if (end == ASK_ANSWERED && too_early(recovering, &answer.receipt)) {
		recovering->silent[place] = 0;
		return true;
	}
	result->unclear++;
	if (++recovering->silent[place] >= SILENT_MAX || answer.receipt.verdict == VERDICT_CHANNEL_STOP) {
		recovering->silent[place] = SILENT_MAX;
		notice_silence(recovering, channel, end, &answer);
	}
	return true;
}

/* *early: no run sends it before its date. Nobody knows whether a held payout was released and sent, nor whether it
 * ever would have been: without a payload it is not sent again by itself, and a person finds what became of it. */
static bool take_held(struct recovering *recovering, struct call *call, const struct attempt *attempt, bool *early)
{
	struct journal *journal = recovering->stage->journal;
	struct journal_payout payout;
	struct arena arena = {0};
	bool found = false;
	bool done = journal_payout_get(journal, attempt->payout, &arena, &payout, &found, recovering->fault);
	*early = done && found && payout.not_before > clock_now(recovering->stage->clock).utc_ms;
	call->payload = text_of("");
	arena_release(&arena);
	return done;
}

static bool recover_unasked(struct recovering *recovering, struct call *call, const struct attempt *attempt)
{
	bool early = false;
	if (attempt->state == PAYOUT_HELD && !take_held(recovering, call, attempt, &early))
		return false;
	recovering->frozen = call->payload.len > 0;
	if (early)
		return true;
	return record(recovering, call, attempt, NULL);
}

static bool recover_one(struct recovering *recovering, const struct attempt *attempt)
{
	struct arena arena = {0};
	struct fault unknown = {0};
	struct call call;
	bool done = false;
	const struct channel *channel = ask_channel(recovering->stage, attempt->channel, &unknown);
	if (channel == NULL) {
		if (unknown.kind != FAULT_USAGE) {
			*recovering->fault = unknown;
			return false;
		}
		stage_notice_fault(recovering->stage, true, &unknown);
		recovering->result->unclear++;
		return true;
	}
	if (!ask_fill(recovering->stage, channel, attempt, &arena, &call, recovering->fault))
		goto out;
	if (catalog_adapter(channel->provider)->looks_up)
		done = look_up(recovering, &call, attempt, &arena);
	else
		done = recover_unasked(recovering, &call, attempt);
out:
	arena_release(&arena);
	return done;
}

static bool recover_rows(struct recovering *recovering)
{
	struct recover_result *result = recovering->result;
	struct attempt_filter filter = {
		.states = STATE_SET(PAYOUT_HELD) | STATE_SET(PAYOUT_READY), .newest_only = true, .with_payload = true};
	struct attempt *rows = memory_new(sizeof *rows * RECOVER_ROWS);
	struct arena arena = {0};
	int64_t seen = 0;
	int count = 0;
	bool done = true;
	do {
		arena_reset(&arena);
		done = journal_attempt_list(
			recovering->stage->journal, &filter, &arena, rows, RECOVER_ROWS, &count, recovering->fault);
		for (int i = 0; done && i < count && !result->stopped; i++) {
			filter.after = rows[i].id;
			done = recover_one(recovering, &rows[i]);
			if (recovering->options->progress != NULL)
				recovering->options->progress(recovering->options->context, ++seen, result->total);
		}
	} while (done && count == RECOVER_ROWS && !result->stopped);
	arena_release(&arena);
	free(rows);
	return done;
}

/* The forgotten run may have sent what is unknown once more: a look-up that settles with time counts from then. */
static bool age_one(struct recovering *recovering, const struct attempt *unknown)
{
	struct fault ignored = {0};
	const struct channel *channel = ask_channel(recovering->stage, unknown->channel, &ignored);
	const struct adapter *adapter = channel != NULL ? catalog_adapter(channel->provider) : NULL;
	struct attempt after = *unknown;
	enum move_result result = MOVE_LOST;
	if (adapter == NULL || adapter->settles_ms == 0 || unknown->last_sent >= recovering->last_sent_ms)
		return true;
	after.last_sent = recovering->last_sent_ms;
	return journal_move(recovering->stage->journal, unknown, &after, text_of(""), &result, recovering->fault);
}

static bool age_unknown(struct recovering *recovering)
{
	struct journal *journal = recovering->stage->journal;
	struct attempt_filter filter = {.states = STATE_SET(PAYOUT_UNKNOWN)};
	struct attempt *rows = memory_new(sizeof *rows * RECOVER_ROWS);
	struct arena arena = {0};
	int count = RECOVER_ROWS;
	bool done = !recovering->result->stopped;
	while (done && count == RECOVER_ROWS) {
		arena_reset(&arena);
		if (!journal_begin(journal, recovering->fault)) {
			done = false;
			break;
		}
		done = journal_attempt_list(journal, &filter, &arena, rows, RECOVER_ROWS, &count, recovering->fault);
		for (int i = 0; done && i < count; i++) {
			filter.after = rows[i].id;
			done = age_one(recovering, &rows[i]);
		}
		if (done)
			done = journal_commit(journal, recovering->fault);
		else
			journal_rollback(journal);
	}
	arena_release(&arena);
	free(rows);
	return done || recovering->result->stopped;
}

/* What is unknown or accepted is asked about as poll does. */
static bool recover_open(struct recovering *recovering)
{
	struct submit_options poll = {
		.send = false, .wait_limit_ms = recovering->options->wait_limit_ms, .rate_count = -1};
	if (recovering->result->stopped)
		return true;
	return submit_run(recovering->stage, &poll, &recovering->result->polled, recovering->fault) != SUBMIT_FAILED;
}

/* Each claim puts a new head file in its place before a byte leaves, so nothing was claimed after that. Without one
 * nobody knows, but from now on nothing is: one is put there that says so, for the next time. */
static bool find_last_sent(struct recovering *recovering)
{
	struct journal *journal = recovering->stage->journal;
	int64_t changed_ms = journal_head_changed_ms(journal);
	if (changed_ms == 0) {
		recovering->last_sent_ms = clock_now(recovering->stage->clock).utc_ms;
		return journal_head_mark(journal, recovering->fault);
	}
	recovering->last_sent_ms = changed_ms + BOUND_CLAIM_AGE_MS;
	return true;
}

/* Durable before the head says that anything may be sent: what was received after the backup is not in this journal. */
static bool note(struct stage *stage, struct fault *fault)
{
	if (!journal_begin(stage->journal, fault))
		return false;
	tick("recover.noted");
	if (journal_recovered_note(stage->journal, fault))
		return journal_commit(stage->journal, fault);
	journal_rollback(stage->journal);
	return false;
}

bool run_recover(
	struct stage *stage, const struct recover_options *options, struct recover_result *result, struct fault *fault)
{
	struct recovering recovering = {.stage = stage, .options = options, .result = result, .fault = fault};
	int64_t counts[PAYOUT_STATES];
	struct fault behind = {0};
	bool same_folder = false, done = false;
	memset(result, 0, sizeof *result);
	if (journal_head_check(stage->journal, &same_folder, &behind))
		return true;
	if (behind.kind != FAULT_BREAK) {
		*fault = behind;
		return false;
	}
	result->behind = true;
	if (!journal_counts(stage->journal, 0, counts, fault))
		return false;
	result->total = counts[PAYOUT_HELD] + counts[PAYOUT_READY];
	if (!find_last_sent(&recovering))
		return false;
	recovering.ask = ask_open(stage, fault);
	/* The moves through sending would write the head before all was asked: a crash then would let the next run
	 * send. */
	journal_head_hold(stage->journal, true);
	done = recovering.ask != NULL && recover_rows(&recovering) && age_unknown(&recovering) &&
	       recover_open(&recovering);
	if (done && !result->stopped && result->unclear == 0 && result->early == 0)
		done = note(stage, fault);
	journal_head_hold(stage->journal, false);
	if (done && !result->stopped && result->unclear == 0 && result->early == 0) {
		done = journal_head_write(stage->journal, fault);
		result->accepted = done;
	}
	ask_close(recovering.ask);
	return done;
}
