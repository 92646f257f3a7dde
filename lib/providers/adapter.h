/*
 * The adapter contract: how one provider is spoken to. Floor 2.
 *
 * An adapter is one const struct at the top of one file. Per operation it has a pair of pure functions: build() makes a
 * request of a call, read() makes a receipt of an answer. They do not resend, sleep, journal, log or print, and are
 * tested from files without a network. What an answer means for the payout's state is decided by stages/ with PROTOCOL
 * section 4; the adapter only says what the provider said.
 */
#ifndef PROVIDERS_ADAPTER_H
#define PROVIDERS_ADAPTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/text.h"
#include "net/http.h"
#include "net/seal.h"
#include "values/channel.h"
#include "values/key.h"
#include "values/state.h"
#include "values/terms.h"

enum operation {
	OPERATION_SESSION = 0, /* log in (pontis) */
	OPERATION_PREPARE,     /* create the destination (circle) */
	OPERATION_CREATE,      /* pay */
	OPERATION_LOOKUP,      /* by key: did this attempt reach the provider? */
	OPERATION_LIST,
	OPERATION_STATUS, /* by provider id */
	OPERATION_CANCEL,
	OPERATION_FUNDS,       /* balances; also what --ping asks */
	OPERATION_DESTINATION, /* a destination by its id: may it be paid to? */
	OPERATION_FEES,        /* what payouts would cost besides their amounts */
	OPERATION_COUNT,
};

/* What the provider said. The zero is the cautious one. */
enum verdict {
	VERDICT_UNKNOWN = 0,     /* no definite answer */
	VERDICT_ACCEPTED,        /* success envelope with an id; status tells how far it is */
	VERDICT_REFUSED,         /* terminal for the row, in the provider's own error envelope */
	VERDICT_NOT_EXECUTED,    /* proven that nothing was done, and it may be sent again */
	VERDICT_CHANNEL_STOP,    /* nothing was done, and nothing else on this channel can work: code says why */
	VERDICT_NO_FUNDS,        /* empty balance or a limit of the channel: end of the queue, three in a row stop it */
	VERDICT_THROTTLED,       /* 429: not executed, wait */
	VERDICT_SESSION_EXPIRED, /* log in again */
	VERDICT_NOT_FOUND,       /* look-up: the provider has nothing of this key, conclusively */
	VERDICT_MISMATCH,        /* success that speaks of another payout (ANSWER_MISMATCH), or a key that belongs to
				    another request (KEY_COLLISION): unknown, and the channel stops */
};

/* FEES: what would a payout of this amount cost? */
struct fee_question {
	struct text currency;
	int64_t amount_minor;
	unsigned decimals;
};
#define FEE_QUESTIONS_MAX 100 /* of one request: some kilobytes */

/* What a call is about. Slices and pointers belong to the caller. */
struct call {
	const struct channel *channel;
	struct text content; /* canonical content of the payout (values/content.h): for freezing a payload */
	struct text reference;
	struct text currency;
	int64_t amount_minor;
	unsigned decimals;
	struct key key;
	struct text payload; /* frozen canonical request; all that build(CREATE) may use besides channel, key and now */
	struct text provider_id;        /* STATUS, CANCEL */
	struct text session;            /* token of a SESSION, where the provider has one */
	uint8_t nonce[SEAL_NONCE_SIZE]; /* where the adapter seals: drawn afresh for each build(), see seal_nonce() */
	const char *timezone;           /* in which an execution date begins that goes along; NULL: UTC */
	int64_t now_utc_ms;

	/* Destinations (PROTOCOL, section 6). PREPARE has the destination's own key, and what destination() wrote as
	 * payload; DESTINATION the same payload, where it is known, and the destination's id as provider_id. */
	struct text destination_id; /* for freeze(): of the prepared destination; empty where the row names its own */
	/* CREATE: provider_code of an earlier refusal of this key whose cause was cured since (the funds are seen to
	 * suffice, or a person says so); the same again is then KEY_SPENT (PROTOCOL, section 5). Empty: none such. */
	struct text cured_refusal;
	int64_t from_utc_ms, to_utc_ms; /* LIST: created in that time; 0: open */
	struct text cursor;             /* LIST, LOOKUP: next_cursor of the page before; empty: the first page */
	/* LOOKUP, where it reads a list (mollie): the earliest send of this key whose outcome is not proven, and the
	 * latest send of it at all. 0: none is known. */
	int64_t open_since_utc_ms, last_sent_utc_ms;
	const struct fee_question *fee_questions; /* FEES: at most FEE_QUESTIONS_MAX */
	size_t fee_question_count;
};

/* One payout of a provider's own list. */
struct listed {
	struct text provider_id, provider_status;
	enum payout_state state;
	struct text amount, currency; /* exact decimal text */
	struct text destination;      /* id or address, as the provider writes it */
	struct text description;
	int64_t created_utc_ms; /* 0: not told */
};

#define RECEIPT_BALANCES_MAX 32 /* of one answer */

/* What came back. Texts live in the arena. */
struct receipt {
	enum verdict verdict;
	struct text provider_id;
	struct text provider_status; /* the provider's own word */
	enum payout_state state;     /* of ACCEPTED: accepted, paid, failed, returned or canceled; never unknown */
	struct text provider_code;   /* the provider's own error code */
	const char *code;        /* operation code of the contract for a stop or a mismatch (CHANNEL_AUTH, ...) or "" */
	const char *reason_code; /* common vocabulary (ISO 20022 where it fits), or "" */
	struct text reason;      /* message for people, the provider's words, no secrets */
	const char *cure;        /* for a stop: what to do */
	struct text tracking_ref;      /* transaction hash, trace */
	struct text fee, fee_currency; /* exact decimal text */
	struct text target_amount, fx_rate, returned_amount;
	struct text session;        /* of SESSION: the token, a secret */
	int64_t session_expires_ms; /* of SESSION: UTC, the token is worth nothing from then on */
	bool replayed;              /* a marked replay: speaks for every earlier send of this key */
	bool stop_after;            /* accepted, and yet the channel stops (code says why): empty balance behind it */
	bool key_known;             /* the refusal says that the key exists already (calypso 016) */
	struct balance {
		struct text id; /* where the provider has several of one currency; else empty */
		struct text currency, amount;
		struct text pending; /* on its way in and not to be paid from; empty where the provider tells none */
	} balances[RECEIPT_BALANCES_MAX]; /* of FUNDS; with next_cursor there are more */
	int balance_count;
	/* Of FEES, one for each question and in their order, in the arena: the sender is debited amount and fee. */
	struct fee_answer {
		struct text amount, fee; /* exact decimal text */
	} * fees;
	size_t fee_count;
	struct text amount;  /* of LOOKUP: what was paid, exact decimal text; empty where it isn't told */
	struct text account; /* identity as the provider tells it, of FUNDS; "" where it doesn't */

	bool return_pending;   /* a return has begun and is not complete: shown, blocks a retry (PROTOCOL, section 8) */
	struct listed *listed; /* of LIST, in the arena */
	size_t listed_count;
	/* of LIST and FUNDS: ask for the page behind this one; empty: it was the last. Of LOOKUP that says UNKNOWN: it
	 * is not on this page, the answer is behind it. */
	struct text next_cursor;
	int64_t ask_again_utc_ms; /* of LOOKUP: too early to be conclusive, the same question may be it from then on; 0:
				     waiting alone does not help */
	struct text stops;        /* of CHANNEL_STOP: stops only what occupies this (adapter.occupies); empty: all */
	int64_t rest_ms;          /* of CREATE: until so much later the provider would only repeat this refusal to this
				     key; 0: no such rest */
};

/* A request as built: url, headers and body grow in the caller's buffers. Header values are in the arena. */
struct adapter_request {
	struct http_request http;
	struct buf url;
	struct buf body;
};

/* A row of an adapter's tables: a word of its provider, and where an answer has it. */
struct adapter_word {
	const char *where;   /* members by their names: "data.return.status"; "errors[]" is each entry of a list */
	const char *word;    /* NULL: a number */
	int from, to;        /* of a number, both included */
	bool begins;         /* any text that begins with the word; an empty one begins all, a missing one too */
	bool of_destination; /* of PREPARE and DESTINATION alone */
	int status;          /* HTTP status that it counts with; 0: not with one alone */
};

struct adapter {
	enum provider_id provider;
	const char *name;

	/* capabilities (PROTOCOL, section 5) */
	bool looks_up;             /* OPERATION_LOOKUP decides whether a key was executed */
	bool lookup_before_resend; /* no resend without one; there is no repeat window then */
	bool repeats_safely;       /* the same key again gives the original result within the window */
	int64_t window_ms;         /* default repeat window; 0: none needed */
	int64_t settles_ms;        /* nothing found means not sent only where the youngest send is so old; 0: at once */
	const char *key_known_code; /* refusal that says the key exists already (calypso 016); NULL: none such */
	bool cancels, lists, has_funds, has_fees, has_session, has_destination;
	bool funds_each; /* FUNDS tells of one pays_from() at a time; else of all, each under its id */
	bool seals;      /* build() seals the body and needs call.nonce */

	/* columns of a mode; NULL when the mode is not one of this provider's */
	bool (*terms)(const struct channel *channel, struct terms *terms);
	/* Checks the channel's settings beyond their kinds (account syntax, required ones): fault exit 2. */
	bool (*check)(const struct channel *channel, struct fault *fault);
	/* Identity of the channel for the journal (PROTOCOL, 7): wallet, account, e-mail; into buf. */
	void (*identity)(const struct channel *channel, struct buf *buf);
	/* The canonical request of a payout, frozen at the first send: everything but the fresh envelope parts. */
	void (*freeze)(const struct call *call, struct buf *payload);
	/* The request of an operation. False: this adapter has no such operation. */
	bool (*build)(enum operation operation, const struct call *call, struct arena *arena,
		struct adapter_request *request);
	/* The receipt of a whole answer (outcome ANSWERED). */
	void (*read)(enum operation operation, const struct call *call, const struct http_answer *answer,
		struct arena *arena, struct receipt *receipt);
	/* Where has_destination: the body that creates the destination of a payout, in canonical form, without its key.
	 * Its SHA-256 is the destination's identity within its channel; key_derive_destination() makes the key of it.
	 * False: the payout names a destination that the provider knows, nothing is to be prepared. Uses call.channel
	 * and call.content alone. The receipt of PREPARE and DESTINATION: ACCEPTED with provider_id, and as state
	 * accepted (not usable yet), paid (usable) or failed (never will be). */
	bool (*destination)(const struct call *call, struct buf *body);
	bool spends_keys; /* a refused key may go on giving its first refusal: call.cured_refusal matters */

	/* The next four may be NULL: nothing of the kind. They use call.channel and call.content alone. */

	/* The balance that a payout is paid from, where a channel has several; empty: the one that needs no name. */
	struct text (*pays_from)(const struct call *call);
	/* What a payout has for itself, journal-wide, from its claim on (PROTOCOL, section 5, "one at a time"; mollie:
	 * its balance): another one of the same name isn't claimed before that. A slice of channel or content. */
	struct text (*occupies)(const struct call *call);
	/* Whether an accepted payout still has it, by the provider's last word. Final ones do not, unknown ones do. */
	bool (*occupied)(struct text provider_status);
	/* True: the amount is what the balance has (ALL). FUNDS is asked with this call first; balances[0].amount of an
	 * ACCEPTED receipt is the amount, and stands in amount_minor when the payload is frozen. */
	bool (*needs_balance)(const struct call *call);

	/* The rows of its tables of statuses, errors and reasons, one by one; false: there are no more. Of rows with
	 * the same `where` the first that fits counts. So that it can be shown which words of the provider are known.
	 */
	bool (*word)(size_t index, struct adapter_word *word);
};

/* The repeat window of a channel: the adapter's, or the channel's own `repeat_window` where it is longer. */
int64_t adapter_window_ms(const struct adapter *adapter, const struct channel *channel);

const char *operation_name(enum operation operation);
const char *verdict_name(enum verdict verdict);

#endif
