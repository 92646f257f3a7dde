/*
 * What was read of one part of a message - its header, a payment, a transaction - and what is wrong with it. Floor 2.
 * Texts are copied; zero-initialised it is empty; memory is kept for the next one.
 */
#ifndef FORMATS_PAIN001_VALUES_H
#define FORMATS_PAIN001_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "formats/pain001_schema.h"
#include "values/finding.h"

struct pain001_span { /* of values->bytes */
	uint32_t offset, len;
};

struct pain001_problem {
	const char *code, *cure; /* literals */
	enum finding_severity severity;
	struct pain001_span field, message;
};

#define PAIN001_PROBLEMS_MAX 24 /* of one part; further ones are left out */

struct pain001_values {
	struct buf bytes;
	struct pain001_span spans[FIELDS];
	struct pain001_problem problems[PAIN001_PROBLEMS_MAX];
	size_t problem_count;
	column_set refused; /* columns whose problems were told */
	int64_t line;       /* where the part starts */
};

void pain001_values_reset(struct pain001_values *values);
void pain001_values_release(struct pain001_values *values);

struct text pain001_text(const struct pain001_values *values, struct pain001_span span);
struct text pain001_value(const struct pain001_values *values, enum pain001_field field);
struct pain001_span pain001_add(struct pain001_values *values, struct text text);
/* Puts a value, behind one that is there, with the separator between them. False: the two would be too long. */
bool pain001_put(struct pain001_values *values, enum pain001_field field, struct text text, const char *separator);

void pain001_problem(struct pain001_values *values, enum finding_severity severity, const char *code, struct text field,
	const char *cure, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Takes over the problems of another part. */
void pain001_problems_copy(struct pain001_values *to, const struct pain001_values *from);
/* Tells them; row and line are those of the findings. */
void pain001_problems_tell(const struct pain001_values *values, struct findings *findings);

#endif
