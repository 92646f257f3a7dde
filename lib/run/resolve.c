/* Resolve: a person settles an unknown payout, and the provider is asked wherever it can be. */
#include <stdio.h>
#include <string.h>

#include "base/tick.h"
#include "providers/catalog.h"
#include "run/account.h"
#include "run/approver.h"
#include "run/ask.h"
#include "run/people.h"
#include "stages/outcome.h"
#include "stages/plan.h"

#define NOT_SENT_AFTER_MS (15 * 60 * 1000) /* PROTOCOL, section 8 */

struct resolving {
	struct session *session;
	const struct resolve *resolve;
	struct attempt attempt;
	const struct channel *channel;
	const struct adapter *adapter;
	struct outcome outcome;
	struct arena arena;
	struct ask *ask;
	struct ask_answer answer;
	struct fault *fault;
};

static const char *const names[] = {
	[RESOLVE_ACCEPTED] = "accepted",
	[RESOLVE_PAID] = "paid",
	[RESOLVE_FAILED] = "failed",
	[RESOLVE_NOT_SENT] = "not-sent",
};

const char *resolution_name(enum resolution resolution)
{
	return names[resolution];
}

bool resolution_parse(const char *name, enum resolution *resolution)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0) {
			*resolution = (enum resolution)i;
			return true;
		}
	return false;
}

bool people_find_unknown(
	struct session *session, const char *name, struct arena *arena, struct attempt *attempt, struct fault *fault)
{
	struct journal *journal = session->journal;
	enum journal_find found = JOURNAL_FIND_NONE;
	struct buf shown = {0};
	int64_t payout = 0;
	bool any = false;
	text_show(&shown, text_of(name), 64);
	if (!journal_payout_find(journal, text_of(name), &payout, &found, fault))
		goto out;
	if (found == JOURNAL_FIND_ONE && !journal_attempt_of(journal, payout, arena, attempt, &any, fault))
		goto out;
	if (!any)
		fault_set(fault, FAULT_USAGE, "", "`payrun show` finds a payout by reference, key or provider id.",
			"%s: there is no %s", buf_str(&shown),
			found == JOURNAL_FIND_ONE ? "attempt of it" : "such payout");
	else if (attempt->state != PAYOUT_UNKNOWN)
		fault_set(fault, FAULT_USAGE, "", "Only an unknown payout waits for a person's word.",
			"%s is %s, not unknown", buf_str(&shown), state_name(attempt->state));
out:
	buf_release(&shown);
	return !fault->set;
}

static enum ask_end question(struct resolving *resolving, enum operation operation, const char *provider_id)
{
	struct call call;
	if (!ask_fill(&resolving->session->stage, resolving->channel, &resolving->attempt, &resolving->arena, &call,
		    resolving->fault))
		return ASK_FAULT;
	if (provider_id != NULL)
		call.provider_id = text_of(provider_id);
	enum ask_end end = ask_one(resolving->ask, resolving->channel, operation, &call, &resolving->arena,
		&resolving->answer, resolving->fault);
	if (end == ASK_STOPPED)
		fault_set(
			resolving->fault, FAULT_STOPPED, "", "Run it again.", "stopped before the provider was asked");
	return resolving->fault->set ? ASK_FAULT : end;
}

static bool no_answer(struct resolving *resolving, enum ask_end end)
{
	struct buf why = {0};
	if (end == ASK_ANSWERED)
		text_show(&why, resolving->answer.receipt.reason, 200);
	else
		text_show(&why, text_of(resolving->answer.error), 200);
	fault_set(resolving->fault, FAULT_STOPPED, resolving->answer.code, "Run it again when the provider answers.",
		"the provider could not be asked about %s: %s",
		resolving->resolve->provider_id != NULL ? resolving->resolve->provider_id : "the payout",
		why.len > 0 ? buf_str(&why) : "no usable answer");
	buf_release(&why);
	return false;
}

/* What the provider says of the id becomes the outcome: through accepted, and on to a later state. */
static void adopt(struct resolving *resolving)
{
	struct moment now = clock_now(resolving->session->stage.clock);
	struct http_answer answered = {.outcome = HTTP_ANSWERED, .code = "", .retry_after_ms = -1};
	outcome_lookup(resolving->adapter, &resolving->attempt, &answered, &resolving->answer.receipt, &now,
		&resolving->outcome);
}

static bool disagrees(struct resolving *resolving)
{
	struct buf shown = {0};
	text_show(&shown, resolving->answer.receipt.provider_status, 60);
	fault_set(resolving->fault, FAULT_PERSON, "", "`payrun show` has the payout's history; nothing was changed.",
		"the provider says that %s is %s (%s)", resolving->resolve->provider_id,
		state_name(resolving->answer.receipt.state), shown.len > 0 ? buf_str(&shown) : "no status");
	buf_release(&shown);
	return false;
}

/* An answer, but not one that speaks of this payout. */
static bool not_confirmed(struct resolving *resolving)
{
	bool other = resolving->answer.receipt.verdict == VERDICT_MISMATCH;
	struct buf shown = {0};
	text_show(&shown, resolving->answer.receipt.reason, 200);
	fault_set(resolving->fault, FAULT_PERSON, other ? "ANSWER_MISMATCH" : "",
		"Check the id in the provider's own records; nothing was changed. What it has nothing of is --as "
		"not-sent: "
		"ready again, to be sent or canceled.",
		"%s is %s%s%s", resolving->resolve->provider_id,
		other ? "another payout" : "not confirmed by the provider", shown.len > 0 ? ": " : "", buf_str(&shown));
	buf_release(&shown);
	return false;
}

/* The provider answered, but the channel is not able to speak of payouts now. */
static bool not_now(const struct receipt *receipt)
{
	return receipt->verdict == VERDICT_THROTTLED || receipt->verdict == VERDICT_CHANNEL_STOP ||
	       receipt->verdict == VERDICT_SESSION_EXPIRED;
}

static bool as_alive(struct resolving *resolving)
{
	enum ask_end end = question(resolving, OPERATION_STATUS, resolving->resolve->provider_id);
	const struct receipt *receipt = &resolving->answer.receipt;
	if (end == ASK_FAULT)
		return false;
	if (end != ASK_ANSWERED || not_now(receipt))
		return no_answer(resolving, end);
	if (receipt->verdict != VERDICT_ACCEPTED)
		return not_confirmed(resolving);
	if (resolving->resolve->as == RESOLVE_PAID ? receipt->state != PAYOUT_PAID
						   : receipt->state != PAYOUT_ACCEPTED && receipt->state != PAYOUT_PAID)
		return disagrees(resolving);
	adopt(resolving);
	return true;
}

static void by_word(struct resolving *resolving, enum payout_state state)
{
	struct attempt *after = &resolving->outcome.after;
	memset(&resolving->outcome, 0, sizeof resolving->outcome);
	*after = resolving->attempt;
	after->payload = text_of("");
	after->state = state;
	after->open_since = 0;
	after->open_boot_ms = 0;
	after->open_boot = text_of("");
	after->not_before = 0;
	after->last_refusal_at = 0; /* it answered one send, not those that the person speaks for */
	resolving->outcome.moved = true;
}

/* The provider's own word goes before the person's; where it knows neither id nor key, the person's stands. */
static bool as_failed(struct resolving *resolving)
{
	enum ask_end end = question(resolving, OPERATION_STATUS, resolving->resolve->provider_id);
	enum verdict verdict = resolving->answer.receipt.verdict;
	/* That it knows no such id says nothing of the key: the id is only what the person typed. */
	if (end == ASK_ANSWERED && resolving->adapter->looks_up &&
		(verdict == VERDICT_UNKNOWN || verdict == VERDICT_NOT_FOUND))
		end = question(resolving, OPERATION_LOOKUP, NULL);
	const struct receipt *receipt = &resolving->answer.receipt;
	if (end == ASK_FAULT)
		return false;
	if (end == ASK_ANSWERED && receipt->verdict == VERDICT_MISMATCH)
		return not_confirmed(resolving);
	if (end == ASK_ANSWERED && receipt->verdict == VERDICT_ACCEPTED) {
		if (receipt->state == PAYOUT_ACCEPTED || receipt->state == PAYOUT_PAID)
			return disagrees(resolving);
		adopt(resolving);
		return true;
	}
	if (end != ASK_ANSWERED || not_now(receipt))
		return no_answer(resolving, end);
	if (receipt->verdict != VERDICT_NOT_FOUND)
		return not_confirmed(resolving);
	by_word(resolving, PAYOUT_FAILED);
	resolving->outcome.after.reason_code = text_of("RESOLVED");
	resolving->outcome.after.reason = text_of(resolving->resolve->why);
	resolving->outcome.after.settled_at = clock_now(resolving->session->stage.clock).utc_ms;
	return true;
}

/* Within the repeat window the provider still answers: the same key again gives the original result. */
static bool still_repeats(const struct resolving *resolving)
{
	const struct stage *stage = &resolving->session->stage;
	struct moment now = clock_now(stage->clock);
	struct plan_window window = {.window_ms = adapter_window_ms(resolving->adapter, resolving->channel),
		.timeout_ms = resolving->channel->timeout_ms,
		.clock_seen = true};
	return resolving->adapter->repeats_safely && !resolving->adapter->lookup_before_resend &&
	       resolving->attempt.payload.len > 0 &&
	       plan_window_open(&window, &resolving->attempt, &now, stage->clock->boot_id);
}

/* A look-up that answers, or will: the provider's word goes before the person's. */
static bool still_told(struct resolving *resolving)
{
	enum ask_end end = question(resolving, OPERATION_LOOKUP, NULL);
	const struct receipt *receipt = &resolving->answer.receipt;
	int64_t now = clock_now(resolving->session->stage.clock).utc_ms;
	char iso[CLOCK_ISO_SIZE];
	if (end != ASK_ANSWERED)
		return end != ASK_FAULT;
	if (receipt->verdict == VERDICT_UNKNOWN && receipt->ask_again_utc_ms > now) {
		clock_iso_s(receipt->ask_again_utc_ms, iso);
		return fault_set(resolving->fault, FAULT_STOPPED, "", "`payrun resume` asks it then.",
			"the provider can tell whether it has this payout from %s on", iso);
	}
	if (receipt->verdict != VERDICT_ACCEPTED && receipt->verdict != VERDICT_NOT_FOUND)
		return true;
	return fault_set(resolving->fault, FAULT_USAGE, "", "`payrun resume` asks it and goes on by itself.",
		"the provider can still be asked; it %s this payout",
		receipt->verdict == VERDICT_ACCEPTED ? "has" : "does not know");
}

/* Held for approval as it was received, and approved by nobody that the journal knows of (recover leaves such): whoever
 * lets it be sent approves it. */
static bool approve(struct resolving *resolving, struct attempt *after)
{
	struct session *session = resolving->session;
	const struct attempt *attempt = &resolving->attempt;
	struct journal_payout payout;
	enum hold hold = HOLD_APPROVAL;
	bool found = false, own = false;
	if (attempt->approved_by.len > 0)
		return true;
	if (!journal_payout_get(
		    session->journal, attempt->payout, &resolving->arena, &payout, &found, resolving->fault))
		return false;
	if (!found || payout.state != PAYOUT_HELD)
		return true;
	if (!account_hold(session->journal, attempt, &payout, &hold, resolving->fault))
		return false;
	if (hold != HOLD_APPROVAL)
		return true;
	if (!approver_check(session, DECIDE_APPROVE, attempt->batch, resolving->fault) ||
		!approver_own(session, attempt, &own, resolving->fault))
		return false;
	if (own)
		return fault_set(resolving->fault, FAULT_PERSON, "NOT_APPROVER", "Nothing was changed.",
			"a new attempt that you asked for waits for approval: somebody else gives it (four_eyes)");
	after->approved_by = text_of(session->who.user);
	return true;
}

static bool as_not_sent(struct resolving *resolving)
{
	int64_t now = clock_now(resolving->session->stage.clock).utc_ms;
	int64_t free_at = resolving->attempt.last_sent + NOT_SENT_AFTER_MS;
	char iso[CLOCK_ISO_SIZE];
	if (now < free_at) {
		clock_iso_s(free_at, iso);
		return fault_set(resolving->fault, FAULT_STOPPED, "", "`payrun resume` asks the provider meanwhile.",
			"its last send is younger than 15 minutes: not before %s", iso);
	}
	if (still_repeats(resolving))
		return fault_set(resolving->fault, FAULT_STOPPED, "",
			"`payrun resume` sends it again and records what the provider answers.",
			"the same key still gets the provider's first answer");
	if (resolving->adapter->looks_up && !still_told(resolving))
		return false;
	by_word(resolving, PAYOUT_READY);
	return approve(resolving, &resolving->outcome.after);
}

/* The person's decision and the move it brings, in one commit. */
static bool record(struct resolving *resolving, struct resolved *resolved)
{
	struct journal *journal = resolving->session->journal;
	struct attempt *after = &resolving->outcome.after;
	const struct attempt *before = &resolving->attempt;
	enum move_result result = MOVE_LOST;
	struct buf evidence = {0};
	bool done = false;
	buf_addf(&evidence, "{\"as\":\"%s\"", resolution_name(resolving->resolve->as));
	if (resolving->resolve->provider_id != NULL) {
		buf_addz(&evidence, ",\"provider_id\":");
		buf_add_json(&evidence, text_of(resolving->resolve->provider_id));
	}
	buf_addc(&evidence, '}');
	if (!journal_begin(journal, resolving->fault))
		goto out;
	tick("resolve.begun");
	done = journal_event_add(journal, "resolve", before->batch, before->row, before->number, buf_text(&evidence),
		       text_of(resolving->resolve->why), resolving->fault) &&
	       journal_move(journal, before, after, text_of(""), &result, resolving->fault);
	if (done && result == MOVE_DONE && resolving->outcome.later) {
		struct attempt accepted = *after;
		outcome_later(after, resolving->outcome.later_state, clock_now(resolving->session->stage.clock).utc_ms);
		done = journal_move(journal, &accepted, after, text_of(""), &result, resolving->fault);
	}
	if (done && result == MOVE_LOST)
		done = fault_set(resolving->fault, FAULT_STOPPED, "", "`payrun show` has its state now.",
			"somebody else moved the payout meanwhile");
	if (done && result == MOVE_TAKEN)
		done = fault_set(resolving->fault, FAULT_PERSON, "ANSWER_MISMATCH",
			"`payrun show PROVIDER-ID` names it.", "this provider id belongs to another payout already");
	if (!done)
		journal_rollback(journal);
	else
		done = journal_commit(journal, resolving->fault);
	tick("resolve.committed");
	resolved->state = after->state;
out:
	buf_release(&evidence);
	return done;
}

static bool judge(struct resolving *resolving)
{
	switch (resolving->resolve->as) {
	case RESOLVE_ACCEPTED:
	case RESOLVE_PAID:
		return as_alive(resolving);
	case RESOLVE_FAILED:
		return as_failed(resolving);
	case RESOLVE_NOT_SENT:
		return as_not_sent(resolving);
	}
	return false;
}

bool people_resolve(
	struct session *session, const struct resolve *resolve, struct resolved *resolved, struct fault *fault)
{
	struct resolving resolving = {.session = session, .resolve = resolve, .fault = fault};
	bool done = false;
	memset(resolved, 0, sizeof *resolved);
	if (!people_find_unknown(session, resolve->name, &resolving.arena, &resolving.attempt, fault))
		goto out;
	resolved->payout = resolving.attempt.payout;
	resolving.channel = ask_channel(&session->stage, resolving.attempt.channel, fault);
	if (resolving.channel == NULL)
		goto out;
	resolving.adapter = catalog_adapter(resolving.channel->provider);
	resolving.ask = ask_open(&session->stage, fault);
	done = resolving.ask != NULL && judge(&resolving) && record(&resolving, resolved);
out:
	ask_close(resolving.ask);
	arena_release(&resolving.arena);
	return done;
}
