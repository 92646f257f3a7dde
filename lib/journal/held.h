/*
 * Held: how many rows of a batch are held, by their reason. Floor 2, inside lib/journal only. Kept from the seal of a
 * batch by the process that received it, which is asked right afterwards: counting would read every row again.
 */
#ifndef JOURNAL_HELD_H
#define JOURNAL_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

#define HELD_REASONS 8
#define HELD_CODE_SIZE 32

struct held {
	int64_t batch; /* 0: of none */
	size_t reason_count;
	struct {
		char code[HELD_CODE_SIZE];
		int64_t count;
	} reasons[HELD_REASONS];
	bool unknown; /* more reasons than are counted, or longer ones */
};

/* count: of rows that are held for it now, or, below 0, no longer. */
void held_add(struct held *held, struct text reason_code, int64_t count);
/* Once for each row; false, and nothing told, where they are not known. */
bool held_each(
	const struct held *held, int64_t batch, void (*each)(void *context, struct text reason_code), void *context);

#endif
