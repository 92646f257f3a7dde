/*
 * Approval: which batches need one before anything of them is sent (CONTRACT, section 8). Floor 3, pure.
 */
#ifndef STAGES_APPROVAL_H
#define STAGES_APPROVAL_H

#include "config/config.h"
#include "journal/journal.h"

/* Why a row is held that waits for the approval of its batch. */
#define APPROVAL_CODE "APPROVAL"

/* Whether payouts with these sums need approval: one a currency and decimals, or several; their states are not looked
 * at. Nothing to pay needs none. */
bool approval_wanted(const struct config *config, const struct journal_total *sums, int count);

/* The fields of an event's line that are asked for here (CONTRACT, section 10), and one of them, still escaped; empty
 * where the line has fewer. */
enum event_place {
	EVENT_TIME = 1,
	EVENT_KIND = 2,
	EVENT_ATTEMPT = 5,
	EVENT_VERSION = 6,
	EVENT_FROM = 7,
	EVENT_TO = 8,
	EVENT_WHO = 10,
	EVENT_REASON = 13,
};
struct text event_field(struct text line, enum event_place place);

/* *closed: the batch was rejected, which closed it for good. */
MUST_CHECK bool approval_closed(struct journal *journal, int64_t batch, bool *closed, struct fault *fault);

/* "approve = above:USD 10000,EUR 9000": what the configuration says. */
void approval_setting(const struct config *config, struct buf *buf);
/* "anna, ben or carl"; "anybody" where no approvers are named. */
void approval_names(const struct config *config, struct buf *buf);

#endif
