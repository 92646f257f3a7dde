/*
 * What receive makes of the controls: batches held for approval, limits of a batch, rows that look like others,
 * allowed.
 */
#include "tests/receive_journal.h"

#include "stages/approval.h"

#define THREE "A-1,main,1,USDT," TO_A "\nA-2,main,2,USDT," TO_B "\nA-3,other,3,USDT," TO_C "\n"

static void count_reason(void *context, struct text reason_code)
{
	*(int *)context += text_is(reason_code, APPROVAL_CODE) ? 1 : 100;
}

/* As the process that received it knows, and as the rows say. */
static int waiting_of(struct place *place)
{
	struct journal_options options = journal_of(place);
	struct fault fault = {0};
	int known = 0, read = 0;

	must(journal_held_each(place->stage.journal, place->result.batch, count_reason, &known, &fault), &fault);
	journal_close(place->stage.journal);
	place->stage.journal = journal_open(&options, &fault);
	must(place->stage.journal != NULL, &fault);
	must(journal_held_each(place->stage.journal, place->result.batch, count_reason, &read, &fault), &fault);
	assert_int_equal(known, read);
	return read;
}

static void a_batch_that_needs_approval_is_held_as_a_whole(void **state)
{
	static const char ready[] =
		"2 A-1 ready  1000000 main\n3 A-2 ready  2000000 main\n4 A-3 ready  3000000 other\n";
	static const char held[] = "2 A-1 held APPROVAL 1000000 main\n3 A-2 held APPROVAL 2000000 main\n"
				   "4 A-3 held APPROVAL 3000000 other\n";
	static const struct {
		const char *settings, *lines;
	} table[] = {
		{"", ready},
		{"approve = never\n", ready},
		{"approve = always\n", held},
		{"approve = above:USDT 6\n", ready}, /* over both channels */
		{"approve = above:USDT 5.99\n", held},
		{"approve = above:USDC 1000000\n", held},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct place *place = place_with_journal(table[i].settings);

		assert_int_equal(receive_text(place, "one.csv", THREE), RECEIVE_NEW);
		assert_string_equal(lines_of(place, place->result.batch), table[i].lines);
		assert_int_equal(place->result.approval, table[i].lines == held);
		assert_int_equal(place->result.held, table[i].lines == held ? 3 : 0);
		assert_int_equal(waiting_of(place), place->result.held);
		expect_sound(place);
		place_close(place);
	}
}

/* Neither a rejected row nor one that is paid already needs anybody's approval. */
static void only_what_is_good_counts(void **state)
{
	struct place *place = place_with_journal("approve = above:USDT 3\n");

	(void)state;
	assert_int_equal(
		receive_text(place, "one.csv", "A-1,main,1,USDT," TO_A "\nA-2,main,2,USDT," TO_B "\n"), RECEIVE_NEW);
	assert_int_equal(receive_text(place, "two.csv",
				 "A-1,main,1,USDT," TO_A "\nB-1,main,3,USDT," TO_C "\nB-2,main,9,USDT,nowhere\n"),
		RECEIVE_NEW);
	assert_false(place->result.approval);
	expect_sound(place);
	place_close(place);
}

/* Why a row is held beside: its date stays, a suspicion stays its reason. */
static void other_reasons_to_wait_are_kept(void **state)
{
	struct place *place = place_with_journal("approve = always\n");
	struct receive_options options = options_of(put(place, "two.csv",
		HEAD ",execution_date\nB-1,main,1,USDT," TO_A ",\nB-2,main,7,USDT," TO_B ",2026-12-24\n"
		     "B-3,main,8,USDT," TO_C ",2026-12-25\n"));
	struct arena arena = {0};
	struct journal_payout payout;
	struct journal_batch batch;
	struct fault fault = {0};
	bool found = false;

	(void)state;
	assert_int_equal(receive_text(place, "one.csv", "A-1,main,1,USDT," TO_A "\n"), RECEIVE_NEW);
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch),
		"2 B-1 held DUPLICATE_SUSPECTED 1000000 main\n3 B-2 held APPROVAL 7000000 main\n"
		"4 B-3 held APPROVAL 8000000 main\n");
	must(journal_batch_get(place->stage.journal, place->result.batch, &arena, &batch, &fault), &fault);
	must(journal_payout_get(place->stage.journal, batch.first_payout + 1, &arena, &payout, &found, &fault), &fault);
	assert_int_equal(payout.not_before, INT64_C(1798070400000));
	must(journal_payout_get(place->stage.journal, batch.last_payout, &arena, &payout, &found, &fault), &fault);
	assert_int_equal(payout.not_before, INT64_C(1798156800000));
	arena_release(&arena);
	expect_sound(place);
	place_close(place);
}

static void hold_by_option_gives_way_to_approval(void **state)
{
	struct place *place = place_with_journal("approve = always\n");
	struct receive_options options = options_of(put(place, "one.csv", HEAD "\n" THREE));

	(void)state;
	options.hold = true;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_non_null(strstr(lines_of(place, place->result.batch), "2 A-1 held APPROVAL "));
	assert_int_equal(waiting_of(place), 3);
	expect_sound(place);
	place_close(place);
}

/* In a check too: the sum of a file is known without a journal. */
static void a_file_above_the_limit_of_a_batch_is_refused(void **state)
{
	static const struct {
		const char *settings;
		enum receive_verdict verdict;
	} table[] = {
		{"USDT 3", RECEIVE_NEW},
		{"USDT 2.99", RECEIVE_REFUSED},
		{"*:none", RECEIVE_NEW},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct place *place = place_with_journal("");
		struct receive_options options = options_of(put(place, "one.csv", HEAD "\n" THREE));
		struct limit *limit = &place->config->channels[0].limits[CHANNEL_LIMIT_BATCH];

		assert_null(limit_parse(text_of(table[i].settings), limit)); /* of main alone */
		options.on_error = ON_ERROR_SKIP;
		assert_int_equal(check(place, &options), table[i].verdict);
		assert_int_equal(receive(place, &options), table[i].verdict);
		expect_findings(place, table[i].verdict == RECEIVE_NEW ? "" : "0 AMOUNT_LIMIT error\n");
		place_close(place);
	}
}

static void what_a_day_has_no_room_for_is_told_before(void **state)
{
	struct place *place = place_with_journal("");
	struct receive_options options = options_of(put(place, "one.csv", HEAD "\n" THREE));
	struct limit *limit = &place->config->channels[0].limits[CHANNEL_LIMIT_DAY];

	(void)state;
	assert_null(limit_parse(TEXT("USDT 2.50"), limit));
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	expect_findings(place, "0 AMOUNT_LIMIT warning\n");
	assert_int_equal(place->result.limit_count, 1);
	assert_int_equal(place->result.limits[0].minor, 3000000);
	assert_int_equal(place->result.limits[0].most, 2500000);
	assert_int_equal(place->result.limits[0].spent, 0);
	place_close(place);
}

#define FIVE(letter)                                                                                                   \
	letter "-1,main,1,USDT," TO_A "\n" letter "-2,main,2,USDT," TO_A "\n" letter "-3,main,3,USDT," TO_A            \
	       "\n" letter "-4,main,4,USDT," TO_A "\n" letter "-5,main,5,USDT," TO_A "\n"

static void a_file_under_new_references_is_told_once(void **state)
{
	struct place *place = place_with_journal("");

	(void)state;
	assert_int_equal(receive_text(place, "one.csv", FIVE("A")), RECEIVE_NEW);
	assert_int_equal(receive_text(place, "two.csv", FIVE("B")), RECEIVE_NEW);
	expect_findings(place, "0 BATCH_SUSPECTED warning\n");
	assert_non_null(strstr(buf_str(&place->text), "the whole file, 5 rows, looks like payouts that exist already "
						      "(row 2: looks like row 2 of batch "));
	assert_int_equal(place->result.held, 5);
	assert_int_equal(receive_text(place, "three.csv", FIVE("C") "C-6,main,6,USDT," TO_A "\n"), RECEIVE_NEW);
	assert_int_equal(place->result.held, 5);
	assert_non_null(strstr(buf_str(&place->found), "2 DUPLICATE_SUSPECTED warning\n")); /* not the whole of it */
	expect_sound(place);
	place_close(place);
}

static void where_suspects_are_errors_the_rest_of_such_a_file_is_not_paid(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = error\n");

	(void)state;
	assert_int_equal(receive_text(place, "one.csv", FIVE("A")), RECEIVE_NEW);
	assert_int_equal(receive_text(place, "two.csv", FIVE("B") "B-6,main,6,USDT," TO_A "\n"), RECEIVE_REFUSED);
	assert_int_equal(batches_of(place), 1);
	place_close(place);
}

static bool find_notice(void *context, const struct journal_event *event)
{
	if (text_is(event_field(event->line, EVENT_KIND), "notice"))
		buf_addt(context, event->line);
	return true;
}

static void what_is_allowed_is_ready_and_says_why(void **state)
{
	static const char *const settings[] = {"", "suspected_duplicates = error\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		struct place *place = place_with_journal(settings[i]);
		struct receive_options options =
			options_of(put(place, "two.csv", HEAD "\n" FIVE("B") "A-1,main,9,USDT," TO_B "\n"));
		struct buf line = {0};
		struct fault fault = {0};

		assert_int_equal(receive_text(place, "one.csv", FIVE("A")), RECEIVE_NEW);
		options.allow_duplicates = true;
		options.why = "two flats";
		options.on_error = ON_ERROR_SKIP;
		assert_int_equal(receive(place, &options), RECEIVE_NEW);
		assert_int_equal(place->result.held, 0);
		assert_int_equal(place->result.suspected, 5);
		assert_int_equal(place->result.bad, 1); /* the reference that another payout has */
		must(journal_event_each(
			     place->stage.journal, 1, place->result.batch, JOURNAL_NO_ROW, find_notice, &line, &fault),
			&fault);
		assert_non_null(strstr(buf_str(&line), "{\"allow_duplicates\":true,\"suspected\":5}"));
		assert_non_null(strstr(buf_str(&line), "two flats"));
		buf_release(&line);
		expect_sound(place);
		place_close(place);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_that_needs_approval_is_held_as_a_whole),
		cmocka_unit_test(only_what_is_good_counts),
		cmocka_unit_test(other_reasons_to_wait_are_kept),
		cmocka_unit_test(hold_by_option_gives_way_to_approval),
		cmocka_unit_test(a_file_above_the_limit_of_a_batch_is_refused),
		cmocka_unit_test(what_a_day_has_no_room_for_is_told_before),
		cmocka_unit_test(a_file_under_new_references_is_told_once),
		cmocka_unit_test(where_suspects_are_errors_the_rest_of_such_a_file_is_not_paid),
		cmocka_unit_test(what_is_allowed_is_ready_and_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
