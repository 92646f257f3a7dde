/*
 * Ring: a bounded line of blocks between two threads: one fills them in order, the other takes them in that order, and
 * in between each is worked on by whichever of them has the time. Floor 0. The blocks themselves are the caller's,
 * numbered from 0: one belongs to the thread that was told of it until that thread says it is done with it, and to
 * nobody's concern between. What a thread wrote to a block or anywhere else before, the next one sees.
 */
#ifndef BASE_RING_H
#define BASE_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring;

enum ring_task { RING_END = 0, RING_FILL, RING_WORK, RING_TAKE };

/* count: of blocks, four or more. */
struct ring *ring_new(size_t count);
/* Neither thread uses it any more. NULL is fine. */
void ring_free(struct ring *ring);

/* What the filler does next: fill a block, work on one, or END: the taker has left, or there is nothing more to do.
 * Waits while the taker is behind. */
enum ring_task ring_filler_next(struct ring *ring, size_t *block);
/* The block at hand is filled; last: it is the last one. */
void ring_filled(struct ring *ring, bool last);

/* What the taker does next: take the next block, work on one rather than wait, or END: it has taken the last one. */
enum ring_task ring_taker_next(struct ring *ring, size_t *block);
void ring_taken(struct ring *ring);
/* It takes no more: the filler finds out at its next ring_filler_next(). */
void ring_leave(struct ring *ring);

/* Either's. */
void ring_worked(struct ring *ring, size_t block);

#endif
