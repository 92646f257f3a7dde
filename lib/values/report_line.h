/*
 * One line of a report: a payout as the columns of the contract, section 6, each a text that is ready to be written.
 * Floor 1, pure. A cell is the caller's slice, or points into the line's own room until the next report_line_begin().
 * Cells hold what is true; quoting, escaping and guarding against formulas is the writer's, by the column's kind.
 */
#ifndef VALUES_REPORT_LINE_H
#define VALUES_REPORT_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "values/currency.h"
#include "values/key.h"
#include "values/origin.h"
#include "values/state.h"

enum report_column { /* in the order of the contract; new ones come at the end */
	REPORT_BATCH_ID = 0,
	REPORT_ROW,
	REPORT_REFERENCE,
	REPORT_CHANNEL,
	REPORT_PROVIDER,
	REPORT_BENEFICIARY_NAME,
	REPORT_DESTINATION,
	REPORT_AMOUNT,
	REPORT_CURRENCY,
	REPORT_TARGET_CURRENCY,
	REPORT_PURPOSE,
	REPORT_IDEMPOTENCY_KEY,
	REPORT_ATTEMPT,
	REPORT_STATE,
	REPORT_PROVIDER_ID,
	REPORT_PROVIDER_STATUS,
	REPORT_REASON_CODE,
	REPORT_REASON,
	REPORT_TRACKING_REF,
	REPORT_FEE,
	REPORT_FEE_CURRENCY,
	REPORT_CREATED_AT,
	REPORT_SUBMITTED_AT,
	REPORT_ACCEPTED_AT,
	REPORT_SETTLED_AT,
	REPORT_MATCH,
	REPORT_PROVIDER_CODE,
	REPORT_FILE,
	REPORT_FILE_SHA256,
	REPORT_SUBMITTED_BY,
	REPORT_APPROVED_BY,
	REPORT_TARGET_AMOUNT,
	REPORT_FX_RATE,
	REPORT_RETURNED_AMOUNT,
	REPORT_RETURNED_AT,
	REPORT_COLUMNS,
};

enum report_kind {
	REPORT_KIND_TEXT = 0, /* somebody's words: a file's, a provider's, a person's */
	REPORT_KIND_DECIMAL,  /* a provider's number; a text where it is none (report_number) */
	REPORT_KIND_COUNT,    /* a whole number of ours, or empty */
	REPORT_KIND_PLAIN,    /* ours, of A-Z a-z 0-9 - . : only: nothing to quote or escape */
};

struct text report_column_name(enum report_column column);
enum report_kind report_column_kind(enum report_column column);

struct report_time { /* the last moment written to a column: neighbours often share the second */
	int64_t second;
	char text[CLOCK_ISO_SIZE];
};

/* What a duplicate is the same payout as. */
struct report_repeat {
	enum payout_state state; /* as it stands now */
	int64_t row;
	struct text batch; /* its id */
};

struct report_line {
	struct text cells[REPORT_COLUMNS];
	const struct origin *origin; /* where the payout stands in the message it came in; NULL: it came in none */
	const struct report_repeat *repeats; /* of a duplicate, where the format is about one batch; NULL: not known */
	struct buf room;
	struct report_time times[REPORT_COLUMNS];
};

/* Zero-initialise it, release it at the end. */
void report_line_release(struct report_line *line);
/* All cells empty, and the room free again. */
void report_line_begin(struct report_line *line);
void report_line_count(struct report_line *line, enum report_column column, int64_t number);
/* ISO 8601, UTC, seconds, Z; empty for 0. */
void report_line_time(struct report_line *line, enum report_column column, int64_t utc_ms);
/* With the currency's decimals, an asset's without trailing zeros; empty for 0, which no payout has. */
void report_line_amount(
	struct report_line *line, enum report_column column, int64_t minor, unsigned decimals, bool asset);
void report_line_key(struct report_line *line, enum report_column column, const struct key *key);
/* text_mask(): four stars and the last four code points. */
void report_line_mask(struct report_line *line, enum report_column column, struct text text);

/* True for -12.50 and the like: what a spreadsheet reads as a number, never as a formula. */
bool report_number(struct text text);

/* A sum of payouts of one currency in one state. */
struct report_total {
	char currency[CURRENCY_SIZE]; /* "" for rejected rows without a readable one */
	unsigned decimals;
	enum payout_state state;
	int64_t count;
	int64_t minor;
};
/* Its amount in decimal text. A code that is no ISO 4217 one with these decimals is an asset. */
void report_total_amount(struct buf *buf, const struct report_total *total);

/* Sums, sorted by currency, decimals and state; some dozen at most, whatever the number of payouts. */
struct report_totals {
	struct report_total *list; /* heap */
	size_t count;
	size_t last; /* where the last payout was added: the next one is often alike */
};
/* Adds them; false when a sum leaves int64. */
bool report_totals_add(struct report_totals *totals, const struct report_total *total);
void report_totals_release(struct report_totals *totals);

#endif
