/*
 * Who may approve and reject: the configured approvers, and never whoever submitted where four_eyes says so (CONTRACT,
 * section 8). Floor 4.
 *
 * A person is the login user: "anna as root" is anna, whatever she became since she logged in.
 */
#ifndef RUN_APPROVER_H
#define RUN_APPROVER_H

#include "run/people.h"

/* Whether the person of the session may decide so on what is in the batch. FAULT_PERSON names those who may. */
MUST_CHECK bool approver_check(
	const struct session *session, enum decision decision, int64_t batch, struct fault *fault);
/* Whether the person may submit with --allow-duplicates: it approves what would have to be approved, so whoever could
 * not do that may not either. */
MUST_CHECK bool approver_check_submit(const struct session *session, struct fault *fault);
/* *own: four_eyes is on, and this person asked for the attempt: a retry is asked for by whoever retries. */
MUST_CHECK bool approver_own(
	const struct session *session, const struct attempt *attempt, bool *own, struct fault *fault);

/* What one transaction approves, for its event. Zero-initialise, release. */
struct approved {
	struct journal_total *totals; /* one a currency and decimals; states are not filled */
	int count;
};
void approved_add(struct approved *approved, const struct journal_payout *payout);
/* The event `approve` of a batch: how many payouts and what sums, of the file with this hash. None: no event. */
MUST_CHECK bool approved_note(
	struct session *session, const struct approved *approved, int64_t batch, struct text why, struct fault *fault);
void approved_reset(struct approved *approved);
void approved_release(struct approved *approved);

#endif
