#include "journal/sums.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "journal/inside.h"
#include "values/money.h"

#define EVENTS_LOOKED_AT 1000

void sums_release(struct sums *sums)
{
	free(sums->totals);
	*sums = (struct sums){0};
}

static bool is_for(const struct journal_total *total, struct text currency, unsigned decimals, enum payout_state state)
{
	return total->state == state && total->decimals == decimals && text_is(currency, total->currency);
}

static struct journal_total *total_for(
	struct sums *sums, struct text currency, unsigned decimals, enum payout_state state)
{
	struct journal_total *total;

	/* Neighbours in a file share currency and state: the last one is asked first. */
	if (sums->last < sums->count && is_for(&sums->totals[sums->last], currency, decimals, state))
		return &sums->totals[sums->last];
	for (sums->last = 0; sums->last < sums->count; sums->last++)
		if (is_for(&sums->totals[sums->last], currency, decimals, state))
			return &sums->totals[sums->last];
	if (sums->count == sums->cap) {
		sums->cap = sums->cap == 0 ? 32 : 2 * sums->cap;
		sums->totals = memory_grow(sums->totals, sums->cap * sizeof(*sums->totals));
	}
	total = &sums->totals[sums->count++];
	*total = (struct journal_total){.decimals = decimals, .state = state};
	assert(currency.len < sizeof(total->currency));
	if (currency.len > 0)
		memcpy(total->currency, currency.ptr, currency.len);
	return total;
}

bool sums_add(struct sums *sums, struct text currency, unsigned decimals, enum payout_state state, int64_t count,
	int64_t minor)
{
	struct journal_total *total = total_for(sums, currency, decimals, state);

	if (!money_add(&total->minor, minor))
		return false;
	total->count += count;
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct journal_total *x = a, *y = b;
	int order = strcmp(x->currency, y->currency);

	if (order == 0)
		order = (x->decimals > y->decimals) - (x->decimals < y->decimals);
	return order != 0 ? order : (x->state > y->state) - (x->state < y->state);
}

void sums_sort(struct sums *sums)
{
	size_t kept = 0;

	for (size_t i = 0; i < sums->count; i++)
		if (sums->totals[i].count != 0 || sums->totals[i].minor != 0)
			sums->totals[kept++] = sums->totals[i];
	sums->count = kept;
	sums->last = 0;
	if (sums->count > 0)
		qsort(sums->totals, sums->count, sizeof(*sums->totals), compare);
}

/* One total a currency and decimals, over all states; false where one goes beyond int64. */
static bool over_states(const struct sums *by_state, struct sums *all)
{
	for (size_t i = 0; i < by_state->count; i++) {
		const struct journal_total *total = &by_state->totals[i];

		if (!sums_add(
			    all, text_of(total->currency), total->decimals, PAYOUT_UNKNOWN, total->count, total->minor))
			return false;
	}
	sums_sort(all);
	return true;
}

bool sums_equal(const struct sums *a, const struct sums *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (compare(&a->totals[i], &b->totals[i]) != 0 || a->totals[i].count != b->totals[i].count ||
			a->totals[i].minor != b->totals[i].minor)
			return false;
	return true;
}

/* --- of the journal ---------------------------------------------------------------------------------------------- */

static bool too_large(const struct journal *journal, struct fault *fault)
{
	return fault_set(fault, FAULT_OPERATION, "AMOUNT_TOO_LARGE", "ask for one batch at a time",
		"the amounts in the journal %s add up to more than can be counted", journal->path);
}

/* The totals as received, batch 0 of the whole journal; over their states, or one by one. */
static bool add_totals(struct journal *journal, int64_t batch, bool by_state, struct sums *sums, struct fault *fault)
{
	struct store_cursor *cursor = store_query(journal, TOTAL_LIST, CELLS(cell_number(batch)), fault);
	const struct cell *row = NULL;
	bool ok = cursor != NULL;

	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		ok = sums_add(sums, row[1].text, (unsigned)row[2].number,
			     by_state ? (enum payout_state)row[3].number : PAYOUT_UNKNOWN, row[4].number,
			     row[5].number) ||
		     too_large(journal, fault);
	journal->backend->done(cursor);
	sums_sort(sums);
	return ok;
}

struct events_since {
	int64_t count, own;
};

static void take_events(void *context, const struct cell *row)
{
	struct events_since *since = context;

	*since = (struct events_since){row[0].number, row[1].number};
}

/* No event moved anything of the batch since it was received: its totals are what stands. The first move of a payout is
 * of its first attempt, so its event names this batch. Only so many events are looked at; behind them, rows are. */
static bool is_as_received(struct journal *journal, int64_t batch, bool *as_received, struct fault *fault)
{
	struct events_since since = {EVENTS_LOOKED_AT, 0};
	bool found = false;

	*as_received = false;
	if (batch == 0 || journal->receiving != NULL)
		return true;
	if (!store_one(journal, BATCH_EVENTS, CELLS(cell_number(batch), cell_number(EVENTS_LOOKED_AT)), take_events,
		    &since, &found, fault))
		return false;
	*as_received = since.count < EVENTS_LOOKED_AT && since.own == 0;
	return true;
}

static bool range_of(struct journal *journal, int64_t batch, int64_t *first, int64_t *last, struct fault *fault)
{
	struct arena arena = {0};
	struct journal_batch found = {.first_payout = 1, .last_payout = ATTEMPT_PAYOUT_MASK};
	bool ok = batch == 0 || journal_batch_get(journal, batch, &arena, &found, fault);

	*first = found.first_payout;
	*last = found.last_payout;
	arena_release(&arena);
	return ok;
}

/* What stands: every row with the state of its latest attempt. What that fixed as the amount of ALL was received as
 * nothing, and is added there. */
static bool add_standing(
	struct journal *journal, int64_t batch, struct sums *sums, struct sums *received, struct fault *fault)
{
	int64_t first = 0, last = 0;
	struct store_cursor *cursor = NULL;
	const struct cell *row = NULL;
	bool ok = range_of(journal, batch, &first, &last, fault);

	if (ok)
		cursor = store_query(journal, SUM_RANGE, CELLS(cell_number(first), cell_number(last)), fault);
	ok = cursor != NULL;
	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		ok = (sums_add(sums, row[0].text, (unsigned)row[1].number, (enum payout_state)row[3].number, 1,
			      row[2].number) &&
			     (row[4].number == 0 || sums_add(received, row[0].text, (unsigned)row[1].number,
							    PAYOUT_UNKNOWN, 0, row[4].number))) ||
		     too_large(journal, fault);
	journal->backend->done(cursor);
	sums_sort(sums);
	sums_sort(received);
	return ok;
}

static struct journal_total *copy(struct arena *arena, const struct sums *sums, int *count)
{
	struct journal_total *totals = arena_alloc(arena, (sums->count + 1) * sizeof(*totals));

	if (sums->count > 0)
		memcpy(totals, sums->totals, sums->count * sizeof(*totals));
	*count = (int)sums->count;
	return totals;
}

static void sums_give(
	struct arena *arena, const struct sums *received, const struct sums *standing, struct journal_sums *out)
{
	out->in = copy(arena, received, &out->in_count);
	out->by_state = copy(arena, standing, &out->by_state_count);
}

bool journal_sums(
	struct journal *journal, int64_t batch, struct arena *arena, struct journal_sums *out, struct fault *fault)
{
	struct sums received = {0}, standing = {0}, all = {0};
	bool ok = add_totals(journal, batch, false, &received, fault) &&
		  add_standing(journal, batch, &standing, &received, fault) &&
		  (over_states(&standing, &all) || too_large(journal, fault));

	*out = (struct journal_sums){0};
	if (ok) {
		sums_give(arena, &received, &standing, out);
		out->balanced = sums_equal(&received, &all);
	}
	sums_release(&received);
	sums_release(&standing);
	sums_release(&all);
	return ok;
}

static int64_t rows_in(const struct sums *sums)
{
	int64_t rows = 0;

	for (size_t i = 0; i < sums->count; i++)
		rows += sums->totals[i].count;
	return rows;
}

bool journal_sums_shown(
	struct journal *journal, int64_t batch, struct arena *arena, struct journal_sums *out, struct fault *fault)
{
	struct sums received = {0}, standing = {0};
	int64_t first = 0, last = 0;
	bool as_received = false, ok;

	*out = (struct journal_sums){0};
	if (!is_as_received(journal, batch, &as_received, fault))
		return false;
	if (!as_received)
		return journal_sums(journal, batch, arena, out, fault);
	ok = add_totals(journal, batch, false, &received, fault) &&
	     add_totals(journal, batch, true, &standing, fault) && range_of(journal, batch, &first, &last, fault);
	if (ok) {
		sums_give(arena, &received, &standing, out);
		out->balanced = rows_in(&standing) == last - first + 1;
	}
	sums_release(&received);
	sums_release(&standing);
	return ok;
}

static bool count_totals(struct journal *journal, int64_t batch, int64_t counts[PAYOUT_STATES], struct fault *fault)
{
	struct sums standing = {0};
	bool ok = add_totals(journal, batch, true, &standing, fault);

	for (size_t i = 0; ok && i < standing.count; i++)
		counts[standing.totals[i].state] += standing.totals[i].count;
	sums_release(&standing);
	return ok;
}

static bool count_rows(struct journal *journal, int64_t batch, int64_t counts[PAYOUT_STATES], struct fault *fault)
{
	int64_t first = 0, last = 0;
	struct store_cursor *cursor = NULL;
	const struct cell *row = NULL;
	bool ok = range_of(journal, batch, &first, &last, fault);

	if (ok)
		cursor = store_query(journal, SUM_RANGE, CELLS(cell_number(first), cell_number(last)), fault);
	ok = cursor != NULL;
	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL) {
		assert(row[3].number >= 0 && row[3].number < PAYOUT_STATES);
		counts[row[3].number]++;
	}
	journal->backend->done(cursor);
	return ok;
}

bool journal_counts(struct journal *journal, int64_t batch, int64_t counts[PAYOUT_STATES], struct fault *fault)
{
	bool as_received = false;

	memset(counts, 0, PAYOUT_STATES * sizeof(counts[0]));
	if (!is_as_received(journal, batch, &as_received, fault))
		return false;
	return as_received ? count_totals(journal, batch, counts, fault) : count_rows(journal, batch, counts, fault);
}

bool journal_held_each(struct journal *journal, int64_t batch, void (*each)(void *context, struct text reason_code),
	void *context, struct fault *fault)
{
	int64_t first = 0, last = 0;
	struct store_cursor *cursor = NULL;
	const struct cell *row = NULL;
	bool as_received = false;
	bool ok = is_as_received(journal, batch, &as_received, fault);

	if (ok && as_received && held_each(&journal->held, batch, each, context))
		return true;
	if (ok && range_of(journal, batch, &first, &last, fault))
		cursor = store_query(journal, as_received ? HELD_RECEIVED : HELD_RANGE,
			CELLS(cell_number(first), cell_number(last)), fault);
	ok = cursor != NULL;
	while (ok && (ok = journal->backend->next(cursor, &row, fault)) && row != NULL)
		each(context, row[0].text);
	journal->backend->done(cursor);
	return ok;
}
