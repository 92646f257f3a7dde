/*
 * The names of members in the elements of a file: which column each leads to, and where it was seen first. Floor 2.
 * There is no header to judge before the rows, so what is wrong with a name is told when all were seen. It owns copies.
 */
#ifndef FORMATS_JSON_NAMES_H
#define FORMATS_JSON_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "formats/header.h"
#include "values/finding.h"

struct json_name {
	struct header_cell cell;
	bool recipient;    /* {"recipient": {"X": ...}}: the names within it lead to columns */
	int64_t row, line; /* where it was first */
};

struct json_names {
	struct arena arena;
	struct json_name items[BOUND_COLUMNS];
	size_t count;
	bool full; /* there were more */
};

/* A name, seen in a row that starts on a line. hint: its place among the members, where it is looked for first. NULL
 * when the table is full and it is not in it. */
const struct json_name *json_names_find(
	struct json_names *names, struct text name, size_t hint, int64_t row, int64_t line);
void json_names_release(struct json_names *names);

/* HEADER_UNKNOWN, HEADER_MEANING, and FIELD_TOO_LONG where there were too many: findings of the file (row 0). */
void json_names_tell(const struct json_names *names, struct findings *findings);

#endif
