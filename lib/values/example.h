/*
 * The example values of a template, and how they are known again when they are left in. Floor 1. Pure.
 * Nobody is paid at the destination of an example: each is an account, an address or an id that nobody has.
 */
#ifndef VALUES_EXAMPLE_H
#define VALUES_EXAMPLE_H

#include <stdbool.h>

#include "base/text.h"
#include "values/address.h"
#include "values/column.h"

#define EXAMPLE_PREFIX "EXAMPLE-" /* of every example's reference, whatever its case */

bool example_reference(struct text reference);
/* True for a destination that an example has in this column. */
bool example_destination(enum column column, struct text value);

/* What an example has in a column; empty: nothing. Addresses are those of example_address(). */
struct text example_value(enum column column);
struct text example_address(enum address_kind kind);

#endif
