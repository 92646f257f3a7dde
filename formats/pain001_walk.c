#include "formats/pain001_walk.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define AS_SCHEMA "Correct it where the file is made: the schema of the message doesn't allow it."

static const struct pain001_part root = {"Document", &pain001_document, FIELD_NONE, 0};

static struct pain001_frame *top(struct pain001_walk *walk)
{
	return &walk->frames[walk->depth - 1];
}

/* --- where it is, and what is wrong there ------------------------------------------------------------------------- */

/* The part that the tag at hand belongs to. */
static struct pain001_values *part_of(struct pain001_walk *walk)
{
	if (walk->in_transaction)
		return &walk->transaction;
	return walk->in_payment && walk->transactions == 0 ? &walk->payment : &walk->file;
}

/* Where its values go. */
static struct pain001_values *values_of(struct pain001_walk *walk)
{
	if (walk->in_header)
		return &walk->header;
	return walk->in_transaction ? &walk->transaction : &walk->payment;
}

/* Below the transaction or the payment, or from the message down. */
static struct text place(struct pain001_walk *walk, const char *last, struct buf *out)
{
	size_t from = walk->in_transaction ? 4 : walk->in_payment && walk->transactions == 0 ? 3 : 2;

	buf_reset(out);
	if (walk->in_payment && from == 2)
		buf_addf(out, "PmtInf[%" PRId64 "]", walk->payments);
	for (size_t i = walk->in_payment && from == 2 ? 3 : from; i < walk->depth; i++)
		buf_addf(out, "%s%s", out->len > 0 ? "/" : "", walk->frames[i].part->name);
	if (last[0] != '\0')
		buf_addf(out, "%s%s", out->len > 0 ? "/" : "", last);
	return buf_text(out);
}

static void blame(struct pain001_walk *walk, const char *code, const char *last, const char *cure, const char *what)
{
	struct buf where = {0}, shown = {0};
	struct text field = place(walk, last, &where);

	text_show(&shown, field, 100);
	pain001_problem(part_of(walk), FINDING_ERROR, code, field, cure, "%s (line %" PRId64 "): %s", buf_str(&shown),
		xml_push_line(walk->xml), what);
	buf_release(&shown);
	buf_release(&where);
}

/* Of what fills a column, as findings of the rules name it. */
static void blame_field(
	struct pain001_walk *walk, const char *code, enum pain001_field field, const char *last, const char *what)
{
	enum column column = pain001_column(field);
	struct buf where = {0};

	if (column == COLUMN_COUNT) {
		blame(walk, code, last, AS_SCHEMA, what);
		return;
	}
	(void)place(walk, last, &where);
	pain001_problem(part_of(walk), FINDING_ERROR, code, column_text(column), AS_SCHEMA, "%s (line %" PRId64 "): %s",
		buf_str(&where), xml_push_line(walk->xml), what);
	part_of(walk)->refused |= COLUMN_SET(column);
	buf_release(&where);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* White space at the ends is none of the value, and a line break within it is a space. */
static struct text collapse(struct buf *buf)
{
	struct text text;
	size_t to = 0;

	for (size_t i = 0; i < buf->len; i++) {
		size_t from = i;
		bool breaks = false;

		while (i < buf->len && is_blank(buf->data[i]))
			breaks = buf->data[i++] != ' ' || breaks;
		for (; breaks && from + 1 < i; from++) /* one of them is left */
			;
		for (; from < i; from++)
			buf->data[to++] = ' ';
		if (i < buf->len)
			buf->data[to++] = buf->data[i];
	}
	text = (struct text){buf->len > 0 ? buf->data : "", to};
	return text_trim(text);
}

static const char *separator_of(enum pain001_field field)
{
	if (field == FIELD_PLACE)
		return ", ";
	return field == FIELD_ADDRESS ? "\n" : field == FIELD_REGULATORY ? "" : " ";
}

static void take_text(struct pain001_walk *walk, const struct pain001_part *part, enum pain001_field field)
{
	struct text text = collapse(&walk->text);
	struct pain001_values *values = values_of(walk);

	if (walk->too_long)
		blame_field(walk, "FIELD_TOO_LONG", field, "", "the text is longer than any that could be meant");
	else if (text.len == 0 && (part->flags & PART_NEEDED) != 0)
		blame_field(walk, "FIELD_REQUIRED", field, "", "it is empty");
	else if ((part->flags & PART_SHORT) != 0 && text_points(text) > 35)
		blame_field(walk, "FIELD_TOO_LONG", field, "", "it has more than 35 characters");
	else if ((part->flags & PART_MANY) == 0 && field != FIELD_PLACE && values->spans[field].len > 0)
		blame_field(walk, "FIELD_CONFLICT", field, "", "only one of two elements may stand there");
	else if (!pain001_put(values, field, text, separator_of(field)))
		blame_field(walk, "FIELD_TOO_LONG", field, "", "all of them are longer than could be meant");
	buf_reset(&walk->text);
	walk->too_long = false;
}

static void add_escaped(struct buf *out, struct text text)
{
	for (size_t i = 0; i < text.len; i++)
		switch (text.ptr[i]) {
		case '<':
			buf_addz(out, "&lt;");
			break;
		case '>':
			buf_addz(out, "&gt;");
			break;
		case '&':
			buf_addz(out, "&amp;");
			break;
		case '"':
			buf_addz(out, "&quot;");
			break;
		default:
			buf_addc(out, text.ptr[i]);
		}
}

/* White space between tags says nothing. */
static void keep_trim(struct buf *out)
{
	while (out->len > 0 && is_blank(out->data[out->len - 1]))
		out->len--;
}

static void keep_text(struct buf *out, struct text text)
{
	while (text.len > 0 && out->data[out->len - 1] == '>' && is_blank(text.ptr[0]))
		text = (struct text){text.ptr + 1, text.len - 1};
	add_escaped(out, text);
}

static void keep_start(struct pain001_walk *walk, const struct xml_tag *tag)
{
	struct text name, value;

	walk->keeping++;
	if (walk->too_long)
		return;
	keep_trim(&walk->text);
	buf_addf(&walk->text, "<%s", tag->name);
	for (size_t at = 0; xml_attribute_next(tag, &at, &name, &value);) {
		buf_addc(&walk->text, ' ');
		buf_addt(&walk->text, name);
		buf_addz(&walk->text, "=\"");
		add_escaped(&walk->text, value);
		buf_addc(&walk->text, '"');
	}
	buf_addc(&walk->text, '>');
	walk->too_long = walk->too_long || walk->text.len > BOUND_XML_TEXT_BYTES;
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

static void refuse_stop(struct pain001_walk *walk, const char *code, int64_t line, const char *cure, const char *what)
{
	refusal_set(walk->refusal, code, line, cure, "line %" PRId64 ": %s", line, what);
	xml_push_stop(walk->xml);
}

static void enter(struct pain001_walk *walk, const struct pain001_part *part)
{
	walk->frames[walk->depth++] = (struct pain001_frame){.part = part, .node = part->node};
	if (part->node == NULL || part->node->text != FIELD_NONE) {
		buf_reset(&walk->text);
		walk->too_long = false;
	}
}

static void start_root(struct pain001_walk *walk, const struct xml_tag *tag)
{
	if (!pain001_kind(tag->uri, tag->name, tag->line, walk->name, walk->refusal)) {
		xml_push_stop(walk->xml);
		return;
	}
	snprintf(walk->space, sizeof(walk->space), "%s", tag->uri);
	enter(walk, &root);
}

/* What a payment must have before its transactions, which inherit it. */
static void check_needed(struct pain001_walk *walk, const struct pain001_frame *frame, bool before)
{
	const struct pain001_part *part = frame->node->parts;

	for (size_t i = 0; part[i].name != NULL; i++) {
		bool is_before = (part[i].flags & PART_BEFORE) != 0;

		if ((part[i].flags & PART_NEEDED) == 0 || (frame->seen & (UINT64_C(1) << i)) != 0 ||
			(frame->node == &pain001_payment && is_before != before))
			continue;
		blame_field(walk, "FIELD_REQUIRED", part[i].node != NULL ? part[i].node->text : part[i].field,
			part[i].name, "it is missing");
	}
}

static void begin_part(struct pain001_walk *walk, const struct pain001_part *part, int64_t line)
{
	if (part->node == &pain001_header) {
		walk->in_header = true;
		walk->header.line = line;
	} else if (part->node == &pain001_payment) {
		if (!walk->has_header)
			refuse_stop(walk, "XML_STRUCTURE", line, AS_SCHEMA, "a payment stands before the group header");
		walk->in_payment = true;
		walk->payments++;
		walk->transactions = 0;
		pain001_values_reset(&walk->payment);
		walk->payment.line = line;
	} else if (part->node == &pain001_transaction) {
		if (walk->transactions == 0) /* while it still is the payment's own place */
			check_needed(walk, top(walk), true);
		walk->in_transaction = true;
		walk->transactions++;
		walk->rows++;
		pain001_values_reset(&walk->transaction);
		walk->transaction.line = line;
	}
}

static const struct pain001_part *find_part(
	struct pain001_walk *walk, const struct xml_tag *tag, const struct pain001_frame *frame, size_t *index)
{
	const struct pain001_part *parts = frame->node->parts;

	if (strcmp(tag->uri, walk->space) != 0)
		return NULL;
	for (*index = 0; parts[*index].name != NULL; ++*index)
		if (strcmp(parts[*index].name, tag->name) == 0)
			return &parts[*index];
	return NULL;
}

static void take_currency(struct pain001_walk *walk, const struct xml_tag *tag, enum pain001_field field)
{
	bool equivalent = field == FIELD_EQUIVALENT;
	struct text value;

	if (!xml_attribute(tag, "Ccy", &value) || text_trim(value).len == 0)
		blame_field(walk, "FIELD_REQUIRED", FIELD_CURRENCY, equivalent ? "Amt/@Ccy" : "InstdAmt/@Ccy",
			"the currency is missing");
	else
		(void)pain001_put(&walk->transaction, equivalent ? FIELD_EQUIVALENT_CURRENCY : FIELD_CURRENCY,
			text_trim(value), "");
}

/* An element that may stand where it stands. */
static void start_part(struct pain001_walk *walk, const struct pain001_part *part, const struct xml_tag *tag)
{
	if ((part->flags & PART_BEFORE) != 0 && walk->in_payment && !walk->in_transaction && walk->transactions > 0)
		blame(walk, "XML_STRUCTURE", part->name, AS_SCHEMA,
			"it stands behind the transactions that inherit it");
	if ((part->flags & PART_NOTED) != 0)
		pain001_names_add(&walk->unused, walk->in_transaction && walk->depth > 4 ? top(walk)->part->name : "",
			part->name);
	if ((part->flags & PART_CHEQUE) != 0)
		blame(walk, "METHOD_UNSUPPORTED", part->name, "Have it paid by transfer, without ChqInstr.",
			"the payment is to be made by cheque");
	if ((part->flags & PART_KEPT) != 0) {
		buf_reset(&walk->text);
		walk->frames[walk->depth++] = (struct pain001_frame){.part = part};
		keep_start(walk, tag);
		return;
	}
	if (part->node == NULL && part->field == FIELD_NONE) {
		walk->skipping = 1;
		return;
	}
	begin_part(walk, part, tag->line);
	if ((part->flags & PART_CURRENCY) != 0)
		take_currency(walk, tag, part->field);
	enter(walk, part);
}

static void start_child(struct pain001_walk *walk, const struct xml_tag *tag)
{
	struct pain001_frame *frame = top(walk);
	const struct pain001_part *part;
	size_t index;

	if (frame->node == NULL) {
		blame(walk, "XML_STRUCTURE", "", AS_SCHEMA, "an element stands within its text");
		walk->skipping = 1;
		return;
	}
	part = find_part(walk, tag, frame, &index);
	if (part == NULL && walk->depth == 1) {
		pain001_names_add(&walk->unknown, "Document", tag->name);
		refuse_stop(walk, "MESSAGE_UNSUPPORTED", tag->line,
			"Export the payouts as a credit transfer initiation, pain.001.001.03 or a later version.",
			"the message says that it is a credit transfer initiation, and has no CstmrCdtTrfInitn");
	} else if (part == NULL) {
		pain001_names_add(&walk->unknown, frame->part->name, tag->name);
		walk->skipping = 1;
	} else if ((frame->seen & (UINT64_C(1) << index)) != 0 && (part->flags & PART_MANY) == 0) {
		blame(walk, "XML_STRUCTURE", part->name, AS_SCHEMA, "it stands there twice");
		walk->skipping = 1;
	} else {
		frame->seen |= UINT64_C(1) << index;
		start_part(walk, part, tag);
	}
}

static bool is_include(const char *uri)
{
	return strcmp(uri, "http://www.w3.org/2001/XInclude") == 0 ||
	       strcmp(uri, "http://www.w3.org/2003/XInclude") == 0;
}

static void start(void *context, const struct xml_tag *tag)
{
	struct pain001_walk *walk = context;

	if (is_include(tag->uri))
		refuse_stop(walk, "XML_SYNTAX", tag->line, "Put what is meant into the file itself.",
			"other files are not included (XInclude)");
	else if (walk->depth == 0)
		start_root(walk, tag);
	else if (walk->keeping > 0)
		keep_start(walk, tag);
	else if (walk->skipping > 0)
		walk->skipping++;
	else
		start_child(walk, tag);
}

static void text(void *context, struct text text)
{
	struct pain001_walk *walk = context;
	struct pain001_frame *frame;
	size_t at = 0;

	if (walk->depth == 0 || (walk->skipping > 0 && walk->keeping == 0))
		return;
	frame = top(walk);
	if (walk->keeping == 0 && frame->node != NULL && frame->node->text == FIELD_NONE) {
		while (at < text.len && is_blank(text.ptr[at]))
			at++;
		if (at < text.len && !frame->stray)
			blame(walk, "XML_STRUCTURE", "", AS_SCHEMA, "text stands where only elements may");
		frame->stray = frame->stray || at < text.len;
		return;
	}
	if (walk->text.len + text.len > BOUND_XML_TEXT_BYTES)
		walk->too_long = true;
	else if (walk->keeping > 0)
		keep_text(&walk->text, text);
	else
		buf_addt(&walk->text, text);
}

static void end_part(struct pain001_walk *walk, const struct pain001_frame *frame)
{
	if (frame->node == &pain001_header) {
		walk->in_header = false;
		walk->has_header = true;
		walk->events->header(walk);
	} else if (frame->node == &pain001_transaction) {
		walk->events->transaction(walk);
		walk->in_transaction = false;
	} else if (frame->node == &pain001_payment) {
		walk->events->payment(walk);
		walk->in_payment = false;
	}
}

/* What is known of an element at its end; it is still the top. */
static void finish(struct pain001_walk *walk, const struct pain001_frame *frame)
{
	if (frame->node == NULL) {
		take_text(walk, frame->part, frame->part->field);
		return;
	}
	if (frame->node->text != FIELD_NONE && (frame->seen == 0 || collapse(&walk->text).len > 0))
		take_text(walk, frame->part, frame->node->text);
	else if (frame->node->text != FIELD_NONE && values_of(walk)->spans[frame->node->text].len == 0)
		blame_field(walk, "FIELD_REQUIRED", frame->node->text, "", "it is empty");
	check_needed(walk, frame, false);
	if (frame->node == &pain001_payment && walk->transactions == 0)
		check_needed(walk, frame, true);
	if (frame->node == &pain001_payment && walk->transactions == 0)
		pain001_problems_copy(&walk->file, &walk->payment);
}

static void end(void *context, const char *name)
{
	struct pain001_walk *walk = context;
	struct pain001_frame frame;

	if (walk->keeping > 0) {
		keep_trim(&walk->text);
		if (!walk->too_long)
			buf_addf(&walk->text, "</%s>", name);
		if (--walk->keeping > 0)
			return;
	} else if (walk->skipping > 0) {
		walk->skipping--;
		return;
	}
	frame = *top(walk);
	finish(walk, &frame);
	end_part(walk, &frame);
	walk->depth--;
}

/* --- life --------------------------------------------------------------------------------------------------------- */

void pain001_walk_begin(struct pain001_walk *walk)
{
	static const struct xml_handler handler = {start, text, end};

	walk->xml = xml_push_open(&handler, walk);
}

void pain001_walk_release(struct pain001_walk *walk)
{
	xml_push_close(walk->xml);
	buf_release(&walk->text);
	pain001_values_release(&walk->header);
	pain001_values_release(&walk->payment);
	pain001_values_release(&walk->transaction);
	pain001_values_release(&walk->file);
}
