/*
 * What the files of the calypso half share. Floor 5, sandbox. Written from providers/calypso.md alone; what that page
 * leaves open is marked "assumed" where it is decided.
 */
#ifndef SANDBOX_CALYPSO_H
#define SANDBOX_CALYPSO_H

#include <openssl/evp.h>

#include "cmd/sandbox/decimal.h"
#include "cmd/sandbox/due.h"
#include "cmd/sandbox/list.h"
#include "cmd/sandbox/request.h"
#include "cmd/sandbox/sandbox.h"
#include "cmd/sandbox/uuid.h"

#define CALYPSO_KEY "sandbox-calypso"
#define CALYPSO_SECRET "sandbox-calypso-secret"
#define CALYPSO_ACCOUNT "0x00000000000000000000000000000000000000aa"

#define CALYPSO_SIGN_HEX 128 /* HMAC-SHA512 in hex */

/* The error table (section 2.8), by the codes this half gives. */
enum calypso_error {
	CALYPSO_INTERNAL = 0,
	CALYPSO_BAD_REQUEST,
	CALYPSO_INVALID_KEY,
	CALYPSO_WRONG_SIGN,
	CALYPSO_NOT_FOUND,
	CALYPSO_NOT_OWN_WALLET,
	CALYPSO_TIMESTAMP,
	CALYPSO_BLOCKCHAIN,
	CALYPSO_KEY_EXISTS,
};

/* A subscription to webhooks (section 2.7). */
struct calypso_subscription {
	char request_id[UUID_SIZE]; /* the client's name for it */
	struct text url;
	const struct text *types;
	size_t type_count;
	bool payouts; /* its services have PAYOUT */
	char public_key[UUID_SIZE];
	char secret_key[UUID_SIZE];
	int64_t created_utc_ms;
	bool deleted;
};

struct calypso_state {
	EVP_MAC_CTX *mac;    /* keyed with the secret */
	struct arena memory; /* of subscriptions */
	struct list subscriptions;
	struct map subscriptions_by_id;
	int64_t last_id;     /* the next payout gets one more */
	struct due giveback; /* payouts whose money comes back when they fail, by due time */
};

/* One authenticated call. */
struct calypso_call {
	struct sandbox *sandbox;
	struct calypso_state *state;
	const struct request *request;
	struct response *response;
	const json_t *payload; /* NULL: none was sent */
};

/* Answers with the provider's own error envelope, and returns false so that a check reads well. The one place that
 * ties codes to HTTP statuses: 500 with 000, 400 with the rest (assumed; section 2.8). */
bool calypso_refuse(struct response *response, enum calypso_error error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Lower-case hex of HMAC-SHA512 over the bytes. */
void calypso_sign(EVP_MAC_CTX *mac, struct text bytes, char out[CALYPSO_SIGN_HEX + 1]);
/* A context keyed with a secret's text bytes. */
EVP_MAC_CTX *calypso_mac_new(const char *secret);

/* The operations. */
void calypso_account(struct calypso_call *call);
void calypso_fee(struct calypso_call *call);
void calypso_create(struct calypso_call *call);
void calypso_find(struct calypso_call *call);

void calypso_subscription_list(struct calypso_call *call);
void calypso_subscription_create(struct calypso_call *call);
void calypso_subscription_delete(struct calypso_call *call);

/* The moments of a payout that webhooks tell of. */
enum calypso_moment { CALYPSO_MADE = 0, CALYPSO_UNDER_WAY, CALYPSO_ENDED };
/* All of a payout that was just made, where somebody listens. */
void calypso_webhook_plan(struct calypso_call *call, const struct payout *payout);
void calypso_webhook_announce(struct sandbox *sandbox, const void *item, unsigned moment);
extern const struct delivery calypso_delivery;
/* "0x..." or null: the network's name for it, known once it is on its way. */
void calypso_hash_write(struct buf *body, const struct payout *payout, const char *state);
/* True when its balance could not pay it. */
bool calypso_payout_short(const struct payout *payout);

/* Brings back the money of payouts that have failed by now; before any look at a balance. */
void calypso_giveback(struct sandbox *sandbox, struct calypso_state *state);
const char *calypso_payout_state(const struct payout *payout, int64_t now_ms);

/* Currencies and the addresses of their networks (section 2.9). */
struct calypso_currency {
	const char *code;
	unsigned network; /* of calypso_currency.c */
	unsigned places;  /* decimals of the chain (assumed defaults of section 2.9) */
};

/* NULL: not in the table. */
const struct calypso_currency *calypso_currency_find(struct text code);
/* By index; NULL after the last. */
const struct calypso_currency *calypso_currency_at(size_t index);

enum calypso_fit {
	CALYPSO_FITS = 0,
	CALYPSO_OTHER_NETWORK, /* an address, but of another network */
	CALYPSO_NO_ADDRESS,
};
/* Light: form and alphabet, no checksums. */
enum calypso_fit calypso_address_fit(const struct calypso_currency *currency, struct text address);

#endif
