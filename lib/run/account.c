#include "run/account.h"

#include <string.h>

enum hold account_hold_reason(struct text reason_code)
{
	if (text_is(reason_code, "EXECUTION_DATE"))
		return HOLD_DATE;
	if (text_is(reason_code, "HOLD"))
		return HOLD_OPTION;
	return HOLD_APPROVAL; /* the cautious reading of any other reason */
}

bool account_hold(struct journal *journal, const struct attempt *attempt, const struct journal_payout *payout,
	enum hold *hold, struct fault *fault)
{
	int64_t corrects = 0, first = 1;
	if (attempt->number > 1 && !journal_payout_corrects(journal, attempt->payout, &corrects, &first, fault))
		return false;
	*hold = attempt->number > first ? HOLD_APPROVAL : account_hold_reason(payout->reason_code);
	return true;
}

static void count_held(void *context, struct text reason_code)
{
	struct account *account = context;
	switch (account_hold_reason(reason_code)) {
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
		count_held(originals->account, payout.reason_code);
	return !originals->failed;
}

/* What a duplicate repeats counts in its place. */
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
	if (counts[PAYOUT_HELD] > 0 && !journal_held_each(journal, batch, count_held, account, fault))
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
