/*
 * What ISO 20022 calls the state of a payout, and why: the codes of a payment status report (pain.002). Floor 1, pure.
 * Statuses are those that the code sets of pain.002.001.03 (TransactionIndividualStatus3Code and
 * TransactionGroupStatus3Code) and of .10 (ExternalPaymentTransactionStatus1Code, ...GroupStatus1Code) share; CANC is
 * of the second alone. Reasons are of ExternalStatusReason1Code.
 */
#ifndef VALUES_ISO_STATUS_H
#define VALUES_ISO_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "values/state.h"

enum iso_status {
	ISO_PDNG = 0, /* pending: checks or an answer are still to come; the cautious zero */
	ISO_RJCT,     /* rejected: not paid */
	ISO_CANC,     /* called off */
	ISO_ACTC,     /* accepted: syntax and content are valid */
	ISO_ACCP,     /* accepted: checked with the journal too, will be sent */
	ISO_ACSP,     /* accepted by the provider, in process */
	ISO_ACSC,     /* the provider says complete */
	ISO_PART,     /* of a group alone: some are accepted, some are not */
	ISO_STATUSES,
};

const char *iso_status_name(enum iso_status status); /* "PDNG", ... */

/* Of one payout. cancels: the version has CANC; else a canceled payout is RJCT. */
enum iso_status iso_status_of_state(enum payout_state state, bool cancels);
/* Of a duplicate, by the state of the payout it repeats: that one's while it lives, else RJCT. */
enum iso_status iso_status_of_repeat(enum payout_state original);
/* Of a message, or a part of one, by the counts of its transactions. What all share; RJCT where nothing was accepted
 * and nothing is pending; PART where some are accepted and some are not, or not yet; else the least that was reached.
 */
enum iso_status iso_status_of_group(const int64_t counts[ISO_STATUSES]);

/* True when it is a status reason of the standard. */
bool iso_reason_known(struct text code);
/* The standard's reason for a finding; NARR where it has none: the words alone tell. field: of the finding, or "". */
const char *iso_reason_of_finding(struct text code, struct text field);
/* Why a payout is in this state where nobody said: "AM05" of a duplicate; NULL: no reason is needed. */
const char *iso_reason_of_state(enum payout_state state);

#endif
