/*
 * The rules: every check stands in one table (id, fields, severity, provider, countries, source), and rules_check()
 * runs those of a row over a raw one to make a payout of it. Floor 1.
 */
#ifndef VALUES_RULES_H
#define VALUES_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sha256.h"
#include "values/amount.h"
#include "values/finding.h"
#include "values/payout.h"
#include "values/row.h"
#include "values/terms.h"

/* The midnight that was asked for last: files name the same day in row after row, and a zone's file is slow to read. */
struct rules_day {
	char date[11]; /* YYYY-MM-DD; "" at first */
	bool exists;   /* the zone has that day */
	int64_t utc_ms;
};

/* What the check of a file needs; filled once, not changed between rows. */
struct rules {
	struct text namespace_text;
	const char *timezone;
	int64_t now_utc_ms;                 /* DATE_PAST is judged at this moment */
	char today[11];                     /* now in timezone, YYYY-MM-DD */
	char decimal_mark;                  /* '.' unless --decimal comma */
	bool decimal_told;                  /* by the command or a profile: then no amount is ambiguous */
	const struct amount_style *amounts; /* as a profile says that the file writes them; NULL: plain */
	column_set numbers;        /* whose long numbers are right as they stand; COLUMN_RECIPIENT: of recipient.X */
	bool references_optional;  /* the file has no references and --batch-id is given */
	const struct terms *fixed; /* channel of --channel; NULL: each row names one */
	/* The terms of a channel by its name, or NULL; names: known names for the cure, "a, b, c". */
	const struct terms *(*find)(const void *context, struct text channel);
	const void *context;
	const char *channel_names;
	struct sha256 *sha;
	bool undigested;       /* the content's digest is left empty */
	bool unkeyed;          /* so are content and key: a check has no use for them */
	struct rules_day *day; /* the caller's, zeroed before the first row; NULL looks each midnight up */
};

/* Runs every rule: true and a whole payout when no error was found, false otherwise; findings get all errors and
 * warnings. On false, payout still has row, line, terms, reference, amount, currency and decimals where those were
 * readable (else zero and ""), for the sums of rejected rows; its cells are not to be used. An error that the reader
 * added to findings counts too. The payout keeps slices of the arena and of the terms only. */
bool rules_check(const struct rules *rules, const struct row *row, struct arena *arena, struct payout *payout,
	struct findings *findings);

struct rules_run;

/* A rule, for `payrun help findings` and the lint that wants a case for each. */
struct rule {
	const char *id;     /* "amount-decimals" */
	const char *fields; /* "amount", "*": any, "": the file as a whole */
	const char *code;   /* "AMOUNT_DECIMALS" */
	enum finding_severity severity;
	const char *provider; /* "": all, or "calypso" */
	const char
		*countries; /* "": all, or "CA, US": of the bank, or of the beneficiary where the row names no bank */
	const char *source; /* where the rule is from */
	/* Adds a finding where a row breaks the rule. NULL: of a file or of rows beside each other, judged elsewhere.
	 */
	void (*check)(struct rules_run *run, const struct rule *rule);
};
/* The whole table (rules_table.c): rules of a row, then those of a file. */
const struct rule *rules_list(size_t *count);

#endif
