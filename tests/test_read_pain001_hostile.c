/* pain.001: what is refused and why, what is wrong with a structure and where, counts and sums, and hostile documents.
 */
#include "tests/read_pain001.h"

#define SPACE ISO "pain.001.001.03"
#define GOOD MESSAGE("1", TX("R", "1", ""))
#define GOOD_ROW "row 1 reference=<R> amount=<1> currency=<EUR> execution_date=<2026-12-01> | 1,PAY-1,,,,R,,\n"
#define START "MSG-1: MSG-1 1 \n"
#define ENDS "end, controlled\n"
#define NOTHING ":   \n" /* no header was read */

struct hostile_case {
	const char *name, *document, *wanted;
};

static void expect_all(const struct hostile_case *cases, size_t count)
{
	static const size_t pieces[] = {0, 1, 7};

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < sizeof(pieces) / sizeof(pieces[0]); j++) {
			struct reading how = {.piece = pieces[j]};

			expect_reading(cases[i].name, text_of(cases[i].document), &how, cases[i].wanted);
		}
}
#define EXPECT_ALL(cases) expect_all(cases, sizeof(cases) / sizeof((cases)[0]))

/* --- other documents ---------------------------------------------------------------------------------------------- */

#define KIND "MESSAGE_UNSUPPORTED []\nrefused\n"

static const struct hostile_case kinds[] = {
	{"a direct debit", "<Document xmlns='" ISO "pain.008.001.02'><CstmrDrctDbtInitn/></Document>", NOTHING KIND},
	{"a status report", "<Document xmlns='" ISO "pain.002.001.03'/>", NOTHING KIND},
	{"a statement", "<Document xmlns='" ISO "camt.053.001.08'/>", NOTHING KIND},
	{"the old form", "<Document xmlns='" ISO "pain.001.001.02'><pain.001.001.02/></Document>", NOTHING KIND},
	{"a version to come", "<Document xmlns='" ISO "pain.001.001.13'/>", NOTHING KIND},
	{"a version that is none", "<Document xmlns='" ISO "pain.001.001.0x'/>", NOTHING KIND},
	{"another home", "<Document xmlns='urn:evil:pain.001.001.03'/>", NOTHING KIND},
	{"no namespace", "<Document><CstmrCdtTrfInitn/></Document>", NOTHING KIND},
	{"a prefix of no namespace said", "<p:Document xmlns:q='" SPACE "'/>", NOTHING "XML_SYNTAX []\nrefused\n"},
	{"another root of the namespace", "<CstmrCdtTrfInitn xmlns='" SPACE "'/>", NOTHING KIND},
	{"another message in the namespace", "<Document xmlns='" SPACE "'><CstmrDrctDbtInitn/></Document>",
		NOTHING KIND},
	{"an envelope", "<BusMsg xmlns='urn:x'><Document xmlns='" SPACE "'/></BusMsg>", NOTHING KIND},
};

static void only_credit_transfers_are_read(void **state)
{
	(void)state;
	EXPECT_ALL(kinds);
}

/* --- what is no XML, or may not be ---------------------------------------------------------------------------------
 */

#define BROKEN NOTHING "XML_SYNTAX []\nrefused\n"

static const struct hostile_case broken[] = {
	{"a document type", "<!DOCTYPE Document>" GOOD, BROKEN},
	{"an entity of its own", "<!DOCTYPE d [<!ENTITY e 'x'>]>" GOOD, BROKEN},
	{"a thousand laughs", "<!DOCTYPE d [<!ENTITY a 'haha'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]>" GOOD, BROKEN},
	{"a file for an entity", "<!DOCTYPE d [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" GOOD, BROKEN},
	{"a document type from elsewhere", "<!DOCTYPE d SYSTEM 'http://127.0.0.1:1/x.dtd'>" GOOD, BROKEN},
	{"an entity that nobody declared", MESSAGE("1", TX("&R;", "1", "")), START "XML_SYNTAX []\nrefused\n"},
	{"another file", MESSAGE("1", "<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='f'/>"),
		START "XML_SYNTAX []\nrefused\n"},
	{"tags that cross", MESSAGE("1", "<CdtTrfTxInf><Amt></CdtTrfTxInf></Amt>"), START "XML_SYNTAX []\nrefused\n"},
	{"text behind the end", GOOD "x", START GOOD_ROW "XML_SYNTAX []\nrefused\n"},
	{"a second document", GOOD GOOD, START GOOD_ROW "XML_SYNTAX []\nrefused\n"},
	{"an attribute twice", "<Document xmlns='" SPACE "' a='1' a='2'/>", BROKEN},
	{"a character that XML has not", MESSAGE("1", TX("R&#1;", "1", "")), START "XML_SYNTAX []\nrefused\n"},
	{"nothing but white space", "  \n ", BROKEN},
	{"an encoding that nobody knows", "<?xml version='1.0' encoding='klingon'?>" GOOD,
		NOTHING "FILE_ENCODING []\nrefused\n"},
	{"bytes of another encoding", MESSAGE("1", TX("R", "1", "<Cdtr><Nm>Zo\353</Nm></Cdtr>")),
		START "FILE_ENCODING []\nrefused\n"},
};

static void broken_documents_are_refused(void **state)
{
	(void)state;
	EXPECT_ALL(broken);
}

/* The decoder's own words go nowhere else than into the finding. */
static void bytes_that_an_encoding_has_not_are_refused(void **state)
{
	static const char *const names[] = {"US-ASCII", "Shift_JIS", "UTF-16", "EUC-KR"};
	static const struct reading how = {.lines = false};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buf document = {0};
		char *got;

		buf_addf(&document,
			"<?xml version='1.0' encoding='%s'?>" MESSAGE(
				"1", TX("R", "1", "<Cdtr><Nm>Zo\353</Nm></Cdtr>")),
			names[i]);
		got = read_message(buf_text(&document), &how);
		if (strstr(got, "refused\n") == NULL || strstr(got, "row 1") != NULL ||
			(strstr(got, "FILE_ENCODING") == NULL && strstr(got, "XML_SYNTAX") == NULL))
			fail_msg("%s: %s", names[i], got);
		free(got);
		buf_release(&document);
	}
}

/* Wherever a file was cut, it is refused, and no row is given that was not whole. */
static void a_torn_file_is_refused_wherever_it_is_torn(void **state)
{
	static const char whole[] = GOOD;
	static const struct reading how = {.lines = false};

	(void)state;
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		char *got = read_message((struct text){whole, len}, &how);

		if (strstr(got, "end, ") != NULL || strstr(got, "refused\n") == NULL ||
			(strstr(got, "row 1") != NULL && len < (size_t)(strstr(whole, "</CdtTrfTxInf>") - whole)))
			fail_msg("%zu bytes: %s", len, got);
		free(got);
	}
}

static void repeated(struct buf *out, const char *what, int count)
{
	for (int i = 0; i < count; i++)
		buf_addz(out, what);
}

static void bounds_are_kept(void **state)
{
	static const struct {
		const char *name, *before, *piece, *after, *wanted;
		int count;
	} cases[] = {
		{"depth", "<Document xmlns='" SPACE "'>", "<CstmrCdtTrfInitn>", "", BROKEN, 100000},
		{"a long comment", "<Document xmlns='" SPACE "'><!--", "comment ", "--></Document>", BROKEN, 200000},
		{"a long tag", "<Document xmlns='" SPACE "' a='", "abcdefgh", "'/>", BROKEN, 200000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static const struct reading how = {.lines = false};
		struct buf document = {0};

		buf_addz(&document, cases[i].before);
		repeated(&document, cases[i].piece, cases[i].count);
		buf_addz(&document, cases[i].after);
		expect_reading(cases[i].name, buf_text(&document), &how, cases[i].wanted);
		buf_release(&document);
	}
}

static void a_long_text_is_a_finding_of_its_row(void **state)
{
	static const struct reading how = {.lines = false};
	struct buf document = {0}, name = {0};

	(void)state;
	repeated(&name, "longlong", 200000);
	buf_addf(&document, MESSAGE("2", TX("R", "1", "<Cdtr><Nm>%s</Nm></Cdtr>") TX("S", "1", "")), buf_str(&name));
	expect_reading("a long name", buf_text(&document), &how,
		"MSG-1: MSG-1 2 \n" GOOD_ROW "FIELD_TOO_LONG [beneficiary_name]\n"
		"row 2 reference=<S> amount=<1> currency=<EUR> execution_date=<2026-12-01> | 1,PAY-1,,,,S,,\n" ENDS);
	buf_release(&document);
	buf_release(&name);
}

static void many_attributes_and_texts_are_bounded(void **state)
{
	static const struct reading how = {.lines = false};
	struct buf document = {0};

	(void)state;
	buf_addz(&document, "<Document xmlns='" SPACE "'");
	for (int i = 0; i < 1000; i++)
		buf_addf(&document, " a%d='1'", i);
	buf_addz(&document, "/>");
	expect_reading("attributes", buf_text(&document), &how, BROKEN);
	buf_reset(&document);
	buf_addz(&document, DOCUMENT(SPACE, HEADER "<NbOfTxs>1</NbOfTxs>", "<PmtInf>" PAYMENT(ON)));
	document.len = (size_t)(strstr(document.data, "</CstmrCdtTrfInitn>") - document.data);
	buf_addz(&document,
		"<CdtTrfTxInf><PmtId><EndToEndId>R</EndToEndId></PmtId><Amt><InstdAmt Ccy='EUR'>1</InstdAmt>"
		"</Amt><RmtInf>");
	repeated(&document, "<Ustrd>text text text</Ustrd>", 100000);
	buf_addz(&document, "</RmtInf></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>");
	{
		char *got = read_message(buf_text(&document), &how);

		assert_non_null(strstr(got, "FIELD_TOO_LONG [description]\n"));
		assert_true(strlen(got) < 100000);
		free(got);
	}
	buf_release(&document);
}

/* Letters of several bytes, and units of UTF-16, stand on every edge between the pieces that are read. */
static void a_text_over_several_pieces_is_whole(void **state)
{
	static const struct reading how = {.lines = false};

	(void)state;
	for (int shift = 0; shift < 4; shift++) {
		struct buf document = {0}, want = {0}, letters = {0};

		repeated(&letters, "x", shift);
		repeated(&letters, "\360\237\230\200", 4000); /* four bytes each */
		buf_addf(
			&document, MESSAGE("1", TX("R", "1", "<RmtInf><Ustrd>%s</Ustrd></RmtInf>")), buf_str(&letters));
		buf_addf(&want,
			START
			"row 1 reference=<R> amount=<1> currency=<EUR> description=<%s> execution_date=<2026-12-01> | "
			"1,PAY-1,,,,R,,\n" ENDS,
			buf_str(&letters));
		expect_reading("letters of four bytes", buf_text(&document), &how, buf_str(&want));
		buf_release(&document);
		buf_release(&want);
		buf_release(&letters);
	}
}

/* --- structure ---------------------------------------------------------------------------------------------------- */

static const struct hostile_case structures[] = {
	{"a second header",
		DOCUMENT(SPACE, HEADER "<NbOfTxs>1</NbOfTxs></GrpHdr><GrpHdr>",
			"<PmtInf>" PAYMENT(ON) TX("R", "1", "") "</PmtInf>"),
		START GOOD_ROW "XML_STRUCTURE [GrpHdr]\n" ENDS},
	{"a second message id",
		DOCUMENT(SPACE, HEADER "<MsgId>B</MsgId><NbOfTxs>1</NbOfTxs>",
			"<PmtInf>" PAYMENT(ON) TX("R", "1", "") "</PmtInf>"),
		START "XML_STRUCTURE [GrpHdr/MsgId]\n" GOOD_ROW ENDS},
	{"no header", "<Document xmlns='" SPACE "'><CstmrCdtTrfInitn><PmtInf/></CstmrCdtTrfInitn></Document>",
		NOTHING "XML_STRUCTURE []\nrefused\n"},
	{"an empty header", DOCUMENT(SPACE, "", "<PmtInf>" PAYMENT(ON) TX("R", "1", "") "</PmtInf>"),
		NOTHING "FIELD_REQUIRED [GrpHdr/MsgId]\nFIELD_REQUIRED [GrpHdr/CreDtTm]\n"
			"FIELD_REQUIRED [GrpHdr/NbOfTxs]\n" GOOD_ROW "end\n"},
	{"an empty id",
		DOCUMENT(SPACE, "<MsgId> </MsgId><CreDtTm>2026</CreDtTm><NbOfTxs>1</NbOfTxs>",
			"<PmtInf>" PAYMENT(ON) TX("R", "1", "") "</PmtInf>"),
		":  1 \nFIELD_REQUIRED [GrpHdr/MsgId]\n" GOOD_ROW ENDS},
	{"a long id",
		DOCUMENT(SPACE,
			"<MsgId>123456789012345678901234567890123456</MsgId><CreDtTm>2026</CreDtTm><NbOfTxs>1</"
			"NbOfTxs>",
			"<PmtInf>" PAYMENT(ON) TX("R", "1", "") "</PmtInf>"),
		":  1 \nFIELD_TOO_LONG [GrpHdr/MsgId]\n" GOOD_ROW ENDS},
	{"a transaction's element twice", MESSAGE("1", TX("R", "1", "<Cdtr><Nm>A</Nm><Nm>B</Nm></Cdtr>")),
		START
		"row 1 reference=<R> amount=<1> currency=<EUR> beneficiary_name=<A> execution_date=<2026-12-01> | "
		"1,PAY-1,,,,R,,\nXML_STRUCTURE [Cdtr/Nm]\n" ENDS},
	{"two amounts", MESSAGE("1", TX("R", "1", "<Amt><InstdAmt Ccy='EUR'>2</InstdAmt></Amt>")),
		START GOOD_ROW "XML_STRUCTURE [Amt]\n" ENDS},
	{"two amounts in one", MESSAGE("1", TX("R", "1</InstdAmt><InstdAmt Ccy='EUR'>2", "")),
		START GOOD_ROW "XML_STRUCTURE [Amt/InstdAmt]\n" ENDS},
	{"two purposes", MESSAGE("1", TX("R", "1", "<Purp><Cd>A</Cd><Prtry>B</Prtry></Purp>")),
		START "row 1 reference=<R> amount=<1> currency=<EUR> purpose=<A> execution_date=<2026-12-01> | "
		      "1,PAY-1,,,,R,,\nFIELD_CONFLICT [purpose]\n" ENDS},
	{"an element within a text", MESSAGE("1", TX("R", "1", "<Cdtr><Nm>A<b>B</b></Nm></Cdtr>")),
		START
		"row 1 reference=<R> amount=<1> currency=<EUR> beneficiary_name=<A> execution_date=<2026-12-01> | "
		"1,PAY-1,,,,R,,\nXML_STRUCTURE [Cdtr/Nm]\n" ENDS},
	{"text among elements", MESSAGE("1", TX("R", "1", "<CdtrAcct>DE1</CdtrAcct>")),
		START GOOD_ROW "XML_STRUCTURE [CdtrAcct]\n" ENDS},
	{"no reference at all", MESSAGE("1", "<CdtTrfTxInf><Amt><InstdAmt Ccy='EUR'>1</InstdAmt></Amt></CdtTrfTxInf>"),
		START "row 1 amount=<1> currency=<EUR> execution_date=<2026-12-01> | 1,PAY-1,,,,,,\n"
		      "FIELD_REQUIRED [PmtId]\n" ENDS},
	{"no currency",
		MESSAGE("1", "<CdtTrfTxInf><PmtId><EndToEndId>R</EndToEndId></PmtId><Amt><InstdAmt>1</InstdAmt>"
			     "</Amt></CdtTrfTxInf>"),
		START "row 1 reference=<R> amount=<1> execution_date=<2026-12-01> | 1,PAY-1,,,,R,,\n"
		      "FIELD_REQUIRED [currency]\n" ENDS},
	{"what is inherited behind its heirs",
		DOCUMENT(SPACE, HEADER "<NbOfTxs>1</NbOfTxs>",
			"<PmtInf><PmtInfId>PAY-1</PmtInfId><PmtMtd>TRF</PmtMtd>" TX("R", "1", "") ON "</PmtInf>"),
		START
		"row 1 reference=<R> amount=<1> currency=<EUR> | 1,PAY-1,,,,R,,\nFIELD_REQUIRED [execution_date]\n"
		"XML_STRUCTURE [PmtInf[1]/ReqdExctnDt]\n" ENDS},
	{"a payment without transactions",
		DOCUMENT(SPACE, HEADER "<NbOfTxs>0</NbOfTxs>", "<PmtInf>" PAYMENT(ON) "</PmtInf>"),
		"MSG-1: MSG-1 0 \nFILE_EMPTY []\nFIELD_REQUIRED [CdtTrfTxInf]\nrefused\n"},
	{"no payment", DOCUMENT(SPACE, HEADER "<NbOfTxs>0</NbOfTxs>", ""),
		"MSG-1: MSG-1 0 \nFILE_EMPTY []\nFIELD_REQUIRED [PmtInf]\nrefused\n"},
	{"a cheque",
		DOCUMENT(SPACE, HEADER "<NbOfTxs>1</NbOfTxs>",
			"<PmtInf><PmtInfId>PAY-1</PmtInfId><PmtMtd>CHK</PmtMtd>" ON TX("R", "1", "") "</PmtInf>"),
		START GOOD_ROW "METHOD_UNSUPPORTED [PmtMtd]\n" ENDS},
	{"a cheque that the method hides",
		DOCUMENT(SPACE, HEADER "<NbOfTxs>1</NbOfTxs>",
			"<PmtInf>" PAYMENT(ON) TX("R", "1", "<ChqInstr><ChqTp>BCHQ</ChqTp></ChqInstr>") "</PmtInf>"),
		START GOOD_ROW "METHOD_UNSUPPORTED [ChqInstr]\n" ENDS},
	{"a cheque for all of a payment",
		DOCUMENT(SPACE, HEADER "<NbOfTxs>1</NbOfTxs>",
			"<PmtInf>" PAYMENT(ON "<ChqInstr/>") TX("R", "1", "") "</PmtInf>"),
		START GOOD_ROW "METHOD_UNSUPPORTED [ChqInstr]\n" ENDS},
};

static void structure_is_judged_where_it_breaks(void **state)
{
	(void)state;
	EXPECT_ALL(structures);
}

/* --- counts and sums ---------------------------------------------------------------------------------------------- */

static void counts_and_sums_are_compared_at_both_levels(void **state)
{
	static const struct {
		const char *group, *payment, *first, *wanted; /* the tail of the reading */
	} cases[] = {
		{"<NbOfTxs>2</NbOfTxs>", "", "1", "end, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum>", "<NbOfTxs>2</NbOfTxs><CtrlSum>3.50</CtrlSum>", "1",
			"end, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs><CtrlSum>+003.50000</CtrlSum>", "", "1.00000", "end, controlled\n"},
		{"<NbOfTxs>3</NbOfTxs>", "", "1", "differs\nCONTROL_COUNT [GrpHdr/NbOfTxs]\nend, controlled\n"},
		{"<NbOfTxs>two</NbOfTxs>", "", "1", "differs\nCONTROL_COUNT [GrpHdr/NbOfTxs]\nend, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>1</NbOfTxs>", "1",
			"differs\nCONTROL_COUNT [PmtInf[1]/NbOfTxs]\nend, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs><CtrlSum>3.51</CtrlSum>", "", "1",
			"differs\nCONTROL_TOTAL [GrpHdr/CtrlSum]\nend, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs>", "<CtrlSum>3.500000000000001</CtrlSum>", "1",
			"differs\nCONTROL_TOTAL [PmtInf[1]/CtrlSum]\nend, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs><CtrlSum>3.5</CtrlSum>", "", "one",
			"differs\nCONTROL_TOTAL [GrpHdr/CtrlSum]\nend, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs><CtrlSum>1e1</CtrlSum>", "", "7.5",
			"differs\nCONTROL_TOTAL [GrpHdr/CtrlSum]\nend, controlled\n"},
		{"<NbOfTxs>2</NbOfTxs><CtrlSum>9</CtrlSum>", "", "9223372036854775807",
			"differs\nCONTROL_TOTAL [GrpHdr/CtrlSum]\nend, controlled\n"},
	};
	static const struct reading how = {.lines = false};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf document = {0};
		char *got;
		size_t len = strlen(cases[i].wanted);

		buf_addf(&document,
			DOCUMENT(SPACE, HEADER "%s",
				"<PmtInf>" PAYMENT("%s" ON) TX("A", "%s", "") TX("B", "2.50", "") "</PmtInf>"),
			cases[i].group, cases[i].payment, cases[i].first);
		got = read_message(buf_text(&document), &how);
		if (strlen(got) < len || strcmp(got + strlen(got) - len, cases[i].wanted) != 0 ||
			(strstr(cases[i].wanted, "differs") == NULL && strstr(got, "differs") != NULL))
			fail_msg("case %zu: %s", i, got);
		free(got);
		buf_release(&document);
	}
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

/* libxml2 keeps lines of its tree in 16 bits. */
static void lines_are_known_beyond_65535(void **state)
{
	static const struct reading how = {.lines = true};
	struct buf document = {0};
	char *got;

	(void)state;
	buf_addz(&document,
		"<Document xmlns='" SPACE "'><CstmrCdtTrfInitn><GrpHdr>" HEADER "<NbOfTxs>2</NbOfTxs></GrpHdr>"
		"<PmtInf>" PAYMENT(ON));
	repeated(&document, "\n", 69999);
	buf_addz(&document, TX("A", "1", ""));
	repeated(&document, "\r\n", 70000);
	buf_addz(&document, TX("B", "x", "") "</PmtInf></CstmrCdtTrfInitn></Document>");
	got = read_message(buf_text(&document), &how);
	assert_non_null(strstr(got, "\nline 70000 row 1 "));
	assert_non_null(strstr(got, "\nline 140000 row 2 "));
	assert_non_null(strstr(got, "\n2:140000 AMOUNT_SYNTAX [amount]"));
	free(got);
	buf_release(&document);
}

static void a_place_is_told_as_a_path(void **state)
{
	static const char document[] = DOCUMENT(SPACE, HEADER "<NbOfTxs>2</NbOfTxs>",
		"<PmtInf>" PAYMENT(ON) TX("A", "1", "") "</PmtInf><PmtInf>" PAYMENT(ON) TX("B", "1", "")
			TX("C", "1", "") "</PmtInf>");
	static const struct {
		const char *field, *wanted;
	} places[] = {
		{"", "PmtInf[2]/CdtTrfTxInf[2]"},
		{"iban", "PmtInf[2]/CdtTrfTxInf[2]/CdtrAcct/Id/IBAN"},
		{"reference", "PmtInf[2]/CdtTrfTxInf[2]/PmtId/EndToEndId"},
		{"channel", "PmtInf[2]/CdtTrfTxInf[2]"},
		{"execution_date", "PmtInf[2]/ReqdExctnDt"},
		{"PmtMtd", "PmtInf[2]/PmtMtd"},
		{"CdtrAcct/Prxy", "PmtInf[2]/CdtTrfTxInf[2]/CdtrAcct/Prxy"},
	};
	static struct findings findings;
	struct source source = {.bytes = {document, sizeof(document) - 1}};
	struct reader_options options = {.delimiter = '\0'};
	struct arena arena = {0};
	struct fault fault = {0};
	struct row row = {0};
	struct reader *reader = reader_pain001.open(&source, &options, &fault);

	(void)state;
	for (int i = 0; i < 3; i++) {
		findings_begin(&findings, &arena, 0, 0);
		assert_int_equal(reader_pain001.next(reader, &row, &findings, &fault), READER_ROW);
	}
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct buf place = {0};

		reader_pain001.pointer(reader, places[i].field, &place);
		assert_string_equal(buf_str(&place), places[i].wanted);
		buf_release(&place);
	}
	reader_pain001.close(reader);
	arena_release(&arena);
}

static void a_broken_disk_is_a_fault_and_no_end(void **state)
{
	static const char document[] = GOOD;
	struct reader_options options = {.delimiter = '\0'};
	static struct findings findings;
	struct arena arena = {0};
	struct row row = {0};

	(void)state;
	for (size_t at = 1; at < sizeof(document) - 1; at += 37) {
		struct source source = {.bytes = {document, sizeof(document) - 1}, .piece = 10, .fail_at = at};
		struct fault fault = {0};
		struct reader *reader = reader_pain001.open(&source, &options, &fault);
		enum reader_verdict verdict = READER_ROW;

		while (reader != NULL && verdict == READER_ROW) {
			findings_begin(&findings, &arena, 0, 0);
			verdict = reader_pain001.next(reader, &row, &findings, &fault);
		}
		assert_true(reader == NULL || verdict == READER_FAULT);
		assert_true(fault.set);
		reader_pain001.close(reader);
	}
	arena_release(&arena);
}

static void content_says_that_it_is_xml(void **state)
{
	static const struct {
		struct text head;
		int sure;
	} heads[] = {
		{{"<?xml version='1.0'?>", 21}, 2},
		{{"<Document", 9}, 2},
		{{"<!-- note -->", 13}, 2},
		{{"\357\273\277 \n<D", 7}, 2},
		{{"\377\376<\0?\0", 6}, 2},
		{{"\376\377\0<\0?", 6}, 2},
		{{"<\0?\0x\0", 6}, 2},
		{{"reference,amount", 16}, 0},
		{{"< 5,amount", 10}, 0},
		{{"{\"a\":1}", 7}, 0},
		{{"PK\003\004", 4}, 0},
		{{"<", 1}, 0},
		{{"", 0}, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		assert_int_equal(reader_pain001.sniff(heads[i].head), heads[i].sure);
	assert_ptr_equal(reader_format_named(TEXT("pain.001")), &reader_pain001);
	assert_ptr_equal(reader_format_named(TEXT("pain001")), &reader_pain001);
	assert_ptr_equal(reader_format_sniffed(TEXT("<?xml version='1.0'?><a/>")), &reader_pain001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_credit_transfers_are_read),
		cmocka_unit_test(broken_documents_are_refused),
		cmocka_unit_test(bytes_that_an_encoding_has_not_are_refused),
		cmocka_unit_test(a_torn_file_is_refused_wherever_it_is_torn),
		cmocka_unit_test(bounds_are_kept),
		cmocka_unit_test(a_long_text_is_a_finding_of_its_row),
		cmocka_unit_test(many_attributes_and_texts_are_bounded),
		cmocka_unit_test(a_text_over_several_pieces_is_whole),
		cmocka_unit_test(structure_is_judged_where_it_breaks),
		cmocka_unit_test(counts_and_sums_are_compared_at_both_levels),
		cmocka_unit_test(lines_are_known_beyond_65535),
		cmocka_unit_test(a_place_is_told_as_a_path),
		cmocka_unit_test(a_broken_disk_is_a_fault_and_no_end),
		cmocka_unit_test(content_says_that_it_is_xml),
	};

	return cmocka_run_group_tests_name("read_pain001_hostile", tests, NULL, NULL);
}
