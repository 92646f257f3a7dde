/*
 * A number token of JSON as the plain decimal text it stands for. Floor 2. Pure; no floating point.
 */
#ifndef FORMATS_JSON_NUMBER_H
#define FORMATS_JSON_NUMBER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"

#define JSON_NUMBER_DIGITS 15 /* as many survive every program that keeps numbers as doubles (CONTRACT, section 3) */

/* Adds digits with a mark ('.' or ',') and no zeros at their end: 12.50 is 12.5, 1e2 is 100, -3 is -3. False, and
 * nothing is added: no number, more than JSON_NUMBER_DIGITS significant digits, or an exponent beyond any amount. */
bool json_number_plain(struct text token, char mark, struct buf *out);

#endif
