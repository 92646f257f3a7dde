/* Notifications as Amazon SNS delivers them (providers/circle.md, A17). */
#include "cmd/sandbox/circle.h"

#define CLIENT_ID "c60d2d5b-203c-45bb-9f6e-93641d40a599" /* of this account */
#define ATTRIBUTES "\"clientId\":\"" CLIENT_ID "\""

/* Three more, 20 seconds apart: the usual ones of SNS (Circle's own are not documented). */
static int64_t retry_ms(unsigned made)
{
	return made > 3 ? -1 : 20000;
}

const struct delivery circle_delivery = {.status_from = 200, .status_to = 299, .retry_ms = retry_ms};

/* What an envelope says; texts are the caller's. */
struct envelope {
	const char *type;
	char id[UUID_SIZE];
	char topic[160]; /* the subscription's arn without its last part */
	char sent[CLOCK_ISO_SIZE];
	struct text message;
	struct text subscribe_url; /* of a confirmation */
	struct text token;
};

static void url_write(struct buf *url, const struct circle_subscription *subscription, const char *path)
{
	const struct request request = {.headers = {{"Host", subscription->host}}, .header_count = 1};

	request_origin(&request, url);
	buf_addf(url, "%s%s", provider_circle.base_path, path);
}

static void line_add(struct buf *text, const char *name, struct text value)
{
	buf_addf(text, "%s\n", name);
	buf_addt(text, value);
	buf_addc(text, '\n');
}

/* The fields that are signed, in their order; those of a confirmation are common knowledge of SNS, and not Circle's. */
static void canonical_write(struct buf *text, const struct envelope *envelope)
{
	line_add(text, "Message", envelope->message);
	line_add(text, "MessageId", text_of(envelope->id));
	if (envelope->token.ptr != NULL)
		line_add(text, "SubscribeURL", envelope->subscribe_url);
	line_add(text, "Timestamp", text_of(envelope->sent));
	if (envelope->token.ptr != NULL)
		line_add(text, "Token", envelope->token);
	line_add(text, "TopicArn", text_of(envelope->topic));
	line_add(text, "Type", text_of(envelope->type));
}

static void envelope_write(struct sandbox *sandbox, const struct circle_subscription *subscription,
	const struct envelope *envelope, struct buf *body)
{
	struct circle_state *state = sandbox->states[PROVIDER_CIRCLE];
	struct buf canonical = {NULL, 0, 0};
	struct buf url = {NULL, 0, 0};

	canonical_write(&canonical, envelope);
	buf_addf(body, "{\"Type\":\"%s\",\"MessageId\":\"%s\"", envelope->type, envelope->id);
	circle_member(body, "TopicArn", text_of(envelope->topic));
	circle_member(body, "Message", envelope->message);
	buf_addf(body, ",\"Timestamp\":\"%s\",\"SignatureVersion\":\"1\",\"Signature\":\"", envelope->sent);
	circle_sign(&state->signer, buf_text(&canonical), body);
	url_write(&url, subscription, "/sns/certificate.pem");
	buf_addc(body, '"');
	circle_member(body, "SigningCertURL", buf_text(&url));
	if (envelope->token.ptr != NULL) {
		circle_member(body, "SubscribeURL", envelope->subscribe_url);
		circle_member(body, "Token", envelope->token);
	} else {
		buf_reset(&url);
		url_write(&url, subscription, "/sns/unsubscribe");
		circle_member(body, "UnsubscribeURL", buf_text(&url));
		buf_addz(body,
			",\"MessageAttributes\":{\"clientId\":{\"Type\":\"String\",\"Value\":\"" CLIENT_ID "\"}}");
	}
	buf_addc(body, '}');
	buf_release(&canonical);
	buf_release(&url);
}

/* kind: what a fault's path is the end of. */
static void envelope_send(struct sandbox *sandbox, const struct circle_subscription *subscription, const char *arn,
	struct envelope *envelope, const char *kind)
{
	struct buf head = {NULL, 0, 0};
	struct buf body = {NULL, 0, 0};

	uuid_new(envelope->id);
	clock_iso_ms(sandbox_real_ms(sandbox), envelope->sent);
	snprintf(envelope->topic, sizeof(envelope->topic), "%.*s", (int)(strrchr(arn, ':') - arn), arn);
	envelope_write(sandbox, subscription, envelope, &body);
	buf_addf(&head,
		"Content-Type: text/plain; charset=UTF-8\r\nUser-Agent: Amazon Simple Notification Service Agent\r\n"
		"x-amz-sns-message-type: %s\r\nx-amz-sns-message-id: %s\r\nx-amz-sns-topic-arn: %s\r\n",
		envelope->type, envelope->id, envelope->topic);
	if (envelope->token.ptr == NULL)
		buf_addf(&head, "x-amz-sns-subscription-arn: %s\r\n", arn);
	courier_send(sandbox, PROVIDER_CIRCLE, kind, subscription->endpoint, &head, &body);
}

void circle_notice_confirm(
	struct sandbox *sandbox, const struct circle_subscription *subscription, const struct circle_region *region)
{
	struct envelope envelope = {.type = "SubscriptionConfirmation", .token = text_of(region->token)};
	struct buf url = {NULL, 0, 0};

	url_write(&url, subscription, "/sns/confirm?Action=ConfirmSubscription&Token=");
	buf_addz(&url, region->token);
	envelope.subscribe_url = buf_text(&url);
	envelope.message = TEXT("To confirm the subscription, visit the SubscribeURL of this message.");
	envelope_send(sandbox, subscription, region->arn, &envelope, "SubscriptionConfirmation");
	buf_release(&url);
}

/* To every subscriber that has confirmed. */
static void notice_spread(struct sandbox *sandbox, const char *type, struct text message)
{
	const struct circle_state *state = sandbox->states[PROVIDER_CIRCLE];
	size_t i;

	for (i = 0; i < state->subscriptions.count; i++) {
		const struct circle_subscription *subscription = state->subscriptions.items[i];
		const char *arn = circle_subscription_arn(subscription);
		struct envelope envelope = {.type = "Notification", .message = message};

		if (arn != NULL && !subscription->deleted)
			envelope_send(sandbox, subscription, arn, &envelope, type);
	}
}

static void message_begin(struct buf *message, const char *type, const char *member)
{
	buf_addf(message,
		"{" ATTRIBUTES ",\"notificationType\":\"%s\",\"version\":1,\"customAttributes\":{" ATTRIBUTES
		"},\"%s\":",
		type, member);
}

void circle_notice_plan_payout(struct circle_call *call, const struct payout *payout)
{
	struct courier *courier = &call->sandbox->courier;
	int64_t begin_ms;
	int64_t end_ms;

	if (!circle_subscription_any(call->state))
		return;
	courier_announce(courier, PROVIDER_CIRCLE, payout, CIRCLE_PAYOUT_MADE, payout->start_ms);
	courier_announce(courier, PROVIDER_CIRCLE, payout, CIRCLE_PAYOUT_SETTLED, payout->due_ms);
	if (!circle_return_span(payout, &begin_ms, &end_ms))
		return;
	courier_announce(courier, PROVIDER_CIRCLE, payout, CIRCLE_RETURN_BEGUN, begin_ms);
	courier_announce(courier, PROVIDER_CIRCLE, payout, CIRCLE_RETURN_ENDED, end_ms);
}

void circle_notice_plan(struct circle_call *call, const void *item, enum circle_moment moment, int64_t due_ms)
{
	struct courier *courier = &call->sandbox->courier;

	if (!circle_subscription_any(call->state))
		return;
	courier_announce(courier, PROVIDER_CIRCLE, item, moment, sandbox_now_ms(call->sandbox));
	courier_announce(courier, PROVIDER_CIRCLE, item, moment, due_ms);
}

/* Of the legacy product's returns alone there is a topic of their own (assumed shape), beside that of the payouts. */
static void payout_announce(struct sandbox *sandbox, const struct payout *payout, unsigned moment)
{
	const struct circle_detail *detail = payout->detail;
	struct buf message = {NULL, 0, 0};
	int64_t begin_ms = 0;
	int64_t end_ms = 0;
	int64_t at_ms;

	circle_return_span(payout, &begin_ms, &end_ms);
	/* Pending is what it is told as at first, also where nothing takes time. */
	at_ms = end_ms;
	if (moment <= CIRCLE_PAYOUT_SETTLED)
		at_ms = moment == CIRCLE_PAYOUT_MADE ? payout->due_ms - 1 : payout->due_ms;
	else if (moment == CIRCLE_RETURN_BEGUN)
		at_ms = begin_ms;
	message_begin(&message, "payouts", "payout");
	circle_payout_write(&message, payout, CIRCLE_VIEW_WHOLE, at_ms, NULL);
	buf_addc(&message, '}');
	notice_spread(sandbox, "payouts", buf_text(&message));
	if (moment >= CIRCLE_RETURN_BEGUN && detail->product == CIRCLE_LEGACY) {
		buf_reset(&message);
		message_begin(&message, "returns", "return");
		circle_return_write(&message, payout, at_ms);
		buf_addc(&message, '}');
		notice_spread(sandbox, "returns", buf_text(&message));
	}
	buf_release(&message);
}

void circle_notice_announce(struct sandbox *sandbox, const void *item, unsigned moment)
{
	const struct circle_call call = {.sandbox = sandbox};
	const char *type = "wire";
	struct buf message = {NULL, 0, 0};

	if (moment <= CIRCLE_RETURN_ENDED) {
		payout_announce(sandbox, item, moment);
		return;
	}
	if (moment == CIRCLE_WIRE_CHANGED) {
		message_begin(&message, "wire", "wire");
		circle_wire_write(&call, &message, item);
	} else {
		type = "addressBookRecipients";
		message_begin(&message, "addressBookRecipients", "addressBookRecipient");
		circle_recipient_write(&call, &message, item);
	}
	buf_addc(&message, '}');
	notice_spread(sandbox, type, buf_text(&message));
	buf_release(&message);
}
