/*
 * Rows that wait for their time: a bounded heap of due times. Floor 3. The journal has the rows; a full heap says so,
 * and the lane scans the journal once more when it is empty.
 */
#ifndef STAGES_WAITING_H
#define STAGES_WAITING_H

#include <stdbool.h>
#include <stdint.h>

struct waiting_row {
	int64_t due_ms;  /* monotonic */
	int64_t attempt; /* id in the journal */
	int tries;       /* so many times it was put back already */
	bool sends;      /* it waits to be sent; else to be asked about */
};

struct waiting {
	struct waiting_row *rows; /* BOUND_WAITING_ROWS */
	int count;
};

void waiting_init(struct waiting *waiting);
void waiting_release(struct waiting *waiting);
/* False when it is full. */
bool waiting_add(struct waiting *waiting, struct waiting_row row);
/* The one that is due first, without taking it; NULL when empty. */
const struct waiting_row *waiting_first(const struct waiting *waiting);
void waiting_take(struct waiting *waiting, struct waiting_row *row);
/* Drops the rows that wait to be sent: nothing is sent any more. */
void waiting_drop_sends(struct waiting *waiting);

#endif
