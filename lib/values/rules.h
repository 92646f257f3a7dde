/*
 * The rules: every check of a row stands in one table (id, fields, severity, provider, source), and rules_check() runs
 * them over a raw row to make a payout of it. Floor 1.
 */
#ifndef VALUES_RULES_H
#define VALUES_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "values/finding.h"
#include "values/payout.h"
#include "values/row.h"
#include "values/terms.h"

/* What the check of a file needs; filled once, not changed between rows. */
struct rules {
	struct text namespace_text;
	const char *timezone;
	int64_t now_utc_ms;        /* DATE_PAST is judged at this moment */
	char today[11];            /* now in timezone, YYYY-MM-DD */
	char decimal_mark;         /* '.' unless --decimal comma */
	bool references_optional;  /* the file has no references and --batch-id is given */
	const struct terms *fixed; /* channel of --channel; NULL: each row names one */
	/* The terms of a channel by its name, or NULL; names: known names for the cure, "a, b, c". */
	const struct terms *(*find)(const void *context, struct text channel);
	const void *context;
	const char *channel_names;
	struct sha256 *sha;
};

/* Runs every rule: true and a whole payout when no error was found, false otherwise; findings get all errors and
 * warnings. On false, payout still has amount, currency and decimals where those were readable (else currency ""),
 * for the sums of rejected rows. */
bool rules_check(const struct rules *rules, const struct row *row, struct arena *arena, struct payout *payout,
	struct findings *findings);

/* The table, for `payrun help findings` and the lint that wants a test for each rule. */
struct rule {
	const char *id;     /* "amount-decimals" */
	const char *fields; /* "amount" */
	const char *code;   /* "AMOUNT_DECIMALS" */
	enum finding_severity severity;
	const char *provider; /* "" all, or "calypso" */
	const char *source;   /* where the rule is from */
};
const struct rule *rules_list(size_t *count);

#endif
