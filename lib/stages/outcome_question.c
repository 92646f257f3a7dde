#include "stages/outcome.h"

#include <assert.h>
#include <string.h>

#include "stages/outcome_parts.h"
#include "stages/plan.h"

/* Nothing of this key at the provider, and its word is conclusive (PROTOCOL, section 5). */
static void lookup_nothing(
	const struct adapter *adapter, const struct attempt *unknown, const struct moment *now, struct outcome *outcome)
{
	struct attempt *after = &outcome->after;
	outcome->effect = EFFECT_EXECUTED;
	if (adapter->key_known_code != NULL && text_is(unknown->last_refusal, adapter->key_known_code)) {
		int64_t due = plan_known_key_due(unknown->last_refusal_at, now->utc_ms);
		if (due != 0) {
			outcome->wait_ms = due - now->utc_ms;
			return;
		}
		if (unknown->sends != 1) {
			outcome->person = true;
			return;
		}
		after->reason_code = TEXT("VALIDATION_016");
	} else if (unknown->last_refusal.len == 0 || unknown->last_refusal_at < unknown->last_sent) {
		outcome->resend = true;
		return;
	}
	/* The last send was refused, and now it is proven that no earlier one is there. */
	outcome_close_open(after);
	outcome_later(after, PAYOUT_FAILED, now->utc_ms);
	outcome->moved = true;
}

static void question_unanswered(
	struct outcome *outcome, const struct http_answer *answer, const struct receipt *receipt)
{
	if (receipt == NULL) {
		outcome_not_answered(outcome, answer);
		return;
	}
	outcome->why = receipt->reason;
	outcome->effect = EFFECT_BACK_OFF;
	if (receipt->verdict == VERDICT_CHANNEL_STOP) {
		outcome_stop_with(outcome, EFFECT_STOP, receipt, "CHANNEL_ANSWER");
	} else if (receipt->verdict == VERDICT_MISMATCH) {
		outcome_stop_with(outcome, EFFECT_STOP_SENDS, receipt, "ANSWER_MISMATCH");
		outcome->person = true; /* the same question would get the same answer */
	} else if (receipt->verdict == VERDICT_THROTTLED) {
		outcome->effect = EFFECT_THROTTLED;
	}
	outcome->wait_ms = answer->retry_after_ms;
}

bool outcome_asked(const struct http_answer *answer, const struct receipt *receipt, struct outcome *outcome)
{
	memset(outcome, 0, sizeof *outcome);
	outcome->wait_ms = -1;
	outcome->code = "";
	outcome->cure = "";
	outcome->effect = EFFECT_EXECUTED;
	if (answer->outcome == HTTP_ANSWERED && receipt->verdict == VERDICT_ACCEPTED)
		return true;
	question_unanswered(outcome, answer, answer->outcome == HTTP_ANSWERED ? receipt : NULL);
	return false;
}

bool outcome_session(const struct http_answer *answer, const struct receipt *receipt, struct outcome *outcome)
{
	if (outcome_asked(answer, receipt, outcome)) {
		if (receipt->session.len > 0)
			return true;
		outcome->effect = EFFECT_BACK_OFF;
		outcome->why = receipt->reason;
	}
	/* Nothing goes over the channel without a session. */
	if (outcome->effect == EFFECT_STOP_SENDS)
		outcome->effect = EFFECT_STOP;
	return false;
}

/* An answer about an id that we asked for names another one. */
static bool names_another(const struct attempt *attempt, const struct receipt *receipt)
{
	return attempt->provider_id.len > 0 && receipt->provider_id.len > 0 &&
	       !text_equal(attempt->provider_id, receipt->provider_id);
}

/* The receipt of a question about an id that the provider gave; NULL, the outcome filled, where it has no answer. */
static const struct receipt *about_id(struct outcome *outcome, const struct attempt *attempt,
	const struct http_answer *answer, const struct receipt *receipt)
{
	if (answer->outcome != HTTP_ANSWERED || !outcome_proves(receipt, attempt)) {
		question_unanswered(outcome, answer, answer->outcome == HTTP_ANSWERED ? receipt : NULL);
		return NULL;
	}
	if (!names_another(attempt, receipt))
		return receipt;
	outcome->effect = EFFECT_STOP_SENDS;
	outcome->code = "ANSWER_MISMATCH";
	outcome->cure = "ask the provider about the payout; `payrun show` has its history";
	outcome->why = TEXT("asked about one payout, the provider answered with another");
	outcome->person = true;
	return NULL;
}

/* The provider answered, and it is too early for its word to be conclusive. */
static void too_early(struct outcome *outcome, const struct http_answer *answer, const struct receipt *receipt,
	const struct moment *now)
{
	if (answer->outcome != HTTP_ANSWERED || receipt->verdict != VERDICT_UNKNOWN ||
		receipt->ask_again_utc_ms <= now->utc_ms)
		return;
	outcome->effect = EFFECT_EXECUTED;
	outcome->early = true;
	outcome->wait_ms = receipt->ask_again_utc_ms - now->utc_ms;
}

void outcome_lookup(const struct adapter *adapter, const struct attempt *unknown, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now, struct outcome *outcome)
{
	assert(unknown->state == PAYOUT_UNKNOWN);
	outcome_begin(outcome, unknown);
	if (answer->outcome == HTTP_ANSWERED && outcome_proves(receipt, unknown))
		outcome_accept(outcome, receipt, now);
	else if (answer->outcome == HTTP_ANSWERED && receipt->verdict == VERDICT_NOT_FOUND)
		lookup_nothing(adapter, unknown, now, outcome);
	else
		question_unanswered(outcome, answer, answer->outcome == HTTP_ANSWERED ? receipt : NULL);
	too_early(outcome, answer, receipt, now);
}

void outcome_status(const struct attempt *accepted, const struct http_answer *answer, const struct receipt *receipt,
	const struct moment *now, struct outcome *outcome)
{
	outcome_begin(outcome, accepted);
	/* A 404 on a known id changes no state (PROTOCOL, section 2): it is a question without an answer. */
	if (about_id(outcome, accepted, answer, receipt) == NULL)
		return;
	outcome->effect = EFFECT_EXECUTED;
	if (receipt->state == accepted->state) {
		/* Not further for us, but for the provider: its word is kept. */
		bool turned = receipt->return_pending != (accepted->return_pending != 0);
		outcome_take(&outcome->after.provider_status, receipt->provider_status);
		outcome_take(&outcome->after.reason, turned ? receipt->reason : TEXT(""));
		outcome->after.return_pending = receipt->return_pending;
		outcome->moved = turned || !text_equal(outcome->after.provider_status, accepted->provider_status);
		return;
	}
	if (!state_move_allowed(accepted->state, receipt->state))
		return;
	outcome_take_receipt(&outcome->after, receipt);
	outcome_later(&outcome->after, receipt->state, now->utc_ms);
	outcome->moved = true;
}

enum earlier outcome_earlier(const struct attempt *earlier, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now, struct outcome *outcome)
{
	outcome_begin(outcome, earlier);
	if (answer->outcome == HTTP_ANSWERED && receipt->verdict == VERDICT_NOT_FOUND) {
		/* Nothing under a key says that it never arrived; nothing under an id that the provider gave says
		 * nothing. */
		outcome->effect = EFFECT_EXECUTED;
		outcome->person = earlier->provider_id.len > 0;
		return outcome->person ? EARLIER_UNCERTAIN : EARLIER_DEAD;
	}
	if (about_id(outcome, earlier, answer, receipt) == NULL) {
		too_early(outcome, answer, receipt, now);
		return EARLIER_UNCERTAIN;
	}
	outcome->effect = EFFECT_EXECUTED;
	if (receipt->state != PAYOUT_ACCEPTED && receipt->state != PAYOUT_PAID)
		return EARLIER_DEAD;
	if (state_move_allowed(earlier->state, PAYOUT_ACCEPTED))
		outcome_accept(outcome, receipt, now);
	return EARLIER_ALIVE;
}
