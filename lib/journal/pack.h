/*
 * Pack: a payout's content (values/content.h) as the journal stores it: the names of the canonical columns as numbers
 * and lengths in few bytes, half the size. Floor 2, inside lib/journal only. Unpacking gives the same bytes again,
 * whatever they were. Fields are numbered from 1.
 */
#ifndef JOURNAL_PACK_H
#define JOURNAL_PACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"

/* A value that is looked for among the fields. */
struct pack_search {
	struct text value;
	int64_t field; /* the first that has it; 0: none */
};

/* Adds the packed form of a content ("" gives nothing) and looks for values in it. */
void pack_write(struct buf *buf, struct text content, struct pack_search *searches, size_t count);
/* Adds the content of a packed form; false when it is damaged. */
bool pack_read(struct buf *buf, struct text packed);

/* The value of a field, a slice of packed; false when there is no such field. */
bool pack_field(struct text packed, int64_t number, struct text *value);

#endif
