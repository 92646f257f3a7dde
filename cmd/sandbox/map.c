#include "cmd/sandbox/map.h"

#include <assert.h>

#include "base/arena.h"

#define FIRST_CAP 64

/* FNV-1a, with its upper half folded in: the slots are chosen by the low bits. */
static size_t hash(struct text key)
{
	uint64_t value = UINT64_C(14695981039346656037);
	size_t i;

	for (i = 0; i < key.len; i++) {
		value ^= (unsigned char)key.ptr[i];
		value *= UINT64_C(1099511628211);
	}
	return (size_t)(value ^ (value >> 32));
}

/* The slot that holds the key, or the free one where it would go. */
static struct map_slot *slot_find(const struct map *map, struct text key)
{
	size_t mask = map->cap - 1;
	size_t at = hash(key) & mask;

	while (map->slots[at].value != NULL && !text_equal(map->slots[at].key, key))
		at = (at + 1) & mask;
	return &map->slots[at];
}

static void grow(struct map *map)
{
	struct map bigger = {NULL, map->cap == 0 ? FIRST_CAP : map->cap * 2, map->count};
	size_t i;

	bigger.slots = memory_new(bigger.cap * sizeof(*bigger.slots));
	for (i = 0; i < map->cap; i++)
		if (map->slots[i].value != NULL)
			*slot_find(&bigger, map->slots[i].key) = map->slots[i];
	free(map->slots);
	*map = bigger;
}

void *map_get(const struct map *map, struct text key)
{
	return map->cap == 0 ? NULL : slot_find(map, key)->value;
}

void map_put(struct map *map, struct text key, void *value)
{
	struct map_slot *slot;

	assert(value != NULL);
	if (map->count >= map->cap / 2)
		grow(map);
	slot = slot_find(map, key);
	assert(slot->value == NULL);
	*slot = (struct map_slot){key, value};
	map->count++;
}

void map_clear(struct map *map)
{
	if (map->cap > 0)
		memset(map->slots, 0, map->cap * sizeof(*map->slots));
	map->count = 0;
}

void map_release(struct map *map)
{
	free(map->slots);
	*map = (struct map){NULL, 0, 0};
}
