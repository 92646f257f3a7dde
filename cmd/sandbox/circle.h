/*
 * What the files of the circle half share. Floor 5, sandbox. Written from providers/circle.md alone; what that page
 * leaves open is marked "assumed" where it is decided. Section numbers (A1 ...) are that page's.
 */
#ifndef SANDBOX_CIRCLE_H
#define SANDBOX_CIRCLE_H

#include <openssl/evp.h>

#include "base/arena.h"
#include "cmd/sandbox/decimal.h"
#include "cmd/sandbox/due.h"
#include "cmd/sandbox/list.h"
#include "cmd/sandbox/request.h"
#include "cmd/sandbox/sandbox.h"
#include "cmd/sandbox/uuid.h"

#define CIRCLE_KEY "SANDBOX_CIRCLE_KEY"
#define CIRCLE_MASTER_WALLET "1000000001"
#define CIRCLE_PAGE_MAX 50 /* default and cap of pageSize (assumed; A13) */

/* The Circle company an account belongs to; it decides what a stablecoin payout must say (A10). */
enum circle_entity { CIRCLE_LLC = 0, CIRCLE_SG, CIRCLE_FR };

/* The three payout products of A1. */
enum circle_product { CIRCLE_BUSINESS = 0, CIRCLE_LEGACY, CIRCLE_BOOK };

/* How a payout will end; known when it is made, shown in time. */
enum circle_outcome {
	CIRCLE_COMPLETE = 0,
	CIRCLE_COMPLETE_RETURNED, /* complete, and the money comes back later */
	CIRCLE_FAILED_RETURNED,
	CIRCLE_FAILED,
	CIRCLE_DENIED, /* the travel rule: risk reason 3220 */
};

/* Numeric error codes (A9) that this half gives; HTTP statuses stand beside them in circle_answer.c. */
enum circle_code {
	CIRCLE_INVALID_ENTITY = 2,
	CIRCLE_FORBIDDEN = 3,
	CIRCLE_KEY_BOUND = 1083,
	CIRCLE_COUNTRY_FORMAT = 1100,
	CIRCLE_COUNTRY_UNKNOWN = 1101,
	CIRCLE_DISTRICT_LENGTH = 1106,
	CIRCLE_COUNTRY_UNSUPPORTED = 1108,
	CIRCLE_DISTRICT_WRONG = 1112,
	CIRCLE_RECIPIENT_EXISTS = 2003,
	CIRCLE_CHAIN_UNSUPPORTED = 2005,
	CIRCLE_IDENTITY_MISSING = 2024,
	CIRCLE_OWNERSHIP_MISSING = 2025,
	CIRCLE_VASP_MISSING = 2026,
	CIRCLE_OWNERSHIP_TYPE = 2027,
	CIRCLE_CUSTODY_TYPE = 2028,
	CIRCLE_CUSTODY_MISSING = 2029,
	CIRCLE_VASP_WRONG = 2030,
	CIRCLE_IDENTITY_TYPE = 2031,
	CIRCLE_FIRST_NAME_MISSING = 2032,
	CIRCLE_LAST_NAME_MISSING = 2033,
	CIRCLE_BUSINESS_NAME_MISSING = 2034,
	CIRCLE_VASP_NOT_ALLOWED = 2035,
	CIRCLE_IDENTITY_FIXED = 2036,
	CIRCLE_OWNERSHIP_FIXED = 2037,
	CIRCLE_PAYOUT_UNKNOWN = 5001,
	CIRCLE_AMOUNT_NOT_POSITIVE = 5002,
	CIRCLE_DESTINATION_INACTIVE = 5003,
	CIRCLE_DESTINATION_UNKNOWN = 5004,
	CIRCLE_WALLET_UNKNOWN = 5005,
	CIRCLE_FUNDS_SHORT = 5006,
	CIRCLE_CURRENCY_UNSUPPORTED = 5007,
	CIRCLE_ADDRESS_INVALID = 5011,
	CIRCLE_SEARCH_MIXED = 5012,
	CIRCLE_SEARCH_WALLET = 5013,
	CIRCLE_ADDRESS_CHAIN = 5014,
	CIRCLE_PURPOSE_WRONG = 5020,
};

/* What the ledger has no column for; in the ledger's memory. A text without a pointer is null or was not given. */
struct circle_detail {
	enum circle_product product;
	enum circle_outcome outcome;
	size_t index; /* in its list */
	struct text wallet;
	struct text destination_name;
	struct decimal fee;    /* dollars */
	struct text to_amount; /* decimal digits */
	struct text to_currency;
	struct text purpose;
	struct text identities; /* JSON */
	struct text chain;
};

/* A linked bank account (A6); in the state's memory. The account number itself is not kept: it is never shown. */
struct circle_wire {
	bool legacy; /* made below /v1/banks, not /v1/businessAccount/banks */
	struct text id;
	struct text description;
	struct text tracking_ref;
	struct text fingerprint;
	struct text billing; /* JSON */
	struct text bank;    /* JSON */
	int64_t created_utc_ms;
	int64_t due_ms; /* sandbox clock: complete from then on */
};

/* An address book recipient (A5); in the state's memory, where one was made or changed. */
struct circle_recipient {
	struct text id;
	struct text chain;
	struct text address;
	struct text tag;
	struct text metadata;  /* JSON */
	struct text identity;  /* JSON */
	struct text ownership; /* JSON */
	int64_t created_utc_ms;
	int64_t updated_utc_ms;
	int64_t due_ms; /* sandbox clock: active from then on */
	bool inactive;
	bool deleted;
};

/* One of the two regions that a subscription is confirmed in (A17). */
struct circle_region {
	char arn[160];
	char token[UUID_SIZE];
	bool confirmed;
};

#define CIRCLE_REGIONS 2
struct circle_subscription {
	struct circle_subscription *self; /* how a list of const items gives it back */
	char id[UUID_SIZE];
	struct text endpoint;
	const char *host; /* as its subscriber calls this program; NULL: it did not say */
	struct circle_region regions[CIRCLE_REGIONS];
	bool deleted;
};

/* What signs notifications; made when it is first needed. */
struct circle_signer {
	EVP_PKEY *key;
	struct buf certificate; /* PEM */
};

struct circle_state {
	struct circle_signer signer;
	struct list subscriptions;
	struct arena memory; /* of all below */
	struct map keys;     /* idempotency (A12) */
	struct list business;
	struct list payouts; /* of /v1/payouts, both products */
	struct list wires;
	struct map wires_by_id;
	struct list recipients;
	struct map recipients_by_id;
	struct due credits; /* money that comes to a wallet: returns, failures, mocked deposits */
};

/* One call. */
struct circle_call {
	struct sandbox *sandbox;
	struct circle_state *state;
	const struct request *request;
	struct response *response;
	const json_t *root; /* the body of a POST or PATCH */
	enum circle_entity entity;
	bool legacy;    /* the older of two like paths */
	struct text id; /* of the path */
	char key[UUID_LEN];
	unsigned char digest[32]; /* of what the key is bound to */
	struct buf errors;        /* elements of "errors" */
	struct buf message;
	size_t error_count;
};

/* --- answers: circle_answer.c --- */

/* Answers {"code", "message"}; returns false so that a check reads well. */
bool circle_refuse(struct circle_call *call, enum circle_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The errors that bear their HTTP status as code. */
void circle_refuse_status(struct response *response, unsigned status, const char *message);
/* Starts {"data":; the caller writes the value and then circle_data_end. */
struct buf *circle_data(struct circle_call *call, unsigned status);
void circle_data_end(struct circle_call *call);
/* ,"name":"text" or ,"name":null where there is no text. */
void circle_member(struct buf *body, const char *name, struct text text);
/* As circle_member, of JSON. */
void circle_member_json(struct buf *body, const char *name, struct text json);
void circle_member_date(struct buf *body, const char *name, int64_t utc_ms);
/* {"amount":"12.50","currency":"USD"}: at least two decimals. */
void circle_money(struct buf *body, struct text amount, struct text currency);
void circle_decimal(struct buf *body, struct decimal amount, struct text currency);

/* --- validation: circle_check.c --- */

/* Notes one error of the body; constraints is JSON or NULL. */
void circle_wrong(struct circle_call *call, const char *error, const char *location, const json_t *value,
	const char *constraints, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* True when no error was noted; else answers 400, code 2 with all of them. */
bool circle_checked(struct circle_call *call);

struct circle_field {
	const char *name;
	bool required;
	unsigned max; /* code points */
};

/* A string member; no pointer where it is missing, null or wrong. prefix is "" or "amount.". */
struct text circle_string(
	struct circle_call *call, const json_t *object, const char *prefix, const struct circle_field *field);
/* An object member; NULL where it is missing, null or wrong. */
const json_t *circle_object(
	struct circle_call *call, const json_t *object, const char *prefix, const char *name, bool required);
/* Reads string members and, when echo is given, writes those that are there into it as one JSON object. */
void circle_fields(struct circle_call *call, const json_t *object, const char *prefix,
	const struct circle_field *fields, size_t count, struct buf *echo);
/* An amount as text: digits, a point, one or two digits (assumed; A4). *negative when a minus stands before it. */
bool circle_amount_parse(struct text text, struct decimal *amount, bool *negative);
/* Country code and district of an address (codes 1100 to 1112); location for messages. False after the refusal. */
bool circle_place_check(struct circle_call *call, const json_t *address, const char *location, bool district_required);
bool circle_country_known(struct text country);
bool circle_digits(struct text text, size_t min, size_t max);

/* --- idempotency: circle_key.c --- */

/* Reads idempotencyKey. False after an answer: the key is missing, spent on another request, or its first result. */
bool circle_key_take(struct circle_call *call);
/* The request was executed: its key is bound to a payout, or to the answer at hand (payout NULL). */
void circle_key_bind(struct circle_call *call, const struct payout *payout);

/* --- lists and paging: circle_list.c --- */

/* What is listed: a list of which each item may match. filter is passed through. */
struct circle_query {
	const struct list *list;
	const void *filter;
	/* The index of an item by its id; false: not in the list. */
	bool (*find)(const struct circle_call *call, struct text id, size_t *index);
	bool (*match)(const struct circle_call *call, const void *item, const void *filter);
	int64_t (*created_ms)(const void *item);
	void (*id)(const void *item, char out[UUID_SIZE]);
	void (*write)(const struct circle_call *call, struct buf *body, const void *item);
};
/* Answers the page that the arguments ask for, newest first, with a Link header. */
void circle_list_answer(struct circle_call *call, const struct circle_query *query);
/* True when an argument is missing or one of its values is this one. */
bool circle_argument_allows(const struct request *request, const char *name, struct text value);

/* --- wallets: circle_wallet.c --- */

bool circle_currency_fiat(struct text currency);
bool circle_balance_known(struct text name);
/* Fees are in dollars, and the master wallet pays them, whichever is the source (A4, A7). */
bool circle_fee_known(struct text name);
/* NULL: no such wallet. */
struct balance *circle_balance(struct sandbox *sandbox, struct text wallet, struct text currency);
/* Money that comes to a balance at a moment of the sandbox's clock. */
void circle_credit_add(struct circle_state *state, struct balance *balance, struct decimal amount, int64_t at_ms);
/* Brings in what is due; before any look at a balance. */
void circle_credits_settle(struct circle_call *call);
void circle_ping(struct circle_call *call);
void circle_configuration(struct circle_call *call);
void circle_balances(struct circle_call *call);
void circle_mock_wire(struct circle_call *call);

/* --- bank accounts: circle_wire.c, circle_wire_check.c --- */

/* A creation body as it was read; release it. */
struct circle_wire_order {
	struct buf billing;
	struct buf bank;
	struct text bank_name;
	struct text account; /* account number or IBAN */
	struct text routing;
};
/* False after an answer. */
bool circle_wire_read(struct circle_call *call, struct circle_wire_order *order);
void circle_wire_order_release(struct circle_wire_order *order);
/* Pure: an ABA routing number, a BIC (ISO 9362), an IBAN (ISO 13616) with their checks. */
bool circle_aba_valid(struct text text);
bool circle_bic_valid(struct text text);
bool circle_iban_valid(struct text text);
/* True where the country list wants an IBAN (A6). */
bool circle_country_iban(struct text country);

/* NULL: not there. */
const struct circle_wire *circle_wire_find(const struct circle_state *state, struct text id, bool legacy);
void circle_wire_create(struct circle_call *call);
void circle_wire_get(struct circle_call *call);
void circle_wire_list(struct circle_call *call);
void circle_wire_instructions(struct circle_call *call);

/* --- address book: circle_recipient.c, circle_recipient_check.c --- */

enum circle_recipient_status {
	CIRCLE_RECIPIENT_UNKNOWN = 0,
	CIRCLE_RECIPIENT_PENDING,
	CIRCLE_RECIPIENT_INACTIVE,
	CIRCLE_RECIPIENT_ACTIVE,
};
enum circle_recipient_status circle_recipient_find(
	const struct circle_call *call, struct text id, struct circle_recipient *recipient, char key[UUID_LEN]);
/* Reads a creation body into texts of the document and of the state's memory. False after an answer. */
bool circle_recipient_read(struct circle_call *call, struct circle_recipient *recipient);
/* Reads metadata into the state's memory. False after an answer. */
bool circle_metadata_read(struct circle_call *call, struct text *metadata);
bool circle_address_fits(struct text chain, struct text address);
/* Its payouts from a limit on need the originator's identities (A10). */
bool circle_chain_travels(struct text chain);
void circle_recipient_create(struct circle_call *call);
void circle_recipient_get(struct circle_call *call);
void circle_recipient_list(struct circle_call *call);
void circle_recipient_patch(struct circle_call *call);
void circle_recipient_delete(struct circle_call *call);
void circle_vasps(struct circle_call *call);
/* True for the id of a VASP in that list. */
bool circle_vasp_known(struct text id);

/* --- payouts: circle_payout.c, circle_order.c, circle_view.c --- */

/* A creation body as it was read; texts are the document's or in the buffers. Release it. */
struct circle_order {
	struct payout payout;
	struct circle_detail detail;
	struct decimal amount;
	char id[UUID_SIZE];
	char destination[UUID_LEN];
	struct buf amount_text;
	struct buf to_amount_text;
	struct buf identities;
};
/* False after an answer. */
bool circle_order_read(struct circle_call *call, struct circle_order *order);
void circle_order_release(struct circle_order *order);
bool circle_purpose_known(struct text purpose);
/* Test amounts (A16) and the travel rule (A10). */
enum circle_outcome circle_outcome_of(
	enum circle_entity entity, const struct circle_detail *detail, struct decimal amount);

const char *circle_payout_state(const struct payout *payout, int64_t now_ms);
/* When its money is back in the wallet; false: never. */
bool circle_payout_credit_ms(const struct payout *payout, int64_t *at_ms);
/* True once the return object is there. */
bool circle_return_shown(const struct payout *payout, int64_t now_ms);
void circle_return_write(struct buf *body, const struct payout *payout, int64_t now_ms);

enum circle_view { CIRCLE_VIEW_WHOLE = 0, CIRCLE_VIEW_LISTED, CIRCLE_VIEW_IDENTITIES };
void circle_payout_write(
	struct buf *body, const struct payout *payout, enum circle_view view, int64_t now_ms, const char *wrong);
/* The answer of a create: as it was then, at every look. */
void circle_payout_created(struct circle_call *call, const struct payout *payout);

void circle_payout_create(struct circle_call *call);
void circle_payout_get(struct circle_call *call);
void circle_payout_list(struct circle_call *call);
void circle_return_list(struct circle_call *call);

/* --- notifications: circle_subscription.c, circle_notice.c, circle_signer.c --- */

/* What notifications tell of. */
enum circle_moment {
	CIRCLE_PAYOUT_MADE = 0,
	CIRCLE_PAYOUT_SETTLED,
	CIRCLE_RETURN_BEGUN,
	CIRCLE_RETURN_ENDED,
	CIRCLE_WIRE_CHANGED,
	CIRCLE_RECIPIENT_CHANGED,
};

void circle_subscription_create(struct circle_call *call);
void circle_subscription_list(struct circle_call *call);
void circle_subscription_delete(struct circle_call *call);
/* What SubscribeURL and SigningCertURL lead to. */
void circle_subscription_confirm(struct circle_call *call);
void circle_certificate(struct circle_call *call);

/* The arn of the region that notifications come from, which is the first confirmed one (assumed); NULL: none. */
const char *circle_subscription_arn(const struct circle_subscription *subscription);
/* True when somebody listens. */
bool circle_subscription_any(const struct circle_state *state);
/* The confirmation request of one region. */
void circle_notice_confirm(
	struct sandbox *sandbox, const struct circle_subscription *subscription, const struct circle_region *region);
void circle_notice_plan_payout(struct circle_call *call, const struct payout *payout);
/* Of a bank account or a recipient that was just made. */
void circle_notice_plan(struct circle_call *call, const void *item, enum circle_moment moment, int64_t due_ms);
void circle_notice_announce(struct sandbox *sandbox, const void *item, unsigned moment);
extern const struct delivery circle_delivery;

/* Base 64 of an RSA signature with SHA-1, as SignatureVersion 1 has it. */
void circle_sign(struct circle_signer *signer, struct text text, struct buf *out);
/* The certificate of its key. */
struct text circle_signer_certificate(struct circle_signer *signer);
void circle_signer_release(struct circle_signer *signer);

/* When a return begins and ends; false: there is none. */
bool circle_return_span(const struct payout *payout, int64_t *begin_ms, int64_t *end_ms);
void circle_wire_write(const struct circle_call *call, struct buf *body, const struct circle_wire *wire);
void circle_recipient_write(const struct circle_call *call, struct buf *body, const void *item);

#endif
