/*
 * What the journal's own files share. Floor 2, inside lib/journal only. One thread.
 */
#ifndef JOURNAL_INSIDE_H
#define JOURNAL_INSIDE_H

#include <sys/stat.h>

#include "base/buf.h"
#include "base/clock.h"
#include "journal/backend.h"
#include "journal/held.h"
#include "journal/journal.h"

#define BATCH_NAMES 16 /* batches whose name is remembered: a run touches few at a time */

/* The end of the chain. */
struct chain {
	int64_t seq;
	int64_t newest_ms; /* latest time of all events so far */
	char hash[2 * SHA256_SIZE + 1];
};

struct receiving; /* the batch being received, receiving.h */

struct journal {
	const struct backend *backend;
	struct store *store;
	const struct clock *clock;
	bool read_only;
	char *path, *folder, *lock_path, *head_path;
	char id[33];
	char *namespace_text;
	struct buf who; /* user, host and program as an event has them, tabs between */
	struct journal_who actor;

	bool reading;   /* several readings of one moment */
	bool writing;   /* inside a transaction */
	bool claimed;   /* it holds a claim: the head file follows the commit */
	bool head_held; /* but not now: journal_head_hold() */
	struct chain chain, chain_at_begin;
	struct receiving *receiving; /* NULL: no batch is being received */
	struct held held;            /* of the batch sealed last */

	int lock_fd;
	struct stat lock_file; /* of lock_fd */
	bool leased;
	int64_t fence;

	struct sha256 *sha;
	struct buf line, evidence, text, content; /* scratch of one call */
	struct arena cleaned;                     /* texts of the last move that were no UTF-8 */
	int64_t iso_ms;                           /* the moment iso shows */
	char iso[CLOCK_ISO_SIZE];
	struct {
		int64_t id;
		char name[41];
	} batch_names[BATCH_NAMES];
	int64_t identity_channel, identity; /* the channel whose identity was asked last */
	int64_t boot;                       /* id of boot_id in the journal, 0 when not known yet */
	char boot_id[40];
};

/* One line of the chain before it is written. */
struct event {
	const char *kind;
	int64_t batch;  /* 0: none */
	int64_t row;    /* 0: none */
	int64_t number; /* of the attempt; 0: none */
	int64_t version;
	const char *from, *to;
	struct text evidence; /* a JSON object, "" for none */
	struct text reason;
	int64_t attempt;  /* id, where the event belongs to the attempt's own chain; else 0 */
	int64_t previous; /* the event before in that chain */
};

/* Adds it to the chain; its number is journal->chain.seq then. */
MUST_CHECK bool event_write(struct journal *journal, const struct event *event, struct fault *fault);
/* Reads the end of the chain anew. */
MUST_CHECK bool chain_read(const struct journal *journal, struct chain *chain, struct fault *fault);
/* The name of a batch, valid until the next call. */
MUST_CHECK bool batch_name(struct journal *journal, int64_t id, const char **name, struct fault *fault);

MUST_CHECK bool journal_set_up(struct journal *journal, const struct journal_options *options, struct fault *fault);
void journal_release(struct journal *journal);
/* Names the head file: the option, or $XDG_STATE_HOME/payrun/ID.head. */
MUST_CHECK bool head_resolve(struct journal *journal, const char *option, struct fault *fault);
/* The fencing number is still ours; asked by every commit under a lease. */
MUST_CHECK bool lease_fence_check(struct journal *journal, struct fault *fault);
void lease_release(struct journal *journal);

/* Short forms of the backend's calls. */
#define store_run(journal, statement, ...) ((journal)->backend->run((journal)->store, statement, __VA_ARGS__))
#define store_query(journal, statement, ...) ((journal)->backend->query((journal)->store, statement, __VA_ARGS__))
/* The one row of a query, copied by take(); *found false when there is none. */
MUST_CHECK bool store_one(struct journal *journal, enum statement statement, const struct cell *args, size_t count,
	void (*take)(void *context, const struct cell *row), void *context, bool *found, struct fault *fault);
/* The first cell of the one row as a number. */
MUST_CHECK bool store_number(struct journal *journal, enum statement statement, const struct cell *args, size_t count,
	int64_t *number, bool *found, struct fault *fault);

/* The number under which the journal knows a boot id; 0 for none. */
MUST_CHECK bool boot_number(struct journal *journal, struct text boot_id, int64_t *number, struct fault *fault);
/* A move was written: what it spends, or gives back, of its day. */
MUST_CHECK bool spending_moved(
	struct journal *journal, const struct attempt *before, const struct attempt *after, struct fault *fault);

/* Destinations that an earlier run left as sending become unknown. */
MUST_CHECK bool destinations_recover(struct journal *journal, struct fault *fault);

/* Corrections (correction.c). The row that this one gives new content, and the number of its own first attempt;
 * *corrects 0 and *number 1 where it is none. */
MUST_CHECK bool correction_of(
	struct journal *journal, int64_t payout, int64_t *corrects, int64_t *number, struct fault *fault);
/* The row that carried the payout's reference first. */
MUST_CHECK bool correction_root(struct journal *journal, int64_t payout, int64_t *root, struct fault *fault);
/* The row that corrects this one; 0: none does. */
MUST_CHECK bool correction_by(struct journal *journal, int64_t payout, int64_t *by, struct fault *fault);
/* The number of the current and the last attempt of a row. */
MUST_CHECK bool attempts_standing(
	struct journal *journal, int64_t payout, int64_t *current, int64_t *last, struct fault *fault);
/* Puts the rows that correct others into force, once the batch was received: their attempts, with their events. */
MUST_CHECK bool corrections_seal(struct journal *journal, struct fault *fault);
/* Writes a new attempt, its key and the event it starts with. corrects: correction_name() of the row that it corrects,
 * or "". */
MUST_CHECK bool attempt_start(struct journal *journal, const struct attempt *added, enum payout_state from,
	struct text corrects, struct text why, struct fault *fault);
/* A row as events name it: "BATCH/ROW". */
MUST_CHECK bool correction_name(
	struct journal *journal, const struct journal_payout *corrected, struct buf *name, struct fault *fault);
/* Gives the place of an attempt that gave way to the one before it, where its row has one. */
MUST_CHECK bool attempt_give_way(struct journal *journal, const struct attempt *attempt, struct fault *fault);
/* True for an attempt that was called off because an earlier one is alive: that one has its place. */
bool attempt_gave_way(const struct attempt *attempt);

/* The payout of a batch's row, 0 when there is none. */
MUST_CHECK bool payout_of_row(
	struct journal *journal, int64_t batch, int64_t row, int64_t *payout, struct fault *fault);

struct text keep(struct arena *arena, struct text text); /* a copy, or the text itself without an arena */

/* The id of the first channel with the same provider, mode, host, testmode and identity. */
MUST_CHECK bool identity_of_channel(struct journal *journal, int64_t channel, int64_t *identity, struct fault *fault);

/* Shapes of statement.h. arena NULL: texts live as long as the row. */
void attempt_take(const struct cell *row, struct arena *arena, struct attempt *attempt);
/* A cell of a payout that is a text, or the number of a field of its packed content. */
struct text text_or_field(const struct cell *cell, struct text packed);
void payout_take(struct journal *journal, const struct cell *row, struct arena *arena, struct journal_payout *payout);
/* The salt and the packed content of a payout's body; both empty when it was purged. */
void body_split(const struct cell *cell, struct text *salt, struct text *packed);
#define PAYOUT_CELLS 17
#define ATTEMPT_CELLS 35

static inline int64_t attempt_id(int64_t payout, int64_t number)
{
	/* A damaged journal may give any number: verify tells. */
	return (int64_t)((uint64_t)payout + (((uint64_t)number - 1) << ATTEMPT_ID_SHIFT));
}

/* A JSON member's name and a colon; the comma before it where the object has members. */
void json_name(struct buf *buf, const char *name);

/* The columns of an attempt that can change, sorted by name: what a move's evidence shows and verify replays. */
struct move_column {
	const char *name;
	size_t offset; /* in struct attempt */
	bool text;     /* struct text, else int64_t */
	bool answer;   /* kept in the answer */
};
const struct move_column *move_columns(size_t *count);
bool move_same(const struct attempt *a, const struct attempt *b, const struct move_column *column);

#endif
