#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "providers/mollie.h"
#include "tests/support/scene.h"

static void every_recorded_exchange_is_built_and_read_as_written(void **state)
{
	(void)state;
	print_message("%zu exchanges\n", scene_run_all(&mollie_adapter));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_recorded_exchange_is_built_and_read_as_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
