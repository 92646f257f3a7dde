/* Subscriptions to notifications (providers/circle.md, A3 and A17): two regions, each confirmed by itself. */
#include "cmd/sandbox/circle.h"

#define ACTIVE_MAX 3 /* in the provider's own sandbox */
#define ACCOUNT "908968368384"

static const char *const regions[CIRCLE_REGIONS] = {"us-east-1", "us-west-2"};

const char *circle_subscription_arn(const struct circle_subscription *subscription)
{
	size_t i;

	for (i = 0; i < CIRCLE_REGIONS; i++)
		if (subscription->regions[i].confirmed)
			return subscription->regions[i].arn;
	return NULL;
}

static size_t active_count(const struct circle_state *state)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < state->subscriptions.count; i++)
		count += !((const struct circle_subscription *)state->subscriptions.items[i])->deleted;
	return count;
}

bool circle_subscription_any(const struct circle_state *state)
{
	return active_count(state) > 0;
}

static void subscription_write(struct buf *body, const struct circle_subscription *subscription)
{
	size_t i;

	buf_addf(body, "{\"id\":\"%s\"", subscription->id);
	circle_member(body, "endpoint", subscription->endpoint);
	buf_addz(body, ",\"subscriptionDetails\":[");
	for (i = 0; i < CIRCLE_REGIONS; i++) {
		const struct circle_region *region = &subscription->regions[i];

		buf_addf(body, "%s{\"url\":\"%s\",\"arn\":\"%s\",\"status\":\"%s\"}", i > 0 ? "," : "", region->arn,
			region->arn, region->confirmed ? "confirmed" : "pending");
	}
	buf_addz(body, "]}");
}

static bool endpoint_valid(struct text endpoint)
{
	size_t i;

	for (i = 0; i < endpoint.len; i++)
		if ((unsigned char)endpoint.ptr[i] <= ' ' || (unsigned char)endpoint.ptr[i] >= 0x7f)
			return false;
	return text_starts(endpoint, TEXT("https://")) || text_starts(endpoint, TEXT("http://"));
}

static struct circle_subscription *subscription_new(struct circle_call *call, struct text endpoint)
{
	struct arena *memory = &call->state->memory;
	struct circle_subscription *subscription = arena_alloc(memory, sizeof(*subscription));
	const char *host = request_header(call->request, "Host");
	size_t i;

	subscription->self = subscription;
	uuid_new(subscription->id);
	subscription->endpoint = text_copy(memory, endpoint);
	if (host != NULL)
		subscription->host = text_string(memory, text_of(host));
	for (i = 0; i < CIRCLE_REGIONS; i++) {
		struct circle_region *region = &subscription->regions[i];

		uuid_new(region->token);
		snprintf(region->arn, sizeof(region->arn),
			"arn:aws:sns:%s:" ACCOUNT ":sandbox_platform-notifications-topic:%s", regions[i],
			region->token);
		uuid_new(region->token);
	}
	return subscription;
}

void circle_subscription_create(struct circle_call *call)
{
	static const struct circle_field field = {"endpoint", true, 2048};
	struct text endpoint = circle_string(call, call->root, "", &field);
	struct circle_subscription *subscription;
	size_t i;

	if (endpoint.ptr != NULL && !endpoint_valid(endpoint))
		circle_wrong(call, "invalid_value", "endpoint", json_object_get(call->root, "endpoint"), NULL,
			"endpoint must be an address");
	if (!circle_checked(call))
		return;
	if (active_count(call->state) >= ACTIVE_MAX) {
		circle_refuse_status(call->response, 429, "Too many subscriptions.");
		return;
	}
	subscription = subscription_new(call, endpoint);
	subscription_write(circle_data(call, 200), subscription);
	circle_data_end(call);
	if (call->request->dry)
		return;
	list_add(&call->state->subscriptions, subscription);
	for (i = 0; i < CIRCLE_REGIONS; i++)
		circle_notice_confirm(call->sandbox, subscription, &subscription->regions[i]);
}

void circle_subscription_list(struct circle_call *call)
{
	const struct list *list = &call->state->subscriptions;
	struct buf *body = circle_data(call, 200);
	bool first = true;
	size_t i;

	buf_addc(body, '[');
	for (i = 0; i < list->count; i++) {
		const struct circle_subscription *subscription = list->items[i];

		if (subscription->deleted)
			continue;
		if (!first)
			buf_addc(body, ',');
		first = false;
		subscription_write(body, subscription);
	}
	buf_addc(body, ']');
	circle_data_end(call);
}

/* NULL: there is none. What is listed is const; the owner's own pointer is in it. */
static struct circle_subscription *subscription_find(
	const struct circle_state *state, struct text id, const char *token, size_t *region)
{
	size_t i;
	size_t j;

	for (i = 0; i < state->subscriptions.count; i++) {
		const struct circle_subscription *subscription = state->subscriptions.items[i];

		if (subscription->deleted)
			continue;
		if (token == NULL && text_is(id, subscription->id))
			return subscription->self;
		for (j = 0; token != NULL && j < CIRCLE_REGIONS; j++) {
			*region = j;
			if (strcmp(subscription->regions[j].token, token) == 0)
				return subscription->self;
		}
	}
	return NULL;
}

/* Not while a region waits for its confirmation. Without a body, as with recipients (assumed). */
void circle_subscription_delete(struct circle_call *call)
{
	struct circle_subscription *subscription = subscription_find(call->state, call->id, NULL, NULL);
	size_t i;

	if (subscription == NULL) {
		circle_refuse_status(call->response, 404, "Not found.");
		return;
	}
	for (i = 0; i < CIRCLE_REGIONS; i++) {
		if (!subscription->regions[i].confirmed) {
			circle_refuse_status(call->response, 400, "The subscription waits for its confirmation.");
			return;
		}
	}
	if (!call->request->dry)
		subscription->deleted = true;
	response_json(call->response, 200);
	call->response->content_type = NULL;
}

void circle_subscription_confirm(struct circle_call *call)
{
	const char *token = request_argument(call->request, "Token");
	struct circle_subscription *subscription = NULL;
	size_t region = 0;

	if (token != NULL)
		subscription = subscription_find(call->state, TEXT(""), token, &region);
	if (subscription == NULL) {
		circle_refuse_status(call->response, 404, "Not found.");
		return;
	}
	if (!call->request->dry)
		subscription->regions[region].confirmed = true;
	response_json(call->response, 200);
	call->response->content_type = "text/xml";
	buf_addf(&call->response->body,
		"<ConfirmSubscriptionResponse><ConfirmSubscriptionResult><SubscriptionArn>%s</SubscriptionArn>"
		"</ConfirmSubscriptionResult></ConfirmSubscriptionResponse>\n",
		subscription->regions[region].arn);
}

void circle_certificate(struct circle_call *call)
{
	response_json(call->response, 200);
	call->response->content_type = "application/x-pem-file";
	buf_addt(&call->response->body, circle_signer_certificate(&call->state->signer));
}
