/*
 * What the files of the report share. Floor 3, inside the report alone.
 */
#ifndef STAGES_REPORT_PARTS_H
#define STAGES_REPORT_PARTS_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/file.h"
#include "formats/report_writer.h"
#include "stages/report.h"

/* Writes the report into out, which the caller commits or abandons. Called within journal_read_begin(), so that sums,
 * head and lines are of one moment. stoppable: a signal ends it (FAULT_STOPPED). A failed write ends it early and gives
 * true: file_commit() tells. */
MUST_CHECK bool report_send(struct stage *stage, const struct report_options *options,
	const struct report_format *format, struct file_out *out, bool stoppable, struct fault *fault);

#endif
