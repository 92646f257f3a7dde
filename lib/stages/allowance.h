/*
 * The allowance: what the limits of a channel leave of a day (CONTRACT, section 8). Floor 3.
 *
 * A day is a calendar day in the configured `timezone`. What a claim spends counts on the day of the claim, whichever
 * batch, file or run it came in, until it failed, was canceled or was put back; the journal has the sums
 * (journal/spending.h). A payout that does not fit stays ready and is left alone for the rest of the run.
 */
#ifndef STAGES_ALLOWANCE_H
#define STAGES_ALLOWANCE_H

#include <stdint.h>

#include "stages/stage.h"

/* The day last asked for: reading a zone takes 20 us, so it is read once a minute. Zero-initialise. */
struct allowance_day {
	int64_t minute; /* UTC */
	int64_t day;
};

/* YYYYMMDD as a number; zone NULL: UTC. */
int64_t allowance_today(struct allowance_day *kept, const char *zone, int64_t utc_ms);

/* "50000.00", as reports print an amount of the currency. */
void allowance_amount(struct buf *buf, const char *currency, int64_t minor, unsigned decimals);

#endif
