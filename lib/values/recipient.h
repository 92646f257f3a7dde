/*
 * What PontisGlobe wants to know of a recipient, per country and payment method (tables/pontis_recipient.csv), and
 * which columns of a file go there. Floor 1, pure.
 */
#ifndef VALUES_RECIPIENT_H
#define VALUES_RECIPIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/text.h"
#include "values/column.h"

/* The fields that a column of the file fills; all others come from recipient.X. */
struct recipient_member {
	struct text field;
	enum column column;
};
const struct recipient_member *recipient_members(size_t *count);
/* The column of a field, without regard to case; COLUMN_COUNT when it has none. */
enum column recipient_column(struct text field);

enum recipient_verdict {
	RECIPIENT_BAD_COUNTRY = 0, /* the table has no row of the country: nothing is known of it */
	RECIPIENT_BAD_METHOD,      /* the country is known, the method is not */
	RECIPIENT_KNOWN,
};
enum recipient_verdict recipient_check(struct text country, struct text method);
/* What is paid out in a country; NULL: not known. */
const char *recipient_currency(struct text country);

struct recipient_field {
	const char *country; /* alpha-2, or "*" */
	const char *method;
	const char *currency; /* that is paid out there, or "" */
	const char *field;
	int required;     /* 1: the payout can't go without it */
	const char *form; /* "ifsc", or "" for any text */
};
/* The countries and methods that have rows of their own, one pair after the other from index 0; false at the end. */
bool recipient_method(size_t index, const char **country, const char **method);
/* The fields that a country and method take, from *at = 0 on, which moves on; NULL at the end. */
const struct recipient_field *recipient_next(struct text country, struct text method, size_t *at);
/* True when a value has the form of its field. */
bool recipient_fits(const struct recipient_field *field, struct text value);
/* Adds the methods of a country, for a cure: "bank_local, imps". */
void recipient_methods(struct text country, struct buf *buf);

#endif
