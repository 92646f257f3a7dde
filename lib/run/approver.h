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
/* *own: four_eyes is on, and this person asked for the attempt: a retry is asked for by whoever retries. */
MUST_CHECK bool approver_own(
	const struct session *session, const struct attempt *attempt, bool *own, struct fault *fault);

/* *by: who rejected the batch, which closed it for good; empty when nobody did. */
MUST_CHECK bool approver_closed(const struct session *session, int64_t batch, struct buf *by, struct fault *fault);

#endif
