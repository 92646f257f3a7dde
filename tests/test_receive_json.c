/* Files of JSON and NDJSON become the batches that CSV files of the same payouts become. */
#include "tests/receive_journal.h"

/* The same payouts in each format. */
struct same {
	const char *csv, *json, *ndjson;
};

static const struct same named = {
	"reference,channel,amount,currency,wallet_address,description\n"
	"A-1,main,12.5,USDT," TO_A ",Café\n"
	"A-2,main,100,USDT," TO_B ",\n"
	"A-3,other,0.000001,USDT," TO_C ",\"a \"\"b\"\"\"\n"
	"A-4,main,x,USDT," TO_C ",\n",
	"[{\"reference\":\"A-1\",\"channel\":\"main\",\"amount\":12.50,\"currency\":\"USDT\",\"address\":\"" TO_A
	"\",\"note\":\"Cafe\\u0301\"},\n"
	"{\"reference\":\"A-2\",\"channel\":\"main\",\"amount\":1e2,\"currency\":\"USDT\",\"wallet_address\":\"" TO_B
	"\",\"description\":null},\n"
	"{\"channel\":\"other\",\"reference\":\"A-3\",\"description\":\" a \\\"b\\\" \",\"amount\":1e-6,\"currency\":"
	"\"USDT\",\"wallet_address\":\"" TO_C "\"},\n"
	"{\"reference\":\"A-4\",\"channel\":\"main\",\"amount\":\"x\",\"currency\":\"USDT\",\"wallet_address\":\"" TO_C
	"\"}]",
	"{\"reference\":\"A-1\",\"channel\":\"main\",\"amount\":\"12.5\",\"currency\":\"USDT\",\"wallet_address\":"
	"\"" TO_A "\",\"description\":\"Café\"}\n"
	"{\"Reference ID\":\"A-2\",\"CHANNEL\":\"main\",\"amount\":\"100\",\"ccy\":\"USDT\",\"wallet_address\":\"" TO_B
	"\"}\n\n"
	"{\"reference\":\"A-3\",\"channel\":\"other\",\"amount\":0.0000010,\"currency\":\"USDT\",\"wallet_address\":"
	"\"" TO_C "\",\"description\":\"a \\\"b\\\"\"}\n"
	"{\"reference\":\"A-4\",\"channel\":\"main\",\"amount\":\"x\",\"currency\":\"USDT\",\"wallet_address\":\"" TO_C
	"\"}\n",
};

/* Without references: they are made of batch id and content. Two rows are equal. */
static const struct same nameless = {
	"channel,amount,currency,wallet_address\n"
	"main,12.5,USDT," TO_A "\nmain,7,USDT," TO_B "\nmain,12.50,USDT," TO_A "\n",
	"{\"batch_id\":\"OCT\",\"channel\":\"main\",\"payouts\":["
	"{\"amount\":\"12.5\",\"currency\":\"USDT\",\"wallet_address\":\"" TO_A "\"},"
	"{\"amount\":7,\"currency\":\"USDT\",\"wallet_address\":\"" TO_B "\",\"reference\":null},"
	"{\"amount\":12.5,\"currency\":\"USDT\",\"wallet_address\":\"" TO_A "\"}]}",
	"{\"amount\":\"12.5\",\"currency\":\"USDT\",\"wallet_address\":\"" TO_A "\",\"channel\":\"main\"}\n"
	"{\"amount\":\"7\",\"currency\":\"USDT\",\"wallet_address\":\"" TO_B "\",\"channel\":\"main\"}\n"
	"{\"amount\":\"12.5\",\"currency\":\"USDT\",\"wallet_address\":\"" TO_A "\",\"channel\":\"main\"}\n",
};

struct listing {
	struct buf out;
	struct place *place;
};

/* All that must not depend on the format: the content's digest is told by the content and by the key's reference. */
static bool add_payout(void *context, const struct journal_line *line)
{
	struct listing *listing = context;
	struct arena arena = {0};
	struct attempt attempt;
	struct fault fault = {0};
	bool there;

	must(journal_attempt_of(listing->place->stage.journal, line->payout.id, &arena, &attempt, &there, &fault),
		&fault);
	buf_addt(&listing->out, line->payout.reference);
	buf_addf(&listing->out, " %s %lld %.*s ", state_name(line->state), (long long)line->payout.amount_minor,
		(int)line->payout.currency.len, line->payout.currency.ptr);
	buf_add_json(&listing->out, line->payout.content);
	if (there)
		buf_add_hex(&listing->out, attempt.key.bytes, KEY_SIZE);
	buf_addc(&listing->out, '\n');
	arena_release(&arena);
	return true;
}

static char *received(const char *name, const char *text, const char *batch_id)
{
	struct place *place = place_with_journal("suspected_duplicates = warn\n");
	struct listing listing = {.place = place};
	struct receive_options options = options_of(put(place, name, text));
	struct fault fault = {0};

	options.batch_id = batch_id;
	options.on_error = ON_ERROR_SKIP;
	if (receive(place, &options) != RECEIVE_NEW)
		fail_msg("%s: %s", name, buf_str(&place->text));
	for (int i = 0; i < place->result.sum_count; i++)
		buf_addf(&listing.out, "%s %s %lld %lld\n", place->result.sums[i].channel,
			place->result.sums[i].currency, (long long)place->result.sums[i].count,
			(long long)place->result.sums[i].minor);
	must(journal_line_each(place->stage.journal, place->result.batch, add_payout, &listing, &fault), &fault);
	expect_sound(place);
	place_close(place);
	return listing.out.data;
}

static void expect_same(const struct same *same, const char *batch_id, const char *part)
{
	char *csv = received("pay.csv", same->csv, batch_id);
	char *json = received("pay.json", same->json, batch_id);
	char *ndjson = received("pay.ndjson", same->ndjson, batch_id);

	assert_string_equal(json, csv);
	assert_string_equal(ndjson, csv);
	if (strstr(csv, part) == NULL)
		fail_msg("no %s in %s", part, csv);
	free(csv);
	free(json);
	free(ndjson);
}

static void the_same_payouts_are_the_same_in_every_format(void **state)
{
	(void)state;
	expect_same(&named, NULL, "A-3 ready 1 USDT");
	expect_same(&nameless, "OCT", "/2 ready 12500000 USDT");
}

static void the_batch_id_of_the_file_names_the_batch(void **state)
{
	struct place *place = place_with_journal("suspected_duplicates = warn\n");
	struct receive_options options = options_of(put(place, "pay.json", nameless.json));

	(void)state;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(place->result.batch_name, "OCT");
	assert_int_equal(receive(place, &options), RECEIVE_KNOWN);
	assert_string_equal(place->result.batch_name, "OCT");
	options.path = put(place, "other.json",
		"{\"batch_id\":\"OCT\",\"channel\":\"main\",\"payouts\":[{\"reference\":\"B\",\"amount\":\"1\","
		"\"currency\":\"USDT\",\"wallet_address\":\"" TO_C "\"}]}");
	assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
	expect_findings(place, "0 BATCH_ID_TAKEN error\n");
	options.batch_id = "NOV";
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(place->result.batch_name, "NOV");
	expect_findings(place, "0 BATCH_ID_NOT_USED warning\n");
	place_close(place);
}

/* What stands before the payouts, and what a check says of it. */
static const struct {
	const char *head, *channel, *findings;
} heads[] = {
	{"\"channel\":\"main\"", NULL, ""},
	{"\"channel\":\" main \"", "main", ""},
	{"\"channel\":\"main\"", "other", "0 FIELD_CONFLICT error\n1 FIELD_CONFLICT error\n"},
	{"\"channel\":\"other\"", NULL, "1 FIELD_CONFLICT error\n"},
	{"\"channel\":\"nobody\"", "main", "0 CHANNEL_UNKNOWN error\n"},
	{"\"batch_id\":\"a b\"", "main", "0 FIELD_CHARACTERS error\n"},
	{"\"batch_id\":\"last\"", "main", "0 FIELD_CHARACTERS error\n"},
	{"\"batch_id\":\"\"", "main", ""},
	{"\"control\":{\"count\":2,\"totals\":{\"USDT\":\"19.50\"}}", "main", ""},
	{"\"control\":{\"count\":\"2\",\"totals\":{\"usdt\":19.5}}", "main", ""},
	{"\"control\":{\"count\":3}", "main", "0 CONTROL_COUNT error\n"},
	{"\"control\":{\"totals\":{\"USDT\":\"19.51\"}}", "main", "0 CONTROL_TOTAL error\n"},
	{"\"control\":{\"totals\":{\"EUR\":\"0\"}}", "main", ""},
	{"\"control\":{\"totals\":{\"EUR\":\"1\"}}", "main", "0 CONTROL_TOTAL error\n"},
	{"\"control\":{\"totals\":{\"USDT\":\"19,5\"}}", "main", "0 AMOUNT_SYNTAX error\n0 CONTROL_TOTAL error\n"},
	{"\"control\":{\"count\":true}", "main", "0 JSON_TYPE error\n"},
};

static void what_stands_before_the_payouts_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct place *place = place_open();
		struct buf file = {0};
		struct receive_options options;

		buf_addf(&file,
			"{%s,\"payouts\":[{\"reference\":\"A\",\"channel\":\"main\",\"amount\":\"12.50\",\"currency\":"
			"\"USDT\","
			"\"wallet_address\":\"" TO_A "\"},{\"reference\":\"B\",\"amount\":7,\"currency\":\"USDT\","
			"\"wallet_address\":\"" TO_B "\"}]}",
			heads[i].head);
		options = options_of(put(place, "pay.json", buf_str(&file)));
		options.channel = heads[i].channel;
		check(place, &options);
		if (strcmp(buf_str(&place->found), heads[i].findings) != 0)
			fail_msg("%s: %s", heads[i].head, buf_str(&place->found));
		buf_release(&file);
		place_close(place);
	}
}

static void control_totals_of_the_file_and_the_command_are_both_compared(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(put(place, "pay.json",
		"{\"control\":{\"count\":1},\"payouts\":[{\"reference\":\"A\",\"channel\":\"main\",\"amount\":\"1\","
		"\"currency\":\"USDT\",\"wallet_address\":\"" TO_A "\"}]}"));

	(void)state;
	check(place, &options);
	assert_true(place->result.control);
	options.expect_count = 2;
	check(place, &options);
	assert_false(place->result.control);
	expect_findings(place, "0 CONTROL_COUNT error\n");
	place_close(place);
}

static void names_that_are_wrong_refuse_the_file(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(put(place, "pay.ndjson",
		"{\"reference\":\"A\",\"channel\":\"main\",\"amount\":\"1\",\"currency\":\"USDT\",\"wallet_address\":"
		"\"" TO_A "\",\"x\":1}\n"
		"{\"reference\":\"B\",\"channel\":\"main\",\"amount\":\"1\",\"curency\":\"USDT\",\"wallet_address\":"
		"\"" TO_B "\",\"tag\":\"1\"}\n"));

	(void)state;
	options.on_error = ON_ERROR_SKIP;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	expect_findings(place,
		"0 HEADER_UNKNOWN error\n0 HEADER_MEANING error\n0 HEADER_UNKNOWN warning\n2 FIELD_REQUIRED error\n");
	place_close(place);
}

/* An element whose end is sure is left out; a document whose end is not sure is refused whatever the rule. */
static void skip_leaves_out_what_is_sure(void **state)
{
	static const char good[] = "{\"reference\":\"A\",\"channel\":\"main\",\"amount\":\"1\",\"currency\":\"USDT\","
				   "\"wallet_address\":\"" TO_A "\"}";
	struct place *place = place_open();
	struct buf file = {0};
	struct receive_options options;

	(void)state;
	buf_addf(&file, "[%s,{\"amount\":1,},{\"amount\":\"1\",\"amount\":\"1\"}]", good);
	options = options_of(put(place, "pay.json", buf_str(&file)));
	options.on_error = ON_ERROR_SKIP;
	assert_int_equal(check(place, &options), RECEIVE_NEW);
	expect_findings(place, "2 JSON_SYNTAX error\n3 JSON_DUPLICATE_KEY error\n");
	assert_int_equal(place->result.good, 1);
	assert_int_equal(place->result.bad, 2);
	buf_reset(&file);
	buf_addf(&file, "[%s,{\"amount\":\"1", good);
	options.path = put(place, "cut.json", buf_str(&file));
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	expect_findings(place, "0 JSON_SYNTAX error\n");
	buf_release(&file);
	place_close(place);
}

static void reads_amounts_as_numbers_whatever_the_decimal_mark(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(put(place, "pay.ndjson",
		"{\"reference\":\"A\",\"channel\":\"main\",\"amount\":1.234,\"currency\":\"USDT\",\"wallet_address\":"
		"\"" TO_A "\"}\n"
		"{\"reference\":\"B\",\"channel\":\"main\",\"amount\":\"1,234\",\"currency\":\"USDT\",\"wallet_"
		"address\":\"" TO_B "\"}\n"));

	(void)state;
	options.decimal_mark = ',';
	assert_int_equal(check(place, &options), RECEIVE_NEW);
	assert_int_equal(place->result.sums[0].minor, 2468000);
	place_close(place);
}

static char *content_of(const struct place *place, const char *name)
{
	struct fault fault = {0};
	struct buf buf = {0};

	must(file_read(path_of(place, name), 65536, &buf, NULL, &fault), &fault);
	return buf.data;
}

static void the_error_file_has_all_findings_and_where_they_lead(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(put(place, "pay.json",
		"{\"payouts\":[{\"reference\":\"A\",\"channel\":\"main\",\"amount\":\"1\",\"currency\":\"USDT\","
		"\"wallet_address\":\"" TO_A "\",\"x\":1},\n"
		"{\"reference\":\"B\",\"channel\":\"main\",\"payment_amount\":\"-1\",\"currency\":\"USDT\","
		"\"wallet_address\":\"" TO_B "\"}]}"));
	struct stat status;
	char *errors;

	(void)state;
	options.write_errors = true;
	check(place, &options);
	assert_int_equal(stat(path_of(place, "pay.errors.json"), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	errors = content_of(place, "pay.errors.json");
	assert_non_null(
		strstr(errors, "[\n{\"index\":null,\"pointer\":\"\",\"row\":0,\"line\":0,\"field\":\"\",\"code\":"
			       "\"HEADER_UNKNOWN\",\"severity\":\"warning\","));
	assert_non_null(
		strstr(errors, ",\n{\"index\":1,\"pointer\":\"/payouts/1/payment_amount\",\"row\":2,\"line\":2,"
			       "\"field\":\"amount\",\"code\":\"AMOUNT_NOT_POSITIVE\",\"severity\":\"error\","));
	assert_non_null(strstr(errors, "\"payrun_reference\":\"B\"}\n]\n"));
	free(errors);
	place_close(place);
}

static void the_error_file_of_ndjson_is_ndjson(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(put(place, "pay.jsonl",
		"{\"channel\":\"main\",\"amount\":\"-1\",\"currency\":\"USDT\",\"wallet_address\":\"" TO_A
		"\"}\n{\"amount\"\n"));
	char *errors;

	(void)state;
	options.write_errors = true;
	options.batch_id = "S";
	check(place, &options);
	errors = content_of(place, "pay.errors.jsonl");
	assert_non_null(strstr(errors, "{\"index\":0,\"pointer\":\"/amount\",\"row\":1,\"line\":1,"));
	assert_non_null(strstr(errors, "\n{\"index\":1,\"pointer\":\"\",\"row\":2,\"line\":2,\"field\":\"\",\"code\":"
				       "\"JSON_SYNTAX\","));
	assert_int_equal(errors[strlen(errors) - 1], '\n');
	free(errors);
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_payouts_are_the_same_in_every_format),
		cmocka_unit_test(the_batch_id_of_the_file_names_the_batch),
		cmocka_unit_test(what_stands_before_the_payouts_counts),
		cmocka_unit_test(control_totals_of_the_file_and_the_command_are_both_compared),
		cmocka_unit_test(names_that_are_wrong_refuse_the_file),
		cmocka_unit_test(skip_leaves_out_what_is_sure),
		cmocka_unit_test(reads_amounts_as_numbers_whatever_the_decimal_mark),
		cmocka_unit_test(the_error_file_has_all_findings_and_where_they_lead),
		cmocka_unit_test(the_error_file_of_ndjson_is_ndjson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
