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

/* "approve = above:USD 10000,EUR 9000": what the configuration says. */
void approval_setting(const struct config *config, struct buf *buf);
/* "anna, ben or carl"; "anybody" where no approvers are named. */
void approval_names(const struct config *config, struct buf *buf);

#endif
