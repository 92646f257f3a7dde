/*
 * A configuration while it is loaded: what the takers of its sections share. Floor 2; private to config/.
 */
#ifndef CONFIG_LOADER_H
#define CONFIG_LOADER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bounds.h"
#include "base/fault.h"
#include "config/config.h"
#include "config/entries.h"
#include "config/place.h"
#include "config/secret.h"

/* What config_free() releases besides the struct itself. */
struct config_memory {
	struct arena arena;
	struct secrets secrets;
};

struct loader {
	struct place place;
	const struct config_options *options;
	struct config *config;
	struct config_memory *memory; /* of config */
	struct entries entries;
	int channel_lines[BOUND_CHANNELS];
};

/* A section fills its part of the configuration; false: see the fault of the place. */
MUST_CHECK bool loader_take_payrun(struct loader *loader, const struct section *section);
MUST_CHECK bool loader_take_channel(struct loader *loader, const struct section *section, struct text name);
MUST_CHECK bool loader_take_profile(struct loader *loader, const struct section *section, struct text name);
/* The journal as --journal or the key names it; relative to folder. line 0: of --journal. */
MUST_CHECK bool loader_take_journal(struct loader *loader, struct text url, const char *folder, int line);

/* folder/path, or path where it is absolute; in the arena. */
char *loader_path(struct loader *loader, const char *folder, const char *path);

/* A key of a section: how its value is checked and kept. target is what the taker of the section passes on. */
struct config_key {
	const char *name;
	/* NULL: known, but this version doesn't enforce it */
	bool (*take)(struct loader *loader, const struct entry *entry, void *target);
};

const struct config_key *loader_key(const struct config_key *keys, struct text name); /* ended by a NULL name */
/* Faults: the value is wrong; the key is known but not enforced; there is no such key (near: the nearest, or NULL). */
bool loader_bad_value(struct loader *loader, const struct entry *entry, const char *expected);
bool loader_not_enforced(struct loader *loader, int line, const char *what);
bool loader_unknown_key(struct loader *loader, const struct entry *entry, const char *near, const char *section);

/* The nearest of some names: lower case, one edit for names of 5 to 7 letters, two from 8, as headers are compared. */
struct nearest {
	struct text name; /* looked for */
	const char *best; /* NULL: none is near */
	size_t edits;
};
void nearest_try(struct nearest *nearest, const char *candidate);

/* A name of channels, limiters and namespaces: 1 to max of A-Z a-z 0-9 . _ - */
bool loader_name_valid(struct text name, size_t max);

#endif
