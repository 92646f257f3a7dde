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
	const char *next;     /* what the person does then, or NULL */
};

void decide_run(struct program *program, enum decision decision, const struct decide_words *words);

#endif
