#include "journal/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "journal/pack.h"
#include "journal/receiving.h"

/* --- lines of a report ------------------------------------------------------------------------------------------- */

struct known_channel {
	struct known_channel *next;
	struct journal_channel channel;
};

struct lines {
	struct journal *journal;
	bool (*each)(void *context, const struct journal_line *line);
	void *context;
	struct arena arena; /* of the channels */
	struct known_channel *channels;
	struct messages { /* where the batch at hand came as one */
		struct arena arena;
		struct origin_message message;
		bool there;
		struct store_cursor *cursor;
		const struct cell *next; /* the next row that has an origin; NULL: none is left */
		struct origin origin;
	} messages;
	bool more;
	struct fault *fault;
	bool failed;
};

/* A journal has few channels: each is read once. */
static bool channel_of(struct lines *lines, int64_t id, const struct journal_channel **channel)
{
	struct known_channel *known;
	bool found = false;

	*channel = NULL;
	if (id == 0)
		return true;
	for (known = lines->channels; known != NULL && known->channel.id != id; known = known->next)
		;
	if (known == NULL) {
		known = arena_alloc(&lines->arena, sizeof(*known));
		if (!journal_channel_get(lines->journal, id, &lines->arena, &known->channel, &found, lines->fault))
			return false;
		if (!found)
			return true;
		known->next = lines->channels;
		lines->channels = known;
	}
	*channel = &known->channel;
	return true;
}

#define LINE_PAYOUT_CELLS 14

static void take_payout(struct journal *journal, const struct cell *row, struct journal_payout *payout)
{
	struct text salt, packed;

	body_split(&row[13], &salt, &packed);
	payout->id = row[0].number;
	payout->row = row[1].number;
	payout->channel = row[2].number;
	payout->reference = row[3].text;
	payout->currency = row[4].text;
	payout->decimals = (unsigned)row[5].number;
	payout->amount_minor = row[6].number;
	payout->state = (enum payout_state)row[7].number;
	payout->original = row[8].number;
	payout->reason_code = row[9].text;
	payout->reason = row[10].text;
	payout->beneficiary_name = text_or_field(&row[11], packed);
	payout->destination = text_or_field(&row[12], packed);
	buf_reset(&journal->content);
	(void)pack_read(&journal->content, packed); /* damage shows in the digests that verify recomputes */
	payout->content = buf_text(&journal->content);
}

static void take_attempt(const struct cell *row, const struct journal_payout *payout, struct attempt *attempt)
{
	struct text key = row[1].text;

	attempt->id = row[0].number;
	attempt->payout = payout->id;
	attempt->number = (attempt->id >> ATTEMPT_ID_SHIFT) + 1;
	attempt->batch = payout->batch;
	attempt->row = payout->row;
	attempt->channel = payout->channel;
	if (key.len == sizeof(attempt->key.bytes)) /* another length is damage that verify tells */
		memcpy(attempt->key.bytes, key.ptr, sizeof(attempt->key.bytes));
	attempt->state = (enum payout_state)row[2].number;
	attempt->submitted_at = row[3].number;
	attempt->provider_id = row[4].text;
	attempt->provider_status = row[5].text;
	attempt->provider_code = row[6].text;
	attempt->reason_code = row[7].text;
	attempt->reason = row[8].text;
	attempt->tracking_ref = row[9].text;
	attempt->fee = row[10].text;
	attempt->fee_currency = row[11].text;
	attempt->target_amount = row[12].text;
	attempt->fx_rate = row[13].text;
	attempt->returned_amount = row[14].text;
	attempt->accepted_at = row[15].number;
	attempt->settled_at = row[16].number;
	attempt->returned_at = row[17].number;
	attempt->return_pending = row[18].number;
	attempt->approved_by = row[19].text;
}

/* --- of batches that came as messages ----------------------------------------------------------------------------- */

static bool messages_begin(struct lines *lines, const struct journal_batch *batch)
{
	struct messages *messages = &lines->messages;

	arena_reset(&messages->arena);
	messages->cursor = NULL;
	messages->next = NULL;
	if (!journal_message_get(
		    lines->journal, batch->id, &messages->arena, &messages->message, &messages->there, lines->fault))
		return false;
	if (!messages->there)
		return true;
	messages->cursor =
		origins_query(lines->journal, batch->id, batch->first_payout, batch->last_payout, lines->fault);
	return messages->cursor != NULL &&
	       lines->journal->backend->next(messages->cursor, &messages->next, lines->fault);
}

/* Both cursors go up with the ids of payouts. */
static bool messages_fill(struct lines *lines, struct journal_line *line)
{
	struct messages *messages = &lines->messages;

	while (messages->next != NULL && messages->next[0].number < line->payout.id)
		if (!lines->journal->backend->next(messages->cursor, &messages->next, lines->fault))
			return false;
	if (messages->next == NULL || messages->next[0].number != line->payout.id)
		return true;
	origin_take(messages->next, &messages->origin);
	line->message = &messages->message;
	line->origin = &messages->origin;
	return true;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static bool give(struct lines *lines, const struct journal_batch *batch, const struct cell *row)
{
	struct journal_line line = {.batch = batch, .payout = {.batch = batch->id}};
	const struct cell *attempt = row + LINE_PAYOUT_CELLS;

	take_payout(lines->journal, row, &line.payout);
	line.state = line.payout.state;
	if (attempt[0].kind != CELL_NULL) {
		take_attempt(attempt, &line.payout, &line.attempt);
		line.state = line.attempt.state;
	}
	if (!channel_of(lines, line.payout.channel, &line.channel) ||
		(lines->messages.there && !messages_fill(lines, &line)))
		return false;
	lines->more = lines->each(lines->context, &line);
	return true;
}

static bool batch_lines(void *context, const struct journal_batch *batch)
{
	struct lines *lines = context;
	const struct backend *backend = lines->journal->backend;
	struct store_cursor *cursor = store_query(lines->journal, LINE_RANGE,
		CELLS(cell_number(batch->first_payout), cell_number(batch->last_payout)), lines->fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL && messages_begin(lines, batch);

	while (ok && lines->more && (ok = backend->next(cursor, &row, lines->fault)) && row != NULL)
		ok = give(lines, batch, row);
	backend->done(cursor);
	backend->done(lines->messages.cursor);
	lines->messages.cursor = NULL;
	lines->failed = !ok;
	return ok && lines->more;
}

bool journal_line_each(struct journal *journal, int64_t batch, bool (*each)(void *context, const struct journal_line *),
	void *context, struct fault *fault)
{
	struct lines lines = {.journal = journal, .each = each, .context = context, .more = true, .fault = fault};
	struct journal_batch one;
	bool ok;

	if (batch != 0) {
		ok = journal_batch_get(journal, batch, &lines.arena, &one, fault);
		if (ok)
			batch_lines(&lines, &one);
	} else {
		ok = journal_batch_each(journal, batch_lines, &lines, fault);
	}
	arena_release(&lines.arena);
	arena_release(&lines.messages.arena);
	return ok && !lines.failed;
}
