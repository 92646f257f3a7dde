#include "stages/report_fill.h"

#include "values/content.h"
#include "values/currency.h"

/* Calypso pays assets only, everybody else ISO currencies; a row that found no channel is judged by its currency. */
static bool is_asset(const struct journal_line *line)
{
	if (line->channel == NULL)
		return currency_find(line->payout.currency) == NULL;
	return text_is(text_of(line->channel->provider), provider_name(PROVIDER_CALYPSO));
}

/* One pass: content_get() would walk over all fields once more for each. */
static void fill_content(struct text *cells, struct text content)
{
	struct text name, value;
	size_t offset = 0;

	while (content_next(content, &offset, &name, &value)) {
		if (text_equal(name, TEXT("purpose")))
			cells[REPORT_PURPOSE] = value;
		else if (text_equal(name, TEXT("target_currency")))
			cells[REPORT_TARGET_CURRENCY] = value;
	}
}

static void fill_batch(struct report_fill *fill, const struct journal_batch *batch)
{
	struct text *cells = fill->line.cells;

	if (fill->batch != batch->id) {
		text_hex(batch->sha256, SHA256_SIZE, fill->sha256);
		fill->batch = batch->id;
	}
	cells[REPORT_BATCH_ID] = text_of(batch->name);
	cells[REPORT_FILE] = batch->file;
	cells[REPORT_FILE_SHA256] = (struct text){fill->sha256, sizeof(fill->sha256) - 1};
	cells[REPORT_SUBMITTED_BY] = batch->received_by;
	report_line_time(&fill->line, REPORT_CREATED_AT, batch->received_at);
}

static void fill_payout(struct report_fill *fill, const struct journal_payout *payout, bool asset)
{
	struct text *cells = fill->line.cells;

	report_line_count(&fill->line, REPORT_ROW, payout->row);
	cells[REPORT_REFERENCE] = payout->reference;
	cells[REPORT_BENEFICIARY_NAME] = payout->beneficiary_name;
	if (fill->unmask)
		cells[REPORT_DESTINATION] = payout->destination;
	else
		report_line_mask(&fill->line, REPORT_DESTINATION, payout->destination);
	report_line_amount(&fill->line, REPORT_AMOUNT, payout->amount_minor, payout->decimals, asset);
	if (payout->amount_minor == 0 && payout->state != PAYOUT_REJECTED)
		cells[REPORT_AMOUNT] = content_get(payout->content, "amount"); /* ALL, not fixed yet */
	cells[REPORT_CURRENCY] = payout->currency;
	cells[REPORT_REASON_CODE] = payout->reason_code;
	cells[REPORT_REASON] = payout->reason;
	fill_content(cells, payout->content);
}

/* Why a row is held is known since it was received; any other reason of an attempt is the provider's. */
static void fill_reason(struct text *cells, const struct attempt *attempt)
{
	if (attempt->state == PAYOUT_HELD && attempt->reason_code.len == 0 && attempt->reason.len == 0)
		return;
	cells[REPORT_REASON_CODE] = attempt->reason_code;
	cells[REPORT_REASON] = attempt->reason;
}

static void fill_attempt(struct report_fill *fill, const struct attempt *attempt)
{
	struct text *cells = fill->line.cells;

	report_line_key(&fill->line, REPORT_IDEMPOTENCY_KEY, &attempt->key);
	report_line_count(&fill->line, REPORT_ATTEMPT, attempt->number);
	cells[REPORT_APPROVED_BY] = attempt->approved_by;
	cells[REPORT_PROVIDER_ID] = attempt->provider_id;
	cells[REPORT_PROVIDER_STATUS] = attempt->provider_status;
	cells[REPORT_PROVIDER_CODE] = attempt->provider_code;
	cells[REPORT_TRACKING_REF] = attempt->tracking_ref;
	cells[REPORT_FEE] = attempt->fee;
	cells[REPORT_FEE_CURRENCY] = attempt->fee_currency;
	cells[REPORT_TARGET_AMOUNT] = attempt->target_amount;
	cells[REPORT_FX_RATE] = attempt->fx_rate;
	cells[REPORT_RETURNED_AMOUNT] = attempt->returned_amount;
	report_line_time(&fill->line, REPORT_SUBMITTED_AT, attempt->submitted_at);
	report_line_time(&fill->line, REPORT_ACCEPTED_AT, attempt->accepted_at);
	report_line_time(&fill->line, REPORT_SETTLED_AT, attempt->settled_at);
	report_line_time(&fill->line, REPORT_RETURNED_AT, attempt->returned_at);
	fill_reason(cells, attempt);
}

/* The column match stays empty as long as nothing reconciles. */
void report_fill(struct report_fill *fill, const struct journal_line *line)
{
	struct text *cells = fill->line.cells;

	report_line_begin(&fill->line);
	fill->line.origin = line->origin;
	fill_batch(fill, line->batch);
	fill_payout(fill, &line->payout, is_asset(line));
	if (line->attempt.number > 0)
		fill_attempt(fill, &line->attempt);
	if (line->channel != NULL) {
		cells[REPORT_CHANNEL] = text_of(line->channel->name);
		cells[REPORT_PROVIDER] = text_of(line->channel->provider);
	}
	cells[REPORT_STATE] = text_of(state_name(line->state));
}
