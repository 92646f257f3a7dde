#include "base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES (32 * 1024) /* holds a whole row with its findings, so that most resets free nothing */

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

static struct arena_block *block_new(size_t len)
{
	size_t size = len > BLOCK_BYTES ? len : BLOCK_BYTES;
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		abort();
	block = malloc(sizeof(*block) + size);
	if (block == NULL)
		abort();
	block->next = NULL;
	block->size = size;
	block->used = 0;
	return block;
}

void *arena_alloc(struct arena *arena, size_t len)
{
	struct arena_block *block = arena->current;
	void *piece;

	if (len > SIZE_MAX / 2)
		abort();
	len = (len + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	if (block == NULL || block->size - block->used < len) {
		block = block_new(len);
		if (arena->current == NULL)
			arena->first = block;
		else
			arena->current->next = block;
		arena->current = block;
	}
	piece = block->data + block->used;
	block->used += len;
	return memset(piece, 0, len);
}

static void free_from(struct arena_block *block)
{
	while (block != NULL) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_reset(struct arena *arena)
{
	if (arena->first == NULL)
		return;
	free_from(arena->first->next);
	arena->first->next = NULL;
	arena->first->used = 0;
	arena->current = arena->first;
}

void arena_wipe(struct arena *arena)
{
	for (struct arena_block *block = arena->first; block != NULL; block = block->next)
		explicit_bzero(block->data, block->size);
	arena_release(arena);
}

void arena_release(struct arena *arena)
{
	free_from(arena->first);
	arena->first = NULL;
	arena->current = NULL;
}

void *memory_new(size_t len)
{
	void *memory = calloc(1, len > 0 ? len : 1);

	if (memory == NULL)
		abort();
	return memory;
}

void *memory_grow(void *memory, size_t len)
{
	void *grown = realloc(memory, len > 0 ? len : 1);

	if (grown == NULL)
		abort();
	return grown;
}

char *memory_string(const char *string)
{
	size_t size = strlen(string) + 1;

	return memcpy(memory_new(size), string, size);
}
