/*
 * A reader turns the bytes of an input into raw rows, one at a time. Floor 2.
 *
 * A format is one const struct: name, sniff by content, open, next, close. Rows stream; memory does not grow with the
 * file. What is wrong with one row is a finding of that row; what makes the rest unreadable is a finding of the file
 * (row 0) and ends the reading with READER_REFUSED.
 */
#ifndef FORMATS_READER_H
#define FORMATS_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/text.h"
#include "formats/dialect.h"
#include "formats/source.h"
#include "values/amount.h"
#include "values/finding.h"
#include "values/origin.h"
#include "values/profile.h"
#include "values/row.h"

struct reader;

struct reader_options {
	char delimiter;                     /* ',' ';' '\t' '|'; 0: by content of the header line */
	const char *encoding;               /* NULL: UTF-8, or UTF-16 where the file has its mark */
	char decimal_mark;                  /* as the rules read amounts: '.' or ','; 0 is '.' */
	const struct amount_style *amounts; /* how they are written, of a table with a profile; else NULL */
	const struct profile *profile; /* for tables: what their headers mean; for messages: constants; NULL: none */
	const char *folder;            /* of scratch files; NULL: TMPDIR */
};

#define READER_TOTALS_MAX 64 /* currencies of a file's control totals: files of more are split */

struct reader_total {
	struct text currency; /* empty: the one that all rows have */
	struct text amount;   /* decimal text as given */
	bool minor;           /* in the currency's smallest unit */
};

/* What a file says of all its payouts before the first of them (JSON: batch_id, channel, control; pain.001: its group
 * header, which then says its count and its sum over all currencies there, and not as count and totals). */
struct reader_batch {
	struct text batch_id, channel; /* empty: not said */
	int64_t count;                 /* -1: not said */
	int64_t line;                  /* on which it says so, from 1; 0: not known */
	struct reader_total totals[READER_TOTALS_MAX];
	size_t total_count;
	struct origin_message message; /* name "": it is none */
};

enum reader_verdict {
	READER_FAULT = 0, /* the operation failed: fault says why */
	READER_ROW,     /* row is filled (its findings may hold errors of the reading: then rules are not run on it) */
	READER_REFUSED, /* findings hold why the file is refused as a whole; nothing more can be read */
	READER_END,
};

struct reader_format {
	const char *name;      /* "csv" */
	const char *alias;     /* another name that --format takes; NULL: none */
	const char *extension; /* ".csv" */
	/* Profiles are for tables; of this format they may say constants and purposes, and nothing else. */
	bool takes_constants;
	/* What to do where no row can have a column that it needs; NULL: as for tables. */
	const char *missing_cure;
	/* How surely head is of this format: 0 not at all, 1 could be (csv: any text), 2 certainly. */
	int (*sniff)(struct text head);
	/* Reads what stands before the rows (header line, JSON frame). NULL: see fault. The source must outlive it. */
	struct reader *(*open)(struct source *source, const struct reader_options *options, struct fault *fault);
	/* The next row. findings were begun by the caller for this row (findings_begin with number 0; the reader sets
	 * row and line). Header findings come with the first call as findings of row 0, as READER_ROW never do: see
	 * file_findings. */
	enum reader_verdict (*next)(
		struct reader *reader, struct row *row, struct findings *findings, struct fault *fault);
	/* The bytes of the row just read as they stand in the input, with the line end: for the error file. */
	struct text (*raw)(const struct reader *reader);
	/* After open: findings of the header; errors among them refuse the file. In the arena. */
	void (*header)(struct reader *reader, struct findings *findings);
	/* The header's own bytes with the line end (csv), for the error file; empty where there are none. */
	struct text (*header_raw)(const struct reader *reader);
	bool (*has_column)(const struct reader *reader, enum column column);
	/* These six: NULL where a format has nothing of the kind. */
	/* The bytes of the blank rows before the row just read, or before the end of the file, for the error file. */
	struct text (*blanks)(const struct reader *reader);
	/* What the error file is written in too; after header(). Its texts are the reader's. */
	const struct dialect *(*dialect)(const struct reader *reader);
	/* After header(): what the file says of its batch; the texts live as long as the reader. */
	const struct reader_batch *(*batch)(const struct reader *reader);
	/* There is no header: each row has names of its own, has_column() is true of all columns that rows can have,
	 * and what is wrong with the names are findings of the file that are known after the last row. */
	void (*names)(const struct reader *reader, struct findings *findings);
	/* After the last row, where a file says counts and sums at several levels or across currencies, which the
	 * reader compares itself: CONTROL_COUNT and CONTROL_TOTAL as findings of the file. *said: it says any. True:
	 * all agree. */
	bool (*controls)(const struct reader *reader, bool *said, struct findings *findings);
	/* The JSON pointer to a field of the row just read, or to the row: from the document down (NDJSON: from the
	 * line). pain.001: the path of its element, PmtInf[2]/CdtTrfTxInf[5]/CdtrAcct/Id/IBAN. */
	void (*pointer)(struct reader *reader, const char *field, struct buf *out);
	void (*close)(struct reader *reader);
};

extern const struct reader_format reader_csv;
extern const struct reader_format reader_json;
extern const struct reader_format reader_ndjson;
extern const struct reader_format reader_xlsx;
extern const struct reader_format reader_pain001;

/* All formats of this version; ended by NULL. */
extern const struct reader_format *const reader_formats[];
/* By name; NULL when unknown. By content: the surest sniff. */
const struct reader_format *reader_format_named(struct text name);
const struct reader_format *reader_format_sniffed(struct text head);

#endif
