/*
 * Pairs of payouts noted while receiving, a row of the batch and another, told as clashes. Floor 2, inside lib/journal.
 */
#ifndef JOURNAL_PAIRS_H
#define JOURNAL_PAIRS_H

#include "journal/inside.h"

/* Runs through CLASH_LIST or SUSPECT_LIST and tells each pair, until each returns false. Pairs of which one was
 * rejected or found a duplicate meanwhile are left out, where they are suspects. */
MUST_CHECK bool pairs_each(struct journal *journal, enum statement list,
	bool (*each)(void *context, const struct journal_clash *, struct fault *), void *context, struct fault *fault);

#endif
