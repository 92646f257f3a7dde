/*
 * The error file of formats that have no room for columns behind a row: the findings themselves, each with the place it
 * speaks of (CONTRACT, section 4). Floor 2. JSON: an array, a finding a line; NDJSON: a finding a line. 0600, whole or
 * not at all.
 */
#ifndef FORMATS_WRITE_FINDINGS_H
#define FORMATS_WRITE_FINDINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "values/finding.h"

struct findings_writer {
	struct file_out out;
	bool lines; /* NDJSON */
	int64_t count;
	struct buf text; /* of the finding being written */
};

MUST_CHECK bool findings_writer_begin(
	struct findings_writer *writer, const char *path, bool lines, struct fault *fault);

/* index: of the element, from 0; below 0: the finding is of the file. pointer: RFC 6901. reference: what payrun knows
 * the row by, "" where there is none. A failed write is told by findings_writer_commit(). */
void findings_writer_add(struct findings_writer *writer, const struct finding *finding, int64_t index,
	struct text pointer, struct text reference);

/* Either ends the writer. */
MUST_CHECK bool findings_writer_commit(struct findings_writer *writer, struct fault *fault);
void findings_writer_abandon(struct findings_writer *writer);

#endif
