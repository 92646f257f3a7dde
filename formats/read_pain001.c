#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "formats/pain001_control.h"
#include "formats/pain001_row.h"
#include "formats/pain001_walk.h"
#include "formats/reader.h"

#define CHUNK_BYTES 8192 /* read at a time: rows of one are made together, and wait */
#define ID_DIGITS 6      /* of the digest behind a batch id that is not the MsgId itself */

/* The whole of a reader's memory. */
struct reader {
	struct pain001_walk walk; /* the first: its events lead here */
	struct source *source;
	struct refusal refusal;
	struct pain001_control control;
	struct pain001_reading reading;
	struct pain001_row **rows; /* made, and not given yet; those behind count wait to be used again */
	size_t first, count, room;
	bool ended;
	const struct pain001_row *given;
	struct reader_batch batch;
	char batch_id[BOUND_BATCH_ID + 1];
	size_t of_header;        /* problems of the file that were known when the group header ended: told with it */
	char chunk[CHUNK_BYTES]; /* held bytes of it were read, and not fed */
	size_t held;
	struct buf debtor, debtor_currency; /* of the first payment that names them */
};

/* --- what the walk tells ------------------------------------------------------------------------------------------ */

static bool is_id(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
	       byte == '.' || byte == '_' || byte == '-';
}

/* The MsgId itself where it can be a batch id. Else its other characters become '-', and digits of its digest keep it
 * apart from others that would look the same. */
static void name_batch(struct reader *reader, struct text id)
{
	struct text shown = {reader->batch_id, 0};
	uint8_t digest[SHA256_SIZE];
	struct sha256 *sha;
	bool same = !text_is(id, "last");

	for (size_t i = 0; i < id.len && shown.len < BOUND_BATCH_ID; i++) {
		if (is_id(id.ptr[i]))
			reader->batch_id[shown.len++] = id.ptr[i];
		else if ((id.ptr[i] & 0x40) != 0 || (unsigned char)id.ptr[i] < 0x80) /* one for each character */
			reader->batch_id[shown.len++] = '-';
		same = same && is_id(id.ptr[i]);
	}
	if (!same) {
		char hex[2 * SHA256_SIZE + 1];

		sha = sha256_new();
		sha256_begin(sha);
		sha256_add(sha, id.ptr, id.len);
		sha256_end(sha, digest);
		sha256_free(sha);
		text_hex(digest, SHA256_SIZE, hex);
		if (shown.len > BOUND_BATCH_ID - 1 - ID_DIGITS)
			shown.len = BOUND_BATCH_ID - 1 - ID_DIGITS;
		reader->batch_id[shown.len++] = '.';
		memcpy(reader->batch_id + shown.len, hex, ID_DIGITS);
		shown.len += ID_DIGITS;
	}
	reader->batch.batch_id = shown;
}

static void take_header(struct pain001_walk *walk)
{
	struct reader *reader = (struct reader *)walk;
	struct text id = pain001_value(&walk->header, FIELD_MESSAGE_ID);

	reader->of_header = walk->file.problem_count;
	reader->batch.message = (struct origin_message){.name = text_of(walk->name),
		.id = id,
		.created = pain001_value(&walk->header, FIELD_CREATED),
		.count = pain001_value(&walk->header, FIELD_COUNT),
		.total = pain001_value(&walk->header, FIELD_TOTAL)};
	if (id.len > 0)
		name_batch(reader, id);
}

/* A row to fill, behind those that wait. */
static struct pain001_row *new_row(struct reader *reader)
{
	if (reader->count == reader->room) {
		size_t room = reader->room == 0 ? 16 : 2 * reader->room;

		reader->rows = memory_grow(reader->rows, room * sizeof(struct pain001_row *));
		for (size_t i = reader->room; i < room; i++)
			reader->rows[i] = memory_new(sizeof(struct pain001_row));
		reader->room = room;
	}
	return reader->rows[reader->count++];
}

static void take_transaction(struct pain001_walk *walk)
{
	struct reader *reader = (struct reader *)walk;
	struct pain001_row *row = new_row(reader);
	struct pain001_values spare = row->values;

	row->values = walk->transaction; /* exchanged, not copied */
	walk->transaction = spare;
	row->number = walk->rows;
	row->payment = walk->payments;
	row->position = walk->transactions;
	pain001_control_add(&reader->control,
		pain001_value(&row->values, row->values.spans[FIELD_AMOUNT].len > 0 ? FIELD_AMOUNT : FIELD_EQUIVALENT));
	pain001_row_make(row, &walk->payment, &reader->reading, &walk->unused);
}

/* False where another payment named another one. */
static bool is_same(struct buf *first, struct text text)
{
	if (first->len == 0)
		buf_addt(first, text);
	return text.len == 0 || text_equal_nocase(buf_text(first), text);
}

/* One file is paid by one channel, whichever account its payments name. */
static void check_debtor(struct reader *reader, struct pain001_walk *walk)
{
	bool iban = walk->payment.spans[FIELD_DEBTOR_IBAN].len > 0;
	struct text account = pain001_value(&walk->payment, iban ? FIELD_DEBTOR_IBAN : FIELD_DEBTOR_ACCOUNT);
	bool account_is = is_same(&reader->debtor, account);
	struct buf field = {0};

	if (is_same(&reader->debtor_currency, pain001_value(&walk->payment, FIELD_DEBTOR_CURRENCY)) && account_is)
		return;
	buf_addf(&field, "PmtInf[%" PRId64 "]/%s", walk->payments, account_is ? "DbtrAcct/Ccy" : "DbtrAcct");
	pain001_problem(&walk->file, FINDING_ERROR, "XML_STRUCTURE", buf_text(&field),
		"Make a file for each account, and submit each with its own channel.",
		"%s (line %" PRId64 "): this payment is to be made from another account than one before it",
		buf_str(&field), walk->payment.line);
	buf_release(&field);
}

static void take_payment(struct pain001_walk *walk)
{
	struct reader *reader = (struct reader *)walk;

	check_debtor(reader, walk);
	pain001_control_end(&reader->control, &walk->payment, walk->payments, &reader->control.payment);
}

static const struct pain001_events events = {take_header, take_transaction, take_payment};

/* --- reading ------------------------------------------------------------------------------------------------------ */

static bool waiting(const struct reader *reader)
{
	return reader->first < reader->count;
}

/* Fills the chunk, as far as the file goes. */
static bool fill(struct reader *reader, bool *at_end, struct fault *fault)
{
	size_t len = 1;

	while (reader->held < CHUNK_BYTES && len > 0) {
		if (!source_read(reader->source, reader->chunk + reader->held, CHUNK_BYTES - reader->held, &len, fault))
			return false;
		reader->held += len;
	}
	*at_end = len == 0;
	return true;
}

/* What is fed ends with a tag: how a file comes in pieces, which libxml2 sees in what it says of a torn text, then
 * changes nothing. */
static size_t piece_of(const struct reader *reader)
{
	size_t len = reader->held;

	while (len > 0 && reader->chunk[len - 1] != '>')
		len--;
	return len > 0 ? len : reader->held;
}

/* Reads on by a piece. False: the operation failed. */
static bool read_on(struct reader *reader, struct fault *fault)
{
	bool at_end;
	size_t len;

	if (!fill(reader, &at_end, fault))
		return false;
	len = at_end ? reader->held : piece_of(reader);
	if (len > 0) {
		reader->ended = !xml_push_feed(reader->walk.xml, (struct text){reader->chunk, len}, &reader->refusal);
		reader->held -= len;
		memmove(reader->chunk, reader->chunk + len, reader->held);
		return true;
	}
	reader->ended = true;
	if (xml_push_end(reader->walk.xml, &reader->refusal))
		pain001_control_end(&reader->control, &reader->walk.header, 0, &reader->control.all);
	return true;
}

static int sniff(struct text head)
{
	return pain001_kind_is_xml(head) ? 2 : 0;
}

static void pain001_close(struct reader *reader)
{
	if (reader == NULL)
		return;
	pain001_walk_release(&reader->walk);
	pain001_control_release(&reader->control);
	refusal_release(&reader->refusal);
	buf_release(&reader->debtor);
	buf_release(&reader->debtor_currency);
	for (size_t i = 0; i < reader->room; i++) {
		pain001_row_release(reader->rows[i]);
		free(reader->rows[i]);
	}
	free(reader->rows);
	free(reader);
}

static struct reader *pain001_open(struct source *source, const struct reader_options *options, struct fault *fault)
{
	struct reader *reader;

	if (options->encoding != NULL) {
		(void)fault_set(fault, FAULT_USAGE, "", "Leave it out: an XML file says its encoding itself.",
			"--encoding %s: the file is XML", options->encoding);
		return NULL;
	}
	reader = memory_new(sizeof(*reader));
	reader->source = source;
	reader->batch.count = -1;
	reader->reading =
		(struct pain001_reading){.decimal_mark = options->decimal_mark != '\0' ? options->decimal_mark : '.',
			.profile = options->profile};
	reader->walk.events = &events;
	reader->walk.refusal = &reader->refusal;
	pain001_walk_begin(&reader->walk);
	while (!reader->ended && !reader->walk.has_header && reader->walk.payments == 0)
		if (!read_on(reader, fault)) {
			pain001_close(reader);
			return NULL;
		}
	return reader;
}

static enum reader_verdict refused(struct reader *reader, struct findings *findings)
{
	refusal_tell(&reader->refusal, findings);
	return READER_REFUSED;
}

static enum reader_verdict give(struct reader *reader, struct row *row, struct findings *findings)
{
	struct pain001_row *made = reader->rows[reader->first++];

	if (reader->first == reader->count)
		reader->first = reader->count = 0;
	reader->given = made;
	pain001_row_fill(made, &reader->reading, row);
	findings->row = row->number;
	findings->line = row->line;
	pain001_problems_tell(&made->values, findings);
	return READER_ROW;
}

static enum reader_verdict pain001_next(
	struct reader *reader, struct row *row, struct findings *findings, struct fault *fault)
{
	while (!waiting(reader) && !reader->ended)
		if (!read_on(reader, fault))
			return READER_FAULT;
	if (waiting(reader))
		return give(reader, row, findings);
	if (reader->refusal.code != NULL)
		return refused(reader, findings);
	if (reader->walk.rows > 0)
		return READER_END;
	refusal_set(&reader->refusal, "FILE_EMPTY", 0, "Name the file with the payouts.",
		"the message has no transactions");
	return refused(reader, findings);
}

/* --- what is known of the file ------------------------------------------------------------------------------------ */

static struct text pain001_raw(const struct reader *reader)
{
	(void)reader;
	return TEXT("");
}

/* Problems of the file from one to before another. */
static void tell_problems(const struct reader *reader, size_t from, size_t to, struct findings *findings)
{
	struct pain001_values some = reader->walk.file;

	findings->row = 0;
	findings->line = 0;
	some.problem_count = to - from;
	memmove(some.problems, some.problems + from, some.problem_count * sizeof(some.problems[0]));
	pain001_problems_tell(&some, findings);
}

/* What was read of the rest of the file by then is told behind the rows, however much that was. */
static void pain001_header_told(struct reader *reader, struct findings *findings)
{
	if (!reader->walk.has_header)
		refusal_tell(&reader->refusal, findings);
	else
		tell_problems(reader, 0, reader->of_header, findings);
}

static struct text pain001_header_raw(const struct reader *reader)
{
	(void)reader;
	return TEXT("");
}

static bool pain001_has_column(const struct reader *reader, enum column column)
{
	return pain001_field_of(column) != FIELD_NONE ||
	       profile_constant(reader->reading.profile, column, (struct text){0}) != NULL;
}

static const struct reader_batch *pain001_batch(const struct reader *reader)
{
	return &reader->batch;
}

static void tell_names(const struct pain001_names *names, const char *code, const char *cure, const char *what,
	struct findings *findings)
{
	struct buf text = {0};

	if (names->count == 0)
		return;
	pain001_names_text(names, &text);
	finding_add(findings, FINDING_WARNING, code, "", cure, "%s: %s", what, buf_str(&text));
	buf_release(&text);
}

static void pain001_names_told(const struct reader *reader, struct findings *findings)
{
	tell_problems(reader, reader->of_header, reader->walk.file.problem_count, findings);
	if (reader->refusal.code != NULL)
		return;
	tell_names(&reader->walk.unknown, "XML_UNKNOWN",
		"Make sure that nothing of it was meant for the payout; the schema has no such element there.",
		"elements that the message's schema doesn't have were not read", findings);
	tell_names(&reader->walk.unused, "ELEMENT_NOT_SENT",
		"Nothing to do, unless the provider should know it: payrun can't tell it.",
		"what some elements say goes to no provider", findings);
}

static bool pain001_controls(const struct reader *reader, bool *said, struct findings *findings)
{
	*said = reader->control.said;
	return pain001_control_tell(&reader->control, findings);
}

static void pain001_pointer(struct reader *reader, const char *field, struct buf *out)
{
	struct text name = text_of(field);
	enum column column = 0;

	while (column < COLUMN_COUNT && !text_is(name, column_name(column)))
		column++;
	buf_addf(out, "PmtInf[%" PRId64 "]", reader->given->payment);
	if (column == COLUMN_EXECUTION_DATE || text_is(name, "PmtInfId") || text_is(name, "PmtMtd")) {
		buf_addf(out, "/%s", column < COLUMN_COUNT ? pain001_path(FIELD_DATE) : field);
		return;
	}
	buf_addf(out, "/CdtTrfTxInf[%" PRId64 "]", reader->given->position);
	if (column < COLUMN_COUNT && pain001_path(pain001_field_of(column))[0] != '\0')
		buf_addf(out, "/%s", pain001_path(pain001_field_of(column)));
	else if (column == COLUMN_COUNT && strchr(field, '/') != NULL)
		buf_addf(out, "/%s", field);
}

const struct reader_format reader_pain001 = {
	.name = "pain.001",
	.alias = "pain001",
	.extension = ".xml",
	.takes_constants = true,
	.missing_cure =
		"no element of the message gives it: name the channel with --channel, make other fields constant "
		"in a profile",
	.sniff = sniff,
	.open = pain001_open,
	.next = pain001_next,
	.raw = pain001_raw,
	.header = pain001_header_told,
	.header_raw = pain001_header_raw,
	.has_column = pain001_has_column,
	.batch = pain001_batch,
	.names = pain001_names_told,
	.controls = pain001_controls,
	.pointer = pain001_pointer,
	.close = pain001_close,
};
