#include "journal/journal.h"

#include <assert.h>

#include "base/tick.h"
#include "journal/pairs.h"
#include "journal/receiving.h"

bool journal_clash_each(struct journal *journal, int64_t batch,
	bool (*each)(void *context, const struct journal_clash *, struct fault *), void *context, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;

	assert(receiving != NULL && receiving->batch == batch);
	if (!receiving_flush(journal, fault))
		return false;
	/* Binding tells whether there is any: only then are they looked for. */
	if (receiving->unbound_from != 0 && !receiving_bind(journal, fault))
		return false;
	if (receiving->bound == receiving->live)
		return true;
	return store_run(journal, RECEIVE_CLEAR_CLASHES, NO_CELLS, NULL, fault) &&
	       store_run(journal, REF_CLASH,
		       CELLS(cell_number(receiving->first_payout), cell_number(receiving->next_payout - 1)), NULL,
		       fault) &&
	       pairs_each(journal, CLASH_LIST, each, context, fault);
}

/* --- changing a row before the seal ------------------------------------------------------------------------------ */

static bool has_attempt(enum payout_state state)
{
	return state == PAYOUT_HELD || state == PAYOUT_READY;
}

static bool take_back(struct journal *journal, const struct journal_payout *payout, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	int64_t unbound = 0, dropped = 0;

	if (!store_run(journal, CORRECTED_DROP, CELLS(cell_number(payout->id)), &dropped, fault) ||
		!store_run(journal, ATTEMPT_UNMAKE, CELLS(cell_number(payout->id)), NULL, fault) ||
		!store_run(journal, REF_UNBIND, CELLS(cell_text(payout->reference), cell_number(payout->id)), &unbound,
			fault))
		return false;
	receiving->bound -= unbound;
	receiving->corrected -= dropped;
	receiving->live--;
	receiving->restated = true;
	return true;
}

bool journal_payout_restate(struct journal *journal, int64_t id, enum payout_state state, struct text reason_code,
	struct text reason, int64_t original, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	struct journal_payout payout = {.not_before = 0};
	struct note note;
	struct arena arena = {0};
	bool found = false, ok;

	assert(receiving != NULL && id >= receiving->first_payout && id < receiving->next_payout);
	assert(state == PAYOUT_REJECTED || state == PAYOUT_DUPLICATE || state == PAYOUT_HELD);
	ok = journal_payout_get(journal, id, &arena, &payout, &found, fault);
	assert(!ok || (found && (has_attempt(payout.state) || !has_attempt(state))));
	tick("clash.before_restate");
	note = (struct note){
		.reason_code = reason_code, .reason = reason, .original = original, .not_before = payout.not_before};
	ok = ok && receiving_note(journal, &note, fault) &&
	     store_run(journal, PAYOUT_RESTATE,
		     CELLS(cell_number(id), cell_number((int64_t)state), cell_number(note.id)), NULL, fault);
	if (ok && has_attempt(payout.state))
		ok = has_attempt(state) ? store_run(journal, ATTEMPT_RESTATE,
						  CELLS(cell_number(id), cell_number((int64_t)state)), NULL, fault)
					: take_back(journal, &payout, fault);
	ok = ok && receiving_count(receiving, &payout, payout.state, -1, fault);
	payout.reason_code = reason_code;
	ok = ok && receiving_count(receiving, &payout, state, 1, fault);
	tick("clash.restate");
	arena_release(&arena);
	return ok;
}
