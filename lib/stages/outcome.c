#include "stages/outcome.h"

#include <assert.h>
#include <string.h>

#include "base/bounds.h"
#include "stages/plan.h"

static const struct text none = {NULL, 0};

static void outcome_begin(struct outcome *outcome, const struct attempt *attempt)
{
	memset(outcome, 0, sizeof *outcome);
	outcome->after = *attempt;
	outcome->after.payload = none; /* a payload is written with the claim, once */
	outcome->wait_ms = -1;
	outcome->code = outcome->cure = "";
}

static void close_open(struct attempt *after)
{
	after->open_since = 0;
	after->open_boot_ms = 0;
	after->open_boot = none;
}

/* What was open before the claim is open again, or nothing. */
static void reopen_as_before(struct attempt *after, const struct attempt *before)
{
	after->open_since = before->open_since;
	after->open_boot_ms = before->open_boot_ms;
	after->open_boot = before->open_boot;
}

static void take(struct text *to, struct text from)
{
	if (from.len > 0)
		*to = from;
}

static void take_receipt(struct attempt *after, const struct receipt *receipt)
{
	take(&after->provider_id, receipt->provider_id);
	take(&after->provider_status, receipt->provider_status);
	take(&after->provider_code, receipt->provider_code);
	take(&after->reason, receipt->reason);
	take(&after->tracking_ref, receipt->tracking_ref);
	take(&after->fee, receipt->fee);
	take(&after->fee_currency, receipt->fee_currency);
	take(&after->target_amount, receipt->target_amount);
	take(&after->fx_rate, receipt->fx_rate);
	take(&after->returned_amount, receipt->returned_amount);
	after->return_pending = receipt->return_pending;
	if (receipt->reason_code != NULL && receipt->reason_code[0] != '\0')
		after->reason_code = text_of(receipt->reason_code);
}

/* What was refused before is no part of a payout that the provider has. */
static void forget_refusals(struct attempt *after)
{
	after->not_before = 0;
	after->last_refusal = none;
	after->last_refusal_at = 0;
	after->provider_code = none;
	after->reason_code = none;
	after->reason = none;
	after->settled_at = 0;
}

/* The time stamps that a state brings with it. */
static void stamp(struct attempt *after, enum payout_state state, int64_t now_utc_ms)
{
	after->state = state;
	if (state == PAYOUT_ACCEPTED) {
		if (after->accepted_at == 0)
			after->accepted_at = now_utc_ms;
	} else if (state == PAYOUT_RETURNED) {
		after->returned_at = now_utc_ms;
	} else if (state_final(state)) {
		after->settled_at = now_utc_ms;
	}
}

void outcome_later(struct attempt *after, enum payout_state state, int64_t now_utc_ms)
{
	stamp(after, state, now_utc_ms);
}

/* Whether a receipt proves that the provider has the payout: its word, and an id to ask about it by. */
static bool proves(const struct receipt *receipt, const struct attempt *attempt)
{
	return receipt->verdict == VERDICT_ACCEPTED && (receipt->provider_id.len > 0 || attempt->provider_id.len > 0);
}

/* The provider has it: accepted, and on to a later state in the same commit; what can't follow counts as in progress.
 */
static void accept(struct outcome *outcome, const struct receipt *receipt, const struct moment *now)
{
	struct attempt *after = &outcome->after;
	forget_refusals(after);
	take_receipt(after, receipt);
	close_open(after);
	stamp(after, PAYOUT_ACCEPTED, now->utc_ms);
	outcome->moved = true;
	outcome->accepted = true;
	outcome->effect = EFFECT_EXECUTED;
	if (state_move_allowed(PAYOUT_ACCEPTED, receipt->state)) {
		outcome->later = true;
		outcome->later_state = receipt->state;
	}
	if (receipt->stop_after) {
		outcome->effect = EFFECT_STOP_SENDS;
		outcome->code = receipt->code;
		outcome->cure = receipt->cure != NULL ? receipt->cure : "";
		outcome->why = receipt->reason;
	}
}

/* Nothing was done about this request: ready, or unknown where an earlier send is open. */
static void put_back(struct outcome *outcome, const struct attempt *before)
{
	struct attempt *after = &outcome->after;
	reopen_as_before(after, before);
	after->state = after->open_since != 0 ? PAYOUT_UNKNOWN : PAYOUT_READY;
	outcome->moved = true;
}

static void note_reason(struct attempt *after, const struct receipt *receipt)
{
	take(&after->provider_code, receipt->provider_code);
	take(&after->reason, receipt->reason);
	if (receipt->reason_code != NULL && receipt->reason_code[0] != '\0')
		after->reason_code = text_of(receipt->reason_code);
}

/* The row itself was refused: a look-up that finds nothing takes this for its end. Nothing of the channel's, then. */
static void note_refusal(
	struct outcome *outcome, const struct attempt *before, struct text refusal, const struct moment *now)
{
	struct attempt *after = &outcome->after;
	if (!text_equal(before->last_refusal, refusal))
		outcome->refusal = refusal;
	after->last_refusal = refusal;
	after->last_refusal_at = now->utc_ms;
}

static struct text refusal_of(const struct receipt *receipt)
{
	return receipt->provider_code.len > 0 ? receipt->provider_code : TEXT("refused");
}

/* The channel can't pay now, for whatever row. That the send was answered is noted, without a code of the row's own. */
static void refuse_channel(
	struct outcome *outcome, const struct attempt *before, const struct receipt *receipt, const struct moment *now)
{
	note_reason(&outcome->after, receipt);
	put_back(outcome, before);
	if (before->last_refusal.len == 0)
		outcome->after.last_refusal_at = now->utc_ms;
	outcome->refusal = refusal_of(receipt);
}

/* A refusal speaks for its own request: what is open stays unknown, unless it is a marked replay and speaks for all. */
static void refuse(
	struct outcome *outcome, const struct attempt *before, const struct receipt *receipt, const struct moment *now)
{
	struct attempt *after = &outcome->after;
	note_reason(after, receipt);
	if (receipt->code != NULL && strcmp(receipt->code, "KEY_SPENT") == 0)
		after->reason_code = text_of(receipt->code);
	note_refusal(outcome, before, refusal_of(receipt), now);
	outcome->moved = true;
	outcome->effect = EFFECT_EXECUTED;
	if (before->open_since != 0 && !receipt->replayed) {
		reopen_as_before(after, before);
		after->state = PAYOUT_UNKNOWN;
		return;
	}
	close_open(after);
	stamp(after, PAYOUT_FAILED, now->utc_ms);
}

static void stop_with(
	struct outcome *outcome, enum channel_effect effect, const struct receipt *receipt, const char *fallback)
{
	outcome->effect = effect;
	outcome->code = receipt->code != NULL && receipt->code[0] != '\0' ? receipt->code : fallback;
	outcome->cure = receipt->cure != NULL ? receipt->cure : "";
	outcome->why = receipt->reason;
}

/* Whether a stop leaves the channel able to answer questions. */
static enum channel_effect stop_weight(const char *code)
{
	static const char *const sends_only[] = {
		"CHANNEL_BALANCE", "CHANNEL_LIMIT", "CHANNEL_BLOCKED", "ANSWER_MISMATCH", "KEY_COLLISION"};
	for (size_t i = 0; i < sizeof sends_only / sizeof *sends_only; i++)
		if (strcmp(code, sends_only[i]) == 0)
			return EFFECT_STOP_SENDS;
	return EFFECT_STOP;
}

static void not_answered(struct outcome *outcome, const struct http_answer *answer)
{
	outcome->effect = answer->untrusted ? EFFECT_STOP : answer->not_admitted ? EFFECT_NONE : EFFECT_BACK_OFF;
	outcome->not_sent = answer->outcome == HTTP_NOT_SENT;
	outcome->code = answer->code;
	outcome->why = text_of(answer->error);
	outcome->cure =
		answer->untrusted
			? "check base_url, and ca_file where the provider has a certificate of its own"
			: "check the network and base_url; what is ready or unknown goes on with `payrun resume`";
}

static void create_unknown(struct outcome *outcome, const struct adapter *adapter, const struct attempt *before,
	const struct receipt *receipt, const struct moment *now)
{
	struct attempt *after = &outcome->after;
	after->state = PAYOUT_UNKNOWN;
	outcome->moved = true;
	outcome->effect = EFFECT_BACK_OFF;
	if (receipt == NULL)
		return;
	take(&after->provider_code, receipt->provider_code);
	take(&after->reason, receipt->reason);
	outcome->why = receipt->reason;
	if (receipt->key_known) {
		assert(adapter->key_known_code != NULL);
		note_refusal(outcome, before, text_of(adapter->key_known_code), now);
		outcome->effect = EFFECT_EXECUTED;
	}
}

void outcome_unclaim(const struct attempt *before, const struct attempt *sending, struct outcome *outcome)
{
	outcome_begin(outcome, sending);
	put_back(outcome, before);
	outcome->after.sends = before->sends;
	outcome->after.last_sent = before->last_sent;
	outcome->after.submitted_at = before->submitted_at;
}

static void create_answered(const struct adapter *adapter, const struct attempt *before, const struct receipt *receipt,
	const struct moment *now, struct outcome *outcome)
{
	switch (receipt->verdict) {
	case VERDICT_ACCEPTED:
		if (proves(receipt, before))
			accept(outcome, receipt, now);
		else
			create_unknown(outcome, adapter, before, receipt, now);
		return;
	case VERDICT_REFUSED:
		refuse(outcome, before, receipt, now);
		return;
	case VERDICT_NOT_EXECUTED:
		put_back(outcome, before);
		outcome->effect = EFFECT_BACK_OFF;
		outcome->why = receipt->reason;
		return;
	case VERDICT_CHANNEL_STOP:
		refuse_channel(outcome, before, receipt, now);
		stop_with(outcome, EFFECT_STOP, receipt, "CHANNEL_ANSWER");
		outcome->effect = stop_weight(outcome->code);
		outcome->stops = receipt->stops;
		if (receipt->stops.len > 0)
			outcome->effect = EFFECT_STOP_ONE;
		return;
	case VERDICT_NO_FUNDS:
		refuse_channel(outcome, before, receipt, now);
		stop_with(outcome, EFFECT_NO_FUNDS, receipt, "CHANNEL_BALANCE");
		outcome->at_queue_end = true;
		return;
	case VERDICT_THROTTLED:
		put_back(outcome, before);
		outcome->effect = EFFECT_THROTTLED;
		return;
	case VERDICT_MISMATCH:
		create_unknown(outcome, adapter, before, receipt, now);
		stop_with(outcome, EFFECT_STOP_SENDS, receipt, "ANSWER_MISMATCH");
		return;
	case VERDICT_SESSION_EXPIRED:
		if (!adapter->has_session)
			break;
		/* Turned away with its session, before anything was done. */
		put_back(outcome, before);
		outcome->effect = EFFECT_SESSION;
		return;
	case VERDICT_NOT_FOUND:
	case VERDICT_UNKNOWN:
		break;
	}
	create_unknown(outcome, adapter, before, receipt, now);
}

void outcome_create(const struct adapter *adapter, const struct attempt *before, const struct attempt *sending,
	const struct http_answer *answer, const struct receipt *receipt, const struct moment *now,
	struct outcome *outcome)
{
	assert(sending->state == PAYOUT_SENDING);
	if (answer->outcome == HTTP_NOT_SENT) {
		outcome_unclaim(before, sending, outcome);
		not_answered(outcome, answer);
		return;
	}
	outcome_begin(outcome, sending);
	if (answer->outcome == HTTP_LOST) {
		create_unknown(outcome, adapter, before, NULL, now);
		not_answered(outcome, answer);
		return;
	}
	assert(receipt != NULL);
	create_answered(adapter, before, receipt, now, outcome);
	if (outcome->effect == EFFECT_THROTTLED || outcome->effect == EFFECT_BACK_OFF)
		outcome->wait_ms = answer->retry_after_ms;
	/* Until then the provider would only repeat itself. */
	if (receipt->rest_ms > 0 && (outcome->after.state == PAYOUT_READY || outcome->after.state == PAYOUT_UNKNOWN))
		outcome->after.not_before = now->utc_ms + receipt->rest_ms;
}

void outcome_wait(struct outcome *outcome, const struct moment *now, int64_t backoff_ms)
{
	if (outcome->wait_ms < 0 || (outcome->effect != EFFECT_EXECUTED && outcome->wait_ms < backoff_ms))
		outcome->wait_ms = backoff_ms;
	if (outcome->effect == EFFECT_THROTTLED && outcome->moved &&
		outcome->after.not_before < now->utc_ms + outcome->wait_ms)
		outcome->after.not_before = now->utc_ms + outcome->wait_ms;
}

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
	close_open(after);
	stamp(after, PAYOUT_FAILED, now->utc_ms);
	outcome->moved = true;
}

static void question_unanswered(
	struct outcome *outcome, const struct http_answer *answer, const struct receipt *receipt)
{
	if (receipt == NULL) {
		not_answered(outcome, answer);
		return;
	}
	outcome->why = receipt->reason;
	outcome->effect = EFFECT_BACK_OFF;
	if (receipt->verdict == VERDICT_CHANNEL_STOP) {
		stop_with(outcome, EFFECT_STOP, receipt, "CHANNEL_ANSWER");
	} else if (receipt->verdict == VERDICT_MISMATCH) {
		stop_with(outcome, EFFECT_STOP_SENDS, receipt, "ANSWER_MISMATCH");
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
	if (answer->outcome != HTTP_ANSWERED || !proves(receipt, attempt)) {
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
	if (answer->outcome == HTTP_ANSWERED && proves(receipt, unknown))
		accept(outcome, receipt, now);
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
		take(&outcome->after.provider_status, receipt->provider_status);
		take(&outcome->after.reason, turned ? receipt->reason : none);
		outcome->after.return_pending = receipt->return_pending;
		outcome->moved = turned || !text_equal(outcome->after.provider_status, accepted->provider_status);
		return;
	}
	if (!state_move_allowed(accepted->state, receipt->state))
		return;
	take_receipt(&outcome->after, receipt);
	stamp(&outcome->after, receipt->state, now->utc_ms);
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
		accept(outcome, receipt, now);
	return EARLIER_ALIVE;
}
