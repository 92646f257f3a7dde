/* Rows that are paid from a balance (mollie) on their way into the journal: ALL waits for approval, and rows that share
 * a balance are told. */
#include "tests/receive_journal.h"

#define MOLLIE                                                                                                         \
	"[channel m]\nprovider = mollie\nbase_url = http://127.0.0.1:8400/mollie\napi_key = access_x\ntestmode = "     \
	"yes\nbalance = "                                                                                              \
	"bal_own\nallow_all = yes\n"
#define MOLLIE_HEAD "reference,channel,amount,currency,balance_id,execution_date,wallet_address"

static enum receive_verdict receive_rows(struct place *place, const char *rows, bool hold)
{
	struct buf csv = {0};
	struct receive_options options;

	buf_addf(&csv, "%s\n%s", MOLLIE_HEAD, rows);
	options = options_of(put(place, "pay.csv", buf_str(&csv)));
	options.on_error = ON_ERROR_SKIP;
	options.hold = hold;
	buf_release(&csv);
	return receive(place, &options);
}

static const struct {
	const char *rows;
	const char *findings;
	int64_t good;
} files[] = {
	{"A,m,5,EUR,bal_x,,\nB,m,6,EUR,bal_y,,\n", "", 2},
	{"A,m,5,EUR,bal_x,,\nB,m,6,EUR,bal_x,,\n", "2 BALANCE_REPEATED warning\n3 BALANCE_REPEATED warning\n", 2},
	{"A,m,5,EUR,bal_own,,\nB,m,6,EUR,,,\n", "2 BALANCE_REPEATED warning\n3 BALANCE_REPEATED warning\n", 2},
	{"A,m,5,EUR,bal_x,2026-10-29,\nB,m,6,EUR,bal_x,2026-10-30,\n", "", 2},
	{"A,m,5,EUR,bal_x,,\nB,m,x,EUR,bal_x,,\n", "3 AMOUNT_SYNTAX error\n", 1},
	{"A,m,ALL,EUR,bal_x,,\nB,m,6,EUR,bal_y,,\n", "", 2},
	{"A,m,ALL,EUR,bal_x,,\nB,m,6,EUR,bal_x,,\n", "2 BALANCE_REPEATED error\n3 BALANCE_REPEATED warning\n", 1},
	{"A,main,5,USDT,,," TO_A "\nB,main,6,USDT,,," TO_A "\n", "", 2},
};

static void rows_of_one_balance_on_one_day_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct place *place = place_with_journal(MOLLIE);

		assert_int_equal(receive_rows(place, files[i].rows, false), RECEIVE_NEW);
		expect_findings(place, files[i].findings);
		assert_int_equal(place->result.good, files[i].good);
		expect_sound(place);
		place_close(place);
	}
}

static void a_check_tells_the_same(void **state)
{
	struct place *place = place_open();
	struct buf csv = {0};

	(void)state;
	configure(place, MOLLIE);
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct receive_options options;

		buf_reset(&csv);
		buf_addf(&csv, "%s\n%s", MOLLIE_HEAD, files[i].rows);
		options = options_of(put(place, "pay.csv", buf_str(&csv)));
		options.on_error = ON_ERROR_SKIP;
		check(place, &options);
		expect_findings(place, files[i].findings);
	}
	buf_release(&csv);
	place_close(place);
}

static void files_of_one_command_are_judged_each_by_itself(void **state)
{
	struct place *place = place_open();
	struct receive_options options[2];
	struct receive_result *results = memory_new(2 * sizeof(*results));

	(void)state;
	configure(place, MOLLIE);
	for (int i = 0; i < 2; i++) {
		options[i] = options_of(put(place, i == 0 ? "a.csv" : "b.csv",
			i == 0 ? MOLLIE_HEAD "\nA,m,5,EUR,bal_x,,\n" : MOLLIE_HEAD "\nB,m,6,EUR,bal_x,,\n"));
		options[i].file_index = i;
	}
	assert_int_equal(receive_check_all(&place->stage, options, 2, NULL, results, NULL, &place->fault), RECEIVE_NEW);
	assert_int_equal(results[0].warnings + results[1].warnings, 0);
	free(results);
	place_close(place);
}

static bool see_all(void *context, const struct journal_line *line)
{
	int *seen = context;

	assert_int_equal(line->state, PAYOUT_HELD);
	assert_true(text_is(line->payout.reason_code, "AMOUNT_ALL"));
	assert_int_equal(line->payout.amount_minor, 0);
	assert_true(text_is(line->payout.destination, "bal_x"));
	(*seen)++;
	return true;
}

static void all_waits_for_approval_whatever_else_was_asked(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++) {
		struct place *place = place_with_journal(MOLLIE);
		struct journal_sums sums;
		struct arena arena = {0};
		int seen = 0;

		assert_int_equal(receive_rows(place,
					 i == 2 ? "A,m,ALL,EUR,bal_x,2026-10-30,\n" : "A,m,ALL,EUR,bal_x,,\n", i == 1),
			RECEIVE_NEW);
		assert_int_equal(place->result.held, 1);
		must(journal_line_each(place->stage.journal, place->result.batch, see_all, &seen, &place->fault),
			&place->fault);
		assert_int_equal(seen, 1);
		must(journal_sums(place->stage.journal, 0, &arena, &sums, &place->fault), &place->fault);
		assert_true(sums.balanced && sums.in_count == 1 && sums.in[0].count == 1 && sums.in[0].minor == 0);
		arena_release(&arena);
		expect_sound(place);
		place_close(place);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_one_balance_on_one_day_are_told),
		cmocka_unit_test(a_check_tells_the_same),
		cmocka_unit_test(files_of_one_command_are_judged_each_by_itself),
		cmocka_unit_test(all_waits_for_approval_whatever_else_was_asked),
	};
	return cmocka_run_group_tests_name("receive: balances", tests, NULL, NULL);
}
