/* Resident memory does not grow with the file: a million rows through a check and into a journal. */
#include <zip.h>

#include "tests/receive_journal.h"

#define ROWS 1000000
#define SHEET_ROWS 300000 /* 40 MiB of shared strings */
#define TRANSACTIONS 300000
#define LIMIT_KIB (64 * 1024)

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#else
#define SANITIZED false
#endif

static const char *write_rows(const struct place *place, int errors_of_100)
{
	const char *path = path_of(place, "many.csv");
	struct fault fault = {0};
	struct file_out out;
	struct buf line = {0};

	must(file_create(&out, path, &fault), &fault);
	file_write(&out, HEAD "\n", strlen(HEAD "\n"));
	for (int i = 0; i < ROWS; i++) {
		buf_reset(&line);
		buf_addf(&line, "INV-2026-%08d,main,%s%d.25,USDT,0x%040x\n", i, i % 100 < errors_of_100 ? "-" : "",
			i % 9999 + 1, (unsigned)(i + 1) * 2654435761u);
		file_write(&out, line.data, line.len);
	}
	must(file_commit(&out, false, &fault), &fault);
	buf_release(&line);
	return path;
}

static long resident_kib(void)
{
	FILE *status = fopen("/proc/self/status", "r");
	char line[256];
	long kib = -1;

	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		(void)sscanf(line, "VmHWM: %ld", &kib);
	if (status != NULL)
		fclose(status);
	return kib;
}

static void expect_small(const char *what)
{
	long kib = resident_kib();

	print_message("%s: %ld KiB resident at most\n", what, kib);
	assert_in_range(kib, 1, LIMIT_KIB);
}

static void a_million_rows_are_checked_in_little_memory(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(write_rows(place, 0));

	(void)state;
	assert_int_equal(check(place, &options), RECEIVE_NEW);
	assert_int_equal(place->result.good, ROWS);
	expect_small("check of 1,000,000 rows");
	place_close(place);
}

static void a_million_findings_need_no_more(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(write_rows(place, 100));

	(void)state;
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	assert_int_equal(place->result.bad, ROWS);
	expect_findings(place, "0 AMOUNT_NOT_POSITIVE error\n");
	expect_small("check of 1,000,000 wrong rows");
	place_close(place);
}

static void a_million_rows_are_received_in_little_memory(void **state)
{
	struct place *place = place_with_journal("");
	struct receive_options options = options_of(write_rows(place, 0));

	(void)state;
	options.hold = true;
	assert_int_equal(receive(place, &options), RECEIVE_NEW);
	assert_int_equal(place->result.held, ROWS);
	expect_small("receiving 1,000,000 rows");
	place_close(place);
}

/* One line, one array: only elements can be told apart. */
static const char *write_json(const struct place *place, bool lines)
{
	const char *path = path_of(place, lines ? "many.ndjson" : "many.json");
	struct fault fault = {0};
	struct file_out out;
	struct buf element = {0};

	must(file_create(&out, path, &fault), &fault);
	for (int i = 0; i < ROWS; i++) {
		buf_reset(&element);
		buf_addf(&element,
			"%s{\"reference\":\"INV-2026-%08d\",\"channel\":\"main\",\"amount\":%d.25,\"currency\":"
			"\"USDT\","
			"\"wallet_address\":\"0x%040x\"}",
			lines    ? "\n"
			: i == 0 ? "["
				 : ",",
			i, i % 9999 + 1, (unsigned)(i + 1) * 2654435761u);
		file_write(&out, element.data, element.len);
	}
	if (!lines)
		file_write(&out, "]", 1);
	must(file_commit(&out, false, &fault), &fault);
	buf_release(&element);
	return path;
}

static void a_million_elements_are_checked_in_little_memory(void **state)
{
	struct place *place = place_open();

	(void)state;
	for (int lines = 0; lines <= 1; lines++) {
		struct receive_options options = options_of(write_json(place, lines == 1));

		assert_int_equal(check(place, &options), RECEIVE_NEW);
		assert_int_equal(place->result.good, ROWS);
		expect_small(
			lines == 1 ? "check of 1,000,000 lines of NDJSON" : "check of an array of 1,000,000 elements");
	}
	place_close(place);
}

/* On one line: what the parser keeps of a document must not grow with it. */
static const char *write_message(const struct place *place)
{
	const char *path = path_of(place, "many.xml");
	struct fault fault = {0};
	struct file_out out;
	struct buf text = {0};

	must(file_create(&out, path, &fault), &fault);
	buf_addf(&text,
		"<Document "
		"xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn><GrpHdr><MsgId>M</MsgId>"
		"<CreDtTm>2026-11-20T10:00:00</CreDtTm><NbOfTxs>%d</NbOfTxs></GrpHdr><PmtInf><PmtInfId>P</"
		"PmtInfId><PmtMtd>TRF"
		"</PmtMtd><ReqdExctnDt><Dt>1999-01-01</Dt></ReqdExctnDt>",
		TRANSACTIONS);
	for (int i = 0; i < TRANSACTIONS; i++) {
		buf_addf(&text,
			"<CdtTrfTxInf><PmtId><EndToEndId>INV-%08d</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">%d.25"
			"</InstdAmt></Amt><Cdtr><Nm>Beneficiary %d</Nm></Cdtr></CdtTrfTxInf>",
			i, i % 9999 + 1, i);
		file_write(&out, text.data, text.len);
		buf_reset(&text);
	}
	buf_addz(&text, "</PmtInf></CstmrCdtTrfInitn></Document>");
	file_write(&out, text.data, text.len);
	must(file_commit(&out, false, &fault), &fault);
	buf_release(&text);
	return path;
}

/* The channel pays to wallets, so that every row lacks one; they are read and judged all the same. */
static void many_transactions_are_checked_in_little_memory(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(write_message(place));

	(void)state;
	options.channel = "main";
	assert_int_equal(check(place, &options), RECEIVE_REFUSED);
	assert_int_equal(place->result.rows, TRANSACTIONS);
	expect_small("check of a message of 300,000 transactions");
	place_close(place);
}

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define LINKS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define LINK(id, kind, target) "<Relationship Id=\"" id "\" Type=\"" LINKS "/" kind "\" Target=\"" target "\"/>"

static const char *write_strings(const struct place *place)
{
	const char *path = path_of(place, "strings.xml");
	struct fault fault = {0};
	struct file_out out;
	struct buf item = {0};

	must(file_create(&out, path, &fault), &fault);
	buf_addz(&item, "<sst xmlns=\"" MAIN "\"><si><t>reference</t></si><si><t>channel</t></si><si><t>amount</t></si>"
			"<si><t>currency</t></si><si><t>wallet_address</t></si><si><t>main</t></si>"
			"<si><t>USDT</t></si><si><t>description</t></si>");
	for (int i = 0; i < SHEET_ROWS; i++) {
		buf_addf(&item,
			"<si><t>INV-2026-%08d</t></si><si><t>0x%040x</t></si><si><t>Rent of the house %064d</t></si>",
			i, (unsigned)(i + 1) * 2654435761u, i);
		file_write(&out, item.data, item.len);
		buf_reset(&item);
	}
	file_write(&out, "</sst>", 6);
	must(file_commit(&out, false, &fault), &fault);
	buf_release(&item);
	return path;
}

static const char *write_sheet(const struct place *place)
{
	const char *path = path_of(place, "sheet.xml");
	struct fault fault = {0};
	struct file_out out;
	struct buf row = {0};

	must(file_create(&out, path, &fault), &fault);
	buf_addz(&row, "<worksheet xmlns=\"" MAIN "\"><sheetData><row r=\"1\">");
	for (int i = 0; i < 6; i++)
		buf_addf(&row, "<c r=\"%c1\" t=\"s\"><v>%d</v></c>", 'A' + i, i < 5 ? i : 7);
	buf_addz(&row, "</row>");
	for (int i = 0; i < SHEET_ROWS; i++) {
		int strings = 8 + 3 * i;

		buf_addf(&row,
			"<row r=\"%d\"><c t=\"s\"><v>%d</v></c><c t=\"s\"><v>5</v></c><c><v>%d.25</v></c><c t=\"s\">"
			"<v>6</v></c><c t=\"s\"><v>%d</v></c><c t=\"s\"><v>%d</v></c></row>",
			i + 2, strings, i % 9999 + 1, strings + 1, strings + 2);
		file_write(&out, row.data, row.len);
		buf_reset(&row);
	}
	buf_addz(&row, "</sheetData></worksheet>");
	file_write(&out, row.data, row.len);
	must(file_commit(&out, false, &fault), &fault);
	buf_release(&row);
	return path;
}

static void add_part(zip_t *archive, const char *name, zip_source_t *source)
{
	assert_non_null(source);
	assert_true(zip_file_add(archive, name, source, 0) >= 0);
}

static void add_text(zip_t *archive, const char *name, const char *text)
{
	add_part(archive, name, zip_source_buffer(archive, text, strlen(text), 0));
}

static const char *write_workbook(const struct place *place)
{
	const char *path = path_of(place, "many.xlsx");
	zip_t *archive = zip_open(path, ZIP_CREATE, NULL);

	assert_non_null(archive);
	add_text(archive, "[Content_Types].xml", "<Types xmlns=\"" PACKAGE "content-types\"/>");
	add_text(archive, "_rels/.rels",
		"<Relationships xmlns=\"" PACKAGE
		"relationships\">" LINK("a", "officeDocument", "book.xml") "</Relationships>");
	add_text(archive, "_rels/book.xml.rels",
		"<Relationships xmlns=\"" PACKAGE "relationships\">" LINK("a", "worksheet", "sheet.xml")
			LINK("b", "sharedStrings", "strings.xml") "</Relationships>");
	add_text(archive, "book.xml",
		"<workbook xmlns=\"" MAIN "\" xmlns:r=\"" LINKS "\"><sheets><sheet name=\"S\" r:id=\"a\"/></sheets>"
		"</workbook>");
	add_part(archive, "sheet.xml", zip_source_file(archive, write_sheet(place), 0, -1));
	add_part(archive, "strings.xml", zip_source_file(archive, write_strings(place), 0, -1));
	assert_int_equal(zip_close(archive), 0);
	return path;
}

static void a_workbook_of_many_strings_is_checked_in_little_memory(void **state)
{
	struct place *place = place_open();
	struct receive_options options = options_of(write_workbook(place));

	(void)state;
	assert_int_equal(check(place, &options), RECEIVE_NEW);
	assert_int_equal(place->result.good, SHEET_ROWS);
	expect_small("check of a workbook of 300,000 rows");
	place_close(place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_million_rows_are_checked_in_little_memory),
		cmocka_unit_test(a_million_elements_are_checked_in_little_memory),
		cmocka_unit_test(many_transactions_are_checked_in_little_memory),
		cmocka_unit_test(a_workbook_of_many_strings_is_checked_in_little_memory),
		cmocka_unit_test(a_million_findings_need_no_more),
		cmocka_unit_test(a_million_rows_are_received_in_little_memory),
	};

	if (SANITIZED) {
		puts("SKIPPED: a sanitizer's own memory would be measured");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
