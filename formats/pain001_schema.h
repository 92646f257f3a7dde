/*
 * What a credit transfer initiation is made of: the elements of pain.001 in all its versions as one tree, and what is
 * read of them. Floor 2. Constants only. Source: the message definitions of ISO 20022, formats.md section 1.
 */
#ifndef FORMATS_PAIN001_SCHEMA_H
#define FORMATS_PAIN001_SCHEMA_H

#include <stddef.h>

#include "values/column.h"

/* What is read, by the element that has it. */
enum pain001_field {
	FIELD_NONE = 0,
	/* of the message */
	FIELD_MESSAGE_ID,
	FIELD_CREATED,
	/* of the message, and of a payment */
	FIELD_COUNT,
	FIELD_TOTAL,
	/* of a payment */
	FIELD_PAYMENT_ID,
	FIELD_METHOD,
	FIELD_DATE,
	FIELD_DEBTOR_IBAN,
	FIELD_DEBTOR_ACCOUNT,
	FIELD_DEBTOR_CURRENCY,
	/* of a payment or a transaction */
	FIELD_CATEGORY, /* category purpose */
	FIELD_CHARGES,
	/* of a transaction */
	FIELD_INSTRUCTION_ID,
	FIELD_END_TO_END_ID,
	FIELD_UETR,
	FIELD_AMOUNT,
	FIELD_CURRENCY,
	FIELD_EQUIVALENT,
	FIELD_EQUIVALENT_CURRENCY,
	FIELD_TRANSFER_CURRENCY,
	FIELD_BIC,
	FIELD_CLEARING_SYSTEM,
	FIELD_CLEARING_PROPRIETARY,
	FIELD_CLEARING_MEMBER,
	FIELD_BANK_NAME,
	FIELD_BANK_OTHER,
	FIELD_BANK_CITY,
	FIELD_BANK_COUNTRY,
	FIELD_NAME,
	FIELD_STREET,
	FIELD_BUILDING,
	FIELD_PLACE, /* parts of an address that have no column: joined */
	FIELD_POSTCODE,
	FIELD_CITY,
	FIELD_DISTRICT,
	FIELD_COUNTRY,
	FIELD_ADDRESS, /* lines, each ended by a newline */
	FIELD_EMAIL,
	FIELD_IBAN,
	FIELD_ACCOUNT,
	FIELD_PROXY,
	FIELD_ACCOUNT_CURRENCY,
	FIELD_PURPOSE,
	FIELD_TEXT, /* remittance information: joined */
	FIELD_REGULATORY,
	FIELDS,
};

enum {
	PART_MANY = 1,       /* may stand more than once; values are joined */
	PART_NEEDED = 2,     /* must stand there and not be empty */
	PART_NOTED = 4,      /* not read, and that is said */
	PART_KEPT = 8,       /* kept as it is, with all that is in it */
	PART_BEFORE = 16,    /* of a payment: must stand before its transactions */
	PART_SHORT = 32,     /* 35 characters at most */
	PART_CURRENCY = 64,  /* has the attribute Ccy */
	PART_ANYTHING = 128, /* whatever is in it is of no concern: supplementary data */
	PART_CHEQUE = 256    /* not read: the payment is to be made by cheque */
};

struct pain001_node;

struct pain001_part {
	const char *name;
	const struct pain001_node *node; /* what may stand in it; NULL: text, or it is not read */
	enum pain001_field field;        /* where its text goes; FIELD_NONE: nowhere */
	unsigned flags;
};

#define PAIN001_PARTS_MAX 48 /* of one node */

/* The parts of an element, ended by one without a name. A node with text has parts beside it. */
struct pain001_node {
	const struct pain001_part *parts;
	enum pain001_field text; /* FIELD_NONE: none may stand there */
};

extern const struct pain001_node pain001_document;
/* The nodes that are more than a place. */
extern const struct pain001_node pain001_header, pain001_payment, pain001_transaction;

/* Where an element of a transaction stands, below it, by what is read of it: "CdtrAcct/Id/IBAN". Those of a payment
 * alike; "" where there is none. */
const char *pain001_path(enum pain001_field field);
/* The column of a payout that it fills; COLUMN_COUNT: none of its own. The first field of a column. */
enum column pain001_column(enum pain001_field field);
enum pain001_field pain001_field_of(enum column column); /* FIELD_NONE: no element gives it */

#endif
