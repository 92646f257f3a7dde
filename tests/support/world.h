/*
 * A little world for tests: a sandbox of its own, a configuration, a journal, a file of payouts, and lives of payrun
 * that may be ended at any tick. Everything lies in one temporary folder.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "stages/stage.h"
#include "stages/submit.h"

struct world {
	char folder[256];
	char config_path[300];
	char csv_path[300];
	char url[64]; /* of the sandbox */
	pid_t sandbox;
	struct clock clock;
	struct journal_who who;
	struct log log;
	struct stop stop;
};

/* Starts a sandbox that settles at once, and writes a configuration for it. channel: further lines of the channel's
 * section, or "". Fails the test when anything does. */
void world_open(struct world *world, const char *channel);
void world_close(struct world *world);

/* A new journal without a row, and an empty sandbox without faults. */
void world_renew(struct world *world);
/* Writes the payouts file. */
void world_write(struct world *world, const char *csv);

/* Requests to the sandbox's control paths; the body lives until the next call. */
const char *world_get(struct world *world, const char *path);
const char *world_post(struct world *world, const char *path, const char *json);

/* One run of payrun in this process: receive the file unless it is known, submit, wait for the end. */
enum submit_end world_run(struct world *world, bool wait_final, struct submit_result *result, struct stage *stage);

/* One life in a process of its own that ends at its nth tick (0: never). True when it came to its end by itself. */
bool world_life(struct world *world, int64_t die_at, bool wait_final);

/* Counts the money: every payout of the journal that is accepted or beyond is once in the sandbox's ledger with its
 * reference, amount and id, nothing else is, the sums balance, and the journal verifies. states: what may be left,
 * others fail the test. what: named in the failure. */
void world_count(struct world *world, state_set states, const char *what);

/* Requests that reached a path so far, whatever their status; and payouts in the ledger. */
int64_t world_requests(struct world *world, const char *path_end);
int64_t world_ledger_count(struct world *world);

#endif
