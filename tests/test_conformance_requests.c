/*
 * What holds for the requests of every provider (PROTOCOL, sections 1, 3 and 5), shown on all recorded exchanges: laws
 * as in test_conformance.c.
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
#include "values/content.h"
#include "values/money.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HOSTILE "\"},\"amount\":{\"amount\":\"1\"},\\\n\x01/../..?a=1#&%00;\xc3\xbc"
#define HOSTILE_ID "x/../../y?z=1&w#v%25 \"\\"

static void failed(const struct scene *scene, const char *how, const char *what)
{
	fail_msg("%s %s %s: %s\n%s", scene->adapter->name, scene->path != NULL ? scene->path : "defaults",
		operation_name(scene->operation), how, what);
}

static void request_release(struct adapter_request *request)
{
	buf_release(&request->url);
	buf_release(&request->body);
}

/* The request as it goes, as text. */
static void dump_built(const struct scene *scene, const struct call *call, struct arena *arena, struct buf *dump)
{
	struct adapter_request request = {0};

	assert_true(scene->adapter->build(scene->operation, call, arena, &request));
	buf_reset(dump);
	scene_request_dump(dump, &request.http);
	request_release(&request);
}

/* Texts of the payload that are amounts: how many equal this one, and how many others there are. */
static void count_amounts(json_t *payload, struct text wanted, size_t *same, size_t *others)
{
	static const char *const names[] = {"amount", "value", "source_amount"};
	const char *name;
	json_t *value;

	json_object_foreach(payload, name, value)
	{
		if (json_is_object(value))
			count_amounts(value, wanted, same, others);
		for (size_t i = 0; json_is_string(value) && i < COUNT(names); i++) {
			struct text told = {json_string_value(value), json_string_length(value)};

			if (strcmp(name, names[i]) != 0)
				continue;
			if (money_same_text(told, wanted) && strspn(told.ptr, "0123456789.") == told.len)
				++*same;
			else
				++*others;
		}
	}
}

static void digits(const struct scene *scene, struct law *law, int64_t minor, unsigned decimals)
{
	struct call call = scene->call;
	struct buf payload = {0}, wanted = {0};
	size_t same = 0, others = 0;
	json_t *json;

	call.amount_minor = minor;
	call.decimals = decimals;
	call.payload = TEXT("");
	scene->adapter->freeze(&call, &payload);
	money_text(&wanted, minor, decimals);
	arena_reset(&law->arena);
	json = answer_parse(buf_text(&payload), &law->arena);
	assert_non_null(json);
	count_amounts(json, buf_text(&wanted), &same, &others);
	if (same != 1 || others != 0)
		failed(scene, buf_str(&wanted), buf_str(&payload));
	law->shown++;
	json_decref(json);
	buf_release(&payload);
	buf_release(&wanted);
}

static void exact(void *context, struct scene *scene)
{
	static const int64_t amounts[] = {1, 9, 10, 99, 100, 101, 7500, 100000000, 123456789012345678, INT64_MAX};

	if (scene->payload.len == 0 || scene->operation != OPERATION_CREATE)
		return;
	for (size_t i = 0; i < COUNT(amounts); i++) {
		digits(scene, context, amounts[i], scene->call.decimals);
		digits(scene, context, amounts[i], 0);
		digits(scene, context, amounts[i], 2);
	}
}

static void an_amount_is_written_with_exactly_its_digits(void **state)
{
	(void)state;
	law_run(exact, 100);
}

/* --- what is frozen --------------------------------------------------------------------------------------------- */

static void frozen(void *context, struct scene *scene)
{
	struct law *law = context;
	struct call call = scene->call;
	struct buf again = {0};

	if (scene->payload.len == 0 || scene->operation != OPERATION_CREATE)
		return;
	call.payload = TEXT("");
	for (int i = 0; i < 2; i++) {
		buf_reset(&again);
		scene->adapter->freeze(&call, &again);
		if (!text_equal(buf_text(&again), buf_text(&scene->payload)))
			failed(scene, "frozen otherwise", buf_str(&again));
		/* what is fresh in each send is no part of it */
		call.now_utc_ms += 60000;
		call.nonce[0] ^= 1;
		call.session = TEXT("another-token");
		call.provider_id = TEXT("another-id");
		call.cured_refusal = TEXT("5006");
		call.open_since_utc_ms = call.last_sent_utc_ms = 1;
		law->shown++;
	}
	buf_release(&again);
}

static void a_payout_is_always_frozen_to_the_same_bytes(void **state)
{
	(void)state;
	law_run(frozen, 10);
}

/* A resend: all that is not frozen may have changed since, and the day with it. */
static void resent(void *context, struct scene *scene)
{
	struct law *law = context;
	struct call call = scene->call;
	struct adapter_request request = {0};
	struct buf first = {0}, again = {0}, opened = {0};

	if (scene->operation != OPERATION_CREATE && scene->operation != OPERATION_PREPARE)
		return;
	dump_built(scene, &call, &scene->arena, &first);
	call.content = call.reference = call.currency = call.destination_id = TEXT("");
	call.amount_minor = 1;
	dump_built(scene, &call, &scene->arena, &again);
	if (strcmp(buf_str(&first), buf_str(&again)) != 0)
		failed(scene, "a resend that was rebuilt", buf_str(&again));
	call.now_utc_ms += 86400000;
	call.nonce[0] ^= 1;
	assert_true(scene->adapter->build(scene->operation, &call, &scene->arena, &request));
	scene_open_body(scene, request.http.body, &opened);
	/* a destination's key stands within its body, before all that was frozen */
	if (strstr(buf_str(&opened), text_string(&scene->arena, call.payload) + 1) == NULL)
		failed(scene, "not the frozen bytes", buf_str(&opened));
	law->shown++;
	request_release(&request);
	buf_release(&first);
	buf_release(&again);
	buf_release(&opened);
}

static void a_resend_has_the_frozen_bytes(void **state)
{
	(void)state;
	law_run(resent, 15);
}

/* --- where the key stands --------------------------------------------------------------------------------------- */

static size_t count_of(const char *in, const char *text)
{
	size_t count = 0;

	for (const char *at = in; (at = strstr(at, text)) != NULL; at++)
		count++;
	return count;
}

static void keyed(void *context, struct scene *scene)
{
	struct law *law = context;
	struct adapter_request request = {0};
	struct buf whole = {0};
	char key[KEY_TEXT_SIZE];

	if (scene->operation != OPERATION_CREATE && scene->operation != OPERATION_PREPARE)
		return;
	assert_true(scene->adapter->build(scene->operation, &scene->call, &scene->arena, &request));
	scene_open_body(scene, request.http.body, &whole);
	request.http.body = TEXT("");
	scene_request_dump(&whole, &request.http);
	key_text(&scene->call.key, key);
	if (count_of(buf_str(&whole), key) != 1)
		failed(scene, "the key is not there once", buf_str(&whole));
	law->shown++;
	request_release(&request);
	buf_release(&whole);
}

static void what_creates_has_its_key_in_one_place(void **state)
{
	(void)state;
	law_run(keyed, 15);
}

/* --- secrets ---------------------------------------------------------------------------------------------------- */

/* A key that names the sender goes into a header; what seals, signs and logs in goes nowhere. */
static bool may_be_told(const char *setting)
{
	return strcmp(setting, "api_key") == 0 || strcmp(setting, "key") == 0;
}

static void secretive(void *context, struct scene *scene)
{
	struct law *law = context;
	struct adapter_request request = {0};
	struct buf whole = {0};

	assert_true(scene->adapter->build(scene->operation, &scene->call, &scene->arena, &request));
	scene_request_dump(&whole, &request.http);
	for (size_t i = 0; i < scene->channel.setting_count; i++) {
		const char *value = text_string(&scene->arena, scene->settings[i].value);

		if (!scene->settings[i].secret)
			continue;
		if (strstr(request.http.url, value) != NULL || strstr(buf_str(&request.body), value) != NULL ||
			count_of(buf_str(&whole), value) != (size_t)may_be_told(scene->settings[i].name))
			failed(scene, scene->settings[i].name, buf_str(&whole));
		law->shown++;
	}
	if (scene->call.session.len > 0)
		assert_null(strstr(request.http.url, text_string(&scene->arena, scene->call.session)));
	request_release(&request);
	buf_release(&whole);
}

static void a_secret_goes_where_it_must_alone(void **state)
{
	(void)state;
	law_run(secretive, 50);
}

/* --- what the operations are ------------------------------------------------------------------------------------ */

static void whole(void *context, struct scene *scene)
{
	struct fee_question question = {.currency = TEXT("USD"), .amount_minor = 100, .decimals = 2};
	struct law *law = context;

	scene->call.provider_id = TEXT("4711");
	scene->call.fee_questions = &question;
	scene->call.fee_question_count = 1;
	for (int i = 0; i < OPERATION_COUNT; i++) {
		enum operation operation = (enum operation)i;
		struct adapter_request request = {0};
		const struct http_request *http = &request.http;
		bool built = scene->adapter->build(operation, &scene->call, &scene->arena, &request);

		if (built != law_can(scene->adapter, operation))
			failed(scene, operation_name(operation), "built against what the adapter says it has");
		if (built) {
			assert_true(strncmp(http->url, scene->channel.base_url, strlen(scene->channel.base_url)) == 0);
			assert_true(strcmp(http->method, "POST") == 0 || http->body.len == 0);
			for (int h = 0; h < http->header_count; h++)
				assert_null(strpbrk(http->headers[h].value, "\r\n"));
			law->shown++;
		}
		request_release(&request);
	}
}

static void an_adapter_builds_what_it_says_it_has(void **state)
{
	(void)state;
	law_run_defaults(whole, 3);
}

/* --- texts of others -------------------------------------------------------------------------------------------- */

static void add_part(struct buf *content, struct text text)
{
	const char length[4] = {(char)(text.len >> 24), (char)(text.len >> 16), (char)(text.len >> 8), (char)text.len};

	buf_add(content, length, 4);
	buf_addt(content, text);
}

/* Every value of the payout, but for its amount, tries to end its place. */
static void hostile_content(void *context, struct scene *scene)
{
	struct law *law = context;
	struct buf content = {0};
	struct text name, value;
	size_t offset = 0;

	if (scene->payload.len == 0 || scene->operation != OPERATION_CREATE)
		return;
	while (content_next(scene->call.content, &offset, &name, &value)) {
		add_part(&content, name);
		add_part(&content, text_is(name, "amount") ? value : TEXT(HOSTILE));
	}
	scene->call.content = buf_text(&content);
	scene->call.reference = TEXT(HOSTILE);
	digits(scene, law, 12345, scene->call.decimals);
	buf_release(&content);
}

static void no_text_of_a_payout_ends_its_place(void **state)
{
	(void)state;
	law_run(hostile_content, 5);
}

static void hostile_id(void *context, struct scene *scene)
{
	static const enum operation operations[] = {OPERATION_STATUS, OPERATION_CANCEL, OPERATION_DESTINATION};
	struct law *law = context;

	scene->call.provider_id = TEXT(HOSTILE_ID);
	for (size_t i = 0; i < COUNT(operations); i++) {
		struct adapter_request plain = {0}, request = {0};
		struct call call = scene->call;
		struct buf opened = {0};
		json_t *body;

		call.provider_id = TEXT("4711");
		if (!scene->adapter->build(operations[i], &call, &scene->arena, &plain)) {
			request_release(&plain);
			continue;
		}
		assert_true(scene->adapter->build(operations[i], &scene->call, &scene->arena, &request));
		/* as many marks of a path and a query as with a plain id */
		for (const char *mark = "/?#&"; *mark != '\0'; mark++) {
			const char text[2] = {*mark, '\0'};

			assert_int_equal(count_of(request.http.url, text), count_of(plain.http.url, text));
		}
		scene_open_body(scene, request.http.body, &opened);
		body = answer_parse(buf_text(&opened), &scene->arena);
		assert_int_equal(body != NULL, request.http.body.len > 0);
		json_decref(body);
		law->shown++;
		buf_release(&opened);
		request_release(&plain);
		request_release(&request);
	}
}

static void no_id_of_a_provider_leads_elsewhere(void **state)
{
	(void)state;
	law_run_defaults(hostile_id, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_amount_is_written_with_exactly_its_digits),
		cmocka_unit_test(a_payout_is_always_frozen_to_the_same_bytes),
		cmocka_unit_test(a_resend_has_the_frozen_bytes),
		cmocka_unit_test(what_creates_has_its_key_in_one_place),
		cmocka_unit_test(a_secret_goes_where_it_must_alone),
		cmocka_unit_test(an_adapter_builds_what_it_says_it_has),
		cmocka_unit_test(no_text_of_a_payout_ends_its_place),
		cmocka_unit_test(no_id_of_a_provider_leads_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
