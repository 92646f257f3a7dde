#include "stages/repeats.h"
#include "tests/receive_journal.h"
#include "values/key.h"

/* Files of the folder, so that what is left behind shows. */
static int files_in(const char *folder)
{
	DIR *dir = opendir(folder);
	int count = 0;

	while (readdir(dir) != NULL)
		count++;
	closedir(dir);
	return count;
}

static void a_good_file_becomes_a_batch(void **state)
{
	struct place *place = place_with_journal("");
	struct fault fault = {0};
	struct arena arena = {0};
	struct journal_batch batch;
	struct attempt attempt;
	enum journal_find found;
	bool there;
	struct sha256 *sha = sha256_new();
	struct key key = key_derive(sha, TEXT("test"), PROVIDER_CALYPSO, TEXT("A-1"), 1);

	(void)state;
	assert_int_equal(receive_text(place, "pay.csv",
				 "A-1,main,12.5,USDT," TO_A "\nA-2,other,1,USDT," TO_B "\nA-3,main,0.1,BTC,"
				 "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2\n"),
		RECEIVE_NEW);
	expect_findings(place, "");
	assert_string_equal(lines_of(place, place->result.batch),
		"2 A-1 ready  12500000 main\n3 A-2 ready  1000000 other\n4 A-3 ready  10000000 main\n");
	assert_int_equal(strncmp(place->result.batch_name, "20261028-", 9), 0);
	assert_int_equal(strncmp(place->result.batch_name + 9, place->result.sha256_hex, 6), 0);
	assert_int_equal(strlen(place->result.batch_name), 15);
	must(journal_batch_find(
		     place->stage.journal, text_of(place->result.batch_name), &arena, &batch, &found, &fault),
		&fault);
	assert_int_equal(found, JOURNAL_FIND_ONE);
	assert_int_equal(batch.rows, 3);
	assert_true(text_is(batch.file, "pay.csv"));
	assert_true(text_is(batch.format, "csv"));
	assert_true(text_is(batch.channel_option, ""));
	assert_false(batch.control);
	must(journal_attempt_of(place->stage.journal, batch.first_payout, &arena, &attempt, &there, &fault), &fault);
	assert_true(there);
	assert_memory_equal(attempt.key.bytes, key.bytes, KEY_SIZE);
	assert_int_equal(attempt.state, PAYOUT_READY);
	expect_sound(place);
	sha256_free(sha);
	arena_release(&arena);
	place_close(place);
}

static void a_refused_file_leaves_nothing(void **state)
{
	static const char *const rows[] = {
		"A-1,main,12.5,USDT," TO_A "\nA-2,main,x,USDT," TO_B "\n",
		"A-1,main,12.5,USDT," TO_A "\nA-1,main,1,USDT," TO_B "\n",
		"A-1,main,12.5,USDT," TO_A "\nA-2,main,\"1,USDT," TO_B "\n",
		"A-1,main,12.5,USDT," TO_A "\n\xff\xfe,main,1,USDT," TO_B "\n",
		"",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct place *place = place_with_journal("");
		struct buf csv = {0};
		struct receive_options options;
		int files;
		int64_t seq, seq_after;
		char hash[65];

		buf_addf(&csv, "%s\n%s", HEAD, rows[i]);
		options = options_of(put(place, "pay.csv", buf_str(&csv)));
		journal_head(place->stage.journal, &seq, hash);
		files = files_in(place->folder);
		assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
		assert_false(place->fault.set);
		assert_true(place->found.len > 0);
		assert_int_equal(place->result.batch, 0);
		assert_string_equal(place->result.batch_name, "");
		assert_int_equal(batches_of(place), 0);
		assert_string_equal(lines_of(place, 0), "");
		journal_head(place->stage.journal, &seq_after, hash);
		assert_int_equal(seq, seq_after);
		assert_int_equal(files_in(place->folder), files);
		/* and the same rows can be received afterwards, once they are right */
		assert_int_equal(receive_text(place, "pay.csv", "A-1,main,12.5,USDT," TO_A "\n"), RECEIVE_NEW);
		expect_sound(place);
		buf_release(&csv);
		place_close(place);
	}
}

static void what_is_not_kept_leaves_nothing(void **state)
{
	struct place *place = place_with_journal("");
	struct receive_options options = options_of(put(place, "pay.csv", HEAD "\nA-1,main,12.5,USDT," TO_A "\n"));

	(void)state;
	options.keep = false;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_int_equal(place->result.good, 1);
	assert_int_equal(place->result.batch, 0);
	assert_int_equal(place->result.sum_count, 1);
	assert_int_equal(batches_of(place), 0);
	options.keep = true;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_int_equal(batches_of(place), 1);
	place_close(place);
}

static void a_signal_before_the_commit_leaves_nothing(void **state)
{
	struct place *place = place_with_journal("");
	struct receive_options options = options_of(put(place, "pay.csv", HEAD "\nA-1,main,12.5,USDT," TO_A "\n"));

	(void)state;
	place->stop.count = 1;
	assert_int_equal(receive(place, &options), RECEIVE_STOPPED);
	assert_int_equal(batches_of(place), 0);
	place->stop.count = 0;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	place_close(place);
}

static void the_same_bytes_are_the_same_batch(void **state)
{
	static const char csv[] = HEAD "\nA-1,main,12.5,USDT," TO_A "\nA-2,main,x,USDT," TO_B "\n";
	struct place *place = place_with_journal("");
	struct receive_options options = options_of(put(place, "pay.csv", csv));
	char name[50];
	int64_t batch;

	(void)state;
	options.on_error = ON_ERROR_SKIP;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	snprintf(name, sizeof(name), "%s", place->result.batch_name);
	batch = place->result.batch;

	place->now.utc_ms += 30 * DAY_MS;
	options.path = put(place, "renamed.csv", csv);
	assert_int_equal(receive(place, &options), RECEIVE_KNOWN);
	assert_string_equal(place->result.batch_name, name);
	assert_int_equal(place->result.batch, batch);
	assert_int_equal(place->result.received_at, NOON);
	expect_findings(place, "3 AMOUNT_SYNTAX error\n"); /* the rejected row, checked again */

	options.batch_id = "again";
	assert_int_equal(receive(place, &options), RECEIVE_KNOWN);
	assert_string_equal(place->result.batch_name, name);
	expect_findings(place, "0 BATCH_KNOWN warning\n3 AMOUNT_SYNTAX error\n");

	options.batch_id = NULL;
	options.channel = "main";
	assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
	assert_non_null(strstr(buf_str(&place->found), "0 BATCH_OPTIONS error\n"));
	assert_int_equal(place->result.batch, 0);
	assert_int_equal(batches_of(place), 1);
	place_close(place);
}

static void a_batch_id_belongs_to_its_bytes(void **state)
{
	struct place *place = place_with_journal("");
	struct receive_options options = options_of(put(place, "pay.csv", HEAD "\nA-1,main,12.5,USDT," TO_A "\n"));

	(void)state;
	options.batch_id = "October";
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(place->result.batch_name, "October");
	options.path = put(place, "pay.csv", HEAD "\nA-2,main,12.5,USDT," TO_B "\n");
	assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
	expect_findings(place, "0 BATCH_ID_TAKEN error\n");
	assert_int_equal(batches_of(place), 1);
	place_close(place);
}

static void none_of_the_rows_that_share_a_reference_is_paid(void **state)
{
	struct place *place = place_with_journal("");

	(void)state;
	assert_int_equal(receive_text(place, "one.csv",
				 "A-1,main,1,USDT," TO_A "\nA-2,main,2,USDT," TO_B "\nA-1,main,1,USDT," TO_A
				 "\nA-1,main,x,USDT," TO_A "\n"),
		RECEIVE_NEW);
	expect_findings(place, "2 REFERENCE_REPEATED error\n4 REFERENCE_REPEATED error\n5 AMOUNT_SYNTAX error\n"
			       "5 REFERENCE_REPEATED error\n");
	assert_string_equal(lines_of(place, place->result.batch),
		"2 A-1 rejected REFERENCE_REPEATED 1000000 main\n3 A-2 ready  2000000 main\n"
		"4 A-1 rejected REFERENCE_REPEATED 1000000 main\n5 A-1 rejected AMOUNT_SYNTAX 0 main\n");
	assert_int_equal(place->result.sums[0].count, 1);
	assert_int_equal(place->result.sums[0].minor, 2000000);
	assert_int_equal(place->result.largest_count, 1);
	/* none of them holds the reference */
	assert_int_equal(receive_text(place, "two.csv", "A-1,main,7,USDT," TO_C "\n"), RECEIVE_NEW);
	assert_int_equal(place->result.good, 1);
	expect_sound(place);
	place_close(place);
}

static void rows_wait_for_their_day_and_as_they_are_told(void **state)
{
	struct place *place = place_with_journal("timezone = Europe/Berlin\n");
	struct fault fault = {0};
	struct arena arena = {0};
	struct journal_batch batch;
	struct journal_payout payout;
	struct receive_options options = options_of(put(place, "pay.csv",
		HEAD ",execution_date\nA-1,main,1,USDT," TO_A ",2026-11-20\nA-2,main,2,USDT," TO_B ",2026-10-28\n"));
	bool there;

	(void)state;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch),
		"2 A-1 held EXECUTION_DATE 1000000 main\n3 A-2 ready  2000000 main\n");
	assert_int_equal(place->result.held, 1);
	assert_false(place->result.held_suspected);
	must(journal_batch_get(place->stage.journal, place->result.batch, &arena, &batch, &fault), &fault);
	must(journal_payout_get(place->stage.journal, batch.first_payout, &arena, &payout, &there, &fault), &fault);
	assert_int_equal(payout.not_before, INT64_C(1795129200000)); /* 2026-11-20 00:00 in Berlin */

	options.path = put(place, "hold.csv", HEAD "\nB-1,main,3,USDT," TO_A "\n");
	options.hold = true;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch), "2 B-1 held HOLD 3000000 main\n");
	must(journal_batch_get(place->stage.journal, place->result.batch, &arena, &batch, &fault), &fault);
	assert_true(batch.held_by_option);
	expect_sound(place);
	arena_release(&arena);
	place_close(place);
}

static void control_totals_are_kept_with_the_batch(void **state)
{
	struct place *place = place_with_journal("");
	struct fault fault = {0};
	struct arena arena = {0};
	struct journal_batch batch;
	struct receive_options options =
		options_of(put(place, "pay.csv", HEAD "\nA-1,main,1,USDT," TO_A "\nA-2,main,2.5,USDT," TO_B "\n"));

	(void)state;
	options.expect_count = 3;
	assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
	expect_findings(place, "0 CONTROL_COUNT error\n");
	assert_int_equal(batches_of(place), 0);
	options.expect_count = 2;
	options.expect_totals[0] = (struct expected_total){"USDT", TEXT("3.5")};
	options.expect_total_count = 1;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	must(journal_batch_get(place->stage.journal, place->result.batch, &arena, &batch, &fault), &fault);
	assert_true(batch.control);
	expect_sound(place);
	arena_release(&arena);
	place_close(place);
}

static void rows_without_reference_are_numbered_among_equals(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = warn\n");
	struct receive_options options = options_of(put(place, "pay.csv",
		"amount,currency,wallet_address\n1,USDT," TO_A "\n2,USDT," TO_A "\n1.0,USDT," TO_A "\n"));
	const char *lines;
	char first[40], second[40];

	(void)state;
	options.channel = "main";
	options.batch_id = "S";
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	lines = lines_of(place, place->result.batch);
	assert_int_equal(sscanf(lines, "2 S/%16[0-9a-f]/1 ready", first), 1);
	assert_int_equal(sscanf(strstr(lines, "\n3 "), "\n3 S/%16[0-9a-f]/1 ready", second), 1);
	assert_string_not_equal(first, second);
	assert_int_equal(sscanf(strstr(lines, "\n4 "), "\n4 S/%16[0-9a-f]/2 ready", second), 1);
	assert_string_equal(first, second);
	expect_sound(place);
	place_close(place);
}

static void files_of_one_command_are_checked_together_and_received_one_by_one(void **state)
{
	struct place *place = place_with_journal("");
	struct receive_options options[2];
	struct receive_result results[2];
	struct repeats *across = NULL;
	static char hex[65];

	(void)state;
	options[0] = options_of(put(place, "a.csv", HEAD "\nA-1,main,1,USDT," TO_A "\nA-2,main,2,USDT," TO_B "\n"));
	options[1] = options_of(put(place, "b.csv", HEAD "\nA-2,main,9,USDT," TO_C "\nB-1,main,8,USDT," TO_C "\n"));
	for (int i = 0; i < 2; i++) {
		options[i].file_index = i;
		options[i].on_error = ON_ERROR_SKIP;
	}
	assert_int_equal(
		receive_check_all(&place->stage, options, 2, NULL, results, &across, &place->fault), RECEIVE_NEW);
	for (int i = 0; i < 2; i++) {
		options[i].across = across;
		options[i].sha256_hex = results[i].sha256_hex;
		assert_int_equal(receive(place, &options[i]), RECEIVE_NEW);
		assert_string_equal(lines_of(place, place->result.batch),
			i == 0 ? "2 A-1 ready  1000000 main\n3 A-2 rejected REFERENCE_REPEATED 2000000 main\n"
			       : "2 A-2 rejected REFERENCE_REPEATED 9000000 main\n3 B-1 ready  8000000 main\n");
	}
	/* one that changed since it was checked is refused */
	snprintf(hex, sizeof(hex), "%s", results[0].sha256_hex);
	options[0].path = put(place, "a.csv", HEAD "\nC-1,main,1,USDT," TO_A "\n");
	options[0].sha256_hex = hex;
	assert_int_equal(receive(place, &options[0]), RECEIVE_REFUSED);
	expect_findings(place, "0 FILE_CHANGED error\n");
	repeats_close(across);
	place_close(place);
}

static void the_error_file_goes_to_reports_where_there_is_no_room_beside_the_input(void **state)
{
	struct place *place = place_with_journal("");
	struct receive_options options;
	char folder[300];

	(void)state;
	if (geteuid() == 0) { /* whom no folder keeps out */
		print_message("SKIPPED: run as root\n");
		place_close(place);
		return;
	}
	snprintf(folder, sizeof(folder), "%s/in", place->folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	options = options_of(put(place, "in/pay.csv", HEAD "\nA-1,main,x,USDT," TO_A "\n"));
	options.write_errors = true;
	assert_int_equal(chmod(folder, 0500), 0);
	assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
	assert_int_equal(chmod(folder, 0700), 0);
	assert_non_null(strstr(place->result.error_file, "reports/pay.errors.csv"));
	place_close(place);
}

static void a_journal_of_another_channel_identity_is_a_wrong_usage(void **state)
{
	struct place *place = place_with_journal("");
	struct buf conf = {0};
	struct fault fault = {0};
	char *at;

	(void)state;
	assert_int_equal(receive_text(place, "one.csv", "A-1,main,1,USDT," TO_A "\n"), RECEIVE_NEW);
	must(file_read(path_of(place, "payrun.conf"), 1 << 16, &conf, NULL, &fault), &fault);
	at = strstr(conf.data, "account = 0x00000000000000000000000000000000000000aa");
	assert_non_null(at);
	at[strlen("account = 0x00000000000000000000000000000000000000a")] = 'b';
	put(place, "payrun.conf", buf_str(&conf));
	config_free(place->config);
	{
		struct config_options options = {.path = path_of(place, "payrun.conf")};

		options.providers = catalog_settings(&options.provider_count);
		place->config = config_load(&options, &fault);
		must(place->config != NULL, &fault);
		place->stage.config = place->config;
	}
	assert_int_equal(receive_text(place, "two.csv", "A-2,main,2,USDT," TO_B "\n"), RECEIVE_FAULT);
	assert_int_equal(place->fault.kind, FAULT_USAGE);
	assert_int_equal(batches_of(place), 1);
	buf_release(&conf);
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_file_becomes_a_batch),
		cmocka_unit_test(a_refused_file_leaves_nothing),
		cmocka_unit_test(what_is_not_kept_leaves_nothing),
		cmocka_unit_test(a_signal_before_the_commit_leaves_nothing),
		cmocka_unit_test(the_same_bytes_are_the_same_batch),
		cmocka_unit_test(a_batch_id_belongs_to_its_bytes),
		cmocka_unit_test(none_of_the_rows_that_share_a_reference_is_paid),
		cmocka_unit_test(rows_wait_for_their_day_and_as_they_are_told),
		cmocka_unit_test(control_totals_are_kept_with_the_batch),
		cmocka_unit_test(rows_without_reference_are_numbered_among_equals),
		cmocka_unit_test(files_of_one_command_are_checked_together_and_received_one_by_one),
		cmocka_unit_test(the_error_file_goes_to_reports_where_there_is_no_room_beside_the_input),
		cmocka_unit_test(a_journal_of_another_channel_identity_is_a_wrong_usage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
