/*
 * What holds for the words and contents of an answer at every provider (PROTOCOL, sections 2 and 4): laws as in
 * test_conformance.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "providers/answer.h"
#include "tests/support/laws.h"
#include "tests/support/words.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NO_WORD "never-heard-of"

/* --- words that nobody knows ------------------------------------------------------------------------------------ */

/* Where the tables have the statuses of payouts. */
static void status_of_nobody(void *context, struct scene *scene)
{
	struct law *law = context;
	struct receipt receipt;
	struct buf body = {0}, from = {0};
	char word[64];

	if (!scene->answered)
		return;
	receipt = law_read_again(law, scene);
	if (receipt.verdict != VERDICT_ACCEPTED || receipt.provider_status.len == 0)
		return;
	snprintf(word, sizeof(word), "%.*s", (int)receipt.provider_status.len, receipt.provider_status.ptr);
	buf_addf(&from, "\"%s\"", word);
	if (law_replace(scene->answer.body, buf_str(&from), "\"" NO_WORD "\"", &body) == 0)
		fail_msg("%s: no %s", scene->path, word);
	receipt = law_read_body(law, scene, buf_text(&body));
	if (receipt.verdict != VERDICT_ACCEPTED || receipt.state != PAYOUT_ACCEPTED ||
		!text_is(receipt.provider_status, NO_WORD))
		law_broken(scene, "an unknown status", &receipt, buf_text(&body));
	law->shown++;
	buf_release(&body);
	buf_release(&from);
}

static void an_unknown_status_is_in_progress(void **state)
{
	(void)state;
	law_run(status_of_nobody, 8);
}

/* The words of the tables that this answer has, but for those of where. */
static bool meets(const struct scene *scene, const json_t *answer, const char **where)
{
	struct adapter_word word;

	for (size_t row = 0; scene->adapter->word(row, &word); row++) {
		if (!words_meet(scene->adapter, row, scene->operation, scene->answer.status, answer))
			continue;
		*where = word.where;
		return true;
	}
	return false;
}

static void code_of_nobody(void *context, struct scene *scene)
{
	struct law *law = context;
	struct receipt receipt;
	struct buf body = {0}, from = {0};
	const char *where = NULL, *member;
	json_t *answer;
	struct text value;

	if (!scene->answered || law_success(scene->answer.status))
		return;
	answer = answer_parse(scene->answer.body, &scene->arena);
	if (meets(scene, answer, &where) && words_at(answer, where, &value, 1) == 1 && value.len > 0) {
		member = strrchr(where, '.') != NULL ? strrchr(where, '.') + 1 : where;
		buf_addf(&from, "\"%s\":\"%.*s\"", member, (int)value.len, value.ptr);
		if (law_replace(scene->answer.body, buf_str(&from), "\"x\":1,\"REPLACED\":\"" NO_WORD "\"", &body) ==
			0) {
			buf_reset(&from);
			buf_addf(&from, "\"%s\":%.*s", member, (int)value.len, value.ptr);
			assert_true(law_replace(scene->answer.body, buf_str(&from), "\"REPLACED\":987654", &body) > 0);
		}
		buf_reset(&from);
		buf_addt(&from, buf_text(&body));
		law_replace(buf_text(&from), "REPLACED", member, &body);
		receipt = law_read_body(law, scene, buf_text(&body));
		/* Mollie has no codes: a field that is not listed stops its balance and refuses nothing (PROTOCOL, 5)
		 */
		if (receipt.verdict != law_verdict_of_status(scene->operation, scene->answer.status) &&
			(scene->adapter->provider != PROVIDER_MOLLIE || receipt.verdict != VERDICT_CHANNEL_STOP))
			law_broken(scene, "an unlisted code", &receipt, buf_text(&body));
		if (receipt.verdict == VERDICT_UNKNOWN && receipt.reason_code[0] != '\0')
			law_broken(scene, "an unlisted code gives a reason", &receipt, buf_text(&body));
		law->shown++;
	}
	json_decref(answer);
	buf_release(&body);
	buf_release(&from);
}

static void an_unlisted_code_proves_no_more_than_its_status(void **state)
{
	(void)state;
	law_run(code_of_nobody, 5);
}

/* --- an answer for another payout ------------------------------------------------------------------------------- */

/* What an answer may repeat and nobody compares: texts for people, and when it is done. */
static bool compared(const char *name)
{
	static const char *const others[] = {"comment", "executionDate", "testmode", "type", "city", "line1", "line2",
		"district", "postalCode", "bankName", "accountNumber", "routingNumber", "iban"};

	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(name, others[i]) == 0)
			return false;
	return true;
}

/* Another value under the name; false: the answer does not repeat this one as it was written. */
static bool change(struct text body, const char *name, const char *value, struct buf *changed)
{
	struct buf from = {0}, to = {0};
	bool done = true;

	buf_addf(&from, "\"%s\":\"%s\"", name, value);
	buf_addf(&to, "\"%s\":\"%s9\"", name, value);
	if (law_replace(body, buf_str(&from), buf_str(&to), changed) == 0) {
		buf_reset(&from);
		buf_reset(&to);
		buf_addf(&from, "\"%s\":%s", name, value);
		buf_addf(&to, "\"%s\":9%s", name, value);
		done = law_replace(body, buf_str(&from), buf_str(&to), changed) > 0;
	}
	buf_release(&from);
	buf_release(&to);
	return done;
}

static void change_one(struct law *law, const struct scene *scene, const char *name, const char *value)
{
	bool described = strcmp(name, "description") == 0;
	struct buf body = {0};
	struct receipt receipt;

	/* of a description the tag of the key counts alone, and by it a look-up finds its payout */
	if (!compared(name) || (described && scene->operation == OPERATION_LOOKUP) ||
		!change(scene->answer.body, name, value, &body)) {
		buf_release(&body);
		return;
	}
	if (described)
		law_replace(scene->answer.body, strrchr(value, '['), "[0]", &body);
	receipt = law_read_body(law, scene, buf_text(&body));
	if (receipt.verdict != VERDICT_MISMATCH || strcmp(receipt.code, "ANSWER_MISMATCH") != 0)
		law_broken(scene, name, &receipt, buf_text(&body));
	law->shown++;
	buf_release(&body);
}

/* Goes through all that was asked for. */
static void change_each(struct law *law, const struct scene *scene, json_t *asked)
{
	const char *name;
	json_t *value;

	json_object_foreach(asked, name, value)
	{
		if (json_is_object(value))
			change_each(law, scene, value);
		else if (json_is_string(value))
			change_one(law, scene, name, json_string_value(value));
	}
}

static void of_another(void *context, struct scene *scene)
{
	struct law *law = context;
	json_t *asked;

	if (!scene->answered || scene->operation == OPERATION_PREPARE || scene->call.payload.len == 0 ||
		scene->answer.body.len == 0 || law_read_again(law, scene).verdict != VERDICT_ACCEPTED)
		return;
	asked = answer_parse(scene->call.payload, &scene->arena);
	change_each(law, scene, asked);
	json_decref(asked);
}

static void an_answer_that_repeats_another_payout_is_a_mismatch(void **state)
{
	(void)state;
	law_run(of_another, 4);
}

/* --- the id ----------------------------------------------------------------------------------------------------- */

static void without_id(void *context, struct scene *scene)
{
	struct law *law = context;
	static const char *const others[] = {
		"\"\"", "null", "\"a b\"", "[]", "{}", "true", "\"\\u00fc\"", "\"\\u0000\""};
	struct receipt receipt;
	struct buf from = {0}, body = {0};

	if (!scene->answered)
		return;
	receipt = law_read_again(law, scene);
	if (receipt.verdict != VERDICT_ACCEPTED || receipt.provider_id.len == 0)
		return;
	buf_addf(&from, "\"%.*s\"", (int)receipt.provider_id.len, receipt.provider_id.ptr);
	for (size_t i = 0; i < COUNT(others) && law_replace(scene->answer.body, buf_str(&from), others[i], &body) > 0;
		i++) {
		receipt = law_read_body(law, scene, buf_text(&body));
		if (receipt.verdict != VERDICT_UNKNOWN && receipt.verdict != VERDICT_MISMATCH)
			law_broken(scene, "no id", &receipt, buf_text(&body));
		assert_int_equal(receipt.provider_id.len, 0);
		law->shown++;
	}
	if (scene->operation == OPERATION_STATUS &&
		law_replace(scene->answer.body, buf_str(&from), "\"4712\"", &body) > 0 &&
		law_read_body(law, scene, buf_text(&body)).verdict != VERDICT_MISMATCH)
		law_broken(scene, "another id", &receipt, buf_text(&body));
	buf_release(&from);
	buf_release(&body);
}

static void nothing_is_accepted_without_its_id(void **state)
{
	(void)state;
	law_run(without_id, 40);
}

/* --- what a receipt says ---------------------------------------------------------------------------------------- */

/* One vocabulary over all providers: ISO 20022 status and return reasons. */
static bool known_reason(const char *code)
{
	static const char *const codes[] = {"AB06", "AC02", "AC03", "AC05", "AC06", "AC10", "AC11", "AG01", "AG03",
		"AG06", "AG07", "AM03", "AM04", "AM11", "AM12", "AM14", "AM21", "BE04", "BE06", "BE09", "BE18", "BE22",
		"CUST", "ED05", "FF07", "FR01", "MS03", "NARR", "RC04", "RR02", "RR04", "RR05", "RR07", "SL12"};

	for (size_t i = 0; i < COUNT(codes); i++)
		if (strcmp(code, codes[i]) == 0)
			return true;
	return false;
}

static bool is_whole(const struct scene *scene, const struct receipt *receipt)
{
	bool code = receipt->code[0] != '\0', cure = receipt->cure[0] != '\0', reason = receipt->reason_code[0] != '\0';

	if (reason && !known_reason(receipt->reason_code))
		return false;
	switch (receipt->verdict) {
	case VERDICT_UNKNOWN:
	case VERDICT_THROTTLED:
	case VERDICT_SESSION_EXPIRED:
	case VERDICT_NOT_EXECUTED:
		return !code && !cure && !reason && receipt->reason.len > 0;
	case VERDICT_NOT_FOUND:
		return !code && !cure && !reason;
	case VERDICT_REFUSED:
		/* a cancel that comes too late is no refusal of the payout */
		return (reason || scene->operation == OPERATION_CANCEL) && code == cure && receipt->reason.len > 0;
	case VERDICT_NO_FUNDS:
		return code && cure && reason && receipt->reason.len > 0;
	case VERDICT_CHANNEL_STOP:
		return code && cure && receipt->reason.len > 0;
	case VERDICT_MISMATCH:
		return code && cure && receipt->reason.len > 0 && !reason &&
		       (strcmp(receipt->code, "ANSWER_MISMATCH") == 0 || strcmp(receipt->code, "KEY_COLLISION") == 0);
	case VERDICT_ACCEPTED:
		/* what ended without being paid says why; what stops behind it says so */
		if (receipt->state == PAYOUT_FAILED || receipt->state == PAYOUT_RETURNED ||
			receipt->state == PAYOUT_CANCELED)
			return reason && code == receipt->stop_after && cure == receipt->stop_after;
		return receipt->state != PAYOUT_UNKNOWN && code == receipt->stop_after && cure == receipt->stop_after;
	}
	return false;
}

static void whole(void *context, struct scene *scene)
{
	struct law *law = context;
	struct receipt receipt;

	if (!scene->answered)
		return;
	receipt = law_read_again(law, scene);
	if (!is_whole(scene, &receipt))
		law_broken(scene, "code, cure, reason", &receipt, scene->answer.body);
	law->shown++;
}

static void every_receipt_has_what_its_verdict_needs(void **state)
{
	(void)state;
	law_run(whole, 60);
}

/* They are kept as they are: a changed one would name nothing. The token of a session is a secret anyway. */
static void without_ids(struct receipt *receipt)
{
	receipt->session = receipt->provider_id = receipt->next_cursor = TEXT("");
	for (size_t i = 0; i < receipt->listed_count; i++)
		receipt->listed[i].provider_id = TEXT("");
}

/* Every text of the answer in turn is a secret of the channel. */
static void echoes_secrets(void *context, struct scene *scene)
{
	struct law *law = context;
	const char *at = scene->answer.body.ptr;

	for (size_t i = 0; scene->answered && i < scene->channel.setting_count; i++) {
		struct text secret = scene->settings[i].value, body = scene->answer.body;
		struct buf told = {0}, dump = {0};

		for (at = body.ptr; scene->settings[i].secret && at < body.ptr + body.len; at++) {
			const char *end = at > body.ptr && at[-1] == ':' && *at == '"' ? strchr(at + 1, '"') : NULL;
			struct receipt receipt;

			if (end == NULL)
				continue;
			buf_reset(&told);
			buf_reset(&dump);
			buf_add(&told, body.ptr, (size_t)(at + 1 - body.ptr));
			buf_addt(&told, secret);
			buf_add(&told, end, (size_t)(body.ptr + body.len - end));
			receipt = law_read_body(law, scene, buf_text(&told));
			without_ids(&receipt);
			scene_receipt_dump(&dump, &receipt);
			if (strstr(buf_str(&dump), text_string(&law->arena, secret)) != NULL)
				law_broken(scene, buf_str(&dump), &receipt, buf_text(&told));
			law->shown++;
		}
		buf_release(&told);
		buf_release(&dump);
	}
}

static void no_receipt_tells_a_secret(void **state)
{
	(void)state;
	law_run(echoes_secrets, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_status_is_in_progress),
		cmocka_unit_test(an_unlisted_code_proves_no_more_than_its_status),
		cmocka_unit_test(an_answer_that_repeats_another_payout_is_a_mismatch),
		cmocka_unit_test(nothing_is_accepted_without_its_id),
		cmocka_unit_test(every_receipt_has_what_its_verdict_needs),
		cmocka_unit_test(no_receipt_tells_a_secret),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
