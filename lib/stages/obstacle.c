#include "stages/obstacle.h"

#include "stages/approval.h"

#define ENDED (STATE_SET(PAYOUT_FAILED) | STATE_SET(PAYOUT_RETURNED) | STATE_SET(PAYOUT_CANCELED))

/* An attempt before this one has the payout's money, may have it, or has it on its way back: a further one could only
 * be called off again, or pay twice. */
static bool look_back(struct journal *journal, const struct attempt *current, struct arena *arena, const char **why,
	struct fault *fault)
{
	static const state_set open = STATE_SET(PAYOUT_UNKNOWN) | STATE_SET(PAYOUT_SENDING) |
				      STATE_SET(PAYOUT_ACCEPTED) | STATE_SET(PAYOUT_PAID);
	for (int64_t number = 1; *why == NULL && number <= current->number; number++) {
		struct attempt attempt;
		bool found = false;
		if (!journal_attempt_number(journal, current->payout, number, arena, &attempt, &found, fault))
			return false;
		if (found && (open & STATE_SET(attempt.state)) != 0)
			*why = "alive by an earlier attempt";
		else if (found && attempt.return_pending != 0)
			*why = "on its way back: the return is not complete";
	}
	return true;
}

bool obstacle_find(struct journal *journal, const struct attempt *current, struct arena *arena, const char **why,
	struct fault *fault)
{
	int64_t row = 0;
	bool closed = false;
	*why = NULL;
	if ((ENDED & STATE_SET(current->state)) == 0) {
		*why = state_name(current->state);
		return true;
	}
	/* A batch that `reject` refused is closed for good, with what was sent of it before (PROTOCOL, section 2). */
	if (!approval_closed(journal, current->batch, &closed, fault))
		return false;
	if (closed || text_is(current->reason_code, REASON_REJECTED))
		*why = "rejected for good";
	if (!journal_payout_current(journal, current->payout, &row, fault))
		return false;
	if (row != current->payout)
		*why = "corrected by a later batch";
	return *why != NULL || look_back(journal, current, arena, why, fault);
}
