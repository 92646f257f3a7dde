/*
 * The shared strings of a workbook. Floor 2. They are kept in scratch files, a table of where each ends and their
 * texts, and read through a few pages: memory does not grow with them.
 */
#ifndef FORMATS_XLSX_STRINGS_H
#define FORMATS_XLSX_STRINGS_H

#include <stdint.h>

#include "base/buf.h"
#include "formats/xlsx_pages.h"
#include "formats/xlsx_zip.h"

struct xlsx_strings {
	struct xlsx_pages ends, texts;
	int64_t count;
};

/* Reads the part; folder: of scratch files, the caller's. False: the archive's refusal, or the fault. Zero-initialised
 * there are none; released either way. */
MUST_CHECK bool xlsx_strings_read(
	struct xlsx_strings *strings, struct xlsx_zip *zip, const char *part, const char *folder, struct fault *fault);
void xlsx_strings_release(struct xlsx_strings *strings);
/* Adds the text of a string below count; one beyond BOUND_FIELD_BYTES is cut a byte after that. */
MUST_CHECK bool xlsx_strings_add(struct xlsx_strings *strings, int64_t index, struct buf *out, struct fault *fault);

#endif
