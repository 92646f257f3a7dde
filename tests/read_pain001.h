/*
 * Messages for the tests of the pain.001 reader: a document put together from its parts, and a reading of one as text.
 * Included by one .c file of a test program, after tests/read_all.h.
 */
#ifndef TESTS_READ_PAIN001_H
#define TESTS_READ_PAIN001_H

#include "tests/read_all.h"

#define ISO "urn:iso:std:iso:20022:tech:xsd:"
#define HEADER "<MsgId>MSG-1</MsgId><CreDtTm>2026-11-20T10:00:00</CreDtTm>"
#define PARTY "<InitgPty><Nm>Us</Nm></InitgPty>"
#define DEBTOR                                                                                                         \
	"<Dbtr><Nm>Us</Nm></Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>"                    \
	"<DbtrAgt><FinInstnId/></DbtrAgt>"
#define PAYMENT(rest) "<PmtInfId>PAY-1</PmtInfId><PmtMtd>TRF</PmtMtd>" rest
#define ON "<ReqdExctnDt>2026-12-01</ReqdExctnDt>"
#define TX(reference, amount, rest)                                                                                    \
	"<CdtTrfTxInf><PmtId><EndToEndId>" reference "</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"EUR\">" amount         \
	"</InstdAmt></Amt>" rest "</CdtTrfTxInf>"
#define DOCUMENT(space, header, payments)                                                                              \
	"<Document xmlns=\"" space "\"><CstmrCdtTrfInitn><GrpHdr>" header "</GrpHdr>" payments                         \
	"</CstmrCdtTrfInitn></Document>"
/* One payment with these transactions. */
#define MESSAGE(count, transactions)                                                                                   \
	DOCUMENT(ISO "pain.001.001.03", HEADER "<NbOfTxs>" count "</NbOfTxs>" PARTY,                                   \
		"<PmtInf>" PAYMENT(ON DEBTOR) transactions "</PmtInf>")

struct reading {
	bool lines; /* told too */
	size_t piece;
	char decimal_mark;
	const struct profile *profile;
};

static inline void note_texts(struct buf *out, const struct row *row)
{
	const struct text *const origin[] = ORIGIN_EACH(&row->origin);

	for (int i = 0; i < COLUMN_CELLS; i++)
		if (row->cells[i].len > 0)
			buf_addf(out, " %s=<%.*s>", column_name((enum column)i), (int)row->cells[i].len,
				row->cells[i].ptr);
	for (size_t i = 0; i < row->recipient_count; i++)
		buf_addf(out, " recipient.%.*s=<%.*s>", (int)row->recipient[i].name.len, row->recipient[i].name.ptr,
			(int)row->recipient[i].value.len, row->recipient[i].value.ptr);
	buf_addf(out, " | %lld", (long long)row->origin.payment);
	for (size_t i = 0; i < ORIGIN_TEXTS; i++)
		buf_addf(out, ",%.*s", (int)origin[i]->len, origin[i]->ptr);
	buf_addc(out, '\n');
}

/* Findings as CODE [field]; with lines, what they say, too. */
static inline void note_found(struct buf *out, const struct reading *how, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		if (how->lines)
			buf_addf(out, "%lld:%lld ", (long long)finding->row, (long long)finding->line);
		buf_addf(out, "%s%s [%s]", finding->severity == FINDING_WARNING ? "warning " : "", finding->code,
			finding->field);
		if (how->lines)
			buf_addf(out, " %s", finding->message);
		buf_addc(out, '\n');
	}
}

static inline void read_rows(struct buf *out, const struct reading *how, struct reader *reader)
{
	static struct findings findings;
	struct arena arena = {0};
	struct fault fault = {0};
	struct row row = {0};
	enum reader_verdict verdict = READER_ROW;
	bool said = false;

	while (verdict == READER_ROW) {
		arena_reset(&arena);
		findings_begin(&findings, &arena, 0, 0);
		verdict = reader_pain001.next(reader, &row, &findings, &fault);
		if (verdict == READER_ROW && how->lines)
			buf_addf(out, "line %lld ", (long long)row.line);
		if (verdict == READER_ROW)
			buf_addf(out, "row %lld", (long long)row.number);
		if (verdict == READER_ROW)
			note_texts(out, &row);
		note_found(out, how, &findings);
	}
	findings_begin(&findings, &arena, 0, 0);
	reader_pain001.names(reader, &findings);
	if (verdict == READER_END && !reader_pain001.controls(reader, &said, &findings))
		buf_addz(out, "differs\n");
	note_found(out, how, &findings);
	buf_addz(out, verdict == READER_END       ? said ? "end, controlled\n" : "end\n"
		      : verdict == READER_REFUSED ? "refused\n"
						  : "fault\n");
	arena_release(&arena);
}

/* The caller frees it. */
static inline char *read_message(struct text bytes, const struct reading *how)
{
	static struct findings findings;
	struct source source = {.bytes = bytes, .piece = how->piece};
	struct reader_options options = {.decimal_mark = how->decimal_mark, .profile = how->profile};
	struct arena arena = {0};
	struct fault fault = {0};
	struct buf out = {0};
	struct reader *reader = reader_pain001.open(&source, &options, &fault);
	const struct reader_batch *batch;

	assert_non_null(reader);
	findings_begin(&findings, &arena, 0, 0);
	reader_pain001.header(reader, &findings);
	batch = reader_pain001.batch(reader);
	buf_addf(&out, "%.*s:", (int)batch->batch_id.len, batch->batch_id.ptr);
	buf_addf(&out, " %.*s", (int)batch->message.id.len, batch->message.id.ptr);
	buf_addf(&out, " %.*s", (int)batch->message.count.len, batch->message.count.ptr);
	buf_addf(&out, " %.*s\n", (int)batch->message.total.len, batch->message.total.ptr);
	note_found(&out, how, &findings);
	read_rows(&out, how, reader);
	reader_pain001.close(reader);
	arena_release(&arena);
	return out.data;
}

/* What a reading must give, to the byte. */
static inline void expect_reading(const char *what, struct text bytes, const struct reading *how, const char *wanted)
{
	char *got = read_message(bytes, how);

	if (strcmp(got, wanted) != 0)
		fail_msg("%s:\n%s\nwanted:\n%s", what, got, wanted);
	free(got);
}

#endif
