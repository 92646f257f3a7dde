/*
 * A report writer turns lines of a report into one format. Floor 2.
 *
 * A format is one const struct: name, ending, begin, line, end. Lines stream: memory does not grow with the report.
 * Everything goes to a struct file_out, which keeps the first failed write; writers themselves can't fail, but for the
 * one of workbooks, whose scratch files can: its fault is asked for after the end. What they write is always
 * well-formed UTF-8: a byte that is none becomes U+FFFD.
 */
#ifndef FORMATS_REPORT_WRITER_H
#define FORMATS_REPORT_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/text.h"
#include "values/origin.h"
#include "values/report_line.h"

struct pain002;

struct report_batch {
	struct text id;
	struct text file;
	char sha256[65]; /* hex */
	int64_t received_at;
	struct text received_by;
	struct text format; /* of the file: "csv" */
	int64_t rows;
	bool control; /* control totals were given and agreed */
};

/* What stands before the lines. */
struct report_head {
	const struct report_batch *batches;
	size_t batch_count;
	bool one;                             /* a batch was asked for: it is batches[0]; else all of the journal */
	const struct origin_message *message; /* the ISO 20022 message that batch came as; NULL: it came as none */
	int64_t now_ms;                       /* UTC, when the report is made */
	const struct report_totals *in;       /* as received, one a currency; the state means nothing */
	const struct report_totals *totals;   /* as it stands now */
	const int64_t *repeats; /* of PAYOUT_STATES: duplicates by the state of what they repeat, where the format is
				 * about one batch; NULL: not known */
	bool balanced;          /* in = the sum over all states, per currency */
	const char *head;       /* hash of the newest event, hex */
};

/* What stands behind them. */
struct report_foot {
	bool filtered; /* not all payouts were listed: these were */
	const struct report_totals *listed;
};

struct report_writer;
struct workbook;
struct workbook_sheet;

struct report_format {
	const char *name;      /* "csv" */
	const char *extension; /* ".csv" */
	bool totals;           /* writes head.in, .totals and .balanced; they cost a look at every payout */
	bool one;              /* is about one batch, whole: head.one */
	void (*begin)(struct report_writer *writer, const struct report_head *head);
	void (*line)(struct report_writer *writer, const struct report_line *line);
	void (*end)(struct report_writer *writer, const struct report_foot *foot);
	void (*release)(struct report_writer *writer); /* NULL: nothing of its own to release */
};

#define REPORT_TABLE_COLUMNS 9 /* of the text table */

struct report_writer {
	const struct report_format *format;
	struct file_out *out;             /* the caller's */
	const struct report_head *head;   /* the caller's; stays until the end */
	bool raw;                         /* csv, xlsx: formulas and control characters are left as they are */
	int64_t lines;                    /* so far */
	struct buf line;                  /* what is being built */
	struct buf spare;                 /* a cell made well-formed */
	struct buf tame;                  /* csv, xlsx: a cell that no terminal acts on */
	struct buf held;                  /* text: lines that wait until the widths are known */
	int widths[REPORT_TABLE_COLUMNS]; /* text */
	bool titled;                      /* text: the titles stand already */
	struct workbook *book;            /* xlsx */
	struct workbook_sheet *sheet;     /* xlsx: of the payouts */
	size_t sheet_count;               /* xlsx: those of payouts */
	struct fault fault;               /* xlsx: of its scratch files; known after the end */
	struct pain002 *message;          /* pain.002 */
};

extern const struct report_format report_csv;
extern const struct report_format report_json;
extern const struct report_format report_text;
extern const struct report_format report_xlsx;
extern const struct report_format report_pain002; /* in the version that answers the message the batch came as */
extern const struct report_format report_pain002_03;
extern const struct report_format report_pain002_10;

/* By name ("csv"); by the ending of a path, whatever its case; NULL when there is none. */
const struct report_format *report_format_named(struct text name);
const struct report_format *report_format_ending(struct text path);

void report_writer_begin(struct report_writer *writer, const struct report_format *format, struct file_out *out,
	const struct report_head *head, bool raw);
void report_writer_line(struct report_writer *writer, const struct report_line *line);
/* False: see fault. */
MUST_CHECK bool report_writer_end(struct report_writer *writer, const struct report_foot *foot, struct fault *fault);
void report_writer_release(struct report_writer *writer);

/* For the writers. The text itself where it is UTF-8, else a copy in spare with U+FFFD for every bad byte. */
struct text report_utf8(struct buf *spare, struct text text);

#endif
