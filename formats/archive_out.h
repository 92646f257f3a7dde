/*
 * A ZIP archive that is written, alone or as another one with some of its entries changed. Floor 2.
 * It grows in scratch files, unlinked and 0600, and goes to a file_out at the end; memory does not grow with it. All
 * entries it adds bear one date, so that the same content gives the same bytes. Names are UTF-8.
 */
#ifndef FORMATS_ARCHIVE_OUT_H
#define FORMATS_ARCHIVE_OUT_H

#include <stdint.h>

#include <zip.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/scratch.h"
#include "base/text.h"

struct archive_out;

/* folder: of the scratch files; the caller's string. from: a descriptor of the archive to change, at any place, that
 * stays the caller's and open; -1: a new one. NULL: see fault. */
struct archive_out *archive_out_open(const char *folder, int from, struct fault *fault);
/* For who reads the entries of the old one, before archive_out_close(). */
zip_t *archive_out_zip(struct archive_out *archive);

/* Adds an entry, or puts it in the place of the one of that name. The bytes are copied; a scratch file is read at
 * archive_out_close() and stays the caller's. */
MUST_CHECK bool archive_out_put(struct archive_out *archive, const char *name, struct text bytes, struct fault *fault);
MUST_CHECK bool archive_out_put_scratch(
	struct archive_out *archive, const char *name, const struct scratch *scratch, struct fault *fault);

/* Either ends it. What is left of the old archive goes along as it is. A failed write to the file_out is told by
 * file_commit(). */
MUST_CHECK bool archive_out_close(struct archive_out *archive, struct file_out *out, struct fault *fault);
void archive_out_abandon(struct archive_out *archive);

#endif
