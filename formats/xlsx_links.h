/*
 * The relationships of a part of a workbook: which other parts it names, and what they are. Floor 2. Texts lie in the
 * caller's arena. Links to the outside are left out: nothing is ever fetched.
 */
#ifndef FORMATS_XLSX_LINKS_H
#define FORMATS_XLSX_LINKS_H

#include <stddef.h>

#include "base/arena.h"
#include "formats/xlsx_zip.h"

struct xlsx_link {
	struct xlsx_link *next;
	struct text id;
	const char *kind; /* the last word of its type: "worksheet", "officeDocument" */
	const char *part; /* the name of the part; "" where it leads out of the archive's root */
};

struct xlsx_links {
	struct xlsx_link *first;
	size_t count;
};

/* Reads those of a part ("" for the archive itself); a part that has none is fine. False: the archive's refusal, or
 * the fault. */
MUST_CHECK bool xlsx_links_read(
	struct xlsx_links *links, struct xlsx_zip *zip, const char *part, struct arena *arena, struct fault *fault);
/* The name of the part that has those of a part, in the arena. */
const char *xlsx_links_part(struct arena *arena, const char *part);
/* The first link of a kind; NULL: none. */
const struct xlsx_link *xlsx_links_kind(const struct xlsx_links *links, const char *kind);
const struct xlsx_link *xlsx_links_id(const struct xlsx_links *links, struct text id);

#endif
