/*
 * A command is one const struct at the top of one file: its name, its words for help, its options, its function.
 * main.c lists them. Floor 5.
 */
#ifndef PAYRUN_COMMAND_H
#define PAYRUN_COMMAND_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/payrun/exit.h"
#include "cmd/payrun/options.h"
#include "cmd/payrun/output.h"
#include "run/session.h"

#define PAYRUN_VERSION "1.0"

enum section { SECTION_DAILY = 0, SECTION_PEOPLE, SECTION_PROOF, SECTION_SETUP, SECTION_COUNT };

/* One run of payrun: what every command works with. */
struct program {
	struct options options;
	struct output output;
	struct log log;
	struct clock clock;
	struct stop stop;
	struct session session;
	exit_notes notes;
	const struct command *command; /* NULL until it is known */
	bool damage_is_break;          /* verify: a corrupt journal is what it looks for, exit 6 */
};

struct command {
	const char *name;
	enum section section;
	const char *synopsis;          /* "FILE..." */
	const char *summary;           /* one line */
	const enum option_id *options; /* besides the common ones; ended by OPTION_COUNT; NULL: none */
	const char *more;              /* further text of `payrun help COMMAND`; NULL: none */
	bool available;                /* false: in the contract, not in this version */
	void (*run)(struct program *program);
};

/* All of them, in the order of help; ended by NULL. */
extern const struct command *const commands[];
const struct command *command_find(const char *name);

/* --- shared by commands (program.c) --- */

/* Opens the session; a fault is told and false comes back. */
bool program_open(struct program *program, enum session_need need);
/* Takes the lease for a session that was opened without. */
bool program_lease(struct program *program);
/* The journal for reading, of a session without one, where there is one that can be read; says nothing. */
bool program_look(struct program *program);
/* Says a fault on standard error and in --json's errors, and notes its exit code. */
void program_fault(struct program *program, const struct fault *fault);
/* The same for something wrong with the command line. */
void program_usage(struct program *program, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What the stages noted for people. */
void program_notices(struct program *program);
/* True when the count of words is in this range; else the fault is told. */
bool program_words(struct program *program, int least, int most);
/* The batch that a word names; false when there is none or more than one, which is told. Texts in the arena. */
bool program_batch(struct program *program, const char *name, struct arena *arena, struct journal_batch *batch);

#endif
