#include "run/cancel.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/tick.h"
#include "providers/catalog.h"
#include "run/ask.h"
#include "stages/outcome.h"

#define CANCEL_ROWS 64

struct canceling {
	struct session *session;
	const struct decide *decide;
	struct canceled *canceled;
	struct ask *ask; /* opened with the first question */
	struct fault *fault;
};

/* Only what the provider has, and may call off. */
static bool may_ask(struct session *session, const struct attempt *attempt)
{
	struct fault unknown = {0};
	const struct channel *channel;
	if (attempt->state != PAYOUT_ACCEPTED || attempt->provider_id.len == 0)
		return false;
	channel = ask_channel(&session->stage, attempt->channel, &unknown);
	return channel != NULL && catalog_adapter(channel->provider)->cancels;
}

/* The payout of a reference of the batch, where a provider may be asked to call it off. */
static bool find_named(
	struct canceling *canceling, const char *reference, struct arena *arena, struct attempt *attempt, bool *asks)
{
	struct journal *journal = canceling->session->journal;
	enum journal_find find = JOURNAL_FIND_NONE;
	int64_t payout = 0;
	bool found = false;
	*asks = false;
	if (!journal_payout_find(journal, text_of(reference), &payout, &find, canceling->fault))
		return false;
	if (find != JOURNAL_FIND_ONE)
		return true;
	if (!journal_attempt_of(journal, payout, arena, attempt, &found, canceling->fault))
		return false;
	*asks = found && attempt->batch == canceling->decide->batch && may_ask(canceling->session, attempt);
	return true;
}

/* Goes through the accepted payouts in scope that may be called off. */
static bool each_accepted(
	struct canceling *canceling, bool (*each)(struct canceling *canceling, const struct attempt *attempt))
{
	struct attempt_filter filter = {
		.batch = canceling->decide->batch, .states = STATE_SET(PAYOUT_ACCEPTED), .newest_only = true};
	struct attempt *rows = memory_new(sizeof *rows * CANCEL_ROWS);
	struct arena arena = {0};
	int count = 0;
	bool done = true;
	do {
		arena_reset(&arena);
		done = journal_attempt_list(
			canceling->session->journal, &filter, &arena, rows, CANCEL_ROWS, &count, canceling->fault);
		for (int i = 0; done && i < count && !canceling->canceled->stopped; i++) {
			filter.after = rows[i].id;
			done = !may_ask(canceling->session, &rows[i]) || each(canceling, &rows[i]);
		}
	} while (done && count == CANCEL_ROWS && !canceling->canceled->stopped);
	arena_release(&arena);
	free(rows);
	return done;
}

static bool each_named(
	struct canceling *canceling, bool (*each)(struct canceling *canceling, const struct attempt *attempt))
{
	struct arena arena = {0};
	bool done = true;
	for (int i = 0; done && i < canceling->decide->reference_count && !canceling->canceled->stopped; i++) {
		struct attempt attempt;
		bool asks = false;
		arena_reset(&arena);
		done = find_named(canceling, canceling->decide->references[i], &arena, &attempt, &asks) &&
		       (!asks || each(canceling, &attempt));
	}
	arena_release(&arena);
	return done;
}

static bool count_one(struct canceling *canceling, const struct attempt *attempt)
{
	(void)attempt;
	canceling->canceled->at_provider++;
	return true;
}

bool cancel_count(struct session *session, const struct decide *decide, int64_t *at_provider, struct fault *fault)
{
	struct canceled counted = {.at_provider = 0};
	struct canceling canceling = {.session = session, .decide = decide, .canceled = &counted, .fault = fault};
	bool done =
		decide->reference_count > 0 ? each_named(&canceling, count_one) : each_accepted(&canceling, count_one);
	*at_provider = counted.at_provider;
	return done;
}

/* --- at the provider ---------------------------------------------------------------------------------------------- */

/* That a person asked for it stands before the question: should the answer be lost, poll finds what came of it. */
static bool note_asking(struct canceling *canceling, const struct attempt *attempt)
{
	struct journal *journal = canceling->session->journal;
	if (!journal_begin(journal, canceling->fault))
		return false;
	tick("cancel.before_note");
	if (journal_event_add(journal, "notice", attempt->batch, attempt->row, attempt->number,
		    TEXT("{\"asked\":\"cancel\"}"), text_of(canceling->decide->why), canceling->fault))
		return journal_commit(journal, canceling->fault);
	journal_rollback(journal);
	return false;
}

static void unanswered(struct canceling *canceling, struct text why)
{
	struct buf shown = {0};
	text_show(&shown, why, 200);
	canceling->canceled->unanswered++;
	snprintf(canceling->canceled->error, sizeof canceling->canceled->error, "%s",
		shown.len > 0 ? buf_str(&shown) : "no usable answer");
	buf_release(&shown);
}

/* What the provider says of the payout now, recorded. */
static bool record(struct canceling *canceling, const struct attempt *attempt, const struct receipt *receipt)
{
	struct journal *journal = canceling->session->journal;
	struct moment now = clock_now(canceling->session->stage.clock);
	struct http_answer answered = {.outcome = HTTP_ANSWERED, .code = "", .retry_after_ms = -1};
	enum move_result result = MOVE_LOST;
	struct outcome outcome;
	outcome_status(attempt, &answered, receipt, &now, &outcome);
	if (outcome.person) {
		unanswered(canceling, outcome.why);
		return true;
	}
	bool gone = outcome.moved && outcome.after.state == PAYOUT_CANCELED;
	if (gone) {
		outcome.after.reason_code = text_of(REASON_CANCELED);
		if (canceling->decide->why[0] != '\0')
			outcome.after.reason = text_of(canceling->decide->why);
	}
	if (gone)
		canceling->canceled->at_provider++;
	else
		canceling->canceled->late++;
	if (!outcome.moved)
		return true;
	if (!journal_begin(journal, canceling->fault))
		return false;
	tick("cancel.begun");
	if (journal_move(journal, attempt, &outcome.after, text_of(""), &result, canceling->fault)) {
		tick("cancel.before_commit");
		return journal_commit(journal, canceling->fault);
	}
	journal_rollback(journal);
	return false;
}

static enum ask_end question(struct canceling *canceling, const struct attempt *attempt, enum operation operation,
	struct arena *arena, struct ask_answer *answer)
{
	struct stage *stage = &canceling->session->stage;
	const struct channel *channel = ask_channel(stage, attempt->channel, canceling->fault);
	struct call call;
	if (channel == NULL || !ask_fill(stage, channel, attempt, arena, &call, canceling->fault))
		return ASK_FAULT;
	return ask_one(canceling->ask, channel, operation, &call, arena, answer, canceling->fault);
}

static bool cancel_one(struct canceling *canceling, const struct attempt *attempt)
{
	struct arena arena = {0};
	struct ask_answer answer;
	enum ask_end end;
	bool done = false;
	assert(canceling->session->leased);
	if (!journal_lease_ours(canceling->session->journal)) {
		fault_set(canceling->fault, FAULT_LOCKED, "JOURNAL_LOCKED",
			"See that nobody removes the journal's lock file, then run it again.",
			"the lock file beside the journal is no longer this command's");
		goto out;
	}
	if (!note_asking(canceling, attempt))
		goto out;
	tick("cancel.asked");
	end = question(canceling, attempt, OPERATION_CANCEL, &arena, &answer);
	/* Too late: what it is instead is asked for. */
	if (end == ASK_ANSWERED && answer.receipt.verdict == VERDICT_REFUSED)
		end = question(canceling, attempt, OPERATION_STATUS, &arena, &answer);
	done = end != ASK_FAULT;
	if (end == ASK_STOPPED)
		canceling->canceled->stopped = true;
	else if (end == ASK_ANSWERED && answer.receipt.verdict == VERDICT_ACCEPTED)
		done = record(canceling, attempt, &answer.receipt);
	else if (done)
		unanswered(canceling, end == ASK_ANSWERED ? answer.receipt.reason : text_of(answer.error));
out:
	arena_release(&arena);
	return done;
}

/* --- both --------------------------------------------------------------------------------------------------------- */

/* What no provider need be asked about. With references: those alone that are no accepted payout of one that may. */
static bool cancel_local(struct canceling *canceling, const struct decide *decide)
{
	struct decide local = *decide;
	const char **rest = memory_new(sizeof *rest * (size_t)(decide->reference_count + 1));
	struct arena arena = {0};
	bool done = true;
	local.references = rest;
	local.reference_count = 0;
	for (int i = 0; done && i < decide->reference_count; i++) {
		struct attempt attempt;
		bool asks = false;
		done = find_named(canceling, decide->references[i], &arena, &attempt, &asks);
		if (!asks)
			rest[local.reference_count++] = decide->references[i];
	}
	if (done && (decide->reference_count == 0 || local.reference_count > 0))
		done = people_decide(canceling->session, &local, &canceling->canceled->local, canceling->fault);
	arena_release(&arena);
	free(rest);
	return done;
}

bool cancel_run(struct session *session, const struct decide *decide, struct canceled *canceled, struct fault *fault)
{
	struct canceling canceling = {.session = session, .decide = decide, .canceled = canceled, .fault = fault};
	bool done;
	assert(decide->decision == DECIDE_CANCEL && !decide->try_only);
	memset(canceled, 0, sizeof *canceled);
	done = cancel_local(&canceling, decide);
	if (!done || !session->leased)
		return done;
	canceling.ask = ask_open(&session->stage, fault);
	done = canceling.ask != NULL && (decide->reference_count > 0 ? each_named(&canceling, cancel_one)
								     : each_accepted(&canceling, cancel_one));
	ask_close(canceling.ask);
	return done;
}
