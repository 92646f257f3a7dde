/*
 * Scratch memory for one row or one exchange: many small pieces, all gone with one reset.
 * Floor 0. Pieces are aligned for any type and stay where they are until the reset. A failed allocation aborts.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *first;
	struct arena_block *current;
};

/* Zeroed memory. */
void *arena_alloc(struct arena *arena, size_t len);

/* Forgets all pieces; the first block is kept, further ones are freed. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);
/* Overwrites it all, then releases it; where secrets were. */
void arena_wipe(struct arena *arena);

/* Heap memory that aborts instead of failing; for what outlives a row. Zeroed. */
void *memory_new(size_t len);
void *memory_grow(void *memory, size_t len); /* as realloc */
char *memory_string(const char *string);

#endif
