/*
 * The loop's own state, shared by its parts: submit.c (the turns), exchange.c (calls and answers), claim.c (what is
 * claimed and asked next), claimed.c (what a claim makes of a payout), login.c (sessions), prepare.c (destinations),
 * occupy.c (one live payout at a time), question.c (what must be asked first), polls.c (what is open at the provider),
 * release.c (held rows whose time has come). Floor 3, private to stages/.
 */
#ifndef STAGES_LOOP_H
#define STAGES_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "net/http.h"
#include "net/rate.h"
#include "stages/allowance.h"
#include "stages/lane.h"
#include "stages/plan.h"
#include "stages/submit.h"

struct loop {
	struct stage *stage;
	const struct submit_options *options;
	struct submit_result *result;
	struct fault *fault; /* the first one ends the loop */
	struct http *http;
	struct http_callbacks *callbacks;
	struct lane *lanes;
	int lane_count;
	struct share *shares;
	int share_count;
	struct holder *holders; /* what payouts have for themselves */
	struct login *logins;
	int login_count;
	struct task *spare; /* tasks to use again */
	struct task *tasks; /* all that were made, by `older` */
	unsigned turn;
	bool writing;       /* a transaction is open */
	int64_t writing_ms; /* monotonic: since then */
	bool broken;        /* the journal failed: nothing is sent or recorded any more */
	bool lost_lease;    /* the lock file is no longer ours */
	bool stopping;      /* claim nothing more, let what is in flight finish */
	bool limited;       /* rows were left because of --limit */
	uint64_t random;
	int64_t started_ms, progress_ms; /* monotonic */
	int64_t started_utc_ms;
	struct allowance_day today;
	struct {
		int64_t batch, commits; /* that was asked about last, and when */
		bool closed;
	} closed;
	int64_t commits;       /* durable ones so far */
	int64_t claimed;       /* payouts that count for --limit */
	int64_t done_in_turn;  /* counted once the turn is durable */
	struct buf unrecorded; /* a line "key provider-id" for each acceptance of this turn */
};

/* submit.c */
MUST_CHECK bool loop_write(struct loop *loop);
/* A failure of the journal: what is in flight is no longer recorded. Always false. */
bool loop_break(struct loop *loop);
uint64_t loop_random(struct loop *loop);
/* Rows may wait for another try; poll without --wait final asks once. */
bool loop_waits(const struct loop *loop);
struct task *loop_task(struct loop *loop, struct lane *lane);
void loop_task_free(struct loop *loop, struct task *task);

/* What stands between a row and its claim. */
enum prepared {
	PREPARED_FAILED = 0, /* the journal failed; the task is freed */
	PREPARED,            /* the payout may be claimed; call.destination_id is filled where it needs one */
	PREPARED_NOT_YET,    /* the row waits; the task is freed, or lives on for the destination */
};

/* exchange.c */
/* What the windows of a lane are judged with now. */
struct plan_window exchange_window(const struct loop *loop, const struct lane *lane);
bool exchange_admit(void *context, void *exchange_context);
void exchange_done(void *context, void *exchange_context, const struct http_answer *answer);
/* Fills the call of a task: from the payout, and from the attempt it is about. */
MUST_CHECK bool exchange_fill(struct loop *loop, struct task *task);
/* Hands a task to the network. */
MUST_CHECK bool exchange_start(struct loop *loop, struct task *task);
/* Puts a claimed task back whose bytes were never handed to the network; the task is freed. */
MUST_CHECK bool exchange_unclaim(struct loop *loop, struct task *task);

/* login.c */
/* The session that a lane shares, or begins; NULL where its provider has none. */
struct login *login_for(struct loop *loop, const struct lane *lane);
/* Logs in where that is wanted and may be done now. */
MUST_CHECK bool login_begin(struct loop *loop, const struct moment *now);
/* The answer to a login. */
void login_answered(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now);
/* The provider says that the session of a request has ended. */
void login_ended(struct loop *loop, const struct task *task, const struct moment *now);
void login_close(struct loop *loop);

/* What came of an exchange, for its lane. */
void exchange_effect(struct loop *loop, struct task *task, const struct outcome *outcome,
	const struct http_answer *answer, const struct moment *now);
/* The row waits for its next step. */
void exchange_wait(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now);
/* True: the task lives on, it may be claimed now. */
bool exchange_approve(struct loop *loop, struct task *task, const struct moment *now);
/* A payout that this journal never sent is at the provider under its key: as if it had been claimed and answered so.
 * The task does not live on. */
bool exchange_adopt(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now);

/* question.c; those that return bool say whether the task lives on. */
/* Before a row is claimed whose amount is what its balance has: that is asked for. Needs the filled call. */
enum prepared question_of_balance(struct task *task);
bool question_balance(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now);
/* Before a row is sent again whose key may be spent: whether the cause of its refusal is cured, as a person says or the
 * funds show. Fills call.cured_refusal. Needs the filled call. */
enum prepared question_of_cure(struct loop *loop, struct task *task);
bool question_cure(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now);
/* Before a resend that hangs on the provider's Date: asks a question for the sake of its answer's. Needs the filled
 * call. PREPARED: there is nothing to ask for, or it was asked in vain. */
enum prepared question_of_date(struct loop *loop, struct task *task, const struct moment *now);
bool question_dated(struct loop *loop, struct task *task, const struct http_answer *answer, const struct moment *now);
/* The look-up before a first send. */
bool question_first(struct loop *loop, struct task *task, const struct http_answer *answer,
	const struct receipt *receipt, const struct moment *now);
/* Turned away with its session: asked once more. */
bool question_turned_away(
	struct loop *loop, struct task *task, const struct receipt *receipt, const struct moment *now);
/* A look-up through a list goes on behind its page. */
bool question_next_page(struct task *task, const struct receipt *receipt);

/* prepare.c */
/* Before a row is claimed: its destination, found, created or asked about. Needs the filled call and a transaction. */
enum prepared prepare_destination(struct loop *loop, struct task *task, const struct moment *now);
/* What came of a creation (also: that it never left), and of a question about a pending one. The task stays. */
void prepare_created(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now);
void prepare_asked(struct loop *loop, struct task *task, const struct outcome *outcome, const struct moment *now);
struct pending *pending_new(void);

/* occupy.c */
/* Reads what live payouts of the lane have for themselves, and since when the channel is known to the journal. */
MUST_CHECK bool occupy_open(struct loop *loop, struct lane *lane);
/* Whether a ready row is looked up before it is sent: its batch was received while its channel was new to the journal
 * (PROTOCOL, section 7), or it was sent and a person called it not sent (section 8). False: the journal failed. */
MUST_CHECK bool occupy_first(struct loop *loop, struct lane *lane, const struct attempt *attempt, bool *first);
/* Before a row is claimed: whether another has what it needs. Needs the filled call. */
enum prepared occupy_claim(struct loop *loop, struct task *task, const struct moment *now);
/* It was claimed, or will be when the look-up before its first send finds nothing. */
void occupy_taken(struct loop *loop, const struct task *task);
/* It moved, or its provider's word for it is another: it may have it no longer. */
void occupy_moved(struct loop *loop, const struct attempt *attempt);
/* Nothing is new about it before; person: nothing ever is by itself. */
void occupy_waits(struct loop *loop, int64_t attempt, int64_t due_ms, bool person);
/* Nothing may have it any more in this run. */
void occupy_stop(struct loop *loop, struct lane *lane, struct text name);
void occupy_close(struct loop *loop);

/* claimed.c; both need the filled call, with what was asked for before the claim */
/* The frozen payload: the bytes of the first claim, made now when there was none. */
struct text claimed_payload(struct task *task);
/* The claim: ready or unknown to sending, durable before the first byte leaves (PROTOCOL, 3.1). */
struct attempt claimed_attempt(const struct loop *loop, const struct task *task, const struct moment *now);

/* closed.c */
/* Before a row is claimed: whether its batch was rejected since; then it is called off. Needs a transaction. */
enum prepared closed_claim(struct loop *loop, struct task *task, const struct moment *now);

/* allowance.c */
/* Before a row is claimed: whether the limits of its channel have room for it. Needs the filled call, and a
 * transaction. Where they have none it is said, and the row is left for another day. */
enum prepared allowance_claim(struct loop *loop, struct task *task, const struct moment *now);

/* polls.c */
/* Accepted rows are to be asked about again: poll asks once, --wait final until they are final. */
bool polls_wanted(const struct loop *loop, const struct lane *lane);
bool polls_may_begin(const struct loop *loop, const struct lane *lane);
/* Begins a pass or goes on with it. */
MUST_CHECK bool polls_ask(struct loop *loop, struct lane *lane, const struct moment *now);

/* claim.c */
/* A question may go now, before which nothing waits that was asked about. */
bool claim_may_ask(const struct loop *loop, struct lane *lane, const struct moment *now);
/* Nothing is on its way to be sent. */
bool claim_quiet(const struct lane *lane);
/* A task about a row. */
struct task *claim_task(struct loop *loop, struct lane *lane, const struct attempt *attempt, int tries);
/* Asks; the task is handed to the network, or freed where the journal failed. */
MUST_CHECK bool claim_ask(struct loop *loop, struct task *task, enum operation operation);
/* Claims and asks all that may be claimed and asked now on a lane. */
MUST_CHECK bool claim_lane(struct loop *loop, struct lane *lane, const struct moment *now);
/* Starts claimed rows as workers and grants allow. */
MUST_CHECK bool claim_start(struct loop *loop, struct lane *lane, const struct moment *now);
/* Claimed rows that would wait too long go back (a stop, a pause). */
MUST_CHECK bool claim_put_back(struct loop *loop, struct lane *lane, const struct moment *now);
/* True when nothing of the lane can move any more by itself before the wait limit. */
bool claim_finished(const struct loop *loop, const struct lane *lane);
/* True when rows are left that would move later. */
bool claim_left(const struct loop *loop, const struct lane *lane);
/* Monotonic ms of the next thing to do on the lane without an answer coming in. */
int64_t claim_next_ms(const struct loop *loop, const struct lane *lane, const struct moment *now);

/* release.c */
/* Held rows whose date has come, or that --hold kept and are released by name, become ready. */
MUST_CHECK bool release_held(struct stage *stage, const struct submit_options *options, struct fault *fault);

#endif
