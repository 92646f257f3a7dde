/*
 * The bytes of an input: opened once, hashed while read, the same at the end as at the start. Floor 2.
 * What is no regular file (standard input as "-", a pipe, /dev/fd/N) is spooled to an unlinked 0600 file in TMPDIR, so
 * that every input can be read twice.
 */
#ifndef FORMATS_SOURCE_H
#define FORMATS_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/sha256.h"
#include "base/text.h"

struct source;

/* Missing, unreadable, a directory, a socket or a disk: FAULT_USAGE (exit 2). A signal while a pipe is spooled:
 * FAULT_STOPPED. Reading fails later: FAULT_OPERATION, never taken for the end. FILE_CHANGED: FAULT_REFUSED (exit 3).
 */
struct source *source_open(const char *path, struct fault *fault);
void source_close(struct source *source);

const char *source_name(const struct source *source); /* base name; "-" for standard input */
const char *source_path(const struct source *source);
int64_t source_size(const struct source *source); /* as it was when opened */

/* Reads on: *len bytes into buffer, 0 at the end. Feeds the hash on the first pass. */
MUST_CHECK bool source_read(struct source *source, void *buffer, size_t size, size_t *len, struct fault *fault);
/* The first bytes without moving on, for sniffing; up to size. */
MUST_CHECK bool source_peek(struct source *source, void *buffer, size_t size, size_t *len, struct fault *fault);
/* Up to size bytes at an offset, fewer only at the end, without moving on: for formats that are read here and there.
 * The hash is fed by source_finish() then. */
MUST_CHECK bool source_read_at(
	struct source *source, int64_t offset, void *buffer, size_t size, size_t *len, struct fault *fault);
/* After the first pass: reads what is left, compares size and times with the start (FILE_CHANGED), gives the hash. May
 * be asked again after a second pass. */
MUST_CHECK bool source_finish(struct source *source, uint8_t sha256[SHA256_SIZE], struct fault *fault);
/* Hashes the whole input and goes back to the start: to know whether these bytes were received before. A later
 * source_finish() compares the hash of what was parsed with this one too: FILE_CHANGED. */
MUST_CHECK bool source_hash(struct source *source, uint8_t sha256[SHA256_SIZE], struct fault *fault);
/* Back to the first byte, for a second pass (the error file); the hash is not fed again. */
MUST_CHECK bool source_rewind(struct source *source, struct fault *fault);

#endif
