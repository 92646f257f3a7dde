/*
 * Report: the journal's lines through a report writer into a file or a stream. Floor 3.
 */
#ifndef STAGES_REPORT_H
#define STAGES_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "stages/stage.h"

struct report_options {
	int64_t batch;           /* 0: all batches */
	const char *format;      /* "csv", "json", "text", "xlsx", "pain.002"; NULL: by the ending of path, else text */
	const char *path;        /* NULL or "-": standard output (fd 1) */
	const char *channel;     /* filters; NULL: none */
	state_set states;        /* 0: all */
	const char *beneficiary; /* part of the name, whatever the case */
	int64_t from_utc_ms, to_utc_ms; /* batches received from the one on and before the other; 0: no bound */
	bool unmask;                    /* destinations as they are */
	bool raw;                       /* csv: no apostrophe before what a spreadsheet would run */
};

/*
 * One report; reads only. A file is written whole or not at all, 0600, durably. Totals are those of the whole batches,
 * whatever channel, states and beneficiary leave out; what is listed then has totals of its own ("listed" in JSON).
 * A pain.002 (pain.002.001.03, pain.002.001.10; pain.002: the one that answers the batch's message) is about one batch,
 * else FAULT_USAGE; the group's status is that of the whole batch, whatever is left out of the list.
 * Without a batch, JSON has "batch": null and "batches": a list of those in the report. html and unknown formats
 * are FAULT_USAGE; a signal ends it with FAULT_STOPPED.
 */
MUST_CHECK bool report_write(struct stage *stage, const struct report_options *options, struct fault *fault);

/*
 * FOLDER/BATCH/payouts.csv and report.json (0600, folders 0700), masked and guarded. Older ones are kept under the date
 * they were written (payouts.2026-11-20T083000Z.csv; .2, .3, ... where that is taken). Then an event of kind report
 * with the SHA-256 of both, in a transaction of its own. paths: the two written. Doesn't stop for a signal.
 */
MUST_CHECK bool report_batch(
	struct stage *stage, int64_t batch, const char *folder, char paths[2][512], struct fault *fault);

#endif
