/*
 * The journal: batches, payouts, attempts, and the append-only chain of events behind every change. Floor 2.
 *
 * This front end owns the rules of PROTOCOL.md: which moves exist, compare-and-set, sums, the chain, the lease, the
 * head file, whose journal it is. A backend (backend.h) only stores. One thread. Every function that returns bool and
 * takes a struct fault fails only with an operation's fault (disk, lock, corruption); a refusal by rule is a value.
 *
 * A callback that is told rows or events may ask the journal anything, but begins no transaction of its own.
 *
 * Nothing is durable before journal_commit() returned true. Times are UTC milliseconds. Text slices that come out live
 * in the arena given, or until the next call of the same cursor. Nothing here grows with the file.
 */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/sha256.h"
#include "base/text.h"
#include "journal/body.h"
#include "values/content.h"
#include "values/currency.h"
#include "values/key.h"
#include "values/origin.h"
#include "values/state.h"

struct journal;

/* Who acts: stands in events, batches and the lease. */
struct journal_who {
	char user[128]; /* "anna", or "anna as root" where login and effective user differ */
	char host[128];
	char program[64]; /* "payrun 1.0" */
};

struct journal_options {
	const char *path;           /* of the database file (URL sqlite:PATH resolved by config) */
	const char *namespace_text; /* of the configuration; another one in the journal is exit 2 */
	const char *head_file;      /* path; NULL: $XDG_STATE_HOME/payrun/ID.head, resolved here once the id is known */
	const struct clock *clock;
	const struct journal_who *who;
	bool read_only; /* reading commands: no lease, no write, works on a read-only folder as far as SQLite does */
};

/* --- life -------------------------------------------------------------------------------------------------------- */

/* Creates the database (0600, its -wal and -shm likewise), schema, random id, namespace, first event (kind journal) and
 * the first head file. One that exists is a fault (exit 2): nothing is overwritten. */
MUST_CHECK bool journal_create(const struct journal_options *options, struct fault *fault);

/* Opens an existing one: JOURNAL_MISSING, JOURNAL_VERSION (newer; an older one is migrated unless read_only), another
 * namespace, read-only where writing is wanted: exit 2; JOURNAL_CORRUPT: exit 9. NULL on failure. */
struct journal *journal_open(const struct journal_options *options, struct fault *fault);
void journal_close(struct journal *journal);

const char *journal_id(const struct journal *journal); /* 32 hex digits */
const char *journal_head_path(const struct journal *journal);
/* The end of the chain: its number and hash in hex. seq 0 and 64 zeros only before the first event. */
void journal_head(const struct journal *journal, int64_t *seq, char hash[65]);
/* Time of the newest event; windows count as closed while the wall clock is behind it (PROTOCOL, 3.3). */
int64_t journal_newest_event_ms(const struct journal *journal);

/* --- lease and head (PROTOCOL, 3.5 and 7) ------------------------------------------------------------------------ */

/* Takes the lease: fcntl lock on JOURNAL.lock, opened once; waits wait_ms at most. Raises the fencing number, moves
 * every `sending` attempt to `unknown` with its event, durably. Held by another: FAULT_LOCKED (JOURNAL_LOCKED) naming
 * pid, host, user and since. *recovered: attempts moved to unknown. interrupted (may be NULL) is asked while waiting.
 */
MUST_CHECK bool journal_lease_take(struct journal *journal, int64_t wait_ms, bool (*interrupted)(void *context),
	void *context, int64_t *recovered, struct fault *fault);
/* True while JOURNAL.lock at its path is the inode we hold; asked right before a first byte. Cheap (one stat). */
bool journal_lease_ours(const struct journal *journal);
void journal_lease_drop(struct journal *journal);

/* JOURNAL_BEHIND (FAULT_BREAK) when the journal lacks the head file's number or has another hash there, or when the
 * file is missing or unreadable. *warning: set when the head file lies in the journal's own folder. */
MUST_CHECK bool journal_head_check(struct journal *journal, bool *same_folder, struct fault *fault);
/* Accepts the journal as it stands as the head, after `recover` asked the providers: writes the head file. */
MUST_CHECK bool journal_head_write(struct journal *journal, struct fault *fault);
/* When the head file was put where it is, UTC ms: a run that the journal forgot claimed nothing later. 0: there is none
 * of this journal. */
int64_t journal_head_changed_ms(const struct journal *journal);
/* Puts one there that no journal has: the journal stays behind, and from now on nothing is sent. */
MUST_CHECK bool journal_head_mark(struct journal *journal, struct fault *fault);
/* While it is held, commits with claims leave the head file alone: `recover` moves payouts through sending before all
 * were asked, and a crash then must leave the journal behind. */
void journal_head_hold(struct journal *journal, bool hold);

/* --- transactions ------------------------------------------------------------------------------------------------ */

/* One at a time; writing calls need it. Starts as a writer (BEGIN IMMEDIATE, busy time-out 5 s). Under a lease every
 * commit checks the fencing number: a zombie's commit fails. After a commit that holds a claim (a move to sending) the
 * head file is written. A failed commit is rolled back: DISK_FULL where that is why. Rolling back what was
 * rolled back already does nothing. */
MUST_CHECK bool journal_begin(struct journal *journal, struct fault *fault);
MUST_CHECK bool journal_commit(struct journal *journal, struct fault *fault);
/* Nothing when none is open, so that it may follow a commit that failed. */
void journal_rollback(struct journal *journal);

/* One moment for several readings: until journal_read_end() all of them see the journal as it stands at the first one,
 * whatever others write meanwhile. Not within a transaction, and no transaction within it. */
MUST_CHECK bool journal_read_begin(struct journal *journal, struct fault *fault);
void journal_read_end(struct journal *journal);

/* --- channels (PROTOCOL, 7) -------------------------------------------------------------------------------------- */

struct journal_channel {
	int64_t id;
	const char *name;
	const char *provider;
	const char *mode;
	const char *host; /* without the port on loopback */
	bool testmode;
	bool sandbox;
	const char *identity; /* wallet, organisation, account or e-mail as the provider tells it */
};

/* Binds a configured channel at first use (event kind channel) and fills id; a mismatch with what the journal knows
 * under that name, or live beside sandbox in one journal, is exit 2 with the cure. The channels' UNIQUE(identity,
 * provider id) uses the id of the first channel with the same provider, mode, host, testmode and identity. Needs a
 * transaction. */
MUST_CHECK bool journal_channel_bind(struct journal *journal, struct journal_channel *channel, struct fault *fault);
/* The mismatch alone, without a change and without a transaction; a channel that the journal does not know is fine. */
MUST_CHECK bool journal_channel_same(
	struct journal *journal, const struct journal_channel *channel, struct fault *fault);
/* Reads one by id (arena); false in *found when there is none. */
MUST_CHECK bool journal_channel_get(struct journal *journal, int64_t id, struct arena *arena,
	struct journal_channel *channel, bool *found, struct fault *fault);

/* --- batches ----------------------------------------------------------------------------------------------------- */

struct journal_batch {
	int64_t id;
	char name[41];    /* batch id as users know it */
	struct text file; /* base name of the input */
	uint8_t sha256[SHA256_SIZE];
	int64_t size;
	int64_t received_at;
	struct text received_by;
	struct text format;
	struct text channel_option; /* --channel as given, "" */
	struct text profile_option;
	int64_t rows;                         /* payout rows in the file, rejected ones included */
	bool held_by_option;                  /* submit --hold */
	bool control;                         /* control totals were given and agreed */
	int64_t first_payout, last_payout;    /* ids, contiguous, in file order; last < first when there are none */
	const struct origin_message *message; /* the ISO 20022 message it came as, NULL: none; not read back: see
					       * journal_message_get() */
};

enum journal_find { JOURNAL_FIND_NONE = 0, JOURNAL_FIND_ONE, JOURNAL_FIND_MANY };

/* By exact id, unique prefix, or "last". */
MUST_CHECK bool journal_batch_find(struct journal *journal, struct text name, struct arena *arena,
	struct journal_batch *batch, enum journal_find *found, struct fault *fault);
MUST_CHECK bool journal_batch_find_sha256(struct journal *journal, const uint8_t sha256[SHA256_SIZE],
	struct arena *arena, struct journal_batch *batch, enum journal_find *found, struct fault *fault);
MUST_CHECK bool journal_batch_get(
	struct journal *journal, int64_t id, struct arena *arena, struct journal_batch *batch, struct fault *fault);
/* What the batch's message calls itself (arena); *found false where it came as none. */
MUST_CHECK bool journal_message_get(struct journal *journal, int64_t batch, struct arena *arena,
	struct origin_message *message, bool *found, struct fault *fault);
/* Calls each for every batch, oldest first, until it returns false. */
MUST_CHECK bool journal_batch_each(struct journal *journal, bool (*each)(void *context, const struct journal_batch *),
	void *context, struct fault *fault);

/* --- receiving: all in one transaction --------------------------------------------------------------------------- */

/* Begins a batch: id, received_at and received_by are filled in. A name that is known: *taken. */
MUST_CHECK bool journal_batch_add(
	struct journal *journal, struct journal_batch *batch, bool *taken, struct fault *fault);

struct journal_payout { /* a row of a file as the journal keeps it; immutable but for state of rejected rows */
	int64_t id;
	int64_t batch;
	int64_t row;
	int64_t line;
	int64_t channel;       /* 0 for a rejected row whose channel is not known */
	struct text reference; /* "" only for a rejected row */
	struct text beneficiary_name;
	struct text destination; /* canonical */
	struct text currency;    /* "" where a rejected row has no readable one */
	unsigned decimals;
	/* 0 where a rejected row has no readable one, and of ALL: what was fixed for it stands with its attempt, and is
	 * added in lines and sums. */
	int64_t amount_minor;
	struct text content;                 /* values/content.h; "" for a rejected row; can be purged */
	uint8_t content_digest[SHA256_SIZE]; /* of content; not filled in lines */
	uint8_t likeness[8];  /* not read back; 0: none; digest of destination, amount, currency: DUPLICATE_SUSPECTED */
	uint8_t lookalike[8]; /* not read back; 0: none; digest of the reference's look-alike form */
	enum payout_state state; /* as received: rejected, duplicate, held, ready */
	struct text reason_code; /* of rejected, duplicate and held rows: first finding's code, or why it is held */
	struct text reason;
	int64_t original;            /* of a duplicate: the payout it repeats */
	int64_t not_before;          /* of a held row that waits for a date; else 0 */
	struct key key;              /* of attempt 1; not read back; unused for rejected and duplicate rows */
	const struct origin *origin; /* where it stands in the message, NULL: in none; not read back: see journal_line
				      * and journal_origin_get() */
	const struct journal_body *body; /* of content, beneficiary_name and destination, by body_make(); NULL: the
					  * journal makes it; not read back */
};

/* Appends a row in file order; id is filled in. Rows with state held or ready get attempt 1. The journal draws the salt
 * and feeds the running digest. Fast path: prepared once, no look-up. */
MUST_CHECK bool journal_payout_add(struct journal *journal, struct journal_payout *payout, struct fault *fault);

/* What another row of the journal says of a row of the batch being received. */
struct journal_clash {
	int64_t payout; /* the row of this batch */
	int64_t row;
	int64_t line;
	struct text reference;
	int64_t other; /* the earlier payout */
	int64_t other_row;
	int64_t other_batch_id;
	struct text other_batch; /* name */
	struct text other_reference;
	enum payout_state other_state; /* of its latest attempt */
	int64_t other_attempt;
	/* Content digest and channel are equal; execution_date counts only where neither came in a message. */
	bool same_content;
	bool same_channel;
};
/* Rows of the batch whose reference is bound already by an earlier payout, in order of rows; of this batch too: the
 * second and further rows of one reference name the first. each may call journal_payout_restate(), also on the other
 * one; it stops the run with false. References are bound here: rows added later are not looked at. */
MUST_CHECK bool journal_clash_each(struct journal *journal, int64_t batch,
	bool (*each)(void *context, const struct journal_clash *, struct fault *), void *context, struct fault *fault);
/* Makes a row of the batch the next attempt of another one's payout, with this row's content: a correction. The other
 * one is the current row (journal_clash.other), and its current attempt failed, was returned or canceled. It takes
 * force with the seal, as the state that the row has then; a row that is restated to rejected corrects nothing. */
MUST_CHECK bool journal_payout_correct(struct journal *journal, int64_t payout, int64_t other, struct fault *fault);
/* Rows of the batch, in their order, that look like another payout received since `since`, or of this batch, under
 * another reference (likeness or lookalike); each row once, with one other. Rejected and duplicate rows count on
 * neither side. each may call journal_payout_restate(). No row may be added afterwards. */
MUST_CHECK bool journal_suspect_each(struct journal *journal, int64_t batch, int64_t since,
	bool (*each)(void *context, const struct journal_clash *, struct fault *), void *context, struct fault *fault);
/* Changes the state of a row of the batch before it is sealed: to rejected, duplicate or held, with its reason. */
MUST_CHECK bool journal_payout_restate(struct journal *journal, int64_t payout, enum payout_state state,
	struct text reason_code, struct text reason, int64_t original, struct fault *fault);

/* Holds the batch for approval: rows that are ready, and rows that are held for their date or by --hold, which keep
 * their date. Rows that are held for another reason keep that. Called once, when no row is restated any more. */
MUST_CHECK bool journal_batch_hold(
	struct journal *journal, int64_t batch, struct text reason_code, struct text reason, struct fault *fault);

/* Ends it: binds references and keys (UNIQUE, in sorted runs), writes the totals and the receive event of CONTRACT
 * section 10. batch->rows and payout range are filled in. The caller then commits or rolls back. */
MUST_CHECK bool journal_batch_seal(struct journal *journal, struct journal_batch *batch, struct fault *fault);

/* --- attempts and their moves ------------------------------------------------------------------------------------ */

struct attempt { /* one attempt of a payout with its mutable state; texts in the arena it was read with */
	int64_t id;
	int64_t payout;
	int64_t number; /* 1, 2, ... */
	int64_t batch;
	int64_t row;
	int64_t channel;
	struct key key;
	enum payout_state state;
	int64_t version;
	int64_t fixed_minor; /* what is paid where the payout's amount is ALL, from the first claim on; else 0 */
	int64_t sends;
	int64_t open_since;       /* UTC ms; 0: none open */
	int64_t open_boot_ms;     /* CLOCK_BOOTTIME at open_since */
	struct text open_boot;    /* boot id at open_since */
	int64_t last_sent;        /* UTC ms of the newest send; 0 */
	int64_t not_before;       /* UTC ms; 0: at once */
	struct text last_refusal; /* code of the last definite refusal, "" */
	int64_t last_refusal_at;  /* of it; with an empty code: when the channel was refused for its last send */
	struct text provider_id;  /* "" until accepted */
	struct text provider_status;
	struct text provider_code;
	struct text reason_code;
	struct text reason;
	struct text tracking_ref;
	struct text fee; /* decimal text */
	struct text fee_currency;
	struct text target_amount, fx_rate, returned_amount;
	int64_t submitted_at; /* first send */
	int64_t accepted_at;
	int64_t settled_at;
	int64_t returned_at;
	int64_t return_pending;  /* 1: money is on its way back and not there yet: no new attempt meanwhile */
	struct text approved_by; /* who, where it had to wait for approval; "" */
	int64_t claim_day;   /* YYYYMMDD of the claim in the zone of the run, kept by resends; 0: none (spending.h) */
	int64_t last_event;  /* number of the newest event of this attempt; the journal's own */
	struct text payload; /* canonical request frozen at the first send, "" before; read only on demand */
};

struct attempt_filter {
	int64_t batch;    /* 0: any */
	int64_t channel;  /* 0: any */
	state_set states; /* 0: any */
	int64_t after;    /* ids greater than this */
	bool newest_only; /* only the current attempt of each row */
	bool with_payload;
};

/* Reads up to max attempts in id order into list (texts in the arena). *count < max: no more. */
MUST_CHECK bool journal_attempt_list(struct journal *journal, const struct attempt_filter *filter, struct arena *arena,
	struct attempt *list, int max, int *count, struct fault *fault);
/* With its payload. */
MUST_CHECK bool journal_attempt_get(struct journal *journal, int64_t id, struct arena *arena, struct attempt *attempt,
	bool *found, struct fault *fault);
/* The current attempt of a row, of which its state is: the latest one, or where that gave way to an earlier one that is
 * alive (EARLIER_ALIVE) the earlier one. Found false when it has none. */
MUST_CHECK bool journal_attempt_of(struct journal *journal, int64_t payout, struct arena *arena,
	struct attempt *attempt, bool *found, struct fault *fault);

/* Attempt `number` of a payout, with its payload; also where it belongs to a row that this one corrects, or that
 * corrects this one. */
MUST_CHECK bool journal_attempt_number(struct journal *journal, int64_t payout, int64_t number, struct arena *arena,
	struct attempt *attempt, bool *found, struct fault *fault);

/* The attempt with the next greater id than `after` whose money is on its way back (return_pending); 0: none. */
MUST_CHECK bool journal_return_next(struct journal *journal, int64_t after, int64_t *attempt, struct fault *fault);

enum move_result {
	MOVE_LOST = 0, /* somebody else moved it first: the version is not the one read; nothing was written */
	MOVE_DONE,
	MOVE_TAKEN, /* UNIQUE(channel identity, provider id): this provider id already belongs to another payout */
};

/* A move to the same state records changed columns (not_before, provider_status) with a version and an event like any
 * other. A move to `sending` needs the lease and sends + 1.
 * Moves an attempt: `after` is a copy of `before` with its changes, version excepted. Compare-and-set on (payout,
 * attempt, version) together with the event, whose evidence is the changed columns and the caller's evidence (a JSON
 * object's members without braces, sorted keys, or ""). On MOVE_DONE after->version is raised. The move must be in the
 * table of PROTOCOL section 2 (asserted). payload: written with the first claim, once; "" keeps it. Needs a
 * transaction. */
MUST_CHECK bool journal_move(struct journal *journal, const struct attempt *before, struct attempt *after,
	struct text evidence, enum move_result *result, struct fault *fault);

/* A move to canceled with this reason code gives the attempt's place to the one before it (PROTOCOL, 3.4): that one is
 * the row's current attempt then. */
#define REASON_EARLIER_ALIVE "EARLIER_ALIVE"

/* A payout's row that a correction replaced keeps its attempts; *current is the row whose current attempt is the
 * payout's: the newest correction that did not give way. */
MUST_CHECK bool journal_payout_current(struct journal *journal, int64_t payout, int64_t *current, struct fault *fault);
/* The row that this one corrects, and the number of this one's first attempt; 0 and 1 where it corrects none. */
MUST_CHECK bool journal_payout_corrects(
	struct journal *journal, int64_t payout, int64_t *corrects, int64_t *number, struct fault *fault);
/* The number that the next attempt of a payout would have. */
MUST_CHECK bool journal_attempt_next(struct journal *journal, int64_t payout, int64_t *number, struct fault *fault);

/* Starts another attempt of a row whose current attempt failed, was returned or canceled: ready or held, with the key
 * of journal_attempt_next(). MOVE_LOST when its current attempt is no longer that one, or a correction replaced it. */
MUST_CHECK bool journal_attempt_add(struct journal *journal, const struct attempt *latest, const struct key *key,
	enum payout_state state, struct text why, struct attempt *added, enum move_result *result, struct fault *fault);

/* An event that moves nothing: notice, resolve, break, statement, report, purge, ... batch (id), row and attempt (its
 * number) may be 0; evidence is a whole JSON object or "". */
MUST_CHECK bool journal_event_add(struct journal *journal, const char *kind, int64_t batch, int64_t row,
	int64_t attempt, struct text evidence, struct text reason, struct fault *fault);

/* That this journal was behind and recover has asked the providers what it forgot: inside a transaction. Payouts of
 * batches that it does not know may have been sent all the same, and are received again under the same keys. */
MUST_CHECK bool journal_recovered_note(struct journal *journal, struct fault *fault);
/* *utc_ms: when that was last; 0: never. */
MUST_CHECK bool journal_recovered_ms(struct journal *journal, int64_t *utc_ms, struct fault *fault);

/* --- reading ----------------------------------------------------------------------------------------------------- */

MUST_CHECK bool journal_payout_get(struct journal *journal, int64_t id, struct arena *arena,
	struct journal_payout *payout, bool *found, struct fault *fault);
/* Where a row stands in the batch's message (arena); *found false where it came as none. */
MUST_CHECK bool journal_origin_get(struct journal *journal, const struct journal_payout *payout, struct arena *arena,
	struct origin *origin, bool *found, struct fault *fault);
/* By reference (the current row of the payout it is bound to), key text or provider id; many: more than one provider
 * has this id. */
MUST_CHECK bool journal_payout_find(
	struct journal *journal, struct text name, int64_t *payout, enum journal_find *found, struct fault *fault);

/* A line of a report: a row with its latest attempt (attempt.number 0 when it has none; attempt.state is then the
 * row's). In file order. each returns false to stop (not a failure). batch 0: all batches. Only what a report shows is
 * filled: not line, not_before and digests of the payout, nor version, sends, times of sends and refusals, and payload
 * of the attempt. */
struct journal_line {
	const struct journal_batch *batch;
	const struct journal_channel *channel; /* NULL when unknown */
	struct journal_payout payout;
	struct attempt attempt;
	enum payout_state state;
	const struct origin_message *message; /* the batch's, NULL: it came as none */
	const struct origin *origin;          /* where the row stands in it; NULL with message */
};
MUST_CHECK bool journal_line_each(struct journal *journal, int64_t batch,
	bool (*each)(void *context, const struct journal_line *), void *context, struct fault *fault);

/* Sums as they stand now. Sorted by currency, then state. `in` is what was received (batch totals), and what latest
 * attempts fixed since as the amount of ALL. */
struct journal_total {
	char currency[CURRENCY_SIZE];
	unsigned decimals;
	enum payout_state state;
	int64_t count;
	int64_t minor;
};
struct journal_sums {
	struct journal_total *in; /* one a currency (state unused) */
	int in_count;
	struct journal_total *by_state;
	int by_state_count;
	bool balanced; /* per currency: rows and amounts in = the sum over all states */
};
/* batch 0: the whole journal. In the arena. */
MUST_CHECK bool journal_sums(
	struct journal *journal, int64_t batch, struct arena *arena, struct journal_sums *sums, struct fault *fault);
/* The same for what is only shown: where the chain has no event of the batch since it was received, from the totals it
 * had then, without a look at its rows; balanced then says that they are of as many rows. */
MUST_CHECK bool journal_sums_shown(
	struct journal *journal, int64_t batch, struct arena *arena, struct journal_sums *sums, struct fault *fault);
/* Counts of a batch (0: all) by state, latest attempts and rows without attempt; as journal_sums_shown() has them. */
MUST_CHECK bool journal_counts(
	struct journal *journal, int64_t batch, int64_t counts[PAYOUT_STATES], struct fault *fault);
/* Tells why each row is held that is held now, in any order; batch 0: all batches. */
MUST_CHECK bool journal_held_each(struct journal *journal, int64_t batch,
	void (*each)(void *context, struct text reason_code), void *context, struct fault *fault);

struct journal_event {
	int64_t seq;
	struct text line; /* the exact bytes that are hashed */
	char hash[65];
};
/* Events in order from seq; batch/row filter 0: any. JOURNAL_NO_ROW: those of the batch as a whole. */
#define JOURNAL_NO_ROW (-1)
MUST_CHECK bool journal_event_each(struct journal *journal, int64_t from_seq, int64_t batch, int64_t row,
	bool (*each)(void *context, const struct journal_event *), void *context, struct fault *fault);

/* --- proof ------------------------------------------------------------------------------------------------------- */

/* Checks everything that can be checked offline: the database's own integrity, the chain from 1 to the head (and that a
 * given head hash is in it), the head file, sums of every batch, one reference one payout, keys derived anew, the
 * states and columns of every attempt replayed from the events, receive events' digests from rows not purged. Each
 * break is told to each(); *breaks counts them. With expected_head "" none is compared. */
MUST_CHECK bool journal_verify(struct journal *journal, struct text expected_head,
	void (*each)(void *context, const char *code, const char *message), void *context, int64_t *breaks,
	struct fault *fault);

#endif
