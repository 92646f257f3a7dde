/*
 * Destinations inside the journal: their columns for the proof. Floor 2, inside lib/journal only.
 */
#ifndef JOURNAL_DESTINATION_INSIDE_H
#define JOURNAL_DESTINATION_INSIDE_H

#include "journal/destination.h"
#include "journal/inside.h"

/* The columns that can change, sorted by name. */
struct destination_column {
	const char *name;
	size_t offset; /* in struct destination */
	bool text;     /* struct text, else int64_t */
};
const struct destination_column *destination_columns(size_t *count);

bool destination_state_parse(struct text name, enum destination_state *state);
bool destination_move_allowed(enum destination_state from, enum destination_state to);
/* The shape of statement.h. arena NULL: texts live as long as the row. */
void destination_take(const struct cell *row, struct arena *arena, struct destination *destination);
/* Its key derived anew, from its channel, body and number. */
MUST_CHECK bool destination_key(
	struct journal *journal, const struct destination *destination, struct key *key, struct fault *fault);

#endif
