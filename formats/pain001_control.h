/*
 * NbOfTxs and CtrlSum of a message and of its payments, against what is in them: exact decimals, currencies added as
 * plain numbers, as ISO 20022 has it. Floor 2.
 */
#ifndef FORMATS_PAIN001_CONTROL_H
#define FORMATS_PAIN001_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "formats/pain001_values.h"
#include "values/decimal.h"
#include "values/finding.h"

#define PAIN001_DIFFERENCES_MAX 20 /* told; of more only how many */

struct pain001_sum {
	int64_t count, unreadable; /* transactions, those without a readable amount */
	struct decimal sum;
	bool beyond; /* more than can be counted */
};

struct pain001_control {
	struct pain001_sum all, payment;
	bool said; /* the message says a count or a sum that was compared */
	struct pain001_difference {
		const char *code;
		int64_t line;
		struct buf message, field;
	} differences[PAIN001_DIFFERENCES_MAX];
	size_t difference_count;
	int64_t others;
};

/* Counts a transaction; amount as the message has it. */
void pain001_control_add(struct pain001_control *control, struct text amount);
/* The end of a payment (its number in the message) or of the message (number 0): what it says, against what it had. */
void pain001_control_end(
	struct pain001_control *control, const struct pain001_values *said, int64_t number, struct pain001_sum *had);
/* CONTROL_COUNT and CONTROL_TOTAL: findings of the file. True when all agrees. */
bool pain001_control_tell(const struct pain001_control *control, struct findings *findings);
void pain001_control_release(struct pain001_control *control);

#endif
