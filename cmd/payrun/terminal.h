/*
 * The person at the terminal: whether there is one, questions, and the progress line on standard error. Floor 5.
 * Nothing is ever coloured, so NO_COLOR has nothing to take away.
 */
#ifndef PAYRUN_TERMINAL_H
#define PAYRUN_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "stages/stage.h"

/* A person can be asked: standard input and standard error are a terminal. */
bool terminal_attended(void);

enum answer { ANSWER_NO = 0, ANSWER_YES, ANSWER_STOPPED };
/* Asks with [y/N]; no, anything else and the end of input are no. */
enum answer terminal_ask(struct log *log, const struct stop *stop, const char *question);

/* Progress over something countable: rewritten five times a second on a terminal, else a line a minute. */
struct progress {
	struct log *log;
	const struct clock *clock;
	const char *unit;             /* "payouts" */
	int64_t started_ms, shown_ms; /* monotonic */
	bool begun;
};
void progress_begin(struct progress *progress, struct log *log, const struct clock *clock, const char *unit);
/* total 0: not known. extra is appended (", 3 unknown"). */
void progress_show(struct progress *progress, int64_t done, int64_t total, const char *extra);
void progress_end(struct progress *progress);

/* "4 s", "3 min 20 s", "2 h 5 min" */
void progress_duration(int64_t ms, char out[32]);

#endif
