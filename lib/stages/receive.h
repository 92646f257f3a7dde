/*
 * Receive: a file becomes a batch. Parse, check, key, journal; one transaction, so that a refusal leaves nothing.
 * Floor 3.
 *
 * Memory does not grow with the file: findings and repeats lie in temporary files beside the journal (check: in
 * TMPDIR).
 */
#ifndef STAGES_RECEIVE_H
#define STAGES_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/fault.h"
#include "stages/stage.h"
#include "values/currency.h"
#include "values/finding.h"
#include "values/state.h"

struct payout;
struct repeats;

enum on_error { ON_ERROR_REFUSE = 0, ON_ERROR_SKIP, ON_ERROR_MAX };

#define RECEIVE_TOTALS_MAX 16
#define RECEIVE_FILES_MAX 128 /* of one command; each keeps some files open while all are checked */

struct expected_total {
	char currency[CURRENCY_SIZE];
	struct text amount; /* decimal text as given */
};

/* For whoever counts what a file would pay; either may be NULL. row is of receive_check() and of known bytes. */
struct receive_tally {
	/* Each good row of a check, in order. A row whose reference turns out to be repeated was good until then, but
	 * its file is refused. */
	void (*row)(void *context, const struct payout *payout);
	/* receive_file() with keep false: the rows as they would be kept, in the journal until it returns. False fails
	 * the receive. Not called for known bytes, whose batch stands in the result. */
	bool (*batch)(void *context, int64_t batch, struct fault *fault);
	void *context;
	bool unkeyed; /* `row` has no use for content and key: the check need not make them */
};

struct receive_options {
	const char *path;                                  /* "-" is standard input */
	const char *channel, *profile, *format, *encoding; /* NULL: not given */
	char delimiter;                                    /* 0: not given */
	char decimal_mark;                                 /* '.' or ','; 0: not given */
	const char *batch_id;
	int64_t expect_count; /* -1: not given */
	struct expected_total expect_totals[RECEIVE_TOTALS_MAX];
	int expect_total_count;
	enum on_error on_error;
	int64_t max_share_ppm;   /* of ON_ERROR_MAX: refused when more of a million rows would have errors */
	const char *errors_path; /* --errors, or NULL: NAME.errors.EXT beside the input, else in reports */
	bool write_errors;       /* write the error file when a row has an error */
	bool allow_duplicates;   /* submit --allow-duplicates: rows that look like others are paid */
	const char *why;         /* with it: the reason, for the journal */
	bool hold;               /* submit --hold */
	int64_t corrects;        /* --corrects: batch whose ended payouts get these contents; 0: none */
	bool keep;               /* true: commit; false: roll back at the end (dry run, preview) */
	/* One of several FILEs of a command, which receive_check_all() has checked before: what it found across them,
	 * the place of this file among them, and the SHA-256 it had then (another one now is FILE_CHANGED). NULL: one
	 * file. */
	struct repeats *across;
	int file_index;
	const char *sha256_hex;
	const struct receive_tally *tally; /* or NULL */
};

/* Per currency and channel, for the preview. */
struct receive_sum {
	char currency[CURRENCY_SIZE];
	char channel[CHANNEL_NAME_SIZE];
	unsigned decimals;
	int64_t count; /* good rows */
	int64_t minor;
	int64_t held_count; /* of them those that wait */
	int64_t held_minor;
};

#define RECEIVE_SUMS_MAX 256 /* currencies times channels of one file; more of them refuse the file */
#define RECEIVE_LARGEST 5

struct receive_large {
	int64_t row;
	char currency[CURRENCY_SIZE];
	unsigned decimals;
	int64_t minor;
	char reference[300]; /* escaped for a terminal */
};

#define RECEIVE_LIMITS_MAX 64 /* limits that a file touches: what comes after is enforced, not shown */

/* A limit that the good rows of a file count against. */
struct receive_limit {
	char channel[CHANNEL_NAME_SIZE];
	char currency[CURRENCY_SIZE];
	unsigned decimals;
	enum channel_limit limit; /* per batch or per day */
	int64_t minor;            /* of the file */
	int64_t most;
	int64_t spent; /* of the day so far; -1: nobody can tell (check), or a limit of no day */
};

enum receive_verdict {
	RECEIVE_FAULT = 0, /* the operation failed: see fault; nothing is left of the file */
	RECEIVE_REFUSED,   /* the file is refused as a whole (exit 3); the findings say why, or fault where it is set */
	RECEIVE_NEW,       /* received (or would be, with keep false) */
	RECEIVE_KNOWN, /* these bytes were received before: batch names the batch, the findings are those of a check */
	RECEIVE_STOPPED, /* a signal came before the commit: nothing is left; fault says so in words */
};

struct receive_result {
	enum receive_verdict verdict;
	char batch_name[BOUND_BATCH_ID + 1]; /* "" where none was made (refused before it was known, check) */
	int64_t batch;                       /* id in the journal; 0 where there is none (check, refused, keep false) */
	char sha256_hex[65];                 /* "" where the file was not read to its end */
	char file_name[256];
	int64_t received_at; /* of RECEIVE_KNOWN */
	/* Rows of the file = good + bad + duplicate; held rows are good ones too. Of RECEIVE_KNOWN: as a check has
	 * them. */
	int64_t rows, good, bad, duplicate, held;
	int64_t duplicates[PAYOUT_STATES]; /* by the state of their original: they count as that for the exit code */
	int64_t errors, warnings;          /* findings, those of the file included */
	struct receive_sum sums[RECEIVE_SUMS_MAX];
	int sum_count;
	struct receive_large largest[RECEIVE_LARGEST];
	int largest_count;
	struct receive_limit limits[RECEIVE_LIMITS_MAX];
	int limit_count;
	int64_t new_beneficiaries; /* no earlier payout went there; -1 where nobody can tell; counted for a preview
				      (keep false; of a check by whoever has a journal: beneficiaries.h) */
	char error_file[512];      /* path of the error file written, or "" */
	char error_file_lacks[96]; /* what it could not be given: "notes: ...", or "" */
	int64_t suspected;         /* rows with DUPLICATE_SUSPECTED */
	bool held_suspected;       /* they wait for approval */
	bool approval;             /* the batch needs approval: all its good rows wait for it */
	bool control;              /* control totals were given and agree */
};

/* Takes each finding, those of the file first, then in order of rows; for --json and the terminal. A finding lives
 * until add returns. A cause shared by more than half of at least 20 rows is one finding of the file. */
struct finding_sink {
	void (*add)(void *context, const struct finding *finding);
	void *context;
};

/* All of these: a wrong option, a missing file, a channel without an adapter is a fault of kind FAULT_USAGE (exit 2),
 * and nothing was read. results are filled whatever the verdict; sinks may be NULL. */

/* Checks one file without a journal (stage->journal may be NULL): RECEIVE_NEW or RECEIVE_REFUSED. */
enum receive_verdict receive_check(struct stage *stage, const struct receive_options *options,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault);
/* Checks several (at most RECEIVE_FILES_MAX, file_index 0, 1, 2, ...), repeats across them included: sinks[i] and
 * results[i] are those of options[i], each with its own verdict. RECEIVE_REFUSED when one of them is. across, unless
 * NULL: what receive_file() needs for each of them; repeats_close() it afterwards. What receive_file() finds in a file
 * it tells anew: findings of this call need no telling where it follows. */
enum receive_verdict receive_check_all(struct stage *stage, const struct receive_options *options, int count,
	const struct finding_sink *sinks, struct receive_result *results, struct repeats **across, struct fault *fault);
/* Receives one into the journal; the lease is held by the caller. Batch ids that are taken refuse the file
 * (BATCH_ID_TAKEN), unless it is the one that is corrected, and so do known bytes with another --channel or --profile
 * (BATCH_OPTIONS), or those of the batch that is to be corrected (CORRECTS_SAME). */
enum receive_verdict receive_file(struct stage *stage, const struct receive_options *options,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault);

#endif
