/*
 * Dates of spreadsheets: which number formats show one, and which day a number is. Floor 2. Pure.
 */
#ifndef FORMATS_XLSX_DATE_H
#define FORMATS_XLSX_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define XLSX_DATE_SIZE 11 /* YYYY-MM-DD */

/* Does a format that every workbook has (ISO 29500-1, 18.8.30) show a date or a time? */
bool xlsx_date_builtin(int64_t id);
/* Does a format code: has it y, m, d, h or s outside quotes, brackets and escapes? */
bool xlsx_date_code(struct text code);

enum xlsx_day {
	XLSX_DAY_NONE = 0, /* no day: before the first one, after 9999, no number */
	XLSX_DAY_LEAP,     /* 29 February 1900, which a spreadsheet has and the calendar not */
	XLSX_DAY_TIME,     /* a day, and a time of it; out is filled */
	XLSX_DAY,
};
/* The day of a number cell, as its digits stand in the file. Days count from 1900-01-01 as 1, with a leap day that was
 * none, or from 1904-01-01 as 0. */
enum xlsx_day xlsx_date_serial(struct text token, bool from_1904, char out[XLSX_DATE_SIZE]);
/* The day of a date cell (t="d"): 2026-11-20, or 2026-11-20T00:00:00 and the like. */
enum xlsx_day xlsx_date_iso(struct text token, char out[XLSX_DATE_SIZE]);

#endif
