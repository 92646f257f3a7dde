/*
 * A journal in a folder of its own, filled row by row and moved to any state, for the tests of what reads it.
 */
#ifndef TESTS_SUPPORT_FILLED_H
#define TESTS_SUPPORT_FILLED_H

#include <stdint.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal.h"
#include "stages/stage.h"

#define FILLED_NOW INT64_C(1795163400000) /* 2026-11-20T08:30:00Z */

struct filled {
	char folder[512];
	char path[600];
	struct clock clock;
	struct journal_who who;
	struct log log;
	struct stop stop;
	struct config config; /* reports: folder/reports */
	struct stage stage;
	int64_t now;             /* what the clock shows; the test moves it */
	int64_t calypso, circle; /* channels */
	struct sha256 *sha;
};

/* A row to be. Texts "" where they are left out; a channel of 0 is a row without one. */
struct filled_row {
	int64_t channel;
	const char *reference, *name, *destination, *currency, *purpose;
	unsigned decimals;
	int64_t amount_minor;
	enum payout_state state;   /* what becomes of it in the end */
	const char *code, *reason; /* of the row, or of its attempt */
};

/* As set-up and tear-down of a cmocka test. */
int filled_begin(void **state);
int filled_end(void **state);

/* Receives a batch and moves its rows on; gives its id. Rows are numbered from 2. */
int64_t filled_batch(struct filled *filled, const char *name, const struct filled_row *rows, size_t count);

/* Fails the test, with the fault's own words. */
void filled_must(bool done, const struct fault *fault);

#endif
