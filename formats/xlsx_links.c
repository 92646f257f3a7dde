#include "formats/xlsx_links.h"

#include <string.h>

#include "base/bounds.h"
#include "formats/xlsx_xml.h"

/* xl/workbook.xml -> xl/_rels/workbook.xml.rels */
const char *xlsx_links_part(struct arena *arena, const char *part)
{
	const char *slash = strrchr(part, '/');
	size_t folder = slash != NULL ? (size_t)(slash - part) + 1 : 0;
	struct buf name = {0};
	const char *kept;

	buf_add(&name, part, folder);
	buf_addf(&name, "_rels/%s.rels", part + folder);
	kept = text_string(arena, buf_text(&name));
	buf_release(&name);
	return kept;
}

/* A step of a path: "..", "." or a name. False: it leads out of the root. */
static bool take_step(struct buf *path, struct text step)
{
	const char *slash;

	if (text_is(step, ".") || step.len == 0)
		return true;
	if (!text_is(step, "..")) {
		if (path->len > 0)
			buf_addc(path, '/');
		buf_addt(path, step);
		return true;
	}
	if (path->len == 0)
		return false;
	slash = strrchr(path->data, '/');
	path->len = slash != NULL ? (size_t)(slash - path->data) : 0;
	path->data[path->len] = '\0';
	return true;
}

static bool take_steps(struct buf *path, struct text steps)
{
	bool fine = true;

	while (fine && steps.len > 0) {
		const char *slash = memchr(steps.ptr, '/', steps.len);
		size_t len = slash != NULL ? (size_t)(slash - steps.ptr) : steps.len;

		fine = take_step(path, (struct text){steps.ptr, len});
		len += slash != NULL ? 1 : 0;
		steps = (struct text){steps.ptr + len, steps.len - len};
	}
	return fine;
}

/* The part that a target names, seen from a part. */
static const char *resolve(struct arena *arena, const char *from, struct text target)
{
	const char *slash = strrchr(from, '/');
	struct buf path = {0};
	const char *kept = "";
	bool rooted = target.len > 0 && target.ptr[0] == '/';

	if (!rooted && slash != NULL)
		buf_add(&path, from, (size_t)(slash - from));
	if (take_steps(&path, target))
		kept = text_string(arena, buf_text(&path));
	buf_release(&path);
	return kept;
}

static bool take_link(struct xlsx_links *links, const struct xlsx_xml *xml, const char *from, struct arena *arena)
{
	struct text type = xlsx_xml_attribute(xml, "Type");
	struct xlsx_link *link;
	const char *kind;

	if (text_is(xlsx_xml_attribute(xml, "TargetMode"), "External"))
		return true;
	if (links->count++ == BOUND_BOOK_LINKS) {
		refusal_set(&xml->zip->refusal, "FILE_TOO_LARGE", 0, "Check where the file is from.",
			"a part of the workbook names more than %d others", BOUND_BOOK_LINKS);
		return false;
	}
	if (xlsx_links_id(links, xlsx_xml_attribute(xml, "Id")) !=
		NULL) { /* programs would differ in which they take */
		refusal_set(&xml->zip->refusal, "XLSX_SYNTAX", 0, XLSX_CURE_DAMAGED,
			"the workbook is damaged: %s: two of its relationships have one name", from);
		return false;
	}
	link = arena_alloc(arena, sizeof(*link));
	kind = text_string(arena, type);
	link->kind = strrchr(kind, '/') != NULL ? strrchr(kind, '/') + 1 : kind;
	link->id = text_copy(arena, xlsx_xml_attribute(xml, "Id"));
	link->part = resolve(arena, from, xlsx_xml_attribute(xml, "Target"));
	link->next = links->first;
	links->first = link;
	return true;
}

static bool is_link(const struct xlsx_xml *xml)
{
	return xml->depth == 1 && xml->space == XLSX_SPACE_LINKS && strcmp(xml->name, "Relationship") == 0;
}

bool xlsx_links_read(
	struct xlsx_links *links, struct xlsx_zip *zip, const char *part, struct arena *arena, struct fault *fault)
{
	const char *name = xlsx_links_part(arena, part);
	enum xlsx_node node = XLSX_FAILED;
	struct xlsx_xml xml;
	bool fine;

	*links = (struct xlsx_links){0};
	if (xlsx_zip_find(zip, name) < 0)
		return zip->refusal.code == NULL;
	fine = xlsx_xml_open(&xml, zip, name, BOUND_BOOK_PART_BYTES, fault);
	while (fine && (node = xlsx_xml_next(&xml, fault)) != XLSX_DONE)
		fine = node != XLSX_FAILED &&
		       (node != XLSX_START || !is_link(&xml) || take_link(links, &xml, part, arena));
	xlsx_xml_close(&xml);
	return fine;
}

const struct xlsx_link *xlsx_links_kind(const struct xlsx_links *links, const char *kind)
{
	for (const struct xlsx_link *link = links->first; link != NULL; link = link->next)
		if (strcmp(link->kind, kind) == 0)
			return link;
	return NULL;
}

const struct xlsx_link *xlsx_links_id(const struct xlsx_links *links, struct text id)
{
	for (const struct xlsx_link *link = links->first; link != NULL; link = link->next)
		if (text_equal(link->id, id))
			return link;
	return NULL;
}
