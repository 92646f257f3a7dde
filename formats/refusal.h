/*
 * Why nothing more of a file can be read: what becomes a finding of the file. Floor 2.
 * Zero-initialised there is none; the first one stays.
 */
#ifndef FORMATS_REFUSAL_H
#define FORMATS_REFUSAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "values/finding.h"

struct refusal {
	const char *code;  /* a literal; NULL: there is none */
	const char *cure;  /* a literal */
	const char *field; /* a literal, or NULL: of no column */
	struct buf message;
	int64_t line; /* 0: of none */
	bool told;
};

void refusal_set(struct refusal *refusal, const char *code, int64_t line, const char *cure, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void refusal_setv(struct refusal *refusal, const char *code, int64_t line, const char *cure, const char *format,
	__builtin_va_list list) __attribute__((format(printf, 5, 0)));
/* Adds the finding, once. */
void refusal_tell(struct refusal *refusal, struct findings *findings);
void refusal_release(struct refusal *refusal);

#endif
