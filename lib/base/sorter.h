/*
 * Sorter: any number of small records in order of their key, in bounded memory: sorted runs in a scratch file, merged
 * while they are read. Floor 0. Equal keys keep the order in which they were added. Keys should be digests: others
 * sort as well, only slower.
 */
#ifndef BASE_SORTER_H
#define BASE_SORTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"

struct sorter;

struct record {
	uint64_t key[2]; /* compared as numbers, key[0] first */
	uint64_t value[2];
};

/* folder: of the scratch file, the caller's string; none is made while the records fit into memory (4 MiB). */
struct sorter *sorter_new(const char *folder);
void sorter_free(struct sorter *sorter);
MUST_CHECK bool sorter_add(struct sorter *sorter, const struct record *record, struct fault *fault);
/* Goes to the first record; nothing may be added afterwards. It may be called again to read them once more. */
MUST_CHECK bool sorter_rewind(struct sorter *sorter, struct fault *fault);
/* The next record in order; *found false: there are no more. */
MUST_CHECK bool sorter_next(struct sorter *sorter, struct record *record, bool *found, struct fault *fault);

#endif
