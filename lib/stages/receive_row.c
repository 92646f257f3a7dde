/* From a row as the intake has it to a row of the journal. */
#include <assert.h>
#include <string.h>

#include "base/tick.h"
#include "stages/receive_parts.h"

/* Text of a rejected row is shown in reports, and may be anything: only what could be a reference or a name is kept. */
static struct text shown_text(struct text text)
{
	size_t offset = 0;
	int32_t point;

	text = text_trim(text);
	if (!text_utf8(text, NULL) || text_points(text) > BOUND_REFERENCE_POINTS)
		return (struct text){0};
	while ((point = text_next(text, &offset)) >= 0)
		if (text_point_hidden(point))
			return (struct text){0};
	return text;
}

/* The first error says why the row is rejected. */
static void reason_fill(struct journal_payout *payout, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].severity != FINDING_ERROR)
			continue;
		payout->reason_code = text_of(findings->items[i].code);
		payout->reason = text_of(findings->items[i].message);
		return;
	}
}

static bool channel_id(struct receiving *receiving, const struct terms *terms, int64_t *id, struct fault *fault)
{
	ptrdiff_t place;

	*id = 0;
	if (terms == NULL) /* a rejected row that names none */
		return true;
	place = terms->channel - receiving->stage->config->channels;
	assert(place >= 0 && place < receiving->stage->config->channel_count);
	if (receiving->channels[place] == 0 &&
		!stage_channel_bind(receiving->stage, terms->channel, &receiving->channels[place], fault))
		return false;
	*id = receiving->channels[place];
	return true;
}

static void fill_rejected(struct journal_payout *to, const struct intake_row *row)
{
	to->reference = shown_text(row->payout->reference);
	to->beneficiary_name = shown_text(row->name);
	reason_fill(to, row->findings);
}

static void fill_good(struct receiving *receiving, struct journal_payout *to, const struct intake_row *row)
{
	const struct payout *payout = row->payout;

	to->reference = payout->reference;
	to->beneficiary_name = payout->cells[COLUMN_BENEFICIARY_NAME];
	to->destination = payout->destination;
	to->content = payout->content;
	memcpy(to->likeness, row->likeness, sizeof(to->likeness));
	memcpy(to->lookalike, row->lookalike, sizeof(to->lookalike));
	to->not_before = payout->release_at_utc_ms;
	to->key = payout->key;
	to->body = row->body;
	if (payout->all) {
		to->reason_code = TEXT("AMOUNT_ALL");
		to->reason = TEXT("pays all that its balance has then: waits for approval");
	} else if (receiving->options->hold) {
		to->reason_code = TEXT("HOLD");
		to->reason = TEXT("held as asked by --hold");
	} else if (payout->release_at_utc_ms > 0) {
		to->reason_code = TEXT("EXECUTION_DATE");
		to->reason = TEXT("waits for its execution date");
	}
}

bool receive_row(void *context, const struct intake_row *row, struct fault *fault)
{
	struct receiving *receiving = context;
	struct journal_payout payout = {
		.batch = receiving->batch.id,
		.row = row->payout->row,
		.line = row->payout->line,
		.currency = text_of(row->payout->currency),
		.decimals = row->payout->decimals,
		.amount_minor = row->payout->amount_minor,
		.state = row->state,
		.origin = row->origin,
	};
	bool fine;

	if (!channel_id(receiving, row->payout->terms, &payout.channel, fault))
		return false;
	if (row->good)
		fill_good(receiving, &payout, row);
	else
		fill_rejected(&payout, row);
	tick("receive.before_row");
	fine = journal_payout_add(receiving->stage->journal, &payout, fault);
	tick("receive.row");
	if (!fine)
		return false;
	if (row->index == 0)
		receiving->first_payout = payout.id;
	assert(payout.id == receiving->first_payout + row->index); /* the journal promises it */
	return true;
}

bool receive_restate(void *context, int64_t index, enum payout_state state, const char *code, const char *message,
	struct fault *fault)
{
	struct receiving *receiving = context;

	return journal_payout_restate(receiving->stage->journal, receiving->first_payout + index, state, text_of(code),
		text_of(message), receiving->original, fault);
}
