/*
 * Which cell formats of a workbook show dates or times. Floor 2. A flag a format, at most BOUND_BOOK_STYLES.
 */
#ifndef FORMATS_XLSX_STYLES_H
#define FORMATS_XLSX_STYLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "formats/xlsx_zip.h"

struct xlsx_styles {
	struct buf dates;   /* a byte a cell format: 1 for a date */
	struct buf formats; /* what the workbook's own number formats are; while it is read */
};

/* Reads the part. False: the archive's refusal, or the fault. Zero-initialised there is one format, which is plain;
 * released either way. */
MUST_CHECK bool xlsx_styles_read(
	struct xlsx_styles *styles, struct xlsx_zip *zip, const char *part, struct fault *fault);
void xlsx_styles_release(struct xlsx_styles *styles);
/* Of the attribute s of a cell, which may be empty. False: there is no such format. */
bool xlsx_styles_date(const struct xlsx_styles *styles, struct text style, bool *date);

#endif
