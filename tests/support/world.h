/*
 * A little world for tests: a sandbox of its own, a configuration, a journal, a file of payouts, and lives of payrun
 * that may be ended at any tick. Everything lies in one temporary folder.
 */
#ifndef TESTS_WORLD_H
#define TESTS_WORLD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/log.h"
#include "stages/stage.h"
#include "values/state.h"

struct world {
	char folder[256];
	char config_path[300];
	char csv_path[300];
	char changed_path[300];
	char refused_path[300];
	char corrected_path[300];
	char url[64]; /* of the sandbox */
	pid_t sandbox;
	struct clock clock;
	char resolve_id[100]; /* provider id for ACT_RESOLVE */
	struct log log;
	struct stop stop;
};

/* A file of 9 payouts through every provider and mode. */
extern const char world_every_provider[];

/* Starts a sandbox that settles at once, and writes a configuration for it. channel: further lines of the channel's
 * section, or "". Fails the test when anything does. */
void world_open(struct world *world, const char *channel);
/* The same with a sandbox that settles after so many milliseconds of its own clock. */
void world_open_settling(struct world *world, const char *channel, const char *settle_after_ms);
void world_close(struct world *world);

/* A new journal without a row, and an empty sandbox without faults. */
void world_renew(struct world *world);
/* No journal, and an empty sandbox. */
void world_forget(struct world *world);
/* A new journal without a row; the sandbox stays as it is. */
void world_lose_journal(struct world *world);
bool world_has_journal(const struct world *world);
/* Writes the configuration anew: further lines of [payrun], and of the first channel. */
void world_configure(struct world *world, const char *settings, const char *channel);
/* Writes the payouts file. */
void world_write(struct world *world, const char *csv);

/* Requests to the sandbox's control paths; the body lives until the next call. */
const char *world_get(struct world *world, const char *path);
const char *world_post(struct world *world, const char *path, const char *json);

/* What a life does, in this order; each can be done again. */
enum act {
	ACT_SUBMIT = 1 << 0,   /* receive the file unless it is known, send, wait for the end, write the reports */
	ACT_REFUSE = 1 << 1,   /* a file that is refused */
	ACT_RETRY = 1 << 2,    /* a new attempt of what failed, then resume */
	ACT_CHANGED = 1 << 3,  /* the same rows and one more in other bytes: duplicates, and failed ones skipped */
	ACT_RECOVER = 1 << 4,  /* the journal may be behind its head */
	ACT_RESOLVE = 1 << 5,  /* the first payout is accepted by a person's word */
	ACT_HOLD = 1 << 6,     /* receive only */
	ACT_RELEASE = 1 << 8,  /* what was only received is sent, by name */
	ACT_CREATE = 1 << 9,   /* alone: make the journal unless it is there */
	ACT_CORRECT = 1 << 10, /* what was canceled in the first batch is paid with another amount */
	ACT_APPROVE = 1 << 11, /* what waits for approval is approved, then sent */
	ACT_GIVE_UP = 1 << 7,  /* with ACT_SUBMIT: after a second without progress */
};

/* One life in a process of its own that ends at its nth tick (0: never). True when it came to its end by itself. */
bool world_life(struct world *world, int64_t die_at, unsigned acts);

/* Copies the journal's file aside, and puts that copy in its place. */
void world_backup(struct world *world);
void world_restore(struct world *world);

/* Counts the money: every attempt of the journal that has a provider id is in the sandbox's ledger under its key, with
 * its reference (at Mollie the tag of its key), amount and id, nothing else is; no reference has two payouts that were
 * not called off; the sums balance, and the journal verifies. states: what rows may be in, others fail the test. what:
 * named in the failure. */
void world_count(struct world *world, state_set states, const char *what);

/* Requests that reached a path so far, whatever their status; and payouts in the ledger. */
int64_t world_requests(struct world *world, const char *path_end);
int64_t world_ledger_count(struct world *world);

#endif
