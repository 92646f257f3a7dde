/* Credit transfers of ISO 20022 on their way into the journal: what is kept of the message, and what makes two payouts
 * the same. */
#include "tests/receive_journal.h"

#define PROFILE "[profile iso]\nconstant.channel = main\nconstant.wallet_address = " TO_A "\npurpose.SALA = salary\n"
#define DOCUMENT(id, count, payments)                                                                                  \
	"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"><CstmrCdtTrfInitn><GrpHdr><MsgId>" id      \
	"</MsgId><CreDtTm>2026-10-28T08:00:00</CreDtTm><NbOfTxs>" count "</NbOfTxs></GrpHdr>" payments                 \
	"</CstmrCdtTrfInitn></Document>"
#define PAYMENT(id, date, transactions)                                                                                \
	"<PmtInf><PmtInfId>" id "</PmtInfId><PmtMtd>TRF</PmtMtd><ReqdExctnDt>" date "</ReqdExctnDt>" transactions      \
	"</PmtInf>"
#define TX(instruction, reference, amount)                                                                             \
	"<CdtTrfTxInf><PmtId><InstrId>" instruction "</InstrId><EndToEndId>" reference                                 \
	"</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"USDT\">" amount "</InstdAmt></Amt></CdtTrfTxInf>"

static enum receive_verdict receive_message(struct place *place, const char *name, const char *document)
{
	struct receive_options options = options_of(put(place, name, document));

	options.profile = "iso";
	options.on_error = ON_ERROR_SKIP;
	return receive(place, &options);
}

static bool add_origin(void *context, const struct journal_line *line)
{
	struct buf *out = context;
	const struct text *const texts[] = ORIGIN_EACH(line->origin);

	buf_addt(out, line->message->name);
	buf_addc(out, ' ');
	buf_addt(out, line->message->id);
	buf_addf(out, " %s %lld", state_name(line->state), (long long)line->origin->payment);
	for (size_t i = 0; i < ORIGIN_TEXTS; i++) {
		buf_addc(out, ',');
		buf_addt(out, *texts[i]);
	}
	buf_addc(out, '\n');
	return true;
}

static void what_a_message_calls_things_is_kept_of_every_row(void **state)
{
	struct place *place = place_with_journal(PROFILE);
	struct fault fault = {0};
	struct buf out = {0};

	(void)state;
	assert_int_equal(receive_message(place, "a.xml",
				 DOCUMENT("M-1", "3",
					 PAYMENT("P-1", "2026-10-28", TX("i1", "A", "1.50") TX("i2", "B", "x"))
						 PAYMENT("P-2", "2026-10-30", TX("i3", "C", "2")))),
		RECEIVE_NEW);
	assert_string_equal(place->result.batch_name, "M-1");
	assert_true(place->result.control);
	assert_string_equal(lines_of(place, place->result.batch),
		"1 A ready  1500000 main\n2 B rejected AMOUNT_SYNTAX 0 main\n3 C held EXECUTION_DATE 2000000 main\n");
	must(journal_line_each(place->stage.journal, place->result.batch, add_origin, &out, &fault), &fault);
	assert_string_equal(buf_str(&out), "pain.001.001.03 M-1 ready 1,P-1,,,i1,A,,\n"
					   "pain.001.001.03 M-1 rejected 1,P-1,,,i2,B,,\n"
					   "pain.001.001.03 M-1 held 2,P-2,,,i3,C,,\n");
	buf_release(&out);
	expect_sound(place);
	place_close(place);
}

/* A message names a day whether one is meant or not, and its corrected file of the next day names that one. */
static void a_corrected_message_of_the_next_day_has_the_same_payouts(void **state)
{
	struct place *place = place_with_journal(PROFILE);

	(void)state;
	assert_int_equal(receive_message(place, "a.xml",
				 DOCUMENT("M-1", "2", PAYMENT("P", "2026-10-28", TX("1", "A", "1") TX("2", "B", "x")))),
		RECEIVE_NEW);
	place->now.utc_ms += DAY_MS;
	assert_int_equal(receive_message(place, "b.xml",
				 DOCUMENT("M-2", "2", PAYMENT("Q", "2026-10-29", TX("7", "A", "1") TX("8", "B", "2")))),
		RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch),
		"1 A duplicate REFERENCE_DUPLICATE 1000000 main\n2 B ready  2000000 main\n");
	/* Another amount under the name of a payout that lives is no correction. */
	assert_int_equal(
		receive_message(place, "c.xml",
			DOCUMENT("M-3", "2", PAYMENT("Q", "2026-10-29", TX("7", "A", "1.1") TX("8", "D", "2")))),
		RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch),
		"1 A rejected REFERENCE_CONFLICT 1100000 main\n2 D held DUPLICATE_SUSPECTED 2000000 main\n");
	expect_sound(place);
	place_close(place);
}

static void a_past_day_and_wrong_counts_refuse(void **state)
{
	struct place *place = place_with_journal(PROFILE);

	(void)state;
	assert_int_equal(
		receive_message(place, "a.xml", DOCUMENT("M-1", "1", PAYMENT("P", "2026-10-27", TX("1", "A", "1")))),
		RECEIVE_NEW);
	expect_findings(place, "1 DATE_PAST error\n");
	assert_int_equal(
		receive_message(place, "b.xml", DOCUMENT("M-2", "2", PAYMENT("P", "2026-10-28", TX("1", "B", "1")))),
		RECEIVE_REFUSED);
	expect_findings(place, "0 CONTROL_COUNT error\n");
	assert_false(place->result.control);
	/* Also where options agree, the message must. */
	{
		struct receive_options options = options_of(
			put(place, "c.xml", DOCUMENT("M-3", "2", PAYMENT("P", "2026-10-28", TX("1", "B", "1")))));

		options.profile = "iso";
		options.expect_count = 1;
		assert_int_equal(receive(place, &options), RECEIVE_REFUSED);
	}
	assert_int_equal(batches_of(place), 1);
	place_close(place);
}

static void a_message_without_references_gets_them(void **state)
{
	struct place *place = place_with_journal(PROFILE);
	const char *lines;

	(void)state;
	assert_int_equal(
		receive_message(place, "a.xml",
			DOCUMENT("M/1", "2",
				PAYMENT("P", "2026-10-28", TX("1", "NOTPROVIDED", "1") TX("2", "NOTPROVIDED", "1")))),
		RECEIVE_NEW);
	assert_int_equal(strlen(place->result.batch_name), strlen("M-1.123456"));
	lines = lines_of(place, place->result.batch);
	assert_int_equal(strncmp(lines, "1 M-1.", 6), 0);
	assert_non_null(strstr(lines, "/1 "));
	assert_non_null(strstr(lines, "/2 "));
	/* Where others have one, it is missing. */
	assert_int_equal(receive_message(place, "b.xml",
				 DOCUMENT("M-2", "2",
					 PAYMENT("P", "2026-10-28", TX("1", "NOTPROVIDED", "3") TX("2", "R", "4")))),
		RECEIVE_NEW);
	expect_findings(place, "1 FIELD_REQUIRED error\n");
	expect_sound(place);
	place_close(place);
}

/* --- the day is no part of what a payout is ----------------------------------------------------------------------- */

#define NAMELESS(message, day, first, second)                                                                          \
	DOCUMENT(message, "2", PAYMENT("P", day, TX("1", "NOTPROVIDED", first) TX("2", "NOTPROVIDED", second)))

static enum receive_verdict receive_correction(struct place *place, const char *name, const char *document)
{
	struct receive_options options = options_of(put(place, name, document));

	options.profile = "iso";
	options.on_error = ON_ERROR_SKIP;
	options.corrects = place->result.batch;
	return receive(place, &options);
}

/* "M-1/0123456789abcdef/1 " of the batch's first row */
static struct text first_reference(struct place *place, char out[64])
{
	const char *from = strchr(lines_of(place, place->result.batch), ' ') + 1;
	size_t len = strcspn(from, " ");

	assert_in_range(len, 1, 63);
	memcpy(out, from, len);
	out[len] = '\0';
	return (struct text){out, len};
}

static void a_message_without_references_has_the_same_ones_on_any_day(void **state)
{
	static const struct {
		const char *first, *second; /* day of the message and of its correction */
		int days;                   /* between them */
	} cases[] = {
		{"2026-10-29", "2026-10-29", 1}, /* a day to come is today */
		{"2026-10-28", "2026-10-29", 1}, /* moved to the next day */
		{"2026-10-28", "2026-10-30", 0},
		{"2026-10-30", "2026-10-28", 0},
		{"1999-01-01", "2026-10-29", 1},
		{"2026-10-28", "1999-01-01", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct place *place = place_with_journal(PROFILE);
		struct buf first = {0}, second = {0}, want = {0};
		char before[64], after[64];

		buf_addf(&first, NAMELESS("M-1", "%s", "1", "x"), cases[i].first);
		buf_addf(&second, NAMELESS("M-1", "%s", "1", "2"), cases[i].second);
		assert_int_equal(receive_message(place, "a.xml", buf_str(&first)), RECEIVE_NEW);
		first_reference(place, before);
		place->now.utc_ms += cases[i].days * DAY_MS;
		assert_int_equal(receive_correction(place, "b.xml", buf_str(&second)), RECEIVE_NEW);
		first_reference(place, after);
		assert_string_equal(before, after);
		buf_addf(&want, "1 %s duplicate REFERENCE_DUPLICATE 1000000 main\n2 M-1/", before);
		assert_int_equal(strncmp(lines_of(place, place->result.batch), buf_str(&want), want.len), 0);
		expect_sound(place);
		buf_release(&first);
		buf_release(&second);
		buf_release(&want);
		place_close(place);
	}
}

static void a_payout_with_its_reference_is_the_same_when_its_day_is_moved(void **state)
{
	struct place *place = place_with_journal(PROFILE);

	(void)state;
	assert_int_equal(
		receive_message(place, "a.xml", DOCUMENT("M-1", "1", PAYMENT("P", "2026-10-28", TX("1", "A", "1")))),
		RECEIVE_NEW);
	assert_int_equal(
		receive_message(place, "b.xml", DOCUMENT("M-2", "1", PAYMENT("P", "2026-10-31", TX("1", "A", "1")))),
		RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch), "1 A duplicate REFERENCE_DUPLICATE 1000000 main\n");
	expect_sound(place);
	place_close(place);
}

/* A table may name a day or none: next to a message's row neither counts. Two tables are compared with their days. */
static void a_table_of_the_same_payout_is_never_a_second_one(void **state)
{
	struct place *place = place_with_journal(PROFILE);
	struct receive_options options;

	(void)state;
	assert_int_equal(receive_message(place, "a.xml",
				 DOCUMENT("M-1", "2", PAYMENT("P", "2026-10-30", TX("1", "A", "1") TX("2", "B", "2")))),
		RECEIVE_NEW);
	options = options_of(put(place, "b.csv",
		"reference;channel;amount;currency;wallet_address;execution_date\n"
		"A;main;1;USDT;" TO_A ";\nB;main;2;USDT;" TO_A ";2026-10-31\nC;main;1;USDT;" TO_A ";2026-10-31\n"));
	options.on_error = ON_ERROR_SKIP;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch),
		"2 A duplicate REFERENCE_DUPLICATE 1000000 main\n3 B duplicate REFERENCE_DUPLICATE 2000000 main\n"
		"4 C held DUPLICATE_SUSPECTED 1000000 main\n");
	options = options_of(put(place, "c.csv",
		"reference;channel;amount;currency;wallet_address;execution_date\n"
		"C;main;1;USDT;" TO_A ";2026-11-01\n"));
	options.on_error = ON_ERROR_SKIP;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_string_equal(lines_of(place, place->result.batch), "2 C rejected REFERENCE_CONFLICT 1000000 main\n");
	expect_sound(place);
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_message_calls_things_is_kept_of_every_row),
		cmocka_unit_test(a_corrected_message_of_the_next_day_has_the_same_payouts),
		cmocka_unit_test(a_past_day_and_wrong_counts_refuse),
		cmocka_unit_test(a_message_without_references_gets_them),
		cmocka_unit_test(a_message_without_references_has_the_same_ones_on_any_day),
		cmocka_unit_test(a_payout_with_its_reference_is_the_same_when_its_day_is_moved),
		cmocka_unit_test(a_table_of_the_same_payout_is_never_a_second_one),
	};

	return cmocka_run_group_tests_name("receive_pain001", tests, NULL, NULL);
}
