/*
 * The error file of a workbook: the user's own workbook, its cells marked by a fill and a note, with payrun's columns
 * beside the rows (CONTRACT, section 4). Floor 2. Everything else stays as it is: other sheets, formats, pictures. What
 * it writes is text, never a formula. Where the workbook is an error file itself, old marks, notes and columns of
 * payrun give way to the new ones. A cell's own format stays but for its fill.
 */
#ifndef FORMATS_WRITE_ERRORS_XLSX_H
#define FORMATS_WRITE_ERRORS_XLSX_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"
#include "formats/reader.h"
#include "formats/source.h"
#include "values/finding.h"

struct error_book;

/* Starts the file at path (0600, whole or not at all). reader: of reader_xlsx, on the same source; kept. folder: of
 * scratch files, the caller's string. NULL: see fault. */
struct error_book *error_book_begin(
	const char *path, struct source *source, struct reader *reader, const char *folder, struct fault *fault);

/* A row that the reader gave, in order; its findings, also none; what payrun knows it by, "" where there is nothing. */
MUST_CHECK bool error_book_row(struct error_book *book, int64_t row, const struct finding *findings, size_t count,
	struct text reference, struct fault *fault);

/* What the workbook does not allow to be written, once the last row is: "notes: ..."; "" where nothing is left out. The
 * columns are always there. */
const char *error_book_lacks(const struct error_book *book);

/* Either ends it. */
MUST_CHECK bool error_book_commit(struct error_book *book, struct fault *fault);
void error_book_abandon(struct error_book *book);

#endif
