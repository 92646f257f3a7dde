#include "formats/xlsx_pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct xlsx_page {
	int64_t number; /* -1: none */
	char bytes[XLSX_PAGE_BYTES];
};

void xlsx_pages_init(struct xlsx_pages *pages, const char *folder, size_t page_count)
{
	*pages = (struct xlsx_pages){.page_count = page_count};
	scratch_init(&pages->scratch, folder);
}

void xlsx_pages_release(struct xlsx_pages *pages)
{
	scratch_release(&pages->scratch);
	buf_release(&pages->tail);
	free(pages->pages);
	pages->pages = NULL;
}

static bool flush(struct xlsx_pages *pages, struct fault *fault)
{
	bool fine = pages->tail.len == 0 || scratch_append(&pages->scratch, pages->tail.data, pages->tail.len, fault);

	buf_reset(&pages->tail);
	return fine;
}

bool xlsx_pages_add(struct xlsx_pages *pages, const void *bytes, size_t len, struct fault *fault)
{
	buf_add(&pages->tail, bytes, len);
	return pages->tail.len < XLSX_PAGE_BYTES || flush(pages, fault);
}

int64_t xlsx_pages_size(const struct xlsx_pages *pages)
{
	return pages->scratch.size + (int64_t)pages->tail.len;
}

bool xlsx_pages_end(struct xlsx_pages *pages, struct fault *fault)
{
	if (!flush(pages, fault))
		return false;
	buf_release(&pages->tail);
	pages->pages = memory_new(pages->page_count * sizeof(*pages->pages));
	for (size_t i = 0; i < pages->page_count; i++)
		pages->pages[i].number = -1;
	return true;
}

static bool page_of(struct xlsx_pages *pages, int64_t number, const struct xlsx_page **page, struct fault *fault)
{
	struct xlsx_page *place = &pages->pages[(size_t)number % pages->page_count];
	int64_t offset = number * XLSX_PAGE_BYTES;
	int64_t left = pages->scratch.size - offset;

	*page = place;
	if (place->number == number)
		return true;
	place->number = -1;
	if (!scratch_read(&pages->scratch, offset, place->bytes,
		    left < XLSX_PAGE_BYTES ? (size_t)left : (size_t)XLSX_PAGE_BYTES, fault))
		return false;
	place->number = number;
	return true;
}

bool xlsx_pages_read(struct xlsx_pages *pages, int64_t offset, void *bytes, size_t len, struct fault *fault)
{
	char *to = bytes;

	assert(offset >= 0 && offset + (int64_t)len <= pages->scratch.size && pages->pages != NULL);
	while (len > 0) {
		size_t start = (size_t)(offset % XLSX_PAGE_BYTES);
		size_t part = XLSX_PAGE_BYTES - start < len ? XLSX_PAGE_BYTES - start : len;
		const struct xlsx_page *page;

		if (!page_of(pages, offset / XLSX_PAGE_BYTES, &page, fault))
			return false;
		memcpy(to, page->bytes + start, part);
		to += part;
		offset += (int64_t)part;
		len -= part;
	}
	return true;
}
