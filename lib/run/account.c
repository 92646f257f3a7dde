#include "run/account.h"

#include <stdlib.h>
#include <string.h>

#define HELD_ROWS 256

enum hold account_hold(const struct journal_payout *payout)
{
	if (text_is(payout->reason_code, "EXECUTION_DATE"))
		return HOLD_DATE;
	if (text_is(payout->reason_code, "HOLD"))
		return HOLD_OPTION;
	return HOLD_APPROVAL; /* the cautious reading of any other reason */
}

static void count_held(struct account *account, enum hold hold)
{
	switch (hold) {
	case HOLD_APPROVAL:
		account->held_approval++;
		break;
	case HOLD_DATE:
		account->held_date++;
		break;
	case HOLD_OPTION:
		account->held_option++;
		break;
	}
}

static bool take_held(struct journal *journal, int64_t batch, struct account *account, struct fault *fault)
{
	struct attempt_filter filter = {.batch = batch, .states = STATE_SET(PAYOUT_HELD), .newest_only = true};
	struct attempt *rows = memory_new(sizeof *rows * HELD_ROWS);
	struct arena arena = {0};
	int count = 0;
	bool done = true;
	do {
		arena_reset(&arena);
		done = journal_attempt_list(journal, &filter, &arena, rows, HELD_ROWS, &count, fault);
		for (int i = 0; done && i < count; i++) {
			struct journal_payout payout;
			bool found = false;
			done = journal_payout_get(journal, rows[i].payout, &arena, &payout, &found, fault);
			if (done && found)
				count_held(account, account_hold(&payout));
			filter.after = rows[i].id;
		}
	} while (done && count == HELD_ROWS);
	arena_release(&arena);
	free(rows);
	return done;
}

struct originals {
	struct journal *journal;
	struct account *account;
	struct arena arena;
	struct fault *fault;
	bool failed;
};

static bool original_held(struct originals *originals, int64_t id)
{
	struct journal_payout payout;
	bool found = false;
	if (!journal_payout_get(originals->journal, id, &originals->arena, &payout, &found, originals->fault))
		originals->failed = true;
	else if (found)
		count_held(originals->account, account_hold(&payout));
	return !originals->failed;
}

static bool take_original(void *context, const struct journal_line *line)
{
	struct originals *originals = context;
	struct attempt attempt;
	bool found = false;
	if (line->state != PAYOUT_DUPLICATE)
		return true;
	arena_reset(&originals->arena);
	if (!journal_attempt_of(
		    originals->journal, line->payout.original, &originals->arena, &attempt, &found, originals->fault)) {
		originals->failed = true;
		return false;
	}
	if (!found)
		return true;
	originals->account->counts[PAYOUT_DUPLICATE]--;
	originals->account->counts[attempt.state]++;
	return attempt.state != PAYOUT_HELD || original_held(originals, attempt.payout);
}

static bool take_batch(struct journal *journal, int64_t batch, struct account *account, struct fault *fault)
{
	int64_t counts[PAYOUT_STATES] = {0};
	if (!journal_counts(journal, batch, counts, fault))
		return false;
	for (int i = 0; i < PAYOUT_STATES; i++)
		account->counts[i] += counts[i];
	if (counts[PAYOUT_HELD] > 0 && !take_held(journal, batch, account, fault))
		return false;
	if (counts[PAYOUT_DUPLICATE] == 0 || batch == 0)
		return true;
	struct originals originals = {.journal = journal, .account = account, .fault = fault};
	bool done = journal_line_each(journal, batch, take_original, &originals, fault) && !originals.failed;
	arena_release(&originals.arena);
	return done;
}

bool account_take(
	struct journal *journal, const int64_t *batches, int count, struct account *account, struct fault *fault)
{
	memset(account, 0, sizeof *account);
	if (count == 0)
		return take_batch(journal, 0, account, fault);
	for (int i = 0; i < count; i++)
		if (!take_batch(journal, batches[i], account, fault))
			return false;
	return true;
}

void account_since(struct account *account, const struct account *before)
{
	static const enum payout_state ended[] = {PAYOUT_REJECTED, PAYOUT_FAILED, PAYOUT_RETURNED, PAYOUT_CANCELED};
	for (size_t i = 0; i < sizeof ended / sizeof *ended; i++) {
		int64_t *now = &account->counts[ended[i]];
		*now = *now > before->counts[ended[i]] ? *now - before->counts[ended[i]] : 0;
	}
}
