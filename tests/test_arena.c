#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <stdalign.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"

static void pieces_are_zeroed_aligned_and_stay_in_place(void **state)
{
	struct arena arena = {0};
	unsigned char *pieces[2000];
	size_t lens[2000];

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		lens[i] = i * 37 % 211;
		pieces[i] = arena_alloc(&arena, lens[i]);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		for (size_t j = 0; j < lens[i]; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)(i % 256), lens[i]);
	}
	for (size_t i = 0; i < 2000; i++)
		for (size_t j = 0; j < lens[i]; j++)
			assert_int_equal(pieces[i][j], i % 256);
	arena_release(&arena);
}

static void a_reset_gives_the_same_memory_again_zeroed(void **state)
{
	struct arena arena = {0};
	unsigned char *first = arena_alloc(&arena, 100);

	(void)state;
	memset(first, 0xAA, 100);
	arena_alloc(&arena, 1024 * 1024);
	arena_reset(&arena);
	assert_ptr_equal(arena_alloc(&arena, 100), first);
	assert_int_equal(first[99], 0);
	arena_release(&arena);
}

static void a_piece_larger_than_a_block_is_whole(void **state)
{
	struct arena arena = {0};
	unsigned char *large = arena_alloc(&arena, 3 * 1024 * 1024);

	(void)state;
	memset(large, 1, 3 * 1024 * 1024);
	assert_non_null(arena_alloc(&arena, 8));
	arena_release(&arena);
	arena_release(&arena);
	arena_reset(&arena);
}

static void heap_memory_is_zeroed_and_grows(void **state)
{
	char *memory = memory_new(4);

	(void)state;
	assert_memory_equal(memory, "\0\0\0\0", 4);
	memcpy(memory, "abc", 4);
	memory = memory_grow(memory, 1000);
	assert_string_equal(memory, "abc");
	free(memory);
	memory = memory_string("payout");
	assert_string_equal(memory, "payout");
	free(memory);
	free(memory_new(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_stay_in_place),
		cmocka_unit_test(a_reset_gives_the_same_memory_again_zeroed),
		cmocka_unit_test(a_piece_larger_than_a_block_is_whole),
		cmocka_unit_test(heap_memory_is_zeroed_and_grows),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
