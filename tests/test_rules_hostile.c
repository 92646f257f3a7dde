/* Rules over cells that nobody sane wrote. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/rules_fixture.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* xorshift: the same rows in each run. */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Bytes that are likely to hurt: controls, broken and rare sequences, marks, digits. */
static size_t hostile(uint64_t *seed, char *out, size_t max)
{
	static const char bytes[] = "0019.,-'\"=%\x01\x1B\x7F\x80\xBF\xC2\xA0\xE2\x80\xAE\xED\xF0\xFF\xCC\x88Tx";
	size_t len = next_random(seed) % (max + 1);

	for (size_t i = 0; i < len; i++)
		out[i] = bytes[next_random(seed) % (sizeof(bytes) - 1)];
	return len;
}

static void hostile_cells_do_no_harm(void **state)
{
	struct fixture *fixture = *state;
	uint64_t seed = 88172645463325252;
	char cells[3][80] = {{0}};

	for (unsigned i = 0; i < 20000; i++) {
		fixture_calypso_row(fixture);
		for (size_t j = 0; j < COUNT(cells); j++)
			fixture->row.cells[next_random(&seed) % COLUMN_CELLS] =
				(struct text){cells[j], hostile(&seed, cells[j], sizeof(cells[j]))};
		fixture_check(fixture);
		assert_int_equal(fixture->good, fixture->findings.errors == 0);
		for (size_t j = 0; j < fixture->findings.count; j++) {
			const struct finding *finding = &fixture->findings.items[j];

			assert_true(text_utf8(text_of(finding->message), NULL));
			for (const char *at = finding->message; *at != '\0'; at++)
				assert_true((unsigned char)*at >= 0x20 && *at != 0x7F);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(hostile_cells_do_no_harm, fixture_set_up, fixture_tear_down),
	};
	return cmocka_run_group_tests_name("rules: hostile cells", tests, NULL, NULL);
}
