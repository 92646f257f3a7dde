/* Subscriptions to events (providers/mollie.md, B3, B11). */
#include "cmd/sandbox/mollie.h"

#define ACTIVE_TEST 2 /* B11 */
#define ACTIVE_LIVE 3
#define TYPES_MAX 64
#define NAME_MAX_POINTS 255 /* assumed */

bool mollie_webhook_any(const struct mollie_state *state, enum mollie_mode mode)
{
	size_t i;

	for (i = 0; i < state->webhooks.count; i++) {
		const struct mollie_webhook *webhook = state->webhooks.items[i];

		if (!webhook->deleted && webhook->mode == mode)
			return true;
	}
	return false;
}

static size_t active_count(const struct mollie_call *call)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < call->state->webhooks.count; i++) {
		const struct mollie_webhook *webhook = call->state->webhooks.items[i];

		count += !webhook->deleted && webhook->mode == call->mode;
	}
	return count;
}

static void webhook_write(const struct mollie_call *call, struct buf *body, const void *item, bool created)
{
	const struct mollie_webhook *webhook = item;
	size_t i;

	buf_addz(body, "{\"resource\":\"webhook\",\"id\":");
	buf_add_json(body, webhook->id);
	buf_addz(body, ",\"url\":");
	buf_add_json(body, webhook->url);
	buf_addz(body, ",\"profileId\":null,\"createdAt\":");
	mollie_date(body, webhook->created_utc_ms);
	buf_addz(body, ",\"name\":");
	buf_add_json(body, webhook->name);
	buf_addz(body, ",\"eventTypes\":[");
	for (i = 0; i < webhook->type_count; i++) {
		if (i > 0)
			buf_addc(body, ',');
		buf_add_json(body, webhook->types[i]);
	}
	buf_addf(body, "],\"status\":\"enabled\",\"mode\":\"%s\"", webhook->mode == MOLLIE_LIVE ? "live" : "test");
	if (created) {
		buf_addz(body, ",\"webhookSecret\":");
		buf_add_json(body, webhook->secret);
	}
	buf_addz(body, ",\"_links\":{");
	mollie_link_self(call, body, "webhooks", webhook->id);
	mollie_link_documentation(body, "get-webhook");
	buf_addz(body, "}}");
}

static bool name_read(struct mollie_call *call, struct mollie_webhook *webhook)
{
	struct text name = document_string(json_object_get(call->root, "name"));

	if (name.len == 0 || text_points(name) > NAME_MAX_POINTS)
		return mollie_refuse(call->response, 422, "name", "The name is missing or invalid.");
	webhook->name = text_copy(&call->state->memory, name);
	return true;
}

/* Live ones need HTTPS (B11). */
static bool url_read(struct mollie_call *call, struct mollie_webhook *webhook)
{
	struct text url = document_string(json_object_get(call->root, "url"));
	bool secure = text_starts(url, TEXT("https://")) && url.len > 8;
	bool plain = text_starts(url, TEXT("http://")) && url.len > 7;
	size_t i;

	for (i = 0; i < url.len; i++)
		if ((unsigned char)url.ptr[i] <= ' ' || (unsigned char)url.ptr[i] >= 0x7f)
			secure = plain = false;
	if (!secure && (!plain || webhook->mode == MOLLIE_LIVE))
		return mollie_refuse(call->response, 422, "url", "The address is missing or invalid.");
	webhook->url = text_copy(&call->state->memory, url);
	return true;
}

/* "*" or GROUP.EVENT; the groups of other products are not looked at (assumed). */
static bool type_valid(struct text type)
{
	const char *point = type.len == 0 ? NULL : memchr(type.ptr, '.', type.len);

	return text_is(type, "*") ||
	       (point != NULL && point != type.ptr && point != type.ptr + type.len - 1 && type.len < 64);
}

static bool types_read(struct mollie_call *call, struct mollie_webhook *webhook)
{
	const json_t *value = json_object_get(call->root, "eventTypes");
	size_t count = json_is_string(value) ? 1 : json_array_size(value);
	struct text *types = arena_alloc(&call->state->memory, (count + 1) * sizeof(*types));
	size_t i;

	if (count == 0 || count > TYPES_MAX)
		return mollie_refuse(call->response, 422, "eventTypes", "The event types are missing or invalid.");
	for (i = 0; i < count; i++) {
		struct text type = document_string(json_is_string(value) ? value : json_array_get(value, i));

		if (!type_valid(type))
			return mollie_refuse(call->response, 422, "eventTypes", "An event type is invalid.");
		types[i] = text_copy(&call->state->memory, type);
	}
	webhook->types = types;
	webhook->type_count = count;
	return true;
}

void mollie_webhook_create(struct mollie_call *call)
{
	struct arena *memory = &call->state->memory;
	struct mollie_webhook *webhook = arena_alloc(memory, sizeof(*webhook));
	const char *host = request_header(call->request, "Host");
	char id[MOLLIE_ID_LEN + 1];

	webhook->mode = call->mode;
	if (!name_read(call, webhook) || !url_read(call, webhook) || !types_read(call, webhook))
		return;
	if (active_count(call) >= (call->mode == MOLLIE_LIVE ? ACTIVE_LIVE : ACTIVE_TEST)) {
		mollie_refuse(call->response, 422, NULL, "There are as many active webhooks as there may be.");
		return;
	}
	mollie_id_make("hook_", id);
	webhook->id = text_copy(memory, text_of(id));
	mollie_id_make("whsec_", id);
	webhook->secret = text_copy(memory, text_of(id));
	if (host != NULL)
		webhook->host = text_string(memory, text_of(host));
	webhook->created_utc_ms = sandbox_real_ms(call->sandbox);
	if (!call->request->dry) {
		map_put(&call->state->webhooks_by_id, webhook->id, webhook);
		list_add(&call->state->webhooks, webhook);
	}
	webhook_write(call, mollie_answer(call, 201), webhook, true);
}

/* NULL after the refusal. */
static struct mollie_webhook *webhook_find(struct mollie_call *call)
{
	struct mollie_webhook *webhook = map_get(&call->state->webhooks_by_id, call->id);

	if (webhook != NULL && webhook->mode == call->mode && !webhook->deleted)
		return webhook;
	mollie_refuse(
		call->response, 404, NULL, "No webhook exists with token '%.*s'.", (int)call->id.len, call->id.ptr);
	return NULL;
}

void mollie_webhook_get(struct mollie_call *call)
{
	const struct mollie_webhook *webhook = webhook_find(call);

	if (webhook != NULL)
		webhook_write(call, mollie_answer(call, 200), webhook, false);
}

/* Only what the body has is changed (assumed). */
void mollie_webhook_update(struct mollie_call *call)
{
	struct mollie_webhook *webhook = webhook_find(call);
	struct mollie_webhook changed;

	if (webhook == NULL)
		return;
	changed = *webhook;
	if ((json_object_get(call->root, "name") != NULL && !name_read(call, &changed)) ||
		(json_object_get(call->root, "url") != NULL && !url_read(call, &changed)) ||
		(json_object_get(call->root, "eventTypes") != NULL && !types_read(call, &changed)))
		return;
	if (!call->request->dry)
		*webhook = changed;
	webhook_write(call, mollie_answer(call, 200), &changed, false);
}

void mollie_webhook_delete(struct mollie_call *call)
{
	struct mollie_webhook *webhook = webhook_find(call);

	if (webhook == NULL)
		return;
	if (!call->request->dry)
		webhook->deleted = true;
	mollie_answer(call, 204);
	call->response->content_type = NULL;
}

void mollie_webhook_ping(struct mollie_call *call)
{
	const struct mollie_webhook *webhook = webhook_find(call);

	if (webhook == NULL)
		return;
	if (!call->request->dry)
		mollie_event_ping(call, webhook);
	mollie_answer(call, 202);
	call->response->content_type = NULL;
}

static bool list_match(const struct mollie_call *call, const void *item)
{
	const struct mollie_webhook *webhook = item;

	return !webhook->deleted && webhook->mode == call->mode;
}

static struct text list_id(const void *item)
{
	return ((const struct mollie_webhook *)item)->id;
}

static void list_write(const struct mollie_call *call, struct buf *body, const void *item)
{
	webhook_write(call, body, item, false);
}

void mollie_webhook_list(struct mollie_call *call)
{
	const struct mollie_query query = {
		.resources = "webhooks",
		.page = "list-webhooks",
		.sortable = true,
		.list = &call->state->webhooks,
		.match = list_match,
		.id = list_id,
		.write = list_write,
	};

	mollie_list_answer(call, &query);
}
