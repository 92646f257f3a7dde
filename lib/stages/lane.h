/*
 * A lane: one channel inside the loop: its rows to come, its rows that wait, its limiter, its stops. Floor 3.
 */
#ifndef STAGES_LANE_H
#define STAGES_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "journal/destination.h"
#include "journal/journal.h"
#include "net/rate.h"
#include "providers/adapter.h"
#include "stages/outcome.h"
#include "stages/stage.h"
#include "stages/submit.h"
#include "stages/waiting.h"

#define CURSOR_ROWS 64

/* Reads the rows in scope in order of ids, a few at a time. */
struct cursor {
	state_set states;
	bool newest_only; /* only latest attempts; accepted ones are asked about whichever they are */
	int batch;        /* index into the scope */
	int64_t after;    /* id */
	bool end;
	struct arena arena;
	struct attempt rows[CURSOR_ROWS];
	int count;
	int next;
};

/* One exchange: what it is about and what it carries. Lives from the claim or the question to its answer. */
struct task {
	struct task *next;
	struct task *older; /* of all tasks ever made, for the end */
	struct lane *lane;
	enum operation operation;
	struct attempt before;          /* as it stood before the claim; of a destination: as one is shown */
	struct attempt attempt;         /* as it stands in the journal now; likewise */
	struct attempt subject;         /* of STEP_EARLIER: the earlier attempt that is asked about */
	bool earlier;                   /* the question is about subject */
	bool asked_first;               /* the provider does not have what was never sent */
	struct destination destination; /* of PREPARE and DESTINATION, as it stands in the journal now */
	struct attempt row;             /* of them: the row that waits for it */
	struct call call;
	struct arena arena;
	int tries;
	int64_t claimed_boot_ms; /* or, of one that was asked about, when the answer came */
	int64_t claimed_commit;  /* commits of the loop before its claim: it may leave once there was one more */
	bool counted;            /* its claim counts for --limit */
	int64_t login;           /* number of the login whose session its request carries */
	int pages;               /* of a list that were read already */
	bool looked_up;          /* the provider said that nothing of this key is there: no window is needed */
	bool fixed;              /* the amount is what the balance has: */
	int64_t fixed_minor;
	bool dating; /* the question is for the Date of the answer */
	enum cure { CURE_NOT_ASKED = 0, CURE_ASKED, CURE_SEEN, CURE_NOT_SEEN } cure; /* of an earlier refusal */
	bool again; /* it was asked once more already, with a new session */
};

struct task_list {
	struct task *first;
	struct task *last;
	int count;
};

/* A session at a provider, shared by the lanes with the same credentials. */
struct login {
	struct lane *lane;     /* over which it is asked for: the last that wanted it */
	struct buf token;      /* a secret */
	int64_t number;        /* of this session: logins so far */
	int64_t renew_boot_ms; /* a new one is asked for from then on */
	bool held, asked, wanted;
	int ended;      /* sessions that ended before their time, in a row without any success between */
	int tries;      /* logins that failed, in a row */
	int64_t due_ms; /* monotonic: the next login not before */
};

/* A rate group: its limiter, and the claimed rows of its lanes that only wait for a grant. */
struct share {
	const char *group;
	struct rate *rate;
	int64_t spacing_ms; /* between two grants */
	int64_t lanes;
	int64_t queued; /* as of this turn */
};

struct lane {
	const struct channel *channel;
	const struct adapter *adapter;
	int64_t id;          /* of the channel in the journal */
	struct share *share; /* owned by the loop */
	struct login *login; /* owned by the loop; NULL: the provider has no sessions */
	int workers;
	int active;                /* exchanges handed to the network */
	int sending;               /* rows claimed whose exchange has not ended */
	struct task_list queue;    /* claimed: wait for a worker and a grant */
	struct task_list approved; /* asked, and may be claimed now: a resend, or a new attempt */
	struct task_list again;    /* questions to be asked once more: a new session, the next page */
	struct cursor rows;        /* ready and unknown */
	struct cursor polls;       /* accepted */
	struct pending *pending;   /* destinations that are being prepared; NULL: the provider wants none */
	struct waiting waiting;
	struct waiting last; /* rows that go to the end of the queue: after all of `rows` */
	bool looks_first; /* what was received while the channel was new to the journal is looked up before it is sent
			   */
	int64_t recovered_ms;             /* UTC: when the journal was last restored and recovered; 0: never */
	int64_t first_sent_ms;            /* UTC: the channel's first send; 0: none was yet when the run began */
	int64_t batch, batch_received_ms; /* the batch that was asked about last */
	bool left_behind;                 /* rows the heaps had no room for: scan again */
	int polls_made;                   /* passes over accepted rows */
	bool poll_again;                  /* rows were accepted, or stayed so, since the last pass began */
	bool polling;                     /* a pass is under way */
	int64_t returns;                  /* in it: id of the last that was asked about of those on their way back */
	int64_t poll_due_ms;              /* monotonic: when the next pass may begin */
	int failures;                     /* network or provider away, in a row */
	int pauses;                       /* of the whole lane, in a row */
	int64_t blocked_until_ms;         /* monotonic */
	int equal_refusals;
	char refusal[64]; /* the refusal those were equal to */
	int no_funds;     /* in a row */
	bool stopped_sends, stopped;
	bool closed;                                                    /* what waited to be sent is forgotten */
	bool clock_doubted;                                             /* the provider's Date is off */
	bool clock_seen;                                                /* it agreed, in its last answer that had one */
	enum date { DATE_NOT_ASKED = 0, DATE_ASKING, DATE_ASKED } date; /* whether it was asked for its Date alone */
	int64_t person;                                                 /* rows for which no automatic step is left */
	int64_t counted_day; /* whose claims the journal adds up for the limits; 0: none yet */
};

/* First in, first out; the list does not own what is in it. task_pop(): NULL when it is empty. */
void task_push(struct task_list *list, struct task *task);
struct task *task_pop(struct task_list *list);

/* Copies an attempt and its texts into an arena. */
void attempt_copy(struct attempt *to, const struct attempt *from, struct arena *arena);

void cursor_begin(struct cursor *cursor, state_set states, bool newest_only);
void cursor_release(struct cursor *cursor);
/* The next row without taking it; NULL at the end. False: the journal failed. */
MUST_CHECK bool cursor_peek(struct cursor *cursor, struct stage *stage, const struct submit_options *options,
	int64_t channel, const struct attempt **row, struct fault *fault);
void cursor_take(struct cursor *cursor);
/* True when no row is to come. */
bool cursor_done(const struct cursor *cursor);

/* Puts a row among those that wait: in `waiting`, or in `last`. */
void lane_wait(struct lane *lane, struct waiting *waiting, struct waiting_row row);
/* What an outcome does to the channel: back-off, throttle, stop with its notice. told_ms: the provider's
 * Retry-After, -1 for none. */
void lane_effect(struct lane *lane, struct stage *stage, const struct outcome *outcome, int64_t told_ms,
	const struct moment *now, uint64_t random);
/* The Date of an answer, 0 where it had none (PROTOCOL, 3.3). */
void lane_note_date(struct lane *lane, int64_t date_ms, const struct moment *now);
/* So many more rows may be claimed now (PROTOCOL, 3.2). */
int lane_claimable(const struct lane *lane, int64_t now_ns, const struct moment *now);
bool lane_blocked(const struct lane *lane, const struct moment *now);
/* How long until the lane may send again: a pause, or the next grant of its limiter. */
int64_t lane_pause_ms(const struct lane *lane, int64_t now_ns, const struct moment *now);
/* An approval older than this is asked for again: where grants are rare it may wait for longer than a claim. */
int64_t lane_approval_ms(const struct lane *lane);
/* Whether the lane has the session that its provider wants; else it is noted that one is wanted. */
bool lane_logged_in(struct lane *lane, const struct moment *now);
/* A question may go now: a worker is free, and the limiter has a grant beyond those of the claimed rows. */
bool lane_may_ask(const struct lane *lane, int64_t now_ns, const struct moment *now);

#endif
