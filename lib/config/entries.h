/*
 * The lines of payrun.conf as sections and entries, before anything is known about their names. Floor 2.
 * libinih parses, behind a line reader that refuses what libinih would cut or join without a word. The memory of all
 * values is one piece, overwritten when it is released: any of them may be a secret.
 */
#ifndef CONFIG_ENTRIES_H
#define CONFIG_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/text.h"
#include "config/place.h"

struct entry {
	const char *name;
	struct text value; /* never empty, without a comment; ended by a NUL */
	int line;
	bool comment; /* a ; stands behind the value: it may be a comment or a part of a bare secret */
};

struct section {
	const char *title; /* "payrun", "channel circle-main": one blank between the words */
	int line;
	size_t first, count; /* of the entries */
};

struct entries {
	struct section *sections;
	size_t section_count;
	struct entry *entries;
	size_t entry_count;
	char *memory; /* names, titles and values */
	size_t memory_size;
	size_t memory_used;
};

/* Parses the bytes of a whole file. entries_release() either way. */
MUST_CHECK bool entries_parse(struct entries *entries, struct text bytes, const struct place *place);
void entries_release(struct entries *entries);

/* The entry of a section by name; NULL when there is none. */
const struct entry *entries_find(const struct entries *entries, const struct section *section, const char *name);

#endif
