#include "base/ring.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

#define UNWORKED 2 /* blocks that wait for either thread: the taker finds one, when it would have to wait */

struct ring {
	size_t count;
	pthread_mutex_t lock; /* over the rest */
	pthread_cond_t filler, taker;
	bool filler_waits, taker_waits;
	uint64_t filled, begun, taken; /* blocks in all: filled, given to be worked on, taken; in this order */
	bool ended, left;
	bool worked[]; /* by block */
};

struct ring *ring_new(size_t count)
{
	struct ring *ring = memory_new(sizeof(*ring) + count * sizeof(ring->worked[0]));

	assert(count >= 2 * UNWORKED);
	ring->count = count;
	/* These fail for want of memory alone. */
	if (pthread_mutex_init(&ring->lock, NULL) != 0 || pthread_cond_init(&ring->filler, NULL) != 0 ||
		pthread_cond_init(&ring->taker, NULL) != 0)
		abort();
	return ring;
}

void ring_free(struct ring *ring)
{
	if (ring == NULL)
		return;
	pthread_cond_destroy(&ring->filler);
	pthread_cond_destroy(&ring->taker);
	pthread_mutex_destroy(&ring->lock);
	free(ring);
}

static void lock(struct ring *ring)
{
	if (pthread_mutex_lock(&ring->lock) != 0)
		abort();
}

static void unlock(struct ring *ring)
{
	if (pthread_mutex_unlock(&ring->lock) != 0)
		abort();
}

/* With the lock, as the next ones. */
static void wait(struct ring *ring, pthread_cond_t *changed, bool *waits)
{
	*waits = true;
	if (pthread_cond_wait(changed, &ring->lock) != 0)
		abort();
	*waits = false;
}

static void tell(pthread_cond_t *changed, bool waits)
{
	if (waits && pthread_cond_signal(changed) != 0)
		abort();
}

static bool has_room(const struct ring *ring)
{
	return !ring->ended && ring->filled - ring->taken < ring->count;
}

static size_t begin(struct ring *ring)
{
	return (size_t)(ring->begun++ % ring->count);
}

enum ring_task ring_filler_next(struct ring *ring, size_t *block)
{
	enum ring_task task = RING_END;

	lock(ring);
	while (!ring->left && ring->filled == ring->begun && !ring->ended && !has_room(ring))
		wait(ring, &ring->filler, &ring->filler_waits);
	if (!ring->left && has_room(ring) && ring->filled - ring->begun < UNWORKED) {
		*block = (size_t)(ring->filled % ring->count);
		task = RING_FILL;
	} else if (!ring->left && ring->filled > ring->begun) {
		*block = begin(ring);
		task = RING_WORK;
	}
	unlock(ring);
	return task;
}

void ring_filled(struct ring *ring, bool last)
{
	lock(ring);
	assert(has_room(ring));
	ring->worked[ring->filled++ % ring->count] = false;
	ring->ended = last;
	tell(&ring->taker, ring->taker_waits);
	unlock(ring);
}

void ring_worked(struct ring *ring, size_t block)
{
	lock(ring);
	ring->worked[block] = true;
	tell(&ring->taker, ring->taker_waits);
	unlock(ring);
}

static bool is_next_ready(const struct ring *ring)
{
	return ring->taken < ring->begun && ring->worked[ring->taken % ring->count];
}

static bool all_taken(const struct ring *ring)
{
	return ring->ended && ring->taken == ring->filled;
}

enum ring_task ring_taker_next(struct ring *ring, size_t *block)
{
	enum ring_task task = RING_END;

	lock(ring);
	while (!is_next_ready(ring) && ring->filled == ring->begun && !all_taken(ring))
		wait(ring, &ring->taker, &ring->taker_waits);
	if (is_next_ready(ring)) {
		*block = (size_t)(ring->taken % ring->count);
		task = RING_TAKE;
	} else if (ring->filled > ring->begun) {
		*block = begin(ring);
		task = RING_WORK;
	}
	unlock(ring);
	return task;
}

/* A filler that waits is woken when it can do some blocks together: waking costs as much as rows do. */
void ring_taken(struct ring *ring)
{
	lock(ring);
	assert(is_next_ready(ring));
	ring->taken++;
	tell(&ring->filler, ring->filler_waits && ring->filled - ring->taken <= ring->count / 2);
	unlock(ring);
}

void ring_leave(struct ring *ring)
{
	lock(ring);
	ring->left = true;
	tell(&ring->filler, ring->filler_waits);
	unlock(ring);
}
