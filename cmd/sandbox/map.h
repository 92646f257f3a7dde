/*
 * A look-up from text to a pointer in constant time, whatever it holds. Floor 5, sandbox.
 * Zero-initialise it, release it with map_release. Key bytes and values stay the caller's and must outlive the entry.
 */
#ifndef SANDBOX_MAP_H
#define SANDBOX_MAP_H

#include <stddef.h>

#include "base/text.h"

struct map_slot {
	struct text key;
	void *value; /* NULL: free */
};

struct map {
	struct map_slot *slots;
	size_t cap; /* a power of two, or 0 */
	size_t count;
};

/* NULL: not there. */
void *map_get(const struct map *map, struct text key);
/* The key must not be there yet; the value is not NULL. */
void map_put(struct map *map, struct text key, void *value);
/* Forgets all entries and keeps the memory. */
void map_clear(struct map *map);
void map_release(struct map *map);

#endif
