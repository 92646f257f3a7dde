/* Files longer than what the thread that reads is ahead: all rows arrive in order, and every end ends both threads. */
#include "tests/receive_journal.h"

#define ROWS 3000

static void add_one(struct buf *csv, int number, const char *amount)
{
	buf_addf(csv, "R-%d,main,%s,ETH," TO_A "\n", number, amount);
}

static void add_many(struct buf *csv, int from, int to)
{
	char amount[16];

	for (int i = from; i < to; i++) {
		snprintf(amount, sizeof(amount), "0.%05d", i + 1);
		add_one(csv, i, amount);
	}
}

static bool in_order(void *context, const struct journal_line *line)
{
	int *next = context;
	char reference[16];

	snprintf(reference, sizeof(reference), "R-%d", *next);
	assert_true(text_is(line->payout.reference, reference));
	assert_int_equal(line->payout.row, *next + 2);
	assert_int_equal(line->payout.amount_minor, (*next + 1) * 1000);
	++*next;
	return true;
}

static void rows_arrive_once_and_in_order(void **state)
{
	static const int counts[] = {1, 63, 64, 65, 127, 128, 383, 384, 385, ROWS};

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct place *place = place_with_journal("suspected_duplicates = warn\n");
		struct buf rows = {0};
		int next = 0;

		add_many(&rows, 0, counts[i]);
		assert_int_equal(receive_text(place, "a.csv", buf_str(&rows)), RECEIVE_NEW);
		assert_int_equal(place->result.good, counts[i]);
		must(journal_line_each(place->stage.journal, place->result.batch, in_order, &next, &place->fault),
			&place->fault);
		assert_int_equal(next, counts[i]);
		buf_release(&rows);
		place_close(place);
	}
}

/* The journal gives up in the middle of the file, with the reader far ahead. */
static void sums_that_can_not_be_counted_refuse_a_long_file(void **state)
{
	struct place *place = place_with_journal("");
	struct buf rows = {0};

	(void)state;
	add_many(&rows, 0, 1000);
	add_one(&rows, 1000, "90000000000");
	add_one(&rows, 1001, "90000000000");
	add_many(&rows, 1002, ROWS);
	assert_int_equal(receive_text(place, "a.csv", buf_str(&rows)), RECEIVE_REFUSED);
	assert_non_null(strstr(buf_str(&place->found), "AMOUNT_TOO_LARGE"));
	assert_int_equal(batches_of(place), 0);
	buf_release(&rows);
	place_close(place);
}

/* The reader gives up in the middle of the file: what came before was looked at. */
static void a_long_file_that_breaks_off_is_refused_with_its_findings(void **state)
{
	struct place *place = place_with_journal("");
	struct buf rows = {0};

	(void)state;
	add_one(&rows, 0, "nothing");
	add_many(&rows, 1, ROWS);
	buf_addz(&rows, "R-x,main,\"1,ETH," TO_A "\nR-y,main,1,ETH," TO_A "\n");
	assert_int_equal(receive_text(place, "a.csv", buf_str(&rows)), RECEIVE_REFUSED);
	assert_non_null(strstr(buf_str(&place->found), "2 AMOUNT_SYNTAX error"));
	assert_non_null(strstr(buf_str(&place->found), "0 CSV_SYNTAX error"));
	assert_int_equal(place->result.rows, ROWS);
	assert_int_equal(batches_of(place), 0);
	buf_release(&rows);
	place_close(place);
}

static void a_file_is_received_after_one_that_was_stopped(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = warn\n");
	struct buf rows = {0};

	(void)state;
	add_many(&rows, 0, ROWS);
	place->stop.count = 1;
	assert_int_equal(receive_text(place, "a.csv", buf_str(&rows)), RECEIVE_STOPPED);
	assert_int_equal(batches_of(place), 0);
	place->stop.count = 0;
	place->fault = (struct fault){0};
	assert_int_equal(receive_text(place, "a.csv", buf_str(&rows)), RECEIVE_NEW);
	assert_int_equal(place->result.good, ROWS);
	buf_release(&rows);
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_arrive_once_and_in_order),
		cmocka_unit_test(sums_that_can_not_be_counted_refuse_a_long_file),
		cmocka_unit_test(a_long_file_that_breaks_off_is_refused_with_its_findings),
		cmocka_unit_test(a_file_is_received_after_one_that_was_stopped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
