#include "journal/journal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "journal/inside.h"

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

static bool give(struct lines *lines, const struct journal_batch *batch, const struct cell *row)
{
	struct journal_line line = {.batch = batch};
	const struct cell *attempt = row + PAYOUT_CELLS;

	payout_take(lines->journal, row, NULL, &line.payout);
	line.state = line.payout.state;
	if (attempt[0].kind != CELL_NULL) {
		attempt_take(attempt, NULL, &line.attempt);
		line.state = line.attempt.state;
	}
	if (!channel_of(lines, line.payout.channel, &line.channel))
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
	bool ok = cursor != NULL;

	while (ok && lines->more && (ok = backend->next(cursor, &row, lines->fault)) && row != NULL)
		ok = give(lines, batch, row);
	backend->done(cursor);
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
	return ok && !lines.failed;
}
