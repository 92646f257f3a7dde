#include "run/account.h"

#include <string.h>

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

struct lines {
	struct journal *journal;
	struct account *account;
	bool duplicates; /* count what the rows repeat in their place */
	struct arena arena;
	struct fault *fault;
	bool failed;
};

static bool original_held(struct lines *lines, int64_t id)
{
	struct journal_payout payout;
	bool found = false;
	if (!journal_payout_get(lines->journal, id, &lines->arena, &payout, &found, lines->fault))
		lines->failed = true;
	else if (found)
		count_held(lines->account, account_hold(&payout));
	return !lines->failed;
}

static bool take_original(struct lines *lines, const struct journal_line *line)
{
	struct attempt attempt;
	bool found = false;
	arena_reset(&lines->arena);
	if (!journal_attempt_of(lines->journal, line->payout.original, &lines->arena, &attempt, &found, lines->fault)) {
		lines->failed = true;
		return false;
	}
	if (!found)
		return true;
	lines->account->counts[PAYOUT_DUPLICATE]--;
	lines->account->counts[attempt.state]++;
	return attempt.state != PAYOUT_HELD || original_held(lines, attempt.payout);
}

static bool take_line(void *context, const struct journal_line *line)
{
	struct lines *lines = context;
	if (line->state == PAYOUT_HELD)
		count_held(lines->account, account_hold(&line->payout));
	return line->state != PAYOUT_DUPLICATE || !lines->duplicates || take_original(lines, line);
}

static bool take_batch(struct journal *journal, int64_t batch, struct account *account, struct fault *fault)
{
	int64_t counts[PAYOUT_STATES] = {0};
	struct lines lines = {.journal = journal, .account = account, .duplicates = batch != 0, .fault = fault};
	if (!journal_counts(journal, batch, counts, fault))
		return false;
	for (int i = 0; i < PAYOUT_STATES; i++)
		account->counts[i] += counts[i];
	if (counts[PAYOUT_HELD] == 0 && (counts[PAYOUT_DUPLICATE] == 0 || batch == 0))
		return true;
	bool done = journal_line_each(journal, batch, take_line, &lines, fault) && !lines.failed;
	arena_release(&lines.arena);
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
