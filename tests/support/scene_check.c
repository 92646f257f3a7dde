/* What a recorded exchange makes, compared with what its file says. */
#include "tests/support/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "net/base64url.h"
#include "net/seal.h"

static void dump(struct buf *buf, const char *name, struct text value)
{
	if (value.len == 0)
		return;
	buf_addf(buf, "%s%s: ", buf->len > 0 ? "\n" : "", name);
	buf_addt(buf, value);
}

static void dump_number(struct buf *buf, const char *name, int64_t value)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%lld", (long long)value);
	dump(buf, name, text_of(value != 0 ? digits : ""));
}

/* id status state amount currency destination created | description */
static void listed_dump(struct buf *buf, const struct listed *listed)
{
	const struct text parts[] = {listed->provider_id, listed->provider_status, text_of(state_name(listed->state)),
		listed->amount, listed->currency, listed->destination};
	struct buf line = {0};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		buf_addt(&line, parts[i]);
		buf_addc(&line, ' ');
	}
	buf_addi(&line, listed->created_utc_ms);
	buf_addz(&line, listed->description.len > 0 ? " | " : "");
	buf_addt(&line, listed->description);
	dump(buf, "listed", buf_text(&line));
	buf_release(&line);
}

void scene_receipt_dump(struct buf *buf, const struct receipt *receipt)
{
	dump(buf, "verdict", text_of(verdict_name(receipt->verdict)));
	if (receipt->verdict == VERDICT_ACCEPTED)
		dump(buf, "state", text_of(state_name(receipt->state)));
	dump(buf, "provider_id", receipt->provider_id);
	dump(buf, "provider_status", receipt->provider_status);
	dump(buf, "provider_code", receipt->provider_code);
	dump(buf, "code", text_of(receipt->code));
	dump(buf, "reason_code", text_of(receipt->reason_code));
	dump(buf, "reason", receipt->reason);
	dump(buf, "cure", text_of(receipt->cure));
	dump(buf, "tracking_ref", receipt->tracking_ref);
	dump(buf, "fee", receipt->fee);
	dump(buf, "fee_currency", receipt->fee_currency);
	dump(buf, "target_amount", receipt->target_amount);
	dump(buf, "fx_rate", receipt->fx_rate);
	dump(buf, "returned_amount", receipt->returned_amount);
	dump(buf, "session", receipt->session);
	dump_number(buf, "session_expires_ms", receipt->session_expires_ms);
	dump(buf, "replayed", text_of(receipt->replayed ? "yes" : ""));
	dump(buf, "stop_after", text_of(receipt->stop_after ? "yes" : ""));
	dump(buf, "key_known", text_of(receipt->key_known ? "yes" : ""));
	dump(buf, "account", receipt->account);
	for (int i = 0; i < receipt->balance_count; i++) {
		struct buf balance = {0};

		buf_addt(&balance, receipt->balances[i].id);
		buf_addz(&balance, receipt->balances[i].id.len > 0 ? " " : "");
		buf_addt(&balance, receipt->balances[i].currency);
		buf_addc(&balance, ' ');
		buf_addt(&balance, receipt->balances[i].amount);
		buf_addz(&balance, receipt->balances[i].pending.len > 0 ? " pending " : "");
		buf_addt(&balance, receipt->balances[i].pending);
		dump(buf, "balance", buf_text(&balance));
		buf_release(&balance);
	}
	for (size_t i = 0; i < receipt->fee_count; i++) {
		struct buf fee = {0};

		buf_addt(&fee, receipt->fees[i].amount);
		buf_addz(&fee, " and ");
		buf_addt(&fee, receipt->fees[i].fee);
		dump(buf, "costs", buf_text(&fee));
		buf_release(&fee);
	}
	for (size_t i = 0; i < receipt->listed_count; i++)
		listed_dump(buf, &receipt->listed[i]);
	dump(buf, "return_pending", text_of(receipt->return_pending ? "yes" : ""));
	dump(buf, "next_cursor", receipt->next_cursor);
	dump_number(buf, "ask_again_ms", receipt->ask_again_utc_ms);
	dump(buf, "stops", receipt->stops);
	dump_number(buf, "rest_ms", receipt->rest_ms);
}

void scene_request_dump(struct buf *buf, const struct http_request *request)
{
	buf_addf(buf, "%s %s\n", request->method, request->url);
	for (int i = 0; i < request->header_count; i++)
		buf_addf(buf, "%s: %s\n", request->headers[i].name, request->headers[i].value);
	buf_addc(buf, '\n');
	buf_addt(buf, request->body);
}

/* {"data":"IV:TAG:CIPHERTEXT"} */
void scene_open_body(const struct scene *scene, struct text body, struct buf *opened)
{
	const struct text before = TEXT("{\"data\":\""), behind = TEXT("\"}");
	struct buf key = {0};

	if (!scene->adapter->seals) {
		buf_addt(opened, body);
		return;
	}
	assert_true(text_starts(body, before) && body.len > before.len + behind.len);
	body = (struct text){body.ptr + before.len, body.len - before.len};
	body.len -= behind.len;
	assert_memory_equal(body.ptr + body.len, behind.ptr, behind.len);
	assert_true(base64url_parse(channel_setting(&scene->channel, "encryption_secret"), &key));
	assert_int_equal(key.len, SEAL_KEY_SIZE);
	assert_true(seal_open((const uint8_t *)key.data, body, opened));
	buf_release(&key);
}

static void sealed_check(struct scene *scene, struct text body)
{
	struct buf opened = {0};

	scene_open_body(scene, body, &opened);
	if (strcmp(buf_str(&opened), scene->sealed.ptr) != 0)
		fail_msg("%s: sealed\n--- wanted\n%s\n--- got\n%s", scene->path, scene->sealed.ptr, buf_str(&opened));
	buf_release(&opened);
}

static void request_check(struct scene *scene)
{
	struct adapter_request request = {0};
	struct buf built = {0};

	assert_true(scene->adapter->build(scene->operation, &scene->call, &scene->arena, &request));
	scene_request_dump(&built, &request.http);
	if (scene->request.data != NULL && strcmp(buf_str(&built), buf_str(&scene->request)) != 0)
		fail_msg("%s: request\n--- wanted\n%s\n--- got\n%s", scene->path, buf_str(&scene->request),
			buf_str(&built));
	if (scene->sealed.len > 0)
		sealed_check(scene, request.http.body);
	buf_release(&built);
	buf_release(&request.url);
	buf_release(&request.body);
}

static void receipt_check(struct scene *scene)
{
	struct receipt receipt;
	struct buf got = {0};

	scene->adapter->read(scene->operation, &scene->call, &scene->answer, &scene->arena, &receipt);
	scene_receipt_dump(&got, &receipt);
	if (strcmp(buf_str(&got), buf_str(&scene->wanted)) != 0)
		fail_msg("%s: receipt\n--- wanted\n%s\n--- got\n%s", scene->path, buf_str(&scene->wanted),
			buf_str(&got));
	buf_release(&got);
}

void scene_check(struct scene *scene)
{
	request_check(scene);
	assert_true(scene->answered || scene->request.data != NULL || scene->sealed.len > 0);
	if (scene->answered)
		receipt_check(scene);
}

static void check_one(void *context, struct scene *scene)
{
	(void)context;
	scene_check(scene);
}

size_t scene_run_all(const struct adapter *adapter)
{
	return scene_each(adapter, check_one, NULL);
}
