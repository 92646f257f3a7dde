/*
 * How many requests came, by path and by what became of them: an HTTP status, or the name of the staged fault where
 * no status was sent. Floor 5, sandbox. Zero-initialise it, release it with tally_release.
 */
#ifndef SANDBOX_TALLY_H
#define SANDBOX_TALLY_H

#include "cmd/sandbox/map.h"

#define TALLY_PATHS 1000  /* further ones are counted as "(other)": a client that makes up paths costs no memory */
#define TALLY_OUTCOMES 32 /* statuses and fault names together; further ones are counted as the last */

struct tally_path {
	char *path;
	struct {
		char name[16];
		int64_t count;
	} outcomes[TALLY_OUTCOMES];
	size_t outcome_count;
};

struct tally {
	struct map by_path;
	struct tally_path **paths; /* in the order in which they first came */
	size_t count;
	int64_t total;
};

void tally_add(struct tally *tally, const char *path, const char *outcome);
/* {"requests":{"/calypso/api/v1/account":{"200":3,"close":1}},"total":4} */
void tally_write(struct buf *buf, const struct tally *tally);
void tally_release(struct tally *tally);

#endif
