/*
 * Receive: a file becomes a batch. Parse, check, key, journal; one transaction, so that a refusal leaves nothing. Floor 3.
 *
 * Memory does not grow with the file: findings and repeats lie in temporary files beside the journal (check: in TMPDIR).
 */
#ifndef STAGES_RECEIVE_H
#define STAGES_RECEIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bounds.h"
#include "base/fault.h"
#include "stages/stage.h"
#include "values/finding.h"

enum on_error { ON_ERROR_REFUSE = 0, ON_ERROR_SKIP, ON_ERROR_MAX };

#define RECEIVE_TOTALS_MAX 16

struct expected_total {
	char currency[CURRENCY_SIZE];
	struct text amount; /* decimal text as given */
};

struct receive_options {
	const char *path; /* "-" is standard input */
	const char *channel, *profile, *format, *encoding; /* NULL: not given */
	char delimiter;	   /* 0: not given */
	char decimal_mark; /* '.' or ',' */
	const char *batch_id;
	int64_t expect_count; /* -1: not given */
	struct expected_total expect_totals[RECEIVE_TOTALS_MAX];
	int expect_total_count;
	enum on_error on_error;
	int max_percent;	 /* of ON_ERROR_MAX */
	const char *errors_path; /* --errors, or NULL: NAME.errors.EXT beside the input, else in reports */
	bool write_errors;	 /* write the error file when a row has an error */
	bool hold;		 /* submit --hold */
	bool keep;		 /* true: commit; false: roll back at the end (dry run, preview) */
	/* Repeats across several FILEs of one command: references seen in earlier files. NULL: only this file. */
	struct repeats *across;
	int file_index;
};

/* Per currency and channel, for the preview. */
struct receive_sum {
	char currency[CURRENCY_SIZE];
	char channel[CHANNEL_NAME_SIZE];
	unsigned decimals;
	int64_t count; /* good rows */
	int64_t minor;
};

#define RECEIVE_SUMS_MAX 64
#define RECEIVE_LARGEST 5

struct receive_large {
	int64_t row;
	char currency[CURRENCY_SIZE];
	unsigned decimals;
	int64_t minor;
	char reference[300]; /* escaped for a terminal */
};

enum receive_verdict {
	RECEIVE_FAULT = 0, /* the operation failed */
	RECEIVE_REFUSED,   /* the file is refused as a whole (exit 3); nothing is left of it */
	RECEIVE_NEW,	   /* received (or would be, with keep false) */
	RECEIVE_KNOWN,	   /* these bytes were received before: batch names the batch */
	RECEIVE_STOPPED,   /* a signal came before the commit: nothing is left */
};

struct receive_result {
	enum receive_verdict verdict;
	char batch_name[BOUND_BATCH_ID + 1];
	int64_t batch;	    /* id in the journal; 0 where there is none (check, refused, keep false) */
	char sha256_hex[65];
	char file_name[256];
	int64_t received_at; /* of RECEIVE_KNOWN */
	int64_t rows, good, bad, duplicate, held, warnings;
	struct receive_sum sums[RECEIVE_SUMS_MAX];
	int sum_count;
	struct receive_large largest[RECEIVE_LARGEST];
	int largest_count;
	int64_t new_beneficiaries; /* never paid before; -1 where there is no journal to tell */
	char error_file[512];	   /* path of the error file written, or "" */
	bool held_suspected;	   /* some rows wait for approval */
	bool control;		   /* control totals were given and agree */
};

/* Takes each finding in order of rows, file findings first; for --json and the terminal. */
struct finding_sink {
	void (*add)(void *context, const struct finding *finding);
	void *context;
};

/* Checks a file without a journal (stage->journal may be NULL). */
enum receive_verdict receive_check(struct stage *stage, const struct receive_options *options,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault);
/* Receives it into the journal; the lease is held by the caller. */
enum receive_verdict receive_file(struct stage *stage, const struct receive_options *options,
	const struct finding_sink *sink, struct receive_result *result, struct fault *fault);

#endif
