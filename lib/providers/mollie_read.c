/*
 * The answers of Mollie: its errors as a table, and which part reads what. Mollie has no error codes of its own: HTTP
 * status and field say what is wrong, its texts are for people alone (M-ERR).
 */
#include "providers/answer.h"
#include "providers/mollie_parts.h"
#include "providers/receipt.h"

#define ANY NULL

/* Errors of a create (M-ERR, M-IDEM, SEED2) in Mollie's own envelope; the first that fits. What is not here is judged
 * by its HTTP status as without an envelope: 401, 403, 404, 405, 415 and 429 there, the rest proves nothing. */
static const struct error {
	int status;
	const char *field; /* "": none is named */
	enum verdict verdict;
	const char *code;
	const char *reason_code;
	const char *cure;
	bool of_balance; /* stops only what would be paid from the same balance */
	bool rests;      /* an answer that Mollie keeps for the key (assumed: what was judged by content) */
} errors[] = {
	{400, ANY, VERDICT_MISMATCH, "KEY_COLLISION", "",
		"compare this payout with Mollie's list: its key was used for another request; then `payrun resolve` "
		"it",
		false, false},
	{409, ANY, VERDICT_UNKNOWN, "", "", "", false, false}, /* the first request with this key is not done yet */
	{410, ANY, VERDICT_UNKNOWN, "", "", "", false, false},
	{422, "amount.value", VERDICT_REFUSED, "", "AM12", "", false, true},
	{422, "amount.currency", VERDICT_REFUSED, "", "AM03", "", false, true},
	{422, "description", VERDICT_REFUSED, "", "RR07", "", false, true},
	{422, "amount", VERDICT_CHANNEL_STOP, "CHANNEL_BALANCE", "AM04",
		"top up the balance at Mollie, then `payrun resume`; the same payout can go 70 minutes later", true,
		true},
	{422, "balanceId", VERDICT_CHANNEL_STOP, "CHANNEL_BLOCKED", "",
		"look at the balance at Mollie (a payout already scheduled, refunds that wait, its bank account), then "
		"`payrun resume`; the same payout can go 70 minutes later",
		true, true},
	{422, ANY, VERDICT_CHANNEL_STOP, "CHANNEL_BLOCKED", "",
		"cure what Mollie says, then `payrun resume`; the same payout can go 70 minutes later", true, true},
};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))

bool mollie_word(size_t index, struct adapter_word *word)
{
	if (index >= ERRORS)
		return mollie_payout_word(index - ERRORS, word);
	*word = (struct adapter_word){
		.where = "field",
		.word = errors[index].field != ANY ? errors[index].field : "",
		.begins = errors[index].field == ANY,
		.status = errors[index].status,
	};
	return true;
}

static const struct error *error_find(int status, struct text field)
{
	for (size_t i = 0; i < ERRORS; i++)
		if (errors[i].status == status && (errors[i].field == ANY || text_is(field, errors[i].field)))
			return &errors[i];
	return NULL;
}

/* {"status", "title", "detail", "field"}: its status is that of the answer (M-OAS). */
static bool is_error(const json_t *root, const struct http_answer *answer)
{
	int64_t status;

	return answer->status >= 400 && text_number(answer_text(root, "status"), 999, &status) &&
	       status == answer->status && answer_text(root, "title").len > 0 && !answer_has(root, "id");
}

static void read_create_error(
	const struct call *call, int status, struct text field, struct arena *arena, struct receipt *receipt)
{
	const struct error *error = error_find(status, field);

	if (error == NULL)
		return;
	receipt->verdict = error->verdict;
	receipt->code = error->code;
	receipt->reason_code = error->reason_code;
	receipt->cure = error->cure;
	receipt->rest_ms = error->rests ? MOLLIE_REST_MS : 0;
	if (error->of_balance)
		receipt->stops = receipt_show(call, arena, mollie_balance(call), RECEIPT_ID_MAX);
}

/* The error's own words, and "422 amount.value" as its code. */
static void note_error(const struct call *call, const json_t *root, int status, struct text field, struct arena *arena,
	struct receipt *receipt)
{
	struct text detail = answer_text(root, "detail");
	struct buf code = {0};

	buf_addf(&code, "%d%s", status, field.len > 0 ? " " : "");
	buf_addt(&code, field);
	receipt->provider_code = receipt_show(call, arena, buf_text(&code), RECEIPT_WORD_POINTS);
	receipt->reason =
		receipt_show(call, arena, detail.len > 0 ? detail : answer_text(root, "title"), RECEIPT_REASON_POINTS);
	buf_release(&code);
}

static void read_error(enum operation operation, const struct call *call, const json_t *root,
	const struct http_answer *answer, struct arena *arena, struct receipt *receipt)
{
	struct text field = answer_text(root, "field");

	receipt_from_status(receipt, operation, answer, arena);
	note_error(call, root, answer->status, field, arena, receipt);
	if (operation == OPERATION_CREATE)
		read_create_error(call, answer->status, field, arena, receipt);
	else if (operation == OPERATION_CANCEL && answer->status == 409)
		receipt->verdict = VERDICT_REFUSED; /* too late: nothing changed by this call */
	else if (operation == OPERATION_FUNDS && mollie_funds(call) == MOLLIE_FUNDS_ONE &&
		 (answer->status == 403 || answer->status == 404))
		receipt->verdict = VERDICT_UNKNOWN; /* one balance that can't be read stops no other payout */
	if (receipt->verdict == VERDICT_UNKNOWN && operation != OPERATION_CREATE)
		receipt->code = receipt->cure = "";
}

/* --- balances ----------------------------------------------------------------------------------------------------- */

/* A balance as Mollie tells it; false where it can't be read. */
static bool add_balance(const struct call *call, const json_t *item, struct arena *arena, struct receipt *receipt)
{
	const json_t *available = answer_object(item, "availableAmount");
	struct text id = answer_text(item, "id"), currency = answer_text(available, "currency");
	struct text amount = answer_decimal(available, "value");

	if (!receipt_id_valid(id) || currency.len == 0 || amount.len == 0)
		return false;
	receipt->balances[receipt->balance_count++] = (struct balance){
		.id = receipt_show(call, arena, id, RECEIPT_ID_MAX),
		.currency = receipt_show(call, arena, currency, RECEIPT_WORD_POINTS),
		.amount = text_copy(arena, amount),
		.pending = text_copy(arena, answer_decimal(answer_object(item, "pendingAmount"), "value")),
	};
	return true;
}

static void read_one_balance(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	struct text status = answer_text(root, "status"), id = answer_text(root, "id");

	if (!mollie_mode_fits(call, root, arena, receipt))
		return;
	if (!receipt_id_valid(id))
		receipt->reason = TEXT("Mollie's answer is no balance with an id that can be read");
	else if (!text_equal(id, mollie_balance(call)))
		receipt_mismatch(
			receipt, TEXT("Mollie answered with another balance than the one that was asked about"));
	else if (status.len > 0 && !text_is(status, "active"))
		receipt->reason = TEXT("the balance is not active");
	else if (!add_balance(call, root, arena, receipt))
		receipt->reason = TEXT("Mollie's answer is no balance whose amount can be read");
	else if (call->currency.len > 0 && !text_equal(receipt->balances[0].currency, call->currency))
		receipt->reason = TEXT("the balance is in another currency than the payout");
	else
		receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
}

static void read_balances(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	const json_t *list = answer_array(answer_object(root, "_embedded"), "balances");
	struct text next = mollie_next(root);

	if (list == NULL) {
		receipt->reason = TEXT("Mollie's answer has no list of balances");
		return;
	}
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
	for (size_t i = 0; i < json_array_size(list) && receipt->balance_count < RECEIPT_BALANCES_MAX; i++) {
		if (!mollie_mode_fits(call, json_array_get(list, i), arena, receipt))
			return;
		add_balance(call, json_array_get(list, i), arena, receipt);
	}
	/* A page that leads to itself would never end. */
	if (!text_equal(next, call->cursor))
		receipt->next_cursor = text_copy(arena, next);
}

/* What a list of payouts says about funds is that the credentials work. */
static void read_no_balances(const json_t *root, struct receipt *receipt)
{
	if (answer_array(answer_object(root, "_embedded"), "payouts") == NULL) {
		receipt->reason = TEXT("Mollie's answer has no list of payouts");
		return;
	}
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
	receipt->reason = TEXT("an API key may not read balances: only an access token may");
}

static void read_funds(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt)
{
	switch (mollie_funds(call)) {
	case MOLLIE_FUNDS_ONE:
		read_one_balance(call, root, arena, receipt);
		break;
	case MOLLIE_FUNDS_NONE:
		read_no_balances(root, receipt);
		break;
	case MOLLIE_FUNDS_ALL:
		read_balances(call, root, arena, receipt);
		break;
	}
}

/* --- all ------------------------------------------------------------------------------------------------------------
 */

void mollie_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt)
{
	json_t *root = answer_parse(answer->body, arena);
	bool success = answer->status >= 200 && answer->status <= 299;

	*receipt = (struct receipt){.verdict = VERDICT_UNKNOWN, .code = "", .reason_code = "", .cure = ""};
	receipt->replayed = operation == OPERATION_CREATE && answer->replayed;
	if (is_error(root, answer))
		read_error(operation, call, root, answer, arena, receipt);
	else if (!success || root == NULL)
		receipt_from_status(receipt, operation, answer, arena);
	else if (operation == OPERATION_FUNDS)
		read_funds(call, root, arena, receipt);
	else if (operation == OPERATION_LOOKUP)
		mollie_lookup_read(call, root, answer, arena, receipt);
	else if (operation == OPERATION_LIST)
		mollie_list_read(call, root, arena, receipt);
	else
		mollie_payout_read(operation, call, root, arena, receipt);
	json_decref(root);
}
