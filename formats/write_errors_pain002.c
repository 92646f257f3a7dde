#include "formats/write_errors_pain002.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "formats/pain002.h"

#define REASONS_MAX 80 /* of a transaction: FINDINGS_MAX and what is found at the end of a file; or of the message */

static void add_sentence(struct buf *words, const char *sentence)
{
	size_t len = strlen(sentence);

	if (len == 0)
		return;
	if (words->len > 0)
		buf_addc(words, ' ');
	buf_addz(words, sentence);
	if (strchr(".?!:", sentence[len - 1]) == NULL)
		buf_addc(words, '.');
}

/* "amount: AMOUNT_DECIMALS: 12.505 has more ... Write 12.50." */
static struct pain002_reason reason_of(const struct finding *finding, struct buf *words)
{
	bool warning = finding->severity == FINDING_WARNING;
	struct pain002_reason reason = {.code = TEXT("")};

	buf_reset(words);
	if (warning)
		buf_addz(words, "warning: ");
	if (finding->field[0] != '\0')
		buf_addf(words, "%s: ", finding->field);
	buf_addf(words, "%s:", finding->code);
	add_sentence(words, finding->message);
	add_sentence(words, finding->cure);
	reason.info = buf_text(words);
	if (!warning)
		reason.code = text_of(iso_reason_of_finding(text_of(finding->code), text_of(finding->field)));
	return reason;
}

/* Errors first: there are readers that look at one reason alone. */
static size_t fill_reasons(struct error_report *report, const struct finding *findings, size_t count, size_t from)
{
	for (enum finding_severity severity = FINDING_ERROR; severity <= FINDING_WARNING; severity++)
		for (size_t i = 0; i < count; i++) {
			if (findings[i].severity != severity || from == REASONS_MAX)
				continue;
			report->reasons[from] = reason_of(&findings[i], &report->words[from]);
			from++;
		}
	return from;
}

/* What became of the message, then what is wrong with it. */
static size_t fill_group(struct error_report *report, const struct error_report_head *head)
{
	struct buf *words = &report->words[0];

	if (head->refused)
		buf_addz(words, "refused as a whole, nothing of it was taken: ");
	buf_addi(words, head->rows - head->good - head->repeats);
	buf_addz(words, " of ");
	buf_addi(words, head->rows);
	buf_addz(words, " transactions are rejected");
	if (head->repeats > 0) {
		buf_addz(words, ", repeats of payouts that live: ");
		buf_addi(words, head->repeats);
	}
	report->reasons[0] = (struct pain002_reason){TEXT("NARR"), buf_text(words)};
	return fill_reasons(report, head->findings, head->count, 1);
}

bool error_report_begin(
	struct error_report *report, const char *path, const struct error_report_head *head, struct fault *fault)
{
	const struct text parts[] = {TEXT("errors"), text_of(head->sha256), head->message->id};
	/* What it repeats was taken before, and lives: never refused, whatever becomes of this message. */
	int64_t counts[ISO_STATUSES] = {
		[ISO_RJCT] = head->rows - head->good - head->repeats, [ISO_ACTC] = head->repeats};
	char id[PAIN002_ID_MAX + 1];
	struct pain002_head of = {
		.created_ms = head->now_ms,
		.original_id = head->message->id,
		.original_name = head->message->name,
		.original_count = head->message->count,
		.original_total = head->message->total,
	};

	*report = (struct error_report){.refused = head->refused, .all = !head->refused || head->repeats > 0};
	if (!file_create(&report->out, path, fault))
		return false;
	report->words = memory_new(REASONS_MAX * sizeof(*report->words));
	report->reasons = memory_new(REASONS_MAX * sizeof(*report->reasons));
	counts[head->refused ? ISO_RJCT : ISO_ACTC] += head->good;
	pain002_message_id(id, head->now_ms, parts, sizeof(parts) / sizeof(parts[0]));
	of.message_id = text_of(id);
	of.status = iso_status_of_group(counts);
	of.shared = of.status != ISO_PART;
	of.reason_count = fill_group(report, head);
	of.reasons = report->reasons;
	report->message = pain002_begin(&report->out, pain002_version_for(head->message->name), &of);
	return true;
}

static bool has_error(const struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (findings[i].severity == FINDING_ERROR)
			return true;
	return false;
}

static bool is_repeat(const struct finding *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i].code, "REFERENCE_DUPLICATE") == 0)
			return true;
	return false;
}

void error_report_row(struct error_report *report, const struct row *row, const struct finding *findings, size_t count)
{
	const struct origin *origin = &row->origin;
	bool bad = has_error(findings, count);
	bool rejected = bad || (report->refused && !is_repeat(findings, count));
	struct buf number = {0};
	size_t at = 0;
	struct pain002_transaction transaction = {
		.instruction_id = origin->instruction_id,
		.end_to_end_id = origin->end_to_end_id,
		.uetr = origin->uetr,
		.status = rejected ? ISO_RJCT : ISO_ACTC,
		.reasons = report->reasons,
		.amount = text_trim(row->cells[COLUMN_AMOUNT]),
		.currency = text_trim(row->cells[COLUMN_CURRENCY]),
	};

	if (!report->all && !bad)
		return;
	buf_addi(&number, row->number);
	transaction.status_id = buf_text(&number);
	if (rejected && !bad)
		report->reasons[at++] = (struct pain002_reason){TEXT("NARR"), TEXT("refused with its message")};
	transaction.reason_count = fill_reasons(report, findings, count, at);
	pain002_payment(report->message, &(struct pain002_payment){origin->payment, origin->payment_id,
						 origin->payment_count, origin->payment_total});
	pain002_transaction(report->message, &transaction);
	buf_release(&number);
}

static void release(struct error_report *report)
{
	pain002_free(report->message);
	for (size_t i = 0; i < REASONS_MAX; i++)
		buf_release(&report->words[i]);
	free(report->words);
	free(report->reasons);
}

bool error_report_commit(struct error_report *report, struct fault *fault)
{
	pain002_end(report->message);
	release(report);
	return file_commit(&report->out, true, fault);
}

void error_report_abandon(struct error_report *report)
{
	release(report);
	file_abandon(&report->out);
}
