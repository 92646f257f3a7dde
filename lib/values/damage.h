/*
 * What spreadsheets and scripts do to identifiers that they take for numbers, dates or formulas (formats brief, section
 * 7). Floor 1, pure. The text is trimmed; what it was before can't be told, so nothing here mends it.
 */
#ifndef VALUES_DAMAGE_H
#define VALUES_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum damage {
	DAMAGE_NONE = 0,
	DAMAGE_FORMULA,    /* ="00123" */
	DAMAGE_ERROR,      /* #N/A, ##### */
	DAMAGE_APOSTROPHE, /* '00123 */
	DAMAGE_SHORTENED,  /* 1.23457E+15, 1,23E+10, 1.2345678E11: digits are lost */
	DAMAGE_FRACTION,   /* 12345678.0 */
	DAMAGE_GROUPED,    /* 12,345,678 */
	DAMAGE_DATE,       /* 02.Jan, 2-Jan, Jan-02, 02-Mrz-26 */
	DAMAGE_DAY,        /* 01/02/2003: a sort code that became a day */
	DAMAGE_NOTHING,    /* nan, NULL, None: a program's word for no value */
	DAMAGE_ZEROS,      /* 16 digits and more, all zeros behind the 15th */
};

#define DAMAGE_DIGITS_KEPT 15 /* what a spreadsheet keeps of a number */

/* Of any cell: a formula or an error. */
enum damage damage_of_cell(struct text text);

/* Of a cell that names an account, a bank or a beneficiary: the first of all kinds that fits. */
enum damage damage_of_identifier(struct text text);

/* Of a reference, which people choose: not DAMAGE_FRACTION, _GROUPED, _DAY and _ZEROS, for these may be meant; an
 * apostrophe only before a digit. */
enum damage damage_of_reference(struct text text);

/* True when a number of digits lacks one or two of `digits`, as it does when zeros were taken from its front: sort code
 * 40004. */
bool damage_lost_zeros(struct text text, size_t digits);

#endif
