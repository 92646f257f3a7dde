/*
 * What happens later: items by the moment they are due. Floor 5, sandbox.
 * Zero-initialise it, release it with due_release. Items stay the caller's.
 */
#ifndef SANDBOX_DUE_H
#define SANDBOX_DUE_H

#include <stddef.h>
#include <stdint.h>

struct due_entry {
	int64_t at_ms;
	uint64_t serial; /* of two that are due at once the one that was added first comes first */
	const void *item;
};

struct due {
	struct due_entry *entries; /* a heap, the earliest first */
	size_t count;
	size_t cap;
	uint64_t added;
};

void due_add(struct due *due, int64_t at_ms, const void *item);
/* The earliest item that is due at now_ms, taken out; NULL: none. */
const void *due_take(struct due *due, int64_t now_ms);
void due_release(struct due *due);

#endif
