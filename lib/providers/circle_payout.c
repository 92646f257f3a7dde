/* A payout as Circle tells it: status, error, risk, return, fee (circle.md, A7, A8). */
#include <stdint.h>
#include <string.h>

#include "providers/answer.h"
#include "providers/circle_parts.h"
#include "providers/receipt.h"
#include "values/money.h"

/* `complete` may still be followed by a return. Any other word counts as in progress. */
static const struct {
	const char *word;
	enum payout_state state;
} statuses[] = {
	{"pending", PAYOUT_ACCEPTED},
	{"complete", PAYOUT_PAID},
	{"failed", PAYOUT_FAILED},
};

/* errorCode of a failed payout. Any other word: failed, for a reason that only Circle's text tells. */
static const struct failure {
	const char *word;
	const char *reason_code;
	const char *operation; /* stops the channel for it when the very answer to the create says so */
	const char *cure;
	const char *meaning;
} failures[] = {
	{"insufficient_funds", "AM04", "CHANNEL_BALANCE", "top up the wallet at Circle, then `payrun resume`",
		"the wallet lacks the money"},
	{"transaction_denied", "AG01", "", "", "denied by Circle's risk service"},
	{"transaction_failed", "MS03", "", "", "failed, Circle does not know why"},
	{"transaction_returned", "MS03", "", "", "returned by the bank or network"},
	{"bank_transaction_error", "ED05", "", "", "the bank reported an error"},
	{"fiat_account_limit_exceeded", "AM21", "", "", "a limit of the bank account is used up"},
	{"invalid_bank_account_number", "AC03", "", "", "the account number is wrong"},
	{"invalid_ach_rtn", "RC04", "", "", "the routing number is wrong"},
	{"invalid_wire_rtn", "RC04", "", "", "the routing number is wrong"},
	{"vendor_inactive", "AG01", "", "", "the vendor is not active"},
};

/* riskEvaluation.reason: the first row that it falls into (A8). */
static const struct risk {
	int from, to;
	const char *reason_code;
	bool blocks; /* nothing else of this customer will pass either */
	const char *meaning;
} risks[] = {
	{3000, 3000, "AG01", false, "blocked by Circle"},
	{3001, 3001, "RR04", false, "the bank's country is not allowed"},
	{3002, 3002, "RR04", false, "the beneficiary's country is not allowed"},
	{3020, 3020, "AC06", false, "the bank account is denied"},
	{3022, 3023, "AB06", false, "the evaluation took too long"},
	{3026, 3026, "AG01", false, "the account is not verified"},
	{3027, 3027, "AC06", false, "the account is suspended"},
	{3030, 3030, "RC04", false, "the routing number is not supported"},
	{3040, 3040, "AG03", false, "the kind of activity is not supported"},
	{3050, 3050, "AG07", true, "Circle suspended the customer"},
	{3070, 3070, "AM14", false, "beyond the risk limits"},
	{3071, 3072, "AM21", false, "beyond the limit of a day"},
	{3075, 3076, "AM21", false, "beyond the limit of a week"},
	{3000, 3099, "AG01", false, "blocked by Circle"},
	{3104, 3104, "RC04", false, "the ACH routing number is wrong"},
	{3150, 3150, "MS03", false, "returned for administrative reasons"},
	{3151, 3151, "AG03", false, "not eligible, returned"},
	{3152, 3152, "AG03", false, "not supported, returned"},
	{3100, 3199, "MS03", false, "returned by the bank"},
	{3200, 3202, "RR04", false, "regulatory: not supported"},
	{3210, 3211, "AM21", false, "beyond the limit of seven days"},
	{3220, 3220, "RR02", false, "compliance limit; of stablecoins the travel rule"},
	{3200, 3299, "RR04", false, "regulatory"},
	{3300, 3309, "FR01", false, "declined for risk"},
	{3310, 3311, "FR01", false, "linked with fraud"},
	{3320, 3321, "FR01", false, "linked with fraud"},
	{3330, 3331, "FR01", false, "linked with fraud"},
	{3340, 3341, "FR01", false, "linked with fraud"},
	{3300, 3499, "FR01", false, "suspected of fraud"},
	{3500, 3500, "AG03", false, "not supported by your own settings at Circle"},
	{3501, 3502, "SL12", false, "your own settings at Circle block the country"},
	{3550, 3552, "SL12", false, "your own settings at Circle block the account, e-mail or phone"},
	{3500, 3599, "AG03", false, "not supported by your own settings at Circle"},
	{3600, 3699, "SL12", false, "on your own watch list at Circle"},
};

/* riskEvaluation.decision. Any other word explains no failure. */
static const struct decision {
	const char *word;
	const char *told; /* NULL: it is no news */
	bool explains;
} decisions[] = {
	{"approved", NULL, false},
	{"review", "under review by Circle's risk service", false},
	{"denied", "risk denied", true},
};

/* return.status. Any other word: not back yet. */
static const struct {
	const char *word;
	enum back { BACK_NOT_YET = 0, BACK_DONE, BACK_NEVER } back;
	const char *told;
} returns[] = {
	{"pending", BACK_NOT_YET, "a return is under way"},
	{"complete", BACK_DONE, "returned: the money is back in the wallet"},
	{"failed", BACK_NEVER, "a return was tried and failed: ask Circle where the money is"},
};

/* return.reason. Any other word is told as it is. */
static const struct return_reason {
	const char *word;
	const char *reason_code;
} return_reasons[] = {
	{"payout_returned", "MS03"}, /* the one that was ever seen, and it says no more */
};

#define STATUSES (sizeof(statuses) / sizeof(statuses[0]))
#define FAILURES (sizeof(failures) / sizeof(failures[0]))
#define RISKS (sizeof(risks) / sizeof(risks[0]))
#define DECISIONS (sizeof(decisions) / sizeof(decisions[0]))
#define RETURNS (sizeof(returns) / sizeof(returns[0]))
#define RETURN_REASONS (sizeof(return_reasons) / sizeof(return_reasons[0]))

size_t circle_payout_words(size_t index, struct adapter_word *word)
{
	size_t at = index;

	if (at < STATUSES)
		*word = (struct adapter_word){.where = "data.status", .word = statuses[at].word};
	else if ((at -= STATUSES) < FAILURES)
		*word = (struct adapter_word){.where = "data.errorCode", .word = failures[at].word};
	else if ((at -= FAILURES) < RISKS)
		*word = (struct adapter_word){
			.where = "data.riskEvaluation.reason", .from = risks[at].from, .to = risks[at].to};
	else if ((at -= RISKS) < DECISIONS)
		*word = (struct adapter_word){.where = "data.riskEvaluation.decision", .word = decisions[at].word};
	else if ((at -= DECISIONS) < RETURNS)
		*word = (struct adapter_word){.where = "data.return.status", .word = returns[at].word};
	else if ((at -= RETURNS) < RETURN_REASONS)
		*word = (struct adapter_word){.where = "data.return.reason", .word = return_reasons[at].word};
	return STATUSES + FAILURES + RISKS + DECISIONS + RETURNS + RETURN_REASONS;
}

static enum payout_state status_state(struct text word)
{
	for (size_t i = 0; i < STATUSES; i++)
		if (text_is(word, statuses[i].word))
			return statuses[i].state;
	return PAYOUT_ACCEPTED;
}

static void add_part(struct buf *reason, const char *part)
{
	buf_addz(reason, reason->len > 0 ? "; " : "");
	buf_addz(reason, part);
}

static void stop_channel(struct receipt *receipt, const char *code, const char *cure)
{
	receipt->stop_after = true;
	receipt->code = code;
	receipt->cure = cure;
}

/* --- why it failed ---------------------------------------------------------------------------------------------- */

static void read_failure(enum operation operation, const struct call *call, const json_t *payout, struct arena *arena,
	struct buf *reason, struct receipt *receipt)
{
	struct text word = answer_text(payout, "errorCode");

	receipt->reason_code = word.len > 0 ? "NARR" : "MS03";
	receipt->provider_code = receipt_show(call, arena, word, RECEIPT_WORD_POINTS);
	for (size_t i = 0; i < FAILURES; i++) {
		if (!text_is(word, failures[i].word))
			continue;
		receipt->reason_code = failures[i].reason_code;
		add_part(reason, failures[i].meaning);
		if (failures[i].operation[0] != '\0' && operation == OPERATION_CREATE)
			stop_channel(receipt, failures[i].operation, failures[i].cure);
		return;
	}
	add_part(reason, "failed");
	if (word.len > 0) {
		buf_addz(reason, ", Circle says ");
		buf_addt(reason, word);
	}
}

static const struct risk *risk_of(struct text number)
{
	int64_t code;

	if (number.len != 4 || !text_number(number, 9999, &code))
		return NULL;
	for (size_t i = 0; i < RISKS; i++)
		if (risks[i].from <= code && code <= risks[i].to)
			return &risks[i];
	return NULL;
}

static const struct decision *decision_of(struct text word)
{
	for (size_t i = 0; i < DECISIONS; i++)
		if (text_is(word, decisions[i].word))
			return &decisions[i];
	return NULL;
}

/* An approval is no news. A denial explains the failure, and is told before the status is failed as well. */
static void read_risk(enum operation operation, const json_t *payout, struct buf *reason, struct receipt *receipt)
{
	const json_t *evaluation = answer_object(payout, "riskEvaluation");
	struct text word = answer_text(evaluation, "decision"), number = answer_text(evaluation, "reason");
	const struct decision *decision = decision_of(word);
	const struct risk *risk = risk_of(number);

	if (word.len == 0 || (decision != NULL && decision->told == NULL))
		return;
	add_part(reason, decision != NULL ? decision->told : "risk ");
	if (decision == NULL)
		buf_addt(reason, word);
	buf_addc(reason, ' ');
	buf_addt(reason, number);
	if (risk != NULL)
		buf_addf(reason, " (%s)", risk->meaning);
	if (risk == NULL || decision == NULL || !decision->explains || receipt->state != PAYOUT_FAILED)
		return;
	receipt->reason_code = risk->reason_code;
	if (risk->blocks && operation == OPERATION_CREATE)
		stop_channel(receipt, "CHANNEL_BLOCKED", "settle it with Circle, then `payrun resume`");
}

/* --- what came back --------------------------------------------------------------------------------------------- */

/* What the failure said before says more. */
static void read_return_reason(const json_t *object, struct buf *reason, struct receipt *receipt)
{
	struct text word = answer_text(object, "reason");
	const char *code = word.len > 0 ? "NARR" : "MS03";

	for (size_t i = 0; i < RETURN_REASONS; i++)
		if (text_is(word, return_reasons[i].word))
			code = return_reasons[i].reason_code;
	if (strcmp(code, "NARR") == 0) {
		add_part(reason, "Circle says ");
		buf_addt(reason, word);
	}
	if (receipt->reason_code[0] == '\0')
		receipt->reason_code = code;
}

/* The object is looked at whatever the status is: a payout that came back after it was paid stays `complete`. Money
 * that is on its way back keeps a failed payout open, so that no new attempt is made over it. */
static void read_return(const json_t *payout, struct arena *arena, struct buf *reason, struct receipt *receipt)
{
	const json_t *object = answer_object(payout, "return");
	struct text word = answer_text(object, "status");
	enum back back = BACK_NOT_YET;
	const char *told = returns[0].told;

	if (object == NULL)
		return;
	for (size_t i = 0; i < RETURNS; i++)
		if (text_is(word, returns[i].word)) {
			back = returns[i].back;
			told = returns[i].told;
		}
	add_part(reason, told);
	if (back == BACK_DONE && receipt->state != PAYOUT_ACCEPTED) {
		receipt->returned_amount = text_copy(arena, answer_decimal(answer_object(object, "amount"), "amount"));
		receipt->state = PAYOUT_RETURNED;
		read_return_reason(object, reason, receipt);
		return;
	}
	receipt->return_pending = true;
	if (receipt->state == PAYOUT_FAILED) {
		receipt->state = PAYOUT_ACCEPTED;
		receipt->stop_after = false;
		receipt->code = receipt->cure = "";
	}
}

/* --- the rest --------------------------------------------------------------------------------------------------- */

static bool read_money(const json_t *payout, const char *name, struct arena *arena, struct text *amount,
	struct text *currency, const struct call *call)
{
	const json_t *money = answer_object(payout, name);
	struct text told = answer_decimal(money, "amount");

	if (told.len == 0 || told.len > RECEIPT_WORD_POINTS)
		return false;
	*amount = text_copy(arena, told);
	*currency = receipt_show(call, arena, answer_text(money, "currency"), RECEIPT_WORD_POINTS);
	return true;
}

static bool sum(struct text a, struct text b, struct arena *arena, struct text *total)
{
	struct buf text = {0};
	int64_t first, second;

	if (money_parse(a, 2, '.', &first) != MONEY_VALID || money_parse(b, 2, '.', &second) != MONEY_VALID ||
		!money_add(&first, second))
		return false;
	money_text(&text, first, 2);
	*total = text_copy(arena, buf_text(&text));
	buf_release(&text);
	return true;
}

/* Stablecoin payouts have fees of the network besides. One of the two is told where they can't be added. */
static void read_fees(const struct call *call, const json_t *payout, struct arena *arena, struct receipt *receipt)
{
	struct text network = TEXT(""), currency = TEXT("");

	read_money(payout, "fees", arena, &receipt->fee, &receipt->fee_currency, call);
	if (!read_money(payout, "networkFees", arena, &network, &currency, call) || money_same_text(network, TEXT("0")))
		return;
	if (receipt->fee.len == 0 || money_same_text(receipt->fee, TEXT("0"))) {
		receipt->fee = network;
		receipt->fee_currency = currency;
	} else if (text_equal(currency, receipt->fee_currency)) {
		sum(receipt->fee, network, arena, &receipt->fee);
	}
}

void circle_read_payout(enum operation operation, const struct call *call, const json_t *payout, struct arena *arena,
	struct receipt *receipt)
{
	struct text word = answer_text(payout, "status"), ignored;
	struct buf reason = {0};

	receipt->state = status_state(word);
	receipt->provider_status = receipt_show(call, arena, word, RECEIPT_WORD_POINTS);
	if (receipt->state == PAYOUT_FAILED)
		read_failure(operation, call, payout, arena, &reason, receipt);
	read_risk(operation, payout, &reason, receipt);
	read_return(payout, arena, &reason, receipt);
	receipt->reason = receipt_show(call, arena, buf_text(&reason), RECEIPT_REASON_POINTS);
	buf_release(&reason);

	receipt->tracking_ref = receipt_show(call, arena, answer_text(payout, "trackingRef"), RECEIPT_ID_MAX);
	read_fees(call, payout, arena, receipt);
	read_money(payout, "toAmount", arena, &receipt->target_amount, &ignored, call);
}
