/*
 * What a command gives back: text on standard output, or with --json one document of the contract, section 7, whatever
 * happened. Floor 5. Findings and a report go through temporary files: memory does not grow with the input.
 */
#ifndef PAYRUN_OUTPUT_H
#define PAYRUN_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/scratch.h"
#include "values/finding.h"

struct output {
	bool json;
	int error;               /* errno of the first failed write to standard output; 0 */
	struct buf text;         /* not yet written */
	struct scratch findings; /* elements of "findings", each behind a comma */
	struct buf finding;
	int64_t finding_count;
	struct buf batches; /* elements of "batches" */
	struct buf errors;  /* elements of "errors" */
	struct buf members; /* members of the command's own */
	char *report_path;  /* a temporary file that is the value of "report", removed at the end; NULL: none */
	struct fault fault; /* of a temporary file */
};

void output_init(struct output *output, bool json);
void output_release(struct output *output);

/* Adds text; nothing with --json. */
void output_say(struct output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds text of a file or a provider, escaped for a terminal. */
void output_show(struct output *output, struct text text);
/* Ready-made text. */
void output_add(struct output *output, struct text text);
/* Writes what is there when it has grown; output_flush() at once. With --json nothing is written before the end. */
void output_flow(struct output *output);
void output_flush(struct output *output);

/* file: where the command has several; NULL: it has one, and nobody asks. */
void output_finding(struct output *output, const struct finding *finding, const char *file);
void output_error(struct output *output, const char *code, const char *channel, const char *message, const char *cure);

/* Writes all that is left. False when standard output did not take it. */
bool output_end(struct output *output, const char *version, const char *command, int exit_code);

#endif
