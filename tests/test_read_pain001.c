/* pain.001: what its elements become, and that the same payouts come of every form in which a document can be written.
 */
#include "tests/read_pain001.h"

/* --- one document in many forms ----------------------------------------------------------------------------------- */

/* %s: BIC or BICFI, and the date as plain text or in an element. */
static const char model[] =
	"<CstmrCdtTrfInitn><GrpHdr>" HEADER "<NbOfTxs>3</NbOfTxs><CtrlSum>1112.5</CtrlSum>" PARTY "</GrpHdr>"
	"<PmtInf><PmtInfId>PAY-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg><NbOfTxs>2</NbOfTxs>"
	"<CtrlSum>112.50</CtrlSum><PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl><CtgyPurp><Cd>SUPP</Cd></CtgyPurp></PmtTpInf>"
	"<ReqdExctnDt>@D2026-12-01@/D</ReqdExctnDt>" DEBTOR "<ChrgBr>SLEV</ChrgBr>"
	"<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>INV-1</EndToEndId></PmtId>"
	"<Amt><InstdAmt Ccy=\"EUR\">+0100.00</InstdAmt></Amt>"
	"<CdtrAgt><FinInstnId><@B>DEUTDEFF</@B><Nm>Bank One</Nm><PstlAdr><TwnNm>Bonn</TwnNm><Ctry>DE</Ctry></PstlAdr>"
	"</FinInstnId></CdtrAgt>"
	"<Cdtr><Nm>Smith &amp; Sons</Nm><PstlAdr><StrtNm>Main Street</StrtNm><BldgNb>5</BldgNb><PstCd>53111</PstCd>"
	"<TwnNm>Bonn</TwnNm><Ctry>DE</Ctry></PstlAdr></Cdtr>"
	"<CdtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></CdtrAcct>"
	"<Purp><Cd>SALA</Cd></Purp>"
	"<RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls><Cd>ABC</Cd><Inf>Goods "
	"&lt;x&gt;</Inf></Dtls></RgltryRptg>"
	"<RmtInf><Ustrd>First part</Ustrd><Ustrd>second part</Ustrd></RmtInf></CdtTrfTxInf>"
	"<CdtTrfTxInf><PmtId><EndToEndId>INV-2</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">12.50</InstdAmt></Amt>"
	"<CdtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></CdtrAgt><Cdtr><Nm>Two</Nm>"
	"<PstlAdr><AdrLine>Side Street 7</AdrLine><AdrLine>12345 "
	"Town</AdrLine><AdrLine>third</AdrLine></PstlAdr></Cdtr>"
	"<CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></CdtrAcct>"
	"<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>RF18539007547034</Ref></"
	"CdtrRefInf>"
	"</Strd></RmtInf></CdtTrfTxInf></PmtInf>"
	"<PmtInf><PmtInfId>PAY-2</PmtInfId><PmtMtd>TRA</PmtMtd><ReqdExctnDt>@D2026-12-02@/D</ReqdExctnDt>" DEBTOR
	"<CdtTrfTxInf><PmtId><EndToEndId>INV-3</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"USD\">1000</InstdAmt></Amt>"
	"<CdtrAgt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>USABA</Cd></ClrSysId><MmbId>011000015</MmbId></ClrSysMmbId>"
	"</FinInstnId></CdtrAgt><Cdtr><Nm>Three</Nm></Cdtr><CdtrAcct><Id><Othr><Id>0012345</Id></Othr></Id></CdtrAcct>"
	"</CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>";

static const char wanted[] =
	"MSG-1: MSG-1 3 1112.5\n"
	"row 1 reference=<INV-1> amount=<100> currency=<EUR> country=<DE> beneficiary_name=<Smith & Sons> "
	"iban=<DE89370400440532013000> bic=<DEUTDEFF> bank_name=<Bank One> bank_city=<Bonn> bank_country=<DE> "
	"line1=<Main Street 5> city=<Bonn> postal_code=<53111> purpose=<SALA> description=<First part second part> "
	"execution_date=<2026-12-01> | "
	"1,PAY-1,2,112.50,I-1,INV-1,,<RgltryRptg><DbtCdtRptgInd>CRED</DbtCdtRptgInd><Dtls>"
	"<Cd>ABC</Cd><Inf>Goods &lt;x&gt;</Inf></Dtls></RgltryRptg>\n"
	"row 2 reference=<INV-2> amount=<12.5> currency=<EUR> beneficiary_name=<Two> "
	"iban=<FR1420041010050500013M02606> "
	"line1=<Side Street 7> line2=<12345 Town, third> purpose=<SUPP> description=<RF18539007547034> "
	"execution_date=<2026-12-01> | 1,PAY-1,2,112.50,,INV-2,,\n"
	"row 3 reference=<INV-3> amount=<1000> currency=<USD> beneficiary_name=<Three> account_number=<0012345> "
	"routing_number=<011000015> bank_country=<US> execution_date=<2026-12-02> | 2,PAY-2,,,,INV-3,,\n"
	"warning ELEMENT_NOT_SENT []\n"
	"end, controlled\n";

/* The model with what its version calls things. */
static void write_model(struct buf *out, const char *space, bool late)
{
	buf_addf(out, "<Document xmlns=\"%s\">", space);
	for (const char *at = model; *at != '\0'; at++) {
		if (*at != '@') {
			buf_addc(out, *at);
		} else if (at[1] == 'B') {
			buf_addz(out, late ? "BICFI" : "BIC");
			at++;
		} else if (at[1] == 'D') {
			buf_addz(out, late ? "<Dt>" : "");
			at++;
		} else {
			buf_addz(out, late ? "</Dt>" : "");
			at += 2;
		}
	}
}

static struct buf model_of(const char *space, bool late)
{
	struct buf out = {0};

	write_model(&out, space, late);
	return out;
}

static void all_versions_give_the_same_payouts(void **state)
{
	static const struct {
		const char *space;
		bool late;
	} versions[] = {
		{ISO "pain.001.001.03", false},
		{ISO "pain.001.001.04", false},
		{ISO "pain.001.001.05", true},
		{ISO "pain.001.001.06", true},
		{ISO "pain.001.001.07", true},
		{ISO "pain.001.001.08", true},
		{ISO "pain.001.001.09", true},
		{ISO "pain.001.001.10", true},
		{ISO "pain.001.001.11", true},
		{ISO "pain.001.001.12", true},
		{ISO "pain.001.002.03", false},
		{ISO "pain.001.003.03", false},
		{"http://www.six-interbank-clearing.com/de/pain.001.001.03.ch.02.xsd", false},
		{"http://www.six-interbank-clearing.com/de/pain.001.001.09.ch.03.xsd", true},
		{"urn:swift:xsd:$pain.001.001.03", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct buf document = model_of(versions[i].space, versions[i].late);
		struct reading how = {.lines = false};

		expect_reading(versions[i].space, buf_text(&document), &how, wanted);
		buf_release(&document);
	}
}

static void any_size_of_pieces_gives_the_same_payouts(void **state)
{
	static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 500, 4096};
	struct buf document = model_of(ISO "pain.001.001.09", true);

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct reading how = {.piece = pieces[i]};

		expect_reading("pieces", buf_text(&document), &how, wanted);
	}
	buf_release(&document);
}

/* --- forms of a document ------------------------------------------------------------------------------------------ */

/* The character at the beginning of a text, which may be written as an entity; *len is what it takes. */
static char character(struct text text, size_t *len)
{
	static const struct {
		const char *entity;
		char character;
	} known[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_starts(text, text_of(known[i].entity))) {
			*len = strlen(known[i].entity);
			return known[i].character;
		}
	*len = 1;
	return text.ptr[0];
}

static struct text behind(struct text text, size_t len)
{
	return (struct text){text.ptr + len, text.len - len};
}

static void as_it_is(struct buf *out, struct text text)
{
	buf_addt(out, text);
}

/* In two sections, and what is behind them as text. */
static void as_cdata(struct buf *out, struct text text)
{
	size_t count = 0, len;

	buf_addz(out, "<![CDATA[");
	for (; text.len > 2; text = behind(text, len)) {
		buf_addc(out, character(text, &len));
		if (++count == 2)
			buf_addz(out, "]]><![CDATA[");
	}
	buf_addz(out, "]]>");
	buf_addt(out, text);
}

static void as_numbers(struct buf *out, struct text text)
{
	size_t len;

	for (bool hex = false; text.len > 0; text = behind(text, len), hex = !hex)
		buf_addf(out, hex ? "&#x%X;" : "&#%d;", character(text, &len));
}

static void with_comments(struct buf *out, struct text text)
{
	size_t len;

	(void)character(text, &len);
	buf_addz(out, "<!-- <Nm>no</Nm> & no more -->");
	buf_addt(out, (struct text){text.ptr, len});
	buf_addz(out, "<?note <Nm>no</Nm> ?>");
	buf_addt(out, behind(text, len));
}

static void with_blanks(struct buf *out, struct text text)
{
	buf_addz(out, "\n\t  ");
	buf_addt(out, text);
	buf_addz(out, "\r\n   ");
}

static const struct form {
	const char *name, *prefix, *before; /* before each tag */
	void (*text)(struct buf *out, struct text text);
} forms[] = {
	{"plain", "", "", as_it_is},
	{"prefix", "ns0:", "", as_it_is},
	{"a longer prefix", "a-very.long_prefix:", "", as_it_is},
	{"CDATA", "", "", as_cdata},
	{"character references", "", "", as_numbers},
	{"comments and instructions", "", "", with_comments},
	{"blanks around texts", "", "", with_blanks},
	{"blanks between tags", "", "\r\n\t", as_it_is},
	{"all of it", "p:", "\n  ", with_comments},
};

/* A tag: with the prefix in front of its name. */
static size_t write_tag(struct buf *out, const struct form *form, const char *at)
{
	size_t len = strcspn(at, ">") + 1, lead = at[1] == '/' ? 2 : 1;

	buf_add(out, at, lead);
	buf_addz(out, form->prefix);
	buf_add(out, at + lead, len - lead);
	return len;
}

/* The model of version 09 in a form. Blanks go only where no text is. */
static struct buf model_in(const struct form *form)
{
	struct buf plain = model_of(ISO "pain.001.001.09", true), out = {0};
	const char *at = strchr(plain.data, '>') + 1;
	bool tag = true;

	buf_addf(&out, "<?xml version='1.0'?>\n<%sDocument xmlns%s%.*s='" ISO "pain.001.001.09'>", form->prefix,
		form->prefix[0] != '\0' ? ":" : "", (int)strcspn(form->prefix, ":"), form->prefix);
	while (*at != '\0') {
		size_t len = strcspn(at, "<");

		if (len > 0)
			form->text(&out, (struct text){at, len});
		tag = len == 0;
		at += len;
		if (tag)
			buf_addz(&out, form->before);
		at += write_tag(&out, form, at);
	}
	buf_release(&plain);
	return out;
}

static void any_form_gives_the_same_payouts(void **state)
{
	static const size_t pieces[] = {0, 1, 3, 64};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct buf document = model_in(&forms[i]);

		for (size_t j = 0; j < sizeof(pieces) / sizeof(pieces[0]); j++) {
			struct reading how = {.piece = pieces[j]};

			expect_reading(forms[i].name, buf_text(&document), &how, wanted);
		}
		buf_release(&document);
	}
}

static struct buf wide(struct text text, bool big, bool marked)
{
	struct buf out = {0};

	if (marked)
		buf_add(&out, big ? "\376\377" : "\377\376", 2);
	for (size_t i = 0; i < text.len; i++) {
		if (big)
			buf_addc(&out, '\0');
		buf_addc(&out, text.ptr[i]);
		if (!big)
			buf_addc(&out, '\0');
	}
	return out;
}

static void any_encoding_gives_the_same_payouts(void **state)
{
	static const size_t pieces[] = {0, 1, 3, 64};
	struct buf plain = model_of(ISO "pain.001.001.09", true), declared = {0};

	(void)state;
	buf_addf(&declared, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>%s", plain.data);
	for (size_t i = 0; i < 8 * sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct reading how = {.piece = pieces[i / 8]};
		bool declares = (i & 4) != 0, marked = declares || (i & 2) != 0;
		struct buf document = wide(buf_text(declares ? &declared : &plain), (i & 1) != 0, marked);

		if (marked) /* UTF-16 without a mark must at least say that it is */
			expect_reading("UTF-16", buf_text(&document), &how, wanted);
		buf_release(&document);
	}
	buf_release(&plain);
	buf_release(&declared);
}

static void letters_come_as_they_were_meant(void **state)
{
	static const struct {
		const char *name, *start, *letters;
	} encodings[] = {
		{"UTF-8", "", "Zo\303\253 \342\202\254"},
		{"UTF-8 with a mark", "\357\273\277<?xml version='1.0' encoding='utf-8'?>", "Zo\303\253 \342\202\254"},
		{"ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?>", "Zo\353 &#8364;"},
		{"ISO-8859-15", "<?xml version='1.0' encoding='ISO-8859-15'?>", "Zo\353 \244"},
		{"Windows-1252", "<?xml version='1.0' encoding='windows-1252'?>", "Zo\353 \200"},
		{"ASCII", "<?xml version='1.0' encoding='US-ASCII'?>", "Zo&#xeb; &#x20ac;"},
	};
	static const size_t pieces[] = {0, 1, 3, 7};

	(void)state;
	for (size_t i = 0; i < 4 * sizeof(encodings) / sizeof(encodings[0]); i++) {
		struct reading how = {.piece = pieces[i % 4]};
		struct buf document = {0};

		buf_addf(&document, "%s" MESSAGE("1", TX("R", "1", "<Cdtr><Nm>%s</Nm></Cdtr>")), encodings[i / 4].start,
			encodings[i / 4].letters);
		expect_reading(encodings[i / 4].name, buf_text(&document), &how,
			"MSG-1: MSG-1 1 \nrow 1 reference=<R> amount=<1> currency=<EUR> "
			"beneficiary_name=<Zo\303\253 \342\202\254> execution_date=<2026-12-01> | 1,PAY-1,,,,R,,\n"
			"end, controlled\n");
		buf_release(&document);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_versions_give_the_same_payouts),
		cmocka_unit_test(any_size_of_pieces_gives_the_same_payouts),
		cmocka_unit_test(any_form_gives_the_same_payouts),
		cmocka_unit_test(any_encoding_gives_the_same_payouts),
		cmocka_unit_test(letters_come_as_they_were_meant),
	};

	return cmocka_run_group_tests_name("read_pain001", tests, NULL, NULL);
}
