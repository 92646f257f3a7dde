/*
 * A finding: something wrong with the data (CONTRACT, section 4). Floor 1.
 * Findings of a row collect in a struct findings whose texts live in its arena until the next row.
 */
#ifndef VALUES_FINDING_H
#define VALUES_FINDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

enum finding_severity { FINDING_ERROR = 0, FINDING_WARNING };

struct finding {
	int64_t row;       /* 0: of the file */
	int64_t line;      /* 0: of no line */
	const char *field; /* canonical column name, or "" */
	const char *code;  /* AMOUNT_DECIMALS, ...: a literal */
	enum finding_severity severity;
	const char *message; /* account numbers masked; file text in it is escaped for a terminal */
	const char *cure;
	const char *rule; /* id in the table of rules, where one of its checks found it; else NULL */
};

#define FINDINGS_MAX 64 /* of one row; further ones are counted only */

struct findings {
	struct arena *arena; /* of the row; owned by the caller */
	int64_t row;         /* number and line that new findings get */
	int64_t line;
	struct finding items[FINDINGS_MAX];
	size_t count;
	size_t errors;
};

/* Starts a row: empties the list. The arena is reset by its owner. */
void findings_begin(struct findings *findings, struct arena *arena, int64_t row, int64_t line);
/* field and cure outlive the findings or lie in the arena; file text among the arguments goes through finding_quote. */
void finding_add(struct findings *findings, enum finding_severity severity, const char *code, const char *field,
	const char *cure, const char *format, ...) __attribute__((format(printf, 6, 7)));
void finding_addv(struct findings *findings, enum finding_severity severity, const char *code, const char *field,
	const char *cure, const char *format, __builtin_va_list list) __attribute__((format(printf, 6, 0)));
/* The same without formatting: message, field and cure outlive the findings or lie in the arena. */
void finding_add_plain(struct findings *findings, enum finding_severity severity, const char *code, const char *field,
	const char *cure, const char *message);

#define FINDING_QUOTE_POINTS 40
/* File text as a message may show it: escaped for a terminal, cut after FINDING_QUOTE_POINTS, NUL-ended, in the arena
 * of the findings. */
const char *finding_quote(struct findings *findings, struct text text);
/* The same with only the last four characters left: account numbers and addresses. */
const char *finding_mask(struct findings *findings, struct text text);
/* Formatted text in the arena of the findings, for a cure or a field's name. */
const char *finding_text(struct findings *findings, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What is known of a code: its title, causes and cures, as `payrun help findings` prints it. NULL when unknown. */
struct finding_help {
	const char *code;
	const char *meaning;
	const char *cure;
};
const struct finding_help *finding_help_list(size_t *count);

/* {"row":..,"line":..,"field":..,"code":..,"severity":..,"message":..,"cure":..} */
void finding_json(struct buf *buf, const struct finding *finding);
void finding_members(struct buf *buf, const struct finding *finding); /* the same without { and } */
const char *finding_severity_name(enum finding_severity severity);

#endif
