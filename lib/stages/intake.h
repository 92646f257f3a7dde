/*
 * Intake: one file on its way in, as `check` and `submit` share it: opened, its header judged, every row through the
 * rules, repeats found, control totals compared, findings told. Floor 3; for the files receive*.c and intake*.c alone.
 * It owns all it holds; memory does not grow with the file.
 */
#ifndef STAGES_INTAKE_H
#define STAGES_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sorter.h"
#include "formats/reader.h"
#include "formats/source.h"
#include "stages/causes.h"
#include "stages/control.h"
#include "stages/fingerprint.h"
#include "stages/marks.h"
#include "stages/preview.h"
#include "stages/receive.h"
#include "stages/repeats.h"
#include "stages/spill.h"
#include "stages/stage.h"
#include "values/rules.h"

/* A row as the intake read it. */
struct intake_row {
	int64_t index;               /* among the rows of the file, from 0 */
	const struct payout *payout; /* whole when good; else as rules_check() leaves it, or empty */
	bool good;
	struct text name;        /* of the beneficiary as the file has it, where the row is not good */
	enum payout_state state; /* rejected, held or ready */
	const struct findings *findings;
	const struct origin *origin; /* NULL: of no message */
	/* Of a good row, for a taker that has a fingerprint: */
	const uint8_t *likeness, *lookalike; /* 8 bytes each */
	const struct journal_body *body;
};

/* How repeats are found, within one file or several. */
struct intake_digests {
	struct fingerprint fingerprint;
	/* In a check the first half is of the reference's look-alike form: such references follow one another. */
	struct repeats *references;
	struct repeats *balances; /* of rows that pay from a balance, within each file */
	struct repeats *likeness; /* check only: of payouts in the journal the journal knows better */
};

/* What receive does with each row, and with a row whose state changes afterwards; check does neither. */
struct intake_taker {
	bool (*row)(void *context, const struct intake_row *row, struct fault *fault);
	bool (*restate)(void *context, int64_t index, enum payout_state state, const char *code, const char *message,
		struct fault *fault);
	void *context;
	const struct fingerprint *likeness; /* likeness.h; NULL: rows need no digests and bodies of a journal's */
};

struct intake {
	struct stage *stage;
	const struct receive_options *options;
	const struct profile *profile; /* of the options; NULL: none */
	struct amount_style amounts;   /* what both say of them */
	struct receive_result *result;
	struct intake_taker taker; /* all NULL: check */
	const char *folder;        /* of scratch files */
	struct source *source;
	uint8_t sha256[SHA256_SIZE]; /* once hashed or finished */
	const struct reader_format *format;
	struct reader *reader;
	struct sha256 *sha;
	struct arena row_arena;
	struct arena file_arena;
	struct findings file; /* of the file */
	struct rules rules;
	struct rules_day day;
	struct terms terms[BOUND_CHANNELS]; /* by place in the configuration */
	const char *batch_id;               /* --batch-id, or what the file calls itself; NULL: neither */
	const struct reader_batch *batch;   /* what the file says of its batch; NULL: nothing */
	column_set missing;                 /* columns every row would need and the header does not have */
	bool derives;                       /* references are made of batch id and content */
	struct sorter *numbers;             /* N of equal rows, by index; rows without an entry are number 1 */
	struct record number;               /* the next of them */
	bool number_left;
	int64_t index;
	bool refused; /* the reader gave up: the rest of the file can't be read */

	struct spill *spill;
	struct causes *causes;
	struct marks *marks;
	const struct intake_digests *digests;
	int64_t suspects;
	bool all_suspected;      /* all rows that are good otherwise: one finding of the file says so */
	char first_suspect[400]; /* "row 2: looks like ..." */
	struct control control;
	struct preview preview;
};

/* folder: where scratch files go; the caller's string. alike: for a check. */
MUST_CHECK bool intake_digests_open(
	struct intake_digests *digests, const char *folder, bool alike, struct fault *fault);
void intake_digests_close(struct intake_digests *digests);
/* Where a check's scratch files go: TMPDIR. */
const char *intake_folder(void);

/* Wrong options: exit 2. Asked before anything is read. */
MUST_CHECK bool intake_options_check(
	const struct stage *stage, const struct receive_options *options, struct fault *fault);

/* Finds the format and judges the header; the options were checked. Takes the source, which is at its start. folder and
 * digests are the caller's; taker: NULL for a check. A struct intake is released by intake_close() whether this worked
 * or not. */
MUST_CHECK bool intake_open(struct intake *intake, struct stage *stage, const struct receive_options *options,
	struct source *source, const char *folder, const struct intake_digests *digests,
	const struct intake_taker *taker, struct receive_result *result, struct fault *fault);
void intake_close(struct intake *intake);
/* Back to the first row, for another pass. */
MUST_CHECK bool intake_reopen(struct intake *intake, struct fault *fault);

/* All rows. A file that can't be read to its end is refused by a finding, and the next steps still can be taken. */
MUST_CHECK bool intake_read(struct intake *intake, struct fault *fault);
/* Where a file's rows have names of their own: has none of them a reference? Reads on until one has, and goes back. */
MUST_CHECK bool intake_lacks_references(struct intake *intake, bool *lacks, struct fault *fault);
/* What a file says of its batch (batch_id, channel), against the options; findings of the file (intake_batch.c). */
void intake_batch_judge(struct intake *intake);
/* What is wrong with a batch id, in words; NULL: nothing. */
const char *intake_batch_id_fault(struct text id);

/* Before it, where references are made: counts equal rows. */
MUST_CHECK bool intake_number(struct intake *intake, struct fault *fault);
/* REFERENCE_REPEATED in files that were read; they stand in the order of their file_index. */
MUST_CHECK bool intake_repeats(struct intake *list, int count, struct fault *fault);
/* BALANCE_REPEATED within each file; after what else rejects rows. */
MUST_CHECK bool intake_balances(struct intake *list, int count, struct fault *fault);
/* DUPLICATE_SUSPECTED within the files and across them; for a check. */
MUST_CHECK bool intake_suspects(struct intake *list, int count, struct fault *fault);
/* Control totals, BATCH_SUSPECTED, the file unchanged: what is known at the end of the file. */
MUST_CHECK bool intake_finish(struct intake *intake, struct fault *fault);
/* Limits of channels against the sums of the good rows; called by intake_finish(). */
MUST_CHECK bool intake_limits(struct intake *intake, struct fault *fault);
/* True when the findings refuse the file (--on-error). */
bool intake_refuses(const struct intake *intake);
/* Tells the findings, fills the sums of the result and writes the error file. */
MUST_CHECK bool intake_tell(struct intake *intake, const struct finding_sink *sink, struct fault *fault);

/* A finding of a row read before; message and cure are texts that need not outlive the call. mark is the row's. */
MUST_CHECK bool intake_blame(struct intake *intake, const struct mark *mark, enum finding_severity severity,
	const char *code, const char *field, const char *cure, const char *message, struct fault *fault);
/* Changes the state of a row read before, with counts, sums and the taker. mark is the row's and is kept. */
MUST_CHECK bool intake_restate(struct intake *intake, int64_t index, struct mark *mark, enum payout_state state,
	const char *code, const char *message, struct fault *fault);
/* DUPLICATE_SUSPECTED for a row, with what the configuration says follows from it; once a row. */
MUST_CHECK bool intake_suspect(
	struct intake *intake, int64_t index, struct mark *mark, const char *message, struct fault *fault);
/* A finding of the file that is an error. The first form takes a fault of kind FAULT_REFUSED, which is cleared. */
void intake_refuse(struct intake *intake, struct fault *fault);
void intake_refuse_with(struct intake *intake, const char *code, const char *field, const char *cure,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The error file (intake_errors.c); path into the result. */
MUST_CHECK bool intake_write_errors(struct intake *intake, struct fault *fault);

#endif
