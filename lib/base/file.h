/*
 * Files written whole or not at all: a temporary file beside the target, fsync, rename, fsync of the folder; mode 0600.
 * Floor 0. Also the small whole-file read. Nothing here follows a symbolic link of the target: rename replaces it. A
 * target that is a device, a pipe or a socket (/dev/null, /dev/stdout) is written to, never replaced.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"

struct sha256;

/* A file that is being written. Writes are buffered (1 MiB); the first failed one is kept and told by file_commit. */
struct file_out {
	char *path;
	char *temporary; /* NULL for a target that is written to directly */
	int fd;
	int error; /* errno of the first failed write, or 0 */
	struct buf pending;
	struct sha256 *digest; /* the caller's, begun after file_create: gets every byte that is written; or NULL */
};

MUST_CHECK bool file_create(struct file_out *out, const char *path, struct fault *fault);
/* Writes to a descriptor that is open already (standard output) and stays open; name is for messages. */
MUST_CHECK bool file_use(struct file_out *out, int fd, const char *name, struct fault *fault);
void file_write(struct file_out *out, const void *bytes, size_t len);
/* Makes it the file at path. durable: with fsync of file and folder. On failure the old file stands untouched and the
 * temporary one is gone: OUTPUT_FAILED, or DISK_FULL. The file_out is released either way. */
MUST_CHECK bool file_commit(struct file_out *out, bool durable, struct fault *fault);
void file_abandon(struct file_out *out);

/* Writes bytes as the whole file. */
MUST_CHECK bool file_replace(const char *path, struct text bytes, bool durable, struct fault *fault);

/* Reads a whole file of at most max bytes into buf. A missing one is a fault like any other, with errno kept in *error
 * (may be NULL). */
MUST_CHECK bool file_read(const char *path, size_t max, struct buf *buf, int *error, struct fault *fault);

/* Makes a folder and those above it (0700); one that exists is fine. */
MUST_CHECK bool file_make_folder(const char *path, struct fault *fault);

/* folder/name, on the heap; name alone where it is absolute. */
char *file_join(const char *folder, const char *name);
/* The folder part of a path, on the heap: "." where there is none. */
char *file_folder(const char *path);

#endif
