#include "run/people.h"

#include <stdlib.h>
#include <string.h>

#include "run/account.h"
#include "run/approver.h"
#include "stages/approval.h"
#include "stages/obstacle.h"

#define DECIDE_ROWS 2048 /* of one transaction: a run beside it waits some 50 ms */

struct deciding {
	struct session *session;
	const struct decide *decide;
	struct decided *decided;
	struct sha256 *sha;
	struct approved approved; /* in this transaction */
	enum payout_state again;  /* of an attempt that retry adds */
	struct fault *fault;
};

static const struct rule_of_decision {
	const char *event; /* kind of the batch's event; NULL: the moves say it all */
	const char *reason_code;
	const char *verb;
	state_set from;
	enum payout_state to; /* of a move; retry adds an attempt instead */
} decisions[] = {
	[DECIDE_APPROVE] = {"approve", "", "approved", STATE_SET(PAYOUT_HELD), PAYOUT_READY},
	[DECIDE_REJECT] = {"reject", REASON_REJECTED, "rejected", STATE_SET(PAYOUT_HELD) | STATE_SET(PAYOUT_READY),
		PAYOUT_CANCELED},
	[DECIDE_CANCEL] = {NULL, REASON_CANCELED, "canceled", STATE_SET(PAYOUT_HELD) | STATE_SET(PAYOUT_READY),
		PAYOUT_CANCELED},
	[DECIDE_RETRY] = {NULL, "", "tried again",
		STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_RETURNED) | STATE_SET(PAYOUT_CANCELED), PAYOUT_READY},
};

/* What is held for approval, and not by whoever asks for it. */
static bool approve_obstacle(const struct deciding *deciding, const struct attempt *attempt,
	const struct journal_payout *payout, const char **why)
{
	enum hold hold = HOLD_APPROVAL;
	bool own = false;
	if (!account_hold(deciding->session->journal, attempt, payout, &hold, deciding->fault) ||
		!approver_own(deciding->session, attempt, &own, deciding->fault))
		return false;
	if (hold == HOLD_OPTION)
		*why = "held by --hold, not for approval (`payrun resume BATCH` releases it)";
	else if (hold == HOLD_DATE)
		*why = "held until its date, not for approval";
	else if (own)
		*why = "a new attempt that you asked for: somebody else approves it (four_eyes)";
	deciding->decided->own += own;
	return true;
}

/* *why: why a payout can't be decided on so; NULL when it can. */
static bool obstacle(const struct deciding *deciding, const struct attempt *attempt,
	const struct journal_payout *payout, struct arena *arena, const char **why)
{
	const struct rule_of_decision *rule = &decisions[deciding->decide->decision];
	*why = (rule->from & STATE_SET(attempt->state)) == 0 ? state_name(attempt->state) : NULL;
	if (deciding->decide->decision == DECIDE_CANCEL && attempt->state == PAYOUT_ACCEPTED)
		*why = "accepted, and its provider can't call it off";
	if (*why == NULL && deciding->decide->decision == DECIDE_APPROVE)
		return approve_obstacle(deciding, attempt, payout, why);
	if (*why == NULL && deciding->decide->decision == DECIDE_RETRY)
		return obstacle_find(deciding->session->journal, attempt, arena, why, deciding->fault);
	return true;
}

static bool move(struct deciding *deciding, const struct attempt *attempt, const struct journal_payout *payout,
	enum move_result *result)
{
	const struct rule_of_decision *rule = &decisions[deciding->decide->decision];
	struct attempt after = *attempt;
	after.payload = text_of("");
	after.state = rule->to;
	if (rule->to == PAYOUT_READY && payout->not_before > after.not_before)
		after.not_before = payout->not_before; /* its date still holds */
	if (deciding->decide->decision == DECIDE_APPROVE)
		after.approved_by = text_of(deciding->session->who.user);
	if (rule->to == PAYOUT_CANCELED) {
		after.reason_code = text_of(rule->reason_code);
		after.reason = text_of(deciding->decide->why);
		after.settled_at = clock_now(deciding->session->stage.clock).utc_ms;
	}
	return journal_move(deciding->session->journal, attempt, &after, text_of(""), result, deciding->fault);
}

/* Whether a further attempt waits for approval: where its batch does, where its row did for a reason of its own, as one
 * that looks like another payout, and where the amount is ALL (CONTRACT, section 3). */
static bool waits_again(const struct deciding *deciding, const struct journal_payout *payout)
{
	struct text reason = payout->reason_code;
	bool for_batch = text_is(reason, APPROVAL_CODE), for_other = account_hold_reason(reason) != HOLD_APPROVAL;
	return deciding->again == PAYOUT_HELD || payout->amount_minor == 0 ||
	       (payout->state == PAYOUT_HELD && !for_batch && !for_other);
}

/* A date that is still to come holds for every attempt; of one that waits for approval it is set with that. */
static bool keep_date(const struct deciding *deciding, const struct journal_payout *payout, const struct attempt *added,
	enum move_result *result)
{
	struct attempt dated = *added;
	if (payout->not_before <= clock_now(deciding->session->stage.clock).utc_ms)
		return true;
	dated.not_before = payout->not_before;
	return journal_move(deciding->session->journal, added, &dated, text_of(""), result, deciding->fault);
}

static bool add_attempt(struct deciding *deciding, const struct attempt *attempt, const struct journal_payout *payout,
	struct arena *arena, enum move_result *result)
{
	struct journal *journal = deciding->session->journal;
	struct journal_channel channel;
	struct attempt added;
	bool found = false;
	if (!journal_channel_get(journal, attempt->channel, arena, &channel, &found, deciding->fault))
		return false;
	if (!found)
		return fault_set(deciding->fault, FAULT_OPERATION, "JOURNAL_CORRUPT", "Run `payrun verify`.",
			"row %lld: its channel is not in the journal", (long long)attempt->row);
	int64_t number = 0;
	if (!journal_attempt_next(journal, attempt->payout, &number, deciding->fault))
		return false;
	struct key key = key_derive(deciding->sha, text_of(deciding->session->config->namespace_text),
		provider_parse(text_of(channel.provider)), payout->reference, number);
	bool waits = waits_again(deciding, payout);
	deciding->decided->approval = deciding->decided->approval || waits;
	return journal_attempt_add(journal, attempt, &key, waits ? PAYOUT_HELD : PAYOUT_READY,
		       text_of(deciding->decide->why), &added, result, deciding->fault) &&
	       (waits || *result != MOVE_DONE || keep_date(deciding, payout, &added, result));
}

/* *why: set when the payout does not allow it. */
static bool decide_one(struct deciding *deciding, const struct attempt *attempt, struct arena *arena, const char **why)
{
	struct journal_payout payout;
	enum move_result result = MOVE_DONE;
	bool found = false;
	if (!journal_payout_get(deciding->session->journal, attempt->payout, arena, &payout, &found, deciding->fault))
		return false;
	*why = "gone";
	if (found && !obstacle(deciding, attempt, &payout, arena, why))
		return false;
	if (*why != NULL) {
		deciding->decided->other++;
		return true;
	}
	if (!deciding->decide->try_only &&
		!(deciding->decide->decision == DECIDE_RETRY ? add_attempt(deciding, attempt, &payout, arena, &result)
							     : move(deciding, attempt, &payout, &result)))
		return false;
	if (result == MOVE_DONE)
		deciding->decided->done++;
	else
		deciding->decided->lost++;
	if (result == MOVE_DONE && deciding->decide->decision == DECIDE_APPROVE)
		approved_add(&deciding->approved, &payout);
	return true;
}

static bool refuse_named(const struct deciding *deciding, const char *reference, const char *why)
{
	struct buf shown = {0};
	text_show(&shown, text_of(reference), 64);
	fault_set(deciding->fault, FAULT_USAGE, "", "`payrun show REFERENCE` has its history; nothing was changed.",
		"%s can't be %s: it is %s", buf_str(&shown), decisions[deciding->decide->decision].verb, why);
	buf_release(&shown);
	return false;
}

static bool decide_named(struct deciding *deciding, const char *reference)
{
	struct journal *journal = deciding->session->journal;
	struct arena arena = {0};
	struct journal_payout payout;
	struct attempt attempt;
	enum journal_find find = JOURNAL_FIND_NONE;
	int64_t id = 0;
	bool found = false, done = false;
	const char *why = "not in this batch";
	if (!journal_payout_find(journal, text_of(reference), &id, &find, deciding->fault))
		goto out;
	if (find == JOURNAL_FIND_ONE && !journal_payout_get(journal, id, &arena, &payout, &found, deciding->fault))
		goto out;
	if (found && payout.batch != deciding->decide->batch && text_is(payout.reference, reference))
		why = "in another batch";
	if (!found || payout.batch != deciding->decide->batch || !text_is(payout.reference, reference))
		goto out;
	if (!journal_attempt_of(journal, id, &arena, &attempt, &found, deciding->fault) ||
		(found && !decide_one(deciding, &attempt, &arena, &why)))
		goto out;
	done = found && why == NULL;
out:
	if (!done && !deciding->fault->set)
		refuse_named(deciding, reference, why);
	arena_release(&arena);
	return done;
}

static bool decide_all_named(struct deciding *deciding)
{
	for (int i = 0; i < deciding->decide->reference_count; i++)
		if (!decide_named(deciding, deciding->decide->references[i]))
			return false;
	return true;
}

/* The rows of one transaction; *count of them were looked at. */
static bool decide_some(struct deciding *deciding, struct attempt_filter *filter, struct attempt *rows, int *count)
{
	struct arena arena = {0};
	bool done = journal_attempt_list(
		deciding->session->journal, filter, &arena, rows, DECIDE_ROWS, count, deciding->fault);
	for (int i = 0; done && i < *count; i++) {
		const char *why = NULL;
		filter->after = rows[i].id;
		done = decide_one(deciding, &rows[i], &arena, &why);
	}
	arena_release(&arena);
	return done;
}

/* The event of the batch: a rejection once, what was approved with each transaction that approves some of it. */
static bool note_batch(struct deciding *deciding, bool first)
{
	const struct rule_of_decision *rule = &decisions[deciding->decide->decision];
	if (rule->event == NULL || deciding->decide->try_only)
		return true;
	if (deciding->decide->decision == DECIDE_APPROVE)
		return approved_note(deciding->session, &deciding->approved, deciding->decide->batch,
			text_of(deciding->decide->why), deciding->fault);
	return !first || journal_event_add(deciding->session->journal, rule->event, deciding->decide->batch, 0, 0,
				 text_of(""), text_of(deciding->decide->why), deciding->fault);
}

/* work inside a transaction, unless it only counts. */
static bool within(struct deciding *deciding, bool (*work)(struct deciding *deciding))
{
	struct journal *journal = deciding->session->journal;
	if (deciding->decide->try_only)
		return work(deciding);
	if (!journal_begin(journal, deciding->fault))
		return false;
	if (work(deciding) && note_batch(deciding, true))
		return journal_commit(journal, deciding->fault);
	journal_rollback(journal);
	return false;
}

static bool decide_whole(struct deciding *deciding)
{
	struct journal *journal = deciding->session->journal;
	struct attempt_filter filter = {
		.batch = deciding->decide->batch,
		.states = decisions[deciding->decide->decision].from,
		.newest_only = true,
	};
	struct attempt *rows = memory_new(sizeof *rows * DECIDE_ROWS);
	int count = 0;
	bool done = true, first = true;
	do {
		bool writes = !deciding->decide->try_only;
		done = !writes || journal_begin(journal, deciding->fault);
		if (!done)
			break;
		approved_reset(&deciding->approved);
		done = decide_some(deciding, &filter, rows, &count) && note_batch(deciding, first);
		if (done && writes)
			done = journal_commit(journal, deciding->fault);
		else if (writes)
			journal_rollback(journal);
		first = false;
	} while (done && count == DECIDE_ROWS);
	free(rows);
	return done;
}

/* What a batch pays, for whether a new attempt in it needs approval as the batch did. */
static bool again_state(struct deciding *deciding)
{
	struct session *session = deciding->session;
	struct arena arena = {0};
	struct journal_sums sums;
	bool done = journal_sums(session->journal, deciding->decide->batch, &arena, &sums, deciding->fault);
	if (done) {
		int valid = 0;
		for (int i = 0; i < sums.by_state_count; i++)
			if (sums.by_state[i].state != PAYOUT_REJECTED && sums.by_state[i].state != PAYOUT_DUPLICATE)
				sums.by_state[valid++] = sums.by_state[i];
		bool wanted = approval_wanted(session->config, sums.by_state, valid);
		deciding->again = wanted ? PAYOUT_HELD : PAYOUT_READY;
		deciding->decided->approval = wanted;
	}
	arena_release(&arena);
	return done;
}

/* What a journal that is behind has as never sent may have been sent: called off it would look as if it had not, and
 * recover would not ask about it any more. */
static bool may_call_off(const struct session *session, const struct decide *decide, struct fault *fault)
{
	bool same_folder = false;
	return decisions[decide->decision].to != PAYOUT_CANCELED || decide->try_only ||
	       journal_head_check(session->journal, &same_folder, fault);
}

bool people_decide(struct session *session, const struct decide *decide, struct decided *decided, struct fault *fault)
{
	struct deciding deciding = {.session = session, .decide = decide, .decided = decided, .fault = fault};
	memset(decided, 0, sizeof *decided);
	if (!approver_check(session, decide->decision, decide->batch, fault) || !may_call_off(session, decide, fault) ||
		(decide->decision == DECIDE_RETRY && !again_state(&deciding)))
		return false;
	deciding.sha = sha256_new();
	bool done = decide->reference_count > 0 ? within(&deciding, decide_all_named) : decide_whole(&deciding);
	sha256_free(deciding.sha);
	approved_release(&deciding.approved);
	return done;
}
