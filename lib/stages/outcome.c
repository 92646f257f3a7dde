#include "stages/outcome.h"

#include <assert.h>
#include <string.h>

#include "base/bounds.h"
#include "stages/outcome_parts.h"

static const struct text none = {NULL, 0};

void outcome_begin(struct outcome *outcome, const struct attempt *attempt)
{
	memset(outcome, 0, sizeof *outcome);
	outcome->after = *attempt;
	outcome->after.payload = none; /* a payload is written with the claim, once */
	outcome->wait_ms = -1;
	outcome->code = outcome->cure = "";
}

void outcome_close_open(struct attempt *after)
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

void outcome_take(struct text *to, struct text from)
{
	if (from.len > 0)
		*to = from;
}

void outcome_take_receipt(struct attempt *after, const struct receipt *receipt)
{
	outcome_take(&after->provider_id, receipt->provider_id);
	outcome_take(&after->provider_status, receipt->provider_status);
	outcome_take(&after->provider_code, receipt->provider_code);
	outcome_take(&after->reason, receipt->reason);
	outcome_take(&after->tracking_ref, receipt->tracking_ref);
	outcome_take(&after->fee, receipt->fee);
	outcome_take(&after->fee_currency, receipt->fee_currency);
	outcome_take(&after->target_amount, receipt->target_amount);
	outcome_take(&after->fx_rate, receipt->fx_rate);
	outcome_take(&after->returned_amount, receipt->returned_amount);
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
void outcome_later(struct attempt *after, enum payout_state state, int64_t now_utc_ms)
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

bool outcome_proves(const struct receipt *receipt, const struct attempt *attempt)
{
	return receipt->verdict == VERDICT_ACCEPTED && (receipt->provider_id.len > 0 || attempt->provider_id.len > 0);
}

void outcome_accept(struct outcome *outcome, const struct receipt *receipt, const struct moment *now)
{
	struct attempt *after = &outcome->after;
	forget_refusals(after);
	outcome_take_receipt(after, receipt);
	outcome_close_open(after);
	outcome_later(after, PAYOUT_ACCEPTED, now->utc_ms);
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
	outcome_take(&after->provider_code, receipt->provider_code);
	outcome_take(&after->reason, receipt->reason);
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
	outcome_close_open(after);
	outcome_later(after, PAYOUT_FAILED, now->utc_ms);
}

void outcome_stop_with(
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

void outcome_not_answered(struct outcome *outcome, const struct http_answer *answer)
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
	outcome_take(&after->provider_code, receipt->provider_code);
	outcome_take(&after->reason, receipt->reason);
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
		if (outcome_proves(receipt, before))
			outcome_accept(outcome, receipt, now);
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
		outcome_stop_with(outcome, EFFECT_STOP, receipt, "CHANNEL_ANSWER");
		outcome->effect = stop_weight(outcome->code);
		outcome->stops = receipt->stops;
		if (receipt->stops.len > 0)
			outcome->effect = EFFECT_STOP_ONE;
		return;
	case VERDICT_NO_FUNDS:
		refuse_channel(outcome, before, receipt, now);
		outcome_stop_with(outcome, EFFECT_NO_FUNDS, receipt, "CHANNEL_BALANCE");
		outcome->at_queue_end = true;
		return;
	case VERDICT_THROTTLED:
		put_back(outcome, before);
		outcome->effect = EFFECT_THROTTLED;
		return;
	case VERDICT_MISMATCH:
		create_unknown(outcome, adapter, before, receipt, now);
		outcome_stop_with(outcome, EFFECT_STOP_SENDS, receipt, "ANSWER_MISMATCH");
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
		outcome_not_answered(outcome, answer);
		return;
	}
	outcome_begin(outcome, sending);
	if (answer->outcome == HTTP_LOST) {
		create_unknown(outcome, adapter, before, NULL, now);
		outcome_not_answered(outcome, answer);
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
