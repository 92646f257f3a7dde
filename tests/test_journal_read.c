#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/support/filled.h"

/* Another program beside: the held payout is called off. */
static void cancel_beside(struct filled *filled)
{
	char head[600];
	struct journal_options options = {.path = filled->path,
		.namespace_text = "acme",
		.clock = &filled->clock,
		.who = &filled->who,
		.head_file = head};
	struct fault fault = {0};
	struct arena arena = {0};
	struct attempt before, after;
	enum move_result result;
	struct journal *journal;
	bool found;

	snprintf(head, sizeof(head), "%s/head", filled->folder);
	journal = journal_open(&options, &fault);
	filled_must(journal != NULL, &fault);
	filled_must(journal_begin(journal, &fault), &fault);
	filled_must(journal_attempt_of(journal, 1, &arena, &before, &found, &fault), &fault);
	after = before;
	after.state = PAYOUT_CANCELED;
	filled_must(journal_move(journal, &before, &after, TEXT(""), &result, &fault), &fault);
	assert_int_equal(result, MOVE_DONE);
	filled_must(journal_commit(journal, &fault), &fault);
	journal_close(journal);
	arena_release(&arena);
}

static enum payout_state state_now(struct filled *filled)
{
	struct journal_sums sums;
	struct arena arena = {0};
	struct fault fault = {0};
	enum payout_state state;

	filled_must(journal_sums(filled->stage.journal, 0, &arena, &sums, &fault), &fault);
	assert_int_equal(sums.by_state_count, 1);
	state = sums.by_state[0].state;
	arena_release(&arena);
	return state;
}

static int64_t events_now(struct filled *filled)
{
	int64_t seq;
	char hash[65];

	journal_head(filled->stage.journal, &seq, hash);
	return seq;
}

static void readings_of_one_moment_agree_whatever_others_write(void **state)
{
	struct filled *filled = *state;
	struct filled_row row = {.channel = filled->calypso,
		.reference = "INV-1",
		.destination = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
		.currency = "BTC",
		.decimals = 8,
		.amount_minor = 1,
		.state = PAYOUT_HELD,
		.code = "HOLD"};
	struct fault fault = {0};
	int64_t seq;

	filled_batch(filled, "b", &row, 1);
	filled_must(journal_read_begin(filled->stage.journal, &fault), &fault);
	seq = events_now(filled);
	assert_int_equal(state_now(filled), PAYOUT_HELD);
	cancel_beside(filled);
	assert_int_equal(state_now(filled), PAYOUT_HELD);
	assert_int_equal(events_now(filled), seq);
	journal_read_end(filled->stage.journal);
	assert_int_equal(state_now(filled), PAYOUT_CANCELED);
	assert_int_equal(events_now(filled), seq + 1);
}

static void writing_goes_on_after_a_reading(void **state)
{
	struct filled *filled = *state;
	struct fault fault = {0};

	filled_must(journal_read_begin(filled->stage.journal, &fault), &fault);
	events_now(filled);
	journal_read_end(filled->stage.journal);
	journal_read_end(filled->stage.journal);
	filled_must(journal_begin(filled->stage.journal, &fault), &fault);
	filled_must(journal_event_add(filled->stage.journal, "notice", 0, 0, 0, TEXT(""), TEXT("x"), &fault), &fault);
	filled_must(journal_commit(filled->stage.journal, &fault), &fault);
}

static void count_reason(void *context, struct text reason_code)
{
	int *counts = context;

	counts[text_is(reason_code, "HOLD") ? 0 : text_is(reason_code, "EXECUTION_DATE") ? 1 : 2]++;
}

/* What is told of a batch as it was received comes from its totals, afterwards from its rows: the same both ways. */
static void assert_told(struct filled *filled, int64_t batch, int held, int canceled, const int reasons[3])
{
	struct journal *journal = filled->stage.journal;
	struct journal_sums shown, sums;
	struct arena arena = {0};
	struct fault fault = {0};
	int64_t counts[PAYOUT_STATES];
	int seen[3] = {0};

	filled_must(journal_counts(journal, batch, counts, &fault), &fault);
	assert_int_equal(counts[PAYOUT_HELD], held);
	assert_int_equal(counts[PAYOUT_CANCELED], canceled);
	assert_int_equal(counts[PAYOUT_READY], 1);
	filled_must(journal_held_each(journal, batch, count_reason, seen, &fault), &fault);
	assert_memory_equal(seen, reasons, sizeof(seen));
	filled_must(journal_sums_shown(journal, batch, &arena, &shown, &fault), &fault);
	filled_must(journal_sums(journal, batch, &arena, &sums, &fault), &fault);
	assert_true(shown.balanced && sums.balanced);
	assert_int_equal(shown.in_count, sums.in_count);
	assert_int_equal(shown.by_state_count, sums.by_state_count);
	for (int i = 0; i < sums.by_state_count; i++) {
		assert_int_equal(shown.by_state[i].state, sums.by_state[i].state);
		assert_int_equal(shown.by_state[i].count, sums.by_state[i].count);
		assert_int_equal(shown.by_state[i].minor, sums.by_state[i].minor);
	}
	arena_release(&arena);
}

static void what_is_told_of_a_batch_is_the_same_before_and_after_a_move(void **state)
{
	struct filled *filled = *state;
	struct filled_row rows[4];
	int64_t batch;

	for (int i = 0; i < 4; i++)
		rows[i] = (struct filled_row){.channel = filled->calypso,
			.destination = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
			.currency = i < 2 ? "BTC" : "ETH",
			.decimals = 8,
			.amount_minor = 100 + i,
			.state = PAYOUT_HELD,
			.code = "HOLD",
			.reason = "as asked"};
	rows[0].reference = "INV-1";
	rows[1].reference = "INV-2";
	rows[2].reference = "INV-3";
	rows[2].code = "EXECUTION_DATE";
	rows[3].reference = "INV-4";
	rows[3].state = PAYOUT_READY;
	rows[3].code = rows[3].reason = "";
	batch = filled_batch(filled, "held", rows, 4);
	assert_told(filled, batch, 3, 0, (const int[]){2, 1, 0});
	rows[3].reference = "INV-5";
	filled_batch(filled, "ready", rows + 3, 1); /* of the one before, the reasons stand in its rows */
	assert_told(filled, batch, 3, 0, (const int[]){2, 1, 0});
	cancel_beside(filled);
	assert_told(filled, batch, 2, 1, (const int[]){1, 1, 0});
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			readings_of_one_moment_agree_whatever_others_write, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(
			what_is_told_of_a_batch_is_the_same_before_and_after_a_move, filled_begin, filled_end),
		cmocka_unit_test_setup_teardown(writing_goes_on_after_a_reading, filled_begin, filled_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
