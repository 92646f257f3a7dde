/*
 * A payout as Mollie tells it: its words as tables, and whether it is the one that was asked for.
 */
#include <string.h>

#include "providers/answer.h"
#include "providers/echo.h"
#include "providers/mollie_parts.h"
#include "providers/receipt.h"

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

#define STATUSES (sizeof(statuses) / sizeof(statuses[0]))
#define REASONS (sizeof(reasons) / sizeof(reasons[0]))

bool mollie_payout_word(size_t index, struct adapter_word *word)
{
	if (index < STATUSES)
		*word = (struct adapter_word){.where = "status", .word = statuses[index].word};
	else if (index - STATUSES < REASONS)
		*word = (struct adapter_word){.where = "statusReason.code", .word = reasons[index - STATUSES].code};
	return index < STATUSES + REASONS;
}

static const struct status *status_find(struct text word)
{
	for (size_t i = 0; i < STATUSES; i++)
		if (text_is(word, statuses[i].word))
			return &statuses[i];
	return NULL;
}

static const struct reason *reason_find(struct text code)
{
	for (size_t i = 0; i < REASONS; i++)
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

bool mollie_same_amount(const struct call *call, struct text told, struct text asked)
{
	return text_is(asked, MOLLIE_ALL) || echo_same_decimal(call, told, asked);
}

bool mollie_has_tag(const struct call *call, struct text description)
{
	char tag[MOLLIE_TAG_SIZE];

	mollie_tag(&call->key, tag);
	for (size_t at = 0; at + MOLLIE_TAG_SIZE - 1 <= description.len; at++)
		if (memcmp(description.ptr + at, tag, MOLLIE_TAG_SIZE - 1) == 0)
			return true;
	return false;
}

static bool same_tag(const struct call *call, struct text told, struct text asked)
{
	(void)asked;
	return mollie_has_tag(call, told);
}

static const struct echo echoes[] = {
	{"balanceId", NULL, echo_same_text, false},
	{"amount.currency", NULL, echo_same_text, false},
	{"amount.value", NULL, mollie_same_amount, false},
	{"description", NULL, same_tag, false},
};

bool mollie_mode_fits(const struct call *call, const json_t *object, struct arena *arena, struct receipt *receipt)
{
	static const struct echo mode = {"mode", NULL, echo_same_text, false};

	return echo_fits(call, "Mollie", object, &mode, text_of(mollie_mode(call->channel)), arena, receipt);
}

/* What is known without the frozen payload: of a look-up of what the journal forgot, or after it was purged. */
static bool known_fits(const struct call *call, const json_t *payout, struct arena *arena, struct receipt *receipt)
{
	static const struct echo balance_echo = {"balanceId", NULL, echo_same_text, false};
	static const struct echo tag_echo = {"description", NULL, same_tag, false};
	struct text balance = mollie_balance(call);
	char tag[MOLLIE_TAG_SIZE];

	mollie_tag(&call->key, tag);
	return (balance.len == 0 || echo_fits(call, "Mollie", payout, &balance_echo, balance, arena, receipt)) &&
	       echo_fits(call, "Mollie", payout, &tag_echo, text_of(tag), arena, receipt);
}

static bool all_fits(const struct call *call, const json_t *payout, struct arena *arena, struct receipt *receipt)
{
	if (!mollie_mode_fits(call, payout, arena, receipt))
		return false;
	if (call->payload.len == 0)
		return known_fits(call, payout, arena, receipt);
	return echoes_fit(
		call, "Mollie", payout, echoes, sizeof(echoes) / sizeof(echoes[0]), call->payload, arena, receipt);
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
	if (!all_fits(call, payout, arena, receipt))
		return;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_copy(arena, id);
	receipt->amount = text_copy(arena, answer_decimal(answer_object(payout, "amount"), "value"));
	read_state(call, payout, arena, receipt);
}
