/* Events, and their way to the subscribers (providers/mollie.md, B11). */
#include "cmd/sandbox/mollie.h"

#include <assert.h>
#include <openssl/evp.h>

#define MINUTE_MS 60000

/* There is none for requested. */
static const char *const types[] = {
	[MOLLIE_REQUESTED] = NULL,
	[MOLLIE_INITIATED] = "payout.initiated",
	[MOLLIE_PROCESSING] = "payout.processing-at-bank",
	[MOLLIE_COMPLETED] = "payout.completed",
	[MOLLIE_FAILED] = "payout.failed",
	[MOLLIE_CANCELED] = "payout.canceled",
};

/* 0, 1, 3, 7, 15, 31 minutes, 1, 2, 4 and 26 hours after the event. */
static int64_t retry_ms(unsigned made)
{
	static const int64_t waits_ms[] = {1 * MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS, 8 * MINUTE_MS, 16 * MINUTE_MS,
		29 * MINUTE_MS, 60 * MINUTE_MS, 120 * MINUTE_MS, 1320 * MINUTE_MS};

	return made > sizeof(waits_ms) / sizeof(waits_ms[0]) ? -1 : waits_ms[made - 1];
}

const struct delivery mollie_delivery = {.status_from = 200, .status_to = 299, .retry_ms = retry_ms};

void mollie_event_plan(struct mollie_call *call, const struct mollie_payout *payout)
{
	unsigned phase;

	if (!mollie_webhook_any(call->state, call->mode))
		return;
	for (phase = 1; phase < MOLLIE_PHASES; phase++)
		if (payout->course->statuses[phase] != payout->course->statuses[phase - 1])
			courier_announce(&call->sandbox->courier, PROVIDER_MOLLIE, payout->entry, phase,
				mollie_phase_ms(payout->entry, phase));
}

static void event_write(const struct mollie_call *call, struct buf *body, const struct mollie_event *event)
{
	buf_addz(body, "{\"resource\":\"event\",\"id\":");
	buf_add_json(body, event->id);
	buf_addf(body, ",\"type\":\"%s\",\"entityId\":", event->type);
	buf_add_json(body, event->entity_id);
	buf_addz(body, ",\"createdAt\":");
	mollie_date(body, event->created_utc_ms);
	if (event->payout != NULL) {
		buf_addz(body, ",\"_embedded\":{\"entity\":");
		mollie_payout_write(call, body, event->payout, false, event->at_ms);
		buf_addc(body, '}');
	}
	buf_addz(body, ",\"_links\":{");
	mollie_link_self(call, body, "events", event->id);
	mollie_link_documentation(body, "get-webhook-event");
	if (event->payout != NULL) {
		struct buf url = {NULL, 0, 0};

		request_origin(call->request, &url);
		buf_addf(&url, "%s/v2/payouts/", provider_mollie.base_path);
		buf_addt(&url, event->entity_id);
		buf_addz(body, ",\"entity\":{\"href\":");
		buf_add_json(body, buf_text(&url));
		buf_addz(body, ",\"type\":\"application/hal+json\"}");
		buf_release(&url);
	}
	buf_addz(body, "}}");
}

/* The body as the webhook's subscriber sees this program, signed with its secret. */
static void event_send(struct sandbox *sandbox, const struct mollie_webhook *webhook, const struct mollie_event *event)
{
	const struct request request = {.headers = {{"Host", webhook->host}}, .header_count = 1};
	const struct mollie_call call = {.sandbox = sandbox, .request = &request};
	unsigned char mac[EVP_MAX_MD_SIZE];
	struct buf head = {NULL, 0, 0};
	struct buf body = {NULL, 0, 0};
	size_t mac_len = 0;
	const void *made;

	event_write(&call, &body, event);
	made = EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, webhook->secret.ptr, webhook->secret.len,
		(const unsigned char *)body.data, body.len, mac, sizeof(mac), &mac_len);
	assert(made != NULL);
	buf_addz(&head, "Content-Type: application/json\r\nUser-Agent: Mollie HTTP client/1.0\r\n"
			"X-Mollie-Signature: sha256=");
	buf_add_hex(&head, mac, mac_len);
	buf_addz(&head, "\r\n");
	courier_send(sandbox, PROVIDER_MOLLIE, event->type, webhook->url, &head, &body);
}

static struct mollie_event *event_new(struct mollie_state *state, const char *type, enum mollie_mode mode)
{
	struct mollie_event *event = arena_alloc(&state->memory, sizeof(*event));
	char id[MOLLIE_ID_LEN + 1];

	mollie_id_make("event_", id);
	event->id = text_copy(&state->memory, text_of(id));
	event->type = type;
	event->mode = mode;
	map_put(&state->events, event->id, event);
	return event;
}

static bool webhook_wants(const struct mollie_webhook *webhook, const struct mollie_event *event)
{
	size_t i;

	if (webhook->deleted || webhook->mode != event->mode)
		return false;
	for (i = 0; i < webhook->type_count; i++)
		if (text_is(webhook->types[i], "*") || text_is(webhook->types[i], event->type))
			return true;
	return false;
}

void mollie_event_announce(struct sandbox *sandbox, const void *item, unsigned moment)
{
	const struct payout *entry = item;
	struct mollie_state *state = sandbox->states[PROVIDER_MOLLIE];
	const struct mollie_payout *payout = entry->detail;
	bool canceled = moment == MOLLIE_MOMENT_CANCELED;
	struct mollie_event *event;
	size_t i;

	if (payout->canceled != canceled || !mollie_webhook_any(state, payout->balance->mode))
		return;
	event = event_new(
		state, types[canceled ? MOLLIE_CANCELED : payout->course->statuses[moment]], payout->balance->mode);
	event->payout = payout;
	event->entity_id = entry->id;
	event->at_ms = canceled ? payout->canceled_ms : mollie_phase_ms(entry, moment);
	event->created_utc_ms = mollie_moment_utc_ms(entry, event->at_ms);
	for (i = 0; i < state->webhooks.count; i++)
		if (webhook_wants(state->webhooks.items[i], event))
			event_send(sandbox, state->webhooks.items[i], event);
}

/* The type of a test event is not documented (assumed). */
void mollie_event_ping(struct mollie_call *call, const struct mollie_webhook *webhook)
{
	struct mollie_event *event = event_new(call->state, "hook.ping", call->mode);

	event->entity_id = webhook->id;
	event->created_utc_ms = sandbox_real_ms(call->sandbox);
	event_send(call->sandbox, webhook, event);
}

void mollie_event_get(struct mollie_call *call)
{
	const struct mollie_event *event = map_get(&call->state->events, call->id);

	if (event == NULL || event->mode != call->mode)
		mollie_refuse(call->response, 404, NULL, "No event exists with token '%.*s'.", (int)call->id.len,
			call->id.ptr);
	else
		event_write(call, mollie_answer(call, 200), event);
}
