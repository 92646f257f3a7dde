/*
 * The error file of an ISO 20022 message (pain.001): the status report that answers it (pain.002). Floor 2. 0600, whole
 * or not at all.
 *
 * A message refused as a whole is RJCT, and its bad transactions are listed, each with its reasons. Of one that is
 * taken in part (PART) all are: bad ones RJCT, repeats of live payouts RJCT with AM05, good ones ACTC. Each finding is
 * a reason: ISO's code for it, then field, code, message and cure in words; a warning is words alone.
 */
#ifndef FORMATS_WRITE_ERRORS_PAIN002_H
#define FORMATS_WRITE_ERRORS_PAIN002_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "values/finding.h"
#include "values/origin.h"
#include "values/row.h"

struct pain002;
struct pain002_reason;

/* What is known of the message before its transactions. */
struct error_report_head {
	const struct origin_message *message;
	int64_t now_ms;                 /* UTC */
	const char *sha256;             /* of the file, hex */
	bool refused;                   /* as a whole */
	int64_t rows, good;             /* neither bad nor a repeat */
	int64_t repeats;                /* of payouts that live */
	const struct finding *findings; /* of the file */
	size_t count;
};

struct error_report {
	struct file_out out;
	struct pain002 *message;
	bool refused;
	bool all;          /* transactions are listed, not the bad ones alone */
	struct buf *words; /* of each reason of a row */
	struct pain002_reason *reasons;
};

MUST_CHECK bool error_report_begin(
	struct error_report *report, const char *path, const struct error_report_head *head, struct fault *fault);

/* A transaction with its findings; count may be 0. A failed write is told by error_report_commit(). */
void error_report_row(struct error_report *report, const struct row *row, const struct finding *findings, size_t count);

/* Either ends the report. */
MUST_CHECK bool error_report_commit(struct error_report *report, struct fault *fault);
void error_report_abandon(struct error_report *report);

#endif
