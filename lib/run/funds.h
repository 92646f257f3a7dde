/*
 * Funds: what payouts that are not yet sent will need of each channel, per balance and currency, and what the provider
 * says is there. Floor 4. Nothing here moves money or writes the journal.
 *
 * First the needs are counted (funds_need, funds_need_batch, or as the tally of a receive), then funds_ask() asks.
 * Amounts are exact: a balance or a fee with more decimals than payrun counts in is never rounded.
 */
#ifndef RUN_FUNDS_H
#define RUN_FUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "run/ask.h"
#include "stages/receive.h"
#include "values/currency.h"
#include "values/decimal.h"

#define FUNDS_LINES_MAX 4096   /* balances times currencies; further needs are only counted */
#define FUNDS_AMOUNTS_MAX 2000 /* different amounts whose fees are asked for one by one: twenty requests */

/* A currency of a balance. */
struct funds_line {
	const struct channel *channel;
	struct text balance; /* empty where the channel has but one */
	char currency[CURRENCY_SIZE];
	unsigned decimals; /* 0 where nothing is needed: the provider's own are shown */
	int64_t count;     /* payouts that need it */
	struct decimal needed;
	bool told; /* the provider answered: what it does not list is none */
	bool listed;
	struct decimal available;
	bool pending_told;
	struct decimal pending; /* on its way in; does not count */
	bool fees_told;
	bool fees_at_least;  /* not asked for each payout, there were too many amounts: see fees */
	int64_t least_minor; /* the smallest amount needed */
	struct decimal fees;
	bool is_short;
	bool shared;             /* other channels pay from the same balance, and their needs count */
	struct decimal short_by; /* needed and fees less what is available; of is_short */
	struct text content;     /* of one payout that needs it */
};

struct funds_channel {
	const struct channel *channel;
	bool concerned; /* a payout is paid through it */
	bool asked;
	struct text untold; /* why no balance is told where that is no failure; empty: it is, or was not asked for */
	struct fault fault; /* why there is no answer; set: FAULT_PERSON when a person must act, else FAULT_STOPPED */
};

struct funds {
	struct stage *stage;
	struct arena arena;
	struct funds_line *lines; /* by channel, balance and currency once asked */
	int count;
	struct funds_channel channels[BOUND_CHANNELS]; /* in the order of the configuration */
	int channel_count;
	int64_t left_out; /* payouts whose needs found no room in lines */
	int64_t unknown;  /* payouts of a batch that may have been paid: not in any need */
	struct funds_amount *amounts;
	int amount_count;
	int last; /* the line that was found last: neighbours of a file are alike */
};

void funds_init(struct funds *funds, struct stage *stage);
void funds_release(struct funds *funds);

/* A payout that is not yet sent. */
void funds_need(struct funds *funds, const struct channel *channel, struct text content, struct text currency,
	unsigned decimals, int64_t amount_minor);
/* Those of a batch that are ready or held; batch 0: of all. Payouts of a channel that is not configured are left out.
 */
MUST_CHECK bool funds_need_batch(struct funds *funds, int64_t batch, struct fault *fault);
/* The needs of a file: of the rows of receive_check(), or of the batch that receive_file() would make of it. */
struct receive_tally funds_tally_rows(struct funds *funds);
struct receive_tally funds_tally_batch(struct funds *funds);

/* Asks the channels concerned, or all of them. A provider that does not answer is no failure of this call: its channel
 * says so. False: a fault of our own, or a signal (FAULT_STOPPED). */
MUST_CHECK bool funds_ask(struct funds *funds, struct ask *ask, bool all, struct fault *fault);

/* True when some line is short. */
bool funds_short(const struct funds *funds);

#endif
