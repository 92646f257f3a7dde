/*
 * Records of a CSV file: the fields of one record after the other, with its row number, its line and its bytes.
 * Floor 2. libcsv parses, strictly; memory is that of one record. Fields and bytes are valid until the next csv_next().
 */
#ifndef FORMATS_CSV_RECORDS_H
#define FORMATS_CSV_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <csv.h>

#include "base/bounds.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/text.h"
#include "formats/lines.h"
#include "formats/refusal.h"

struct csv {
	struct lines lines;
	struct csv_parser parser;
	char delimiter;
	size_t footer; /* lines at the end that are no rows */
	struct text fields[BOUND_COLUMNS];
	size_t field_count; /* as many as the record has; those beyond BOUND_COLUMNS are not kept */
	int64_t line;       /* on which it starts, from 1 */
	int64_t row;        /* as a spreadsheet counts it, from 1, blank rows too */
	size_t broken_at;   /* of CSV_BROKEN: byte of the line, from 0, where its quotes went wrong */
	struct refusal refusal;
	struct buf blanks; /* bytes of the blank rows, and of the footer, before the record, or before the end; at most
			      BOUND_LINE_BYTES */

	/* private */
	char *values; /* bytes of the fields that libcsv gave */
	size_t values_len;
	bool row_done;
	bool too_long; /* a field is over BOUND_FIELD_BYTES */
};

enum csv_verdict {
	CSV_FAULT = 0, /* the source could not be read: see fault */
	CSV_RECORD,
	CSV_BROKEN,  /* a record of one line whose quotes are wrong; the next one can be read */
	CSV_REFUSED, /* see refusal; nothing more can be read */
	CSV_END,
};

#define CSV_CURE_QUOTES                                                                                                \
	"Put quotes around the whole field and double those inside it: \"say \"\"hi\"\"\"; or take the quote out."

/* decoder: taken; NULL for UTF-8. The delimiter may be changed until the first record is read. */
void csv_open(struct csv *csv, struct source *source, struct decoder *decoder, char delimiter);
void csv_set_delimiter(struct csv *csv, char delimiter);
void csv_close(struct csv *csv);

/* The next record that isn't blank. */
enum csv_verdict csv_next(struct csv *csv, struct fault *fault);

/* The lines of the next record, blank ones before it included, are looked at and come again. What can't be read is met
 * again by who parses. */
MUST_CHECK bool csv_peek(struct csv *csv, struct text *record, struct fault *fault);
/* The record read last is no row: its bytes go to the blanks. */
void csv_pass(struct csv *csv);

#define CSV_CURE_UTF8                                                                                                  \
	"Say what the file was saved as with --encoding (western Excel: windows-1252), or save it as UTF-8 (in a "     \
	"spreadsheet: \"CSV UTF-8\")."

/* Sets the refusal; always CSV_REFUSED. */
enum csv_verdict csv_refuse(struct csv *csv, const char *code, int64_t line, const char *cure, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

#endif
