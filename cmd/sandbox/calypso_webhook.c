/* Subscriptions and what is sent to them (providers/calypso.md, section 2.7). */
#include "cmd/sandbox/calypso.h"

#define TYPES_MAX 64

/* The first retry after 30 seconds, then as the numbers of Fibonacci. */
static int64_t retry_ms(unsigned made)
{
	static const int64_t factors[] = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1597, 2584, 4181};

	return made > sizeof(factors) / sizeof(factors[0]) ? -1 : 30000 * factors[made - 1];
}

const struct delivery calypso_delivery = {.status_from = 200, .status_to = 200, .retry_ms = retry_ms};

static void subscription_write(struct buf *body, const struct calypso_subscription *subscription)
{
	char created[CLOCK_ISO_SIZE];
	size_t i;

	clock_iso_ms(subscription->created_utc_ms, created);
	buf_addf(body, "{\"requestId\":\"%s\",\"notificationEventTypes\":[", subscription->request_id);
	for (i = 0; i < subscription->type_count; i++) {
		if (i > 0)
			buf_addc(body, ',');
		buf_add_json(body, subscription->types[i]);
	}
	buf_addz(body, "],\"url\":");
	buf_add_json(body, subscription->url);
	buf_addf(body, ",\"publicKey\":\"%s\",\"secretKey\":\"%s\",\"createdDate\":\"%s\"}", subscription->public_key,
		subscription->secret_key, created);
}

void calypso_subscription_list(struct calypso_call *call)
{
	const struct list *list = &call->state->subscriptions;
	struct buf *body = &call->response->body;
	bool first = true;
	size_t i;

	response_json(call->response, 200);
	buf_addz(body, "{\"subscriptions\":[");
	for (i = 0; i < list->count; i++) {
		const struct calypso_subscription *subscription = list->items[i];

		if (subscription->deleted)
			continue;
		if (!first)
			buf_addc(body, ',');
		first = false;
		subscription_write(body, subscription);
	}
	buf_addz(body, "]}");
}

/* False after the refusal. */
static bool types_read(struct calypso_call *call, struct calypso_subscription *subscription)
{
	const json_t *value = json_object_get(call->payload, "notificationEventTypes");
	const json_t *services = json_object_get(call->payload, "notificationServiceTypes");
	size_t count = json_array_size(value);
	struct text *types = arena_alloc(&call->state->memory, (count + 1) * sizeof(*types));
	size_t i;

	if (count == 0 || count > TYPES_MAX || json_array_size(services) == 0)
		return calypso_refuse(call->response, CALYPSO_BAD_REQUEST,
			"notificationEventTypes and notificationServiceTypes need at least one");
	for (i = 0; i < count; i++) {
		if (document_string(json_array_get(value, i)).len == 0)
			return calypso_refuse(
				call->response, CALYPSO_BAD_REQUEST, "notificationEventTypes must be strings");
		types[i] = text_copy(&call->state->memory, document_string(json_array_get(value, i)));
	}
	for (i = 0; i < json_array_size(services); i++)
		if (text_is(document_string(json_array_get(services, i)), "PAYOUT"))
			subscription->payouts = true;
	subscription->types = types;
	subscription->type_count = count;
	return true;
}

static bool request_id_read(struct calypso_call *call, char request_id[UUID_SIZE])
{
	request_id[UUID_LEN] = '\0';
	return uuid_parse(document_string(json_object_get(call->payload, "requestId")), request_id) ||
	       calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "requestId must be a UUID");
}

static bool url_read(struct calypso_call *call, struct calypso_subscription *subscription)
{
	struct text url = document_string(json_object_get(call->payload, "url"));
	bool valid = text_starts(url, TEXT("http://")) || text_starts(url, TEXT("https://"));
	size_t i;

	for (i = 0; i < url.len; i++)
		if ((unsigned char)url.ptr[i] <= ' ' || (unsigned char)url.ptr[i] >= 0x7f)
			valid = false;
	subscription->url = text_copy(&call->state->memory, url);
	return valid || calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "url must be an address");
}

void calypso_subscription_create(struct calypso_call *call)
{
	struct calypso_state *state = call->state;
	struct calypso_subscription *subscription = arena_alloc(&state->memory, sizeof(*subscription));
	struct text name = {subscription->request_id, UUID_LEN};

	if (!request_id_read(call, subscription->request_id) || !types_read(call, subscription) ||
		!url_read(call, subscription))
		return;
	/* A second one of the same name, or of one that was deleted, is wrong (assumed). */
	if (map_get(&state->subscriptions_by_id, name) != NULL) {
		calypso_refuse(call->response, CALYPSO_BAD_REQUEST, "requestId already exists");
		return;
	}
	uuid_new(subscription->public_key);
	uuid_new(subscription->secret_key);
	subscription->created_utc_ms = sandbox_real_ms(call->sandbox);
	if (!call->request->dry) {
		map_put(&state->subscriptions_by_id, name, subscription);
		list_add(&state->subscriptions, subscription);
	}
	response_json(call->response, 200);
	subscription_write(&call->response->body, subscription);
}

void calypso_subscription_delete(struct calypso_call *call)
{
	struct calypso_subscription *subscription;
	char request_id[UUID_SIZE];

	if (!request_id_read(call, request_id))
		return;
	subscription = map_get(&call->state->subscriptions_by_id, (struct text){request_id, UUID_LEN});
	if (subscription == NULL || subscription->deleted) {
		calypso_refuse(call->response, CALYPSO_NOT_FOUND, "Object not found");
		return;
	}
	if (!call->request->dry)
		subscription->deleted = true;
	response_json(call->response, 204);
	call->response->content_type = NULL;
}

static bool anybody(const struct calypso_state *state)
{
	size_t i;

	for (i = 0; i < state->subscriptions.count; i++)
		if (!((const struct calypso_subscription *)state->subscriptions.items[i])->deleted)
			return true;
	return false;
}

static int64_t moment_ms(const struct payout *payout, unsigned moment)
{
	if (moment == CALYPSO_UNDER_WAY)
		return payout->start_ms + (payout->due_ms - payout->start_ms) / 2;
	return moment == CALYPSO_ENDED ? payout->due_ms : payout->start_ms;
}

/* One that no balance pays stays CREATED until it fails. */
void calypso_webhook_plan(struct calypso_call *call, const struct payout *payout)
{
	struct courier *courier = &call->sandbox->courier;

	if (!anybody(call->state))
		return;
	courier_announce(courier, PROVIDER_CALYPSO, payout, CALYPSO_MADE, sandbox_now_ms(call->sandbox));
	if (!calypso_payout_short(payout))
		courier_announce(
			courier, PROVIDER_CALYPSO, payout, CALYPSO_UNDER_WAY, moment_ms(payout, CALYPSO_UNDER_WAY));
	courier_announce(courier, PROVIDER_CALYPSO, payout, CALYPSO_ENDED, payout->due_ms);
}

/* What all events begin with. parentExternalId is a number, whatever the API's id is. */
static void event_begin(struct buf *body, const struct payout *payout, const char *type)
{
	char created[CLOCK_ISO_SIZE];

	clock_iso_ms(payout->created_utc_ms, created);
	buf_addf(body, "{\"type\":\"%s\",\"parentExternalId\":", type);
	buf_addt(body, payout->id);
	buf_addf(body, ",\"createdDate\":\"%s\",\"currency\":", created);
	buf_add_json(body, payout->currency);
	buf_addz(body, ",\"idempotencyKey\":");
	if (payout->key.len > 0)
		buf_add_json(body, payout->key);
	else
		buf_addz(body, "null");
}

static void status_write(struct buf *body, const struct payout *payout, const char *state)
{
	event_begin(body, payout, "PAYOUT_CHANGE_STATUS");
	buf_addf(body, ",\"payoutStatus\":\"%s\",\"externalId\":", state);
	if (payout->reference.ptr != NULL)
		buf_add_json(body, payout->reference);
	else
		buf_addz(body, "null");
	buf_addz(body, ",\"hash\":");
	calypso_hash_write(body, payout, state);
	buf_addc(body, '}');
}

/* Its validationStatus is the status of the payout's own errors (assumed). */
static void error_write(struct buf *body, const struct payout *payout)
{
	event_begin(body, payout, "PAYOUT_VALIDATION_ERROR");
	buf_addz(body, ",\"message\":\"Not enough funds\",\"dealWithdrawalId\":");
	buf_addt(body, payout->id);
	buf_addz(body, ",\"validationStatus\":\"NOT_ENOUGH_FUNDS\"}");
}

static void event_send(struct sandbox *sandbox, const struct calypso_subscription *subscription, const char *type,
	const struct payout *payout, const char *state)
{
	EVP_MAC_CTX *mac = calypso_mac_new(subscription->secret_key);
	char sign[CALYPSO_SIGN_HEX + 1];
	struct buf head = {NULL, 0, 0};
	struct buf body = {NULL, 0, 0};

	if (state != NULL)
		status_write(&body, payout, state);
	else
		error_write(&body, payout);
	calypso_sign(mac, buf_text(&body), sign);
	buf_addf(&head, "Content-Type: application/json\r\nKey: %s\r\nSign: %s\r\n", subscription->public_key, sign);
	courier_send(sandbox, PROVIDER_CALYPSO, type, subscription->url, &head, &body);
	EVP_MAC_CTX_free(mac);
}

static void event_spread(struct sandbox *sandbox, const char *type, const struct payout *payout, const char *state)
{
	const struct calypso_state *calypso = sandbox->states[PROVIDER_CALYPSO];
	size_t i;
	size_t j;

	for (i = 0; i < calypso->subscriptions.count; i++) {
		const struct calypso_subscription *subscription = calypso->subscriptions.items[i];

		for (j = 0; j < subscription->type_count && !text_is(subscription->types[j], type); j++)
			;
		if (j < subscription->type_count && subscription->payouts && !subscription->deleted)
			event_send(sandbox, subscription, type, payout, state);
	}
}

void calypso_webhook_announce(struct sandbox *sandbox, const void *item, unsigned moment)
{
	const struct payout *payout = item;
	const char *state =
		moment == CALYPSO_MADE ? "CREATED" : calypso_payout_state(payout, moment_ms(payout, moment));

	event_spread(sandbox, "PAYOUT_CHANGE_STATUS", payout, state);
	if (moment == CALYPSO_MADE && calypso_payout_short(payout))
		event_spread(sandbox, "PAYOUT_VALIDATION_ERROR", payout, NULL);
}
