#include "journal/journal.h"

#include <assert.h>

#include "base/tick.h"
#include "journal/inside.h"

/* --- which attempt counts ----------------------------------------------------------------------------------------- */

bool attempt_gave_way(const struct attempt *attempt)
{
	return attempt->state == PAYOUT_CANCELED && text_is(attempt->reason_code, REASON_EARLIER_ALIVE);
}

struct standing {
	int64_t current, last;
};

static void take_standing(void *context, const struct cell *row)
{
	*(struct standing *)context = (struct standing){row[0].number, row[1].number};
}

bool attempts_standing(struct journal *journal, int64_t payout, int64_t *current, int64_t *last, struct fault *fault)
{
	struct standing standing = {1, 1};
	bool found = false;
	bool ok = store_one(journal, RETRY_GET, CELLS(cell_number(payout)), take_standing, &standing, &found, fault);

	*current = standing.current;
	*last = standing.last;
	return ok;
}

bool attempt_give_way(struct journal *journal, const struct attempt *attempt, struct fault *fault)
{
	int64_t current, last, corrects, first;
	struct attempt before = {.id = 0};
	struct arena arena = {0};
	bool found = false;
	bool ok = attempts_standing(journal, attempt->payout, &current, &last, fault) &&
		  correction_of(journal, attempt->payout, &corrects, &first, fault);

	for (int64_t number = attempt->number - 1; ok && !found && number >= first; number--) {
		ok = journal_attempt_get(journal, attempt_id(attempt->payout, number), &arena, &before, &found, fault);
		found = found && !attempt_gave_way(&before);
	}
	if (ok && found && current == attempt->number)
		ok = store_run(journal, RETRY_SET,
			CELLS(cell_number(attempt->payout), cell_number(before.number), cell_number(last)), NULL,
			fault);
	arena_release(&arena);
	return ok;
}

/* --- a new attempt ------------------------------------------------------------------------------------------------ */

bool journal_attempt_next(struct journal *journal, int64_t payout, int64_t *number, struct fault *fault)
{
	int64_t row = 0, current, last;
	bool ok = correction_root(journal, payout, &row, fault);

	*number = 1;
	while (ok && row != 0) {
		ok = attempts_standing(journal, row, &current, &last, fault) &&
		     correction_by(journal, row, &row, fault);
		if (ok && last >= *number)
			*number = last + 1;
	}
	return ok;
}

bool attempt_start(struct journal *journal, const struct attempt *added, enum payout_state from, struct text corrects,
	struct text why, struct fault *fault)
{
	char key[KEY_TEXT_SIZE];
	struct event event = {.kind = "move",
		.batch = added->batch,
		.row = added->row,
		.number = added->number,
		.version = 1,
		.from = state_name(from),
		.to = state_name(added->state),
		.reason = why,
		.attempt = added->id};
	int64_t bound = 0;

	buf_reset(&journal->evidence);
	key_text(&added->key, key);
	buf_addc(&journal->evidence, '{');
	if (corrects.len > 0) {
		json_name(&journal->evidence, "corrects");
		buf_add_json(&journal->evidence, corrects);
	}
	json_name(&journal->evidence, "key");
	buf_addf(&journal->evidence, "\"%s\"}", key);
	event.evidence = buf_text(&journal->evidence);
	if (!store_run(journal, KEY_ADD, CELLS(cell_bytes(added->key.bytes, KEY_SIZE), cell_number(added->id)), &bound,
		    fault))
		return false;
	assert(bound == 1); /* a key of another attempt would be one derived wrongly */
	return store_run(journal, ATTEMPT_ADD,
		       CELLS(cell_number(added->id), cell_number(added->batch), cell_number(added->row),
			       cell_number(added->channel), cell_bytes(added->key.bytes, KEY_SIZE),
			       cell_number((int64_t)added->state), cell_number(journal->chain.seq + 1)),
		       NULL, fault) &&
	       store_run(journal, RETRY_SET,
		       CELLS(cell_number(added->payout), cell_number(added->number), cell_number(added->number)), NULL,
		       fault) &&
	       event_write(journal, &event, fault);
}

/* Nothing of the payout is newer than what the caller saw. */
static bool still_current(
	struct journal *journal, const struct attempt *latest, struct arena *arena, bool *still, struct fault *fault)
{
	struct attempt now = {.id = 0};
	int64_t row = 0;
	bool found = false;

	if (!journal_attempt_of(journal, latest->payout, arena, &now, &found, fault) ||
		!journal_payout_current(journal, latest->payout, &row, fault))
		return false;
	*still = found && now.id == latest->id && now.version == latest->version && row == latest->payout;
	return true;
}

bool journal_attempt_add(struct journal *journal, const struct attempt *latest, const struct key *key,
	enum payout_state state, struct text why, struct attempt *added, enum move_result *result, struct fault *fault)
{
	struct arena arena = {0};
	int64_t number = 0;
	bool still = false, ok;

	assert(journal->writing && (state == PAYOUT_READY || state == PAYOUT_HELD));
	assert(latest->state == PAYOUT_FAILED || latest->state == PAYOUT_RETURNED || latest->state == PAYOUT_CANCELED);
	*result = MOVE_LOST;
	tick("again.before_add");
	ok = still_current(journal, latest, &arena, &still, fault);
	if (ok && still && (ok = journal_attempt_next(journal, latest->payout, &number, fault))) {
		*added = (struct attempt){.id = attempt_id(latest->payout, number),
			.payout = latest->payout,
			.number = number,
			.batch = latest->batch,
			.row = latest->row,
			.channel = latest->channel,
			.key = *key,
			.state = state,
			.version = 1,
			.last_event = journal->chain.seq + 1};
		ok = attempt_start(journal, added, latest->state, TEXT(""), why, fault);
		*result = MOVE_DONE;
	}
	tick("again.add");
	arena_release(&arena);
	return ok;
}
