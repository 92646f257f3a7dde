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
#include "net/header.h"
#include "providers/catalog.h"
#include "values/money.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
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
	assert_true(i < SCENE_SETTINGS_MAX);
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
		assert_true(scene->field_count < SCENE_FIELDS_MAX);
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

/* CURRENCY MINOR DECIMALS */
static void question_add(struct scene *scene, const char *value)
{
	struct fee_question *question = &scene->questions[scene->call.fee_question_count++];
	char *currency = arena_alloc(&scene->arena, 32);
	long long minor;

	assert_true(scene->call.fee_question_count <= SCENE_FEES_MAX);
	assert_int_equal(sscanf(value, "%31s %lld %u", currency, &minor, &question->decimals), 3);
	question->currency = text_of(currency);
	question->amount_minor = minor;
	scene->call.fee_questions = scene->questions;
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
	} else if (strcmp(name, "fee_of") == 0) {
		question_add(scene, value.ptr);
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
		add_marked(&scene->told, line);
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
	const char *at = buf_str(&scene->told), *end;
	int64_t status = 0;

	assert_true(text_number((struct text){at, strcspn(at, " \n")}, 999, &status));
	at = strchr(at, '\n');
	at = at != NULL ? at + 1 : buf_str(&scene->told) + scene->told.len;
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

/* The payload that a first send would have frozen, unless the file has one. */
static void payload_build(struct scene *scene)
{
	const struct adapter *adapter = scene->adapter;

	content_build(scene);
	scene->call.content = buf_text(&scene->content);
	if (scene->call.payload.len > 0)
		return;
	if (scene->operation == OPERATION_CREATE)
		adapter->freeze(&scene->call, &scene->payload);
	else if (scene->operation == OPERATION_PREPARE)
		assert_true(adapter->destination(&scene->call, &scene->payload));
	scene->call.payload = buf_text(&scene->payload);
}

struct scene *scene_open(const struct adapter *adapter, const char *path)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	char defaults[512];

	assert_non_null(scene);
	scene->adapter = adapter;
	scene->channel = (struct channel){
		.name = "test",
		.provider = adapter->provider,
		.mode = "",
		.settings = scene->settings,
	};
	asset_table_calypso(&scene->channel.assets);
	scene->call.channel = &scene->channel;
	snprintf(defaults, sizeof(defaults), "%s/tests/exchanges/%s/defaults", scene_source(), adapter->name);
	take_file(scene, defaults);
	if (path != NULL)
		take_file(scene, path);
	payload_build(scene);
	scene->answered = scene->told.data != NULL;
	if (scene->answered)
		answer_build(scene, &scene->answer);
	return scene;
}

void scene_close(struct scene *scene)
{
	buf_release(&scene->content);
	buf_release(&scene->payload);
	buf_release(&scene->request);
	buf_release(&scene->told);
	buf_release(&scene->wanted);
	arena_release(&scene->arena);
	free(scene);
}

const char *scene_source(void)
{
	return getenv("PAYRUN_SOURCE") != NULL ? getenv("PAYRUN_SOURCE") : ".";
}

size_t scene_each(const struct adapter *adapter, void (*each)(void *context, struct scene *scene), void *context)
{
	char pattern[512];
	glob_t files;
	size_t count;

	snprintf(pattern, sizeof(pattern), "%s/tests/exchanges/%s/*.exchange", scene_source(), adapter->name);
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct scene *scene = scene_open(adapter, files.gl_pathv[i]);

		each(context, scene);
		scene_close(scene);
	}
	count = files.gl_pathc;
	globfree(&files);
	return count;
}
