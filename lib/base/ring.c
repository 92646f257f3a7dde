#include "base/ring.h"

#include <assert.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"

struct ring {
	size_t count, block;
	struct {
		uint64_t at;    /* slots filled in all */
		uint64_t taken; /* of them, as far as the filler knows */
	} filler;
	char apart[128]; /* what one thread writes all the time is in no cache line of the other */
	struct {
		uint64_t at; /* slots taken in all */
		uint64_t filled;
	} taker;
	char apart_too[128];

	pthread_mutex_t lock; /* over the rest */
	pthread_cond_t changed;
	uint64_t filled, taken; /* handed on */
	bool ended, left;
};

struct ring *ring_new(size_t count, size_t block)
{
	struct ring *ring = memory_new(sizeof(*ring));

	assert(block > 0 && count >= 2 * block && count % block == 0);
	ring->count = count;
	ring->block = block;
	/* These fail for want of memory alone. */
	if (pthread_mutex_init(&ring->lock, NULL) != 0 || pthread_cond_init(&ring->changed, NULL) != 0)
		abort();
	return ring;
}

void ring_free(struct ring *ring)
{
	if (ring == NULL)
		return;
	pthread_cond_destroy(&ring->changed);
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

static void wait(struct ring *ring)
{
	if (pthread_cond_wait(&ring->changed, &ring->lock) != 0)
		abort();
}

/* With the lock. Only one of the two threads can be waiting. */
static void tell(struct ring *ring)
{
	if (pthread_cond_signal(&ring->changed) != 0)
		abort();
}

static void hand_on(struct ring *ring, uint64_t *handed, uint64_t at)
{
	lock(ring);
	*handed = at;
	tell(ring);
	unlock(ring);
}

bool ring_room(struct ring *ring, size_t *slot)
{
	bool left = false;

	*slot = (size_t)(ring->filler.at % ring->count);
	if (ring->filler.at - ring->filler.taken < ring->count)
		return true;
	lock(ring);
	while (!ring->left && ring->filler.at - ring->taken >= ring->count)
		wait(ring);
	left = ring->left;
	ring->filler.taken = ring->taken;
	unlock(ring);
	return !left;
}

void ring_filled(struct ring *ring)
{
	if (++ring->filler.at % ring->block == 0)
		hand_on(ring, &ring->filled, ring->filler.at);
}

void ring_end(struct ring *ring)
{
	lock(ring);
	ring->filled = ring->filler.at;
	ring->ended = true;
	tell(ring);
	unlock(ring);
}

bool ring_take(struct ring *ring, size_t *slot)
{
	*slot = (size_t)(ring->taker.at % ring->count);
	if (ring->taker.at < ring->taker.filled)
		return true;
	lock(ring);
	while (!ring->ended && ring->taker.at == ring->filled)
		wait(ring);
	ring->taker.filled = ring->filled;
	unlock(ring);
	return ring->taker.at < ring->taker.filled;
}

void ring_taken(struct ring *ring)
{
	assert(ring->taker.at < ring->taker.filled);
	if (++ring->taker.at % ring->block == 0)
		hand_on(ring, &ring->taken, ring->taker.at);
}

void ring_leave(struct ring *ring)
{
	lock(ring);
	ring->left = true;
	tell(ring);
	unlock(ring);
}
