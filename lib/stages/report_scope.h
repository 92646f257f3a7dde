/*
 * What a report is about: its batches, their sums, and which payouts are listed. Floor 3, inside the report alone.
 * Memory grows with the number of batches, not with that of payouts.
 */
#ifndef STAGES_REPORT_SCOPE_H
#define STAGES_REPORT_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "formats/report_writer.h"
#include "journal/journal.h"
#include "stages/report.h"

struct report_scope {
	const struct report_options *options;
	struct report_batch *batches; /* received within from and to */
	int64_t *ids;                 /* of them */
	size_t count, cap;
	bool all;                        /* every batch of the journal */
	bool filtered;                   /* some of their payouts are left out */
	struct report_totals in, totals; /* of all payouts of the batches */
	bool balanced;
	char head[65];
	struct origin_message message; /* of one batch; name "": it came as none */
	struct text name;              /* --beneficiary, folded */
	struct arena arena;            /* texts of the batches */
	struct arena row;
};

/* Finds the batches; with sums, adds theirs up. To be released either way. */
MUST_CHECK bool report_scope_read(struct report_scope *scope, struct journal *journal,
	const struct report_options *options, bool sums, struct fault *fault);
void report_scope_release(struct report_scope *scope);

/* True when a payout of these batches is listed. */
bool report_scope_lists(struct report_scope *scope, const struct journal_line *line);

#endif
