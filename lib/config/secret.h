/*
 * Secrets of the configuration: where each comes from, and their memory, which is overwritten when it is freed.
 * Floor 2. A secret's text never reaches a fault.
 */
#ifndef CONFIG_SECRET_H
#define CONFIG_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"
#include "base/text.h"
#include "config/entries.h"
#include "config/place.h"

#define SECRET_BYTES_MAX ((size_t)64 * 1024)

struct secret;

struct secrets {
	struct secret *first;
	int bare_line;  /* of the first bare secret, 0 when there is none */
	int bare_count; /* secrets that stand in the configuration itself */
};

/*
 * Reads file:PATH (relative to folder; a regular file of the caller or root that nobody else may read), env:NAME,
 * credential:NAME (of systemd), or takes the value itself. A line end behind a file's secret is not a part of it. Empty
 * and unset ones are refused. *secret lives until secrets_free().
 */
MUST_CHECK bool secret_read(struct secrets *secrets, const struct entry *entry, const char *folder,
	const struct place *place, struct text *secret);

/* Overwrites and frees all of them. */
void secrets_free(struct secrets *secrets);

#endif
