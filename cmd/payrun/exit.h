/*
 * The exit code of a command: the first that applies of all that was noted (CONTRACT, section 2). Floor 5.
 */
#ifndef PAYRUN_EXIT_H
#define PAYRUN_EXIT_H

#include "base/fault.h"

enum exit_code {
	CODE_DONE = 0,
	CODE_SOME_BAD = 1,   /* rows rejected, payouts failed, returned or canceled */
	CODE_USAGE = 2,      /* usage, configuration, or could not start */
	CODE_REFUSED = 3,    /* a file was refused as a whole */
	CODE_UNFINISHED = 4, /* run again */
	CODE_APPROVAL = 5,   /* waits for approval */
	CODE_BREAK = 6,      /* breaks */
	CODE_LOCKED = 7,     /* another run holds the journal */
	CODE_PERSON = 8,     /* a person must act */
	CODE_FAILED = 9,     /* an operation failed after the start */
};

typedef unsigned exit_notes; /* bit 1 << code */

void exit_note(exit_notes *notes, enum exit_code code);
enum exit_code exit_of_fault(const struct fault *fault);
/* By the precedence of the contract. */
enum exit_code exit_choose(exit_notes notes);
const char *exit_meaning(enum exit_code code);

#endif
