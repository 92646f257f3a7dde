/*
 * What to do next with a payout that is open, and when: pure rules of PROTOCOL sections 3, 4 and 5. Floor 3.
 */
#ifndef STAGES_PLAN_H
#define STAGES_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "journal/journal.h"
#include "providers/adapter.h"

/* Back-off before try n (0, 1, 2 ...): full jitter in 0.5 s x 2^n, at most 60 s, from 64 random bits. At least 1 ms. */
int64_t plan_backoff_ms(int n, uint64_t random);

/* The age of the earliest open send: the larger of the wall-clock and CLOCK_BOOTTIME differences; after a reboot wall
 * clock alone. Never negative. 0 when none is open. */
int64_t plan_age_ms(const struct attempt *attempt, const struct moment *now, const char *boot_id);

/* What a window is judged with. */
struct plan_window {
	int64_t window_ms;  /* of the adapter or repeat_window */
	int64_t timeout_ms; /* of one request */
	bool clock_doubted; /* wall clock behind the newest event, or the provider's Date is off: every window is closed
			     */
	bool clock_seen;    /* the provider's Date agreed with the wall clock in this run: after a reboot nothing else
			     * vouches for it */
};

/* A resend may leave: age + request time-out + 60 s < window (PROTOCOL, 3.3). After a reboot the age is the wall
 * clock's alone, and a wall clock that was set back meanwhile would make it young: not before clock_seen. */
bool plan_window_open(
	const struct plan_window *window, const struct attempt *attempt, const struct moment *now, const char *boot_id);

enum step {
	STEP_PERSON = 0, /* no automatic step is left */
	STEP_SEND,       /* claim and create (first send, or a resend inside its window) */
	STEP_LOOKUP,     /* ask by key first */
	STEP_EARLIER,    /* ask about an earlier attempt first (PROTOCOL, 3.4) */
	STEP_WAIT,       /* until *due_utc_ms */
	STEP_DATE,       /* see the provider's Date first: a resend after a reboot hangs on it */
};

/* Whether an unknown attempt that was asked for, and of which nothing is found yet, is sent once more under its key:
 * its window is still open. */
bool plan_repeats(const struct adapter *adapter, const struct plan_window *window, const struct attempt *unknown,
	const struct moment *now, const char *boot_id);

/* The next step of a ready or unknown attempt. */
enum step plan_step(const struct adapter *adapter, const struct plan_window *window, const struct attempt *attempt,
	const struct moment *now, const char *boot_id, int64_t *due_utc_ms);

/* How an earlier attempt is asked about before a new one is sent. */
enum inquiry {
	INQUIRY_PERSON =
		0,      /* nobody can be asked: it may have been sent, has no id, and the provider looks up no key */
	INQUIRY_STATUS, /* by the id that the provider gave */
	INQUIRY_LOOKUP, /* by its key */
	INQUIRY_NONE,   /* no byte of it ever left, or its last send was definitely refused with nothing open */
};
/* Only the provider's own word makes an attempt that was sent need no question; what a person said of it does not. */
enum inquiry plan_inquiry(const struct adapter *adapter, const struct attempt *earlier);

/* Where keys are spent by a refusal: what this one was refused with before, by a run that ended before `begun`
 * (PROTOCOL, section 5). Whether its cause is cured since is not known by that. Empty: nothing of the kind. */
struct text plan_earlier_refusal(const struct adapter *adapter, const struct attempt *ready, int64_t begun_utc_ms);

/* A spent key (Calypso 016): look-ups at 5 s, 60 s and 10 min after the refusal. When the next one is due after a
 * look-up at `asked` (UTC ms, 0: none yet); 0 when all were made. */
int64_t plan_known_key_due(int64_t refused_at, int64_t asked);

#endif
