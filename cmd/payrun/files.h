/*
 * FILE arguments and their options, as check and submit share them; findings listed; the preview. Floor 5.
 */
#ifndef PAYRUN_FILES_H
#define PAYRUN_FILES_H

#include <stdbool.h>

#include "cmd/payrun/command.h"
#include "run/run.h"

/* Findings of one file as they come: all for --json, the first ones for a terminal. */
struct listing {
	struct program *program;
	const char *path;
	struct buf text; /* what is listed so far */
	int64_t shown;
	int64_t left_out;
	bool concluded;
};

struct files {
	struct run_files run;
	struct listing *listings;
};

/* The words of the command as files with its options. False: told. Release it in any case. */
bool files_read(struct program *program, struct files *files);
void files_release(struct files *files);

/* Once a file: its findings, how many more there are, the error file, what became of it. */
void files_conclude(struct program *program, const struct files *files, int index);
/* Channels, hosts, SANDBOX or LIVE, sums, new beneficiaries, the five largest. */
void files_preview(const struct program *program, const struct run_files *files, struct buf *text);
/* The element of "batches" of a file that has no batch: checked, refused, or tried with --dry-run. */
void files_add_json(struct program *program, const struct receive_result *result);

#endif
