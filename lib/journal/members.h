/*
 * The members of a JSON object as text, "name":value,"name":value, sorted by name, merged into another. Floor 2, inside
 * lib/journal only.
 */
#ifndef JOURNAL_MEMBERS_H
#define JOURNAL_MEMBERS_H

#include "base/buf.h"
#include "base/text.h"

struct members {
	struct text text; /* without braces */
	size_t at;        /* the next member that is not written yet */
};

/* Adds the members whose names stand before this one; the one of that very name is left out. NULL: all that are left.
 */
void members_before(struct buf *buf, struct members *members, const char *name);

#endif
