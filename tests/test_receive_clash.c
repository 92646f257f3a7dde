/* What a file meets in the journal: the same payouts, other payouts under the same reference, look-alikes. */
#include "tests/receive_journal.h"

/* Moves the attempt of a reference on, as a run would. */
static void move(struct place *place, const char *reference, enum payout_state to)
{
	struct journal *journal = place->stage.journal;
	struct fault fault = {0};
	struct arena arena = {0};
	struct attempt before, after;
	enum journal_find found;
	enum move_result result;
	int64_t payout;
	bool there;

	must(journal_payout_find(journal, text_of(reference), &payout, &found, &fault), &fault);
	assert_int_equal(found, JOURNAL_FIND_ONE);
	must(journal_attempt_of(journal, payout, &arena, &before, &there, &fault), &fault);
	after = before;
	after.state = to;
	if (to == PAYOUT_SENDING) {
		after.sends++;
		after.open_since = place->now.utc_ms;
		after.payload = TEXT("{}");
	}
	if (to == PAYOUT_ACCEPTED)
		after.provider_id = text_of(reference);
	if (to == PAYOUT_FAILED || to == PAYOUT_ACCEPTED)
		after.open_since = 0;
	must(journal_begin(journal, &fault), &fault);
	must(journal_move(journal, &before, &after, TEXT(""), &result, &fault), &fault);
	assert_int_equal(result, MOVE_DONE);
	must(journal_commit(journal, &fault), &fault);
	arena_release(&arena);
}

static void a_changed_file_is_measured_against_what_was_received(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = warn\n");
	struct fault fault = {0};
	int64_t recovered;

	(void)state;
	must(journal_lease_take(place->stage.journal, 0, NULL, NULL, &recovered, &fault), &fault);
	assert_int_equal(
		receive_text(place, "first.csv",
			"READY,main,1,USDT," TO_A "\nPAID,main,2,USDT," TO_B "\nFAILED,main,3,USDT," TO_C
			"\nCANCELED,main,4,USDT," TO_A "\nCHANGED,main,5,USDT," TO_A "\nMOVED,main,6,USDT," TO_A
			"\nREJECTED,main,x,USDT," TO_A "\nUNKNOWN,main,7,USDT," TO_A "\n"),
		RECEIVE_NEW);
	move(place, "PAID", PAYOUT_SENDING);
	move(place, "PAID", PAYOUT_ACCEPTED);
	move(place, "PAID", PAYOUT_PAID);
	move(place, "FAILED", PAYOUT_SENDING);
	move(place, "FAILED", PAYOUT_FAILED);
	move(place, "CANCELED", PAYOUT_CANCELED);
	move(place, "UNKNOWN", PAYOUT_SENDING);
	move(place, "UNKNOWN", PAYOUT_UNKNOWN);

	assert_int_equal(
		receive_text(place, "second.csv",
			"READY,main,1.0,USDT," TO_A "\nPAID,main,2,USDT," TO_B "\nFAILED,main,3,USDT," TO_C
			"\nCANCELED,main,4,USDT," TO_A "\nCHANGED,main,5.01,USDT," TO_A "\nMOVED,other,6,USDT," TO_A
			"\nREJECTED,main,8,USDT," TO_A "\nUNKNOWN,main,7,USDT," TO_A "\nNEW,main,9,USDT," TO_A "\n"),
		RECEIVE_NEW);
	expect_findings(place, "2 REFERENCE_DUPLICATE warning\n3 REFERENCE_DUPLICATE warning\n4 FAILED_BEFORE error\n"
			       "5 FAILED_BEFORE error\n6 REFERENCE_CONFLICT error\n7 REFERENCE_CONFLICT error\n"
			       "9 REFERENCE_DUPLICATE warning\n");
	assert_string_equal(lines_of(place, place->result.batch),
		"2 READY duplicate REFERENCE_DUPLICATE 1000000 main\n"
		"3 PAID duplicate REFERENCE_DUPLICATE 2000000 main\n"
		"4 FAILED rejected FAILED_BEFORE 3000000 main\n"
		"5 CANCELED rejected FAILED_BEFORE 4000000 main\n"
		"6 CHANGED rejected REFERENCE_CONFLICT 5010000 main\n"
		"7 MOVED rejected REFERENCE_CONFLICT 6000000 other\n"
		"8 REJECTED ready  8000000 main\n"
		"9 UNKNOWN duplicate REFERENCE_DUPLICATE 7000000 main\n"
		"10 NEW ready  9000000 main\n");
	assert_int_equal(place->result.rows, 9);
	assert_int_equal(place->result.good, 2);
	assert_int_equal(place->result.bad, 4);
	assert_int_equal(place->result.duplicate, 3);
	assert_int_equal(place->result.duplicates[PAYOUT_READY], 1);
	assert_int_equal(place->result.duplicates[PAYOUT_PAID], 1);
	assert_int_equal(place->result.duplicates[PAYOUT_UNKNOWN], 1);
	assert_int_equal(place->result.sum_count, 1);
	assert_int_equal(place->result.sums[0].minor, 17000000);
	assert_int_equal(place->result.sums[0].count, 2);
	assert_non_null(strstr(buf_str(&place->text), "payrun retry 20261028-"));
	assert_non_null(strstr(buf_str(&place->text), "(paid)"));
	expect_sound(place);
	journal_lease_drop(place->stage.journal);
	place_close(place);
}

/* The current attempt of a reference gets a further mark without moving. */
static void note_return(struct place *place, const char *reference)
{
	struct journal *journal = place->stage.journal;
	struct fault fault = {0};
	struct arena arena = {0};
	struct attempt before, after;
	enum journal_find found;
	enum move_result result;
	int64_t payout;
	bool there;

	must(journal_payout_find(journal, text_of(reference), &payout, &found, &fault), &fault);
	must(journal_attempt_of(journal, payout, &arena, &before, &there, &fault), &fault);
	after = before;
	after.return_pending = 1;
	must(journal_begin(journal, &fault), &fault);
	must(journal_move(journal, &before, &after, TEXT(""), &result, &fault), &fault);
	must(journal_commit(journal, &fault), &fault);
	arena_release(&arena);
}

static void a_correction_reaches_what_ended_in_its_batch_and_nothing_else(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = warn\n");
	struct fault fault = {0};
	struct receive_options options;
	int64_t recovered, corrects;

	(void)state;
	must(journal_lease_take(place->stage.journal, 0, NULL, NULL, &recovered, &fault), &fault);
	assert_int_equal(receive_text(place, "zero.csv", "ELSEWHERE,main,1,USDT," TO_A "\n"), RECEIVE_NEW);
	move(place, "ELSEWHERE", PAYOUT_CANCELED);
	assert_int_equal(
		receive_text(place, "first.csv",
			"PAID,main,2,USDT," TO_B "\nFAILED,main,3,USDT," TO_C "\nCANCELED,main,4,USDT," TO_A
			"\nLIVE,main,5,USDT," TO_A "\nMOVED,main,6,USDT," TO_A "\nPENDING,main,7,USDT," TO_A "\n"),
		RECEIVE_NEW);
	corrects = place->result.batch;
	move(place, "PAID", PAYOUT_SENDING);
	move(place, "PAID", PAYOUT_ACCEPTED);
	move(place, "PAID", PAYOUT_PAID);
	move(place, "FAILED", PAYOUT_SENDING);
	move(place, "FAILED", PAYOUT_FAILED);
	move(place, "CANCELED", PAYOUT_CANCELED);
	move(place, "MOVED", PAYOUT_CANCELED);
	move(place, "PENDING", PAYOUT_SENDING);
	move(place, "PENDING", PAYOUT_FAILED);
	note_return(place, "PENDING");

	options = options_of(put(place, "second.csv",
		HEAD "\nPAID,main,2,USDT," TO_B "\nFAILED,main,3.5,USDT," TO_B "\nCANCELED,main,4,USDT," TO_A
		     "\nLIVE,main,5.5,USDT," TO_A "\nMOVED,other,6,USDT," TO_A "\nPENDING,main,7.5,USDT," TO_A
		     "\nELSEWHERE,main,1.5,USDT," TO_A "\nNEW,main,9,USDT," TO_A "\n"));
	options.on_error = ON_ERROR_SKIP;
	options.corrects = corrects;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	expect_findings(place, "2 REFERENCE_DUPLICATE warning\n5 REFERENCE_CONFLICT error\n6 FAILED_BEFORE error\n"
			       "7 FAILED_BEFORE error\n8 FAILED_BEFORE error\n");
	assert_non_null(strstr(buf_str(&place->text), "another channel"));
	assert_non_null(strstr(buf_str(&place->text), "on its way back"));
	assert_string_equal(lines_of(place, place->result.batch), "2 PAID duplicate REFERENCE_DUPLICATE 2000000 main\n"
								  "3 FAILED ready  3500000 main\n"
								  "4 CANCELED ready  4000000 main\n"
								  "5 LIVE rejected REFERENCE_CONFLICT 5500000 main\n"
								  "6 MOVED rejected FAILED_BEFORE 6000000 other\n"
								  "7 PENDING rejected FAILED_BEFORE 7500000 main\n"
								  "8 ELSEWHERE rejected FAILED_BEFORE 1500000 main\n"
								  "9 NEW ready  9000000 main\n");
	assert_int_equal(place->result.good, 3);
	expect_sound(place);
	/* The batch itself has nothing new; what was corrected is live. */
	options.path = put(place, "third.csv", HEAD "\nFAILED,main,3.6,USDT," TO_B "\n");
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	expect_findings(place, "2 REFERENCE_CONFLICT error\n");
	expect_sound(place);
	journal_lease_drop(place->stage.journal);
	place_close(place);
}

static void look_alikes_of_the_last_days_wait(void **state)
{
	static const struct {
		const char *settings;
		int64_t days; /* between the two files */
		const char *row;
		const char *line; /* in the journal */
		const char *findings;
	} table[] = {
		{"", 1, "B-1,main,12.50,USDT," TO_A "\n", "2 B-1 held DUPLICATE_SUSPECTED 12500000 main\n",
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n"},
		{"", 1, "a-01,main,99,USDT," TO_B "\n", "2 a-01 held DUPLICATE_SUSPECTED 99000000 main\n",
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n"},
		{"", 1, "B-1,other,12.5,USDT," TO_A "\n", "2 B-1 held DUPLICATE_SUSPECTED 12500000 other\n",
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n"},
		{"", 8, "B-1,main,12.5,USDT," TO_A "\n", "2 B-1 ready  12500000 main\n", ""},
		{"duplicate_days = 9\n", 8, "B-1,main,12.5,USDT," TO_A "\n",
			"2 B-1 held DUPLICATE_SUSPECTED 12500000 main\n",
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n"},
		{"suspected_duplicates = warn\n", 1, "B-1,main,12.5,USDT," TO_A "\n", "2 B-1 ready  12500000 main\n",
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n"},
		{"", 1, "B-1,main,12.51,USDT," TO_A "\n", "2 B-1 ready  12510000 main\n", ""},
		{"", 1, "B-1,main,12.5,USDT," TO_B "\n", "2 B-1 ready  12500000 main\n", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct place *place = place_with_journal(table[i].settings);

		assert_int_equal(receive_text(place, "one.csv", "A-1,main,12.5,USDT," TO_A "\n"), RECEIVE_NEW);
		place->now.utc_ms += table[i].days * DAY_MS;
		assert_int_equal(receive_text(place, "two.csv", table[i].row), RECEIVE_NEW);
		expect_findings(place, table[i].findings);
		assert_string_equal(lines_of(place, place->result.batch), table[i].line);
		assert_int_equal(place->result.held, strstr(table[i].line, " held ") != NULL);
		assert_int_equal(place->result.held_suspected, strstr(table[i].line, " held ") != NULL);
		assert_int_equal(place->result.good, 1);
		expect_sound(place);
		place_close(place);
	}
}

static void look_alikes_are_errors_where_it_says_so(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = error\n");
	struct receive_options options = options_of(put(place, "two.csv",
		HEAD "\nB-1,main,12.5,USDT," TO_A "\nB-2,main,1,USDT," TO_A "\nB-3,main,2,USDT," TO_A "\n"
		     "B-4,main,3,USDT," TO_A "\nB-5,main,4,USDT," TO_A "\n"));

	(void)state;
	assert_int_equal(receive_text(place, "one.csv", "A-1,main,12.5,USDT," TO_A "\n"), RECEIVE_NEW);
	assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
	expect_findings(place, "2 DUPLICATE_SUSPECTED error\n");
	options.on_error = ON_ERROR_SKIP;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_int_equal(place->result.good, 4);
	assert_int_equal(place->result.bad, 1);
	expect_sound(place);
	place_close(place);
}

static void within_one_file_both_look_alikes_wait(void **state)
{
	struct place *place = place_with_journal("");

	(void)state;
	assert_int_equal(receive_text(place, "one.csv",
				 "A-1,main,1,USDT," TO_A "\nA-2,main,2,USDT," TO_B "\nA-3,main,1,USDT," TO_A
				 "\na-02,main,4,USDT," TO_C "\n"),
		RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch),
		"2 A-1 held DUPLICATE_SUSPECTED 1000000 main\n3 A-2 held DUPLICATE_SUSPECTED 2000000 main\n"
		"4 A-3 held DUPLICATE_SUSPECTED 1000000 main\n5 a-02 held DUPLICATE_SUSPECTED 4000000 main\n");
	assert_int_equal(place->result.suspected, 4);
	expect_sound(place);
	place_close(place);
}

/* Else the one told last would be paid under --on-error skip, although `check` calls it an error, too. */
static void within_one_file_both_look_alikes_are_errors(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = error\n");
	struct receive_options options = options_of(put(place, "one.csv",
		HEAD "\nA-1,main,1,USDT," TO_A "\nA-2,main,2,USDT," TO_B "\nA-3,main,1,USDT," TO_A
		     "\na-02,main,4,USDT," TO_C "\nA-5,main,5,USDT," TO_A "\nA-6,main,6,USDT," TO_A "\n"
		     "A-7,main,7,USDT," TO_A "\n"));

	(void)state;
	options.on_error = ON_ERROR_SKIP;
	(void)receive(place, &options);
	assert_int_equal(place->result.bad, 4);
	assert_int_equal(place->result.suspected, 4);
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_file_is_measured_against_what_was_received),
		cmocka_unit_test(a_correction_reaches_what_ended_in_its_batch_and_nothing_else),
		cmocka_unit_test(look_alikes_of_the_last_days_wait),
		cmocka_unit_test(look_alikes_are_errors_where_it_says_so),
		cmocka_unit_test(within_one_file_both_look_alikes_wait),
		cmocka_unit_test(within_one_file_both_look_alikes_are_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
