/*
 * Corrections: a row of a later batch that is the next attempt of a payout, with content of its own. Rows of one payout
 * are a chain: each corrects the one before. The reference stays bound to the first of them for ever.
 */
#include <assert.h>

#include "base/tick.h"
#include "journal/receiving.h"
#include "values/provider.h"

struct link {
	int64_t corrects, number;
};

static void take_link(void *context, const struct cell *row)
{
	*(struct link *)context = (struct link){row[0].number, row[1].number};
}

bool correction_of(struct journal *journal, int64_t payout, int64_t *corrects, int64_t *number, struct fault *fault)
{
	struct link link = {0, 1};
	bool found = false;
	bool ok = store_one(journal, CORRECTION_GET, CELLS(cell_number(payout)), take_link, &link, &found, fault);

	*corrects = link.corrects;
	*number = link.number;
	return ok;
}

bool correction_root(struct journal *journal, int64_t payout, int64_t *root, struct fault *fault)
{
	int64_t corrects = payout, number;
	bool ok = true;

	while (ok && corrects != 0) {
		*root = corrects;
		ok = correction_of(journal, *root, &corrects, &number, fault);
	}
	return ok;
}

bool correction_by(struct journal *journal, int64_t payout, int64_t *by, struct fault *fault)
{
	bool found = false;
	int64_t row = 0;
	bool ok = store_number(journal, CORRECTION_BY, CELLS(cell_number(payout)), &row, &found, fault);

	*by = found ? row : 0;
	return ok;
}

bool journal_payout_corrects(
	struct journal *journal, int64_t payout, int64_t *corrects, int64_t *number, struct fault *fault)
{
	return correction_of(journal, payout, corrects, number, fault);
}

static bool last_row(struct journal *journal, int64_t payout, int64_t *last, struct fault *fault)
{
	int64_t by = payout;
	bool ok = true;

	while (ok && by != 0) {
		*last = by;
		ok = correction_by(journal, *last, &by, fault);
	}
	return ok;
}

bool journal_payout_current(struct journal *journal, int64_t payout, int64_t *current, struct fault *fault)
{
	struct arena arena = {0};
	struct attempt attempt = {.id = 0};
	int64_t before = 0, number;
	bool found = false;
	bool ok = last_row(journal, payout, current, fault);

	/* What gave way to an earlier attempt leaves the payout to the row before. */
	while (ok && (ok = correction_of(journal, *current, &before, &number, fault)) && before != 0) {
		arena_reset(&arena);
		ok = journal_attempt_of(journal, *current, &arena, &attempt, &found, fault);
		if (!ok || !found || !attempt_gave_way(&attempt))
			break;
		*current = before;
	}
	arena_release(&arena);
	return ok;
}

/* --- receiving ---------------------------------------------------------------------------------------------------- */

bool journal_payout_correct(struct journal *journal, int64_t payout, int64_t other, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	bool ok;

	assert(receiving != NULL && payout >= receiving->first_payout && payout < receiving->next_payout);
	assert(other < receiving->first_payout);
	tick("correction.before_add");
	ok = store_run(journal, CORRECTED_ADD, CELLS(cell_number(payout), cell_number(other)), NULL, fault);
	receiving->corrected++;
	receiving->restated = true;
	tick("correction.add");
	return ok;
}

struct sealing {
	struct journal *journal;
	struct arena arena;
	struct journal_payout own, other;
	struct attempt latest;
	int64_t tail; /* the row that this one follows */
	struct fault *fault;
};

/* The row's attempt under the next key of the reference. */
static bool make_attempt(struct sealing *sealing, struct attempt *added)
{
	struct journal *journal = sealing->journal;
	const struct journal_payout *own = &sealing->own;
	struct journal_channel channel;
	bool found = false;
	int64_t number = 0;

	if (!journal_attempt_next(journal, sealing->tail, &number, sealing->fault) ||
		!journal_channel_get(journal, own->channel, &sealing->arena, &channel, &found, sealing->fault))
		return false;
	assert(found);
	*added = (struct attempt){.id = attempt_id(own->id, number),
		.payout = own->id,
		.number = number,
		.batch = own->batch,
		.row = own->row,
		.channel = own->channel,
		.key = key_derive(journal->sha, text_of(journal->namespace_text),
			provider_parse(text_of(channel.provider)), own->reference, number),
		.state = own->state,
		.version = 1};
	return true;
}

bool correction_name(
	struct journal *journal, const struct journal_payout *corrected, struct buf *name, struct fault *fault)
{
	const char *batch;

	if (!batch_name(journal, corrected->batch, &batch, fault))
		return false;
	buf_reset(name);
	buf_addf(name, "%s/%lld", batch, (long long)corrected->row);
	return true;
}

static bool seal_one(struct sealing *sealing)
{
	struct journal *journal = sealing->journal;
	struct journal_payout tail;
	struct attempt added;
	struct buf name = {0};
	bool found = false;
	bool ok = journal_payout_get(journal, sealing->tail, &sealing->arena, &tail, &found, sealing->fault) &&
		  make_attempt(sealing, &added) && correction_name(journal, &tail, &name, sealing->fault) &&
		  store_run(journal, CORRECTION_ADD,
			  CELLS(cell_number(sealing->own.id), cell_number(sealing->tail), cell_number(added.number)),
			  NULL, sealing->fault) &&
		  attempt_start(journal, &added, sealing->latest.state, buf_text(&name), TEXT(""), sealing->fault);

	buf_release(&name);
	return ok;
}

bool corrections_seal(struct journal *journal, struct fault *fault)
{
	struct store_cursor *cursor = store_query(journal, CORRECTED_LIST, NO_CELLS, fault);
	struct sealing sealing = {.journal = journal, .fault = fault};
	const struct cell *row = NULL;
	bool own = false, other = false, latest = false, ok = cursor != NULL;

	tick("correction.before_seal");
	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL) {
		arena_reset(&sealing.arena);
		ok = journal_payout_get(journal, row[0].number, &sealing.arena, &sealing.own, &own, fault) &&
		     journal_payout_get(journal, row[1].number, &sealing.arena, &sealing.other, &other, fault) &&
		     journal_attempt_of(journal, row[1].number, &sealing.arena, &sealing.latest, &latest, fault) &&
		     last_row(journal, row[1].number, &sealing.tail, fault);
		if (!ok)
			break;
		assert(own && other && latest && text_equal(sealing.own.reference, sealing.other.reference));
		assert(sealing.latest.state == PAYOUT_FAILED || sealing.latest.state == PAYOUT_RETURNED ||
			sealing.latest.state == PAYOUT_CANCELED);
		ok = seal_one(&sealing);
	}
	tick("correction.seal");
	journal->backend->done(cursor);
	arena_release(&sealing.arena);
	return ok;
}
