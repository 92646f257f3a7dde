/*
 * The options of all commands in one table, and the parser that reads argv by it. Floor 5.
 *
 * Long options are --name VALUE or --name=VALUE, short ones -n VALUE or -nVALUE; "--" ends them. Values are checked
 * while they are read. Strings are those of argv.
 */
#ifndef PAYRUN_OPTIONS_H
#define PAYRUN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"

enum option_id {
	/* everywhere */
	OPTION_CONFIG = 0,
	OPTION_JOURNAL,
	OPTION_JSON,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_LOCK_WAIT,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_COMMON_END,
	/* of some commands */
	OPTION_CHANNEL = OPTION_COMMON_END,
	OPTION_FORMAT,
	OPTION_PROFILE,
	OPTION_DELIMITER,
	OPTION_DECIMAL,
	OPTION_ENCODING,
	OPTION_BATCH_ID,
	OPTION_EXPECT_COUNT,
	OPTION_EXPECT_TOTAL,
	OPTION_ON_ERROR,
	OPTION_ERRORS,
	OPTION_YES,
	OPTION_HOLD,
	OPTION_DRY_RUN,
	OPTION_CORRECTS,
	OPTION_ALLOW_DUPLICATES,
	OPTION_WHY,
	OPTION_REPORT_DIR,
	OPTION_WAIT,
	OPTION_WAIT_LIMIT,
	OPTION_FINAL,
	OPTION_RATE,
	OPTION_WORKERS,
	OPTION_LIMIT,
	OPTION_CURED,
	OPTION_UNTIL,
	OPTION_OUTPUT,
	OPTION_REPORT_FORMAT,
	OPTION_TEMPLATE_FORMAT,
	OPTION_FROM,
	OPTION_TO,
	OPTION_STATE,
	OPTION_BENEFICIARY,
	OPTION_UNMASK,
	OPTION_RAW,
	OPTION_REFERENCE,
	OPTION_ATTEMPT,
	OPTION_AS,
	OPTION_PROVIDER_ID,
	OPTION_STATEMENT,
	OPTION_EVENTS,
	OPTION_HEAD,
	OPTION_REPORT,
	OPTION_SANDBOX,
	OPTION_PROVIDER,
	OPTION_PING,
	OPTION_COUNT
};

enum option_kind {
	OPTION_FLAG = 0,
	OPTION_TEXT,        /* not empty */
	OPTION_CHOICE,      /* one of choices */
	OPTION_NUMBER,      /* least to most */
	OPTION_DURATION,    /* 30s, 5m, 2h: number is ms */
	OPTION_SPEED,       /* 5/s, 300/m, none: number in period_ms, -1 is none */
	OPTION_MOMENT,      /* "HH:MM Zone": number is UTC ms of the next one */
	OPTION_DATE,        /* YYYY-MM-DD */
	OPTION_TOTAL,       /* CUR=AMOUNT */
	OPTION_ERROR_RULE,  /* refuse, skip, max:PERCENT: number is the share of max, in parts of a million */
	OPTION_UNAVAILABLE, /* in the contract, not in this version; takes a value when argument is not NULL */
};

struct option {
	const char *name;
	char letter; /* 0: none */
	enum option_kind kind;
	bool repeats;
	bool may_be_empty;    /* of OPTION_TEXT */
	const char *argument; /* how help calls its value; NULL: it has none */
	const char *meaning;
	const char *choices; /* of OPTION_CHOICE: words */
	int64_t least, most; /* of OPTION_NUMBER */
};

/* The table's entry. */
const struct option *option_entry(enum option_id id);

struct option_value {
	bool given;
	const char *text;
	int64_t number;
	int64_t period_ms;
};

struct options {
	struct option_value values[OPTION_COUNT];
	/* Options that may be given several times, and words that are none, in order. */
	const char **repeated[OPTION_COUNT];
	int repeated_count[OPTION_COUNT];
	const char **words;
	int word_count;
};

/* Reads argv but for argv[command], by the options that are common and those of `allowed` (ended by OPTION_COUNT; NULL:
 * none). A fault is FAULT_USAGE. now_utc_ms: for the next HH:MM. */
MUST_CHECK bool options_parse(struct options *options, int argc, char **argv, int command,
	const enum option_id *allowed, int64_t now_utc_ms, struct fault *fault);
void options_release(struct options *options);

/* The index of the first word of argv that is no option and no value of a common one; argc when there is none. */
int options_command(int argc, char **argv);
/* True when argv asks for --json, however broken the rest is. */
bool options_ask_json(int argc, char **argv);

bool option_given(const struct options *options, enum option_id id);
/* The text of its last value; NULL: not given. */
const char *option_text(const struct options *options, enum option_id id);
int64_t option_number(const struct options *options, enum option_id id, int64_t otherwise);

/* The next moment from now at which it is "HH:MM" in a zone ("18:30 Europe/Berlin"). False: no such time or zone. */
bool options_next_moment(struct text text, int64_t now_utc_ms, int64_t *utc_ms);

/* Of the names the one nearest to a misspelt word, within two edits; NULL when none is near. names ends with NULL. */
const char *options_nearest(const char *word, const char *const *names);

#endif
