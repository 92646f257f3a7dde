#include "providers/calypso_read.h"

#include "providers/answer.h"
#include "providers/echo.h"
#include "providers/receipt.h"
#include "values/money.h"

#define CALYPSO "Calypso"
#define WITHDRAWALS_READ 16 /* of a single payout: one is usual */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* States of a payout (C-SEED, C-MASS, C-ENUM). The set is open: any other word counts as in progress. */
static const struct {
	const char *word;
	enum payout_state state;
	const char *reason_code;
} states[] = {
	{"CREATION_IN_PROGRESS", PAYOUT_ACCEPTED, ""}, {"CREATED", PAYOUT_ACCEPTED, ""},
	{"PENDING_CONFIRMATION", PAYOUT_ACCEPTED, ""}, {"CONFIRMED", PAYOUT_ACCEPTED, ""},
	{"IN_PROGRESS", PAYOUT_ACCEPTED, ""}, {"COMPLETED", PAYOUT_PAID, ""},
	{"FAILED", PAYOUT_FAILED, "MS03"}, /* NARR where Calypso says why */
	{"CANCELED", PAYOUT_CANCELED, "CUST"},
	{"PARTIAL", PAYOUT_ACCEPTED, ""}, /* of a mass payout: its items would have to be asked */
};

/* Error codes (C-ERR) and what each means for a create. A code that stands here as unknown, or not at all, proves
 * nothing. */
static const struct error {
	const char *number;
	enum verdict verdict;
	const char *code;
	const char *reason_code;
	const char *cure;
} errors[] = {
	{"000", VERDICT_UNKNOWN, "", "", ""},
	{"001", VERDICT_REFUSED, "", "NARR", ""},
	{"002", VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "",
		"check `key`: Calypso does not know it; then `payrun resume`"},
	{"003", VERDICT_CHANNEL_STOP, "CHANNEL_SIGNATURE", "",
		"check `secret`: it must be the one that belongs to `key`; then `payrun resume`"},
	{"004", VERDICT_UNKNOWN, "", "", ""},
	{"006", VERDICT_UNKNOWN, "", "", ""},
	{"009", VERDICT_UNKNOWN, "", "", ""},
	{"010", VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "",
		"check `account`: that wallet is not one of this company's; then `payrun resume`"},
	{"011", VERDICT_CHANNEL_STOP, "CHANNEL_CLOCK", "",
		"set this machine's clock (Calypso allows three minutes), then `payrun resume`"},
	{"012", VERDICT_UNKNOWN, "", "", ""},
	{"014", VERDICT_REFUSED, "", "AC10", ""},
	{"015", VERDICT_REFUSED, "", "AC11", ""},
	{"016", VERDICT_UNKNOWN, "", "", ""}, /* known key or failed validation: only a look-up tells */
	{"028", VERDICT_UNKNOWN, "", "", ""},
};

/* What became of a step of the withdrawal: errors.withdrawalErrors[].errors[].status (C-3P). The set is open: any other
 * word is told, and says nothing else. */
static const struct trouble {
	const char *word;
	bool begins;  /* whatever follows */
	bool fine;    /* no news */
	bool lacking; /* money: the next payouts would only queue up behind this one */
} troubles[] = {
	{"SUCCESS", false, true, false},
	{"NOT_ENOUGH_FUNDS", false, false, true},
	{"NOT_ENOUGH_FUNDS_FOR_COMMISSION", false, false, true},
	{"NOT_ENOUGH_FUNDS_FOR_SERVICE_COMMISSION", false, false, true},
	{"NOT_ENOUGH_FUNDS", true, false, true},
};

bool calypso_word(size_t index, struct adapter_word *word)
{
	if (index < COUNT(errors)) {
		*word = (struct adapter_word){.where = "errorCode", .word = errors[index].number};
		return true;
	}
	index -= COUNT(errors);
	if (index < COUNT(states)) {
		*word = (struct adapter_word){.where = "state", .word = states[index].word};
		return true;
	}
	index -= COUNT(states);
	if (index >= COUNT(troubles))
		return false;
	*word = (struct adapter_word){.where = "errors.withdrawalErrors[].errors[].status",
		.word = troubles[index].word,
		.begins = troubles[index].begins};
	return true;
}

/* --- errors ----------------------------------------------------------------------------------------------------- */

static void read_error(enum operation operation, const struct call *call, const json_t *root, struct arena *arena,
	struct receipt *receipt)
{
	struct text number = answer_text(root, "errorCode");
	struct text message = answer_text(root, "message");

	for (size_t i = 0; i < COUNT(errors); i++)
		if (text_is(number, errors[i].number)) {
			receipt->verdict = errors[i].verdict;
			receipt->code = errors[i].code;
			receipt->reason_code = errors[i].reason_code;
			receipt->cure = errors[i].cure;
		}
	receipt->provider_code = receipt_show(call, arena, number, RECEIPT_WORD_POINTS);
	receipt->reason = receipt_show(call, arena, message, RECEIPT_REASON_POINTS);
	receipt->key_known = operation == OPERATION_CREATE && text_is(number, "016");
	if (operation == OPERATION_LOOKUP && text_is(number, "004"))
		receipt->verdict = VERDICT_NOT_FOUND;
	/* A refused question says nothing about the payout it asked for. */
	if (operation != OPERATION_CREATE && receipt->verdict == VERDICT_REFUSED) {
		receipt->verdict = VERDICT_UNKNOWN;
		receipt->reason_code = "";
	}
	if (operation == OPERATION_STATUS && text_is(number, "004"))
		receipt->reason = TEXT("Calypso does not find the payout whose id it gave; nothing changes by that");
}

/* --- what is echoed --------------------------------------------------------------------------------------------- */

/* Two spellings of an address are one destination where its network says so: hex digits have no case. */
static bool same_address(const struct call *call, struct text echo, struct text asked)
{
	const struct asset *asset = asset_find(&call->channel->assets, call->currency);
	char echo_space[ADDRESS_CANONICAL_MAX], asked_space[ADDRESS_CANONICAL_MAX];

	if (asset == NULL || echo.len >= ADDRESS_CANONICAL_MAX || asked.len >= ADDRESS_CANONICAL_MAX)
		return text_equal(echo, asked);
	return text_equal(
		address_canonical(asset->kind, echo, echo_space), address_canonical(asset->kind, asked, asked_space));
}

static const struct echo echoes[] = {
	{"depositAddress", NULL, same_address, true},
	{"amount", NULL, echo_same_decimal, false},
	{"currency", NULL, echo_same_text, false},
	{"idempotencyKey", NULL, echo_same_nocase, false},
	{"externalId", NULL, echo_same_text, false},
};

/* All that the answer repeats of the frozen payload is what was frozen; where there is none (a look-up of what the
 * journal forgot), the key is. */
static bool all_echoes_fit(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	static const struct echo key_echo = {"idempotencyKey", NULL, echo_same_nocase, false};
	static const struct echo account_echo = {"account", NULL, echo_same_nocase, true};
	struct text account = channel_setting(call->channel, "account");
	char key[KEY_TEXT_SIZE];

	key_text(&call->key, key);
	if (!echo_fits(call, CALYPSO, root, &account_echo, account, arena, receipt))
		return false;
	if (call->payload.len == 0)
		return echo_fits(call, CALYPSO, root, &key_echo, text_of(key), arena, receipt);
	return echoes_fit(call, CALYPSO, root, echoes, COUNT(echoes), call->payload, arena, receipt);
}

/* --- a payout as Calypso tells it ------------------------------------------------------------------------------- */

static const struct trouble *trouble_of(struct text status)
{
	for (size_t i = 0; i < COUNT(troubles); i++)
		if (text_is(status, troubles[i].word) ||
			(troubles[i].begins && text_starts(status, text_of(troubles[i].word))))
			return &troubles[i];
	return NULL;
}

/* Adds one of withdrawalErrors[].errors[] to the reason; true when it says that money is lacking. */
static bool read_withdrawal_error(const json_t *error, struct buf *reason)
{
	struct text status = answer_text(error, "status"), message = answer_text(error, "errorMessage");
	const struct trouble *trouble = trouble_of(status);

	if (json_is_true(json_object_get(error, "errorResolved")) || status.len == 0 ||
		(trouble != NULL && trouble->fine))
		return false;
	buf_addz(reason, reason->len > 0 ? "; " : "");
	buf_addt(reason, status);
	if (message.len > 0) {
		buf_addz(reason, ": ");
		buf_addt(reason, message);
	}
	return trouble != NULL && trouble->lacking;
}

static bool read_withdrawal_errors(const json_t *root, struct buf *reason)
{
	const json_t *list = answer_array(answer_object(root, "errors"), "withdrawalErrors");
	bool lacking = false;

	for (size_t i = 0; i < json_array_size(list) && i < WITHDRAWALS_READ; i++) {
		const json_t *items = answer_array(json_array_get(list, i), "errors");

		for (size_t k = 0; k < json_array_size(items) && k < WITHDRAWALS_READ; k++)
			lacking = read_withdrawal_error(json_array_get(items, k), reason) || lacking;
	}
	return lacking;
}

static void read_state(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	struct text word = answer_text(root, "state");

	receipt->state = PAYOUT_ACCEPTED;
	for (size_t i = 0; i < COUNT(states); i++)
		if (text_is(word, states[i].word)) {
			receipt->state = states[i].state;
			receipt->reason_code = states[i].reason_code;
		}
	receipt->provider_status = receipt_show(call, arena, word, RECEIPT_WORD_POINTS);
}

/* Money problems come inside a success. The payout stands at Calypso and waits, so it is accepted; but the next ones
 * would only queue up behind an empty balance. */
static void read_troubles(enum operation operation, const struct call *call, const json_t *root, struct arena *arena,
	struct receipt *receipt)
{
	struct buf reason = {0};
	bool lacking = read_withdrawal_errors(root, &reason);

	if (receipt->state == PAYOUT_CANCELED && reason.len == 0)
		buf_addt(&reason, answer_text(answer_object(root, "cancellation"), "cancelMessage"));
	if (receipt->state == PAYOUT_FAILED && reason.len > 0)
		receipt->reason_code = "NARR";
	if (lacking && receipt->state != PAYOUT_PAID)
		receipt->reason_code = "AM04";
	if (lacking && operation != OPERATION_STATUS &&
		(receipt->state == PAYOUT_ACCEPTED ||
			(receipt->state == PAYOUT_FAILED && operation == OPERATION_CREATE))) {
		receipt->stop_after = true;
		receipt->code = "CHANNEL_BALANCE";
		receipt->cure = "top up the account at Calypso, then `payrun resume`";
	}
	receipt->reason = receipt_show(call, arena, buf_text(&reason), RECEIPT_REASON_POINTS);
	buf_release(&reason);
}

/* The fee's name changed in 2025; both stand beside amount and currency, so its currency is theirs (assumed). */
static void read_fee(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	struct text fee = answer_decimal(root, "fee");

	if (fee.len == 0)
		fee = answer_decimal(root, "calypsoFee");
	if (fee.len == 0 || fee.len > RECEIPT_WORD_POINTS)
		return;
	receipt->fee = text_copy(arena, fee);
	receipt->fee_currency = text_copy(arena, call->currency);
}

static void read_payout(enum operation operation, const struct call *call, const json_t *root, struct arena *arena,
	struct receipt *receipt)
{
	struct text id = answer_text(root, "id");

	if (!receipt_id_valid(id)) {
		receipt->reason = TEXT("Calypso's answer has no id that can be read");
		return;
	}
	if (operation == OPERATION_STATUS && !text_equal(id, call->provider_id)) {
		receipt_mismatch(
			receipt, TEXT("Calypso answered with another payout than the one that was asked about"));
		return;
	}
	if (!all_echoes_fit(call, root, arena, receipt))
		return;
	/* the envelope has no mark of its own: an id alone may be anybody's */
	if (answer_text(root, "state").len == 0) {
		receipt->reason = TEXT("Calypso's answer has no state of a payout");
		return;
	}
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_copy(arena, id);
	receipt->tracking_ref = receipt_show(call, arena, answer_text(root, "transactionHash"), RECEIPT_ID_MAX);
	read_state(call, root, arena, receipt);
	read_troubles(operation, call, root, arena, receipt);
	read_fee(call, root, arena, receipt);
}

/* The shape of a balance was cut off in the documentation: currency and amount are read, the rest is skipped. */
static void read_account(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	const json_t *balances = answer_array(root, "balances");
	struct text account = answer_text(root, "account");

	if (balances == NULL) {
		receipt->reason = TEXT("Calypso's answer has no list of balances");
		return;
	}
	if (account.len > 0 && !text_equal_nocase(account, channel_setting(call->channel, "account"))) {
		receipt_mismatch(receipt, TEXT("Calypso answered for another account than the channel's"));
		receipt->cure = "check that `account`, `key` and `secret` belong together";
		return;
	}
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
	receipt->account = receipt_show(call, arena, account, RECEIPT_WORD_POINTS);
	for (size_t i = 0; i < json_array_size(balances) && receipt->balance_count < RECEIPT_BALANCES_MAX; i++) {
		const json_t *item = json_array_get(balances, i);
		struct text currency = answer_text(item, "currency"), amount = answer_decimal(item, "amount");

		if (currency.len == 0 || amount.len == 0)
			continue;
		receipt->balances[receipt->balance_count].currency =
			receipt_show(call, arena, currency, RECEIPT_WORD_POINTS);
		receipt->balances[receipt->balance_count++].amount = text_copy(arena, amount);
	}
}

/* One item of the answer: what it was asked about, and what the sender is debited (C-FEE). */
static bool read_fee_item(
	const json_t *item, const struct fee_question *question, struct arena *arena, struct fee_answer *fee)
{
	const json_t *sender = answer_object(item, "feeSender");
	struct text amount = answer_decimal(sender, "amount"), extra = answer_decimal(sender, "fee");
	struct buf asked = {0};
	bool fits;

	money_text_short(&asked, question->amount_minor, question->decimals);
	fits = text_equal(answer_text(item, "currency"), question->currency) && amount.len > 0 && extra.len > 0 &&
	       money_same_text(answer_decimal(item, "amount"), buf_text(&asked));
	buf_release(&asked);
	*fee = (struct fee_answer){text_copy(arena, amount), text_copy(arena, extra)};
	return fits;
}

/* Answers stand in the order of the questions (assumed); one that speaks of another amount makes all of them worth
 * nothing. */
static void read_fees(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	const json_t *items = answer_array(root, "items");

	if (json_array_size(items) != call->fee_question_count || call->fee_question_count == 0) {
		receipt->reason = TEXT("Calypso's answer has not one fee for each amount it was asked about");
		return;
	}
	receipt->fees = arena_alloc(arena, call->fee_question_count * sizeof(*receipt->fees));
	for (size_t i = 0; i < call->fee_question_count; i++)
		if (!read_fee_item(json_array_get(items, i), &call->fee_questions[i], arena, &receipt->fees[i])) {
			receipt->reason = TEXT("Calypso's answer has a fee of another amount than it was asked about");
			receipt->fees = NULL;
			return;
		}
	receipt->fee_count = call->fee_question_count;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
}

/* An error code decides whatever the HTTP status is, and the status where there is none. Both an id and an error is
 * nothing that is documented, so it proves nothing. */
void calypso_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt)
{
	json_t *root = answer_parse(answer->body, arena);
	bool success = answer->status >= 200 && answer->status <= 299;

	*receipt = (struct receipt){.verdict = VERDICT_UNKNOWN, .code = "", .reason_code = "", .cure = ""};
	if (answer_text(root, "errorCode").len > 0 && !answer_has(root, "id")) {
		read_error(operation, call, root, arena, receipt);
	} else if (!success || root == NULL || answer_has(root, "errorCode")) {
		receipt_from_status(receipt, operation, answer, arena);
	} else if (operation == OPERATION_FUNDS) {
		read_account(call, root, arena, receipt);
	} else if (operation == OPERATION_FEES) {
		read_fees(call, root, arena, receipt);
	} else {
		read_payout(operation, call, root, arena, receipt);
	}
	json_decref(root);
}
