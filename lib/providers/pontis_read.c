#include "providers/pontis_read.h"

#include <string.h>

#include "providers/answer.h"
#include "providers/echo.h"
#include "providers/receipt.h"
#include "providers/request.h"

#define PONTIS "PontisGlobe"      /* as people write it */
#define TOKEN_MAX 4096            /* bytes; a token of this kind has some hundred */
#define SESSION_SECONDS 900       /* a session's documented life, where the answer doesn't tell (1.3) */
#define SESSION_SECONDS_MAX 86400 /* one that would live longer is renewed each day all the same */
#define CLOCK_MS 300000           /* a timestamp may be off by this much (1.2) */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Statuses of a payout (1.5). Any other word counts as in progress. */
static const struct {
	const char *word;
	enum payout_state state;
} states[] = {
	{"pending_approval", PAYOUT_ACCEPTED}, /* over the limit of what PontisGlobe approves by itself */
	{"pending", PAYOUT_ACCEPTED},
	{"processing", PAYOUT_ACCEPTED},
	{"completed", PAYOUT_PAID},
	{"failed", PAYOUT_FAILED},
	{"rejected", PAYOUT_FAILED},
	{"canceled", PAYOUT_CANCELED},
	{"reversed", PAYOUT_RETURNED},
};

/* The texts that status_message is documented to have (1.8). "Network error" doesn't say whose. */
static const struct {
	const char *text;
	const char *reason_code;
} messages[] = {
	{"Insufficient funds", "AM04"},
	{"Recipient not found", "BE06"},
	{"Network error", "NARR"},
};

#define RESUME ", then `payrun resume`"
#define CHECK_LOGIN "check email, password and encryption_secret" RESUME
#define CHECK_KEY                                                                                                      \
	"check api_key, email and password: live and sandbox each have their own, and new ones end the old" RESUME
#define CHECK_SIGNATURE "check hmac_secret, and this machine's clock" RESUME
#define SET_CLOCK "set this machine's clock: PontisGlobe allows five minutes" RESUME
#define ASK_ACCOUNT "ask PontisGlobe what the account lacks: it may not be verified, or be suspended" RESUME
#define ASK_WALLET "ask PontisGlobe why the wallet is frozen" RESUME
#define ALLOW_ADDRESS "have PontisGlobe allow the address that this machine sends from" RESUME
#define CHECK_URL "check base_url of the channel"
#define ASK_QUOTE "ask PontisGlobe why it wants a quote: payrun sends none, and none is documented for a payout"
#define TOP_UP "top up the wallet at PontisGlobe" RESUME
#define WAIT_LIMIT "wait until the limit is free again, or have it raised" RESUME

/*
 * Error codes (1.7), each with its HTTP status: the same word means different things under two of them. What each says
 * of a create, of a login and of a status call; cause and cure are those of a stop or an empty balance. What does not
 * stand here is judged by the status alone, and proves nothing where that doesn't.
 */
#define UNKNOWN VERDICT_UNKNOWN
#define STOP VERDICT_CHANNEL_STOP
#define EXPIRED VERDICT_SESSION_EXPIRED
#define THROTTLED VERDICT_THROTTLED
static const struct error {
	int status;
	const char *word;
	enum verdict create, session, asked;
	const char *code;
	const char *reason_code;
	const char *cure;
} errors[] = {
	{400, "validation_error", VERDICT_REFUSED, STOP, UNKNOWN, "CHANNEL_AUTH", "NARR", CHECK_LOGIN},
	{400, "bad_request", VERDICT_REFUSED, STOP, UNKNOWN, "CHANNEL_AUTH", "NARR", CHECK_LOGIN},
	{401, "unauthorized", STOP, STOP, STOP, "CHANNEL_AUTH", "", CHECK_KEY},
	{401, "invalid_signature", STOP, STOP, STOP, "CHANNEL_SIGNATURE", "", CHECK_SIGNATURE},
	{401, "jwt_expired", EXPIRED, STOP, EXPIRED, "CHANNEL_AUTH", "", CHECK_KEY},
	{403, "forbidden", STOP, STOP, STOP, "CHANNEL_BLOCKED", "", ASK_ACCOUNT},
	{403, "ip_not_allowed", STOP, STOP, STOP, "CHANNEL_BLOCKED", "", ALLOW_ADDRESS},
	{403, "account_suspended", STOP, STOP, STOP, "CHANNEL_BLOCKED", "", ASK_ACCOUNT},
	{404, "not_found", STOP, STOP, UNKNOWN, "CHANNEL_ANSWER", "", CHECK_URL},
	{404, "quote_not_found", STOP, STOP, UNKNOWN, "CHANNEL_ANSWER", "", ASK_QUOTE},
	{409, "quote_used", UNKNOWN, UNKNOWN, UNKNOWN, "", "", ""},
	{409, "wallet_frozen", STOP, STOP, STOP, "CHANNEL_BLOCKED", "", ASK_WALLET},
	{413, "bad_request", VERDICT_REFUSED, UNKNOWN, UNKNOWN, "", "NARR", ""},
	{422, "insufficient_funds", VERDICT_NO_FUNDS, UNKNOWN, UNKNOWN, "CHANNEL_BALANCE", "AM04", TOP_UP},
	{422, "per_payout_limit_exceeded", VERDICT_REFUSED, UNKNOWN, UNKNOWN, "", "AM14", ""},
	{422, "daily_limit_exceeded", VERDICT_NO_FUNDS, UNKNOWN, UNKNOWN, "CHANNEL_LIMIT", "AM21", WAIT_LIMIT},
	{422, "monthly_limit_exceeded", VERDICT_NO_FUNDS, UNKNOWN, UNKNOWN, "CHANNEL_LIMIT", "AM21", WAIT_LIMIT},
	{422, "quote_expired", VERDICT_REFUSED, UNKNOWN, UNKNOWN, "", "NARR", ""},
	{422, "invalid_signature", VERDICT_REFUSED, UNKNOWN, UNKNOWN, "", "NARR", ""}, /* of a quote */
	{422, "rate_moved", VERDICT_NOT_EXECUTED, UNKNOWN, UNKNOWN, "", "", ""},       /* assumed: may be sent again */
	{422, "screening_failed", VERDICT_REFUSED, UNKNOWN, UNKNOWN, "", "RR04", ""},
	{429, "rate_limited", THROTTLED, THROTTLED, THROTTLED, "", "", ""},
	{500, "internal_error", UNKNOWN, UNKNOWN, UNKNOWN, "", "", ""},
};
#undef UNKNOWN
#undef STOP
#undef EXPIRED
#undef THROTTLED

bool pontis_word(size_t index, struct adapter_word *word)
{
	if (index < COUNT(errors)) {
		*word = (struct adapter_word){
			.where = "error.code", .word = errors[index].word, .status = errors[index].status};
		return true;
	}
	index -= COUNT(errors);
	if (index < COUNT(states)) {
		*word = (struct adapter_word){.where = "data.status", .word = states[index].word};
		return true;
	}
	index -= COUNT(states);
	if (index >= COUNT(messages))
		return false;
	*word = (struct adapter_word){.where = "data.status_message", .word = messages[index].text};
	return true;
}

/* --- errors --------------------------------------------------------------------------------------------------------
 */

static const struct error *find_error(int status, struct text word)
{
	for (size_t i = 0; i < COUNT(errors); i++)
		if (errors[i].status == status && text_is(word, errors[i].word))
			return &errors[i];
	return NULL;
}

static enum verdict verdict_for(const struct error *error, enum operation operation)
{
	if (operation == OPERATION_SESSION)
		return error->session;
	return operation == OPERATION_CREATE ? error->create : error->asked;
}

static void take_error(const struct error *error, enum operation operation, struct receipt *receipt)
{
	receipt->verdict = verdict_for(error, operation);
	if (receipt->verdict == VERDICT_CHANNEL_STOP || receipt->verdict == VERDICT_NO_FUNDS) {
		receipt->code = error->code;
		receipt->cure = error->cure;
	}
	if (receipt->verdict == VERDICT_REFUSED || receipt->verdict == VERDICT_NO_FUNDS)
		receipt->reason_code = error->reason_code;
}

/* The message is for people, and so is the id that PontisGlobe's support asks for. */
static struct text words_of(
	const struct call *call, const json_t *root, const json_t *error, struct arena *arena, struct text otherwise)
{
	struct text message = answer_text(error, "message"), id = answer_text(root, "request_id"), shown;
	struct buf words = {0};

	buf_addt(&words, message.len > 0 ? message : otherwise);
	if (receipt_id_valid(id))
		buf_addf(&words, " (request %.*s)", (int)id.len, id.ptr);
	shown = receipt_show(call, arena, buf_text(&words), RECEIPT_REASON_POINTS);
	buf_release(&words);
	return shown;
}

/* A clock that is off looks like a wrong signature or a wrong login. */
static void suspect_clock(const struct call *call, const struct http_answer *answer, struct receipt *receipt)
{
	int64_t off_ms = answer->date_ms - call->now_utc_ms;

	if (answer->status != 401 || receipt->verdict != VERDICT_CHANNEL_STOP || answer->date_ms == 0 ||
		(off_ms >= -CLOCK_MS && off_ms <= CLOCK_MS))
		return;
	receipt->code = "CHANNEL_CLOCK";
	receipt->cure = SET_CLOCK;
}

/* The same refusal of the same key after its cause was cured: the key goes on giving its first answer (PROTOCOL, 5).
 * What is refused before the key is looked at is no such answer. */
static void find_spent(const struct call *call, const struct http_answer *answer, struct receipt *receipt)
{
	if (call->cured_refusal.len == 0 || !text_equal(call->cured_refusal, receipt->provider_code) ||
		(answer->status != 409 && answer->status != 422) ||
		(receipt->verdict != VERDICT_NO_FUNDS && receipt->verdict != VERDICT_CHANNEL_STOP))
		return;
	receipt->verdict = VERDICT_REFUSED;
	receipt->code = "KEY_SPENT";
	receipt->cure = "`payrun retry` makes a new attempt with a new key";
}

static void read_error(enum operation operation, const struct call *call, const json_t *root,
	const struct http_answer *answer, struct arena *arena, struct receipt *receipt)
{
	const json_t *told = answer_object(root, "error");
	struct text word = answer_text(told, "code");
	const struct error *error = find_error(answer->status, word);

	if (error != NULL)
		take_error(error, operation, receipt);
	else
		receipt_from_status(receipt, operation, answer, arena);
	receipt->provider_code = receipt_show(call, arena, word, RECEIPT_WORD_POINTS);
	receipt->reason = words_of(call, root, told, arena, receipt->provider_code);
	if (operation == OPERATION_STATUS && answer->status == 404)
		receipt->reason =
			TEXT("PontisGlobe does not find the payout whose id it gave; nothing changes by that");
	suspect_clock(call, answer, receipt);
	if (operation == OPERATION_CREATE)
		find_spent(call, answer, receipt);
}

/* --- a payout as PontisGlobe tells it ------------------------------------------------------------------------------
 */

/* Documented answers have id and status alone; what else one may repeat is compared all the same. */
static const struct echo echoes[] = {
	{"idempotency_key", NULL, echo_same_nocase, false},
	{"source_amount", NULL, echo_same_decimal, false},
	{"source_currency", NULL, echo_same_text, false},
	{"currency_code", NULL, echo_same_text, false},
	{"country_code", NULL, echo_same_text, false},
	{"payment_method", NULL, echo_same_text, false},
	{"recipient_details.account_number", NULL, echo_same_text, true},
	{"recipient_details.ifsc", NULL, echo_same_nocase, false},
};

static bool all_echoes_fit(const struct call *call, const json_t *data, struct arena *arena, struct receipt *receipt)
{
	char key[KEY_TEXT_SIZE];

	if (call->payload.len > 0)
		return echoes_fit(call, PONTIS, data, echoes, COUNT(echoes), call->payload, arena, receipt);
	key_text(&call->key, key);
	return echo_fits(call, PONTIS, data, &echoes[0], text_of(key), arena, receipt);
}

static const char *reason_of(enum payout_state state, struct text message)
{
	if (state == PAYOUT_CANCELED)
		return "CUST";
	if (state != PAYOUT_FAILED && state != PAYOUT_RETURNED)
		return "";
	for (size_t i = 0; i < COUNT(messages); i++)
		if (text_equal_nocase(message, text_of(messages[i].text)))
			return messages[i].reason_code;
	return message.len > 0 ? "NARR" : "MS03"; /* MS03: no reason was given */
}

static void read_state(const struct call *call, const json_t *data, struct arena *arena, struct receipt *receipt)
{
	struct text word = answer_text(data, "status"), message = answer_text(data, "status_message");

	receipt->state = PAYOUT_ACCEPTED;
	for (size_t i = 0; i < COUNT(states); i++)
		if (text_is(word, states[i].word))
			receipt->state = states[i].state;
	receipt->provider_status = receipt_show(call, arena, word, RECEIPT_WORD_POINTS);
	receipt->reason_code = reason_of(receipt->state, message);
	receipt->reason = receipt_show(call, arena, message, RECEIPT_REASON_POINTS);
}

static void read_payout(enum operation operation, const struct call *call, const json_t *data, struct arena *arena,
	struct receipt *receipt)
{
	struct text id = answer_text(data, "transaction_id");

	if (!receipt_id_valid(id)) {
		receipt->reason = TEXT("PontisGlobe's answer has no transaction_id that can be read");
		return;
	}
	if (operation == OPERATION_STATUS && !text_equal(id, call->provider_id)) {
		receipt_mismatch(
			receipt, TEXT("PontisGlobe answered with another payout than the one that was asked about"));
		return;
	}
	if (!all_echoes_fit(call, data, arena, receipt))
		return;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->provider_id = text_copy(arena, id);
	read_state(call, data, arena, receipt);
}

/* --- a session -----------------------------------------------------------------------------------------------------
 */

static void read_session(const struct call *call, const json_t *data, struct arena *arena, struct receipt *receipt)
{
	struct text token = answer_text(data, "access_token"), type = answer_text(data, "token_type");
	int64_t seconds = SESSION_SECONDS;

	if (!request_word_valid(token) || token.len > TOKEN_MAX ||
		(type.len > 0 && !text_equal_nocase(type, TEXT("Bearer")))) {
		receipt->reason = TEXT("PontisGlobe's answer to the login has no token that can be used");
		return;
	}
	if (!text_number(answer_text(data, "expires_in"), SESSION_SECONDS_MAX, &seconds) || seconds == 0)
		seconds = SESSION_SECONDS;
	receipt->verdict = VERDICT_ACCEPTED;
	receipt->state = PAYOUT_ACCEPTED;
	receipt->session = text_copy(arena, token);
	receipt->session_expires_ms = call->now_utc_ms + seconds * 1000;
}

/* Success is told three times: by the HTTP status, by ok, and by the data; an error by ok and its code. Anything else
 * is no answer of PontisGlobe's own form. */
void pontis_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt)
{
	json_t *root = answer_parse(answer->body, arena);
	const json_t *ok = json_object_get(root, "ok"), *data = answer_object(root, "data");
	bool success = answer->status >= 200 && answer->status <= 299 && json_is_true(ok) && data != NULL &&
		       !answer_has(root, "error");

	*receipt = (struct receipt){.verdict = VERDICT_UNKNOWN, .code = "", .reason_code = "", .cure = ""};
	if (json_is_false(ok) && data == NULL && answer_text(answer_object(root, "error"), "code").len > 0)
		read_error(operation, call, root, answer, arena, receipt);
	else if (!success)
		receipt_from_status(receipt, operation, answer, arena);
	else if (operation == OPERATION_SESSION)
		read_session(call, data, arena, receipt);
	else
		read_payout(operation, call, data, arena, receipt);
	json_decref(root);
}
