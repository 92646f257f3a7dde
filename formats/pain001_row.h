/*
 * A transaction as a row of a payout file: which column gets what, with what it inherits from its payment. Floor 2.
 */
#ifndef FORMATS_PAIN001_ROW_H
#define FORMATS_PAIN001_ROW_H

#include <stdint.h>

#include "formats/pain001_names.h"
#include "formats/pain001_values.h"
#include "values/origin.h"
#include "values/profile.h"
#include "values/row.h"

struct pain001_row {
	struct pain001_values values; /* of the transaction; cells and origin are slices of it */
	struct pain001_span cells[COLUMN_COUNT];
	struct pain001_span origin[ORIGIN_TEXTS];
	int64_t number;   /* of the transaction in the message, from 1 */
	int64_t payment;  /* its PmtInf, from 1 */
	int64_t position; /* in that, from 1 */
};

/* How a message reads here. */
struct pain001_reading {
	char decimal_mark;             /* as the rules will read amounts */
	const struct profile *profile; /* constants and purposes; NULL: none */
};

/* Fills the columns from the transaction's values, which the row has already, and its payment's. What says something
 * that goes nowhere is noted in unused. */
void pain001_row_make(struct pain001_row *row, const struct pain001_values *payment,
	const struct pain001_reading *reading, struct pain001_names *unused);
/* The row as the rules take it; its texts are the row's. */
void pain001_row_fill(struct pain001_row *made, const struct pain001_reading *reading, struct row *row);
void pain001_row_release(struct pain001_row *row);

/* An xs:decimal in its shortest form, with a mark: +007.50 is 7.5. False: it is none. */
bool pain001_decimal(struct text text, char mark, struct buf *out);

#endif
