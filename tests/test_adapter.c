/*
 * The conformance run of all adapters. A folder per provider holds recorded exchanges, NAME.exchange: what the call is
 * about, the request it must make, the answer, and the receipt it must give. A new case needs no C. Lines:
 *
 *     # what it shows
 *     name: value            of the call (see call_set), or setting.NAME; those of the folder's `defaults` come first
 *     > line                 the request as it must be: method and URL, headers, an empty line, body; none: not
 * compared < line                 the answer: status, headers, an empty line, body = name: value          the receipt,
 * whole: what is not written here must be empty
 */
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
#include "net/header.h"
#include "providers/catalog.h"
#include "values/money.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define SETTINGS_MAX 16

struct scene {
	const char *path;
	struct arena arena;
	struct channel channel;
	struct setting_value settings[SETTINGS_MAX];
	struct call call;
	struct buf content;
	struct buf payload;
	enum operation operation;
	struct buf request, answer, wanted; /* the >, < and = lines, without their marks */
	bool has_answer;
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

static void setting_set(struct scene *scene, const char *name, struct text value)
{
	size_t i = 0;

	while (i < scene->channel.setting_count && strcmp(scene->settings[i].name, name) != 0)
		i++;
	assert_true(i < SETTINGS_MAX);
	if (i == scene->channel.setting_count)
		scene->channel.setting_count++;
	scene->settings[i] = (struct setting_value){name, value, strstr(name, "secret") != NULL};
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
		content_add(&scene->content, text_of(name + 8));
		content_add(&scene->content, value);
	} else if (strcmp(name, "base_url") == 0) {
		scene->channel.base_url = value.ptr;
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
	} else if (strcmp(name, "timezone") == 0) {
		call->timezone = value.ptr;
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
	dump(buf, "replayed", text_of(receipt->replayed ? "yes" : ""));
	dump(buf, "stop_after", text_of(receipt->stop_after ? "yes" : ""));
	dump(buf, "key_known", text_of(receipt->key_known ? "yes" : ""));
	dump(buf, "account", receipt->account);
	for (int i = 0; i < receipt->balance_count; i++) {
		struct buf balance = {0};

		buf_addt(&balance, receipt->balances[i].currency);
		buf_addc(&balance, ' ');
		buf_addt(&balance, receipt->balances[i].amount);
		dump(buf, "balance", buf_text(&balance));
		buf_release(&balance);
	}
}

static void request_dump(struct buf *buf, const struct http_request *request)
{
	buf_addf(buf, "%s %s\n", request->method, request->url);
	for (int i = 0; i < request->header_count; i++)
		buf_addf(buf, "%s: %s\n", request->headers[i].name, request->headers[i].value);
	buf_addc(buf, '\n');
	buf_addt(buf, request->body);
}

static void scene_check(struct scene *scene, const struct adapter *adapter)
{
	struct adapter_request request = {0};
	struct http_answer answer;
	struct receipt receipt;
	struct buf built = {0}, got = {0};

	scene->call.content = buf_text(&scene->content);
	if (scene->operation == OPERATION_CREATE && scene->call.payload.len == 0) {
		adapter->freeze(&scene->call, &scene->payload);
		scene->call.payload = buf_text(&scene->payload);
	}
	assert_true(adapter->build(scene->operation, &scene->call, &scene->arena, &request));
	request_dump(&built, &request.http);
	if (scene->request.data != NULL && strcmp(buf_str(&built), buf_str(&scene->request)) != 0)
		fail_msg("%s: request\n--- wanted\n%s\n--- got\n%s", scene->path, buf_str(&scene->request),
			buf_str(&built));
	assert_non_null(scene->answer.data);
	answer_build(scene, &answer);
	adapter->read(scene->operation, &scene->call, &answer, &scene->arena, &receipt);
	receipt_dump(&got, &receipt);
	if (strcmp(buf_str(&got), buf_str(&scene->wanted)) != 0)
		fail_msg("%s: receipt\n--- wanted\n%s\n--- got\n%s", scene->path, buf_str(&scene->wanted),
			buf_str(&got));
	buf_release(&built);
	buf_release(&got);
	buf_release(&request.url);
	buf_release(&request.body);
}

static void scene_run(const struct adapter *adapter, const char *defaults, const char *path)
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

static void every_recorded_exchange_is_built_and_read_as_written(void **state)
{
	int adapters = 0;

	(void)state;
	for (int provider = PROVIDER_NONE + 1; provider < PROVIDER_COUNT; provider++) {
		const struct adapter *adapter = catalog_adapter((enum provider_id)provider);
		char pattern[512], defaults[512];
		glob_t files;

		if (adapter == NULL)
			continue;
		adapters++;
		snprintf(pattern, sizeof(pattern), "%s/tests/exchanges/%s/*.exchange", source(), adapter->name);
		snprintf(defaults, sizeof(defaults), "%s/tests/exchanges/%s/defaults", source(), adapter->name);
		assert_int_equal(glob(pattern, 0, NULL, &files), 0);
		for (size_t i = 0; i < files.gl_pathc; i++)
			scene_run(adapter, defaults, files.gl_pathv[i]);
		print_message("%s: %zu exchanges\n", adapter->name, files.gl_pathc);
		globfree(&files);
	}
	assert_true(adapters >= 1);
}

/* What every adapter must say about itself. */
static void every_adapter_is_whole(void **state)
{
	int count;
	const struct provider_settings *settings = catalog_settings(&count);

	(void)state;
	assert_int_equal(count, PROVIDER_COUNT - 1);
	for (int i = 0; i < count; i++) {
		const struct adapter *adapter = catalog_adapter(settings[i].provider);

		assert_int_equal(settings[i].has_adapter, adapter != NULL);
		assert_non_null(settings[i].default_url);
		assert_non_null(settings[i].test_hosts);
		if (adapter == NULL)
			continue;
		assert_int_equal(adapter->provider, settings[i].provider);
		assert_string_equal(adapter->name, provider_name(adapter->provider));
		assert_true(adapter->terms != NULL && adapter->check != NULL && adapter->identity != NULL);
		assert_true(adapter->freeze != NULL && adapter->build != NULL && adapter->read != NULL);
		/* exactly one way to settle an unknown: a look-up, or the same key within a window */
		assert_true(adapter->looks_up || (adapter->repeats_safely && adapter->window_ms > 0));
		assert_true(!adapter->lookup_before_resend || adapter->looks_up);
	}
	assert_null(catalog_adapter(PROVIDER_NONE));
}

/* Whatever comes back that is not the provider's own word proves nothing. */
static void no_adapter_takes_noise_for_an_answer(void **state)
{
	static const char *const bodies[] = {"", "null", "true", "12", "\"id\"", "[]", "{}", "[{\"id\":\"1\"}]",
		"{\"id\":null}", "{\"id\":\"\"}", "{\"id\":{}}", "{\"id\":[1]}", "{\"id\":true}", "{\"id\":\"a b\"}",
		"{\"id\":\"\\n\"}", "{\"id\":\"1\"", "{\"id\":\"1\"}}", "{\"id\":\"1\",\"id\":\"1\"}", "{'id':'1'}",
		"<html><body>502 Bad Gateway</body></html>", "\xff\xfe{\"id\":\"1\"}", "{\"id\":\"\xff\"}",
		"{\"id\":01}", "{\"id\":1e}", "{1:\"id\"}", "{\"error\":\"unauthorized\"}", "OK", "\xef\xbb\xbf{}"};
	static const int statuses[] = {200, 201, 204, 301, 302, 307, 400, 402, 406, 408, 409, 410, 418, 422, 425, 451,
		500, 501, 502, 503, 504, 520, 599};
	static const enum operation operations[] = {
		OPERATION_CREATE, OPERATION_LOOKUP, OPERATION_STATUS, OPERATION_FUNDS};

	(void)state;
	for (int provider = PROVIDER_NONE + 1; provider < PROVIDER_COUNT; provider++) {
		const struct adapter *adapter = catalog_adapter((enum provider_id)provider);
		struct channel channel = {.name = "test", .mode = "", .base_url = "http://127.0.0.1"};
		struct call call = {.channel = &channel,
			.payload = TEXT("{\"amount\":1,\"currency\":\"ETH\"}"),
			.currency = TEXT("ETH"),
			.provider_id = TEXT("1")};
		struct arena arena = {0};

		if (adapter == NULL)
			continue;
		for (size_t b = 0; b < sizeof(bodies) / sizeof(bodies[0]); b++)
			for (size_t s = 0; s < sizeof(statuses) / sizeof(statuses[0]); s++)
				for (size_t o = 0; o < sizeof(operations) / sizeof(operations[0]); o++) {
					struct http_answer answer = {.outcome = HTTP_ANSWERED,
						.status = statuses[s],
						.body = text_of(bodies[b]),
						.retry_after_ms = -1};
					struct receipt receipt;

					adapter->read(operations[o], &call, &answer, &arena, &receipt);
					if (receipt.verdict != VERDICT_UNKNOWN)
						fail_msg("%s %s %d %s: %s", adapter->name,
							operation_name(operations[o]), statuses[s], bodies[b],
							verdict_name(receipt.verdict));
					arena_reset(&arena);
				}
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_exchange_is_built_and_read_as_written),
		cmocka_unit_test(every_adapter_is_whole),
		cmocka_unit_test(no_adapter_takes_noise_for_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
