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
#include "formats/source.h"

struct archive_out;

/* folder: of the scratch files; the caller's string. from: the archive to change, which stays the caller's; NULL: a new
 * one. NULL: see fault. */
struct archive_out *archive_out_open(const char *folder, struct source *from, struct fault *fault);

/* Adds an entry, or puts it in the place of another one. place: its number in the old archive; -1: it is new. The bytes
 * are copied; a scratch file is read at archive_out_close() and stays the caller's. */
MUST_CHECK bool archive_out_put(
	struct archive_out *archive, const char *name, zip_int64_t place, struct text bytes, struct fault *fault);
MUST_CHECK bool archive_out_put_scratch(struct archive_out *archive, const char *name, zip_int64_t place,
	const struct scratch *scratch, struct fault *fault);

/* Either ends it. What is left of the old archive goes along as it is. A failed write to the file_out is told by
 * file_commit(). */
MUST_CHECK bool archive_out_close(struct archive_out *archive, struct file_out *out, struct fault *fault);
void archive_out_abandon(struct archive_out *archive);

#endif
