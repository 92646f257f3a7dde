/* A batch as an ISO 20022 status report: what its message's sender is told of each transaction. */
#include "base/clock.h"
#include "formats/pain002.h"
#include "formats/report_writer.h"

/* --- the head ----------------------------------------------------------------------------------------------------- */

/* By state, over all currencies. True when all transactions have one status. */
static bool count_states(const struct report_head *head, bool cancels, int64_t counts[ISO_STATUSES])
{
	const struct report_totals *totals = head->totals;
	int kinds = 0;

	for (size_t i = 0; i < totals->count; i++)
		if (totals->list[i].state != PAYOUT_DUPLICATE || head->repeats == NULL)
			counts[iso_status_of_state(totals->list[i].state, cancels)] += totals->list[i].count;
	for (enum payout_state state = 0; head->repeats != NULL && state < PAYOUT_STATES; state++)
		counts[iso_status_of_repeat(state)] += head->repeats[state];
	for (enum iso_status status = 0; status < ISO_STATUSES; status++)
		kinds += counts[status] > 0;
	return kinds == 1;
}

/* A batch that came as no message has no name for the kind of it but its format's. */
static void fill_original(struct pain002_head *head, const struct report_head *report, struct buf *count)
{
	const struct report_batch *batch = &report->batches[0];

	if (report->message != NULL) {
		head->original_id = report->message->id;
		head->original_name = report->message->name;
		head->original_count = report->message->count;
		head->original_total = report->message->total;
		return;
	}
	head->original_id = batch->id;
	head->original_name = batch->format;
	buf_addi(count, batch->rows);
	head->original_count = buf_text(count);
}

static void begin(struct report_writer *writer, const struct report_head *report, enum pain002_version version)
{
	const struct text parts[] = {text_of(report->batches[0].sha256), report->batches[0].id, text_of(report->head),
		text_of(version == PAIN002_03 ? "03" : "10")};
	struct pain002_head head = {.created_ms = report->now_ms};
	int64_t counts[ISO_STATUSES] = {0};
	char id[PAIN002_ID_MAX + 1];

	pain002_message_id(id, report->now_ms, parts, sizeof(parts) / sizeof(parts[0]));
	head.message_id = text_of(id);
	fill_original(&head, report, &writer->spare);
	head.shared = count_states(report, pain002_cancels(version), counts);
	head.status = iso_status_of_group(counts);
	head.shared = head.shared && counts[head.status] > 0;
	writer->message = pain002_begin(writer->out, version, &head);
}

static void pain002_03_begin(struct report_writer *writer, const struct report_head *head)
{
	begin(writer, head, PAIN002_03);
}

static void pain002_10_begin(struct report_writer *writer, const struct report_head *head)
{
	begin(writer, head, PAIN002_10);
}

static void pain002_any_begin(struct report_writer *writer, const struct report_head *head)
{
	begin(writer, head, pain002_version_for(head->message != NULL ? head->message->name : TEXT("")));
}

/* --- a transaction ------------------------------------------------------------------------------------------------ */

/* The standard's reason where there is one, else our own word for it. */
static struct text code_of(enum payout_state state, struct text code)
{
	if (iso_reason_known(code))
		return code;
	if (state == PAYOUT_REJECTED)
		return text_of(iso_reason_of_finding(code, TEXT("")));
	if (code.len == 0 || state == PAYOUT_DUPLICATE || state == PAYOUT_CANCELED)
		return text_of(iso_reason_of_state(state));
	return code;
}

static void add_words(struct buf *words, struct text text)
{
	if (words->len > 0 && text.len > 0)
		buf_addz(words, ": ");
	buf_addt(words, text);
}

static struct pain002_reason reason_of(enum payout_state state, const struct report_line *line, struct buf *words)
{
	struct text own = line->cells[REPORT_REASON_CODE];
	struct text code = code_of(state, own);

	buf_reset(words);
	if (state == PAYOUT_RETURNED)
		add_words(words, TEXT("paid and returned"));
	if (!text_equal(code, own))
		add_words(words, own);
	add_words(words, line->cells[REPORT_REASON]);
	if (words->len == 0 && state == PAYOUT_UNKNOWN)
		add_words(words, TEXT("sent, and its outcome is not known yet"));
	return (struct pain002_reason){code, buf_text(words)};
}

/* Of a duplicate: its sender is told how the payout itself stands, which is no refusal while that one lives. */
static struct pain002_reason repeat_of(const struct report_repeat *repeats, struct buf *words)
{
	buf_reset(words);
	buf_addz(words, "the same payout as row ");
	buf_addi(words, repeats->row);
	buf_addz(words, " of batch ");
	buf_addt(words, repeats->batch);
	return (struct pain002_reason){state_live(repeats->state) ? TEXT("") : TEXT("AM05"), buf_text(words)};
}

/* Rows that came as no message are one payment with the batch's name. */
static void put_payment(struct report_writer *writer, const struct origin *origin)
{
	struct pain002_payment payment = {.id = writer->head->batches[0].id};

	if (origin != NULL)
		payment = (struct pain002_payment){
			origin->payment, origin->payment_id, origin->payment_count, origin->payment_total};
	pain002_payment(writer->message, &payment);
}

static void pain002_line(struct report_writer *writer, const struct report_line *line)
{
	enum payout_state state = PAYOUT_UNKNOWN;
	struct pain002_reason reason;
	struct pain002_transaction transaction = {
		.status_id = line->cells[REPORT_ROW],
		.end_to_end_id = line->cells[REPORT_REFERENCE],
		.reasons = &reason,
		.reason_count = 1,
		.servicer_ref = line->cells[REPORT_PROVIDER_ID],
		.amount = line->cells[REPORT_AMOUNT],
		.currency = line->cells[REPORT_CURRENCY],
	};

	if (line->origin != NULL) {
		transaction.instruction_id = line->origin->instruction_id;
		transaction.end_to_end_id = line->origin->end_to_end_id;
		transaction.uetr = line->origin->uetr;
	}
	if (!state_parse(line->cells[REPORT_STATE], &state))
		state = PAYOUT_UNKNOWN;
	transaction.status = iso_status_of_state(state, pain002_cancels(pain002_version_of(writer->message)));
	reason = reason_of(state, line, &writer->line);
	if (state == PAYOUT_DUPLICATE && line->repeats != NULL) {
		transaction.status = iso_status_of_repeat(line->repeats->state);
		reason = repeat_of(line->repeats, &writer->line);
	}
	if (!clock_iso_parse(line->cells[REPORT_ACCEPTED_AT], &transaction.accepted_ms))
		transaction.accepted_ms = 0;
	put_payment(writer, line->origin);
	pain002_transaction(writer->message, &transaction);
}

static void pain002_foot(struct report_writer *writer, const struct report_foot *foot)
{
	(void)foot; /* the group's status is of all, also where some are not listed */
	pain002_end(writer->message);
}

#define FORMAT(called, begins)                                                                                         \
	{                                                                                                              \
		.name = (called), .extension = ".xml", .totals = true, .one = true, .begin = (begins),                 \
		.line = pain002_line, .end = pain002_foot,                                                             \
	}

const struct report_format report_pain002 = FORMAT("pain.002", pain002_any_begin);
const struct report_format report_pain002_03 = FORMAT("pain.002.001.03", pain002_03_begin);
const struct report_format report_pain002_10 = FORMAT("pain.002.001.10", pain002_10_begin);
