/*
 * One simulated provider: a const struct at the top of its file. Floor 5, sandbox.
 * handle() is given every request below the base path, whatever its method, and must answer it. State that a provider
 * keeps for itself is made by open() and handed back through sandbox_state().
 */
#ifndef SANDBOX_PROVIDER_H
#define SANDBOX_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

struct payout;
struct request;
struct response;
struct sandbox;

enum provider_id { PROVIDER_CIRCLE = 0, PROVIDER_MOLLIE, PROVIDER_PONTIS, PROVIDER_CALYPSO };
#define PROVIDER_COUNT 4

/* How its webhooks are delivered. */
struct delivery {
	unsigned status_from; /* of success */
	unsigned status_to;
	/* Milliseconds until the next try after so many that failed; negative: there is none. */
	int64_t (*retry_ms)(unsigned made);
};

struct provider {
	enum provider_id id;
	const char *name;      /* as in --balance, the ledger and the faults */
	const char *base_path; /* "/calypso"; no slash at the end */

	void *(*open)(void);        /* its own state; aborts when it can't */
	void (*reset)(void *state); /* as if just opened, but ids already given are never given again */
	void (*close)(void *state);

	void (*handle)(struct sandbox *sandbox, const struct request *request, struct response *response);
	/* The answer of a staged 401: the provider's own error envelope. */
	void (*unauthorized)(struct response *response);
	/* The body of a staged 429 in the provider's own envelope; NULL: {"error": "..."}. */
	void (*throttled)(struct response *response);
	/* A request is held up before its answer (true), or is no longer (false); NULL: it makes no difference. */
	void (*hold)(struct sandbox *sandbox, const struct request *request, bool held);
	/* Ends every session before its time; NULL: it has none. */
	void (*expire)(void *state);
	/* Sends the webhooks of an item's moment that has come (courier.h); NULL, and no delivery: it has none here.
	 */
	void (*announce)(struct sandbox *sandbox, const void *item, unsigned moment);
	const struct delivery *delivery;
	/* The state of one of its payouts at a moment of the sandbox's clock, in the provider's words. */
	const char *(*state)(const struct payout *payout, int64_t now_ms);
	/* True when --balance may name it. */
	bool (*balance_known)(struct text name);
	/* True when --fee may name it; NULL: it tells no fees. */
	bool (*fee_known)(struct text name);
};

/* By id. */
extern const struct provider *const providers[PROVIDER_COUNT];

/* NULL: no such provider is simulated. */
const struct provider *provider_named(struct text name);
const struct provider *provider_of_path(const char *path);
/* "calypso or ...", for messages. */
const char *provider_names(void);

extern const struct provider provider_circle;
extern const struct provider provider_mollie;
extern const struct provider provider_pontis;
extern const struct provider provider_calypso;

#endif
