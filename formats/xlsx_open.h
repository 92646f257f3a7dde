/*
 * Finds its way in a workbook: is it one, which sheet is read, where are strings and formats. Floor 2. Texts of the
 * book lie in the caller's arena.
 */
#ifndef FORMATS_XLSX_OPEN_H
#define FORMATS_XLSX_OPEN_H

#include "base/arena.h"
#include "formats/xlsx_book.h"
#include "formats/xlsx_zip.h"

/* sheet: the name of the sheet that is read; NULL: the first that shows. False: the archive's refusal (no workbook,
 * one of another kind, no such sheet), or the fault. */
MUST_CHECK bool xlsx_open_book(
	struct xlsx_book *book, struct xlsx_zip *zip, const char *sheet, struct arena *arena, struct fault *fault);

/* What the first bytes say: a file that only looks like a workbook is refused in words. False: the source could not be
 * read. Without a refusal it is a ZIP archive. */
MUST_CHECK bool xlsx_open_look(struct source *source, struct refusal *refusal, struct fault *fault);
/* As reader_format.sniff(). */
int xlsx_open_sniff(struct text head);

#endif
