#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>

#include <cmocka.h>

#include "base/ring.h"

#define SLOTS 8
#define BLOCK 4

struct work {
	struct ring *ring;
	int slots[SLOTS];
	int count;  /* to be filled */
	int filled; /* in the end */
};

static void *fill(void *context)
{
	struct work *work = context;
	size_t slot;

	for (; work->filled < work->count && ring_room(work->ring, &slot); ring_filled(work->ring))
		work->slots[slot] = work->filled++;
	ring_end(work->ring);
	return NULL;
}

static void everything_arrives_once_and_in_order(void **state)
{
	static const int counts[] = {0, 1, BLOCK - 1, BLOCK, SLOTS, SLOTS + 1, 3 * SLOTS - 1, 100003};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct work work = {.ring = ring_new(SLOTS, BLOCK), .count = counts[i]};
		pthread_t thread;
		size_t slot;
		int taken = 0;

		assert_int_equal(pthread_create(&thread, NULL, fill, &work), 0);
		for (; ring_take(work.ring, &slot); ring_taken(work.ring))
			assert_int_equal(work.slots[slot], taken++);
		assert_int_equal(taken, counts[i]);
		assert_int_equal(pthread_join(thread, NULL), 0);
		ring_free(work.ring);
	}
}

static void the_filler_stops_when_the_taker_has_left(void **state)
{
	for (int taken = 0; taken < 3 * SLOTS; taken++) {
		struct work work = {.ring = ring_new(SLOTS, BLOCK), .count = 1000000000};
		pthread_t thread;
		size_t slot;

		(void)state;
		assert_int_equal(pthread_create(&thread, NULL, fill, &work), 0);
		for (int i = 0; i < taken; i++) {
			assert_true(ring_take(work.ring, &slot));
			ring_taken(work.ring);
		}
		ring_leave(work.ring);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_in_range(work.filled, taken, taken + 2 * SLOTS); /* never further ahead than the ring is long */
		ring_free(work.ring);
	}
}

static void never_more_slots_are_ahead_than_there_are(void **state)
{
	struct ring *ring = ring_new(SLOTS, BLOCK);
	size_t slot;

	(void)state;
	for (size_t i = 0; i < SLOTS; i++) {
		assert_true(ring_room(ring, &slot));
		assert_int_equal(slot, i);
		ring_filled(ring);
	}
	ring_leave(ring);
	assert_false(ring_room(ring, &slot)); /* it would wait for ever */
	ring_free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_arrives_once_and_in_order),
		cmocka_unit_test(the_filler_stops_when_the_taker_has_left),
		cmocka_unit_test(never_more_slots_are_ahead_than_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
