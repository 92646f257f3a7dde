/*
 * The rows of a sheet as it stores them: which cells are filled, with what. Floor 2. Memory is that of one row, at most
 * BOUND_LINE_BYTES of text; texts live until the next row. Rows and cells that don't come in order are a refusal.
 */
#ifndef FORMATS_XLSX_ROWS_H
#define FORMATS_XLSX_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "formats/xlsx_book.h"
#include "formats/xlsx_strings.h"
#include "formats/xlsx_styles.h"
#include "formats/xlsx_text.h"
#include "formats/xlsx_xml.h"

enum xlsx_kind {
	XLSX_CELL_EMPTY = 0,
	XLSX_CELL_TEXT,
	XLSX_CELL_NUMBER,    /* digits as the file has them */
	XLSX_CELL_SERIAL,    /* a number that shows as a date or a time */
	XLSX_CELL_DATE,      /* t="d": ISO 8601 */
	XLSX_CELL_FLAG,      /* TRUE or FALSE */
	XLSX_CELL_ERROR,     /* #N/A */
	XLSX_CELL_NO_RESULT, /* a formula that was never calculated */
};

struct xlsx_cell {
	enum xlsx_kind kind;
	size_t column; /* from 0 */
	struct text text;
	size_t start; /* private: of its text in the row's */
};

struct xlsx_rows {
	struct xlsx_zip *zip;
	const struct xlsx_book *book;
	struct xlsx_strings *strings;
	const struct xlsx_styles *styles;

	int64_t number; /* of the row, as the spreadsheet shows it */
	bool hidden;
	bool too_long; /* more text than BOUND_LINE_BYTES, or a text beyond BOUND_FIELD_BYTES: cells are missing */
	struct xlsx_cell cells[BOUND_COLUMNS]; /* those that are not empty, by column */
	size_t count;
	size_t outside;                        /* first filled column beyond BOUND_COLUMNS; 0: none */
	uint8_t hidden_columns[BOUND_COLUMNS]; /* known before the first row */
	/* Set by the caller once the header is read: its row, and which columns hold what is read. */
	int64_t table_row;
	uint8_t table_columns[BOUND_COLUMNS];
	char merged[48]; /* "G2:G4": the first merged cells of several rows there, one below the header; at the end */

	/* private */
	int64_t left; /* rows before the footer */
	int64_t last; /* number of the row given last */
	struct xlsx_xml xml;
	struct xlsx_text inline_text;
	struct buf texts, value;
	int64_t column;                                          /* of the cell, or the one before */
	enum { XLSX_BEFORE = 0, XLSX_INSIDE, XLSX_AFTER } place; /* of sheetData */
	bool in_columns, in_merges;
};

enum xlsx_verdict { XLSX_ROW_FAILED = 0, XLSX_ROW, XLSX_ROW_OF_FOOTER, XLSX_ROWS_END };

/* Reads what stands before the rows. The structs are kept. footer: so many of the last rows that aren't blank are
 * XLSX_ROW_OF_FOOTER; they are counted in a reading before. False: the archive's refusal, or the fault. */
MUST_CHECK bool xlsx_rows_open(struct xlsx_rows *rows, struct xlsx_zip *zip, const struct xlsx_book *book,
	struct xlsx_strings *strings, const struct xlsx_styles *styles, int64_t footer, struct fault *fault);
/* The next row that isn't blank. At the end the whole part was read and is sound. */
enum xlsx_verdict xlsx_rows_next(struct xlsx_rows *rows, struct fault *fault);
void xlsx_rows_close(struct xlsx_rows *rows);

#endif
