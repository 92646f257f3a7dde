/*
 * Submit: the loop that sends, resends, looks up and polls. Floor 3. One thread, one loop for all channels:
 * limiter -> claim -> start -> wait for sockets, signals or the next due time -> read -> commit. PROTOCOL.md rules it.
 *
 * The lease is held by the caller. Goes on until nothing can move without a person, a stop, or the wait limit.
 */
#ifndef STAGES_SUBMIT_H
#define STAGES_SUBMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "stages/stage.h"

struct submit_progress;

struct submit_options {
	const int64_t *batches; /* in scope; count 0: every batch of the journal */
	int batch_count;
	bool send;         /* claim and send (submit, resume); false: only ask about what is open (poll) */
	bool release_hold; /* resume BATCH by name: rows held by --hold become ready */
	bool ask_paid;     /* the first pass of polling asks about paid payouts too: a bank may send money back later */
	bool wait_final;   /* go on polling until every payout is final */
	int64_t wait_limit_ms;
	int64_t rate_count, rate_period_ms; /* --rate for every channel; count -1: as configured */
	int workers;                        /* --workers for every channel; 0: as configured */
	bool cured;                         /* a person says that what refused payouts is settled: the same refusal
					     * again ends a payout whose key is spent (PROTOCOL, section 5) */
	int64_t limit;                      /* at most so many payouts sent; 0: no limit */
	int64_t until_utc_ms;               /* claim nothing from then on; 0: none */
	/* Told after each turn whose commit is durable, for the progress line; NULL: nobody. */
	void (*progress)(void *context, const struct submit_progress *progress);
	void *progress_context;
};

struct submit_progress {
	int64_t total; /* payouts in scope that were ready or unknown at the start */
	int64_t done;  /* of them accepted, paid, failed or canceled since */
	int64_t sent;  /* requests that create, resends included */
	int64_t asked; /* look-ups and status calls */
	int64_t elapsed_ms;
};

enum submit_end {
	SUBMIT_FAILED = 0, /* the fault says why; what was sent is in the journal */
	SUBMIT_DONE,       /* nothing is left that can move by itself */
	SUBMIT_STOPPED,    /* by a signal */
	SUBMIT_LIMITED,    /* by --limit, --until or the wait limit */
};

struct submit_result {
	enum submit_end end;
	struct submit_progress progress;
	int64_t unknown_past; /* unknown payouts for which no automatic step is left: a person must act */
	int stopped_channels;
};

/* To send, the journal is not behind its head. The result is filled at every end, the fault with SUBMIT_FAILED alone;
 * errors of channels are notices of the stage. */
enum submit_end submit_run(
	struct stage *stage, const struct submit_options *options, struct submit_result *result, struct fault *fault);

#endif
