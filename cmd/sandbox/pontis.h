/*
 * What the files of the pontis half share. Floor 5, sandbox. Written from providers/pontis.md alone; what that page
 * leaves open is marked "assumed" where it is decided.
 */
#ifndef SANDBOX_PONTIS_H
#define SANDBOX_PONTIS_H

#include "base/arena.h"
#include "cmd/sandbox/due.h"
#include "cmd/sandbox/request.h"
#include "cmd/sandbox/sandbox.h"
#include "cmd/sandbox/uuid.h"

#define PONTIS_API_KEY "sandbox-pontis"
#define PONTIS_EMAIL "ops@example.com"
#define PONTIS_PASSWORD "sandbox"
#define PONTIS_TOKEN_S 900 /* section 1.3 */

/* The rows of section 1.7, by the codes this half gives. */
enum pontis_error {
	PONTIS_INTERNAL = 0,
	PONTIS_VALIDATION,
	PONTIS_BAD_REQUEST,
	PONTIS_UNAUTHORIZED,
	PONTIS_WRONG_SIGNATURE, /* of the request: 401 */
	PONTIS_TOKEN_EXPIRED,
	PONTIS_FORBIDDEN,
	PONTIS_IP,
	PONTIS_SUSPENDED,
	PONTIS_NOT_FOUND,
	PONTIS_QUOTE_NOT_FOUND,
	PONTIS_QUOTE_USED,
	PONTIS_WALLET_FROZEN,
	PONTIS_TOO_LARGE,
	PONTIS_FUNDS,
	PONTIS_PAYOUT_LIMIT,
	PONTIS_DAILY_LIMIT,
	PONTIS_MONTHLY_LIMIT,
	PONTIS_QUOTE_EXPIRED,
	PONTIS_QUOTE_SIGNATURE, /* the same code as of a request's, 422 */
	PONTIS_RATE_MOVED,
	PONTIS_SCREENING,
	PONTIS_RATE_LIMITED,
};

struct pontis_state {
	unsigned char token_secret[32]; /* signs tokens; another one at every start */
	int64_t tokens;                 /* how many were given: the serial of the last */
	int64_t tokens_expired;         /* up to this serial they are over before their time */
	uint32_t last_id;
	struct due giveback;  /* payouts whose money comes back, by due time */
	struct map moved;     /* keys that were refused once with rate_moved */
	struct arena memory;  /* ... and their bytes */
	struct buf plaintext; /* of the request at hand */
};

/* One authenticated call. */
struct pontis_call {
	struct sandbox *sandbox;
	struct pontis_state *state;
	const struct request *request;
	struct response *response;
	const json_t *payload; /* an object */
};

/* Answers with the provider's own error envelope, and returns false so that a check reads well. */
bool pontis_refuse(struct response *response, enum pontis_error error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The error a payout is refused with whose code is this word (assumed triggers; help.c). False: none. */
bool pontis_refusal_named(struct text word, enum pontis_error *error);

/* A member that is a string of at least one byte; false after the refusal. */
bool pontis_string(struct pontis_call *call, const json_t *object, const char *name, struct text *text);

/* The operations. */
void pontis_login(struct pontis_call *call);
void pontis_create(struct pontis_call *call);
void pontis_find(struct pontis_call *call);

/* A token of section 1.3, and what one that came is worth. */
enum pontis_token { PONTIS_TOKEN_UNKNOWN = 0, PONTIS_TOKEN_OVER, PONTIS_TOKEN_GOOD };
void pontis_token_write(struct pontis_state *state, int64_t now_ms, struct buf *out);
enum pontis_token pontis_token_check(const struct pontis_state *state, struct text token, int64_t now_ms);

/* A create request as it was read. Texts live in the document or here. */
struct pontis_order {
	struct payout payout;
	struct decimal amount;
	unsigned course; /* of pontis_payout.c */
	struct text name;
	char key[UUID_LEN];
	char id[48];
	struct buf digits;
};

/* Section 1.4: the fields and those of the recipient; false after the refusal. pontis_order.c. */
bool pontis_order_read(struct pontis_call *call, struct pontis_order *order);

/* How a payout of this amount and recipient goes; section 1.8 and the assumed names. pontis_payout.c. */
unsigned pontis_course(struct text amount, struct text name);
/* What follows "sandbox " in a name, in any case; the empty text where it does not begin so. */
struct text pontis_name_word(struct text name);
const char *pontis_payout_state(const struct payout *payout, int64_t now_ms);

#endif
