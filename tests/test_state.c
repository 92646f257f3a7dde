#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "values/state.h"

/* The moves of the protocol, section 2, once more and in another shape: row from, column to, in the enum's order. */
static const char *const allowed[PAYOUT_STATES] = {
	/*                  U R D H R S A P F R C */
	[PAYOUT_UNKNOWN] = "....xxxxx..",
	[PAYOUT_REJECTED] = "...........",
	[PAYOUT_DUPLICATE] = "...........",
	[PAYOUT_HELD] = "....x.....x",
	[PAYOUT_READY] = ".....x....x",
	[PAYOUT_SENDING] = "x...x.x.x..",
	[PAYOUT_ACCEPTED] = ".......xxxx",
	[PAYOUT_PAID] = "........xxx",
	[PAYOUT_FAILED] = "......xx...",
	[PAYOUT_RETURNED] = "...........",
	[PAYOUT_CANCELED] = "...........",
};

static void allows_exactly_the_moves_of_the_protocol(void **state)
{
	(void)state;
	for (enum payout_state from = 0; from < PAYOUT_STATES; from++)
		for (enum payout_state to = 0; to < PAYOUT_STATES; to++)
			if (state_move_allowed(from, to) != (allowed[from][to] == 'x'))
				fail_msg("%s to %s", state_name(from), state_name(to));
	assert_false(state_move_allowed(PAYOUT_STATES, PAYOUT_READY));
	assert_false(state_move_allowed(PAYOUT_READY, PAYOUT_STATES));
}

static void no_move_leads_from_a_state_to_itself(void **state)
{
	(void)state;
	for (enum payout_state i = 0; i < PAYOUT_STATES; i++)
		assert_false(state_move_allowed(i, i));
}

static void a_state_reads_back_from_its_name(void **state)
{
	static const char *const names[] = {"unknown", "rejected", "duplicate", "held", "ready", "sending", "accepted",
		"paid", "failed", "returned", "canceled"};
	enum payout_state read = PAYOUT_PAID;

	(void)state;
	for (enum payout_state i = 0; i < PAYOUT_STATES; i++) {
		assert_string_equal(state_name(i), names[i]);
		assert_true(state_parse(text_of(names[i]), &read));
		assert_int_equal(read, i);
	}
	read = PAYOUT_PAID;
	assert_false(state_parse(TEXT("Ready"), &read));
	assert_false(state_parse(TEXT(""), &read));
	assert_int_equal(read, PAYOUT_PAID);
}

static void the_cautious_state_is_zero(void **state)
{
	(void)state;
	assert_int_equal(PAYOUT_UNKNOWN, 0);
}

static void live_and_final_are_as_the_contract_has_them(void **state)
{
	/* PAID is both: its reference stays taken, and nothing more is expected. */
	static const char live[] = "x..xxxxx...", final[] = ".xx....xxxx";

	(void)state;
	for (enum payout_state i = 0; i < PAYOUT_STATES; i++) {
		assert_int_equal(state_live(i), live[i] == 'x');
		assert_int_equal(state_final(i), final[i] == 'x');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(allows_exactly_the_moves_of_the_protocol),
		cmocka_unit_test(no_move_leads_from_a_state_to_itself),
		cmocka_unit_test(a_state_reads_back_from_its_name),
		cmocka_unit_test(the_cautious_state_is_zero),
		cmocka_unit_test(live_and_final_are_as_the_contract_has_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
