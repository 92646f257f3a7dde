#include "providers/receipt.h"

#include <string.h>

#define SECRET_MIN 4 /* a shorter one would blot out half of every message */

static bool stands_at(struct text secret, struct text text, size_t at)
{
	return secret.len >= SECRET_MIN && secret.len <= text.len - at && text.ptr[at] == secret.ptr[0] &&
	       memcmp(text.ptr + at, secret.ptr, secret.len) == 0;
}

/* The length of a secret of the channel, or of its session's token, that stands at this place, or 0. */
static size_t secret_at(const struct call *call, struct text text, size_t at)
{
	const struct channel *channel = call->channel;

	if (stands_at(call->session, text, at))
		return call->session.len;
	for (size_t i = 0; i < channel->setting_count; i++) {
		struct text value = channel->settings[i].value;

		if (channel->settings[i].secret && stands_at(value, text, at))
			return value.len;
	}
	return 0;
}

static struct text shown(struct arena *arena, struct text text, size_t points)
{
	struct buf buf = {0};
	struct text result;

	text_show(&buf, text, points);
	result = text_copy(arena, buf_text(&buf));
	buf_release(&buf);
	return result;
}

/* Where the secret begins that stands first in the text; its length where there is none. */
static size_t first_secret(const struct call *call, struct text text)
{
	size_t at = 0;

	while (at < text.len && secret_at(call, text, at) == 0)
		at++;
	return at;
}

struct text receipt_show(const struct call *call, struct arena *arena, struct text text, size_t points)
{
	struct buf clean = {0};
	struct text result;
	size_t len;

	if (first_secret(call, text) == text.len)
		return shown(arena, text, points);
	for (size_t at = 0; at < text.len; at += len) {
		len = secret_at(call, text, at);
		if (len > 0) {
			buf_addz(&clean, "****");
		} else {
			len = 1;
			buf_addc(&clean, text.ptr[at]);
		}
	}
	result = shown(arena, buf_text(&clean), points);
	buf_wipe(&clean);
	return result;
}

#define EVERY ((1u << OPERATION_COUNT) - 1)
#define OF(operation) (1u << (operation))
/* Where nothing is asked about a known payout, a missing path is a wrong base_url. */
#define FIRST_CALLS                                                                                                    \
	(OF(OPERATION_SESSION) | OF(OPERATION_PREPARE) | OF(OPERATION_CREATE) | OF(OPERATION_FUNDS) |                  \
		OF(OPERATION_FEES))

static const struct {
	int status;
	unsigned operations;
	enum verdict verdict;
	const char *code;
	const char *cure;
} statuses[] = {
	{401, EVERY, VERDICT_CHANNEL_STOP, "CHANNEL_AUTH", "check the channel's credentials, then `payrun resume`"},
	{403, EVERY, VERDICT_CHANNEL_STOP, "CHANNEL_AUTH",
		"check what these credentials may do and from which addresses, then `payrun resume`"},
	{404, FIRST_CALLS, VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER", "check base_url of the channel"},
	{405, FIRST_CALLS, VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER", "check base_url of the channel"},
	{415, EVERY, VERDICT_CHANNEL_STOP, "CHANNEL_ANSWER", "check base_url of the channel: no JSON is taken there"},
	{429, EVERY, VERDICT_THROTTLED, "", ""},
};

void receipt_from_status(
	struct receipt *receipt, enum operation operation, const struct http_answer *answer, struct arena *arena)
{
	struct buf reason = {0};

	receipt->verdict = VERDICT_UNKNOWN;
	receipt->code = receipt->cure = "";
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].status == answer->status && (statuses[i].operations & OF(operation)) != 0) {
			receipt->verdict = statuses[i].verdict;
			receipt->code = statuses[i].code;
			receipt->cure = statuses[i].cure;
		}
	buf_addf(&reason, "HTTP %d without an answer of the provider's own form", answer->status);
	if (answer->status >= 300 && answer->status < 400 && answer->location[0] != '\0')
		buf_addf(&reason, "; it leads to %s", answer->location);
	receipt->reason = text_copy(arena, buf_text(&reason));
	buf_release(&reason);
}

void receipt_mismatch(struct receipt *receipt, struct text reason)
{
	receipt->verdict = VERDICT_MISMATCH;
	receipt->code = "ANSWER_MISMATCH";
	receipt->cure = "compare this payout with the provider's own list, then `payrun resolve` it";
	receipt->reason = reason;
}

bool receipt_id_valid(struct text id)
{
	for (size_t i = 0; i < id.len; i++)
		if (id.ptr[i] <= ' ' || id.ptr[i] > '~')
			return false;
	return id.len > 0 && id.len <= RECEIPT_ID_MAX;
}
