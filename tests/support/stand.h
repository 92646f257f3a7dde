/*
 * One channel of one provider before a sandbox of its own: what its adapter builds goes over real HTTP, and what comes
 * back is read by it. Subjects are every provider and mode.
 */
#ifndef TESTS_SUPPORT_STAND_H
#define TESTS_SUPPORT_STAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/sha256.h"
#include "net/http.h"
#include "providers/adapter.h"
#include "tests/support/world.h"

#define STAND_SETTINGS_MAX 8
#define STAND_FIELDS_MAX 16
#define STAND_ID_SIZE 130

/* A channel, and a payout for it. */
struct subject {
	const char *name;
	const struct adapter *adapter;
	const char *mode;
	const char *base_path;
	bool testmode;
	struct setting_value settings[STAND_SETTINGS_MAX]; /* ends with one without a name */
	const char *currency;
	unsigned decimals;
	int64_t amount_minor;
	int64_t fails_minor;                      /* an amount that ends failed; 0: none is known */
	const char *fields[STAND_FIELDS_MAX][2];  /* of the content, by byte order; ends with NULL */
	const char *wrong[STAND_SETTINGS_MAX][2]; /* credentials that are wrong, one at a time; ends with NULL */
};

struct stand {
	struct world world; /* the sandbox */
	struct http *http;
	struct sha256 *sha;
	int64_t payouts; /* made so far, each with its own reference */

	const struct subject *subject;
	const struct adapter *adapter;
	struct channel channel;
	struct setting_value settings[STAND_SETTINGS_MAX];
	struct call call; /* of the payout, frozen */
	struct buf url, content, payload, session, destination;
	char reference[40];
	int64_t timeout_ms;

	struct arena arena; /* of the last answer */
	struct buf body;
	struct http_answer answer; /* its body is in `body` */
	struct receipt receipt;    /* as zero where nothing was answered */
	bool done;
};

void stand_open(struct stand *stand);
void stand_close(struct stand *stand);

/* Runs the law for every provider and mode, each time after stand_begin(). */
void stand_each(struct stand *stand, void (*law)(void));
/* Fails the test with what was answered last. */
void stand_check(const struct stand *stand, bool fine, const char *what);

/* An empty sandbox, the channel as it is right, logged in, and a payout that was never sent, its destination made. */
void stand_begin(struct stand *stand, const struct subject *subject);
/* Another payout of the same channel. amount_minor 0: the subject's. */
void stand_payout(struct stand *stand, int64_t amount_minor);
/* Another reference and key for what the call says otherwise, frozen; nothing is asked. */
void stand_freeze(struct stand *stand);
/* Logs in where the provider has sessions; fails the test unless that is taken. */
void stand_login(struct stand *stand);

/* Asks and reads: stand->answer and stand->receipt. */
const struct receipt *stand_ask(struct stand *stand, enum operation operation);

/* Creates the payout and gives its id; fails the test unless it is accepted. */
void stand_create(struct stand *stand, char id[STAND_ID_SIZE]);

/* Stages a fault for the next request of the subject's provider. more: further members, from a comma, or "". */
void stand_fault(struct stand *stand, const char *kind, const char *more);
/* Waits until no fault is left to strike: a client that gave up may be faster than the sandbox. False: still left after
 * some seconds. */
bool stand_struck(struct stand *stand);
void stand_advance(struct stand *stand, int64_t ms);

/* Payouts of the ledger with the key of the call; id, where it is not NULL, is compared with theirs, amount and
 * currency with the call's. */
size_t stand_ledger(struct stand *stand, const char *id);

#endif
