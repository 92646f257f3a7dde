/*
 * A payout as Mollie tells it: its words as tables, and whether it is the one that was asked for.
 */
#include <assert.h>
#include <string.h>

#include "providers/answer.h"
#include "providers/mollie_parts.h"
#include "providers/receipt.h"
#include "values/money.h"

/* Statuses (M-OAS). The set is open: any other word counts as in progress, and as not initiated yet. */
static const struct status {
	const char *word;
	enum payout_state state;
	bool occupied; /* another payout of its balance would be refused, or take the money it waits for */
} statuses[] = {
	{"requested", PAYOUT_ACCEPTED, true},
	{"initiated", PAYOUT_ACCEPTED, false},
	{"processing-at-bank", PAYOUT_ACCEPTED, false},
	{"completed", PAYOUT_PAID, false},
	{"canceled", PAYOUT_CANCELED, false},
	{"failed", PAYOUT_FAILED, false},
};

/* Codes of statusReason (M-OAS). They say why a payout ended; how far it is says the status alone, but for a failed one
 * whose money came back. */
static const struct reason {
	const char *code;
	const char *reason_code; /* of a payout that ended without being paid */
	bool returned;
} reasons[] = {
	{"requested", "", false},
	{"initiated", "", false},
	{"processing_at_bank", "", false},
	{"completed", "", false},
	{"canceled", "CUST", false},
	{"failed", "MS03", false}, /* Mollie does not know why */
	{"insufficient_funds", "AM04", false},
	{"returned", "MS03", true}, /* by the bank, which does not say why */
	{"invalid_request", "NARR", false},
	{"organization_inactive", "AG01", false},
	{"payouts_blocked", "AC06", false},
	{"bank_processing_failed", "ED05", false},
	{"balance_not_found", "AC05", false},
	{"expired", "NARR", false},
};

static const struct status *status_find(struct text word)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (text_is(word, statuses[i].word))
			return &statuses[i];
	return NULL;
}

static const struct reason *reason_find(struct text code)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (text_is(code, reasons[i].code))
			return &reasons[i];
	return NULL;
}

bool mollie_payout_occupied(struct text provider_status)
{
	const struct status *status = status_find(provider_status);

	return status == NULL || status->occupied;
}

static struct text reason_code_of(const json_t *payout)
{
	return answer_text(answer_object(payout, "statusReason"), "code");
}

enum payout_state mollie_payout_state(const json_t *payout)
{
	const struct status *status = status_find(answer_text(payout, "status"));
	const struct reason *reason = reason_find(reason_code_of(payout));

	if (status == NULL)
		return PAYOUT_ACCEPTED;
	if (status->state == PAYOUT_FAILED && reason != NULL && reason->returned)
		return PAYOUT_RETURNED;
	return status->state;
}

/* --- what is echoed --------------------------------------------------------------------------------------------- */

struct echo {
	const struct call *call;
	struct arena *arena;
	struct receipt *receipt;
};

bool mollie_same_amount(struct text told, struct text asked)
{
	return text_is(asked, MOLLIE_ALL) || money_same_text(told, asked);
}

bool mollie_has_tag(struct text told, struct text tag)
{
	for (size_t at = 0; at + tag.len <= told.len; at++)
		if (memcmp(told.ptr + at, tag.ptr, tag.len) == 0)
			return true;
	return false;
}

/* Compares one member; a missing or null one proves nothing either way. */
static bool fits(const struct echo *echo, const json_t *object, const char *name, struct text asked,
	bool (*same)(struct text told, struct text asked))
{
	struct text told = answer_text(object, name);
	struct buf reason = {0};

	if (!answer_has(object, name) || asked.len == 0 || (told.len > 0 && same(told, asked)))
		return true;
	buf_addf(&reason, "Mollie's answer has %s ", name);
	buf_addt(&reason, told.len > 0 ? told : TEXT("of another kind"));
	buf_addz(&reason, ", asked for was ");
	buf_addt(&reason, asked);
	receipt_mismatch(
		echo->receipt, receipt_show(echo->call, echo->arena, buf_text(&reason), RECEIPT_REASON_POINTS));
	buf_release(&reason);
	return false;
}

bool mollie_mode_fits(const struct call *call, const json_t *object, struct arena *arena, struct receipt *receipt)
{
	struct echo echo = {call, arena, receipt};

	return fits(&echo, object, "mode", text_of(mollie_mode(call->channel)), text_equal);
}

json_t *mollie_payout_asked(const struct call *call, struct arena *arena)
{
	json_t *asked = call->payload.len > 0 ? answer_parse(call->payload, arena) : NULL;

	assert(asked != NULL || call->payload.len == 0); /* our own writer made it, and the journal kept it */
	return asked;
}

static bool amount_fits(const struct echo *echo, const json_t *payout, const json_t *asked)
{
	const json_t *amount = answer_object(payout, "amount");

	if (amount == NULL) /* null proves nothing; what is no object is an amount that can't be read */
		return fits(echo, payout, "amount", TEXT("an amount"), text_equal);
	return fits(echo, amount, "currency", answer_text(asked, "currency"), text_equal) &&
	       fits(echo, amount, "value", answer_text(asked, "value"), mollie_same_amount);
}

static bool echoes_fit(const struct echo *echo, const json_t *payout)
{
	json_t *asked = mollie_payout_asked(echo->call, echo->arena);
	struct text balance = asked != NULL ? answer_text(asked, "balanceId") : mollie_balance(echo->call);
	char tag[MOLLIE_TAG_SIZE];
	bool fit;

	mollie_tag(&echo->call->key, tag);
	fit = mollie_mode_fits(echo->call, payout, echo->arena, echo->receipt) &&
	      fits(echo, payout, "balanceId", balance, text_equal) &&
	      amount_fits(echo, payout, answer_object(asked, "amount")) &&
	      fits(echo, payout, "description", text_of(tag), mollie_has_tag);
	json_decref(asked);
	return fit;
}

/* --- the receipt -------------------------------------------------------------------------------------------------- */

static void read_state(const struct call *call, const json_t *payout, struct arena *arena, struct receipt *receipt)
{
	const struct reason *reason = reason_find(reason_code_of(payout));
	struct text message = answer_text(answer_object(payout, "statusReason"), "message");

	receipt->state = mollie_payout_state(payout);
	receipt->provider_status = receipt_show(call, arena, answer_text(payout, "status"), RECEIPT_WORD_POINTS);
	if (receipt->state == PAYOUT_ACCEPTED || receipt->state == PAYOUT_PAID)
		return;
	receipt->provider_code = receipt_show(call, arena, reason_code_of(payout), RECEIPT_WORD_POINTS);
	receipt->reason = receipt_show(call, arena, message, RECEIPT_REASON_POINTS);
	receipt->reason_code = reason != NULL && reason->reason_code[0] != '\0' ? reason->reason_code : "NARR";
}

void mollie_payout_read(enum operation operation, const struct call *call, const json_t *payout, struct arena *arena,
	struct receipt *receipt)
{
	struct echo echo = {call, arena, receipt};
	struct text id = answer_text(payout, "id");

	if (!text_is(answer_text(payout, "resource"), "payout") || !receipt_id_valid(id)) {
		receipt->reason = TEXT("Mollie's answer is no payout with an id that can be read");
		return;
	}
	if ((operation == OPERATION_STATUS || operation == OPERATION_CANCEL) && !text_equal(id, call->provider_id)) {
		receipt_mismatch(
			receipt, TEXT("Mollie answered with another payout than the one that was asked about"));
		return;
	}
	if (!echoes_fit(&echo, payout))
		return;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_copy(arena, id);
	read_state(call, payout, arena, receipt);
}
