/*
 * Webhooks on their way: what is to be announced and when, and the parcels that wait to be delivered. Floor 5, sandbox.
 * It has no sockets; post.c delivers. Times are of the sandbox's clock. Zero-initialise it, release it with
 * courier_release.
 */
#ifndef SANDBOX_COURIER_H
#define SANDBOX_COURIER_H

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/sandbox/due.h"
#include "cmd/sandbox/provider.h"

#define COURIER_ASIDE_MS 30000 /* an event that is to come late waits so long for the one that overtakes it */

struct sandbox;

/* A moment of a payout, or of something else, that a provider tells of; which there are is its own affair. */
struct announcement {
	enum provider_id provider;
	const void *item;
	unsigned moment;
};

/* One event for one receiver. */
struct parcel {
	struct parcel *self; /* how a heap of const items gives it back */
	enum provider_id provider;
	char *url;
	struct buf head; /* header lines, each ended by CR LF */
	struct buf body;
	unsigned made; /* deliveries that failed */
};

struct courier {
	struct arena memory; /* of announcements */
	struct due announcements;
	struct parcel **ready; /* in the order of their events */
	size_t first;
	size_t count; /* from first on */
	size_t cap;
	struct due retries;
	struct parcel *aside[PROVIDER_COUNT];
	int64_t aside_until_ms[PROVIDER_COUNT];
	unsigned clears; /* how often it was cleared: a delivery under way can tell */
};

/* Lets the provider tell of an item's moment when it comes. The item lives until a reset. */
void courier_announce(
	struct courier *courier, enum provider_id provider, const void *item, unsigned moment, int64_t at_ms);
/* Hands what is due to the providers. */
void courier_settle(struct sandbox *sandbox);

/* Takes the parcel; head and body are its own from now on. A staged fault may double it or put it aside. type is what
 * a fault's path is the end of. */
void courier_send(struct sandbox *sandbox, enum provider_id provider, const char *type, struct text url,
	struct buf *head, struct buf *body);
/* The next parcel to be delivered, now the caller's; NULL: none is due. */
struct parcel *courier_take(struct courier *courier, int64_t now_ms);
/* It was answered with an HTTP status, or not at all (0): it is over, or will be tried again. Takes the parcel. */
void courier_done(struct sandbox *sandbox, struct parcel *parcel, unsigned status);
void parcel_free(struct parcel *parcel);

/* When something is next to be done; INT64_MAX: nothing waits. */
int64_t courier_next_ms(const struct courier *courier);

void courier_clear(struct courier *courier);
void courier_release(struct courier *courier);

#endif
