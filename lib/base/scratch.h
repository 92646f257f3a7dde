/*
 * Scratch: an unlinked temporary file (0600) for what would grow with the input. Floor 0.
 * The file is made with the first byte; nothing of it is left when the process ends. Offsets and lengths are bytes.
 * Faults are an operation's: DISK_FULL, or no code.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"

struct scratch {
	const char *folder; /* where it goes; the caller's string */
	int fd;             /* -1: not made yet */
	int64_t size;
};

void scratch_init(struct scratch *scratch, const char *folder);
void scratch_release(struct scratch *scratch);
/* Adds at the end. */
MUST_CHECK bool scratch_append(struct scratch *scratch, const void *bytes, size_t len, struct fault *fault);
/* Exactly len bytes that were written before. */
MUST_CHECK bool scratch_read(
	const struct scratch *scratch, int64_t offset, void *bytes, size_t len, struct fault *fault);
/* Over bytes that were written before. */
MUST_CHECK bool scratch_put(
	const struct scratch *scratch, int64_t offset, const void *bytes, size_t len, struct fault *fault);

#endif
