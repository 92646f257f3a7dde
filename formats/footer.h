/*
 * Lines of a table that its profile says are no rows: its footer, and in a file without a header its preamble. Floor 2,
 * pure. A file that has fewer of them than its profile says would lose payouts without a word: such a line that reads
 * as a payout is told (CONTRACT, section 8).
 */
#ifndef FORMATS_FOOTER_H
#define FORMATS_FOOTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "formats/header.h"
#include "formats/refusal.h"
#include "values/amount.h"

/* Does a line read as a payout? Its amount cell holds an amount, and two of reference, channel, currency and
 * destination are filled (one, where the table has no more). A line that has one cell less or more than the header is
 * looked at as if any one cell were missing or too many. style: NULL for plain amounts. */
bool footer_is_row(
	const struct header *header, const struct amount_style *style, const struct text *fields, size_t count);
/* Does one of the lines of a CSV file? */
bool footer_has_row(const struct header *header, const struct amount_style *style, struct text lines, char delimiter);
/* CSV_FOOTER, and CSV_PREAMBLE, in the refusal: the line read last. The header has a profile. */
void footer_refuse(const struct header *header, int64_t line, struct refusal *refusal);
void footer_refuse_preamble(const struct header *header, int64_t line, struct refusal *refusal);

#endif
