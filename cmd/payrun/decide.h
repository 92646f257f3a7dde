/*
 * What approve, reject, retry and cancel share: the batch, the references, the question, the result. Floor 5.
 */
#ifndef PAYRUN_DECIDE_H
#define PAYRUN_DECIDE_H

#include "cmd/payrun/command.h"
#include "run/people.h"

struct decide_words {
	const char *done;     /* "approved" */
	const char *question; /* "Cancel": asked as "Cancel 12 payouts?"; NULL: never asks */
	const char *next;     /* what the person does then, or NULL; of retry only where no approval is needed */
};

/* Its steps. Opens the session (SESSION_WRITE), finds the batch and fills decide; false: told. */
bool decide_begin(struct program *program, enum decision decision, struct arena *arena, struct decide *decide);
/* On a terminal a whole batch is asked for, with `more` payouts beside those of the journal alone. */
bool decide_confirmed(struct program *program, struct decide *decide, const struct decide_words *words, int64_t more);
void decide_tell(struct program *program, const struct decided *decided, const struct decide_words *words);

/* All of them: the whole of a command that only decides. */
void decide_run(struct program *program, enum decision decision, const struct decide_words *words);

#endif
