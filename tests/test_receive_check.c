#include "stages/repeats.h"
#include "tests/receive_place.h"

#define GOOD "A-1,main,12.5,USDT," TO_A "\n"

struct sample {
	const char *rows; /* after the header */
	enum receive_verdict verdict;
	int good, bad, held;
	const char *findings;
};

static const char *csv_of(struct place *place, const char *rows)
{
	struct buf csv = {0};
	const char *path;

	buf_addf(&csv, "%s\n%s", HEAD, rows);
	path = put(place, "pay.csv", buf_str(&csv));
	buf_release(&csv);
	return path;
}

static void run_samples(const struct sample *samples, size_t count, const char *settings, enum on_error on_error)
{
	for (size_t i = 0; i < count; i++) {
		struct place *place = place_open();
		struct receive_options options = options_of(csv_of(place, samples[i].rows));

		configure(place, settings);
		options.on_error = on_error;
		assert_int_equal(check(place, &options), samples[i].verdict);
		expect_findings(place, samples[i].findings);
		assert_int_equal(place->result.good, samples[i].good);
		assert_int_equal(place->result.bad, samples[i].bad);
		assert_int_equal(place->result.held, samples[i].held);
		assert_int_equal(place->result.rows, samples[i].good + samples[i].bad);
		assert_int_equal(place->result.verdict, samples[i].verdict);
		assert_false(place->fault.set);
		place_close(place);
	}
}

static void judges_a_file_by_its_rows(void **state)
{
	static const struct sample samples[] = {
		{GOOD, RECEIVE_NEW, 1, 0, 0, ""},
		{GOOD "A-2,main,1.5,USDT," TO_B "\n", RECEIVE_NEW, 2, 0, 0, ""},
		{GOOD "A-2,main,zwölf,USDT," TO_B "\n", RECEIVE_REFUSED, 1, 1, 0, "3 AMOUNT_SYNTAX error\n"},
		{GOOD "A-2,nowhere,1,USDT," TO_B "\n", RECEIVE_REFUSED, 1, 1, 0, "3 CHANNEL_UNKNOWN error\n"},
		{GOOD "A-1,main,1,USDT," TO_B "\n", RECEIVE_REFUSED, 0, 2, 0,
			"2 REFERENCE_REPEATED error\n3 REFERENCE_REPEATED error\n"},
		/* a row that is wrong for another reason shares its reference all the same */
		{GOOD "A-2,main,2,USDT," TO_B "\nA-1,main,x,USDT," TO_C "\n", RECEIVE_REFUSED, 1, 2, 0,
			"2 REFERENCE_REPEATED error\n4 AMOUNT_SYNTAX error\n4 REFERENCE_REPEATED error\n"},
		{GOOD "A-2,main\n", RECEIVE_REFUSED, 1, 1, 0, "3 CSV_FIELD_COUNT error\n"},
		{GOOD "A-2,main,\"1,USDT," TO_B "\n", RECEIVE_REFUSED, 1, 0, 0, "0 CSV_SYNTAX error\n"},
	};

	(void)state;
	run_samples(samples, sizeof(samples) / sizeof(*samples), "", ON_ERROR_REFUSE);
}

static void skips_what_is_wrong_where_it_is_asked_to(void **state)
{
	static const struct sample samples[] = {
		{GOOD "A-2,main,zwölf,USDT," TO_B "\n", RECEIVE_NEW, 1, 1, 0, "3 AMOUNT_SYNTAX error\n"},
		{GOOD "A-1,main,1,USDT," TO_B "\n", RECEIVE_NEW, 0, 2, 0,
			"2 REFERENCE_REPEATED error\n3 REFERENCE_REPEATED error\n"},
		/* a file that can't be read to its end is never taken in part */
		{GOOD "A-2,main,\"1,USDT," TO_B "\n", RECEIVE_REFUSED, 1, 0, 0, "0 CSV_SYNTAX error\n"},
	};

	(void)state;
	run_samples(samples, sizeof(samples) / sizeof(*samples), "", ON_ERROR_SKIP);
}

static void suspects_rows_that_look_alike(void **state)
{
	static const struct sample samples[] = {
		{GOOD "B-7,main,12.50,USDT," TO_A "\n", RECEIVE_NEW, 2, 0, 2,
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n3 DUPLICATE_SUSPECTED warning\n"},
		{GOOD "a-01,main,99,USDT," TO_B "\n", RECEIVE_NEW, 2, 0, 2,
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n3 DUPLICATE_SUSPECTED warning\n"},
		{GOOD "B-7,main,12.51,USDT," TO_A "\n", RECEIVE_NEW, 2, 0, 0, ""},
		{GOOD "B-7,main,12.5,USDC," TO_A "\n", RECEIVE_NEW, 2, 0, 0, ""},
		{GOOD "B-7,main,12.5,USDT," TO_B "\n", RECEIVE_NEW, 2, 0, 0, ""},
		/* equal references are repeats, not look-alikes; a rejected row is no payout */
		{GOOD "A-1,main,12.5,USDT," TO_A "\nA-2,main,12.5,USDT," TO_A "\n", RECEIVE_REFUSED, 1, 2, 0,
			"2 REFERENCE_REPEATED error\n3 REFERENCE_REPEATED error\n"},
	};
	static const struct sample errors[] = {
		{GOOD "B-7,main,12.50,USDT," TO_A "\n", RECEIVE_REFUSED, 0, 2, 0,
			"0 BATCH_SUSPECTED error\n2 DUPLICATE_SUSPECTED error\n3 DUPLICATE_SUSPECTED error\n"},
		/* the second by likeness, the third by the reference: both stand, though the first is rejected by then
		 */
		{GOOD "B-7,main,12.50,USDT," TO_A "\nA-01,main,1,USDT," TO_B "\n", RECEIVE_REFUSED, 0, 3, 0,
			"0 BATCH_SUSPECTED error\n2 DUPLICATE_SUSPECTED error\n3 DUPLICATE_SUSPECTED error\n"
			"4 DUPLICATE_SUSPECTED error\n"},
	};
	static const struct sample warnings[] = {
		{GOOD "B-7,main,12.50,USDT," TO_A "\n", RECEIVE_NEW, 2, 0, 0,
			"0 BATCH_SUSPECTED warning\n2 DUPLICATE_SUSPECTED warning\n3 DUPLICATE_SUSPECTED warning\n"},
	};

	(void)state;
	run_samples(samples, sizeof(samples) / sizeof(*samples), "", ON_ERROR_REFUSE);
	run_samples(errors, sizeof(errors) / sizeof(*errors), "suspected_duplicates = error\n", ON_ERROR_REFUSE);
	run_samples(warnings, sizeof(warnings) / sizeof(*warnings), "suspected_duplicates = warn\n", ON_ERROR_REFUSE);
}

static void says_once_what_most_rows_share(void **state)
{
	struct place *place = place_open();
	struct buf csv = {0};
	struct receive_options options;

	(void)state;
	buf_addf(&csv, "%s\n", HEAD);
	for (int i = 1; i <= 30; i++)
		buf_addf(&csv, "REF-%d,nowhere,%d,USDT,%s\n", i, i, i == 30 ? "0x12" : TO_A);
	options = options_of(put(place, "pay.csv", buf_str(&csv)));
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	expect_findings(place, "0 CHANNEL_UNKNOWN error\n");
	assert_non_null(strstr(buf_str(&place->text), "all 30 rows: "));
	assert_int_equal(place->result.bad, 30);
	assert_int_equal(place->result.errors, 30);
	buf_release(&csv);
	place_close(place);
}

static void says_of_the_header_what_every_row_would_lack(void **state)
{
	static const struct {
		const char *csv;
		const char *channel;
		const char *findings;
	} table[] = {
		{"channel,amount,currency,wallet_address\nmain,1,USDT," TO_A "\n", NULL, "0 HEADER_MISSING error\n"},
		{"reference,amount,currency,wallet_address\nA,1,USDT," TO_A "\n", NULL, "0 HEADER_MISSING error\n"},
		{"reference,amount,currency,wallet_address\nA,1,USDT," TO_A "\n", "main", ""},
		{"reference,amount,currency,address\nA,1,USDT," TO_A "\n", "main", ""},
		{"reference,amount,currency\nA,1,USDT\n", "main", "0 HEADER_MISSING error\n"},
		{"reference,channel,amount,currency\nA,main,1,USDT\n", NULL, "2 FIELD_REQUIRED error\n"},
		{"refrence,amount,currency,wallet_address\nA,1,USDT," TO_A "\n", "main", "0 HEADER_UNKNOWN error\n"},
		{"hello,world\n1,2\n", "main", "0 HEADER_MISSING error\n0 HEADER_UNKNOWN warning\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		struct place *place = place_open();
		struct receive_options options = options_of(put(place, "pay.csv", table[i].csv));

		options.channel = table[i].channel;
		assert_int_equal(check(place, &options), table[i].findings[0] == '\0' ? RECEIVE_NEW : RECEIVE_REFUSED);
		if (i < 7)
			expect_findings(place, table[i].findings);
		else
			assert_non_null(strstr(buf_str(&place->found), "0 HEADER_MISSING error\n"));
		place_close(place);
	}
}

/* What looks alike waits, what repeats a reference does not count, and all of it waits where approval is needed. */
static void adds_up_what_will_wait(void **state)
{
	static const char rows[] =
		"A-1,main,12.5,USDT," TO_A "\nA-2,main,12.5,USDT," TO_A "\nA-3,main,1,USDT," TO_C "\n"
		"A-4,main,2,USDT," TO_B "\nA-5,main,2,USDT," TO_B "\nA-5,main,3,USDT," TO_B "\n";
	static const char *const settings[] = {"", "approve = always\n"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct place *place = place_open();
		configure(place, settings[i]);
		struct receive_options options = options_of(csv_of(place, rows));
		const struct receive_result *result = &place->result;

		options.on_error = ON_ERROR_SKIP;
		assert_int_equal(check(place, &options), RECEIVE_NEW);
		assert_int_equal(result->sum_count, 1);
		assert_int_equal(result->sums[0].count, 4);
		assert_int_equal(result->sums[0].minor, 28000000);
		assert_int_equal(result->sums[0].held_count, i == 0 ? 2 : 4);
		assert_int_equal(result->sums[0].held_minor, i == 0 ? 25000000 : 28000000);
		place_close(place);
	}
}

static void adds_up_what_is_good(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(
		csv_of(place, "A-1,main,12.5,USDT," TO_A "\nA-2,other,1,USDT," TO_B "\nA-3,main,0.5,USDT," TO_C "\n"
			      "A-4,main,100,USDC," TO_C "\nA-5,main,x,USDT," TO_C "\nA-6,main,7,USDT," TO_B "\n"
			      "A-7,main,8,BTC,1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2\n"));
	const struct receive_result *result = &place->result;
	static const struct receive_sum sums[] = {
		{"USDT", "main", 6, 3, 20000000, 0, 0},
		{"USDT", "other", 6, 1, 1000000, 0, 0},
		{"USDC", "main", 6, 1, 100000000, 0, 0},
		{"BTC", "main", 8, 1, 800000000, 0, 0},
	};
	static const char *const largest[] = {"A-4", "A-1", "A-7", "A-6", "A-2"};

	(void)state;
	options.on_error = ON_ERROR_SKIP;
	assert_int_equal(check(place, &options), RECEIVE_NEW);
	assert_int_equal(result->sum_count, 4);
	for (int i = 0; i < 4; i++) {
		assert_string_equal(result->sums[i].currency, sums[i].currency);
		assert_string_equal(result->sums[i].channel, sums[i].channel);
		assert_int_equal(result->sums[i].decimals, sums[i].decimals);
		assert_int_equal(result->sums[i].count, sums[i].count);
		assert_int_equal(result->sums[i].minor, sums[i].minor);
		assert_int_equal(result->sums[i].held_count, 0);
	}
	assert_int_equal(result->largest_count, 5);
	for (int i = 0; i < 5; i++)
		assert_string_equal(result->largest[i].reference, largest[i]);
	place_close(place);
}

static void control_totals_refuse_whatever_on_error_says(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(csv_of(place, GOOD "A-2,main,2.5,USDT,0x12\n"));

	(void)state;
	options.on_error = ON_ERROR_SKIP;
	options.expect_count = 2;
	options.expect_totals[0] = (struct expected_total){"USDT", TEXT("15.00")};
	options.expect_total_count = 1;
	assert_int_equal(check(place, &options), RECEIVE_NEW); /* the rejected row counts */
	assert_true(place->result.control);
	options.expect_count = 1;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	assert_false(place->result.control);
	expect_findings(place, "0 CONTROL_COUNT error\n3 ADDRESS_SYNTAX error\n");
	options.expect_count = -1;
	options.expect_totals[0].amount = TEXT("12.50");
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	expect_findings(place, "0 CONTROL_TOTAL error\n3 ADDRESS_SYNTAX error\n");
	place_close(place);
}

static void refuses_beyond_the_share_of_errors_allowed(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(
		csv_of(place, GOOD "A-2,main,x,USDT," TO_B "\nA-3,main,3,USDT," TO_C "\nA-4,main,4,USDT," TO_C "\n"));

	(void)state;
	options.on_error = ON_ERROR_MAX;
	options.max_share_ppm = 250000;
	assert_int_equal(check(place, &options), RECEIVE_NEW);
	options.max_share_ppm = 249999;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	place_close(place);
}

static char *read_file(const char *path)
{
	static struct buf content;
	struct fault fault = {0};

	buf_reset(&content);
	must(file_read(path, 1 << 20, &content, NULL, &fault), &fault);
	return content.data;
}

static void writes_the_users_bytes_with_what_is_wrong(void **state)
{
	struct place *place = place_open();
	struct receive_options options =
		options_of(csv_of(place, "A-1,main, 12.5 ,USDT," TO_A "\r\nA-2,main,x,USDT," TO_B "\n"
					 "A-3,main,3,USDT," TO_C "\nA-3,main,3,\"USDT\",0x12"));
	struct stat status;
	const char *written;

	(void)state;
	options.write_errors = true;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	assert_string_equal(place->result.error_file, path_of(place, "pay.errors.csv"));
	assert_int_equal(stat(place->result.error_file, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	written = read_file(place->result.error_file);
	assert_non_null(strstr(written, "wallet_address,payrun_row,payrun_severity,payrun_field,payrun_code,payrun_"
					"message,payrun_reference\n"));
	assert_non_null(strstr(written, "A-1,main, 12.5 ,USDT," TO_A ",2,,,,,A-1\r\n"));
	assert_non_null(strstr(written, "A-2,main,x,USDT," TO_B ",3,error,amount,AMOUNT_SYNTAX,"));
	assert_non_null(strstr(written, "A-3,main,3,USDT," TO_C ",4,error,reference,REFERENCE_REPEATED,"));
	assert_non_null(strstr(written, "\"USDT\",0x12,5,error | error,wallet_address | reference,"
					"ADDRESS_SYNTAX | REFERENCE_REPEATED,"));
	place_close(place);
}

static void writes_no_error_file_without_an_error(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(csv_of(place, GOOD "B-7,main,12.50,USDT," TO_A "\n"));

	(void)state;
	options.write_errors = true;
	assert_int_equal(check(place, &options), RECEIVE_NEW);
	assert_string_equal(place->result.error_file, "");
	assert_false(file_there(place, "pay.errors.csv"));
	place_close(place);
}

static void writes_no_error_file_over_the_input_or_of_half_a_file(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(csv_of(place, "A-2,main,x,USDT," TO_B "\n"));

	(void)state;
	options.write_errors = true;
	options.errors_path = options.path;
	assert_int_equal(check(place, &options), RECEIVE_FAULT);
	assert_int_equal(place->fault.kind, FAULT_USAGE);
	options = options_of(csv_of(place, "A-2,main,x,USDT," TO_B "\nA-3,main,\"1,USDT\n"));
	options.write_errors = true;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	assert_string_equal(place->result.error_file, "");
	place_close(place);
}

static void wrong_options_are_a_wrong_usage(void **state)
{
	struct place *place = place_open();
	const char *path = csv_of(place, GOOD);

	(void)state;
	for (int i = 0; i < 9; i++) {
		struct receive_options options = options_of(path);

		if (i == 0)
			options.channel = "nowhere";
		else if (i == 1)
			options.profile = "erp";
		else if (i == 2)
			options.format = "xls";
		else if (i == 3)
			options.batch_id = "a b";
		else if (i == 4)
			options.batch_id = "last";
		else if (i == 5)
			options.batch_id = "01234567890123456789012345678901234567890";
		else if (i == 6)
			options.batch_id = "";
		else if (i == 7)
			options.path = path_of(place, "missing.csv");
		else
			options.path = place->folder;
		assert_int_equal(check(place, &options), RECEIVE_FAULT);
		assert_int_equal(place->fault.kind, FAULT_USAGE);
	}
	place_close(place);
}

/* CONTRACT, section 3: F is of the content, N counts equal rows. */
static void makes_references_of_content_where_a_file_has_none(void **state)
{
	static const char rows[] = "channel,amount,currency,wallet_address\n"
				   "main,1,USDT," TO_A "\nmain,x,USDT," TO_A "\nmain,2,USDT," TO_A "\n"
				   "main,1.0,USDT," TO_A "\nmain,1,USDT," TO_A "\n";
	struct place *place = place_open();
	struct receive_options options = options_of(put(place, "pay.csv", rows));
	char first[64], second[64];
	const char *written, *at;

	(void)state;
	configure(place, "suspected_duplicates = warn\n");
	options.batch_id = "salaries-10";
	options.write_errors = true;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	assert_int_equal(place->result.good, 4);
	written = read_file(place->result.error_file);
	at = strstr(written, "salaries-10/");
	assert_non_null(at);
	assert_int_equal(sscanf(at, "%[^\n]", first), 1);
	assert_int_equal(strlen(first), strlen("salaries-10/0123456789abcdef/1"));
	snprintf(second, sizeof(second), "%.*s/2\n", (int)strlen(first) - 2, first);
	assert_non_null(strstr(written, second));
	snprintf(second, sizeof(second), "%.*s/3\n", (int)strlen(first) - 2, first);
	assert_non_null(strstr(written, second));
	/* handed back with the row corrected, the others keep theirs */
	options = options_of(put(place, "back.csv", written));
	options.batch_id = "other-name";
	options.write_errors = true;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	assert_string_not_equal(place->result.error_file, path_of(place, "pay.errors.csv"));
	assert_non_null(strstr(read_file(place->result.error_file), first));
	place_close(place);
}

struct several {
	struct place *place;
	char found[400];
};

static void take_several(void *context, const struct finding *finding)
{
	struct several *several = context;
	size_t len = strlen(several->found);

	snprintf(
		several->found + len, sizeof(several->found) - len, "%lld %s|", (long long)finding->row, finding->code);
}

static void finds_repeats_across_files(void **state)
{
	struct place *place = place_open();
	struct several several[3] = {{.place = place}, {.place = place}, {.place = place}};
	struct finding_sink sinks[3];
	struct receive_options options[3];
	struct receive_result results[3];
	struct repeats *across = NULL;

	(void)state;
	options[0] = options_of(put(place, "a.csv", HEAD "\nA-1,main,1,USDT," TO_A "\nA-2,main,2,USDT," TO_B "\n"));
	options[1] = options_of(put(place, "b.csv", HEAD "\nB-1,main,9,USDT," TO_A "\nA-2,main,3,USDT," TO_C "\n"));
	options[2] = options_of(put(place, "c.csv", HEAD "\nC-1,main,2,USDT," TO_B "\nC-2,main,1,USDT," TO_A "\n"));
	for (int i = 0; i < 3; i++) {
		options[i].file_index = i;
		sinks[i] = (struct finding_sink){take_several, &several[i]};
	}
	assert_int_equal(
		receive_check_all(&place->stage, options, 3, sinks, results, &across, &place->fault), RECEIVE_REFUSED);
	assert_string_equal(several[0].found, "3 REFERENCE_REPEATED|");
	assert_string_equal(several[1].found, "3 REFERENCE_REPEATED|");
	/* the row like A-1; A-2 is no payout, so that nothing is like it */
	assert_string_equal(several[2].found, "0 BATCH_SUSPECTED|3 DUPLICATE_SUSPECTED|");
	assert_int_equal(results[0].verdict, RECEIVE_REFUSED);
	assert_int_equal(results[1].verdict, RECEIVE_REFUSED);
	assert_int_equal(results[2].verdict, RECEIVE_NEW);
	assert_non_null(across);
	repeats_close(across);
	place_close(place);
}

static void stops_when_it_is_told_to(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(csv_of(place, GOOD));

	(void)state;
	place->stop.count = 1;
	assert_int_equal(check(place, &options), RECEIVE_STOPPED);
	assert_int_equal(place->fault.kind, FAULT_STOPPED);
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_a_file_by_its_rows),
		cmocka_unit_test(skips_what_is_wrong_where_it_is_asked_to),
		cmocka_unit_test(suspects_rows_that_look_alike),
		cmocka_unit_test(says_once_what_most_rows_share),
		cmocka_unit_test(says_of_the_header_what_every_row_would_lack),
		cmocka_unit_test(adds_up_what_is_good),
		cmocka_unit_test(adds_up_what_will_wait),
		cmocka_unit_test(control_totals_refuse_whatever_on_error_says),
		cmocka_unit_test(refuses_beyond_the_share_of_errors_allowed),
		cmocka_unit_test(writes_the_users_bytes_with_what_is_wrong),
		cmocka_unit_test(writes_no_error_file_without_an_error),
		cmocka_unit_test(writes_no_error_file_over_the_input_or_of_half_a_file),
		cmocka_unit_test(wrong_options_are_a_wrong_usage),
		cmocka_unit_test(makes_references_of_content_where_a_file_has_none),
		cmocka_unit_test(finds_repeats_across_files),
		cmocka_unit_test(stops_when_it_is_told_to),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
