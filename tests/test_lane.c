#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "journal/inside.h"
#include "stages/lane.h"

/* A row that waits for its answer outlives what it was read from: each of its texts is a copy. */
static void a_copy_has_texts_of_its_own(void **state)
{
	struct attempt from = {.payload = TEXT("{}")}, to;
	struct arena arena = {0};
	size_t count;
	const struct move_column *columns = move_columns(&count);

	(void)state;
	for (size_t i = 0; i < count; i++)
		if (columns[i].text)
			memcpy((char *)&from + columns[i].offset, &from.payload, sizeof(from.payload));
	attempt_copy(&to, &from, &arena);
	assert_ptr_not_equal(to.payload.ptr, from.payload.ptr);
	for (size_t i = 0; i < count; i++) {
		struct text copy;
		memcpy(&copy, (const char *)&to + columns[i].offset, sizeof(copy));
		if (columns[i].text && copy.ptr == from.payload.ptr)
			fail_msg("%s is not copied", columns[i].name);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_has_texts_of_its_own),
	};

	return cmocka_run_group_tests_name("lane", tests, NULL, NULL);
}
