/* pain.001: bytes that the declared encoding has not, far behind what was read already. */
#include "tests/read_pain001.h"

#define ROWS 60

/* A message with a byte in its last transaction that no text in that encoding has; 0: with none. */
static void write_message(struct buf *out, const char *encoding, int byte)
{
	buf_addf(out,
		"<?xml version=\"1.0\" encoding=\"%s\"?><Document xmlns=\"" ISO "pain.001.001.03\"><CstmrCdtTrfInitn>",
		encoding);
	buf_addf(out, "<GrpHdr>" HEADER "<NbOfTxs>%d</NbOfTxs>" PARTY "</GrpHdr><PmtInf>" PAYMENT(ON DEBTOR), ROWS);
	for (int i = 1; i <= ROWS; i++) {
		buf_addf(out,
			"<CdtTrfTxInf><PmtId><EndToEndId>E-%d</EndToEndId></PmtId><Amt><InstdAmt "
			"Ccy=\"EUR\">1</InstdAmt></Amt>",
			i);
		buf_addz(out, "<Cdtr><Nm>A name that makes the message longer than one piece of "
			      "it</Nm></Cdtr><RmtInf><Ustrd>x");
		if (i == ROWS && byte != 0)
			buf_addc(out, (char)byte);
		buf_addz(out, "</Ustrd></RmtInf></CdtTrfTxInf>");
	}
	buf_addz(out, "</PmtInf></CstmrCdtTrfInitn></Document>");
}

static void expect(const char *encoding, int byte, size_t piece, const char *end, bool refused)
{
	struct buf message = {0};
	char *reading;

	write_message(&message, encoding, byte);
	reading = read_as(&reader_pain001, (struct source){.bytes = buf_text(&message), .piece = piece}, 0);
	if (strstr(reading, end) == NULL)
		fail_msg("%s, piece %zu: %s", encoding, piece,
			reading + (strlen(reading) > 400 ? strlen(reading) - 400 : 0));
	assert_int_equal(strstr(reading, "error ") != NULL, refused);
	free(reading);
	buf_release(&message);
}

static void a_byte_that_the_encoding_has_not_refuses_the_file_wherever_it_stands(void **state)
{
	static const struct {
		const char *encoding;
		int byte;
	} cases[] = {{"UTF-8", 0xFF}, {"UTF8", 0xFF}, {"US-ASCII", 0xE9}, {"EUC-JP", 0xFF}, {"ISO-8859-8", 0xFB}};
	static const size_t pieces[] = {0, 1, 7, 4096};

	(void)state;
	for (size_t p = 0; p < sizeof(pieces) / sizeof(pieces[0]); p++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			expect(cases[i].encoding, cases[i].byte, pieces[p], "\nrefused\n", true);
			expect(cases[i].encoding, 0, pieces[p], "\nend\n", false);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_that_the_encoding_has_not_refuses_the_file_wherever_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
