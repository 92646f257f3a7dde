/*
 * What submit, resume and poll share: the options of the loop, its progress line, its end. Floor 5.
 */
#ifndef PAYRUN_LOOP_H
#define PAYRUN_LOOP_H

#include <stdbool.h>

#include "cmd/payrun/command.h"
#include "cmd/payrun/terminal.h"
#include "run/account.h"
#include "stages/submit.h"

/* Where options of the loop stand in a command's table. */
#define LOOP_WAIT_OPTIONS OPTION_WAIT, OPTION_WAIT_LIMIT
#define LOOP_SEND_OPTIONS OPTION_RATE, OPTION_WORKERS, OPTION_LIMIT, OPTION_UNTIL

/* Fills options by what was given, with a progress line through `progress`, which lives as long. */
void loop_options(struct program *program, struct submit_options *options, struct progress *progress);
bool loop_wait_final(const struct program *program);

/* Tells how the loop ended: a signal, a limit; notes exit 4 for a signal. */
void loop_end(struct program *program, const struct submit_result *result);

/* After the loop over these batches (count 0: all): the account and the exit codes that follow from it. before: NULL,
 * or what stood before a command without a BATCH. */
bool loop_account(struct program *program, const int64_t *batches, int count, const struct account *before,
	const struct submit_result *result, bool held_as_asked);

/* resume and poll: the loop over the BATCH that is named, or over all; summary, account and exit code. */
void loop_go_on(struct program *program, struct submit_options *loop, struct progress *progress);

#endif
