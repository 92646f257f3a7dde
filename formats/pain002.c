#include "formats/pain002.h"

#include <assert.h>
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/sha256.h"
#include "values/currency.h"

#define INFO_POINTS 105   /* Max105Text */
#define COUNT_DIGITS 15   /* Max15NumericText */
#define AMOUNT_DIGITS 18  /* totalDigits of amounts and sums */
#define AMOUNT_DECIMALS 5 /* fractionDigits of ActiveOrHistoricCurrencyAndAmount */
#define SUM_DECIMALS 17   /* of DecimalNumber */

struct pain002 {
	enum pain002_version version;
	struct file_out *out;
	xmlTextWriterPtr xml;
	bool in_payment;
	int64_t payment;     /* number of the one that is open */
	const char *of_each; /* status that all transactions share; NULL: they don't */
	struct buf clean, piece;
};

static const char *const namespaces[] = {
	[PAIN002_03] = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03",
	[PAIN002_10] = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10",
};

bool pain002_cancels(enum pain002_version version)
{
	return version == PAIN002_10;
}

enum pain002_version pain002_version_of(const struct pain002 *message)
{
	return message->version;
}

/* "pain.001.001.03", "pain.001.003.03", "pain.001.001.03.ch.02": the number behind the third point. */
enum pain002_version pain002_version_for(struct text original_name)
{
	static const size_t prefix = sizeof("pain.001.001.") - 1;
	int64_t number;

	if (!text_starts(original_name, TEXT("pain.001.")) || original_name.len < prefix + 2 ||
		!text_number((struct text){original_name.ptr + prefix, 2}, 99, &number))
		return PAIN002_10;
	return number >= 9 ? PAIN002_10 : PAIN002_03;
}

/* --- values ------------------------------------------------------------------------------------------------------- */

/* xs:decimal without a sign: digits, with a point between some of them. */
static bool is_decimal(struct text text, int digits_max, int decimals_max)
{
	int digits = 0, decimals = 0;
	bool point = false;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '.' && !point && digits > 0 && decimals_max > 0) {
			point = true;
		} else if (text.ptr[i] < '0' || text.ptr[i] > '9') {
			return false;
		} else {
			digits++;
			decimals += point;
		}
	}
	return digits > 0 && digits <= digits_max && decimals <= decimals_max && (!point || decimals > 0);
}

static bool is_amount(struct text amount, struct text currency)
{
	const char *name;

	return is_decimal(amount, AMOUNT_DIGITS, AMOUNT_DECIMALS) &&
	       (currency_find(currency) != NULL || currency_withdrawn(currency, &name) != NULL);
}

/* UUIDv4Identifier. */
static bool is_uetr(struct text text)
{
	if (!text_is_uuid(text) || text.ptr[14] != '4' || strchr("89ab", text.ptr[19]) == NULL)
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] >= 'A' && text.ptr[i] <= 'F')
			return false;
	return true;
}

void pain002_message_id(char out[PAIN002_ID_MAX + 1], int64_t created_ms, const struct text *parts, size_t count)
{
	struct sha256 *sha = sha256_new();
	uint8_t digest[SHA256_SIZE];
	char iso[CLOCK_ISO_SIZE];
	size_t len = 0;

	clock_iso_ms(created_ms, iso);
	sha256_begin(sha);
	sha256_add_field(sha, text_of(iso));
	for (size_t i = 0; i < count; i++)
		sha256_add_field(sha, parts[i]);
	sha256_end(sha, digest);
	sha256_free(sha);
	clock_iso_s(created_ms, iso);
	for (size_t i = 0; iso[i] != '\0'; i++)
		if (iso[i] != '-' && iso[i] != ':')
			out[len++] = iso[i];
	out[len++] = '-';
	text_hex(digest, 6, out + len);
}

/* --- elements ----------------------------------------------------------------------------------------------------- */

/* Less than 0 is no memory left: a failed write stays with the file_out. */
static void wrote(int result)
{
	if (result < 0)
		abort();
}

/* The library's characters are unsigned. */
static const xmlChar *xml(const char *string)
{
	return (const xmlChar *)string;
}

static void open_element(struct pain002 *message, const char *name)
{
	wrote(xmlTextWriterStartElement(message->xml, xml(name)));
}

static void close_element(struct pain002 *message)
{
	wrote(xmlTextWriterEndElement(message->xml));
}

static void element(struct pain002 *message, const char *name, const char *plain)
{
	wrote(xmlTextWriterWriteElement(message->xml, xml(name), xml(plain)));
}

static void flush_piece(struct pain002 *message)
{
	if (message->piece.len > 0)
		wrote(xmlTextWriterWriteString(message->xml, xml(buf_str(&message->piece))));
	buf_reset(&message->piece);
}

/* Text that was cleaned. What a terminal would obey goes as a reference, which the library leaves to its caller. */
static void write_text(struct pain002 *message, struct text text)
{
	char reference[16];
	size_t offset = 0;
	int32_t point;

	for (size_t from = 0; (point = text_next(text, &offset)) >= 0; from = offset) {
		if (!text_point_hidden(point)) {
			buf_add(&message->piece, text.ptr + from, offset - from);
			continue;
		}
		flush_piece(message);
		snprintf(reference, sizeof(reference), "&#x%X;", (unsigned)point);
		wrote(xmlTextWriterWriteRaw(message->xml, xml(reference)));
	}
	flush_piece(message);
}

/* What XML 1.0 has no character for. */
static bool is_unwritable(int32_t point)
{
	return (point < 0x20 && point != '\t' && point != '\n' && point != '\r') || (point & 0xFFFE) == 0xFFFE;
}

/* A point that is kept, with the space that stands for the blanks before it. */
static void keep(struct buf *clean, bool *blank, const char *bytes, size_t len)
{
	if (*blank && clean->len > 0)
		buf_addc(clean, ' ');
	*blank = false;
	buf_add(clean, bytes, len);
}

static bool is_blank(int32_t point)
{
	return point == ' ' || point == '\t' || point == '\n' || point == '\r';
}

/* Into message->clean: valid UTF-8, a space for each run of white space, none at the ends. */
static struct text clean(struct pain002 *message, struct text text)
{
	struct buf *clean = &message->clean;
	bool blank = false;

	buf_reset(clean);
	while (text.len > 0) {
		size_t bad = 0, offset = 0, from = 0;
		struct text good = {text.ptr, text_utf8(text, &bad) ? text.len : bad};
		int32_t point;

		for (; (point = text_next(good, &offset)) >= 0; from = offset) {
			if (is_blank(point))
				blank = true;
			else if (!is_unwritable(point))
				keep(clean, &blank, good.ptr + from, offset - from);
		}
		if (good.len == text.len)
			break;
		keep(clean, &blank, "\xEF\xBF\xBD", 3);
		text = (struct text){text.ptr + good.len + 1, text.len - good.len - 1};
	}
	return buf_text(clean);
}

/* An identification as it is, or cut to what the schema has room for; nothing when it is empty. */
static void put_id(struct pain002 *message, const char *name, struct text id)
{
	size_t offset = 0;

	id = clean(message, id);
	for (int i = 0; i < PAIN002_ID_MAX && text_next(id, &offset) >= 0; i++)
		continue;
	if (offset == 0)
		return;
	open_element(message, name);
	write_text(message, (struct text){id.ptr, offset});
	close_element(message);
}

/* One that must stand there. */
static void put_name(struct pain002 *message, const char *name, struct text id)
{
	put_id(message, name, clean(message, id).len > 0 ? id : TEXT("NOTPROVIDED"));
}

/* One of more characters would name another thing when it is cut. */
static bool is_whole(struct pain002 *message, struct text id)
{
	return text_points(clean(message, id)) <= PAIN002_ID_MAX;
}

static void put_whole_id(struct pain002 *message, const char *name, struct text id)
{
	if (is_whole(message, id))
		put_id(message, name, id);
}

static void put_count(struct pain002 *message, const char *name, struct text count)
{
	if (is_decimal(count, COUNT_DIGITS, 0))
		put_id(message, name, count);
}

static void put_sum(struct pain002 *message, const char *name, struct text sum)
{
	if (is_decimal(sum, AMOUNT_DIGITS, SUM_DECIMALS))
		put_id(message, name, sum);
}

/* How much of the text goes into one AddtlInf: up to the last space, where there is one. */
static size_t info_len(struct text text)
{
	size_t offset = 0, space = 0;
	int32_t point = 0;

	for (int i = 0; i < INFO_POINTS; i++) {
		size_t start = offset;

		point = text_next(text, &offset);
		if (point < 0)
			return text.len;
		if (point == ' ')
			space = start;
	}
	return space > 0 && offset < text.len && text.ptr[offset] != ' ' ? space : offset;
}

static void put_info(struct pain002 *message, struct text info)
{
	info = clean(message, info);
	for (int i = 0; i < PAIN002_INFO_MAX && info.len > 0; i++) {
		size_t len = info_len(info);

		open_element(message, "AddtlInf");
		write_text(message, (struct text){info.ptr, len});
		close_element(message);
		info = (struct text){info.ptr + len, info.len - len};
		while (info.len > 0 && info.ptr[0] == ' ')
			info = (struct text){info.ptr + 1, info.len - 1};
	}
}

static void put_reason(struct pain002 *message, const struct pain002_reason *reason)
{
	bool code = clean(message, reason->code).len > 0;

	if (!code && clean(message, reason->info).len == 0)
		return;
	open_element(message, "StsRsnInf");
	if (code) {
		open_element(message, "Rsn");
		put_id(message, iso_reason_known(reason->code) ? "Cd" : "Prtry", reason->code);
		close_element(message);
	}
	put_info(message, reason->info);
	close_element(message);
}

static void put_reasons(struct pain002 *message, const struct pain002_reason *reasons, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put_reason(message, &reasons[i]);
}

static void put_time(struct pain002 *message, const char *name, int64_t utc_ms)
{
	char iso[CLOCK_ISO_SIZE];

	clock_iso_s(utc_ms, iso);
	element(message, name, iso);
}

/* --- the message -------------------------------------------------------------------------------------------------- */

static int take_bytes(void *context, const char *bytes, int len)
{
	file_write(context, bytes, (size_t)len);
	return len;
}

static int leave_open(void *context)
{
	(void)context; /* the file is the caller's */
	return 0;
}

static void put_header(struct pain002 *message, const struct pain002_head *head)
{
	open_element(message, "GrpHdr");
	put_id(message, "MsgId", head->message_id);
	put_time(message, "CreDtTm", head->created_ms);
	open_element(message, "InitgPty"); /* optional, but there are readers that stop without it */
	element(message, "Nm", "payrun");
	close_element(message);
	close_element(message);
}

static void put_original(struct pain002 *message, const struct pain002_head *head)
{
	open_element(message, "OrgnlGrpInfAndSts");
	put_name(message, "OrgnlMsgId", head->original_id);
	put_name(message, "OrgnlMsgNmId", head->original_name);
	put_count(message, "OrgnlNbOfTxs", head->original_count);
	put_sum(message, "OrgnlCtrlSum", head->original_total);
	element(message, "GrpSts", iso_status_name(head->status));
	put_reasons(message, head->reasons, head->reason_count);
	close_element(message);
}

struct pain002 *pain002_begin(struct file_out *out, enum pain002_version version, const struct pain002_head *head)
{
	struct pain002 *message = memory_new(sizeof(*message));
	xmlOutputBufferPtr bytes = xmlOutputBufferCreateIO(take_bytes, leave_open, out, NULL);

	message->version = version;
	message->out = out;
	message->of_each = head->shared ? iso_status_name(head->status) : NULL;
	message->xml = bytes != NULL ? xmlNewTextWriter(bytes) : NULL;
	if (message->xml == NULL)
		abort();
	wrote(xmlTextWriterSetIndent(message->xml, 1));
	wrote(xmlTextWriterStartDocument(message->xml, "1.0", "UTF-8", NULL));
	open_element(message, "Document");
	wrote(xmlTextWriterWriteAttribute(message->xml, xml("xmlns"), xml(namespaces[version])));
	open_element(message, "CstmrPmtStsRpt");
	put_header(message, head);
	put_original(message, head);
	return message;
}

void pain002_payment(struct pain002 *message, const struct pain002_payment *payment)
{
	if (message->in_payment && message->payment == payment->number)
		return;
	if (message->in_payment)
		close_element(message);
	message->in_payment = true;
	message->payment = payment->number;
	open_element(message, "OrgnlPmtInfAndSts");
	put_name(message, "OrgnlPmtInfId", payment->id);
	put_count(message, "OrgnlNbOfTxs", payment->count);
	put_sum(message, "OrgnlCtrlSum", payment->total);
	if (message->of_each != NULL)
		element(message, "PmtInfSts", message->of_each);
}

static void put_amount(struct pain002 *message, const struct pain002_transaction *transaction)
{
	if (!is_amount(transaction->amount, transaction->currency))
		return;
	open_element(message, "OrgnlTxRef");
	open_element(message, "Amt");
	open_element(message, "InstdAmt");
	clean(message, transaction->currency);
	wrote(xmlTextWriterWriteAttribute(message->xml, xml("Ccy"), xml(buf_str(&message->clean))));
	write_text(message, transaction->amount);
	close_element(message);
	close_element(message);
	close_element(message);
}

/* What has no room where it belongs. */
static void put_rest(struct pain002 *message, const struct pain002_transaction *transaction)
{
	const struct {
		const char *name;
		struct text id;
	} ids[] = {{"OrgnlInstrId ", transaction->instruction_id}, {"OrgnlEndToEndId ", transaction->end_to_end_id},
		{"AcctSvcrRef ", transaction->servicer_ref}};
	struct buf words = {0};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		if (is_whole(message, ids[i].id))
			continue;
		buf_reset(&words);
		buf_addz(&words, ids[i].name);
		buf_addt(&words, ids[i].id);
		put_reason(message, &(struct pain002_reason){.info = buf_text(&words)});
	}
	if (transaction->amount.len > 0 && !is_amount(transaction->amount, transaction->currency)) {
		buf_reset(&words);
		buf_addz(&words, "InstdAmt ");
		buf_addt(&words, transaction->amount);
		buf_addc(&words, ' ');
		buf_addt(&words, transaction->currency);
		put_reason(message, &(struct pain002_reason){.info = buf_text(&words)});
	}
	buf_release(&words);
}

void pain002_transaction(struct pain002 *message, const struct pain002_transaction *transaction)
{
	assert(message->in_payment);
	assert(transaction->status != ISO_PART);
	assert(transaction->status != ISO_CANC || pain002_cancels(message->version));
	open_element(message, "TxInfAndSts");
	put_whole_id(message, "StsId", transaction->status_id);
	put_whole_id(message, "OrgnlInstrId", transaction->instruction_id);
	put_whole_id(message, "OrgnlEndToEndId", transaction->end_to_end_id);
	if (message->version == PAIN002_10 && is_uetr(transaction->uetr)) {
		open_element(message, "OrgnlUETR"); /* 36 characters */
		write_text(message, transaction->uetr);
		close_element(message);
	}
	element(message, "TxSts", iso_status_name(transaction->status));
	put_reasons(message, transaction->reasons, transaction->reason_count);
	put_rest(message, transaction);
	if (transaction->accepted_ms != 0)
		put_time(message, "AccptncDtTm", transaction->accepted_ms);
	put_whole_id(message, "AcctSvcrRef", transaction->servicer_ref);
	put_amount(message, transaction);
	close_element(message);
}

void pain002_end(struct pain002 *message)
{
	wrote(xmlTextWriterEndDocument(message->xml));
	wrote(xmlTextWriterFlush(message->xml));
}

void pain002_free(struct pain002 *message)
{
	if (message == NULL)
		return;
	xmlFreeTextWriter(message->xml);
	buf_release(&message->clean);
	buf_release(&message->piece);
	free(message);
}
