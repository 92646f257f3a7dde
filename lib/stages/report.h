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
	int64_t batch;	    /* 0: all batches */
	const char *format; /* "csv", "json", "text"; NULL: by the ending of path, else text */
	const char *path;   /* NULL: standard output (fd 1) */
	const char *channel; /* filters; NULL: none */
	state_set states;
	const char *beneficiary;
	int64_t from_utc_ms, to_utc_ms; /* of received_at; 0: none */
	bool unmask, raw;
};

/* One report. A file is written whole or not at all. */
MUST_CHECK bool report_write(struct stage *stage, const struct report_options *options, struct fault *fault);

/* reports/BATCH/payouts.csv and report.json; older ones are kept under their date. paths: the two written. */
MUST_CHECK bool report_batch(struct stage *stage, int64_t batch, const char *folder, char paths[2][512],
	struct fault *fault);

#endif
