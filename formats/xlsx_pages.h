/*
 * Bytes that are written once, to a scratch file, and then read at any place through a few pages in memory. Floor 2.
 * Pages that follow one another in the file never push each other out.
 */
#ifndef FORMATS_XLSX_PAGES_H
#define FORMATS_XLSX_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/fault.h"
#include "base/scratch.h"

#define XLSX_PAGE_BYTES 16384

struct xlsx_page;

struct xlsx_pages {
	struct scratch scratch;
	struct buf tail; /* bytes that are not in the file yet */
	struct xlsx_page *pages;
	size_t page_count;
};

/* folder: the caller's string. Released by xlsx_pages_release() only. */
void xlsx_pages_init(struct xlsx_pages *pages, const char *folder, size_t page_count);
void xlsx_pages_release(struct xlsx_pages *pages);
MUST_CHECK bool xlsx_pages_add(struct xlsx_pages *pages, const void *bytes, size_t len, struct fault *fault);
/* After the last byte was added, before the first is read. */
MUST_CHECK bool xlsx_pages_end(struct xlsx_pages *pages, struct fault *fault);
int64_t xlsx_pages_size(const struct xlsx_pages *pages);
/* Exactly len bytes, which were added. */
MUST_CHECK bool xlsx_pages_read(struct xlsx_pages *pages, int64_t offset, void *bytes, size_t len, struct fault *fault);

#endif
