/*
 * What a channel trusts beyond the system: the system's certificates and those of one more file, put together as one
 * PEM text, once per file. Floor 2. A set owns its bundles; they stay where they are until it is released.
 */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/fault.h"

struct trust {
	char *ca_file;
	struct buf bundle;
	struct trust *next;
};

struct trust_set {
	struct trust *first;
};

/* The bundle for a file of certificates; *found is NULL for a NULL file. system_file: the system's bundle, or NULL. The
 * file is read when it is first asked for: false with a fault when that fails. */
MUST_CHECK bool trust_find(struct trust_set *set, const char *system_file, const char *ca_file,
	const struct trust **found, struct fault *fault);
void trust_set_release(struct trust_set *set);

#endif
