/*
 * The ways to name a bank account: an ABA number and an account in the US, an IBAN, a BIC and an account. Floor 1.
 * Which one a country takes, and what has to come with it, is each provider's own and stands with its adapter as data.
 */
#ifndef VALUES_BANK_FORM_H
#define VALUES_BANK_FORM_H

#include <stddef.h>

#include "base/text.h"
#include "values/column.h"

enum bank_form {
	BANK_FORM_NONE = 0, /* no bank details */
	BANK_FORM_US,
	BANK_FORM_IBAN,
	BANK_FORM_BIC,
	BANK_FORM_COUNT,
};

typedef unsigned bank_forms; /* bit 1 << form */
#define BANK_FORM_SET(form) (1u << (unsigned)(form))
#define BANK_FORM_SET_ALL (BANK_FORM_SET(BANK_FORM_US) | BANK_FORM_SET(BANK_FORM_IBAN) | BANK_FORM_SET(BANK_FORM_BIC))

struct bank_country {
	char alpha2[3];
	bank_forms forms;
};

/* What a provider asks of bank details. */
struct bank_terms {
	struct {
		column_set required; /* FIELD_REQUIRED when empty */
		column_set carried;  /* of COLUMN_SET_BANK; a filled one outside, and not spare: FIELD_NOT_SENT */
		column_set spare;    /* says nothing new beside the others: only warned of */
	} forms[BANK_FORM_COUNT];
	const struct bank_country *countries; /* in byte order */
	size_t country_count;
	bank_forms further;             /* how banks of a country outside the table are named, where it is allowed */
	const char *district_countries; /* "CA US": countries whose addresses need a district of two letters */
};

/* The forms that a country takes; 0: the provider doesn't pay there. further: countries that are allowed besides those
 * of the table, "CY CZ". */
bank_forms bank_forms_of(const struct bank_terms *bank, struct text further, struct text country);

/* The form by which the filled columns name an account, as far as they do: one of forms, where there is a choice by
 * what is filled. forms 0 counts as all. */
enum bank_form bank_form_choose(bank_forms forms, column_set filled);

/* "an IBAN", for messages. */
const char *bank_form_text(enum bank_form form);

#endif
