#include "tests/support/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <glob.h>

#include "base/arena.h"
#include "base/file.h"
#include "net/base64url.h"
#include "net/header.h"
#include "net/seal.h"
#include "providers/catalog.h"
#include "values/money.h"
#include "values/row.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define SETTINGS_MAX 16
#define FIELDS_MAX 32

struct scene {
	const char *path;
	struct arena arena;
	struct channel channel;
	struct setting_value settings[SETTINGS_MAX];
	struct call call;
	struct row_recipient fields[FIELDS_MAX]; /* of the content: name and value, in byte order of the names */
	size_t field_count;
	struct buf content;
	struct buf payload;
	enum operation operation;
	struct buf request, answer, wanted; /* the >, < and = lines, without their marks */
	struct text sealed;
};

static void content_add(struct buf *content, struct text text)
{
	const char length[4] = {(char)(text.len >> 24), (char)(text.len >> 16), (char)(text.len >> 8), (char)text.len};

	buf_add(content, length, 4);
	buf_addt(content, text);
}

static struct key key_any(const char *text)
{
	struct key key;
	struct buf hex = {0};

	for (; *text != '\0'; text++)
		if (*text != '-')
			buf_addc(&hex, *text);
	if (!text_unhex(buf_text(&hex), key.bytes, KEY_SIZE))
		fail_msg("bad key");
	buf_release(&hex);
	return key;
}

static enum operation operation_parse(const char *name)
{
	for (int i = 0; i < OPERATION_COUNT; i++)
		if (strcmp(name, operation_name((enum operation)i)) == 0)
			return (enum operation)i;
	fail_msg("no operation %s", name);
	return OPERATION_COUNT;
}

static bool is_secret(enum provider_id provider, const char *name)
{
	int count;
	const struct provider_settings *all = catalog_settings(&count);

	for (int i = 0; i < count; i++)
		for (int j = 0; all[i].provider == provider && j < all[i].count; j++)
			if (strcmp(all[i].settings[j].name, name) == 0)
				return all[i].settings[j].kind == SETTING_SECRET;
	return false;
}

static void setting_set(struct scene *scene, const char *name, struct text value)
{
	size_t i = 0;

	while (i < scene->channel.setting_count && strcmp(scene->settings[i].name, name) != 0)
		i++;
	assert_true(i < SETTINGS_MAX);
	if (i == scene->channel.setting_count)
		scene->channel.setting_count++;
	scene->settings[i] = (struct setting_value){name, value, is_secret(scene->channel.provider, name)};
}

/* A field of the defaults may be set anew; an empty one is none. */
static void field_set(struct scene *scene, struct text name, struct text value)
{
	size_t at = 0;

	while (at < scene->field_count && text_compare(scene->fields[at].name, name) < 0)
		at++;
	if (at == scene->field_count || !text_equal(scene->fields[at].name, name)) {
		assert_true(scene->field_count < FIELDS_MAX);
		memmove(&scene->fields[at + 1], &scene->fields[at],
			(scene->field_count++ - at) * sizeof(scene->fields[0]));
	}
	scene->fields[at] = (struct row_recipient){name, value};
}

static void content_build(struct scene *scene)
{
	for (size_t i = 0; i < scene->field_count; i++) {
		if (scene->fields[i].value.len == 0)
			continue;
		content_add(&scene->content, scene->fields[i].name);
		content_add(&scene->content, scene->fields[i].value);
	}
}

static void call_set(struct scene *scene, const char *name, struct text value)
{
	struct call *call = &scene->call;
	int64_t number = 0;

	if (strcmp(name, "operation") == 0) {
		scene->operation = operation_parse(value.ptr);
	} else if (strncmp(name, "setting.", 8) == 0) {
		setting_set(scene, name + 8, value);
	} else if (strncmp(name, "content.", 8) == 0) {
		field_set(scene, text_of(name + 8), value);
	} else if (strcmp(name, "base_url") == 0) {
		scene->channel.base_url = value.ptr;
	} else if (strcmp(name, "testmode") == 0) {
		scene->channel.testmode = strcmp(value.ptr, "yes") == 0;
	} else if (strcmp(name, "no_content") == 0) {
		scene->field_count = 0;
	} else if (strcmp(name, "mode") == 0) {
		scene->channel.mode = value.ptr;
	} else if (strcmp(name, "reference") == 0) {
		call->reference = value;
	} else if (strcmp(name, "currency") == 0) {
		call->currency = value;
	} else if (strcmp(name, "amount_minor") == 0) {
		assert_true(text_number(value, INT64_MAX, &call->amount_minor));
	} else if (strcmp(name, "decimals") == 0) {
		assert_true(text_number(value, MONEY_DECIMALS_MAX, &number));
		call->decimals = (unsigned)number;
	} else if (strcmp(name, "key") == 0) {
		call->key = key_any(value.ptr);
	} else if (strcmp(name, "payload") == 0) {
		call->payload = value;
	} else if (strcmp(name, "provider_id") == 0) {
		call->provider_id = value;
	} else if (strcmp(name, "session") == 0) {
		call->session = value;
	} else if (strcmp(name, "destination_id") == 0) {
		call->destination_id = value;
	} else if (strcmp(name, "timezone") == 0) {
		call->timezone = value.ptr;
	} else if (strcmp(name, "cured_refusal") == 0) {
		call->cured_refusal = value;
	} else if (strcmp(name, "nonce") == 0) {
		assert_true(text_unhex(value, call->nonce, sizeof(call->nonce)));
	} else if (strcmp(name, "sealed") == 0) {
		scene->sealed = value;
	} else if (strcmp(name, "cursor") == 0) {
		call->cursor = value;
	} else if (strcmp(name, "open_since") == 0) {
		assert_true(text_number(value, INT64_MAX, &call->open_since_utc_ms));
	} else if (strcmp(name, "last_sent") == 0) {
		assert_true(text_number(value, INT64_MAX, &call->last_sent_utc_ms));
	} else if (strcmp(name, "from") == 0) {
		assert_true(text_number(value, INT64_MAX, &call->from_utc_ms));
	} else if (strcmp(name, "to") == 0) {
		assert_true(text_number(value, INT64_MAX, &call->to_utc_ms));
	} else if (strcmp(name, "now") == 0) {
		assert_true(text_number(value, INT64_MAX, &call->now_utc_ms));
	} else {
		fail_msg("%s: unknown line %s", scene->path, name);
	}
}

static void add_marked(struct buf *buf, struct text line)
{
	if (buf->data != NULL)
		buf_addc(buf, '\n');
	buf_addt(buf, (struct text){line.ptr + (line.len > 1 ? 2 : 1), line.len - (line.len > 1 ? 2 : 1)});
}

static void take_line(struct scene *scene, struct text line)
{
	const char *colon;

	if (line.len == 0 || line.ptr[0] == '#')
		return;
	if (line.ptr[0] == '>')
		add_marked(&scene->request, line);
	else if (line.ptr[0] == '=')
		add_marked(&scene->wanted, line);
	else if (line.ptr[0] == '<')
		add_marked(&scene->answer, line);
	else if ((colon = memchr(line.ptr, ':', line.len)) != NULL)
		call_set(scene, text_string(&scene->arena, (struct text){line.ptr, (size_t)(colon - line.ptr)}),
			text_of(text_string(&scene->arena,
				text_trim((struct text){colon + 1, (size_t)(line.ptr + line.len - colon - 1)}))));
	else
		fail_msg("%s: not a line: %.*s", scene->path, (int)line.len, line.ptr);
}

static void take_file(struct scene *scene, const char *path)
{
	struct buf bytes = {0};
	struct fault fault = {0};
	const char *end;

	scene->path = path;
	if (!file_read(path, FILE_MAX, &bytes, NULL, &fault))
		fail_msg("%s", fault.message);
	for (const char *at = buf_str(&bytes); *at != '\0'; at = *end == '\0' ? end : end + 1) {
		end = strchr(at, '\n');
		end = end != NULL ? end : at + strlen(at);
		take_line(scene, (struct text){at, (size_t)(end - at)});
	}
	buf_release(&bytes);
}

/* Line by line up to the empty one, then the body. */
static void answer_build(struct scene *scene, struct http_answer *answer)
{
	struct header header = {.retry_seconds = -1};
	const char *at = buf_str(&scene->answer), *end;
	int64_t status = 0;

	assert_true(text_number((struct text){at, strcspn(at, " \n")}, 999, &status));
	at = strchr(at, '\n');
	at = at != NULL ? at + 1 : buf_str(&scene->answer) + scene->answer.len;
	for (; *at != '\0' && *at != '\n'; at = *end == '\0' ? end : end + 1) {
		end = strchr(at, '\n');
		end = end != NULL ? end : at + strlen(at);
		header_line(&header, (struct text){at, (size_t)(end - at)});
	}
	*answer = (struct http_answer){
		.outcome = HTTP_ANSWERED,
		.code = "",
		.status = (int)status,
		.body = text_of(*at == '\n' ? at + 1 : at),
		.retry_after_ms = header_retry_ms(&header, scene->call.now_utc_ms),
		.date_ms = header.date_ms,
		.is_json = header.is_json,
		.replayed = header.replayed,
	};
	memcpy(answer->location, header.location, sizeof(answer->location));
}

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

static void receipt_dump(struct buf *buf, const struct receipt *receipt)
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
		dump(buf, "balance", buf_text(&balance));
		buf_release(&balance);
	}
	for (size_t i = 0; i < receipt->listed_count; i++)
		listed_dump(buf, &receipt->listed[i]);
	dump(buf, "return_pending", text_of(receipt->return_pending ? "yes" : ""));
	dump(buf, "next_cursor", receipt->next_cursor);
	dump_number(buf, "ask_again_ms", receipt->ask_again_utc_ms);
	dump(buf, "stops", receipt->stops);
	dump_number(buf, "rest_ms", receipt->rest_ms);
}

static void request_dump(struct buf *buf, const struct http_request *request)
{
	buf_addf(buf, "%s %s\n", request->method, request->url);
	for (int i = 0; i < request->header_count; i++)
		buf_addf(buf, "%s: %s\n", request->headers[i].name, request->headers[i].value);
	buf_addc(buf, '\n');
	buf_addt(buf, request->body);
}

/* {"data":"IV:TAG:CIPHERTEXT"} */
static void sealed_check(struct scene *scene, struct text body)
{
	const struct text before = TEXT("{\"data\":\""), behind = TEXT("\"}");
	struct buf key = {0}, opened = {0};

	assert_true(text_starts(body, before) && body.len > before.len + behind.len);
	body = (struct text){body.ptr + before.len, body.len - before.len};
	body.len -= behind.len;
	assert_memory_equal(body.ptr + body.len, behind.ptr, behind.len);
	assert_true(base64url_parse(channel_setting(&scene->channel, "encryption_secret"), &key));
	assert_int_equal(key.len, SEAL_KEY_SIZE);
	assert_true(seal_open((const uint8_t *)key.data, body, &opened));
	if (strcmp(buf_str(&opened), scene->sealed.ptr) != 0)
		fail_msg("%s: sealed\n--- wanted\n%s\n--- got\n%s", scene->path, scene->sealed.ptr, buf_str(&opened));
	buf_release(&key);
	buf_release(&opened);
}

static void request_check(struct scene *scene, const struct adapter *adapter)
{
	struct adapter_request request = {0};
	struct buf built = {0};

	assert_true(adapter->build(scene->operation, &scene->call, &scene->arena, &request));
	request_dump(&built, &request.http);
	if (scene->request.data != NULL && strcmp(buf_str(&built), buf_str(&scene->request)) != 0)
		fail_msg("%s: request\n--- wanted\n%s\n--- got\n%s", scene->path, buf_str(&scene->request),
			buf_str(&built));
	if (scene->sealed.len > 0)
		sealed_check(scene, request.http.body);
	buf_release(&built);
	buf_release(&request.url);
	buf_release(&request.body);
}

static void receipt_check(struct scene *scene, const struct adapter *adapter)
{
	struct http_answer answer;
	struct receipt receipt;
	struct buf got = {0};

	answer_build(scene, &answer);
	adapter->read(scene->operation, &scene->call, &answer, &scene->arena, &receipt);
	receipt_dump(&got, &receipt);
	if (strcmp(buf_str(&got), buf_str(&scene->wanted)) != 0)
		fail_msg("%s: receipt\n--- wanted\n%s\n--- got\n%s", scene->path, buf_str(&scene->wanted),
			buf_str(&got));
	buf_release(&got);
}

static void scene_check(struct scene *scene, const struct adapter *adapter)
{
	content_build(scene);
	scene->call.content = buf_text(&scene->content);
	if (scene->operation == OPERATION_CREATE && scene->call.payload.len == 0) {
		adapter->freeze(&scene->call, &scene->payload);
		scene->call.payload = buf_text(&scene->payload);
	}
	if (scene->operation == OPERATION_PREPARE && scene->call.payload.len == 0) {
		assert_true(adapter->destination(&scene->call, &scene->payload));
		scene->call.payload = buf_text(&scene->payload);
	}
	request_check(scene, adapter);
	assert_true(scene->answer.data != NULL || scene->request.data != NULL || scene->sealed.len > 0);
	if (scene->answer.data != NULL)
		receipt_check(scene, adapter);
}

void scene_run(const struct adapter *adapter, const char *defaults, const char *path)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	assert_non_null(scene);
	scene->channel = (struct channel){
		.name = "test",
		.provider = adapter->provider,
		.mode = "",
		.settings = scene->settings,
	};
	asset_table_calypso(&scene->channel.assets);
	scene->call.channel = &scene->channel;
	take_file(scene, defaults);
	take_file(scene, path);
	scene_check(scene, adapter);
	buf_release(&scene->content);
	buf_release(&scene->payload);
	buf_release(&scene->request);
	buf_release(&scene->answer);
	buf_release(&scene->wanted);
	arena_release(&scene->arena);
	free(scene);
}

static const char *source(void)
{
	return getenv("PAYRUN_SOURCE") != NULL ? getenv("PAYRUN_SOURCE") : ".";
}

size_t scene_run_all(const struct adapter *adapter)
{
	char pattern[512], defaults[512];
	glob_t files;
	size_t count;

	snprintf(pattern, sizeof(pattern), "%s/tests/exchanges/%s/*.exchange", source(), adapter->name);
	snprintf(defaults, sizeof(defaults), "%s/tests/exchanges/%s/defaults", source(), adapter->name);
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		scene_run(adapter, defaults, files.gl_pathv[i]);
	count = files.gl_pathc;
	globfree(&files);
	return count;
}
