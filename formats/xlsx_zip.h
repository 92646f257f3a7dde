/*
 * The ZIP archive of a workbook, read where it lies: nothing is unpacked to disk. Floor 2. libzip reads, through the
 * source; memory is that of the directory. What the directory says of a part is checked while the part is inflated, and
 * a part that grows beyond its bounds ends there. A refusal is set in the archive's own.
 */
#ifndef FORMATS_XLSX_ZIP_H
#define FORMATS_XLSX_ZIP_H

#include <stdbool.h>
#include <stdint.h>

#include <zip.h>

#include "base/fault.h"
#include "base/text.h"
#include "formats/refusal.h"
#include "formats/source.h"

struct xlsx_zip {
	struct source *source;
	int64_t size; /* of the archive */
	zip_t *archive;
	struct refusal refusal;

	/* private */
	int64_t position;
	zip_error_t error;
	struct fault fault; /* of the source */
};

struct xlsx_entry {
	zip_file_t *file;
	const char *part; /* the caller's */
	uint64_t size;    /* inflated, as the directory says */
	uint64_t read;
	uint64_t most; /* inflated bytes that are read at most */
};

#define XLSX_CURE_DAMAGED "Open it in a spreadsheet and save it as .xlsx again."

/* False: the source could not be read. What is no archive, or a broken one, is a refusal. The source is the caller's.
 * A struct is released either way. */
MUST_CHECK bool xlsx_zip_open(struct xlsx_zip *zip, struct source *source, struct fault *fault);
void xlsx_zip_close(struct xlsx_zip *zip);

/* The place of a part; -1: there is none. Names of parts differ in more than case, and a name that stands twice is a
 * refusal (and -1): other programs may read the other one. */
zip_int64_t xlsx_zip_find(struct xlsx_zip *zip, const char *part);
/* Is there an entry whose name ends so? */
bool xlsx_zip_has_ending(const struct xlsx_zip *zip, const char *ending);

/* Opens a part, which must be there; part is kept. most: inflated bytes that it may have. False: see the refusal, or
 * where there is none the fault. */
MUST_CHECK bool xlsx_entry_open(
	struct xlsx_entry *entry, struct xlsx_zip *zip, const char *part, uint64_t most, struct fault *fault);
/* Bytes read into buffer, 0 at the end, when all that the directory says of it was found true; -1: see the refusal, or
 * where there is none the archive's fault. */
int xlsx_entry_read(struct xlsx_entry *entry, struct xlsx_zip *zip, char *buffer, int size);
void xlsx_entry_close(struct xlsx_entry *entry);

#endif
