#include "journal/journal.h"

#include <assert.h>
#include <string.h>

#include "journal/inside.h"

void attempt_take(const struct cell *row, struct arena *arena, struct attempt *attempt)
{
	int64_t id = row[0].number;
	struct text key = row[4].text;

	*attempt = (struct attempt){
		.id = id,
		.payout = id & ATTEMPT_PAYOUT_MASK,
		.number = (id >> ATTEMPT_ID_SHIFT) + 1,
		.batch = row[1].number,
		.row = row[2].number,
		.channel = row[3].number,
		.state = (enum payout_state)row[5].number,
		.version = row[6].number,
		.sends = row[7].number,
		.open_since = row[8].number,
		.open_boot_ms = row[9].number,
		.open_boot = keep(arena, row[10].text),
		.last_sent = row[11].number,
		.not_before = row[12].number,
		.submitted_at = row[13].number,
		.last_event = row[14].number,
		.last_refusal = keep(arena, row[15].text),
		.last_refusal_at = row[16].number,
		.provider_id = keep(arena, row[17].text),
		.provider_status = keep(arena, row[18].text),
		.provider_code = keep(arena, row[19].text),
		.reason_code = keep(arena, row[20].text),
		.reason = keep(arena, row[21].text),
		.tracking_ref = keep(arena, row[22].text),
		.fee = keep(arena, row[23].text),
		.fee_currency = keep(arena, row[24].text),
		.target_amount = keep(arena, row[25].text),
		.fx_rate = keep(arena, row[26].text),
		.returned_amount = keep(arena, row[27].text),
		.accepted_at = row[28].number,
		.settled_at = row[29].number,
		.returned_at = row[30].number,
		.return_pending = row[31].number,
		.claim_day = row[32].number,
		.fixed_minor = row[33].number,
		.approved_by = keep(arena, row[34].text),
	};
	if (key.len == sizeof(attempt->key.bytes)) /* another length is damage that verify tells */
		memcpy(attempt->key.bytes, key.ptr, sizeof(attempt->key.bytes));
}

struct wanted {
	struct arena *arena;
	struct attempt *attempt;
};

static void take_wanted(void *context, const struct cell *row)
{
	const struct wanted *wanted = context;

	attempt_take(row, wanted->arena, wanted->attempt);
}

static void take_payload(void *context, const struct cell *row)
{
	const struct wanted *wanted = context;

	wanted->attempt->payload = keep(wanted->arena, row[0].text);
}

static bool get_payload(struct journal *journal, struct arena *arena, struct attempt *attempt, struct fault *fault)
{
	struct wanted wanted = {arena, attempt};
	bool found;

	return store_one(journal, PAYLOAD_GET, CELLS(cell_number(attempt->id)), take_payload, &wanted, &found, fault);
}

bool journal_attempt_get(struct journal *journal, int64_t id, struct arena *arena, struct attempt *attempt, bool *found,
	struct fault *fault)
{
	struct wanted wanted = {arena, attempt};

	assert(arena != NULL);
	return store_one(journal, ATTEMPT_BY_ID, CELLS(cell_number(id)), take_wanted, &wanted, found, fault) &&
	       (!*found || get_payload(journal, arena, attempt, fault));
}

bool journal_attempt_of(struct journal *journal, int64_t payout, struct arena *arena, struct attempt *attempt,
	bool *found, struct fault *fault)
{
	int64_t number, last;

	if (!attempts_standing(journal, payout, &number, &last, fault))
		return false;
	return journal_attempt_get(journal, attempt_id(payout, number), arena, attempt, found, fault);
}

bool journal_attempt_number(struct journal *journal, int64_t payout, int64_t number, struct arena *arena,
	struct attempt *attempt, bool *found, struct fault *fault)
{
	int64_t row = 0;

	assert(number >= 1);
	/* Nearly always of the row itself; else of one that it corrects, or that corrects it. */
	if (!journal_attempt_get(journal, attempt_id(payout, number), arena, attempt, found, fault))
		return false;
	if (*found)
		return true;
	for (bool ok = correction_root(journal, payout, &row, fault); row != 0;
		ok = correction_by(journal, row, &row, fault)) {
		if (!ok || !journal_attempt_get(journal, attempt_id(row, number), arena, attempt, found, fault))
			return false;
		if (*found)
			return true;
	}
	return true;
}

bool journal_return_next(struct journal *journal, int64_t after, int64_t *attempt, struct fault *fault)
{
	bool found = false;

	*attempt = 0;
	return store_number(journal, RETURN_NEXT, CELLS(cell_number(after)), attempt, &found, fault);
}

/* --- lists ------------------------------------------------------------------------------------------------------- */

struct listing {
	const struct attempt_filter *filter;
	struct arena *arena;
	struct attempt *list;
	int max, *count;
};

/* The attempts of one range of ids. batch 0: the range is the batch's own. */
static bool list_range(struct journal *journal, const struct listing *listing, int64_t first, int64_t last,
	int64_t batch, struct fault *fault)
{
	const struct attempt_filter *filter = listing->filter;
	const struct cell *row = NULL;
	struct store_cursor *cursor;
	state_set states = filter->states != 0 ? filter->states : STATE_SET(PAYOUT_STATES) - 1;
	bool ok;

	if (first <= filter->after)
		first = filter->after + 1;
	if (first > last || *listing->count == listing->max)
		return true;
	cursor = store_query(journal, ATTEMPT_RANGE,
		CELLS(cell_number(first), cell_number(last), cell_number((int64_t)states), cell_number(filter->channel),
			cell_number(filter->newest_only), cell_number(batch),
			cell_number(listing->max - *listing->count)),
		fault);
	ok = cursor != NULL;
	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		attempt_take(row, listing->arena, &listing->list[(*listing->count)++]);
	journal->backend->done(cursor);
	return ok;
}

bool journal_attempt_list(struct journal *journal, const struct attempt_filter *filter, struct arena *arena,
	struct attempt *list, int max, int *count, struct fault *fault)
{
	struct listing listing = {filter, arena, list, max, count};
	struct journal_batch batch = {.first_payout = 1, .last_payout = ATTEMPT_PAYOUT_MASK};
	bool ok;

	assert(arena != NULL && max > 0);
	*count = 0;
	ok = filter->batch == 0 || journal_batch_get(journal, filter->batch, arena, &batch, fault);
	/* First attempts are one range of ids; further ones are few and lie behind all first ones. */
	ok = ok && list_range(journal, &listing, batch.first_payout, batch.last_payout, 0, fault) &&
	     list_range(journal, &listing, ATTEMPT_PAYOUT_MASK + 1, INT64_MAX, filter->batch, fault);
	for (int i = 0; ok && filter->with_payload && i < *count; i++)
		ok = get_payload(journal, arena, &list[i], fault);
	return ok;
}
