#include "cmd/sandbox/due.h"

#include <stdbool.h>

#include "base/arena.h"

static void swap(struct due_entry *a, struct due_entry *b)
{
	struct due_entry kept = *a;

	*a = *b;
	*b = kept;
}

static bool earlier(const struct due_entry *a, const struct due_entry *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->serial < b->serial;
}

void due_add(struct due *due, int64_t at_ms, const void *item)
{
	size_t at = due->count;

	if (due->count == due->cap) {
		due->cap = due->cap == 0 ? 64 : due->cap * 2;
		due->entries = memory_grow(due->entries, due->cap * sizeof(*due->entries));
	}
	due->entries[due->count++] = (struct due_entry){at_ms, due->added++, item};
	while (at > 0 && earlier(&due->entries[at], &due->entries[(at - 1) / 2])) {
		swap(&due->entries[(at - 1) / 2], &due->entries[at]);
		at = (at - 1) / 2;
	}
}

static void sink(struct due *due)
{
	size_t at = 0;

	for (;;) {
		size_t child = at * 2 + 1;

		if (child >= due->count)
			return;
		if (child + 1 < due->count && earlier(&due->entries[child + 1], &due->entries[child]))
			child++;
		if (earlier(&due->entries[at], &due->entries[child]))
			return;
		swap(&due->entries[at], &due->entries[child]);
		at = child;
	}
}

const void *due_take(struct due *due, int64_t now_ms)
{
	const void *item;

	if (due->count == 0 || due->entries[0].at_ms > now_ms)
		return NULL;
	item = due->entries[0].item;
	due->entries[0] = due->entries[--due->count];
	sink(due);
	return item;
}

void due_release(struct due *due)
{
	free(due->entries);
	*due = (struct due){NULL, 0, 0, 0};
}
