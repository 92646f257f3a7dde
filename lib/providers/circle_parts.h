/*
 * The parts of Circle's adapter, for its own files. Floor 2.
 */
#ifndef PROVIDERS_CIRCLE_PARTS_H
#define PROVIDERS_CIRCLE_PARTS_H

#include <jansson.h>

#include "providers/adapter.h"
#include "values/bank_form.h"

#define CIRCLE "Circle" /* as people write it */

/* One of Circle's payout products (circle.md, A1). */
struct circle_mode {
	const char *name;
	const char *payouts;    /* path of payouts: create, list, and behind it an id */
	const char *banks;      /* path of bank accounts; NULL: none are created */
	const char *balances;   /* path of the balances */
	bool wallet_balances;   /* balances can be asked of one wallet */
	const char *type;       /* destination.type */
	const char *currencies; /* that can be paid */
	const char *exchanges;  /* that can be exchanged: "USD/BRL" */
	column_set required;
	column_set carried;
};

/* The channel's mode, wire where it says none; NULL when Circle has no such mode. */
const struct circle_mode *circle_mode(const struct channel *channel);

/* True when the channel says who pays. */
bool circle_has_originator(const struct channel *channel);
/* circle_create.c: as adapter.check for what the channel says about its originator, and adapter.freeze. */
bool circle_originator_check(const struct channel *channel, struct fault *fault);
void circle_freeze(const struct call *call, struct buf *payload);

/* circle_bank.c: what bank details need, adapter.destination, and the receipt of a bank account. */
extern const struct bank_terms circle_bank_terms;
extern const struct column_limit circle_limits[];
extern const size_t circle_limit_count;
bool circle_destination(const struct call *call, struct buf *body);
void circle_read_bank(enum operation operation, const struct call *call, const json_t *data, struct arena *arena,
	struct receipt *receipt);

/* circle_read.c: as adapter.read. */
void circle_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt);

/* circle_read.c: as adapter.word. It is made of these three, whose tables stand in three files: each gives how many
 * rows it has, and the word of one where there is such. */
bool circle_word(size_t index, struct adapter_word *word);
size_t circle_error_words(size_t index, struct adapter_word *word);
size_t circle_payout_words(size_t index, struct adapter_word *word);
size_t circle_bank_words(size_t index, struct adapter_word *word);

/* circle_error.c: the receipt of Circle's error envelope {code, message}. */
void circle_read_error(enum operation operation, const struct call *call, const struct http_answer *answer,
	const json_t *root, struct arena *arena, struct receipt *receipt);

/* circle_payout.c: state, reason, fee and the like of a payout as Circle tells it; verdict and id are the caller's. */
void circle_read_payout(enum operation operation, const struct call *call, const json_t *payout, struct arena *arena,
	struct receipt *receipt);

#endif
