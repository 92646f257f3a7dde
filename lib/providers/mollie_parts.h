/*
 * What the parts of Mollie's adapter share: what a call asks for, a payout as Mollie tells it, a page of a list.
 * Floor 2. Part of the mollie adapter alone.
 */
#ifndef PROVIDERS_MOLLIE_PARTS_H
#define PROVIDERS_MOLLIE_PARTS_H

#include <jansson.h>

#include "providers/adapter.h"

#define MOLLIE_MINUTE_MS INT64_C(60000)
#define MOLLIE_REST_MS                                                                                                 \
	(70 * MOLLIE_MINUTE_MS) /* PROTOCOL, section 5: the hour for which a key is known, and margin                  \
				 */
#define MOLLIE_ALL "ALL"        /* as amount: what the balance has */
#define MOLLIE_TAG_SIZE 15

/* --- mollie.c: what is asked -------------------------------------------------------------------------------------- */

/* "test" or "live": the mode of all that these credentials make and see. */
const char *mollie_mode(const struct channel *channel);
/* The balance that pays: of the row, else of the channel. A slice of either. */
struct text mollie_balance(const struct call *call);
/* "[9b32e3b9f9b6]": what identifies a payout in a list. */
void mollie_tag(const struct key *key, char out[MOLLIE_TAG_SIZE]);

enum mollie_funds {
	MOLLIE_FUNDS_ALL = 0, /* every balance */
	MOLLIE_FUNDS_ONE,     /* the balance of a payout */
	MOLLIE_FUNDS_NONE,    /* an API key: only whether it works */
};
enum mollie_funds mollie_funds(const struct call *call);

/* Where a list goes on: opaque text to all others. */
struct mollie_cursor {
	int64_t begun_utc_ms; /* when the first page was asked for */
	bool doubted;         /* a page before has an entry that might be the one and does not say */
	struct text from;     /* id; empty: the first page */
};
void mollie_cursor_parse(const struct call *call, struct mollie_cursor *cursor);
struct text mollie_cursor_text(const struct mollie_cursor *cursor, struct arena *arena);

/* --- mollie_payout.c: a payout as Mollie tells it -------------------------------------------------------------------
 */

/* Fills the receipt: ACCEPTED with its state, MISMATCH where it is not what was asked for, else UNKNOWN. */
void mollie_payout_read(enum operation operation, const struct call *call, const json_t *payout, struct arena *arena,
	struct receipt *receipt);
enum payout_state mollie_payout_state(const json_t *payout);
/* As adapter.word. */
bool mollie_payout_word(size_t index, struct adapter_word *word);
/* As adapter.occupied. */
bool mollie_payout_occupied(struct text provider_status);
/* An amount that was not fixed yet can't be compared and is the same as any. */
bool mollie_same_amount(const struct call *call, struct text told, struct text asked);
/* The tag of the call's key alone identifies: what else Mollie makes of a text for people says nothing. */
bool mollie_has_tag(const struct call *call, struct text description);
/* Both are of the same mode, whatever the answer is about; else MISMATCH. */
bool mollie_mode_fits(const struct call *call, const json_t *object, struct arena *arena, struct receipt *receipt);

/* --- mollie_list.c: a page of payouts --------------------------------------------------------------------------------
 */

/* The id from which the page behind this one goes; empty: there is none that could be asked for. */
struct text mollie_next(const json_t *root);
/* Both read a success; answer is for its date. */
void mollie_lookup_read(const struct call *call, const json_t *root, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt);
void mollie_list_read(const struct call *call, const json_t *root, struct arena *arena, struct receipt *receipt);

/* --- mollie_read.c ---------------------------------------------------------------------------------------------------
 */

/* As adapter.read. */
void mollie_read(enum operation operation, const struct call *call, const struct http_answer *answer,
	struct arena *arena, struct receipt *receipt);
/* As adapter.word: the errors first, then what mollie_payout_word() has. */
bool mollie_word(size_t index, struct adapter_word *word);

#endif
