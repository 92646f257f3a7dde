/*
 * What names an account, a bank or its holder in one country alone: CLABE, sort code, BSB, CPF, PIX key and the like.
 * The forms stand in tables/national.csv, the check digits here; which of them are sure enough to refuse a row stands
 * in the table of rules, by the ids that each entry names. Floor 1, pure.
 */
#ifndef VALUES_NATIONAL_H
#define VALUES_NATIONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct national {
	char country[3];
	const char *form_rule;  /* id of the rule that a wrong form breaks */
	const char *check_rule; /* of the one that wrong check digits break; "" where there are none to check */
	const char *column;     /* "account_number", "routing_number", or "": the column that holds it */
	const char *fields;     /* "clabe account_number": the recipient fields that hold it */
	const char
		*form; /* "18n" "5-10n" "12c2n" "3n,8n": n digit, c capital or digit, k digit or K, p any; "": check */
	const char *separators; /* may stand between its characters, and count for nothing */
	const char *check;
	const char *name; /* "CLABE" */
	const char *what; /* "the 18 digits of a CLABE", for messages */
};

enum national_verdict {
	NATIONAL_BAD_FORM = 0,
	NATIONAL_BAD_SHORT, /* digits alone, and too few: zeros may be lost from the front */
	NATIONAL_BAD_CHECK,
	NATIONAL_VALID,
};

/* The entries of a country (alpha-2), from *at = 0 on, which moves on; NULL at the end. */
const struct national *national_next(struct text country, size_t *at);

/* A value against an entry; the value is trimmed text of any length. */
enum national_verdict national_check(const struct national *national, struct text value);

/* Mod 97-10 of ISO 7064, as LEIs (ISO 17442) and creditor references (ISO 11649) have it. */
bool national_lei(struct text value);
/* RF, two digits and 1 to 21 letters or digits, with or without spaces; *looks: it begins like one. */
bool national_creditor_reference(struct text value, bool *looks);

#endif
