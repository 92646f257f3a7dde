#include "cmd/sandbox/courier.h"

#include "cmd/sandbox/sandbox.h"

void courier_announce(
	struct courier *courier, enum provider_id provider, const void *item, unsigned moment, int64_t at_ms)
{
	struct announcement *announcement = arena_alloc(&courier->memory, sizeof(*announcement));

	*announcement = (struct announcement){provider, item, moment};
	due_add(&courier->announcements, at_ms, announcement);
}

void courier_settle(struct sandbox *sandbox)
{
	const struct announcement *announcement;

	while ((announcement = due_take(&sandbox->courier.announcements, sandbox_now_ms(sandbox))) != NULL)
		providers[announcement->provider]->announce(sandbox, announcement->item, announcement->moment);
}

void parcel_free(struct parcel *parcel)
{
	if (parcel == NULL)
		return;
	free(parcel->url);
	buf_release(&parcel->head);
	buf_release(&parcel->body);
	free(parcel);
}

static struct parcel *parcel_new(enum provider_id provider)
{
	struct parcel *parcel = memory_new(sizeof(*parcel));

	parcel->self = parcel;
	parcel->provider = provider;
	return parcel;
}

static struct parcel *parcel_copy(const struct parcel *parcel)
{
	struct parcel *copy = parcel_new(parcel->provider);

	copy->url = memory_string(parcel->url);
	buf_addt(&copy->head, buf_text(&parcel->head));
	buf_addt(&copy->body, buf_text(&parcel->body));
	return copy;
}

static void ready_add(struct courier *courier, struct parcel *parcel)
{
	if (courier->first + courier->count == courier->cap) {
		if (courier->first > 0) {
			memmove(courier->ready, courier->ready + courier->first,
				courier->count * sizeof(struct parcel *));
			courier->first = 0;
		} else {
			courier->cap = courier->cap == 0 ? 64 : courier->cap * 2;
			courier->ready = memory_grow(courier->ready, courier->cap * sizeof(struct parcel *));
		}
	}
	courier->ready[courier->first + courier->count++] = parcel;
}

/* What was put aside goes now. */
static void aside_add(struct courier *courier, enum provider_id provider)
{
	struct parcel *parcel = courier->aside[provider];

	courier->aside[provider] = NULL;
	if (parcel != NULL)
		ready_add(courier, parcel);
}

void courier_send(struct sandbox *sandbox, enum provider_id provider, const char *type, struct text url,
	struct buf *head, struct buf *body)
{
	struct courier *courier = &sandbox->courier;
	struct parcel *parcel = parcel_new(provider);
	struct mishap mishap;
	bool struck = mishaps_strike_event(&sandbox->mishaps, provider, type, &mishap);

	parcel->url = memory_new(url.len + 1);
	memcpy(parcel->url, url.ptr, url.len);
	parcel->head = *head;
	parcel->body = *body;
	*head = (struct buf){NULL, 0, 0};
	*body = (struct buf){NULL, 0, 0};
	if (struck && mishap.kind == MISHAP_OUT_OF_ORDER_WEBHOOK) {
		aside_add(courier, provider);
		courier->aside[provider] = parcel;
		courier->aside_until_ms[provider] = sandbox_now_ms(sandbox) + COURIER_ASIDE_MS;
		return;
	}
	if (struck)
		ready_add(courier, parcel_copy(parcel));
	ready_add(courier, parcel);
	aside_add(courier, provider);
}

struct parcel *courier_take(struct courier *courier, int64_t now_ms)
{
	unsigned provider;

	for (provider = 0; provider < PROVIDER_COUNT; provider++)
		if (courier->aside[provider] != NULL && courier->aside_until_ms[provider] <= now_ms)
			aside_add(courier, (enum provider_id)provider);
	if (courier->count == 0) {
		const struct parcel *due = due_take(&courier->retries, now_ms);

		return due == NULL ? NULL : due->self;
	}
	courier->count--;
	return courier->ready[courier->first++];
}

void courier_done(struct sandbox *sandbox, struct parcel *parcel, unsigned status)
{
	const struct delivery *delivery = providers[parcel->provider]->delivery;
	int64_t wait_ms;

	if (status >= delivery->status_from && status <= delivery->status_to) {
		parcel_free(parcel);
		return;
	}
	wait_ms = delivery->retry_ms(++parcel->made);
	if (wait_ms < 0)
		parcel_free(parcel);
	else
		due_add(&sandbox->courier.retries, sandbox_now_ms(sandbox) + wait_ms, parcel);
}

int64_t courier_next_ms(const struct courier *courier)
{
	int64_t next_ms = INT64_MAX;
	unsigned provider;

	if (courier->count > 0)
		return INT64_MIN;
	if (courier->announcements.count > 0)
		next_ms = courier->announcements.entries[0].at_ms;
	if (courier->retries.count > 0 && courier->retries.entries[0].at_ms < next_ms)
		next_ms = courier->retries.entries[0].at_ms;
	for (provider = 0; provider < PROVIDER_COUNT; provider++)
		if (courier->aside[provider] != NULL && courier->aside_until_ms[provider] < next_ms)
			next_ms = courier->aside_until_ms[provider];
	return next_ms;
}

void courier_clear(struct courier *courier)
{
	const struct parcel *due;
	unsigned provider;

	while (courier->count > 0) {
		courier->count--;
		parcel_free(courier->ready[courier->first++]);
	}
	courier->first = 0;
	while ((due = due_take(&courier->retries, INT64_MAX)) != NULL)
		parcel_free(due->self);
	for (provider = 0; provider < PROVIDER_COUNT; provider++) {
		parcel_free(courier->aside[provider]);
		courier->aside[provider] = NULL;
	}
	due_release(&courier->announcements);
	arena_reset(&courier->memory);
	courier->clears++;
}

void courier_release(struct courier *courier)
{
	courier_clear(courier);
	due_release(&courier->retries);
	arena_release(&courier->memory);
	free(courier->ready);
	*courier = (struct courier){.first = 0};
}
