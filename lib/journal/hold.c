#include "journal/journal.h"

#include <assert.h>
#include <string.h>

#include "base/tick.h"
#include "journal/receiving.h"

/* So do the counts of why rows are held. */
static void hold_counts(struct receiving *receiving, struct text reason_code, int64_t ready)
{
	static const char *const own[] = {"EXECUTION_DATE", "HOLD"};
	struct held *held = &receiving->held;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		for (size_t k = 0; k < held->reason_count; k++)
			if (strcmp(held->reasons[k].code, own[i]) == 0) {
				ready += held->reasons[k].count;
				held->reasons[k].count = 0;
			}
	held_add(held, reason_code, ready);
}

/* Sums of ready rows become those of held ones; *ready: how many they were. */
static bool hold_sums(struct receiving *receiving, int64_t *ready_count)
{
	size_t count = receiving->sums.count;

	for (size_t i = 0; i < count; i++) {
		struct journal_total ready = receiving->sums.totals[i];

		if (ready.state != PAYOUT_READY)
			continue;
		*ready_count += ready.count;
		receiving->sums.totals[i].count = 0;
		receiving->sums.totals[i].minor = 0;
		if (!sums_add(&receiving->sums, text_of(ready.currency), ready.decimals, PAYOUT_HELD, ready.count,
			    ready.minor))
			return false;
	}
	return true;
}

/* Rows share notes, and keep the dates that stand in them: each note is written once more, with the other reason. */
static bool hold_held(struct journal *journal, struct text reason_code, struct text reason, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	int64_t first = receiving->first_note, last = receiving->next_note - 1, distance = last - first + 1;

	if (distance == 0)
		return true;
	receiving->next_note += distance;
	return store_run(journal, HOLD_NOTES,
		       CELLS(cell_number(first), cell_number(last), cell_number(distance), cell_text(reason_code),
			       cell_text(reason)),
		       NULL, fault) &&
	       store_run(journal, HOLD_HELD,
		       CELLS(cell_number(receiving->first_payout), cell_number(receiving->next_payout - 1),
			       cell_number(first), cell_number(last), cell_number(distance)),
		       NULL, fault);
}

static bool hold_ready(struct journal *journal, struct text reason_code, struct text reason, struct fault *fault)
{
	const struct receiving *receiving = journal->receiving;
	struct note note = {.reason_code = reason_code, .reason = reason};
	int64_t first = receiving->first_payout, last = receiving->next_payout - 1;

	return receiving_note(journal, &note, fault) &&
	       store_run(journal, HOLD_READY, CELLS(cell_number(first), cell_number(last), cell_number(note.id)), NULL,
		       fault) &&
	       store_run(journal, HOLD_ATTEMPTS, CELLS(cell_number(first), cell_number(last)), NULL, fault);
}

bool journal_batch_hold(
	struct journal *journal, int64_t batch, struct text reason_code, struct text reason, struct fault *fault)
{
	struct receiving *receiving = journal->receiving;
	int64_t ready = 0;
	bool ok;

	assert(receiving != NULL && receiving->batch == batch && reason_code.len > 0);
	tick("hold.before_hold");
	ok = receiving_flush(journal, fault) && hold_held(journal, reason_code, reason, fault) &&
	     hold_ready(journal, reason_code, reason, fault) &&
	     (hold_sums(receiving, &ready) || fault_set(fault, FAULT_REFUSED, "AMOUNT_TOO_LARGE", "split the file",
						      "the amounts add up to more than can be counted"));
	tick("hold.hold");
	hold_counts(receiving, reason_code, ready);
	return ok;
}
