/* Circle's error envelope: {"code": 5004, "message": "...", "errors": [...]} (circle.md, A9). The HTTP status is looked
 * at first; where it leaves the question open, the code says what became of the request. */
#include <string.h>

#include "providers/answer.h"
#include "providers/circle_parts.h"
#include "providers/receipt.h"

#define ERRORS_SHOWN 4
#define WALLET_WRONG "AC02" /* the account that pays is wrong */

enum blame {
	BLAME_NOBODY = 0,
	BLAME_SOURCE, /* the wallet: the row's own, or that of the channel, which no other row can do without */
};

/* What each code means for what would create something. A code that is not here, or here as unknown, proves nothing. */
static const struct error {
	const char *code;
	enum verdict verdict;
	const char *operation; /* code of the contract */
	const char *reason_code;
	enum blame blame;
	const char *cure;
} errors[] = {
	{"-1", VERDICT_UNKNOWN, "", "", 0, ""},
	{"1", VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "", 0, "check api_key of the channel, then `payrun resume`"},
	{"2", VERDICT_REFUSED, "", "NARR", 0, ""}, /* the fields say more */
	{"3", VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "", 0,
		"have Circle enable payouts for this key, then `payrun resume`"},
	/* generic answers have their status as code */
	{"400", VERDICT_REFUSED, "", "NARR", 0, ""},
	{"401", VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "", 0, "check api_key of the channel, then `payrun resume`"},
	{"404", VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER", "", 0, "check base_url of the channel"},
	{"409", VERDICT_UNKNOWN, "", "", 0, ""},
	{"429", VERDICT_THROTTLED, "", "", 0, ""},
	{"1077", VERDICT_REFUSED, "", "AM12", 0, ""},
	{"1078", VERDICT_REFUSED, "", "AM03", 0, ""},
	{"1083", VERDICT_MISMATCH, "KEY_COLLISION", "", 0,
		"this key belongs to another request at Circle: compare the payout with Circle's own list, and see "
		"whether "
		"another journal uses the same namespace"},
	/* cancelling and refunding payments, keys of encryption: not about payouts */
	{"1084", VERDICT_UNKNOWN, "", "", 0, ""},
	{"1085", VERDICT_UNKNOWN, "", "", 0, ""},
	{"1086", VERDICT_UNKNOWN, "", "", 0, ""},
	{"1096", VERDICT_UNKNOWN, "", "", 0, ""},
	{"1097", VERDICT_UNKNOWN, "", "", 0, ""},
	{"1088", VERDICT_REFUSED, "", WALLET_WRONG, BLAME_SOURCE, ""},
	{"1089", VERDICT_REFUSED, "", WALLET_WRONG, BLAME_SOURCE, ""},
	{"1093", VERDICT_NO_FUNDS, "CHANNEL_BALANCE", "AM04", 0, "top up the wallet at Circle, then `payrun resume`"},
	{"1100", VERDICT_REFUSED, "", "BE09", 0, ""},
	{"1101", VERDICT_REFUSED, "", "BE09", 0, ""},
	{"1106", VERDICT_REFUSED, "", "BE04", 0, ""},
	{"1107", VERDICT_NO_FUNDS, "CHANNEL_LIMIT", "AM21", 0,
		"Circle's limit over seven days is used up: wait, or have it raised, then `payrun resume`"},
	{"1108", VERDICT_REFUSED, "", "AG06", 0, ""},
	{"1112", VERDICT_REFUSED, "", "BE09", 0, ""},
	{"2003", VERDICT_UNKNOWN, "", "", 0, ""}, /* creating recipients, which payrun does not */
	{"2004", VERDICT_REFUSED, "", "AC06", 0, ""},
	{"2005", VERDICT_REFUSED, "", "AG03", 0, ""},
	{"2006", VERDICT_REFUSED, "", "AG03", 0, ""},
	{"2007", VERDICT_REFUSED, "", "AG03", 0, ""},
	{"2009", VERDICT_REFUSED, "", "AG03", 0, ""},
	{"2020", VERDICT_REFUSED, "", "AG03", 0, ""},
	/* the travel rule, on either side of the payout */
	{"2024", VERDICT_REFUSED, "", "RR02", 0, ""},
	{"2025", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2026", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2027", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2028", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2029", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2030", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2031", VERDICT_REFUSED, "", "RR02", 0, ""},
	{"2032", VERDICT_REFUSED, "", "RR02", 0, ""},
	{"2033", VERDICT_REFUSED, "", "RR02", 0, ""},
	{"2034", VERDICT_REFUSED, "", "RR02", 0, ""},
	{"2035", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2036", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"2037", VERDICT_REFUSED, "", "RR05", 0, ""},
	{"5001", VERDICT_UNKNOWN, "", "", 0, ""}, /* a question's answer, not a create's */
	{"5002", VERDICT_REFUSED, "", "AM12", 0, ""},
	{"5003", VERDICT_REFUSED, "", "AC06", 0, ""},
	{"5004", VERDICT_REFUSED, "", "AC03", 0, ""},
	{"5005", VERDICT_REFUSED, "", WALLET_WRONG, BLAME_SOURCE, ""},
	{"5006", VERDICT_NO_FUNDS, "CHANNEL_BALANCE", "AM04", 0, "top up the wallet at Circle, then `payrun resume`"},
	{"5007", VERDICT_REFUSED, "", "AM03", 0, ""},
	{"5011", VERDICT_REFUSED, "", "AC03", 0, ""},
	{"5012", VERDICT_UNKNOWN, "", "", 0, ""}, /* of searches */
	{"5013", VERDICT_UNKNOWN, "", "", 0, ""},
	{"5014", VERDICT_REFUSED, "", "AC03", 0, ""},
	{"5015", VERDICT_REFUSED, "", "AC03", 0, ""},
	{"5017", VERDICT_REFUSED, "", "AC03", 0, ""},
	{"5020", VERDICT_REFUSED, "", "FF07", 0, ""},
};

/* Code 2 names fields: the first one that is known here gives the reason. */
static const struct {
	const char *location; /* the field, or what it begins with */
	const char *reason_code;
	enum blame blame;
} fields[] = {
	{"amount.currency", "AM03", 0},
	{"amount", "AM12", 0},
	{"toAmount", "AM11", 0},
	{"destination", "AC03", 0},
	{"source.identities", "RR02", 0},
	{"source", WALLET_WRONG, BLAME_SOURCE},
	{"metadata.beneficiaryEmail", "BE18", 0},
	{"purposeOfTransfer", "FF07", 0},
	{"accountNumber", "AC03", 0},
	{"iban", "AC03", 0},
	{"routingNumber", "RC04", 0},
	{"billingDetails.name", "BE22", 0},
	{"billingDetails", "BE04", 0},
	{"bankAddress", "AG06", 0},
};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

size_t circle_error_words(size_t index, struct adapter_word *word)
{
	if (index < ERRORS)
		*word = (struct adapter_word){.where = "code", .word = errors[index].code};
	else if (index - ERRORS < FIELDS)
		*word = (struct adapter_word){
			.where = "errors[].location", .word = fields[index - ERRORS].location, .begins = true};
	return ERRORS + FIELDS;
}

/* True when the wallet that was sent is the channel's, or none was: then every other row meets the same. */
static bool source_of_channel(const struct call *call, struct arena *arena)
{
	json_t *asked = answer_parse(call->payload, arena);
	struct text wallet = answer_text(answer_object(asked, "source"), "id");
	bool channels = wallet.len == 0 || text_equal(wallet, channel_setting(call->channel, "source_wallet"));

	json_decref(asked);
	return channels;
}

static void take_blame(const struct call *call, enum blame blame, struct arena *arena, struct receipt *receipt)
{
	if (blame != BLAME_SOURCE || receipt->verdict != VERDICT_REFUSED || !source_of_channel(call, arena))
		return;
	receipt->verdict = VERDICT_CHANNEL_STOP;
	receipt->code = "CHANNEL_ANSWER";
	receipt->cure = "check source_wallet of the channel, then `payrun resume`";
}

/* A question learns from a code no more than that its key is not taken: a refused question says nothing about the
 * payout that it asked for. */
static bool concerns(enum operation operation, const struct error *error)
{
	return operation == OPERATION_CREATE || operation == OPERATION_PREPARE ||
	       strcmp(error->operation, "CHANNEL_AUTH") == 0;
}

static void take_code(enum operation operation, const struct call *call, struct text code, struct arena *arena,
	struct receipt *receipt)
{
	for (size_t i = 0; i < ERRORS; i++) {
		if (!text_is(code, errors[i].code) || !concerns(operation, &errors[i]))
			continue;
		receipt->verdict = errors[i].verdict;
		receipt->code = errors[i].operation;
		receipt->reason_code = errors[i].reason_code;
		receipt->cure = errors[i].cure;
		take_blame(call, errors[i].blame, arena, receipt);
		return;
	}
}

static void take_field(const struct call *call, struct text location, struct arena *arena, struct receipt *receipt)
{
	for (size_t i = 0; i < FIELDS; i++) {
		if (!text_starts(location, text_of(fields[i].location)))
			continue;
		receipt->reason_code = fields[i].reason_code;
		take_blame(call, fields[i].blame, arena, receipt);
		return;
	}
}

/* The fields that were wrong, behind the message; never the values, which may be accounts. */
static void read_fields(
	const struct call *call, const json_t *root, struct arena *arena, struct buf *reason, struct receipt *receipt)
{
	const json_t *list = answer_array(root, "errors");

	for (size_t i = 0; i < json_array_size(list) && i < ERRORS_SHOWN; i++) {
		const json_t *item = json_array_get(list, i);
		struct text location = answer_text(item, "location");

		buf_addz(reason, i == 0 ? " (" : ", ");
		buf_addt(reason, location);
		buf_addz(reason, ": ");
		buf_addt(reason, answer_text(item, "error"));
		if (text_is(receipt->provider_code, "2") && strcmp(receipt->reason_code, "NARR") == 0)
			take_field(call, location, arena, receipt);
	}
	if (json_array_size(list) > 0)
		buf_addc(reason, ')');
}

/* Which statuses leave it to the code: Circle's documentation doesn't say which code comes with which (A9). */
static bool code_decides(int status)
{
	return status == 400 || status == 404 || status == 409;
}

/* The same refusal of the same key after its cause was cured: the key goes on giving its first result. What stands
 * before any key is looked at (credentials, a wrong path) can't be that. */
static void find_spent(const struct call *call, struct receipt *receipt)
{
	bool of_wallet = receipt->verdict == VERDICT_CHANNEL_STOP && strcmp(receipt->reason_code, WALLET_WRONG) == 0;

	if (call->cured_refusal.len == 0 || !text_equal(call->cured_refusal, receipt->provider_code) ||
		(receipt->verdict != VERDICT_NO_FUNDS && !of_wallet))
		return;
	receipt->verdict = VERDICT_REFUSED;
	receipt->code = "KEY_SPENT";
	receipt->cure = "`payrun retry` makes a new attempt with a new key";
}

void circle_read_error(enum operation operation, const struct call *call, const struct http_answer *answer,
	const json_t *root, struct arena *arena, struct receipt *receipt)
{
	bool open = code_decides(answer->status);
	struct buf reason = {0};

	receipt_from_status(receipt, operation, answer, arena);
	receipt->provider_code = receipt_show(call, arena, answer_text(root, "code"), RECEIPT_WORD_POINTS);
	if (open)
		take_code(operation, call, answer_text(root, "code"), arena, receipt);
	buf_addt(&reason, answer_text(root, "message"));
	read_fields(call, root, arena, &reason, receipt);
	if (reason.len > 0)
		receipt->reason = receipt_show(call, arena, buf_text(&reason), RECEIPT_REASON_POINTS);
	buf_release(&reason);
	if (open)
		find_spent(call, receipt);
}
