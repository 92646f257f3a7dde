/*
 * A number of a spreadsheet as decimal text. Floor 2. Pure; no floating point.
 * Spreadsheets keep numbers as doubles and write them with 17 digits: 12.3 stands in the file as 12.300000000000001.
 * What is meant is the number of at most 15 digits that is kept as the same double, as a spreadsheet shows it.
 */
#ifndef FORMATS_XLSX_NUMBER_H
#define FORMATS_XLSX_NUMBER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

/* Adds digits with a mark ('.' or ',') and no zeros at their end, as json_number_plain() does. False, and nothing is
 * added: no number, or none of at most 15 digits is that very double (the result of a calculation). */
bool xlsx_number_plain(struct text token, char mark, struct buf *out);

#endif
