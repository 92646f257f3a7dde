/*
 * The conductor: the stages in order, for check, submit, resume and poll. Floor 4. It prints nothing: what a person
 * sees on the way is told to a struct run_teller.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "stages/receive.h"
#include "stages/stage.h"
#include "stages/submit.h"

/* The FILEs of one command: arrays of the same length. */
struct run_files {
	struct receive_options *options;
	struct finding_sink *sinks; /* each told once, whatever the passes */
	struct receive_result *results;
	int count;
};

void run_files_init(struct run_files *files, int count); /* all zero, sinks of nothing */
void run_files_release(struct run_files *files);

/* Checks all of them without a journal. RECEIVE_NEW, RECEIVE_REFUSED when one is, RECEIVE_FAULT or RECEIVE_STOPPED. */
enum receive_verdict run_check(struct stage *stage, struct run_files *files, struct fault *fault);

enum run_answer { RUN_NO = 0, RUN_YES, RUN_STOPPED };

struct run_teller {
	/* After all files were judged and before any is received; NULL: nobody is asked. */
	enum run_answer (*confirm)(void *context, const struct run_files *files);
	/* Each file once it is received (or known), before anything is sent. */
	void (*received)(void *context, const struct receive_result *result);
	void *context;
};

struct run_submit {
	struct run_files *files;
	const struct run_teller *teller;
	bool dry_run;                      /* all passes but the one that keeps */
	bool hold;                         /* receive only */
	const struct receive_tally *tally; /* of a dry run: each file that is not refused; or NULL */
	struct submit_options loop;        /* batches are filled in here */
};

enum run_end {
	RUN_FAULT = 0, /* see fault; what was received and sent is in the journal */
	RUN_REFUSED,   /* a file is refused: nothing was sent */
	RUN_DECLINED,  /* the person said no: nothing was received */
	RUN_HALTED,    /* a signal before anything was received */
	RUN_ENDED,     /* received and sent as far as loop says; dry run and hold: received only */
};

struct run_result {
	int64_t *batches; /* ids of what was received or known, in order of files; the caller frees it */
	int batch_count;
	bool some_refused; /* with --on-error skip: files that were left out */
	bool sent;         /* submit_run() was called: loop is filled */
	struct submit_result loop;
};

/* The lease is held and the head was checked. */
enum run_end run_submit(struct stage *stage, struct run_submit *submit, struct run_result *result, struct fault *fault);

/* Reports of a batch: into folder/BATCH or, without a folder, where the configuration says. */
MUST_CHECK bool run_reports(
	struct stage *stage, int64_t batch, const char *folder, char paths[2][512], struct fault *fault);

#endif
