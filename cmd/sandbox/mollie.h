/*
 * What the files of the mollie half share. Floor 5, sandbox. Written from providers/mollie.md alone; what that page
 * leaves open is marked "assumed" where it is decided. Section numbers (B1 ...) are that page's.
 */
#ifndef SANDBOX_MOLLIE_H
#define SANDBOX_MOLLIE_H

#include "base/arena.h"
#include "cmd/sandbox/decimal.h"
#include "cmd/sandbox/due.h"
#include "cmd/sandbox/list.h"
#include "cmd/sandbox/request.h"
#include "cmd/sandbox/sandbox.h"

#define MOLLIE_KEY "test_sandbox_mollie"
#define MOLLIE_LIVE_KEY "live_sandbox_mollie"
#define MOLLIE_TOKEN "access_sandbox_mollie"
#define MOLLIE_PRIMARY "bal_primary"
#define MOLLIE_KEY_MS (60 * 60 * 1000) /* how long an idempotency key is known (B8) */
#define MOLLIE_PAGE_MAX 250            /* B10 */
#define MOLLIE_PAGE_DEFAULT 50
#define MOLLIE_DESCRIPTION_MAX 255           /* B4; characters (assumed) */
#define MOLLIE_ID_LEN 28                     /* below the 32 of B5 */
#define MOLLIE_MOMENT_CANCELED MOLLIE_PHASES /* other moments are phases */

/* Two worlds that do not see each other (B2). */
enum mollie_mode { MOLLIE_TEST = 0, MOLLIE_LIVE };

/* B5. */
enum mollie_status {
	MOLLIE_REQUESTED = 0,
	MOLLIE_INITIATED,
	MOLLIE_PROCESSING,
	MOLLIE_COMPLETED,
	MOLLIE_FAILED,
	MOLLIE_CANCELED,
};

/* What a payout passes through. Its time, --settle-after, is cut at the half, three quarters, the whole and the double.
 */
#define MOLLIE_PHASES 5
struct mollie_course {
	const char *word; /* "sandbox WORD" in the description asks for it (assumed; B13 names amounts alone) */
	enum mollie_status statuses[MOLLIE_PHASES];
	const char *reason; /* statusReason.code of failed */
};

/* One of the sender's own balances. */
struct mollie_balance {
	struct text id;
	const char *currency;
	enum mollie_mode mode;
	struct balance *money;
	struct list payouts; /* from it */
};

/* What the ledger has no column for; in its memory. */
struct mollie_payout {
	const struct payout *entry;
	struct mollie_balance *balance;
	struct decimal amount;
	struct text description; /* no pointer: null */
	const struct mollie_course *course;
	bool charged; /* its money has left the balance */
	bool canceled;
	int64_t canceled_ms; /* sandbox clock */
};

/* A subscription (B11). */
struct mollie_webhook {
	struct text id;
	struct text name;
	struct text url;
	struct text secret;
	const char *host; /* as its subscriber calls this program; NULL: it did not say */
	const struct text *types;
	size_t type_count;
	enum mollie_mode mode;
	int64_t created_utc_ms;
	bool deleted;
};

/* What happened to a payout, or a test of a webhook. */
struct mollie_event {
	struct text id;
	const char *type;
	enum mollie_mode mode;
	const struct mollie_payout *payout; /* NULL: a test */
	int64_t at_ms;                      /* of the payout's moment */
	int64_t created_utc_ms;
	struct text entity_id;
};

/* One idempotency key. */
struct mollie_key {
	struct text key;
	unsigned running;                   /* requests that have come and are not answered yet */
	bool answered;                      /* the rest is there */
	int64_t answered_ms;                /* sandbox clock */
	unsigned char digest[32];           /* of endpoint and parameters */
	const struct mollie_payout *payout; /* its creation is the answer; else: */
	unsigned status;
	struct text body;
};

struct mollie_state {
	struct arena memory; /* of balances and keys */
	struct map keys;     /* struct mollie_key */
	struct map balances; /* by mode and id */
	struct list balance_list;
	struct map payouts_by_id;
	struct list payouts;
	struct list webhooks;
	struct map webhooks_by_id;
	struct map events;
	struct due moves; /* payouts whose money is taken or comes back */
};

/* One call. */
struct mollie_call {
	struct sandbox *sandbox;
	struct mollie_state *state;
	const struct request *request;
	struct response *response;
	const json_t *root; /* the body of a POST or PATCH; NULL: none came */
	bool token;         /* it came with an access token, not with an API key */
	enum mollie_mode mode;
	struct text id; /* of the path */
	unsigned char digest[32];
	const struct mollie_payout *created; /* what the answer tells of */
};

/* --- answers: mollie_answer.c --- */

/* The error envelope of B7; field NULL: not one field is at fault. Returns false so that a check reads well. */
bool mollie_refuse(struct response *response, unsigned status, const char *field, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Starts an answer of HAL; the caller adds the body. */
struct buf *mollie_answer(struct mollie_call *call, unsigned status);
/* {"currency":"EUR","value":"12.50"} */
void mollie_money(struct buf *body, struct decimal amount, struct text currency);
/* "2024-03-20T09:13:37+00:00", with its quotes. */
void mollie_date(struct buf *body, int64_t utc_ms);
/* "self":{"href":"http://HOST/mollie/v2/RESOURCES/ID","type":"application/hal+json"} */
void mollie_link_self(const struct mollie_call *call, struct buf *body, const char *resources, struct text id);
/* ,"documentation":{...} of a page of the reference. */
void mollie_link_documentation(struct buf *body, const char *page);

/* --- idempotency: mollie_key.c --- */

/* Of a POST, after its body was read. False after an answer: a replay, 400 or 409. */
bool mollie_key_take(struct mollie_call *call);
/* Keeps the answer under the key, if there is one and the answer is one to be kept. */
void mollie_key_keep(struct mollie_call *call);
/* A request is held up before its answer, or no longer. */
void mollie_key_hold(struct sandbox *sandbox, const struct request *request, bool held);

/* --- lists: mollie_list.c --- */

/* What is listed: items, oldest first, of which each may match. */
struct mollie_query {
	const char *resources; /* "payouts" */
	const char *page;      /* of the reference */
	bool sortable;
	const struct list *list;
	bool (*match)(const struct mollie_call *call, const void *item);
	struct text (*id)(const void *item);
	void (*write)(const struct mollie_call *call, struct buf *body, const void *item);
};
void mollie_list_answer(struct mollie_call *call, const struct mollie_query *query);

/* --- balances: mollie_balance.c --- */

bool mollie_balance_known(struct text name);
/* True for a currency that a balance can have (B6). */
bool mollie_currency_known(struct text currency);
/* The last payout from it; NULL: it was never paid from. */
const struct mollie_payout *mollie_balance_last(const struct mollie_balance *balance);
/* NULL: nobody has asked for it yet, or there is none of this id. */
struct mollie_balance *mollie_balance_seen(const struct mollie_call *call, struct text id);
/* NULL: there is none of this id. wanted, or no text, is the currency of a balance nobody has asked for yet. */
struct mollie_balance *mollie_balance_find(struct mollie_call *call, struct text id, struct text wanted);
void mollie_balance_list(struct mollie_call *call);
void mollie_balance_get(struct mollie_call *call);

/* --- payouts: mollie_payout.c, mollie_order.c, mollie_course.c, mollie_view.c --- */

/* A creation body as it was read; texts are the document's. */
struct mollie_order {
	struct mollie_payout payout;
	struct payout entry;
	char id[MOLLIE_ID_LEN + 1];
	struct buf digits;
};
/* False after an answer. */
bool mollie_order_read(struct mollie_call *call, struct mollie_order *order);
/* What a description asks for: a refusal of the creation. True after it. */
bool mollie_refusal_staged(struct mollie_call *call, struct text description);
const struct mollie_course *mollie_course_of(struct decimal amount, struct text description);
/* What follows "sandbox " in a description, up to the next space; the empty text where it does not begin so. */
struct text mollie_word(struct text description);

/* Sandbox clock: when a phase begins; 0 is the creation. */
int64_t mollie_phase_ms(const struct payout *entry, unsigned phase);
enum mollie_status mollie_status(const struct mollie_payout *payout, int64_t now_ms);
const char *mollie_payout_state(const struct payout *payout, int64_t now_ms);
void mollie_payout_write(const struct mollie_call *call, struct buf *body, const struct mollie_payout *payout,
	bool listed, int64_t now_ms);
/* The answer of a create: as it was then, at every look. */
void mollie_payout_created(struct mollie_call *call, const struct mollie_payout *payout);

/* Takes and gives back what is due; before any look at a balance. */
void mollie_money_settle(struct mollie_call *call);
void mollie_payout_create(struct mollie_call *call);
void mollie_payout_get(struct mollie_call *call);
void mollie_payout_list(struct mollie_call *call);
void mollie_payout_cancel(struct mollie_call *call);

/* --- webhooks and events: mollie_webhook.c, mollie_event.c --- */

/* An id: the prefix and random digits and letters, MOLLIE_ID_LEN in all: nothing has to be remembered for ids to stay
 * new. */
void mollie_id_make(const char *prefix, char out[MOLLIE_ID_LEN + 1]);
/* Real time of a moment of the sandbox's clock, as if both had run alike since the payout's creation. */
int64_t mollie_moment_utc_ms(const struct payout *entry, int64_t at_ms);
/* True when somebody listens in this mode. */
bool mollie_webhook_any(const struct mollie_state *state, enum mollie_mode mode);
void mollie_webhook_create(struct mollie_call *call);
void mollie_webhook_list(struct mollie_call *call);
void mollie_webhook_get(struct mollie_call *call);
void mollie_webhook_update(struct mollie_call *call);
void mollie_webhook_delete(struct mollie_call *call);
void mollie_webhook_ping(struct mollie_call *call);

extern const struct delivery mollie_delivery;
/* All moments of a payout that was just made, where somebody listens. */
void mollie_event_plan(struct mollie_call *call, const struct mollie_payout *payout);
void mollie_event_announce(struct sandbox *sandbox, const void *item, unsigned moment);
void mollie_event_ping(struct mollie_call *call, const struct mollie_webhook *webhook);
void mollie_event_get(struct mollie_call *call);

#endif
