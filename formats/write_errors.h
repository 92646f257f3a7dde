/*
 * The error file: the user's own bytes, row for row, with payrun's columns behind them (CONTRACT, section 4). Floor 2.
 * Line ends, quotes, blank rows and a byte order mark stay as they are; what stands in payrun's columns is never a
 * formula. Where the input is an error file itself (payrun's columns are its last six), the old ones give way to the
 * new. It is written in the input's encoding; a character of payrun's columns that this has not becomes a question
 * mark.
 */
#ifndef FORMATS_WRITE_ERRORS_H
#define FORMATS_WRITE_ERRORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "formats/decoder.h"
#include "formats/dialect.h"
#include "values/finding.h"

enum error_column { ERROR_ROW = 0, ERROR_SEVERITY, ERROR_FIELD, ERROR_CODE, ERROR_MESSAGE, ERROR_REFERENCE };
#define ERROR_COLUMNS 6
extern const char *const error_columns[ERROR_COLUMNS]; /* their names */

/* Adds what all findings of a row say in one of the columns from severity to message. */
void error_join(struct buf *buf, enum error_column column, const struct finding *findings, size_t count);
/* Adds the message with the cure in it. */
void error_message(struct buf *buf, const struct finding *finding);

struct error_writer {
	struct file_out out;
	char delimiter;
	struct encoder *encoder; /* NULL: UTF-8 */
	struct buf encoded;
	size_t field_count; /* of the header */
	bool handed_back;   /* the input has payrun's columns at its end */
	struct buf cells;   /* of the row being written */
	struct buf joined;  /* one of them, of several findings */
};

/* Starts the file (0600, whole or not at all). header: the input's header with the line end; dialect: the input's, in
 * which the file is written. Here and below all text is UTF-8. */
MUST_CHECK bool error_writer_begin(struct error_writer *writer, const char *path, struct text header,
	const struct dialect *dialect, struct fault *fault);

/* One row of the input: its bytes with the line end, its number, its findings in order (count may be 0), and the
 * reference payrun knows it by ("" where there is none). A failed write is told by error_writer_commit(). */
void error_writer_row(struct error_writer *writer, struct text raw, int64_t row, const struct finding *findings,
	size_t count, struct text reference);

/* Bytes of the input that are no row: blank ones. */
void error_writer_blanks(struct error_writer *writer, struct text raw);

/* Either ends the writer. */
MUST_CHECK bool error_writer_commit(struct error_writer *writer, struct fault *fault);
void error_writer_abandon(struct error_writer *writer);

#endif
