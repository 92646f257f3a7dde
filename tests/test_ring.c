#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <pthread.h>

#include <cmocka.h>

#include "base/ring.h"

#define BLOCKS 4

struct work {
	struct ring *ring;
	int blocks[BLOCKS];
	int count;  /* to be filled */
	int filled; /* in the end */
	int worked; /* by the filler */
};

/* A block holds its number when filled, and one more than twice that when worked on. */
static void work_on(struct work *work, size_t block)
{
	work->blocks[block] = 2 * work->blocks[block] + 1;
	ring_worked(work->ring, block);
}

static void *fill(void *context)
{
	struct work *work = context;
	enum ring_task task;
	size_t block;

	while ((task = ring_filler_next(work->ring, &block)) != RING_END) {
		if (task == RING_WORK) {
			work->worked++;
			work_on(work, block);
			continue;
		}
		work->blocks[block] = work->filled++;
		ring_filled(work->ring, work->filled == work->count);
	}
	return NULL;
}

static int take_one(struct work *work)
{
	enum ring_task task;
	size_t block;
	int taken;

	while ((task = ring_taker_next(work->ring, &block)) == RING_WORK)
		work_on(work, block);
	if (task == RING_END)
		return -1;
	taken = work->blocks[block];
	ring_taken(work->ring);
	return taken;
}

static void everything_arrives_once_in_order_and_worked_on(void **state)
{
	static const int counts[] = {1, 2, BLOCKS - 1, BLOCKS, BLOCKS + 1, 3 * BLOCKS - 1, 30011};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct work work = {.ring = ring_new(BLOCKS), .count = counts[i]};
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, fill, &work), 0);
		for (int number = 0; number < counts[i]; number++)
			assert_int_equal(take_one(&work), 2 * number + 1);
		assert_int_equal(take_one(&work), -1);
		assert_int_equal(pthread_join(thread, NULL), 0);
		ring_free(work.ring);
	}
}

static void the_filler_stops_when_the_taker_has_left(void **state)
{
	(void)state;
	for (int taken = 0; taken < 3 * BLOCKS; taken++) {
		struct work work = {.ring = ring_new(BLOCKS), .count = 1000000000};
		pthread_t thread;

		assert_int_equal(pthread_create(&thread, NULL, fill, &work), 0);
		for (int i = 0; i < taken; i++)
			assert_int_equal(take_one(&work), 2 * i + 1);
		ring_leave(work.ring);
		assert_int_equal(pthread_join(thread, NULL), 0);
		assert_in_range(work.filled, taken, taken + BLOCKS); /* never further ahead than the ring is long */
		ring_free(work.ring);
	}
}

static void expect_filler(struct ring *ring, enum ring_task task, size_t block)
{
	size_t given = block;

	assert_int_equal(ring_filler_next(ring, &given), task);
	assert_int_equal(given, block);
}

static void expect_taker(struct ring *ring, enum ring_task task, size_t block)
{
	size_t given = block;

	assert_int_equal(ring_taker_next(ring, &given), task);
	assert_int_equal(given, block);
}

static void the_taker_works_rather_than_wait_and_takes_what_is_ready_first(void **state)
{
	struct ring *ring = ring_new(BLOCKS);

	(void)state;
	expect_filler(ring, RING_FILL, 0);
	ring_filled(ring, false);
	expect_filler(ring, RING_FILL, 1);
	ring_filled(ring, false);
	expect_filler(ring, RING_WORK, 0); /* enough wait for either */
	expect_taker(ring, RING_WORK, 1);  /* the first is at work elsewhere */
	ring_worked(ring, 1);
	ring_worked(ring, 0);
	expect_taker(ring, RING_TAKE, 0);
	ring_taken(ring);
	expect_taker(ring, RING_TAKE, 1);
	ring_taken(ring);
	expect_filler(ring, RING_FILL, 2);
	ring_filled(ring, true);
	expect_filler(ring, RING_WORK, 2);
	expect_filler(ring, RING_END, 2);
	ring_worked(ring, 2);
	expect_taker(ring, RING_TAKE, 2);
	ring_taken(ring);
	expect_taker(ring, RING_END, 0);
	ring_free(ring);
}

static void never_more_blocks_are_ahead_than_there_are(void **state)
{
	struct ring *ring = ring_new(BLOCKS);
	enum ring_task task;
	size_t block;
	int filled = 0;

	(void)state;
	for (int steps = 0; steps < 2 * BLOCKS; steps++) {
		task = ring_filler_next(ring, &block);
		assert_int_not_equal(task, RING_END);
		if (task == RING_WORK)
			ring_worked(ring, block);
		else
			ring_filled(ring, false);
		filled += task == RING_FILL;
	}
	assert_int_equal(filled, BLOCKS);
	ring_leave(ring);
	expect_filler(ring, RING_END, 0); /* it would wait for ever */
	ring_free(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_arrives_once_in_order_and_worked_on),
		cmocka_unit_test(the_filler_stops_when_the_taker_has_left),
		cmocka_unit_test(the_taker_works_rather_than_wait_and_takes_what_is_ready_first),
		cmocka_unit_test(never_more_blocks_are_ahead_than_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
