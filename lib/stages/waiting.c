#include "stages/waiting.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/bounds.h"

void waiting_init(struct waiting *waiting)
{
	waiting->rows = memory_new(sizeof *waiting->rows * BOUND_WAITING_ROWS);
	waiting->count = 0;
}

void waiting_release(struct waiting *waiting)
{
	free(waiting->rows);
	waiting->rows = NULL;
	waiting->count = 0;
}

static void swap(struct waiting_row *a, struct waiting_row *b)
{
	struct waiting_row kept = *a;
	*a = *b;
	*b = kept;
}

bool waiting_add(struct waiting *waiting, struct waiting_row row)
{
	if (waiting->count == BOUND_WAITING_ROWS)
		return false;
	int at = waiting->count++;
	waiting->rows[at] = row;
	while (at > 0 && waiting->rows[at].due_ms < waiting->rows[(at - 1) / 2].due_ms) {
		swap(&waiting->rows[at], &waiting->rows[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	return true;
}

void waiting_drop_sends(struct waiting *waiting)
{
	int count = waiting->count;
	waiting->count = 0;
	for (int i = 0; i < count; i++)
		if (!waiting->rows[i].sends)
			waiting_add(waiting, waiting->rows[i]);
}

const struct waiting_row *waiting_first(const struct waiting *waiting)
{
	return waiting->count > 0 ? &waiting->rows[0] : NULL;
}

void waiting_take(struct waiting *waiting, struct waiting_row *row)
{
	assert(waiting->count > 0);
	*row = waiting->rows[0];
	waiting->rows[0] = waiting->rows[--waiting->count];
	int at = 0;
	for (;;) {
		int least = at;
		for (int child = 2 * at + 1; child <= 2 * at + 2 && child < waiting->count; child++)
			if (waiting->rows[child].due_ms < waiting->rows[least].due_ms)
				least = child;
		if (least == at)
			return;
		swap(&waiting->rows[at], &waiting->rows[least]);
		at = least;
	}
}
