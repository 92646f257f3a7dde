/*
 * Ring: a bounded line of slots between two threads, one that fills them in order and one that takes them in that
 * order. Floor 0. The slots themselves are the caller's, numbered from 0: a slot belongs to the filler from ring_room()
 * to ring_filled(), to the taker from ring_take() to ring_taken(), and to nobody's concern between. What a thread wrote
 * to a slot or anywhere else before it handed the slot on, the other sees. Slots change hands in blocks, so that the
 * threads seldom meet.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

/* count: of slots, a multiple of block. */
struct ring *ring_new(size_t count, size_t block);
/* Neither thread uses it any more. NULL is fine. */
void ring_free(struct ring *ring);

/* The filler's: waits for a slot that is free; false once the taker has left. */
bool ring_room(struct ring *ring, size_t *slot);
void ring_filled(struct ring *ring);
/* No more slots will be filled. */
void ring_end(struct ring *ring);

/* The taker's: waits for a slot that is filled; false after the last one. */
bool ring_take(struct ring *ring, size_t *slot);
void ring_taken(struct ring *ring);
/* It takes no more: the filler finds out at its next ring_room(). */
void ring_leave(struct ring *ring);

#endif
