/* Circle's answers: {"data": ...} of a success, {"code", "message"} of an error (circle.md, A2, A9). */
#include <string.h>

#include "base/clock.h"
#include "providers/answer.h"
#include "providers/circle_parts.h"
#include "providers/echo.h"
#include "providers/receipt.h"
#include "values/money.h"

/* --- payouts ---------------------------------------------------------------------------------------------------- */

static const struct echo echoes[] = {
	{"amount.amount", NULL, echo_same_decimal, false}, {"amount.currency", NULL, echo_same_text, false},
	{"destination.type", NULL, echo_same_text, false}, {"destination.id", NULL, echo_same_nocase, false},
	{"toAmount.currency", NULL, echo_same_text, false}, {"sourceWalletId", "source.id", echo_same_text, false},
	{"purposeOfTransfer", NULL, echo_same_text, false}, {"metadata.beneficiaryEmail", NULL, echo_same_nocase, true},
	{"idempotencyKey", NULL, echo_same_nocase, false}, /* not documented, but would say whose it is */
};

/* A return names its payout again. */
static const struct echo return_echo = {"return.payoutId", NULL, echo_same_nocase, false};

/* What the payout repeats is what was asked for; where the journal has no request of it, its amount is known still. */
static bool all_echoes_fit(const struct call *call, const json_t *data, struct arena *arena, struct receipt *receipt)
{
	struct buf amount = {0};
	bool fit;

	if (!echo_fits(call, CIRCLE, data, &return_echo, answer_text(data, "id"), arena, receipt))
		return false;
	if (call->payload.len > 0)
		return echoes_fit(
			call, CIRCLE, data, echoes, sizeof(echoes) / sizeof(echoes[0]), call->payload, arena, receipt);
	if (call->currency.len == 0)
		return true;
	money_text(&amount, call->amount_minor, call->decimals);
	fit = echo_fits(call, CIRCLE, data, &echoes[0], buf_text(&amount), arena, receipt) &&
	      echo_fits(call, CIRCLE, data, &echoes[1], call->currency, arena, receipt);
	buf_release(&amount);
	return fit;
}

static void read_payout(enum operation operation, const struct call *call, const json_t *data, struct arena *arena,
	struct receipt *receipt)
{
	struct text id = answer_text(data, "id");

	if (operation == OPERATION_STATUS && !text_equal_nocase(id, call->provider_id)) {
		receipt_mismatch(
			receipt, TEXT("Circle answered with another payout than the one that was asked about"));
		return;
	}
	if (!all_echoes_fit(call, data, arena, receipt))
		return;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_copy(arena, id);
	circle_read_payout(operation, call, data, arena, receipt);
}

/* --- lists ------------------------------------------------------------------------------------------------------ */

static void read_listed(const struct call *call, const json_t *item, struct arena *arena, struct listed *listed)
{
	const json_t *amount = answer_object(item, "amount");
	struct receipt payout = {.code = "", .reason_code = "", .cure = ""};

	circle_read_payout(OPERATION_LIST, call, item, arena, &payout);
	*listed = (struct listed){
		.provider_id = text_copy(arena, answer_text(item, "id")),
		.provider_status = payout.provider_status,
		.state = payout.state,
		.amount = text_copy(arena, answer_decimal(amount, "amount")),
		.currency = receipt_show(call, arena, answer_text(amount, "currency"), RECEIPT_WORD_POINTS),
		.destination = receipt_show(
			call, arena, answer_text(answer_object(item, "destination"), "id"), RECEIPT_ID_MAX),
	};
	if (!clock_iso_parse(answer_text(item, "createDate"), &listed->created_utc_ms))
		listed->created_utc_ms = 0;
}

/* How many there are at most on a page was not found, nor how the next one is named (A13): the last id leads on, and
 * only an empty page is the end. */
static void read_list(const struct call *call, const json_t *data, struct arena *arena, struct receipt *receipt)
{
	size_t count = json_array_size(data);

	receipt->listed = arena_alloc(arena, (count + 1) * sizeof(*receipt->listed));
	for (size_t i = 0; i < count; i++) {
		const json_t *item = json_array_get(data, i);

		if (!receipt_id_valid(answer_text(item, "id"))) {
			receipt->reason = TEXT("Circle's list has a payout without an id that can be read");
			return;
		}
		read_listed(call, item, arena, &receipt->listed[i]);
	}
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
	receipt->listed_count = count;
	if (count > 0)
		receipt->next_cursor = receipt->listed[count - 1].provider_id;
}

/* --- balances --------------------------------------------------------------------------------------------------- */

/* What is not settled yet can't be paid from: it only stands beside what can. */
static struct text unsettled_of(const json_t *data, struct text currency, struct arena *arena)
{
	const json_t *unsettled = answer_array(data, "unsettled");

	for (size_t i = 0; i < json_array_size(unsettled); i++)
		if (text_equal(answer_text(json_array_get(unsettled, i), "currency"), currency))
			return text_copy(arena, answer_decimal(json_array_get(unsettled, i), "amount"));
	return TEXT("");
}

static void read_balances(const struct call *call, const json_t *data, struct arena *arena, struct receipt *receipt)
{
	const json_t *available = answer_array(data, "available");

	if (available == NULL) {
		receipt->reason = TEXT("Circle's answer has no list of available balances");
		return;
	}
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
	for (size_t i = 0; i < json_array_size(available) && receipt->balance_count < RECEIPT_BALANCES_MAX; i++) {
		const json_t *item = json_array_get(available, i);
		struct text currency = answer_text(item, "currency"), amount = answer_decimal(item, "amount");

		if (currency.len == 0 || amount.len == 0)
			continue;
		receipt->balances[receipt->balance_count++] = (struct balance){
			.currency = receipt_show(call, arena, currency, RECEIPT_WORD_POINTS),
			.amount = text_copy(arena, amount),
			.pending = unsettled_of(data, currency, arena),
		};
	}
}

/* --- answers ---------------------------------------------------------------------------------------------------- */

/* An error is a code and a message; anything else of that kind is another's. */
static bool is_error(const json_t *root)
{
	struct text code = answer_decimal(root, "code");

	return code.len > 0 && code.len <= RECEIPT_WORD_POINTS && json_is_string(json_object_get(root, "message"));
}

static void read_success(enum operation operation, const struct call *call, const struct http_answer *answer,
	const json_t *data, struct arena *arena, struct receipt *receipt)
{
	if (operation == OPERATION_LIST && json_is_array(data))
		read_list(call, data, arena, receipt);
	else if (!json_is_object(data))
		receipt_from_status(receipt, operation, answer, arena);
	else if (operation == OPERATION_FUNDS)
		read_balances(call, data, arena, receipt);
	else if (!receipt_id_valid(answer_text(data, "id")))
		receipt->reason = TEXT("Circle's answer has no id that can be read");
	else if (operation == OPERATION_PREPARE || operation == OPERATION_DESTINATION)
		circle_read_bank(operation, call, data, arena, receipt);
	else if (operation == OPERATION_CREATE || operation == OPERATION_STATUS)
		read_payout(operation, call, data, arena, receipt);
	else
		receipt_from_status(receipt, operation, answer, arena);
}

/* Both data and a code is nothing that is documented, so it proves nothing. */
void circle_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt)
{
	json_t *root = answer_parse(answer->body, arena);
	const json_t *data = json_object_get(root, "data");
	bool success = answer->status >= 200 && answer->status <= 299;

	*receipt = (struct receipt){.verdict = VERDICT_UNKNOWN, .code = "", .reason_code = "", .cure = ""};
	if (success && data != NULL && !answer_has(root, "code"))
		read_success(operation, call, answer, data, arena, receipt);
	else if (is_error(root) && data == NULL)
		circle_read_error(operation, call, answer, root, arena, receipt);
	else
		receipt_from_status(receipt, operation, answer, arena);
	json_decref(root);
}

bool circle_word(size_t index, struct adapter_word *word)
{
	static size_t (*const parts[])(size_t index, struct adapter_word * word) = {
		circle_error_words, circle_payout_words, circle_bank_words};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t count = parts[i](index, word);

		if (index < count)
			return true;
		index -= count;
	}
	return false;
}
