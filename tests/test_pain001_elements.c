/* pain.001: which column each element goes to, and how amounts, days and message ids are read. */
#include "tests/read_pain001.h"

struct element_case {
	const char *name, *document, *wanted;
};

#define ROW1 "row 1 reference=<R> amount=<1> currency=<EUR> "
#define ORIGIN1 "| 1,PAY-1,,,,R,,\n"
#define DATED "execution_date=<2026-12-01> "
#define ENDS "end, controlled\n"
#define START "MSG-1: MSG-1 1 \n"
#define WITH(rest) MESSAGE("1", TX("R", "1", rest))

#define PAID_FROM(first, second)                                                                                       \
	DOCUMENT(ISO "pain.001.001.03", HEADER "<NbOfTxs>2</NbOfTxs>",                                                 \
		"<PmtInf>" PAYMENT(ON "<DbtrAcct>" first "</DbtrAcct>") TX("R", "1", "") "</PmtInf><PmtInf>" PAYMENT(  \
			ON "<DbtrAcct>" second "</DbtrAcct>") TX("S", "1", "") "</PmtInf>")
#define TWO_ROWS                                                                                                       \
	"MSG-1: MSG-1 2 \n"                                                                                            \
	"row 1 reference=<R> amount=<1> currency=<EUR> " DATED "| 1,PAY-1,,,,R,,\n"                                    \
	"row 2 reference=<S> amount=<1> currency=<EUR> execution_date=<2026-12-01> | 2,PAY-1,,,,S,,\n"

static const struct element_case elements[] = {
	{"the account's currency is that of the payout",
		WITH("<CdtrAcct><Id><IBAN>DE89</IBAN></Id><Ccy>EUR</Ccy></CdtrAcct>"),
		START "row 1 reference=<R> amount=<1> currency=<EUR> iban=<DE89> " DATED ORIGIN1 ENDS},
	{"the account's currency is another one", WITH("<CdtrAcct><Id><IBAN>DE89</IBAN></Id><Ccy>USD</Ccy></CdtrAcct>"),
		START "row 1 reference=<R> amount=<1> currency=<EUR> iban=<DE89> " DATED ORIGIN1
		      "warning ELEMENT_NOT_SENT []\n" ENDS},
	{"payments from two accounts", PAID_FROM("<Id><IBAN>DE1</IBAN></Id>", "<Id><IBAN>DE2</IBAN></Id>"),
		TWO_ROWS "XML_STRUCTURE [PmtInf[2]/DbtrAcct]\n" ENDS},
	{"payments from an IBAN and a number",
		PAID_FROM("<Id><IBAN>DE1</IBAN></Id>", "<Id><Othr><Id>2</Id></Othr></Id>"),
		TWO_ROWS "XML_STRUCTURE [PmtInf[2]/DbtrAcct]\n" ENDS},
	{"payments from two currencies of an account",
		PAID_FROM("<Id><IBAN>DE1</IBAN></Id><Ccy>EUR</Ccy>", "<Id><IBAN>DE1</IBAN></Id><Ccy>USD</Ccy>"),
		TWO_ROWS "XML_STRUCTURE [PmtInf[2]/DbtrAcct/Ccy]\n" ENDS},
	{"payments from one account",
		PAID_FROM("<Id><IBAN>DE1</IBAN></Id><Ccy>EUR</Ccy><Nm>a</Nm>", "<Id><IBAN>de1</IBAN></Id>"),
		TWO_ROWS ENDS},
	{"no reference", MESSAGE("1", TX("NOTPROVIDED", "1", "")),
		START "row 1 amount=<1> currency=<EUR> " DATED "| 1,PAY-1,,,,NOTPROVIDED,,\n" ENDS},
	{"an amount in another currency than is paid out",
		MESSAGE("1", "<CdtTrfTxInf><PmtId><EndToEndId>R</EndToEndId></PmtId><Amt><EqvtAmt><Amt Ccy=\"EUR\">1.00"
			     "</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt></Amt></CdtTrfTxInf>"),
		START ROW1 "target_currency=<USD> " DATED ORIGIN1 ENDS},
	{"an account with an Indian bank",
		WITH("<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>INFSC</Cd></ClrSysId><MmbId>HDFC0000001</MmbId>"
		     "</ClrSysMmbId></FinInstnId></CdtrAgt><CdtrAcct><Id><Othr><Id>123</Id></Othr></Id></CdtrAcct>"),
		START ROW1 "account_number=<123> ifsc=<HDFC0000001> " DATED ORIGIN1 ENDS},
	{"a clearing system without a code",
		WITH("<CdtrAgt><FinInstnId><ClrSysMmbId><MmbId>99</MmbId></ClrSysMmbId></FinInstnId></CdtrAgt>"),
		START ROW1 "routing_number=<99> " DATED ORIGIN1 ENDS},
	{"a clearing system beside an IBAN",
		WITH("<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>CHBCC</Cd></ClrSysId><MmbId>100</MmbId>"
		     "</ClrSysMmbId></FinInstnId></CdtrAgt><CdtrAcct><Id><IBAN>CH93</IBAN></Id></CdtrAcct>"),
		START ROW1 "iban=<CH93> " DATED ORIGIN1 "warning ELEMENT_NOT_SENT []\n" ENDS},
	{"a clearing system against the bank's country",
		WITH("<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>USABA</Cd></ClrSysId><MmbId>1</MmbId>"
		     "</ClrSysMmbId><PstlAdr><Ctry>CA</Ctry></PstlAdr></FinInstnId></CdtrAgt>"),
		START ROW1 "routing_number=<1> bank_country=<CA> " DATED ORIGIN1
			   "FIELD_CONFLICT [bank_country]\n" ENDS},
	{"an alias for the account", WITH("<CdtrAcct><Prxy><Id>+4912345</Id></Prxy></CdtrAcct>"),
		START ROW1 DATED ORIGIN1 "FIELD_NOT_SENT [CdtrAcct/Prxy]\n" ENDS},
	{"two accounts", WITH("<CdtrAcct><Id><IBAN>DE1</IBAN><Othr><Id>7</Id></Othr></Id></CdtrAcct>"),
		START ROW1 "iban=<DE1> account_number=<7> " DATED ORIGIN1 "FIELD_CONFLICT [account_number]\n" ENDS},
	{"a bank by another scheme", WITH("<CdtrAgt><FinInstnId><Othr><Id>4711</Id></Othr></FinInstnId></CdtrAgt>"),
		START ROW1 DATED ORIGIN1 "FIELD_NOT_SENT [CdtrAgt/FinInstnId/Othr/Id]\n" ENDS},
	{"no BIC", WITH("<CdtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></CdtrAgt>"),
		START ROW1 DATED ORIGIN1 ENDS},
	{"a purpose of one's own, and a state",
		WITH("<Cdtr><PstlAdr><CtrySubDvsn>NY</CtrySubDvsn><Ctry>US</Ctry></PstlAdr>"
		     "<CtctDtls><EmailAdr>a@b.example</EmailAdr></CtctDtls></Cdtr><Purp><Prtry>Rent</Prtry></Purp>"),
		START ROW1 "country=<US> district=<NY> email=<a@b.example> purpose=<Rent> " DATED ORIGIN1 ENDS},
	{"text and a creditor's reference",
		WITH("<RmtInf><Ustrd>Rent</Ustrd><Strd><CdtrRefInf><Ref>RF18</Ref></CdtrRefInf><AddtlRmtInf>May</"
		     "AddtlRmtInf>"
		     "</Strd></RmtInf>"),
		START ROW1 "description=<Rent RF18 May> " DATED ORIGIN1 ENDS},
	{"an address with all its parts",
		WITH("<Cdtr><PstlAdr><Dept>Sales</Dept><StrtNm>Road</StrtNm><Flr>2</Flr><PstBx>99</PstBx><AdrLine>gate "
		     "3"
		     "</AdrLine></PstlAdr></Cdtr>"),
		START ROW1 "line1=<Road> line2=<Sales, 2, 99, gate 3> " DATED ORIGIN1 ENDS},
	{"a UETR",
		MESSAGE("1", "<CdtTrfTxInf><PmtId><EndToEndId>R</"
			     "EndToEndId><UETR>eb6305c9-1f7f-49de-aed0-16487c27b42d</UETR>"
			     "</PmtId><Amt><InstdAmt Ccy=\"EUR\">1</InstdAmt></Amt></CdtTrfTxInf>"),
		START ROW1 DATED "| 1,PAY-1,,,,R,eb6305c9-1f7f-49de-aed0-16487c27b42d,\n" ENDS},
	{"a UETR that is none",
		MESSAGE("1", "<CdtTrfTxInf><PmtId><EndToEndId>R</EndToEndId><UETR>none</UETR></PmtId><Amt><InstdAmt "
			     "Ccy=\"EUR\">1</InstdAmt></Amt></CdtTrfTxInf>"),
		START ROW1 DATED ORIGIN1 "warning ID_SYNTAX [PmtId/UETR]\n" ENDS},
	{"supplementary data hide nothing and are not looked into",
		WITH("<SplmtryData><Envlp><x:any "
		     "xmlns:x=\"urn:x\"><InstdAmt>9</InstdAmt></x:any></Envlp></SplmtryData>"),
		START ROW1 DATED ORIGIN1 ENDS},
	{"elements that nobody knows",
		WITH("<Fancy><InstdAmt Ccy=\"EUR\">9</InstdAmt></Fancy><Cdtr><Nm>A</Nm><Nickname>B</Nickname></Cdtr>"),
		START ROW1 "beneficiary_name=<A> " DATED ORIGIN1 "warning XML_UNKNOWN []\n" ENDS},
	{"elements of another namespace",
		WITH("<Cdtr><Nm>A</Nm></Cdtr><CdtrAcct xmlns=\"urn:other\"><Id><IBAN>DE1</IBAN></Id></CdtrAcct>"),
		START ROW1 "beneficiary_name=<A> " DATED ORIGIN1 "warning XML_UNKNOWN []\n" ENDS},
	{"what goes to no provider", WITH("<ChrgBr>DEBT</ChrgBr><UltmtCdtr><Nm>Z</Nm></UltmtCdtr>"),
		START ROW1 DATED ORIGIN1 "warning ELEMENT_NOT_SENT []\n" ENDS},
};

static void each_element_goes_to_its_column(void **state)
{
	static const struct reading how = {.lines = false};

	(void)state;
	for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
		expect_reading(elements[i].name, text_of(elements[i].document), &how, elements[i].wanted);
}

static void amounts_are_decimals_of_xml(void **state)
{
	static const struct {
		const char *written, *wanted; /* "": no amount */
		char mark;
	} amounts[] = {
		{"12.50", "12.5", '.'},
		{" 12.50\n", "12.5", '.'},
		{"+12", "12", '.'},
		{"000.50", "0.5", '.'},
		{".5", "0.5", '.'},
		{"5.", "5", '.'},
		{"100.00000", "100", '.'},
		{"0.00001", "0.00001", '.'},
		{"0", "0", '.'},
		{"-0.00", "0", '.'},
		{"-3.10", "-3.1", '.'},
		{"12.50", "12,5", ','},
		{"1e3", "", '.'},
		{"1,5", "", '.'},
		{"1,5", "", ','},
		{"1 000", "", '.'},
		{"1'000", "", '.'},
		{"ALL", "", '.'},
		{"INF", "", '.'},
		{"+", "", '.'},
		{".", "", '.'},
		{"--1", "", '.'},
		{"1.2.3", "", '.'},
		{"\331\241", "", '.'},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++) {
		struct reading how = {.decimal_mark = amounts[i].mark};
		struct buf document = {0}, want = {0};
		bool none = amounts[i].wanted[0] == '\0';

		buf_addf(&document, MESSAGE("1", TX("R", "%s", "")), amounts[i].written);
		buf_addz(&want, START "row 1 reference=<R> ");
		if (!none)
			buf_addf(&want, "amount=<%s> ", amounts[i].wanted);
		buf_addf(&want, "currency=<EUR> " DATED ORIGIN1 "%s" ENDS, none ? "AMOUNT_SYNTAX [amount]\n" : "");
		expect_reading(amounts[i].written, buf_text(&document), &how, buf_str(&want));
		buf_release(&document);
		buf_release(&want);
	}
}

static void a_day_is_read_as_it_stands(void **state)
{
	static const struct {
		const char *written, *wanted, *tail;
	} days[] = {
		{"2026-12-01", "execution_date=<2026-12-01> ", ""}, {"2026-11-20", "execution_date=<2026-11-20> ", ""},
		{"1999-01-01", "", ""}, /* as soon as possible */
		{"2026-12-01Z", "execution_date=<2026-12-01> ", ""},
		{"2026-12-01+01:00", "execution_date=<2026-12-01> ", ""},
		{"<Dt>2026-12-01</Dt>", "execution_date=<2026-12-01> ", ""},
		{"<DtTm>2026-12-01T10:00:00+01:00</DtTm>", "execution_date=<2026-12-01> ",
			"warning ELEMENT_NOT_SENT []\n"},
		{"01.12.2026", "execution_date=<01.12.2026> ", ""}, /* for DATE_SYNTAX to judge */
	};
	static const struct reading how = {.decimal_mark = '.'};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		struct buf document = {0}, want = {0};

		buf_addf(&document,
			DOCUMENT(ISO "pain.001.001.09", HEADER "<NbOfTxs>1</NbOfTxs>",
				"<PmtInf>" PAYMENT("<ReqdExctnDt>%s</ReqdExctnDt>") TX("R", "1", "") "</PmtInf>"),
			days[i].written);
		buf_addf(&want, START ROW1 "%s" ORIGIN1 "%s" ENDS, days[i].wanted, days[i].tail);
		expect_reading(days[i].written, buf_text(&document), &how, buf_str(&want));
		buf_release(&document);
		buf_release(&want);
	}
}

static void a_transaction_goes_before_its_payment(void **state)
{
	static const struct reading how = {.lines = false};

	(void)state;
	expect_reading("inheritance",
		TEXT(DOCUMENT(ISO "pain.001.001.03", HEADER "<NbOfTxs>3</NbOfTxs>",
			"<PmtInf>" PAYMENT("<PmtTpInf><CtgyPurp><Cd>SALA</Cd></CtgyPurp></PmtTpInf>" ON) TX("A", "1",
				"") TX("B", "1", "<PmtTpInf><CtgyPurp><Prtry>own</Prtry></CtgyPurp></PmtTpInf>")
				TX("C", "1", "<Purp><Cd>RENT</Cd></Purp>") "</PmtInf>")),
		&how,
		"MSG-1: MSG-1 3 \n"
		"row 1 reference=<A> amount=<1> currency=<EUR> purpose=<SALA> " DATED "| 1,PAY-1,,,,A,,\n"
		"row 2 reference=<B> amount=<1> currency=<EUR> purpose=<own> " DATED "| 1,PAY-1,,,,B,,\n"
		"row 3 reference=<C> amount=<1> currency=<EUR> purpose=<RENT> " DATED "| 1,PAY-1,,,,C,,\n" ENDS);
}

static void a_profile_gives_what_no_element_does(void **state)
{
	static struct profile_column constants[] = {
		{.column = COLUMN_CHANNEL, .value = {"circle-wire", 11}},
		{.column = COLUMN_COUNTRY, .value = {"DE", 2}},
		{.column = COLUMN_RECIPIENT, .recipient = {"type", 4}, .value = {"x", 1}},
	};
	static struct profile_purpose purposes[] = {{.own = {"SALA", 4}, .code = {"PMT008", 6}}};
	static const struct profile profile = {
		.name = "bank", .constants = constants, .constant_count = 3, .purposes = purposes, .purpose_count = 1};
	static const struct reading how = {.profile = &profile};

	(void)state;
	expect_reading("constants", TEXT(WITH("<Purp><Cd>SALA</Cd></Purp>")), &how,
		START "row 1 reference=<R> channel=<circle-wire> amount=<1> currency=<EUR> country=<DE> "
		      "purpose=<PMT008> " DATED "recipient.type=<x> " ORIGIN1 ENDS);
	expect_reading("contradicted", TEXT(WITH("<Cdtr><PstlAdr><Ctry>FR</Ctry></PstlAdr></Cdtr>")), &how,
		START "row 1 reference=<R> channel=<circle-wire> amount=<1> currency=<EUR> country=<FR> " DATED
		      "recipient.type=<x> " ORIGIN1 "FIELD_CONFLICT [country]\n" ENDS);
}

/* Its first six digits of SHA-256 keep an id that is not taken as it is apart from others. */
static void the_message_id_names_the_batch(void **state)
{
	static const struct {
		const char *id, *batch;
	} ids[] = {
		{"SALARY-2026.11_a", "SALARY-2026.11_a"},
		{"a/b", "a-b.c14cdd"},
		{"a b", "a-b.c8687a"},
		{"a\?b", "a-b.c2a7b6"},
		{"last", "last.3547cb"},
		{"\303\204rger", "-rger.23c8ef"},
		{"1234567890123456789012345678901234/", "123456789012345678901234567890123.b9d6fe"},
	};
	static const struct reading how = {.lines = false};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct buf document = {0}, want = {0};

		buf_addf(&document,
			DOCUMENT(ISO "pain.001.001.03",
				"<MsgId>%s</MsgId><CreDtTm>2026-11-20T10:00:00</CreDtTm><NbOfTxs>1</NbOfTxs>",
				"<PmtInf>" PAYMENT(ON) TX("R", "1", "") "</PmtInf>"),
			ids[i].id);
		buf_addf(&want, "%s: %s 1 \n" ROW1 DATED ORIGIN1 ENDS, ids[i].batch, ids[i].id);
		expect_reading(ids[i].id, buf_text(&document), &how, buf_str(&want));
		buf_release(&document);
		buf_release(&want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_element_goes_to_its_column),
		cmocka_unit_test(amounts_are_decimals_of_xml),
		cmocka_unit_test(a_day_is_read_as_it_stands),
		cmocka_unit_test(a_transaction_goes_before_its_payment),
		cmocka_unit_test(a_profile_gives_what_no_element_does),
		cmocka_unit_test(the_message_id_names_the_batch),
	};

	return cmocka_run_group_tests_name("pain001_elements", tests, NULL, NULL);
}
