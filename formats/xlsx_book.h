/*
 * What is known of an open workbook besides its rows: for who reads its sheet, and for who writes the same sheet again
 * with its errors marked. Floor 2. Names of parts are those of entries in the ZIP archive, without a leading slash.
 * Columns count from 0 (A), rows from 1.
 */
#ifndef FORMATS_XLSX_BOOK_H
#define FORMATS_XLSX_BOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct reader;

struct xlsx_book {
	const char *book_part;    /* "xl/workbook.xml" */
	const char *sheet_part;   /* "xl/worksheets/sheet1.xml": the sheet that is read */
	const char *sheet_name;   /* as its tab shows it, UTF-8 */
	const char *styles_part;  /* "": the workbook has none */
	const char *strings_part; /* of shared strings; "": none */
	bool strict;              /* the namespaces are those of ISO 29500 strict, not the transitional ones */
	bool from_1904;           /* days are counted from 1904-01-01 */
	int64_t header_row;       /* 0: the sheet has no header (a profile's header = no) */
	size_t columns;           /* of the header: up to its last cell that isn't empty */
};

/* Of a reader of reader_xlsx, which keeps it; NULL where the file was refused when it was opened. */
const struct xlsx_book *xlsx_book_of(const struct reader *reader);
/* Where the header has the field of a finding ("amount", "payrun_reference", "recipient.ifsc", "recipient": the first
 * of them); -1: nowhere. */
int xlsx_book_column(const struct reader *reader, const char *field);
/* Where the header has a cell of this name, as names are compared; -1: nowhere. */
int xlsx_book_named(const struct reader *reader, const char *name);

/* Adds the name of a cell: "B7" of column 1 and row 7; "B" for row 0. */
void xlsx_cell_name(struct buf *out, size_t column, int64_t row);

#endif
